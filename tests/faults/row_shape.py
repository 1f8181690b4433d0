"""Rows with too many or too few cells, and quotes that do not close."""

from __future__ import annotations

from .harness import GENERIC_1, OURS, Expected, Package, Spot, fault


def row_fault(p: Package, spot: Spot, rule: str | tuple[str, ...], column: int = 0) -> Expected:
    """A rule expected at a row, or at a cell of it by number."""
    return Expected(rule, p.file(spot.table, spot.part), p.line(spot.table, spot.row, spot.part), column)


def width(p: Package, spot: Spot) -> int:
    """How many columns a table has."""
    return len(p.layout(spot.table).columns)


@fault("row_shape")
def cell_too_many(p: Package) -> Expected:
    """A row has a cell more than the header."""
    spot = p.spot("reference")
    text = p.text_of_row(spot.table, spot.row)
    p.set_row(spot.table, spot.row, text + p.layout(spot.table).delimiter + "more")
    return row_fault(p, spot, "extra-cell", width(p, spot) + 1)


@fault("row_shape")
def trailing_delimiter(p: Package) -> Expected:
    """A row ends with a delimiter too many."""
    spot = p.spot("reference")
    text = p.text_of_row(spot.table, spot.row)
    p.set_row(spot.table, spot.row, text + p.layout(spot.table).delimiter)
    return row_fault(p, spot, "extra-cell", width(p, spot) + 1)


@fault("row_shape", (OURS, GENERIC_1))
def bare_delimiter_in_text(p: Package) -> Expected:
    """A text holds the delimiter and has no quotes."""
    spot = p.spot("text")
    p.set_raw(spot, "North, South")
    return row_fault(p, spot, "extra-cell", width(p, spot) + 1)


@fault("row_shape")
def cell_too_few(p: Package) -> Expected:
    """A row lacks its last cell."""
    spot = p.spot("reference")
    layout = p.layout(spot.table)
    p.set_row(spot.table, spot.row, layout.join(p.row(spot.table, spot.row)[:-1]))
    return row_fault(p, spot, "missing-cell", width(p, spot))


@fault("row_shape")
def cell_lost_in_the_middle(p: Package) -> Expected:
    """A row lacks a cell in its middle, so that the others have moved."""
    spot = p.spot("reference")
    cells = p.row(spot.table, spot.row)
    del cells[2]
    p.set_row(spot.table, spot.row, p.layout(spot.table).join(cells))
    return row_fault(p, spot, "missing-cell", width(p, spot))


@fault("row_shape")
def row_cut_off(p: Package) -> Expected:
    """The last row is cut off in its middle, as by a broken transfer."""
    spot = p.spot("reference")
    last = p.count(spot.table)
    layout = p.layout(spot.table)
    data = p.raw(p.file(spot.table))
    end = layout.join(p.row(spot.table, last)[2:]) + layout.newline
    p.write(p.file(spot.table), data[: -len(end.encode())])
    return row_fault(p, spot._replace(row=last), "missing-cell", 4)


@fault("row_shape")
def blank_line(p: Package) -> Expected:
    """A line between two rows is blank."""
    spot = p.spot("reference")
    p.insert_row(spot.table, spot.row, "")
    return row_fault(p, spot, "blank-row")


@fault("row_shape")
def delimiters_alone(p: Package) -> Expected:
    """A row holds delimiters and nothing else, as a spreadsheet leaves them behind."""
    spot = p.spot("reference")
    p.insert_row(spot.table, spot.row, p.layout(spot.table).delimiter * (width(p, spot) - 1))
    return row_fault(p, spot, "blank-row")


@fault("row_shape", (OURS, GENERIC_1))
def blank_line_at_the_end(p: Package) -> Expected:
    """A file ends with a blank line."""
    spot = p.spot("reference")
    data = p.raw(p.file(spot.table))
    p.write(p.file(spot.table), data + b"\n")
    return Expected("blank-row", p.file(spot.table), data.count(b"\n") + 1)


@fault("row_shape")
def two_rows_in_one(p: Package) -> Expected:
    """The line end between two rows is lost."""
    spot = p.spot("reference")._replace(row=2)
    layout = p.layout(spot.table)
    two = p.text_of_row(spot.table, 2) + layout.delimiter + p.text_of_row(spot.table, 1)
    p.delete_row(spot.table, 1)
    p.set_row(spot.table, 1, two)
    return row_fault(p, spot._replace(row=1), "extra-cell", width(p, spot) + 1)


@fault("row_shape", (OURS, GENERIC_1))
def unclosed_quote(p: Package) -> Expected:
    """A quote opens a cell and never closes."""
    spot = p.spot("text")
    layout = p.layout(spot.table)
    p.set_raw(spot, layout.quote + p.cell(spot))
    return p.at(spot, "unclosed-quote")


@fault("row_shape", (OURS, GENERIC_1))
def unclosed_quote_in_last_row(p: Package) -> Expected:
    """A quote opens the first cell of the last row and never closes."""
    spot = Spot("actors", 9, "name") if p.name == OURS else Spot("stations", 7, "name")
    p.set_raw(spot, '"' + p.cell(spot))
    return Expected("unclosed-quote", p.file(spot.table), spot.row + 1, 2)


@fault("row_shape", (OURS, GENERIC_1))
def quote_inside_bare_cell(p: Package) -> Expected:
    """A cell without quotes holds one, as of inches."""
    spot = p.spot("text")
    p.set_raw(spot, 'the 5" gun')
    return p.at(spot, "stray-quote")


@fault("row_shape", (OURS, GENERIC_1))
def text_behind_closing_quote(p: Package) -> Expected:
    """Text stands behind the quote that closes a cell."""
    spot = p.spot("text")
    p.set_raw(spot, '"North" Watch')
    return p.at(spot, "stray-quote")


@fault("row_shape", (OURS, GENERIC_1))
def backslash_before_quote(p: Package) -> Expected:
    """A quote within a quoted cell has a backslash in front, as programs of other houses write it."""
    spot = p.spot("text")
    p.set_raw(spot, '"the \\"old\\" watch"')
    return p.at(spot, "stray-quote")


@fault("row_shape", (OURS,))
def line_break_in_cell(p: Package) -> Expected:
    """A quoted cell holds a line break, which house style forbids."""
    spot = p.spot("text")
    p.set_raw(spot, '"Lake\nWatch"')
    return p.at(spot, "newline-in-cell")


@fault("row_shape", (OURS, GENERIC_1))
def marks_of_a_merge(p: Package) -> Expected:
    """The marks of a merge that failed are left in a file."""
    spot = p.spot("reference")
    p.insert_row(spot.table, spot.row, "<<<<<<< HEAD")
    return row_fault(p, spot, "missing-cell", 2)


@fault("row_shape", (OURS, GENERIC_1))
def comment_in_data(p: Package) -> Expected:
    """A line of a file that has no comments is one."""
    spot = p.spot("reference")
    p.insert_row(spot.table, spot.row, "# to be checked")
    return row_fault(p, spot, "missing-cell", 2)


@fault("row_shape")
def other_delimiter_in_one_row(p: Package) -> Expected:
    """One row has another delimiter than the rest."""
    spot = p.spot("reference")
    cells = p.row(spot.table, spot.row)
    other = "|" if p.layout(spot.table).delimiter != "|" else ";"
    p.set_row(spot.table, spot.row, other.join(cells))
    return row_fault(p, spot, "missing-cell", 2)


@fault("row_shape", (GENERIC_1,))
def cell_too_many_in_second_file(p: Package) -> Expected:
    """A row of the second file of a table has a cell too many."""
    spot = p.spot("integer_key")
    p.set_row(spot.table, spot.row, p.text_of_row(spot.table, spot.row, 2) + ",x", 2)
    return row_fault(p, spot, "extra-cell", width(p, spot) + 1)

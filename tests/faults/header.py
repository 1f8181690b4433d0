"""Headers that are not those of the schema."""

from __future__ import annotations

from .harness import GENERIC_1, GENERIC_2, OURS, Expected, Layout, NotHere, Package, Spot, fault

LABEL = ("incorrect-label", "missing-label", "extra-label")


def headed(p: Package) -> tuple[Spot, Layout, list[str]]:
    """A cell of a table that has a header, how the table is written, and its labels."""
    spot = p.spot("enum")
    if p.name == GENERIC_2 and spot.table != "species":
        raise NotHere
    return spot, p.layout(spot.table), p.header(spot.table)


def labelled(p: Package, labels: list[str], rule: str | tuple[str, ...], column: int = 0) -> Expected:
    """Writes the header and expects a rule at a label."""
    spot, _, _ = headed(p)
    p.set_header(spot.table, labels)
    return Expected(rule, p.file(spot.table), 1, column)


@fault("header")
def label_misspelt(p: Package) -> Expected:
    """A label is a letter off."""
    labels = headed(p)[2]
    labels[1] = "nmae"
    return labelled(p, labels, "incorrect-label", 2)


@fault("header")
def label_in_capitals(p: Package) -> Expected:
    """A label begins with a capital."""
    labels = headed(p)[2]
    labels[1] = "Name"
    return labelled(p, labels, "incorrect-label", 2)


@fault("header")
def label_with_space(p: Package) -> Expected:
    """A space stands in front of a label."""
    labels = headed(p)[2]
    labels[1] = " name"
    return labelled(p, labels, "incorrect-label", 2)


@fault("header")
def label_translated(p: Package) -> Expected:
    """A label is of another language."""
    labels = headed(p)[2]
    labels[2] = "Art"
    return labelled(p, labels, "incorrect-label", 3)


@fault("header")
def label_blank(p: Package) -> Expected:
    """A label is empty."""
    labels = headed(p)[2]
    labels[2] = ""
    return labelled(p, labels, "blank-label", 3)


@fault("header")
def label_twice(p: Package) -> Expected:
    """A label stands twice."""
    labels = headed(p)[2]
    labels[2] = labels[1]
    return labelled(p, labels, "duplicate-label", 3)


@fault("header")
def labels_exchanged(p: Package) -> Expected:
    """Two labels have changed places, their columns have not."""
    labels = headed(p)[2]
    labels[1], labels[2] = labels[2], labels[1]
    return labelled(p, labels, "incorrect-label", 2)


@fault("header")
def header_absent(p: Package) -> Expected:
    """The first line is a row."""
    spot, _, _ = headed(p)
    lines = p.raw(p.file(spot.table)).splitlines(keepends=True)
    p.write(p.file(spot.table), b"".join(lines[1:]))
    return Expected(LABEL, p.file(spot.table), 1)


@fault("header")
def header_with_other_delimiter(p: Package) -> Expected:
    """The header has semicolons, the rows have not."""
    spot, _, labels = headed(p)
    p.set_header(spot.table, ";".join(labels))
    return Expected(LABEL, p.file(spot.table), 1)


@fault("header")
def title_above_header(p: Package) -> Expected:
    """A title stands above the header."""
    spot, layout, _ = headed(p)
    p.write(p.file(spot.table), f"Table 1{layout.newline}".encode() + p.raw(p.file(spot.table)))
    return Expected(LABEL, p.file(spot.table), 1)


@fault("header")
def blank_line_above_header(p: Package) -> Expected:
    """A blank line stands above the header."""
    spot, layout, _ = headed(p)
    p.write(p.file(spot.table), layout.newline.encode() + p.raw(p.file(spot.table)))
    return Expected((*LABEL, "blank-header", "blank-label"), p.file(spot.table), 1)


@fault("header")
def column_added(p: Package) -> Expected:
    """A file has a column that the schema does not know."""
    spot, layout, labels = headed(p)
    for row in range(1, p.count(spot.table) + 1):
        p.set_row(spot.table, row, p.text_of_row(spot.table, row) + layout.delimiter)
    return labelled(p, [*labels, "remarks"], "extra-label", len(labels) + 1)


@fault("header")
def column_dropped(p: Package) -> Expected:
    """A file lacks its last column, header and cells."""
    spot, layout, labels = headed(p)
    for row in range(1, p.count(spot.table) + 1):
        p.set_row(spot.table, row, layout.join(p.row(spot.table, row)[:-1]))
    return labelled(p, labels[:-1], "missing-label")


@fault("header")
def index_column_in_front(p: Package) -> Expected:
    """A program has written its row numbers as a first column without a name."""
    spot, layout, labels = headed(p)
    for row in range(1, p.count(spot.table) + 1):
        p.set_row(spot.table, row, f"{row - 1}{layout.delimiter}{p.text_of_row(spot.table, row)}")
    return labelled(p, ["", *labels], "blank-label", 1)


@fault("header")
def columns_in_other_order(p: Package) -> Expected:
    """The columns, header and cells, are in another order."""
    spot, layout, labels = headed(p)
    for row in range(1, p.count(spot.table) + 1):
        first, *rest = p.row(spot.table, row)
        p.set_row(spot.table, row, layout.join([*rest, first]))
    return labelled(p, [*labels[1:], labels[0]], "incorrect-label", 1)


@fault("header", (OURS, GENERIC_1))
def header_quote_unclosed(p: Package) -> Expected:
    """A quote opens in the header and never closes."""
    spot, _, labels = headed(p)
    p.set_header(spot.table, ",".join([labels[0], '"' + labels[1], *labels[2:]]))
    return Expected(("unclosed-quote", "stray-quote"), p.file(spot.table), 1)


@fault("header", (GENERIC_1,))
def other_header_in_second_file(p: Package) -> Expected:
    """The second file of a table has two columns in the other order."""
    labels = p.header("readings", 2)
    labels[2], labels[3] = labels[3], labels[2]
    p.set_header("readings", labels, 2)
    return Expected("incorrect-label", p.file("readings", 2), 1, 3)


@fault("header", (GENERIC_1,))
def no_header_in_second_file(p: Package) -> Expected:
    """The second file of a table has rows alone."""
    lines = p.raw("readings/2022.csv").splitlines(keepends=True)
    p.write("readings/2022.csv", b"".join(lines[1:]))
    return Expected(LABEL, "readings/2022.csv", 1)


@fault("header", (OURS,))
def other_header_in_second_part(p: Package) -> Expected:
    """A second part of a table has a label of its own."""
    header, first = p.raw(p.file("names")).decode().splitlines()[:2]
    text = header.replace("script", "alphabet") + "\n" + first.replace("calder-1", "calder-2") + "\n"
    p.write("data/names/orvessa-story.csv", text.encode())
    return Expected("incorrect-label", "data/names/orvessa-story.csv", 1, 6)


@fault("header", (GENERIC_2,))
def header_where_none_is_declared(p: Package) -> Expected:
    """A file whose dialect says that it has no header has one."""
    layout = p.layout("sightings")
    p.insert_row("sightings", 1, layout.join(layout.columns))
    return Expected(("type-error",), p.file("sightings"), 1, 1)


@fault("header", (GENERIC_2,))
def parquet_column_renamed(p: Package) -> Expected:
    """A column of a Parquet file has another name."""
    p.save_parquet("traps", p.parquet("traps").rename_columns(["trap_id", "species_id", "lit", "height"]))
    return Expected((*LABEL,), "data/traps.parquet", 0, 4)


@fault("header", (GENERIC_2,))
def parquet_column_dropped(p: Package) -> Expected:
    """A Parquet file lacks a column."""
    p.save_parquet("traps", p.parquet("traps").drop_columns(["lit"]))
    return Expected((*LABEL,), "data/traps.parquet", 0)


@fault("header")
def header_alone_lost_its_end(p: Package) -> Expected:
    """The line end behind the header is lost, so that the first row is part of it."""
    spot, layout, labels = headed(p)
    p.set_header(spot.table, layout.join(labels) + layout.delimiter + p.text_of_row(spot.table, 1))
    p.delete_row(spot.table, 1)
    return Expected((*LABEL, "blank-label"), p.file(spot.table), 1)

"""Ways to break a package that a reader of the documentation alone thought of, before any of them was run.

Each expectation is that of `docs/validator.md`, of `docs/descriptor.md`, or of the words on top of a rule in
`schemas/rules/`. Where the documentation leaves the name of the rule open, all that it allows are given.
"""

from __future__ import annotations

import gzip
import json
import unicodedata
from collections.abc import Sequence

from .harness import GENERIC, GENERIC_1, GENERIC_2, OURS, Expected, Package, Spot, fault

LABELS = ("incorrect-label", "missing-label", "extra-label", "unmatched-header")
DESCRIPTOR = "datapackage.json"
FORBIDDEN = "forbidden-character"


def _main(p: Package) -> str:
    """A table of each package that has a header, and text in its column `name`."""
    return {OURS: "names", GENERIC_1: "stations", GENERIC_2: "species"}[p.name]


def _whole(p: Package, table: str, part: int = 1) -> list[list[str]]:
    """The header and all rows of a file, in cells."""
    return [p.header(table, part), *(p.row(table, row, part) for row in range(1, p.count(table, part) + 1))]


def _rewrite(p: Package, table: str, rows: Sequence[Sequence[str]], part: int = 1) -> None:
    """Writes the header and all rows of a file."""
    layout = p.layout(table)
    text = "".join(layout.join(row) + layout.newline for row in rows)
    p.write(p.file(table, part), text.encode())


def _head(p: Package, rule: str | tuple[str, ...], table: str, column: int = 0, part: int = 1) -> Expected:
    """What is expected of a header in line 1."""
    return Expected(rule, p.file(table, part), 1, column)


def _bytes(p: Package, spot: Spot, data: bytes) -> None:
    """Puts bytes behind the text of a cell, whatever they are."""
    p.set(spot, p.cell(spot) + "@@@")
    p.replace(p.file(spot.table, spot.part), b"@@@", data)


# Cells.


@fault("cell")
def excel_serial_day(p: Package) -> Expected:
    """A spreadsheet showed a day and saved the number that it keeps for it."""
    spot = p.spot("date")
    p.set(spot, "43862")
    return p.at(spot, "type-error")


@fault("cell")
def spreadsheet_month_name(p: Package) -> Expected:
    """A spreadsheet made a date into its own short form with the name of a month."""
    spot = p.spot({OURS: "edtf", GENERIC_1: "date", GENERIC_2: "yearmonth"}[p.name])
    p.set(spot, "Jun-19" if p.name == GENERIC_2 else "5-Mar-19")
    return p.at(spot, "type-error")


@fault("cell")
def day_with_midnight(p: Package) -> Expected:
    """A table of days went through a data frame, which wrote each with a midnight behind it."""
    spot = p.spot("date")
    p.set(spot, p.cell(spot) + " 00:00:00")
    return p.at(spot, "type-error")


@fault("cell", (GENERIC_1,))
def year_of_two_digits(p: Package) -> Expected:
    """A clerk wrote the year of a visit with its last two digits."""
    spot = p.spot("formatted_date")
    p.set(spot, "22.07.21")
    return p.at(spot, "type-error")


@fault("cell", (OURS, GENERIC_2))
def clock_of_twelve_hours(p: Package) -> Expected:
    """A machine with American settings wrote AM behind the time."""
    spot = p.spot("time")
    p.set(spot, "09:10:00 AM")
    return p.at(spot, "type-error")


@fault("cell")
def integer_made_float(p: Package) -> Expected:
    """A column of integers with gaps went through a data frame and came back as floats."""
    spot = p.spot("integer")
    p.set(spot, "4000.0" if p.name == OURS else "3.0")
    return p.at(spot, "type-error")


@fault("cell")
def lower_case_nan(p: Package) -> Expected:
    """A script divided nothing by nothing and wrote what it got, a number that is in no range."""
    spot = p.spot("bounded_number")
    p.set(spot, "nan")
    return p.at(spot, ("constraint-error", "type-error") if p.name == OURS else "constraint-error")


@fault("cell")
def not_applicable_in_number(p: Package) -> Expected:
    """Somebody wrote N/A where there was no number, which is none of the missing values."""
    spot = p.spot("number")
    p.set(spot, "N/A")
    return p.at(spot, "type-error")


@fault("cell")
def formula_that_failed(p: Package) -> Expected:
    """A spreadsheet's formula failed, and its error was exported as the number."""
    spot = p.spot("formatted_number" if p.name == GENERIC_1 else "number")
    p.set(spot, "#DIV/0!")
    return p.at(spot, "type-error")


@fault("cell")
def german_truth(p: Package) -> Expected:
    """A German spreadsheet wrote its own word for true."""
    spot = p.spot("boolean")
    p.set(spot, "WAHR")
    return p.at(spot, "type-error")


@fault("cell")
def circa_before_year(p: Package) -> Expected:
    """A curator was not sure of the year and said so inside the cell."""
    spot = (
        Spot("actors", 9, "active_from") if p.name == OURS else p.spot({GENERIC_1: "date", GENERIC_2: "year"}[p.name])
    )
    p.set(spot, "c. " + p.cell(spot)[:4])
    return p.at(spot, "type-error")


@fault("cell", (GENERIC_2,))
def python_in_place_of_json(p: Package) -> Expected:
    """A script wrote its dictionary as it prints it, with single quotes."""
    spot = p.spot("object")
    p.set(spot, "{'wind': 2, 'moon': None}")
    return p.at(spot, "type-error")


@fault("cell", (GENERIC_2,))
def curly_quotes_in_json(p: Package) -> Expected:
    """An object was pasted through a word processor, which made its quotes pretty."""
    spot = p.spot("object")
    p.set(spot, "{“wind”: 2}")
    return p.at(spot, "type-error")


@fault("cell", (GENERIC_2,))
def duration_as_people_say_it(p: Package) -> Expected:
    """The effort was noted as on a watch and not as a duration."""
    spot = p.spot("duration")
    p.set(spot, "1h30")
    return p.at(spot, "type-error")


@fault("cell")
def numbers_that_stand_for_nothing(p: Package) -> Expected:
    """A number of nines stands for a value that nobody has."""
    if p.name == OURS:
        spot = p.of("claims", "orvessa-story-0024", "value")
        p.set(spot, "9999")
        return p.at(spot, "claims__sentinel_number")
    spot = p.spot("bounded_number")
    p.set(spot, "-9999")
    return p.at(spot, "constraint-error")


@fault("cell", (OURS,))
def id_in_exponents(p: Package) -> Expected:
    """A spreadsheet took the id of a gazetteer for a large number and shortened it."""
    spot = Spot("identifiers", 1, "identifier")
    p.set(spot, "9E+08")
    return p.at(spot, "identifiers__malformed")


@fault("cell", (OURS,))
def list_with_commas(p: Package) -> Expected:
    """Items of a list that single spaces separate were written with commas."""
    spot = p.of("claims", "orvessa-story-0006", "covers")
    p.set(spot, "actor_id, role")
    return p.at(spot, "constraint-error")


# Units.


@fault("units")
def number_of_another_unit(p: Package) -> Expected:
    """A measure was typed in the unit of the field book: kilometres, millimetres or metres."""
    if p.name == OURS:
        spot = p.of("locations", "orvessa", "radius_m")
        p.set(spot, "1.5")
        return p.at(spot, "type-error")
    spot = Spot("readings", 4, "level_cm", 2) if p.name == GENERIC_1 else Spot("species", 6, "wingspan_mm")
    p.set(spot, "3010" if p.name == GENERIC_1 else "0.10125")
    return p.at(spot, "constraint-error")


@fault("units")
def unit_inside_the_cell(p: Package) -> Expected:
    """The unit was written behind the number."""
    if p.name == OURS:
        spot, unit = p.of("locations", "orvessa", "radius_m"), " m"
    else:
        spot, unit = p.spot("bounded_number"), " cm" if p.name == GENERIC_1 else " mm"
    p.set(spot, p.cell(spot) + unit)
    return p.at(spot, "type-error")


@fault("units")
def degrees_minutes_seconds(p: Package) -> Expected:
    """A point was copied from a map in degrees, minutes and seconds."""
    spot = p.spot("geopoint" if p.name == GENERIC_2 else "latitude")
    p.set(spot, "52°30′00″N 1°15′00″W" if p.name == GENERIC_2 else "45°00′00″S")
    return p.at(spot, "type-error")


@fault("units", (OURS, GENERIC_1))
def receiver_sentence(p: Package) -> Expected:
    """A latitude was taken from the sentence of a satellite receiver: degrees and minutes as one number."""
    spot = p.spot("latitude")
    p.set(spot, "-4529.55")
    return p.at(spot, "constraint-error")


@fault("units")
def longitude_all_round(p: Package) -> Expected:
    """A longitude comes from a model that counts from 0 to 360."""
    if p.name == GENERIC_2:
        spot = p.spot("geopoint")
        p.set(spot, "358.75, 52.5")
        return p.at(spot, "type-error")
    spot = Spot("stations", 1, "longitude") if p.name == GENERIC_1 else p.spot("longitude")
    p.set(spot, "357.5" if p.name == GENERIC_1 else "330.5075")
    return p.at(spot, "constraint-error")


@fault("units", (OURS,))
def lost_decimal_point(p: Package) -> Expected:
    """A share of 70.0 per cent lost its point and became 700."""
    spot = p.of("claims", "orvessa-story-0032", "value")
    p.set(spot, "700")
    return p.at(spot, "claims__share_above_whole")


@fault("units", (OURS,))
def unit_changed_without_the_number(p: Package) -> Expected:
    """The unit of a distance was changed to nautical miles and the number left."""
    p.set(p.of("figures", "orvessa-calder-distance", "unit"), "nautical_mile")
    return p.at(p.of("claims", "orvessa-story-0027", "value"), "claims__distance_off", severity="warning")


@fault("units", (OURS,))
def unit_shortened(p: Package) -> Expected:
    """A unit was written by its symbol and not by its code."""
    spot = p.of("figures", "orvessa-calder-distance", "unit")
    p.set(spot, "km")
    return p.at(spot, "constraint-error")


@fault("units", (OURS,))
def one_column_sorted_alone(p: Package) -> Expected:
    """A spreadsheet sorted the column of the units and left the others where they were."""
    spots = [Spot("figures", row, "unit") for row in range(1, p.count("figures") + 1)]
    for spot, unit in zip(spots, sorted(p.cell(spot) for spot in spots), strict=True):
        p.set(spot, unit)
    return p.at(spots[0], "figures__unit_of_other_dimension")


@fault("units", (GENERIC_2,))
def heights_in_feet(p: Package) -> Expected:
    """The heights of traps in a Parquet file were given in feet."""
    import pyarrow as pa

    table = p.parquet("traps")
    feet = [None if one is None else one * 3.2808 for one in table.column("height_m").to_pylist()]
    p.save_parquet("traps", table.set_column(3, "height_m", pa.array(feet, pa.float64())))
    return Expected("constraint-error", "data/traps.parquet", 4, 4)


# Unicode.


@fault("unicode")
def narrow_space_between_thousands(p: Package) -> Expected:
    """A program with French settings put a narrow no-break space between the thousands."""
    spot = p.spot("integer")
    p.set(spot, "1\u202f500")
    # docs/validator.md, "The tables of this repository": characters are looked at before types.
    return p.at(spot, FORBIDDEN if p.name == OURS else "type-error")


@fault("unicode")
def arabic_indic_digits(p: Package) -> Expected:
    """A number was typed on an Arabic keyboard."""
    spot = p.spot("integer")
    p.set(spot, "٢٥")
    return p.at(spot, "type-error")


@fault("unicode")
def wide_digits_in_date(p: Package) -> Expected:
    """A year was typed with a Japanese input method, whose digits are wide."""
    spot = p.spot("edtf" if p.name == OURS else "date")
    p.set(spot, "２０１９-03-05")
    return p.at(spot, "type-error")


@fault("unicode")
def printed_minus(p: Package) -> Expected:
    """A number was copied from a printed table, where the minus is a sign of its own."""
    spot = p.spot("geopoint" if p.name == GENERIC_2 else "latitude")
    p.set(spot, p.cell(spot).replace("-", "−"))
    return p.at(spot, "type-error")


@fault("unicode")
def soft_hyphen_in_name(p: Package) -> Expected:
    """A name was copied from a web page that hyphenates it with invisible signs."""
    spot = p.spot("text")
    name = p.cell(spot)
    p.set(spot, name[:3] + "\u00ad" + name[3:])
    # docs/validator.md, "The tables of this repository": what is a warning in packages of others is an error in ours.
    return p.at(spot, FORBIDDEN) if p.name == OURS else p.at(spot, "unseen-character", severity="warning")


@fault("unicode")
def mark_of_direction_left_over(p: Package) -> Expected:
    """A name was copied out of Arabic text together with the mark that turned the line."""
    spot = p.spot("text")
    p.set(spot, p.cell(spot) + "\u200f")
    # docs/validator.md, "The tables of this repository": what is a warning in packages of others is an error in ours.
    return p.at(spot, FORBIDDEN) if p.name == OURS else p.at(spot, "unseen-character", severity="warning")


@fault("unicode")
def zero_width_space_in_reference(p: Package) -> Expected:
    """An id was copied from a chat that puts an invisible space where lines may break."""
    spot = p.spot("reference")
    p.set(spot, p.cell(spot) + "\u200b")
    # docs/validator.md, "The tables of this repository": such a character is told before references are looked at.
    return p.at(spot, FORBIDDEN if p.name == OURS else "foreign-key")


@fault("unicode")
def foreign_letter_in_reference(p: Package) -> Expected:
    """An id was typed on a Cyrillic keyboard, where one of its letters looks the same."""
    spot = p.spot("reference")
    p.set(spot, p.cell(spot).replace("a", "а").replace("C", "С"))
    return p.at(spot, "foreign-key")


@fault("unicode", (GENERIC_2,))
def id_in_two_unicode_forms(p: Package) -> Expected:
    """An id with an accent was typed on two machines, one of which takes letter and accent apart."""
    whole = "saturn-áct"
    for spot in (Spot("species", 5, "species_id"), Spot("species", 6, "parent_id")):
        p.set(spot, unicodedata.normalize("NFC", whole))
    spot = Spot("sightings", 4, "species_id")
    p.set(spot, unicodedata.normalize("NFD", whole))
    return p.at(spot, "foreign-key")


@fault("unicode")
def line_ends_that_are_none(p: Package) -> Expected:
    """A text from a mainframe holds signs that some programs take for line ends; a number is wrong further down."""
    text = p.spot("text") if p.name != OURS else Spot("locations", 1, "name")
    text = text._replace(row=1)
    spot = {OURS: Spot("locations", 4, "radius_m"), GENERIC_1: Spot("stations", 3, "crew")}.get(p.name)
    spot = spot or Spot("species", 6, "wingspan_mm")
    expected = p.at(spot, "type-error")
    p.set(spot, "wide")
    p.set(text, p.cell(text) + "\u0085a\u2028b\u2029c\x0bd\x0ce\x1cf")
    return expected


# Encodings.


@fault("encoding")
def one_row_of_another_encoding(p: Package) -> Expected:
    """A row was pasted in with an old editor, which wrote it in a Windows code page."""
    spot = {OURS: Spot("names", 4, "name"), GENERIC_1: Spot("stations", 3, "name")}.get(p.name)
    spot = spot or Spot("species", 3, "name")
    _bytes(p, spot, "é’".encode("cp1252"))
    return p.at(spot, "encoding-error", column=False)


@fault("encoding")
def sign_in_two_halves(p: Package) -> Expected:
    """A database wrote a pictograph as two surrogates, each in three bytes of its own."""
    spot = p.spot("text")
    _bytes(p, spot, b"\xed\xa0\xbd\xed\xb8\x80")
    return p.at(spot, "encoding-error", column=False)


@fault("encoding", (GENERIC_1,))
def declared_as_latin(p: Package) -> Expected:
    """The descriptor calls a UTF-8 file Latin-1, so that Arabic letters become control characters."""
    descriptor = p.descriptor()
    p.resource(descriptor, "stations")["encoding"] = "iso-8859-1"
    p.save_descriptor(descriptor)
    return p.at(Spot("stations", 5, "name"), "unseen-character", severity="warning")


@fault("encoding", (GENERIC_1,))
def declared_as_ascii(p: Package) -> Expected:
    """The descriptor calls a file ASCII, and one name in it has an accent."""
    descriptor = p.descriptor()
    p.resource(descriptor, "stations")["encoding"] = "us-ascii"
    p.save_descriptor(descriptor)
    return p.at(Spot("stations", 3, "name"), "encoding-error", column=False)


@fault("encoding")
def mark_of_byte_order_twice(p: Package) -> Expected:
    """Two programs, one after the other, put a byte-order mark in front of a file."""
    table = _main(p)
    p.write(p.file(table), b"\xef\xbb\xbf" * 2 + p.raw(p.file(table)))
    return _head(p, ("incorrect-label", "byte-order-mark") if p.name == OURS else "incorrect-label", table)


# The shape of rows.


@fault("row_shape")
def bare_comma_in_name(p: Package) -> Expected:
    """A name with a comma was pasted without quotes, and all cells behind it moved to the right."""
    table = _main(p)
    p.set_raw(Spot(table, 3, "name"), "Lake, north of it")
    return Expected("extra-cell", p.file(table), p.line(table, 3))


@fault("row_shape")
def cells_moved_left(p: Package) -> Expected:
    """An empty cell was deleted, the cells behind it moved to the left, and a comma at the end mends the number."""
    if p.name == OURS:
        p.set_row("locations", 1, "calder,Calder,populated_place,marn,-45,-30,4000,")
        return p.at(Spot("locations", 1, "country"), "constraint-error")
    if p.name == GENERIC_1:
        row = p.row("stations", 2)
        row = [*row[:10], *row[11:], ""]
        p.set_row("stations", 2, p.layout("stations").join(row))
        return p.at(Spot("stations", 2, "contact"), "type-error")
    p.set_row("species", 1, "lasio,Lasiocampidae,family,1841,-,false,")
    return p.at(Spot("species", 1, "rank"), "constraint-error")


@fault("row_shape")
def blank_behind_each_comma(p: Package) -> Expected:
    """A row was typed by hand, with a blank behind each comma as in a sentence."""
    spot = {OURS: Spot("locations", 1, "latitude"), GENERIC_1: Spot("stations", 1, "latitude")}.get(p.name)
    spot = spot or Spot("species", 3, "wingspan_mm")
    p.set_row(spot.table, spot.row, ", ".join(p.row(spot.table, spot.row)))
    # docs/validator.md, "The tables of this repository": spaces about a cell are told before its type is looked at.
    return p.at(spot, "surrounding-space" if p.name == OURS else "type-error")


@fault("row_shape")
def tabs_lost_or_won(p: Package) -> Expected:
    """A table was pasted from a spreadsheet with tabs for its commas, or an editor turned its tabs into blanks."""
    if p.name == GENERIC_2:
        p.write("data/sightings.csv", p.raw("data/sightings.csv").replace(b"\t", b"    "))
        return Expected("missing-cell", "data/sightings.csv", 1)
    table = _main(p)
    p.write(p.file(table), p.raw(p.file(table)).replace(b",", b"\t"))
    return _head(p, LABELS, table)


@fault("row_shape")
def header_once_more(p: Package) -> Expected:
    """Two exports were put behind each other with the header of the second one between them."""
    spot = {OURS: Spot("participants", 5, "participant_id"), GENERIC_1: Spot("readings", 5, "reading_id")}.get(p.name)
    spot = spot or Spot("species", 4, "described")
    p.insert_row(spot.table, spot.row, ",".join(p.header(spot.table)))
    return p.at(spot, "constraint-error" if p.name == OURS else "type-error")


@fault("row_shape")
def sum_below_the_table(p: Package) -> Expected:
    """A spreadsheet had a row of totals below the data."""
    table, text, rule = {
        OURS: ("locations", "Total,,,,,,,5500", "constraint-error"),
        GENERIC_1: ("stations", "Total,,,,,,,14,,,,", "constraint-error"),
        GENERIC_2: ("sightings", "Total" + "\t" * 6 + "25" + "\t" * 3, "type-error"),
    }[p.name]
    p.insert_row(table, p.count(table) + 1, text)
    return p.at(Spot(table, p.count(table), p.layout(table).columns[0]), rule)


@fault("row_shape")
def markers_of_a_merge(p: Package) -> list[Expected]:
    """A conflict of two branches was committed with its markers."""
    table = _main(p)
    row = p.text_of_row(table, 2)
    newline = p.layout(table).newline
    p.set_row(table, 2, newline.join(["<<<<<<< HEAD", row, "=======", row, ">>>>>>> branch"]))
    line = p.line(table, 2)
    return [Expected("missing-cell", p.file(table), line + below) for below in (0, 2, 4)]


@fault("row_shape")
def download_that_broke_off(p: Package) -> Expected:
    """A download ended in the middle of the last row."""
    table, part = {OURS: ("names", 1), GENERIC_1: ("readings", 2), GENERIC_2: ("species", 1)}[p.name]
    file = p.file(table, part)
    line = p.line(table, p.count(table, part), part)
    last = p.text_of_row(table, p.count(table, part), part).encode()
    p.write(file, p.raw(file).rstrip()[: -(len(last) // 2)], digests=False)
    if p.name == GENERIC_2:
        return Expected(("byte-count", "hash-count"), file)
    return Expected("missing-cell", file, line)


@fault("row_shape", (OURS, GENERIC_1))
def download_that_broke_off_in_quotes(p: Package) -> Expected:
    """A download ended inside a quoted cell of the last row."""
    spot = Spot("claim_links", 3, "note") if p.name == OURS else Spot("readings", 5, "tags")
    expected = p.at(spot, "unclosed-quote")
    file = p.file(spot.table)
    data = p.raw(file)
    p.write(file, data[: data.rindex(b'"') - 4])
    return expected


@fault("row_shape")
def old_end_of_file(p: Package) -> Expected:
    """A program from the days of DOS closed the file with a Ctrl-Z."""
    table = _main(p)
    p.write(p.file(table), p.raw(p.file(table)) + b"\x1a")
    rule = ("missing-cell", "unseen-character") if p.name == OURS else "missing-cell"
    return Expected(rule, p.file(table), p.line(table, p.count(table)))


@fault("row_shape", (OURS, GENERIC_1))
def printed_quotes_about_a_cell(p: Package) -> Expected:
    """A word processor turned the quotes about a cell with a comma into printed ones."""
    spot = Spot("links", 2, "note") if p.name == OURS else Spot("stations", 2, "name")
    p.set_raw(spot, "“" + p.cell(spot) + "”")
    return p.at(spot, "extra-cell", column=False)


@fault("row_shape")
def quotes_behind_backslashes(p: Package) -> Expected:
    """A database dump escaped the quotes of a name with backslashes."""
    spot = Spot(_main(p), 4, "name")
    p.set_raw(spot, r'"the \"old\" one"')
    return p.at(spot, "stray-quote")


@fault("row_shape", (OURS, GENERIC_1))
def row_of_another_table(p: Package) -> Expected:
    """A row was pasted into the table beside its own, which has as many columns."""
    if p.name == OURS:
        p.insert_row("participants", 5, p.text_of_row("identifiers", 1))
        return p.at(Spot("participants", 5, "side"), "constraint-error")
    p.insert_row("visits", 7, ";".join(p.row("readings", 3, 2)))
    return p.at(Spot("visits", 7, "reading_id"), "type-error")


# Headers.


@fault("header")
def unseen_space_in_label(p: Package) -> Expected:
    """A label was copied from a web page, with an invisible space behind it."""
    table = _main(p)
    p.set_header(table, [label + "\u200b" if label == "name" else label for label in p.header(table)])
    return _head(p, "incorrect-label", table, p.column(table, "name"))


@fault("header")
def index_of_a_data_frame(p: Package) -> Expected:
    """A data frame was written with its index, a first column without a label."""
    table = _main(p)
    rows = _whole(p, table)
    _rewrite(p, table, [[str(at - 1) if at else "", *row] for at, row in enumerate(rows)])
    return _head(p, "blank-label", table, 1)


@fault("header")
def suffixes_of_a_join(p: Package) -> Expected:
    """A join of two data frames renamed the column that both had and kept it twice."""
    table = _main(p)
    head, *rows = _whole(p, table)
    at = head.index("name")
    joined = [*("name_x" if label == "name" else label for label in head), "name_y"]
    _rewrite(p, table, [joined, *([*row, row[at]] for row in rows)])
    return _head(p, LABELS, table)


@fault("header")
def columns_in_order_of_the_alphabet(p: Package) -> Expected:
    """A tool sorted the columns by their labels, and their cells with them."""
    table = _main(p)
    rows = _whole(p, table)
    order = sorted(range(len(rows[0])), key=lambda at: rows[0][at])
    _rewrite(p, table, [[row[at] for at in order] for row in rows])
    return _head(p, "incorrect-label", table)


@fault("header")
def labels_in_capitals(p: Package) -> Expected:
    """A database that knows capitals alone wrote the labels."""
    table = _main(p)
    p.set_header(table, [label.upper() for label in p.header(table)])
    return _head(p, LABELS, table)


@fault("header", (GENERIC_1,))
def later_part_without_header(p: Package) -> Expected:
    """The second year of a table was exported without the header."""
    rows = _whole(p, "readings", 2)
    _rewrite(p, "readings", rows[1:], 2)
    return _head(p, LABELS, "readings", part=2)


# Keys.


@fault("key", GENERIC)
def id_that_is_equal_with_a_nought(p: Package) -> Expected:
    """A new row got an id that stands already, written with a leading nought."""
    spot = p.spot("integer_key")
    p.set(spot, "05" if p.name == GENERIC_1 else "03")
    return p.at(spot, "primary-key")


@fault("key", (GENERIC_1,))
def same_day_in_another_form(p: Package) -> Expected:
    """A visit was entered a second time, its day without the noughts."""
    spot = Spot("visits", 6, "visited")
    p.set(spot, "5.1.2021")
    return p.at(spot, "unique-error", column=False)


@fault("key")
def initials_that_mean_missing(p: Package) -> Expected:
    """A row got a key, someone's initials or a dash, that is a missing value in this package."""
    spot = Spot("sightings", 4, "sighting_id") if p.name == GENERIC_2 else p.spot("key")
    p.set(spot, "-" if p.name == GENERIC_2 else "NA")
    return p.at(spot, "constraint-error" if p.name == OURS else "primary-key")


@fault("key")
def blank_behind_a_key(p: Package) -> Expected:
    """A key was typed with a blank behind it, so that nothing refers to it any more."""
    if p.name == GENERIC_2:
        p.set(Spot("species", 2, "species_id"), "lasio-mala ")
        return p.at(Spot("species", 3, "parent_id"), "foreign-key")
    spot = p.spot("pattern" if p.name == GENERIC_1 else "key")
    p.set(spot, p.cell(spot) + " ")
    # docs/validator.md, "The tables of this repository": spaces about a cell are told before its form is looked at.
    return p.at(spot, "surrounding-space" if p.name == OURS else "constraint-error")


@fault("key", (OURS,))
def id_of_the_dead(p: Package) -> Expected:
    """A new record got the id of one that was removed."""
    row = p.row("engagements", 3)
    p.insert_row("engagements", 2, p.layout("engagements").join(["fall-of-orvessa", *row[1:]]))
    return p.at(Spot("tombstones", 1, "subject_id"), "tombstones__subject_exists", column=False)


@fault("key", (OURS,))
def claim_pasted_twice(p: Package) -> Expected:
    """A claim was entered a second time under a new number."""
    row = p.row("claims", p.find("claims", "orvessa-story-0027"))
    p.insert_row("claims", p.count("claims") + 1, p.layout("claims").join(["orvessa-story-0048", *row[1:]]))
    return p.at(Spot("claims", p.count("claims"), "claim_id"), "claims__made_twice", column=False)


# References.


@fault("reference")
def dash_that_was_corrected(p: Package) -> Expected:
    """A word processor made the hyphen of an id into a dash."""
    spot = p.spot("reference")
    p.set(spot, p.cell(spot).replace("-", "–"))
    return p.at(spot, "foreign-key")


@fault("reference")
def firm_space_behind_reference(p: Package) -> Expected:
    """An id was copied from a web page with a no-break space behind it."""
    spot = p.spot("reference")
    p.set(spot, p.cell(spot) + "\u00a0")
    # docs/validator.md, "The tables of this repository": such a character is told before references are looked at.
    return p.at(spot, FORBIDDEN if p.name == OURS else "foreign-key")


@fault("reference")
def id_renamed_in_one_table(p: Package) -> list[Expected]:
    """A record got a better id, and what refers to it kept the old one."""
    if p.name == OURS:
        p.set(p.of("actors", "red-banner", "actor_id"), "red-banner-front")
        left = [Spot("participants", 1, "actor_id"), Spot("control", 1, "holder_id")]
    elif p.name == GENERIC_1:
        p.set(Spot("stations", 5, "station_id"), "EF-102")
        left = [Spot("readings", 2, "station_id", 2), Spot("visits", 4, "station_id")]
    else:
        p.set(Spot("species", 5, "species_id"), "saturn-actias")
        left = [Spot("sightings", 4, "species_id"), Spot("species", 6, "parent_id")]
    return [p.at(spot, "foreign-key") for spot in left]


@fault("reference")
def two_ids_in_one_cell(p: Package) -> Expected:
    """A row is about two things, and both ids were written into the one cell."""
    spot = p.spot("reference")
    p.set(spot, p.cell(spot) + " / " + p.cell(spot))
    return p.at(spot, "foreign-key")


@fault("reference", (GENERIC_1,))
def references_made_floats(p: Package) -> Expected:
    """A column of ids with gaps went through a data frame, and each id got a point and a nought."""
    for row in range(1, p.count("visits") + 1):
        spot = Spot("visits", row, "reading_id")
        if p.cell(spot):
            p.set(spot, p.cell(spot) + ".0")
    return p.at(Spot("visits", 1, "reading_id"), "type-error")


@fault("reference", (GENERIC_2,))
def blank_behind_reference_in_parquet(p: Package) -> Expected:
    """A column of fixed width was written to Parquet with the blanks that filled it."""
    import pyarrow as pa

    table = p.parquet("traps")
    padded = [None if one is None else one.ljust(20) for one in table.column("species_id").to_pylist()]
    p.save_parquet("traps", table.set_column(1, "species_id", pa.array(padded, pa.string())))
    return Expected("foreign-key", "data/traps.parquet", 1, 2)


# What only the rules of this repository, or bounds, can know.


@fault("semantics", (OURS, GENERIC_1))
def latitude_for_longitude(p: Package) -> Expected:
    """Somebody copied a point whose longitude stands first, and put it in the other way round."""
    table, row = ("strikes", 1) if p.name == OURS else ("stations", 6)
    spots = Spot(table, row, "latitude"), Spot(table, row, "longitude")
    first, second = (p.cell(spot) for spot in spots)
    p.set(spots[0], second)
    p.set(spots[1], first)
    if p.name == OURS:
        return p.at(spots[0], "strikes__point_far_from_place", severity="warning", column=False)
    return p.at(spots[0], "constraint-error")


@fault("semantics", (OURS,))
def end_a_year_too_early(p: Package) -> Expected:
    """The year of an end was mistyped, so that the event ends before it begins."""
    spot = p.of("engagements", "capture-of-orvessa", "date_end")
    p.set(spot, "2018-03-05")
    return p.at(spot, "engagements__end_before_start")


@fault("semantics", (OURS,))
def published_a_year_too_early(p: Package) -> Expected:
    """The year of a publication was mistyped, so that it quotes what was said later."""
    p.set(p.of("sources", "orvessa-story", "published"), "2018-03-06")
    return p.at(Spot("utterances", 1, "said"), "utterances__said_after_publication")


@fault("semantics", (OURS,))
def day_moved_by_a_time_zone(p: Package) -> Expected:
    """A script turned local midnight into UTC, and the Tuesday became a Monday."""
    spot = p.of("claims", "orvessa-story-0004", "value_text")
    p.set(spot, "2019-03-04")
    return p.at(spot, "claims__weekday_mismatch")


@fault("semantics", (OURS,))
def first_second_of_unix(p: Package) -> Expected:
    """A day that was not known went through a program as a nought and came out as the first of January 1970."""
    spot = p.of("strikes", "register-17", "date_start")
    p.set(spot, "1970-01-01")
    return p.at(spot, "strikes__placeholder_date")


@fault("semantics", (OURS,))
def place_that_was_not_found(p: Package) -> Expected:
    """A geocoder did not know a place and gave 0, 0."""
    spots = p.of("locations", "norhaven", "latitude"), p.of("locations", "norhaven", "longitude")
    for spot in spots:
        p.set(spot, "0")
    return p.at(spots[0], "locations__sentinel_point", column=False)


@fault("semantics", (OURS,))
def half_of_a_point_pasted(p: Package) -> Expected:
    """Of a point that was copied the second half got lost."""
    spot = p.of("strikes", "register-17", "longitude")
    p.set(spot, "")
    return p.at(spot, "strikes__half_a_point")


@fault("semantics", (OURS,))
def side_filled_down(p: Package) -> Expected:
    """A cell was dragged over the one beside it, and both parties stand on one side."""
    p.set(p.of("participants", "capture-of-orvessa-banner", "side"), "side_a")
    return p.at(p.of("engagements", "capture-of-orvessa", "engagement_id"), "engagements__sides_missing", column=False)


@fault("semantics", (OURS,))
def reviewer_filled_down(p: Package) -> Expected:
    """The name of the coder was dragged down over that of a reviewer."""
    spot = p.of("claims", "orvessa-story-0027", "reviewer")
    p.set(spot, "curator-1")
    return p.at(spot, "claims__reviewed_by_coder")


@fault("semantics", (OURS,))
def name_mended_in_one_table(p: Package) -> Expected:
    """A name was respelt in the table of places, and its row in the table of names was not."""
    p.set(p.of("locations", "tessel-bridge", "name"), "Tessel Bridge")
    return p.at(p.of("names", "tessel-bridge-1", "name"), "names__primary_differs")


@fault("semantics", (OURS,))
def found_taken_back_by_half(p: Package) -> Expected:
    """A search was set to not found, and the id that it had found stayed."""
    p.set(p.of("coverage", "capture-of-orvessa-register", "result"), "not_found")
    return p.at(p.of("coverage", "capture-of-orvessa-register", "identifier"), "coverage__identifier_of_nothing")


@fault("semantics", (OURS,))
def strike_called_a_battle(p: Package) -> Expected:
    """The next line of a register was picked from a list, and a strike is said to be the same as a capture."""
    p.set(p.of("links", "raid-same-as-register-17", "related_table"), "engagements")
    p.set(p.of("links", "raid-same-as-register-17", "related_id"), "register-18")
    return p.at(p.of("links", "raid-same-as-register-17", "link_id"), "links__tables_unfit", column=False)


@fault("semantics", (OURS,))
def denial_turned_round(p: Package) -> Expected:
    """A denial was ticked as affirmed, and the rest of the row still denies."""
    spot = p.of("claims", "orvessa-story-0026", "polarity")
    p.set(spot, "affirmed")
    return p.at(spot, "claims__polarity_against_factuality", column=False)


@fault("semantics", (OURS,))
def place_inside_itself(p: Package) -> Expected:
    """A list of places was joined with itself by name, and a town became its own province."""
    spot = p.of("locations", "calder", "parent_id")
    p.set(spot, "calder")
    return p.at(spot, "locations__inside_itself")


@fault("semantics", (OURS,))
def hedge_filled_up(p: Package) -> Expected:
    """The hedge of the line below was dragged up to a claim that has a number."""
    spot = p.of("claims", "orvessa-story-0024", "comparator")
    p.set(spot, "some")
    return p.at(spot, "claims__comparator_and_numbers_disagree", column=False)


@fault("semantics", (OURS,))
def column_renamed_by_search(p: Package) -> Expected:
    """A search and replace over the project renamed a column in the claims and not in the schema."""
    spot = p.of("claims", "orvessa-story-0016", "field")
    p.set(spot, "start_date")
    return p.at(spot, "claims__field_unknown")


# Spans and digests.


@fault("spans", (OURS,))
def offsets_in_bytes(p: Package) -> list[Expected]:
    """A script counted the last offsets of a text in bytes and not in characters."""
    claim = "orvessa-story-0034"
    p.set(p.of("claims", claim, "start_char"), "1064")
    p.set(p.of("claims", claim, "end_char"), "1102")
    line = Spot("ledger", 14, "start_char")
    p.set(line, "1104")
    p.set(line._replace(column="end_char"), "1116")
    return [
        p.at(p.of("claims", claim, "end_char"), "claims__span_outside_text"),
        p.at(line, "ledger__span_outside_text", column=False),
    ]


@fault("spans", (OURS,))
def length_for_end(p: Package) -> Expected:
    """A span was given as its start and its length."""
    spot = p.of("claims", "orvessa-story-0027", "end_char")
    p.set(spot, "18")
    return p.at(spot, "claims__span_reversed")


@fault("spans", (OURS,))
def words_that_were_not_found(p: Package) -> Expected:
    """A script looked for words that were not in the text, and wrote the -1 that it got."""
    spot = p.of("claims", "orvessa-story-0027", "start_char")
    p.set(spot, "-1")
    p.set(spot._replace(column="end_char"), "17")
    return p.at(spot, "constraint-error")


@fault("spans", (OURS,))
def digest_in_capitals(p: Package) -> Expected:
    """A digest was made on Windows, which writes it in capitals."""
    spot = p.of("claims", "orvessa-story-0027", "span_sha256")
    p.set(spot, p.cell(spot).upper())
    return p.at(spot, "constraint-error")


@fault("spans", (OURS,))
def digest_that_lost_a_letter(p: Package) -> Expected:
    """The last letter of a digest was not marked when it was copied."""
    spot = Spot("ledger", 3, "span_sha256")
    p.set(spot, p.cell(spot)[:-1])
    return p.at(spot, "constraint-error")


@fault("spans", (OURS,))
def offsets_without_digest(p: Package) -> Expected:
    """The two offsets of a span were pasted and the digest forgotten."""
    spot = p.of("utterances", "orvessa-story-u1", "span_sha256")
    p.set(spot, "")
    return p.at(spot, "utterances__span_incomplete")


@fault("spans", (OURS,))
def span_after_an_edit_of_the_text(p: Package) -> Expected:
    """The text lost some words above, and the span of a claim now lies across two sentences."""
    spot = p.of("claims", "orvessa-story-0033", "start_char")
    p.set(spot, "938")
    p.set(spot._replace(column="end_char"), "973")
    return p.at(spot, "claims__in_no_ledger_line", column=False)


@fault("spans", (OURS,))
def claim_in_the_line_below(p: Package) -> Expected:
    """The id of a claim was dropped one line too low in the ledger."""
    p.set(Spot("ledger", 6, "claim_ids"), "orvessa-story-0024 orvessa-story-0025 orvessa-story-0041")
    spot = Spot("ledger", 7, "claim_ids")
    p.set(spot, "orvessa-story-0026 orvessa-story-0042")
    return p.at(spot, "ledger__claim_elsewhere")


@fault("spans", (OURS,))
def heading_deleted_from_ledger(p: Package) -> Expected:
    """Somebody deleted the line of a heading from the ledger, since it is no sentence."""
    p.delete_row("ledger", 8)
    return p.at(Spot("ledger", 8, "start_char"), "ledger__gap", severity="warning", column=False)


@fault("spans", (OURS,))
def length_of_the_text_in_bytes(p: Package) -> Expected:
    """The length of a text is the size of its file."""
    p.set(p.of("sources", "orvessa-story", "text_length"), "1116")
    return p.at(Spot("ledger", 14, "end_char"), "ledger__gap", severity="warning", column=False)


@fault("spans", (OURS,))
def span_cut_inside_the_words(p: Package) -> Expected:
    """The mouse let go too early, and a span is shorter than the words that it holds."""
    p.set(p.of("claims", "orvessa-story-0022", "end_char"), "475")
    return p.at(p.of("claims", "orvessa-story-0022", "value_raw"), "claims__raw_longer_than_span")


@fault("spans", (OURS,))
def locator_of_another_habit(p: Package) -> Expected:
    """The row of a dataset was cited in another notation."""
    spot = p.of("claims", "marn-register-0003", "locator")
    p.set(spot, "row 17, column strikes")
    return p.at(spot, "claims__locator_malformed")


# The descriptor.


@fault("descriptor", GENERIC)
def descriptor_with_byte_order_mark(p: Package) -> Expected:
    """An editor put a byte-order mark in front of the descriptor."""
    p.write(DESCRIPTOR, b"\xef\xbb\xbf" + p.raw(DESCRIPTOR))
    return Expected("package-error", DESCRIPTOR, 1)


@fault("descriptor", GENERIC)
def path_twice_after_a_merge(p: Package) -> Expected:
    """A merge kept both versions of a line, and an object of the descriptor has one key twice."""
    path = f'"path": "{p.file(_main(p))}",'
    p.replace(DESCRIPTOR, path, path + "\n" + path.replace(".csv", "-old.csv"))
    return Expected("package-error", DESCRIPTOR)


@fault("descriptor", GENERIC)
def descriptor_of_a_python(p: Package) -> Expected:
    """A script wrote the descriptor as it prints it, with single quotes."""
    p.write(DESCRIPTOR, str(p.descriptor()).encode())
    return Expected("package-error", DESCRIPTOR, 1)


@fault("descriptor", GENERIC)
def resource_listed_twice(p: Package) -> Expected:
    """A resource was copied in the descriptor to become another one and stayed as it was."""
    descriptor = p.descriptor()
    descriptor["resources"].append(p.resource(descriptor, _main(p)))
    p.save_descriptor(descriptor)
    last = len(descriptor["resources"]) - 1
    return Expected(("resource-error", "package-error"), DESCRIPTOR, pointer=f"/resources/{last}/name")


@fault("descriptor", (GENERIC_1,))
def part_listed_twice(p: Package) -> Expected:
    """The file of a year was listed a second time when the next one was added."""
    descriptor = p.descriptor()
    p.resource(descriptor, "readings")["path"].append("readings/2021.csv")
    p.save_descriptor(descriptor)
    return Expected("resource-error", DESCRIPTOR, pointer="/resources/1/path")


def _change_field(p: Package, name: str, change: dict[str, object], pointer: str) -> Expected:
    """Changes a field of the main table of a package; `pointer` is where its fault is, inside the field."""
    table = _main(p)
    at = p.layout(table).columns.index(name)
    if p.name == GENERIC_2:
        schema = json.loads(p.raw("schemas/species.json"))
        schema["fields"][at].update(change)
        p.write("schemas/species.json", json.dumps(schema, indent=2).encode())
        return Expected("field-error", "schemas/species.json", pointer=f"/fields/{at}/{pointer}")
    descriptor = p.descriptor()
    p.field(descriptor, Spot(table, 1, name)).update(change)
    p.save_descriptor(descriptor)
    return Expected("field-error", DESCRIPTOR, pointer=f"/resources/0/schema/fields/{at}/{pointer}")


@fault("descriptor", GENERIC)
def type_of_a_database(p: Package) -> Expected:
    """A field has the type that its column had in the database."""
    return _change_field(p, "name", {"type": "varchar(40)"}, "type")


@fault("descriptor", GENERIC)
def bound_with_decimal_comma(p: Package) -> Expected:
    """A bound was written as a text, with a decimal comma."""
    if p.name == GENERIC_1:
        return _change_field(
            p, "height_m", {"constraints": {"exclusiveMinimum": "0,5"}}, "constraints/exclusiveMinimum"
        )
    return _change_field(p, "wingspan_mm", {"constraints": {"minimum": "2,0", "maximum": 300}}, "constraints/minimum")


@fault("descriptor", GENERIC)
def list_of_codes_as_one_text(p: Package) -> Expected:
    """The allowed values were given as one text with commas."""
    name = "kind" if p.name == GENERIC_1 else "rank"
    codes = "tower,mast,buoy,family,genus,species"
    return _change_field(p, name, {"constraints": {"enum": codes}}, "constraints/enum")


@fault("descriptor", (GENERIC_1,))
def bracket_left_open(p: Package) -> Expected:
    """A bracket in the pattern of a key was never closed."""
    return _change_field(p, "station_id", {"constraints": {"pattern": "[A-Z{2}-[0-9]{3}"}}, "constraints/pattern")


@fault("descriptor", GENERIC)
def table_renamed_and_not_its_references(p: Package) -> Expected:
    """A resource got a better name, and the keys that refer to it kept the old one."""
    descriptor = p.descriptor()
    p.resource(descriptor, _main(p))["name"] = "main"
    p.save_descriptor(descriptor)
    return Expected("schema-error", DESCRIPTOR, pointer="/resources/1/schema/foreignKeys/0/reference/resource")


@fault("descriptor", (GENERIC_1,))
def encoding_of_notepad(p: Package) -> Expected:
    """The encoding was given by the name that an editor shows, which is none."""
    descriptor = p.descriptor()
    p.resource(descriptor, "stations")["encoding"] = "ANSI (western)"
    p.save_descriptor(descriptor)
    return Expected(("resource-error", "encoding-error"), DESCRIPTOR, pointer="/resources/0/encoding")


# Drift: descriptor and data no longer belong together.


@fault("drift", (GENERIC_1,))
def pattern_of_two_digits(p: Package) -> Expected:
    """Somebody tidied the pattern of a date, and its year now has two digits."""
    descriptor = p.descriptor()
    spot = Spot("visits", 1, "visited")
    p.field(descriptor, spot)["format"] = "%d.%m.%y"
    p.save_descriptor(descriptor)
    return p.at(spot, "type-error")


@fault("drift", GENERIC)
def missing_value_forgotten(p: Package) -> Expected:
    """The list of missing values lost one that the files still use."""
    spot = Spot("readings", 5, "level_cm") if p.name == GENERIC_1 else Spot("sightings", 5, "month")
    descriptor = p.descriptor()
    p.resource(descriptor, spot.table)["schema"]["missingValues"] = [""]
    p.save_descriptor(descriptor)
    return p.at(spot, "type-error")


@fault("drift", GENERIC)
def dialect_forgotten(p: Package) -> Expected:
    """A form on the web saved the descriptor without the dialect that it did not know."""
    table = "visits" if p.name == GENERIC_1 else "sightings"
    descriptor = p.descriptor()
    del p.resource(descriptor, table)["dialect"]
    p.save_descriptor(descriptor)
    return _head(p, LABELS if p.name == GENERIC_1 else (*LABELS, "stray-quote"), table)


@fault("drift", GENERIC)
def code_retired_in_the_schema(p: Package) -> Expected:
    """A code was taken out of the schema while a row still has it."""
    spot = Spot("stations", 3, "kind") if p.name == GENERIC_1 else Spot("sightings", 5, "stage")
    descriptor = p.descriptor()
    field = p.field(descriptor, spot)
    (field["constraints"]["enum"] if p.name == GENERIC_1 else field["categories"]).remove(p.cell(spot))
    p.save_descriptor(descriptor)
    return p.at(spot, "constraint-error")


@fault("drift", (GENERIC_1,))
def decimal_comma_forgotten(p: Package) -> Expected:
    """The schema lost what it said of the decimal comma."""
    spot = Spot("visits", 1, "cost")
    descriptor = p.descriptor()
    del p.field(descriptor, spot)["decimalChar"], p.field(descriptor, spot)["groupChar"]
    p.save_descriptor(descriptor)
    return p.at(spot, "type-error")


@fault("drift", GENERIC)
def fields_in_another_order(p: Package) -> Expected:
    """Two fields changed places in the schema, and their columns did not."""
    table, at = ("stations", 3) if p.name == GENERIC_1 else ("sightings", 2)
    descriptor = p.descriptor()
    fields = p.resource(descriptor, table)["schema"]["fields"]
    fields[at], fields[at + 1] = fields[at + 1], fields[at]
    p.save_descriptor(descriptor)
    if p.name == GENERIC_1:
        return _head(p, "incorrect-label", table)
    return Expected("type-error", p.file(table), 1, at + 1)


@fault("drift", GENERIC)
def line_ends_changed_by_git(p: Package) -> Expected:
    """Git changed the line ends of a file at checkout, and its digest is that of the other ones."""
    file = "method.txt" if p.name == GENERIC_1 else "data/species.csv"
    data = p.raw(file)
    changed = data.replace(b"\n", b"\r\n") if p.name == GENERIC_1 else data.replace(b"\r\n", b"\n")
    p.write(file, changed, digests=False)
    return Expected(("byte-count", "hash-count"), file)


@fault("drift")
def column_added_by_the_exporter(p: Package) -> Expected:
    """A newer version of the exporter writes a column that the schema does not know."""
    table, part = ("readings", 2) if p.name == GENERIC_1 else (_main(p), 1)
    head, *rows = _whole(p, table, part)
    _rewrite(p, table, [[*head, "updated_at"], *([*row, "2024-01-01"] for row in rows)], part)
    return _head(p, "extra-label", table, len(head) + 1, part)


@fault("drift", (OURS,))
def schema_that_lost_required(p: Package) -> Expected:
    """A column lost its `required` in the schema, and the descriptor that is made of the schema still has it."""
    path = "schemas/names.yaml"
    old = b"  - use: name\n    constraints: {required: true}\n"
    p.replace(path, old, b"  - use: name\n")
    return Expected(("canonical-form", "package-error", "schema-error"), DESCRIPTOR, severity="warning")


# Paths.


@fault("paths", GENERIC)
def path_in_another_case(p: Package) -> Expected:
    """The path was written on a machine where capitals make no difference."""
    path = {GENERIC_1: "Stations.csv", GENERIC_2: "data/Species.csv"}[p.name]
    return _absent(p, path)


@fault("paths", GENERIC)
def blank_behind_a_path(p: Package) -> Expected:
    """The path was pasted with a blank behind it."""
    expected = _absent(p, p.file(_main(p)) + " ")
    if p.name == GENERIC_2:  # which has no `format`, so that the ending decides, and this one is that of no table
        return Expected("format-error", DESCRIPTOR, pointer="/resources/0/path")
    return expected


@fault("paths", GENERIC)
def path_as_an_address_writes_it(p: Package) -> Expected:
    """The file has a space in its name, and the descriptor writes it as an address does."""
    file = p.root / p.file(_main(p))
    file.rename(file.with_name("main table.csv"))
    return _absent(p, p.file(_main(p)).replace(file.name, "main%20table.csv"))


@fault("paths", GENERIC)
def path_in_another_unicode_form(p: Package) -> Expected:
    """The file was named on a Mac, which took its accent apart, and the descriptor was written elsewhere."""
    file = p.root / p.file(_main(p))
    file.rename(file.with_name(unicodedata.normalize("NFD", "café.csv")))
    return _absent(p, p.file(_main(p)).replace(file.name, unicodedata.normalize("NFC", "café.csv")))


def _absent(p: Package, path: str) -> Expected:
    """Gives the main table a path at which there is nothing."""
    descriptor = p.descriptor()
    p.resource(descriptor, _main(p))["path"] = path
    p.save_descriptor(descriptor)
    return Expected("source-error", path)


# Resources.


@fault("resources")
def page_in_place_of_the_file(p: Package) -> Expected:
    """A download gave the page that asks for a password, and it was saved under the name of the file."""
    table = _main(p)
    page = b"<!DOCTYPE html>\n<html>\n<head><title>Sign in</title></head>\n<body>Please sign in.</body>\n</html>\n"
    p.write(p.file(table), page)
    return _head(p, LABELS, table)


@fault("resources")
def pointer_in_place_of_the_file(p: Package) -> Expected:
    """The file is kept by Git LFS, and only the pointer to it was checked out."""
    table = _main(p)
    digest = "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393"
    p.write(p.file(table), f"version https://git-lfs.github.com/spec/v1\noid sha256:{digest}\nsize 1234\n".encode())
    return _head(p, LABELS, table)


@fault("resources")
def packed_under_the_name_of_the_table(p: Package) -> Expected:
    """A server sent the file packed, and it was saved as it came."""
    table = _main(p)
    p.write(p.file(table), gzip.compress(p.raw(p.file(table)), mtime=0))
    return Expected(("compression-error", "encoding-error", "forbidden-character"), p.file(table), 1)


@fault("resources", (OURS,))
def backup_beside_the_table(p: Package) -> Expected:
    """Somebody kept a copy of a table beside it before an edit."""
    p.write("data/actors/hand_backup.csv", p.raw("data/actors/hand.csv"))
    return Expected("primary-key", "data/actors/hand_backup.csv", 2, 1)


@fault("resources", (GENERIC_1,))
def digest_of_another_text(p: Package) -> Expected:
    """The digest of one file was pasted to another."""
    import hashlib

    descriptor = p.descriptor()
    digest = hashlib.sha256(p.raw("stations.csv")).hexdigest()
    p.resource(descriptor, "method")["hash"] = f"sha256:{digest}"
    p.save_descriptor(descriptor)
    return Expected("hash-count", "method.txt")


@fault("resources", (GENERIC_1,))
def path_of_the_neighbour(p: Package) -> Expected:
    """A resource was copied in the descriptor, and the path of the old one was left in it."""
    descriptor = p.descriptor()
    p.resource(descriptor, "visits")["path"] = "stations.csv"
    p.save_descriptor(descriptor)
    return Expected(LABELS, "stations.csv", 1)


@fault("resources", (GENERIC_2,))
def index_in_the_parquet_file(p: Package) -> Expected:
    """A data frame was written to Parquet with its index, a column that no schema knows."""
    import pyarrow as pa

    table = p.parquet("traps")
    p.save_parquet("traps", table.append_column("__index_level_0__", pa.array(range(table.num_rows), pa.int64())))
    return Expected("extra-label", "data/traps.parquet")


@fault("resources", (GENERIC_2,))
def floats_for_ids_in_parquet(p: Package) -> Expected:
    """A column of integers became one of floats when a data frame was joined and written to Parquet."""
    import pyarrow as pa

    table = p.parquet("traps")
    p.save_parquet("traps", table.set_column(0, "trap_id", table.column("trap_id").cast(pa.float64())))
    return Expected("type-error", "data/traps.parquet", 0, 1)


@fault("resources", (GENERIC_2,))
def parquet_that_broke_off(p: Package) -> Expected:
    """The upload of a Parquet file broke off, and its size and digest were taken afterwards."""
    p.write("data/traps.parquet", p.raw("data/traps.parquet")[:-100])
    return Expected("source-error", "data/traps.parquet")

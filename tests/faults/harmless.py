"""Variations of a package that change nothing of what it says: the validator has to find nothing.

House style binds this repository alone: what `fmt` would mend (order of rows, quoting, line ends, a final line end) is
a warning there, `canonical-form`, and documented; where a variation is allowed to bring it, it says so in `allowed`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Any

from .harness import GENERIC, GENERIC_1, GENERIC_2, OURS, Package, Spot, harmless

STYLE = ("canonical-form",)


def files(p: Package) -> list[tuple[str, int]]:
    """Tables of a package with the number of their parts, the lists in `seeds/` left out."""
    return [
        (name, part)
        for name, layout in p.tables.items()
        for part in range(1, len(layout.paths) + 1)
        if p.name != OURS or layout.paths[0].startswith("data/")
    ]


def rewrite(p: Package, table: str, part: int, change: Callable[[list[str]], list[str]]) -> None:
    """Changes the data rows of a file as texts."""
    old = [p.text_of_row(table, row, part) for row in range(1, p.count(table, part) + 1)]
    for row, text in enumerate(change(list(old)), 1):
        p.set_row(table, row, text, part)


def of_resources(p: Package, change: Callable[[dict[str, Any]], object]) -> None:
    """Changes each resource of the descriptor."""
    descriptor = p.descriptor()
    for resource in descriptor["resources"]:
        change(resource)
    p.save_descriptor(descriptor)


def of_package(p: Package, **properties: Any) -> None:
    """Adds properties to the descriptor."""
    p.save_descriptor({**p.descriptor(), **properties})


def in_cell(p: Package, role: str, text: str) -> None:
    """Writes a cell of a role."""
    p.set(p.spot(role), text)


# Rows.


@harmless(allowed=STYLE)
def rows_reversed(p: Package) -> None:
    """The rows of every file stand in the reverse order."""
    for table, part in files(p):
        rewrite(p, table, part, lambda rows: rows[::-1])


@harmless(allowed=STYLE)
def last_row_first(p: Package) -> None:
    """The last row of every file stands first."""
    for table, part in files(p):
        rewrite(p, table, part, lambda rows: rows[-1:] + rows[:-1])


@harmless(allowed=STYLE)
def two_rows_exchanged(p: Package) -> None:
    """Two rows of one file have changed places."""
    table = p.spot("reference").table
    rewrite(p, table, 1, lambda rows: [rows[1], rows[0], *rows[2:]])


@harmless(GENERIC)
def first_row_alone(p: Package) -> None:
    """A table to which nobody refers has one row."""
    table = p.spot("key").table if p.name == GENERIC_1 else "sightings"
    while p.count(table) > 1:
        p.delete_row(table, 2)


@harmless(GENERIC)
def no_rows(p: Package) -> None:
    """A table to which nobody refers has no rows."""
    table = p.spot("key").table if p.name == GENERIC_1 else "sightings"
    while p.count(table):
        p.delete_row(table, 1)


@harmless((GENERIC_1,))
def second_file_without_rows(p: Package) -> None:
    """The second file of a table has its header alone, and those who referred to its rows do so no more."""
    p.write("readings/2022.csv", p.raw("readings/2022.csv").splitlines(keepends=True)[0])
    for row in (4, 5, 6):
        p.set(Spot("visits", row, "reading_id"), "")


@harmless((OURS,), allowed=STYLE)
def second_part_without_rows(p: Package) -> None:
    """A table has a second part that is a header; `fmt` names it in the descriptor."""
    p.write("data/names/orvessa-story.csv", p.raw("data/names/hand.csv").splitlines(keepends=True)[0])


@harmless((OURS,), allowed=STYLE)
def rows_moved_to_a_second_part(p: Package) -> None:
    """Half of a table's rows stand in a second part; `fmt` names it in the descriptor."""
    header, *rows = p.raw("data/names/hand.csv").splitlines(keepends=True)
    p.write("data/names/hand.csv", b"".join([header, *rows[:6]]))
    p.write("data/names/orvessa-story.csv", b"".join([header, *rows[6:]]))


@harmless((GENERIC_1,))
def rows_moved_between_files(p: Package) -> None:
    """A row stands in the other file of its table."""
    p.insert_row("readings", 1, p.text_of_row("readings", 1), 2)
    p.delete_row("readings", 1)


# How files are written.


@harmless(allowed=STYLE)
def every_cell_quoted(p: Package) -> None:
    """Every cell of every file stands in quotes."""
    for table, part in files(p):
        layout = p.layout(table)
        for row in range(1, p.count(table, part) + 1):
            cells = p.row(table, row, part)
            # An empty cell in quotes is an empty cell.
            text = layout.delimiter.join(
                f"{layout.quote}{c.replace(layout.quote, layout.quote * 2)}{layout.quote}" for c in cells
            )
            p.set_row(table, row, text, part)


@harmless(allowed=STYLE)
def header_quoted(p: Package) -> None:
    """Every label stands in quotes."""
    table = p.spot("enum").table
    layout = p.layout(table)
    p.set_header(table, layout.delimiter.join(f"{layout.quote}{label}{layout.quote}" for label in p.header(table)))


@harmless(allowed=STYLE)
def one_cell_quoted(p: Package) -> None:
    """One cell stands in quotes that it does not need."""
    spot = p.spot("enum")
    p.set_raw(spot, f'"{p.cell(spot)}"')


@harmless(allowed=STYLE)
def checked_out_with_crlf(p: Package) -> None:
    """Every row of every file ends with CRLF, as git checks it out on some systems."""
    for table, part in files(p):
        path = p.file(table, part)
        p.write(path, p.raw(path).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
    if p.name == GENERIC_2:
        of_resources(p, lambda r: r.get("dialect", {}).pop("lineTerminator", None))


@harmless(GENERIC)
def checked_out_with_lf(p: Package) -> None:
    """Every row of every file ends with LF."""
    for table, part in files(p):
        path = p.file(table, part)
        p.write(path, p.raw(path).replace(b"\r\n", b"\n"))


@harmless((GENERIC_1,))
def both_line_ends(p: Package) -> None:
    """Some rows of a file end with CRLF and some with LF."""
    path = p.file("stations")
    first, second, *rest = p.raw(path).split(b"\n")
    p.write(path, b"\r\n".join([first, second, b"\n".join(rest)]))


@harmless(allowed=STYLE)
def no_end_of_last_row(p: Package) -> None:
    """The last row of every file has no line end."""
    for table, part in files(p):
        path = p.file(table, part)
        p.write(path, p.raw(path).rstrip(b"\r\n"))


@harmless((GENERIC_1,))
def more_comments(p: Package) -> None:
    """A file whose dialect has comments has more of them, one with quotes and delimiters in it."""
    p.insert_row("visits", 1, "#")
    p.insert_row("visits", 3, "# moved; 'not yet done; see # above")


@harmless((GENERIC_1,))
def no_comments(p: Package) -> None:
    """A file whose dialect has comments has none."""
    p.write("visits.csv", p.raw("visits.csv").split(b"\n", 1)[1])


@harmless((GENERIC_1,))
def quoted_cell_like_a_comment(p: Package) -> None:
    """A quoted cell begins with the sign of comments."""
    p.set_raw(Spot("visits", 2, "visit_id"), "'# 2'")


@harmless((GENERIC_1,))
def other_delimiter_declared(p: Package) -> None:
    """A file has tabs between its cells, and its dialect says so."""
    layout = p.layout("visits")
    text = p.raw("visits.csv").decode().split("\n", 1)[1]
    rows = [layout.split(line) for line in text.splitlines()]
    p.write("visits.csv", ("\n".join("\t".join(row) for row in rows) + "\n").encode())
    descriptor = p.descriptor()
    p.resource(descriptor, "visits")["dialect"] = {"delimiter": "\t"}
    p.save_descriptor(descriptor)


@harmless((GENERIC_1,))
def latin_1_declared(p: Package) -> None:
    """A file is in latin-1, and its resource says so."""
    descriptor = p.descriptor()
    p.resource(descriptor, "stations")["encoding"] = "iso-8859-1"
    p.save_descriptor(descriptor)
    p.write("stations.csv", p.raw("stations.csv").decode().replace("رأس الريح", "Cap d'été").encode("latin-1"))


@harmless((GENERIC_1,))
def utf_16_declared(p: Package) -> None:
    """A file is in UTF-16 with its mark, and its resource says so."""
    descriptor = p.descriptor()
    p.resource(descriptor, "stations")["encoding"] = "utf-16"
    p.save_descriptor(descriptor)
    p.write("stations.csv", p.raw("stations.csv").decode().encode("utf-16"))


@harmless((GENERIC_1,))
def encoding_in_other_spelling(p: Package) -> None:
    """The name of the encoding is spelt otherwise."""
    of_resources(p, lambda r: r.update(encoding="UTF8") if "schema" in r else None)


@harmless((GENERIC_1,))
def encoding_not_given(p: Package) -> None:
    """No encoding is given, which is UTF-8."""
    of_resources(p, lambda r: r.pop("encoding", None))


@harmless((GENERIC_1,))
def header_row_declared(p: Package) -> None:
    """A dialect says what holds without it."""
    of_resources(
        p,
        lambda r: (
            r.update(dialect={"header": True, "headerRows": [1], "delimiter": ","}) if r["name"] == "stations" else None
        ),
    )


@harmless((GENERIC_1,))
def spaces_behind_delimiters_declared(p: Package) -> None:
    """Spaces stand behind delimiters, and the dialect has them skipped."""
    rewrite(p, "visits", 1, lambda rows: [row.replace(";", "; ") for row in rows])
    p.set_raw(Spot("visits", 2, "inspector"), " 'Hill; Brook'")
    descriptor = p.descriptor()
    p.resource(descriptor, "visits")["dialect"]["skipInitialSpace"] = True
    p.save_descriptor(descriptor)


@harmless((GENERIC_1,))
def null_sequence_declared(p: Package) -> None:
    """A dialect declares a word for what is missing, and a number is it."""
    of_resources(p, lambda r: r.update(dialect={"nullSequence": "none"}) if r["name"] == "stations" else None)
    p.set(p.spot("integer"), "none")


# Cells.


@harmless(GENERIC)
def optional_number_empty(p: Package) -> None:
    """A number that is not required is empty."""
    in_cell(p, "number", "")


@harmless(GENERIC)
def optional_number_missing_by_sign(p: Package) -> None:
    """A number that is not required holds a sign for what is missing."""
    in_cell(p, "number", "NA" if p.name == GENERIC_1 else "-")


@harmless()
def optional_reference_empty(p: Package) -> None:
    """A reference that is not required is empty."""
    in_cell(p, "optional_reference", "")


@harmless((GENERIC_1, GENERIC_2))
def all_optional_cells_of_a_row_empty(p: Package) -> None:
    """All cells of a row that are not required are empty."""
    key, kept = ("readings", (1, 2)) if p.name == GENERIC_1 else ("sightings", (1, 2))
    cells = p.row(key, 2)
    p.set_row(key, 2, p.layout(key).join([cells[0], cells[1], *[""] * (len(cells) - len(kept))]))


@harmless(GENERIC)
def zeros_behind_the_point(p: Package) -> None:
    """A number ends with zeros."""
    in_cell(p, "number", "33.500")


@harmless((OURS, GENERIC_1))
def number_without_fraction(p: Package) -> None:
    """A number that could have a fraction has none."""
    in_cell(p, "latitude", "-45" if p.name == OURS else "-12")


@harmless(GENERIC)
def number_with_exponent(p: Package) -> None:
    """A number is written with an exponent."""
    in_cell(p, "number", "3.35E1")


@harmless(GENERIC)
def number_with_plus(p: Package) -> None:
    """A number has a plus sign."""
    in_cell(p, "number", "+33.5")


@harmless(GENERIC)
def number_without_zero_in_front(p: Package) -> None:
    """A number begins with its point."""
    in_cell(p, "longitude" if p.name == GENERIC_1 else "number", ".5" if p.name == GENERIC_1 else "33.")


@harmless(GENERIC)
def zeros_in_front_of_integer(p: Package) -> None:
    """An integer begins with zeros."""
    in_cell(p, "integer", "007")


@harmless((GENERIC_1,))
def number_at_its_bounds(p: Package) -> None:
    """Numbers are the bounds of their columns, which are allowed."""
    in_cell(p, "latitude", "-90")
    in_cell(p, "longitude", "180")
    in_cell(p, "integer", "50")


@harmless((OURS,))
def radius_at_its_bound(p: Package) -> None:
    """A radius is 0 and another as large as may be."""
    in_cell(p, "integer", "0")
    p.set(p.of("locations", "calder", "radius_m"), "1000000")


@harmless((GENERIC_2,))
def largest_integer(p: Package) -> None:
    """An integer is the largest that 64 bits hold."""
    in_cell(p, "integer", "9223372036854775807")


@harmless((GENERIC_1,))
def small_number(p: Package) -> None:
    """A number is very small."""
    in_cell(p, "longitude", "0.0000001")


@harmless((GENERIC_1,))
def boolean_in_every_form(p: Package) -> None:
    """Truth values are written in every form that the specification allows."""
    for row, text in enumerate(("true", "True", "TRUE", "1", "false", "False", "0"), 1):
        p.set(Spot("stations", row, "automatic"), text)


@harmless((GENERIC_1,))
def date_with_short_day(p: Package) -> None:
    """A date in a declared pattern has a day of one digit, as the pattern allows."""
    in_cell(p, "formatted_date", "2.7.2021")


@harmless(GENERIC)
def leap_day(p: Package) -> None:
    """A date is the 29th of February of a year that has one."""
    in_cell(p, "date", "2000-02-29")


@harmless((GENERIC_1,))
def datetime_with_fraction(p: Package) -> None:
    """A time has a fraction of a second and an offset."""
    in_cell(p, "datetime", "2021-11-30T23:59:59.125+01:00")


@harmless((GENERIC_1,))
def number_without_groups(p: Package) -> None:
    """A number of a column with a thousands mark has none."""
    in_cell(p, "formatted_number", "1250,50")


@harmless((GENERIC_1,))
def text_at_its_longest(p: Package) -> None:
    """A text is as long as its column allows, in letters that take several bytes each."""
    in_cell(p, "long_text", "ö" * 40)


@harmless((GENERIC_1,))
def text_at_its_shortest(p: Package) -> None:
    """A text is as short as its column allows."""
    in_cell(p, "long_text", "Ås")


@harmless((GENERIC_2,))
def json_with_spaces(p: Package) -> None:
    """An object of JSON has spaces and nests."""
    in_cell(p, "object", '{ "wind" : { "from" : [ "n", "ne" ], "force" : 2e0 } }')


@harmless((GENERIC_2,))
def duration_with_months(p: Package) -> None:
    """A duration has every part that it may have."""
    in_cell(p, "duration", "P1Y2M3DT4H5M6.5S")


@harmless((GENERIC_2,))
def point_without_fraction(p: Package) -> None:
    """A point is at the corner of the map."""
    in_cell(p, "geopoint", "-180, 90")


@harmless((GENERIC_2,))
def year_of_five_digits(p: Package) -> None:
    """A year has five digits."""
    in_cell(p, "year", "12019")


@harmless((OURS,))
def dates_less_precise(p: Package) -> None:
    """A date of publication is known to the month."""
    p.set(p.of("sources", "marn-register", "published"), "2020-01~")


@harmless((OURS,))
def note_added(p: Package) -> None:
    """A row has a note."""
    p.set(p.of("claims", "orvessa-story-0001", "note"), "The headline says it without a day.")


@harmless((OURS,))
def description_added(p: Package) -> None:
    """An actor has a description with a comma and quotes."""
    in_cell(p, "empty", 'A group that watches the lake, called "the Watch".')


# Text of every kind.


@harmless()
def name_in_arabic(p: Package) -> None:
    """A description is written from right to left."""
    _text(p, "رأس الريح")


@harmless()
def name_in_hebrew_and_latin(p: Package) -> None:
    """A text has words of both directions."""
    _text(p, "Cape חיפה outer")


@harmless()
def name_in_chinese(p: Package) -> None:
    """A text is Chinese."""
    _text(p, "北角燈塔")


@harmless()
def name_in_devanagari(p: Package) -> None:
    """A text has combining vowels that no composed letter holds."""
    _text(p, "उत्तरी द्वीप")


@harmless()
def composed_letters(p: Package) -> None:
    """A text has accented letters in their composed form."""
    _text(p, "Ångström à Çeşme, Łódź")


@harmless()
def combining_without_composed_form(p: Package) -> None:
    """A letter has a combining mark with which it has no composed form."""
    _text(p, "q\u0304 and x\u0302")


@harmless()
def beyond_the_first_plane(p: Package) -> None:
    """A text has characters beyond the first plane."""
    _text(p, "Signal \U0001f6a8 and \U00010348")


@harmless()
def typographic_quotes(p: Package) -> None:
    """A text has the quotes, dashes and dots of typographers."""
    _text(p, "the ‘old’ “mast” – in short … it’s gone")


@harmless()
def markup(p: Package) -> None:
    """A text has the signs of HTML and Markdown."""
    _text(p, "<b>bold</b> & **strong** [a](b) `code` | x")


@harmless()
def quotes_and_delimiters(p: Package) -> None:
    """A text has quotes and delimiters, and the quotes that it needs."""
    _text(p, "a, b; \"c\"\\d | 'e'")


@harmless()
def sign_inside_text(p: Package) -> None:
    """Signs of formulas stand inside a text."""
    _text(p, "a = b + c @ d - e")


@harmless()
def backslashes(p: Package) -> None:
    """A text has backslashes."""
    _text(p, "C:\\new\\table")


@harmless()
def words_like_nothing(p: Package) -> None:
    """A text is a word that programs take for nothing."""
    _text(p, "null")


@harmless()
def text_like_a_number(p: Package) -> None:
    """A text is digits with zeros in front."""
    _text(p, "00123")


@harmless()
def text_like_a_date(p: Package) -> None:
    """A text is what a spreadsheet takes for a date."""
    _text(p, "SEPT2")


@harmless(GENERIC)
def soft_hyphen_of_others(p: Package) -> None:
    """A soft hyphen stands in a text of other people, where it is common."""
    _text(p, "Fern\u00adRock")


@harmless(GENERIC)
def no_break_space_of_others(p: Package) -> None:
    """A no-break space stands in a text of other people."""
    _text(p, "Fern\u00a0Rock")


@harmless(GENERIC)
def spaces_around_text_of_others(p: Package) -> None:
    """Spaces stand about a text of other people."""
    _text(p, " Fern Rock ")


@harmless(GENERIC)
def decomposed_letters_of_others(p: Package) -> None:
    """An accented letter is two characters in a text of other people."""
    _text(p, "Fe\u0300rn")


@harmless((GENERIC_1,))
def text_with_minus_in_front(p: Package) -> None:
    """A text of other people begins with a dash."""
    in_cell(p, "optional_text", "- as before")


@harmless((GENERIC_1,))
def line_break_in_text(p: Package) -> None:
    """A quoted text of other people has line breaks."""
    in_cell(p, "optional_text", "first\nsecond\n\nfourth")


@harmless((GENERIC_1,))
def long_text(p: Package) -> None:
    """A text is 200 kB long, which other people's may be."""
    in_cell(p, "optional_text", "levels and winds " * 12_000)


@harmless((OURS,))
def long_text_here(p: Package) -> None:
    """A description is 9 kB long."""
    in_cell(p, "empty", ("levels and winds " * 530).strip())


@harmless((OURS,))
def number_with_minus_as_text(p: Package) -> None:
    """A text is a negative number, which is no formula."""
    in_cell(p, "empty", "-12.5")


def _text(p: Package, text: str) -> None:
    """Writes a text into a cell where any text may be."""
    role = {OURS: "empty", GENERIC_1: "optional_text", GENERIC_2: "text"}[p.name]
    in_cell(p, role, text)


# The descriptor.


@harmless()
def descriptor_in_one_line(p: Package) -> None:
    """The descriptor stands in one line."""
    p.write("datapackage.json", json.dumps(p.descriptor(), separators=(",", ":")).encode())


@harmless()
def descriptor_with_crlf(p: Package) -> None:
    """The lines of the descriptor end with CRLF and are indented with tabs."""
    p.write("datapackage.json", json.dumps(p.descriptor(), indent="\t").replace("\n", "\r\n").encode())


@harmless()
def descriptor_with_escapes(p: Package) -> None:
    """The descriptor has escapes in the place of letters beyond ASCII."""
    p.write("datapackage.json", json.dumps(p.descriptor(), ensure_ascii=True, indent=1).encode())


def _sorted(value: Any, reverse: bool) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(value[key], reverse) for key in sorted(value, reverse=reverse)}
    return [_sorted(item, reverse) for item in value] if isinstance(value, list) else value


@harmless()
def keys_sorted(p: Package) -> None:
    """The keys of every object of the descriptor are sorted."""
    p.save_descriptor(_sorted(p.descriptor(), False))


@harmless()
def keys_in_reverse(p: Package) -> None:
    """The keys of every object of the descriptor are sorted backwards."""
    p.save_descriptor(_sorted(p.descriptor(), True))


@harmless(GENERIC)
def resources_in_reverse(p: Package) -> None:
    """The resources stand in the reverse order."""
    descriptor = p.descriptor()
    descriptor["resources"].reverse()
    p.save_descriptor(descriptor)


@harmless((OURS,), allowed=STYLE)
def resources_in_reverse_here(p: Package) -> None:
    """The resources of our descriptor stand in the reverse order; `fmt` writes them in its own."""
    resources_in_reverse(p)


@harmless(GENERIC)
def custom_properties(p: Package) -> None:
    """Package, resources, schemas and fields have properties of their owner's."""

    def change(resource: dict[str, Any]) -> None:
        resource["x-office"] = {"room": 12}
        if isinstance(resource.get("schema"), dict):
            resource["schema"]["_note"] = ["kept", None, True]
            for field in resource["schema"]["fields"]:
                field["unit:code"] = "cm"
                field.setdefault("constraints", {})

    of_resources(p, change)
    of_package(p, **{"office": {"desk": None}, "": 1.5})


@harmless(GENERIC)
def titles_and_descriptions(p: Package) -> None:
    """Everything has a title and a description, some of them in other scripts."""

    def change(resource: dict[str, Any]) -> None:
        resource |= {"title": "Table « 表 »", "description": "Two\n\nparagraphs, *marked up*."}
        if isinstance(resource.get("schema"), dict):
            for field in resource["schema"]["fields"]:
                field |= {"title": "عنوان", "description": "", "example": "x", "rdfType": "https://schema.org/name"}

    of_resources(p, change)


@harmless(GENERIC)
def people_and_sources(p: Package) -> None:
    """The package says who made it, from what, and when."""
    of_package(
        p,
        created="2023-05-04T10:11:12Z",
        homepage="https://tides.example/",
        keywords=["tide", "Gezeiten"],
        sources=[{"title": "Log books", "path": "https://tides.example/logs"}],
        contributors=[{"title": "A. Lane", "email": "a.lane@tides.example"}],
        licenses=[{"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/", "title": "CC BY 4.0"}],
    )


@harmless(GENERIC)
def other_names_of_resources(p: Package) -> None:
    """A resource that nobody refers to has another name."""
    of_resources(p, lambda r: r.update(name="visits_2") if r["name"] in ("visits", "sightings") else None)


@harmless(GENERIC)
def file_name_with_spaces(p: Package) -> None:
    """A file has a name with spaces, brackets and letters beyond ASCII."""
    _moved(p, "Tide gauges (été) [1] 表.csv")


@harmless(GENERIC)
def file_in_deep_folder(p: Package) -> None:
    """A file lies in a folder of a folder of a folder."""
    _moved(p, "a/b.c/d-e/table.csv")


@harmless(GENERIC)
def file_with_long_name(p: Package) -> None:
    """A file has a name of 200 characters."""
    _moved(p, "t" * 196 + ".csv")


@harmless(GENERIC)
def file_name_with_two_dots_inside(p: Package) -> None:
    """A file has two dots and a tilde in its name."""
    _moved(p, "table..v1~2.csv")


def _moved(p: Package, path: str) -> None:
    table = "visits" if p.name == GENERIC_1 else "sightings"
    (p.root / path).parent.mkdir(parents=True, exist_ok=True)
    p.table(table).rename(p.root / path)
    of_resources(p, lambda r: r.update(path=path) if r["name"] == table else None)


@harmless(GENERIC)
def path_in_a_list(p: Package) -> None:
    """The one path of a resource stands in a list."""
    of_resources(p, lambda r: r.update(path=[r["path"]]) if isinstance(r["path"], str) and "schema" in r else None)


@harmless(GENERIC)
def files_that_nobody_names(p: Package) -> None:
    """The folder holds files that the descriptor does not name, one of them no text, and a link."""
    p.write("notes/old.csv", b"a,b\n1\n", digests=False)
    p.write(".cache/x", bytes(range(256)), digests=False)
    p.write("README.md", b"# Tides\n", digests=False)
    (p.root / "latest").symlink_to("notes")


@harmless((OURS,))
def readme_beside_data(p: Package) -> None:
    """Folders of tables hold what a README or a file browser puts there."""
    p.write("data/README.md", b"# Tables\n")
    p.write("data/names/.DS_Store", b"\0\1")
    p.write("data/strikes/.gitkeep", b"")


@harmless((OURS,))
def notes_in_seeds(p: Package) -> None:
    """The folder of a source holds notes beside its lists."""
    p.write("seeds/orvessa-story/notes.md", b"# Notes\n")


@harmless()
def times_of_files(p: Package) -> None:
    """Every file is of the year 2001, and read-only."""
    for path in p.root.rglob("*"):
        if path.is_file():
            os.utime(path, (1_000_000_000, 1_000_000_000))
            path.chmod(0o444)


@harmless((GENERIC_1,))
def hash_under_other_names(p: Package) -> None:
    """Digests are by other algorithms, one in capitals."""
    import hashlib

    data = p.raw("method.txt")
    of_resources(p, lambda r: r.update(hash="sha512:" + hashlib.sha512(data).hexdigest()) if "hash" in r else None)


@harmless(GENERIC)
def no_hash(p: Package) -> None:
    """No resource has a size or a digest."""

    def change(resource: dict[str, Any]) -> None:
        resource.pop("hash", None)
        resource.pop("bytes", None)

    of_resources(p, change)


@harmless((GENERIC_1,))
def keys_as_single_strings(p: Package) -> None:
    """Of a package without a version, keys are single strings, as version 1 wrote them."""
    descriptor = p.descriptor()
    del descriptor["$schema"]
    for resource in descriptor["resources"]:
        schema = resource.get("schema", {})
        if "primaryKey" in schema:
            schema["primaryKey"] = schema["primaryKey"][0]
        for key in schema.get("foreignKeys", []):
            key["fields"] = key["fields"][0]
            key["reference"]["fields"] = key["reference"]["fields"][0]
    p.save_descriptor(descriptor)


@harmless((GENERIC_1,))
def fields_matched_by_name(p: Package) -> None:
    """The columns stand in another order, and the schema has them matched by name."""
    descriptor = p.descriptor()
    p.resource(descriptor, "visits")["schema"]["fieldsMatch"] = "equal"
    p.save_descriptor(descriptor)
    layout = p.layout("visits")
    for row in range(1, p.count("visits") + 1):
        first, *rest = p.row("visits", row)
        p.set_row("visits", row, layout.join([*rest, first]))
    labels = p.header("visits")
    p.set_header("visits", [*labels[1:], labels[0]])


@harmless((GENERIC_1,))
def more_columns_than_fields(p: Package) -> None:
    """A file has a column more, and the schema says that there may be others."""
    descriptor = p.descriptor()
    p.resource(descriptor, "visits")["schema"]["fieldsMatch"] = "subset"
    p.save_descriptor(descriptor)
    rewrite(p, "visits", 1, lambda rows: [row + ";more" for row in rows])
    p.set_header("visits", [*p.header("visits"), "added"])


@harmless((GENERIC_1,))
def missing_values_with_labels(p: Package) -> None:
    """The missing values have labels."""
    values = [{"value": "", "label": "not asked"}, {"value": "NA", "label": "not known"}]
    of_resources(p, lambda r: r["schema"].update(missingValues=values) if "schema" in r else None)


@harmless((GENERIC_1,))
def categories_with_labels(p: Package) -> None:
    """A field has categories with labels, in an order."""
    descriptor = p.descriptor()
    field = p.field(descriptor, p.spot("integer_enum"))
    field["categories"] = [{"value": n, "label": word} for n, word in ((1, "good"), (2, "fair"), (3, "poor"))]
    field["categoriesOrdered"] = True
    p.save_descriptor(descriptor)


@harmless((GENERIC_1,))
def bounds_as_text(p: Package) -> None:
    """The bounds of a number are given as text."""
    descriptor = p.descriptor()
    p.field(descriptor, p.spot("bounded_number"))["constraints"] = {"minimum": "-1000", "maximum": "2e3"}
    p.save_descriptor(descriptor)


@harmless((GENERIC_1,))
def type_not_given(p: Package) -> None:
    """A field has no type, which is any."""
    descriptor = p.descriptor()
    del p.field(descriptor, p.spot("last_column"))["type"]
    p.save_descriptor(descriptor)


@harmless((GENERIC_1,))
def table_without_schema(p: Package) -> None:
    """A table that nobody refers to has no schema."""
    descriptor = p.descriptor()
    resource = p.resource(descriptor, "visits")
    del resource["schema"]
    p.save_descriptor(descriptor)


@harmless((GENERIC_1,))
def schema_in_a_file(p: Package) -> None:
    """A schema and a dialect stand in files of their own."""
    descriptor = p.descriptor()
    resource = p.resource(descriptor, "visits")
    for name in ("schema", "dialect"):
        p.write(f"parts/visits {name}.json", json.dumps(resource[name]).encode(), digests=False)
        resource[name] = f"parts/visits {name}.json"
    p.save_descriptor(descriptor)


@harmless((GENERIC_2,))
def self_reference_by_name(p: Package) -> None:
    """A table refers to itself by its own name."""
    p.replace("schemas/species.json", '"resource": ""', '"resource": "species"')


@harmless((GENERIC_2,))
def parquet_with_other_types(p: Package) -> None:
    """A Parquet file has narrower types, and its columns in dictionaries."""
    import pyarrow as pa

    table = p.parquet("traps")
    narrow = pa.schema(
        [("trap_id", pa.int16()), ("species_id", pa.large_string()), ("lit", pa.bool_()), ("height_m", pa.float32())]
    )
    p.save_parquet("traps", table.cast(narrow))


@harmless((GENERIC_2,))
def parquet_rows_reversed(p: Package) -> None:
    """The rows of a Parquet file stand in the reverse order."""
    p.save_parquet("traps", p.parquet("traps").take([3, 2, 1, 0]))


@harmless((GENERIC_2,))
def parquet_without_rows(p: Package) -> None:
    """A Parquet file has no rows."""
    p.save_parquet("traps", p.parquet("traps").slice(0, 0))


@harmless((GENERIC_2,))
def parquet_for_a_table_of_text(p: Package) -> None:
    """The Parquet file has a part of its text as numbers' text, which is read in the forms of the types."""
    import pyarrow as pa

    text = pa.array(["1.5", "2", None, "12.25"])
    p.save_parquet("traps", p.parquet("traps").set_column(3, "height_m", text))


@harmless((GENERIC_2,))
def self_reference_to_own_row(p: Package) -> None:
    """A row is its own parent."""
    p.set(Spot("species", 1, "parent_id"), "lasio")


@harmless((GENERIC_2,))
def children_before_parents(p: Package) -> None:
    """Rows stand before those to which they refer."""
    rewrite(p, "species", 1, lambda rows: sorted(rows, reverse=True))


@harmless((OURS,))
def code_and_comment_added(p: Package) -> None:
    """A schema has a comment more."""
    p.write("schemas/tombstones.yaml", b"# Checked.\n" + p.raw("schemas/tombstones.yaml"))


@harmless((OURS,))
def new_tombstone(p: Package) -> None:
    """A record that was removed gets its tombstone, at its place."""
    p.insert_row("tombstones", 1, "battle-of-calder,engagements,battle-of-calder,0.1.0,error,")

"""Cells that are no value of their type, or break a constraint; and missing ones."""

from __future__ import annotations

from .harness import GENERIC, GENERIC_1, GENERIC_2, OURS, Expected, Package, fault

TYPE, CONSTRAINT = "type-error", "constraint-error"
SPACE = (TYPE, CONSTRAINT, "surrounding-space")
"""A space about a value: of a house rule here, of the type elsewhere."""


def put(p: Package, role: str, text: str, rule: str | tuple[str, ...]) -> Expected:
    """Writes a cell of a role, and expects a rule at it."""
    spot = p.spot(role)
    p.set(spot, text)
    return p.at(spot, rule)


@fault("cell")
def decimal_comma(p: Package) -> Expected:
    """A number has a decimal comma."""
    return put(p, "number", "44,5", TYPE)


@fault("cell")
def word_for_number(p: Package) -> Expected:
    """Words stand in the place of a number."""
    return put(p, "number", "about 30", TYPE)


@fault("cell")
def two_decimal_points(p: Package) -> Expected:
    """A number has two decimal points."""
    return put(p, "number", "1.2.3", TYPE)


@fault("cell")
def typographic_minus(p: Package) -> Expected:
    """A number is negative by the sign of typographers, U+2212."""
    return put(p, "number", "\u221230", TYPE)


@fault("cell")
def infinite_number(p: Package) -> Expected:
    """A number is too large for any float."""
    return put(p, "number", "1e999", TYPE)


@fault("cell")
def range_for_number(p: Package) -> Expected:
    """A range stands in the place of a number."""
    return put(p, "number", "30-40", TYPE)


@fault("cell", (OURS,))
def not_a_number(p: Package) -> Expected:
    """A number is NaN."""
    return put(p, "number", "NaN", TYPE)


@fault("cell", (OURS,))
def needless_zeros(p: Package) -> Expected:
    """A number ends with zeros, which our one form of numbers does not have."""
    return put(p, "number", "-29.49250", TYPE)


@fault("cell")
def percent_sign(p: Package) -> Expected:
    """A number has a per cent sign."""
    return put(p, "number", "30%", TYPE)


@fault("cell")
def fraction_in_integer(p: Package) -> Expected:
    """An integer has a fraction."""
    return put(p, "integer", "2.5", TYPE)


@fault("cell")
def float_in_integer(p: Package) -> Expected:
    """A program has written an integer as a float, because the column had gaps."""
    return put(p, "integer", "2.0", TYPE)


@fault("cell")
def exponent_in_integer(p: Package) -> Expected:
    """An integer is written with an exponent."""
    return put(p, "integer", "1e1", TYPE)


@fault("cell")
def grouped_integer(p: Package) -> Expected:
    """An integer has commas between thousands, which its column does not declare."""
    return put(p, "integer", "1,200", TYPE)


@fault("cell")
def integer_with_underscore(p: Package) -> Expected:
    """An integer is written as in Python's source."""
    return put(p, "integer", "1_0", TYPE)


@fault("cell")
def hexadecimal_integer(p: Package) -> Expected:
    """An integer is hexadecimal."""
    return put(p, "integer", "0x10", TYPE)


@fault("cell")
def arabic_digits(p: Package) -> Expected:
    """An integer is in Arabic-Indic digits."""
    return put(p, "integer", "\u0663", TYPE)


@fault("cell")
def huge_integer(p: Package) -> Expected:
    """An integer is beyond 64 bits."""
    return put(p, "integer", "9223372036854775808", TYPE)


@fault("cell")
def spaced_integer(p: Package) -> Expected:
    """Spaces stand about an integer."""
    return put(p, "integer", " 7 ", SPACE)


@fault("cell")
def unit_in_integer(p: Package) -> Expected:
    """An integer is followed by its unit."""
    return put(p, "integer", "7 km", TYPE)


@fault("cell")
def question_mark(p: Package) -> Expected:
    """A question mark says that an integer is not known."""
    return put(p, "integer", "?", TYPE)


@fault("cell")
def null_word(p: Package) -> Expected:
    """A number is the word that another program writes for what is missing."""
    return put(p, "number", "NULL", TYPE)


@fault("cell")
def day_that_is_none(p: Package) -> Expected:
    """A date is the 30th of February."""
    return put(p, "date", "2019-02-30", TYPE)


@fault("cell")
def leap_day_of_common_year(p: Package) -> Expected:
    """A date is the 29th of February of a year that has none."""
    return put(p, "date", "1900-02-29", TYPE)


@fault("cell")
def month_thirteen(p: Package) -> Expected:
    """Day and month of a date have changed places."""
    return put(p, "date", "2019-31-03", TYPE)


@fault("cell")
def slashed_date(p: Package) -> Expected:
    """A spreadsheet has written a date with slashes."""
    return put(p, "date", "3/5/2019", TYPE)


@fault("cell")
def day_first_date(p: Package) -> Expected:
    """A date begins with its day."""
    return put(p, "date", "05-03-2019", TYPE)


@fault("cell")
def short_date(p: Package) -> Expected:
    """A date lacks its leading zeros."""
    return put(p, "date", "2019-3-5", TYPE)


@fault("cell")
def compact_date(p: Package) -> Expected:
    """A date has no hyphens."""
    return put(p, "date", "20190305", TYPE)


@fault("cell")
def serial_date(p: Package) -> Expected:
    """A date is the day number of a spreadsheet."""
    return put(p, "date", "43529", TYPE)


@fault("cell")
def date_with_time(p: Package) -> Expected:
    """A date is followed by a midnight."""
    return put(p, "date", "2019-03-05 00:00:00", TYPE)


@fault("cell")
def month_by_name(p: Package) -> Expected:
    """A date has the name of its month."""
    return put(p, "date", "5 March 2019", TYPE)


@fault("cell", (OURS,))
def uncertain_date_in_own_words(p: Package) -> Expected:
    """An EDTF date is hedged with a word."""
    return put(p, "edtf", "circa 2019", TYPE)


@fault("cell", (OURS,))
def edtf_month_thirteen(p: Package) -> Expected:
    """An EDTF date has a month that is none, nor a season."""
    return put(p, "edtf", "2019-13", TYPE)


@fault("cell", (OURS,))
def open_end_at_the_start(p: Package) -> Expected:
    """The sign for what still goes on stands in a column of beginnings."""
    return put(p, "edtf", "..", TYPE)


@fault("cell")
def hour_twenty_five(p: Package) -> Expected:
    """A time has an hour that is none."""
    return put(p, "time", "25:10:00", TYPE)


@fault("cell")
def time_without_seconds(p: Package) -> Expected:
    """A time lacks its seconds."""
    return put(p, "time", "09:10", TYPE)


@fault("cell")
def time_of_twelve_hours(p: Package) -> Expected:
    """A time is of the twelve-hour clock."""
    return put(p, "time", "09:10:00 PM", TYPE)


@fault("cell", (GENERIC_1,))
def datetime_with_blank(p: Package) -> Expected:
    """A space stands between date and time."""
    return put(p, "datetime", "2021-11-30 23:59:59", TYPE)


@fault("cell", (GENERIC_1,))
def datetime_without_time(p: Package) -> Expected:
    """A date and time is a date alone."""
    return put(p, "datetime", "2021-11-30", TYPE)


@fault("cell", (GENERIC_1,))
def offset_beyond_the_globe(p: Package) -> Expected:
    """A date and time has an offset that no place has."""
    return put(p, "datetime", "2021-11-30T23:59:59+15:00", TYPE)


@fault("cell", (GENERIC_1,))
def iso_date_in_formatted_column(p: Package) -> Expected:
    """A column that declares days with dots has an ISO date."""
    return put(p, "formatted_date", "2021-07-22", TYPE)


@fault("cell")
def yes_for_true(p: Package) -> Expected:
    """A boolean is the word yes."""
    return put(p, "boolean", "yes", TYPE)


@fault("cell")
def misspelt_boolean(p: Package) -> Expected:
    """A boolean is misspelt."""
    return put(p, "boolean", "ture", TYPE)


@fault("cell", (GENERIC_1,))
def true_where_yes_is_declared(p: Package) -> Expected:
    """A column that declares yes and no has true."""
    return put(p, "formatted_boolean", "true", TYPE)


@fault("cell", (GENERIC_1,))
def point_where_comma_is_declared(p: Package) -> Expected:
    """A column that declares a decimal comma has a point."""
    return put(p, "formatted_number", "310.25", TYPE)


@fault("cell", (GENERIC_1,))
def group_of_two_digits(p: Package) -> Expected:
    """A thousands mark stands before two digits."""
    return put(p, "formatted_number", "12.50,00", TYPE)


@fault("cell", (GENERIC_1,))
def address_without_domain(p: Package) -> Expected:
    """An address of mail has no domain."""
    return put(p, "email", "office@", TYPE)


@fault("cell", (OURS, GENERIC_1))
def url_without_scheme(p: Package) -> Expected:
    """A URL begins with www."""
    return put(p, "url", "www.register.example/2", (TYPE, CONSTRAINT))


@fault("cell", (OURS, GENERIC_1))
def url_with_space(p: Package) -> Expected:
    """A URL holds a space."""
    return put(p, "url", "https://register.example/a b", (TYPE, CONSTRAINT))


@fault("cell", (GENERIC_2,))
def year_of_two_digits(p: Package) -> Expected:
    """A year has two digits."""
    return put(p, "year", "58", TYPE)


@fault("cell", (GENERIC_2,))
def month_that_is_none(p: Package) -> Expected:
    """A month of a year is the thirteenth."""
    return put(p, "yearmonth", "2020-13", TYPE)


@fault("cell", (GENERIC_2,))
def point_off_the_globe(p: Package) -> Expected:
    """Latitude and longitude of a point have changed places."""
    return put(p, "geopoint", "52.5, -101.25", TYPE)


@fault("cell", (GENERIC_2,))
def half_a_geopoint(p: Package) -> Expected:
    """A point has one coordinate."""
    return put(p, "geopoint", "-1.25", TYPE)


@fault("cell", (GENERIC_2,))
def duration_in_words(p: Package) -> Expected:
    """A duration is in words."""
    return put(p, "duration", "2 hours", TYPE)


@fault("cell", (GENERIC_2,))
def broken_json(p: Package) -> Expected:
    """An object of JSON is not closed."""
    return put(p, "object", '{"wind": 2', TYPE)


@fault("cell", (GENERIC_2,))
def array_for_object(p: Package) -> Expected:
    """An array of JSON stands where an object should."""
    return put(p, "object", "[2]", TYPE)


@fault("cell", (GENERIC_2,))
def key_twice_in_json(p: Package) -> Expected:
    """An object of JSON has a key twice."""
    return put(p, "object", '{"wind": 2, "wind": 3}', TYPE)


@fault("cell")
def below_minimum(p: Package) -> Expected:
    """A number is below the least that its column allows."""
    return put(p, "bounded_number", "-5000.5", CONSTRAINT)


@fault("cell")
def above_maximum(p: Package) -> Expected:
    """A number is above the most that its column allows."""
    return put(p, "bounded_number", "2000.5", CONSTRAINT)


@fault("cell")
def negative_count(p: Package) -> Expected:
    """A count is negative."""
    return put(p, "bounded_integer", "-4", CONSTRAINT)


@fault("cell", (GENERIC_1,))
def at_exclusive_minimum(p: Package) -> Expected:
    """A number is the bound that its column excludes."""
    p.set(spot := p.spot("integer")._replace(column="height_m"), "0")
    return p.at(spot, CONSTRAINT)


@fault("cell", (GENERIC_1,))
def before_first_date(p: Package) -> Expected:
    """A date is before the first that its column allows."""
    return put(p, "date", "1799-12-31", CONSTRAINT)


@fault("cell")
def unknown_code(p: Package) -> Expected:
    """A code is none of the list."""
    return put(p, "enum", "lighthouse", CONSTRAINT)


@fault("cell")
def code_in_capitals(p: Package) -> Expected:
    """A code is in capitals."""
    spot = p.spot("enum")
    p.set(spot, p.cell(spot).upper())
    return p.at(spot, CONSTRAINT)


@fault("cell")
def code_with_space(p: Package) -> Expected:
    """A space stands behind a code."""
    spot = p.spot("enum")
    p.set(spot, p.cell(spot) + " ")
    return p.at(spot, SPACE)


@fault("cell", (GENERIC_1,))
def number_outside_enum(p: Package) -> Expected:
    """A number is none of those that are allowed."""
    return put(p, "integer_enum", "4", CONSTRAINT)


@fault("cell", (GENERIC_2,))
def unknown_category(p: Package) -> Expected:
    """A value is none of the categories."""
    return put(p, "category", "imago", CONSTRAINT)


@fault("cell", (OURS, GENERIC_1))
def pattern_in_part(p: Package) -> Expected:
    """A value begins as the pattern says and goes on otherwise."""
    spot = p.spot("pattern")
    p.set(spot, p.cell(spot) + " x")
    return p.at(spot, CONSTRAINT)


@fault("cell", (OURS,))
def digest_in_capitals(p: Package) -> Expected:
    """A digest is in capitals."""
    spot = p.of("sources", "orvessa-story", "text_sha256")
    p.set(spot, p.cell(spot).upper())
    return p.at(spot, CONSTRAINT)


@fault("cell", (OURS, GENERIC_1))
def text_too_long(p: Package) -> Expected:
    """A text is longer than its column allows."""
    return put(p, "long_text", "Nor" + "haven" * 60, CONSTRAINT)


@fault("cell", (GENERIC_1,))
def text_too_short(p: Package) -> Expected:
    """A text is shorter than its column allows."""
    return put(p, "text", "F", CONSTRAINT)


@fault("cell")
def required_cell_empty(p: Package) -> Expected:
    """A required cell is empty."""
    return put(p, "required", "", CONSTRAINT)


@fault("cell", GENERIC)
def required_cell_missing_by_sign(p: Package) -> Expected:
    """A required cell holds a sign for what is missing."""
    return put(p, "required", "NA" if p.name == GENERIC_1 else "-", CONSTRAINT)


@fault("cell", (GENERIC_1,))
def wrong_type_behind_line_break(p: Package) -> Expected:
    """The cell is wrong in a row behind one that takes two lines."""
    spot = p.spot("after_line_break")._replace(column="quality")
    p.set(spot, "good")
    return p.at(spot, TYPE)


@fault("cell")
def wrong_type_in_last_row(p: Package) -> Expected:
    """The cell is wrong in the last row of a file."""
    spot = p.spot("last_row")
    p.set(spot, "duplicat e")
    return p.at(spot, (TYPE, CONSTRAINT))


@fault("cell", (GENERIC_2,))
def column_of_strings_in_parquet(p: Package) -> Expected:
    """A column of a Parquet file holds text in the place of numbers, one of which is none."""
    import pyarrow as pa

    table = p.parquet("traps")
    p.save_parquet("traps", table.set_column(3, "height_m", pa.array(["1.5", "2", None, "high"])))
    return Expected(TYPE, "data/traps.parquet", 4, 4)


@fault("cell", (GENERIC_2,))
def value_beyond_bound_in_parquet(p: Package) -> Expected:
    """A value of a Parquet file is above the most that its column allows."""
    import pyarrow as pa

    table = p.parquet("traps")
    p.save_parquet("traps", table.set_column(3, "height_m", pa.array([1.5, 41.0, None, 12.25])))
    return Expected(CONSTRAINT, "data/traps.parquet", 2, 4)


@fault("cell", (GENERIC_2,))
def column_of_other_type_in_parquet(p: Package) -> Expected:
    """A column of a Parquet file holds numbers in the place of truth values."""
    import pyarrow as pa

    table = p.parquet("traps")
    p.save_parquet("traps", table.set_column(2, "lit", pa.array([1.5, 0.5, 1.0, None])))
    return Expected(TYPE, "data/traps.parquet", 0, 3)

"""Numbers and integers of Table Schema: from text to 64 bits, or to nothing where the text is no such number.

The cast of polars is the lexical check of plain cells (`tests/test_tabular_values.py` holds it to that): it takes
decimal digits with a sign, a point and an exponent, and no more, but for words and values that are not finite, which
are looked at here.
"""

from __future__ import annotations

import math
import re
from typing import Any

import polars as pl

from bastions.schema import Field

WORDS = "^(?i:nan|-?inf)$"
"""The special values, in any case, as the specification says; `Infinity`, `+INF` and `-NaN` are not among them."""

SAFE_DIGITS = 15
"""Every decimal of so many significant digits comes back from a double as it was."""
MOST_DIGITS = 767
"""No double has more significant digits."""
SMALLEST_NORMAL = 2.2250738585072014e-308


def refusal(field: Field) -> str | None:
    """What is wrong with the options of a number or integer field, for people; None where nothing is."""
    decimal, group = _chars(field)
    for name, char in (("decimalChar", decimal), ("groupChar", group)):
        if not isinstance(char, str):
            return f"{name} is not text"
        if re.search("[0-9+eE-]", char):
            return f'{name} "{char}" holds a digit, a sign or E, which numbers need themselves'
    if not isinstance(field.options.get("bareNumber", True), bool):
        return "bareNumber is neither true nor false"
    if field.type == "number" and not decimal:
        return "decimalChar is empty"
    if field.type == "number" and group and (decimal in group or group in decimal):
        return f'decimalChar "{decimal}" and groupChar "{group}" cannot be told apart'
    return None


def read_integer(field: Field, cells: pl.Series) -> pl.Series:
    """The whole numbers of 64 bits; null where a cell is none."""
    return plain(field, cells).cast(pl.Int64, strict=False)


def read_number(field: Field, cells: pl.Series) -> pl.Series:
    """The doubles nearest to the numbers; null where a cell is none, or is too large or too small for a double."""
    text = plain(field, cells)
    typed = text.cast(pl.Float64, strict=False)
    # A sum is quick, and finite only where every number is (or it overflows, which costs one look more).
    if not math.isfinite(typed.sum() or 0.0):
        words = text.str.contains(WORDS)
        typed = typed.zip_with(typed.is_finite() | words, pl.Series([None], dtype=pl.Float64))
    if (typed == 0).any():
        # 1e-999 is not zero: nothing becomes another number in silence.
        vanished = (typed == 0) & (text.str.len_bytes() > 5)
        if vanished.any():
            lost = vanished & text.str.contains("^[+-]?[0.]*[1-9]")
            typed = typed.zip_with(~lost, pl.Series([None], dtype=pl.Float64))
    return typed


def plain(field: Field, cells: pl.Series) -> pl.Series:
    """The cells as plain decimals: group characters and text around the number taken off, a point as decimal point.

    Null where a cell does not have the form that the options ask for; cells without options are left to the cast.
    """
    decimal, group = _chars(field)
    bare = field.options.get("bareNumber", True)
    if bare and not group and (decimal == "." or field.type == "integer"):
        return cells
    if refusal(field):
        return pl.repeat(None, len(cells), dtype=pl.String, eager=True).alias(cells.name)
    number = _grammar(field.type, decimal, group)
    if bare:
        text = cells.zip_with(cells.str.contains(f"^(?:{number})$"), pl.Series([None], dtype=pl.String))
    else:
        text = cells.str.extract(rf"^\s*({number}){_AFTER}$", 1)
        if text.null_count() > cells.null_count():
            framed = _grammar(field.type, decimal, group, framed=True)
            text = text.zip_with(text.is_not_null(), cells.str.extract(f"^{_before(decimal)}({framed}){_AFTER}$", 1))
    if group:
        text = text.str.replace_all(group, "", literal=True)
    return text.str.replace(decimal, ".", literal=True) if field.type == "number" and decimal != "." else text


def inexact(field: Field, cells: pl.Series, typed: pl.Series) -> pl.Series:
    """Which cells hold a number whose digits a double does not keep.

    The test is whether the double, printed with as many significant digits as the cell has, gives the cell's number
    back: so the 17 digits with which programs print doubles are exact, and an account number of 20 digits is not.

    Args:
        field: The column.
        cells: Its cells.
        typed: What `read` made of them.

    Returns:
        One boolean a cell, never null. Only cells longer than 15 characters cost anything.
    """
    none = pl.repeat(False, len(cells), dtype=pl.Boolean, eager=True).alias(cells.name)
    if field.type != "number":
        return none
    subnormal = typed.is_between(-SMALLEST_NORMAL, SMALLEST_NORMAL, closed="none") & (typed != 0)
    longest = cells.str.len_bytes().max()
    if (not isinstance(longest, int) or longest <= SAFE_DIGITS) and not subnormal.any():
        return none
    looked = ((cells.str.len_bytes() > SAFE_DIGITS) & typed.is_finite() | subnormal).fill_null(False)
    if not looked.any():
        return none
    rows = looked.arg_true()
    text, value = plain(field, cells.gather(rows)), typed.gather(rows)
    # What polars prints of a double is its shortest form: equal text needs no further look.
    other = (text != value.cast(pl.String)).arg_true()
    rows, value, digits = rows.gather(other), value.gather(other), _significant(text.gather(other))
    many = ((digits.str.len_bytes() > SAFE_DIGITS) | (value.abs() < SMALLEST_NORMAL)).arg_true()
    lost = ~_kept(digits.gather(many), value.gather(many))
    return none.scatter(rows.gather(many).filter(lost), True)


def _kept(digits: pl.Series, value: pl.Series) -> pl.Series:
    """Whether doubles, printed with as many digits as the cells have, have the digits of the cells.

    The exponents need no look: equal digits at another exponent would be another number by far.
    """
    length = digits.str.len_bytes().clip(1, MOST_DIGITS)
    printed = [f"{number:.{size - 1}e}" for number, size in zip(value.to_list(), length.to_list(), strict=True)]
    return _significant(pl.Series(printed, dtype=pl.String)) == digits


def _significant(text: pl.Series) -> pl.Series:
    """The digits of plain decimals, from the first to the last that is not zero."""
    return text.str.replace("[eE].*$", "").str.replace_all("[^0-9]", "").str.strip_chars("0")


def _chars(field: Field) -> tuple[Any, Any]:
    return field.options.get("decimalChar", "."), field.options.get("groupChar") or ""


def _grammar(type_: str, decimal: str, group: str, *, framed: bool = False) -> str:
    """The numbers that a field takes, as a pattern of the Rust engine without groups that capture.

    The specification does not say where group characters stand. Here they part groups of three digits, of four, or
    of two before a last three (India); so `1,5` is not taken for 15.

    Args:
        type_: `integer` or `number`.
        decimal: The decimal character.
        group: The group character, or nothing.
        framed: Whether text stands before it: then the number begins with a digit, and is no word.
    """
    point = re.escape(decimal)
    whole, fraction = "[0-9]+", "[0-9]*"
    if group:
        part = re.escape(group)
        whole = f"(?:[0-9]+|[0-9]{{1,3}}(?:{part}[0-9]{{2,3}})*{part}[0-9]{{3}}|[0-9]{{1,4}}(?:{part}[0-9]{{4}})+)"
        fraction = f"(?:[0-9]*|[0-9]{{3}}(?:{part}[0-9]{{3}})*{part}[0-9]{{1,3}})"
    if type_ == "integer":
        return f"[+-]?{whole}"
    if framed:
        return f"[+-]?{whole}(?:{point}{fraction})?(?:[eE][+-]?[0-9]+)?"
    return f"[+-]?(?:{whole}(?:{point}{fraction})?|{point}[0-9]+)(?:[eE][+-]?[0-9]+)?|(?i:nan|-?inf)"


_MINUS = "\u2212"


def _before(decimal: str) -> str:
    """What may stand before a number that is not bare: no digits, and nothing that says that the number is negative.

    A decimal character right before the number is text only after a letter: `Rs.500` is 500, and `$.50` is refused.
    """
    point = re.escape(decimal[:1] or ".")
    other = rf"\p{{Nd}}+\-{point}"
    return rf"(?:[^{other}]*[^{other}(\s{_MINUS}]\s*|[^{other}]*\p{{L}}{point}\s*)"


_AFTER = rf"(?:\s*|\s*[^\p{{Nd}}\s+\-{_MINUS}][^\p{{Nd}}]*)"
"""What may stand after it: no digits, and no sign first, since `5-` is a way to write -5."""

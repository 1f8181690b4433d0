"""Dates, times and both of Table Schema: from text to polars, or to nothing where the text is none.

Three formats: `default` (the one form of the specification), a pattern of `strptime`, and `any` (see `anyform`).

Nearly every column is written in a few forms of fixed width. So a form is compiled into templates, one for each width
that it can have, and a template reads all cells of its length at once, as a matrix of bytes: that is the lexical check
and the value in one, several times as fast as parsing text. What no template takes goes through Python, each distinct
cell once.

Typed values have no time zone: an offset is converted to UTC, and a cell without one is taken as it stands. Fractions
are kept to the microsecond; more digits than six are refused unless they are zeros. Years go from 0001 to 9999.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from bastions.schema import Field
from bastions.tabular.fields import strptime

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

DAY = 86_400_000_000
"""Microseconds."""
EPOCH = dt.datetime(1970, 1, 1)
FIRST = (dt.datetime.min - EPOCH) // dt.timedelta(microseconds=1)
LAST = (dt.datetime.max - EPOCH) // dt.timedelta(microseconds=1)

MOST_TEMPLATES = 1_000
CHUNK = 1 << 18
"""Bytes of text read at once: they stay in the processor's cache."""

_MONTHS = np.arange("0000-01", "10000-01", dtype="datetime64[M]")
_START = _MONTHS.astype("datetime64[D]").astype(np.int32)
_LENGTH = np.diff(np.append(_START, _START[-1] + 31)).astype(np.int32)
"""First day, since 1970, and number of days of each month from year 0 on."""


@dataclass(frozen=True, slots=True)
class Template:
    """A form of one width: `low` and `span` say which bytes may stand where, `places` where the numbers are.

    `fraction` is how many microseconds the last digit of a fraction of a second stands for.
    """

    low: npt.NDArray[np.uint8]
    span: npt.NDArray[np.uint8]
    places: tuple[tuple[str, int, int], ...]
    fraction: int


def read(field: Field, cells: pl.Series) -> pl.Series:
    """The typed column of a date, time or datetime field; null where a cell is null or no such value."""
    kind, form = field.type, field.format
    forms, slow = _forms(kind, form)
    values, got = _fixed(kind, cells, forms, form == "default")
    if slow and not got.all():
        _slowly(cells, values, got, *slow)
    return _column(kind, values, got).alias(cells.name)


@lru_cache(maxsize=256)
def _forms(kind: str, form: str) -> tuple[dict[int, list[Template]], tuple[str, Callable[[str], int | None]] | None]:
    """The templates of a format by width, and where these do not tell everything, a pattern and a function for the
    rest.
    """
    if form in ("default", "any"):
        from bastions.tabular.fields import anyform

        tokens = strptime.tokens({"date": "%Y-%m-%d", "time": "%H:%M:%S"}.get(kind, "%Y-%m-%dT%H:%M:%S"))
        pieces = [_pieces(token, True) for token in tokens]
        if kind == "datetime":
            pieces += [[(), *(((None, b".", b"\0"), *p) for p in _pieces("%f", False))], [(), *_zones(colon=True)]]
        slow = (anyform.gate(kind), _number(kind, anyform.reader(kind))) if form == "any" else None
        if form == "default" and kind == "datetime":
            slow = ("^" + _RARE.pattern + "$", _number(kind, _rare))
        return _templates(pieces), slow
    if strptime.refusal(form):
        return {}, None
    found = strptime.tokens(form)
    tight = strptime.tight(found)
    pieces = [_pieces(token, held) for token, held in zip(found, tight, strict=True)]
    # Names, weeks and halves of the day have no fixed width: Python reads them.
    fast = _templates(pieces) if all(pieces) else {}
    return fast, (strptime.gate(form), _number(kind, strptime.reader(form)))


Piece = tuple[tuple[str | None, bytes, bytes], ...]


def _pieces(token: str, tight: bool) -> list[Piece]:
    """The ways, each of one width, in which a directive can stand in a cell; none where there are too many."""
    if not token.startswith("%") or token == "%%":
        literal = b" " if token.isspace() else token.replace("%%", "%").encode()
        return [((None, literal, bytes(len(literal))),)]
    widths = {"Y": [4], "y": [2], "f": [6] if tight else [6, 3, 1, 2, 4, 5]}
    letter = token[1]
    if letter == "z":
        return _zones(colon=True) + _zones(colon=False)[1:]
    if letter in "mdHMS":
        widths[letter] = [2] if tight else [2, 1]
    return [((letter, b"0" * width, b"\x09" * width),) for width in widths.get(letter, [])]


def _zones(colon: bool) -> list[Piece]:
    two = (b"00", b"\x09\x09")
    middle: Piece = ((None, b":", b"\0"),) if colon else ()
    # The sign is + or -; the comma between them in ASCII is caught when the sign is read.
    return [((None, b"Z", b"\0"),), (("sign", b"+", b"\x02"), ("hours", *two), *middle, ("minutes", *two))]


def _templates(pieces: list[list[Piece]]) -> dict[int, list[Template]]:
    found: dict[int, list[Template]] = {}
    for choice in itertools.islice(itertools.product(*pieces), MOST_TEMPLATES):
        low, span, places = b"", b"", []
        for name, floor, width in itertools.chain.from_iterable(choice):
            if name:
                places.append((name, len(low), len(floor)))
            low, span = low + floor, span + width
        digits = next((width for name, _, width in places if name == "f"), 6)
        template = Template(
            np.frombuffer(low, np.uint8), np.frombuffer(span, np.uint8), tuple(places), 10 ** (6 - digits)
        )
        found.setdefault(len(low), []).append(template)
    return found


def _fixed(kind: str, cells: pl.Series, forms: dict[int, list[Template]], default: bool) -> tuple[Ints, Mask]:
    """The values, in days or microseconds, and which cells have one, as far as templates read them."""
    size = len(cells)
    values, got = np.zeros(size, np.int64), np.zeros(size, np.bool_)
    lengths = cells.str.len_bytes()
    for length in lengths.unique().drop_nulls().to_list():
        for template in forms.get(length, ()):
            mine = (lengths == length).fill_null(False).to_numpy() & ~got
            if not mine.any():
                break
            whole = bool(mine.all())
            rows: Any = slice(None) if whole else np.flatnonzero(mine)
            chosen = cells if whole else cells.gather(rows)
            values[rows], got[rows] = _matrix(kind, chosen, template, default)
    return values, got


def _matrix(kind: str, cells: pl.Series, template: Template, default: bool) -> tuple[Ints, Mask]:
    width = len(template.low)
    array = cells.to_arrow(compat_level=pl.CompatLevel.oldest())
    _, offsets, data = array.buffers()
    start = int(np.frombuffer(offsets, np.int64)[array.offset])
    text = np.frombuffer(data, np.uint8)[start : start + width * len(cells)].reshape(-1, width)
    values, good = np.zeros(len(cells), np.int64), np.ones(len(cells), np.bool_)
    step = max(1, CHUNK // width)
    for at in range(0, len(cells), step):
        offset = text[at : at + step] - template.low
        wrong = offset > template.span
        parts = {name: _digits(offset[:, i : i + n]) for name, i, n in template.places}
        if "f" in parts:
            parts["f"] *= template.fraction
        values[at : at + step], good[at : at + step] = _value(kind, parts, len(offset), default)
        if wrong.any():
            good[at : at + step] &= ~wrong.any(axis=1)
    return values, good


def _digits(digits: npt.NDArray[np.uint8]) -> npt.NDArray[np.int32]:
    total = digits[:, 0].astype(np.int32)
    for column in digits.T[1:]:
        total *= 10
        total += column
    # Digits of a cell that is wrong may be any byte; they are not used.
    return total


def _value(kind: str, parts: dict[str, Any], size: int, default: bool) -> tuple[Ints, Mask]:
    """Days since 1970 for a date, microseconds for the others; and for which of the rows the numbers make one."""
    good = np.ones(size, np.bool_)
    days: Any = None
    if kind != "time" or parts.keys() & {"Y", "y", "m", "d"}:
        year, month, day = parts.get("Y"), parts.get("m", np.int32(1)), parts.get("d", np.int32(1))
        if year is None:
            short = parts.get("y", np.int32(0))
            # POSIX: 69 to 99 are of the 20th century; without a year, strptime takes 1900.
            year = 1900 + short + np.where(short < 69, 100, 0) if "y" in parts else np.int32(1900)
        index = (year * 12 + month) - 1
        if isinstance(index, np.ndarray):
            good &= (year >= 1) & (year <= 9999) & (month >= 1) & (month <= 12)
            index[~good] = 0
        days = _START[index] + (day - 1)
        good &= (day >= 1) & (day <= _LENGTH[index])
    if kind == "date":
        return np.broadcast_to(days, size).astype(np.int64), _clock_good(parts, good, default)
    seconds = sum(
        parts[name].astype(np.int64) * unit for name, unit in (("H", 3600), ("M", 60), ("S", 1)) if name in parts
    )
    micros: Any = seconds * 1_000_000
    if "f" in parts:
        micros = micros + parts["f"]
    if "sign" in parts:
        ahead = (parts["hours"].astype(np.int64) * 60 + parts["minutes"]) * (60_000_000 * (1 - parts["sign"]))
        micros = micros - ahead
    good = _clock_good(parts, good, default)
    if kind == "time":
        return np.broadcast_to(micros % DAY, size).astype(np.int64), good
    micros = np.broadcast_to(days * np.int64(DAY) + micros, size).astype(np.int64)
    return micros, good & (micros >= FIRST) & (micros <= LAST)


def _clock_good(parts: dict[str, Any], good: Mask, default: bool) -> Mask:
    for name, most in (("H", 23), ("M", 59), ("S", 59), ("hours", 23), ("minutes", 59)):
        if name in parts:
            good &= parts[name] <= most
    if "sign" in parts:
        good &= parts["sign"] != 1
        if default:
            good &= parts["hours"] * 60 + parts["minutes"] <= 14 * 60
    return good


def _slowly(cells: pl.Series, values: Ints, got: Mask, gate: str, function: Callable[[str], int | None]) -> None:
    """Reads what is left, each distinct cell once, into `values` and `got`."""
    left = np.flatnonzero(~got & cells.str.contains(gate).fill_null(False).to_numpy())
    if not len(left):
        return
    chosen = cells.gather(left)
    distinct = chosen.unique().drop_nulls()
    table = pl.DataFrame(
        {"text": distinct, "value": [function(text) for text in distinct]}, {"text": pl.String, "value": pl.Int64}
    )
    found = pl.DataFrame({"text": chosen}).join(table, on="text", how="left", maintain_order="left")["value"]
    values[left] = found.fill_null(0).to_numpy()
    got[left] = found.is_not_null().to_numpy()


def _column(kind: str, values: Ints, got: Mask) -> pl.Series:
    missing = None if got.all() else ~got
    if kind == "date":
        return _series(pa.array(values.astype(np.int32), mask=missing)).cast(pl.Date)
    if kind == "time":
        return _series(pa.array(values * 1000, mask=missing)).cast(pl.Time)
    return _series(pa.array(values, mask=missing)).cast(pl.Datetime("us"))


def _series(array: Any) -> pl.Series:
    found = pl.from_arrow(array)
    assert isinstance(found, pl.Series)
    return found


def _number(kind: str, function: Callable[[str], dt.datetime | None]) -> Callable[[str], int | None]:
    """What a reader found, as the number that the column holds; None for none, and for what lies outside of it."""

    def number(text: str) -> int | None:
        when = function(text)
        if when is None:
            return None
        if kind == "date":
            return (when.replace(tzinfo=None) - EPOCH).days
        ahead = when.utcoffset() or dt.timedelta()
        micros = (when.replace(tzinfo=None) - EPOCH - ahead) // dt.timedelta(microseconds=1)
        if kind == "time":
            return micros % DAY
        return micros if FIRST <= micros <= LAST else None

    return number


_RARE = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,6})0*)?(Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?"
)


def _rare(text: str) -> dt.datetime | None:
    """The forms of XML Schema that have no template: the end of a day as 24:00:00, and needless zeros."""
    match = _RARE.fullmatch(text)
    if not match:
        return None
    day, clock, fraction, zone = match.groups()
    late = clock == "24:00:00"
    if late and (fraction or "").strip("0"):
        return None
    zone = "+00:00" if zone in (None, "Z") else zone
    try:
        when = dt.datetime.fromisoformat(
            f"{day}T{'00:00:00' if late else clock}.{(fraction or '0').ljust(6, '0')}{zone}"
        )
        return when + dt.timedelta(days=1) if late else when
    except (ValueError, OverflowError):
        return None

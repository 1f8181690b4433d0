"""Patterns of `strptime`, as Table Schema takes them for dates and times, read strictly.

The value is Python's own; what is stricter than Python stands in a pattern of ours that the cell must match first:

- digits are ASCII, and names English, whatever the locale;
- numbers may lack their leading zeros, as in Python, but not where digits follow upon digits: under `%Y%m%d`, 2017113
  could be two days;
- a weekday, a day or week of the year or a half of the day that contradicts the rest is refused, not ignored, and so
  is day 366 of a year of 365;
- `%Z` is UTC or GMT, since other names mean what the machine's settings say.

Beside Python's directives, C's shorthands `%D %e %F %h %n %r %R %t %T` are known.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from functools import lru_cache

SHORTHANDS = {
    "D": "%m/%d/%y",
    "F": "%Y-%m-%d",
    "R": "%H:%M",
    "T": "%H:%M:%S",
    "X": "%H:%M:%S",
    "c": "%a %b %d %H:%M:%S %Y",
    "e": "%d",
    "h": "%b",
    "n": " ",
    "r": "%I:%M:%S %p",
    "t": " ",
    "x": "%m/%d/%y",
}
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_TWO = ("[0-9]{2}", "[0-9]{1,2}")
_DIGITS = {
    **dict.fromkeys("dHIMSmUWV", _TWO),
    "Y": ("[0-9]{4}",) * 2,
    "G": ("[0-9]{4}",) * 2,
    "y": ("[0-9]{2}",) * 2,
    "w": ("[0-6]",) * 2,
    "u": ("[1-7]",) * 2,
    "j": ("[0-9]{3}", "[0-9]{1,3}"),
    "f": ("[0-9]{6}", "[0-9]{1,6}"),
}
_WORDS = {
    "A": "|".join(DAYS),
    "a": "|".join(day[:3] for day in DAYS),
    "B": "|".join(MONTHS),
    "b": "|".join(month[:3] for month in MONTHS),
    "p": "AM|PM",
    "Z": "UTC|GMT",
    "z": r"[+-][0-9]{2}:?[0-5][0-9](?::?[0-5][0-9](?:\.[0-9]{1,6})?)?|Z",
}


@lru_cache(maxsize=256)
def tokens(pattern: str) -> tuple[str, ...]:
    """A pattern as directives, runs of white space, and literal text; shorthands written out."""
    pattern = re.sub("%(.)", lambda match: SHORTHANDS.get(match[1], match[0]), pattern, flags=re.DOTALL)
    return tuple(re.findall(r"%.|\s+|[^%\s]+|%", pattern, re.DOTALL))


def tight(found: tuple[str, ...]) -> list[bool]:
    """Of each token, whether its number touches other digits, so that it must have all of its own."""

    def digits(token: str, end: int) -> bool:
        return token[1] in _DIGITS if len(token) == 2 and token[0] == "%" else token[end].isdigit()

    held = []
    for i, token in enumerate(found):
        after = i + 1 < len(found) and digits(found[i + 1], 0)
        before = i > 0 and digits(found[i - 1], -1)
        held.append(after if token == "%f" else after or before)
    return held


@lru_cache(maxsize=256)
def refusal(pattern: str) -> str | None:
    """Why no cell can be read by a pattern, for people; None where cells can."""
    directives = [token[1:] for token in tokens(pattern) if token.startswith("%") and token != "%%"]
    for letter in directives:
        if letter not in _DIGITS and letter not in _WORDS:
            return f'the format "{pattern}" has the directive "%{letter}", which strptime does not know'
        if directives.count(letter) > 1:
            return f'the format "{pattern}" has "%{letter}" twice'
    if not directives:
        return f'the format "{pattern}" has no directive such as %Y'
    sample = dt.datetime(2017, 11, 3, 9, 5, 7, 120_000, dt.UTC)
    try:
        dt.datetime.strptime(sample.strftime("".join(tokens(pattern))), "".join(tokens(pattern)))
    except (ValueError, re.error) as error:
        return f'the format "{pattern}" does not work: {error}'
    return None


@lru_cache(maxsize=256)
def gate(pattern: str) -> str:
    """The lexical form of a pattern, for Python (with ASCII) and for polars alike."""
    found = tokens(pattern)
    parts = []
    for token, held in zip(found, tight(found), strict=True):
        letter = token[1] if len(token) == 2 and token[0] == "%" else ""
        if letter in _DIGITS:
            # A day may be padded by a space, as C writes it.
            space = " ?" if letter == "d" and not held else ""
            parts.append(f"(?P<{letter}>{space}{_DIGITS[letter][0 if held else 1]})")
        elif letter in _WORDS:
            parts.append(f"(?P<{letter}>{_WORDS[letter]})")
        else:
            parts.append(r"\s+" if token.isspace() else re.escape(token.replace("%%", "%")))
    return f"^(?i:{''.join(parts)})$"


def reader(pattern: str) -> Callable[[str], dt.datetime | None]:
    """A function from a cell to its moment, None where the cell is none."""
    form = re.compile(gate(pattern)[1:-1], re.ASCII)
    plain = "".join(tokens(pattern))

    def read(text: str) -> dt.datetime | None:
        match = form.fullmatch(text)
        if not match:
            return None
        try:
            when = dt.datetime.strptime(text, plain)
        except (ValueError, OverflowError):
            return None
        return when if _agrees(match.groupdict(), when) else None

    return read


def _agrees(parts: dict[str, str], when: dt.datetime) -> bool:
    """Whether what strptime ignores beside a full date and hour says the same as they do."""
    if "d" in parts and parts.keys() & {"m", "b", "B"} and parts.keys() & {"Y", "y"}:
        # A day of the year even takes the place of the day and month.
        if int(parts["d"]) != when.day or int(parts.get("m", when.month)) != when.month:
            return False
        said = {"a": DAYS[when.weekday()][:3], "A": DAYS[when.weekday()], "w": str(when.isoweekday() % 7)}
        said |= {"u": str(when.isoweekday()), "j": f"{when.timetuple().tm_yday:03}"}
        if any(
            parts[letter].lower().zfill(len(word)) != word.lower() for letter, word in said.items() if letter in parts
        ):
            return False
    # Day 366 of 2017 would be a day of 2018, and week 53 the first of the next year.
    if "Y" in parts and int(parts["Y"]) != when.year:
        return False
    if "V" in parts and (int(parts["G"]), int(parts["V"])) != when.isocalendar()[:2]:
        return False
    return not ("H" in parts and "p" in parts and (when.hour >= 12) != (parts["p"].lower() == "pm"))


def sample(pattern: str) -> str:
    """A moment written under a pattern that works, for people."""
    return dt.datetime(2017, 11, 3, 9, 5, 7, tzinfo=dt.UTC).strftime("".join(tokens(pattern)))

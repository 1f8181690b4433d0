"""The faults that are planted in clean files, and how: one fault a row, each of a kind whose finding has a name.

Reads and writes the events line by line, so any size will do; no cell of them holds a newline.
"""

from __future__ import annotations

import csv
import io
import json
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shapes import EVENTS

SEED = 11
AT = {column["name"]: number for number, column in enumerate(EVENTS)}

Cells = list[str]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fault.

    Attributes:
        rule: The error type of Frictionless that names it, or ours where there is none.
        weight: Its share, in percent, of the bad rows of the variant `percent`.
        make: From the cells of a good row, and the key of an earlier one, the bytes of the bad row.
    """

    rule: str
    weight: int
    make: Callable[[Cells, str], bytes]


def line(cells: Cells) -> bytes:
    """A row as CSV."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue().encode()


def _cell(column: str, value: str) -> Callable[[Cells, str], bytes]:
    return lambda cells, _: line([*cells[: AT[column]], value, *cells[AT[column] + 1 :]])


def _unclosed(cells: Cells, _: str) -> bytes:
    return line([*cells[:-1], "@"]).replace(b",@\n", b',"and then\n')


def _invalid(cells: Cells, _: str) -> bytes:
    return _cell("headline", "attack near @ reported")(cells, "").replace(b"@", b"\xff")


KINDS = {
    "integer": Kind("type-error", 5, _cell("best", "12x")),
    "number": Kind("type-error", 5, _cell("latitude", "north")),
    "date": Kind("type-error", 5, _cell("date_start", "2017-13-03")),
    "datetime": Kind("type-error", 5, _cell("recorded_at", "2017-11-03T25:00:00")),
    "year": Kind("type-error", 5, _cell("year", "20x7")),
    "boolean": Kind("type-error", 5, _cell("verified", "perhaps")),
    "required": Kind("constraint-error", 10, _cell("source", "")),
    "enum": Kind("constraint-error", 10, _cell("type", "riot")),
    "minimum": Kind("constraint-error", 5, _cell("low", "-4")),
    "maximum": Kind("constraint-error", 5, _cell("longitude", "181.5")),
    "pattern": Kind("constraint-error", 5, _cell("code", "Sy-12")),
    "minLength": Kind("constraint-error", 2, _cell("headline", "x")),
    "maxLength": Kind("constraint-error", 3, _cell("note", "n" * 401)),
    "duplicate key": Kind("primary-key", 8, lambda cells, key: line([key, *cells[1:]])),
    "dangling reference": Kind("foreign-key", 12, _cell("location_id", "loc-999999")),
    "extra cell": Kind("extra-cell", 3, lambda cells, _: line([*cells, "more"])),
    "missing cell": Kind("missing-cell", 4, lambda cells, _: line(cells[:-1])),
    "blank row": Kind("blank-row", 2, lambda cells, _: b"\n"),
    "invalid byte": Kind("encoding-error", 1, _invalid),
    "unclosed quote": Kind("unclosed-quote", 0, _unclosed),
}
"""Every kind. An unclosed quote ends what can be read of a file, so there is one at most, in its last row."""

TYPED = ("required", "enum", "minimum", "maximum", "pattern", "minLength", "maxLength", "duplicate key")
NINE = (*TYPED, "dangling reference")
"""Faults in files whose every cell has its type: what a library that begins at a typed frame can find."""

SIXTEEN = tuple(kind for kind in KINDS if kind not in ("minLength", "blank row", "invalid byte", "unclosed quote"))
"""Sixteen kinds of bad cells, one each."""

VARIANTS = ("clean", "ordered", "nine", "sixteen", "percent")
"""`clean` has keys in no order, `ordered` in theirs; the others are `clean` with faults; `percent` has 1 % bad rows."""


def plan(variant: str, rows: int) -> dict[int, str]:
    """Which row, from 0, gets which kind of fault."""
    if variant in ("clean", "ordered"):
        return {}
    chance = random.Random(SEED)
    if variant != "percent":
        kinds = list(SIXTEEN if variant == "sixteen" else NINE)
        return dict(zip(chance.sample(range(1, rows - 1), len(kinds)), kinds, strict=True))
    chosen = chance.sample(range(1, rows - 1), max(1, rows // 100) - 1)
    weights = [kind.weight for kind in KINDS.values()]
    return dict(zip(chosen, chance.choices(list(KINDS), weights, k=len(chosen)), strict=True)) | {
        rows - 1: "unclosed quote"
    }


def plant(clean: Path, dirty: Path, variant: str, rows: int) -> None:
    """Writes `clean` with the faults of a variant to `dirty`."""
    planned = plan(variant, rows)
    key = ""
    with clean.open("rb") as source, dirty.open("wb") as target:
        target.write(source.readline())
        for row, good in enumerate(source):
            kind = planned.get(row)
            if kind is None:
                target.write(good)
                # Names of columns and keys are plain ASCII: no quote is in the way.
                key = good[: good.index(b",")].decode()
            else:
                target.write(KINDS[kind].make(next(csv.reader([good.decode()])), key))


def expected(variant: str, rows: int) -> Counter[tuple[str, int]]:
    """The findings that there must be, one a fault: each by its name and the physical line on which its row begins."""
    return Counter((KINDS[kind].rule, row + 2) for row, kind in plan(variant, rows).items())


def problems(jsonl: Path) -> list[dict[str, Any]]:
    """The errors that `validate --format jsonl` told; a line that is no JSON counts as one."""
    found = []
    with jsonl.open(encoding="utf-8") as lines:
        for text in lines:
            try:
                told = json.loads(text)
            except ValueError:
                told = {"rule": "no JSON", "file": "", "line": 0, "message": text.strip()}
            if "rule" in told and told.get("severity") != "warning":
                found.append(told)
    return found


def findings(jsonl: Path) -> Counter[tuple[str, int]]:
    """Names and lines of the errors."""
    return Counter((p["rule"], p["line"]) for p in problems(jsonl))


def differences(got: Counter[tuple[str, int]], planted: Counter[tuple[str, int]]) -> list[str]:
    """Where findings are not those planted, name and line, in words."""
    found = []
    for rule in sorted({rule for rule, _ in got | planted}):
        missed = sum(number for (name, _), number in (planted - got).items() if name == rule)
        more = sum(number for (name, _), number in (got - planted).items() if name == rule)
        if missed or more:
            found.append(f"{rule}: {missed:,} not found on their line, {more:,} found where there is none")
    return found

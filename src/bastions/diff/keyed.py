"""The rows of a table by their keys: each key once, and the rows of two sides beside each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from bastions.diff.model import Sheet, Side
from bastions.problems import Problem, number, problem

KEY = "_key"


@dataclass(frozen=True, slots=True)
class Keyed:
    """The rows of a sheet that have a key, each key once, and its columns under names that no file chooses."""

    frame: pl.DataFrame
    columns: tuple[str, ...]
    problems: list[Problem]


def of(sheet: Sheet | None, key: tuple[str, ...], side: Side) -> Keyed:
    """The rows of a sheet by a key, or by its own where it lacks a column of that; and which rows were left out."""
    if sheet is None:
        return Keyed(pl.DataFrame(schema={KEY: pl.String(), "_row": pl.Int64()}), (), [])
    own = key if set(key) <= sheet.types.keys() else sheet.key
    columns = tuple(sheet.types)
    cells = [
        sheet.frame.get_column(c).alias(f"c{i}") if c in sheet.frame.columns
        else pl.Series(f"c{i}", [None] * sheet.frame.height, pl.String)
        for i, c in enumerate(columns)
    ]  # fmt: skip
    frame = pl.DataFrame(cells).with_row_index("_row")
    parts = [pl.col(f"c{columns.index(part)}") for part in own]
    if len(parts) > 1:
        parts = [
            part.str.replace_all("\\", r"\\", literal=True).str.replace_all("\n", r"\n", literal=True) for part in parts
        ]
    # As `joined`; null where a part is.
    whole = pl.concat_str(parts, separator="\n", ignore_nulls=False) if parts else pl.lit(None, pl.String)
    frame = frame.with_columns(whole.alias(KEY))
    has = frame.filter(pl.col(KEY).is_not_null())
    once = has.unique(KEY, keep="first", maintain_order=True)
    problems = [
        problem("primary-key", f"{side.label}: {sheet.name}", f"{number(n, 'row')} {words}", severity="warning")
        for n, words in (
            (frame.height - has.height, "without a key; not compared"),
            (has.height - once.height, "with the key of another; of each key the first row was compared"),
        )
        if n
    ]  # fmt: skip
    return Keyed(once, columns, problems)


def joined(parts: Sequence[str]) -> str:
    """The parts of a key as one text: two keys have the same only if their parts are, whatever a cell holds."""
    if len(parts) == 1:
        return parts[0]
    return "\n".join(part.replace("\\", r"\\").replace("\n", r"\n") for part in parts)


def renamed(keyed: Keyed, names: Mapping[str, str]) -> Keyed:
    """The same rows with other names for some columns."""
    return replace(keyed, columns=tuple(names.get(column, column) for column in keyed.columns))


def apart(before: Keyed, after: Keyed, key: tuple[str, ...]) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """The rows of the new side alone, those of the old side alone, and those of both beside each other."""
    added = after.frame.join(before.frame.select(KEY), on=KEY, how="anti").sort(KEY)
    removed = before.frame.join(after.frame.select(KEY), on=KEY, how="anti").sort(KEY)
    return added, removed, before.frame.join(after.frame, on=KEY, how="inner", suffix="_new")

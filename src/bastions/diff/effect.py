"""What a change does to the published values: the resolutions of each policy, before and after.

Of a dataset they are made as a release makes them; a release has them. Nothing is made where nothing that they are made
of has changed. The count of claims and voices alone is no change of a value.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl

from bastions import relations, resolve, views
from bastions.dataset import Dataset
from bastions.diff import CannotOpen
from bastions.diff.model import Names, Side
from bastions.diff.values import Answer, Effect, Resolved
from bastions.problems import visible
from bastions.schema import SchemaError

SECONDS = 120
"""How long the published values of one side may take."""

KEY = ("policy", "subject_table", "subject_id", "field")
TOLD = (
    "resolution_status",
    "low",
    "low_open",
    "best",
    "high",
    "high_open",
    "best_raw",
    "best_comparator",
    "value_text",
)
"""The columns of `resolutions` whose change is one of the published value."""

_COUNTS = ("n_claims", "n_voices")
_NUMBERS, _FLAGS = ("low", "best", "high"), ("low_open", "high_open")


class _NotMade(Exception):
    """The published values of a side cannot be made; the message says why."""


@dataclass(frozen=True, slots=True)
class Source:
    """What the resolved values of a side are made of.

    Attributes:
        dataset: The dataset, whose files are still there.
        folder: Else `csv/` of a release.
    """

    dataset: Dataset | None = None
    folder: Path | None = None


def of(old: Side, new: Side, policy: str | None, differs: bool, names: Names) -> Effect:
    """What becomes of the published values.

    Args:
        old: What was.
        new: What is.
        policy: A policy, `all`, or None for the default one.
        differs: Whether any table, or file of the schema, differs.
        names: Names of records.

    Raises:
        CannotOpen: If neither side has the policy.
    """
    if old.source is None or new.source is None:
        side = old if old.source is None else new
        return Effect(note=f"Published values were not compared: the schema of {side.label} cannot be read.")
    try:
        before, after = _policies(old.source), _policies(new.source)
        chosen, notes = _chosen(before, after, policy)
        if old.source.dataset and new.source.dataset and not (differs and _fed(old.source.dataset, new.source.dataset)):
            return Effect(tuple(chosen), note=" ".join(notes), default=policy is None)
        for side in (old, new):
            if incomplete := [name for name, sheet in side.sheets.items() if not sheet.whole]:
                raise _NotMade(f"{', '.join(incomplete)} of {side.label} cannot be read to the end")
        frames = [_resolutions(side, chosen, notes) for side in (old, new)] if chosen else []
    except (_NotMade, SchemaError, duckdb.Error, pl.exceptions.PolarsError, ArithmeticError, LookupError) as error:
        why = " ".join(str(error).split()) or type(error).__name__
        return Effect(note=f"Published values were not compared: {visible(why, 500)}.")
    found = tuple(_differing(frames[0], frames[1], names)) if frames else ()
    return Effect(tuple(chosen), found, " ".join(notes), policy is None)


# --------------------------------------------------------------------------------------------------------------------
# Policies


def _policies(source: Source) -> dict[str, bool]:
    """The policies of a side, with whether each is the default."""
    if source.dataset is not None:
        default = source.dataset.schema.package.get("default_policy")
        return {policy.name: policy.name == default for policy in resolve.load(source.dataset.schema)[0]}
    frame = _released(source, "policies", ("policy", "is_default"))
    return {name: default == "true" for name, default in frame.iter_rows() if name}


def _chosen(before: Mapping[str, bool], after: Mapping[str, bool], policy: str | None) -> tuple[list[str], list[str]]:
    """The policies that both sides have among those asked for, and what there is to say of the others."""
    if policy is None:
        asked = [name for name, default in after.items() if default] or [n for n, default in before.items() if default]
    elif policy == "all":
        asked = sorted({*before, *after})
    elif policy in before or policy in after:
        asked = [policy]
    else:
        there = ", ".join(sorted({*before, *after}))
        raise CannotOpen(f"there is no policy {visible(policy)}; there are: {there or 'none'}, or all of them: all")
    notes = []
    for name in asked:
        if name not in before or name not in after:
            is_new = name in after
            notes.append(
                f"The policy {name} is on the {'new' if is_new else 'old'} side alone; its values are not listed."
            )
    if policy is None and not asked:
        notes.append("Published values were not compared: no policy is the default one.")
    was, now = ([name for name, default in side.items() if default] for side in (before, after))
    if was != now:
        notes.append(f"The default policy was {', '.join(was) or 'none'} and is {', '.join(now) or 'none'}.")
    return [name for name in asked if name in before and name in after], notes


# --------------------------------------------------------------------------------------------------------------------
# Resolutions


def _fed(old: Dataset, new: Dataset) -> bool:
    """Whether anything differs of which resolutions are made: SQL, or a table that it reads."""
    before, after = _sql(old), _sql(new)
    if before != after:
        return True
    read = frozenset().union(*(views.words(sql) for sql in after.values()))
    for name in sorted(read & {*new.schema.tables, *old.schema.tables}):
        if name not in old.rows or name not in new.rows:
            return True
        a, b = (side.typed[name].sort(side.schema.all_tables[name].key) for side in (old, new))
        if not a.equals(b, null_equal=True):
            return True
    # What is made of schemas/ itself: codes, their attributes, the columns.
    return (old.schema.code_lists, old.schema.tables) != (new.schema.code_lists, new.schema.tables)


def _sql(data: Dataset) -> dict[str, str]:
    """All SQL of which resolutions are made, by file."""
    folder = data.schema.root / "schemas" / "derived"
    found = {f"derived/{name}": (folder / f"{name}.sql").read_text("utf-8") for name in resolve.MADE}
    found |= {view.file: view.create() for view in views.needed(views.load(data.schema), found.values())}
    return found | {policy.file: policy.select for policy in resolve.load(data.schema)[0]}


def _resolutions(side: Side, chosen: list[str], notes: list[str]) -> pl.DataFrame:
    assert side.source is not None
    if side.source.dataset is not None:
        return _made(side, side.source.dataset, chosen, notes)
    frame = _released(side.source, "resolutions", (*KEY, *TOLD, *_COUNTS))
    return frame.filter(pl.col("policy").is_in(chosen)).with_columns(
        pl.col(*_NUMBERS).cast(pl.Float64, strict=False),
        pl.col(*_FLAGS) == "true",
        pl.col(*_COUNTS).cast(pl.Int64, strict=False),
    )


def _made(side: Side, data: Dataset, chosen: list[str], notes: list[str]) -> pl.DataFrame:
    """The resolutions of a dataset under some of its policies."""
    policies = [policy for policy in resolve.load(data.schema)[0] if policy.name in chosen]
    with relations.connect(data.schema, relations.given(data), with_views=False) as connection:
        limit = threading.Timer(SECONDS, connection.interrupt)
        limit.start()
        try:
            faults = resolve.derive(connection, data.schema, policies)
            columns = ", ".join((*KEY, *TOLD, *_COUNTS))
            frame = pl.DataFrame(connection.sql(f"SELECT {columns} FROM resolutions").to_arrow_table())
        except duckdb.InterruptException:
            raise _NotMade(f"those of {side.label} took more than {SECONDS} seconds") from None
        finally:
            limit.cancel()
    notes += [visible(f"In {side.label}, {fault.file} {fault.message}.", 500) for fault in faults]
    return frame.with_columns(pl.col(*_COUNTS).cast(pl.Int64))


def _released(source: Source, table: str, columns: tuple[str, ...]) -> pl.DataFrame:
    """Some columns of a table of a release, as text."""
    from bastions.diff import sheets

    assert source.folder is not None
    frame = sheets.cells(source.folder / f"{table}.csv")
    if frame is None:
        raise _NotMade(f"the release has no {table}.csv that can be read")
    if missing := [column for column in columns if column not in frame.columns]:
        raise _NotMade(f"{table}.csv of the release has no column {', '.join(missing)}")
    return frame.select(columns)


def _differing(before: pl.DataFrame, after: pl.DataFrame, names: Names) -> list[Resolved]:
    """The values that differ, in order of record, column and policy."""
    here = pl.lit(True).alias("here")
    both = before.with_columns(here).join(
        after.with_columns(here), on=KEY, how="full", suffix="_new", coalesce=True, nulls_equal=True
    )
    differs = pl.any_horizontal(pl.col(column).ne_missing(pl.col(f"{column}_new")) for column in ("here", *TOLD))
    found = []
    for row in both.filter(differs).sort(*KEY[1:], "policy", nulls_last=True).iter_rows(named=True):
        key = (row["subject_table"], row["subject_id"])
        found.append(
            Resolved(row["policy"], *key, row["field"], names.get(key, ""), _answer(row, ""), _answer(row, "_new"))
        )
    return found


def _answer(row: Mapping[str, object], end: str) -> Answer | None:
    if not row[f"here{end}"]:
        return None
    cells = {column: row[f"{column}{end}"] for column in (*TOLD, *_COUNTS)}
    cells["status"] = cells.pop("resolution_status")
    cells |= {column: bool(cells[column]) for column in _FLAGS}
    return Answer(**cells)  # type: ignore[arg-type]


def worded(answer: Answer) -> str:
    """An answer as the view `policy_answers` words it: 95 [95, 97], or "nearly 96 percent" [95, 97], or a code."""
    if answer.status == "open" or answer.value_text is not None:
        return answer.value_text or answer.status
    bounded = answer.low is not None or answer.high is not None
    if answer.status == "disputed":
        said = "disputed"
    elif answer.best is not None:
        said = number(answer.best)
        if answer.low == answer.high:
            return said
    elif answer.best_raw:
        said = f'"{answer.best_raw}"'
    else:
        said = answer.best_comparator or "no best"
    if not bounded:
        return said
    low = "…" if answer.low is None else number(answer.low)
    high = "…" if answer.high is None else number(answer.high)
    opening = "(" if answer.low is None or answer.low_open else "["
    return f"{said} {opening}{low}, {high}{')' if answer.high is None or answer.high_open else ']'}"


def number(value: float) -> str:
    """A number as this repository's CSV files write it: 96, 33.33, never 1e5."""
    return format(Decimal(repr(value)).normalize(), "f")

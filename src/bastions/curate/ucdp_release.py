"""UCDP GED as it is published: the columns of its releases, and its cells as typed columns.

Followed: the codebook of GED 19.1 (Högbladh 2019) and the headers of the country files of 19.1 (41 columns) and of the
global releases 17.1 to 25.1 (49). Cells that are read have one lexical form; what is of another form is a problem that
names the event, never a guess.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import polars as pl

from bastions.problems import Problem, problem


def columns(text: str) -> list[str]:
    """Names that stand in a text, parted by blanks."""
    return text.split()


COUNTRY_19 = columns(
    "id year active_year type_of_violence conflict_new_id conflict_name dyad_new_id dyad_name side_a_new_id side_a "
    "side_b_new_id gwnob side_b number_of_sources source_article source_office source_date source_headline "
    "source_original where_prec where_coordinates adm_1 adm_2 latitude longitude geom_wkt priogrid_gid country "
    "country_id region event_clarity date_prec date_start date_end deaths_a deaths_b deaths_civilians deaths_unknown "
    "low best high"
)
"""The 41 columns of the country files that were issued beside GED 19.1, in order."""

GLOBAL = columns(
    "id relid year active_year code_status type_of_violence conflict_dset_id conflict_new_id conflict_name "
    "dyad_dset_id dyad_new_id dyad_name side_a_dset_id side_a_new_id side_a side_b_dset_id side_b_new_id side_b "
    "number_of_sources source_article source_office source_date source_headline source_original where_prec "
    "where_coordinates where_description adm_1 adm_2 latitude longitude geom_wkt priogrid_gid country country_id "
    "region event_clarity date_prec date_start date_end deaths_a deaths_b deaths_civilians deaths_unknown best high "
    "low gwnoa gwnob"
)
"""The 49 columns of the global releases, in the order of 25.1."""

READ = columns(
    "id type_of_violence conflict_new_id dyad_new_id side_a_new_id side_a side_b_new_id side_b where_prec "
    "where_coordinates adm_1 adm_2 latitude longitude country country_id event_clarity date_prec date_start date_end "
    "deaths_a deaths_b deaths_civilians deaths_unknown low best high"
)
"""The columns that become rows of ours; every release has them."""

OPTIONAL = ("year", "gwnoa", "gwnob", "source_original", "source_office", "source_date", "number_of_sources")
"""Columns that are read where they are."""

CIVILIANS = "3"
"""The type of violence whose side B are people and no party."""

PEOPLE = "1"
"""UCDP's actor id of civilians."""

_WHOLE = columns(
    "id type_of_violence conflict_new_id dyad_new_id side_a_new_id side_b_new_id where_prec country_id event_clarity "
    "date_prec deaths_a deaths_b deaths_civilians deaths_unknown low best high"
)
_CODES = {
    "type_of_violence": ("1", "2", "3"),
    "where_prec": tuple("1234567"),
    "date_prec": tuple("12345"),
    "event_clarity": ("1", "2"),
}
_NUMBERS = ("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown", "low", "best", "high")
_DAY = r"^([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[ T]00:00:00(?:\.0+)?)?$"
_POINT = r"^-?[0-9]{1,3}(\.[0-9]+)?$"


def header(found: Sequence[str], file: str) -> tuple[list[str], list[Problem]]:
    """Which columns of a file are read. By name: a release of 41 columns and one of 49 name what they share alike.

    An id of the numbering before 17.1 (`side_a_dset_id`, or `side_a_id` in old files) never stands in for the new one.

    Args:
        found: The header of the file.
        file: What problems call the file.

    Returns:
        The columns that are read; and what is wrong: a column that is missing (an error, with the unknown column that
        it may have become) or stands twice; as warnings one that is unknown, and another order than any release has.
    """
    known = {*GLOBAL, *COUNTRY_19}
    problems = []
    for place, name in enumerate(found, 1):
        if name in found[: place - 1]:
            problems.append(_label("duplicate-label", file, "stands twice in the header", place, name))
        elif name not in known:
            text = "is no column of GED that is known here; it is left out"
            problems.append(_label("extra-label", file, text, place, name, "warning"))
    spare = [name for name in found if name not in known]
    for name in READ:
        if name not in found:
            near = difflib.get_close_matches(name, spare, 1)
            hint = f'Is it the column "{near[0]}"? Name it as GED does.' if near else "Get the release anew from UCDP."
            problems.append(problem("missing-label", file, f'has no column "{name}"', line=1, field=name, hint=hint))
    if not any(p.severity == "error" for p in problems):
        order = [name for name in found if name in known]
        if not any(order == [name for name in release if name in order] for release in (GLOBAL, COUNTRY_19)):
            text = "its columns stand in an order that no release has; they are read by their names"
            problems.append(problem("incorrect-label", file, text, line=1, severity="warning"))
    return [name for name in found if name in (*READ, *OPTIONAL)], problems


def _label(rule: str, file: str, text: str, place: int, name: str, severity: str = "error") -> Problem:
    return problem(rule, file, text, line=1, column=place, value=name, severity=severity)


def typed(text: pl.DataFrame, file: str, lines: Mapping[str, int] | None = None) -> tuple[pl.DataFrame, list[Problem]]:
    """The events of a file in one form.

    Args:
        text: The columns of `READ`, and those of `OPTIONAL` that the file has, as text; empty is null.
        file: What problems call the file.
        lines: Id to physical line, where it is known.

    Returns:
        One row an event. Ids and codes stay text; dead are whole numbers; `date_start` and `date_end` are days as text,
        `days` how many they span, both counted; coordinates are plain decimals as text. And what is wrong, an error
        for each cell that is not of its kind, each end before its start and each id that stands twice; what the
        codebook rules out beside is told by `faults`.
    """
    problems: list[Problem] = []

    def refuse(bad: pl.Expr, column: str, message: str) -> None:
        rows = text.filter(bad.fill_null(True))
        some = [
            problem(
                "type-error",
                file,
                f"{message} (event {key})",
                line=(lines or {}).get(key or "", 0),
                field=column,
                record_id=key or "",
                value=value or "",
            )
            for key, value in rows.select(pl.col("id").alias("key"), column).head(SHOWN).iter_rows()
        ]
        if rows.height > SHOWN:  # on the last of them, since a problem of its own would stand before its examples
            some.sort()
            more = "; the same in 1 more event" if rows.height == SHOWN + 1 else ""
            more = more or f"; the same in {rows.height - SHOWN:,} more events"
            some[-1] = replace(some[-1], message=some[-1].message + more)
        problems.extend(some)

    text = text.with_columns(pl.col(READ).str.strip_chars(" "))
    for column in _WHOLE:
        refuse(~pl.col(column).str.contains(r"^(0|[1-9][0-9]{0,17})$"), column, "is not a whole number")
    for column, codes in _CODES.items():
        whole = pl.col(column).str.contains(r"^(0|[1-9][0-9]{0,17})$")
        refuse(whole & ~pl.col(column).is_in(codes), column, f"is none of its codes, {codes[0]} to {codes[-1]}")
    for column in ("date_start", "date_end"):
        day = pl.col(column).str.extract(_DAY, 1)
        refuse(day.str.to_date("%Y-%m-%d", strict=False).is_null(), column, "is not a day that exists")
        text = text.with_columns(day.alias(column))
    first, last = (pl.col(column).str.to_date("%Y-%m-%d", strict=False) for column in ("date_start", "date_end"))
    refuse((last < first).fill_null(False), "date_end", "is before date_start")
    for column, limit in (("latitude", 90), ("longitude", 180)):
        good = pl.col(column).str.contains(_POINT)
        refuse(~good, column, "is not a coordinate: a decimal number with a point")
        far = pl.col(column).cast(pl.Float64, strict=False).abs() > limit
        refuse(good & far.fill_null(False), column, f"is out of range: -{limit} to {limit}")
    for column in ("side_a", "side_b", "where_coordinates", "country"):
        refuse(pl.col(column).is_null() | (pl.col(column) == ""), column, "is empty")
    twice = text.filter(pl.col("id").is_duplicated()).get_column("id").unique().sort()
    problems += [problem("primary-key", file, "stands for several events", field="id", value=k) for k in twice.head(20)]
    if problems:
        return text, problems
    events = text.with_columns(
        pl.col(_NUMBERS).cast(pl.Int64),
        pl.col("latitude", "longitude").cast(pl.Float64).cast(pl.String).str.replace(r"\.0$", ""),
        ((pl.col("date_end").str.to_date() - pl.col("date_start").str.to_date()).dt.total_days() + 1).alias("days"),
        pl.col("where_coordinates", "adm_1", "adm_2", "side_a", "side_b", "country").replace("", None),
    )
    return events, problems


SHOWN = 20
"""Named limit: events that are shown for one fault of one column."""

OUT_OF_ORDER = "low, best and high are out of order"
"""What is wrong with rows that break low ≤ best ≤ high."""


def faults(events: pl.DataFrame) -> dict[str, list[str]]:
    """What the codebook rules out and a file has, with the ids of the events; the rows are kept as they are."""
    step = (
        pl.when(pl.col("days") == 1)
        .then(pl.lit("1"))
        .when(pl.col("days") <= 6)
        .then(pl.lit("2"))
        .when(pl.col("days") == 7)
        .then(pl.lit("3"))
        .when(pl.col("days") <= 31)
        .then(pl.lit("4"))
        .otherwise(pl.lit("5"))
    )
    dead = pl.sum_horizontal("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown")
    checks = {
        "the four groups of dead do not sum to best": dead != pl.col("best"),
        OUT_OF_ORDER: ~((pl.col("low") <= pl.col("best")) & (pl.col("best") <= pl.col("high"))),
        "date_prec is not that of the days between date_start and date_end": pl.col("date_prec") != step,
    }
    checks["UCDP's civilians (actor 1) are a side that fights"] = (pl.col("side_a_new_id") == PEOPLE) | (
        (pl.col("side_b_new_id") == PEOPLE) & (pl.col("type_of_violence") != CIVILIANS)
    )
    if "year" in events.columns:
        checks["year is not that of date_start"] = pl.col("year") != pl.col("date_start").str.slice(0, 4)
    found = {message: events.filter(bad).get_column("id").to_list() for message, bad in checks.items()}
    return {message: ids for message, ids in found.items() if ids}


def told(message: str, ids: Sequence[str], file: str) -> Problem:
    """A fault of a file as a warning, with the first few events that have it."""
    some = ", ".join(ids[:5]) + (" …" if len(ids) > 5 else "")
    text = f"{message} in {len(ids):,} events ({some}); they are kept as they are"
    if len(ids) == 1:
        text = f"{message} in 1 event ({some}); it is kept as it is"
    return problem("codebook", file, text, severity="warning")


def text_frame(rows: Iterable[Mapping[str, str]], columns: Sequence[str]) -> pl.DataFrame:
    """Rows of text as a frame of these columns; empty is null."""
    listed = list(rows)
    return pl.DataFrame(
        {name: [row.get(name) or None for row in listed] for name in columns},
        schema=dict.fromkeys(columns, pl.String()),
    )

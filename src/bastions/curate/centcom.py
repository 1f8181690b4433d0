"""The coalition's strike releases, as a scraper put them into rows → one strike a line, and a figure for each effect.

Which words are a row's own is told in `centcom_lines`, what they mean in `strike_lines`, what is made of it in
`centcom_rows`. A line that the grammar cannot take whole keeps its strike, its place, its day and its number of
strikes; its effects are not made, and it is listed in the decision file `unread_lines.csv`.

The date of a row is that of its release. A release tells the strikes since the one before: that of 20 December 2014
those of the same day, that of 2 November 2015 those of the day before. So the day of a strike is one of two.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import polars as pl

from bastions.curate import centcom_lines
from bastions.curate import settings as checked
from bastions.curate.centcom_lines import COLUMNS, COUNTRIES, Reported
from bastions.curate.centcom_rows import Rows, Settings
from bastions.curate.job import Job, Made, Row
from bastions.curate.places import Decision, Gazetteer, Wanted, make_location, settle
from bastions.curate.raw import RawRow, read_csv
from bastions.curate.strike_lines import Unread
from bastions.problems import Problem


def curate(job: Job) -> Made:
    """What the releases say, as rows.

    Args:
        job: With the scraper's file before names of places were cleaned; for `settings` see `centcom_rows.Settings`.
    """
    settings, problems = checked.read(job, Settings)
    if settings is None:
        return Made(problems=problems)
    file = settings.list
    raw, problems = read_csv(job.raw[file], file, COLUMNS)
    if problems := [*problems, *_misfits(job, settings, raw)]:
        return Made(problems=problems)
    rows, problems = job.corrections.apply(raw)
    lines, faults = centcom_lines.read(raw, rows, job.raw[file], file, settings.releases)
    if problems := [*problems, *faults]:
        return Made(problems=problems)
    gazetteer = Gazetteer(job.tables)
    decisions, places = _settled(job, settings, lines, gazetteer)
    out = Rows(job.source_id, settings, {name: list(rows) for name, rows in settings.rows.items()})
    for line in lines:
        decision = decisions[line.name, line.country]
        # A person may name a place that is not there; that is for the check of keys to say.
        out.line(line, decision, gazetteer.places.get(decision.location_id))
    out.made_places(lines, decisions)
    out.releases(lines)
    return Made(
        tables=out.tables,
        decisions={"places": places, "unread_lines": out.unread},
        counts=_counts(lines, decisions),
    )


def _wanted(lines: Iterable[Reported]) -> Iterable[Wanted]:
    """The names of places, each in its country, which tells homonyms apart."""
    return (Wanted(line.name, context=line.country, country=COUNTRIES[line.country]) for line in lines)


def _misfits(job: Job, settings: Settings, raw: Sequence[RawRow]) -> list[Problem]:
    """Settings that have the right form and do not fit the importer or the file."""
    found = []
    if missing := [name for name in COUNTRIES if name not in settings.countries]:
        message = f"lacks the location of {' and '.join(missing)}"
        found.append(checked.unfit(job, "settings.countries", message))
    lines = {row.line for row in raw}
    for key, told in (("told_days", settings.told_days), ("releases", settings.releases)):
        found += [
            checked.unfit(job, f"settings.{key}.{line}", f"is no line on which a row of {settings.list} begins")
            for line in sorted(told.keys() - lines if lines else ())
        ]
    return found


def _settled(
    job: Job, settings: Settings, lines: Sequence[Reported], gazetteer: Gazetteer
) -> tuple[dict[tuple[str, str], Decision], list[Row]]:
    """The decisions on places, and the rows of `places.csv`.

    That a place is made is decided by the person who listed it in the settings, and its row says so. Such a row follows
    from the settings each time; only what persons decided in `places.csv` itself stays.
    """
    method = "made_from_source"
    before = {**job.decisions, "places": job.decisions["places"].filter(pl.col("place_method") != method)}
    decided = replace(job, decisions=before)
    decisions, rows = settle(decided, _wanted(lines), gazetteer, lambda want: _make(settings, want))
    note = "no gazetteer has it; listed in settings.made_places of source.yaml"
    return decisions, [
        {**row, "decided_by": settings.made_places[row["name"]], "note": note} if row["place_method"] == method else row
        for row in rows
    ]


def _make(settings: Settings, want: Wanted) -> Row | None:
    """The place of a name that no gazetteer has, if a person has listed it; without a point, since nobody gives one."""
    if want.name not in settings.made_places:
        return None
    unit = settings.countries[want.context]
    return make_location(want, unit_id=unit, unit_code=want.country, country=want.country)


def _counts(lines: Sequence[Reported], decisions: Mapping[tuple[str, str], Decision]) -> dict[str, int]:
    read = [line.reading for line in lines if not isinstance(line.reading, Unread)]
    unread = Counter(line.reading.reason for line in lines if isinstance(line.reading, Unread))
    effects = [effect for reading in read for effect in reading.effects]
    return {
        "lines": len(lines),
        "lines read whole": len(read),
        **{f"lines unread: {reason}": times for reason, times in sorted(unread.items())},
        "strikes reported": sum(line.reading.strikes or 0 for line in lines),
        "effects": len(effects),
        "effects on other things": sum(effect.item == "other" for effect in effects),
        "effects without a number": sum(effect.quantity is None for effect in effects),
        "releases": len({line.released for line in lines}),
        "names of places": len(decisions),
        "names of places not resolved": sum(not decision.location_id for decision in decisions.values()),
        "lines without a resolved place": sum(not decisions[line.name, line.country].location_id for line in lines),
    }

"""`bastions curate ucdp-ged`: a whole release of UCDP GED as tables of this model, in bounded memory.

The file is read as a stream, CSV or zip; every batch becomes rows by the functions of `ucdp_events`, on columns; what
events share (places, actors) is kept by key and written last. Nothing of `out` stands before all of it is written.

`out` gets `parquet/<table>.parquet`, typed as the tables of a release, which DuckDB, polars, pandas and R read as they
are, `views.sql` for DuckDB, and `datapackage.json`. With `form="csv"` it becomes a dataset of its own, which `bastions
validate OUT` takes: `data/`, a copy of `schemas/`, and a waiver for each total that UCDP published out of order. That
form is for a part of a release, such as the events of one side: the validator reads files of at most 50 MB, and a
table that comes to more is a finding.

Left out, as in the Syrian import: articles and headlines. Left out too is who reported an event: the column
`source_original` is free text, and only a person's reading makes actors of it. Composite sides are one actor each.

What kind an actor is, GED says by type of violence alone. A side called "Government of" is a government, several such
are a coalition, several names an armed_coalition. Whoever else fights a state or attacks civilians is an organised
group by the codebook. A party to non-state violence alone may also be a community or supporters of a party, which only
the Actor Dataset (Org) tells apart: it is an `armed_group` too, our most general code of a party that is no state, and
is counted. UCDP's civilians (1) are the population, on whatever side they stand.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from bastions.curate import ucdp_events, ucdp_world_places
from bastions.curate.job import Row
from bastions.curate.ucdp_release import CIVILIANS, OPTIONAL, PEOPLE, READ, faults, told, typed
from bastions.curate.ucdp_sides import BY, SCHEME
from bastions.curate.ucdp_stream import Source
from bastions.curate.ucdp_waivers import waivers
from bastions.curate.ucdp_writer import Writer
from bastions.files import MAX_FILE
from bastions.problems import Problem, problem
from bastions.schema import Schema


@dataclass(slots=True)
class Converted:
    """What a conversion came to.

    Attributes:
        problems: What is wrong with the file; with an error among them nothing was written.
        rows: Table to number of rows.
        files: What was written, below `out`.
        counts: What a person should see of the run, by name.
    """

    problems: list[Problem] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def errors(self) -> int:
        """Number of errors among the problems."""
        return sum(p.severity == "error" for p in self.problems)


def convert(
    path: Path,
    out: Path,
    schema: Schema,
    *,
    side: str = "",
    form: str = "parquet",
    named: str = "",
    progress: Callable[[Iterator[int]], Iterable[int]] = iter,
) -> Converted:
    """Turns a release of GED into tables.

    Args:
        path: The CSV file, or a zip with one CSV file in it.
        out: The folder to make; it has to be absent or empty.
        schema: The tables and code lists; those of this repository.
        side: UCDP's id of an actor whose events alone are taken; empty for all.
        form: `parquet` or `csv`.
        named: The key of the source, as `release` gives it, where the name of the file does not tell the release.
        progress: Wraps the numbers of events of the batches, as they are done.

    Returns:
        What was written and what is wrong with the file.

    Raises:
        FileExistsError: If there is something in `out`.
        OSError: If a file cannot be read or written.
    """
    key = named or release(path.name)
    if not key:
        text = "does not tell by its name which release of GED it is"
        return Converted([problem("source-error", path.name, text, hint="Name it as UCDP does: GEDEvent_v25_1.csv.")])
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise FileExistsError(17, "is there and not empty", str(out))
    out.parent.mkdir(parents=True, exist_ok=True)
    stage = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        run = _Run(Source(path), schema, side, Writer(stage, schema, key, form))
        for _ in progress(run.batches()):
            pass
        run.finish()
        if not run.done.errors:
            if out.exists():
                out.rmdir()
            stage.rename(out)
        return run.done
    finally:
        shutil.rmtree(stage, ignore_errors=True)


_CANDIDATE = re.compile(
    r"(?<![0-9])([12][0-9])[._-]((?:0[1-9]|1[0-2]))[._-]([12][0-9])[._-]((?:0[1-9]|1[0-2]))(?![0-9])"
)
_RELEASE = re.compile(r"(?<![0-9])([12][0-9])[._-]?([0-9])(?:[._-]([0-9]{1,2}))?(?![0-9])")


def release(name: str) -> str:
    """The key of the source, by the name of its file; empty where that tells no release.

    `ucdp-ged-25-1` for GEDEvent_v25_1.csv, a year's release; `ucdp-ged-25-0-6` for GEDEvent_v25_0_6.csv, the candidate
    events of a month; `ucdp-ged-23-01-23-12` for GEDEvent_v23_01_23_12.csv, those of several.
    """
    told = _CANDIDATE.search(name) or _RELEASE.search(name)
    return "-".join(["ucdp-ged", *(part for part in told.groups() if part)]) if told else ""


class _Run:
    """One conversion: what is read, what is kept for the end, and what is written."""

    def __init__(self, source: Source, schema: Schema, side: str, writer: Writer):
        self.source, self.file, self.side, self.writer = source, source.path.name, side, writer
        self.source_id = writer.source_id
        self.countries = {
            cross.code: code.code
            for code in schema.code_lists["country"].codes.values()
            for cross in code.crosswalk
            if cross.system == "gwno"
        }
        self.done = Converted()
        self.places: list[pl.DataFrame] = []
        self.actors: list[pl.DataFrame] = []
        self.people: list[pl.Series] = []
        self.ids: list[pl.Series] = []
        self.days: list[str] = []
        self.faults: dict[str, list[str]] = {}
        self.waivers: list[Row] = []

    def batches(self) -> Iterator[int]:
        """Reads and writes batch by batch; gives the number of events of each."""
        for text in self.source.frames():
            yield self._batch(text)
            if self.done.errors:
                return

    def _batch(self, text: pl.DataFrame) -> int:
        missing = [pl.lit(None, pl.String).alias(name) for name in OPTIONAL if name not in text.columns]
        events, found = typed(text.with_columns(missing).select(*READ, *OPTIONAL), self.file)
        self.done.problems += found
        if found or not events.height:
            return text.height
        for message, ids in faults(events).items():
            self.faults.setdefault(message, []).extend(ids)
        if self.side:
            events = events.filter((pl.col("side_a_new_id") == self.side) | (pl.col("side_b_new_id") == self.side))
        events = ucdp_world_places.keyed(events)
        self.ids.append(events.get_column("id").cast(pl.Int64))
        days = [events.get_column("date_start").min(), events.get_column("date_end").max()]
        self.days += [str(day) for day in days if day is not None]
        self.places.append(ucdp_world_places.locations(events, self.countries))
        self.actors.append(_parties(events))
        one_sided = pl.col("type_of_violence") == CIVILIANS
        self.people.append(events.filter(one_sided).get_column("side_b_new_id").unique())
        for column in ("side_a_new_id", "side_b_new_id"):
            self.people.append(events.filter(pl.col(column) == PEOPLE).get_column(column).unique())
        raw = pl.concat([events.select(raw_id="side_a_new_id"), events.select(raw_id="side_b_new_id")]).unique()
        key = pl.when(pl.col("raw_id") == PEOPLE).then(pl.lit(ucdp_events.AFFECTED)).otherwise(_KEY)
        actors = raw.with_columns(key.alias("actor_id"), key.alias("whole_id"))
        sided = ucdp_events.sides(events, actors)
        counted = ucdp_events.counted(events, actors)
        put = self.writer.put
        put("engagements", ucdp_events.engagements(events))
        put("participants", ucdp_events.participants(sided))
        put("figures", ucdp_events.figures(counted))
        put("identifiers", ucdp_events.identifiers(events))
        put("claims", ucdp_events.event_claims(events, self.source_id))
        put("claims", ucdp_events.participant_claims(sided, self.source_id))
        put("claims", ucdp_events.value_claims(counted, self.source_id))
        if self.writer.form == "csv":
            self.waivers += waivers(self.source_id, counted)
        self._size()
        return text.height

    def _size(self) -> None:
        for table in self.writer.too_large:
            limit = f"{MAX_FILE // 1_000_000} MB"
            text = f"comes to more than {limit} of {table}, which is as much as a CSV file here may have"
            hint = "Take form parquet, or the events of one side (--side)."
            self.done.problems.append(problem("too-large", self.file, text, hint=hint))

    def finish(self) -> None:
        """Writes what events share, and closes the files; or tells why nothing is written."""
        self.done.problems = self.source.problems + self.done.problems
        self.done.problems += [told(message, ids, self.file) for message, ids in sorted(self.faults.items())]
        ids = pl.concat(self.ids) if self.ids else pl.Series(dtype=pl.Int64())
        if not self.done.errors and not ids.len():
            text = f"no event has {self.side} on a side" if self.side else "there is no event in it"
            self.done.problems.append(problem("source-error", self.file, text))
        twice = ids.filter(ids.is_duplicated()).unique().sort()
        self.done.problems += [
            problem("primary-key", self.file, "stands for several events", field="id", value=str(key))
            for key in twice.head(20)
        ]
        if self.done.errors:
            self.writer.close()
            return
        places, several = ucdp_world_places.first_named(ucdp_world_places.unique(self.places))
        if several:
            key, names = next(iter(sorted(several.items())))
            many = "1 place is" if len(several) == 1 else f"{len(several):,} places are"
            text = f"{many} named in several ways, as {key}: {', '.join(names)}; the first is kept"
            self.done.problems.append(problem("places-alike", self.file, text, severity="warning"))
        self.writer.put("locations", places)
        self.writer.put("claims", ucdp_world_places.claims(places, self.source_id))
        self.writer.put("identifiers", ucdp_world_places.identifiers(places))
        unlisted = _put_actors(self.writer, self.actors)
        _put_people(self.writer, pl.concat(self.people))
        self.writer.put("sources", _source(self.source_id, min(self.days), max(self.days)))
        self.done.counts = {"events": ids.len(), "places": places.height, "places named in several ways": len(several)}
        self.done.counts["parties to non-state violence alone, of an organisation that GED does not tell"] = unlisted
        self.done.rows = self.writer.close(self.waivers)
        self.done.files = self.writer.files()
        self._size()


_KEY = pl.format("ucdp-actor-{}", "raw_id")


def _parties(events: pl.DataFrame) -> pl.DataFrame:
    """The sides of events: UCDP's id and name, for states the number, type of violence, and the event that has them."""
    alike = ("id", "type_of_violence")
    first = events.select(*alike, raw_id="side_a_new_id", name="side_a", gwno="gwnoa", column=pl.lit("side_a"))
    second = events.filter(pl.col("type_of_violence") != CIVILIANS).select(
        *alike, raw_id="side_b_new_id", name="side_b", gwno="gwnob", column=pl.lit("side_b")
    )
    return (
        pl.concat([first, second])
        .filter(pl.col("raw_id") != PEOPLE)
        .unique(["raw_id", "name", "gwno", "type_of_violence"], keep="first", maintain_order=True)
    )


def _put_actors(writer: Writer, found: list[pl.DataFrame]) -> int:
    """Actors with their ids and, where UCDP writes one in several ways, its other names.

    Returns:
        How many are party to non-state violence alone, so that GED does not tell what kind of body they are.
    """
    known = pl.concat(found)
    number = pl.col("gwno").filter(pl.col("gwno").str.contains("^[1-9][0-9]*$")).first()
    each = known.group_by("raw_id", maintain_order=True).agg(
        pl.col("name").first(), number, (pl.col("type_of_violence") == "2").all().alias("non_state")
    )
    state = pl.col("name").str.starts_with("Government of ")
    several = pl.col("name").str.contains(", ", literal=True)
    kind = (
        pl.when(state & several)
        .then(pl.lit("coalition"))
        .when(state)
        .then(pl.lit("government"))
        .when(several)
        .then(pl.lit("armed_coalition"))
        .otherwise(pl.lit("armed_group"))
    )
    name = pl.col("name").str.slice(0, 300)
    actors = each.with_columns(_KEY.alias("actor_id"), kind.alias("actor_type"), name)
    writer.put("actors", actors.select("actor_id", "name", "actor_type"))
    ucdp = {"actor_id": "ucdp", "name": "Uppsala Conflict Data Program", "actor_type": "organisation"}
    writer.put("actors", pl.DataFrame([ucdp | {"bloc": "uninvolved"}]))
    for column, scheme in {"raw_id": SCHEME, "gwno": "gwno"}.items():
        listed = actors.filter(pl.col(column).str.contains(r"^[1-9][0-9]*$"))
        writer.put(
            "identifiers",
            listed.select(
                pl.format("{}-{}", _KEY, pl.lit(scheme)).alias("identifier_id"),
                pl.lit("actors").alias("subject_table"),
                _KEY.alias("subject_id"),
                pl.lit(scheme).alias("scheme"),
                pl.col(column).alias("identifier"),
                pl.lit("exact").alias("match"),
            ),
        )
    _put_names(writer, known.with_columns(name), actors)
    return actors.filter((pl.col("actor_type") == "armed_group") & pl.col("non_state")).height


def _put_names(writer: Writer, known: pl.DataFrame, actors: pl.DataFrame) -> None:
    """The names of an id of UCDP's beside the one that stands first, each with the claim that UCDP has it."""
    every = known.unique(["raw_id", "name"], keep="first", maintain_order=True)
    others = every.join(actors.select("raw_id", "name"), ["raw_id", "name"], "anti", maintain_order="left")
    if not others.height:
        return
    others = others.with_columns((pl.int_range(pl.len()).over("raw_id") + 2).alias("place"))
    name_id = pl.format("{}-name-{}", _KEY, "place")
    names = others.select(
        name_id.alias("name_id"),
        pl.lit("actors").alias("subject_table"),
        _KEY.alias("subject_id"),
        "name",
        pl.lit("spelling").alias("name_type"),
    )
    claims = others.select(
        *ucdp_events.claim_cells(writer.source_id, pl.format("actor-{}-name-{}", "raw_id", "place")),
        pl.format("id={};column={}", "id", "column").alias("locator"),
        pl.lit("names").alias("subject_table"),
        name_id.alias("subject_id"),
        pl.lit("name").alias("field"),
        pl.col("name").alias("value_text"),
        pl.lit("UCDP writes the actor of this id so, too.").alias("statement"),
    )
    writer.put("names", names)
    writer.put("claims", claims)


def _put_people(writer: Writer, found: pl.Series) -> None:
    """The actor on whom one-sided violence falls, with the ids that UCDP has for it, where there is such violence."""
    ids = found.unique().sort()
    if not ids.len():
        return
    actor = {"actor_id": ucdp_events.AFFECTED, "name": "Civilians", "actor_type": "population", "bloc": "uninvolved"}
    writer.put("actors", pl.DataFrame([actor]))
    writer.put(
        "identifiers",
        ids.to_frame("identifier").select(
            pl.format("{}-{}-{}", pl.lit(ucdp_events.AFFECTED), pl.lit(SCHEME), "identifier").alias("identifier_id"),
            pl.lit("actors").alias("subject_table"),
            pl.lit(ucdp_events.AFFECTED).alias("subject_id"),
            pl.lit(SCHEME).alias("scheme"),
            "identifier",
            pl.lit("close").alias("match"),
        ),
    )


def _source(source_id: str, first: str, last: str) -> pl.DataFrame:
    told = source_id.removeprefix("ucdp-ged").strip("-").replace("-", ".")
    parts = told.split(".")
    candidate = len(parts) == 4 or (len(parts) == 3 and parts[1] == "0")
    row: Mapping[str, str | None] = {
        "source_id": source_id,
        "source_type": "event_dataset",
        "title": "UCDP Candidate Events Dataset" if candidate else "UCDP Georeferenced Event Dataset",
        "version": told or None,
        "publisher_id": "ucdp",
        "licence": "CC-BY-4.0",
        "access": "dataset",
        "covers_from": first,
        "covers_to": last,
        "coded_by": BY,
    }
    return pl.DataFrame([dict(row)], schema=dict.fromkeys(row, pl.String()))

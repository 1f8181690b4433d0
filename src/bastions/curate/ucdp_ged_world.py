"""`bastions curate ucdp-ged`: a whole release of UCDP GED as tables of this model, in bounded memory.

The file is read as a stream, CSV or zip; every batch becomes rows by the functions of `ucdp_events`, on columns; what
events share (places, actors) is kept by key and written last. Nothing of `out` stands before all of it is written.

`out` gets `parquet/<table>.parquet`, typed as the tables of a release, which DuckDB, polars, pandas and R read as they
are, `views.sql` for DuckDB, and `datapackage.json`; with `form="csv"` in their stead `data/<table>/<source_id>.csv`,
parts that `bastions validate` reads in a dataset folder, next to its `schemas/`.

Left out, as in the Syrian import: articles and headlines. Left out too is who reported an event: the column
`source_original` is free text, and only a person's reading makes actors of it. Composite sides are one actor each.
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
from bastions.curate.ucdp_release import CIVILIANS, OPTIONAL, READ, faults, told, typed
from bastions.curate.ucdp_sides import BY, SCHEME
from bastions.curate.ucdp_stream import Source
from bastions.curate.ucdp_writer import Writer
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
    progress: Callable[[Iterator[int]], Iterable[int]] = iter,
) -> Converted:
    """Turns a release of GED into tables.

    Args:
        path: The CSV file, or a zip with one CSV file in it.
        out: The folder to make; it has to be absent or empty.
        schema: The tables and code lists; those of this repository.
        side: UCDP's id of an actor whose events alone are taken; empty for all.
        form: `parquet` or `csv`.
        progress: Wraps the numbers of events of the batches, as they are done.

    Returns:
        What was written and what is wrong with the file.

    Raises:
        FileExistsError: If there is something in `out`.
        OSError: If a file cannot be read or written.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise FileExistsError(17, "is there and not empty", str(out))
    out.parent.mkdir(parents=True, exist_ok=True)
    stage = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        run = _Run(Source(path), schema, side, Writer(stage, schema, release(path.name), form))
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


def release(name: str) -> str:
    """The key of the source: `ucdp-ged-25-1` for GEDEvent_v25_1.csv, `ucdp-ged` where the name tells no release."""
    named = re.search(r"(?<![0-9])([12][0-9])[._-]?([0-9])(?:[._-]([0-9]{1,2}))?(?![0-9])", name)
    return "-".join(["ucdp-ged", *(part for part in named.groups() if part)]) if named else "ucdp-ged"


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
        raw = pl.concat([events.select(raw_id="side_a_new_id"), events.select(raw_id="side_b_new_id")]).unique()
        key = pl.format("ucdp-actor-{}", "raw_id")
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
        return text.height

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
        places = ucdp_world_places.unique(self.places)
        self.writer.put("locations", places)
        self.writer.put("claims", ucdp_world_places.claims(places, self.source_id))
        self.writer.put("identifiers", ucdp_world_places.identifiers(places))
        _put_actors(self.writer, self.actors)
        _put_people(self.writer, pl.concat(self.people))
        self.writer.put("sources", _source(self.source_id, min(self.days), max(self.days)))
        self.done.counts = {"events": ids.len(), "places": places.height}
        self.done.rows, self.done.files = self.writer.close(), self.writer.files()


def _parties(events: pl.DataFrame) -> pl.DataFrame:
    """The sides of events: UCDP's id and name, and for states the number."""
    first = events.select(raw_id="side_a_new_id", name="side_a", gwno="gwnoa")
    second = events.filter(pl.col("type_of_violence") != CIVILIANS)
    return pl.concat([first, second.select(raw_id="side_b_new_id", name="side_b", gwno="gwnob")]).unique(
        maintain_order=True
    )


def _put_actors(writer: Writer, found: list[pl.DataFrame]) -> None:
    """Actors with their ids. The type follows from how UCDP names sides: governments, composites, groups."""
    known = pl.concat(found).unique(["raw_id", "name"], keep="first", maintain_order=True)
    actors = known.unique("raw_id", keep="first", maintain_order=True)
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
    key = pl.format("ucdp-actor-{}", "raw_id")
    name = pl.col("name").str.slice(0, 300)
    writer.put("actors", actors.select(key.alias("actor_id"), name, kind.alias("actor_type")))
    ucdp = {"actor_id": "ucdp", "name": "Uppsala Conflict Data Program", "actor_type": "organisation"}
    writer.put("actors", pl.DataFrame([ucdp | {"bloc": "uninvolved"}]))
    own = {"raw_id": SCHEME, "gwno": "gwno"}
    for column, scheme in own.items():
        listed = actors.filter(pl.col(column).str.contains(r"^[1-9][0-9]*$"))
        writer.put(
            "identifiers",
            listed.select(
                pl.format("{}-{}", key, pl.lit(scheme)).alias("identifier_id"),
                pl.lit("actors").alias("subject_table"),
                key.alias("subject_id"),
                pl.lit(scheme).alias("scheme"),
                pl.col(column).alias("identifier"),
                pl.lit("exact").alias("match"),
            ),
        )


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
    row: Mapping[str, str | None] = {
        "source_id": source_id,
        "source_type": "event_dataset",
        "title": "UCDP Georeferenced Event Dataset",
        "version": told or None,
        "publisher_id": "ucdp",
        "licence": "CC-BY-4.0",
        "access": "dataset",
        "covers_from": first,
        "covers_to": last,
        "coded_by": BY,
    }
    return pl.DataFrame([dict(row)], schema=dict.fromkeys(row, pl.String()))

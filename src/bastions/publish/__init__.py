"""Publishing: from a dataset without errors to `build/`, whole or not at all.

The steps: validate; write Parquet, CSV, database, views, descriptor and the rest into a folder beside the target
(`atomic`); see it all onto the disk; swap the two folders. All but `bastions.duckdb` and its digest file have the same
bytes whenever the data and the libraries are the same.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from bastions.problems import Report, visible
from bastions.publish.errors import Busy, CannotPublish, CircleError, NotARelease, Refused

if TYPE_CHECKING:
    from bastions.dataset import Dataset

__all__ = ["Busy", "CannotPublish", "CircleError", "NotARelease", "Refused", "Release", "build"]

NOTHING = Report((), {})

KEPT = ("README.md",)
"""What stays in the folder of the release from one to the next: it is in git."""


@dataclass(frozen=True, slots=True)
class Release:
    """A release that has been published.

    Attributes:
        folder: Where it is.
        version: The version of the data.
        rows: Rows of each table.
        views: The names of its views and macros.
        files: Its files, relative to `folder`.
        notes: What its database lacks or calls otherwise, and why; `BUILD.json` says the same.
        report: The report of the validation before, which may hold warnings.
    """

    folder: Path
    version: str
    rows: dict[str, int]
    views: tuple[str, ...]
    files: tuple[str, ...]
    notes: tuple[str, ...] = ()
    report: Report = NOTHING

    def __str__(self) -> str:
        tables = "1 table" if len(self.rows) == 1 else f"{len(self.rows)} tables"
        rows = sum(self.rows.values())
        told = f"{rows:,} row{'' if rows == 1 else 's'} in {tables}"
        if self.views:
            told += f", {len(self.views)} views and macros"
        told = f"{self.folder}: release {f'{visible(self.version)}, ' if self.version else 'of '}{told}"
        return "\n".join([told, *(f"    {visible(note, 500)}" for note in self.notes)])


def build(root: Path | str = ".", out: Path | str = "build") -> Release:
    """Validates a dataset and publishes it.

    Args:
        root: The folder that holds `schemas/`, `data/` and `seeds/`.
        out: The folder of the release; made, or replaced if it holds an older release. Its README.md stays.

    Returns:
        The release.

    Raises:
        Refused: If validation finds an error; `out` is as it was.
        CannotPublish: If another build is writing to `out` (Busy), `out` holds files that no release put there
            (NotARelease), or rows refer to each other in a circle that no rule reported (CircleError).
        FileNotFoundError: If there is no dataset in `root`.
        SchemaError: If a view does not compile.
    """
    from bastions.publish import atomic, metadata
    from bastions.validation import examine

    out = Path(out)
    found = examine(root)
    if found.report.errors or found.dataset is None:
        raise Refused(found.report)
    with atomic.replacing(out, metadata.made_by_release, KEPT) as stage:
        release = _write(found.dataset, stage, out)
    return replace(release, report=found.report)


def _write(data: Dataset, stage: Path, out: Path) -> Release:
    """Everything of a release, into the staging folder."""
    from bastions import codebook, files, relations
    from bastions.publish import database, descriptor, metadata, parquet, views_sql
    from bastions.publish.errors import naming

    schema = data.schema
    frames = relations.published(data)
    texts = data.text

    def put(name: str, text: str) -> None:
        path = stage / name
        path.parent.mkdir(exist_ok=True)
        with naming(path):
            path.write_bytes(text.encode("utf-8"))

    (stage / "parquet").mkdir()
    for name, frame in frames.items():
        table = schema.all_tables[name]
        with naming(stage / "parquet" / f"{name}.parquet"):
            parquet.write(frame, table.published(), stage / "parquet" / f"{name}.parquet")
        derived = name not in texts
        text = relations.as_text(frame) if derived else relations.with_bounds(table, texts[name], as_text=True)
        put(f"csv/{name}.csv", files.to_csv(text, table.published()))
    with naming(stage / metadata.DATABASE):
        views = database.write(schema, frames, stage / metadata.DATABASE)
    put("views.sql", views_sql.text(schema, views))
    put("codebook.md", codebook.render(schema, release=True))
    citation = schema.root / "CITATION.cff"
    if citation.is_file():
        put("CITATION.cff", metadata.citation(citation.read_text("utf-8"), schema.package["version"]))
    put("datapackage.json", metadata.as_json(descriptor.package(schema, stage, frames)))
    put("BUILD.json", metadata.as_json(metadata.build_json(schema, stage, frames, views)))
    stable = [path.relative_to(stage).as_posix() for path in stage.rglob("*") if path.is_file()]
    stable.remove(metadata.DATABASE)
    put(metadata.SUMS, metadata.sums(stage, stable))
    put(metadata.DATABASE_DIGEST, metadata.sums(stage, [metadata.DATABASE]))
    return Release(
        out,
        schema.package["version"],
        {name: frames[name].height for name in sorted(frames)},
        tuple(sorted(view.name for view in views)),
        tuple(sorted([*stable, metadata.DATABASE, metadata.SUMS, metadata.DATABASE_DIGEST])),
    )

"""A whole validation or build of a package: what is examined (`examining`), told, and published."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bastions.problems import Problem, Report, Tally, ordered, problem
from bastions.publish.errors import naming
from bastions.schema import Table
from bastions.tabular.descriptor import package as packages
from bastions.tabular.examining import Examined, MakeEngine, Progress, Sink, examine
from bastions.tabular.limits import Limits
from bastions.tabular.tables.scratch import scratch

if TYPE_CHECKING:
    from bastions.publish import Release


def validate(
    path: Path | str,
    *,
    limits: Limits | None = None,
    sink: Sink | None = None,
    progress: Progress | None = None,
    engine: MakeEngine | None = None,
) -> Report:
    """Everything that is wrong with a Data Package.

    Args:
        path: The folder of the package, or its descriptor.
        limits: What is read at most.
        sink: Takes each problem as it is found. Without one the report holds all of them; with one, some (`Tally`).
        progress: Is told the table and the number of rows after each batch.
        engine: Makes the engine for a run in a folder, with the columns that will be asked about; see `engine.Engine`.

    Raises:
        FileNotFoundError: If there is no package.
        OSError: If the descriptor cannot be read, or there is no room for temporary files.
    """
    limits = limits or Limits()
    told = _Told(sink, limits)
    with naming(Path(path)):
        package, problems = packages.read(Path(path), limits)
    try:
        for found in problems:
            told.tell(found)
        if package is None:
            return told.report(None)
        with scratch() as folder:
            return told.report(examine(package, folder, told.tell, limits, progress, engine))
    except _TooMany:
        return told.report(None)


def build(
    path: Path | str,
    out: Path | str | None = None,
    *,
    limits: Limits | None = None,
    sink: Sink | None = None,
    progress: Progress | None = None,
    database: bool = True,
) -> Release:
    """Validates a Data Package and publishes it as typed Parquet, a descriptor, and a database.

    Args:
        path: The folder of the package, or its descriptor.
        out: The folder of the release; made, or replaced if it holds an older release. `build` in that of the package
            where it is None.
        limits: What is read at most.
        sink: As of `validate`.
        progress: As of `validate`.
        database: Whether to make the database, which takes longer than all the rest.

    Returns:
        The release, with the report of the validation, which may hold warnings.

    Raises:
        Refused: If validation finds an error; `out` is as it was.
        CannotPublish: If another build is writing to `out`, or `out` holds files that no release put there.
        FileNotFoundError: If there is no package.
        OSError: If something cannot be read or written; `out` is as it was.
    """
    from bastions.publish import Refused, atomic, metadata
    from bastions.tabular.release import publish

    limits = limits or Limits()
    told = _Told(sink, limits)
    with naming(Path(path)):
        package, problems = packages.read(Path(path), limits)
    try:
        for found in problems:
            told.tell(found)
    except _TooMany:
        package = None
    if package is None:
        raise Refused(told.report(None))
    out = Path(out) if out is not None else package.root / "build"
    with atomic.replacing(out, metadata.made_by_release) as stage, scratch() as folder:
        (stage / "parquet").mkdir()
        paths = publish.parquet_paths(package)

        def open_writer(name: str, table: Table) -> publish.Writer:
            return publish.Writer(table, stage / paths[name])

        try:
            report = told.report(examined := examine(package, folder, told.tell, limits, progress, None, open_writer))
        except _TooMany:
            raise Refused(told.report(None)) from None
        if report.errors:
            raise Refused(report)
        if progress:
            progress("the release", 0)
        release = publish.write(examined.package, stage, database=database)
    return replace(release, folder=out, report=report)


class _TooMany(Exception):
    """There are more problems than are told."""


class _Told:
    """Hands problems on, as many as are allowed, and keeps what the report needs."""

    def __init__(self, sink: Sink | None, limits: Limits):
        self._sink, self._tally, self._all = sink, Tally(), list[Problem]()
        self._left = limits.problems

    def tell(self, found: Problem) -> None:
        if not self._left:
            message = "there are more problems than are told; what follows was not looked at"
            hint = "Mend these first; --max-problems NUMBER raises the limit."
            self._take(problem("problem-limit", found.file, message, hint=hint))
            raise _TooMany
        self._left -= 1
        self._take(found)

    def _take(self, found: Problem) -> None:
        if self._sink:
            self._sink(found)
            self._tally.add(found)
        else:
            self._all.append(found)

    def report(self, examined: Examined | None) -> Report:
        """The report; without anything that was examined the descriptor itself is what could not be read."""
        problems = ordered(self._tally.problems if self._sink else self._all)
        numbers = self._tally.numbers if self._sink else {}
        if examined is None:
            return Report(problems, {}, unread=(packages.FILE,), numbers=numbers)
        return Report(
            problems,
            examined.rows,
            waiting=examined.waiting,
            files=examined.files,
            unread=examined.unread,
            numbers=numbers,
        )

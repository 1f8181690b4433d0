"""Making a release: validate, build, pack, compare with what was released before, put in place, write down.

What is made: `<name>-<version>.tar.gz`, the folder of the release without its database, the same bytes every time; the
database beside it; `CHANGELOG-<version>.md`; and SHA256SUMS of the three. All of it is put in place in one step, as
`build` does; then `releases/` is, in another. A run that was killed in between is made good by the next, which makes
the same files.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from bastions import dataset, loader, publish
from bastions.publish import atomic, metadata
from bastions.publish.errors import naming
from bastions.releasing import CannotRelease, archive, changelog, changes, known, lock, versions
from bastions.schema import Schema
from bastions.validation import Report, examine
from bastions.validation.rules import SHRINKS

if TYPE_CHECKING:
    from bastions.dataset import Dataset
    from bastions.diff import Side

PAIR = ["subject_table", "id"]
SOURCES = ("data", "seeds", "schemas")
"""The folders that a release is made of."""
TREE = ".tree"
"""The folder of the release, while its archive is being made."""

ROWS = 1000
"""As many rows of each table and kind are told in `CHANGELOG-<version>.md`, added, changed and removed."""

_OURS = re.compile(r"[a-z0-9._-]+-[0-9.]+([.]tar[.]gz|[.]duckdb)|CHANGELOG-[0-9.]+[.]md")


@dataclass(frozen=True, slots=True)
class Made:
    """A release that was made.

    Attributes:
        folder: Where its files are.
        release: What `releases/index.csv` says of it.
        files: Its files, with their digests.
        again: Whether the same release was made before.
        notes: What is left to do.
        uncommitted: Files of `SOURCES` that are not in the last commit as they are, so that no tag has these bytes.
    """

    folder: Path
    release: known.Released
    files: Mapping[str, str]
    again: bool
    notes: tuple[str, ...] = ()
    uncommitted: tuple[str, ...] = ()

    def __str__(self) -> str:
        again = ", the same bytes as before" if self.again else ""
        lines = [f"{self.folder}: release {self.release.version} of {self.release.date}{again}"]
        lines += [f"    {digest}  {name}" for name, digest in self.files.items()]
        return "\n".join([*lines, *(f"    {note}" for note in self.notes)])


def release(root: Path, out: Path, previous: Path | str | None, day: str | None) -> Made:
    """Makes the release of a dataset; see `bastions.releasing.release`."""
    from bastions.diff import git

    loose = git.uncommitted(SOURCES, root)
    schema = loader.load(root)
    version = _version(schema)
    try:
        before = known.read(root)
    except known.KnownError as error:
        raise CannotRelease(f"{error.file} {error}; take it from the main branch") from None
    if day is not None and not known.is_day(day):
        raise CannotRelease(f"{day!r} is no day; write it as YYYY-MM-DD")
    day = day or changelog.day(root, version)
    last = _last(before, version)
    name = schema.package["name"]
    top, packed = f"{name}-{version}", f"{name}-{version}{archive.ENDING}"
    with ExitStack() as stack:
        old = stack.enter_context(_opened(previous, before.index.get(last or ""), root)) if last or previous else None
        if old is not None:
            _may_follow(version, old.version, last)
        stage = stack.enter_context(atomic.replacing(out, made_by_release))
        built = publish.build(root, stage / TREE)
        data = dataset.read(schema)
        base = _base(before, version)
        made = _compared(base, before, schema, data, version)
        stable = [f for f in built.files if f not in (metadata.DATABASE, metadata.DATABASE_DIGEST)]
        try:
            archive.write(stage / TREE, stable, stage / packed, top)
        except archive.TooLarge as error:
            raise CannotRelease(f"{packed} {error}") from None
        row = known.Released(version, day, packed, metadata.digest(stage / packed), sum(built.rows.values()))
        listed = before.index.get(version)
        _same(row, listed)
        row = listed or row
        with naming(stage / f"{top}.duckdb"):
            shutil.move(stage / TREE / metadata.DATABASE, stage / f"{top}.duckdb")
        told = None
        if old is not None:
            from bastions import diff
            from bastions.diff import tell

            with diff.opened(stage / TREE, root) as new:
                found = diff.between(_as_released(old, schema), _as_released(new, schema))
                told = tell.markdown(found, ROWS, None, f"Changes of the data since {old.version}")
        log = f"CHANGELOG-{version}.md"
        rows_before = base.rows if base else {}
        text = changelog.text(schema.package["title"], row, built.rows, rows_before, last, made, told)
        with naming(stage / log):
            (stage / log).write_bytes(text.encode())
        shutil.rmtree(stage / TREE)
        names = [packed, f"{top}.duckdb", log]
        with naming(stage / metadata.SUMS):
            (stage / metadata.SUMS).write_bytes(metadata.sums(stage, names).encode())
        sums = {file: metadata.digest(stage / file) for file in (*names, metadata.SUMS)}
    ids = known.merged(before.ids, known.alive(data), version)
    locked = lock.Lock(version, True, built.rows, lock.contract(schema))
    known.write(root, locked, base, ids, {**before.index, version: row})
    return Made(out, row, sums, listed is not None, _left_to_do(data, built.report), tuple(loose))


def made_by_release(folder: Path) -> set[str]:
    """The files that `release` put into a folder, by its own list of digests.

    Raises:
        OSError: If the list is there and cannot be read.
    """
    path = folder / metadata.SUMS
    if not path.is_file():  # what is a pipe would be waited for
        return set()
    try:
        with naming(path):
            lines = path.read_text("utf-8").splitlines()
    except UnicodeDecodeError:
        return set()
    listed = {line[66:] for line in lines}
    if not listed or not all(_OURS.fullmatch(name) for name in listed):
        return set()
    return listed | {metadata.SUMS}


def _version(schema: Schema) -> str:
    text = str(schema.package["version"])
    if versions.parse(text) is None:
        raise CannotRelease(f"schemas/package.yaml: {text!r} is no version like 1.4.0; see RELEASING.md")
    return text


def _last(before: known.Known, version: str) -> str | None:
    """The release before this one."""
    this = versions.parse(version) or ()
    listed = {versions.parse(text) or (): text for text in before.index}
    if later := sorted(number for number in listed if number > this):
        raise CannotRelease(
            f"{listed[later[-1]]} is released already; raise `version` in schemas/package.yaml above it, from {version}"
        )
    return max(((number, text) for number, text in listed.items() if number < this), default=((), None))[1]


@contextmanager
def _opened(previous: Path | str | None, last: known.Released | None, root: Path) -> Iterator[Side]:
    """The side of the release before: the one that was named, or the tag of the last one."""
    from bastions import diff

    if previous is not None and last and Path(previous).is_file() and metadata.digest(Path(previous)) != last.sha256:
        raise CannotRelease(f"{previous} is not the archive of {last.version}: that has the SHA-256 {last.sha256}")
    with ExitStack() as stack:
        try:
            side = stack.enter_context(diff.opened(previous or f"v{last.version if last else ''}", root))
        except diff.CannotOpen as error:
            hint = "" if previous else "; name the folder or archive of that release with --previous"
            raise CannotRelease(f"the release before, {last.version if last else ''}: {error}{hint}") from None
        yield side


def _as_released(side: Side, schema: Schema) -> Side:
    """A side without what differs between an archive and the commit of the same release: place, and unpublished tables.

    The changelog has the same bytes whichever was at hand.
    """
    sheets = {name: sheet for name, sheet in side.sheets.items() if name not in schema.seeds}
    return replace(side, label=f"release {side.version}", sheets=sheets, schema=None)


def _may_follow(version: str, old: str, last: str | None) -> None:
    if old == version:
        raise CannotRelease(
            f"the release before is {old} as well; raise `version` in schemas/package.yaml, or name another --previous"
        )
    if last and old != last:
        raise CannotRelease(f"--previous is {old or 'of no version'}, and the last release is {last} ({known.INDEX})")
    number, this = versions.parse(old), versions.parse(version)
    if number and this and number > this:
        raise CannotRelease(f"--previous is {old}, which is later than {version}")


def _base(before: known.Known, version: str) -> lock.Lock | None:
    """The lock of the release before this one."""
    found = before.before if before.lock and before.lock.version == version else before.lock
    return found if found and found.released else None


def _compared(
    base: lock.Lock | None, before: known.Known, schema: Schema, data: Dataset, version: str
) -> list[changes.Change]:
    """What the schema changes of the last release's contract; refuses if the version does not say so.

    Validation has compared what breaks; here come additions, and whether records came or went.
    """
    if base is None:
        return []
    made = changes.compare(base, schema)
    level = changes.level(made)
    known_, now = before.ids.filter(before.ids["removed_in"].is_null()).select(PAIR), known.alive(data)
    if level == "patch" and (known_.join(now, PAIR, "anti").height or now.join(known_, PAIR, "anti").height):
        level = "minor"
    last, this = versions.parse(base.version), versions.parse(version)
    assert last is not None and this is not None, "both were read"
    if this < (needed := versions.needed(last, level)):
        what = f"{made[0]}" if made and made[0].level == level else "records were added or removed"
        raise CannotRelease(
            f"{version} is not enough after {base.version}: {what}; raise `version` in schemas/package.yaml to "
            f"{versions.text(needed)}"
        )
    return made


def _same(row: known.Released, listed: known.Released | None) -> None:
    if listed is None or (listed.sha256, listed.archive, listed.rows) == (row.sha256, row.archive, row.rows):
        return
    raise CannotRelease(
        f"{row.version} was released on {listed.date} with other bytes ({listed.archive} had {listed.sha256[:12]}…, "
        f"this one has {row.sha256[:12]}…); raise `version` in schemas/package.yaml. If the data have not changed, the "
        "libraries have: use those of requirements.lock. If that release never left this machine, take releases/ "
        "back to what it was before and run this again"
    )


def _left_to_do(data: Dataset, report: Report) -> tuple[str, ...]:
    notes = [f"commit {known.FOLDER}/ with the release; RELEASING.md has the next steps"]
    waivers = data.rows["waivers"].text
    if spent := list(waivers.filter(waivers["rule"] == SHRINKS)["waiver_id"]):
        notes.append(f"delete from schemas/rules/waivers.csv what the lock now allows: {', '.join(spent)}")
    if report.warnings:
        notes.append(f"validation has {report.warnings} warnings; bastions validate tells them")
    return tuple(notes)


def write_lock(root: Path) -> Path:
    """Writes the lock of a version that is not released yet; see `bastions.releasing.write_lock`."""
    schema = loader.load(root)
    version = _version(schema)
    if (root / known.INDEX).exists() or (root / known.IDS).exists():
        raise CannotRelease("there are releases; their lock is written by `bastions release` alone")
    found = examine(root)
    report = found.report
    excused = ("schema-lock", SHRINKS, "release-error")
    left = tuple(p for p in report.problems if p.severity == "error" and p.rule not in excused)
    if left or found.dataset is None:
        raise publish.Refused(replace(report, problems=left or report.problems))
    from bastions import relations

    rows = {name: frame.height for name, frame in relations.published(found.dataset).items()}
    known.write(root, lock.Lock(version, False, rows, lock.contract(schema)), None, known.no_ids(), {})
    return root / lock.FILE

"""A folder with a source, an old release of it and what a build makes of it now; and what a reader finds afterwards.

`box/source/` is a package or a dataset, of which one cell differs from that of the old release; `box/site/build` holds
the old release, or nothing, and a build leaves the new one there; `box/tmp/` is for temporary files.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import signal
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
from victims import Ended, Fault, Victims

OUT = Path("site", "build")
BUILD = ("build", "source", "--out", str(OUT))

PEOPLE = "id,name\n1,Ann\n2,Bo\n"
VISITS = "day,person\n2020-01-01,1\n2020-01-02,2\n2020-01-02,1\n"
NOTES = "Not a table.\n"
PACKAGE = {
    "name": "visits",
    "version": "1.0.0",
    "resources": [
        {
            "name": "people",
            "path": "people.csv",
            "schema": {
                "fields": [{"name": "id", "type": "integer"}, {"name": "name", "type": "string"}],
                "primaryKey": "id",
            },
        },
        {
            "name": "visits",
            "path": "visits.csv",
            "schema": {
                "fields": [{"name": "day", "type": "date"}, {"name": "person", "type": "integer"}],
                "foreignKeys": [{"fields": "person", "reference": {"resource": "people", "fields": "id"}}],
            },
        },
        {"name": "notes", "path": "notes.txt"},
    ],
}


def package(folder: Path) -> None:
    """A small package: two tables with a key between them, and a file that is no table."""
    folder.mkdir(parents=True)
    for name, text in (("people.csv", PEOPLE), ("visits.csv", VISITS), ("notes.txt", NOTES)):
        (folder / name).write_text(text, "utf-8")
    (folder / "datapackage.json").write_text(json.dumps(PACKAGE, indent=2), "utf-8")


def dataset(folder: Path, tiny: Path) -> None:
    """The tiny dataset with two of its rules, which take long and write no file."""
    shutil.copytree(tiny, folder)
    for path in sorted((folder / "schemas" / "rules").glob("*.sql"))[2:]:
        path.unlink()


def stable(folder: Path) -> dict[str, bytes]:
    """The files of a release whose bytes follow from the source, by their paths."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith((".duckdb", ".duckdb.sha256"))
    }


def database(folder: Path) -> Path:
    """The database of a release."""
    (found,) = folder.glob("*.duckdb")
    return found


def faults(folder: Path) -> list[str]:
    """What is wrong with a release by itself: digests, files that nothing lists, a database that does not open."""
    if not folder.is_dir():
        return [f"{folder.name} is no folder"]
    wrong, listed = [], set[str]()
    for sums in (folder / "SHA256SUMS", *folder.glob("*.duckdb.sha256")):
        listed.add(sums.name)
        for line in sums.read_text("utf-8").splitlines() if sums.is_file() else [f"{'':64}  {sums.name}"]:
            name = line[66:]
            listed.add(name)
            path = folder / name
            if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != line[:64]:
                wrong.append(f"{name} is not what its digest says")
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}
    wrong += [f"{name} is listed nowhere" for name in sorted(there - listed)]
    try:
        contents(database(folder))
    except (ValueError, duckdb.Error) as error:
        wrong.append(f"the database: {error}")
    return wrong


def contents(file: Path) -> dict[str, str]:
    """A digest of the rows of each table of a database, whatever their order."""
    with duckdb.connect(file, read_only=True) as connection:
        tables = connection.execute(
            "SELECT table_name FROM duckdb_tables() WHERE NOT internal ORDER BY table_name"
        ).fetchall()
        found = {}
        for (name,) in tables:
            rows = sorted(map(repr, connection.execute(f'FROM "{name}"').fetchall()))
            found[name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
        return found


@dataclass(frozen=True, slots=True)
class Box:
    """The folder, and what both releases are.

    Attributes:
        folder: The box.
        old: A copy of the old release, elsewhere.
        releases: The stable files of the old and of the new release.
    """

    folder: Path
    old: Path
    releases: dict[str, dict[str, bytes]] = field(repr=False)

    def reset(self, *, old: bool = True) -> None:
        """The old release, or none, and nothing else."""
        for name in ("site", "tmp"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
            (self.folder / name).mkdir()
        if old:
            shutil.copytree(self.old, self.folder / OUT)

    def state(self) -> str:
        """What a reader finds: `old`, `new`, `none`, or what is wrong."""
        out = self.folder / OUT
        if not out.exists():
            return "none"
        if wrong := faults(out):
            return f"BROKEN: {wrong[0]}"
        found = stable(out)
        for name, files in self.releases.items():
            if found == files:
                return name
        return "BROKEN: neither the old release nor the new one"

    def left(self) -> list[str]:
        """What lies about beside the release."""
        names = [f"site/{path.name}" for path in (self.folder / "site").iterdir() if path.name != OUT.name]
        return sorted(names + [f"tmp/{path.name}" for path in (self.folder / "tmp").iterdir()])


def make(where: Path, victims: Victims, tiny: Path | None = None) -> Box:
    """A box with the small package, or with the tiny dataset if its folder is given.

    Raises:
        RuntimeError: If the undisturbed builds do not work.
    """
    folder = where / "box"
    source = folder / "source"
    if tiny:
        dataset(source, tiny)
    else:
        package(source)
    changed = source / ("data/actors/hand.csv" if tiny else "people.csv")
    text = changed.read_text("utf-8")
    box = Box(folder, where / "old", {})
    for name in ("old", "new"):
        box.reset(old=False)
        if name == "new":
            last = text.rstrip("\n")
            changed.write_text(last + ("Later words.\n" if tiny else "-Jo\n"), "utf-8", newline="")
        ended = victims.run(BUILD, folder)
        if ended.code or ended.hung or faults(folder / OUT):
            raise RuntimeError(f"an undisturbed build does not work: {ended}")
        if name == "old":
            shutil.copytree(folder / OUT, box.old)
        box.releases[name] = stable(folder / OUT)
    if box.releases["old"] == box.releases["new"]:
        raise RuntimeError("the two releases do not differ")
    return box


# --------------------------------------------------------------------------------------------------------------------
# What must hold


def after_kill(box: Box, victims: Victims, ended: Ended, *, before: str = "old") -> list[str]:
    """What is wrong after a run that was killed, or stopped: with what a reader finds, and with the next build."""
    wrong = ["it hung"] if ended.hung else []
    if ended.code == -signal.SIGSEGV:
        wrong.append("it crashed")
    state = box.state()
    if state not in (before, "new") and not _between_renames(box, state):
        wrong.append(f"a reader finds: {state}")
    return wrong + _recovered(box, victims)


def _between_renames(box: Box, state: str) -> bool:
    """Whether it is the one moment where a reader finds nothing: where names cannot be swapped, two are moved."""
    return state == "none" and {"site/.build-old"} < set(box.left())


def after_error(box: Box, victims: Victims, ended: Ended, *, before: str = "old") -> list[str]:
    """What is wrong after a run in which a call failed."""
    state, left = box.state(), box.left()
    wrong = ["it hung"] if ended.hung else []
    if ended.code == 0:
        # What failed was of no consequence, as a file that was to be deleted.
        if state != "new":
            wrong.append(f"it says that it worked, and a reader finds: {state}")
    else:
        if ended.code not in (1, 2):
            wrong.append(f"exit code {ended.code}")
        if "Traceback" in ended.err or "INTERNAL" in ended.err + ended.out:
            wrong.append("a traceback")
        if not named(ended):
            wrong.append("the message names no file")
        if state != before and not (state == "new" and "is in place" in ended.err):
            wrong.append(f"a reader finds: {state}")
    if state == before and not left and ended.code and not wrong:
        return wrong  # all is as it was, so that the next build is like this one
    return wrong + _recovered(box, victims)


def named(ended: Ended) -> bool:
    """Whether what failed is told with a file: its own name, or a name of the package or the release."""
    told = ended.err + ended.out
    path = Path(ended.hit.partition(" ")[2].removeprefix("for reading "))
    return path.name in told or any(part in told for part in ("source", "site/", "tmp/", ".csv", ".yaml", ".json"))


def _recovered(box: Box, victims: Victims) -> list[str]:
    ended = victims.run(BUILD, box.folder, Fault())
    wrong = [f"the next build does not work: exit {ended.code}: {ended.err[-300:]}"] if ended.code else []
    if (state := box.state()) != "new":
        wrong.append(f"after the next build a reader finds: {state}")
    if left := box.left():
        wrong.append(f"the next build leaves {', '.join(left)}")
    return wrong


def describe(fault: Fault, ended: Ended, wrong: Sequence[str]) -> str:
    """One line on a run that was not survived."""
    what = f"signal {fault.signal}" if fault.signal else f"errno {fault.error}"
    told = (ended.err.strip().splitlines() or [""])[-1][:200]
    return f"{what} at call {fault.when}, {ended.hit}: {'; '.join(wrong)} (exit {ended.code}: {told})"

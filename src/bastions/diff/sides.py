"""Opens a side of a comparison: the working dataset, a commit, the folder of a release, or its archive."""

from __future__ import annotations

import contextlib
import hashlib
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bastions import dataset, loader
from bastions.diff import CannotOpen, archive, beside, git, sheets
from bastions.diff.beside import WATCHED
from bastions.diff.effect import Source
from bastions.diff.model import Side
from bastions.problems import Problem, problem, visible
from bastions.schema import SchemaError

_LOCK_BYTES = 50_000_000


@contextlib.contextmanager
def opened(what: str | Path | None, root: Path) -> Iterator[Side]:
    """Opens a side; see `bastions.diff.opened`."""
    if what is None:
        if not (root / "schemas" / "package.yaml").is_file():
            raise CannotOpen(f"{root / 'schemas' / 'package.yaml'}: not found; this is not the folder of a dataset")
        yield of_dataset(root, "working dataset")
        return
    path = Path(what)
    if "\0" not in str(what) and path.exists():
        if path.is_dir() and (path / "schemas" / "package.yaml").is_file():
            yield of_dataset(path, f"dataset in {visible(str(path), 200)}")
            return
        if path.is_dir() and _is_release(path):
            yield of_release(path, str(path), "release", root)
            return
        if path.is_file():
            with tempfile.TemporaryDirectory(prefix="bastions-diff-") as folder:
                archive.extract(path, Path(folder))
                yield of_release(Path(folder), path.name, "archive", root)
            return
    ref = str(what)
    try:
        name = git.commit(ref, root)
    except CannotOpen:
        if path.is_dir() and isinstance(what, str | Path):
            raise CannotOpen(
                f"{visible(ref)}: a folder without a release (csv/ and datapackage.json) and without a dataset "
                "(schemas/); `bastions build` makes a release"
            ) from None
        raise
    with tempfile.TemporaryDirectory(prefix="bastions-diff-") as folder:
        left_out = git.extract(name, root, Path(folder))
        label = name[:12] if name.startswith(ref) else f"{visible(ref, 100)} ({name[:12]})"
        yield of_commit(Path(folder), label, left_out)


def _is_release(path: Path) -> bool:
    return (path / "csv").is_dir() and any((path / name).is_file() for name in ("datapackage.json", "BUILD.json"))


def of_dataset(root: Path, label: str) -> Side:
    """A dataset in a folder. One whose schema cannot be read is compared by the headers of its files."""
    return _by_schema(root, label, "dataset", [])


def of_commit(folder: Path, label: str, left_out: list[Problem]) -> Side:
    """The dataset of a commit, as `git.extract` wrote it; one that has none is an empty side."""
    return _by_schema(folder, label, "ref", left_out)


def _by_schema(root: Path, label: str, kind: str, problems: list[Problem]) -> Side:
    assert kind in ("ref", "dataset")
    files = _digests(root, kind == "ref")
    try:
        schema = loader.load(root)
    except (SchemaError, FileNotFoundError) as error:
        found, more = sheets.of_headers(root)
        why = error.faults[0] if isinstance(error, SchemaError) else "there is no schemas/package.yaml"
        told = problem(
            "schema-error",
            "schemas",
            f"cannot be read by this version ({visible(why, 300)}): tables are compared by the headers of their files, "
            "and published values are not compared",
            # Of an older commit that is no fault of anybody's; of what stands here it is.
            severity="warning" if kind == "ref" else "error",
        )
        told_all = (told, *problems, *more)
        return Side(label, kind, "", found, None, files, told_all, floors=_floors(root))  # type: ignore[arg-type]
    data = dataset.read(schema)
    found, more = sheets.of_dataset(data)
    version = str(schema.package.get("version", ""))
    source = Source(dataset=data)
    told_all = (*problems, *more)
    return Side(label, kind, version, found, schema, files, told_all, source, None, _floors(root))  # type: ignore[arg-type]


def of_release(folder: Path, name: str, kind: str, root: Path) -> Side:
    """A release in a folder, called `name`; its records are named by the dataset in `root`, if there is one."""
    found, version, problems = sheets.of_release(folder)
    if not found:
        raise CannotOpen(f"{visible(name, 300)}: holds no table of a release that can be read")
    label = f"release {visible(version, 40)} ({visible(name, 200)})" if version else f"release ({visible(name, 200)})"
    source = Source(folder=folder / "csv")
    naming = None
    with contextlib.suppress(SchemaError, FileNotFoundError):
        naming = loader.load(root)
    return Side(label, kind, version, found, None, {}, tuple(problems), source, naming)  # type: ignore[arg-type]


def _digests(root: Path, of_commit: bool) -> dict[str, str]:
    """The digest of every file of `schemas/` that is no table, of two files beside it, and of those of `WATCHED`.

    What a repository ignores is left out: no commit has it.
    """
    paths = [path for folder in ("schemas", *WATCHED) for path in sorted((root / folder).rglob("*"))]
    paths = [path for path in paths if path.is_file() and not path.is_symlink() and not _made(path)]
    watched = [name for path in paths if not (name := path.relative_to(root).as_posix()).startswith("schemas/")]
    ignored = git.ignored(watched, root) if watched and not of_commit else set()
    paths += [root / name for name in ("datapackage.json", "CITATION.cff")]
    found = {}
    for path in paths:
        name = path.relative_to(root).as_posix()
        if (name.startswith("schemas/") and path.suffix == ".csv") or name in ignored:  # waivers: compared as rows
            continue
        with contextlib.suppress(OSError):
            data = path.read_bytes().replace(b"\r\n", b"\n")
            found[name] = hashlib.sha256(data).hexdigest()
    return found


def _made(path: Path) -> bool:
    """Whether it is a by-product of running the program."""
    return path.suffix == ".pyc" or "__pycache__" in path.parts


def _floors(root: Path) -> dict[str, int] | None:
    """The rows that each table has at least, by the lock; None where there is none that can be read."""
    path = root / beside.LOCK
    try:
        if path.is_symlink() or path.stat().st_size > _LOCK_BYTES:
            return None
        rows = json.loads(path.read_text("utf-8"))["rows"]
        return {table: n for table, n in rows.items() if type(n) is int}
    except (OSError, ValueError, RecursionError, TypeError, LookupError, AttributeError):
        return None

"""Opens a side of a comparison: the working dataset, a commit, the folder of a release, or its archive."""

from __future__ import annotations

import contextlib
import hashlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bastions import dataset, loader
from bastions.diff import CannotOpen, archive, git, sheets
from bastions.diff.effect import Source
from bastions.diff.model import Side
from bastions.problems import Problem, problem, visible
from bastions.schema import SchemaError


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
    files = _digests(root)
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
        return Side(label, kind, "", found, None, files, (told, *problems, *more))  # type: ignore[arg-type]
    data = dataset.read(schema)
    found, more = sheets.of_dataset(data)
    version = str(schema.package.get("version", ""))
    source = Source(dataset=data)
    return Side(label, kind, version, found, schema, files, (*problems, *more), source)  # type: ignore[arg-type]


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


def _digests(root: Path) -> dict[str, str]:
    """The digest of every file of `schemas/` that is no table, and of the two files beside it."""
    paths = [path for path in (root / "schemas").rglob("*") if path.is_file() and not path.is_symlink()]
    paths += [root / name for name in ("datapackage.json", "CITATION.cff")]
    found = {}
    for path in paths:
        if path.suffix == ".csv":  # waivers: compared as rows
            continue
        with contextlib.suppress(OSError):
            data = path.read_bytes().replace(b"\r\n", b"\n")
            found[path.relative_to(root).as_posix()] = hashlib.sha256(data).hexdigest()
    return found

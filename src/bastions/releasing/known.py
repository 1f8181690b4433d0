"""`releases/`: what is known of the releases that were made; written by `bastions release` alone.

lock.json         the public contract and the rows of the last release, or of the one to come (`lock`)
lock-before.json  the same of the release before that, by which the changelog can be made again
ids.parquet       every id that a release ever had: its table, the first version with it, and that without it
index.csv         one line a release: version, day, archive, its digest, rows
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from bastions import files
from bastions.publish import atomic
from bastions.releasing import lock, versions
from bastions.releasing.lock import Lock

if TYPE_CHECKING:
    from bastions.dataset import Dataset
    from bastions.schema import Schema

FOLDER = "releases"
IDS, INDEX, BEFORE = f"{FOLDER}/ids.parquet", f"{FOLDER}/index.csv", f"{FOLDER}/lock-before.json"
ID_COLUMNS = ("subject_table", "id", "first_version", "removed_in")


class KnownError(ValueError):
    """A file of `releases/` is not what a release writes; `file` names it."""

    def __init__(self, file: str, message: str):
        self.file = file
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Released:
    """A release that was made: a line of `index.csv`."""

    version: str
    date: str
    archive: str
    sha256: str
    rows: int


@dataclass(frozen=True, slots=True)
class Known:
    """All that `releases/` says.

    Attributes:
        lock: The lock; None where there is none.
        before: The lock of the release before that of `lock`; None where there is none.
        ids: The ids, in the columns `ID_COLUMNS`; no rows where there are none.
        index: The releases by version, in their order.
    """

    lock: Lock | None
    before: Lock | None
    ids: pl.DataFrame
    index: Mapping[str, Released]


def read(root: Path) -> Known:
    """Reads `releases/`.

    Raises:
        KnownError: If a file is not what a release writes, or the files contradict each other.
    """
    if (root / FOLDER).is_symlink():
        raise KnownError(FOLDER, "is a link, and no folder")
    locked, earlier = _lock(root, lock.FILE), _lock(root, BEFORE)
    listed = _bytes(root, INDEX)
    index = parse_index(listed) if listed is not None else {}
    packed = _bytes(root, IDS)
    if locked is None:
        for file, there in ((INDEX, listed), (IDS, packed), (BEFORE, earlier)):
            if there is not None:
                raise KnownError(file, f"is there without {lock.FILE}")
        return Known(None, None, no_ids(), {})
    last = max(index, key=lambda text: versions.parse(text) or (), default=None)
    if locked.released and locked.version not in index:
        raise KnownError(lock.FILE, f"is of the released version {locked.version}, which {INDEX} does not have")
    if last is not None and not (locked.released and locked.version == last):
        of = "that nothing is released" if not locked.released else f"that {locked.version} is the last release"
        raise KnownError(lock.FILE, f"says {of}, and {INDEX} has {last}")
    if locked.released and locked.ids is None:
        raise KnownError(lock.FILE, f"is of a release and has no digest of {IDS}")
    if (hashlib.sha256(packed).hexdigest() if packed is not None else None) != locked.ids:
        what = "is missing" if packed is None else f"is not the file whose digest {lock.FILE} has"
        raise KnownError(IDS, what)
    return Known(locked, earlier, unpacked(packed) if packed is not None else no_ids(), index)


def _lock(root: Path, name: str) -> Lock | None:
    data = _bytes(root, name)
    try:
        return lock.parse(data) if data is not None else None
    except lock.LockError as error:
        raise KnownError(name, str(error)) from None


def _bytes(root: Path, name: str) -> bytes | None:
    path = root / name
    if not path.exists() and not path.is_symlink():
        return None
    try:
        return files.read_bytes(path, root)
    except OSError as error:
        raise KnownError(name, f"cannot be read: {error.strerror.lower() if error.strerror else error}") from None


def write(
    root: Path, locked: lock.Lock, before: lock.Lock | None, ids: pl.DataFrame, index: Mapping[str, Released]
) -> None:
    """Writes `releases/` anew, all files in one step; its README.md stays.

    Args:
        root: The folder of the dataset.
        locked: The lock; its digest of the ids is filled in.
        before: The lock of the release before.
        ids: Every id; before the first release there is no file of them.
        index: The releases.

    Raises:
        CannotPublish: If another process is writing there, or the folder holds what no release put there.
    """
    data = packed(ids) if locked.released else None
    digest = hashlib.sha256(data).hexdigest() if data is not None else None
    made = {
        lock.FILE: lock.text(replace(locked, ids=digest)).encode(),
        BEFORE: lock.text(before).encode() if before else None,
        IDS: data,
        INDEX: index_text(index).encode() if index else None,
    }
    names = {name.partition("/")[2] for name in made}
    with atomic.replacing(root / FOLDER, lambda folder: names, ("README.md",)) as stage:
        for name, content in made.items():
            if content is not None:
                (stage / name.partition("/")[2]).write_bytes(content)


# --------------------------------------------------------------------------------------------------------------------
# The releases


def parse_index(data: bytes) -> dict[str, Released]:
    """The lines of `index.csv`.

    Raises:
        KnownError: Naming the line that a release would not write.
    """
    names = [field.name for field in fields(Released)]
    try:
        lines = list(csv.reader(data.decode("utf-8").splitlines(), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise KnownError(INDEX, f"cannot be read: {error}") from None
    if not lines or lines[0] != names:
        raise KnownError(INDEX, f"does not begin with the line {','.join(names)}")
    found: dict[str, Released] = {}
    for number, cells in enumerate(lines[1:], 2):
        good = (
            len(cells) == len(names)
            and versions.parse(cells[0]) is not None
            and is_day(cells[1])
            and re.fullmatch(r"[a-z0-9][a-z0-9._-]*[.]tar[.]gz", cells[2])
            and re.fullmatch("[0-9a-f]{64}", cells[3])
            and re.fullmatch("[0-9]{1,12}", cells[4])
        )
        if not good or cells[0] in found:
            raise KnownError(INDEX, f"has in line {number} something else than one release more")
        found[cells[0]] = Released(cells[0], cells[1], cells[2], cells[3], int(cells[4]))
    return found


def index_text(index: Mapping[str, Released]) -> str:
    """The text of `index.csv`, in order of version."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(field.name for field in fields(Released))
    writer.writerows(astuple(row) for row in sorted(index.values(), key=lambda row: versions.parse(row.version) or ()))
    return out.getvalue()


def is_day(text: str) -> bool:
    """Whether a text is a day, `YYYY-MM-DD`."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


# --------------------------------------------------------------------------------------------------------------------
# The ids


def no_ids() -> pl.DataFrame:
    """No ids."""
    return pl.DataFrame(schema=dict.fromkeys(ID_COLUMNS, pl.String()))


def tables(schema: Schema) -> list[str]:
    """The tables whose ids are kept for ever: those of `data/` but the tombstones, which keep them."""
    return [name for name in schema.tables if name != "tombstones"]


def alive(dataset: Dataset, of: Sequence[str] | None = None) -> pl.DataFrame:
    """The ids of a dataset: `subject_table` and `id`, without empty ones."""
    frames = [
        dataset.rows[name].text.select(
            pl.lit(name).alias("subject_table"), pl.col(dataset.schema.all_tables[name].key).alias("id")
        )
        for name in (tables(dataset.schema) if of is None else of)
    ]
    return pl.concat([no_ids().select("subject_table", "id"), *frames]).drop_nulls().unique()


def tombs(dataset: Dataset) -> pl.DataFrame:
    """The ids for which there is a tombstone: `subject_table` and `id`."""
    cells = dataset.rows["tombstones"].text
    return cells.select("subject_table", pl.col("subject_id").alias("id")).drop_nulls().unique()


def of(ids: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """Those rows of some ids whose `subject_table` and `id` are among `pairs`."""
    return ids.join(pairs, ["subject_table", "id"], "semi")


def merged(ids: pl.DataFrame, now: pl.DataFrame, version: str) -> pl.DataFrame:
    """All ids after a release: those known and those that it has, each with its first and its first later version."""
    both = ids.join(now.with_columns(pl.lit(True).alias("_now")), ["subject_table", "id"], "full", coalesce=True)
    gone = pl.col("_now").is_null()
    return both.select(
        "subject_table",
        "id",
        pl.col("first_version").fill_null(version),
        pl.when(gone).then(pl.col("removed_in").fill_null(version)).alias("removed_in"),
    ).sort("subject_table", "id")


def packed(ids: pl.DataFrame) -> bytes:
    """The bytes of `ids.parquet`: sorted ids share their beginnings, and so take a byte or two each."""
    table = pa.table({name: ids[name].to_arrow().cast(pa.string()) for name in ID_COLUMNS})
    sink = pa.BufferOutputStream()
    pq.write_table(
        table,
        sink,
        compression="zstd",
        compression_level=9,
        use_dictionary=[name for name in ID_COLUMNS if name != "id"],
        column_encoding={"id": "DELTA_BYTE_ARRAY"},
        store_schema=False,
    )
    made: bytes = sink.getvalue().to_pybytes()
    return made


def unpacked(data: bytes) -> pl.DataFrame:
    """The ids of `ids.parquet`.

    Raises:
        KnownError: If it is no such file.
    """
    try:
        table = pq.read_table(pa.BufferReader(data))
    except (pa.ArrowException, OSError) as error:
        raise KnownError(IDS, f"cannot be read: {str(error).splitlines()[0]}") from None
    if table.schema.names != list(ID_COLUMNS) or any(kind != pa.string() for kind in table.schema.types):
        raise KnownError(IDS, f"has other columns than {', '.join(ID_COLUMNS)}")
    return pl.DataFrame(table)

"""Releases and archives that somebody made to be believed, or to break what reads them: all their digests are right."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import shutil
import tarfile
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bastions import diff
from bastions.cli import main
from bastions.publish import metadata
from bastions.releasing import archive, packed, proving
from bastions.tabular import run

FACTS: dict[str, Any] = {"name": "x", "version": "1.0.0"}
CSV = b"a,b\n1,one\n2,\n"


def parquet(table: pa.Table, **options: Any) -> bytes:
    made = io.BytesIO()
    pq.write_table(table, made, **options)
    return made.getvalue()


TABLE = pa.table({"a": pa.array([1, 2], pa.int64()), "b": pa.array(["one", None], pa.string())})


def put(folder: Path, files: dict[str, bytes]) -> Path:
    """A folder of files, with a list of their digests."""
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    (folder / "SHA256SUMS").write_text(metadata.sums(folder, files))
    return folder


def files(
    text: bytes = CSV,
    packed_as: bytes | pa.Table = TABLE,
    build: dict[str, Any] | None = None,
    descriptor: dict[str, Any] | None = None,
) -> dict[str, bytes]:
    """A release of one table, t; it is whole where nothing is given."""
    rows = 2 if isinstance(packed_as, bytes) else packed_as.num_rows
    tables = {"t": {"rows": rows, "sha256": hashlib.sha256(text).hexdigest()}}
    resources = [{"name": "t", "path": "csv/t.csv", "rows": rows}]
    return {
        "datapackage.json": json.dumps({**FACTS, "resources": resources, **(descriptor or {})}).encode(),
        "BUILD.json": json.dumps({**FACTS, "tables": tables, **(build or {})}).encode(),
        "csv/t.csv": text,
        "parquet/t.parquet": packed_as if isinstance(packed_as, bytes) else parquet(packed_as),
    }


def found(folder: Path) -> list[str]:
    """What is wrong with a release, and that the command says so without a traceback."""
    problems = proving.verify(folder).problems
    assert main(["verify", "--release", str(folder)]) == (1 if problems else 0)
    return [f"{p.rule} {p.file}:{p.line} {p.message}" for p in problems]


def test_release_that_these_tests_change_is_whole(tmp_path: Path) -> None:
    assert found(put(tmp_path, files())) == []


# --------------------------------------------------------------------------------------------------------------------
# CSV and Parquet


@pytest.mark.parametrize(
    ("cell", "kind", "value"),
    [
        ("junk", pa.int64(), None),
        ("0x1", pa.float64(), None),
        ("TRUE", pa.bool_(), None),
        ("2026-02-30", pa.date32(), None),
        ("25:00:00", pa.time64("us"), None),
        ("", pa.int64(), 0),
        ("", pa.string(), ""),
        ("2026-02-01", pa.date32(), date(2026, 2, 2)),
    ],
)
def test_cell_that_is_no_value_is_not_proved_by_null(tmp_path: Path, cell: str, kind: pa.DataType, value: Any) -> None:
    """A cell that could not be read as its column's type became null, and so agreed with an empty one of Parquet."""
    table = pa.table({"a": pa.array([1, 2], pa.int64()), "b": pa.array([value, None], kind)})
    (fault,) = found(put(tmp_path, files(f"a,b\n1,{cell}\n2,\n".encode(), table)))
    assert fault == "type-error csv/t.csv:2 has another value than parquet/t.parquet"


def test_every_type_of_a_release_is_compared(tmp_path: Path) -> None:
    table = pa.table(
        {
            "a": pa.array([1, None], pa.int64()),
            "b": pa.array([0.5, None], pa.float64()),
            "c": pa.array([True, None], pa.bool_()),
            "d": pa.array([date(2026, 2, 1), None], pa.date32()),
            "e": pa.array([3_600_000_000, None], pa.time64("us")),
            "f": pa.array(["x", "y"], pa.string()),
        }
    )
    text = b"a,b,c,d,e,f\n1,0.5,true,2026-02-01,01:00:00,x\n,,,,,y\n"
    assert found(put(tmp_path, files(text, table))) == []


@pytest.mark.parametrize(
    "column",
    [
        pa.array([[1]]),
        pa.array([{"x": 1}]),
        pa.array([[(1, 2)]], pa.map_(pa.int64(), pa.int64())),
        pa.array([b"1"]),
        pa.array([datetime(2026, 1, 1)]),
        pa.array([datetime(2026, 1, 1)], pa.timestamp("us", "Mars/Olympus")),
        pa.array([timedelta(1)]),
        pa.array([Decimal("1.0")]),
        pa.array([Decimal("1.0")], pa.decimal256(60, 2)),
        pa.array(["1"]).dictionary_encode(),
        pa.nulls(1),
        pa.array([1], pa.int32()),
    ],
    ids=lambda column: str(column.type),
)
def test_column_of_a_type_that_no_release_writes_is_found(tmp_path: Path, column: pa.Array) -> None:
    """Some were proved against any text, some ended in a traceback or in a panic of polars, which is no Exception."""
    (fault,) = found(put(tmp_path, files(b"a\n1\n", pa.table({"a": column}))))
    assert fault.startswith("type-error parquet/t.parquet:0 is stored as ")


def test_text_that_is_no_utf8_is_found(tmp_path: Path) -> None:
    plain = {"compression": "none", "use_dictionary": False, "write_statistics": False}
    label = parquet(pa.table({"abcdefgh": ["x"]})).replace(b"abcdefgh", b"abc\xff\xfefgh")
    cell = parquet(pa.table({"a": ["abcdefgh"]}), **plain).replace(b"abcdefgh", b"abc\xff\xfefgh")
    tables = {"t": {"rows": 1, "sha256": hashlib.sha256(b"a\nx\n").hexdigest()}}
    resources = {"resources": [{"path": "csv/t.csv", "rows": 1}]}
    (fault,) = found(put(tmp_path / "label", files(b"a\nx\n", label, {"tables": tables}, resources)))
    assert fault.startswith("source-error parquet/t.parquet:0 is no Parquet file that can be read")
    (fault,) = found(put(tmp_path / "cell", files(b"a\nx\n", cell, {"tables": tables}, resources)))
    assert fault.startswith("encoding-error parquet/t.parquet:0 row 1 byte 0xff")


def test_csv_file_that_is_compressed_is_none(tmp_path: Path) -> None:
    """What begins as gzip does is unpacked by polars, to any size."""
    (fault,) = found(put(tmp_path, files(gzip.compress(CSV))))
    assert fault == "source-error csv/t.csv:0 is compressed, and no CSV"


def test_limits_of_what_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of a megabyte was read as five gigabytes at once."""
    table = pa.table({"a": pa.array([1] * 1_000_000, pa.int64())})
    build = {"tables": {"t": {"path": "parquet/t.parquet", "rows": 1_000_000}}, "names_in_database": {}}
    release = files(b"", table, build, {"resources": []})
    del release["csv/t.csv"]
    put(tmp_path, release)
    assert found(tmp_path) == []
    monkeypatch.setattr(packed, "BYTES", 10_000_000)
    (fault,) = found(tmp_path)
    assert fault.startswith("file-limit parquet/t.parquet:0 holds more than the limit of all tables, 10,000,000 bytes")
    monkeypatch.setattr(packed, "TEXT", 5)
    (fault,) = found(put(tmp_path / "text", files()))
    assert fault == "file-limit csv/t.csv:0 has more than 5 bytes, the limit"


def test_table_that_takes_too_much_memory_at_once_is_not_read(tmp_path: Path) -> None:
    """A page of one gigabyte of the same letter, packed to some kilobytes."""
    text = pa.array(["x" * 1_000_000]).take(pa.array([0] * 1200))
    data = parquet(pa.table({"a": text}), compression="zstd", use_dictionary=False, data_page_size=1 << 31)
    assert len(data) < 1_000_000
    build = {"tables": {"t": {"path": "parquet/t.parquet", "rows": 1200}}, "names_in_database": {}}
    release = files(b"", data, build, {"resources": []})
    del release["csv/t.csv"]
    assert packed.LIMITS.row * 64 < 1_200_000_000
    (fault,) = found(put(tmp_path, release))
    assert fault.startswith("row-limit parquet/t.parquet:0 takes 1,2")


# --------------------------------------------------------------------------------------------------------------------
# What a release says of itself


@pytest.mark.parametrize(
    ("tables", "fault"),
    [
        ({}, "package-error csv/t.csv:0 is no table of BUILD.json"),
        ({"t": {"rows": 2}}, "hash-count csv/t.csv:0 has no digest in BUILD.json"),
        ({"t": {"rows": 2, "path": "parquet/t.parquet"}}, "hash-count csv/t.csv:0 has no digest in BUILD.json"),
        ({"t": {"rows": 2, "sha256": ["x"]}}, "hash-count csv/t.csv:0 has no digest in BUILD.json"),
        ({"t": []}, "package-error BUILD.json:0 is a list, and no table"),
        ({"t": {"path": []}}, "package-error BUILD.json:0 has no Parquet file in the release"),
        ({"t": {"path": {}}}, "package-error BUILD.json:0 has no Parquet file in the release"),
        (None, "package-error BUILD.json:0 is no object with the tables of the release"),
        ([], "package-error BUILD.json:0 is no object with the tables of the release"),
    ],
)
def test_every_table_must_be_vouched_for(tmp_path: Path, tables: Any, fault: str) -> None:
    """A BUILD.json that named no table, or no digest of one, had any CSV proved beside any Parquet."""
    assert fault in found(put(tmp_path, files(build={"tables": tables})))


def test_table_that_only_the_list_of_digests_knows_is_found(tmp_path: Path) -> None:
    release = {**files(), "parquet/u.parquet": parquet(TABLE), "csv/u.csv": b"any\n"}
    assert found(put(tmp_path, release)) == [
        "package-error csv/u.csv:0 is no table of BUILD.json",
        "package-error parquet/u.parquet:0 is no table of BUILD.json",
    ]


def test_package_may_have_a_folder_csv_of_its_own(tmp_path: Path) -> None:
    package = tmp_path / "package"
    (package / "csv").mkdir(parents=True)
    (package / "words.csv").write_text("id\n1\n")
    (package / "csv" / "notes.txt").write_text("Of no use.\n")
    schema = {"fields": [{"name": "id", "type": "integer"}]}
    resources = [{"name": "words", "path": "words.csv", "schema": schema}, {"name": "n", "path": "csv/notes.txt"}]
    (package / "datapackage.json").write_text(json.dumps({**FACTS, "resources": resources}))
    folder = run.build(package).folder
    assert found(folder) == []
    assert (folder / "files" / "csv" / "notes.txt").is_file()


@pytest.mark.parametrize("rows", [True, 2.0, "2", [[]], None])
def test_number_of_rows_must_be_one(tmp_path: Path, rows: Any) -> None:
    tables = {"t": {"rows": rows, "sha256": hashlib.sha256(CSV).hexdigest()}}
    faults = found(put(tmp_path, files(build={"tables": tables})))
    assert any(fault.startswith("row-count parquet/t.parquet:0 has 2 rows, and BUILD.json says") for fault in faults)


@pytest.mark.parametrize(
    "resources",
    [5, [5], [[1]], [{}], [{"path": {}}], [{"path": []}], [{"path": [{}]}], [{"path": [[1]]}], [{"path": 5}]],
)
def test_resources_of_any_form_are_findings(tmp_path: Path, resources: Any) -> None:
    faults = found(put(tmp_path, files(descriptor={"resources": resources})))
    assert faults[0].startswith("package-error datapackage.json:0 ")


def test_name_that_is_no_text_is_found(tmp_path: Path) -> None:
    deep: list[Any] = []
    for _ in range(900):
        deep = [deep]
    for number, name in enumerate(([], {}, 5, deep)):
        folder = put(tmp_path / str(number), files(build={"name": name}, descriptor={"name": name}))
        assert found(folder) == ["package-error BUILD.json:0 or datapackage.json has no text as its name"]


@pytest.mark.parametrize(
    "name",
    [
        "../../x.duckdb", "/x.duckdb", "a/x.duckdb", "a\\x.duckdb", "a\0.duckdb", "c:x.duckdb", "a" * 300 + ".duckdb",
        ".duckdb", " x.duckdb", "x.db", "\ud800.duckdb", "", 5, [], False,
    ],
    ids=repr,
)  # fmt: skip
def test_database_has_the_name_of_a_file_of_the_release(tmp_path: Path, name: Any) -> None:
    """Any path would do: the digest of a file elsewhere was taken and told; too long a one ended the command."""
    folder = put(tmp_path / "x" / "y", files(build={"database": name}))
    (tmp_path / "x.duckdb").write_bytes(b"elsewhere")
    assert metadata.database(folder) is None
    (fault,) = found(folder)
    assert fault == "package-error BUILD.json:0 is no plain file name that ends with .duckdb"


@pytest.mark.parametrize(("given", "name"), [({}, "bastions.duckdb"), ({"database": "é x.duckdb"}, "é x.duckdb")])
def test_database_of_a_release(tmp_path: Path, given: dict[str, str], name: str) -> None:
    assert metadata.database(put(tmp_path, files(build=given))) == name
    assert metadata.database(tmp_path / "nothing") == "bastions.duckdb"


def test_release_without_a_database_says_so(tmp_path: Path) -> None:
    assert found(put(tmp_path, files(build={"database": None}))) == []
    assert metadata.database(tmp_path) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "evil").mkdir(),
        lambda folder: (folder / "csv" / "evil").mkdir(),
        lambda folder: (folder / "bastions.duckdb").mkdir(),
        lambda folder: (folder / "bastions.duckdb.sha256").mkdir(),
        lambda folder: (folder / "README.md").mkdir(),
    ],
)
def test_folder_that_holds_nothing_of_the_release_is_found(tmp_path: Path, change: Callable[[Path], None]) -> None:
    put(tmp_path, files())
    change(tmp_path)
    (fault,) = found(tmp_path)
    assert "unexpected-file" in fault and "is a folder that is not part of the release" in fault


def test_folder_of_any_depth_ends_with_a_finding(tmp_path: Path) -> None:
    folder = put(tmp_path / "r", files()) / "deep"
    folder.mkdir()
    at = os.open(folder, os.O_RDONLY)
    for _ in range(1200):
        os.mkdir("d", dir_fd=at)
        at, old = os.open("d", os.O_RDONLY, dir_fd=at), at
        os.close(old)
    os.close(at)
    try:
        assert found(tmp_path / "r") == ["unexpected-file deep:0 is a folder that is not part of the release"]
    finally:
        undo(folder)


def undo(folder: Path) -> None:
    """Deletes folders in folders, which are too many for `rmtree`."""
    while (folder / "d").exists():
        inner, rest = folder / "d", folder.parent / "rest"
        if (inner / "d").exists():
            (inner / "d").rename(rest)
            inner.rmdir()
            rest.rename(folder / "d")
        else:
            inner.rmdir()


def test_pipe_in_the_place_of_a_file_is_not_waited_for(tmp_path: Path) -> None:
    put(tmp_path, files())
    (tmp_path / "BUILD.json").unlink()
    os.mkfifo(tmp_path / "BUILD.json")
    assert {fault.split()[0] for fault in found(tmp_path)} == {"source-error", "unexpected-file"}


def test_path_in_the_list_that_is_too_long_is_found(tmp_path: Path) -> None:
    put(tmp_path, files())
    for name in ("z" * 300, "z/" * 200 + "z", "ü" * 200):
        with (tmp_path / "SHA256SUMS").open("a", encoding="utf-8") as stream:
            stream.write(f"{'0' * 64}  {name}\n")
        assert found(tmp_path)[-1].startswith("source-error SHA256SUMS:")


# --------------------------------------------------------------------------------------------------------------------
# Archives


def tar(path: Path, *entries: tuple[str, bytes, dict[str, Any]], form: int = tarfile.PAX_FORMAT) -> Path:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=form) as archived:
        for name, data, more in entries:
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            for key, value in more.items():
                setattr(entry, key, value)
            archived.addfile(entry, io.BytesIO(data))
    path.write_bytes(gzip.compress(made.getvalue()))
    return path


def damaged(path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    (fault,) = proving.verify(path).problems
    assert (fault.rule, fault.file) == ("source-error", path.name)
    capsys.readouterr()
    assert main(["verify", "--release", str(path)]) == 1
    out = capsys.readouterr()
    assert "bastions-verify-" not in out.out + out.err
    return fault.message


def test_sparse_file_whose_numbers_are_none_is_damage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The ValueError of tarfile was not caught."""
    sparse = {
        "GNU.sparse.major": "1",
        "GNU.sparse.minor": "0",
        "GNU.sparse.name": "x/t",
        "GNU.sparse.realsize": "9" * 11,
    }
    path = tar(tmp_path / "x.tar.gz", ("x/t", b"id,v\na,1\n", {"pax_headers": sparse}))
    assert damaged(path, capsys).startswith("cannot be read to its end: invalid literal")
    huge = {"pax_headers": {"size": "9" * 30}}
    assert damaged(tar(tmp_path / "y.tar.gz", ("x/t", b"a", huge)), capsys).startswith("cannot be read to its end")
    numbers = b"1\n0\n9\n".ljust(512, b"\0") + b"sparse..."
    sparse["GNU.sparse.realsize"] = "9"
    assert "no plain file" in damaged(tar(tmp_path / "z.tar.gz", ("x/t", numbers, {"pax_headers": sparse})), capsys)


@pytest.mark.parametrize(
    "names",
    [("x/csv", "x/csv/t.csv"), ("x/csv/t.csv", "x/csv"), ("x/CSV", "x/csv/a/t.csv"), ("x/csv/a/t.csv", "x/Csv")],
)
def test_file_that_is_a_folder_too_is_damage(
    tmp_path: Path, names: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """The system's error ended the command, and named a temporary folder."""
    path = tar(tmp_path / "x.tar.gz", *((name, b"a", {}) for name in names))
    assert damaged(path, capsys).endswith("is a file and a folder")


def test_archive_of_zeros_is_not_unpacked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One megabyte held one gigabyte, and any more after the end of the tar."""
    path = tar(tmp_path / "x.tar.gz", ("x/t", bytes(archive.FREE + 1_000_000), {}))
    assert path.stat().st_size < 1_000_000
    assert damaged(path, capsys).startswith("holds more than 100,000,000 bytes, 100 times its size")


def test_what_follows_the_end_is_not_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tar(tmp_path / "x.tar.gz", ("x/t", b"a", {}))
    plain = gzip.decompress(path.read_bytes())
    path.write_bytes(gzip.compress(plain + bytes(5_000_000)))
    assert damaged(path, capsys) == "holds more than 1,100,000 bytes that are of no file, the limit"
    path.write_bytes(gzip.compress(plain + b"evil".ljust(512, b"\0")))
    assert damaged(path, capsys) == "holds something after its end"


def test_header_of_any_size_is_not_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A header is read into memory by tarfile, whatever its size."""
    comment = {"pax_headers": {"comment": "A" * 9_000_000}}
    assert damaged(tar(tmp_path / "x.tar.gz", ("x/t", b"a", comment)), capsys).endswith("of no file, the limit")


def test_tar_padded_to_a_megabyte_is_read(tmp_path: Path) -> None:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archived:
        archived.add(put(tmp_path / "r", files()), "x")
    path = tmp_path / "x.tar.gz"
    path.write_bytes(gzip.compress(made.getvalue().ljust(1 << 20, b"\0")))
    assert proving.verify(path).problems == ()


def test_error_of_the_system_names_the_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "/elsewhere/t")

    monkeypatch.setattr(shutil, "copyfileobj", full)
    path = tar(tmp_path / "x.tar.gz", ("x/t", b"a", {}))
    with pytest.raises(OSError, match="No space left on device, while it was unpacked") as raised:
        archive.unpack(path, tmp_path)
    assert raised.value.filename == str(path)


# --------------------------------------------------------------------------------------------------------------------
# diff


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"fields": 5}, "fields of the table t is no list"),
        ({"fields": "abc"}, "fields of the table t is no list"),
        ({"foreignKeys": 5}, "foreignKeys of the table t is no list"),
        ({"primaryKey": 5}, "primaryKey of the table t is no list"),
        ({"primaryKey": [["id"]]}, "primaryKey of the table t is no list of names"),
        ({"primaryKey": [{}]}, "primaryKey of the table t is no list of names"),
    ],
)
def test_diff_refuses_a_schema_that_is_none(
    tmp_path: Path, said: dict[str, Any], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each ended in a traceback."""
    schema = {"fields": [{"name": "a", "type": "integer"}], **said}
    new = put(tmp_path / "new", files(descriptor={"resources": [{"name": "t", "schema": schema}]}))
    old = put(tmp_path / "old", files())
    with pytest.raises(diff.CannotOpen, match=message), diff.opened(new, tmp_path):
        pass
    assert main(["--root", str(tmp_path), "diff", str(old), str(new)]) == 2
    assert message in capsys.readouterr().err


def test_diff_takes_a_type_or_title_that_is_none_for_text(tmp_path: Path) -> None:
    resource = {"name": "t", "title": ["x"], "schema": {"fields": [{"name": "a", "type": {}}], "foreignKeys": [5]}}
    with diff.opened(put(tmp_path, files(descriptor={"resources": [resource]})), tmp_path) as side:
        assert (side.sheets["t"].title, side.sheets["t"].types["a"]) == ("", "string")

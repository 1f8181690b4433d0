"""The release: whole or not at all, the same bytes every time, and readable by everybody it is meant for."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
import signal
import struct
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import frictionless
import polars as pl
import pyarrow.parquet as pq
import pytest
from conftest import patch

from bastions import dataset, dialects, files, loader, publish, relations, schema
from bastions.publish import atomic, database, metadata, parquet
from bastions.schema import ForeignKey, Schema, Table

UNSTABLE = {"bastions.duckdb", "bastions.duckdb.sha256"}


@pytest.fixture(scope="session")
def release(tiny_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One release of the tiny dataset for the whole session; not to be changed."""
    out = tmp_path_factory.getbasetemp() / "release" / "build"
    if not out.exists():
        publish.build(tiny_once, out)
    return out


@pytest.fixture(scope="module")
def loaded(tiny_once: Path) -> Schema:
    return loader.load(tiny_once)


@pytest.fixture(scope="module")
def db(release: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(release / "bastions.duckdb", read_only=True) as connection:
        yield connection


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


# --------------------------------------------------------------------------------------------------------------------
# What it holds


def test_contents_are_those_of_the_design(release: Path, loaded: Schema) -> None:
    tables = loaded.load_order()
    assert set(contents(release)) == {
        "BUILD.json", "SHA256SUMS", "bastions.duckdb", "bastions.duckdb.sha256", "codebook.md", "datapackage.json",
        "views.sql", *(f"csv/{t}.csv" for t in tables), *(f"parquet/{t}.parquet" for t in tables),
    }  # fmt: skip


def test_every_digest_is_right(release: Path) -> None:
    listed = {line[66:]: line[:64] for line in (release / "SHA256SUMS").read_text().splitlines()}
    assert set(listed) == set(contents(release)) - UNSTABLE - {"SHA256SUMS"}
    for name, digest in listed.items():
        assert hashlib.sha256((release / name).read_bytes()).hexdigest() == digest
    digest, name = (release / "bastions.duckdb.sha256").read_text().split()
    assert hashlib.sha256((release / name).read_bytes()).hexdigest() == digest


def test_build_json_says_who_wrote_it_and_what_and_has_no_clock(release: Path, loaded: Schema) -> None:
    found = json.loads((release / "BUILD.json").read_text("utf-8"))
    assert found["version"] == loaded.package["version"]
    assert set(found["writers"]) == {"bastions", "duckdb", "edtf", "polars", "pyarrow"}
    assert set(found["tables"]) == set(loaded.load_order())
    for name, table in found["tables"].items():
        text = (release / "csv" / f"{name}.csv").read_bytes()
        assert hashlib.sha256(text).hexdigest() == table["sha256"]
        assert len(list(csv.reader(text.decode().splitlines()))) - 1 == table["rows"]
    assert set(found) == {"name", "version", "writers", "tables", "views"}


def test_what_is_returned_is_what_was_written(tiny: Path) -> None:
    made = publish.build(tiny, tiny / "build")
    assert set(made.files) == set(contents(tiny / "build"))
    assert made.rows["actors"] == len(list(csv.reader((tiny / "build/csv/actors.csv").open()))) - 1
    assert "control_on" in made.views
    assert str(made).startswith(f"{tiny / 'build'}: release ")


def test_citation_gets_the_version_of_the_data(tiny: Path, loaded: Schema) -> None:
    (tiny / "CITATION.cff").write_text("cff-version: 1.2.0\nversion: 9.9.9\ntitle: Bastions\n")
    publish.build(tiny, tiny / "build")
    text = (tiny / "build" / "CITATION.cff").read_text()
    assert text == f"cff-version: 1.2.0\nversion: {loaded.package['version']}\ntitle: Bastions\n"
    assert metadata.citation("title: x", "1.0.0") == "title: x\nversion: 1.0.0\n"


# --------------------------------------------------------------------------------------------------------------------
# CSV and Parquet


def test_csv_cells_are_those_of_the_data(release: Path, tiny_once: Path, loaded: Schema) -> None:
    """Letter by letter: what a person typed is what a person gets, with the bounds of dates beside it."""
    for name, table in loaded.tables.items():
        typed: dict[str, list[str]] = {}
        for path in loaded.parts(name):
            with path.open(encoding="utf-8", newline="") as stream:
                reader = csv.DictReader(stream)
                typed |= {row[table.key]: [row[c] for c in table.names] for row in reader}
        with (release / "csv" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream)
            assert list(reader.fieldnames or ()) == list(table.published().names)
            got = {row[table.key]: [row[c] for c in table.names] for row in reader}
        assert got == typed
        assert list(got) == sorted(got)


def test_csv_and_parquet_hold_the_same(release: Path, loaded: Schema) -> None:
    for name in loaded.load_order():
        table = loaded.all_tables[name].published()
        text = pl.read_csv(release / "csv" / f"{name}.csv", infer_schema=False)
        typed = pl.from_arrow(pq.read_table(release / "parquet" / f"{name}.parquet"))
        assert isinstance(typed, pl.DataFrame)
        assert typed.columns == text.columns
        for column in table.fields:
            cells = text[column.name]
            if column.type == "time":
                cells = cells.str.to_time("%H:%M:%S")
            elif column.type == "date":
                cells = cells.str.to_date("%Y-%m-%d")
            elif column.type == "boolean":
                cells = cells == "true"
            else:
                cells = cells.cast(dialects.TYPES[column.type].polars)
            assert cells.equals(typed[column.name].cast(cells.dtype), null_equal=True), (name, column.name)


def test_parquet_has_the_schema_of_the_table_and_its_words(release: Path, loaded: Schema) -> None:
    for name in loaded.load_order():
        table = loaded.all_tables[name].published()
        file = pq.ParquetFile(release / "parquet" / f"{name}.parquet")
        wanted = dialects.arrow_schema(table)
        assert file.schema_arrow.equals(wanted, check_metadata=True)
        assert all(file.schema_arrow.field(c.name).metadata[b"description"] for c in table.fields)
        assert json.loads(file.metadata.metadata[b"table_schema"]) == dialects.table_schema(table)
        if not file.metadata.num_rows:
            continue
        group = file.metadata.row_group(0)
        assert [column.column_index for column in group.sorting_columns] == [
            table.names.index(part) for part in table.primary_key
        ]
        columns = {group.column(i).path_in_schema: group.column(i) for i in range(group.num_columns)}
        assert {column.compression for column in columns.values()} == {"ZSTD"}
        for column in table.fields:
            encodings = columns[column.name].encodings
            assert ("RLE_DICTIONARY" in encodings) == parquet.repeats(table, column.name), (name, column.name)
            if not parquet.repeats(table, column.name):
                assert parquet.encoding(table, column.name) in encodings


def test_duckdb_sees_the_table_schema_of_a_parquet_file(release: Path) -> None:
    """Descriptions in Arrow's own metadata are invisible to DuckDB; the one JSON value is not."""
    file = release / "parquet" / "claims.parquet"
    sql = "SELECT decode(value) FROM parquet_kv_metadata(?) WHERE decode(key) = 'table_schema'"
    ((text,),) = duckdb.execute(sql, [str(file)]).fetchall()
    assert json.loads(text)["primaryKey"] == ["claim_id"]


# --------------------------------------------------------------------------------------------------------------------
# The database


def test_old_clients_and_browsers_can_open_it(release: Path) -> None:
    """Storage version 64 is that of v1.0.0. DuckDB 2.0 writes 999 unless told otherwise, which none of them opens."""
    head = (release / "bastions.duckdb").read_bytes()[:20]
    assert head[8:12] == b"DUCK"
    assert struct.unpack("<Q", head[12:20]) == (64,)
    assert (release / "bastions.duckdb").stat().st_size < 8_000_000
    assert not (release / "bastions.duckdb.wal").exists()


def test_everything_has_a_comment(db: duckdb.DuckDBPyConnection) -> None:
    for function, name in (("duckdb_tables", "table_name"), ("duckdb_views", "view_name")):
        rows = db.execute(f"SELECT {name} FROM {function}() WHERE NOT internal AND coalesce(comment, '') = ''")
        assert not rows.fetchall()
    rows = db.execute(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal AND coalesce(comment, '') = ''"
    )
    assert not rows.fetchall()
    ((comment,),) = db.execute(
        "SELECT comment FROM duckdb_functions() WHERE function_name = 'control_on' AND NOT internal"
    ).fetchall()
    assert "possible" in comment
    assert "`certainty`:" in comment


def test_keys_stand_in_the_database(db: duckdb.DuckDBPyConnection, loaded: Schema) -> None:
    found = db.execute(
        "SELECT table_name, constraint_type, constraint_column_names FROM duckdb_constraints() "
        "WHERE constraint_type IN ('PRIMARY KEY', 'FOREIGN KEY')"
    ).fetchall()
    got = {(table, kind, tuple(columns)) for table, kind, columns in found}
    wanted = set()
    for name in loaded.load_order():
        table = loaded.all_tables[name]
        wanted.add((name, "PRIMARY KEY", table.primary_key))
        if table.kind != "derived":  # whose references hold by the way in which they are made
            wanted |= {(name, "FOREIGN KEY", fk.fields) for fk in table.foreign_keys}
    assert got == wanted


def test_keys_hold(release: Path, tmp_path: Path) -> None:
    copy = shutil.copy(release / "bastions.duckdb", tmp_path)
    with duckdb.connect(copy) as connection:
        with pytest.raises(duckdb.ConstraintException):
            connection.execute("INSERT INTO actors SELECT * FROM actors")
        with pytest.raises(duckdb.ConstraintException):
            connection.execute("UPDATE participants SET actor_id = 'nobody'")


def test_tables_are_those_of_parquet(db: duckdb.DuckDBPyConnection, release: Path, loaded: Schema) -> None:
    for name in loaded.load_order():
        key = ", ".join(loaded.all_tables[name].primary_key)
        inside = db.execute(f'SELECT * FROM "{name}" ORDER BY {key}').fetchall()
        outside = duckdb.execute(f"SELECT * FROM read_parquet('{release}/parquet/{name}.parquet')").fetchall()
        assert inside == outside


def test_views_sql_over_a_folder_gives_what_the_database_gives(
    db: duckdb.DuckDBPyConnection, release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From any working directory, since the client presets `base`; comments too."""
    monkeypatch.chdir(tmp_path)
    with duckdb.connect() as over:
        over.execute("SET VARIABLE base = ?", [str(release)])
        over.execute((release / "views.sql").read_text("utf-8"))
        over.execute((release / "views.sql").read_text("utf-8"))  # a second time does no harm
        names = [n for (n,) in db.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()]
        assert len(names) >= 12
        for relation in [*names, "control_on('2019-03-04')", "control_on(DATE '2015-06-01')"]:
            assert over.execute(f"FROM {relation}").fetchall() == db.execute(f"FROM {relation}").fetchall(), relation
        bare = over.execute(
            "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal AND comment IS NULL"
        )
        assert not bare.fetchall()
        ((comment,),) = over.execute("SELECT comment FROM duckdb_views() WHERE view_name = 'actors'").fetchall()
        assert comment.startswith("Actors. ")


def test_views_sql_without_a_base_takes_the_working_directory(
    db: duckdb.DuckDBPyConnection, release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(release)
    with duckdb.connect() as over:
        over.execute(Path("views.sql").read_text("utf-8"))
        assert over.execute("FROM actors").fetchall() == db.execute("FROM actors ORDER BY actor_id").fetchall()


def test_the_database_can_be_attached_under_another_name(release: Path) -> None:
    """A view that had its own catalog's name in it would break here."""
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{release / 'bastions.duckdb'}' AS other (READ_ONLY)")
        assert connection.execute("FROM other.events").fetchall()
        connection.execute("USE other")
        assert connection.execute("FROM control_on('2019-03-05')").fetchall()


def selves(*names: str) -> Table:
    fields = tuple(schema.Field(name, "string", name) for name in ("k", *names))
    keys = tuple(ForeignKey((name,), "t", ("k",)) for name in names)
    return Table("t", "T", "T", "record", fields, ("k",), keys)


def test_a_table_that_refers_to_itself_is_loaded_level_by_level() -> None:
    rows = {"k": ["a", "b", "c", "d", "e"], "p": ["b", "c", None, None, "a"], "q": [None, None, None, "e", None]}
    parts = list(database.levels(selves("p", "q"), pl.DataFrame(rows)))
    assert [part["k"].to_list() for part in parts] == [["c"], ["b"], ["a"], ["e"], ["d"]]


@pytest.mark.parametrize("parents", [["a", None], ["b", "a"]])
def test_a_circle_is_told_and_not_dropped(parents: list[str | None]) -> None:
    frame = pl.DataFrame({"k": ["a", "b"], "p": parents})
    with pytest.raises(publish.CircleError, match="t: these rows stand in or under a circle of references: a"):
        list(database.levels(selves("p"), frame))


# --------------------------------------------------------------------------------------------------------------------
# The descriptor


def test_descriptor_carries_bytes_digests_rows_and_keys(release: Path, loaded: Schema) -> None:
    found = json.loads((release / "datapackage.json").read_text("utf-8"))
    assert found["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    resources = {resource["name"]: resource for resource in found["resources"]}
    assert len(resources) == len(found["resources"]) == 2 * len(loaded.load_order())
    for resource in resources.values():
        data = (release / resource["path"]).read_bytes()
        assert resource["bytes"] == len(data)
        assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
        # Readers of Parquet have rows and schema in the file; frictionless stumbles over both in the descriptor.
        assert ("type" in resource) == ("schema" in resource) == ("rows" in resource) == (resource["format"] == "csv")
    claims = resources["claims"]["schema"]
    assert claims["missingValues"] == [""]
    assert claims["primaryKey"] == ["claim_id"]
    assert {
        "fields": ["subject_table", "subject_id"],
        "reference": {"resource": "records", "fields": ["subject_table", "subject_id"]},
    } in claims["foreignKeys"]


def test_descriptor_is_valid_against_the_specification(release: Path) -> None:
    """By our own reading of every MUST, since frictionless lets some of them pass."""
    from bastions.validation import descriptor as specification

    found = json.loads((release / "datapackage.json").read_text("utf-8"))
    assert not list(specification.check(found))


def test_frictionless_finds_the_release_valid(release: Path) -> None:
    """Cells, keys, bytes and digests of the CSV files; bytes and digests alone of the Parquet files."""
    found: dict[str, Any] = json.loads((release / "datapackage.json").read_text("utf-8"))
    for resource in found["resources"]:
        resource.setdefault("type", "file")
    package = frictionless.Package.from_descriptor(found, basepath=str(release))
    report = package.validate()
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "type", "note"])
    assert sum(task.stats.get("rows") or 0 for task in report.tasks) == sum(
        resource["rows"] for resource in found["resources"] if resource["format"] == "csv"
    )


# --------------------------------------------------------------------------------------------------------------------
# Same bytes


BUILD = "import sys; from bastions import publish; publish.build(sys.argv[1], sys.argv[2])"


def test_same_bytes_in_other_folders_time_zones_locales_and_hash_seeds(
    release: Path, tiny_once: Path, tmp_path: Path
) -> None:
    root = tmp_path / "an other\N{LATIN SMALL LETTER E WITH ACUTE} folder" / "root"
    shutil.copytree(tiny_once, root)
    settings = {"TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8", "LANG": "C", "PYTHONHASHSEED": "77",
                "PYTHONUTF8": "0", "POLARS_MAX_THREADS": "1"}  # fmt: skip
    out = tmp_path / "out"
    subprocess.run(
        [sys.executable, "-c", BUILD, "root", str(out)], env={**os.environ, **settings}, cwd=root.parent, check=True
    )
    one, two = contents(release), contents(out)
    assert one.keys() == two.keys()
    assert {name for name in one if one[name] != two[name]} <= UNSTABLE
    tables = [name for name in one if name.startswith(("csv/", "parquet/"))]
    assert len(tables) > 40


# --------------------------------------------------------------------------------------------------------------------
# Whole or not at all


def test_nothing_is_written_when_there_is_an_error(tiny: Path) -> None:
    out = tiny / "build"
    patch(tiny, {"rows": {"actors": [{"actor_id": "red-banner", "actor_type": "no-such-type"}]}})
    with pytest.raises(publish.Refused) as caught:
        publish.build(tiny, out)
    assert caught.value.report.errors
    assert not out.exists()
    assert not list(tiny.glob(".build*"))


def test_a_refused_build_leaves_the_old_release(tiny: Path, release: Path) -> None:
    out = tiny / "build"
    shutil.copytree(release, out)
    before = contents(out)
    patch(tiny, {"rows": {"actors": [{"actor_id": "red-banner", "actor_type": "no-such-type"}]}})
    with pytest.raises(publish.Refused):
        publish.build(tiny, out)
    assert contents(out) == before


def test_a_new_release_replaces_the_old_one_and_keeps_the_readme(tiny: Path) -> None:
    out = tiny / "build"
    out.mkdir()
    (out / "README.md").write_text("Kept.\n")
    publish.build(tiny, out)
    patch(tiny, {"rows": {"actors": [{"actor_id": "red-banner", "description": "Words of a later day."}]}})
    publish.build(tiny, out)
    assert (out / "README.md").read_text() == "Kept.\n"
    assert "Words of a later day." in (out / "csv" / "actors.csv").read_text()
    assert "README.md" not in (out / "SHA256SUMS").read_text()
    assert not list(tiny.glob(".build*"))


def test_a_killed_build_leaves_the_old_release_and_the_next_one_clears_up(tiny: Path, release: Path) -> None:
    """SIGKILL while the database is being written: no handler runs, and the kernel alone lets go of the lock."""
    out = tiny / "build"
    shutil.copytree(release, out)
    before = contents(out)
    killed = textwrap.dedent("""
        import os, signal, sys
        from bastions import publish
        from bastions.publish import database
        database.write = lambda *arguments: os.kill(os.getpid(), signal.SIGKILL)
        publish.build(sys.argv[1], sys.argv[2])
    """)
    result = subprocess.run([sys.executable, "-c", killed, str(tiny), str(out)], check=False)
    assert result.returncode == -signal.SIGKILL
    assert contents(out) == before
    assert list(tiny.glob(".build-stage-*"))
    publish.build(tiny, out)
    assert {k: v for k, v in contents(out).items() if k not in UNSTABLE} == {
        k: v for k, v in before.items() if k not in UNSTABLE
    }
    assert not list(tiny.glob(".build*"))


def test_a_failing_build_leaves_the_old_release(tiny: Path, release: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tiny / "build"
    shutil.copytree(release, out)
    before = contents(out)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(parquet, "write", full)
    with pytest.raises(OSError, match="No space"):
        publish.build(tiny, out)
    assert contents(out) == before
    assert not list(tiny.glob(".build*"))


def test_files_that_no_release_made_are_not_deleted(tiny: Path, release: Path) -> None:
    out = tiny / "build"
    shutil.copytree(release, out)
    (out / "csv" / "notes.csv").write_text("mine\n")
    with pytest.raises(publish.NotARelease, match=r"csv/notes\.csv"):
        publish.build(tiny, out)
    assert (out / "csv" / "notes.csv").read_text() == "mine\n"


@pytest.mark.parametrize("target", [".", "data", "schemas"])
def test_the_dataset_itself_is_not_overwritten(tiny: Path, target: str) -> None:
    before = contents(tiny)
    with pytest.raises(publish.NotARelease):
        publish.build(tiny, tiny / target)
    assert contents(tiny) == before


# --------------------------------------------------------------------------------------------------------------------
# One rename


def anything(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}


def fill(folder: Path, words: str) -> None:
    (folder / "sub").mkdir()
    (folder / "a").write_text(words)
    (folder / "sub" / "b").write_text(words)


def test_two_builds_at_once_do_not_mix(tmp_path: Path) -> None:
    target = tmp_path / "out"
    with atomic.replacing(target, anything) as stage:
        fill(stage, "first")
        with pytest.raises(publish.Busy, match="another build"), atomic.replacing(target, anything):
            pytest.fail("two builds held the lock")
    assert (target / "a").read_text() == "first"
    assert anything(tmp_path) == {"out/a", "out/sub/b"}


def test_a_reader_never_sees_a_mixture_or_nothing(tmp_path: Path) -> None:
    """Another process resolves the name again and again while the folder is replaced two hundred times."""
    target = tmp_path / "out"
    with atomic.replacing(target, anything) as stage:
        fill(stage, "0")
    watch = textwrap.dedent("""
        import os, sys
        seen, bad = set(), 0
        while not os.path.exists(sys.argv[2]):
            folder = os.open(sys.argv[1], os.O_RDONLY | os.O_DIRECTORY)
            try:
                a, b = (os.open(n, os.O_RDONLY, dir_fd=folder) for n in ("a", "sub/b"))
                one, two = os.read(a, 99), os.read(b, 99)
                os.close(a); os.close(b)
                bad += one != two
                seen.add(one)
            except FileNotFoundError:
                pass  # the folder that was opened is the old one, and on its way out
            os.close(folder)
        print(len(seen), bad)
    """)
    stop = tmp_path / "stop"
    with subprocess.Popen([sys.executable, "-c", watch, target, stop], stdout=subprocess.PIPE, text=True) as reader:
        for number in range(1, 201):
            with atomic.replacing(target, anything) as stage:
                fill(stage, str(number))
        stop.touch()
        printed, _ = reader.communicate(timeout=60)
    assert reader.returncode == 0, "the name was gone for a moment"
    seen, bad = map(int, printed.split())
    assert bad == 0
    assert seen > 1


def test_without_an_exchange_two_renames_do_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "out"
    monkeypatch.setattr(atomic, "exchange", lambda *_: False)
    for words in ("first", "second"):
        with atomic.replacing(target, anything) as stage:
            fill(stage, words)
        assert (target / "sub" / "b").read_text() == words
    assert anything(tmp_path) == {"out/a", "out/sub/b"}


def test_a_death_between_the_two_renames_is_put_right(tmp_path: Path) -> None:
    target = tmp_path / "out"
    (tmp_path / ".out-old").mkdir()
    (tmp_path / ".out-old" / "a").write_text("old")
    (tmp_path / ".out-stage-12345").mkdir()
    with pytest.raises(RuntimeError, match="stop"), atomic.replacing(target, anything):
        raise RuntimeError("stop")
    assert (target / "a").read_text() == "old"
    assert anything(tmp_path) == {"out/a"}


def test_the_kernel_exchanges_here(tmp_path: Path) -> None:
    if sys.platform not in ("linux", "darwin"):
        pytest.skip("no exchange of names on this system")
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    assert atomic.exchange(tmp_path / "one", tmp_path / "two")
    assert anything(tmp_path) == {"one/two", "two/one"}
    with pytest.raises(FileNotFoundError):
        atomic.exchange(tmp_path / "one", tmp_path / "none")


def test_a_link_to_a_folder_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    with atomic.replacing(tmp_path / "link", anything) as stage:
        fill(stage, "x")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "a").read_text() == "x"


def test_a_target_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(publish.NotARelease, match="is not a folder"), atomic.replacing(tmp_path / "out", anything):
        pytest.fail("a file was about to be replaced")
    assert (tmp_path / "out").read_text() == "mine"


def test_another_folders_checksums_do_not_make_it_a_release(tmp_path: Path) -> None:
    (tmp_path / "SHA256SUMS").write_text(f"{'0' * 64}  image.iso\n")
    assert metadata.made_by_release(tmp_path) == set()


def test_frames_and_files_agree_with_what_connect_gives(release: Path, tiny_once: Path, loaded: Schema) -> None:
    """`bastions.connect()` and the release are one thing: same tables, same order of keys, same text."""
    frames = relations.published(dataset.read(loaded))
    for name, frame in frames.items():
        text = files.to_csv(relations.as_text(frame.cast({pl.Boolean: pl.String})), loaded.all_tables[name].published())
        written = (release / "csv" / f"{name}.csv").read_text("utf-8")
        assert text.count("\n") == written.count("\n")

"""The tiny dataset that tests run on, how a counterexample is applied to it, and a release of the real data."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
import yaml

from bastions import dataset, descriptor, dialects, files, loader, publish, relations, resolve
from bastions.schema import Schema

ROOT = Path(__file__).parents[1]
TESTS = Path(__file__).parent


@pytest.fixture(scope="session")
def tiny_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`valid/` under the real schemas and rules without their waivers, with its descriptor; not to be changed."""
    root = tmp_path_factory.mktemp("tiny")
    shutil.copytree(TESTS / "valid", root, dirs_exist_ok=True)
    shutil.copytree(ROOT / "schemas", root / "schemas", dirs_exist_ok=True)
    for made in (root / "schemas" / "rules").glob("waivers-*.csv"):
        made.unlink()
    waivers = root / "schemas" / "rules" / "waivers.csv"
    header, *_ = waivers.read_text("utf-8").splitlines()
    waivers.write_text(header + "\n", "utf-8")
    (root / "datapackage.json").write_text(descriptor.text(descriptor.package(schema_in(root))), "utf-8")
    return root


def rows(connection: duckdb.DuckDBPyConnection, sql: str, *values: str) -> list[dict[str, Any]]:
    """The result as one mapping a row."""
    cursor = connection.execute(sql, values)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def connect(root: Path) -> duckdb.DuckDBPyConnection:
    loaded = loader.load(root)
    return relations.connect(loaded, relations.published(dataset.read(loaded)))


@pytest.fixture(scope="module")
def tiny_db(tiny_once: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The relations of the tiny dataset, for reading."""
    with connect(tiny_once) as connection:
        yield connection


@pytest.fixture
def scratch(tiny_db: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """The tiny dataset, to which a test may add rows; they are gone after it."""
    tiny_db.execute("BEGIN")
    yield tiny_db
    tiny_db.execute("ROLLBACK")


@pytest.fixture
def tiny(tiny_once: Path, tmp_path: Path) -> Path:
    """The folder of a copy of the tiny dataset, for the test alone."""
    shutil.copytree(tiny_once, tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.fixture(scope="session")
def real_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a release of the real data."""
    return publish.build(ROOT, tmp_path_factory.mktemp("real") / "build").folder


@cache
def schema_in(root: Path) -> Schema:
    """The real schema, as read from the copy of it in `root`; the YAML is read once."""
    return loader.load(ROOT) if root == ROOT else replace(schema_in(ROOT), root=root)


def load_yaml(path: Path) -> Any:
    """A counterexample; every scalar is text, as in the cells of a CSV file."""
    return yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)


def patch(root: Path, example: Mapping[str, Any]) -> None:
    """Applies `rows` and `remove` of a counterexample to the dataset in `root`.

    A row whose key exists has its cells replaced, and empties those that it gives as ""; any other row is added. The
    files stay in canonical form, so that nothing but the example's own fault can be found in them.
    """
    loaded = schema_in(root)
    changes: Mapping[str, list[dict[str, str]]] = example.get("rows", {})
    removed: Mapping[str, list[str]] = example.get("remove", {})
    for name in {**changes, **removed}:
        table = loaded.all_tables[name]
        (path,) = loaded.parts(name)
        frame = files.read_part(path, table, root).frame
        assert frame is not None
        rows = {row[table.key]: row for row in frame.select(table.names).to_dicts()}
        for key in removed.get(name, ()):
            del rows[key]
        for cells in changes.get(name, ()):
            key = cells[table.key]
            unknown = cells.keys() - set(table.names)
            assert not unknown, f"{name} has no column {unknown}"
            row = rows.setdefault(key, dict.fromkeys(table.names))
            row.update({column: cell or None for column, cell in cells.items()})
        patched = pl.DataFrame(list(rows.values()), schema=dict.fromkeys(table.names, pl.String()))
        path.write_text(files.to_csv(patched, table), "utf-8", newline="")


def rederive(connection: duckdb.DuckDBPyConnection, schema: Schema) -> None:
    """Makes the derived tables that rest on claims anew, after a test has changed rows in a connection."""

    def frame(name: str) -> pl.DataFrame:
        return pl.DataFrame(connection.sql(f'FROM "{name}"').to_arrow_table())

    frames = {name: frame(name) for name in {*schema.subjects, "claims"}}
    made = {"quantities": relations._quantities(schema, frames), "claim_dates": relations._claim_dates(schema, frames)}
    for name, found in made.items():
        types = dialects.polars_schema(schema.derived[name].published())
        connection.register("frame_", pl.DataFrame(found, schema=types, orient="row"))
        connection.execute(f"DELETE FROM {name}")
        connection.execute(f"INSERT INTO {name} FROM frame_")
        connection.unregister("frame_")
    for name in ("rankings", *resolve.MADE):
        connection.execute(f"DROP TABLE IF EXISTS {name}")
    policies, faults = resolve.load(schema)
    assert not faults + resolve.derive(connection, schema, policies)

"""No silent loss: every cell and every row that goes in comes out, and comes out as it went in."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bastions import dialects, publish
from bastions.tabular import run

sys.path.insert(0, str(Path(__file__).parent / "injection"))

import boxes
import cells


@pytest.fixture(scope="module")
def release(tiny_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish.build(tiny_once, tmp_path_factory.mktemp("no-loss") / "build").folder


def test_every_cell_of_the_data_is_in_the_parquet_files(tiny_once: Path, release: Path) -> None:
    """The CSV files are read by Python's own library, so that our reader cannot hide what it loses."""
    found = cells.of_source(tiny_once, release)
    assert not found.wrong
    assert found.tables > 15 and found.cells > 2_000


def test_csv_and_parquet_of_a_release_are_the_same_cell_by_cell(release: Path) -> None:
    found = cells.of_release(release)
    assert not found.wrong
    assert found.tables > 25 and found.cells > 20_000


@pytest.mark.parametrize("seed", [1, 2])
def test_cells_of_all_sixteen_types_come_back_and_go_in_again(tmp_path: Path, seed: int) -> None:
    """From CSV to Parquet, to CSV, and to Parquet again: the same cells, and the same bytes."""
    assert list(cells.MADE) == list(dialects.TYPES)
    given = cells.every_type(tmp_path / "one", 400, seed)
    first = run.build(tmp_path / "one", tmp_path / "first")
    assert first.rows == {"every": 400}
    back = cells.of_types(tmp_path / "first")
    for one, other in zip(given, back, strict=True):
        assert one == other
    cells.write_types(tmp_path / "two", back)
    run.build(tmp_path / "two", tmp_path / "second")
    assert boxes.stable(tmp_path / "first") == boxes.stable(tmp_path / "second")


def test_the_rows_of_the_database_are_those_of_the_parquet_files(tmp_path: Path) -> None:
    import duckdb

    cells.every_type(tmp_path / "one", 100, 3)
    run.build(tmp_path / "one", tmp_path / "out")
    with duckdb.connect(boxes.database(tmp_path / "out"), read_only=True) as connection:
        inside = [[cells.as_text(value) for value in row] for row in connection.execute("FROM every").fetchall()]
    assert inside == cells.of_types(tmp_path / "out")


def test_a_row_that_cannot_be_read_stops_the_build_and_is_not_dropped(tmp_path: Path) -> None:
    cells.every_type(tmp_path / "one", 5, 4)
    with (tmp_path / "one" / "every.csv").open("a", encoding="utf-8") as file:
        file.write("k5,too,few\n")
    with pytest.raises(publish.Refused):
        run.build(tmp_path / "one", tmp_path / "out")
    assert not (tmp_path / "out").exists()

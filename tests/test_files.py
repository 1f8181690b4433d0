"""The reader of CSV files has a short way for files in canonical form; it must see what the long way sees."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import ROOT, schema_in
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bastions import files
from bastions.schema import Table

SCHEMA = schema_in(ROOT)
NAMES = SCHEMA.tables["names"]
HEADER = ",".join(NAMES.names)


def both(path: Path, table: Table, root: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[files.Part, files.Part]:
    """A file as it is read, and as it is read line by line."""
    short = files.read_part(path, table, root)
    with monkeypatch.context() as patch:
        patch.setattr(files, "_in_canonical_form", lambda text, table: None)
        return short, files.read_part(path, table, root)


def assert_same(one: files.Part, other: files.Part) -> None:
    assert (one.problems, one.bad, one.lost) == (other.problems, other.bad, other.lost)
    assert (one.frame is None) == (other.frame is None)
    assert one.frame is None or (other.frame is not None and one.frame.equals(other.frame))


def test_every_file_of_the_dataset_is_read_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, table in SCHEMA.all_tables.items():
        for path in SCHEMA.parts(name) if table.kind != "derived" else ():
            assert_same(*both(path, table, ROOT, monkeypatch))


def test_the_short_way_is_taken() -> None:
    path = ROOT / "data" / "claims" / "hand.csv"
    assert files._in_canonical_form(path.read_text("utf-8"), SCHEMA.tables["claims"]) is not None


CELL = st.sampled_from(
    [
        "",
        "a",
        "b c",
        "ü",
        "u\u0308",
        " a",
        "a ",
        "-1",
        "=1",
        "\u202ea",
        "\x00",
        "a\tb",
        '"a,b"',
        '"a ""b"""',
        '""',
        '"a',
        "\ufeff",
    ]
) | st.text(max_size=4)
LINE = st.lists(CELL, min_size=5, max_size=8).map(",".join)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(LINE, max_size=4), st.sampled_from(["\n", "\r\n", ""]))
def test_whatever_the_file_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: list[str], end: str) -> None:
    keyed = [f"k{i},{line}" for i, line in enumerate(lines)]
    path = tmp_path / "names.csv"
    path.write_bytes(("\n".join([HEADER, *keyed]) + end).encode("utf-8", "surrogatepass"))
    assert_same(*both(path, NAMES, tmp_path, monkeypatch))

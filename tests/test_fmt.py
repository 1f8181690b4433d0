"""`fmt` mends how values are written, never a value; what it cannot keep whole it leaves alone."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bastions import files, fmt
from bastions.loader import load
from bastions.schema import Field, Table


def run(root: Path) -> tuple[list[str], int]:
    changes, problems = fmt.plan(load(root))
    fmt.write(changes)
    return [change.path.relative_to(root).as_posix() for change in changes], len(problems)


ACTORS = "data/actors/hand.csv"


def test_canonical_is_left_alone(tiny: Path) -> None:
    assert run(tiny)[1] == 0
    assert run(tiny) == ([], 0)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: data.replace(b"\n", b"\r\n"),
        lambda data: b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n").rstrip(),
        lambda data: b"\n".join(b",".join(b'"' + c + b'"' for c in row.split(b",")) for row in data.splitlines()),
        lambda data: b"\n".join([data.splitlines()[0], *reversed(data.splitlines()[1:])]),
        lambda data: b"\n".join(b",".join([c[1], c[0], *c[2:]]) for c in (r.split(b",") for r in data.splitlines())),
    ],
    ids=["byte-order mark", "CRLF", "both, no final newline", "every cell quoted", "rows reversed", "columns swapped"],
)
def test_fmt_mends(tiny: Path, spoil) -> None:  # type: ignore[no-untyped-def]
    run(tiny)
    path = tiny / ACTORS
    before = path.read_bytes()
    assert b'"' not in before, "the cases split on commas"
    path.write_bytes(spoil(before))
    assert run(tiny) == ([ACTORS], 0)
    assert path.read_bytes() == before


@pytest.mark.parametrize("cell", [b'"a\nb"', b"a\xff", b'"a', b"a\x00", b"=a", b"a,b"])
def test_fmt_leaves_alone_what_it_could_lose(tiny: Path, cell: bytes) -> None:
    run(tiny)
    path = tiny / ACTORS
    spoilt = b"\xef\xbb\xbf" + path.read_bytes().replace(b"Dalby Courier", cell, 1)
    path.write_bytes(spoilt)
    changed, problems = run(tiny)
    assert problems
    assert ACTORS not in changed
    assert path.read_bytes() == spoilt


def test_fmt_adds_a_column_that_the_schema_gained(tiny: Path) -> None:
    run(tiny)
    schema = tiny / "schemas/claims.yaml"
    schema.write_text(schema.read_text().replace("  - use: note\n", "  - use: note\n  - use: identifier\n", 1))
    assert "data/claims/hand.csv" in run(tiny)[0]
    part = files.read_part(tiny / "data/claims/hand.csv", load(tiny).tables["claims"], tiny)
    assert part.problems == []
    assert part.frame is not None
    assert part.frame["identifier"].null_count() == part.frame.height


def test_fmt_makes_the_file_of_a_new_table(tiny: Path) -> None:
    (tiny / "data/tombstones/hand.csv").unlink()
    assert "data/tombstones/hand.csv" in run(tiny)[0]
    assert (tiny / "data/tombstones/hand.csv").read_text().startswith("tombstone_id,")


def test_check_shows_what_would_change(tiny: Path) -> None:
    run(tiny)
    path = tiny / ACTORS
    path.write_bytes(path.read_bytes().replace(b"Dalby Courier", b'"Dalby Courier"', 1))
    (change,) = fmt.plan(load(tiny))[0]
    assert '-dalby-courier,"Dalby Courier"' in change.diff(tiny)
    assert "+dalby-courier,Dalby Courier" in change.diff(tiny)


TEXT = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S"), exclude_characters="=+-@＝＋－＠"), min_size=1
)


@given(st.dictionaries(st.from_regex("[a-z]{1,5}", fullmatch=True), st.one_of(st.none(), TEXT), min_size=1))
def test_what_is_written_is_read_back(tmp_path_factory: pytest.TempPathFactory, rows: dict[str, str | None]) -> None:
    """Any cell that the reader admits survives writing and reading; the order is that of the keys."""
    import unicodedata

    rows = {key: None if text is None else unicodedata.normalize("NFC", text) for key, text in rows.items()}
    table = Table("t", "T", "T.", "record", (Field("k", "string", "K."), Field("v", "string", "V.")), ("k",))
    root = tmp_path_factory.mktemp("t")
    frame = pl.DataFrame({"k": list(rows), "v": list(rows.values())}, schema={"k": pl.String, "v": pl.String})
    (root / "t.csv").write_text(files.to_csv(frame, table), "utf-8", newline="")
    part = files.read_part(root / "t.csv", table, root)
    if any(p.rule == "forbidden-character" for p in part.problems):
        return
    assert part.problems == []
    assert part.frame is not None
    assert dict(part.frame.select("k", "v").rows()) == rows
    assert part.frame["k"].to_list() == sorted(rows)

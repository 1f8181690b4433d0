"""`query`: whole results in four formats, errors that help, and no way out of the release."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import duckdb
import pytest
from test_publish import release  # noqa: F401 (a fixture)

from bastions.query import FORMATS, Format, QueryError, query


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A release with one awkward table."""
    with duckdb.connect(tmp_path / "bastions.duckdb") as connection:
        connection.execute("CREATE TABLE t (k VARCHAR, n DOUBLE, d DATE, b BOOLEAN, x TIME)")
        connection.execute("CREATE VIEW v AS SELECT k AS key FROM t")
        connection.execute("CREATE MACRO on_day(day) AS TABLE SELECT k FROM t WHERE d = day")
        connection.execute(
            "INSERT INTO t VALUES ('a', 1.5, DATE '2017-11-03', TRUE, TIME '23:59:00'), ('', NULL, NULL, FALSE, NULL), "
            "(NULL, 40, DATE '0900-01-01', NULL, NULL)"
        )
    return tmp_path


def test_a_table_for_people(small: Path) -> None:
    assert query("FROM t ORDER BY n NULLS LAST", small).split("\n") == [
        "k    |    n | d          | b     | x",
        "-----+------+------------+-------+---------",
        "a    |  1.5 | 2017-11-03 | true  | 23:59:00",
        "NULL |   40 | 0900-01-01 | NULL  | NULL",
        "     | NULL | NULL       | false | NULL",
        "(3 rows)",
    ]


def test_a_table_wider_than_the_terminal_is_shown_record_by_record(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Never cut: neither a column nor the end of a cell."""
    monkeypatch.setenv("COLUMNS", "40")
    words = "w" * 300
    found = query(f"SELECT '{words}' AS long_name, 1 AS n UNION ALL SELECT 'b', NULL ORDER BY n", small)
    assert found.split("\n") == [
        "--- 1 ---", f"long_name : {words}", "n         : 1",
        "--- 2 ---", "long_name : b", "n         : NULL",
        "(2 rows)",
    ]  # fmt: skip


def test_no_rows_and_many_rows(small: Path) -> None:
    assert query("FROM t WHERE k = 'none'", small).endswith("(0 rows)")
    assert query("FROM range(1000)", small).endswith("(1,000 rows)")
    assert len(query("FROM range(1000)", small).split("\n")) == 1003


def test_wide_and_combining_characters_keep_the_columns_straight(small: Path) -> None:
    found = query("SELECT * FROM (VALUES ('دير الزور', 1), ('代尔', 2), ('e\u0301', 3)) AS v(name, n)", small).split(
        "\n"
    )
    assert found[2] == "دير الزور | 1"
    assert found[3] == "代尔      | 2"
    assert found[4] == "e\u0301         | 3"


def test_csv_is_faithful_and_tells_null_from_empty(small: Path) -> None:
    assert query("FROM t ORDER BY n NULLS LAST", small, "csv").split("\n") == [
        "k,n,d,b,x", "a,1.5,2017-11-03,true,23:59:00", ",40,0900-01-01,,", '"",,,false,',
    ]  # fmt: skip
    awkward = 'a,"b"\nc'
    found = query(f"SELECT '{awkward}' AS \"x,y\", ' padded ' AS p", small, "csv")
    assert list(csv.reader(io.StringIO(found))) == [["x,y", "p"], [awkward, " padded "]]


def test_json_is_faithful_and_tells_null_from_empty(small: Path) -> None:
    found = query("FROM t ORDER BY n NULLS LAST", small, "json")
    assert json.loads(found) == [
        {"k": "a", "n": 1.5, "d": "2017-11-03", "b": True, "x": "23:59:00"},
        {"k": None, "n": 40.0, "d": "0900-01-01", "b": None, "x": None},
        {"k": "", "n": None, "d": None, "b": False, "x": None},
    ]
    assert json.loads(query("FROM t WHERE FALSE", small, "json")) == []


def test_json_of_every_type(small: Path) -> None:
    found = query(
        "SELECT [1, NULL] AS list, {'a': DATE '2017-11-03'} AS struct, map(['k'], [1]) AS pairs, "
        "1.10::DECIMAL(9, 2) AS dec, 10::DECIMAL(9, 0) AS whole, "
        "170141183460469231731687303715884105727::HUGEINT AS huge, 'nan'::DOUBLE AS nan, "
        "'\\xAA'::BLOB AS bytes, TIMESTAMP '2017-11-03 01:02:03' AS ts, INTERVAL 3 DAY AS span",
        small,
        "json",
    )
    assert json.loads(found) == [
        {
            "list": [1, None],
            "struct": {"a": "2017-11-03"},
            "pairs": {"k": 1},
            "dec": 1.1,
            "whole": 10,
            "huge": 170141183460469231731687303715884105727,
            "nan": "nan",
            "bytes": "aa",
            "ts": "2017-11-03 01:02:03",
            "span": "3 days, 0:00:00",
        }
    ]


def test_json_refuses_two_columns_of_one_name(small: Path) -> None:
    with pytest.raises(QueryError, match="two columns are called k; tell them apart with AS"):
        query("SELECT k, k FROM t", small, "json")
    assert query("SELECT k, k FROM t LIMIT 1", small, "csv").startswith("k,k\n")


def test_markdown_lets_no_cell_out_of_its_place(small: Path) -> None:
    found = query("SELECT '<b>a|b\\|</b>\n&amp;' AS \"x|y\", NULL AS n", small, "markdown")
    assert found.split("\n") == [
        "| x&#124;y | n |",
        "| --- | --- |",
        "| &lt;b&gt;a&#124;b\\&#124;&lt;/b&gt;\\u{a}&amp;amp; |  |",
    ]


@pytest.mark.parametrize("format", ["table", "markdown", "json"])
def test_no_screen_is_made_to_obey(small: Path, format: Format) -> None:
    """Escape sequences, bidi overrides and zero-width characters are shown, not acted upon."""
    found = query("SELECT chr(27) || '[2J' || chr(8238) || chr(8203) || chr(7) AS a, 1 AS \"c\u202ed\"", small, format)
    assert not {"\x1b", "\u202e", "\u200b", "\x07"} & set(found)
    if format == "json":
        assert json.loads(found) == [{"a": "\x1b[2J\u202e\u200b\x07", "c\u202ed": 1}]


def test_an_unknown_table_is_answered_with_the_tables(small: Path) -> None:
    with pytest.raises(QueryError) as caught:
        query("FROM nobody", small)
    text = str(caught.value)
    assert "Table with name nobody does not exist" in text
    assert "Tables: t\nViews: v\nMacros: on_day(day)" in text
    assert "Traceback" not in text


def test_an_unknown_column_is_answered_with_the_columns_of_what_was_asked(small: Path) -> None:
    with pytest.raises(QueryError, match=r"Columns of t: k, n, d, b, x") as caught:
        query("SELECT name FROM t", small)
    assert "Columns of v" not in str(caught.value)


@pytest.mark.parametrize("sql", ["", "  ", "-- nothing", ";"])
def test_nothing_to_run(small: Path, sql: str) -> None:
    with pytest.raises(QueryError, match="no statement"):
        query(sql, small)


@pytest.mark.parametrize("sql", ["SELEC 1", "SELECT 'a", "SELECT 1 +", "SELECT * FROM t WHERE k > 1"])
def test_wrong_sql_is_one_message(small: Path, sql: str) -> None:
    with pytest.raises(QueryError, match="Error"):
        query(sql, small)


def test_several_statements(small: Path) -> None:
    assert query("SET VARIABLE x = 3; SELECT getvariable('x') AS n", small, "csv") == "n\n3"
    assert query("CREATE TEMP TABLE w AS FROM t; SELECT count(*) AS n FROM w;", small, "csv") == "n\n3"
    with pytest.raises(QueryError, match="rows, which would go unseen"):
        query("SELECT 1; SELECT 2", small)


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM t",
        "CREATE TABLE w (a INTEGER)",
        "DROP VIEW v",
        "COPY t TO '{folder}/out.csv'",
        "FROM read_csv('{folder}/in.csv')",
        "FROM read_text('/etc/hostname')",
        "FROM glob('/etc/*')",
        "ATTACH '{folder}/other.duckdb' AS other",
        "SET enable_external_access = true",
        "INSTALL httpfs",
        "LOAD httpfs",
        "FROM 'https://example.org/x.parquet'",
        "EXPORT DATABASE '{folder}/all'",
    ],
)
def test_nothing_is_changed_and_nothing_outside_is_reached(small: Path, sql: str) -> None:
    (small / "in.csv").write_text("a\n1\n")
    before = {path: path.read_bytes() for path in small.iterdir()}
    with pytest.raises(QueryError):
        query(sql.format(folder=small), small)
    assert {path: path.read_bytes() for path in small.iterdir()} == before


def test_variables_of_the_program_are_out_of_reach(small: Path) -> None:
    secret = [1]
    with pytest.raises(QueryError, match="secret does not exist"):
        query("FROM secret", small)
    assert secret


def test_a_missing_or_broken_release(tmp_path: Path) -> None:
    with pytest.raises(QueryError, match=r"there is no release in .*; bastions build makes one"):
        query("SELECT 1", tmp_path / "build")
    (tmp_path / "bastions.duckdb").write_bytes(b"no database at all" * 1000)
    with pytest.raises(QueryError, match="cannot be opened"):
        query("SELECT 1", tmp_path)


@pytest.mark.parametrize("format", FORMATS)
def test_every_view_of_a_release_in_every_format(release: Path, format: Format) -> None:  # noqa: F811
    with duckdb.connect(release / "bastions.duckdb", read_only=True) as connection:
        names = [n for (n,) in connection.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()]
    for name in names:
        assert query(f"FROM {name}", release, format)


def test_an_unknown_format(small: Path) -> None:
    with pytest.raises(KeyError):
        query("SELECT 1", small, "xml")  # type: ignore[arg-type]

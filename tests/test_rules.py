"""The rules as files, their list in the README, and what the trickier of them mean by sure, sole and contradictory."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, rederive, schema_in
from duckdb import DuckDBPyConnection

from bastions import dataset, edtf, relations, resolve, views
from bastions.validation import rules

FOLDER = ROOT / "schemas" / "rules"
NAMES = sorted(path.stem for path in FOLDER.glob("*.sql"))
SCHEMA = schema_in(ROOT)
RULES = {name: rules.parse(name, (FOLDER / f"{name}.sql").read_text("utf-8"), SCHEMA) for name in NAMES}
ON_DERIVED = {
    name
    for name, rule in RULES.items()
    for sql in [[rule.sql, *(view.select for view in views.needed(views.load(SCHEMA), [rule.sql]))]]
    if set().union(*map(views.words, sql)) & {"quantities", "claim_dates", *resolve.MADE}
}
"""The rules that read a table which is made from the claims."""

# fmt: off
NUMBERS = [f"R-{group}{n:02d}" for group, ns in {
    "P": range(1, 8), "T": range(1, 7), "L": range(1, 6), "A": range(1, 5), "E": range(1, 4), "Q": range(1, 10),
    "K": range(1, 5), "C": range(7, 10), "V": range(1, 3), "W": range(1, 2),
}.items() for n in ns]
# fmt: on


# --------------------------------------------------------------------------------------------------------------------
# The files


@pytest.mark.parametrize("name", NAMES)
def test_file_is_in_house_style(name: str) -> None:
    rule = RULES[name]
    lines = rule.sql.splitlines()
    assert rule.sql.endswith("\nORDER BY ALL\n"), "its findings come in one order"
    assert all(len(line) <= 120 and line == line.rstrip() for line in lines)
    assert ";" not in re.sub(r"'[^']*'|--.*", "", rule.sql), "it is one statement"
    assert rule.message[0].islower(), "the message goes on from the name and value of the cell"
    assert not rule.message.endswith("."), "the message is part of a line"
    assert rule.hint.endswith("."), "every rule says what to do, in whole sentences"
    assert set(rule.covers) <= set(NUMBERS)


def test_rules_that_are_alike_for_several_tables_differ_in_names_only() -> None:
    """One idea is one text: a rule mended for one table and forgotten for another would go unnoticed otherwise."""
    exempt = {
        "figures__not_affirmed": "a claim on the value affirms too",
        "figures__value_unbacked": "a claim on the value carries what is measured",
        "links__not_affirmed": "judgements need no claim",
        "links__value_unbacked": "judgements need no claim",
        "names__value_unbacked": "names have no rule on existence",
        "strikes__end_before_start": "strikes have times",
    }
    texts: dict[str, dict[str, str]] = {}
    for name, rule in RULES.items():
        table, _, fault = name.partition("__")
        if table == rules.ANY:
            continue
        sql = re.sub(r"\s+", " ", re.sub(r"--.*", "", rule.sql))
        sql = re.sub(r"\b(active|held|valid|covers)_(from|to)", r"date_\2", sql)
        sql = sql.replace("date_start", "date_from").replace("date_end", "date_to")
        sql = sql.replace("part_of_id", "parent_id").replace(SCHEMA.all_tables[table].key, "key")
        texts.setdefault(fault, {})[name] = re.sub(rf"\b{table}\b", "table", sql)
    alike = """
        end_before_start half_a_point inside_itself not_affirmed placeholder_date point_far_from_place precision_unfit
        relation_without_place sentinel_point source_not_read span_incomplete span_outside_text span_reversed
        value_unbacked"""
    for fault in alike.split():
        found = {name: text for name, text in texts[fault].items() if name not in exempt}
        assert len(set(found.values())) == 1, f"these differ: {', '.join(found)}"


def test_words_in_the_rules_are_codes_columns_or_tables() -> None:
    """A code that is renamed would leave a rule that compares with it silent for ever."""
    known = {code for codes in SCHEMA.code_lists.values() for code in codes.codes} | set(SCHEMA.code_lists)
    known |= {a.name for codes in SCHEMA.code_lists.values() for a in codes.attributes}
    known |= {v for codes in SCHEMA.code_lists.values() for c in codes.codes.values() for v in c.attributes.values()}
    known |= {column for table in SCHEMA.all_tables.values() for column in table.names} | set(SCHEMA.all_tables)
    known |= {"exists", "remark", "any"}
    for name, rule in RULES.items():
        literals = re.findall(r"'((?:[^']|'')*)'", re.sub(r"--.*", "", rule.sql))
        words = {word for word in literals if re.fullmatch(r"[a-z][a-z0-9_-]*_[a-z0-9_]+|[a-z]{3,}", word)}
        assert words <= known, f"{name}: {', '.join(sorted(words - known))}"


# --------------------------------------------------------------------------------------------------------------------
# The README


def listed(text: str) -> set[str]:
    """The rules that a text names in backticks, `*` standing for any word."""
    patterns = re.findall(r"`([a-z_*]+__[a-z_*]+)`", text)
    idle = [pattern for pattern in patterns if not any(fnmatchcase(name, pattern) for name in NAMES)]
    assert not idle, f"no rule is called {', '.join(idle)}"
    return {name for name in NAMES for pattern in patterns if fnmatchcase(name, pattern)}


def rows(heading: str) -> list[list[str]]:
    section = (FOLDER / "README.md").read_text("utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    return [
        [cell.strip() for cell in line.strip("|").split(" | ")] for line in section.splitlines() if line[:2] == "| "
    ]


def test_readme_accounts_for_each_of_the_44_once() -> None:
    table = rows("The list of 44")[1:]
    assert [row[0] for row in table] == NUMBERS
    assert len(NUMBERS) == 44
    kinds = [row[2].partition(":")[0] for row in table]
    counts = {kind: kinds.count(kind) for kind in ("rule", "earlier stage", "later order", "not expressible")}
    assert sum(counts.values()) == 44
    text = (FOLDER / "README.md").read_text("utf-8")
    words = "{rule} are rules here, {earlier stage} are checked by an earlier stage, {later order} wait"
    assert words.format_map(counts) in text


def test_readme_names_the_rules_that_cover_a_number() -> None:
    for number, _, where in rows("The list of 44")[1:]:
        assert listed(where) == {name for name, rule in RULES.items() if number in rule.covers}, number


def test_readme_names_every_rule() -> None:
    own = set().union(*(listed(where) for _, where in rows("The rules of our own")[1:]))
    assert own == {name for name, rule in RULES.items() if not rule.covers}


def test_readme_shows_a_rule_as_it_is() -> None:
    shown = (FOLDER / "README.md").read_text("utf-8").split("```sql\n")[1].split("```")[0]
    assert shown in {rule.sql for rule in RULES.values()}


# --------------------------------------------------------------------------------------------------------------------
# What they find


@pytest.fixture(scope="module")
def connection(tiny_once: Path) -> DuckDBPyConnection:
    """The relations of the tiny dataset; what a test changes it takes back."""
    data = dataset.read(schema_in(tiny_once))
    frames = {**relations.published(data), **{name: data.typed[name] for name in data.schema.seeds}}
    made = relations.connect(data.schema, frames, with_views=False)
    made.execute("SET threads = 1")  # a few rows are sooner done than shared out
    wanted = views.needed(views.load(data.schema), [rule.sql for rule in RULES.values()])
    views.define(made, wanted, check=False)
    return made


@pytest.fixture
def tiny_db(connection: DuckDBPyConnection) -> Iterator[DuckDBPyConnection]:
    connection.execute("BEGIN")
    yield connection
    connection.execute("ROLLBACK")


def fires(con: DuckDBPyConnection, name: str) -> list[str]:
    if name in ON_DERIVED:
        rederive(con, SCHEMA)
    found = con.execute(RULES[name].sql)
    place = [column[0] for column in found.description or ()].index("record_id")
    return [row[place] for row in found.fetchall()]


def put(con: DuckDBPyConnection, table: str, **cells: Any) -> None:
    """Writes cells into the row of that key, which is made if need be; the bounds of dates follow."""
    key = SCHEMA.all_tables[table].key
    if not con.execute(f'SELECT 1 FROM "{table}" WHERE {key} = ?', [cells[key]]).fetchall():
        con.execute(f'INSERT INTO "{table}" ({key}) VALUES (?)', [cells[key]])
    bounds: dict[str, datetime.date | None] = {}
    for column in SCHEMA.all_tables[table].fields:
        if column.edtf and column.name in cells:
            days = edtf.bounds(cells[column.name]) if cells[column.name] else (None, None)
            bounds |= dict(zip((f"{column.name}_earliest", f"{column.name}_latest"), days, strict=True))
    for name, cell in {**cells, **bounds}.items():
        con.execute(f'UPDATE "{table}" SET "{name}" = ? WHERE {key} = ?', [cell, cells[key]])


@pytest.mark.parametrize("name", NAMES)
def test_rule_says_nothing_of_an_empty_dataset(tiny_db: DuckDBPyConnection, name: str) -> None:
    for table in [*SCHEMA.tables, *SCHEMA.seeds, "records"]:
        tiny_db.execute(f'DELETE FROM "{table}"')
    assert fires(tiny_db, name) == []


def test_rules_run_whatever_is_empty(tiny_db: DuckDBPyConnection) -> None:
    """Cells that could not be read are NULL, in columns that are required too: no rule may trip over one."""
    tables = {**SCHEMA.tables, **SCHEMA.seeds}
    emptied = [(name, c.name) for name, t in tables.items() for c in t.published().fields if c.name != t.key]
    for part in (emptied[::2], emptied[1::2]):
        for table, column in part:
            tiny_db.execute(f'UPDATE "{table}" SET "{column}" = NULL')
        for name in NAMES:
            fires(tiny_db, name)


@pytest.mark.parametrize(
    ("start", "end", "reversed_"),
    [
        ("2017-11-03", "2017-11-03", False),
        ("2017-11-03", "2017-11-02", True),
        ("2017-11-03", "2017-11", False),  # any day of November
        ("2017-11", "2017-10-31", True),
        ("2017-11-03~", "2017-11-01", False),  # about the third may be the first
        ("2017-11-03", "..", False),
        ("2017-11-03", None, False),
        (None, "2017-11-03", False),
        ("[..2015-05]", "2010", False),
        ("2015", "[..2014-05]", True),
    ],
)
def test_end_before_start_is_sure(tiny_db: DuckDBPyConnection, start: str, end: str, reversed_: bool) -> None:
    put(tiny_db, "engagements", engagement_id="register-18", date_start=start, date_end=end)
    assert (fires(tiny_db, "engagements__end_before_start") == ["register-18"]) is reversed_


HELD = [
    # one holder's from and to, the other's, and whether both surely held the place alone at once
    ("2014", "2017-11-03", "2017-11-03", "..", False),  # half-open: the day of the end is the next holder's
    ("2014", "2017-11-04", "2017-11-03", "..", True),
    ("2014", "2017-11", "2017-11-03", "..", False),  # the end may be the first of November
    ("2014", "..", "2017-11-03", "..", True),  # the former period was never ended
    ("2014", None, "2017-11-03", None, False),  # no end is stated: it may have been any
    ("2014-06-10", None, "2014-06-10", None, True),  # but each held it on the day on which it began
    (None, "2017-11-03", None, "2017-11-03", True),  # and on the day before it ended
    (None, "2017-11-03", "2017-11-03", None, False),
    (None, None, "2014", "..", False),
    ("2014", "2015", "2014-06", "2014-08", False),  # within 2014 the first may have begun in December
    ("2014", "2016", "2015", "2017", True),  # at the worst from the last day of 2015 to the first of 2016
]


@pytest.mark.parametrize(("from_1", "to_1", "from_2", "to_2", "both"), HELD)
def test_sole_holders_overlap_for_certain(
    tiny_db: DuckDBPyConnection, from_1: str, to_1: str, from_2: str, to_2: str, both: bool
) -> None:
    tiny_db.execute("DELETE FROM control")
    for key, holder, start, end in [("a", "red-banner", from_1, to_1), ("b", "river-guard", from_2, to_2)]:
        cells = {"location_id": "orvessa", "holder_id": holder, "control_state": "held"}
        put(tiny_db, "control", control_id=key, held_from=start, held_to=end, **cells)
    assert bool(fires(tiny_db, "control__two_sole_holders")) is both


@pytest.mark.parametrize(
    "change",
    [
        {"control_state": "part"},
        {"control_state": "besieged"},
        {"holder_id": None},
        {"holder_id": "red-banner"},
        {"location_id": "calder"},
    ],
)
def test_who_shares_or_is_elsewhere_does_not_overlap(tiny_db: DuckDBPyConnection, change: dict[str, Any]) -> None:
    put(tiny_db, "control", control_id="orvessa-river-guard", held_from="2018")
    assert fires(tiny_db, "control__two_sole_holders") == ["orvessa-river-guard"]
    put(tiny_db, "control", control_id="orvessa-river-guard", **change)
    assert fires(tiny_db, "control__two_sole_holders") == []


def test_allies_hold_together(tiny_db: DuckDBPyConnection) -> None:
    put(tiny_db, "control", control_id="orvessa-river-guard", held_from="2018")
    cells = {"subject_table": "actors", "subject_id": "red-banner", "link_type": "member_of"}
    put(tiny_db, "links", link_id="x", **cells, related_table="actors", related_id="river-guard")
    assert fires(tiny_db, "control__two_sole_holders") == []


AFFIRMED = {"source_id": "orvessa-story", "polarity": "affirmed", "event_status": "realized"}
"""A claim in the voice of the document."""


def value(comparator: str, *numbers: float, **more: Any) -> dict[str, Any]:
    names = ("value",) if len(numbers) < 2 else ("value_min", "value_max")
    return {"comparator": comparator, **dict(zip(names, numbers, strict=False)), **more}


@pytest.mark.parametrize(
    ("one", "other", "contradictory"),
    [
        (value("eq", 96), value("eq", 96), False),
        (value("eq", 96), value("eq", 95), True),
        (value("gt", 96), value("near_below", 96), True),  # each excludes the number that they share
        (value("gt", 96), value("eq", 96), True),
        (value("ge", 96), value("eq", 96), False),
        (value("ge", 96), value("le", 96), False),
        (value("ge", 96), value("lt", 96), True),
        (value("gt", 90), value("gt", 96), False),
        (value("approx", 40), value("eq", 30), False),  # about reaches a step to either side, by convention
        (value("approx", 40), value("eq", 29), True),
        (value("near_below", 70), value("eq", 60), False),
        (value("near_below", 70), value("eq", 59), True),
        (value("between", 10, 20), value("eq", 20), False),
        (value("between", 10, 20), value("one_of", 21, 30), True),
        (value("most"), value("lt", 50), True),  # more than half
        (value("most"), value("gt", 96), False),
        (value("nearly_all"), value("eq", 100), True),
        (value("none_reported"), value("ge", 4), False),  # none reported is not none
        (value("eq", 40), value("eq", 25, unit="mile"), False),  # 25 miles are 40.2 km, which nobody writes
        (value("approx", 320), value("approx", 200, unit="mile"), False),
        (value("eq", 320), value("eq", 100, unit="mile"), True),
        (value("eq", 96), value("eq", 95, as_of="2017"), True),  # an empty as_of is the figure's, or any
        (value("eq", 96, as_of="2016"), value("eq", 95, as_of="2017"), False),
        (value("eq", 96, scope_location_id="marn"), value("eq", 95, scope_location_id="calder"), False),
        (value("eq", 96), value("eq", 95, event_status="predicted"), False),
        (value("ge", 4), value("some", polarity="denied"), True),
        (value("ge", 4), value("gt", 10, polarity="denied"), False),  # at least four, and not more than ten
        (value("eq", 12), value("gt", 10, polarity="denied"), True),
        (value("eq", 4, polarity="denied"), value("eq", 5, polarity="denied"), False),
    ],
)
def test_values_contradict(
    tiny_db: DuckDBPyConnection, one: dict[str, Any], other: dict[str, Any], contradictory: bool
) -> None:
    miles = "mile" in (one.get("unit"), other.get("unit"))
    unit, measure = ("kilometre", "distance") if miles else ("percent", "territory_share_lost")
    put(tiny_db, "figures", figure_id="f", measure=measure, unit=unit, as_of=None)
    for key, cells in (("x-0001", one), ("x-0002", other)):
        told = {**AFFIRMED, **cells}
        put(tiny_db, "claims", claim_id=key, subject_table="figures", subject_id="f", field="value", **told)
    assert (fires(tiny_db, "claims__contradiction_without_link") == ["x-0002"]) is contradictory


@pytest.mark.parametrize(
    ("field", "one", "other", "contradictory"),
    [
        ("date_start", "2017-11-03", "2017-11-02", True),
        ("date_start", "2017-11-03", "2017-11", False),  # the one only says it more exactly
        ("date_start", "2017-11~", "2017-11-03", False),
        ("date_start", "2017-11-03", "[2017-11-02,2017-11-04]", False),  # sets are left to readers
        ("date_end", "..", "2017-11-03", False),  # still going on when that source spoke
        ("engagement_type", "capture", "battle", True),
        ("location_id", "orvessa", "calder", True),
        ("location_id", "orvessa", "marn", False),  # the one lies in the other
        ("name", "Fall of Orvessa", "Capture of Orvessa", False),  # free text
    ],
)
def test_cells_contradict(tiny_db: DuckDBPyConnection, field: str, one: str, other: str, contradictory: bool) -> None:
    for key, text in (("x-0001", one), ("x-0002", other)):
        told = {**AFFIRMED, "value_text": text}
        put(tiny_db, "claims", claim_id=key, subject_table="engagements", subject_id="e", field=field, **told)
    assert (fires(tiny_db, "claims__contradiction_without_link") == ["x-0002"]) is contradictory


@pytest.mark.parametrize(
    ("field", "cell", "told", "differs"),
    [
        ("location_id", "orvessa", "orvessa", False),
        ("location_id", "orvessa", "calder", True),
        ("location_id", "orvessa", "marn", False),  # the record says it more exactly than who leads
        ("location_id", "marn", "orvessa", True),  # and here less
        ("date_start", "2017-11-03", "2017-11", False),
        ("date_start", "2017-11", "2017-11-03", True),
        ("date_start", "2017-11-03", "2017-11-04", True),
        ("outcome", "place_taken", "repelled", True),
    ],
)
def test_reading_differs_from_policy(
    tiny_db: DuckDBPyConnection, field: str, cell: str, told: str, differs: bool
) -> None:
    """A spokesman who took part leads before the document, whose words carry what the record has."""
    about = {**AFFIRMED, "subject_table": "engagements", "subject_id": "e"}
    put(tiny_db, "engagements", engagement_id="e", **{field: cell})
    put(tiny_db, "claims", claim_id="x-0001", field="exists", covers=field, **about)
    assert fires(tiny_db, "records__policy_differs") == []
    speech = {"utterance_id": "orvessa-story-u1", "field": field, "value_text": told}
    put(tiny_db, "claims", claim_id="x-0002", **about, **speech)
    assert (fires(tiny_db, "records__policy_differs") == ["e"]) is differs


def test_a_cell_that_the_policy_leaves_disputed_is_reported(tiny_db: DuckDBPyConnection) -> None:
    about = {**AFFIRMED, "subject_table": "engagements", "subject_id": "e", "field": "location_id"}
    put(tiny_db, "engagements", engagement_id="e", location_id="orvessa")
    put(tiny_db, "claims", claim_id="x-0001", value_text="orvessa", **about)
    put(tiny_db, "claims", claim_id="x-0002", value_text="calder", **{**about, "source_id": "marn-register"})
    assert fires(tiny_db, "records__policy_differs") == ["e"]
    (message,) = [row[-1] for row in tiny_db.execute(RULES["records__policy_differs"].sql).fetchall()]
    assert message.endswith("leaves it disputed")


def test_one_voice_answers_for_its_repetitions(tiny_db: DuckDBPyConnection) -> None:
    """Two claims that contradict are related once; their restatements need no row of their own."""
    for number, amount in enumerate((96, 95, 96, 95), 1):
        told = {**AFFIRMED, "comparator": "eq", "value": amount}
        put(
            tiny_db, "claims", claim_id=f"x-000{number}", subject_table="figures", subject_id="f", field="value", **told
        )
    put(tiny_db, "figures", figure_id="f", measure="territory_share_lost", unit="percent")
    assert fires(tiny_db, "claims__contradiction_without_link") == ["x-0002", "x-0003", "x-0004"]
    for key, one, relation, other in [
        ("a", "x-0003", "restates", "x-0001"),
        ("b", "x-0004", "restates", "x-0002"),
        ("c", "x-0001", "contradicts", "x-0002"),
    ]:
        put(tiny_db, "claim_links", claim_link_id=key, claim_id=one, claim_relation=relation, related_claim_id=other)
    assert fires(tiny_db, "claims__contradiction_without_link") == []


@pytest.mark.parametrize(
    ("raw", "day", "wrong"),
    [
        ("Friday", "2019-03-01", False),
        ("on Friday", "2019-03-01", False),
        ("Friday", "2019-03-02", True),
        ("Friday", "2019-02-22", True),  # a Friday, but of the week before the last
        ("last Friday", "2019-02-22", False),
        ("Friday to Sunday", "2019-03-02", False),  # which of the two, nobody said
        ("freitag", "2019-03-02", False),
        ("Friday", "2019-03", False),
        (None, "2019-03-02", False),
    ],
)
def test_weekday(tiny_db: DuckDBPyConnection, raw: str, day: str, wrong: bool) -> None:
    told = {"source_id": "orvessa-story", "value_raw": raw, "value_text": day}
    put(tiny_db, "claims", claim_id="x-0001", field="date_start", **told)
    assert (fires(tiny_db, "claims__weekday_mismatch") == ["x-0001"]) is wrong


@pytest.mark.parametrize("name", [n for n in NAMES if n.endswith("__inside_itself") or n.endswith("circle")])
def test_long_circles_are_found_and_end(tiny_db: DuckDBPyConnection, name: str) -> None:
    table = name.partition("__")[0]
    key = SCHEMA.all_tables[table].key
    for number in range(5):
        here, there = f"x-{number}", f"x-{(number + 1) % 5}"
        cells: dict[str, str] = {
            "claim_links": {"claim_id": here, "related_claim_id": there, "claim_relation": "updates"},
            "links": {
                "subject_table": "actors", "subject_id": here, "link_type": "member_of",
                "related_table": "actors", "related_id": there,
            },
            "sources": {"relayed_by_id": there},
        }.get(table, {("part_of_id" if "part_of_id" in SCHEMA.all_tables[table] else "parent_id"): there})  # fmt: skip
        put(tiny_db, table, **{key: here, **cells})
    assert fires(tiny_db, name) == [f"x-{n}" for n in range(5)]

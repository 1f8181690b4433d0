"""The importer of the strike releases, on a small file in the tests' country; and how good it is on the real one.

What needs the real files runs where `BASTIONS_INPUTS` names their folder, and is skipped with a word elsewhere.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
import sys
from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ROOT, schema_in
from strike_labels import FOLDER, between, compare, line_digests, read_labels

from bastions import dataset
from bastions.curate import centcom_lines, harness, plans, raw
from bastions.curate.centcom_lines import COLUMNS, COUNTRIES, Reported
from bastions.curate.centcom_rows import precision
from bastions.curate.place_index import Place
from bastions.curate.places import Gazetteer
from bastions.curate.strike_lines import Line, Unread
from bastions.problems import Problem

SOURCE = "league-releases"
LIST = "releases.csv"
TABLES = ("sources", "locations", "strikes", "participants", "figures", "utterances", "claims")

LEAST_WHOLE, LEAST_RIGHT, MOST_OTHER = 0.97, 0.98, 0.02
"""Share of lines read whole, share of these that are right, share of effects on things of no code."""


def line(
    place: str, words: str, *, day: str = "3/5/2018", land: str = "Iraq", number: str = "1", **cells: str
) -> list[str]:
    """A row of the file; `words` are a number word and the description."""
    count, description = words.split(" ", 1)
    row = {
        "date": day,
        "country": land,
        "location": place,
        "number": number,
        "manually_edited": "",
        "description": description,
        "line": f"- Near {place}, {count} {description}",
    }
    return [(row | cells)[name] for name in COLUMNS]


LINES = [
    line("Orvessa", "one airstrike struck an ISIL boat and destroyed two bridges."),
    line("Calder", "two strikes produced inconclusive results.", number="2"),
    line("Tamworth Ferry", "one strike hit a large ISIL tactical unit, a small ISIL tactical unit."),
    line("Orvesa Mills", "one strike struck a unicorn of ISIL.", day="03/04/2018"),
]


def table(*lines: list[str]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([list(COLUMNS), *lines])
    return out.getvalue().encode()


def put(
    tiny: Path, inputs: Path, data: bytes, corrections: list[dict[str, Any]] | None = None, **settings: Any
) -> None:
    """Writes the raw file, and a source.yaml that fits it; the tests' places get countries."""
    (inputs / LIST).write_bytes(data)
    places = tiny / "data" / "locations" / "hand.csv"
    rows = [row.split(",") for row in places.read_text("utf-8").splitlines()]
    for row in rows[1:]:
        row[4] = "IQ"
    places.write_text("".join(",".join(row) + "\n" for row in rows), "utf-8")
    source = {
        "source_id": SOURCE,
        "source_type": "official_record",
        "title": "Releases of the Northern League",
        "publisher_id": "marn-register-project",
        "language": "en",
        "access": "dataset",
        "coded_by": "script-centcom",
    }
    plan = {
        "source_id": SOURCE,
        "importer": "centcom",
        "raw": {
            "folder": ".",
            "files": [{"name": LIST, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}],
        },
        "rows": {name: [0, 99] for name in TABLES},
        "settings": {
            "list": LIST,
            "coder": "script-centcom",
            "speaker": "league-command",
            "coalition": "northern-league",
            "target": "red-banner",
            "countries": {"Iraq": "marn", "Syria": "marn"},
            "made_places": {"Tamworth Ferry": "curator-1"},
            "told_days": {},
            "rows": {"sources": [source]},
            **settings,
        },
        "obtained": "Made for the tests.",
    }
    folder = tiny / "seeds" / SOURCE
    folder.mkdir(exist_ok=True)
    (folder / "source.yaml").write_text(yaml.safe_dump(plan), "utf-8")
    common = {"reason": "A slip of the file.", "decided_by": "curator-1"}
    entries = [{**common, **entry} for entry in corrections or []]
    (folder / "corrections.yaml").write_text(yaml.safe_dump(entries), "utf-8")


def made(tiny: Path, name: str) -> dict[str, dict[str, str]]:
    """The rows of a table that were made, by what of their key follows the source."""
    folder = tiny / "data" / name
    path = folder / f"{SOURCE}.csv" if folder.is_dir() else tiny / "seeds" / SOURCE / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as opened:
        return {next(iter(row.values())).removeprefix(f"{SOURCE}-"): row for row in csv.DictReader(opened)}


def cells(row: Mapping[str, str], *names: str) -> tuple[str, ...]:
    return tuple(row[name] for name in names)


@pytest.fixture
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("inputs")


def refused(tiny: Path, inputs: Path, data: bytes, **more: Any) -> Problem:
    """The only error of a run, which writes nothing."""
    put(tiny, inputs, data, **more)
    outcome = harness.curate(tiny, inputs)
    assert not list(tiny.glob(f"data/*/{SOURCE}.csv"))
    (found,) = outcome.problems
    return found


def test_what_is_made(tiny: Path, inputs: Path) -> None:
    put(tiny, inputs, table(*LINES))
    outcome = harness.curate(tiny, inputs)
    assert outcome.problems == []
    counts = outcome.counts[SOURCE]
    assert (counts["lines"], counts["lines read whole"], counts["lines unread: thing"]) == (4, 3, 1)
    assert (counts["strikes reported"], counts["effects"], counts["releases"]) == (5, 5, 2)

    strikes = made(tiny, "strikes")
    assert list(strikes) == ["20180304-01", "20180305-01", "20180305-02", "20180305-03"]
    assert cells(
        strikes["20180305-01"], "strike_type", "event_clarity", "location_id", "location_relation", "where_prec"
    ) == (("airstrike", "individual", "orvessa", "near", "2"))
    assert cells(strikes["20180305-02"], "strike_type", "event_clarity", "date_start", "reported_ordinal") == (
        ("unspecified", "aggregate", "[2018-03-04..2018-03-05]", "2")
    )

    figures = made(tiny, "figures")
    assert cells(figures["20180305-01-strikes"], "measure", "item", "counting_rule") == ("strikes", "", "oir_strike")
    assert cells(figures["20180305-01-e2"], "measure", "item", "affected_actor_id", "counting_rule") == (
        ("destroyed", "bridge", "red-banner", "oir_target")
    )
    assert cells(figures["20180305-02-e1"], "measure", "counting_rule", "affected_actor_id") == (
        ("inconclusive_strikes", "oir_strike", "")
    )
    assert cells(figures["20180305-03-e1"], "item", "description") == ("tactical_unit", "large")

    claims = made(tiny, "claims")
    digest = line_digests((inputs / LIST).read_bytes())[2]
    assert cells(claims["20180305-01-e2"], "value", "comparator", "locator", "utterance_id") == (
        ("2", "eq", f"line=2;sha256={digest}", f"{SOURCE}-release-20180305")
    )
    assert claims["20180305-01-initiator"]["value_origin"] == "inferred"
    assert claims["20180305-01-target"]["value_origin"] == "reported"
    assert "20180305-02-target" not in claims  # its words name nobody

    assert cells(made(tiny, "utterances")["release-20180304"], "actor_id", "on_behalf_of_id", "said") == (
        ("league-command", "northern-league", "2018-03-04")
    )


def test_whose_a_thing_was(tiny: Path, inputs: Path) -> None:
    """A line that names the Islamic State tells of its things, but for what is told to be others' or nobody's."""
    words = "one strike struck an ISIL boat, a crane, inoperable Coalition equipment and an abandoned tank."
    put(tiny, inputs, table(line("Orvessa", words), line("Calder", "one strike struck a boat.")))
    assert harness.curate(tiny, inputs).problems == []
    owners = [row["affected_actor_id"] for key, row in made(tiny, "figures").items() if "-e" in key]
    assert owners == ["red-banner", "red-banner", "northern-league", "", ""]


def test_a_line_that_is_not_read_keeps_its_strike(tiny: Path, inputs: Path) -> None:
    put(tiny, inputs, table(*LINES))
    harness.curate(tiny, inputs)
    assert [key for key in made(tiny, "figures") if key.startswith("20180304")] == ["20180304-01-strikes"]
    (row,) = made(tiny, "unread_lines").values()
    assert cells(row, "unread_line_id", "line", "unread_reason") == (f"{SOURCE}-20180304-01", "5", "thing")


def test_places(tiny: Path, inputs: Path) -> None:
    """A listed place is made, an unknown one leaves the country, and a person's decision wins."""
    put(tiny, inputs, table(*LINES))
    harness.curate(tiny, inputs)
    strike = made(tiny, "strikes")["20180304-01"]
    assert cells(strike, "location_id", "location_relation", "where_prec") == ("marn", "within", "6")
    assert "only the country" in made(tiny, "claims")["20180304-01-exists"]["note"]
    assert cells(made(tiny, "locations")["tamworth-ferry-iq"], "parent_id", "country", "latitude") == ("marn", "IQ", "")
    claim = made(tiny, "claims")["20180305-03-place"]
    assert cells(claim, "subject_id", "covers") == ("tamworth-ferry-iq", "name country")

    path = tiny / "seeds" / SOURCE / "places.csv"
    with path.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    for row in rows:
        if row["name"] == "Orvesa Mills":
            row |= {"location_id": "orvessa", "place_method": "curator", "decided_by": "curator-1", "note": "A slip."}
    with path.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    assert harness.curate(tiny, inputs).problems == []
    assert made(tiny, "strikes")["20180304-01"]["location_id"] == "orvessa"


def test_how_exactly_a_place_is_known(tiny: Path, inputs: Path) -> None:
    """A bug: a subdistrict, and a place without a point, had the step of a point (where_prec 2)."""
    lines = [
        *LINES[:3],
        line("Marn", "one strike hit a boat."),
        line("Calder", "one strike hit a boat.", line="- In Calder, one strike hit a boat."),
    ]
    put(tiny, inputs, table(*lines))
    assert harness.curate(tiny, inputs).problems == []
    strikes = [cells(row, "location_id", "where_prec") for row in made(tiny, "strikes").values()]
    assert strikes == [("orvessa", "2"), ("calder", "2"), ("tamworth-ferry-iq", ""), ("marn", "4"), ("calder", "1")]
    at, none = (1.0, 2.0), None
    for kind, point, step in (
        ("subdistrict", none, "3"),
        ("subdistrict", at, "3"),
        ("district", at, "3"),
        ("governorate", at, "4"),
        ("region", none, "5"),
        ("populated_place", at, "2"),
        ("populated_place", none, ""),
    ):
        assert precision(Place("x", "X", kind, "", "IQ", point), near=True) == step
    assert precision(None, near=False) == ""


def test_who_decided_on_a_made_place(tiny: Path, inputs: Path) -> None:
    """The person who listed it in the settings; the row is made anew each time, and so is the place."""
    put(tiny, inputs, table(*LINES))
    for _ in range(2):
        assert harness.curate(tiny, inputs).problems == []
        assert list(made(tiny, "locations")) == ["tamworth-ferry-iq"]
        (row,) = [row for row in made(tiny, "places").values() if row["name"] == "Tamworth Ferry"]
        assert cells(row, "place_method", "decided_by") == ("made_from_source", "curator-1")


def test_no_claim_covers_our_coding(tiny: Path, inputs: Path) -> None:
    put(tiny, inputs, table(*LINES))
    assert harness.curate(tiny, inputs).problems == []
    covered = {column for row in made(tiny, "claims").values() for column in row["covers"].split()}
    assert covered == {
        *("strike_type", "date_start", "date_end", "location_id"),
        *("actor_id", "role", "name", "country"),
    }


def test_ids_do_not_depend_on_corrections(tiny: Path, inputs: Path) -> None:
    """A bug: a row that was dropped or put to another day moved the ids of all rows behind it."""
    lines = [line(place, "one strike hit a boat.") for place in ("Orvessa", "Calder", "Orvessa", "Calder")]
    put(tiny, inputs, table(*lines))
    assert harness.curate(tiny, inputs).problems == []
    before = {row["locator"]: key for key, row in made(tiny, "claims").items() if key.endswith("-exists")}
    drop = {"action": "drop", "where": {"line": 2}, "expect": {"location": "Orvessa"}}
    move = {"action": "override", "where": {"line": 4}, "expect": {"date": "3/5/2018"}, "column": "date"}
    put(tiny, inputs, table(*lines), [drop, {**move, "value": "3/9/2018"}])
    assert harness.curate(tiny, inputs).problems == []
    after = {row["locator"]: key for key, row in made(tiny, "claims").items() if key.endswith("-exists")}
    assert len(after) == 3
    assert after.items() <= before.items()
    strikes = made(tiny, "strikes")
    assert [row["reported_ordinal"] for row in strikes.values()] == ["2", "3", "4"]
    assert strikes["20180305-03"]["date_start"] == "[2018-03-08..2018-03-09]"


def test_a_row_of_another_release_than_its_date(tiny: Path, inputs: Path) -> None:
    lines = [LINES[0], line("Calder", "one strike hit a boat.", day="3/1/2018"), LINES[3]]
    put(tiny, inputs, table(*lines), releases={3: date(2018, 3, 5)})
    assert harness.curate(tiny, inputs).problems == []
    assert list(made(tiny, "strikes")) == ["20180304-01", "20180305-01", "20180305-02"]


def test_the_digest_of_a_line_is_without_its_line_end() -> None:
    data = table(*LINES)
    copy = data.replace(b"\n", b"\r\n")
    assert centcom_lines.digests(copy) == centcom_lines.digests(data)
    assert line_digests(copy) == line_digests(data)
    assert centcom_lines.digests(data)[1] == hashlib.sha256(data.split(b"\n")[1]).hexdigest()[:16]


@pytest.mark.parametrize(
    ("settings", "key", "message"),
    [
        ({"list": "others.csv"}, "list", "is none of the raw files"),
        ({"list": 3}, "list", "is none of the raw files"),
        ({"told_days": {3: "soon"}}, "told_days.3", "a day as 2016-01-31"),
        ({"told_days": {3: "2018-03-01"}}, "told_days.3", "a day as 2016-01-31"),
        ({"told_days": {3: 20180301}}, "told_days.3", "a day as 2016-01-31"),
        ({"told_days": {"3": date(2018, 3, 1)}}, "told_days.3", "a whole number"),
        ({"told_days": [3]}, "told_days", "a mapping"),
        ({"told_days": {77: date(2018, 3, 1)}}, "told_days.77", "is no line on which a row"),
        ({"releases": {1: date(2018, 3, 1)}}, "releases.1", "is no line on which a row"),
        ({"made_places": ["Tamworth Ferry"]}, "made_places", "a mapping"),
        ({"countries": {"Iraq": "marn"}}, "countries", "lacks the location of Syria"),
        ({"coder": None}, "coder", "text"),
        ({"coders": "script-centcom"}, "coders", "is a key that is not known"),
        ({"rows": {"sorces": []}}, "rows.sorces", "is no table"),
        ({"rows": {"sources": [{"sort": "x"}]}}, "rows.sources.1.sort", "is no column of sources"),
        ({"rows": {"sources": [{"source_id": 7}]}}, "rows.sources.1.source_id", "text"),
    ],
)
def test_bad_settings(tiny: Path, inputs: Path, settings: dict[str, Any], key: str, message: str) -> None:
    found = refused(tiny, inputs, table(*LINES), **settings)
    assert (found.rule, found.file) == ("source-yaml", f"seeds/{SOURCE}/source.yaml")
    assert found.field == f"settings.{key}"
    assert message in found.message
    assert found.hint


def test_settings_that_are_missing(tiny: Path, inputs: Path) -> None:
    put(tiny, inputs, table(*LINES))
    path = tiny / "seeds" / SOURCE / "source.yaml"
    plan = yaml.safe_load(path.read_text("utf-8"))
    del plan["settings"]["list"], plan["settings"]["target"]
    path.write_text(yaml.safe_dump(plan), "utf-8")
    found = harness.curate(tiny, inputs).problems
    assert [(each.field, each.message) for each in found] == [
        ("settings.list", "is missing"),
        ("settings.target", "is missing"),
    ]


def test_a_day_that_the_release_tells(tiny: Path, inputs: Path) -> None:
    put(tiny, inputs, table(*LINES), told_days={3: date(2018, 3, 1)})
    assert harness.curate(tiny, inputs).problems == []
    assert cells(made(tiny, "strikes")["20180305-02"], "date_start", "date_end") == ("2018-03-01", "2018-03-01")


def test_corrections_reach_the_rows(tiny: Path, inputs: Path) -> None:
    flag = {"action": "flag", "where": {"line": 2}, "expect": {"location": "Orvessa"}, "reason": "Told twice."}
    mend = {"action": "override", "where": {"line": 3}, "expect": {"country": "Calder, Iraq"}, "column": "country"}
    lines = [LINES[0], line("Calder", "one strike struck a boat.", land="Calder, Iraq")]
    put(tiny, inputs, table(*lines), [flag, {**mend, "value": "Iraq"}])
    assert harness.curate(tiny, inputs).problems == []
    assert made(tiny, "claims")["20180305-01-exists"]["note"].endswith("Told twice.")


def test_two_rows_of_one_line(tiny: Path, inputs: Path) -> None:
    """Where the scraper ran two lines together, each row has the part that its description names."""
    whole = "- Near Orvessa, one strike struck a boat. vNear Calder, two strikes destroyed a crane."
    first = line("Orvessa", "one strike struck a boat.", line=whole)
    second = line("Calder", "two strikes destroyed a crane.", number="2", line=whole)
    put(tiny, inputs, table(first, second))
    assert harness.curate(tiny, inputs).problems == []
    figures = made(tiny, "figures")
    assert figures["20180305-01-e1"]["item"] == "boat"
    assert figures["20180305-02-e1"]["item"] == "engineering_vehicle"
    put(tiny, inputs, table(first))  # alone, the rest is nobody's: the line is left
    assert harness.curate(tiny, inputs).counts[SOURCE]["lines unread: sentence"] == 1


@pytest.mark.parametrize(
    ("bad", "column", "message"),
    [
        (line("Calder", "two strikes struck a boat."), "number", "is not what the words of the line say: 2"),
        (line("Calder", "strikes hit a boat."), "number", "is not what the words of the line say: no number"),
        (line("Calder", "one strike struck a boat.", day="2018-03-05"), "date", "month/day/year"),
        (line("Calder", "one strike struck a boat.", day="13/1/2019"), "date", "month/day/year"),
        (
            line("Calder", "one strike struck a boat.", land="Marn"),
            "country",
            "is none of the countries expected: Iraq, Syria",
        ),
        (line("Calder", "one strike struck a boat.", location="Orvessa"), "line", "does not hold"),
        (line("Calder", "one strike struck a boat.", description="a crane"), "line", "does not hold"),
    ],
)
def test_bad_cells(tiny: Path, inputs: Path, bad: list[str], column: str, message: str) -> None:
    found = refused(tiny, inputs, table(LINES[0], bad))
    place = COLUMNS.index(column)
    assert (found.rule, found.line, found.column, found.field) == ("cell-unfit", 3, place + 1, column)
    assert found.value == bad[place]
    assert message in found.message
    assert found.hint


def test_a_file_of_another_form(tiny: Path, inputs: Path) -> None:
    data = table(*LINES)
    assert refused(tiny, inputs, data.replace(b",", b";")).message.startswith("its cells are parted by semicolons")
    assert refused(tiny, inputs, data.replace(b"\n", b"\r")).rule == "line-ends"
    put(tiny, inputs, data.replace(b"number", b"count", 1))
    assert {found.rule for found in harness.curate(tiny, inputs).problems} == {"missing-label", "extra-label"}


def test_a_correction_that_no_longer_holds(tiny: Path, inputs: Path) -> None:
    flag = {"action": "flag", "where": {"line": 2}, "expect": {"location": "Calder"}}
    assert refused(tiny, inputs, table(*LINES), corrections=[flag]).rule == "correction-unfit"


# The real file.


def _real() -> tuple[list[Reported], bytes]:
    """The lines of the real file as read, its digest checked; skips where it is not at hand."""
    if not os.environ.get(harness.INPUTS):
        pytest.skip(f"STRIKE RELEASES NOT READ: set {harness.INPUTS} to the folder of raw files")
    known, found = plans.load(ROOT)
    assert not found
    plan = known["centcom-oir-releases-2016"]
    file = next(file for file in plan.files if file.name == plan.settings["list"])
    data = raw.read_bytes(harness.inputs() / plan.folder, file)
    assert isinstance(data, bytes), data
    rows, problems = raw.read_csv(data, file.name, COLUMNS)
    assert not problems
    corrected, problems = plan.corrections.apply(rows)
    assert not problems
    lines, problems = centcom_lines.read(rows, corrected, data, file.name, plan.settings["releases"])
    assert not problems
    return lines, data


def test_how_much_is_read() -> None:
    lines, _ = _real()
    whole = [row.reading for row in lines if isinstance(row.reading, Line)]
    effects = [effect for reading in whole for effect in reading.effects]
    other = sum(effect.item == "other" for effect in effects)
    assert len(lines) == 5531
    assert sum(row.reading.strikes or 0 for row in lines) == 12241
    assert len(whole) / len(lines) >= LEAST_WHOLE
    assert other / len(effects) < MOST_OTHER


def test_the_drawn_lines_are_those_of_the_file() -> None:
    _, data = _real()
    digests = line_digests(data)
    with (FOLDER / "drawn.csv").open(encoding="utf-8", newline="") as opened:
        for row in csv.DictReader(opened):
            assert digests[int(row["line"])] == row["sha256"]


def test_readers_agree_with_the_grammar(capsys: pytest.CaptureFixture[str]) -> None:
    """Against `agreed.csv`, or else each reader: the readers labelled before they saw what the grammar made."""
    files = [path for path in (FOLDER / "agreed.csv",) if path.exists()] or sorted(FOLDER.glob("reader_*.csv"))
    if not files:
        pytest.skip("NO LABELS: nobody has labelled the drawn lines")
    lines, _ = _real()
    readings: dict[int, Line | Unread] = {row.line: row.reading for row in lines}
    readers = [read_labels(path) for path in sorted(FOLDER.glob("reader_*.csv"))]
    with capsys.disabled():
        if len(readers) == 2:
            sys.stdout.write("\nreaders alike on {} of {} lines\n".format(*between(*readers)))
        for path in files:
            found = compare(read_labels(path), readings)
            sys.stdout.write(f"{path.name}: {found}\n")
            assert found.share >= LEAST_RIGHT


def test_the_matcher_against_the_cleaned_names(capsys: pytest.CaptureFixture[str]) -> None:
    """The cleaned column says which spellings are one place: the matcher alone, without a person's decisions.

    A spelling that was cleaned is right if it gets the place that the cleaned name gets, wrong if it gets another, open
    if it gets none; where the cleaned name itself is in no gazetteer, nothing can be said.
    """
    lines, _ = _real()
    folder = harness.inputs() / "centcom_oir_press_releases"
    rows, _ = raw.read_csv((folder / "all-edited-refined.csv").read_bytes(), "all-edited-refined.csv", COLUMNS)
    clean = {row.line: row["location"].strip() for row in rows}
    schema = schema_in(ROOT)
    needs = ("hand", *plans.load(ROOT)[0]["centcom-oir-releases-2016"].needs)
    tables = {}
    for name in ("locations", "names", "identifiers"):
        read = dataset.read_table(schema, name)
        parts = [index for index, part in enumerate(read.parts) if Path(part.path).stem in needs]
        tables[name] = read.text.filter(read.text[dataset.PART].is_in(parts))
    if len(tables["locations"]) < 1000:
        pytest.skip("NO GAZETTEER: the tables that the matcher needs are not made")
    gazetteer = Gazetteer(tables)
    spelled: Counter[str] = Counter()
    by_row: Counter[str] = Counter()
    pairs = Counter((row.name, clean[row.line], row.country) for row in lines)
    for (name, cleaned, land), times in pairs.items():
        country = COUNTRIES[land]
        got = gazetteer.resolve(name, context=land, country=country).location_id
        gold = gazetteer.resolve(cleaned, context=land, country=country).location_id
        sort = "unknown" if not gold else "right" if got == gold else "wrong" if got else "open"
        by_row[sort] += times
        if name != cleaned:
            spelled[sort] += 1
    with capsys.disabled():
        sys.stdout.write(
            f"\nspellings cleaned: {dict(sorted(spelled.items()))}; rows: {dict(sorted(by_row.items()))}\n"
        )
    assert spelled["wrong"] <= 1  # the cleaned column takes Baghdad for Baghdadi
    assert by_row["right"] / (sum(by_row.values()) - by_row["unknown"]) >= 0.99

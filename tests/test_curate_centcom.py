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
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ROOT, schema_in
from strike_labels import FOLDER, between, compare, line_digests, read_labels

from bastions import dataset
from bastions.curate import centcom_lines, harness, plans, raw
from bastions.curate.centcom_lines import COLUMNS, COUNTRIES, Reported
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
    line("Tamworth Ferry", "one strike struck a large ISIL tactical unit and a small ISIL tactical unit."),
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
            "made_places": ["Tamworth Ferry"],
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


def test_a_day_that_the_release_tells(tiny: Path, inputs: Path) -> None:
    put(tiny, inputs, table(*LINES), told_days={3: "2018-03-01"})
    text = (tiny / "seeds" / SOURCE / "source.yaml").read_text("utf-8").replace("'2018-03-01'", "2018-03-01")
    (tiny / "seeds" / SOURCE / "source.yaml").write_text(text, "utf-8")
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
        (line("Calder", "two strikes struck a boat."), "number", "is 1, and the words say 2"),
        (line("Calder", "one strike struck a boat.", day="2018-03-05"), "date", "month/day/year"),
        (line("Calder", "one strike struck a boat.", day="13/1/2019"), "date", "month/day/year"),
        (line("Calder", "one strike struck a boat.", land="Marn"), "country", "is none of Iraq, Syria"),
        (line("Calder", "one strike struck a boat.", location="Orvessa"), "line", "does not hold"),
        (line("Calder", "one strike struck a boat.", description="a crane"), "line", "does not hold"),
    ],
)
def test_bad_cells(tiny: Path, inputs: Path, bad: list[str], column: str, message: str) -> None:
    found = refused(tiny, inputs, table(LINES[0], bad))
    assert (found.rule, found.line, found.field) == ("cell-unfit", 3, column)
    assert message in found.message


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
    rows, problems = plan.corrections.apply(rows)
    assert not problems
    lines, problems = centcom_lines.read(rows, data, file.name)
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

"""What users of three public packages would see: packages of the same shape, with rows of our own, in `packages/`.

Each holds the faults that its model has, or that its kind of data comes to have: a date in another form, a decimal
comma, a stray quote, a missing value written otherwise than declared. Beside our findings stand those of
frictionless-py, so that a difference between the two is a decision and no accident.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import frictionless
import pytest

from bastions.problems import Problem, Report
from bastions.tabular.run import validate

PACKAGES = Path(__file__).parent / "packages"
FILE = "datapackage.json"


@pytest.fixture
def copy(tmp_path: Path) -> Callable[[str], Path]:
    """A copy of a package, to be changed."""

    def copied(name: str) -> Path:
        return Path(shutil.copytree(PACKAGES / name, tmp_path / name))

    return copied


def edit(root: Path, change: Callable[[dict[str, Any]], object], file: str = FILE) -> None:
    """Changes a descriptor or schema in place."""
    held = json.loads((root / file).read_text("utf-8"))
    change(held)
    (root / file).write_text(json.dumps(held), "utf-8")


def shown(problem: Problem) -> str:
    """A problem of data as one line: place, field, value, rule."""
    return f'{problem.file}:{problem.line}:{problem.column} {problem.field} "{problem.value}" [{problem.rule}]'


def ours(report: Report) -> list[str]:
    """The errors in the data."""
    return [shown(p) for p in report.problems if p.severity == "error" and p.file != FILE]


def of_descriptor(report: Report) -> list[Problem]:
    return [p for p in report.problems if p.severity == "error" and p.file == FILE]


def theirs(root: Path) -> list[str]:
    """What frictionless-py says: resource, row (counted over all its files), number of the cell where it names one."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        report = frictionless.validate(str(root / FILE))
    found = [f"{FILE} [{error.type}]" for error in report.errors]
    for task in report.tasks:
        for error in task.errors:
            row, column = getattr(error, "row_number", 0), getattr(error, "field_number", 0)
            place = f"{task.name}:{row}" + (f":{column}" if column else "")
            found.append(f"{place} [{error.type}]")
    return found


# -- trap-network: three tables with foreign keys, their schemas in files of their own --------------------------------


def test_a_network_of_camera_traps() -> None:
    report = validate(PACKAGES / "trap-network")
    assert of_descriptor(report) == []
    assert ours(report) == [
        'deployments.csv:4:4 longitude "5,22" [type-error]',
        'deployments.csv:5:8 end "2021-05-30 09:45" [type-error]',
        'media.csv:5:10 favorite "yes" [type-error]',
        'media.csv:8:5 filePath "../private/0007.jpg" [constraint-error]',
        'media.csv:10:2 deploymentID "dep9" [foreign-key]',
        'observations.csv:4:10 count "0" [constraint-error]',
        'observations.csv:6:11 lifeStage "Adult" [constraint-error]',
        'observations.csv:9:23  "" [stray-quote]',
        'observations.csv:12:3 mediaID "med99" [foreign-key]',
        'observations.csv:13:16 individualPositionAngle "100" [constraint-error]',
    ]
    assert report.rows == {"deployments": 4, "media": 12, "observations": 14}


def test_frictionless_on_the_network() -> None:
    """The same but for the stray quote, which it takes as part of the cell."""
    assert theirs(PACKAGES / "trap-network") == [
        "deployments:4:4 [type-error]",
        "deployments:5:8 [type-error]",
        "media:5:10 [type-error]",
        "media:8:5 [constraint-error]",
        "media:10 [foreign-key]",
        "observations:4:10 [constraint-error]",
        "observations:6:11 [constraint-error]",
        "observations:12 [foreign-key]",
        "observations:13:16 [constraint-error]",
    ]


def test_the_network_with_the_kind_of_pattern_that_its_model_has(copy: Callable[[str], Path]) -> None:
    """A look-ahead, which XML Schema does not have and Python does; what it forbids is found all the same."""
    root = copy("trap-network")
    schema = "media-table-schema.json"
    edit(root, lambda held: held["fields"][4]["constraints"].update(pattern="^(?!.*[.][.])[^./~].*$"), schema)
    report = validate(root)
    assert ours(report) == ours(validate(PACKAGES / "trap-network"))
    (told,) = [p for p in report.problems if p.severity == "warning"]
    assert (told.file, told.value) == (schema, "/fields/4/constraints/pattern")


def test_the_network_with_its_schemas_at_an_address(copy: Callable[[str], Path]) -> None:
    """As its model has them. Nothing is fetched, so nothing can be said of the tables, and that is an error."""
    root = copy("trap-network")

    def point_away(held: dict[str, Any]) -> None:
        for resource in held["resources"]:
            resource["schema"] = f"https://example.org/0.6/{resource['schema']}"

    edit(root, point_away)
    report = validate(root)
    assert [p.rule for p in of_descriptor(report)] == ["scheme-error"] * 3
    assert ours(report) == []


def test_a_row_that_is_there_twice_is_one_fault(copy: Callable[[str], Path]) -> None:
    """`unique` and the primary key are of one column, as in the model; frictionless-py reports both."""
    root = copy("trap-network")
    media = root / "media.csv"
    lines = media.read_text("utf-8").splitlines(keepends=True)
    media.write_text("".join([*lines, lines[1]]), "utf-8")
    assert [line for line in ours(validate(root)) if ":14:" in line] == ['media.csv:14:1 mediaID "med01" [primary-key]']
    assert [line for line in theirs(root) if ":14" in line] == ["media:14:1 [unique-error]", "media:14 [primary-key]"]


# -- parted-example: v2, a table in two files, tabs, missing values by field of use, inline data ----------------------


def test_a_table_in_two_files() -> None:
    report = validate(PACKAGES / "parted-example")
    assert ours(report) == [
        'deployments.csv:5:4 start "2020-10-06" [type-error]',
        'deployments.csv:6:2 longitude "" [constraint-error]',  # NA in the file: missing, and required
        'observations_1.tsv:4:5 count "" [type-error]',  # NA alone is missing there
        'observations_1.tsv:7:7  "" [stray-quote]',
        'observations_2.tsv:3:1 observation_id "2-1" [primary-key]',
        'observations_2.tsv:5:2 deployment_id "9" [foreign-key]',
        'observations_2.tsv:6:3 timestamp "2020-10-07T04:47:30" [type-error]',
        'observations_2.tsv:8:6 life_stage "pup" [constraint-error]',
        'observations_2.tsv:10:5 count "0" [constraint-error]',
    ]
    assert report.rows == {"deployments": 6, "observations": 19}
    (inline,) = of_descriptor(report)
    assert (inline.rule, inline.value) == ("format-error", "/resources/2/data")


def test_frictionless_on_the_table_in_two_files() -> None:
    """It counts rows over both files, tells a doubled key twice, and reads `"Two" of a kind` without its quotes."""
    root = PACKAGES / "parted-example"
    assert theirs(root) == [
        "deployments:5:4 [type-error]",
        "deployments:6:2 [constraint-error]",
        "observations:4:5 [type-error]",
        "observations:13:1 [unique-error]",
        "observations:13 [primary-key]",
        "observations:15 [foreign-key]",
        "observations:16:3 [type-error]",
        "observations:18:6 [constraint-error]",
        "observations:20:5 [constraint-error]",
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        rows = frictionless.Package(str(root / FILE)).get_table_resource("observations").read_rows()
    assert rows[5]["comments"] == "Two of a kind"


def test_a_second_file_without_its_header(copy: Callable[[str], Path]) -> None:
    """frictionless-py skips the first row of each later file unread, and with it a row of data."""
    root = copy("parted-example")
    second = root / "observations_2.tsv"
    before = len(theirs(root))
    header, *rows = second.read_text("utf-8").splitlines(keepends=True)
    second.write_text("".join(rows), "utf-8")
    report = validate(root)
    found = [p for p in report.problems if p.file == second.name]
    assert found
    assert {p.rule for p in found} <= {"incorrect-label", "missing-label", "extra-label"}
    assert [line for line in ours(report) if line.startswith("observations_1")] == [
        'observations_1.tsv:4:5 count "" [type-error]',
        'observations_1.tsv:7:7  "" [stray-quote]',
    ]
    assert header.startswith("observation_id")
    assert len(theirs(root)) == before


# -- power-series: v1, sixty columns of numbers, a descriptor that a script wrote -------------------------------------


REPAIRS: dict[str, Callable[[dict[str, Any]], object]] = {
    "/created": lambda held: held.update(created="2020-10-06T00:00:00Z"),
    "/resources/0/hash": lambda held: held["resources"][0].update(hash=f"sha256:{held['resources'][0]['hash']}"),
    "/resources/0/schema/missingValues": lambda held: held["resources"][0]["schema"].update(missingValues=[""]),
}
"""What is wrong with the descriptor, by JSON pointer, and how each is put right."""


@pytest.fixture
def repaired(copy: Callable[[str], Path]) -> Path:
    root = copy("power-series")
    for repair in REPAIRS.values():
        edit(root, repair)
    return root


def test_a_wide_table_with_the_descriptor_of_a_script() -> None:
    """A day for a moment, a digest that does not say that it is SHA-256, and a text where a list should be."""
    found = of_descriptor(validate(PACKAGES / "power-series"))
    assert [(p.value, p.rule) for p in found] == [
        ("/created", "package-error"),
        ("/resources/0/hash", "resource-error"),
        ("/resources/0/schema/missingValues", "schema-error"),
    ]
    assert [p.value for p in found] == list(REPAIRS)


def test_frictionless_on_the_wide_table() -> None:
    """It stops at the first, without a look at the data."""
    assert theirs(PACKAGES / "power-series") == [f"{FILE} [schema-error]"]


def test_the_wide_table_once_its_descriptor_is_repaired(repaired: Path) -> None:
    """Now each moment is found to be written otherwise than its format says: with colons.

    The first of the two is the primary key as well, and neither missing nor doubled for that.
    """
    report = validate(repaired)
    assert of_descriptor(report) == []
    found = ours(report)
    assert found[:2] == [
        'series_60min.csv:2:1 utc_timestamp "2019-03-30T00:00:00Z" [type-error]',
        'series_60min.csv:2:2 cet_cest_timestamp "2019-03-30T01:00:00+0100" [type-error]',
    ]
    assert len(found) == 48
    assert {line.rpartition(" ")[2] for line in found} == {"[type-error]"}
    assert report.rows == {"power_series_60min": 24}


def test_frictionless_on_the_repaired_table(repaired: Path) -> None:
    """It reports each key that it could not read as missing, too."""
    kinds = [line.rpartition(" ")[2] for line in theirs(repaired)]
    assert kinds.count("[type-error]") == 48
    assert kinds.count("[primary-key]") == 24
    assert len(kinds) == 72


@pytest.fixture
def sound(repaired: Path) -> Path:
    """The wide table with formats that are true of it."""

    def reform(held: dict[str, Any]) -> None:
        utc, local, *_ = held["resources"][0]["schema"]["fields"]
        utc["format"], local["format"] = "fmt:%Y-%m-%dT%H:%M:%SZ", "fmt:%Y-%m-%dT%H:%M:%S%z"

    edit(repaired, reform)
    return repaired


def test_the_wide_table_with_formats_that_are_true(sound: Path) -> None:
    report = validate(sound)
    assert [shown(p) for p in report.problems] == []
    assert theirs(sound) == []


def test_a_file_beside_the_wide_table(sound: Path) -> None:
    """A spreadsheet that is no table of the package: its bytes are counted, and nothing more."""
    book = sound / "series.xlsx"
    book.write_bytes(b"no workbook")
    digest = hashlib.sha256(book.read_bytes()).hexdigest()
    beside = {"name": "book", "path": book.name, "format": "xlsx", "bytes": 11, "hash": f"sha256:{digest}"}
    edit(sound, lambda held: held["resources"].append(beside))
    assert validate(sound).problems == ()
    book.write_bytes(b"another one")
    assert [p.rule for p in validate(sound).problems] == ["hash-count"]


def test_a_wide_table_that_lost_its_last_row(sound: Path) -> None:
    series = sound / "series_60min.csv"
    series.write_text("".join(series.read_text("utf-8").splitlines(keepends=True)[:-1]), "utf-8")
    assert sorted(p.rule for p in validate(sound).problems) == ["byte-count", "hash-count"]
    assert sorted(line.rpartition(" ")[2] for line in theirs(sound)) == ["[byte-count]", "[hash-count]"]

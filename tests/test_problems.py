"""How problems are told: to people, to programs, to GitHub; nothing that a cell holds can forge or hide a line."""

from __future__ import annotations

import json

import pytest

from bastions.problems import Report, problem, render, visible

ONE = problem(
    "type-error",
    "data/strikes/hand.csv",
    "is not a date",
    line=5,
    column=5,
    field="date_start",
    record_id="raid",
    value="2017-13-03",
    hint="EDTF.",
)


def test_text() -> None:
    told = render(Report((ONE,), {"strikes": 4}), "text")
    assert told.splitlines() == [
        'data/strikes/hand.csv:5:5: date_start "2017-13-03" is not a date [type-error]',
        "    EDTF.",
        "invalid: 1 error, 0 warnings (1 type-error); 4 rows in 1 table",
    ]


def test_json() -> None:
    told = json.loads(render(Report((ONE,), {"strikes": 4}), "json"))
    assert told["valid"] is False
    assert told["counts"] == {"errors": 1, "warnings": 0}
    assert told["truncated"] is False
    assert told["problems"] == [
        {
            "file": "data/strikes/hand.csv",
            "line": 5,
            "column": 5,
            "rule": "type-error",
            "severity": "error",
            "field": "date_start",
            "record_id": "raid",
            "value": "2017-13-03",
            "message": "is not a date",
            "hint": "EDTF.",
        }
    ]


def test_github() -> None:
    told = render(Report((ONE,), {}), "github").splitlines()[0]
    assert told.startswith("::error file=data/strikes/hand.csv,line=5,title=type-error::date_start")


def test_a_name_cannot_begin_a_command() -> None:
    """A file that is called like a workflow command began the line of its problem, and a runner ran it."""
    (line, _) = render(
        Report((problem("r", "::stop-commands::x", "m", value="##[add-mask]e"),), {}), "text"
    ).splitlines()
    assert line == r'\u{3a}:stop-commands::x: "#\u{23}[add-mask]e" m [r]'


@pytest.mark.parametrize("form", ["text", "github"])
def test_a_value_cannot_forge_a_line(form: str) -> None:
    evil = problem("r", "f%0A::error::,x\n.csv", "m", value="a\n::error::forged\x1b[2J\u202e%0A")
    lines = render(Report((evil,), {}), form).splitlines()
    assert len(lines) == 2
    assert "\x1b" not in "".join(lines)
    assert "\u202e" not in "".join(lines)
    assert not any(line.startswith("::error::forged") for line in lines)
    if form == "github":
        assert "%0A::error::" not in lines[0].replace("%250A", "")


def test_a_long_value_is_cut_and_says_so() -> None:
    assert visible("x" * 100) == "x" * 80 + "… (100 characters)"
    assert visible("ديرالزور é") == "ديرالزور é"


def test_valid_says_what_was_looked_at() -> None:
    report = Report((), {"a": 1200}, rules=3, waived=1)
    assert render(report, "text") == "valid: 1,200 rows in 1 table, 3 rules, 1 finding waived"

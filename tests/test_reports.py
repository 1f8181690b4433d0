"""Reports for programs and for GitHub: they hold what they promise, and nothing in a package breaks out of them."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import urllib.parse
import weakref
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from dataclasses import astuple
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bastions import reports
from bastions.cli import judging, main
from bastions.problems import Problem, Report, Tally, problem
from bastions.reports import junit, markdown, sarif
from bastions.reports.files import ReportFile, telling
from bastions.reports.picking import Pick
from bastions.reports.rules import RULES
from bastions.reports.where import Where, from_here

HOSTILE = [
    "a\n::error::forged",
    "::stop-commands::x",
    "##[add-mask]a",
    "##vso[task.setvariable variable=x]y",
    "\x1b[2J\x00\x07\u202e\u2066\u200b\ufeff",
    "\ud800 \udcff \ufffe",
    "]]><b>&amp;</failure><!--",
    "](http://example.org) [x](1) {0} {{1}}",
    "![x](http://example.org/x.png) <img src=x onerror=alert(1)> <!-- </details>",
    "@someone #1 GH-1 www.example.org https://example.org a@example.org :tada: $x$",
    "` `` ``` ```` |\\|\\\\| *a* _b_ ~~c~~ [^1]",
    "`" * 90,
    "|---|\n- x\n# y\n===\n> z",
    "%0A%0D%25 :: , = \r",
    "\u2028\u2029\x85\u0301",
    " ",
    "",
]
UNTIMED = settings(deadline=None, max_examples=50)

text = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=40), st.lists(st.sampled_from(HOSTILE)).map("".join))
problems = st.builds(
    Problem,
    file=text,
    line=st.integers(0, 9),
    column=st.integers(0, 9),
    rule=text,
    severity=st.sampled_from(["error", "warning"]),
    field=text,
    record_id=text,
    value=text,
    message=text,
    hint=text,
)
many = st.lists(problems, max_size=6)
EVIL = [Problem(t, 2, 3, t, severity, t, t, t, t, t) for t in HOSTILE for severity in ("error", "warning")]


def told(form: str, found: Iterable[Problem], where: Where | None = None, **more: Any) -> str:
    """A report, made as the command makes it: problem by problem, with a verdict that holds some of them."""
    lines: list[str] = []
    teller, tally = reports.teller(form, lines.append, where), Tally()
    for p in found:
        teller.add(p)
        tally.add(p)
    teller.end(Report(tuple(tally.problems), more.pop("rows", {"t": 3}), numbers=tally.numbers, **more))
    return "\n".join(lines)


def fault(rule: str, line: int = 1, *, severity: str = "error", file: str = "a.csv", field: str = "f") -> Problem:
    return problem(rule, file, "is wrong", line=line, column=2, field=field, value="x", severity=severity, hint="Mend.")


# every form


def test_the_command_knows_the_forms() -> None:
    assert judging.FORMS == reports.FORMATS


@pytest.mark.parametrize("form", reports.FORMATS)
@UNTIMED
@given(found=many)
@example(found=EVIL)
def test_nothing_hidden_and_no_command_reaches_a_log(form: str, found: list[Problem]) -> None:
    """A runner takes a line that begins with `::`, or holds `##[…]`, for a command; a file could be called so."""
    report = told(form, found, Where("x"), unread=tuple(p.file for p in found))
    assert report.encode("utf-8")
    assert re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]", report) is None
    assert re.search(r"##[A-Za-z]*\[", report) is None
    commands = [line for line in report.splitlines() if line.lstrip().startswith("::")]
    allowed = min(sum(p.severity == "error" for p in found), 10) + min(sum(p.severity == "warning" for p in found), 10)
    assert len(commands) == (allowed if form == "github" else 0)


@pytest.mark.parametrize("form", reports.FORMATS)
def test_a_clean_run_has_a_report(form: str) -> None:
    report = told(form, [])
    assert "valid" in report
    assert "invalid" not in report


@pytest.mark.parametrize("form", sorted(set(reports.FORMATS) - {"json", "jsonl"}))
def test_what_is_left_out_is_counted(form: str) -> None:
    found = [fault(f"rule-{n // 900}", n) for n in range(900 * 30)]
    report = told(form, found)
    assert len(report) < 12_000_000 if form == "sarif" else len(report) < 60_000
    left = {"github": "26,990 more errors", "sarif": "11,987 problems left out", "junit": "… and 890 more"}
    assert left.get(form, "27,000") in report


# a choice of many


def test_a_flood_hides_no_rule_and_no_column() -> None:
    pick = Pick(4)
    for p in [*(fault("flood", n) for n in range(1, 50)), fault("flood", 60, field="g"), fault("rare", 70)]:
        pick.add(p)
    assert [(p.rule, p.line) for p in pick.chosen()] == [("flood", 1), ("flood", 2), ("flood", 60), ("rare", 70)]


def test_a_choice_is_made_in_bounded_memory() -> None:
    pick = Pick(5)
    for n in range(1_000):
        pick.add(fault(f"rule-{n}", n, field=str(n)))
        pick.add(fault("flood", n, field=str(n)))
    assert sum(map(len, [*pick._ranks, pick._rules, pick._kinds])) <= 6 * 5
    assert len(pick.chosen()) == 5


# github


def test_github_tells_ten_of_each_severity() -> None:
    found = [fault("flood", n) for n in range(1, 100)]
    found += [fault("mild", n, severity="warning") for n in range(1, 13)] + [fault("rare", 500)]
    lines = told("github", found).splitlines()
    assert sum(line.startswith("::error ") for line in lines) == 10
    assert sum(line.startswith("::warning ") for line in lines) == 10
    assert any("line=500,title=rare" in line for line in lines)
    assert lines[-2] == (
        "90 more errors and 2 more warnings without an annotation, since GitHub shows 10 errors and 10 warnings of a "
        "step; bastions validate --format jsonl tells all."
    )
    assert lines[-1].startswith("invalid: 100 errors, 12 warnings")


def test_github_says_where_the_others_are() -> None:
    found = [fault("flood", n) for n in range(1, 100)]
    assert "; all are in a.jsonl." in told("github", found, Where("", ("a.jsonl",), ("s.sarif",)))
    assert "; more are in s.sarif; " in told("github", found, Where("", (), ("s.sarif",)))
    assert len(told("github", found[:10]).splitlines()) == 11, "nothing is left, so nothing is said"


def test_github_names_the_file_from_where_it_is_run() -> None:
    one = problem("r", "a,b: c.csv", "is wrong", line=3)
    assert told("github", [one], Where("data/p")).startswith("::error file=data/p/a%2Cb%3A c.csv,line=3,title=r::is wr")


# sarif


def obj(required: str, optional: str = "", **properties: Any) -> dict[str, Any]:
    """An object with these properties and no other, each of which says what it may be."""
    known = {*required.split(), *optional.split()}
    assert known == properties.keys(), "a property whose value is not said may hold anything"
    return {"type": "object", "required": required.split(), "properties": properties, "additionalProperties": False}


def array(items: Any, **limits: Any) -> dict[str, Any]:
    return {"type": "array", "items": items, **limits}


WORDS = {"type": "string", "minLength": 1}
COUNT = {"type": "integer", "minimum": 0}
LEVEL = {"enum": ["error", "warning"]}
"""Of none, note, warning and error (3.27.10) those that a problem has."""
MESSAGE = obj("text", text=WORDS)
"""3.11: by its text or by an id, of which we have none. 3.12 says the same of what describes a rule."""
SHORT = obj("text", text={**WORDS, "maxLength": 1024})
"""As long as GitHub takes it."""
TAGS = {"type": "array", "uniqueItems": True, "minItems": 1, "items": WORDS}
"""3.8.2: a set."""
RULE = obj(  # 3.49, its configuration 3.50
    "id shortDescription fullDescription help defaultConfiguration properties",
    id=WORDS,
    shortDescription=SHORT,
    fullDescription=SHORT,
    help=MESSAGE,
    defaultConfiguration=obj("level", level=LEVEL),
    properties=obj(
        "tags precision problem.severity",
        "",
        **{"tags": TAGS, "precision": {"const": "very-high"}, "problem.severity": LEVEL},
    ),
)
REGION = obj("startLine startColumn", startLine={"type": "integer", "minimum": 1}, startColumn={"const": 1})  # 3.30
# 3.4.3: a relative reference, and so without a scheme, of which a colon would be the end.
ARTIFACT = obj("uri", uri={**WORDS, "pattern": r"^([A-Za-z0-9._~/-]|%[0-9A-F]{2})+$", "not": {"pattern": "^/"}})
PLACE = obj("artifactLocation", "region", artifactLocation=ARTIFACT, region=REGION)  # 3.29
MARK = {"type": "string", "pattern": "^[0-9a-f]{16}:[1-9][0-9]*$"}
OF_RESULT = {
    **obj("", "cell field record value", cell={**COUNT, "minimum": 1}, field=WORDS, record=WORDS, value=WORDS),
    "minProperties": 1,
}
"""The property bag of a result, which is ours."""
RESULT = obj(  # 3.27
    "ruleId ruleIndex level message locations partialFingerprints",
    "properties",
    ruleId=WORDS,
    ruleIndex=COUNT,
    level=LEVEL,
    message=MESSAGE,
    locations=array(obj("physicalLocation", physicalLocation=PLACE), minItems=1, maxItems=1),
    partialFingerprints=obj("primaryLocationLineHash", primaryLocationLineHash=MARK),
    properties=OF_RESULT,
)
DRIVER = obj(  # 3.19
    "name rules",
    "semanticVersion",
    name={"const": "bastions"},
    rules=array(RULE, uniqueItems=True),
    semanticVersion={"type": "string", "pattern": r"^(0|[1-9]\d*)[.](0|[1-9]\d*)[.](0|[1-9]\d*)$"},
)
INVOCATION = obj(  # 3.20, its notifications 3.58
    "executionSuccessful",
    "toolExecutionNotifications",
    executionSuccessful={"type": "boolean"},
    toolExecutionNotifications=array(obj("level message", level=LEVEL, message=MESSAGE)),
)
VERDICT = obj(
    "valid counts rows files unread rules truncated lookedAt",
    valid={"type": "boolean"},
    counts=obj("errors warnings", errors=COUNT, warnings=COUNT),
    rows={"type": "object", "additionalProperties": COUNT},
    files=COUNT,
    unread=array({"type": "string"}),
    rules=obj("run waiting held waived", run=COUNT, waiting=COUNT, held=COUNT, waived=COUNT),
    truncated={"type": "boolean"},
    lookedAt=WORDS,
)
"""The property bag of a run (3.8), which is ours."""
RUN = obj(  # 3.14
    "columnKind results tool invocations properties",
    columnKind={"enum": ["unicodeCodePoints"]},
    results=array(RESULT, maxItems=25_000),
    tool=obj("driver", driver=DRIVER),
    invocations=array(INVOCATION, minItems=1, maxItems=1),
    properties=VERDICT,
)
LOG = obj(  # 3.13
    "$schema version runs",
    "",
    **{
        "$schema": {"const": sarif.SCHEMA},
        "version": {"const": "2.1.0"},
        "runs": array(RUN, minItems=1, maxItems=1),
    },
)
"""What we write of SARIF 2.1.0, from the sections of its text that are named and GitHub's page on what it takes: each
report of these tests is judged by it. It is stricter than the schema of OASIS, since nothing else may be there."""


def run_of(report: str) -> dict[str, Any]:
    log = json.loads(report)
    jsonschema.validate(log, LOG)
    run: dict[str, Any] = log["runs"][0]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(set(rules)) == len(rules)
    assert all(rules[result["ruleIndex"]] == result["ruleId"] for result in run["results"])
    return run


def test_sarif() -> None:
    whole = problem("source-error", "b 1#é.csv", "cannot be read")
    run = run_of(told("sarif", [fault("type-error", 7), whole, fault("of-dataset", 8, severity="warning")], Where("p")))
    first, second, third = run["results"]
    assert first["message"]["text"] == 'f "x" is wrong. Mend.'
    assert first["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "p/a.csv"},
        "region": {"startLine": 7, "startColumn": 1},
    }
    assert first["properties"] == {"cell": 2, "field": "f", "value": "x"}
    assert second["locations"] == [{"physicalLocation": {"artifactLocation": {"uri": "p/b%201%23%C3%A9.csv"}}}]
    assert third["level"] == "warning"
    known, _, own = run["tool"]["driver"]["rules"]
    assert known["shortDescription"]["text"] == RULES["type-error"]
    assert own["help"]["text"] == "is wrong Mend.", "a rule of a dataset brings its own words"
    assert run["invocations"] == [{"executionSuccessful": True}]
    assert run["properties"]["truncated"] is False


@UNTIMED
@given(found=many)
@example(found=EVIL)
def test_sarif_of_anything_is_what_the_standard_says(found: list[Problem]) -> None:
    run = run_of(told("sarif", found, unread=("\ud800",)))
    assert len(run["results"]) == len(found)
    for result in run["results"]:
        words = result["message"]["text"]
        assert "](" not in words, "a link"
        assert re.search(r"(?<!\{)(\{\{)*\{\d+\}(?!\})", words) is None, "a placeholder"


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """All objects of a JSON value, the outer ones first."""
    if isinstance(value, dict):
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from objects(item)


def test_what_is_not_of_sarif_is_refused_by_the_schema_that_judges_these_tests() -> None:
    """Each object with a property more, and each property gone that is not optional, makes another report than ours."""
    report = told("sarif", [fault("type-error", 7), fault("flood", 3, severity="warning")])
    optional = {"semanticVersion", "region", "properties", "cell", "field", "value"}
    assert not list(jsonschema.Draft202012Validator(LOG).iter_errors(json.loads(report)))
    number = len(list(objects(json.loads(report))))
    assert number > 20
    refused, spared = 0, set[str]()
    for place in range(number):
        for name in [*list(objects(json.loads(report)))[place], None]:
            log = json.loads(report)
            one = list(objects(log))[place]
            if name is None:
                one["more"] = 1
            else:
                del one[name]
            if jsonschema.Draft202012Validator(LOG).is_valid(log):
                spared.add(name or "more")
            else:
                refused += 1
    assert spared <= optional | {"t", "more"}, "rows by table are the one object with any names"
    assert refused > 60
    assert run_of(report)["results"], "and this one is right"


def test_sarif_satisfies_the_schema_of_oasis() -> None:
    """The schema is not ours to keep here; name a copy of it, for instance that of the npm package sarif-multitool."""
    path = os.environ.get("SARIF_SCHEMA")
    if not path:
        pytest.skip("set SARIF_SCHEMA to a copy of sarif-schema-2.1.0.json to have reports judged by it too")
    schema = json.loads(Path(path).read_text("utf-8-sig"))
    for found in ([], EVIL, [fault("flood", n) for n in range(300)]):
        jsonschema.validate(json.loads(told("sarif", found)), schema)


def test_a_fingerprint_stays_when_lines_move() -> None:
    def marks(found: list[Problem]) -> list[str]:
        return [r["partialFingerprints"]["primaryLocationLineHash"] for r in run_of(told("sarif", found))["results"]]

    before = marks([fault("r", 5), fault("r", 6), fault("s", 6)])
    assert len(set(before)) == 3
    assert marks([fault("r", 105), fault("r", 106), fault("s", 107)]) == before
    assert marks([problem("r", "a.csv", "otherwise said", line=5, field="f", value="x")]) == before[:1]
    assert marks([fault("r", 5, file="b.csv")]) != before[:1]


def test_sarif_holds_as_many_results_as_github_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small numbers stand for those of GitHub, which are 25,000 in all."""
    assert sum(sarif.FULL.values()) < sarif.RESULTS <= 25_000
    monkeypatch.setattr(sarif, "RESULTS", 250)
    monkeypatch.setattr(sarif, "FULL", {"error": 150, "warning": 50})
    mild = [fault("mild", n, severity="warning") for n in range(300)]
    grave = [fault("grave", n) for n in range(300)] + [fault(f"rare-{n}", 1) for n in range(20)]
    run = run_of(told("sarif", [*mild, *grave], Where("", ("all.jsonl",))))
    rules = [result["ruleId"] for result in run["results"]]
    assert (rules.count("mild"), rules.count("grave"), len(rules)) == (50, 150, 220)
    assert run["properties"]["truncated"] is True
    assert run["properties"]["counts"] == {"errors": 320, "warnings": 300}
    notes = [note["message"]["text"] for note in run["invocations"][0]["toolExecutionNotifications"]]
    assert notes == ["400 problems left out of this report; all are in all.jsonl."]
    kinds = told("sarif", [fault("r", 1, field=str(n)) for n in range(400)])
    assert len(run_of(kinds)["results"]) == 250


@UNTIMED
@given(text)
@example("//host/x")
@example("http://host/x")
@example("a\udcff\ud800")
def test_a_path_is_no_address(path: str) -> None:
    parts = urllib.parse.urlsplit(sarif.uri(path))
    assert (parts.scheme, parts.netloc, parts.query, parts.fragment) == ("", "", "", "")
    assert sarif.uri(path).isascii()


def test_every_rule_of_the_page_has_its_words() -> None:
    from test_validator_docs import explained

    assert explained() - RULES.keys() == set()


# junit


def test_junit() -> None:
    found = [fault("type-error", n) for n in range(1, 16)] + [
        fault("mild", 3, severity="warning"),
        fault("r", file="b"),
    ]
    root = ET.fromstring(told("junit", found, Where("p"), rows={"t": 3, "u": 1}, unread=("b",)))
    assert (root.tag, root.attrib) == (
        "testsuites",
        {"name": "bastions validate", "tests": "7", "failures": "4", "errors": "0", "skipped": "0", "time": "0"},
    )
    assert [(s.get("name"), s.get("tests"), s.get("failures")) for s in root] == [
        ("package", "4", "2"),
        ("p/a.csv", "2", "1"),
        ("p/b", "1", "1"),
    ]
    assert len(list(root.iter("testcase"))) == 7
    mild, grave = root[1]
    assert (mild.get("name"), mild.find("failure")) == ("mild", None)
    assert "1 warning" in (mild.findtext("system-out") or "")
    failure = grave.find("failure")
    assert failure is not None and failure.text
    assert failure.text.splitlines()[0] == '1:2: f "x" is wrong. Mend.'
    assert failure.text.splitlines()[-1] == "… and 5 more"
    assert (grave.get("file"), grave.get("line")) == ("p/a.csv", "1")


def test_junit_of_a_clean_run_has_tests_that_pass() -> None:
    root = ET.fromstring(told("junit", [], rows={"t": 3, "u": 1}))
    assert [case.get("name") for case in root.iter("testcase")] == ["valid", "t", "u"]
    assert (root.get("tests"), root.get("failures")) == ("3", "0")
    assert list(root.iter("failure")) == []


@UNTIMED
@given(found=many)
@example(found=EVIL)
def test_junit_of_anything_is_xml(found: list[Problem]) -> None:
    root = ET.fromstring(told("junit", found, rows={p.field: 1 for p in found}, unread=tuple(p.file for p in found)))
    tags = "testsuites testsuite properties property testcase failure skipped system-out"
    assert {element.tag for element in root.iter()} <= set(tags.split())
    assert root.get("tests") == str(len(list(root.iter("testcase"))))
    pairs = {(p.file, p.rule, p.severity) for p in found}
    assert sum(len(suite.findall("testcase")) for suite in root[1:]) == len(pairs)


def test_junit_is_bounded_and_says_so() -> None:
    found = [fault("r", 1, file=f"{n}.csv") for n in range(junit.CASES + 50)] + [fault("rare", 1, file="z.csv")]
    root = ET.fromstring(told("junit", found))
    assert root.get("tests") == str(junit.CASES + 1 + 3)
    (skipped,) = root.iter("skipped")
    assert (skipped.get("message") or "").startswith("50 problems left out; ")
    assert any(case.get("name") == "rare" for case in root.iter("testcase"))


# markdown

READER = MarkdownIt("gfm-like", {"linkify": False}).enable(["table", "strikethrough"])
OURS = re.compile(r"[A-Za-z0-9 ,.;:()%/-]*")
"""What stands outside of code in a report: words of ours, no mark that GitHub makes anything of."""


def outside(tokens: list[Token]) -> list[str]:
    """Every text of a document that is not in a code span, once it is sure that there is nothing but what is ours."""
    blocks = ["heading", "paragraph", "table", "thead", "tbody", "tr", "th", "td", "bullet_list", "list_item"]
    known = {f"{name}_{end}" for name in blocks for end in ("open", "close")} | {"inline"}
    assert {token.type for token in tokens} <= known
    inner = [part for token in tokens for part in token.children or []]
    assert {part.type for part in inner} <= {"text", "code_inline", "strong_open", "strong_close", "softbreak"}
    return [part.content for part in inner if part.type == "text"]


def test_markdown() -> None:
    report = told("markdown", [fault("type-error", 7), fault("mild", 8, severity="warning")], Where("p"))
    assert report.splitlines() == [
        "### bastions validate: invalid",
        "",
        "1 error, 1 warning; 3 rows in 1 table.",
        "",
        "| rule | severity | problems | first |",
        "|---|---|---:|---|",
        "| `type-error` | error | 1 | `p/a.csv:7:2` |",
        "| `mild` | warning | 1 | `p/a.csv:8:2` |",
        "",
        '- **error** `p/a.csv:7:2` `f "x" is wrong` (`type-error`)',
        "  `Mend.`",
        '- warning `p/a.csv:8:2` `f "x" is wrong` (`mild`)',
        "  `Mend.`",
    ]


@UNTIMED
@given(found=many)
@example(found=EVIL)
def test_nothing_breaks_out_of_markdown(found: list[Problem]) -> None:
    """Outside of code there are words of ours, and each row of the table has four cells."""
    report = told("markdown", found, Where("x|`y`"), unread=tuple(p.file for p in found))
    tokens = READER.parse(report)
    assert [words for words in outside(tokens) if not OURS.fullmatch(words)] == []
    rows = len({(p.rule, p.severity) for p in found})
    types = [token.type for token in tokens]
    assert types.count("td_open") == rows * 4
    assert types.count("list_item_open") == min(len(found), markdown.PICKED)
    # Readers drop a fifth cell without a word.
    assert {line.count("|") for line in report.splitlines() if line.startswith("| ")} <= {5}


@UNTIMED
@given(st.one_of(text, st.text(alphabet="` \\|a", max_size=30)))
def test_a_code_span_holds_what_is_visible_of_the_text(words: str) -> None:
    from bastions.problems import visible

    shown = markdown.code(words)
    (paragraph,) = (token for token in READER.parse(f"x {shown} y") if token.type == "inline")
    _, span, _ = paragraph.children or []
    assert (span.type, len(shown) - len(shown.strip("`")) <= 8) == ("code_inline", True)
    # A span of spaces alone has no text that could be compared.
    assert span.content.replace("\\u{60}", "`").strip() == visible(words, 10_000).replace("\\u{60}", "`").strip()


def test_markdown_fits_into_a_comment() -> None:
    """At the worst every character is escaped to seven, or takes four bytes."""
    for sign in ("\u202e", "\U0001f3f0", "`", "|"):
        found = [
            Problem(
                sign * 300 + str(n), n, n, sign * 90 + str(n), "error", sign * 90, "", sign * 90, sign * 900, sign * 900
            )
            for n in range(200)
        ]
        report = told("markdown", found, Where(sign * 300, (sign * 300,)), unread=tuple(p.file for p in found))
        assert len(report.encode()) <= markdown.ROOM < 65_536
        assert re.search(r"\n\nAnd 1?\d\d more rules[.]\n", report)
        assert re.search(r"\n\d+ of 200 problems, chosen so that no rule is hidden; ", report)


# where it is run


def test_paths_are_from_where_it_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here/data/p").mkdir(parents=True)
    (tmp_path / "here/link").symlink_to("data")
    monkeypatch.chdir(tmp_path / "here")
    assert from_here(Path()) == ""
    assert from_here(Path("data/p")) == "data/p"
    assert from_here(tmp_path / "here/data") == "data"
    assert from_here(Path("link/p")) == "data/p", "GitHub does not look through links"
    assert from_here(tmp_path) == "", "a file above it is no file of the checkout"


# several at once


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "package"
    root.mkdir()
    schema = {"fields": [{"name": "mill"}, {"name": "sacks", "type": "integer"}]}
    resource = {"name": "mills", "path": "mills.csv", "schema": schema}
    (root / "datapackage.json").write_text(json.dumps({"name": "mills", "resources": [resource]}))
    (root / "mills.csv").write_text("mill,sacks\n" + "".join(f"m{n},x\n" for n in range(150)))
    monkeypatch.chdir(tmp_path)
    return root


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_one_run_gives_all_reports(package: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given_also = [f"--also={form}=r.{form}" for form in reports.FORMATS]
    assert main(["validate", "package", "--format", "github", *given_also]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("::error file=package/mills.csv,line=2,")
    assert "; all are in r.json and r.jsonl." in lines[10]
    assert names(package.parent) == {"package", *(f"r.{form}" for form in reports.FORMATS)}
    texts = {form: Path(f"r.{form}").read_text("utf-8") for form in reports.FORMATS}
    assert len(json.loads(texts["json"])["problems"]) == len(texts["jsonl"].splitlines()) - 1 == 150
    assert len(run_of(texts["sarif"])["results"]) == 150
    assert ET.fromstring(texts["junit"]).get("failures") == "2"
    assert "| `type-error` | error | 150 | `package/mills.csv:2:2` |" in texts["markdown"]
    assert texts["github"].count("::error ") == 10
    assert texts["text"].endswith("150 rows in 1 table\n")


def test_a_dataset_is_told_in_files_too(tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tiny / "data/strikes/hand.csv"
    path.write_text(path.read_text().replace("2019-03-04,", "2019-13-04,", 1))
    out = tmp_path / "r.sarif"
    assert main(["validate", str(tiny), f"--also=sarif={out}"]) == 1
    (result,) = run_of(out.read_text())["results"]
    assert result["locations"][0]["physicalLocation"]["region"]["startLine"] == 2
    assert "date_start" in capsys.readouterr().out


def test_markdown_is_added_and_the_others_replace(package: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("s.md").write_text("before")
    Path("r.json").write_text("before")
    main(["validate", "package", "--also", "markdown=s.md", "--also", "json=r.json"])
    main(["validate", "package", "--also", "markdown=s.md"])
    summary = Path("s.md").read_text()
    assert summary.startswith("before\n\n### bastions validate: invalid\n")
    assert summary.count("### bastions validate: invalid") == 2
    assert json.loads(Path("r.json").read_text())["valid"] is False


@pytest.mark.parametrize(
    "also",
    [
        ["--also", "markdown="],
        ["--also", "r.sarif"],
        ["--also", "pdf=r.pdf"],
        ["--also", "json=r", "--also", "sarif=./r"],
        ["--also", "json=package"],
        ["--also", "json=nowhere/r.json"],
        ["--also", "markdown=nowhere/r.md"],
    ],
)
def test_a_file_that_cannot_be_is_misuse(also: list[str], package: Path, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        assert main(["validate", "package", *also]) == 2
    except SystemExit as left:
        assert left.code == 2
    said = capsys.readouterr()
    assert said.out == "", "known before anything is read"
    assert also[1].partition("=")[2].removeprefix("./") in said.err
    assert names(package.parent) == {"package"}


def test_a_disk_that_is_full_spoils_one_report_alone(package: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    code = main(["validate", "package", "--also", "jsonl=/dev/full", "--also", "json=r.json"])
    out, err = capsys.readouterr()
    assert (code, out.splitlines()[-1][:7]) == (2, "invalid")
    assert err == "bastions: /dev/full: No space left on device; this report was not written\n"
    assert json.loads(Path("r.json").read_text())["valid"] is False
    assert Path("/dev/full").is_char_device(), "a device is written to, not replaced"


@pytest.mark.parametrize("verb", [["validate", "package"], ["diff", "package", "package"]])
@pytest.mark.parametrize("kind", ["pipe", "socket"])
def test_what_would_be_waited_for_takes_no_report(
    package: Path, capsys: pytest.CaptureFixture[str], verb: list[str], kind: str
) -> None:
    """A named pipe that nobody reads held the program for ever."""
    if kind == "pipe":
        os.mkfifo("there")
    else:
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind("there")
    for form in ("json", "markdown"):
        assert main([*verb, "--also", f"{form}=there"]) == 2
        out, err = capsys.readouterr()
        assert (out, err) == (
            "",
            "bastions: there: is no regular file; a report needs one, or a path where nothing is\n",
        )
    assert not Path("there").is_file()


def test_streams_that_are_open_take_a_report(package: Path) -> None:
    if not Path("/dev/fd").exists():
        pytest.skip("there is no /dev/fd here")
    command = [sys.executable, "-m", "bastions.cli", "validate", "package", "--also", "json=/dev/stderr"]
    command += ["--also", "jsonl=/dev/null"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert json.loads(done.stderr)["valid"] is False
    piped = f"{sys.executable} -m bastions.cli validate package --also json=>(cat >r.json) >text; c=$?; wait; exit $c"
    done = subprocess.run(["bash", "-c", piped], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "")


def test_a_run_that_breaks_off_leaves_files_as_they_were(package: Path) -> None:
    Path("r.json").write_text("before")
    also = [("json", Path("r.json")), ("sarif", Path("new.sarif")), ("markdown", Path("new.md"))]

    def broken_off() -> None:
        with telling("text", print, also) as told:
            told.add(fault("r"))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken_off()
    assert names(package.parent) == {"package", "r.json"}
    assert Path("r.json").read_text() == "before"


def test_a_file_is_replaced_where_a_link_leads(tmp_path: Path) -> None:
    (tmp_path / "true.json").write_text("before")
    (tmp_path / "link.json").symlink_to("true.json")
    with ReportFile(tmp_path / "link.json") as file:
        file.write("after")
        assert (tmp_path / "true.json").read_text() == "before"
        file.keep()
    assert (tmp_path / "link.json").is_symlink()
    assert (tmp_path / "true.json").read_text() == "after\n"


def test_a_reader_that_leaves_does_not_keep_files_from_being_made(package: Path) -> None:
    (package / "mills.csv").write_text("mill,sacks\n" + "".join(f"m{n},x\n" for n in range(5_000)))
    validate = f"{sys.executable} -m bastions.cli validate package --format jsonl --also json=r.json"
    pipe = f"{validate} | head -c 1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", pipe], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    assert len(json.loads(Path("r.json").read_text())["problems"]) == 5_000


@pytest.mark.parametrize("form", ["jsonl", "json", "sarif"])
def test_what_can_be_streamed_is_told_as_it_is_found(form: str) -> None:
    lines: list[str] = []
    teller = reports.teller(form, lines.append)
    for n in range(1, 4):
        teller.add(fault("r", n))
        assert sum("is wrong" in line for line in lines) == n


class Weak(Problem):
    """A problem that can be seen to be kept."""


def test_forms_keep_a_bounded_number_of_problems() -> None:
    """Of ten thousand problems of one kind none keeps more than it tells; kinds are remembered, problems not."""
    for form in reports.FORMATS:
        teller, kept = reports.teller(form, lambda line: None), weakref.WeakSet[Problem]()
        for n in range(10_000):
            teller.add(found := Weak(*astuple(fault("r", n))))
            kept.add(found)
        del found
        assert len(kept) <= markdown.PICKED + 1, form


@pytest.mark.parametrize("target", ["datapackage.json", "t.csv"])
def test_no_report_takes_the_place_of_what_is_judged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], target: str
) -> None:
    """`--also sarif=datapackage.json` replaced the descriptor, and `markdown=t.csv` wrote below the data."""
    schema = {"fields": [{"name": "a", "type": "integer"}]}
    described = {"name": "p", "resources": [{"name": "t", "path": "t.csv", "schema": schema}]}
    (tmp_path / "datapackage.json").write_text(json.dumps(described), "utf-8")
    (tmp_path / "t.csv").write_text("a\n1\n", "utf-8")
    before = (tmp_path / target).read_bytes()
    for form in ("sarif", "markdown"):
        assert main(["validate", str(tmp_path), "--also", f"{form}={tmp_path / target}"]) == 2
        assert "is a file of what is judged" in capsys.readouterr().err
    assert (tmp_path / target).read_bytes() == before
    assert main(["validate", str(tmp_path), "--also", f"sarif={tmp_path / 'out.sarif'}"]) == 0

"""The pages of docs/: their examples are run, their tables computed, and what they promise to explain is there.

To renew the printed results after a change: `BASTIONS_UPDATE=1 .venv/bin/pytest tests/test_docs.py`.
"""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pages
import pytest
from conftest import ROOT, schema_in

from bastions import dataset, loader, quantities, relations, validation
from bastions.quantities import Hedge, Interval, Quantity

DOCS = ROOT / "docs"
MODEL, POLICIES, COOKBOOK = DOCS / "claim-model.md", DOCS / "policies.md", DOCS / "cookbook.md"

LINES = 18
"""The longest output of an example on a page."""

EXPLAINED = (
    "contradictions",
    "hedge_drift",
    "policy_sensitivity",
    "unbacked_values",
    "coverage_gaps",
    "interest_of_claims",
    "independent_sources",
    "claims_by_speaker",
    "as_ucdp_ged",
    "as_acled",
    "exchange_losses",
    "control_on",
    "control_timeline",
    "policy_answers",
    "chain_of",
    "evidence",
    "events",
    "told_of",
    "location_names",
    "incidents",
    "incident_totals",
)
"""Views and macros of which the cookbook has a worked example."""


@pytest.mark.parametrize("page", [MODEL, POLICIES, COOKBOOK], ids=lambda page: page.stem)
def test_examples_print_what_the_page_shows(page: Path, real_release: Path) -> None:
    pages.check(page, real_release)


@pytest.mark.parametrize("page", [MODEL, POLICIES, COOKBOOK], ids=lambda page: page.stem)
def test_outputs_are_short_enough_to_be_read(page: Path) -> None:
    found = pages.examples(page.read_text("utf-8"))
    assert found
    for example in found:
        lines = example.printed.splitlines()
        assert 3 <= len(lines) <= LINES, example.sql
        assert max(map(len, lines)) <= pages.WIDTH, example.sql
        assert lines[-1] != "(0 rows)", example.sql


def test_the_cookbook_answers_questions() -> None:
    """Each question has one query, and one that lost its output is noticed."""
    text = COOKBOOK.read_text("utf-8")
    questions = re.findall(r"^### (.+)$", text, re.MULTILINE)
    assert len(questions) >= 20
    assert [question for question in questions if not question.endswith("?")] == []
    assert len(pages.examples(text)) == len(questions) == text.count("```text\n")


@pytest.mark.parametrize("name", EXPLAINED)
def test_the_cookbook_has_an_example_of(name: str) -> None:
    assert [e.sql for e in pages.examples(COOKBOOK.read_text("utf-8")) if re.search(rf"FROM {name}\b", e.sql)]


def test_the_table_of_hedges_is_what_the_algebra_gives() -> None:
    """Words, code, stated number, possible amounts, best: the last two are computed from the rest."""
    hedges = {code.code: Hedge.of(code.attributes) for code in schema_in(ROOT).code_lists["comparator"].codes.values()}
    rows = re.findall(r"^\| ([^|]+) \| `(\w+)` \| ([^|]*)\| ([^|]+) \| ([^|]+) \|$", MODEL.read_text("utf-8"), re.M)
    assert len(rows) >= 10
    for words, comparator, stated, possible, best in rows:
        numbers = [float(number) for number in re.findall(r"[0-9.]+", stated)]
        value = numbers[0] if len(numbers) == 1 else None
        least, greatest = numbers if len(numbers) == 2 else (None, None)
        step = None if value is None else quantities.step(value, made="is made" in words)
        dimension = "share" if "per cent" in stated else "count"
        told = Quantity(hedges[comparator], value, least, greatest, step, dimension)
        assert shown(told.interval()) == possible, words
        assert ("none" if told.point is None else f"{told.point:g}") == best, words


def shown(interval: Interval) -> str:
    """An interval as the page writes it: a round bracket excludes the end."""
    low = "…" if interval.low is None else f"{interval.low:g}"
    high = "…" if interval.high is None else f"{interval.high:g}"
    opening = "(" if interval.low is None or interval.low_open else "["
    return f"{opening}{low}, {high}{')' if interval.high is None or interval.high_open else ']'}"


def test_every_policy_is_on_the_page_of_policies() -> None:
    listed = re.findall(r"^\| `(\w+)` \|", POLICIES.read_text("utf-8"), re.MULTILINE)
    assert sorted(listed) == sorted(path.stem for path in (ROOT / "schemas" / "policies").glob("*.sql"))


def test_the_policy_of_the_page_is_published_once_its_file_is_there(tiny: Path) -> None:
    """Adding a policy is adding a file: it is in `policies`, has resolutions of its own, and breaks no rule."""
    found = re.search(r"`(schemas/policies/\w+[.]sql)`.*?```sql\n(.*?)```", POLICIES.read_text("utf-8"), re.DOTALL)
    assert found is not None
    file, sql = found.groups()
    (tiny / file).write_text(sql, "utf-8")
    schema = loader.load(tiny)
    with relations.connect(schema, relations.published(dataset.read(schema))) as connection:
        name = Path(file).stem
        assert connection.execute("SELECT steps FROM policies WHERE policy = ?", [name]).fetchall()
        counted = "SELECT count(*) FROM resolution_claims WHERE policy = ?"
        ((mine,),) = connection.execute(counted, [name]).fetchall()
        ((default,),) = connection.execute(counted, ["balanced"]).fetchall()
        assert 0 < mine < default
    assert [problem for problem in validation.examine(tiny).report.problems if problem.severity == "error"] == []


def test_a_policy_of_ones_own_runs_on_an_attached_release(real_release: Path) -> None:
    """As in any client: the release is attached to a database of the reader's, read-only, and lends its macros."""
    (sql,) = [e.sql for e in pages.examples(POLICIES.read_text("utf-8")) if "CREATE TEMP TABLE" in e.sql]
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{real_release / 'bastions.duckdb'}' AS bastions (READ_ONLY)")
        connection.execute("USE bastions")
        assert connection.execute(sql).fetchall()
        assert connection.execute("FROM settle_claims('mine')").fetchall()


def test_links_between_the_pages_lead_somewhere() -> None:
    for page in DOCS.glob("*.md"):
        for target, anchor in re.findall(r"\]\(([^)#:]*)#?([^):]*)\)", page.read_text("utf-8")):
            file = (page.parent / target).resolve() if target else page
            assert file.exists(), f"{page.name}: {target}"
            if anchor:
                text = file.read_text("utf-8")
                headings = {slug(heading) for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}
                assert anchor in headings or f'id="{anchor}"' in text, f"{page.name}: {target}#{anchor}"


def slug(heading: str) -> str:
    """The anchor that GitHub gives to a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def test_the_list_of_pages_is_complete() -> None:
    listed = re.findall(r"\]\(([a-z-]+\.md)\)", (DOCS / "README.md").read_text("utf-8"))
    assert sorted(listed) == sorted(path.name for path in DOCS.glob("*.md") if path.name != "README.md")

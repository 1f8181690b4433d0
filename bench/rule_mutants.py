"""Mutation testing of the rules: each small change of a rule's SQL has to be noticed by the tests' datasets.

    .venv/bin/python bench/rule_mutants.py                       # all rules, a few minutes
    .venv/bin/python bench/rule_mutants.py --only claims__made_twice

A mutant is killed if it does not run, if it fires on the tiny valid dataset, if its own counterexample gives other
findings than before, or if it gives others on any other counterexample. A survivor is a change that no test would
notice: it wants a row in `tests/valid/`, a counterexample, or a sentence in `tests/mutants.yaml` that says why the rule
means the same without it. Prints the survivors and the score; ends with 1 if a survivor has neither.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import sqlglot
import yaml
from sqlglot import exp

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

import conftest  # noqa: E402
import test_counterexamples as examples  # noqa: E402

from bastions import dataset, loader, relations, views  # noqa: E402
from bastions.validation import rules  # noqa: E402

SENTENCES = ROOT / "tests" / "mutants.yaml"

Found = tuple[tuple[Any, ...], ...]
Mutant = tuple[str, str]
"""What was changed, and the SQL."""

_COMPARISONS: dict[type[exp.Expr], tuple[type[exp.Expr], ...]] = {
    exp.EQ: (exp.NEQ,),
    exp.NEQ: (exp.EQ,),
    exp.LT: (exp.LTE, exp.GT),
    exp.LTE: (exp.LT, exp.GTE),
    exp.GT: (exp.GTE, exp.LT),
    exp.GTE: (exp.GT, exp.LTE),
    exp.Add: (exp.Sub,),
    exp.Sub: (exp.Add,),
    exp.Mul: (exp.Div,),
    exp.Div: (exp.Mul,),
    exp.And: (exp.Or,),
    exp.Or: (exp.And,),
    exp.Min: (exp.Max,),
    exp.Max: (exp.Min,),
}


def mutants(sql: str) -> Iterator[Mutant]:
    """Each change of one place of a SELECT, with what it is."""
    tree = sqlglot.parse_one(sql, read="duckdb")
    nodes = [node for node in tree.walk() if not node.find_ancestor(exp.Order)]
    for number, node in enumerate(nodes):
        for what, new in _changes(node):
            copy = tree.copy()
            place = [found for found in copy.walk() if not found.find_ancestor(exp.Order)][number]
            before = node.sql("duckdb")
            place.replace(new)
            yield f"{before} -> {what}", copy.sql("duckdb", comments=False)


def _changes(node: exp.Expr) -> Iterator[tuple[str, exp.Expr]]:
    kind = type(node)
    for other in _COMPARISONS.get(kind, ()):
        made = other(**{key: value.copy() if hasattr(value, "copy") else value for key, value in node.args.items()})
        yield made.sql("duckdb"), made
    if kind in (exp.And, exp.Or):
        left, right = node.args["this"], node.args["expression"]
        yield f"without {right.sql('duckdb')}", left.copy()
        yield f"without {left.sql('duckdb')}", right.copy()
    if kind is exp.Not:
        yield node.this.sql("duckdb"), node.this.copy()
    if kind in (exp.Is, exp.Exists, exp.In, exp.Between, exp.Like) and not isinstance(node.parent, exp.Not):
        made = exp.Not(this=node.copy())
        yield made.sql("duckdb"), made
    if kind is exp.Literal and not node.find_ancestor(exp.Interval, exp.DataType) and not _existence(node):
        if node.is_string:
            yield "another text", exp.Literal.string(node.this + "~")
        else:
            for by in (1, -1):
                made = sqlglot.parse_one(f"{node.this} + {by}" if by > 0 else f"{node.this} - 1", read="duckdb")
                yield made.sql("duckdb"), exp.Paren(this=made)
    if kind is exp.In and len(node.expressions) > 1:
        for number, one in enumerate(node.expressions):
            made = node.copy()
            made.set("expressions", [e.copy() for i, e in enumerate(node.expressions) if i != number])
            yield f"without {one.sql('duckdb')}", made
    if kind is exp.Join and str(node.args.get("side")).upper() == "LEFT" and not node.args.get("kind"):
        made = node.copy()
        made.set("side", None)
        yield "inner join", made
    if kind is exp.Coalesce and node.expressions:
        yield node.this.sql("duckdb"), node.this.copy()


def _existence(node: exp.Expr) -> bool:
    """Whether a literal is that of `EXISTS (SELECT 1 …)`, which nobody looks at."""
    return isinstance(node.parent, exp.Select) and isinstance(node.parent.parent, exp.Exists)


def world(root: Path) -> duckdb.DuckDBPyConnection:
    """The relations that rules see of a dataset."""
    schema = loader.load(root)
    data = dataset.read(schema)
    extra = {name: data.typed[name] for name in schema.seeds}
    con = relations.connect(schema, {**relations.given(data), **extra}, with_views=False)
    relations.derive(con, data)
    found = views.load(schema)
    views.define(con, views.needed(found, [rule.sql for rule in rules.load(schema)[0]]), check=False)
    return con


def run(con: duckdb.DuckDBPyConnection, sql: str) -> Found | None:
    """What a rule finds, sorted; None where it does not run."""
    try:
        return tuple(sorted(con.execute(sql).fetchall(), key=repr))
    except duckdb.Error:
        return None


def prepared(folder: Path) -> tuple[Path, list[tuple[list[str], Path]]]:
    """The tiny dataset, and one with each group of counterexamples that touch different rows."""
    tiny = folder / "tiny"
    factory = conftest.tiny_once.__wrapped__  # type: ignore[attr-defined]

    class Temporary:
        def mktemp(self, name: str) -> Path:
            tiny.mkdir()
            return tiny

    factory(Temporary())
    made = []
    for number, group in enumerate(examples.groups(list(examples.EXAMPLES))):
        root = folder / f"group-{number}"
        shutil.copytree(tiny, root)
        for name in group:
            conftest.patch(root, examples.EXAMPLES[name])
        made.append((group, root))
    return tiny, made


def main() -> int:
    """Prints survivors and the score."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", metavar="RULE", help="these rules (default: all)")
    arguments = parser.parse_args()
    told = yaml.safe_load(SENTENCES.read_text("utf-8")) if SENTENCES.is_file() else {}
    counts: Counter[str] = Counter()
    bare = 0
    with tempfile.TemporaryDirectory() as folder:
        tiny, made = prepared(Path(folder))
        base = world(tiny)
        worlds = [(group, world(root)) for group, root in made]
        for rule in rules.load(loader.load(ROOT))[0]:
            if arguments.only and rule.name not in arguments.only:
                continue
            first = sorted(worlds, key=lambda some: rule.name not in some[0])
            wanted = [(con, run(con, rule.sql)) for con in [base, *(con for _, con in first)]]
            seen: set[str] = set()
            for what, sql in mutants(rule.sql):
                if sql in seen:
                    continue
                seen.add(sql)
                counts["mutants"] += 1
                if any(run(con, sql) != found for con, found in wanted):
                    counts["killed"] += 1
                    continue
                why = told.get(rule.name, {}).get(what, "")
                counts["explained" if why else "surviving"] += 1
                if not why:
                    sys.stdout.write(f"{rule.name}: {what}\n")
                    sys.stdout.flush()
                    bare += 1
    sys.stdout.write(", ".join(f"{number:,} {what}" for what, number in counts.items()) + "\n")
    return 1 if bare else 0


if __name__ == "__main__":
    sys.exit(main())

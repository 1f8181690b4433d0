"""Mutation testing of the rules: each small change of a rule's SELECT has to be noticed by the rule's own examples.

    .venv/bin/python bench/rule_mutants.py                             # all rules
    .venv/bin/python bench/rule_mutants.py --only claims__made_twice
    .venv/bin/python bench/rule_mutants.py --search 10                 # and look for more edges, until 10 s gave none
    .venv/bin/python bench/rule_mutants.py --part 1/2                  # every second rule, to use two processes

A mutant is killed if it does not run, or if it finds other records or fields than its rule on the tiny valid dataset,
on the rule's counterexample or on its edges (`tests/edges/`); that other counterexamples or the real data would notice
it too does not count. What a rule says in words, its columns `value` and `message`, is not changed. A survivor is a
change that no test would notice: it wants an edge, or a sentence in `tests/mutants.yaml` that says why the rule means
the same with it, or why nothing can show it. Prints the survivors and the score; ends with 1 if a survivor has neither.

The search changes a few cells at random, of rows near those that the rule finds, until rule and mutant differ. What it
finds is added to the edges; whether the rule is right there is for a person to judge.
"""

from __future__ import annotations

import argparse
import copy
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import sqlglot
import yaml
from sqlglot import exp

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

import conftest  # noqa: E402
import edges  # noqa: E402

from bastions.schema import Field, Table  # noqa: E402
from bastions.validation.rules import Rule  # noqa: E402

Edge = dict[str, Any]

SENTENCES = ROOT / "tests" / "mutants.yaml"
SEED = 7
LEFT_OUT = "without"

_CHANGES: dict[type[exp.Expr], tuple[type[exp.Expr], ...]] = {
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
    exp.Min: (exp.Max,),
    exp.Max: (exp.Min,),
}


# --------------------------------------------------------------------------------------------------------------------
# Mutants


def mutants(sql: str) -> dict[str, str]:
    """Each change of one place of a SELECT: what it is, and the changed SELECT."""
    tree = sqlglot.parse_one(sql, read="duckdb")
    found: dict[str, str] = {}
    for number, node in enumerate(_places(tree)):
        for what, new in _changes(node):
            copy = tree.copy()
            _places(copy)[number].replace(new)
            changed = copy.sql("duckdb", comments=False)
            if changed not in found.values():
                name = what if what.startswith(LEFT_OUT) else f"{node.sql('duckdb', comments=False)} -> {what}"
                found[name if name not in found else f"{name} (at {number})"] = changed
    return found


def _places(tree: exp.Expr) -> list[exp.Expr]:
    """The places of a SELECT that are changed: no order of rows, and nothing of what is said in words."""
    selects = [*_last(tree)]
    names = [column.alias_or_name for column in selects[0].expressions]
    said = {number for number, name in enumerate(names) if name in ("value", "message")}
    words = {id(select.expressions[number]) for select in selects for number in said}
    return [
        node
        for node in tree.walk()
        if not node.find_ancestor(exp.Order) and not any(id(parent) in words for parent in _line(node))
    ]


def _last(tree: exp.Expr) -> Iterator[exp.Select]:
    """The SELECTs that make the result."""
    if isinstance(tree, exp.SetOperation):
        yield from _last(tree.this)
        yield from _last(tree.expression)
    elif isinstance(tree, exp.Select):
        yield tree


def _line(node: exp.Expr) -> Iterator[exp.Expr]:
    at: exp.Expr | None = node
    while at is not None:
        yield at
        at = at.parent


def _changes(node: exp.Expr) -> Iterator[tuple[str, exp.Expr]]:
    """Not tried, since others tell more: OR for AND (a part is left out instead), `<> 'x'` for `= 'x'` (another x)."""
    kind = type(node)
    for other in _CHANGES.get(kind, ()):
        if other in (exp.EQ, exp.NEQ) and any(isinstance(side, exp.Literal) for side in (node.this, node.expression)):
            continue
        made = other(**{key: value.copy() if hasattr(value, "copy") else value for key, value in node.args.items()})
        yield made.sql("duckdb"), made
    if isinstance(node, exp.And | exp.Or) and type(node.parent) is not kind:
        parts = list(node.flatten())
        for number, part in enumerate(parts):
            rest = [one.copy() for at, one in enumerate(parts) if at != number]
            yield f"{LEFT_OUT} {part.sql('duckdb')}", (exp.and_ if kind is exp.And else exp.or_)(*rest)
    if kind is exp.Not:
        yield node.this.sql("duckdb"), node.this.copy()
    whole = kind in (exp.Is, exp.Exists, exp.Between, exp.Like) or (kind is exp.In and not node.expressions)
    if whole and not isinstance(node.parent, exp.Not):
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


# --------------------------------------------------------------------------------------------------------------------
# Worlds


def find(world: edges.World, sql: str) -> list[str] | None:
    """What a SELECT finds; None where it does not run."""
    try:
        return world.find(sql)
    except duckdb.Error:
        return None


def tiny(folder: Path) -> edges.World:
    """The relations of the tiny dataset."""
    factory = conftest.tiny_once.__wrapped__  # type: ignore[attr-defined]

    class Temporary:
        def mktemp(self, name: str) -> Path:
            return folder

    return edges.World(factory(Temporary()))


@dataclass
class Trial:
    """A rule on trial: its mutants that nothing has noticed yet.

    Attributes:
        alive: What was changed, and the SELECT.
        remake: Whether the rule reads tables that rest on others.
    """

    rule: Rule
    tiny: edges.World
    alive: dict[str, str]
    remake: bool = field(init=False)

    def __post_init__(self) -> None:
        self.remake = bool(self.tiny.reads(self.rule.sql) & edges.REMADE)

    def drop(self, dead: Iterable[str]) -> None:
        """Forgets mutants."""
        for what in dead:
            del self.alive[what]

    def noticed(self, world: edges.World) -> set[str]:
        """The mutants that find something else than the rule in a world as it is."""
        right = world.find(self.rule.sql)
        return {what for what, sql in self.alive.items() if find(world, sql) != right}

    def noticed_at(self, edge: Edge) -> set[str]:
        """The same at an edge; none where no relation takes its changes."""
        try:
            with self._changed(edge):
                return self.noticed(self.tiny)
        except (duckdb.Error, AssertionError, ValueError):
            return set()

    def finds_at(self, edge: Edge) -> list[str]:
        """What the rule finds at an edge."""
        with self._changed(edge):
            return self.tiny.find(self.rule.sql)

    def _changed(self, edge: Edge) -> AbstractContextManager[None]:
        before = [edges.example(self.rule.name)] if "on" in edge else []
        return self.tiny.changed(*before, edge, remake=self.remake)


# --------------------------------------------------------------------------------------------------------------------
# Search


class Searcher:
    """Makes small changes of rows, at random, of what a rule reads."""

    def __init__(self, trial: Trial):
        """Looks at what the rule reads, and at the values that its columns have there and in counterexamples."""
        self.chance = random.Random(f"{SEED} {trial.rule.name}")
        self.trial, self.example, schema = trial, edges.example(trial.rule.name), trial.tiny.schema
        reads = trial.tiny.reads(trial.rule.sql)
        editable = {**schema.tables, **schema.seeds}
        self.tables = {name: table for name, table in editable.items() if name in reads or "cells" in reads}
        self.literals = {node.this for node in sqlglot.parse_one(trial.rule.sql, read="duckdb").find_all(exp.Literal)}
        self.columns: dict[str, list[str]] = {}
        self.pools: dict[tuple[str, str], list[str]] = {}
        for name, table in self.tables.items():
            own = [column for column in table.names if column != table.key]
            mentioned = [c for c in own if {c, f"{c}_earliest", f"{c}_latest"} & reads]
            self.columns[name] = mentioned or own
            for column in table.fields:
                self.pools[name, column.name] = self._pool(name, column)
        self.keys = {name: self._keys(table) for name, table in self.tables.items()}
        self.near = self._near()

    def _pool(self, table: str, column: Field) -> list[str]:
        if column.codes:
            return [*column.codes.codes]
        sql = f'SELECT DISTINCT CAST("{column.name}" AS VARCHAR) FROM "{table}" WHERE "{column.name}" IS NOT NULL'
        found = {row[0] for row in self.trial.tiny.connection.execute(sql).fetchall()}
        found |= {text for text in self.literals if column.type != "string" and _fits(text)}
        for rule in edges.all_rules() if column.type == "string" else ():
            rows = edges.example(rule).get("rows", {}).get(table, ())
            found |= {row[column.name] for row in rows if row.get(column.name)}
        return sorted(found)

    def _keys(self, table: Table) -> list[str]:
        sql = f'SELECT "{table.key}" FROM "{table.name}"'
        return sorted(row[0] for row in self.trial.tiny.connection.execute(sql).fetchall() if row[0])

    def _near(self) -> dict[str, list[str]]:
        """By table the rows that the counterexample is about: those that it has, finds, or that these name."""
        named = {cell for rows in self.example.get("rows", {}).values() for row in rows for cell in row.values()}
        named |= {want["record_id"] for want in self.example.get("expect", ())}
        named |= {key for keys in self.example.get("remove", {}).values() for key in keys}
        for _ in range(2):
            known = [(name, key) for name, keys in self.keys.items() for key in keys if key in named]
            named |= {cell for name, key in known for cell in self.trial.tiny.row(name, key).values()}
        made = {name: [key for key in keys if key in named] for name, keys in self.keys.items()}
        for name, rows in self.example.get("rows", {}).items():
            if name in self.tables:
                key = self.tables[name].key
                made[name] = sorted({*made[name], *(row[key] for row in rows)})
        return {name: keys for name, keys in made.items() if keys}

    def edge(self) -> Edge:
        """A few changes, half of them of what one of the mutants is about."""
        chance = self.chance
        found: Edge = {"on": "example"} if chance.random() < 0.75 else {}
        aim = chance.choice([*self.trial.alive]) if chance.random() < 0.7 else ""
        for _ in range(chance.choice((1, 1, 1, 2, 2, 3))):
            aimed = [name for name in self.tables if any(c in aim for c in self.columns[name])]
            near = [name for name in aimed or self.tables if name in self.near]
            name = chance.choice(near if near and chance.random() < 0.8 else aimed or [*self.tables])
            table = self.tables[name]
            near_keys = self.near.get(name, [])
            key = chance.choice(near_keys if near_keys and chance.random() < 0.8 else self.keys[name] or ["new"])
            does = chance.random()
            if does < 0.06:
                found.setdefault("remove", {}).setdefault(name, []).append(key)
                continue
            row = self._row(name, key)
            if does < 0.25:
                found.setdefault("copy", {}).setdefault(name, {})[f"{key}-too"] = key
                key = f"{key}-too"
            cells = {c: self._value(name, c, aim, row) for c in self._some(name, aim)}
            if cells:
                found.setdefault("rows", {}).setdefault(name, []).append({table.key: key, **cells})
        return found

    def _some(self, name: str, aim: str) -> list[str]:
        names = self.columns[name]
        aimed = [column for column in names if column in aim]
        names = aimed if aimed and self.chance.random() < 0.7 else names
        return self.chance.sample(names, min(len(names), self.chance.choice((1, 1, 1, 2))))

    def _row(self, name: str, key: str) -> dict[str, str]:
        row: dict[str, str] = self.trial.tiny.row(name, key)
        for cells in self.example.get("rows", {}).get(name, ()):
            row |= cells if cells[self.tables[name].key] == key else {}
        return row

    def _value(self, name: str, column: str, aim: str, row: dict[str, str]) -> str:
        """A value for a cell: none, that of a column like it or one beside it, one that the rule names, any known."""
        chance, own = self.chance, next(c for c in self.tables[name].fields if c.name == column)
        if not own.constraints.required and chance.random() < 0.2:
            return ""
        alike = [row[c.name] for c in self.tables[name].fields if c.type == own.type and row.get(c.name)]
        pool = self.pools[name, column]
        if alike and not own.codes and chance.random() < 0.3:
            return _beside(chance.choice(alike), own.type, chance.choice((-1, 0, 0, 1)))
        said = [value for value in pool if f"'{value}'" in aim] or [value for value in pool if value in self.literals]
        value = chance.choice((said if said and chance.random() < 0.5 else pool) or [""])
        return _beside(value, own.type, chance.choice((-1, 1)) if chance.random() < 0.3 else 0)


def _beside(value: str, kind: str, by: int) -> str:
    """A number or day, so much further; any other value as it is."""
    if by and kind in ("integer", "number") and _fits(value):
        number = float(value) + by
        return str(int(number)) if number == int(number) else str(number)
    if by and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return str(date.fromisoformat(value) + timedelta(by))
    return value


def _fits(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def search(trial: Trial, seconds: float) -> list[Edge]:
    """Edges at which more mutants are noticed; these are forgotten."""
    searcher, made = Searcher(trial), []
    until = time.monotonic() + seconds
    while trial.alive and time.monotonic() < until:
        edge = searcher.edge()
        if dead := trial.noticed_at(edge):
            edge = _shrunk(trial, edge, dead)
            finds = trial.finds_at(edge)
            made.append(
                {"shows": min(dead, key=lambda what: (len(what), what)), **edge, **({"finds": finds} if finds else {})}
            )
            trial.drop(dead)
            until = time.monotonic() + seconds
    return made


def _shrunk(trial: Trial, edge: Edge, dead: set[str]) -> Edge:
    """The same with as few changes as tell as much."""
    for less in _smaller(edge):
        if trial.noticed_at(less) >= dead:
            return _shrunk(trial, less, dead)
    return edge


def _smaller(edge: Edge) -> Iterator[Edge]:
    """An edge without one of its changes, for each of them."""
    for part in [part for part in edge if part in ("on", "remove", "copy", "rows")]:
        yield {key: value for key, value in edge.items() if key != part}
        for table in edge[part] if part != "on" else ():
            for at in [*edge[part][table]] if part == "copy" else range(len(edge[part][table])):
                less = copy.deepcopy(edge)
                del less[part][table][at]
                if not less[part][table]:
                    del less[part][table]
                yield less
            for number, row in enumerate(edge[part][table] if part == "rows" else ()):
                for column in list(row)[1:]:
                    less = copy.deepcopy(edge)
                    del less[part][table][number][column]
                    yield less


def add(rule: str, made: list[Edge]) -> None:
    """Adds edges to those of a rule."""
    path = ROOT / "tests" / "edges" / f"{rule}.yaml"
    kept = [*edges.edges(rule), *made]
    path.write_text(yaml.safe_dump(kept, sort_keys=False, allow_unicode=True, width=120), "utf-8")


# --------------------------------------------------------------------------------------------------------------------


def main() -> int:
    """Prints survivors and the score."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", metavar="RULE", help="these rules (default: all)")
    parser.add_argument("--part", default="1/1", metavar="K/N", help="only every Nth rule, from the Kth")
    parser.add_argument("--search", type=float, default=0, metavar="S", help="look for edges until S seconds gave none")
    arguments = parser.parse_args()
    first, step = map(int, arguments.part.split("/"))
    told = yaml.safe_load(SENTENCES.read_text("utf-8"))
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        world = tiny(Path(folder))
        for name, rule in list(edges.all_rules().items())[first - 1 :: step]:
            if arguments.only and name not in arguments.only:
                continue
            trial = Trial(rule, world, mutants(rule.sql))
            counts["mutants"] += len(trial.alive)
            trial.drop(trial.noticed(world))
            for edge in ({"on": "example"}, *edges.edges(name)):
                trial.drop(trial.noticed_at(edge))
            if arguments.search and trial.alive and (made := search(trial, arguments.search)):
                add(name, made)
            for what in trial.alive:
                why = told["rules"].get(name, {}).get(what) or any(re.fullmatch(p, what) for p in told["any"])
                counts["explained" if why else "surviving"] += 1
                if not why:
                    sys.stdout.write(f"{name}: {what}\n")
            sys.stdout.flush()
            sys.stderr.write(f"{name}: {len(trial.alive)} left\n")
    counts["killed"] = counts["mutants"] - counts["explained"] - counts["surviving"]
    sys.stdout.write(", ".join(f"{number:,} {what}" for what, number in counts.items()) + "\n")
    return 1 if counts["surviving"] else 0


if __name__ == "__main__":
    sys.exit(main())

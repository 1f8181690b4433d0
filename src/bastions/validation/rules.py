"""Stage 4: the rules of `schemas/rules/`, each one SELECT of the offending rows, and the waivers of findings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from bastions import resolve, views
from bastions.dataset import Dataset
from bastions.problems import Problem, problem
from bastions.schema import ForeignKey, Schema
from bastions.validation.keys import GUESSES

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from bastions.views import View

ANY = "records"
"""The table in the name of a rule that is about records of any table; it returns `record_table` too."""

SHRINKS = "table-shrinks"
"""A finding of `validation.released` that a waiver can silence as if it were a rule's; its record is the table."""

_TAG = re.compile(r"(hint|severity|covers):\s*(.*)")


@dataclass(frozen=True, slots=True)
class Rule:
    """One file of `schemas/rules/`.

    Attributes:
        name: `<table>__<fault>`, the name of the file.
        table: The table whose keys its `record_id` holds.
        message: What is wrong, for people.
        covers: Numbers of the field's list of rules that it covers, for the accounting in `schemas/rules/README.md`.
        sql: The SELECT, which returns `record_id` and may return `field`, `value` and `message`; where the table is
            `records`, it returns `record_table` too.
    """

    name: str
    table: str
    message: str
    hint: str
    severity: str
    covers: tuple[str, ...]
    sql: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What stage 4 found.

    Attributes:
        problems: The findings that no waiver silences, and what is wrong with rules and waivers themselves.
        run: Rules that were run.
        waiting: Rules that were not, since a table that they read could not be read whole.
        held: Findings held back, since they may follow from a problem of an earlier stage.
        waived: Findings that a waiver silences.
    """

    problems: list[Problem]
    run: int
    waiting: int
    held: int
    waived: int


def load(schema: Schema) -> tuple[list[Rule], list[Problem]]:
    """The rules of a dataset in order of name, and what is wrong with their files."""
    rules, problems = [], []
    for path in sorted((schema.root / "schemas" / "rules").glob("*.sql")):
        where = path.relative_to(schema.root).as_posix()
        try:
            rules.append(parse(path.stem, path.read_text("utf-8"), schema))
        except ValueError as error:
            problems.append(problem("rule-error", where, str(error), hint="See schemas/rules/README.md."))
    return rules, problems


def parse(name: str, text: str, schema: Schema) -> Rule:
    """One rule from the name and text of its file.

    Raises:
        ValueError: If the name has no table, the comment no message, or a tag a value that is not known.
    """
    import duckdb

    table, _, fault = name.partition("__")
    if (table not in (*schema.tables, *schema.seeds, ANY)) or not fault:
        raise ValueError(f"a rule is named <table>__<fault>; {name!r} names no table or no fault")
    words: list[str] = []
    tags = {"hint": "", "severity": "error", "covers": ""}
    tag = ""
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        said = line[2:].strip()
        if not said:
            tag = "-"  # what follows an empty comment line is for readers of the SQL
        elif match := _TAG.fullmatch(said):
            tag = match[1]
            tags[tag] = match[2]
        elif tag in tags:
            tags[tag] += " " + said
        elif not tag:
            words.append(said)
    if not words:
        raise ValueError("the first comment of a rule says what is wrong, for people")
    if tag_like := [word for word in words if re.match("[a-z]+: ", word)]:
        raise ValueError(f"{tag_like[0]!r} begins like a tag; hint, severity and covers are known")
    try:
        statements = duckdb.extract_statements(text)
    except duckdb.Error as error:
        raise ValueError(f"does not run: {' '.join(str(error).split())}") from None
    if [s.type for s in statements] != [duckdb.StatementType.SELECT]:
        raise ValueError("is not one SELECT and nothing else")
    if tags["severity"] not in ("error", "warning"):
        raise ValueError(f"severity {tags['severity']!r} is neither error nor warning")
    message = " ".join(words)
    return Rule(name, table, message, tags["hint"], tags["severity"], tuple(tags["covers"].split()), text)


def check(dataset: Dataset, beside: Callable[[Mapping[str, int]], Sequence[Problem]] = lambda rows: ()) -> Outcome:
    """Runs every rule.

    Args:
        dataset: The dataset.
        beside: Gives the findings of `SHRINKS`, which waivers can silence too, for the rows of each derived table;
            for none, where these are not known.
    """
    from bastions import relations

    rules, problems = load(dataset.schema)
    extra = {name: dataset.typed[name] for name in dataset.schema.seeds}
    con = relations.connect(dataset.schema, {**relations.given(dataset), **extra}, with_views=False)
    faults = relations.derive(con, dataset)
    problems += [problem("policy-error", f.file, f.message, hint="See schemas/policies/README.md.") for f in faults]
    found_views = views.load(dataset.schema)
    views.define(con, views.needed(found_views, [rule.sql for rule in rules]), check=False)
    suspects = _Suspects(dataset)
    whole = not faults and all(dataset.rows[name].complete for name in dataset.schema.tables)
    findings: list[Problem] = list(beside(_heights(con, dataset.schema) if whole else {}))
    held: list[Problem] = []
    waiting: set[str] = set()
    for rule in rules:
        unsettled = bool(faults) and "resolutions" in _words(rule)
        if unsettled or any(not dataset.rows[name].complete for name in _mentioned(rule, dataset, found_views)):
            waiting.add(rule.name)
            continue
        words = _words(rule) | _made_of(rule, dataset, found_views)
        for found in _run(con, rule, dataset):
            (held if suspects.may_cause(words, found) else findings).append(found)
    kept, waived = _waive(findings, held, {rule.name for rule in rules} | {SHRINKS}, waiting, dataset)
    return Outcome([*problems, *kept], len(rules) - len(waiting), len(waiting), len(held), waived)


def _heights(con: DuckDBPyConnection, schema: Schema) -> dict[str, int]:
    """The rows of each derived table."""
    counts = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM \"{name}\"" for name in schema.derived)
    return dict(con.execute(counts).fetchall())


def _words(rule: Rule) -> set[str]:
    """The words of a rule's SQL, its comments left out; a bound of a date stands for the date."""
    words = set(re.findall(r"[a-z_][a-z_0-9]*", re.sub(r"--.*", "", rule.sql)))
    return words | {re.sub("_(earliest|latest)$", "", word) for word in words}


def _made_of(rule: Rule, dataset: Dataset, found_views: Sequence[View]) -> set[str]:
    """What the views and derived tables of a rule are made of: tables, and for the derived ones all their columns."""
    schema = dataset.schema
    words = _words(rule)
    words = words.union(*(view.words() for view in views.needed(found_views, [rule.sql])))
    derived = bool(words & {"quantities", "claim_dates", *resolve.MADE})
    if derived:
        words |= {*schema.subjects, "claims", "claim_links", "utterances", "sources"}
        words |= {column for name in words & schema.tables.keys() for column in schema.tables[name].names}
    if words & {"records", "cells"}:
        words |= set(schema.subjects)
    return words


def _mentioned(rule: Rule, dataset: Dataset, found_views: Sequence[View]) -> list[str]:
    """The tables that a rule reads, by name; all that a relation is made from where it reads one that is made."""
    words = _made_of(rule, dataset, found_views)
    return [name for name in dataset.rows if name in words]


def _run(con: DuckDBPyConnection, rule: Rule, dataset: Dataset) -> Iterator[Problem]:
    import duckdb

    where = f"schemas/rules/{rule.name}.sql"
    try:
        cursor = con.execute(rule.sql)
        names = [column[0] for column in cursor.description or ()]
        found = cursor.fetchall()
    except duckdb.Error as error:
        text = " ".join(str(error).split())
        yield problem("rule-error", where, f"does not run: {text}", hint="See schemas/rules/README.md.")
        return
    known = {"record_id", "field", "value", "message"} | ({"record_table"} if rule.table == ANY else set())
    if not {"record_id", "record_table"} & known <= set(names) <= known:
        yield problem("rule-error", where, f"returns ({', '.join(names)}); {', '.join(sorted(known))} are known")
        return
    index: dict[str, dict[str | None, int]] = {}
    for values in found:
        got = {name: "" if value is None else str(value) for name, value in zip(names, values, strict=True)}
        key, name = got["record_id"], got.get("field", "")
        if not key:
            continue  # the row has no key, which the cells stage reports
        of = got.get("record_table", rule.table)
        if of not in dataset.rows:
            yield problem("rule-error", where, f"names {of!r}, which is no table")
            continue
        table, rows = dataset.schema.all_tables[of], dataset.rows[of]
        if of not in index:
            index[of] = {key: i for i, key in reversed(list(enumerate(rows.typed[table.key].to_list())))}
        if key not in index[of]:
            yield problem("rule-error", where, f"names {key!r}, which is no key of {of}")
            continue
        file, line = rows.place(index[of][key])
        yield problem(
            rule.name,
            file,
            got.get("message") or rule.message,
            line=line,
            column=table.names.index(name) + 1 if name in table else 0,
            field=name,
            record_id=key,
            value=got.get("value", ""),
            hint=rule.hint,
            severity=rule.severity,
        )


class _Suspects:
    """Which findings may only follow from a cell that an earlier stage reported: one fault, one problem.

    A finding is held back if its rule reads a column in which a cell was reported, and its record is the row of that
    cell, or within two references of it. It shows again, if it is real, once the cell is mended.
    """

    def __init__(self, dataset: Dataset):
        self.columns: set[tuple[str, str]] = set()
        keys: set[str] = set()
        named: set[str] = set()
        for name, rows in dataset.rows.items():
            table = dataset.schema.all_tables[name]
            self.columns |= {(name, column) for _, column in rows.bad}
            hit = {row for row, _ in rows.bad}
            keys.update(rows.text[table.key].gather(sorted(hit)).drop_nulls())
            # A row that could not be used has lost its references; what they named is among its cells.
            named.update(*(part.loose for part in rows.parts))
            for fk in table.foreign_keys:
                lost = {row for row, column in rows.bad if column == fk.fields[-1]}
                named.update(rows.text[fk.fields[-1]].gather(sorted(hit - lost)).drop_nulls())
                missing = rows.text[sorted(lost)].select(fk.fields).drop_nulls(fk.fields[-1]).unique()
                if missing.height <= GUESSES:
                    # The record that was meant has lost a reference; it is likely one of nearly that name.
                    for cells in missing.iter_rows(named=True):
                        named.update(get_close_matches(cells[fk.fields[-1]], _keys(dataset, fk, cells), 3, 0.6))
        self.near = keys | named
        if not self.columns:
            return
        for _ in range(2):
            keys = self._naming(dataset, keys)
            self.near |= keys

    @staticmethod
    def _naming(dataset: Dataset, keys: set[str]) -> set[str]:
        """The keys of all rows that refer to one of `keys`."""
        found: set[str] = set()
        for name, rows in dataset.rows.items():
            table = dataset.schema.all_tables[name]
            for column in {fk.fields[-1] for fk in table.foreign_keys}:
                hits = rows.text.filter(rows.text[column].is_in(list(keys)))
                found.update(key for key in hits[table.key].to_list() if key)
        return found

    def may_cause(self, words: set[str], found: Problem) -> bool:
        """Whether a finding of a rule that reads these tables and columns is to be held back."""
        return found.record_id in self.near and any(t in words and c in words for t, c in self.columns)


def _keys(dataset: Dataset, fk: ForeignKey, cells: Mapping[str, str]) -> list[str]:
    """The keys that a reference could have meant."""
    target = cells[fk.fields[0]] if fk.table == "records" else fk.table
    if target not in dataset.rows:
        return []
    return dataset.rows[target].text[dataset.schema.all_tables[target].key].drop_nulls().to_list()


def _waive(
    findings: list[Problem], held: list[Problem], rules: set[str], waiting: set[str], dataset: Dataset
) -> tuple[list[Problem], int]:
    """The findings that no waiver silences, a problem for each idle waiver, and how many findings were silenced.

    A waiver of a finding that is held back, or of a rule that waits, is not idle: nobody knows yet.
    """
    if "waivers" not in dataset.rows:
        return findings, 0
    rows = dataset.rows["waivers"]
    waivers = rows.text.select("waiver_id", "rule", "record_id", "column_name").rows()

    by_finding: dict[tuple[str, str], list[tuple[str, str | None]]] = {}
    for key, name, record, field in waivers:
        by_finding.setdefault((name, record), []).append((key, field))

    def silencing(found: Problem) -> set[str]:
        return {key for key, field in by_finding.get((found.rule, found.record_id), ()) if field in (None, found.field)}

    kept = [found for found in findings if not silencing(found)]
    used = {key for found in [*findings, *held] for key in silencing(found)}
    idle = []
    for row, (key, name, record, _) in enumerate(waivers):
        if key is None or key in used or name in waiting or any(r == row for r, _ in rows.bad):
            continue
        file, line = rows.place(row)
        if name in rules:
            text, hint = f"{name} finds nothing on {record}", "Delete the waiver: what it excused is gone."
        else:
            near = get_close_matches(str(name), sorted(rules), 1, 0.6)
            text, hint = f"there is no rule {name}", f"Did you mean {near[0]}?" if near else "Delete the waiver."
        idle.append(problem("unused-waiver", file, text, line=line, record_id=key, hint=hint))
    return kept + idle, len(findings) - len(kept)

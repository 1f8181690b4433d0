"""Policies: how claims that differ become one published value, and the tables that show it.

A policy is one file, `schemas/policies/<name>.sql`: a comment block, then one SELECT over `candidates`.

    -- What it prefers, for people.
    -- steps: time, basis
    SELECT claim_id, field, [as_of_days, basis_rank] AS ladder, point AS best
    FROM candidates
    WHERE standing = 'stands'

It says which claims it counts, how it ranks them (`ladder`: what stands least leads, compared rung by rung as a list;
`steps` names the rungs) and which number a leading claim offers (`best`). All else is the same for every policy and
stands in the macros `settle` and `settle_claims`: one word a voice, disputes, the envelope; nothing is averaged.

The tables `candidates`, `resolutions` and `resolution_claims` are made by the SQL of `schemas/derived/`.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from bastions import views
from bastions.schema import Schema, SchemaError, Table

FOLDER = "schemas/policies"
RANKING = ("claim_id", "field", "ladder", "best")
"""The columns that a policy returns."""


MADE = ("candidates", "resolution_claims", "resolutions")
"""The derived tables that `schemas/derived/` makes, in this order."""


SECONDS = 20
"""How long a policy may take."""


class PolicyError(SchemaError):
    """A policy cannot be used; `faults` names each, as `file: policy: what is wrong`."""


@dataclass(frozen=True, slots=True)
class Policy:
    """One file of `schemas/policies/`.

    Attributes:
        name: The name of the file.
        file: Where it is, relative to the root of the repository.
        description: What it prefers.
        steps: What the rungs of its ladder compare.
        select: The SELECT, without comment block and semicolon.
    """

    name: str
    file: str
    description: str
    steps: tuple[str, ...]
    select: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a policy: its file, and the fault in words."""

    file: str
    message: str


def load(schema: Schema) -> tuple[list[Policy], list[Fault]]:
    """The policies of a dataset in order of name, and what is wrong with their files."""
    policies, faults = list[Policy](), list[Fault]()
    for path in sorted((schema.root / FOLDER).glob("*.sql")):
        file = path.relative_to(schema.root).as_posix()
        try:
            policies.append(parse(path, file))
        except (ValueError, UnicodeDecodeError) as error:
            faults.append(Fault(file, str(error)))
    default = schema.package.get("default_policy")
    if policies and default is None:
        faults.append(Fault("schemas/package.yaml", f"names no default_policy, though there are files in {FOLDER}"))
    if default is not None and default not in {p.name for p in policies} | {Path(f.file).stem for f in faults}:
        faults.append(Fault("schemas/package.yaml", f"default_policy {default!r} is no file of {FOLDER}"))
    return policies, faults


def parse(path: Path, file: str) -> Policy:
    """Reads a policy.

    Raises:
        ValueError: If it is not a comment block with a description and `steps:`, followed by one SELECT.
    """
    text = path.read_text("utf-8")
    if not re.fullmatch("[a-z][a-z0-9_]*", path.stem):
        raise ValueError("a policy is named in lower-case snake_case")
    words, steps = list[str](), list[str]()
    lines = text.splitlines()
    head = 0
    while head < len(lines) and lines[head].startswith("--"):
        said = lines[head][2:].strip()
        if said.startswith("steps:"):
            steps += [step.strip() for step in said.removeprefix("steps:").split(",") if step.strip()]
        elif said:
            words.append(said)
        head += 1
    if not words:
        raise ValueError("the first comment of a policy says what it prefers, for people")
    if not steps:
        raise ValueError("has no line `-- steps:`, which names what the rungs of its ladder compare")
    try:
        statements = duckdb.extract_statements(text)
    except duckdb.Error as error:
        raise ValueError(f"does not run: {_one_line(error)}") from None
    if [s.type for s in statements] != [duckdb.StatementType.SELECT]:
        raise ValueError("is not one SELECT and nothing else")
    select = "\n".join(lines[head:]).strip().rstrip(";").rstrip()
    return Policy(path.stem, file, " ".join(words), tuple(steps), select)


def derive(connection: duckdb.DuckDBPyConnection, schema: Schema, policies: Sequence[Policy]) -> list[Fault]:
    """Makes the derived tables that are made by SQL, and the rankings that the policies give.

    Args:
        connection: Has all other tables of the release, and gets these.
        schema: The schema; its root holds `schemas/derived/` and `schemas/views/`.
        policies: The policies.

    Returns:
        What is wrong with policies; one that cannot be run has no rows.

    Raises:
        SchemaError: If a file of `schemas/derived/` is missing or does not run, or a view that it uses does not
            compile.
    """
    found = views.load(schema)
    faults = list[Fault]()
    folder = schema.root / "schemas" / "derived"
    if idle := sorted(path.name for path in folder.glob("*.sql") if path.stem not in MADE):
        raise SchemaError([f"schemas/derived/{name}: table: only {', '.join(MADE)} are made here" for name in idle])
    for name in MADE:
        file = f"schemas/derived/{name}.sql"
        try:
            sql = (folder / f"{name}.sql").read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise SchemaError([f"{file}: table: cannot be read: {_one_line(error)}"]) from None
        if name == MADE[1]:
            connection.execute(_RANKINGS)
            others = {view.name for view in found} | {*schema.all_tables, "rankings", "ranked"} - {MADE[0]}
            faults += [fault for policy in policies if (fault := _rank(connection, policy, others))]
        views.define(connection, views.needed(found, [sql]), check=False)
        if broken := _make(connection, schema.derived[name], sql):
            raise SchemaError([f"{file}: table: {broken}"])
    return faults + _out_of_bounds(connection, policies)


def _make(connection: duckdb.DuckDBPyConnection, table: Table, sql: str) -> str | None:
    """Makes a table of `schemas/derived/`; what is wrong with it, if anything."""
    wanted = table.published().names
    try:
        statements = duckdb.extract_statements(sql)
        if [s.type for s in statements] != [duckdb.StatementType.SELECT]:
            return "is not one SELECT and nothing else"
        connection.execute(f"CREATE TABLE {table.name} AS {sql}")
        names = [row[0] for row in connection.execute(f"DESCRIBE {table.name}").fetchall()]
        if sorted(names) != sorted(wanted):
            return f"returns ({', '.join(names)}); schemas/{table.name}.yaml has ({', '.join(wanted)})"
        key = ", ".join(table.primary_key)
        twice = connection.execute(
            f"SELECT {key} FROM {table.name} GROUP BY {key} HAVING count(*) > 1 LIMIT 1"
        ).fetchone()
    except duckdb.Error as error:
        return f"does not run: {_one_line(error)}"
    return f"gives the key ({', '.join(map(str, twice))}) twice" if twice else None


_RANKINGS = """
    CREATE TABLE rankings
    (policy VARCHAR, steps VARCHAR, claim_id VARCHAR, field VARCHAR, ladder DOUBLE[], best DOUBLE)
"""


def _rank(connection: duckdb.DuckDBPyConnection, policy: Policy, others: set[str]) -> Fault | None:
    """Runs a policy and keeps its ranking; or what is wrong with it."""
    if read := sorted(views.words(policy.select) & others):
        return Fault(policy.file, f"reads {', '.join(read)}; a policy reads candidates alone")
    ranking = f"(\n{policy.select}\n) AS ranking"
    # A policy that never ends must not keep anybody waiting; a good one takes milliseconds.
    limit = threading.Timer(SECONDS, connection.interrupt)
    limit.start()
    try:
        names = [row[0] for row in connection.execute(f"DESCRIBE SELECT * FROM {ranking}").fetchall()]
        if sorted(names) != sorted(RANKING):
            return Fault(policy.file, f"returns ({', '.join(names)}); {', '.join(RANKING)} are needed")
        connection.execute(
            "CREATE OR REPLACE TEMP TABLE ranked AS SELECT claim_id, field, CAST(ladder AS DOUBLE[]) AS ladder, "
            f"CAST(best AS DOUBLE) AS best FROM {ranking}"
        )
        again = f"SELECT claim_id, field, CAST(ladder AS DOUBLE[]), CAST(best AS DOUBLE) FROM {ranking}"
        if connection.execute(f"(FROM ranked EXCEPT {again}) LIMIT 1").fetchone():
            return Fault(policy.file, "gives another ranking each time that it is run")
    except duckdb.InterruptException:
        return Fault(policy.file, f"takes more than {SECONDS} seconds")
    except duckdb.Error as error:
        return Fault(policy.file, f"does not run: {_one_line(error)}")
    finally:
        limit.cancel()
    for fault, sql in _FAULTS.items():
        if found := connection.execute(sql, [len(policy.steps)] if "?" in sql else []).fetchone():
            return Fault(policy.file, fault.format(*found, n=len(policy.steps)))
    connection.execute(
        "INSERT INTO rankings SELECT ?, ?, claim_id, field, ladder, best FROM ranked",
        [policy.name, ", ".join(policy.steps)],
    )
    return None


_FAULTS = {
    "ranks {0} ({1}) {2} times; a claim has one place on a column": (
        "SELECT claim_id, field, count(*) FROM ranked GROUP BY ALL HAVING count(*) > 1 ORDER BY ALL LIMIT 1"
    ),
    "ranks {0} ({1}), which is no row of candidates": (
        "SELECT claim_id, field FROM ranked ANTI JOIN candidates USING (claim_id, field) ORDER BY ALL LIMIT 1"
    ),
    "offers a best for {0} ({1}) that is no number": (
        "SELECT claim_id, field FROM ranked WHERE NOT isfinite(best) ORDER BY ALL LIMIT 1"
    ),
    "gives {0} ({1}) no ladder of {n} filled rungs, one for each of its steps": (
        "SELECT claim_id, field FROM ranked WHERE coalesce(len(ladder), 0) <> ? "
        "OR list_count(ladder) <> len(ladder) ORDER BY ALL LIMIT 1"
    ),
}


def _out_of_bounds(connection: duckdb.DuckDBPyConnection, policies: Sequence[Policy]) -> list[Fault]:
    """Policies that publish a best value which the claims that they count exclude."""
    found = connection.execute(
        "SELECT policy, min(subject_id), count(*), arg_min(best, subject_id), arg_min(low, subject_id), "
        "arg_min(high, subject_id) FROM resolutions "
        "WHERE coalesce(low <= high, TRUE) AND (best < low OR best > high) GROUP BY policy ORDER BY policy"
    ).fetchall()
    files = {policy.name: policy.file for policy in policies}
    return [
        Fault(
            files[name],
            f"publishes {best:g} for {key}, outside the bounds of the claims that it counts ({low} to {high})"
            + (f", and so for {count - 1} more" if count > 1 else ""),
        )
        for name, key, count, best, low, high in found
    ]


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())

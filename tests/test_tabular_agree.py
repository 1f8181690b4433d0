"""Our verdicts on whole packages against frictionless's: the same faults at the same places, but for a list of reasons.

`REASONS` says why the two part, each with the faults that it is about; `EXAMPLES` shows each. Both directions are held:
a fault that one of the two tells and the other does not has a reason, and each reason has a package in which it is one.
"""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import frictionless
import pytest
from generated_packages import Made, Sheet, broken_packages, packages, sheet
from hypothesis import given, settings

from bastions.problems import Report
from bastions.tabular.run import validate


class Fault(NamedTuple):
    """What one of the two says: the rule, the table, the record as frictionless counts them, the field."""

    rule: str
    table: str
    row: int
    field: str


LABELS = frozenset({"blank-header", "blank-label", "duplicate-label", "extra-label", "missing-label", "incorrect-label",
                    "unmatched-header", "source-error"})  # fmt: skip
ROWS = frozenset({"blank-row", "extra-cell", "missing-cell", "stray-quote", "unclosed-quote", "forbidden-character",
                  "encoding-error"})  # fmt: skip
QUOTES = frozenset({"stray-quote", "unclosed-quote"})
OF_ROWS = frozenset({"extra-cell", "missing-cell"})


def ours(made: Made, report: Report) -> Counter[Fault]:
    """Our errors."""
    where = {(row.file, row.line): (sheet.name, row.number) for sheet in made.sheets for row in sheet.rows}
    names = {path: sheet.name for sheet in made.sheets for path in sheet.paths}
    found: Counter[Fault] = Counter()
    for p in report.problems:
        if p.severity != "error":
            continue
        table, row = where.get((p.file, p.line), (names.get(p.file, p.file), 0))
        unplaced = p.rule in ROWS or p.rule in LABELS or p.rule == "primary-key"
        found[Fault(p.rule, table, row, "" if unplaced else p.field)] += 1
    return found


def theirs(report: frictionless.Report) -> Counter[Fault]:
    """Frictionless's errors."""
    found: Counter[Fault] = Counter(Fault(error.type, "", 0, error.note) for error in report.errors)
    for task in report.tasks:
        for error in task.errors:
            row = getattr(error, "row_number", 0)
            field = ", ".join(getattr(error, "field_names", [])) or getattr(error, "field_name", "")
            if error.type in ROWS or error.type in LABELS:
                field = ""
            elif not row:
                field = error.note
            found[Fault(error.type, task.name, row, field)] += 1
    return found


def judged(made: Made) -> tuple[Report, Counter[Fault], Counter[Fault]]:
    """Our report, and the errors of both."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        made.write(root)
        report = validate(root)
        try:
            package = frictionless.Package(str(root / "datapackage.json"))
            other = theirs(package.validate(limit_errors=1_000_000))
        except Exception as error:
            other = Counter({Fault("crash", "", 0, f"{type(error).__name__}: {error}"): 1})
    return report, ours(made, report), other


@dataclass(frozen=True)
class Case:
    """A fault that only one tells, and what surrounds it."""

    made: Made
    fault: Fault
    mine: bool
    ours: Counter[Fault]
    theirs: Counter[Fault]

    @property
    def sheet(self) -> Sheet:
        return next((sheet for sheet in self.made.sheets if sheet.name == self.fault.table), self.made.sheets[0])

    @property
    def key(self) -> tuple[str, ...]:
        """The primary key of the table."""
        given = self.sheet.schema.get("primaryKey", ())
        return (given,) if isinstance(given, str) else tuple(given)

    def told(self, *rules: str, row: int | None = None, field: str | None = None) -> bool:
        """Whether we tell a fault of these rules in the table, its record, its field."""
        return any(
            f.table == self.fault.table
            and f.rule in rules
            and (row is None or f.row == row)
            and (field is None or f.field == field)
            for f in self.ours
        )

    def cell(self, field: str) -> str | None:
        return self.sheet.cell(self.fault.row, field)

    def field(self, name: str) -> Mapping[str, Any]:
        """The descriptor of a field."""
        return next((f for f in self.sheet.schema["fields"] if f["name"] == name), {})

    def missing(self, name: str) -> Sequence[str]:
        given = self.field(name).get("missingValues", self.sheet.schema.get("missingValues", [""]))
        return [*given]

    def empty(self, name: str) -> bool:
        """Whether the cell of a field stands for no value."""
        return self.cell(name) in self.missing(name)

    @property
    def cells(self) -> list[str]:
        """The cells of the record."""
        return next((row.cells for row in self.sheet.rows if row.number == self.fault.row), [])

    def before(self, rules: frozenset[str]) -> bool:
        """Whether we tell a fault of these rules in the record or before it."""
        return any(f.table == self.fault.table and f.rule in rules and f.row <= self.fault.row for f in self.ours)

    @property
    def targets(self) -> list[tuple[str, list[str]]]:
        """The tables and fields that the field of the fault refers to."""
        found = []
        for key in self.sheet.schema.get("foreignKeys", ()):
            if ", ".join(_several(key["fields"])) == self.fault.field:
                reference = key["reference"]
                found.append((reference.get("resource") or self.fault.table, _several(reference["fields"])))
        return found


def _several(given: str | list[str]) -> list[str]:
    return [given] if isinstance(given, str) else given


def _follows(case: Case) -> bool:
    """Frictionless goes on with a record that we told to be none."""
    return not case.mine and case.fault.row > 0 and case.told(*ROWS, row=case.fault.row)


def _left_out(case: Case) -> bool:
    """The record that the key stood in before is one that we left out."""
    keys = case.fault.rule in ("unique-error", "primary-key")
    return not case.mine and keys and any(case.told(*ROWS, row=n) for n in range(1, case.fault.row))


def _not_whole(case: Case) -> bool:
    """The table referred to has records or keys that could not be read."""
    if case.mine or case.fault.rule != "foreign-key":
        return False
    return any(
        f.table == table and (f.rule in ROWS | LABELS or (f.rule == "type-error" and f.field in fields))
        for table, fields in case.targets
        for f in case.ours
    )


def _no_value(case: Case) -> bool:
    """A key of which a part is no value of its type, in this record or before."""
    if case.mine or case.fault.rule not in ("unique-error", "primary-key", "foreign-key"):
        return False
    fields = case.key if case.fault.rule == "primary-key" else case.fault.field.split(", ")
    return any(
        f.table == case.fault.table and f.rule == "type-error" and f.field in fields and f.row <= case.fault.row
        for f in case.ours
    )


def _one_constraint(case: Case) -> bool:
    """A cell that breaks several constraints, or that we say to be no value at all."""
    told = case.told("constraint-error", "type-error", row=case.fault.row, field=case.fault.field)
    return not case.mine and case.fault.rule == "constraint-error" and told


def _required_key(case: Case) -> bool:
    """A missing key that is `required` as well is told as that."""
    told = any(case.told("constraint-error", row=case.fault.row, field=name) and case.empty(name) for name in case.key)
    return not case.mine and case.fault.rule == "primary-key" and told


def _primary_unique(case: Case) -> bool:
    told = case.told("primary-key", row=case.fault.row)
    return not case.mine and case.fault.rule == "unique-error" and case.key == (case.fault.field,) and told


def _composite(case: Case) -> bool:
    """A primary key of several fields with one missing."""
    part = len(case.key) > 1 and any(case.empty(name) for name in case.key)
    return case.fault.rule == "primary-key" and part


def _unique_keys(case: Case) -> bool:
    keys = [", ".join(key) for key in case.sheet.schema.get("uniqueKeys", ())]
    return case.mine and case.fault.rule == "unique-error" and case.fault.field in keys


def _categories(case: Case) -> bool:
    given = case.field(case.fault.field).get("categories", ())
    outside = bool(given) and case.cell(case.fault.field) not in [
        c["value"] if isinstance(c, dict) else c for c in given
    ]
    return case.mine and case.fault.rule == "constraint-error" and outside


def _pattern(case: Case) -> bool:
    pattern, cell = case.field(case.fault.field).get("constraints", {}).get("pattern"), case.cell(case.fault.field)
    if not case.mine or case.fault.rule != "constraint-error" or pattern is None or cell is None:
        return False
    return bool(re.match(f"^{pattern}$", cell)) and not re.fullmatch(pattern, cell, re.ASCII)


ODD = ("1_0", " 7 ", " 1.5", "1e999", "2017-2-3", "03/11/2017", "10:00:00.5", "2017-11-03 10:00:00", "2017-1", "P2W",
       "1,  2", '["1", 2]', "!")  # fmt: skip


def _form(case: Case) -> bool:
    cell, kind = case.cell(case.fault.field) or "", case.field(case.fault.field)
    spaced = cell.strip() != cell and (kind["type"] not in ("string", "any") or kind.get("format") == "binary")
    return case.mine and case.fault.rule == "type-error" and (cell in ODD or spaced)


def _header(case: Case) -> bool:
    """Both find the header wrong, or what frictionless reads under such a header."""
    header = any(f.table == case.fault.table and f.rule in LABELS for f in case.theirs)
    if case.fault.rule in LABELS:
        return header and case.told(*LABELS)
    return not case.mine and case.fault.row > 0 and case.told(*LABELS)


def _first_row(case: Case) -> bool:
    """What follows a first row of another width, where it stands for the header."""
    first = min((row.number for row in case.sheet.rows), default=0)
    headless = not case.sheet.dialect["header"]
    return headless and not case.mine and case.fault.row > first and case.told(*OF_ROWS, row=first)


def _blank_header(case: Case) -> bool:
    blank = not any(case.sheet.labels) and case.sheet.dialect["header"]
    return case.mine and case.fault.rule == "blank-header" and bool(blank)


def _spaces(case: Case) -> bool:
    spaced = any(label is not None and label != label.strip() for label in case.sheet.labels)
    return case.mine and case.fault.rule in LABELS and spaced


def _same_label(case: Case) -> bool:
    return "requires unique labels" in " ".join(f.field for f in case.theirs if f.table == case.fault.table)


def _part_header(case: Case) -> bool:
    return case.mine and case.fault.rule in LABELS and case.sheet.other_header


def _mark(case: Case) -> bool:
    """A byte-order mark at the beginning of a later part without a header is part of its first cell."""
    first = [row.number for row in case.sheet.rows if row.line == 1 and row.file != case.sheet.paths[0]]
    return case.sheet.bom and not case.mine and case.fault.row in first


def _quotes(case: Case) -> bool:
    """From the record of a stray or unclosed quote on, frictionless reads other records."""
    return case.before(QUOTES)


def _empty_file(case: Case) -> bool:
    """A table that has no header, and no rows."""
    return not case.mine and case.fault.rule == "source-error" and not (case.sheet.rows or case.sheet.dialect["header"])


def _null_part(case: Case) -> bool:
    """A reference of several fields, one of them missing."""
    names = case.fault.field.split(", ")
    return not case.mine and case.fault.rule == "foreign-key" and len(names) > 1 and any(map(case.empty, names))


def _text_key(case: Case) -> bool:
    names = case.key if case.fault.rule == "primary-key" else case.fault.field.split(", ")
    text = any(case.field(name).get("type") in ("duration", "geopoint") for name in names)
    rules = ("foreign-key",) if case.mine else ("primary-key", "unique-error")
    return case.fault.rule in rules and text


def _nul(case: Case) -> bool:
    return case.mine and case.fault.rule == "forbidden-character"


def _blank_missing(case: Case) -> bool:
    """A record of missing values that are not all empty."""
    blank = any(f == Fault("blank-row", case.fault.table, case.fault.row, "") for f in case.theirs)
    return blank and any(case.cells)


def _blank_empties(case: Case) -> bool:
    """A record of empty cells where these are values."""
    return case.mine and case.fault.rule == "blank-row" and not any(case.cells)


def _crash(case: Case) -> bool:
    """Frictionless fails on the package as a whole."""
    return any(f.rule == "crash" for f in case.theirs)


def _fields(case: Case) -> Iterator[Mapping[str, Any]]:
    return (field for sheet in case.made.sheets for field in sheet.schema["fields"])


def _constraints(case: Case, name: str) -> list[Any]:
    """What the fields give for a constraint."""
    return [field["constraints"][name] for field in _fields(case) if name in field.get("constraints", {})]


def _sniffed(case: Case) -> bool:
    left_out = {"encoding-error": "encoding", "incorrect-label": "dialect"}.get(case.fault.rule)
    return case.mine and left_out in case.sheet.more


def _null_sequence(case: Case) -> bool:
    null = case.sheet.dialect.get("nullSequence")
    return not case.mine and case.fault.rule == "type-error" and case.cell(case.fault.field) == null


def _terminator(case: Case) -> bool:
    return not case.mine and case.sheet.end not in ("\n", "\r\n")


def _comment(case: Case) -> bool:
    """A quoted cell that begins like a comment, a comment with a quote, a comment above the header."""
    char = case.sheet.dialect.get("commentChar")
    if not char:
        return False
    quoted = bool(case.cells) and case.cells[0].startswith(f'"{char}')
    before = [row.raw or "" for row in case.sheet.rows if row.number < case.fault.row]
    swallowed = any(raw.startswith(char) and raw.count('"') % 2 for raw in before)
    above = not case.mine and str(case.sheet.labels[0]).startswith(char)
    return above or (case.mine and (quoted or swallowed))


def _join(case: Case) -> bool:
    return case.mine and case.fault.rule == "incorrect-label" and len(case.sheet.dialect.get("headerRows", ())) > 1


def _bytes(case: Case) -> bool:
    return not case.mine and case.fault.rule == "byte-count" and case.sheet.parts > 1


def _unhashable(case: Case) -> bool:
    types = {case.field(name).get("type") for name in case.key}
    types |= {field.get("type") for field in _fields(case) if field.get("constraints", {}).get("unique")}
    told = case.fault.rule in ("crash", "unique-error", "primary-key")
    return _crash(case) and told and bool(types & {"object", "array", "list", "geojson"})


def _no_pattern(case: Case) -> bool:
    def compiles(pattern: str) -> bool:
        try:
            return bool(re.compile(pattern))
        except re.error:
            return False

    told = case.fault.rule in ("crash", "field-error")
    return _crash(case) and told and not all(map(compiles, _constraints(case, "pattern")))


def _json_schema(case: Case) -> bool:
    told = case.fault.rule in ("crash", "constraint-error")
    return _crash(case) and told and bool(_constraints(case, "jsonSchema"))


def _zones(case: Case) -> bool:
    zoned = any(cell.endswith("Z") for row in case.sheet.rows for cell in row.cells)
    times = any(field.get("type") == "datetime" for field in _fields(case))
    return times and zoned and (case.fault.rule == "crash" or (case.mine and case.fault.rule == "unique-error"))


def _nan(case: Case) -> bool:
    rule = "unique-error" if case.mine else "constraint-error"
    number = case.field(case.fault.field).get("type") == "number"
    return case.fault.rule == rule and number and (case.cell(case.fault.field) or "").lower() == "nan"


def _doubles(case: Case) -> bool:
    cell, number = case.cell(case.fault.field) or "", case.field(case.fault.field).get("type") == "number"
    return case.mine and case.fault.rule == "unique-error" and number and bool(re.search("[0-9]{16}", cell))


def _groups(case: Case) -> bool:
    field = case.field(case.fault.field)
    grouped = field.get("type") == "integer" and "groupChar" in field
    return not case.mine and case.fault.rule == "type-error" and grouped


def _case(case: Case) -> bool:
    loose = case.sheet.dialect.get("caseSensitiveHeader") is False
    return not case.mine and case.fault.rule == "incorrect-label" and loose


def _descriptor(case: Case) -> bool:
    """What is wrong with the descriptor; frictionless looks at the data, or finds nothing."""
    here = any(f.table == "datapackage.json" for f in case.ours) and not _crash(case)
    return here and (case.fault.table == "datapackage.json" or not case.mine)


REASONS: dict[str, tuple[str, Callable[[Case], bool]]] = {
    "row-told-once": ("a record with a fault of its own is judged no further", _follows),
    "left-out": ("a record with a fault of its own is no earlier one with the same key", _left_out),
    "not-whole": ("what refers to a table that could not be read whole is not judged", _not_whole),
    "no-value": ("a cell that is no value of its type is neither missing nor equal in keys", _no_value),
    "one-constraint": ("a cell breaks at most one constraint, and none where it is no value", _one_constraint),
    "required-key": ("a missing key that is required as well is one fault", _required_key),
    "primary-unique": ("a duplicate in a primary key that is unique as well is one fault", _primary_unique),
    "composite": ("in a primary key of several fields none may be missing", _composite),
    "unique-keys": ("frictionless does not check uniqueKeys", _unique_keys),
    "categories": ("frictionless does not check categories", _categories),
    "pattern": ("a pattern is XML Schema's, which the whole cell has to match, in ASCII", _pattern),
    "form": ("forms that only Python or frictionless knows; the list is in test_tabular_values_agree", _form),
    "header": ("a header with a fault is told in fewer words, and nothing is read under it", _header),
    "first-row": ("without a header the first row says how many columns there are", _first_row),
    "blank-header": ("a header without a label is none, not one of no columns", _blank_header),
    "label-spaces": ("the name of a column is what stands there, spaces too", _spaces),
    "same-label": ("a label that stands twice stops frictionless where columns are matched by name", _same_label),
    "part-header": ("each part has the header of the first", _part_header),
    "byte-order-mark": ("a mark at the beginning of a part is no text", _mark),
    "quotes": ("quotes that RFC 4180 does not know are faults, not text", _quotes),
    "empty-file": ("a file without a header and without rows is a table without rows", _empty_file),
    "null-part": ("a reference of which a part is missing refers to nothing", _null_part),
    "text-key": ("durations and points in keys are compared as text", _text_key),
    "nul": ("no text holds NUL", _nul),
    "sniffed": ("a delimiter or encoding that is not declared is not guessed", _sniffed),
    "null-sequence": ("frictionless ignores nullSequence", _null_sequence),
    "terminator": ("frictionless ignores lineTerminator", _terminator),
    "comment": ("a comment is a line that begins with the sign, whatever quotes it has; a header may follow", _comment),
    "join": ("parts of a label that are alike are joined like others", _join),
    "bytes": ("the size of several files is that of all their bytes", _bytes),
    "unhashable": ("frictionless fails on keys of lists and objects", _unhashable),
    "no-pattern": ("frictionless fails on a pattern that does not compile", _no_pattern),
    "json-schema": ("frictionless fails on jsonSchema", _json_schema),
    "zones": ("a datetime without a zone is one of UTC, and can be compared", _zones),
    "nan": ("NaN is equal to NaN, in keys and lists of values", _nan),
    "doubles": ("numbers are compared as they are published, as 64-bit floats", _doubles),
    "groups": ("version 2 gives integers a groupChar", _groups),
    "case": ("caseSensitiveHeader may be given as false in version 1", _case),
    "descriptor": ("a descriptor is held to its version, and its values to their fields", _descriptor),
    "blank-missing": ("missing values that are written out are no blank row", _blank_missing),
    "blank-empties": ("a row of empty cells is blank, whatever these mean", _blank_empties),
}
"""Why we part from frictionless, and of which faults a reason speaks."""


def parted(made: Made, ours: Counter[Fault], theirs: Counter[Fault]) -> Iterator[Case]:
    """The faults that only one of the two tells."""
    for mine, found in ((True, ours - theirs), (False, theirs - ours)):
        for fault in found:
            yield Case(made, fault, mine, ours, theirs)


def excuses(case: Case) -> list[str]:
    """The reasons that speak of a fault that only one tells."""
    return [name for name, (_, speaks) in REASONS.items() if speaks(case)]


def _one(**constraints: Any) -> dict[str, Any]:
    return {"type": "string", "constraints": constraints}


def _refers(*fields: str, resource: str | None = "t0", to: Sequence[str] = ("a",)) -> dict[str, Any]:
    reference = {"fields": list(to)} | ({} if resource is None else {"resource": resource})
    return {"foreignKeys": [{"fields": list(fields), "reference": reference}]}


UNIQUE: dict[str, Any] = {"constraints": {"unique": True}}
NUMBER: dict[str, Any] = {"type": "number", **UNIQUE}
PARENT = "a,b\n1,x\n2,y\n"
COMMENTS = {"commentChar": "#"}
EXAMPLES: list[tuple[str, list[Sheet]]] = [
    ("row-told-once", [sheet("a,b\nx\n", "integer", "integer")]),
    ("row-told-once", [sheet("a,b\n\n", "integer", "integer", primaryKey=["a"])]),
    ("left-out", [sheet("a,b\n1\n1,2\n", "integer", "integer", primaryKey=["a"])]),
    ("not-whole", [sheet("a,b\n1\n", "integer", "integer"), sheet("a\n2\n", "integer", name="t1", **_refers("a"))]),
    ("not-whole", [sheet("x\n1\n", "integer"), sheet("a\n2\n", "integer", name="t1", **_refers("a"))]),
    ("no-value", [sheet("a\nx\n", "integer", primaryKey=["a"])]),
    ("no-value", [sheet("a\n1_0\n10\n", {"type": "integer", **UNIQUE})]),
    ("one-constraint", [sheet("a\nxyz\n", _one(maxLength=1, enum=["a"]))]),
    ("required-key", [sheet("a,b\n,1\n", _one(required=True), "integer", primaryKey=["a"])]),
    ("primary-unique", [sheet("a\n1\n1\n", {"type": "integer", **UNIQUE}, primaryKey=["a"])]),
    ("composite", [sheet("a,b\n1,\n", "integer", "integer", primaryKey=["a", "b"])]),
    ("composite", [sheet("a,b\n1,\n1,\n", "integer", "integer", primaryKey=["a", "b"])]),
    ("unique-keys", [sheet("a,b\n1,2\n1,2\n", "integer", "integer", uniqueKeys=[["a", "b"]])]),
    ("categories", [sheet("a\nx\n", {"type": "string", "categories": ["y"]})]),
    ("pattern", [sheet("a\nab!\n", _one(pattern="a|b"))]),
    ("pattern", [sheet("a\n\u0663\n", _one(pattern=r"\d"))]),
    ("form", [sheet("a,b\n1_0,2017-2-3\n", "integer", "date")]),
    ("form", [sheet("a,b\n 7 ,1e999\n", "integer", "number")]),
    ("header", [sheet("a,c\n1,x\n", "integer", "integer")]),
    ("header", [sheet("b,a\n1,2\n", "integer", "integer")]),
    ("first-row", [sheet("1,2\nx\n", "integer", dialect={"header": False})]),
    ("blank-header", [sheet("\n1\n", "integer")]),
    ("label-spaces", [sheet("a ,b\n1,2\n", "integer", "integer")]),
    ("same-label", [sheet("a,a,b\n1,1,2\n", "integer", "integer", fieldsMatch="subset")]),
    ("part-header", [sheet("a,b\n1,2\n3,4\n", "integer", "integer", parts=2, other_header=True)]),
    ("byte-order-mark", [sheet("1,2\n3,4\n", "integer", "integer", bom=True, parts=2, dialect={"header": False})]),
    ("quotes", [sheet('a,b\n1,x"y\n', "integer", "string")]),
    ("quotes", [sheet('a,b\n1,"y\n2,x\nz,y\n', "integer", "string")]),
    ("quotes", [sheet('a,b\n1,"y""z"\n', "integer", "string", dialect={"doubleQuote": False})]),
    ("nul", [sheet("a,b\n1,x\0y\n", "integer", "string")]),
    ("empty-file", [sheet("", "integer", "string", dialect={"header": False})]),
    ("null-part", [sheet(PARENT, "integer", "string"),
                   sheet("c,a,b\nx,1,\n", {"name": "c", "type": "string"}, {"name": "a", "type": "integer"},
                         {"name": "b", "type": "string"}, name="t1", **_refers("a", "b", to=("a", "b")))]),
    ("text-key", [sheet("a\nP1D\nPT24H\n", {"type": "duration", **UNIQUE})]),
    ("text-key", [sheet("a\nP1D\n", "duration"), sheet("a\nPT24H\n", "duration", name="t1", **_refers("a"))]),
    ("sniffed", [sheet("a;b\n1;2\n", "integer", "integer", more={"dialect": None})]),
    ("sniffed", [sheet("a,b\n1,\u00e9\n", "integer", "string", encoding="latin-1", more={"encoding": None})]),
    ("null-sequence", [sheet("a,b\n1,-\n", "integer", "integer", dialect={"nullSequence": "-"})]),
    ("terminator", [sheet("a,b\n1,2\n", "integer", "integer", dialect={"lineTerminator": "|"})]),
    ("comment", [sheet('a,b\n"#1",x\n', "string", "integer", dialect=COMMENTS)]),
    ("comment", [sheet('a,b\n#c,"\n3,y\n', "string", "integer", dialect=COMMENTS)]),
    ("comment", [sheet("#c,d\na,b\n3,y\n", "string", "integer", dialect=COMMENTS)]),
    ("join", [sheet("a,b\na,x\n1,2\n", {"name": "a"}, {"name": "b x"}, dialect={"headerRows": [1, 2]})]),
    ("bytes", [sheet("a\n1\n2\n", "integer", parts=2, more={"bytes": 8})]),
    ("unhashable", [sheet("a\n[1]\n[1]\n", {"type": "array", **UNIQUE})]),
    ("no-pattern", [sheet("a\nx\n", _one(pattern="("))]),
    ("json-schema", [sheet("a\n[1]\n", {"type": "array", "constraints": {"jsonSchema": {"maxItems": 0}}})]),
    ("zones", [sheet("a\n2017-11-03T10:00:00Z\n2017-11-03T10:00:00\n", {"type": "datetime", **UNIQUE})]),
    ("zones", [sheet("a\n2017-11-03T10:00:00Z\n",
                     {"type": "datetime", "constraints": {"minimum": "2017-11-03T10:00:00"}})]),
    ("nan", [sheet("a\nNaN\nnan\n", NUMBER)]),
    ("nan", [sheet("a\nNaN\n", {"type": "number", "constraints": {"enum": ["NaN"]}})]),
    ("doubles", [sheet("a\n9007199254740992\n9007199254740993\n", NUMBER)]),
    ("groups", [sheet("a,b\n1.000,2\n", {"type": "integer", "groupChar": "."}, "integer")]),
    ("descriptor", [sheet("a\n1\n", "integer", primaryKey="a")]),
    ("descriptor", [sheet("a\n1\n", "integer", **_refers("a"))]),
    ("descriptor", [sheet("a\n1\n", {"type": "integer", "constraints": {"enum": ["x"]}})]),
    ("descriptor", [sheet("a\n1\n", "integer"), sheet("a\n1\n", "string", name="t1", **_refers("a"))]),
    ("blank-missing", [sheet("a,b\nNA,NA\n", "integer", "integer", missingValues=["NA"])]),
    ("blank-empties", [sheet("a,b\n,\n", "string", "string", missingValues=["NA"])]),
]  # fmt: skip
"""For each reason packages that show it."""

OF_V1 = [("case", [sheet("A,b\n1,2\n", "integer", "integer", dialect={"caseSensitiveHeader": False})])]


@pytest.mark.parametrize(("reason", "sheets"), [*EXAMPLES, *OF_V1], ids=[name for name, _ in [*EXAMPLES, *OF_V1]])
def test_each_reason_is_one(reason: str, sheets: list[Sheet]) -> None:
    """In its example it speaks of a fault that only one tells, and no fault there is without a reason."""
    made = Made(v2=reason != "case", sheets=sheets)
    _, mine, other = judged(made)
    found = [excuses(case) for case in parted(made, mine, other)]
    assert any(reason in names for names in found), (mine, other)
    assert all(found), (mine, other)


@pytest.mark.parametrize(
    ("text", "parts", "expected"),
    [
        ('a"b\n"x\n', 1, [(1, "stray-quote"), (2, "unclosed-quote")]),
        ("1\n2\n3,4\n5\n", 2, [(1, "extra-cell")]),
    ],
)
def test_files_without_a_header(text: str, parts: int, expected: list[tuple[int, str]]) -> None:
    """Files whose rows were all faulty passed as valid; one wide row at the top of a later part hid all that part."""
    made = Made(v2=True, sheets=[sheet(text, "integer", parts=parts, dialect={"header": False})])
    report, _, _ = judged(made)
    assert [(p.line, p.rule) for p in report.problems] == expected
    assert report.rows == {"t0": len(text.splitlines())}


def test_a_reference_to_a_table_without_header_and_rows_is_judged() -> None:
    """It was held back for good, and the package passed as valid."""
    target = sheet("", "integer", dialect={"header": False})
    report, _, _ = judged(Made(v2=True, sheets=[target, sheet("a\n1\n", "integer", name="t1", **_refers("a"))]))
    assert [(p.file, p.line, p.rule) for p in report.problems] == [("t1.csv", 2, "foreign-key")]


def test_no_reason_is_idle() -> None:
    assert set(REASONS) == {name for name, _ in [*EXAMPLES, *OF_V1]}


@settings(derandomize=True, deadline=None, max_examples=100, database=None)
@given(packages())
def test_what_is_valid_by_construction_is_valid(made: Made) -> None:
    """No error and no warning, and every row is counted."""
    report, _, other = judged(made)
    assert report.problems == ()
    assert report.rows == {sheet.name: len(sheet.rows) for sheet in made.sheets}
    assert not other


@settings(derandomize=True, deadline=None, max_examples=200, database=None)
@given(broken_packages())
def test_faults_are_told_by_both_but_for_the_reasons(made: Made) -> None:
    _, mine, other = judged(made)
    without = [case.fault for case in parted(made, mine, other) if not excuses(case)]
    assert not without, (without, mine, other)

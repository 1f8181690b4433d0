"""The one source of truth: `schemas/*.yaml` read into one frozen `Schema`.

The YAML is Frictionless Table Schema (https://datapackage.org/standard/table-schema/), with two abbreviations, `use:`
(take a shared field) and `references:` (a foreign key, or a code list), and three annotations, `edtf`, `unit` and
`claim_required`. Everything else that the project knows of a column (pandera, Arrow, DuckDB, the Frictionless
descriptor, the codebook) is derived from here in memory; see `dialects.py`. What the loader does not know, it refuses,
and it reports every fault that it finds, not the first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from graphlib import TopologicalSorter
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bastions.problems import visible

TYPES = ("string", "integer", "number", "boolean", "date", "time")
"""The types of the columns of `schemas/`; `dialects.TYPES` knows all of Table Schema's."""

KINDS = {
    "record": "one of the seven kinds of record",
    "attachment": "what is attached to records",
    "evidence": "what was said, and what it asserts",
    "bookkeeping": "what was looked for, and what was removed",
    "seed": "how a document was worked through, and what was waived; checked with the data, not published",
    "derived": "made by the release from the other tables and from `schemas/`",
}
COMPUTED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "coder": ("kind",),
        "comparator": ("lower", "upper", "point"),
        "measure": ("dimension",),
        "unit": ("dimension", "factor"),
        "value_origin": ("digits",),
    }
)
"""Attributes that the program itself computes with: each code of these lists has them. `factor` is a number."""

MATCHES = ("exact", "close", "broad", "narrow")


FAULT_LIMIT = 10_000
"""Characters of a fault."""


class SchemaError(ValueError):
    """`schemas/` says something that the loader does not know or that contradicts itself.

    Attributes:
        faults: Every fault found, each as `file: key: what is wrong` in one line that a terminal can show.
    """

    def __init__(self, faults: list[str]):
        self.faults = [visible(fault, FAULT_LIMIT) for fault in faults]
        super().__init__("\n".join(self.faults))


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """How one of our codes relates to a code of another system; `match` is SKOS's, seen from ours to theirs."""

    system: str
    code: str
    match: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Code:
    """One code: what a cell holds, its name for people, when it is chosen, and facts that rules compute with."""

    code: str
    label: str
    definition: str
    attributes: Mapping[str, str]
    crosswalk: tuple[Crosswalk, ...]


@dataclass(frozen=True, slots=True)
class Attribute:
    """A fact that a code list states about its codes; `values` closes it, when given."""

    name: str
    description: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CodeList:
    """One file of `schemas/codes/`."""

    name: str
    title: str
    description: str
    attributes: tuple[Attribute, ...]
    codes: Mapping[str, Code]


@dataclass(frozen=True, slots=True)
class Constraints:
    """Table Schema constraints, under the specification's names.

    Bounds and the items of `enum` are values of the column's type; `pattern` is a full match. In `schemas/`, `enum`
    comes from a code list, and what is `unique` is a key.
    """

    required: bool = False
    unique: bool = False
    minimum: Any = None
    maximum: Any = None
    exclusiveMinimum: Any = None  # noqa: N815 (the specification's name)
    exclusiveMaximum: Any = None  # noqa: N815
    minLength: int | None = None  # noqa: N815
    maxLength: int | None = None  # noqa: N815
    pattern: str | None = None
    enum: tuple[Any, ...] | None = None
    jsonSchema: Mapping[str, Any] | None = None  # noqa: N815


@dataclass(frozen=True, slots=True)
class Field:
    """One column.

    Attributes:
        edtf: `date` where the cell holds an EDTF date, `end` where `..` alone is allowed too (still going on).
        unit: The unit of the numbers, in words.
        codes: The code list of the values.
        claim_required: Whether every value must be backed by a claim.
        derived_from: For the `_earliest` and `_latest` columns of the release, the EDTF column that they come from.
        format: Table Schema's `format`; the tables of `schemas/` have the default alone.
        options: How values are written, by Table Schema's names: `decimalChar`, `groupChar`, `bareNumber`,
            `trueValues`, `falseValues`, and of a list `delimiter` and `itemType`; only what is given.
        missing: The cells that stand for no value.
        categories: The values that Table Schema's `categories` allow.
    """

    name: str
    type: str
    description: str
    title: str | None = None
    constraints: Constraints = Constraints()
    edtf: str | None = None
    unit: str | None = None
    codes: CodeList | None = None
    claim_required: bool = False
    derived_from: str | None = None
    format: str = "default"
    options: Mapping[str, Any] = field(default_factory=dict)
    missing: tuple[str, ...] = ("",)
    categories: tuple[Any, ...] | None = None


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """`fields` of this table hold a key, `target_fields`, of `table`; a key with an empty part refers to nothing."""

    fields: tuple[str, ...]
    table: str
    target_fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its columns in order, its key, what it refers to, and the pattern of the files that hold it."""

    name: str
    title: str
    description: str
    kind: str
    fields: tuple[Field, ...]
    primary_key: tuple[str, ...]
    foreign_keys: tuple[ForeignKey, ...] = ()
    files: str = ""
    unique_keys: tuple[tuple[str, ...], ...] = ()

    def __getitem__(self, name: str) -> Field:
        """The column of that name; `KeyError` where there is none."""
        for column in self.fields:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name}")

    def __contains__(self, name: object) -> bool:
        return any(column.name == name for column in self.fields)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(column.name for column in self.fields)

    @property
    def key(self) -> str:
        """The single key column of a table of `data/` or `seeds/`."""
        (name,) = self.primary_key
        return name

    def published(self) -> Table:
        """The table as the release holds it: each EDTF column followed by the days that it can at most mean."""
        columns: list[Field] = []
        for column in self.fields:
            columns.append(column)
            if column.edtf:
                words = (("earliest", "First"), ("latest", "Last"))
                columns += [
                    Field(
                        f"{column.name}_{end}",
                        "date",
                        f"{word} day that `{column.name}` can mean; empty where it is empty or open on that side.",
                        derived_from=column.name,
                    )
                    for end, word in words
                ]
        return replace(self, fields=tuple(columns))


@dataclass(frozen=True)
class Schema:
    """Everything that `schemas/` says: the package, its tables, its code lists.

    Attributes:
        root: The folder that holds `schemas/`.
        package: `package.yaml`: `name`, `title`, `description`, `version`, `licenses`, `contributors`, `keywords`.
        all_tables: Every table by name, in the order of their kinds and within a kind as references allow.
        code_lists: Every code list by name; `table`, the list of the tables themselves, is derived.
    """

    root: Path
    package: Mapping[str, Any]
    all_tables: Mapping[str, Table]
    code_lists: Mapping[str, CodeList]

    def _of(self, *kinds: str) -> Mapping[str, Table]:
        return MappingProxyType({name: t for name, t in self.all_tables.items() if t.kind in kinds})

    @cached_property
    def tables(self) -> Mapping[str, Table]:
        """The tables of `data/`."""
        return self._of("record", "attachment", "evidence", "bookkeeping")

    @cached_property
    def subjects(self) -> Mapping[str, Table]:
        """The tables that a claim can be about: records, and what is attached to them."""
        return self._of("record", "attachment")

    @cached_property
    def seeds(self) -> Mapping[str, Table]:
        """The tables that are checked with the data and not published: `ledger`, `waivers`."""
        return self._of("seed")

    @cached_property
    def derived(self) -> Mapping[str, Table]:
        """The tables that the release adds."""
        return self._of("derived")

    def parts(self, table: str) -> list[Path]:
        """The files that hold a table, sorted: `data/<table>/*.csv`, or as the table's `files` says."""
        return sorted(self.root.glob(self.all_tables[table].files))

    def load_order(self) -> list[str]:
        """The published tables such that each stands after those that it refers to (itself not counted)."""
        published = {**self.tables, **self.derived}
        graph = {
            name: {fk.table for fk in table.foreign_keys if fk.table != name and fk.table in published}
            for name, table in published.items()
        }
        # Sources name their publisher, claims their source: cycles between tables would need a key left out.
        sorter = TopologicalSorter({name: sorted(graph[name]) for name in sorted(graph)})
        return list(sorter.static_order())

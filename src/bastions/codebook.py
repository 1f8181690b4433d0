"""The codebook: every table, column, code, rule and view of `schemas/` as one page of Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bastions import views
from bastions.schema import KINDS, CodeList, Field, Schema, Table


def render(schema: Schema, release: bool = False) -> str:
    """The codebook of a schema, as Markdown.

    Args:
        schema: What to describe.
        release: Whether for a release: then its own tables alone, with the columns that it adds.
    """
    package = schema.package
    tables = [t.published() if release else t for t in schema.all_tables.values() if not (release and t.kind == "seed")]
    made = "Made by `bastions fmt` from the files of this folder; edit those, not this page."
    parts = [
        f"# {package['title']}: the codebook",
        "",
        f"Version {package['version']}. Each table is in `parquet/`, in `csv/` and in `bastions.duckdb`."
        if release
        else made,
        "",
        package["description"],
        "",
        "- [Tables](#tables)",
        *(f"  - [`{table.name}`](#{table.name})" for table in tables),
        "- [Views](#views)",
        "- [Code lists](#code-lists)",
        "",
        "An empty cell means: not stated. Dates are EDTF (ISO 8601-2); the release adds to each the first and last day "
        "that it can mean, as `<column>_earliest` and `<column>_latest`. Columns marked **claim** must be backed by a "
        "claim, cell by cell.",
        "",
        "## Tables",
        "",
    ]
    for kind, meaning in KINDS.items():
        for table in tables:
            if table.kind == kind:
                parts += _table(table, meaning, release)
    parts += ["## Views", ""]
    for view in views.load(schema):
        call = f"{view.name}({', '.join(view.parameters)})" if view.parameters is not None else view.name
        parts += [f"### `{call}`", "", view.description, ""]
        parts += _grid(("column", "description"), ((f"`{name}`", cell(text)) for name, text in view.columns.items()))
    parts += ["## Code lists", ""]
    for codes in schema.code_lists.values():
        parts += _codes(codes)
    return "\n".join(parts).rstrip() + "\n"


def cell(text: str) -> str:
    """Text as it can stand in a cell of a Markdown table."""
    return re.sub(r"([|<>])", r"\\\1", " ".join(text.split()))


def _grid(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    lines = ["| " + " | ".join(header) + " |", "|" + " --- |" * len(header)]
    return [*lines, *("| " + " | ".join(row) + " |" for row in rows), ""]


def _table(table: Table, kind: str, release: bool) -> list[str]:
    key = ", ".join(f"`{name}`" for name in table.primary_key)
    where = "" if release else f" In {f'`{table.files}`' if table.files else 'the release'}."
    head = [f"### `{table.name}`", "", table.description, "", f"Kind: {kind}. Key: {key}.{where}", ""]
    targets = {fk.fields: fk for fk in table.foreign_keys}
    rows = []
    for column in table.fields:
        notes = _notes(column)
        for fields, fk in targets.items():
            if fields[-1] == column.name:
                pair = "" if len(fields) == 1 else f" with `{fields[0]}`"
                notes.append(f"→ [`{fk.table}`](#{fk.table}){pair}")
        rows.append((f"`{column.name}`", column.type, cell(column.description), "; ".join(notes)))
    return head + _grid(("column", "type", "description", "constraints"), rows)


def _notes(column: Field) -> list[str]:
    limits = column.constraints
    notes = ["required"] if limits.required else []
    if column.claim_required:
        notes.append("**claim**")
    if column.codes:
        notes.append(f"codes [`{column.codes.name}`](#codes-{column.codes.name})")
    if column.edtf:
        notes.append("EDTF" + (" or `..`" if column.edtf == "end" else ""))
    if column.unit:
        notes.append(f"in {column.unit}s" if column.unit not in ("metre", "degree") else f"in {column.unit}")
    if limits.pattern:
        notes.append(f"`{cell(limits.pattern)}`")
    for name, sign in (("minimum", "≥"), ("maximum", "≤"), ("minLength", "length ≥"), ("maxLength", "length ≤")):
        if (limit := getattr(limits, name)) is not None:
            notes.append(f"{sign} {limit}")
    return notes


def _codes(codes: CodeList) -> list[str]:
    head = [f'### <a id="codes-{codes.name}"></a>`{codes.name}`: {codes.title}', "", codes.description, ""]
    for attribute in codes.attributes:
        values = f" ({', '.join(attribute.values)})" if attribute.values else ""
        head.append(f"- `{attribute.name}`: {attribute.description}{values}")
    if codes.attributes:
        head.append("")
    names = [attribute.name for attribute in codes.attributes]
    walks = any(code.crosswalk for code in codes.codes.values())
    rows = []
    for code in codes.codes.values():
        row = [f"`{code.code}`", cell(code.label), cell(code.definition)]
        row += [cell(code.attributes.get(name, "")) for name in names]
        if walks:
            row.append(", ".join(f"{w.system} {cell(w.code)} ({w.match})" for w in code.crosswalk))
        rows.append(tuple(row))
    return head + _grid(("code", "label", "definition", *names, *(["crosswalk"] if walks else [])), rows)

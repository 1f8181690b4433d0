"""A Table Schema, out of a descriptor, as a `schema.Table`.

What the specification forbids was told by `validation.descriptor` before; here it is decided how much of a faulty
schema is still of use, and refused what the specification allows and no table can hold. A column whose type cannot be
told is read as text without constraints (`any`), so that a slip in one field does not hide the faults of the others.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from bastions import patterns
from bastions.schema import Constraints, Field, ForeignKey, Table
from bastions.tabular.descriptor.findings import Finding, Known, name_fault
from bastions.tabular.fields import json_schema, values
from bastions.validation.descriptor.faults import at, shown
from bastions.validation.descriptor.values import CONSTRAINTS, ITEM_TYPES

ITEM_LIMIT = 100
"""Values of one list that are told to be no values of the field."""
OPTION_LIMIT = 100
"""Characters of what stands between digits or items."""
VALUE_LIMIT = 10_000
"""Characters of a bound, a category or an item of `enum`, of types other than text."""
KEY_LIMIT = 1_000
"""Unique and foreign keys of a table; each is a pass over the table."""

MATCHES = ("exact", "equal", "subset", "superset", "partial")

_OPTIONS: Mapping[str, tuple[str, ...]] = {
    "number": ("decimalChar", "groupChar", "bareNumber"),
    "integer": ("groupChar", "bareNumber"),
    "boolean": ("trueValues", "falseValues"),
    "list": ("delimiter", "itemType"),
}
"""How values of a type are written, beside its `format`."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A schema as far as it could be read.

    Attributes:
        table: Without its foreign keys, which the other tables have a say in.
        matching: How the labels of the file must match the fields.
        loose: The columns of which not even the type is known; they are `any` here.
        foreign_keys: Where each stands, and what it says.
    """

    table: Table
    matching: str
    loose: frozenset[str]
    foreign_keys: tuple[tuple[str, ForeignKey], ...]


def read(name: str, resource: Mapping[str, Any], path: str, known: Known) -> Reading | None:
    """The table of a resource whose schema is an object at the pointer `path`; `None` for one that is of no use."""
    schema = resource["schema"]
    raw = schema.get("fields")
    missing = _missing(schema)
    if not isinstance(raw, list) or not raw:
        known.add(at(path, "fields"), "is an empty list", "Give a field for each column.")
        return None
    if missing is None or not _names_usable(raw, path, known):
        return None
    fields = [_field(item, at(path, "fields", i), missing, known) for i, item in enumerate(raw)]
    loose = frozenset(one.name for one, sure in fields if not sure)
    matching = schema.get("fieldsMatch", "exact")
    if isinstance(matching, list) and len(matching) == 1:
        matching = matching[0]
    table = Table(
        name,
        _text(resource, "title") or _text(schema, "title"),
        _text(resource, "description") or _text(schema, "description"),
        "package",
        tuple(one for one, _ in fields),
        (),
    )
    names = frozenset(table.names) - loose
    table = replace(
        table,
        primary_key=_key(schema.get("primaryKey"), names) or (),
        unique_keys=_unique_keys(schema, names, path, known),
    )
    # With a rule for the header that nobody knows, whatever can be matched by name is looked at.
    matching = matching if isinstance(matching, str) and matching in MATCHES else "partial"
    return Reading(table, matching, loose, tuple(_foreign_keys(schema, name, names, path, known)))


def _text(holder: Mapping[str, Any], name: str) -> str:
    value = holder.get(name)
    return value if isinstance(value, str) else ""


def _names_usable(raw: list[Any], path: str, known: Known) -> bool:
    """Whether each field has a name of its own that a column can have."""
    seen: dict[str, int] = {}
    good = True
    for i, item in enumerate(raw):
        name = item.get("name") if isinstance(item, dict) else None
        here = at(path, "fields", i, "name")
        if not isinstance(name, str):
            good = False  # the specification's to tell
            continue
        if not name:
            known.add(here, "is empty", "Give the field the name of its column.")
        elif wrong := name_fault(name, "\t\n\r"):  # which the headers of real files hold
            known.add(here, f"{shown(name)} {wrong}", "Rename the column, in the file as well.")
        elif name in seen:
            known.add(
                here, f"the name {shown(name)} stands twice; the first is {at(path, 'fields', seen[name], 'name')}"
            )
        else:
            seen[name] = i
            continue
        good = False
    return good


def _missing(holder: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The cells that stand for no value; `None` where they cannot be told."""
    values = holder.get("missingValues", [""])
    if not isinstance(values, list):
        return None
    texts = [item.get("value") if isinstance(item, dict) else item for item in values]
    known = [text for text in texts if isinstance(text, str)]
    return tuple(dict.fromkeys(known)) if len(known) == len(texts) else None


def _field(raw: Mapping[str, Any], path: str, usual: tuple[str, ...], known: Known) -> tuple[Field, bool]:
    """A field, and whether its type and the way in which it is written are known."""
    # Without a type a field is of type any; before v2 it was a string.
    kind = raw.get("type", "any" if known.v2 else "string")
    missing = _missing(raw) if "missingValues" in raw else usual
    names = _OPTIONS.get(kind, ()) if isinstance(kind, str) else ()
    loose = Field(raw["name"], "any", _text(raw, "description"), _text(raw, "title") or None, missing=missing or usual)
    decisive = ["type", "format", *(name for name in names if name != "itemType")]
    if missing is None or any(known.bad(at(path, name)) for name in decisive):
        return loose, False
    form = raw.get("format", "default")
    made = replace(
        loose,
        type=kind,
        format=form if known.v2 else form.removeprefix("fmt:"),  # of v0
        options={name: _frozen(raw[name]) for name in names if name in raw and _option(name, raw[name])},
        missing=missing,
    )
    long = [name for name, value in made.options.items() if isinstance(value, str) and len(value) > OPTION_LIMIT]
    refused = f"`{long[0]}` has more than {OPTION_LIMIT} characters" if long else values.refusal(made)
    if refused:
        known.found.append(Finding(path, refused))
        return loose, False
    constraints = Constraints(**dict(_constraints(made, raw, at(path, "constraints"), known)))
    return replace(
        made, constraints=constraints, categories=_categories(made, raw, at(path, "categories"), known)
    ), True


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _option(name: str, value: Any) -> bool:
    """Whether an option says something: a `groupChar` that is empty is none."""
    return value in ITEM_TYPES if name == "itemType" else (name, value) != ("groupChar", "")


def _constraints(made: Field, raw: Mapping[str, Any], path: str, known: Known) -> Iterator[tuple[str, Any]]:
    """The constraints that can be checked, their values as those of the column."""
    given = raw.get("constraints")
    for name, value in given.items() if isinstance(given, dict) else ():
        here = at(path, name)
        if name not in CONSTRAINTS or known.bad(here):
            continue
        if name == "pattern" and (wrong := patterns.fault(value)):
            known.add(here, f"{shown(value)} {wrong}", "Write it another way, or leave it out.")
        elif name == "jsonSchema" and (wrong := _json_schema_fault(value, known)):
            known.add(here, wrong, "Mend it, or leave it out.")
        elif name in ("required", "unique", "pattern", "jsonSchema"):
            yield name, value
        elif name in ("minLength", "maxLength"):
            yield name, int(value)
        elif name == "enum":
            allowed = _parsed(made, [(at(here, i), item) for i, item in enumerate(value)], known)
            if allowed is not None:
                yield name, allowed
        elif parsed := _parsed(made, [(here, value)], known):
            yield name, parsed[0]


def _json_schema_fault(schema: dict[str, Any], known: Known) -> str | None:
    """Why values cannot be judged by a JSON Schema; each is looked at once, and only so many."""
    text = json.dumps(schema)
    if text not in known.json_schemas and len(text) <= json_schema.LENGTH:
        if known.looked_at + len(text) > json_schema.TOTAL:
            return f"is beyond the {json_schema.TOTAL:,} characters that are read of all JSON Schemas of a package"
        known.looked_at += len(text)
        known.json_schemas[text] = json_schema.fault(schema)
    return known.json_schemas[text] if text in known.json_schemas else json_schema.fault(schema)


def _categories(made: Field, raw: Mapping[str, Any], path: str, known: Known) -> tuple[Any, ...] | None:
    """The values that `categories` allow; `None` where there are none or they cannot be told."""
    harmless = ("field.categories-label", "field.categories-unique", "field.categories-enum")
    if "categories" not in raw or known.bad(path, *harmless):
        return None
    steps = [(at(path, i), item) for i, item in enumerate(raw["categories"])]
    return _parsed(
        made, [(at(s, "value"), item["value"]) if isinstance(item, dict) else (s, item) for s, item in steps], known
    )


def _parsed(made: Field, given: list[tuple[str, Any]], known: Known) -> tuple[Any, ...] | None:
    """Values of a descriptor as those of the column; `None` and findings where some are none."""
    texts = [_as_text(made, value) for _, value in given]
    if made.type not in ("string", "any"):
        for (path, _), text in zip(given, texts, strict=True):
            if text and len(text) > VALUE_LIMIT:
                known.add(path, f"has {len(text):,} characters; no more than {VALUE_LIMIT:,} are read")
                return None
    cells = pl.Series(texts, dtype=pl.String)
    typed = values.read(made, cells)  # all at once: a list can have a hundred thousand
    sure = typed.is_not_null() & ~values.inexact(made, cells, typed)
    good, bad = [], 0
    for (path, value), read, usable in zip(given, typed, sure, strict=True):
        if usable:
            good.append(read)
        elif bad < ITEM_LIMIT:
            try:
                good.append(values.parse(made, value))
            except ValueError as error:
                bad += 1
                known.add(path, str(error)[:1_000], "Write it as a cell of the column would be.")
        else:
            message = f"holds more than {ITEM_LIMIT:,} values that are none of the field; those beyond are not told"
            known.found.append(Finding(path.rpartition("/")[0], message))
            break
    return tuple(dict.fromkeys(good)) if not bad else None


def _as_text(made: Field, value: Any) -> str | None:
    """A value as a cell of the column, where it can be written as one without a doubt."""
    if isinstance(value, dict | list) and made.type in ("object", "array", "geojson", "geopoint"):
        return json.dumps(value, ensure_ascii=False)
    return value if isinstance(value, str) else None


def _key(value: Any, names: frozenset[str]) -> tuple[str, ...] | None:
    """The fields of a key; `None` where it is none, or one that cannot be judged."""
    fields = [value] if isinstance(value, str) else value
    if not isinstance(fields, list) or not fields or not all(isinstance(name, str) for name in fields):
        return None
    return tuple(fields) if names.issuperset(fields) else None


def _listed(schema: Mapping[str, Any], name: str, path: str, known: Known) -> list[Any]:
    """The keys of one kind; a finding where they are too many."""
    given = schema.get(name)
    if not isinstance(given, list):
        return []
    if len(given) > KEY_LIMIT:
        message = f"has {len(given):,} keys; no more than {KEY_LIMIT:,} are checked"
        known.add(at(path, name), message, "Take out those that are no keys.")
    return given[:KEY_LIMIT]


def _unique_keys(
    schema: Mapping[str, Any], names: frozenset[str], path: str, known: Known
) -> tuple[tuple[str, ...], ...]:
    """The unique keys that can be judged, each once."""
    keys = [_key(value, names) for value in _listed(schema, "uniqueKeys", path, known)]
    return tuple(dict.fromkeys(key for key in keys if key))


def _foreign_keys(
    schema: Mapping[str, Any], own: str, names: frozenset[str], path: str, known: Known
) -> Iterator[tuple[str, ForeignKey]]:
    """The foreign keys that can be judged as far as this table goes, and where each stands."""
    for i, value in enumerate(_listed(schema, "foreignKeys", path, known)):
        reference = value.get("reference") if isinstance(value, dict) else None
        if not isinstance(reference, dict):
            continue
        fields, target, others = (
            _key(value.get("fields"), names),
            reference.get("resource", ""),
            reference.get("fields"),
        )
        others = [others] if isinstance(others, str) else others
        if not isinstance(others, list) or not all(isinstance(name, str) for name in others):
            continue
        if fields and isinstance(target, str) and len(others) == len(fields):
            yield at(path, "foreignKeys", i), ForeignKey(fields, target or own, tuple(others))

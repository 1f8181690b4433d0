"""The schema of a table: its keys, its missing values and its fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .faults import JSON_TYPES, Faults, at, json_type, same, shown
from .values import (
    BOUNDS,
    CONSTRAINTS,
    DIRECTIVE,
    FORMAT_LIMIT,
    FORMATS,
    ITEM_TYPES,
    TEMPORAL,
    TYPES,
    castable,
    foreign_regex,
)

_Resources = Mapping[str, dict[str, Any]]


def check_schema(faults: Faults, path: str, resource: dict[str, Any], tables: _Resources) -> None:
    """Checks the schema of a resource, an object that lies at `path`.

    Args:
        faults: Where faults are put.
        path: Pointer of the schema.
        resource: The resource.
        tables: The resources of the package, by name, to which foreign keys may refer.
    """
    schema = resource["schema"]
    if faults.required("schema.fields", path, schema, "fields", "array"):
        fields = [(at(path, "fields", i), field) for i, field in enumerate(schema["fields"])]
        faults.not_empty(at(path, "fields"), schema["fields"])
        good = [(step, f) for step, f in fields if faults.is_a("field.object", step, f, "object")]
        for step, field in good:
            _field(faults, step, field)
        named = [(at(step, "name"), f["name"]) for step, f in good if isinstance(f.get("name"), str)]
        faults.unique("field.name-unique", "the name", named)
    if "fieldsMatch" in schema:
        value = schema["fieldsMatch"]
        hint = "The text of the specification wants a string, its 2.0 profile a list: best leave it out."
        if value not in ("exact", "equal", "subset", "superset", "partial"):
            faults.add("schema.fieldsMatch", at(path, "fieldsMatch"), f"is {shown(value)}", hint)
    _missing_values(faults, path, schema)
    names = faults.names(schema)
    if "primaryKey" in schema:
        _key(
            faults, "schema.primaryKey", "schema.primaryKey-fields", at(path, "primaryKey"), schema["primaryKey"], names
        )
    if faults.optional("schema.uniqueKeys", path, schema, "uniqueKeys", "array"):
        if not schema["uniqueKeys"]:
            faults.add("schema.uniqueKeys", at(path, "uniqueKeys"), "is an empty list")
        for i, key in enumerate(schema["uniqueKeys"]):
            here = at(path, "uniqueKeys", i)
            if faults.is_a("schema.uniqueKey", here, key, "array"):
                _key(faults, "schema.uniqueKey", "schema.uniqueKey-fields", here, key, names)
    if faults.optional("schema.foreignKeys", path, schema, "foreignKeys", "array"):
        for i, key in enumerate(schema["foreignKeys"]):
            here = at(path, "foreignKeys", i)
            if faults.is_a("schema.foreignKey", here, key, "object"):
                _foreign_key(faults, here, key, resource, tables)


def _key(faults: Faults, requirement: str, of_fields: str, path: str, value: Any, names: frozenset[str]) -> int | None:
    """How many fields a key has; `None` and a fault where it is none."""
    if isinstance(value, str) and not faults.v2:
        steps = [(path, value)]
    elif faults.strings(requirement, path, value):
        steps = [(at(path, i), name) for i, name in enumerate(value)]
    else:
        return None
    if not steps and faults.v2:
        faults.add(requirement, path, "is an empty list")
    for step, name in steps:
        if names and name not in names:
            faults.add(of_fields, step, f"{name!r} is not a field there")
    return len(steps)


def _foreign_key(faults: Faults, path: str, key: dict[str, Any], resource: dict[str, Any], tables: _Resources) -> None:
    own = None
    if faults.required("schema.foreignKey", path, key, "fields"):
        of_fields = "schema.foreignKey-fields"
        own = _key(faults, of_fields, of_fields, at(path, "fields"), key["fields"], faults.names(resource["schema"]))
    if not faults.required("schema.foreignKey", path, key, "reference"):
        return
    here, reference = at(path, "reference"), key["reference"]
    if not faults.is_a("schema.reference", here, reference, "object"):
        return
    target: dict[str, Any] = resource
    if "resource" in reference:
        there, name = at(here, "resource"), reference["resource"]
        target = {}
        if not faults.is_a("schema.reference-resource", there, name, "string"):
            pass
        elif name in ("", resource.get("name")):
            faults.add("schema.reference-self", there, "refers to the table itself", "Leave `resource` out.")
            target = resource
        elif name not in tables:
            faults.add("schema.reference-resource", there, f"there is no resource {name!r}")
        else:
            target = tables[name]
    if not faults.required("schema.reference", here, reference, "fields"):
        return
    there, names = at(here, "fields"), faults.names(target.get("schema"))
    others = _key(faults, "schema.reference-fields", "schema.reference-targets", there, reference["fields"], names)
    if own is not None and others is not None and own != others:
        faults.add("schema.reference-fields", there, f"has {others} fields, the key {own}")


def _missing_values(faults: Faults, path: str, holder: dict[str, Any]) -> None:
    """Checks `missingValues` of a schema or field."""
    if not faults.optional("missingValues.array", path, holder, "missingValues", "array"):
        return
    items = [(at(path, "missingValues", i), item) for i, item in enumerate(holder["missingValues"])]
    types = {json_type(item) for _, item in items}
    if types <= {"string"}:
        faults.unique("missingValues.unique", "the value", items)
    elif types == {"object"}:
        for name in ("value", "label"):
            given = [(at(step, name), item[name]) for step, item in items if name in item]
            for pointer, text in given:
                faults.is_a(f"missingValues.{name}", pointer, text, "string")
            faults.unique("missingValues.unique", f"the {name}", given)
        for step, item in items:
            faults.required("missingValues.value", step, item, "value")
    else:
        what = " and ".join(JSON_TYPES[name] for name in sorted(types))
        faults.add("missingValues.array", at(path, "missingValues"), f"holds {what}")


def _field(faults: Faults, path: str, field: dict[str, Any]) -> None:
    faults.required("field.name", path, field, "name", "string")
    faults.texts("field.types", path, field, ("title", "description", "decimalChar", "groupChar", "delimiter"))
    faults.optional("field.types", path, field, "bareNumber", "boolean")
    for name in ("trueValues", "falseValues"):
        if name in field:
            faults.strings("field.types", at(path, name), field[name])
    _missing_values(faults, path, field)
    if faults.optional("field.rdfType", path, field, "rdfType", "string"):
        faults.formed("field.rdfType", path, field, "rdfType", r"[A-Za-z][A-Za-z0-9+.-]*:\S+", "is not a URI")
    # Without a type a field is of type any; before v2 it was a string.
    kind = field.get("type", "any" if faults.v2 else "string")
    if not faults.is_a("field.type", at(path, "type"), kind, "string"):
        return
    if kind not in TYPES:
        faults.add("field.type", at(path, "type"), f"there is no type {kind!r}", f"One of {', '.join(TYPES)}.")
        return
    if "format" in field and not (
        faults.is_a("field.format", at(path, "format"), field["format"], "string")
        and _format(faults, at(path, "format"), kind, field["format"])
    ):
        return  # nobody can tell what its values are
    if kind == "list" and "itemType" in field and field["itemType"] not in ITEM_TYPES:
        message = f"is {shown(field['itemType'])}"
        faults.add("field.itemType", at(path, "itemType"), message, f"One of {', '.join(ITEM_TYPES)}.")
    if faults.optional("field.categories", path, field, "categories", "array"):
        _categories(faults, at(path, "categories"), kind, field)
    faults.optional("field.categoriesOrdered", path, field, "categoriesOrdered", "boolean")
    if faults.optional("constraints.object", path, field, "constraints", "object"):
        _constraints(faults, at(path, "constraints"), kind, field)


def _format(faults: Faults, path: str, kind: str, value: str) -> bool:
    """Whether the type has this format; a fault where it has not."""
    if not faults.v2:
        value = value.removeprefix("fmt:")  # of v0
    known = ("default", *FORMATS.get(kind, ()))
    if value in known:
        return True
    if kind not in TEMPORAL:
        faults.add("field.format", path, f"a {kind} has no format {value!r}", f"One of {', '.join(known)}.")
    elif len(value) > FORMAT_LIMIT:
        faults.add("field.strptime", path, f"has {len(value):,} characters; no more than {FORMAT_LIMIT:,} are read")
    elif "%" not in value or "%" in DIRECTIVE.sub("", value):
        faults.add("field.strptime", path, f"{value!r} is neither `default`, `any` nor such a pattern")
    else:
        return True
    return False


def _categories(faults: Faults, path: str, kind: str, field: dict[str, Any]) -> None:
    given = [(at(path, i), item) for i, item in enumerate(field["categories"])]
    labelled = [(step, item) for step, item in given if isinstance(item, dict)]
    if labelled and len(labelled) < len(given):
        faults.add("field.categories", path, "mixes objects and values")
        return
    if labelled:
        labels = [(at(step, "label"), item["label"]) for step, item in labelled if "label" in item]
        for step, label in labels:
            faults.is_a("field.categories-label", step, label, "string")
        faults.unique("field.categories-unique", "the label", labels)
        good = [item for item in labelled if faults.required("field.categories", *item, "value")]
        given = [(at(step, "value"), item["value"]) for step, item in good]
    faults.unique("field.categories-unique", "the value", given)
    for step, item in given:
        # Compared with logical values, so that the text "1" is none of an integer field.
        if kind in ("string", "integer") and json_type(item) != kind:
            message = f"{shown(item)} is not a value of a field of type {kind}"
            faults.add("field.categories-values", step, message)
    constraints = field.get("constraints")
    allowed = constraints.get("enum") if isinstance(constraints, dict) else None
    if isinstance(allowed, list):
        # `enum` may write an integer as a string.
        known = {same(item) for _, item in given} | {str(item) for _, item in given if kind == "integer"}
        outside = [x for x in allowed if same(x) not in known and not (kind == "integer" and x in known)]
        if outside:
            message = f"{shown(outside[0])} in `constraints.enum` is not among the categories"
            faults.add("field.categories-enum", path, message)


def _constraints(faults: Faults, path: str, kind: str, field: dict[str, Any]) -> None:
    can_be = castable(field, kind)
    for name, value in field["constraints"].items():
        if name not in CONSTRAINTS:
            continue
        here = at(path, name)
        wanted, kinds = CONSTRAINTS[name]
        if name in BOUNDS and "type" not in field:
            faults.add("constraints.typed", here, "is given, and the field has no `type`")
        elif kind not in kinds:
            faults.add("constraints.fields", here, f"is given for a field of type {kind}")
        elif wanted and not faults.is_a("constraints.types", here, value, wanted):
            pass
        elif name in ("minLength", "maxLength") and value < 0:
            faults.add("constraints.types", here, f"is {value}; a length is not negative")
        elif name in BOUNDS and not can_be(value):
            faults.add("constraints.bound", here, f"{shown(value)} is not a value of type {kind}")
        elif name == "enum":
            faults.not_empty(here, value)
            for i, item in enumerate(value):
                if not can_be(item):
                    faults.add("constraints.enum", at(here, i), f"{shown(item)} is not a value of type {kind}")
        elif name == "pattern" and (foreign := foreign_regex(value)):
            faults.add("constraints.pattern", here, f"{value!r:.200} holds {foreign}")

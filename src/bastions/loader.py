"""Reads `schemas/*.yaml` strictly into a `Schema`: what it does not know it refuses, and it reports every fault."""

from __future__ import annotations

import re
from collections.abc import Mapping
from graphlib import CycleError
from pathlib import Path
from typing import Any

from bastions import strict_yaml
from bastions.problems import visible
from bastions.schema import (
    COMPUTED,
    KINDS,
    MATCHES,
    TYPES,
    Attribute,
    Code,
    CodeList,
    Constraints,
    Crosswalk,
    Field,
    ForeignKey,
    Schema,
    SchemaError,
    Table,
)


def load(root: Path | str = ".") -> Schema:
    """Reads `schemas/` below `root`.

    Args:
        root: The folder that holds `schemas/`.

    Returns:
        The frozen schema.

    Raises:
        SchemaError: Naming file and key of every fault.
        FileNotFoundError: If there is no `schemas/package.yaml` below `root`.
    """
    folder = Path(root) / "schemas"
    if not (folder / "package.yaml").is_file():
        raise FileNotFoundError(f"{folder / 'package.yaml'}: not found; this is not the folder of a Bastions dataset")
    return Loader(Path(root), folder).load()


_ATOMS: dict[type, str] = {str: "text", bool: "true or false", int: "a whole number", list: "a list", dict: "a mapping"}


def _shown(value: Any) -> str:
    return visible(repr(value), 200)


class Loader:
    """One pass over `schemas/`, collecting faults; `load` raises them together."""

    def __init__(self, root: Path, folder: Path):
        self.root, self.folder = root, folder
        self.faults: list[str] = []
        self.lists: dict[str, CodeList] = {}
        self.shared: dict[str, dict[str, Any]] = {}
        self.raw: dict[str, dict[str, Any]] = {}
        self.used_lists: set[str] = set()

    def load(self) -> Schema:
        """The schema, or every fault.

        Raises:
            SchemaError: If there is any.
        """
        self.check_files()
        package = self.package()
        for path in sorted((self.folder / "codes").glob("*.yaml")):
            if (found := self.code_list(path)) is not None:
                self.lists[found.name] = found
        self.read_tables()
        self.lists["table"] = CodeList(
            "table",
            "Tables",
            "The tables of `data/`; derived from their own files.",
            (),
            {
                name: Code(name, str(raw.get("title")), str(raw.get("description")), {}, ())
                for name, raw in self.raw.items()
                if raw.get("kind") not in ("seed", "derived")
            },
        )
        self.read_shared()
        tables = {name: self.table(name, raw, package) for name, raw in self.raw.items()}
        self.check_references(tables)
        self.check_lists()
        if self.faults:
            raise SchemaError(self.faults)
        order = list(KINDS)
        ranked = sorted(tables.values(), key=lambda t: (order.index(t.kind), t.name))
        schema = Schema(self.root, package, {t.name: t for t in ranked}, self.lists)
        try:
            schema.load_order()
        except CycleError as error:
            raise SchemaError([f"schemas: these tables refer to each other in a circle: {error.args[1]}"]) from None
        return schema

    # -- small readers -----------------------------------------------------------------------------------------------

    def check_files(self) -> None:
        """Nothing in `schemas/` is a link, or a pipe on which reading would wait for ever.

        Raises:
            SchemaError: If something is.
        """
        for path in sorted(self.folder.rglob("*")):
            if path.is_symlink() or not (path.is_file() or path.is_dir()):
                self.fault(path, "file", "is not a regular file")
        if self.faults:
            raise SchemaError(self.faults)

    def fault(self, path: Path, key: str, text: str) -> None:
        """Notes a fault of a file."""
        self.faults.append(f"{path.relative_to(self.root).as_posix()}: {key}: {text}")

    def read(self, path: Path) -> Any:
        """The content of a YAML file; None, and a fault, where it cannot be read."""
        try:
            return strict_yaml.read(path)
        except strict_yaml.NotRead as error:
            self.fault(path, f"line {error.line}" if error.line else "file", str(error))
            return None

    def mapping(
        self, path: Path, key: str, value: Any, allowed: Mapping[str, type], required: tuple[str, ...] = ()
    ) -> dict[str, Any]:
        """`value` as a mapping with only `allowed` keys, each of its type; what is wrong is reported and left out."""
        if not isinstance(value, dict):
            self.fault(path, key, f"expected a mapping with {', '.join(allowed)}")
            return {}
        good = {}
        for name, item in value.items():
            here = f"{key}.{name}" if key else str(name)
            if name not in allowed:
                self.fault(path, here, f"unknown key; known are {', '.join(allowed)}")
            elif not isinstance(item, allowed[name]) or (allowed[name] is int and isinstance(item, bool)):
                self.fault(
                    path, here, f"expected {_ATOMS.get(allowed[name], allowed[name].__name__)}, not {_shown(item)}"
                )
            elif item == "":
                self.fault(path, here, "is empty")
            else:
                good[name] = item
        for name in required:
            if name not in value:
                self.fault(path, f"{key}.{name}" if key else name, "is missing")
        return good

    def texts(self, path: Path, key: str, value: Any) -> list[str]:
        """`value` as a list of texts; what is none is reported and left out."""
        if not isinstance(value, list):
            self.fault(path, key, f"expected a list of texts, not {_shown(value)}")
            return []
        for item in value:
            if not isinstance(item, str):
                self.fault(path, key, f"{_shown(item)} is not text; put it in quotes")
        return [item for item in value if isinstance(item, str)]

    # -- package and codes -------------------------------------------------------------------------------------------

    def package(self) -> Mapping[str, Any]:
        """`package.yaml`."""
        path = self.folder / "package.yaml"
        texts = ("name", "title", "description", "version", "keyPattern")
        allowed: dict[str, type] = dict.fromkeys((*texts, "homepage", "default_policy"), str)
        allowed |= dict.fromkeys(("keywords", "licenses", "contributors"), list)
        package = self.mapping(path, "", self.read(path), allowed, (*texts, "licenses", "contributors"))
        if not re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]+", package.get("version", "0.0.0"), re.ASCII):
            self.fault(path, "version", f"{package['version']!r} is not a semantic version such as 1.0.0")
        self.pattern(path, "keyPattern", package.get("keyPattern"))
        return package

    def pattern(self, path: Path, key: str, pattern: str | None) -> None:
        """A pattern is run by Python, by polars and by DuckDB: only what all three read alike is let through."""
        if pattern is None:
            return
        try:
            re.compile(pattern)
        except re.error as error:
            self.fault(path, key, f"{pattern!r} is not a regular expression: {error}")
        if re.search(r"\\[A-Za-z0-9]|\(\?(?!:)|[*+?}][+]|&&|--|~~", pattern):
            self.fault(
                path, key, f"{pattern!r} uses \\d, \\w, \\s, an anchor, a flag, look-around or what engines differ in"
            )

    def code_list(self, path: Path) -> CodeList | None:
        """One file of `codes/`."""
        allowed = {"title": str, "description": str, "attributes": dict, "codes": dict}
        raw = self.mapping(path, "", self.read(path), allowed, ("title", "description", "codes"))
        attributes = []
        for name, about in raw.get("attributes", {}).items():
            if not isinstance(name, str) or name in ("label", "definition", "crosswalk"):
                self.fault(path, f"attributes.{name}", f"{_shown(name)} cannot be the name of an attribute")
                continue
            got = self.mapping(
                path, f"attributes.{name}", about, {"description": str, "values": list}, ("description",)
            )
            known = self.texts(path, f"attributes.{name}.values", got.get("values", []))
            attributes.append(Attribute(name, got.get("description", ""), tuple(known)))
        by_name = {a.name: a for a in attributes}
        codes = {}
        for code, about in raw.get("codes", {}).items():
            if not isinstance(code, str) or not code or code != code.strip():
                self.fault(path, f"codes.{code}", f"the code {code!r} is not text; put it in quotes")
                continue
            keys = {"label": str, "definition": str, "crosswalk": list} | dict.fromkeys(by_name, str)
            got = self.mapping(path, f"codes.{code}", about, keys, ("label", "definition"))
            values = {name: got[name] for name in by_name if name in got}
            for name, value in values.items():
                if by_name[name].values and value not in by_name[name].values:
                    self.fault(
                        path, f"codes.{code}.{name}", f"{value!r} is not one of {', '.join(by_name[name].values)}"
                    )
            walks = [
                self.crosswalk(path, f"codes.{code}.crosswalk[{i}]", item)
                for i, item in enumerate(got.get("crosswalk", ()))
            ]
            targets = [(w.system, w.code) for w in walks if w]
            if len(set(targets)) < len(targets):
                self.fault(path, f"codes.{code}.crosswalk", "leads to the same code twice")
            codes[code] = Code(
                code, got.get("label", ""), got.get("definition", ""), values, tuple(w for w in walks if w)
            )
        return CodeList(path.stem, raw.get("title", ""), raw.get("description", ""), tuple(attributes), codes)

    def crosswalk(self, path: Path, key: str, value: Any) -> Crosswalk | None:
        """One entry of a code's crosswalk."""
        names = ("system", "code", "match", "note")
        got = self.mapping(path, key, value, dict.fromkeys(names, str), names[:3])
        if not {"system", "code", "match"} <= got.keys():
            return None
        if got["match"] not in MATCHES:
            self.fault(path, f"{key}.match", f"{got['match']!r} is not one of {', '.join(MATCHES)}")
        return Crosswalk(got["system"], got["code"], got["match"], got.get("note"))

    # -- fields and tables -------------------------------------------------------------------------------------------

    FIELD: Mapping[str, type] = {
        "name": str,
        "type": str,
        "title": str,
        "description": str,
        "references": str,
        "edtf": str,
        "unit": str,
        "claim_required": bool,
        "constraints": dict,
    }

    def read_tables(self) -> None:
        """The files of tables as they stand, their fields not yet understood."""
        allowed = {"title": str, "description": str, "kind": str, "primaryKey": object, "fields": list}
        optional = {"foreignKeys": list, "files": str}
        for path in sorted(self.folder.glob("*.yaml")):
            if path.name in ("package.yaml", "fields.yaml"):
                continue
            raw = self.mapping(path, "", self.read(path), {**allowed, **optional}, tuple(allowed))
            if raw.get("kind") not in KINDS:
                self.fault(path, "kind", f"{raw.get('kind')!r} is not one of {', '.join(KINDS)}")
                raw["kind"] = "record"
            if not re.fullmatch("[a-z][a-z0-9_]*", path.stem):
                self.fault(path, "file", "a table is named in lower-case snake_case")
                continue
            where = raw.get("files", "")
            if where.startswith(("/", "~")) or ".." in where or re.search(r"\*\*[^/]|[^/]\*\*", where):
                self.fault(path, "files", f"{where!r} is not a pattern of files in this folder")
                raw["files"] = f"data/{path.stem}/*.csv"
            key = raw.get("primaryKey")
            if raw["kind"] != "derived" and not isinstance(key, str):
                self.fault(path, "primaryKey", "is the name of one column")
            raw["primaryKey"] = [key] if isinstance(key, str) else self.texts(path, "primaryKey", key or [])
            self.raw[path.stem] = raw

    def read_shared(self) -> None:
        """The pool that `use:` draws on: `fields.yaml`, and the primary key of every table."""
        path = self.folder / "fields.yaml"
        entries = self.read(path)
        if not isinstance(entries, list):
            self.fault(path, "file", "is not a list of fields")
            entries = []
        for i, item in enumerate(entries):
            got = self.mapping(path, f"[{i}]", item, self.FIELD, ("name", "type", "description"))
            name = got.get("name", f"[{i}]")
            if name in self.shared:
                self.fault(path, name, "is defined twice")
            if got.get("constraints", {}).get("required"):
                self.fault(path, f"{name}.constraints.required", "belongs where the field is used")
            self.shared[name] = got
            if "name" in got:
                self.make_field(path, got)
        local: dict[str, str] = {}
        for table, raw in self.raw.items():
            path = self.folder / f"{table}.yaml"
            for item in raw.get("fields", ()):
                name = item.get("name") if isinstance(item, dict) else None
                if not isinstance(name, str):
                    continue
                if name in self.shared:
                    self.fault(path, name, "shadows the field of that name in schemas/fields.yaml; take it with `use:`")
                elif name in local:
                    self.fault(
                        path, name, f"is defined in schemas/{local[name]}.yaml too; put it in schemas/fields.yaml"
                    )
                local.setdefault(name, table)
        for table, raw in self.raw.items():
            if raw["kind"] == "derived" or len(raw["primaryKey"]) != 1:
                continue
            for item in raw.get("fields", ()):
                if isinstance(item, dict) and item.get("name") == raw["primaryKey"][0]:
                    # What is wrong with it is reported where it stands.
                    fit = {key: value for key, value in item.items() if isinstance(value, self.FIELD.get(key, ()))}
                    self.shared[item["name"]] = {**fit, "references": table}

    def table(self, name: str, raw: dict[str, Any], package: Mapping[str, Any]) -> Table:
        """One table, its fields and keys resolved."""
        path = self.folder / f"{name}.yaml"
        fields: list[Field] = []
        keys: list[ForeignKey] = []
        for i, item in enumerate(raw.get("fields", ())):
            got = self.field(path, i, item)
            if got is None:
                continue
            if any(f.name == got["name"] for f in fields):
                self.fault(path, got["name"], "stands twice in this table")
            is_key = raw["primaryKey"] == [got["name"]]
            if is_key and raw["kind"] != "derived":
                got["constraints"] = {"required": True, "pattern": package.get("keyPattern")}
            target = got.get("references", "")
            before = len(self.faults)
            made = self.make_field(path, got)
            if "use" in item:
                del self.faults[before:]  # reported where the field is defined
            fields.append(made)
            if target and not target.startswith("codes/"):
                table = name if target == "self" else target
                to = self.raw.get(table, {}).get("primaryKey") or []
                if len(to) != 1:
                    self.fault(path, f"{made.name}.references", f"there is no table {table!r} with a single key")
                else:
                    keys.append(ForeignKey((made.name,), table, (to[0],)))
        for i, item in enumerate(raw.get("foreignKeys", ())):
            if (found := self.foreign_key(path, f"foreignKeys[{i}]", item)) is not None:
                keys.append(found)
        for part in raw["primaryKey"]:
            if part not in [f.name for f in fields]:
                self.fault(path, "primaryKey", f"{part!r} is not a column of this table")
        return Table(
            name,
            raw.get("title", ""),
            raw.get("description", ""),
            raw["kind"],
            tuple(fields),
            tuple(raw["primaryKey"]),
            tuple(keys),
            raw.get("files", "" if raw["kind"] == "derived" else f"data/{name}/*.csv"),
        )

    def field(self, path: Path, index: int, item: Any) -> dict[str, Any] | None:
        """The keys of one field, those of a shared one taken from where it is defined."""
        if isinstance(item, dict) and "use" in item:
            keys = {"use": str, "constraints": dict, "claim_required": bool}
            got = self.mapping(path, f"fields[{index}]", item, keys)
            name = got.get("use", "")
            if name not in self.shared:
                self.fault(path, f"fields[{index}].use", f"{name!r} is neither in fields.yaml nor the key of a table")
                return None
            own = self.mapping(path, f"{name}.constraints", got.get("constraints", {}), {"required": bool})
            shared = self.shared[name]
            constraints = {**shared.get("constraints", {}), **own}
            return {**shared, "constraints": constraints, "claim_required": got.get("claim_required", False)}
        got = self.mapping(path, f"fields[{index}]", item, self.FIELD, ("name", "type", "description"))
        return got if "name" in got else None

    CONSTRAINTS: Mapping[str, type] = {
        "required": bool,
        "minimum": object,
        "maximum": object,
        "minLength": int,
        "maxLength": int,
        "pattern": str,
    }

    def make_field(self, path: Path, got: dict[str, Any]) -> Field:
        """A field from its keys, its code list attached."""
        name, kind = got["name"], got.get("type", "string")
        if kind not in TYPES:
            self.fault(path, f"{name}.type", f"{kind!r} is not one of {', '.join(TYPES)}")
        if not re.fullmatch("[a-z][a-z0-9_]*", name):
            self.fault(path, name, "a column is named in lower-case snake_case")
        constraints = self.mapping(path, f"{name}.constraints", got.get("constraints", {}), self.CONSTRAINTS)
        self.pattern(path, f"{name}.constraints.pattern", constraints.get("pattern"))
        for key in ("minimum", "maximum"):
            if key in constraints and (kind not in ("integer", "number") or isinstance(constraints[key], (str, bool))):
                self.fault(path, f"{name}.constraints.{key}", "only numbers have one, and it is a number")
        for key in ("minLength", "maxLength", "pattern"):
            if key in constraints and kind in TYPES and kind != "string":
                self.fault(path, f"{name}.constraints.{key}", f"a {kind} has none")
        if got.get("edtf") is not None and (kind != "string" or got["edtf"] not in ("date", "end")):
            self.fault(path, f"{name}.edtf", "is `date` or `end`, on a string")
        codes = None
        if (target := got.get("references", "")).startswith("codes/"):
            self.used_lists.add(target[6:])
            codes = self.lists.get(target[6:])
            if codes is None:
                self.fault(path, f"{name}.references", f"there is no schemas/{target}.yaml")
            elif kind != "string":
                self.fault(path, f"{name}.references", "a column of codes is a string")
            else:
                constraints["enum"] = tuple(codes.codes)
        return Field(
            name,
            kind,
            got.get("description", ""),
            got.get("title"),
            Constraints(**constraints),
            got.get("edtf"),
            got.get("unit"),
            codes,
            bool(got.get("claim_required")),
        )

    def foreign_key(self, path: Path, key: str, item: Any) -> ForeignKey | None:
        """One entry of `foreignKeys`, as Table Schema has it."""
        got = self.mapping(path, key, item, {"fields": list, "reference": dict}, ("fields", "reference"))
        to = self.mapping(path, f"{key}.reference", got.get("reference", {}), {"resource": str, "fields": list})
        if not {"resource", "fields"} <= to.keys() or "fields" not in got:
            return None
        near = self.texts(path, f"{key}.fields", got["fields"])
        far = self.texts(path, f"{key}.reference.fields", to["fields"])
        if len(near) != len(far):
            self.fault(path, key, "has not as many columns on one side as on the other")
        return ForeignKey(tuple(near), to["resource"], tuple(far))

    # -- across tables -----------------------------------------------------------------------------------------------

    def check_references(self, tables: Mapping[str, Table]) -> None:
        """Both sides of every foreign key exist, fit in type, and the far side is a key."""
        for table in tables.values():
            path = self.folder / f"{table.name}.yaml"
            for fk in table.foreign_keys:
                key = f"foreign key ({', '.join(fk.fields)})"
                if fk.table not in tables:
                    self.fault(path, key, f"there is no table {fk.table!r}")
                    continue
                for near, far in zip(fk.fields, fk.target_fields, strict=False):
                    if near not in table:
                        self.fault(path, key, f"{near!r} is not a column of this table")
                    elif far not in tables[fk.table]:
                        self.fault(path, key, f"{fk.table} has no column {far!r}")
                    elif len({table[near].type, tables[fk.table][far].type} & set(TYPES)) == 2:
                        self.fault(path, key, f"{near} and {fk.table}.{far} differ in type")
                if fk.target_fields != tables[fk.table].primary_key:
                    self.fault(path, key, f"({', '.join(fk.target_fields)}) is not the key of {fk.table}")

    def check_lists(self) -> None:
        """Every code list is used, by a column or by SQL; every crosswalk leads to a system that is a code."""
        systems = self.lists.get("code_system")
        named = {
            word
            for part in ("views", "derived")
            for path in (self.folder / part).glob("*.sql")
            for word in re.findall(r"'([a-z][a-z0-9_]*)'", path.read_text("utf-8", errors="replace"))
        }
        for name, codes in self.lists.items():
            path = self.folder / "codes" / f"{name}.yaml"
            if name not in self.used_lists | named:
                self.fault(path, "file", "no column refers to this code list, and no view names it")
            for code in codes.codes.values():
                for attribute in COMPUTED.get(name, ()):
                    value = code.attributes.get(attribute)
                    if value is None:
                        self.fault(path, f"codes.{code.code}.{attribute}", "is missing, and is computed with")
                    elif attribute == "factor" and not re.fullmatch("[0-9]+([.][0-9]+)?", value, re.ASCII):
                        self.fault(path, f"codes.{code.code}.{attribute}", f"{value!r} is not a number")
                for walk in code.crosswalk:
                    if systems is None or walk.system not in systems.codes:
                        self.fault(path, f"codes.{code.code}.crosswalk", f"there is no code system {walk.system!r}")

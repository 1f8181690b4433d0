"""The descriptor, `datapackage.json`, against every MUST of the Data Package specification.

The specification is Data Package v2 (https://datapackage.org/standard/): Data Package, Data Resource, Table Dialect,
Table Schema and the definitions in its glossary. Every MUST that a descriptor alone can break is an entry of
`REQUIREMENTS` and a check here; `docs/descriptor.md` lists them beside what frictionless-py makes of each, and the
sentences that speak to programs or of data. A descriptor that does not name a v2 profile is one of v1, and the forms
that the specification tells its readers to go on accepting (a key as a single string, `"resource": ""`, doubled
field names, any `type` of a resource) are accepted from it.
"""

from __future__ import annotations

import json
import re
import stat
import warnings
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

SIZE_LIMIT = 5_000_000  # bytes of a descriptor
DEPTH_LIMIT = 64  # brackets within brackets


class DescriptorError(ValueError):
    """A descriptor that is no JSON object, or that goes beyond the limits; the message names file, line and column."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One requirement that a descriptor breaks.

    Attributes:
        path: JSON pointer (RFC 6901) of the offending value; of the object, where a property is missing.
        message: What is wrong.
        hint: What to do.
        requirement: Key of `REQUIREMENTS`, or `frictionless` for what frictionless says.
    """

    path: str
    message: str
    hint: str
    requirement: str


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that the specification demands of a descriptor.

    Attributes:
        section: Where it says so.
        text: What it demands, in our words.
        v2_only: Whether older descriptors are free of it.
    """

    section: str
    text: str
    v2_only: bool = False


def _section(name: str, *entries: tuple[str, str] | tuple[str, str, bool]) -> dict[str, Requirement]:
    return {entry[0]: Requirement(name, *entry[1:]) for entry in entries}


REQUIREMENTS: Mapping[str, Requirement] = {
    **_section(
        "Glossary: Descriptor",
        ("descriptor.object", "A descriptor is a JSON object."),
    ),
    **_section(
        "Glossary: Profile",
        ("profile.url", "`$schema` is the fully qualified URL of a profile."),
        ("profile.kind", "The profile holds the constraints of a Data Package, not those of a part of one."),
        ("profile.not-empty", "The 2.0 profile: these lists have at least one item where they are given.", True),
        ("profile.path-start", "The 2.0 profile: a path does not begin with `.` or `~`.", True),
    ),
    **_section(
        "Glossary: URL or Path",
        ("path.string", "A path is a string that is a URL or a POSIX path."),
        ("path.scheme", "The scheme of a URL is http, https, ftp or ftps."),
        ("path.qualified", "A URL is fully qualified."),
        ("path.absolute", "A path is relative to the descriptor."),
        ("path.parent", "A path does not climb with `..`."),
        ("path.hidden", "A path does not lead through a hidden folder."),
        ("path.posix", "The separator of a path is `/`."),
    ),
    **_section(
        "Data Package: properties",
        ("package.types", "Standard properties have the JSON type that the specification gives them."),
        ("package.homepage", "`homepage` is a URL."),
        ("package.created", "`created` is an RFC 3339 date and time."),
        ("package.resources", "There is a list `resources` with at least one item."),
        ("package.resource", "Each resource is an object."),
    ),
    **_section(
        "Data Package: licenses, sources, contributors (also of a resource)",
        ("licenses.array", "`licenses` is a list."),
        ("licenses.object", "A licence is an object."),
        ("licenses.name-or-path", "A licence has a `name` or a `path` or both."),
        ("licenses.name", "The name of a licence has the form of an Open Definition identifier.", True),
        ("sources.array", "`sources` is a list."),
        ("sources.object", "A source is an object with at least one property."),
        ("contributors.array", "`contributors` is a list."),
        ("contributors.object", "A contributor is an object with at least one property."),
        ("email", "`email` is an address of electronic mail."),
    ),
    **_section(
        "Data Resource: properties",
        ("resource.name", "A resource has a `name`."),
        ("resource.name-unique", "No two resources of a package have the same name."),
        ("resource.path-or-data", "A resource has either `path` or `data`, not both."),
        ("resource.path", "`path` is a string, or a list of strings with at least one item."),
        ("resource.path-mixed", "The parts of one resource are all paths or all URLs."),
        ("resource.data", "`data` is an array or an object, or a string beside a `format` or `mediatype`."),
        ("resource.type", "`type`, where it is given, is `table`.", True),
        ("resource.tabular-data", "`data` of a table is an array of arrays or of objects."),
        ("resource.dialect", "`dialect` is an object, or where one is."),
        ("resource.schema", "`schema` is an object, or where one is."),
        ("resource.hash", "`hash` is an MD5 digest, or another after the name of its algorithm in lower case."),
    ),
    **_section(
        "Table Dialect: properties",
        ("dialect.header", "`header` is true or false."),
        ("dialect.headerRows", "`headerRows` is a list of row numbers from 1."),
        ("dialect.headerJoin", "`headerJoin` is a string."),
        ("dialect.commentRows", "`commentRows` is a list of row numbers from 1."),
        ("dialect.commentChar", "`commentChar` is a string of one or more characters."),
        ("dialect.delimiter", "`delimiter` is a string."),
        ("dialect.lineTerminator", "`lineTerminator` is a string."),
        ("dialect.quoteChar", "`quoteChar` is one character."),
        ("dialect.doubleQuote", "`doubleQuote` is true or false."),
        ("dialect.escapeChar", "`escapeChar` is one character."),
        ("dialect.nullSequence", "`nullSequence` is a string."),
        ("dialect.skipInitialSpace", "`skipInitialSpace` is true or false."),
        ("dialect.property", "`property` is a string."),
        ("dialect.itemType", "`itemType` is `array` or `object`."),
        ("dialect.itemKeys", "`itemKeys` is a list of strings."),
        ("dialect.sheetNumber", "`sheetNumber` is an integer."),
        ("dialect.sheetName", "`sheetName` is a string."),
        ("dialect.table", "`table` is a string."),
    ),
    **_section(
        "Table Schema: schema",
        ("schema.fields", "A schema has a list `fields`."),
        ("schema.fieldsMatch", "`fieldsMatch` is `exact`, `equal`, `subset`, `superset` or `partial`."),
        ("schema.primaryKey", "`primaryKey` is a list of strings."),
        ("schema.primaryKey-fields", "Each names a field."),
        ("schema.uniqueKeys", "`uniqueKeys` is a list with at least one item."),
        ("schema.uniqueKey", "A unique key is a list of strings."),
        ("schema.uniqueKey-fields", "Each names a field."),
        ("schema.foreignKeys", "`foreignKeys` is a list."),
        ("schema.foreignKey", "A foreign key is an object with `fields` and `reference`."),
        ("schema.foreignKey-fields", "`fields` of a foreign key is a list of strings, each naming a field."),
        ("schema.reference", "`reference` is an object with `fields`."),
        ("schema.reference-fields", "`fields` of a reference is a list of strings, as long as the key's own."),
        ("schema.reference-targets", "Each names a field of the resource that is referred to."),
        ("schema.reference-resource", "`resource` of a reference names a resource of the package."),
        ("schema.reference-self", "A reference to the table itself has no `resource`.", True),
    ),
    **_section(
        "Table Schema: missingValues (also of a field)",
        ("missingValues.array", "`missingValues` is a list of strings, or a list of objects."),
        ("missingValues.value", "Each such object has a `value`, a string."),
        ("missingValues.label", "`label`, where it is given, is a string."),
        ("missingValues.unique", "No value, and no label, is given twice.", True),
    ),
    **_section(
        "Table Schema: field",
        ("field.object", "A field is an object."),
        ("field.name", "A field has a `name`."),
        ("field.name-unique", "No two fields of a schema have the same name.", True),
        ("field.types", "Standard properties of a field have the JSON type that the specification gives them."),
        ("field.type", "`type` is one of the field types."),
        ("field.format", "`format` is one that the type has."),
        ("field.strptime", "A pattern of dates and times is one of strptime."),
        ("field.itemType", "`itemType` of a list is one of the seven primitive types."),
        ("field.rdfType", "`rdfType` is a URI."),
        ("field.categories", "`categories` is a list of values, or a list of objects with a `value`."),
        ("field.categories-values", "Each can be a value of the field."),
        ("field.categories-unique", "No category, and no label, is given twice."),
        ("field.categories-label", "`label`, where it is given, is a string."),
        ("field.categories-enum", "What `enum` allows is among the categories."),
        ("field.categoriesOrdered", "`categoriesOrdered` is true or false."),
    ),
    **_section(
        "Table Schema: field constraints",
        ("constraints.object", "`constraints` is an object."),
        ("constraints.types", "Each constraint has the JSON type that the specification gives it."),
        ("constraints.fields", "A constraint is one that the type of its field has."),
        ("constraints.typed", "A field with a bound names its type."),
        ("constraints.bound", "A bound is a value of the field's type."),
        ("constraints.enum", "What `enum` allows can be a value of the field."),
        ("constraints.pattern", "`pattern` is a regular expression of XML Schema."),
    ),
}


# --------------------------------------------------------------------------------------------------------------------
# Reading


def load_descriptor(path: Path | str) -> dict[str, Any]:
    """Reads a descriptor, strictly.

    Args:
        path: A regular file that holds one JSON object (RFC 8259) in UTF-8.

    Returns:
        The descriptor.

    Raises:
        DescriptorError: If there is no such file, it is larger than `SIZE_LIMIT` or nested deeper than
            `DEPTH_LIMIT`, is not UTF-8 or not JSON, gives a key twice in one object, or holds NaN, an infinite number
            or half of a surrogate pair. Nothing is taken of such a file.
    """
    path = Path(path)
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise DescriptorError(f"{path}: not a regular file")
        with path.open("rb") as file:
            raw = file.read(SIZE_LIMIT + 1)
    except OSError as error:
        raise DescriptorError(f"{path}: cannot be read: {error.strerror or error}") from None
    except ValueError as error:
        if isinstance(error, DescriptorError):
            raise
        raise DescriptorError(f"{path}: is no path: {error}") from None
    try:
        return _parse(raw)
    except DescriptorError as error:
        raise DescriptorError(f"{path}{error}") from None


class _Twice(ValueError):
    """A key that stands twice in one object."""


def _parse(raw: bytes) -> dict[str, Any]:
    if len(raw) > SIZE_LIMIT:
        raise DescriptorError(f": is larger than {SIZE_LIMIT:,} bytes")
    if raw.startswith(b"\xef\xbb\xbf"):
        raise DescriptorError(":1:1: begins with a byte order mark, which JSON does not allow; save it without")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DescriptorError(f": byte {error.start} (0x{raw[error.start]:02x}) is not UTF-8") from None
    breaks = [i for i, c in enumerate(text) if c == "\n"]

    def at(offset: int) -> str:
        line = bisect_right(breaks, offset - 1)
        return f":{line + 1}:{offset - (breaks[line - 1] if line else -1)}"

    depth = 0
    for match in re.finditer(r'"(?:[^"\\]|\\.)*+"?|[\[{]|[\]}]', text, re.DOTALL):
        depth += (match[0] in "[{") - (match[0] in "]}") if match[0] != '"' else 0
        if depth > DEPTH_LIMIT:
            raise DescriptorError(f"{at(match.start())}: is nested more than {DEPTH_LIMIT} deep")

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for key, value in pairs:
            if key in made:
                raise _Twice(key)
            made[key] = value
        return made

    def number(digits: str) -> float:
        value = float(digits)
        if value in (float("inf"), float("-inf")):
            raise DescriptorError(f": the number {digits[:40]} is too large")
        return value

    def whole(digits: str) -> int:
        if len(digits) > 40:
            raise DescriptorError(f": a number of {len(digits)} digits is too large")
        return int(digits)

    def constant(word: str) -> float:
        place = next((at(m.start()) for m in re.finditer(rf'"(?:[^"\\]|\\.)*+"?|{word}', text) if m[0] == word), "")
        raise DescriptorError(f"{place}: {word} is not JSON")

    try:
        made = json.loads(text, object_pairs_hook=once, parse_float=number, parse_int=whole, parse_constant=constant)
    except _Twice as error:
        key = str(error)
        shown = re.compile(re.escape(json.dumps(key, ensure_ascii=False)) + r"\s*:")
        lines = [str(bisect_right(breaks, m.start()) + 1) for m in shown.finditer(text)]
        where = f" (it stands on the lines {', '.join(lines[:8])})" if len(lines) > 1 else ""
        raise DescriptorError(f": the key {key!r} stands twice in one object{where}") from None
    except json.JSONDecodeError as error:
        raise DescriptorError(f"{at(error.pos)}: is not JSON: {error.msg}") from None
    if not isinstance(made, dict):
        raise DescriptorError(f":1:1: holds {_KINDS[_kind(made)]}, not an object")
    for pointer, value in _strings("", made):
        if re.search("[\ud800-\udfff]", value):
            raise DescriptorError(f": {pointer or '/'}: holds half of a surrogate pair, which is no character")
    return made


def _strings(pointer: str, value: Any) -> Iterator[tuple[str, str]]:
    """Every string and key of a value, with where it stands."""
    if isinstance(value, str):
        yield pointer, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield pointer, key
            yield from _strings(_at(pointer, key), item)
    elif isinstance(value, list):
        for i, item in enumerate(value):
            yield from _strings(_at(pointer, i), item)


def _at(pointer: str, *steps: str | int) -> str:
    """The JSON pointer of what lies further in."""
    return pointer + "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


_KINDS = {
    "null": "null",
    "boolean": "true or false",
    "integer": "an integer",
    "number": "a number",
    "string": "a string",
    "array": "a list",
    "object": "an object",
}


def _kind(value: Any) -> str:
    """The JSON type of a value; `integer` for numbers without a fraction."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        return "integer"
    kinds = {float: "number", str: "string", list: "array", dict: "object"}
    return next((kind for python, kind in kinds.items() if isinstance(value, python)), "null")


def _same(value: Any) -> str:
    """A text that two values share only if JSON tells no difference between them."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps(value, sort_keys=True)


# --------------------------------------------------------------------------------------------------------------------
# Values, types and formats

TEMPORAL = ("date", "time", "datetime")
TYPES = (
    "string", "number", "integer", "boolean", "object", "array", "list", *TEMPORAL, "year", "yearmonth", "duration",
    "geopoint", "geojson", "any",
)  # fmt: skip
FORMATS: Mapping[str, tuple[str, ...]] = {
    "string": ("email", "uri", "binary", "uuid"),
    "geopoint": ("array", "object"),
    "geojson": ("topojson",),
    **dict.fromkeys(TEMPORAL, ("any",)),
}
ITEM_TYPES = ("string", "integer", "boolean", "number", "datetime", "date", "time")
_COLLECTIONS = ("string", "array", "object", "list")
_ORDERED = ("integer", "number", "date", "time", "datetime", "duration", "year", "yearmonth")
_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
CONSTRAINTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "required": ("boolean", TYPES),
    "unique": ("boolean", TYPES),
    "minLength": ("integer", _COLLECTIONS),
    "maxLength": ("integer", _COLLECTIONS),
    **dict.fromkeys(_BOUNDS, ("", _ORDERED)),
    "jsonSchema": ("object", ("array", "object")),
    "pattern": ("string", ("string",)),
    "enum": ("array", TYPES),
}
_DECIMAL = r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)"
_ZONE = r"(Z|[+-][0-9]{2}:[0-9]{2})?"
_CLOCK = r"[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?"
_LEXICAL: Mapping[str, str] = {
    "integer": r"[+-]?[0-9]+",
    "number": rf"(?i:{_DECIMAL}(E[+-]?[0-9]+)?|NaN|-?INF)",
    "year": rf"-?[0-9]{{4,}}{_ZONE}",
    "yearmonth": rf"-?[0-9]{{4,}}-(0[1-9]|1[0-2]){_ZONE}",
    "duration": r"-?P(?=.)([0-9]+Y)?([0-9]+M)?([0-9]+D)?(T(?=.)([0-9]+H)?([0-9]+M)?([0-9]+(\.[0-9]+)?S)?)?",
    "date": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "time": _CLOCK + _ZONE,
    "datetime": rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}T{_CLOCK}{_ZONE}",
}
_DIRECTIVE = re.compile("%[aAwdbBmyYHIMSpfzZjUWcxXGuV%]")


def _exists(kind: str, text: str) -> bool:
    """Whether the day and hour that `text` names exist."""
    reader: Callable[[str], object] = {"date": date.fromisoformat, "time": time.fromisoformat}.get(
        kind, datetime.fromisoformat
    )
    try:
        # Fractions of more than six digits and the second 60 are beyond Python, not beyond the standards.
        reader(re.sub(r"\.[0-9]+", "", text).replace(":60", ":59").upper().replace(" ", "T"))
    except ValueError:
        return False
    return True


def _castable(field: Mapping[str, Any], kind: str, value: Any) -> bool:
    """Whether a value of JSON, or a string, can be a value of a field of type `kind`."""
    given = _kind(value)
    if kind in ("integer", "year") and given == "integer":
        return True
    if kind == "number" and given in ("integer", "number"):
        return True
    if kind == "boolean":
        words: list[Any] = []
        for name, usual in (("trueValues", "true True TRUE 1"), ("falseValues", "false False FALSE 0")):
            words += field[name] if isinstance(field.get(name), list) else usual.split()
        return given == "boolean" or (given == "string" and value in words)
    if kind == "string":
        return given == "string"
    if kind not in _LEXICAL:
        return True
    if given != "string":
        return False
    form = field.get("format", "default")
    if kind in TEMPORAL and isinstance(form, str) and form != "default":
        if form == "any":
            return True
        try:
            datetime.strptime(value, form)
        except (ValueError, re.error, IndexError, OverflowError):
            return False
        return True
    if any(name in field for name in ("decimalChar", "groupChar")) or field.get("bareNumber") is False:
        return True
    if not re.fullmatch(_LEXICAL[kind], value):
        return False
    return kind not in TEMPORAL or _exists(kind, value)


def _foreign_regex(pattern: str) -> str | None:
    """What in a pattern is not XML Schema's, or `None`. `^` and `$` are let through: the specification uses them."""
    bare = python = ""  # the pattern without classes and escapes, and as Python would write it
    depth = 0
    for token in re.findall(r"\\[pP]\{[^}]*\}|\\.|-\[|.", pattern, re.DOTALL):
        if token[0] == "\\" and len(token) > 1:
            if token[1] in "0123456789bBAZzGaefuUxkKQEhHRXvVoN":
                return f"the escape {token!r}"
            if depth < 2:
                python += "\\w" if token[1] in "pPiIcC" else token
            bare += "" if depth else "x"
        elif depth and token == "-[":
            depth += 1  # one class taken from another
        elif depth:
            depth -= token == "]"
            python += token if depth < 2 and not (token == "]" and depth) else ""
        else:
            depth += token in ("[", "-[")
            bare += "x" if depth else token
            python += token
    if found := re.search(r"\(\?.?", bare):
        return f"the group {found[0]!r}"
    if found := re.search(r"(?:[*+?]|\{[0-9,]*\})[?+]", bare):
        return f"the quantifier {found[0]!r}"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(python)
    except (re.error, RecursionError, OverflowError) as error:
        return f"what cannot be read ({error})"
    return None


# --------------------------------------------------------------------------------------------------------------------
# Checking


def check(descriptor: object) -> list[Fault]:
    """Every requirement of the specification that a descriptor breaks, as far as the descriptor alone can tell.

    Args:
        descriptor: `datapackage.json`, parsed; whatever JSON can hold.

    Returns:
        The faults, in the order of the descriptor's parts; none for a valid one. No file and no address is opened.
    """
    checker = _Checker(descriptor)
    checker.package()
    return checker.faults


class _Checker:
    """One pass over a descriptor, collecting faults."""

    def __init__(self, descriptor: object):
        self.faults: list[Fault] = []
        self.descriptor = descriptor
        profile = descriptor.get("$schema") if isinstance(descriptor, dict) else None
        self.v2 = isinstance(profile, str) and bool(
            re.match(r"https?://(www\.)?datapackage\.org/profiles/2\.", profile)
        )

    def fault(self, requirement: str, path: str, message: str, hint: str = "") -> None:
        if self.v2 or not REQUIREMENTS[requirement].v2_only:
            self.faults.append(Fault(path, message, hint or REQUIREMENTS[requirement].text, requirement))

    def is_a(self, requirement: str, path: str, value: Any, *kinds: str) -> bool:
        """Whether a value is of one of these JSON types; a fault where it is not."""
        given = _kind(value)
        if given in kinds or (given == "integer" and "number" in kinds):
            return True
        wanted = " or ".join(_KINDS[kind] for kind in kinds)
        self.fault(requirement, path, f"is {_KINDS[given]}, not {wanted}")
        return False

    def typed(
        self, requirement: str, path: str, holder: Mapping[str, Any], names: Iterable[str], kind: str = "string"
    ) -> None:
        """Checks the JSON type of those properties that are there."""
        for name in names:
            if name in holder:
                self.is_a(requirement, _at(path, name), holder[name], kind)

    def strings(self, requirement: str, path: str, value: Any) -> list[str] | None:
        """A list of strings, or `None` and a fault."""
        if not self.is_a(requirement, path, value, "array"):
            return None
        good = [self.is_a(requirement, _at(path, i), item, "string") for i, item in enumerate(value)]
        return value if all(good) else None

    def not_empty(self, path: str, value: Any) -> None:
        if value == []:
            self.fault("profile.not-empty", path, "is an empty list", "Leave it out, or give it an item.")

    def unique(self, requirement: str, path: str, what: str, values: Iterable[tuple[str, Any]]) -> None:
        """A fault for each of `(pointer, value)` whose value stood before."""
        seen: dict[str, str] = {}
        for pointer, value in values:
            first = seen.setdefault(_same(value), pointer)
            if first != pointer:
                self.fault(requirement, pointer, f"{what} {_same(value)} stands twice; the first is {first}")

    # -- Data Package ------------------------------------------------------------------------------------------------

    def package(self) -> None:
        package = self.descriptor
        if not self.is_a("descriptor.object", "", package, "object") or not isinstance(package, dict):
            return
        if "$schema" in package:
            self.profile("/$schema", package["$schema"])
        texts = ("name", "id", "title", "description", "homepage", "version")
        self.typed("package.types", "", package, texts)
        if "keywords" in package:
            self.strings("package.types", "/keywords", package["keywords"])
            self.not_empty("/keywords", package["keywords"])
        self.homepage("", package)
        if "image" in package:
            self.location("/image", package["image"])
        if "created" in package:
            self.created("/created", package["created"])
        self.people("", package)
        resources = package.get("resources")
        if "resources" not in package:
            self.fault("package.resources", "", "has no `resources`")
        elif self.is_a("package.resources", "/resources", resources, "array") and isinstance(resources, list):
            if not resources:
                self.fault("package.resources", "/resources", "is an empty list")
            self.resources([(f"/resources/{i}", resource) for i, resource in enumerate(resources)])

    def profile(self, path: str, value: Any) -> None:
        if not self.is_a("profile.url", path, value, "string"):
            return
        if not re.fullmatch(r"https?://[^\s/]+/\S+", value):
            self.fault("profile.url", path, f"{value!r} is not a fully qualified URL")
        elif re.match(r"https?://(www\.)?datapackage\.org/profiles/[^/]*/(?!datapackage\.json([?#]|$))", value):
            self.fault("profile.kind", path, f"{value!r} is not the profile of a Data Package")

    def homepage(self, path: str, holder: Mapping[str, Any]) -> None:
        value = holder.get("homepage")
        if isinstance(value, str) and not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s/]\S*", value):
            self.fault("package.homepage", _at(path, "homepage"), f"{value!r} is not a URL")

    def created(self, path: str, value: Any) -> None:
        form = rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}[Tt ]{_CLOCK}([Zz]|[+-][0-9]{{2}}:[0-9]{{2}})"
        if self.is_a("package.created", path, value, "string") and not (
            re.fullmatch(form, value) and _exists("datetime", value)
        ):
            self.fault("package.created", path, f"{value!r} is not of the form 2017-11-03T12:00:00Z")

    def people(self, path: str, holder: Mapping[str, Any]) -> None:
        """`licenses`, `sources` and `contributors` of a package or resource."""
        known = {
            "licenses": ("name", "path", "title"),
            "sources": ("title", "path", "email", "version"),
            "contributors": ("title", "givenName", "familyName", "path", "email", "organization", "role"),
        }
        for name, properties in known.items():
            here = _at(path, name)
            if name not in holder or not self.is_a(f"{name}.array", here, holder[name], "array"):
                continue
            if name != "sources":
                self.not_empty(here, holder[name])
            for i, item in enumerate(holder[name]):
                at = _at(here, i)
                if not self.is_a(f"{name}.object", at, item, "object"):
                    continue
                self.typed("package.types", at, item, properties)
                if name == "licenses":
                    if "name" not in item and "path" not in item:
                        self.fault("licenses.name-or-path", at, "has neither `name` nor `path`")
                    if isinstance(item.get("name"), str) and not re.fullmatch("[-a-zA-Z0-9._]+", item["name"]):
                        self.fault("licenses.name", _at(at, "name"), f"{item['name']!r} is no such identifier")
                elif not item:
                    self.fault(f"{name}.object", at, "is an empty object")
                if name == "contributors" and "roles" in item:
                    self.strings("package.types", _at(at, "roles"), item["roles"])
                    self.not_empty(_at(at, "roles"), item["roles"])
                if isinstance(item.get("path"), str):
                    self.location(_at(at, "path"), item["path"])
                if isinstance(item.get("email"), str) and not re.fullmatch(r"[^@\s]+@[^@\s]+", item["email"]):
                    self.fault("email", _at(at, "email"), f"{item['email']!r} is no address")

    def location(self, path: str, value: Any) -> bool | None:
        """Checks a URL or path; True for a URL, False for a path, `None` where it is neither."""
        if not self.is_a("path.string", path, value, "string"):
            return None
        if not value or re.search(r"[\0-\x1f\x7f]", value):
            self.fault("path.string", path, f"{value!r} is neither a URL nor a path")
            return None
        if scheme := re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", value):
            if scheme[1].lower() not in ("http", "https", "ftp", "ftps"):
                self.fault("path.scheme", path, f"{value!r} has the scheme {scheme[1]!r}")
            elif not re.match(r"[a-z]+://[^\s/?#]+", value, re.IGNORECASE):
                self.fault("path.qualified", path, f"{value!r} names no host")
            return True
        if value.startswith("//"):
            self.fault("path.qualified", path, f"{value!r} has no scheme")
            return True
        parts = value.split("/")
        if value.startswith("/"):
            self.fault("path.absolute", path, f"{value!r} is absolute")
        elif ".." in re.split(r"[/\\]", value):
            self.fault("path.parent", path, f"{value!r} leads out of the folder of the descriptor")
        elif any(part.startswith(".") and part != "." for part in parts[:-1]):
            self.fault("path.hidden", path, f"{value!r} leads through a hidden folder")
        elif "\\" in value:
            self.fault("path.posix", path, f"{value!r} has a backslash")
        elif value[0] in ".~":
            self.fault("profile.path-start", path, f"{value!r} begins with {value[0]!r}")
        return False

    # -- Data Resource -----------------------------------------------------------------------------------------------

    def resources(self, resources: list[tuple[str, Any]]) -> None:
        good = [(at, r) for at, r in resources if self.is_a("package.resource", at, r, "object")]
        named = [(at, r["name"]) for at, r in good if isinstance(r.get("name"), str)]
        tables = {r["name"]: r for _, r in reversed(good) if isinstance(r.get("name"), str)}
        self.unique("resource.name-unique", "", "the name", ((_at(at, "name"), name) for at, name in named))
        for at, resource in good:
            self.resource(at, resource, tables)

    def resource(self, at: str, resource: dict[str, Any], tables: Mapping[str, dict[str, Any]]) -> None:
        if "name" not in resource:
            self.fault("resource.name", at, "has no `name`")
        else:
            self.is_a("resource.name", _at(at, "name"), resource["name"], "string")
        texts = ("title", "description", "format", "mediatype", "encoding", "homepage")
        self.typed("package.types", at, resource, texts)
        self.typed("package.types", at, resource, ["bytes"], "integer")
        self.homepage(at, resource)
        self.people(at, resource)
        self.data(at, resource)
        if "type" in resource and resource["type"] != "table":
            self.fault("resource.type", _at(at, "type"), f"is {_shown(resource['type'])}")
        if "hash" in resource:
            value = resource["hash"]
            good = r"[a-fA-F0-9]{32}|[^:A-Z]+:[a-fA-F0-9]+"
            if self.is_a("resource.hash", _at(at, "hash"), value, "string") and not re.fullmatch(good, value):
                self.fault("resource.hash", _at(at, "hash"), f"{value!r} is neither", "Such as sha256:0a1b2c…")
        for name, checker in (("dialect", self.dialect), ("schema", None)):
            if name not in resource:
                continue
            here, value = _at(at, name), resource[name]
            if not self.is_a(f"resource.{name}", here, value, "object", "string"):
                continue
            if isinstance(value, str):
                self.location(here, value)
            elif checker:
                checker(here, value)
            else:
                self.schema(here, value, resource, tables)

    def data(self, at: str, resource: dict[str, Any]) -> None:
        located = ["path"] if "path" in resource else []
        if not located and "url" in resource and not self.v2:
            located = ["url"]  # of v0, to be read as `path`
        if bool(located) == ("data" in resource):
            message = "has both `path` and `data`" if located else "has neither `path` nor `data`"
            self.fault("resource.path-or-data", at, message)
        if located:
            here, value = _at(at, located[0]), resource[located[0]]
            if isinstance(value, list):
                if not value:
                    self.fault("resource.path", here, "is an empty list")
                remote = set()
                for i, part in enumerate(value):
                    if self.is_a("resource.path", _at(here, i), part, "string"):
                        remote.add(self.location(_at(here, i), part))
                if {True, False} <= remote:
                    self.fault("resource.path-mixed", here, "mixes paths and URLs")
            elif self.is_a("resource.path", here, value, "string", "array"):
                self.location(here, value)
        if "data" not in resource:
            return
        here, value = _at(at, "data"), resource["data"]
        tabular = resource.get("type") == "table" or resource.get("profile") in (
            "tabular-data-resource",
            "https://specs.frictionlessdata.io/schemas/tabular-data-resource.json",
        )
        if tabular:
            if self.is_a("resource.tabular-data", here, value, "array"):
                for i, row in enumerate(value):
                    self.is_a("resource.tabular-data", _at(here, i), row, "array", "object")
        elif not self.is_a("resource.data", here, value, "array", "object", "string"):
            return
        elif isinstance(value, str) and "format" not in resource and "mediatype" not in resource:
            self.fault("resource.data", here, "is a string, and neither `format` nor `mediatype` says of what kind")

    # -- Table Dialect -----------------------------------------------------------------------------------------------

    def dialect(self, at: str, dialect: dict[str, Any]) -> None:
        kinds = {
            **dict.fromkeys(("header", "doubleQuote", "skipInitialSpace"), "boolean"),
            **dict.fromkeys(("headerRows", "commentRows", "itemKeys"), "array"),
            "sheetNumber": "integer",
        }
        for requirement in REQUIREMENTS:
            kind, _, name = requirement.partition(".")
            if kind != "dialect" or name not in dialect:
                continue
            here, value = _at(at, name), dialect[name]
            if value is None and name in ("commentChar", "escapeChar", "nullSequence") and not self.v2:
                continue  # CSV Dialect wrote null for what is not set
            if not self.is_a(requirement, here, value, kinds.get(name, "string")):
                continue
            if name in ("headerRows", "commentRows"):
                for i, row in enumerate(value):
                    if self.is_a(requirement, _at(here, i), row, "integer") and row < 1:
                        self.fault(requirement, _at(here, i), f"is {row}; rows are counted from 1")
            elif name == "itemKeys":
                self.strings(requirement, here, value)
            elif name == "itemType" and value not in ("array", "object"):
                self.fault(requirement, here, f"is {value!r}")
            elif name in ("quoteChar", "escapeChar") and len(value) != 1:
                self.fault(requirement, here, f"{value!r} has {len(value)} characters")
            elif name == "commentChar" and not value:
                self.fault(requirement, here, "is an empty string")

    # -- Table Schema ------------------------------------------------------------------------------------------------

    def schema(
        self, at: str, schema: dict[str, Any], resource: dict[str, Any], tables: Mapping[str, dict[str, Any]]
    ) -> None:
        fields = schema.get("fields")
        if "fields" not in schema:
            self.fault("schema.fields", at, "has no `fields`")
        elif self.is_a("schema.fields", _at(at, "fields"), fields, "array") and isinstance(fields, list):
            self.not_empty(_at(at, "fields"), fields)
            for i, field in enumerate(fields):
                here = _at(at, "fields", i)
                if self.is_a("field.object", here, field, "object"):
                    self.field(here, field)
            self.unique(
                "field.name-unique",
                at,
                "the name",
                (
                    (_at(at, "fields", i, "name"), field["name"])
                    for i, field in enumerate(fields)
                    if isinstance(field, dict) and isinstance(field.get("name"), str)
                ),
            )
        names = _names(schema)
        if "fieldsMatch" in schema:
            here, value = _at(at, "fieldsMatch"), schema["fieldsMatch"]
            hint = "The text of the specification wants a string, its 2.0 profile a list: best leave it out."
            if not isinstance(value, str) or value not in ("exact", "equal", "subset", "superset", "partial"):
                self.fault("schema.fieldsMatch", here, f"is {_shown(value)}", hint)
        if "missingValues" in schema:
            self.missing_values(_at(at, "missingValues"), schema["missingValues"])
        if "primaryKey" in schema:
            self.key(
                "schema.primaryKey", "schema.primaryKey-fields", _at(at, "primaryKey"), schema["primaryKey"], names
            )
        if "uniqueKeys" in schema:
            here, keys = _at(at, "uniqueKeys"), schema["uniqueKeys"]
            if self.is_a("schema.uniqueKeys", here, keys, "array"):
                if not keys:
                    self.fault("schema.uniqueKeys", here, "is an empty list")
                for i, key in enumerate(keys):
                    if self.is_a("schema.uniqueKey", _at(here, i), key, "array"):
                        self.key("schema.uniqueKey", "schema.uniqueKey-fields", _at(here, i), key, names)
        if "foreignKeys" in schema and self.is_a(
            "schema.foreignKeys", _at(at, "foreignKeys"), schema["foreignKeys"], "array"
        ):
            for i, key in enumerate(schema["foreignKeys"]):
                self.foreign_key(_at(at, "foreignKeys", i), key, names, resource, tables)

    def key(
        self, requirement: str, of_fields: str, path: str, value: Any, names: frozenset[str] | None
    ) -> list[str] | None:
        """The names of a key; `None` and a fault where it is none."""
        if isinstance(value, str) and not self.v2:
            value, steps = [value], [path]
        else:
            if self.strings(requirement, path, value) is None:
                return None
            steps = [_at(path, i) for i in range(len(value))]
        if not value and self.v2:
            self.fault(requirement, path, "is an empty list")
        for step, name in zip(steps, value, strict=True):
            if names is not None and name not in names:
                self.fault(of_fields, step, f"{name!r} is not a field there")
        return [str(name) for name in value]

    def foreign_key(
        self,
        at: str,
        key: Any,
        names: frozenset[str] | None,
        resource: dict[str, Any],
        tables: Mapping[str, dict[str, Any]],
    ) -> None:
        if not self.is_a("schema.foreignKey", at, key, "object"):
            return
        own = None
        if "fields" not in key:
            self.fault("schema.foreignKey", at, "has no `fields`")
        else:
            own = self.key(
                "schema.foreignKey-fields", "schema.foreignKey-fields", _at(at, "fields"), key["fields"], names
            )
        if "reference" not in key:
            self.fault("schema.foreignKey", at, "has no `reference`")
            return
        here, reference = _at(at, "reference"), key["reference"]
        if not self.is_a("schema.reference", here, reference, "object"):
            return
        target: dict[str, Any] | None = resource
        if "resource" in reference:
            there, name = _at(here, "resource"), reference["resource"]
            if not self.is_a("schema.reference-resource", there, name, "string"):
                target = None
            elif name in ("", resource.get("name")):
                hint = "Leave `resource` out."
                self.fault("schema.reference-self", there, "refers to the table itself", hint)
            elif name not in tables:
                self.fault("schema.reference-resource", there, f"there is no resource {name!r}")
                target = None
            else:
                target = tables[name]
        if "fields" not in reference:
            self.fault("schema.reference", here, "has no `fields`")
            return
        there = _at(here, "fields")
        far = _names(target.get("schema")) if target else None
        others = self.key("schema.reference-fields", "schema.reference-targets", there, reference["fields"], far)
        if own is not None and others is not None and len(own) != len(others):
            message = f"has {len(others)} fields, the key {len(own)}"
            self.fault("schema.reference-fields", there, message)

    def missing_values(self, path: str, value: Any) -> None:
        if not self.is_a("missingValues.array", path, value, "array"):
            return
        kinds = {_kind(item) for item in value}
        if not (kinds <= {"string"} or kinds <= {"object"}):
            self.fault("missingValues.array", path, "holds " + " and ".join(_KINDS[k] for k in sorted(kinds)))
            return
        if kinds <= {"string"}:
            self.unique("missingValues.unique", path, "the value", ((_at(path, i), v) for i, v in enumerate(value)))
            return
        for name in ("value", "label"):
            given = [(_at(path, i, name), item[name]) for i, item in enumerate(value) if name in item]
            for pointer, text in given:
                self.is_a(f"missingValues.{name}", pointer, text, "string")
            self.unique("missingValues.unique", path, f"the {name}", given)
        for i, item in enumerate(value):
            if "value" not in item:
                self.fault("missingValues.value", _at(path, i), "has no `value`")

    # -- field -------------------------------------------------------------------------------------------------------

    def field(self, at: str, field: dict[str, Any]) -> None:
        if "name" not in field:
            self.fault("field.name", at, "has no `name`")
        else:
            self.is_a("field.name", _at(at, "name"), field["name"], "string")
        texts = ("title", "description", "decimalChar", "groupChar", "delimiter")
        self.typed("field.types", at, field, texts)
        self.typed("field.types", at, field, ["bareNumber"], "boolean")
        for name in ("trueValues", "falseValues"):
            if name in field:
                self.strings("field.types", _at(at, name), field[name])
        if "missingValues" in field:
            self.missing_values(_at(at, "missingValues"), field["missingValues"])
        if "rdfType" in field:
            value = field["rdfType"]
            good = r"[A-Za-z][A-Za-z0-9+.-]*:\S+"
            if self.is_a("field.rdfType", _at(at, "rdfType"), value, "string") and not re.fullmatch(good, value):
                self.fault("field.rdfType", _at(at, "rdfType"), f"{value!r} is not a URI")
        # Without a type a field is of type any; before v2 it was a string.
        kind = field.get("type", "any" if self.v2 else "string")
        if not self.is_a("field.type", _at(at, "type"), kind, "string"):
            return
        if kind not in TYPES:
            self.fault("field.type", _at(at, "type"), f"there is no type {kind!r}", f"One of {', '.join(TYPES)}.")
            return
        if "format" in field:
            self.format(_at(at, "format"), kind, field["format"])
        if kind == "list" and "itemType" in field and field["itemType"] not in ITEM_TYPES:
            message = f"is {_shown(field['itemType'])}"
            self.fault("field.itemType", _at(at, "itemType"), message, f"One of {', '.join(ITEM_TYPES)}.")
        if "categories" in field:
            self.categories(_at(at, "categories"), field, kind)
        if "categoriesOrdered" in field:
            ordered = field["categoriesOrdered"]
            self.is_a("field.categoriesOrdered", _at(at, "categoriesOrdered"), ordered, "boolean")
        if "constraints" in field:
            self.constraints(_at(at, "constraints"), field, kind)

    def format(self, path: str, kind: str, value: Any) -> None:
        if not self.is_a("field.format", path, value, "string"):
            return
        if not self.v2:
            value = value.removeprefix("fmt:")  # of v0
        if value == "default" or value in FORMATS.get(kind, ()):
            return
        if kind not in TEMPORAL:
            known = ", ".join(("default", *FORMATS.get(kind, ())))
            self.fault("field.format", path, f"a {kind} has no format {value!r}", f"One of {known}.")
        elif "%" not in value or "%" in _DIRECTIVE.sub("", value):
            self.fault("field.strptime", path, f"{value!r} is neither `default`, `any` nor such a pattern")

    def categories(self, path: str, field: dict[str, Any], kind: str) -> None:
        value = field["categories"]
        if not self.is_a("field.categories", path, value, "array"):
            return
        labelled = bool(value) and all(isinstance(item, dict) for item in value)
        if not labelled and any(isinstance(item, dict) for item in value):
            self.fault("field.categories", path, "mixes objects and values")
            return
        given = [(_at(path, i), item) for i, item in enumerate(value)]
        if labelled:
            labels = [(_at(at, "label"), item["label"]) for at, item in given if "label" in item]
            for at, label in labels:
                self.is_a("field.categories-label", at, label, "string")
            self.unique("field.categories-unique", path, "the label", labels)
            for at, item in given:
                if "value" not in item:
                    self.fault("field.categories", at, "has no `value`")
            given = [(_at(at, "value"), item["value"]) for at, item in given if "value" in item]
        self.unique("field.categories-unique", path, "the value", given)
        for at, item in given:
            # Compared with logical values, so that the text "1" is none of an integer field.
            if kind in ("string", "integer") and _kind(item) != kind:
                self.fault("field.categories-values", at, f"{_shown(item)} is not a value of a field of type {kind}")
        constraints = field.get("constraints")
        allowed = constraints.get("enum") if isinstance(constraints, dict) else None
        if isinstance(allowed, list):
            # `enum` may write an integer as a string.
            known = {_same(item) for _, item in given} | {str(item) for _, item in given if kind == "integer"}
            outside = [x for x in allowed if _same(x) not in known and not (kind == "integer" and x in known)]
            if outside:
                message = f"{_shown(outside[0])} in `constraints.enum` is not among the categories"
                self.fault("field.categories-enum", path, message)

    def constraints(self, path: str, field: dict[str, Any], kind: str) -> None:
        constraints = field["constraints"]
        if not self.is_a("constraints.object", path, constraints, "object"):
            return
        for name, value in constraints.items():
            if name not in CONSTRAINTS:
                continue
            here = _at(path, name)
            wanted, kinds = CONSTRAINTS[name]
            if name in _BOUNDS and "type" not in field:
                self.fault("constraints.typed", here, "is given, and the field has no `type`")
            elif kind not in kinds:
                self.fault("constraints.fields", here, f"is given for a field of type {kind}")
            elif wanted and not self.is_a("constraints.types", here, value, wanted):
                pass
            elif name in ("minLength", "maxLength") and value < 0:
                self.fault("constraints.types", here, f"is {value}; a length is not negative")
            elif name in _BOUNDS and not _castable(field, kind, value):
                self.fault("constraints.bound", here, f"{_shown(value)} is not a value of type {kind}")
            elif name == "enum":
                self.not_empty(here, value)
                for i, item in enumerate(value):
                    if not _castable(field, kind, item):
                        message = f"{_shown(item)} is not a value of type {kind}"
                        self.fault("constraints.enum", _at(here, i), message)
            elif name == "pattern" and (foreign := _foreign_regex(value)):
                self.fault("constraints.pattern", here, f"{value!r} holds {foreign}")


def _names(schema: Any) -> frozenset[str] | None:
    """The names of the fields of an inline schema; `None` where that is not known."""
    fields = schema.get("fields") if isinstance(schema, dict) else None
    if not isinstance(fields, list):
        return None
    return frozenset(f["name"] for f in fields if isinstance(f, dict) and isinstance(f.get("name"), str))


def _shown(value: Any) -> str:
    """A value as JSON, cut short."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:60] + "…"


# --------------------------------------------------------------------------------------------------------------------
# The outside opinion


_PROFILES = ("data-package", "tabular-data-package", "data-resource", "tabular-data-resource")


def _items(holder: Any, name: str) -> list[Any]:
    """The list of that name, or an empty one where there is none."""
    found = holder.get(name) if isinstance(holder, dict) else None
    return found if isinstance(found, list) else []


def check_with_frictionless(descriptor: object) -> list[Fault]:
    """What frictionless-py finds wrong with a descriptor. It is imported here and not before.

    No address is contacted and no file opened for it. What frictionless would fetch is kept from it: a `profile` other
    than its own four; a string in the place of a field, which becomes an empty object, refused like the string.

    Args:
        descriptor: `datapackage.json`, parsed.

    Returns:
        One fault for each of its errors, with an empty path, since it names none reliably; one as well where it fails
        with an exception of its own.

    Raises:
        ModuleNotFoundError: If frictionless is not installed.
    """
    import frictionless

    copy = json.loads(json.dumps(descriptor))
    if isinstance(copy, str):
        copy = [copy]  # a string it would open, as the path of a descriptor
    for holder in (copy, *_items(copy, "resources")):
        if isinstance(holder, dict):
            holder.pop("profiles", None)
            if holder.get("profile") not in _PROFILES:
                holder.pop("profile", None)
            fields = _items(holder.get("schema"), "fields")
            fields[:] = [{} if isinstance(field, str) else field for field in fields]
    hint = "frictionless-py says so; see its documentation."
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            frictionless.Package.from_descriptor(copy)
    except frictionless.FrictionlessException as error:
        reasons = error.reasons or [error.error]
        return [Fault("", str(reason.message), hint, "frictionless") for reason in reasons]
    except Exception as error:  # whatever it trips over is a verdict, not ours to raise
        said = f"frictionless itself failed on this descriptor: {type(error).__name__}: {error}"
        return [Fault("", said, hint, "frictionless")]
    return []

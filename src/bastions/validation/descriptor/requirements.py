"""What the specification demands of a descriptor: for each MUST an id, where it stands, and our words for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


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

"""The descriptor as a file, and what stands in it."""

from __future__ import annotations

from .common import FILE, edited, of_table, table_of
from .harness import GENERIC, GENERIC_1, GENERIC_2, OURS, Expected, Package, fault

SCHEMAS = ("schema-error", "field-error")


@fault("descriptor")
def descriptor_cut_off(p: Package) -> Expected:
    """The descriptor ends in its middle."""
    data = p.raw(FILE)[:400]
    p.write(FILE, data)
    return Expected("package-error", FILE, 0 if p.name == OURS else data.count(b"\n") + 1)


@fault("descriptor")
def descriptor_with_trailing_comma(p: Package) -> Expected:
    """A comma stands behind the last item of the descriptor."""
    data = p.raw(FILE).rstrip().removesuffix(b"}").rstrip()
    p.write(FILE, data + b",\n}\n")
    return Expected("package-error", FILE, 0 if p.name == OURS else data.count(b"\n") + 2)


@fault("descriptor")
def descriptor_with_comment(p: Package) -> Expected:
    """The descriptor has a comment, which JSON does not know."""
    p.write(FILE, b"// made by hand\n" + p.raw(FILE))
    return Expected("package-error", FILE, 0 if p.name == OURS else 1)


@fault("descriptor")
def descriptor_with_key_twice(p: Package) -> Expected:
    """A key of the descriptor stands twice."""
    p.write(FILE, p.raw(FILE).replace(b"{", b'{\n  "name": "other",', 1))
    return Expected("package-error", FILE)


@fault("descriptor")
def descriptor_with_nan(p: Package) -> Expected:
    """A value of the descriptor is NaN, which JSON does not know."""
    p.write(FILE, p.raw(FILE).replace(b"{", b'{\n  "size": NaN,', 1))
    return Expected("package-error", FILE, 0 if p.name == OURS else 2)


@fault("descriptor")
def descriptor_is_a_list(p: Package) -> Expected:
    """The descriptor is a list of packages."""
    p.save_descriptor([p.descriptor()])
    return Expected("package-error", FILE, 0 if p.name == OURS else 1)


@fault("descriptor")
def descriptor_in_latin_1(p: Package) -> Expected:
    """The descriptor has a letter in latin-1."""
    p.write(FILE, p.raw(FILE).replace(b"{", '{\n  "publisher": "Büro",'.encode("latin-1"), 1))
    return Expected("package-error", FILE)


@fault("descriptor")
def descriptor_nested_too_deep(p: Package) -> Expected:
    """The descriptor nests a hundred lists."""
    p.write(FILE, p.raw(FILE).replace(b"{", b'{\n  "deep": ' + b"[" * 100 + b"]" * 100 + b",", 1))
    return Expected("package-error", FILE, 0 if p.name == OURS else 2)


@fault("descriptor", (OURS,))
def descriptor_absent_here(p: Package) -> Expected:
    """There is no descriptor beside our tables."""
    (p.root / FILE).unlink()
    return Expected("source-error", FILE)


@fault("descriptor", GENERIC)
def descriptor_absent(p: Package) -> Expected:
    """There is no descriptor, so that there is no package; the program refuses to begin."""
    (p.root / FILE).unlink()
    return Expected("refused", "")


@fault("descriptor", GENERIC)
def no_resources(p: Package) -> Expected:
    """The list of resources is absent."""
    return edited(p, "package-error", "", lambda d: d.pop("resources"))


@fault("descriptor", GENERIC)
def empty_resources(p: Package) -> Expected:
    """The list of resources is empty."""
    return edited(p, "package-error", "/resources", lambda d: d.update(resources=[]))


@fault("descriptor", GENERIC)
def resource_without_name(p: Package) -> Expected:
    """A resource has no name."""
    return of_table(p, "resource-error", "", lambda r: r.pop("name"))


@fault("descriptor", GENERIC)
def resource_without_path(p: Package) -> Expected:
    """A resource has neither path nor data."""
    return of_table(p, "resource-error", "", lambda r: r.pop("path"))


@fault("descriptor", GENERIC)
def resource_name_twice(p: Package) -> Expected:
    """Two resources have one name."""
    return edited(p, "resource-error", "", lambda d: d["resources"].append(dict(d["resources"][-1])))


@fault("descriptor", GENERIC)
def field_without_name(p: Package) -> Expected:
    """A field has no name."""
    return of_table(p, SCHEMAS, "", lambda r: r["schema"]["fields"][3].pop("name"))


@fault("descriptor", GENERIC)
def field_twice(p: Package) -> Expected:
    """A field stands twice."""
    return of_table(p, SCHEMAS, "", lambda r: r["schema"]["fields"].append(dict(r["schema"]["fields"][0])))


@fault("descriptor", GENERIC)
def unknown_type(p: Package) -> Expected:
    """A field is of a type that there is not."""
    where = "/resources/#/schema/fields/3/type"
    return of_table(p, "field-error", where, lambda r: r["schema"]["fields"][3].update(type="float"))


@fault("descriptor", GENERIC)
def unknown_format(p: Package) -> Expected:
    """A field has a format that its type has not."""
    where = "/resources/#/schema/fields/1/format"
    return of_table(p, "field-error", where, lambda r: r["schema"]["fields"][1].update(format="telephone"))


@fault("descriptor", GENERIC)
def pattern_that_does_not_compile(p: Package) -> Expected:
    """A pattern opens a bracket that it never closes."""
    where = "/resources/#/schema/fields/1/constraints/pattern"
    return of_table(p, "field-error", where, lambda r: r["schema"]["fields"][1].update(constraints={"pattern": "[a-z"}))


@fault("descriptor", GENERIC)
def minimum_of_strings(p: Package) -> Expected:
    """A text has a minimum."""
    where = "/resources/#/schema/fields/1/constraints/minimum"
    return of_table(p, "field-error", where, lambda r: r["schema"]["fields"][1].update(constraints={"minimum": 3}))


@fault("descriptor", GENERIC)
def bound_of_other_type(p: Package) -> Expected:
    """The minimum of numbers is a word."""
    number = 7 if p.name == GENERIC_1 else 6
    where = f"/resources/#/schema/fields/{number}/constraints/minimum"
    return of_table(
        p, "field-error", where, lambda r: r["schema"]["fields"][number].update(constraints={"minimum": "few"})
    )


@fault("descriptor", (GENERIC_1,))
def enum_of_nothing(p: Package) -> Expected:
    """A list of allowed values is empty."""
    where = "/resources/#/schema/fields/1/constraints/enum"
    return of_table(p, "field-error", where, lambda r: r["schema"]["fields"][1].update(constraints={"enum": []}))


@fault("descriptor", GENERIC)
def required_in_words(p: Package) -> Expected:
    """A constraint is the word yes in the place of true."""
    where = "/resources/#/schema/fields/1/constraints/required"
    return of_table(p, "field-error", where, lambda r: r["schema"]["fields"][1].update(constraints={"required": "yes"}))


@fault("descriptor", GENERIC)
def constraints_as_list(p: Package) -> Expected:
    """The constraints of a field are a list."""
    where = "/resources/#/schema/fields/1/constraints"
    return of_table(p, "field-error", where, lambda r: r["schema"]["fields"][1].update(constraints=["required"]))


@fault("descriptor", GENERIC)
def primary_key_of_no_field(p: Package) -> Expected:
    """A primary key names a field that there is not."""
    return of_table(p, "schema-error", "", lambda r: r["schema"].update(primaryKey=["identifier"]))


@fault("descriptor", GENERIC)
def foreign_key_to_no_resource(p: Package) -> Expected:
    """A foreign key is to a resource that there is not."""
    key = {"fields": [p.layout(table_of(p)).columns[1]], "reference": {"resource": "register", "fields": ["x"]}}
    return of_table(p, "schema-error", "", lambda r: r["schema"].update(foreignKeys=[key]))


@fault("descriptor", GENERIC)
def foreign_key_to_no_field(p: Package) -> Expected:
    """A foreign key is to a field that its target has not."""
    other = "visits" if p.name == GENERIC_1 else "species"
    key = {"fields": [p.layout(table_of(p)).columns[1]], "reference": {"resource": other, "fields": ["code"]}}
    return of_table(p, "schema-error", "", lambda r: r["schema"].update(foreignKeys=[key]))


@fault("descriptor", GENERIC)
def foreign_key_of_two_lengths(p: Package) -> Expected:
    """A foreign key has two fields and refers to one."""
    first, second = p.layout(table_of(p)).columns[:2]
    other = {"resource": "visits", "fields": ["visit_id"]}
    if p.name == GENERIC_2:
        other = {"resource": "species", "fields": ["species_id"]}
    key = {"fields": [first, second], "reference": other}
    return of_table(p, "schema-error", "", lambda r: r["schema"].update(foreignKeys=[key]))


@fault("descriptor", GENERIC)
def missing_values_as_text(p: Package) -> Expected:
    """The missing values are one text in the place of a list."""
    return of_table(p, SCHEMAS, "/resources/#/schema/missingValues", lambda r: r["schema"].update(missingValues="NA"))


@fault("descriptor", GENERIC)
def fields_as_mapping(p: Package) -> Expected:
    """The fields are a mapping of names to types."""
    return of_table(p, "schema-error", "/resources/#/schema/fields", lambda r: r["schema"].update(fields={"a": "any"}))


@fault("descriptor", GENERIC)
def hash_in_words(p: Package) -> Expected:
    """A hash is no digest."""
    return of_table(p, "resource-error", "/resources/#/hash", lambda r: r.update(hash="sha256:unknown"))


@fault("descriptor", GENERIC)
def delimiter_of_two_characters(p: Package) -> Expected:
    """The delimiter of a dialect has two characters."""
    return of_table(p, "dialect-error", "/resources/#/dialect", lambda r: r.update(dialect={"delimiter": "||"}))


@fault("descriptor", GENERIC)
def quote_that_is_the_delimiter(p: Package) -> Expected:
    """Quote and delimiter of a dialect are one character."""
    return of_table(p, "dialect-error", "", lambda r: r.update(dialect={"delimiter": ";", "quoteChar": ";"}))


@fault("descriptor", GENERIC)
def header_row_of_number_zero(p: Package) -> Expected:
    """A dialect counts its header rows from 0."""
    return of_table(
        p, "dialect-error", "/resources/#/dialect/headerRows/0", lambda r: r.update(dialect={"headerRows": [0]})
    )


@fault("descriptor", GENERIC)
def encoding_that_is_none(p: Package) -> Expected:
    """An encoding is one that there is not."""
    return of_table(
        p, ("resource-error", "encoding-error"), "/resources/#/encoding", lambda r: r.update(encoding="utf-9")
    )


@fault("descriptor", (GENERIC_1,))
def licence_without_anything(p: Package) -> Expected:
    """A licence has neither name nor path."""
    return edited(p, "package-error", "/licenses/0", lambda d: d.update(licenses=[{"title": "Free"}]))


@fault("descriptor", (GENERIC_1,))
def created_in_words(p: Package) -> Expected:
    """The time of creation is no time."""
    return edited(p, "package-error", "/created", lambda d: d.update(created="yesterday"))


@fault("descriptor", (GENERIC_1,))
def homepage_without_scheme(p: Package) -> Expected:
    """The homepage of the package is no URL."""
    return edited(p, "package-error", "/homepage", lambda d: d.update(homepage="tides"))


@fault("descriptor", (GENERIC_2,))
def schema_file_cut_off(p: Package) -> Expected:
    """The schema in a file of its own ends in its middle."""
    p.write("schemas/species.json", p.raw("schemas/species.json")[:200])
    return Expected(SCHEMAS, "schemas/species.json", p.raw("schemas/species.json").count(b"\n") + 1)


@fault("descriptor", (GENERIC_2,))
def unknown_type_in_schema_file(p: Package) -> Expected:
    """A field in a schema of its own is of a type that there is not."""
    p.replace("schemas/species.json", '"type": "year"', '"type": "years"')
    return Expected("field-error", "schemas/species.json", pointer="/fields/4/type")


@fault("descriptor", (GENERIC_2,))
def schema_file_absent(p: Package) -> Expected:
    """The schema in a file of its own is not there."""
    (p.root / "schemas" / "species.json").unlink()
    return Expected(("source-error", "schema-error"), FILE, pointer="/resources/0/schema")

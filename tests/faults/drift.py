"""The schema and the data part."""

from __future__ import annotations

from .common import table_of
from .harness import GENERIC, GENERIC_1, GENERIC_2, OURS, Expected, Package, Spot, fault


@fault("drift", GENERIC)
def type_narrowed(p: Package) -> Expected:
    """A field of decimals is declared to be one of integers."""
    descriptor = p.descriptor()
    spot = Spot("stations", 1, "height_m") if p.name == GENERIC_1 else Spot("sightings", 3, "details")
    field = p.field(descriptor, spot)
    field["type"] = "integer" if p.name == GENERIC_1 else "array"
    field.pop("constraints", None)
    p.save_descriptor(descriptor)
    return p.at(spot, "type-error")


@fault("drift", GENERIC)
def bound_tightened(p: Package) -> Expected:
    """A maximum is lowered beneath a value."""
    descriptor = p.descriptor()
    spot = Spot("stations", 7, "crew") if p.name == GENERIC_1 else Spot("sightings", 5, "number")
    p.field(descriptor, spot)["constraints"] = {"maximum": 4 if p.name == GENERIC_1 else 11}
    p.save_descriptor(descriptor)
    return p.at(spot, "constraint-error")


@fault("drift", GENERIC)
def code_withdrawn(p: Package) -> Expected:
    """A code is taken from its list while a cell has it."""
    descriptor = p.descriptor()
    spot = Spot("stations", 3, "kind") if p.name == GENERIC_1 else Spot("sightings", 5, "stage")
    field = p.field(descriptor, spot)
    (field["constraints"]["enum"] if p.name == GENERIC_1 else field["categories"]).remove(p.cell(spot))
    p.save_descriptor(descriptor)
    return p.at(spot, "constraint-error")


@fault("drift", GENERIC)
def column_made_required(p: Package) -> Expected:
    """A column with an empty cell is declared to be required."""
    descriptor = p.descriptor()
    spot = Spot("stations", 2, "contact") if p.name == GENERIC_1 else Spot("sightings", 5, "place")
    p.field(descriptor, spot)["constraints"] = {"required": True}
    p.save_descriptor(descriptor)
    return p.at(spot, "constraint-error")


@fault("drift", GENERIC)
def field_added(p: Package) -> Expected:
    """A field is added to the schema and not to the file."""
    descriptor = p.descriptor()
    p.resource(descriptor, table_of(p))["schema"]["fields"].append({"name": "added", "type": "string"})
    p.save_descriptor(descriptor)
    if p.name == GENERIC_1:
        return Expected("missing-label", "stations.csv", 1)
    return Expected("missing-cell", "data/sightings.csv", 1)


@fault("drift", GENERIC)
def field_removed(p: Package) -> Expected:
    """The last field is taken from the schema and not from the file."""
    descriptor = p.descriptor()
    p.resource(descriptor, table_of(p))["schema"]["fields"].pop()
    p.save_descriptor(descriptor)
    if p.name == GENERIC_1:
        return Expected("extra-label", "stations.csv", 1, 12)
    return Expected("extra-cell", "data/sightings.csv", 1, 10)


@fault("drift", GENERIC)
def field_renamed(p: Package) -> Expected:
    """A field is renamed in the schema alone."""
    descriptor = p.descriptor()
    if p.name == GENERIC_2:
        p.replace("schemas/species.json", '"name": "described"', '"name": "year"')
        return Expected("incorrect-label", "data/species.csv", 1, 5)
    p.field(descriptor, Spot("stations", 1, "crew"))["name"] = "staff"
    p.save_descriptor(descriptor)
    return Expected("incorrect-label", "stations.csv", 1, 8)


@fault("drift", (GENERIC_1,))
def missing_value_forgotten(p: Package) -> Expected:
    """The sign for what is missing is taken from the schema while a cell has it."""
    descriptor = p.descriptor()
    p.resource(descriptor, "stations")["schema"]["missingValues"] = [""]
    p.save_descriptor(descriptor)
    return p.at(Spot("stations", 4, "crew"), "type-error")


@fault("drift", (GENERIC_1,))
def column_made_unique(p: Package) -> Expected:
    """A column with a value that stands twice is declared to be unique."""
    descriptor = p.descriptor()
    p.field(descriptor, Spot("visits", 5, "inspector"))["constraints"] = {"unique": True}
    p.save_descriptor(descriptor)
    return p.at(Spot("visits", 5, "inspector"), "unique-error")


@fault("drift", (OURS,))
def code_renamed_here(p: Package) -> Expected:
    """A code of a list is renamed and the cells that have it are not."""
    path = "schemas/codes/actor_type.yaml"
    p.write(path, p.raw(path).replace(b"medium:", b"news_medium:"))
    return p.at(p.of("actors", "dalby-courier", "actor_type"), "constraint-error")


@fault("drift", (OURS,))
def column_added_to_our_schema(p: Package) -> Expected:
    """A column is added to a table's schema and not to its file."""
    path = "schemas/tombstones.yaml"
    field = b"  - name: remark\n    type: string\n    title: Remark\n    description: A remark.\n"
    p.write(path, p.raw(path).rstrip(b"\n") + b"\n" + field)
    return Expected("missing-label", p.file("tombstones"), 1)


@fault("drift", (OURS,))
def bound_tightened_here(p: Package) -> Expected:
    """The radius of a place may be less than a row has."""
    p.replace("schemas/fields.yaml", "maximum: 1000000", "maximum: 3999")
    return p.at(p.of("locations", "calder", "radius_m"), "constraint-error")


@fault("drift", (OURS,))
def schema_with_unknown_key(p: Package) -> Expected:
    """A schema has a key that means nothing."""
    path = "schemas/actors.yaml"
    p.write(path, p.raw(path) + b"colour: red\n")
    return Expected("schema-error", path)


@fault("drift", (OURS,))
def schema_that_is_no_yaml(p: Package) -> Expected:
    """A schema is indented with a tab."""
    path = "schemas/actors.yaml"
    p.write(path, p.raw(path) + b"\tcolour: red\n")
    return Expected("schema-error", path)


@fault("drift", (OURS,))
def rule_that_does_not_run(p: Package) -> Expected:
    """A rule reads a column that was renamed."""
    path = "schemas/rules/locations__sentinel_point.sql"
    p.write(path, p.raw(path).replace(b"latitude", b"lat"))
    return Expected("rule-error", path)


@fault("drift", (OURS,))
def waiver_of_nothing(p: Package) -> Expected:
    """A waiver excuses a finding that there is not."""
    path = "schemas/rules/waivers.csv"
    columns = p.layout("waivers").columns
    cells = {"waiver_id": "orvessa-point", "rule": "locations__sentinel_point", "record_id": "orvessa"}
    cells |= {"note": "The point is right.", "decided_by": "curator-1"}
    p.write(path, p.raw(path) + (",".join(cells.get(column, "") for column in columns) + "\n").encode())
    return Expected("unused-waiver", path, 2)

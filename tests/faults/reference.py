"""References to nothing."""

from __future__ import annotations

from .harness import GENERIC_1, GENERIC_2, OURS, Expected, Package, Spot, fault

FOREIGN = "foreign-key"


@fault("reference")
def reference_misspelt(p: Package) -> Expected:
    """A reference is a letter off."""
    spot = p.spot("reference")
    p.set(spot, p.cell(spot)[:-1])
    return p.at(spot, FOREIGN)


@fault("reference")
def reference_in_other_case(p: Package) -> Expected:
    """A reference is in the other case."""
    spot = p.spot("reference")
    p.set(spot, p.cell(spot).swapcase())
    return p.at(spot, FOREIGN)


@fault("reference")
def optional_reference_to_nothing(p: Package) -> Expected:
    """A reference that might be empty is to nothing."""
    spot = p.spot("optional_reference")
    p.set(spot, "999")
    return p.at(spot, FOREIGN)


@fault("reference", (OURS, GENERIC_2))
def self_reference_to_nothing(p: Package) -> Expected:
    """A row refers to a row of its own table that does not exist."""
    spot = p.spot("self_reference")
    p.set(spot, "nowhere")
    return p.at(spot, FOREIGN)


@fault("reference", (GENERIC_1,))
def integer_reference_to_nothing(p: Package) -> Expected:
    """A reference to an integer key is to one that no file of the table has."""
    spot = p.spot("integer_reference")
    p.set(spot, "70")
    return p.at(spot, FOREIGN)


@fault("reference", (OURS,))
def reference_to_other_table(p: Package) -> Expected:
    """A reference is a key of another table."""
    spot = p.spot("reference")
    p.set(spot, "orvessa")
    return p.at(spot, FOREIGN)


@fault("reference", (OURS,))
def pair_to_other_table(p: Package) -> Expected:
    """Of a reference to any record the table is another than the one that has the key."""
    spot = p.spot("pair_reference")
    p.set(spot._replace(column="subject_table"), "strikes")
    return p.at(spot, FOREIGN)


@fault("reference", (OURS,))
def pair_to_nothing(p: Package) -> Expected:
    """Of a reference to any record the key is none."""
    spot = p.spot("pair_reference")
    p.set(spot, "capture-of-orvesa")
    return p.at(spot, FOREIGN)


@fault("reference", (OURS,))
def half_a_pair(p: Package) -> Expected:
    """A second record is named by its key, without its table."""
    spot = p.of("figures", "orvessa-calder-distance", "related_id")
    p.set(spot._replace(column="related_table"), "")
    return p.at(spot, FOREIGN)


@fault("reference", (OURS,))
def claimed_reference_to_nothing(p: Package) -> Expected:
    """A claim states a place that no row has."""
    spot = p.of("claims", "orvessa-story-0016", "field")
    p.set(spot, "location_id")
    p.set(spot._replace(column="value_text"), "tessel-ferry")
    return p.at(spot._replace(column="value_text"), FOREIGN)


@fault("reference", (OURS,))
def row_referred_to_deleted(p: Package) -> list[Expected]:
    """A row to which others refer is deleted."""
    p.delete_row("actors", p.find("actors", "dalby-courier"))
    return [p.at(p.of("sources", "orvessa-story", "publisher_id"), FOREIGN)]


@fault("reference", (GENERIC_1, GENERIC_2))
def target_row_deleted(p: Package) -> list[Expected]:
    """A row to which rows of two tables refer is deleted."""
    spot = p.spot("referred_key")
    p.delete_row(spot.table, spot.row)
    if p.name == GENERIC_1:
        return [
            p.at(Spot("readings", 2, "station_id", 2), FOREIGN),
            p.at(Spot("visits", 4, "station_id"), FOREIGN),
        ]
    return [
        p.at(Spot("sightings", 3, "species_id"), FOREIGN),
        Expected(FOREIGN, "data/traps.parquet", 2, 2),
    ]


@fault("reference", (OURS, GENERIC_1, GENERIC_2))
def target_renamed(p: Package) -> list[Expected]:
    """A key is renamed in its own table alone."""
    if p.name == OURS:
        p.set(p.of("sources", "marn-register", "source_id"), "marn-registry")
        return [p.at(p.of("claims", f"marn-register-000{n}", "source_id"), FOREIGN) for n in (1, 6)]
    spot = p.spot("referred_key")
    p.set(spot, "XX-999")
    if p.name == GENERIC_1:
        return [p.at(Spot("readings", 2, "station_id", 2), FOREIGN)]
    return [p.at(Spot("sightings", 3, "species_id"), FOREIGN)]


@fault("reference", (GENERIC_2,))
def reference_to_nothing_in_parquet(p: Package) -> Expected:
    """A reference in a Parquet file is to nothing."""
    import pyarrow as pa

    names = pa.array(["lasio-mala-neu", "saturn-act-lun", None, "lasio-mall"])
    p.save_parquet("traps", p.parquet("traps").set_column(1, "species_id", names))
    return Expected(FOREIGN, "data/traps.parquet", 4, 2)


@fault("reference")
def reference_with_space(p: Package) -> Expected:
    """A space stands behind a reference."""
    spot = p.spot("reference")
    p.set(spot, p.cell(spot) + " ")
    return p.at(spot, (FOREIGN, "surrounding-space"))


@fault("reference", (OURS,))
def code_list_for_reference(p: Package) -> Expected:
    """The table of a reference is none that there is."""
    spot = p.spot("pair_reference")._replace(column="subject_table")
    p.set(spot, "events")
    return p.at(spot, "constraint-error")


@fault("reference", (OURS,))
def seed_of_no_source(p: Package) -> Expected:
    """A list of places names a source that does not exist."""
    spot = Spot("places", 2, "source_id")
    p.set(spot, "marn-gazette")
    return p.at(spot, FOREIGN)

"""Keys that stand twice or are missing."""

from __future__ import annotations

from .harness import GENERIC_1, GENERIC_2, OURS, Expected, Package, Spot, fault

PRIMARY, UNIQUE = "primary-key", "unique-error"


def copied(p: Package, spot: Spot, row: int) -> Expected:
    """Gives the cell of `spot` what stands in the same column of `row`."""
    p.set(spot, p.cell(spot._replace(row=row)))
    return p.at(spot, PRIMARY)


@fault("key")
def key_twice(p: Package) -> Expected:
    """A row has the key of the row above."""
    spot = p.spot("key")
    return copied(p, spot, spot.row - 1)


@fault("key")
def row_twice(p: Package) -> Expected:
    """A whole row stands twice."""
    spot = p.spot("key")
    p.insert_row(spot.table, spot.row + 1, p.text_of_row(spot.table, spot.row))
    return p.at(spot._replace(row=spot.row + 1), PRIMARY)


@fault("key")
def row_again_at_the_end(p: Package) -> Expected:
    """The first row stands a second time at the end."""
    spot = p.spot("key")
    p.insert_row(spot.table, p.count(spot.table) + 1, p.text_of_row(spot.table, 1))
    return p.at(spot._replace(row=p.count(spot.table)), PRIMARY)


@fault("key")
def key_empty(p: Package) -> Expected:
    """A key is empty."""
    spot = p.spot("key")
    p.set(spot, "")
    return p.at(spot, (PRIMARY, "constraint-error"))


@fault("key", (GENERIC_1,))
def key_missing_by_sign(p: Package) -> Expected:
    """A key holds a sign for what is missing."""
    spot = p.spot("key")
    p.set(spot, "NA")
    return p.at(spot, PRIMARY)


@fault("key", (GENERIC_1, GENERIC_2))
def integer_key_written_otherwise(p: Package) -> Expected:
    """An integer is the key of the row above with a zero in front."""
    spot = p.spot("integer_key")
    p.set(spot, "0" + p.cell(spot._replace(row=spot.row - 1)))
    return p.at(spot, PRIMARY)


@fault("key", (GENERIC_1,))
def key_twice_over_files(p: Package) -> Expected:
    """A key of the second file of a table stood in the first."""
    spot = p.spot("integer_key")
    p.set(spot, "5")
    return p.at(spot, PRIMARY)


@fault("key", (OURS,))
def key_twice_over_parts(p: Package) -> Expected:
    """A key of one part of a table stands in another part."""
    header, first = p.raw(p.file("names")).splitlines(keepends=True)[:2]
    p.write("data/names/orvessa-story.csv", header + first)
    return Expected(PRIMARY, "data/names/orvessa-story.csv", 2, 1)


@fault("key", (OURS,))
def key_in_capitals(p: Package) -> Expected:
    """A key has a capital letter."""
    spot = p.spot("key")
    p.set(spot, "Lake-watch-1")
    return p.at(spot, "constraint-error")


@fault("key", (OURS,))
def key_with_underscore(p: Package) -> Expected:
    """The words of a key are joined by underscores."""
    spot = p.spot("key")
    p.set(spot, "lake_watch_1")
    return p.at(spot, "constraint-error")


@fault("key", (OURS,))
def key_with_accent(p: Package) -> Expected:
    """A key has an accented letter."""
    spot = p.spot("key")
    p.set(spot, "làke-watch-1")
    return p.at(spot, "constraint-error")


@fault("key", (GENERIC_1,))
def unique_cell_twice(p: Package) -> Expected:
    """A cell of a unique column stands twice."""
    spot = p.spot("unique")
    p.set(spot, p.cell(spot._replace(row=1)))
    return p.at(spot, UNIQUE)


@fault("key", (GENERIC_1,))
def unique_pair_twice(p: Package) -> Expected:
    """Two columns that are unique together stand twice, one of them written in another way."""
    p.set(Spot("visits", 6, "visited"), "5.1.2021")
    return p.at(Spot("visits", 6, "visited"), UNIQUE, column=False)


@fault("key", (GENERIC_2,))
def key_twice_in_parquet(p: Package) -> Expected:
    """A key of a Parquet file stands twice."""
    import pyarrow as pa

    p.save_parquet("traps", p.parquet("traps").set_column(0, "trap_id", pa.array([1, 2, 3, 2])))
    return Expected(PRIMARY, "data/traps.parquet", 4, 1)


@fault("key", (GENERIC_2,))
def key_missing_in_parquet(p: Package) -> Expected:
    """A key of a Parquet file is null."""
    import pyarrow as pa

    p.save_parquet("traps", p.parquet("traps").set_column(0, "trap_id", pa.array([1, None, 3, 4])))
    return Expected(PRIMARY, "data/traps.parquet", 2, 1)

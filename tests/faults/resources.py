"""Files that are absent, damaged or not those of which the descriptor speaks."""

from __future__ import annotations

import gzip
import hashlib
from typing import Any

from .common import FILE, led, of_table, table_of
from .harness import GENERIC, GENERIC_1, GENERIC_2, OURS, Expected, NotHere, Package, Spot, fault


@fault("resources")
def file_absent(p: Package) -> Expected:
    """A file is not there."""
    table = "names" if p.name == OURS else table_of(p)
    p.table(table).unlink()
    return Expected("source-error", p.file(table))


@fault("resources", (GENERIC_1,))
def second_file_absent(p: Package) -> Expected:
    """The second file of a table is not there."""
    p.table("readings", 2).unlink()
    return Expected("source-error", "readings/2022.csv")


@fault("resources", GENERIC)
def byte_added(p: Package) -> Expected:
    """A file has a byte more than when its size was noted."""
    path = "method.txt" if p.name == GENERIC_1 else "data/species.csv"
    p.write(path, p.raw(path) + (b" " if p.name == GENERIC_1 else b"x,X,,family,,,\r\n"), digests=False)
    return Expected(("byte-count", "hash-count"), path)


@fault("resources", GENERIC)
def byte_changed(p: Package) -> Expected:
    """A file has as many bytes as before and another digest."""
    path, old, new = ("method.txt", b"1950", b"1951") if p.name == GENERIC_1 else ("data/species.csv", b"1820", b"1821")
    p.write(path, p.raw(path).replace(old, new), digests=False)
    return Expected("hash-count", path)


@fault("resources", (GENERIC_2,))
def byte_changed_under_md5(p: Package) -> Expected:
    """A file whose digest is an MD5 without a name has another one."""
    p.write("data/sightings.csv", p.raw("data/sightings.csv").replace(b"PT45M", b"PT46M"), digests=False)
    return Expected("hash-count", "data/sightings.csv")


@fault("resources", (GENERIC_2,))
def parquet_changed(p: Package) -> Expected:
    """A byte of a Parquet file is another, where no reader looks."""
    data = bytearray(p.raw("data/traps.parquet"))
    data[len(data) // 2] ^= 1
    p.write("data/traps.parquet", bytes(data), digests=False)
    return Expected(("hash-count", "source-error"), "data/traps.parquet")


@fault("resources", (GENERIC_2,))
def parquet_cut_off(p: Package) -> Expected:
    """A Parquet file ends in its middle."""
    data = p.raw("data/traps.parquet")
    p.write("data/traps.parquet", data[: len(data) // 2])
    return Expected("source-error", "data/traps.parquet")


@fault("resources", (GENERIC_2,))
def csv_for_parquet(p: Package) -> Expected:
    """A file that is said to be Parquet is CSV."""
    p.write("data/traps.parquet", b"trap_id,species_id,lit,height_m\n1,lasio,true,2\n")
    return Expected("source-error", "data/traps.parquet")


@fault("resources", GENERIC)
def size_in_descriptor_wrong(p: Package) -> Expected:
    """The size in the descriptor is another than that of the file."""
    descriptor = p.descriptor()
    name = "method" if p.name == GENERIC_1 else "species"
    p.resource(descriptor, name)["bytes"] += 1
    p.save_descriptor(descriptor)
    return Expected("byte-count", "method.txt" if p.name == GENERIC_1 else "data/species.csv")


@fault("resources", GENERIC)
def digest_of_other_algorithm(p: Package) -> Expected:
    """The digest in the descriptor is of the right form and of other bytes."""
    descriptor = p.descriptor()
    name = "method" if p.name == GENERIC_1 else "species"
    p.resource(descriptor, name)["hash"] = "sha1:" + hashlib.sha1(b"other").hexdigest()
    p.save_descriptor(descriptor)
    return Expected("hash-count", "method.txt" if p.name == GENERIC_1 else "data/species.csv")


@fault("resources", GENERIC)
def table_in_descriptor(p: Package) -> Expected:
    """A table stands in the descriptor itself."""

    def edit(resource: dict[str, Any]) -> None:
        del resource["path"]
        resource["data"] = [{"a": 1}]

    return of_table(p, "format-error", "", edit)


@fault("resources", GENERIC)
def compressed_table(p: Package) -> Expected:
    """A table is compressed, and its name says so."""
    path = p.file(table_of(p)) + ".gz"
    p.write(path, gzip.compress(p.raw(p.file(table_of(p))), mtime=0))
    return led(p, path, "compression-error")


@fault("resources", GENERIC)
def spreadsheet_for_table(p: Package) -> Expected:
    """A table is said to be a spreadsheet."""
    path = p.file(table_of(p)).replace(".csv", ".xlsx")
    p.write(path, b"PK\x03\x04")

    def edit(resource: dict[str, Any]) -> None:
        resource.update(path=path, format="xlsx")

    return of_table(p, "format-error", "", edit)


@fault("resources", GENERIC)
def two_resources_exchanged(p: Package) -> Expected:
    """The paths of two resources have changed places."""
    if p.name == GENERIC_2:
        raise NotHere
    descriptor = p.descriptor()
    one, two = p.resource(descriptor, "stations"), p.resource(descriptor, "visits")
    one["path"], two["path"] = two["path"], one["path"]
    p.save_descriptor(descriptor)
    return Expected(("incorrect-label", "missing-label", "extra-label"), "visits.csv", 1)


@fault("resources")
def header_without_rows(p: Package) -> Expected:
    """The rows of a table to which others refer are gone, its header is left."""
    if p.name == OURS:
        p.write("data/locations/hand.csv", p.raw("data/locations/hand.csv").splitlines(keepends=True)[0])
        return p.at(p.of("strikes", "register-17", "location_id"), "foreign-key")
    table, spot = (
        ("stations", Spot("readings", 1, "station_id"))
        if p.name == GENERIC_1
        else (
            "species",
            Spot("sightings", 1, "species_id"),
        )
    )
    p.write(p.file(table), p.raw(p.file(table)).splitlines(keepends=True)[0])
    return p.at(spot, "foreign-key")


@fault("resources", (OURS,))
def descriptor_of_other_schema(p: Package) -> Expected:
    """The committed descriptor is not what the schemas say: a warning, which `fmt` mends."""
    descriptor = p.descriptor()
    descriptor["title"] = "Something else"
    p.save_descriptor(descriptor)
    return Expected("canonical-form", FILE, severity="warning")

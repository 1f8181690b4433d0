"""Paths that lead elsewhere, and files that are none."""

from __future__ import annotations

import os
import shutil

from .common import led, of_table, table_of
from .harness import GENERIC, GENERIC_1, GENERIC_2, OURS, Expected, Package, fault

REFUSED = ("source-error", "resource-error")
"""Of a path that may not be: the second where the specification itself forbids it."""


@fault("paths", GENERIC)
def path_that_is_absolute(p: Package) -> Expected:
    """A path begins at the root of the disk."""
    return led(p, str(p.root / p.file(table_of(p))), REFUSED)


@fault("paths", GENERIC)
def path_that_climbs(p: Package) -> Expected:
    """A path climbs out of the package and comes back."""
    return led(p, f"../{p.root.name}/{p.file(table_of(p))}", REFUSED)


@fault("paths", GENERIC)
def path_that_is_hidden(p: Package) -> Expected:
    """A path leads through a hidden folder."""
    p.write(f".cache/{table_of(p)}.csv", p.raw(p.file(table_of(p))))
    return led(p, f".cache/{table_of(p)}.csv", REFUSED)


@fault("paths", GENERIC)
def path_with_backslash(p: Package) -> Expected:
    """A path has the separators of another system."""
    p.write(f"more/{table_of(p)}.csv", p.raw(p.file(table_of(p))))
    return led(p, f"more\\{table_of(p)}.csv", REFUSED)


@fault("paths", GENERIC)
def path_that_is_an_address(p: Package) -> Expected:
    """A path is an address."""
    return led(p, "http://127.0.0.1:9/stations.csv", "scheme-error")


@fault("paths", GENERIC)
def path_of_a_bucket(p: Package) -> Expected:
    """A path is an address of a store of objects."""
    return led(p, "s3://tides/stations.csv", "scheme-error")


@fault("paths", GENERIC)
def path_in_other_case(p: Package) -> Expected:
    """A path is in another case than the file, which some systems forgive."""
    path = p.file(table_of(p)).replace("stations", "Stations").replace("sightings", "Sightings")
    led(p, path, "source-error")
    return Expected("source-error", path)


@fault("paths", (GENERIC_1,))
def path_of_a_folder(p: Package) -> Expected:
    """A path leads to a folder."""
    led(p, "readings", "source-error")
    return Expected("source-error", "readings")


@fault("paths", GENERIC)
def path_twice_in_a_list(p: Package) -> Expected:
    """A list of paths names one file twice."""
    return of_table(p, "resource-error", "", lambda r: r.update(path=[p.file(table_of(p))] * 2))


@fault("paths", GENERIC)
def link_out_of_the_package(p: Package) -> Expected:
    """A file is a link to one outside the package."""
    path = p.table(table_of(p))
    shutil.move(path, p.root.parent / "elsewhere.csv")
    path.symlink_to(p.root.parent / "elsewhere.csv")
    return Expected("source-error", p.file(table_of(p)))


@fault("paths", (GENERIC_2,))
def folder_that_is_a_link(p: Package) -> Expected:
    """The folder of a file is a link to another one of the package."""
    (p.root / "data").rename(p.root / "real")
    (p.root / "data").symlink_to("real")
    return Expected("source-error", "data/species.csv")


@fault("paths", (OURS,))
def link_out_of_the_package_here(p: Package) -> Expected:
    """A file of a table is a link to one outside."""
    path = p.table("names")
    shutil.move(path, p.root.parent / "elsewhere.csv")
    path.symlink_to(p.root.parent / "elsewhere.csv")
    return Expected("source-error", p.file("names"))


@fault("paths")
def pipe_for_file(p: Package) -> Expected:
    """A file is a pipe, on which a reader waits for ever."""
    table = "names" if p.name == OURS else table_of(p)
    p.table(table).unlink()
    os.mkfifo(p.table(table))
    return Expected("source-error", p.file(table))


@fault("paths")
def folder_for_file(p: Package) -> Expected:
    """A folder has the name of a file."""
    table = "names" if p.name == OURS else table_of(p)
    p.table(table).unlink()
    p.table(table).mkdir()
    return Expected("source-error", p.file(table))


@fault("paths")
def link_to_itself(p: Package) -> Expected:
    """A file is a link to itself."""
    table = "names" if p.name == OURS else table_of(p)
    p.table(table).unlink()
    p.table(table).symlink_to(p.table(table).name)
    return Expected("source-error", p.file(table))


@fault("paths", (OURS,))
def file_in_no_table(p: Package) -> Expected:
    """A file lies in a folder of no table."""
    p.write("data/battles/hand.csv", b"battle_id\n")
    return Expected("unexpected-file", "data/battles/hand.csv")


@fault("paths", (OURS,))
def copy_of_an_editor(p: Package) -> Expected:
    """An editor has left its copy of a file behind."""
    p.write("data/names/hand.csv.orig", p.raw("data/names/hand.csv"))
    return Expected("unexpected-file", "data/names/hand.csv.orig")


@fault("paths", (OURS,))
def file_in_folder_of_a_part(p: Package) -> Expected:
    """A part of a table lies a folder too deep."""
    p.write("data/names/new/hand.csv", p.raw("data/names/hand.csv").splitlines(keepends=True)[0])
    return Expected("unexpected-file", "data/names/new/hand.csv")


@fault("paths", (OURS,))
def seed_of_other_name(p: Package) -> Expected:
    """A list in the folder of a source has a name that is none of those."""
    p.write("seeds/marn-register/place.csv", p.raw("seeds/marn-register/places.csv"))
    return Expected("unexpected-file", "seeds/marn-register/place.csv")

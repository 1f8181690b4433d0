"""The places of a whole GED release as UCDP itself names them: countries, two levels of units, and named points.

No gazetteer takes part. A unit is told by its country and names, a point by its name and coordinates; keys are made of
these, so that every release makes the same: letters a to z and digits of a name, and where any other letter is lost by
that, or the end of a long name, a mark of the whole name. What kind of place a point is follows from the words of its
name, as in the Syrian import; where no word tells it, it is `unspecified`. Pure functions on columns.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

import polars as pl

from bastions.curate.spelling import mark
from bastions.curate.ucdp_events import claim_cells
from bastions.curate.ucdp_kinds import of_point

LONGEST = 60
"""Named limit: characters of a name that a key takes."""


def slug(name: str) -> str:
    """A name as a key: lower-case Latin words joined by hyphens, and a mark of the name where letters are lost."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if unicodedata.category(c)[0] != "M").lower()
    plain = re.sub("[^a-z0-9]+", "-", bare).strip("-")
    lost = not plain or len(plain) > LONGEST or any(c.isalnum() and not c.isascii() for c in bare)
    return "-".join(filter(None, (plain[:LONGEST].strip("-"), mark(name) if lost else "")))


def _slugs(events: pl.DataFrame, column: str) -> pl.Expr:
    known = {name: slug(name) for name in events.get_column(column).drop_nulls().unique()}
    return pl.col(column).replace_strict(known, default=None, return_dtype=pl.String)


def keyed(events: pl.DataFrame) -> pl.DataFrame:
    """The events with the keys of country, units and point, and `location_id`, the one that their precision means.

    Args:
        events: As `ucdp_release.typed` gives them.
    """
    country = pl.format("ucdp-country-{}", "country_id")

    def degrees(column: str, signs: str) -> pl.Expr:
        number = (pl.col(column).cast(pl.Float64) * 1_000_000).round().cast(pl.Int64)
        sign = pl.when(number < 0).then(pl.lit(signs[1])).otherwise(pl.lit(signs[0]))
        return pl.concat_str(sign, number.abs().cast(pl.String))

    named = _slugs(events, "where_coordinates")
    units = events.with_columns(
        country.alias("country_key"),
        pl.when(pl.col("adm_1").is_not_null())
        .then(pl.format("{}-{}", country, _slugs(events, "adm_1")))
        .alias("adm_1_key"),
        pl.concat_str(named, degrees("latitude", "ns"), degrees("longitude", "ew"), separator="-").alias("place_key"),
    ).with_columns(
        pl.when(pl.col("adm_2").is_not_null())
        .then(pl.format("{}-in-{}", pl.coalesce("adm_1_key", "country_key"), _slugs(events, "adm_2")))
        .alias("adm_2_key")
    )
    meant = (
        pl.when(pl.col("where_prec") == "6")
        .then("country_key")
        .when((pl.col("where_prec") == "4") & pl.col("adm_1_key").is_not_null())
        .then("adm_1_key")
        .when((pl.col("where_prec") == "3") & pl.col("adm_2_key").is_not_null())
        .then("adm_2_key")
        .otherwise("place_key")
    )
    return units.with_columns(meant.alias("location_id"))


def locations(events: pl.DataFrame, countries: Mapping[str, str]) -> pl.DataFrame:
    """The places that events need, each with the places that enclose it and the event that names it first.

    Args:
        events: As `keyed` gives them.
        countries: Gleditsch and Ward's number to ISO code, of the countries that our list has.

    Returns:
        The columns of `locations`, `id` of an event, and for countries `gwno`.
    """
    iso = pl.col("country_id").replace_strict(dict(countries), default=None, return_dtype=pl.String)
    nothing = pl.lit(None, pl.String)

    def rows(key: str, name: str, kind: pl.Expr, parent: pl.Expr, point: bool, number: pl.Expr) -> pl.DataFrame:
        return events.filter(pl.col(key).is_not_null()).select(
            pl.col(key).alias("location_id"),
            pl.col(name).str.slice(0, 300).alias("name"),
            kind.alias("location_type"),
            parent.alias("parent_id"),
            iso.alias("country"),
            (pl.col("latitude") if point else nothing).alias("latitude"),
            (pl.col("longitude") if point else nothing).alias("longitude"),
            "id",
            number.alias("gwno"),
        )

    kinds = {name: of_point(name) for name in events.get_column("where_coordinates").unique()}
    kind = (
        pl.when(pl.col("where_prec") == "7")
        .then(pl.lit("sea"))
        .otherwise(pl.col("where_coordinates").replace_strict(kinds, default="unspecified", return_dtype=pl.String))
    )
    unit = pl.coalesce("adm_2_key", "adm_1_key", "country_key")
    inside = pl.when(pl.col("where_prec") != "7").then(unit)
    country = rows("country_key", "country", pl.lit("country"), nothing, False, pl.col("country_id"))
    first = rows("adm_1_key", "adm_1", pl.lit("governorate"), pl.col("country_key"), False, nothing)
    above = pl.coalesce("adm_1_key", "country_key")
    second = rows("adm_2_key", "adm_2", pl.lit("district"), above, False, nothing)
    points = rows("place_key", "where_coordinates", kind, inside, True, nothing)
    points = points.join(events.select(location_id="location_id").unique(), "location_id", "semi")
    return unique([country, first, second, points])


def unique(frames: list[pl.DataFrame]) -> pl.DataFrame:
    """Places by key and name, each as it first stands; `first_named` takes one of each key."""
    return pl.concat(frames).unique(["location_id", "name"], keep="first", maintain_order=True)


def first_named(places: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, list[str]]]:
    """One place of each key, and the names of those keys that stand for several, as they are written in GED."""
    several = places.filter(pl.col("location_id").is_duplicated())
    names: dict[str, list[str]] = {}
    for key, name in several.select("location_id", "name").iter_rows():
        names.setdefault(key, []).append(name)
    return places.unique("location_id", keep="first", maintain_order=True), names


def claims(places: pl.DataFrame, source_id: str) -> pl.DataFrame:
    """The `exists` claim of each place."""
    return places.select(
        *claim_cells(source_id, pl.format("place-{}", "location_id")),
        pl.format("id={};column=where_coordinates", "id").alias("locator"),
        pl.lit("locations").alias("subject_table"),
        pl.col("location_id").alias("subject_id"),
        pl.lit("exists").alias("field"),
        pl.lit("name").alias("covers"),
        pl.lit("UCDP places events there.").alias("statement"),
    )


def identifiers(places: pl.DataFrame) -> pl.DataFrame:
    """Gleditsch and Ward's numbers of the countries."""
    return places.filter(pl.col("gwno").is_not_null()).select(
        pl.format("{}-gwno", "location_id").alias("identifier_id"),
        pl.lit("locations").alias("subject_table"),
        pl.col("location_id").alias("subject_id"),
        pl.lit("gwno").alias("scheme"),
        pl.col("gwno").alias("identifier"),
        pl.lit("exact").alias("match"),
    )

"""UCDP GED events as rows of our tables: pure functions on columns, one for each table, for any number of events.

Both the Syrian import (`ucdp_ged`) and the conversion of whole releases (`ucdp_ged_world`) are made of these. Every
cell is text in canonical form; null is not stated.

The days of an event are UCDP's own. With a precision other than 1 they bound a window in which it happened, and the
claim's note says so; they are not marked approximate, since a tolerance would widen what UCDP bounds exactly, and
`as_ucdp_ged` would not give the same days and precision back.
"""

from __future__ import annotations

import polars as pl

from bastions.curate.job import DATASET
from bastions.curate.ucdp_release import CIVILIANS

TYPES = {"1": "state_based_violence", "2": "non_state_violence", "3": "one_sided_violence"}
"""Type of violence to `engagement_type`: the exact matches of its crosswalk."""

CLARITY = {"1": "individual", "2": "aggregate"}
"""Event clarity to `event_clarity`."""

COUNTING = {"1": "ucdp_deaths", "2": "ucdp_deaths_aggregate"}
"""Event clarity to the rule by which the dead are counted."""

RELATIONS = {"1": "at", "2": "near", "3": "within", "4": "within", "6": "within", "7": "within"}
"""Precision of the place to `location_relation`; of 5, neither a point nor a unit, UCDP does not say how it lies."""

_PLACED = {"1": "at", "2": "near", "3": "in", "4": "in", "5": "in the area of", "6": "in", "7": "in"}

PARTS = {
    "deaths_a": ("fighters", "of side A"),
    "deaths_b": ("fighters", "of side B"),
    "deaths_civilians": ("civilians", "among civilians"),
    "deaths_unknown": ("undetermined", "of whom it does not know what they were"),
}
"""Component of best: the group that it counts, and how a statement names them."""

AFFECTED = "civilians"
"""The actor on whom one-sided violence falls."""

LONGEST = 300
"""Named limit: characters of a name; a longer one gives way to UCDP's id of the event."""


def engagement_id() -> pl.Expr:
    """The key of an event."""
    return pl.format("ucdp-ged-{}", "id")


def _code(column: str, codes: dict[str, str]) -> pl.Expr:
    return pl.col(column).replace_strict(codes, default=None, return_dtype=pl.String)


def claim_cells(source_id: str, what: pl.Expr) -> list[pl.Expr]:
    """The cells that all claims of a release have alike; `what` ends their keys."""
    return [
        pl.format("{}-{}", pl.lit(source_id), what).alias("claim_id"),
        pl.lit(source_id).alias("source_id"),
        *(pl.lit(text).alias(column) for column, text in DATASET.items()),
    ]


def engagements(events: pl.DataFrame) -> pl.DataFrame:
    """One row an event.

    Args:
        events: As `ucdp_release.typed` gives them, with `location_id`.
    """
    day = pl.when(pl.col("days") > 1).then(pl.format("{} to {}", "date_start", "date_end")).otherwise("date_start")
    sides = (
        pl.when(pl.col("type_of_violence") == CIVILIANS)
        .then(pl.format("{} against civilians", "side_a"))
        .otherwise(pl.format("{} and {}", "side_a", "side_b"))
    )
    name = pl.format("{} {} {}, {}", sides, _code("where_prec", _PLACED), "where_coordinates", day)
    return events.select(
        engagement_id().alias("engagement_id"),
        pl.when(name.str.len_chars() <= LONGEST)
        .then(name)
        .otherwise(pl.format("UCDP GED event {}", "id"))
        .alias("name"),
        _code("type_of_violence", TYPES).alias("engagement_type"),
        _code("event_clarity", CLARITY).alias("event_clarity"),
        "date_start",
        "date_end",
        "location_id",
        pl.when(pl.col("location_id").is_not_null()).then(_code("where_prec", RELATIONS)).alias("location_relation"),
        "latitude",
        "longitude",
        "where_prec",
    )


def event_claims(events: pl.DataFrame, source_id: str) -> pl.DataFrame:
    """The one `exists` claim of each event; `utterance_id` is the column of that name in `events`, where it has one."""
    window = pl.format(
        "The days bound a window of {} days in which it happened; UCDP gives the precision of the date as {}.",
        "days",
        "date_prec",
    )
    place = (
        pl.when(pl.col("location_id").is_null())
        .then(pl.lit(""))
        .when(pl.col("where_prec").is_in(list(RELATIONS)))
        .then(pl.lit("location_id location_relation "))
        .otherwise(pl.lit("location_id "))
    )
    start = pl.lit("engagement_type event_clarity date_start date_end ")
    return events.select(
        *claim_cells(source_id, pl.format("{}-exists", "id")),
        pl.format("id={}", "id").alias("locator"),
        pl.lit("engagements").alias("subject_table"),
        engagement_id().alias("subject_id"),
        pl.lit("exists").alias("field"),
        pl.concat_str(start, place, pl.lit("latitude longitude where_prec")).alias("covers"),
        pl.format("UCDP has a lethal event of this kind in {} on these days.", "country").alias("statement"),
        pl.when(pl.col("days") > 1).then(window).alias("note"),
        *([pl.col("utterance_id")] if "utterance_id" in events.columns else []),
    )


def sides(events: pl.DataFrame, actors: pl.DataFrame) -> pl.DataFrame:
    """The actors of each event.

    Args:
        events: The events.
        actors: `raw_id` (UCDP's id of a side), `actor_id` (who is entered as participant; several rows for several)
            and `whole_id` (for whom its dead are counted).

    Returns:
        One row an event and actor: `id`, `letter` (a, b or civilians), `called` (UCDP's name of the side), `several`
        (whether more actors are entered for it), `actor_id`, `side`, `role`.
    """
    one_sided = pl.col("type_of_violence") == CIVILIANS
    first = events.select(
        "id",
        pl.lit("a").alias("letter"),
        pl.col("side_a_new_id").alias("raw_id"),
        pl.col("side_a").alias("called"),
        pl.lit("side_a").alias("side"),
        pl.when(one_sided).then(pl.lit("initiator")).otherwise(pl.lit("belligerent")).alias("role"),
    )
    second = events.filter(~one_sided).select(
        "id",
        pl.lit("b").alias("letter"),
        pl.col("side_b_new_id").alias("raw_id"),
        pl.col("side_b").alias("called"),
        pl.lit("side_b").alias("side"),
        pl.lit("belligerent").alias("role"),
    )
    people = events.filter(one_sided).select(
        "id",
        pl.lit(AFFECTED).alias("letter"),
        pl.col("side_b").alias("called"),
        pl.lit(value=False).alias("several"),
        pl.lit(AFFECTED).alias("actor_id"),
        pl.lit("affected").alias("side"),
        pl.lit("victim").alias("role"),
    )
    entered = actors.select("raw_id", "actor_id", (pl.len().over("raw_id") > 1).alias("several"))
    named = pl.concat([first, second]).join(entered, on="raw_id", how="inner")
    return pl.concat([named.select(people.columns), people])


def participants(sided: pl.DataFrame) -> pl.DataFrame:
    """One row an actor's part, of what `sides` gives."""
    return sided.select(
        pl.format("ucdp-ged-{}-{}", "id", _part()).alias("participant_id"),
        pl.lit("engagements").alias("subject_table"),
        engagement_id().alias("subject_id"),
        "actor_id",
        "side",
        "role",
    )


def _part() -> pl.Expr:
    """What tells the participants of one event apart."""
    return pl.when(pl.col("letter") == AFFECTED).then("letter").otherwise(pl.format("{}-{}", "letter", "actor_id"))


def participant_claims(sided: pl.DataFrame, source_id: str) -> pl.DataFrame:
    """The `exists` claim of each participation, of what `sides` gives."""
    column = pl.when(pl.col("letter") == "a").then(pl.lit("side_a")).otherwise(pl.lit("side_b"))
    letter = pl.when(pl.col("letter") == "a").then(pl.lit("A")).otherwise(pl.lit("B"))
    as_member = pl.lit("It is one of those whom UCDP names together as this side.")
    return sided.select(
        *claim_cells(source_id, pl.format("{}-{}", "id", _part())),
        pl.format("id={};column={}", "id", column).alias("locator"),
        pl.lit("participants").alias("subject_table"),
        pl.format("ucdp-ged-{}-{}", "id", _part()).alias("subject_id"),
        pl.lit("exists").alias("field"),
        pl.lit("actor_id side role").alias("covers"),
        pl.format("UCDP has it on its side {} of the event.", letter).alias("statement"),
        pl.when("several").then(as_member).alias("note"),
    )


def counted(events: pl.DataFrame, actors: pl.DataFrame) -> pl.DataFrame:
    """The quantities of each event: its dead by the best estimate, and each component that is not coded 0.

    A component of 0 is UCDP's code for none counted, not a report that there were none, and has no row.

    Args:
        events: The events.
        actors: As for `sides`.

    Returns:
        `id`, `event_clarity`, `part` (best or the name of the component), `number`, `low`, `high`, `affected_actor_id`.
    """
    whole = actors.select("raw_id", "whole_id").unique("raw_id", keep="first", maintain_order=True)
    known = events.join(whole.rename({"raw_id": "side_a_new_id", "whole_id": "whole_a"}), "side_a_new_id", "left").join(
        whole.rename({"raw_id": "side_b_new_id", "whole_id": "whole_b"}), "side_b_new_id", "left"
    )
    keys = ["id", "event_clarity"]
    nobody = pl.lit(None, pl.String)
    unbounded = pl.lit(None, pl.Int64)
    frames = [
        known.select(
            *keys, pl.lit("best").alias("part"), pl.col("best").alias("number"), "low", "high",
            nobody.alias("affected_actor_id"),
        )
    ]  # fmt: skip
    for part, actor in zip(PARTS, ("whole_a", "whole_b", None, None), strict=True):
        frames.append(
            known.filter(pl.col(part) != 0).select(
                *keys, pl.lit(part).alias("part"), pl.col(part).alias("number"), unbounded.alias("low"),
                unbounded.alias("high"), (pl.col(actor) if actor else nobody).alias("affected_actor_id"),
            )
        )  # fmt: skip
    return pl.concat(frames)


def _figure_id() -> pl.Expr:
    ending = {"best": "deaths"} | {part: part.replace("_", "-") for part in PARTS}
    return pl.format("ucdp-ged-{}-{}", "id", _code("part", ending))


def figures(quantities: pl.DataFrame) -> pl.DataFrame:
    """One row a quantity, of what `counted` gives."""
    return quantities.select(
        _figure_id().alias("figure_id"),
        pl.lit("engagements").alias("subject_table"),
        engagement_id().alias("subject_id"),
        pl.lit("killed").alias("measure"),
        "affected_actor_id",
        _code("part", {part: group for part, (group, _) in PARTS.items()}).alias("affected_group"),
        pl.lit("count").alias("unit"),
        _code("event_clarity", COUNTING).alias("counting_rule"),
        pl.when(pl.col("part") != "best").then(pl.format("ucdp-ged-{}-deaths", "id")).alias("part_of_id"),
    )


def value_claims(quantities: pl.DataFrame, source_id: str) -> pl.DataFrame:
    """The `value` claim of each quantity, with UCDP's numbers untouched."""
    total = pl.col("part") == "best"
    whole = pl.format("UCDP's best estimate is {} dead; its own bounds are {} and {}.", "number", "low", "high")
    part = pl.format(
        "UCDP counts {} dead {}.", "number", _code("part", {name: words for name, (_, words) in PARTS.items()})
    )
    nought = pl.lit("Coded 0 by UCDP as its best estimate, beside a higher bound; it is no report that nobody died.")
    return quantities.select(
        *claim_cells(source_id, pl.format("{}-{}", "id", pl.col("part").str.replace_all("_", "-"))),
        pl.format("id={};column={}", "id", "part").alias("locator"),
        pl.lit("figures").alias("subject_table"),
        _figure_id().alias("subject_id"),
        pl.lit("value").alias("field"),
        pl.when(total).then(pl.lit("estimate")).otherwise(pl.lit("eq")).alias("comparator"),
        pl.col("number").cast(pl.String).alias("value"),
        pl.col("low").cast(pl.String).alias("value_min"),
        pl.col("high").cast(pl.String).alias("value_max"),
        pl.when(total).then(whole).otherwise(part).alias("statement"),
        pl.when(total & (pl.col("number") == 0)).then(nought).alias("note"),
    )


def identifiers(events: pl.DataFrame) -> pl.DataFrame:
    """UCDP's id of each event, and of the dyad and the conflict to which it assigns it."""
    schemes = (
        ("ucdp-ged", "id", "exact"),
        ("ucdp-dyad", "dyad_new_id", "broad"),
        ("ucdp-conflict", "conflict_new_id", "broad"),
    )
    return pl.concat(
        events.select(
            pl.format("ucdp-ged-{}-{}", "id", pl.lit(scheme)).alias("identifier_id"),
            pl.lit("engagements").alias("subject_table"),
            engagement_id().alias("subject_id"),
            pl.lit(scheme).alias("scheme"),
            pl.col(column).alias("identifier"),
            pl.lit(match).alias("match"),
        )
        for scheme, column, match in schemes
    )

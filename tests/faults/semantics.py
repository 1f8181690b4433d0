"""Rows that are well formed and cannot be true.

Most of it is about our own tables, which alone say what their cells mean; each is an edit of one or two cells.
"""

from __future__ import annotations

from .common import change, warned
from .harness import GENERIC, GENERIC_1, OURS, Expected, Package, fault

STORY, REGISTER = "orvessa-story", "marn-register"


@fault("semantics", (OURS,))
def capture_ends_before_it_begins(p: Package) -> Expected:
    """An engagement ends a day before it begins."""
    return change(p, "engagements", "register-18", "engagements__end_before_start", "date_end", date_end="2019-03-04")


@fault("semantics", (OURS,))
def strike_ends_before_it_begins(p: Package) -> Expected:
    """The times of a strike have changed places."""
    cells = {"time_start": "09:25:00", "time_end": "09:10:00"}
    return change(p, "strikes", "register-17", "strikes__end_before_start", "time_end", **cells)


@fault("semantics", (OURS,))
def source_looked_backwards(p: Package) -> Expected:
    """A source covers from 2019 to 2018."""
    cells = {"covers_from": "2019", "covers_to": "2018"}
    return change(p, "sources", REGISTER, "sources__end_before_start", "covers_to", **cells)


@fault("semantics", (OURS,))
def actor_ends_before_it_begins(p: Package) -> Expected:
    """An actor is dissolved before it is founded."""
    cells = {"active_from": "2016", "active_to": "2015"}
    return change(p, "actors", "lake-watch", "actors__end_before_start", "active_to", **cells)


@fault("semantics", (OURS,))
def placeholder_for_date(p: Package) -> Expected:
    """A date is the first of 1970, which programs write for none."""
    return change(p, "strikes", "register-17", "strikes__placeholder_date", "date_start", date_start="1970-01-01")


@fault("semantics", (OURS,))
def retrieved_before_published(p: Package) -> Expected:
    """The year of a retrieval is one too few."""
    rule = "sources__retrieved_before_published"
    return change(p, "sources", STORY, rule, "retrieved", retrieved="2018-03-09")


@fault("semantics", (OURS,))
def said_after_publication(p: Package) -> Expected:
    """What a story reports was said a week after the story."""
    rule = "utterances__said_after_publication"
    return change(p, "utterances", "orvessa-story-u1", rule, "said", said="2019-03-13")


@fault("semantics", (OURS,))
def weekday_resolved_to_other_day(p: Package) -> list[Expected]:
    """Monday is resolved to the day before it."""
    p.set(p.of("strikes", "tessel-bridge-raid", "date_end"), "2019-03-05")
    rule = "claims__weekday_mismatch"
    return [change(p, "claims", "orvessa-story-0017", rule, "value_text", value_text="2019-03-05")]


@fault("semantics", (OURS,))
def hour_without_day(p: Package) -> Expected:
    """The hour of a strike is known and its day is not."""
    return change(p, "strikes", "register-17", "strikes__time_without_day", "time_start", date_start="2019-03")


@fault("semantics", (OURS,))
def holder_before_it_existed(p: Package) -> Expected:
    """A force holds a town before it was founded."""
    return change(p, "control", "orvessa-red-banner", "control__holder_not_active", "holder_id", held_from="2010")


@fault("semantics", (OURS,))
def hold_ends_at_other_time(p: Package) -> Expected:
    """A hold ends a month before the capture that ended it."""
    rule = "control__turned_at_other_time"
    return change(p, "control", "orvessa-red-banner", rule, "end_engagement_id", held_to="2019-02-05")


@fault("semantics", (OURS,))
def baseline_in_the_future(p: Package) -> Expected:
    """A loss is measured against a year that has not come."""
    return change(p, "claims", "orvessa-story-0032", "claims__baseline_after_as_of", "baseline", baseline="2021")


@fault("semantics", (OURS,))
def null_island(p: Package) -> Expected:
    """A strike is where the equator meets the meridian of Greenwich."""
    cells = {"latitude": "0", "longitude": "0"}
    return change(p, "strikes", "register-17", "strikes__sentinel_point", "latitude", **cells)


@fault("semantics", (OURS,))
def coordinates_exchanged(p: Package) -> Expected:
    """Latitude and longitude of a strike have changed places."""
    cells = {"latitude": "-29.4", "longitude": "-45.02"}
    return warned(change(p, "strikes", "register-17", "strikes__point_far_from_place", "latitude", **cells))


@fault("semantics", (OURS,))
def sign_of_latitude_lost(p: Package) -> Expected:
    """A latitude has lost its minus, so that the strike is on the other half of the globe."""
    return warned(change(p, "strikes", "register-17", "strikes__point_far_from_place", "latitude", latitude="45.02"))


@fault("semantics", (OURS,))
def half_a_point(p: Package) -> Expected:
    """A place has a latitude and no longitude."""
    return change(p, "locations", "norhaven", "locations__half_a_point", "longitude", longitude="")


@fault("semantics", (OURS,))
def place_inside_itself(p: Package) -> Expected:
    """A place is its own parent."""
    return change(p, "locations", "marn", "locations__inside_itself", "parent_id", parent_id="marn")


@fault("semantics", (OURS,))
def country_of_parent(p: Package) -> Expected:
    """A town lies in another country than its province."""
    p.set(p.of("locations", "marn", "country"), "IQ")
    return change(p, "locations", "calder", "locations__country_of_parent", "country", country="SY")


@fault("semantics", (OURS,))
def radius_beyond_precision(p: Package) -> Expected:
    """A strike is precise to the place, give or take 90 km."""
    return change(p, "strikes", "register-17", "strikes__precision_unfit", "where_prec", radius_m="90000")


@fault("semantics", (OURS,))
def country_of_no_code(p: Package) -> Expected:
    """A source covers a country that there is not."""
    rule = "sources__covers_unknown_country"
    return change(p, "sources", REGISTER, rule, "covers_countries", covers_countries="SY XK")


@fault("semantics", (OURS,))
def part_of_itself(p: Package) -> Expected:
    """An engagement is a part of itself."""
    rule = "engagements__inside_itself"
    return change(p, "engagements", "register-18", rule, "part_of_id", part_of_id="register-18")


@fault("semantics", (OURS,))
def strike_outside_its_engagement(p: Package) -> Expected:
    """A strike belongs to an engagement of another day."""
    rule = "strikes__outside_engagement"
    return change(p, "strikes", "register-17", rule, "engagement_id", engagement_id="capture-of-orvessa")


@fault("semantics", (OURS,))
def two_sole_holders(p: Package) -> Expected:
    """A town has two sole holders at one time."""
    p.set(p.of("control", "orvessa-red-banner", "held_to"), "2019-03-06")
    p.set(p.of("control", "orvessa-red-banner", "end_engagement_id"), "")
    return change(p, "control", "orvessa-river-guard", "control__two_sole_holders", "held_from")


@fault("semantics", (OURS,))
def capture_elsewhere(p: Package) -> Expected:
    """A hold of one town begins with the capture of another."""
    rule = "control__turned_elsewhere"
    return change(p, "control", "orvessa-river-guard", rule, "start_engagement_id", location_id="calder")


@fault("semantics", (OURS,))
def one_side_missing(p: Package) -> Expected:
    """A capture has one side."""
    p.set(p.of("participants", "register-18-banner", "side"), "third_party")
    return change(p, "engagements", "register-18", "engagements__sides_missing", "engagement_type")


@fault("semantics", (OURS,))
def strike_by_nobody(p: Package) -> Expected:
    """Nobody made a strike."""
    p.set(p.of("participants", "register-17-league", "role"), "partner")
    return warned(change(p, "strikes", "register-17", "strikes__initiator_missing", ""))


@fault("semantics", (OURS,))
def link_to_itself(p: Package) -> Expected:
    """A place is the capital of itself."""
    rule = "links__to_itself"
    return change(p, "links", "calder-capital-of-marn", rule, "related_id", related_id="calder")


@fault("semantics", (OURS,))
def judgement_without_reason(p: Package) -> Expected:
    """Two records are judged to be one, and nobody says why."""
    return change(p, "links", "raid-same-as-register-17", "links__judgement_unexplained", "note", note="")


@fault("semantics", (OURS,))
def capital_of_a_campaign(p: Package) -> Expected:
    """A town is the capital of an engagement."""
    cells = {"related_table": "engagements", "related_id": "marn-campaign"}
    return change(p, "links", "calder-capital-of-marn", "links__tables_unfit", "link_type", **cells)


@fault("semantics", (OURS,))
def removed_and_there(p: Package) -> Expected:
    """A record that was removed stands in the data."""
    rule = "tombstones__subject_exists"
    return change(p, "tombstones", "ferry-incident", rule, "subject_id", subject_id="register-18")


@fault("semantics", (OURS,))
def duplicate_of_nothing(p: Package) -> Expected:
    """A record was removed as a duplicate, and nobody says of what."""
    return change(p, "tombstones", "fall-of-orvessa", "tombstones__successor_unfit", "successor_id", successor_id="")


@fault("semantics", (OURS,))
def outside_id_malformed(p: Package) -> Expected:
    """An id of a gazetteer has a prefix that its scheme does not know."""
    return change(
        p, "identifiers", "orvessa-geonames", "identifiers__malformed", "identifier", identifier="geo:900000001"
    )


@fault("semantics", (OURS,))
def same_name_of_two(p: Package) -> Expected:
    """Two actors have one name but for its capitals; a warning."""
    found = change(p, "actors", "marn-register-project", "actors__near_duplicate", "name", name="LAKE WATCH")
    return Expected(("actors__near_duplicate", "names__primary_differs"), found.file, found.line, 2, "warning")


@fault("semantics", (OURS,))
def value_unbacked(p: Package) -> Expected:
    """No claim carries from where the aircraft came."""
    p.set(p.of("claims", "orvessa-story-0018", "covers"), "platform")
    return change(p, "strikes", "tessel-bridge-raid", "strikes__value_unbacked", "launch_location_id")


@fault("semantics", (OURS,))
def record_not_affirmed(p: Package) -> Expected:
    """That a strike took place is only feared."""
    p.set(p.of("claims", "marn-register-0001", "event_status"), "feared")
    return change(p, "strikes", "register-17", "strikes__not_affirmed", "")


@fault("semantics", (OURS,))
def affirmed_and_held_to_be_false(p: Package) -> Expected:
    """Words affirm what the coder holds them to deny."""
    rule = "claims__polarity_against_factuality"
    return change(p, "claims", "orvessa-story-0025", rule, "factuality", factuality="CT-")


@fault("semantics", (OURS,))
def quotation_of_nobody(p: Package) -> Expected:
    """An indirect quotation has no speaker."""
    return change(p, "claims", "orvessa-story-0022", "claims__utterance_unfit", "utterance_id", utterance_id="")


@fault("semantics", (OURS,))
def speaker_of_other_source(p: Package) -> Expected:
    """A cell of a register is put into the mouth of a speaker in a story."""
    rule = "claims__utterance_of_other_source"
    return change(p, "claims", "marn-register-0003", rule, "utterance_id", utterance_id="orvessa-story-u3")


@fault("semantics", (OURS,))
def distance_that_the_map_refutes(p: Package) -> Expected:
    """Two towns are further apart in a claim than on the map."""
    return warned(change(p, "claims", "orvessa-story-0028", "claims__distance_off", "value", value="250"))


@fault("semantics", (OURS,))
def field_that_is_none(p: Package) -> Expected:
    """A claim is about a column that its table has not."""
    return change(p, "claims", "orvessa-story-0033", "claims__field_unknown", "field", field="strength")


@fault("semantics", (OURS,))
def claim_restates_itself(p: Package) -> Expected:
    """A claim restates itself."""
    cells = {"related_claim_id": "orvessa-story-0026"}
    return change(p, "claim_links", "command-denies-deaths", "claim_links__to_itself", "related_claim_id", **cells)


@fault("semantics", (OURS,))
def reviewed_by_the_coder(p: Package) -> Expected:
    """Who coded a story reviews it."""
    return change(p, "claims", "orvessa-story-0001", "claims__reviewed_by_coder", "reviewer", reviewer="curator-1")


@fault("semantics", (OURS,))
def resolved_without_note(p: Package) -> Expected:
    """A weekday was resolved to a day, and nobody says how."""
    return change(p, "claims", "orvessa-story-0005", "claims__origin_without_note", "note", note="")


@fault("semantics", (OURS,))
def dataset_read_in_full(p: Package) -> Expected:
    """A dataset is said to have been read in full, as a text is."""
    return change(p, "sources", REGISTER, "sources__access_unfit", "access", access="full")


@fault("semantics", (OURS,))
def coder_unknown(p: Package) -> Expected:
    """Nobody coded a source that was read."""
    return change(p, "sources", REGISTER, "sources__coder_missing", "coded_by", coded_by="")


@fault("semantics", (OURS,))
def minus_nine_for_unknown(p: Package) -> Expected:
    """A number is the one that other people's data have for what is not known."""
    rule = ("claims__sentinel_number", "claims__negative_number")
    found = change(p, "claims", "orvessa-story-0021", "", "value", value="-99")
    return Expected(rule, found.file, found.line, found.column)


@fault("semantics", (OURS,))
def half_a_person(p: Package) -> Expected:
    """A number of dead has a fraction."""
    return change(p, "claims", "orvessa-story-0025", "claims__count_not_whole", "value", value="3.5")


@fault("semantics", (OURS,))
def number_lost(p: Package) -> Expected:
    """The number of an exact count is gone."""
    rule = "claims__comparator_and_numbers_disagree"
    return change(p, "claims", "orvessa-story-0025", rule, "value", value="")


@fault("semantics", (OURS,))
def part_larger_than_whole(p: Package) -> Expected:
    """More civilians died than people."""
    p.set(p.of("claims", "orvessa-story-0024", "comparator"), "eq")
    p.set(p.of("claims", "orvessa-story-0024", "value"), "1")
    return change(p, "figures", "raid-killed-civilians", "figures__part_exceeds_whole", "part_of_id")


@fault("semantics", (GENERIC_1,))
def day_before_all_others(p: Package) -> Expected:
    """A date is the placeholder of another program, which its column's minimum excludes."""
    p.set(p.spot("date"), "1753-01-01")
    return p.at(p.spot("date"), "constraint-error")


@fault("semantics", GENERIC)
def sentinel_number(p: Package) -> Expected:
    """A number is -9999, which other people's data have for what is missing, below what its column allows."""
    p.set(p.spot("bounded_number"), "-9999")
    return p.at(p.spot("bounded_number"), "constraint-error")

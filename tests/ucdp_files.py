"""Files in the form of UCDP's, of events and actors that we invented: what the tests of its importers read."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from bastions.curate import ucdp_actor
from bastions.curate.ucdp_release import COUNTRY_19, GLOBAL

PLAIN = {
    "year": "2018",
    "active_year": "1",
    "type_of_violence": "2",
    "conflict_new_id": "70001",
    "conflict_name": "Red Banner - others",
    "dyad_new_id": "80001",
    "dyad_name": "Red Banner - others",
    "side_a_new_id": "990001",
    "side_a": "Red Banner",
    "side_b_new_id": "990002",
    "side_b": "Hill Guard",
    "number_of_sources": "1",
    "source_article": '"Lake Watch,2018-05-02,words that stay in the raw file"',
    "source_office": "Lake Watch",
    "source_date": "2018-05-02",
    "source_headline": "words that stay in the raw file",
    "source_original": "Lake Watch",
    "where_prec": "1",
    "where_coordinates": "Calder town",
    "adm_1": "Marn",
    "latitude": "-45.0",
    "longitude": "-30.0",
    "geom_wkt": "POINT (-30.0 -45.0)",
    "priogrid_gid": "65101",
    "country": "Marnland",
    "country_id": "652",
    "region": "Middle East",
    "event_clarity": "1",
    "date_prec": "1",
    "date_start": "2018-05-01",
    "date_end": "2018-05-01",
    "deaths_a": "0",
    "deaths_b": "0",
    "deaths_civilians": "0",
    "deaths_unknown": "0",
    "low": "0",
    "best": "0",
    "high": "1",
}
"""An event; a test says in what its own differ."""

HILL = {"side_b_new_id": "990002", "side_b": "Hill Guard"}
ALLIANCE = {"side_b_new_id": "990010", "side_b": "Hill Guard, Vale Guard"}
HALF_KNOWN = {"side_b_new_id": "990011", "side_b": "Hill Guard, Nobody Knows Them"}
CIVILIANS = {"type_of_violence": "3", "side_b_new_id": "1", "side_b": "Civilians"}

EVENTS: Sequence[Mapping[str, str]] = (
    {"id": "101", "deaths_a": "1", "deaths_b": "2", "low": "2", "best": "3", "high": "5"},
    {"id": "102", **CIVILIANS, "deaths_civilians": "4", "low": "4", "best": "4", "high": "4", "date_prec": "4",
     "date_start": "2018-06-01", "date_end": "2018-06-30", "event_clarity": "2", "source_date": "2018-07-01",
     "where_prec": "4", "where_coordinates": "Marn"},
    {"id": "103", **ALLIANCE, "deaths_b": "6", "deaths_unknown": "1", "low": "7", "best": "7", "high": "7",
     "date_prec": "2", "date_start": "2018-07-01", "date_end": "2018-07-03",
     "source_original": "Lake Watch, Calder Radio",
     "source_office": "Lake Watch;Dalby Courier", "source_date": "2018-07-03;2018-07-04",
     "where_prec": "2", "where_coordinates": "Ulm village", "latitude": "-44.9", "longitude": "-30.2"},
    {"id": "104", **HALF_KNOWN, "date_start": "2018-08-01", "date_end": "2018-08-01", "source_date": "1753-01-01",
     "source_original": "", "deaths_a": "2", "low": "5", "best": "2", "high": "6"},
    {"id": "105", "date_start": "2018-09-01", "date_end": "2018-09-01", "source_date": "1753-01-01",
     "deaths_a": "9", "low": "9", "best": "9", "high": "8", "event_clarity": "2", "where_prec": "5",
     "where_coordinates": "Eastern Marn", "source_original": "a voice in the hills"},
    {"id": "106", "side_a_new_id": "990003", "side_a": "Vale Guard", "date_start": "2018-10-01",
     "date_end": "2018-10-01", "best": "1", "low": "1", "high": "1", "deaths_b": "1"},
)  # fmt: skip
"""Six events, of which the last is not of the Red Banner; the fourth and fifth have their numbers out of order."""

ACTORS: Sequence[Mapping[str, str]] = (
    {"ActorId": "990001", "NameData": "Red Banner", "Org": "1"},
    {"ActorId": "990002", "NameData": "Hill Guard", "NameOrig": "Hill Watch", "NameOrigFullEng": "Watch of the Hills",
     "NameChange": "1", "NewNameFullEng": "Guard of the Hills", "Org": "1", "ActorIdPrev": "990001"},
    {"ActorId": "990003", "NameData": "Vale Guard", "NameOrigFull": "n/a", "Org": "1",
     "ActorIdGroup": "990002, 990004"},
    {"ActorId": "990004", "NameData": "Settlers of the Vale", "Org": "3", "ActorIdAlliance": "990002"},
)  # fmt: skip


def ged(
    events: Sequence[Mapping[str, str]] = EVENTS, columns: Sequence[str] = COUNTRY_19, delimiter: str = ","
) -> bytes:
    """A file of events; cells that nobody names are empty."""
    return _csv([{**PLAIN, **event} for event in events], columns, delimiter)


def ged_49(events: Sequence[Mapping[str, str]] = EVENTS) -> bytes:
    """The same in the columns of the global releases, with times behind the days as these have them."""
    dated = [
        {**PLAIN, **e, **{day: f"{ {**PLAIN, **e}[day] } 00:00:00.000" for day in ("date_start", "date_end")}}
        for e in events
    ]
    return _csv(dated, GLOBAL, ",")


def actors(rows: Sequence[Mapping[str, str]] = ACTORS) -> bytes:
    """A file of actors, with its byte-order mark."""
    return b"\xef\xbb\xbf" + _csv([{"Version": "22.1", **row} for row in rows], ucdp_actor.COLUMNS, ",")


def _csv(rows: Sequence[Mapping[str, str]], columns: Sequence[str], delimiter: str) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", extrasaction="ignore", delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()

"""Small tables of our own making for the tests of `incidents` and `coverage`: who tells of what, when and where."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import polars as pl
import yaml
from conftest import ROOT, schema_in

UCDP, RELEASES, DUTCH = "ucdp-ged-syria-19-1", "centcom-oir-releases-2016", "nl-mod-oir-employments-2023"
INCIDENTS = yaml.safe_load((ROOT / "seeds/incidents/source.yaml").read_text("utf-8"))["settings"]
COVERAGE = yaml.safe_load((ROOT / "seeds/coverage/source.yaml").read_text("utf-8"))["settings"]

ACTORS = {
    "isis": "islamic_state",
    "us-led-coalition": "us_led_coalition",
    "netherlands": "us_led_coalition",
    "sdf": "kurdish_led_syrian_forces",
    "syrian-government": "syrian_government",
    "civilians": "uninvolved",
    "airwars": "uninvolved",
}
PLACES = {
    # name: type, parent, country, latitude, longitude; Hajin lies 17 km from Farview, as far again as Ashara.
    "syria": ("country", None, "SY", None, None),
    "hajin-subdistrict": ("subdistrict", "syria", "SY", None, None),
    "hajin": ("populated_place", "hajin-subdistrict", "SY", 34.69, 40.83),
    "farview": ("populated_place", "syria", "SY", 34.84, 40.83),
    "ashara": ("populated_place", "syria", "SY", 34.99, 40.83),
    "over-the-border": ("populated_place", None, "IQ", 34.69, 40.84),
}


class Tellings:
    """Tables that grow by events and strikes, each with its claim, its parties and its numbers."""

    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for actor, bloc in ACTORS.items():
            self.put("actors", actor_id=actor, bloc=bloc)
        for place, (kind, parent, country, latitude, longitude) in PLACES.items():
            self.put(
                "locations",
                location_id=place,
                location_type=kind,
                parent_id=parent,
                country=country,
                latitude=latitude,
                longitude=longitude,
            )
        for source, first, last in (
            (UCDP, "2016-01-01", "2019-12-01"),
            (RELEASES, "2014-12-19", "2016-10-17"),
            (DUTCH, "2014-10-07", "2018-12-31"),
        ):
            self.put("sources", source_id=source, covers_from=first, covers_to=last, covers_countries="SY IQ")
        self.put(
            "links",
            link_id="netherlands-in-coalition",
            subject_table="actors",
            subject_id="netherlands",
            link_type="member_of",
            related_table="actors",
            related_id="us-led-coalition",
        )

    def put(self, table: str, **cells: Any) -> None:
        """Adds a row; a cell that is None is empty."""
        self.rows[table].append({name: None if cell is None else str(cell) for name, cell in cells.items()})

    def tables(self) -> dict[str, pl.DataFrame]:
        """Every table as text, as a job has it."""
        schema = schema_in(ROOT)
        made = {}
        for name, table in schema.tables.items():
            rows = [{column: row.get(column) for column in table.names} for row in self.rows[name]]
            made[name] = pl.DataFrame(rows, schema=dict.fromkeys(table.names, pl.String()))
        return made

    def event(
        self,
        key: str,
        source: str,
        day: str,
        place: str | None,
        parties: Mapping[str, str],
        *,
        kind: str = "state_based_violence",
        until: str | None = None,
        where_prec: str | None = "1",
        numbers: Mapping[str, int] | None = None,
        speaker: str | None = None,
        unit: str | None = None,
        point: tuple[float, float] | None = None,
    ) -> str:
        """An engagement, or a strike where its kind is one; parties are actor to role."""
        strike = kind in ("airstrike", "shelling", "unspecified", "missile_strike")
        table = "strikes" if strike else "engagements"
        latitude, longitude = point or (None, None)
        self.put(
            table,
            **{f"{table[:-1]}_id": key, f"{table[:-1]}_type": kind},
            event_clarity="individual",
            date_start=day,
            date_end=until or day,
            location_id=place,
            where_prec=where_prec,
            latitude=latitude,
            longitude=longitude,
            **({"counting_unit": unit} if strike else {"name": key}),
        )
        if speaker:
            self.put("utterances", utterance_id=f"{key}-u", source_id=source, actor_id=speaker)
        told: dict[str, Any] = {"polarity": "affirmed", "event_status": "realized", "source_id": source}
        told["locator"] = f"id={key};column=id" if source == UCDP else "line=7;sha256=00"
        told["utterance_id"] = f"{key}-u" if speaker else None
        self.put("claims", claim_id=f"{key}-c", subject_table=table, subject_id=key, field="exists", **told)
        for actor, role in parties.items():
            side = {"initiator": "side_a", "target": "side_b"}.get(role, "affected")
            self.put(
                "participants",
                participant_id=f"{key}-{actor}",
                subject_table=table,
                subject_id=key,
                actor_id=actor,
                side=side,
                role=role,
            )
        for measure, number in (numbers or {}).items():
            figure = f"{key}-{measure}"
            self.put("figures", figure_id=figure, subject_table=table, subject_id=key, measure=measure, unit="count")
            self.put(
                "claims",
                claim_id=f"{figure}-c",
                subject_table="figures",
                subject_id=figure,
                field="value",
                comparator="eq",
                value=number,
                **told,
            )
        return key

    def line(self, key: str, released: str, place: str = "hajin", strikes: int = 2, **more: Any) -> str:
        """A line of a release of CENTCOM, which tells of its day and the day before."""
        parties = {"us-led-coalition": "initiator", "isis": "target"}
        more = {"where_prec": "2", "numbers": {"strikes": strikes}} | more
        before = datetime.date.fromisoformat(released) - datetime.timedelta(days=1)
        return self.event(
            key, RELEASES, f"[{before}..{released}]", place, parties, kind="unspecified", unit="strike", **more
        )

    def employment(self, key: str, day: str, point: tuple[float, float] = (34.7, 40.83), **more: Any) -> str:
        """A row of the Dutch list."""
        return self.event(
            key,
            DUTCH,
            day,
            None,
            {"netherlands": "initiator"},
            kind="airstrike",
            unit="employment",
            point=point,
            **more,
        )

    def deaths(self, key: str, day: str, place: str | None = "hajin", killed: int = 5, **more: Any) -> str:
        """An event of UCDP: the SDF and the Islamic State, unless it says otherwise."""
        parties = more.pop("parties", {"isis": "initiator", "sdf": "target"})
        kind = more.pop("kind", "non_state_violence")
        return self.event(key, UCDP, day, place, parties, kind=kind, numbers={"killed": killed}, **more)

    def coded(self, key: str, day: str, place: str | None = "hajin", kind: str = "battle", **more: Any) -> str:
        """An event that a person coded from a document."""
        parties = more.pop("parties", {"sdf": "initiator", "isis": "target"})
        return self.event(key, "some-story", day, place, parties, kind=kind, **more)

    def link(self, one: str, relation: str, other: str, table: str = "strikes", **more: Any) -> None:
        """A judgement on two records of one table."""
        given = {"method": "judgement", "decided_by": "curator-1"} | more
        self.put(
            "links",
            link_id=f"{one}-{relation}-{other}",
            subject_table=table,
            subject_id=one,
            link_type=relation,
            related_table=table,
            related_id=other,
            **given,
        )

"""A dataset to measure on: this repository's, with made-up rows of the size and shape of six open datasets.

What is made up is deterministic, and passes validation. Places, days and reporters are as skewed as in the real records
(a tenth of all events at one town, several a day), since that is where joins explode.
"""

from __future__ import annotations

import csv
import datetime
import random
import shutil
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from bastions import descriptor, files, loader

ROOT = Path(__file__).parents[1]
GED, RELEASES, EMPLOYMENTS, GAZETTEER = "bench-ged", "bench-releases", "bench-employments", "bench-gazetteer"
FIRST = datetime.date(2016, 1, 1)
Row = dict[str, object]


class Maker:
    """Makes the rows of all tables, from one random generator."""

    def __init__(self, scale: float):
        self.random = random.Random(4)
        self.rows: dict[str, list[Row]] = {}
        self.events, self.lines, self.employments = (round(n * scale) for n in (6472, 5531, 2188))
        self.places = max(60, round(3000 * scale))
        self.scale = scale

    def add(self, table: str, **row: object) -> None:
        """Adds a row."""
        self.rows.setdefault(table, []).append(row)

    def claim(self, key: str, source: str, table: str, record: str, locator: str, field: str, **more: object) -> None:
        """A claim that affirms, on a cell of a dataset."""
        told = {"polarity": "affirmed", "event_status": "realized", "factuality": "CT+"}
        how = {"claim_type": "dataset", "value_origin": "reported", "statement": f"Says so of {record}."}
        about = {"subject_table": table, "subject_id": record, "field": field, "locator": locator}
        self.add("claims", claim_id=key, source_id=source, **about, **{**told, **how, **more})

    def skewed(self, n: int) -> int:
        """A number below n, the small ones far more often, as places of events are."""
        return min(n - 1, int(self.random.paretovariate(0.9)) - 1)

    def all(self) -> dict[str, list[Row]]:
        """The rows of all tables."""
        self.sources()
        self.gazetteer()
        for n in range(self.events):
            self.event(n)
        for n in range(self.lines):
            self.line(n)
        for n in range(self.employments):
            self.employment(n)
        self.judgements()
        return self.rows

    def sources(self) -> None:
        """Four datasets."""
        for key, kind, publisher in (
            (GED, "event_dataset", "ucdp"),
            (RELEASES, "official_record", "cjtf-oir"),
            (EMPLOYMENTS, "official_record", "us-defense-department"),
            (GAZETTEER, "gazetteer", "ucdp"),
        ):
            known = {"publisher_id": publisher, "access": "dataset", "coded_by": "curator-1"}
            self.add("sources", source_id=key, source_type=kind, title=f"Made-up {key}", **known)

    def gazetteer(self) -> None:
        """Places with a point, an outside id and three names each."""
        for n in range(self.places):
            key = self.place(n)
            where = {"parent_id": "deir-ez-zor-governorate", "country": "SY"}
            point = {"latitude": round(33 + n // 60 / 15, 5), "longitude": round(36 + n % 60 / 12, 5)}
            self.add("locations", location_id=key, name=f"Place {n}", location_type="populated_place", **where, **point)
            ids = {"subject_table": "locations", "subject_id": key, "match": "exact"}
            self.add("identifiers", identifier_id=f"{key}-geonames", scheme="geonames", identifier=900000 + n, **ids)
            for form in range(3):
                named = {"subject_table": "locations", "subject_id": key, "name": f"Place {n} {'abc'[form]}"}
                self.add("names", name_id=f"{key}-{form}", name_type="spelling", language="en", script="Latn", **named)

    def place(self, n: int) -> str:
        """The key of a place."""
        return f"bench-place-{n}"

    def day(self, days: int = 1300) -> datetime.date:
        """A day within so many from the first."""
        return FIRST + datetime.timedelta(self.random.randrange(days))

    def spoken(self, key: str, source: str, said: object) -> str:
        """An act of speech, by a monitor or the like."""
        who = self.random.choice(["sohr", "sohr", "sana", "reuters", "isis-newsletter"])
        self.add(
            "utterances", utterance_id=f"{key}-u", source_id=source, actor_id=who, speech_act="reported",
            basis="secondary", named="true", said=said,
        )  # fmt: skip
        return f"{key}-u"

    def parties(self, key: str, source: str, table: str, locator: str, sides: Sequence[tuple[str, str, str]]) -> None:
        """The participants of an event, each with its claim."""
        for actor, side, role in sides:
            whose = {"subject_table": table, "subject_id": key, "actor_id": actor, "side": side, "role": role}
            self.add("participants", participant_id=f"{key}-{actor}", **whose)
            carried = {"covers": "actor_id role"}
            self.claim(f"{key}-{actor}", source, "participants", f"{key}-{actor}", locator, "exists", **carried)

    def figure(self, key: str, source: str, locator: str, value: object, told: Row, **of: object) -> None:
        """A figure about an event, with its claim."""
        self.add("figures", figure_id=key, unit="count", **of)
        comparator = "between" if "value_min" in told and value is None else "eq"
        if value is not None:
            told = {"value": value, "value_raw": str(value), **told}
        self.claim(key, source, "figures", key, locator, "value", comparator=comparator, **told)

    def event(self, n: int) -> None:
        """An event with its participants, its dead and their parts; what another said of it."""
        key, number, where = f"{GED}-{n}", 200000 + 3 * n, self.skewed(min(960, self.places))
        day = self.day()
        last = day + datetime.timedelta(self.random.randrange(5) if self.random.random() < 0.08 else 0)
        kind = self.random.choices(
            ["state_based_violence", "non_state_violence", "one_sided_violence"], [2710, 3463, 299]
        )
        type_ = kind[0]
        self.add(
            "engagements", engagement_id=key, name=f"Violence at place {where}, {day}", engagement_type=type_,
            event_clarity="individual", date_start=day, date_end=last, location_id=self.place(where),
            location_relation="at", where_prec="1", latitude=round(33 + where // 60 / 15, 5),
            longitude=round(36 + where % 60 / 12, 5),
        )  # fmt: skip
        ids = {"subject_table": "engagements", "subject_id": key}
        self.add("identifiers", identifier_id=f"{key}-id", scheme="ucdp-ged", identifier=number, match="exact", **ids)
        dyad = {"scheme": "ucdp-dyad", "identifier": 11000 + n % 50, "match": "broad"}
        if n % 2:
            self.add("identifiers", identifier_id=f"{key}-dyad", **dyad, **ids)
        told: Row = {"utterance_id": self.spoken(key, GED, "")}
        covers = "engagement_type event_clarity date_start date_end location_id location_relation latitude longitude"
        at = f"id={number}"
        self.claim(f"{key}-event", GED, "engagements", key, at, "exists", covers=f"{covers} where_prec", **told)
        faced = ("civilians", "affected", "victim") if kind[0].startswith("one") else ("sdf", "side_b", "target")
        sides = [("isis", "side_a", "initiator"), faced]
        if n % 3 == 0:
            sides.append(("us-led-coalition", faced[1], "backer"))
        self.parties(key, GED, "engagements", at, [side for side in sides if self.random.random() < 0.997])
        best = min(400, int(self.random.paretovariate(1.1)))
        bounds = {"value_min": 0, "value_max": best + 3} if self.random.random() < 0.15 else {}
        of = {"subject_table": "engagements", "subject_id": key, "measure": "killed", "counting_rule": "ucdp_deaths"}
        total = f"{key}-killed"
        self.figure(total, GED, f"{at};column=best", None if bounds else best, {**told, **bounds}, **of)
        for part in self.random.sample(["isis", "sdf", "civilians"], self.random.choice([1, 1, 1, 2])):
            one = {**of, "affected_actor_id": part, "part_of_id": total}
            self.figure(f"{total}-{part}", GED, f"{at};column={part}", best // 3 + 1 if best > 2 else 1, told, **one)

    def strike(self, key: str, source: str, at: str, actor: str, **row: object) -> None:
        """A strike with who struck whom."""
        self.add("strikes", strike_id=key, strike_type="airstrike", event_clarity="individual", **row)
        covers = "strike_type event_clarity date_start date_end location_id location_relation counting_unit"
        told: Row = {"covers": covers}
        if row["location_relation"] == "near" and self.random.random() < 0.3:
            told["utterance_id"] = self.spoken(key, source, row["date_start"])
        self.claim(f"{key}-strike", source, "strikes", key, at, "exists", **told)
        sides = [(actor, "side_a", "initiator"), ("isis", "side_b", "target")]
        self.parties(key, source, "strikes", at, sides)

    def line(self, n: int) -> None:
        """A line of a release: near a town, so many strikes, with effects."""
        key, where, at = f"{RELEASES}-{n}", self.skewed(min(60, self.places)), f"line={n};sha256={n:016x}"
        day = self.day(670)
        self.strike(
            key, RELEASES, at, "us-led-coalition", date_start=day, date_end=day, location_id=self.place(where),
            location_relation="near", where_prec="2", counting_unit="strike", reported_ordinal=n + 1,
        )  # fmt: skip
        of = {"subject_table": "strikes", "subject_id": key}
        counted = {**of, "measure": "strikes", "counting_rule": "oir_strike"}
        self.figure(f"{key}-strikes", RELEASES, at, self.random.choice([1, 1, 1, 2, 3, 7]), {}, **counted)
        items = self.random.sample(["tactical_unit", "vehicle", "fighting_position", "building", "mortar"], 5)
        for item in items[: self.random.choice([1, 1, 1, 2, 2])]:
            hit = {**of, "measure": self.random.choice(["struck", "destroyed", "damaged"]), "item": item}
            name, many = item.replace("_", "-"), self.random.randint(1, 9)
            self.figure(f"{key}-{name}", RELEASES, at, many, {}, affected_actor_id="isis", **hit)

    def employment(self, n: int) -> None:
        """A weapon's employment: a point and a time of its own, several a minute."""
        key, where, at = f"{EMPLOYMENTS}-{n}", self.skewed(min(60, self.places)), f"line={n + 2}"
        day = self.day(670)
        point = (round(33 + where // 60 / 15 + n % 10 / 1e3, 5), round(36 + where % 60 / 12 + n % 7 / 1e3, 5))
        self.strike(
            key, EMPLOYMENTS, at, "us-military", date_start=day, date_end=day, location_id=self.place(where),
            location_relation="at", where_prec="1", counting_unit="employment", latitude=point[0],
            longitude=point[1], time_start=f"{n % 24:02d}:{n % 6}0:00", time_end=f"{n % 24:02d}:{n % 6}5:00",
        )  # fmt: skip
        if n % 4 == 0:
            of = {"subject_table": "strikes", "subject_id": key, "measure": "employments"}
            self.figure(f"{key}-employments", EMPLOYMENTS, at, 1, {}, counting_rule="nl_employment", **of)

    def judgements(self) -> None:
        """Links between tellings, and who was searched for what."""
        for n in range(round(1000 * self.scale)):
            ends = [f"{RELEASES}-{2 * n}", f"{EMPLOYMENTS}-{n}"]
            self.add(
                "links", link_id=f"bench-link-{n}", subject_table="strikes", subject_id=ends[0], link_type="unsure",
                related_table="strikes", related_id=ends[1], score=0.5, method="matcher", decided_by="curator-1",
            )  # fmt: skip
        for n in range(round(300 * self.scale)):
            about = {"subject_table": "engagements", "subject_id": f"{GED}-{n}"}
            searched = {"result": "not_found", "window_km": 25, "window_days": 1, "checked_on": "2026-11-22"}
            self.add("coverage", coverage_id=f"bench-coverage-{n}", source_id=RELEASES, **about, **searched)


def make(folder: Path, scale: float) -> dict[str, int]:
    """Writes the dataset of this repository and the made-up rows.

    Args:
        folder: Where to; what is there goes.
        scale: The share of the rows that is made up.

    Returns:
        How many rows of each table were made up.
    """
    shutil.rmtree(folder, ignore_errors=True)
    for name in ("schemas", "data", "seeds"):
        shutil.copytree(ROOT / name, folder / name)
    tables = loader.load(folder).tables
    made = Maker(scale).all()
    for name, rows in made.items():
        parts: dict[str, list[Row]] = {}
        for row in rows:
            parts.setdefault(str(row["source_id"]) if name == "claims" else "bench", []).append(row)
        for part, some in parts.items():
            cells = {column: [text_of(row.get(column)) for row in some] for column in tables[name].names}
            frame = pl.DataFrame(cells, schema=dict.fromkeys(cells, pl.String()))
            (folder / "data" / name / f"{part}.csv").write_text(files.to_csv(frame, tables[name]), "utf-8")
    excuse(folder, made)
    (folder / "datapackage.json").write_text(descriptor.text(descriptor.package(loader.load(folder))), "utf-8")
    return {name: len(rows) for name, rows in sorted(made.items())}


def text_of(value: object) -> str | None:
    """A value as a cell."""
    return None if value in (None, "") else str(value).removesuffix(".0")


def excuse(folder: Path, made: dict[str, list[Row]]) -> None:
    """Waives what the made-up rows break on purpose: events that name one side only."""
    sides: dict[object, set[object]] = {}
    for row in made["participants"]:
        sides.setdefault(row["subject_id"], set()).add(row["side"])
    path = folder / "schemas" / "rules" / "waivers.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        header, *rows = list(csv.reader(stream))
    for row in made["engagements"]:
        key, found = str(row["engagement_id"]), sides.get(row["engagement_id"], set())
        one_sided = row["engagement_type"] == "one_sided_violence"
        if ("affected" not in found) if one_sided else (len(found) < 2):
            reason = "The made-up event names one side only."
            rows.append([f"{key}-side", "engagements__sides_missing", key, "", reason, "curator-1"])
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([header, *sorted(rows)])

"""The rows that a gazetteer gives: places, their names and ids, and the short claim by which each rests on its cell."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from bastions.curate.job import Row, claim
from bastions.curate.place_index import dicts
from bastions.curate.spelling import mark, script

TABLES = ("locations", "names", "identifiers", "claims")


class GazetteerRows:
    """Collects the rows of one gazetteer, leaving out what the tables that it is given hold already.

    Args:
        source_id: The gazetteer.
        tables: The rows that are there: hand-curated ones and those of the sources that this one needs.
        before: The gazetteer's own rows of an earlier run, for the ids that its places have.

    Attributes:
        tables: The rows made so far, by table.
        by_identifier: Scheme and id to the location that has it, what was there before included; matches that are only
            close count too, since the row is there.
        counts: What was left out, by reason.
    """

    def __init__(self, source_id: str, tables: Mapping[str, pl.DataFrame], before: Mapping[str, pl.DataFrame]):
        self.source_id = source_id
        self.tables: dict[str, list[Row]] = {name: [] for name in TABLES}
        self.counts: dict[str, int] = {}
        self.by_identifier = {
            (row["scheme"], row["identifier"]): row["subject_id"]
            for row in dicts(tables, "identifiers")
            if row["subject_table"] == "locations" and row["match"] in ("exact", "close")
        }
        self._own = {row["location_id"]: row["name"] for row in dicts(tables, "locations")}
        self._named = {
            (row["subject_id"], row["name"]) for row in dicts(tables, "names") if row["subject_table"] == "locations"
        }
        own = {row["location_id"] for row in dicts(before, "locations")}
        self._before = {
            (row["scheme"], row["identifier"]): row["subject_id"]
            for row in dicts(before, "identifiers")
            if row["subject_table"] == "locations" and row["match"] == "exact" and row["subject_id"] in own
        }
        self._rested = {
            row["locator"]: row["subject_id"]
            for row in dicts(before, "claims")
            if row["subject_table"] == "locations" and row["field"] == "exists" and row["subject_id"] in own
        }
        self._schemes: set[tuple[str, str]] = set()

    def count(self, what: str) -> None:
        """One more of what a person should see of the run."""
        self.counts[what] = self.counts.get(what, 0) + 1

    def id_of(self, scheme: str, identifier: str, fresh: str) -> str:
        """The id that a place of this gazetteer has since an earlier run, however its name is spelt now.

        Args:
            scheme: The register.
            identifier: Its id of the place.
            fresh: The id of a place that is new.
        """
        return self._before.get((scheme, identifier), fresh)

    def id_at(self, locator: str, fresh: str) -> str:
        """The same, for a place without an id in a register: by the cells on which it rests."""
        return self._rested.get(locator, fresh)

    def place(
        self,
        location_id: str,
        name: str,
        location_type: str,
        *,
        parent_id: str,
        country: str,
        latitude: str = "",
        longitude: str = "",
    ) -> Row:
        """Adds a row of `locations` and returns it."""
        row = {
            "location_id": location_id,
            "name": name,
            "location_type": location_type,
            "parent_id": parent_id,
            "country": country,
            "latitude": latitude,
            "longitude": longitude,
        }
        self.tables["locations"].append(row)
        self._own[location_id] = name
        return row

    def identifier(self, location_id: str, scheme: str, identifier: str) -> None:
        """Adds an outside id of a place, unless the id is there: exact, or close for a second one of one register."""
        if (scheme, identifier) in self.by_identifier:
            return
        self.by_identifier[scheme, identifier] = location_id
        again = (location_id, scheme) in self._schemes
        self._schemes.add((location_id, scheme))
        self.tables["identifiers"].append(
            {
                "identifier_id": f"{location_id}-{scheme}" + (f"-{identifier.lower()}" if again else ""),
                "subject_table": "locations",
                "subject_id": location_id,
                "scheme": scheme,
                "identifier": identifier,
                "match": "close" if again else "exact",
            }
        )

    def name(self, location_id: str, name: str, name_type: str, locator: str, *, language: str = "") -> None:
        """Adds a name of a place, and the claim on it, unless the place has the name already.

        A name whose letters are of several scripts, or of one that `codes/script` does not list, is left out and
        counted.

        Args:
            location_id: The place.
            name: Letter by letter.
            name_type: A code of `codes/name_type`, where it is not the name that the place's own row has: that is its
                primary one.
            locator: The cell from which it is.
            language: ISO 639-1 code where the gazetteer states one.
        """
        if not name or (location_id, name) in self._named:
            return
        written = script(name)
        if not written:
            self.count("names left out: several scripts, or one without a code")
            return
        self._named.add((location_id, name))
        name_id = f"{location_id}-{self.source_id.partition('-')[0]}-{mark(name)}"
        self.tables["names"].append(
            {
                "name_id": name_id,
                "subject_table": "locations",
                "subject_id": location_id,
                "name": name,
                "language": language,
                "script": written,
                "name_type": "primary" if name == self._own.get(location_id) else name_type,
            }
        )
        self.claim("names", name_id, "name", locator, "A name of the place.")

    def claim(self, table: str, subject_id: str, covers: str, locator: str, statement: str) -> None:
        """Adds the claim that a record exists as a row of the gazetteer has it."""
        self._claim(subject_id, (table, subject_id), locator, covers=covers, statement=statement)

    def parent(self, location_id: str, parent_id: str, locator: str, note: str) -> None:
        """Adds the claim in which unit a place lies, where that is not in its row but was found.

        Args:
            location_id: The place.
            parent_id: The unit.
            locator: The row of the gazetteer.
            note: From what it was computed.
        """
        self._claim(
            f"{location_id}-parent",
            ("locations", location_id),
            locator,
            field="parent_id",
            value_text=parent_id,
            value_origin="computed",
            statement="The unit in which it lies.",
            note=note,
        )

    def point(self, location_id: str, locator: str) -> None:
        """Adds the claim on the point of a place, where another row than its own gives it."""
        given = {"covers": "latitude longitude", "statement": "Where the seat is."}
        self._claim(f"{location_id}-point", ("locations", location_id), locator, **given)

    def _claim(self, what: str, subject: tuple[str, str], locator: str, **given: str) -> None:
        self.tables["claims"].append(claim(self.source_id, what, subject, locator, **given))

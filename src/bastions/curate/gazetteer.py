"""The places of `data/` by all their names, and how well a name fits each of them.

How a candidate is scored (0 to 100), by the constants below. By its name: the same letters as the place's own 100, the
same after `spelling.normalise` 97; the same as another of its names 2 less, as an alias 6 less; only alike, the ratio
of rapidfuzz less 8. Then 5 more for lying within NEAR_KM of the point that the source gives, 12 less for lying farther;
2 more for lying in the unit that it names, 8 less for lying in another district of that governorate, 12 less in another
governorate or country. Refused are candidates farther than FAR_KM from the point, and candidates in another governorate
or country that the point does not support; names that are only alike stay below ACCEPT unless unit or point speak for
them, and mean a unit only if a word says so. The best is taken if it has at least ACCEPT and leads the next by MARGIN;
a settlement comes before the unit that has its name, unless a word in the name says the kind. Everything else is
ambiguous or unresolved, with what was found in the note.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from bastions.curate.geometry import Point, distance_km
from bastions.curate.job import Row
from bastions.curate.place_index import UNITS, Place, PlaceIndex, compact
from bastions.curate.spelling import normalise, script

ACCEPT, MARGIN, ALIKE = 80, 6, 83
"""Least score of a decision, least lead over the next candidate, least ratio (0-100) of names that are only alike."""
NEAR_KM, FAR_KM = 10.0, 30.0
"""Kilometres within which a point speaks for a candidate, and beyond which it speaks against it."""

BY = "script-places"
"""Who decides where no person did; a code of `codes/coder`."""

_TIERS = {"neighbourhood": 1, "subdistrict": 2, "district": 3, "governorate": 4, "country": 5}
_FITS = {
    "populated_place": frozenset({"populated_place"}),
    "neighbourhood": frozenset({"neighbourhood", "populated_place"}),
}
_LEAD = re.compile(r"^\s*(?:near|in|nr\.?|vicinity of|ivo|(?:the )?(?:city|town|village) of)\s+(?=\S)", re.IGNORECASE)
_RELATION = re.compile(r"\b(?:of|between|from|to|and|near)\b|[–—]", re.IGNORECASE)
_IN = re.compile(r"\s*(.+?)\s+in\s+(\S.* (?:Governorate|Province|District))\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a name was taken for, and why.

    Attributes:
        location_id: The place; empty where none was chosen.
        candidates: Where it is empty, the places that could not be told apart, best first.
        method: A code of `codes/place_method`.
        score: 0 to 100, in per cent of the column `score`; 0 where nothing was compared.
        note: What spoke for it and against it.
        decided_by: A code of `codes/coder`.
        made: The row that `make` made for it, to be added to `locations`; None for places that were there.
    """

    location_id: str = ""
    candidates: tuple[str, ...] = ()
    method: str = "unresolved"
    score: int = 0
    note: str = ""
    decided_by: str = BY
    made: Row | None = None


@dataclass(frozen=True, slots=True)
class _Scored:
    score: float
    place: Place
    method: str
    note: str

    def told(self) -> str:
        """Why it was not chosen."""
        only = f", only {self.score:.0f}" if self.score else ""
        return f"not {self.place.location_id}{only}" + (f" ({self.note})" if self.note else "")


class Gazetteer(PlaceIndex):
    """The places of `data/`, and what a source means by a name for one of them."""

    def resolve(
        self,
        name: str,
        *,
        context: str = "",
        country: str = "",
        point: Point | None = None,
        kinds: Sequence[str] = (),
    ) -> Decision:
        """The place that a source means, or why none is chosen; the module says how candidates are scored.

        Args:
            name: As the source writes it. A slash parts two names of one place; words in parentheses are a second
                name.
            context: Names of units, separated by `;`, larger ones first.
            country: ISO code of the country that the source says.
            point: Where the source puts it.
            kinds: Location types that come into question, whatever kind the name says; empty to go by the name.
        """
        if inside := _IN.fullmatch(name):
            name, context = inside[1], "; ".join(filter(None, (inside[2], context)))
        declared = self.declared(context, country)
        best: dict[str, _Scored] = {}
        for variant in _variants(name):
            for found in self._candidates(variant, country, declared, point, tuple(kinds)):
                if found.place.location_id not in best or found.score > best[found.place.location_id].score:
                    best[found.place.location_id] = found
        ranked = sorted(best.values(), key=lambda c: (-c.score, c.place.location_id))
        good = [c for c in ranked if c.score >= ACCEPT]
        unit = self._unit_meant(name, country, declared) if not good and not kinds else ""
        if unit:
            return Decision(unit, (), "admin_name", ALIKE, "the only unit of this kind with these consonants")
        refused = any(not c.score and c.place.location_type not in UNITS for c in ranked)
        if refused and normalise(name).kind not in UNITS:
            # The settlement of that name is elsewhere, so that the unit around it is not meant either.
            good = [c for c in good if c.place.location_type not in UNITS]
        if not good:
            said = "; ".join(c.told() for c in ranked[:3])
            return Decision(method="unresolved", note=said or "no place has such a name")
        good = [c for c in good if c.method != "fuzzy"] or good
        first = min(_TIERS.get(c.place.location_type, 0) for c in good)
        tier = [c for c in good if _TIERS.get(c.place.location_type, 0) == first]
        top = tier[0]
        rivals = [c for c in tier if top.score - c.score < MARGIN]
        if len(rivals) > 1:
            ids = tuple(c.place.location_id for c in rivals)
            score = min(100, round(top.score))
            return Decision("", ids, "ambiguous", score, "; ".join(c.note for c in rivals[:3] if c.note))
        method = "admin_name" if top.place.location_type in UNITS and top.method != "fuzzy" else top.method
        return Decision(top.place.location_id, (), method, min(100, round(top.score)), top.note)

    def _unit_meant(self, name: str, country: str, declared: Mapping[str, str]) -> str:
        """The unit that a name with a word of kind means, if but one there has its consonants."""
        level = normalise(name).kind
        if level not in UNITS:
            return ""
        inside = declared.get("governorate", "") if level != "governorate" else ""
        unit = self.unit(name, country, inside)
        return unit if declared.get(level, unit) == unit else ""

    def declared(self, context: str, country: str = "") -> dict[str, str]:
        """Level (`governorate`, …) to location id of the units that a source names.

        Args:
            context: As it names them, larger ones first, separated by `;`; a smaller one is looked for in the larger.
            country: ISO code.
        """
        found: dict[str, str] = {}
        inside = ""
        for part in (p.strip() for p in context.split(";")):
            unit = self.unit(part, country, inside) if part else ""
            if unit:
                found.update({t: i for t, i in self.units_of(unit).items() if t in UNITS})
                inside = unit
        return found

    def _candidates(
        self, name: str, country: str, declared: Mapping[str, str], point: Point | None, kinds: tuple[str, ...]
    ) -> list[_Scored]:
        key, short = normalise(name), compact(name)
        wanted = _FITS.get(key.kind, frozenset({key.kind})) if key.kind and not kinds else frozenset(kinds)
        hits: dict[str, tuple[str, float]] = {}
        for location_id in self.by_key.get(short, ()):
            hits[location_id] = self.named(location_id, name)
        if len(short) >= 4 and script(name) == "Latn":
            for other, ratio, _ in process.extract(
                short, self.latin.keys(), scorer=fuzz.ratio, score_cutoff=ALIKE, limit=30
            ):
                for location_id in self.latin[other]:
                    method, score = hits.get(location_id, ("fuzzy", 0.0))
                    if method == "fuzzy":
                        hits[location_id] = (method, max(score, ratio - 8))
        found = []
        for location_id, (method, score) in hits.items():
            place = self.places[location_id]
            if wanted and place.location_type not in wanted:
                continue
            if method == "fuzzy" and not wanted and place.location_type in UNITS:
                continue
            judged = self._judge(place, score, method, country, declared, point)
            if judged is not None:
                found.append(judged)
        return found

    def _judge(
        self, place: Place, score: float, method: str, country: str, declared: Mapping[str, str], point: Point | None
    ) -> _Scored | None:
        """The candidate with what speaks for it and against it; None where it is out of the question."""
        said, refused = [], False
        units = self.units_of(place.location_id)
        at = place.point or (self.parent_point(place) if place.location_type == "neighbourhood" else None)
        km = distance_km(point, at) if point and at and place.location_type not in UNITS else None
        near = km is not None and km <= NEAR_KM
        if km is not None:
            said.append(f"{km:.1f} km from the point")
            refused = km > FAR_KM
            score += 5 if near else -12
        if country and place.country and place.country != country:
            refused = refused or not near
            score -= 12
            said.append(f"in {place.country}, said to be in {country}")
        missed = [level for level in declared if level in units and units[level] != declared[level]]
        met = [level for level in declared if units.get(level) == declared[level]]
        if "governorate" in missed:
            refused = refused or not near
            score -= 12
        elif missed:
            score -= 8
        elif met:
            score += 2
        said += [f"in {units[level]}, said to be in {declared[level]}" for level in missed[:1]]
        if method == "fuzzy" and not (near if km is not None else met):
            score = min(score, ACCEPT - 1)
        if place.location_type == "neighbourhood" and not (near or len(met) > 1):
            return None
        if refused and method == "fuzzy":
            return None
        return _Scored(0 if refused else score, place, method, "; ".join(said))


def _variants(name: str) -> list[str]:
    """The names that one cell gives for one place: the whole, then the parts of `A/B town`, and `B` of `A (B)`."""
    whole = _LEAD.sub("", " ".join(name.split()))
    outer = re.sub(r"[(][^()]*[)]", "", whole).strip() or whole
    others = [part.strip() for part in outer.split("/")] if "/" in outer and not _RELATION.search(outer) else []
    others += re.findall(r"[(]([^()]{4,})[)]", whole)
    kind = outer.split()[-1] if normalise(outer).kind else ""
    return [whole, *(f"{other} {kind}" if kind and not normalise(other).kind else other for other in others)]

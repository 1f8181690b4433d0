"""Verdicts: what became of one span, once its sentences have their places in a text."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice, product

from bastions.claims.align import Alignment, Mark
from bastions.claims.text import BLANK, View, literal

WRONG_ROW = "the text has the source's own sentence there: the row's offsets or its digest are wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one span.

    Attributes:
        table: `claims`, `utterances` or `ledger`; `sources` for the length of the text.
        record_id: Key of the row.
        sentence_id: The ledger line in which the span begins, if one does.
        status: `proved`, `changed` or `absent`.
        start_char: Offset of the span in the source's text.
        end_char: Offset just after it.
        found_start: Offset, in the given text under `nfc_lf_nbsp`, of the words; of a changed span, of what stands in
            the place of its sentence.
        found_end: Offset just after.
        line: Line of the given text at `found_start`, from 1.
        reading: In which reading it is proved: `exact`, `white space` or `typography`.
        differs_at: Offset, in the given text, of the one character by which its sentence was changed, where that
            could be determined.
        detail: Why it is not proved, for people; never words of the source.
    """

    table: str
    record_id: str
    sentence_id: str | None
    status: str
    start_char: int
    end_char: int
    found_start: int | None = None
    found_end: int | None = None
    line: int | None = None
    reading: str | None = None
    differs_at: int | None = None
    detail: str | None = None


class Judge:
    """Says of spans what became of them in the text of an alignment."""

    def __init__(self, alignment: Alignment):
        self.alignment = alignment
        self.text = alignment.text
        self.whole = literal(self.text, 0, len(self.text))
        self.breaks = [i for i, c in enumerate(self.text) if c == "\n"]

    def finding(
        self,
        mark: Mark,
        status: str,
        extent: tuple[int, int] | None = None,
        *,
        reading: str | None = None,
        differs_at: int | None = None,
        detail: str | None = None,
    ) -> Finding:
        """A finding with the sentence in which the span begins, and the line at which `extent` does."""
        first = self.alignment.touched(mark)[0]
        sentence = self.alignment.units[first] if first >= 0 else None
        begin, stop = extent or (None, None)
        return Finding(
            mark.table,
            mark.record_id,
            sentence.record_id if sentence and mark.start < sentence.end else None,
            status,
            mark.start,
            mark.end,
            begin,
            stop,
            None if begin is None else bisect_right(self.breaks, begin - 1) + 1,
            reading,
            differs_at,
            detail,
        )

    def proof(self, mark: Mark, view: View, at: int) -> Finding:
        """The finding that a span stands in `view` at `at`."""
        start, end = view.extent(at, mark.length)
        same = self.text[start:end] == view.text[at : at + mark.length]
        return self.finding(mark, "proved", (start, end), reading="exact" if same else view.reading)

    def at_offsets(self, mark: Mark) -> Finding:
        """The verdict where the text is the source's own."""
        if mark.end <= len(self.text) and self.whole.hash(mark.start, mark.length) == mark.digest:
            return self.proof(mark, self.whole, mark.start)
        wanted = {mark.length: {mark.digest}}
        hits = [at for _, at, _ in self.alignment.hasher.windows(self.whole, wanted, everywhere=True)]
        extent = self.whole.extent(hits[0], mark.length) if len(hits) == 1 else None
        where = f"; its digest is that of characters {extent[0]} to {extent[1]}" if extent else ""
        detail = f"this is the source's own text: the row's offsets or its digest are wrong{where}"
        return self.finding(mark, "changed", extent, detail=detail)

    def aligned(self, mark: Mark) -> Finding:
        """The verdict on another copy of the text, after `Alignment.align`."""
        if mark in self.alignment.loose:
            if got := self.alignment.loose[mark]:
                return self.proof(mark, *got)
            return self.finding(mark, "absent", detail="no ledger line holds it, and it stands nowhere, or not once")
        first, last = self.alignment.touched(mark)
        if first != last:
            return self.across(mark, first, last)
        place, low = self.alignment.places[first], mark.start - self.alignment.units[first].start
        if place is None:
            return self.finding(mark, "absent", detail="the text has nothing in the place of its sentence")
        at = place.intact.get((low, low + mark.length)) if place.changed else place.at + low
        if at is not None and place.view.hash(at, mark.length) == mark.digest:
            return self.proof(mark, place.view, at)
        by_one = " by one character" if place.edit is not None else ""
        detail = f"its sentence was changed{by_one}" if place.changed else WRONG_ROW
        return self.finding(mark, "changed", place.extent, differs_at=place.edit, detail=detail)

    def across(self, mark: Mark, first: int, last: int) -> Finding:
        """The verdict on a span across sentences: their parts, and what may have stood between them.

        It is put together from the parts, with each of the spaces and line ends that may have stood there.
        """
        units, places = self.alignment.units[first : last + 1], self.alignment.places[first : last + 1]
        there = [place for place in places if place]
        if not there:
            return self.finding(mark, "absent", detail="the text has nothing in the place of its sentences")
        why = "something stands between its sentences"
        if len(there) < len(places):
            why = "the text has nothing in the place of one of its sentences"
        elif any(place.changed for place in there):
            why = "one of its sentences was changed"
        extent = (min(p.extent[0] for p in there), max(p.extent[1] for p in there))
        edit = next((p.edit for p in there if p.edit is not None), None)
        broken = self.finding(mark, "changed", extent, differs_at=edit, detail=why)
        parts: list[list[str]] = []
        begin, stop = -1, -1
        for i, (unit, place) in enumerate(zip(units, places, strict=True)):
            # From the start of a changed sentence, or up to its end, the distances still hold.
            low, high = max(mark.start - unit.start, 0), min(mark.end, unit.end) - unit.start
            if place is None or (place.changed and i not in (0, len(units) - 1)) or high - low > place.length:
                return broken
            at = place.at + (low if i else place.length - (high - low))
            start, end = place.view.extent(at, high - low)
            if i:
                between, gap = self.text[stop:start], unit.start - units[i - 1].end
                foreign = bool(between.strip(BLANK))
                if start < stop or (foreign and len(between) != gap):
                    return broken
                usual = " " if gap == 1 else "\n" * gap
                others = ["".join(f) for f in product("\n ", repeat=gap)] if gap <= 4 else [" " * gap]
                parts.append([between] if foreign else list(dict.fromkeys([usual, *others])))
            else:
                begin = start
            parts.append([place.view.text[at : at + high - low]])
            stop = end
        # The text as it stands, then what usually stands between sentences, then what else may have.
        verbatim = self.text[begin:stop]
        for joined in (verbatim, *map("".join, islice(product(*parts), 4096))):
            if sha256(joined.encode()).digest() == mark.digest:
                readings = {place.view.reading for place in there}
                other = "typography" if "typography" in readings else "white space"
                reading = "exact" if joined == verbatim else other
                return self.finding(mark, "proved", (begin, stop), reading=reading)
        return broken

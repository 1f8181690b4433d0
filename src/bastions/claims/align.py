"""Alignment: for each sentence of a source, the place in a text where it, or what became of it, stands.

A sentence of n characters whose digest the ledger holds is looked for by hashing the windows of n characters that
begin and end beside white space; what is left over is looked for at every character, but only between its found
neighbours; what still is left over is compared with what stands in its place. A span within a found sentence lies at
the same distance from its start; in a changed one, at the same distance from its start or from its end, or, if it is
long, wherever it is found once.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import groupby

from bastions.claims.text import BLANK, View, folded, literal, variants
from bastions.claims.windows import Hasher, Hit, in_order

EDITS = 200  # sentences tried at most for a change of one character
LONG = 24  # characters of a sentence that may be believed wherever it stands
INTACT = 16  # characters of a span that may be believed anywhere within its changed sentence

_SENTENCE = re.compile(r"\S(?:[^\n]*?[.!?…][\"'”’»)\]]*(?=\s)|[^\n]*)")
_ENDS = frozenset(".!?…:;\"'”’»)]")


@dataclass(frozen=True, slots=True)
class Mark:
    """A row that cites characters."""

    table: str
    record_id: str
    start: int
    end: int
    digest: bytes

    @property
    def length(self) -> int:
        """Number of its characters."""
        return self.end - self.start


@dataclass(slots=True)
class Place:
    """Where a sentence stands: unchanged as `view.text[at : at + length]`, or changed into that.

    Attributes:
        intact: Of a changed one, the spans that still stand in it: their (start, end) in the sentence, and where in
            `view` they start.
        edit: Of one changed by a single character, its offset in the text.
    """

    view: View
    at: int
    length: int
    changed: bool = False
    intact: dict[tuple[int, int], int] = field(default_factory=dict)
    edit: int | None = None

    @property
    def extent(self) -> tuple[int, int]:
        """Its offsets in the text."""
        return self.view.extent(self.at, self.length)


class Alignment:
    """The sentences of a source, each with its place in a text.

    Attributes:
        units: The sentences: the ledger lines that do not overlap.
        places: Their places; `None` where the text has nothing.
        loose: The spans that no sentence holds, each with the view in which it was found, and where.
    """

    def __init__(self, text: str, lines: list[Mark], spans: list[Mark]):
        self.text = text
        self.hasher = Hasher()
        self.edits: dict[tuple[int, str], int | None] = {}
        self.units: list[Mark] = []
        for line in lines:
            if not self.units or line.start >= self.units[-1].end:
                self.units.append(line)
        self.begins = [unit.start for unit in self.units]
        self.places: list[Place | None] = [None] * len(self.units)
        self.loose: dict[Mark, tuple[View, int] | None] = {}
        self.inner: list[list[Mark]] = [[] for _ in self.units]
        for mark in sorted({*lines, *spans}, key=lambda m: (-m.length, m.start, m.table, m.record_id)):
            first, last = self.touched(mark)
            if first < 0 or mark.start >= self.units[first].end or mark.end > self.units[last].end:
                self.loose[mark] = None
            elif first == last and mark != self.units[first]:
                self.inner[first].append(mark)

    def touched(self, mark: Mark) -> tuple[int, int]:
        """The first and the last sentence that a span may lie in."""
        return bisect_right(self.begins, mark.start) - 1, bisect_right(self.begins, mark.end - 1) - 1

    def align(self) -> None:
        """Finds what can be found of every sentence, surest first."""
        for reading, everywhere in ((folded, False), (folded, True), (literal, True)):
            for free, units, _ in self.gaps():
                self.put(reading(self.text, *free), units, free, everywhere=everywhere)
        for free, units, _ in self.gaps():
            for variant in variants(folded(self.text, *free)):
                if self.hasher.spent(len(variant.text)):
                    break
                self.put(variant, units, free, everywhere=False)
        for free, units, _ in self.gaps():
            self.put(folded(self.text, *free), units, free, everywhere=False, sides=1)
        for free, units, beside in self.gaps():
            self.put_changed(free, units, beside)
        self.put_loose()

    def gaps(self) -> list[tuple[tuple[int, int], list[int], bool]]:
        """Stretches that are nobody's yet, the unfound units that belong there, and whether found ones lie beside."""
        taken = sorted(place.extent for place in self.places if place)
        edges = [0, *(edge for extent in taken for edge in extent), len(self.text)]
        free = [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if self.text[a:b].strip(BLANK)]
        after, before = {a: (a, b) for a, b in free}, {b: (a, b) for a, b in free}
        found: list[tuple[tuple[int, int], list[int], bool]] = []
        for missing, group in groupby(range(len(self.places)), key=lambda unit: self.places[unit] is None):
            if not missing:
                continue
            run = list(group)
            previous = self.places[run[0] - 1] if run[0] else None
            following = self.places[run[-1] + 1] if run[-1] + 1 < len(self.places) else None
            stretches = (
                after.get(previous.extent[1] if previous else 0),
                before.get(following.extent[0] if following else len(self.text)),
            )
            beside = previous is not None or following is not None
            found += [(stretch, run, beside) for stretch in dict.fromkeys(stretches) if stretch]
        return found

    # -- sentences that stand in the text ----------------------------------------------------------------------------

    def put(self, view: View, units: list[int], free: tuple[int, int], *, everywhere: bool, sides: int = 2) -> None:
        """Gives units that stand in `view` their places: those in order first, then long ones that were moved."""
        wanted: defaultdict[int, defaultdict[bytes, list[int]]] = defaultdict(lambda: defaultdict(list))
        for unit in units:
            if self.places[unit] is None:
                wanted[self.units[unit].length][self.units[unit].digest].append(unit)
        taken = [place.extent for place in self.places if place]
        seen: Counter[bytes] = Counter()
        hits: list[Hit] = []
        for hashed, at, length in self.hasher.windows(view, wanted, everywhere=everywhere):
            seen[hashed] += 1
            start, end = view.extent(at, length)
            if seen[hashed] <= 200 and all(end <= a or b <= start for a, b in taken):
                weight = 2 * length + (length >= LONG or self.bounds((start, end), [free]) == 2)
                hits += [Hit(unit, at, length, weight) for unit in wanted[length][hashed]]
        for chosen in (self.firm(view, in_order(hits), [free, *taken], sides), [h for h in hits if h.length >= LONG]):
            for hit in chosen:
                start, end = view.extent(hit.at, hit.length)
                if self.places[hit.unit] is None and all(end <= a or b <= start for a, b in taken):
                    self.places[hit.unit] = Place(view, hit.at, hit.length)
                    taken.append((start, end))

    def firm(self, view: View, chosen: list[Hit], taken: list[tuple[int, int]], sides: int) -> list[Hit]:
        """`chosen` without short stretches that may be part of another sentence, having no bounds on enough sides."""
        while True:
            edges = [*taken, *(view.extent(hit.at, hit.length) for hit in chosen)]
            kept = [
                hit
                for hit in chosen
                if hit.length >= LONG or self.bounds(view.extent(hit.at, hit.length), edges) >= sides
            ]
            if len(kept) == len(chosen):
                return kept
            chosen = kept

    def bounds(self, extent: tuple[int, int], edges: list[tuple[int, int]]) -> int:
        """On how many sides a stretch ends as a sentence or line does: at a mark, a line break or one of `edges`."""
        start, end = extent
        stops = [edge for pair in edges if pair != extent for edge in pair]
        before = self.text[max((stop for stop in stops if stop <= start), default=0) : start]
        after = self.text[end : min((stop for stop in stops if stop >= end), default=len(self.text))]
        left, right = before.rstrip(BLANK), after.lstrip(BLANK)
        opens = not left or left[-1] in _ENDS or "\n" in before[len(left) :]
        closes = not right or self.text[end - 1] in _ENDS or "\n" in after[: len(after) - len(right)]
        return opens + closes

    # -- sentences that were changed ---------------------------------------------------------------------------------

    def put_changed(self, free: tuple[int, int], units: list[int], beside: bool) -> None:
        """Pairs units with the stretches of `free` that stand in their place.

        A counterpart shares spans with the unit; or stands beside found neighbours and is as long, more or less; or
        differs by one character only.
        """
        units = [unit for unit in units if self.places[unit] is None]
        pieces = [m.span() for m in _SENTENCE.finditer(self.text, *free)]
        taken = [place.extent for place in self.places if place]
        if len(units) * len(pieces) > 40_000:
            self.hasher.complete = False
            return
        likely = beside and len(pieces) <= 2 * len(units) + 3
        views: dict[tuple[int, int], View] = {}

        def score(unit: int, first: int, last: int) -> int:
            start, end = key = (pieces[first][0], pieces[last][1])
            if any(start < b and a < end for a, b in taken):
                return 0
            if self.hasher.spent(10 + 2 * len(self.inner[unit])):
                return -1
            view = views.get(key) or views.setdefault(key, folded(self.text, *key))
            origin, length = self.units[unit].start, self.units[unit].length
            if len(view.text) > 2 * length + LONG:
                return -1
            shift = abs(len(view.text) - length)
            intact = self.anchored(unit, view)
            long = [mark for mark in self.inner[unit] if mark.length >= 6]
            shared = sum(mark.length for mark in long if (mark.start - origin, mark.end - origin) in intact)
            near = likely and shift <= max(2, 3 * length // 10)
            if not (shared or near or self.single_edit(unit, view) is not None):
                return 0
            return 1 + 2 * shared + max(0, length - shift)

        # best[u][p]: the highest score of units[:u] against pieces[:p], and how it came about
        best = [[(0, 0)] * (len(pieces) + 1) for _ in range(len(units) + 1)]
        for u in range(1, len(units) + 1):
            for p in range(1, len(pieces) + 1):
                options = [(best[u - 1][p][0], -1), (best[u][p - 1][0], 0)]
                for size in range(1, p + 1):
                    gain = score(units[u - 1], p - size, p - 1)
                    if gain < 0:
                        break
                    if gain:
                        options.append((best[u - 1][p - size][0] + gain, size))
                best[u][p] = max(options, key=lambda o: o[0])
        u, p = len(units), len(pieces)
        while u and p:
            size = best[u][p][1]
            if size > 0:
                view = views[pieces[p - size][0], pieces[p - 1][1]]
                self.places[units[u - 1]] = self.changed(units[u - 1], view)
                p -= size
                u -= 1
            elif size == 0:
                p -= 1
            else:
                u -= 1

    def anchored(self, unit: int, view: View) -> dict[tuple[int, int], int]:
        """The spans of a unit that stand as far from the start of `view`, or from its end, as they did in the unit."""
        origin, size = self.units[unit].start, len(view.text)
        shifts = (0, size - self.units[unit].length)
        intact: dict[tuple[int, int], int] = {}
        for mark in self.inner[unit]:
            low = mark.start - origin
            for at in (low + shift for shift in shifts):
                if 0 <= at <= size - mark.length and view.hash(at, mark.length) == mark.digest:
                    intact.setdefault((low, low + mark.length), at)
        return intact

    def changed(self, unit: int, view: View) -> Place:
        """The place of a unit that became `view`: what is intact in it, and the one character that is not."""
        intact, edit = self.anchored(unit, view), self.single_edit(unit, view)
        place = Place(view, 0, len(view.text), True, intact, edit)
        if edit is not None:
            return place
        origin = self.units[unit].start
        for mark in self.inner[unit]:
            low, high = mark.start - origin, mark.end - origin
            if (low, high) in intact:
                continue
            inside = [at + low - a for (a, b), at in intact.items() if a <= low and high <= b]
            starts = [at for at in inside[:1] if view.hash(at, mark.length) == mark.digest]
            if not starts and mark.length >= INTACT:
                starts = [at for _, at, _ in self.hasher.windows(view, {mark.length: {mark.digest}}, everywhere=True)]
            if len(starts) == 1 and all(
                (b > low or at + b - a <= starts[0])
                and (a < high or starts[0] + mark.length <= at)
                and (b <= low or a >= high or at - a == starts[0] - low)
                for (a, b), at in intact.items()
            ):
                intact[low, high] = starts[0]
        return place

    def single_edit(self, unit: int, view: View) -> int | None:
        """The place of the one character whose exchange, removal or addition gives the unit's digest, if one does.

        Tried are the characters of the text, of ASCII and of typography.
        """
        key = (unit, view.text)
        if key not in self.edits and len(self.edits) < EDITS:
            self.edits[key] = self._single_edit(unit, view)
        return self.edits.get(key)

    def _single_edit(self, unit: int, view: View) -> int | None:
        wanted, length = self.units[unit].digest, self.units[unit].length
        data, offsets = view.encoded
        size = len(view.text)
        if abs(size - length) > 1:
            return None
        common = [c for c, _ in Counter(self.text).most_common(300)]
        alphabet = {*common, *map(chr, range(32, 127)), *"‘’“”–—…éü"} if size <= length else {""}
        if self.hasher.spent(len(alphabet) * (size + 1)):
            return None
        letters = [c.encode() for c in sorted(alphabet)]
        for i in range(size + (size < length)):
            head, tail = data[: offsets[i]], data[offsets[i + (size >= length)] :]
            for letter in letters:
                if sha256(head + letter + tail).digest() == wanted:
                    return view.starts[i] if i < size else view.ends[-1]
        return None

    # -- spans outside every sentence --------------------------------------------------------------------------------

    def put_loose(self) -> None:
        """Looks for the spans that no ledger line holds, the longest first; they stand where they stand once."""
        whole = folded(self.text, 0, len(self.text))
        wanted: defaultdict[int, set[bytes]] = defaultdict(set)
        for mark in self.loose:
            wanted[mark.length].add(mark.digest)
        hits: defaultdict[bytes, list[int]] = defaultdict(list)
        for hashed, at, _ in self.hasher.windows(whole, wanted, everywhere=True):
            hits[hashed].append(at)
        for mark in self.loose:
            fits = [at for at in hits[mark.digest] if self.between(mark, *whole.extent(at, mark.length))]
            for outer, got in self.loose.items():
                if got and outer.start <= mark.start and mark.end <= outer.end:
                    at = got[1] + mark.start - outer.start
                    fits = [at] if at in fits else []
                    break
            if len(fits) == 1 or (fits and mark.length >= LONG):
                self.loose[mark] = (whole, fits[0])

    def between(self, mark: Mark, start: int, end: int) -> bool:
        """Whether a stretch lies after the found sentences before a span and before those after it."""
        pairs = ((unit, place.extent) for unit, place in zip(self.units, self.places, strict=True) if place)
        return all(
            (unit.end > mark.start or extent[1] <= start) and (unit.start < mark.end or end <= extent[0])
            for unit, extent in pairs
        )

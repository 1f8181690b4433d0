"""Windows of a text: hashing those that may be wanted, and choosing among the hits."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import compress, groupby
from typing import NamedTuple

from bastions.claims.text import View

HASHES = 8_000_000  # windows hashed at most in one alignment, a few seconds


class Hasher:
    """Hashes windows until `HASHES` are spent."""

    def __init__(self) -> None:
        self.left = HASHES
        self.complete = True

    def spent(self, cost: int) -> bool:
        """Whether there is nothing left for work that costs as much as `cost` windows, which is taken off otherwise."""
        self.complete &= cost <= self.left
        self.left -= cost if cost <= self.left else 0
        return not self.complete

    def windows(
        self, view: View, wanted: Mapping[int, Collection[bytes]], *, everywhere: bool
    ) -> Iterator[tuple[bytes, int, int]]:
        """Every `(digest, start, length)` of `view` that is wanted; beside white space alone unless `everywhere`."""
        data, offsets = view.encoded
        starts, stops = view.edges
        for length, digests in wanted.items():
            last = len(view.text) - length
            candidates: Sequence[int] = range(last + 1)
            if not everywhere:
                near = starts[: bisect_right(starts, last)]
                candidates = list(compress(near, map(stops.__getitem__, map(length.__add__, near))))
            if len(candidates) > self.left:
                self.complete = False
                candidates = candidates[: self.left]
            self.left -= len(candidates)
            for start in candidates:
                hashed = sha256(data[offsets[start] : offsets[start + length]]).digest()
                if hashed in digests:
                    yield hashed, start, length


@dataclass(frozen=True, slots=True)
class Hit:
    """A stretch of a view with the digest of a unit."""

    unit: int
    at: int
    length: int
    weight: int


class _Chain(NamedTuple):
    """Hits in order: the last one, and those before it."""

    end: int
    weight: int
    last: Hit | None = None
    before: _Chain | None = None


def in_order(hits: list[Hit]) -> list[Hit]:
    """Those hits, the heaviest in sum, that keep the order of the units and do not overlap.

    Of hits that would do equally well those are taken that lie nearest to their neighbours.
    """
    chains = [_Chain(0, 0)]  # by where they end; none is lighter than those before it
    for _, group in groupby(sorted(hits, key=lambda hit: hit.unit), key=lambda hit: hit.unit):
        longer = []
        for hit in group:
            before = chains[bisect_right(chains, hit.at, key=lambda chain: chain.end) - 1]
            longer.append(_Chain(hit.at + hit.length, before.weight + hit.weight, hit, before))
        for chain in longer:
            first = after = bisect_right(chains, chain.end, key=lambda chain: chain.end)
            if chain.weight >= chains[first - 1].weight:
                while after < len(chains) and chains[after].weight < chain.weight:
                    after += 1
                chains[first:after] = [chain]
    chosen = []
    best = max(chains, key=lambda chain: chain.weight)
    while best.last and best.before:
        chosen.append(best.last)
        best = best.before
    return chosen[::-1]

"""Finding a record by a part of its name or id, as people remember them."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from bastions.composing.holdings import Holdings

SHOWN = 12


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that was found."""

    table: str
    key: str
    label: str


@dataclass(frozen=True, slots=True)
class _Entry:
    table: str
    key: str
    names: str  # key, name and other names, folded, each between bars
    all: str  # and the label


def folded(text: str) -> str:
    """Lower case, without accents, hyphens as spaces."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(" " if c in "-‐‑–_" else c for c in parts if not unicodedata.combining(c))


class Index:
    """The records of some tables, to be searched. Made once; a search looks at every record."""

    def __init__(self, held: Holdings, tables: Collection[str] | None = None):
        self.held = held
        self.tables = list(tables if tables is not None else held.schema.subjects)
        self._entries: list[_Entry] = []

    def _made(self) -> list[_Entry]:
        if not self._entries:
            other: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
            for row in self.held.tables["names"].values():
                other[row["subject_table"], row["subject_id"]].append(row["name"])
            for table in self.tables:
                for key in self.held.tables[table]:
                    label = self.held.label(table, key)
                    names = [key, self.held.name_of(table, key), *other[table, key]]
                    bars = "|" + "|".join(map(folded, names)) + "|"
                    self._entries.append(_Entry(table, key, bars, f"{bars}{folded(label)} {table}|"))
        return self._entries

    def search(self, words: str) -> list[Hit]:
        """The records that have every word in their id, one of their names or their label, the best first.

        A word that is the name of a table asks for its records alone. Where no record has all the words, those whose
        names are most alike come.
        """
        sought = words.casefold().split()
        tables = {word for word in sought if word in self.tables} if len(sought) > 1 else set()
        wanted = [folded(word).strip() for word in sought if word not in tables]
        entries = [e for e in self._made() if not tables or e.table in tables]
        whole = " ".join(wanted)
        hits = [e for e in entries if all(word in e.all for word in wanted)]
        if not hits:
            return self._alike(whole, entries)

        def rank(e: _Entry) -> tuple[bool, bool, bool, int, int, str]:
            named = all(word in e.names for word in wanted)
            order = self.tables.index(e.table)
            return (f"|{whole}|" not in e.names, f"|{whole}" not in e.names, not named, order, len(e.key), e.key)

        return [Hit(e.table, e.key, self.held.label(e.table, e.key)) for e in sorted(hits, key=rank)]

    def _alike(self, whole: str, entries: list[_Entry]) -> list[Hit]:
        from rapidfuzz import fuzz, process

        names = [(name, e) for e in entries for name in e.names.strip("|").split("|")]
        found = process.extract(whole, [name for name, _ in names], scorer=fuzz.ratio, score_cutoff=70, limit=SHOWN)
        chosen = dict.fromkeys(names[place][1] for _, _, place in found)
        return [Hit(e.table, e.key, self.held.label(e.table, e.key)) for e in chosen]

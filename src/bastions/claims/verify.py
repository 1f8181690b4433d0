"""Proving every span of one source by a text from anywhere, and finding the source whose text it is."""

from __future__ import annotations

import difflib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bastions.claims.align import Alignment, Mark
from bastions.claims.findings import Finding, Judge
from bastions.claims.text import NORMALISATION, digest, folded, normalise
from bastions.claims.windows import Hasher

Row = Mapping[str, object]
Tables = Mapping[str, Iterable[Row]]
"""Rows by table: `sources`, `claims`, `utterances` and `ledger` (all ledgers together); one left out has none.

Cells are typed or text, empty ones `None` or empty."""

TABLES = {"claims": "claim_id", "utterances": "utterance_id", "ledger": "sentence_id"}


class SourceError(ValueError):
    """There is no source, or no single one, against which the text could be verified."""


class SpanError(ValueError):
    """A row's offsets or digest are none; `bastions validate` says more."""


@dataclass(frozen=True, slots=True)
class Match:
    """How much of a source's ledger a text carries.

    Attributes:
        source_id: Key of the source.
        found: Ledger lines that stand in the text.
        total: Ledger lines.
        same_text: Whether the text is the source's own, by the digest of the whole.
    """

    source_id: str
    found: int
    total: int
    same_text: bool


@dataclass(frozen=True, slots=True)
class Verification:
    """What became of every span of one source.

    Attributes:
        source_id: The source.
        same_text: Whether the text is the source's own, so that every span was checked at its offsets.
        findings: One for each span, by table and in the order of the source's text.
        without_span: Rows of the source that cite no characters.
        skipped_sources: Sources without a text, such as datasets, to which no text applies.
        other_sources: Sources with a text that this text was not checked against.
        complete: False where the text was so long and so different that `HASHES` windows did not do.
    """

    source_id: str
    same_text: bool
    findings: tuple[Finding, ...]
    without_span: int
    skipped_sources: tuple[str, ...]
    other_sources: tuple[str, ...]
    complete: bool = True

    @property
    def failures(self) -> tuple[Finding, ...]:
        """The findings that are not `proved`."""
        return tuple(f for f in self.findings if f.status != "proved")

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """For each table how many spans are proved, changed and absent."""
        counted = Counter((f.table, f.status) for f in self.findings)
        tables = dict.fromkeys(f.table for f in self.findings)
        return {t: {s: counted[t, s] for s in ("proved", "changed", "absent")} for t in tables}

    @property
    def readings(self) -> dict[str, int]:
        """How many spans are proved in which reading."""
        return dict(Counter(f.reading for f in self.findings if f.reading))


def match_sources(text: bytes | str, tables: Tables) -> list[Match]:
    """How much of each source's ledger a text carries, the best first.

    Args:
        text: The text, raw or normalised.
        tables: At least `sources` and `ledger`.

    Returns:
        One match for each source that has a `text_sha256`.
    """
    normal = normalise(text)
    whole = digest(normal)
    rows = list(tables.get("ledger", ()))
    digests = {_cell(row, "source_id"): _cell(row, "text_sha256") for row in tables.get("sources", ())}
    lines = {source: _marks("ledger", rows, source)[0] for source, known in digests.items() if known}
    wanted: defaultdict[int, set[bytes]] = defaultdict(set)
    for mark in (m for marks in lines.values() for m in marks):
        wanted[mark.length].add(mark.digest)
    present = {d for d, _, _ in Hasher().windows(folded(normal, 0, len(normal)), wanted, everywhere=False)}
    matches = [
        Match(source, sum(m.digest in present for m in marks), len(marks), digests[source] == whole)
        for source, marks in lines.items()
    ]
    return sorted(matches, key=lambda m: (not m.same_text, -m.found, m.total, m.source_id))


def verify(text: bytes | str, tables: Tables, *, source_id: str | None = None) -> Verification:
    """Says of every span of one source whether its words stand in `text`; see the head of this package.

    Args:
        text: The text, raw or normalised, from wherever.
        tables: Rows of `sources`, `claims`, `utterances` and of all ledgers.
        source_id: The source; without it, the one whose ledger the text carries most of.

    Returns:
        One finding for each span. That something is not proved is a result and no error.

    Raises:
        SourceError: If the source does not exist or has no text, or none or several fit the text equally.
        SpanError: If a row of the source has offsets or a digest that are none.
        TextError: If the text cannot be read.
    """
    normal = normalise(text)
    rows = {table: list(tables.get(table, ())) for table in ("sources", *TABLES)}
    by_id = {_cell(row, "source_id"): row for row in rows["sources"]}
    with_text = [key for key, row in by_id.items() if _cell(row, "text_sha256")]
    if source_id is None:
        source_id = _choose(match_sources(normal, rows))
    elif source_id not in by_id:
        near = difflib.get_close_matches(source_id, by_id, 1)
        raise SourceError(f"there is no source {source_id!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
    elif source_id not in with_text:
        raise SourceError(f"{source_id} has no text_sha256; a dataset is cited by locators, not by characters")
    source = by_id[source_id]
    if (named := _cell(source, "text_normalization")) not in ("", NORMALISATION):
        raise SourceError(f"{source_id} counts characters under {named!r}, which this version does not know")
    marks, without_span = {}, 0
    for table in TABLES:
        marks[table], without = _marks(table, rows[table], source_id)
        without_span += without
    alignment = Alignment(normal, marks["ledger"], [*marks["claims"], *marks["utterances"]])
    same = digest(normal) == _cell(source, "text_sha256")
    if not same:
        alignment.align()
    judge = Judge(alignment)
    verdict = judge.at_offsets if same else judge.aligned
    findings = [verdict(mark) for table in TABLES for mark in marks[table]]
    if same and (length := _cell(source, "text_length")) not in ("", str(len(normal))):
        detail = f"text_length says {length}, the text has {len(normal)} characters"
        findings.append(Finding("sources", source_id, None, "changed", 0, len(normal), detail=detail))
    return Verification(
        source_id,
        same,
        tuple(findings),
        without_span,
        tuple(key for key in by_id if key not in with_text),
        tuple(key for key in with_text if key != source_id),
        alignment.hasher.complete,
    )


def _choose(matches: list[Match]) -> str:
    if not matches:
        raise SourceError("no source has a text")
    best = matches[0]
    if not (best.found or best.same_text):
        raise SourceError(f"the text carries no sentence of any of the {len(matches)} sources that have one; name one")
    rivals = [m.source_id for m in matches if (m.same_text, m.found) == (best.same_text, best.found)]
    if len(rivals) > 1:
        raise SourceError(f"the text fits {', '.join(rivals)} equally well ({best.found} sentences); name one")
    return best.source_id


def _cell(row: Row, column: str) -> str:
    value = row.get(column)
    return "" if value is None else str(value)


def _marks(table: str, rows: Iterable[Row], source_id: str) -> tuple[list[Mark], int]:
    """The spans of one source's rows, in order, and how many of its rows have none."""
    found, without = [], 0
    for row in rows:
        if _cell(row, "source_id") != source_id:
            continue
        record_id = _cell(row, TABLES[table])
        start, end, hexadecimal = (_cell(row, c) for c in ("start_char", "end_char", "span_sha256"))
        if not (start or end or hexadecimal):
            without += 1
            continue
        numbers = re.fullmatch("[0-9]{1,9}", start) and re.fullmatch("[0-9]{1,9}", end)
        if not numbers or int(start) >= int(end) or not re.fullmatch("[0-9a-f]{64}", hexadecimal):
            raise SpanError(f"{table} {record_id}: start_char, end_char and span_sha256 are not those of a span")
        found.append(Mark(table, record_id, int(start), int(end), bytes.fromhex(hexadecimal)))
    return sorted(found, key=lambda m: (m.start, -m.end)), without

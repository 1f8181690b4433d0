"""A verification, told to people or to programs; never a word of the source."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict

from bastions.claims.findings import Finding
from bastions.claims.verify import TABLES, Verification
from bastions.problems import visible


def render(verification: Verification, form: str) -> str:
    """The verification as `text` or `json`.

    The text has, after a line that says how the spans were looked for, how many were proved in each table, what else
    is to be known, every span that was not proved, those of a sentence together, and the verdict.

    Raises:
        KeyError: For another form.
    """
    return {"text": _text, "json": _json}[form](verification)


def _json(verification: Verification) -> str:
    told = {
        "proved": not verification.failures,
        "counts": verification.counts,
        "readings": verification.readings,
        **asdict(verification),
    }
    return json.dumps(told, indent=1)


def _text(verification: Verification) -> str:
    how = "the source's own text" if verification.same_text else "another copy, aligned sentence by sentence"
    counts: list[Sequence[str]] = [("table", "proved", "changed", "absent")]
    counts += [(table, *map(str, by_status.values())) for table, by_status in verification.counts.items()]
    blocks = [
        [f"{visible(verification.source_id)}: {how}"],
        _columns(counts, right=range(1, 4)),
        _notes(verification),
        _failures(verification.failures),
        [_verdict(verification)],
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _notes(verification: Verification) -> list[str]:
    """What else is to be known: other readings than the exact one, and what this run says nothing of."""
    notes = []
    if others := [f"{n} by {reading}" for reading, n in verification.readings.items() if reading != "exact"]:
        notes.append(f"Proved otherwise than character by character: {' and '.join(others)}.")
    if not verification.complete:
        notes.append("Incomplete: the text is too long and too different to be searched through; more may stand in it.")
    if verification.without_span:
        notes.append(f"Rows of the source that cite no characters: {verification.without_span}.")
    if verification.skipped_sources:
        notes.append(f"Sources without a text: {_listed(verification.skipped_sources)}.")
    if verification.other_sources:
        notes.append(f"Sources with a text of their own, not looked at: {_listed(verification.other_sources)}.")
    return notes


def _failures(failures: Sequence[Finding]) -> list[str]:
    """A line for each, in the order of the source's text and so by sentence, the ledger line first."""
    if not failures:
        return []
    rows = [("line", "sentence", "table", "id", "characters", "status", "why")]
    for f in sorted(failures, key=lambda f: (f.start_char, f.table != "ledger", -f.end_char)):
        why = f.detail or ""
        if f.differs_at is not None:
            why += f", at character {f.differs_at} of the given text"
        line = "-" if f.line is None else str(f.line)
        rows.append((line, f.sentence_id or "-", f.table, f.record_id, f"{f.start_char}-{f.end_char}", f.status, why))
    return _columns(rows, right=(0, 4))


def _verdict(verification: Verification) -> str:
    spans = [f for f in verification.findings if f.table in TABLES]
    failed, total = sum(f.status != "proved" for f in spans), len(spans)
    if not total:
        verdict = "there is no span to prove"
    elif failed:
        verdict = f"{failed} of {total} spans {'is' if failed == 1 else 'are'} not proved"
    else:
        verdict = f"all {total} spans are proved" if total > 1 else "the one span is proved"
    return verdict if total == len(verification.findings) else f"{verdict}; the row of the source is wrong"


def _columns(rows: Sequence[Sequence[str]], right: Collection[int]) -> list[str]:
    """Rows of cells as lines, each column as wide as its widest cell, those of `right` flush right."""
    cells = [[visible(cell, 1000) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = []
    for row in cells:
        sized = enumerate(zip(row, widths, strict=True))
        padded = [cell.rjust(width) if i in right else cell.ljust(width) for i, (cell, width) in sized]
        lines.append("  ".join(padded).rstrip())
    return lines


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(visible, names))

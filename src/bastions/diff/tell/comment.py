"""GitHub's Markdown: every foreign text stands in a code span, and the whole is short enough for a comment."""

from __future__ import annotations

import sys

from bastions.diff.model import Difference
from bastions.diff.tell import outline
from bastions.diff.tell.outline import Foreign, Item, Said, Section
from bastions.problems import number
from bastions.reports.markdown import cell, code, size

_HEADS = {
    "ids": ("table", "id", "name"),
    "values": ("record", "name", "column", "before", "after"),
    "changed": ("id", "name", "column", "before", "after"),
    "added": ("id", "name", "cells"),
    "removed": ("id", "name", "cells"),
}
_REST = 400
"""Bytes kept for the sentence on what was left out."""


def render(found: Difference, limit: int, room: int | None, heading: str | None) -> str:
    """The difference as Markdown; see `tell.markdown`."""
    level = 3 if heading is None else 2
    title = f"bastions diff: {_said(outline.title(found))}" if heading is None else heading
    lines = [f"{'#' * level} {title}", "", _said(outline.summary(found))]
    parts = [(section, _opening(section, level)) for section in outline.sections(found, limit)]
    room = sys.maxsize if room is None else room - _REST - size(lines)
    left_out = cut = 0
    for i, (section, opening) in enumerate(parts):
        # What the headings of the rest need is kept free; what they leave is shared.
        kept = sum(size(after) for _, after in parts[i + 1 :])
        if size(opening) + kept > room:
            if size(opening) > room // 2:
                left_out += len(parts) - i
                cut += sum(later.total for later, _ in parts[i:])
                break
            kept = 0
        room -= size(opening)
        lines += opening
        share = (room - kept) // (sum(1 for later, _ in parts[i:] if later.items) or 1)
        told, used = _items(section, max(share, 0))
        lines += told
        room -= size(told)
        cut += section.total - used
    if cut or left_out:
        sections = f" {number(left_out, 'section')} and" if left_out else ""
        more = "`--format json` has all, `--format html` more" if heading is None else "`bastions diff` has all as JSON"
        lines += ["", f"Left out here:{sections} {number(cut, 'row')}; {more}."]
    return "\n".join(lines) + "\n"


def _opening(section: Section, level: int) -> list[str]:
    marks = "#" * (level + 1 if section.kind in outline.OPENING else level + 2)
    lines = ["", f"{marks} {_said(section.title)}"]
    return [*lines, *([""] if section.said else []), *(f"- {_said(said)}" for said in section.said)]


def _items(section: Section, room: int) -> tuple[list[str], int]:
    """The table of a section as far as it fits, and how many of its items are in it."""
    if not section.items:
        return [], 0
    head = _HEADS[section.kind]
    lines = ["", f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    used, filled = 0, size(lines)
    for item in section.items:
        rows = [f"| {' | '.join(row)} |" for row in _rows(item, section)]
        filled += size(rows)
        if filled + 60 > room:
            break
        lines += rows
        used += 1
    if not used:
        lines = []
    if used < section.total:
        lines += ["", f"… and {section.total - used:,} more."]
    return lines, used


def _rows(item: Item, section: Section) -> list[tuple[str, ...]]:
    key, name = cell(item.key), cell(item.name)
    if section.kind == "ids":
        return [(cell(item.cells[0][0]), key, name)]
    if section.kind in ("added", "removed"):
        told = [f"{column}: {(old or '') if new is None else new}" for column, old, new in item.cells]
        rest = f" and {item.more:,} more" if item.more else ""
        return [(key, name, "<br>".join(map(cell, told)) + rest)]
    return [(key, name, cell(column), cell(old or ""), cell(new or "")) for column, old, new in item.cells]


def _said(said: Said) -> str:
    return "".join(code(piece) if isinstance(piece, Foreign) else piece for piece in said)

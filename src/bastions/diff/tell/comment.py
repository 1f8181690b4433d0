"""GitHub's Markdown: every foreign text stands in a code span, and the whole is short enough for a comment."""

from __future__ import annotations

from bastions.diff.model import Difference
from bastions.diff.tell import outline
from bastions.diff.tell.outline import Foreign, Item, Said, Section
from bastions.problems import number
from bastions.reports.markdown import code

_HEADS = {
    "ids": ("table", "id", "name"),
    "values": ("record", "name", "column", "before", "after"),
    "changed": ("id", "name", "column", "before", "after"),
    "added": ("id", "name", "cells"),
    "removed": ("id", "name", "cells"),
}
_REST = 400
"""Bytes kept for the sentence on what was left out."""


def render(found: Difference, limit: int, size: int) -> str:
    """The difference as Markdown; see `tell.markdown`."""
    head = [f"### bastions diff: {_said(outline.title(found))}", "", _said(outline.summary(found))]
    parts = [(section, _opening(section)) for section in outline.sections(found, limit)]
    room = size - _REST - _size(head)
    lines, left_out, cut = head, 0, 0
    for i, (section, opening) in enumerate(parts):
        # What the headings of the rest need is kept free; what they leave is shared.
        kept = sum(_size(after) for _, after in parts[i + 1 :])
        if _size(opening) + kept > room:
            if _size(opening) > room // 2:
                left_out += len(parts) - i
                cut += sum(later.total for later, _ in parts[i:])
                break
            kept = 0
        room -= _size(opening)
        lines += opening
        share = (room - kept) // (sum(1 for later, _ in parts[i:] if later.items) or 1)
        told, used = _items(section, max(share, 0))
        lines += told
        room -= _size(told)
        cut += section.total - used
    if cut or left_out:
        sections = f" {number(left_out, 'section')} and" if left_out else ""
        lines += ["", f"Left out here:{sections} {number(cut, 'row')}; `--format json` has all, `--format html` more."]
    return "\n".join(lines) + "\n"


def _opening(section: Section) -> list[str]:
    level = "####" if section.kind in ("ids", "values", "said") else "#####"
    lines = ["", f"{level} {_said(section.title)}", ""]
    return [*lines, *(f"- {_said(said)}" for said in section.said)]


def _items(section: Section, room: int) -> tuple[list[str], int]:
    """The table of a section as far as it fits, and how many of its items are in it."""
    if not section.items:
        return [], 0
    head = _HEADS[section.kind]
    lines = ["", f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    used = 0
    for item in section.items:
        rows = [f"| {' | '.join(row)} |" for row in _rows(item, section)]
        if _size(lines) + _size(rows) + 60 > room:
            break
        lines += rows
        used += 1
    if not used:
        lines = []
    if used < section.total:
        lines += ["", f"… and {section.total - used:,} more."]
    return lines, used


def _rows(item: Item, section: Section) -> list[tuple[str, ...]]:
    key, name = _cell(item.key), _cell(item.name)
    if section.kind == "ids":
        return [(_cell(item.cells[0][0]), key, name)]
    if section.kind in ("added", "removed"):
        told = [f"{column}: {(old or '') if new is None else new}" for column, old, new in item.cells]
        rest = f" and {item.more:,} more" if item.more else ""
        return [(key, name, "<br>".join(map(_cell, told)) + rest)]
    return [(key, name, _cell(column), _cell(old or ""), _cell(new or "")) for column, old, new in item.cells]


def _cell(text: str) -> str:
    """A code span in a table, whose columns end at a bar even there."""
    return code(text.replace("|", r"\u{7c}")) if text else ""


def _said(said: Said) -> str:
    return "".join(code(piece) if isinstance(piece, Foreign) else piece for piece in said)


def _size(lines: list[str]) -> int:
    return sum(len(line.encode()) + 1 for line in lines)

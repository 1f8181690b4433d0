"""The form for a terminal: nothing that could move its cursor or turn its letters round is written."""

from __future__ import annotations

from bastions.diff.model import Difference
from bastions.diff.tell import outline
from bastions.diff.tell.outline import Foreign, Item, Said, Section
from bastions.problems import visible

_MARKS = {"ids": "!", "values": "="} | outline.MARKS


def render(found: Difference, limit: int) -> str:
    """The difference as text; see `tell.text`."""
    lines = [_said(outline.title(found)), _said(outline.summary(found))]
    for section in outline.sections(found, limit):
        if section.kind in outline.OPENING:
            lines += ["", _said(section.title)]
        lines += [f"  {_said(said)}" for said in section.said]
        for item in section.items:
            lines += _item(item, section)
        if len(section.items) < section.total:
            rest = section.total - len(section.items)
            how = f"--limit {section.total} tells all, and so does --format json"
            lines.append(f"  {_MARKS[section.kind]} … and {rest:,} more; {how}")
    return "\n".join(lines)


def _item(item: Item, section: Section) -> list[str]:
    name = f" ({_v(item.name)})" if item.name else ""
    if section.kind == "ids":
        return [f"  ! {_v(item.cells[0][0])} {_v(item.key)}{name}"]
    lines = [f"  {_MARKS[section.kind]} {_v(item.key)}{name}"]
    for column, old, new in item.cells:
        if old is not None and new is not None:
            lines.append(f"      {_v(column)}: {_v(old)} → {_v(new)}")
        else:
            lines.append(f"      {_v(column)}: {_v(new if old is None else old)}")
    if item.more:
        lines.append(f"      and {item.more:,} more cells")
    return lines


def _v(text: str | None) -> str:
    return visible(text or "", 400)


def _said(said: Said) -> str:
    return "".join(visible(piece, 2000) if isinstance(piece, Foreign) else piece for piece in said)

"""One HTML page without a script, which asks nothing of any address and is read in light and in dark."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from bastions.diff.model import Difference
from bastions.diff.tell import outline
from bastions.diff.tell.outline import Foreign, Item, Said, Section
from bastions.problems import visible

_OPEN = 20
"""As many rows are not folded."""

_STYLE = """
:root { color-scheme: light dark; --line: #d0d4da; --dim: #57606a; --old: #ffebe9; --new: #dafbe1; --warn: #fff4ce; }
@media (prefers-color-scheme: dark) {
  :root { --line: #3d444d; --dim: #9aa4af; --old: #4a1f1d; --new: #173a22; --warn: #453708; }
}
body { font: 15px/1.5 system-ui, sans-serif; max-width: 75rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .4rem; }
summary { font-weight: 600; margin: .8rem 0 .3rem; cursor: pointer; } nav ul { columns: 18rem; }
table { border-collapse: collapse; width: 100%; } ul { margin: .3rem 0; padding-left: 1.3rem; }
th, td { border: 1px solid var(--line); padding: .25rem .5rem; text-align: left; vertical-align: top;
  overflow-wrap: anywhere; }
th { font-weight: 600; } .dim { color: var(--dim); } .old { background: var(--old); } .new { background: var(--new); }
.warn { background: var(--warn); padding: .1rem .8rem .8rem; border-radius: .4rem; }
code { font: .92em ui-monospace, monospace; } dl { margin: 0; display: grid; grid-template-columns: max-content 1fr;
  gap: 0 .8rem; } dt { color: var(--dim); } dd { margin: 0; overflow-wrap: anywhere; } .scroll { overflow-x: auto; }
"""


def render(found: Difference, limit: int | None) -> str:
    """The difference as a page; see `tell.html`."""
    return "\n".join(_lines(found, limit)) + "\n"


def _lines(found: Difference, limit: int | None) -> Iterator[str]:
    title = "".join(visible(piece, 300) for piece in outline.title(found))
    yield '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{escape('bastions diff: ' + title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>"
    yield f"<h1>{_said(outline.title(found))}</h1>\n<p>{_said(outline.summary(found))}</p>"
    groups = list[list[Section]]()
    for section in outline.sections(found, limit):
        if section.kind in outline.OPENING:
            groups.append([])
        groups[-1].append(section)
    tables = [(i, group[0]) for i, group in enumerate(groups) if group[0].kind == "table"]
    if len(tables) > 1:
        links = (f'<li><a href="#s{i}">{_said(section.title)}</a></li>' for i, section in tables)
        yield f'<nav aria-label="Tables"><ul>{"".join(links)}</ul></nav>'
    for i, (first, *rows) in enumerate(groups):
        warns = ' class="warn"' if first.kind in ("ids", "warning") else ""
        yield f'<section id="s{i}"{warns}>'
        yield from _section(first)
        for section in rows:
            yield from _details(section)
        yield "</section>"
    yield "</body>\n</html>"


def _section(section: Section) -> Iterator[str]:
    yield f"<h2>{_said(section.title)}</h2>"
    if section.said:
        yield "<ul>" + "".join(f"<li>{_said(said)}</li>" for said in section.said) + "</ul>"
    yield from _items(section)


def _details(section: Section) -> Iterator[str]:
    """The rows of one kind of a table; many are folded."""
    shown = " open" if section.total <= _OPEN else ""
    yield f"<details{shown}>\n<summary>{section.total:,} {section.kind}</summary>"
    yield from _items(section)
    yield "</details>"


def _items(section: Section) -> Iterator[str]:
    if section.items:
        yield '<div class="scroll"><table>'
        yield from _HEADS[section.kind]
        for item in section.items:
            yield from _rows(item, section.kind)
        yield "</table></div>"
    if len(section.items) < section.total:
        rest = section.total - len(section.items)
        yield f'<p class="dim">… and {rest:,} more; <code>--format json</code> has all.</p>'


_CHANGE = ("<tr><th>id</th><th>column</th><th>before</th><th>after</th></tr>",)
_HEADS = {
    "ids": ("<tr><th>table</th><th>id</th></tr>",),
    "values": ("<tr><th>record</th><th>column</th><th>before</th><th>after</th></tr>",),
    "changed": _CHANGE,
    "added": ("<tr><th>id</th><th>cells</th></tr>",),
    "removed": ("<tr><th>id</th><th>cells</th></tr>",),
}


def _rows(item: Item, kind: str) -> Iterator[str]:
    name = f"<br>{_text(item.name)}" if item.name else ""
    key = f"<code>{_text(item.key)}</code>{name}"
    if kind == "ids":
        yield f"<tr><td>{_text(item.cells[0][0])}</td><td>{key}</td></tr>"
        return
    if kind in ("added", "removed"):
        cells = "".join(
            f"<dt>{_text(column)}</dt><dd>{_text((old if new is None else new) or '')}</dd>"
            for column, old, new in item.cells
        )
        rest = f'<p class="dim">and {item.more:,} more cells</p>' if item.more else ""
        colour = "new" if kind == "added" else "old"
        yield f'<tr><td class="{colour}">{key}</td><td><dl>{cells}</dl>{rest}</td></tr>'
        return
    for i, (column, old, new) in enumerate(item.cells):
        first = f'<td rowspan="{len(item.cells)}">{key}</td>' if i == 0 else ""
        yield (
            f'<tr>{first}<td>{_text(column)}</td><td class="old">{_text(old or "")}</td>'
            f'<td class="new">{_text(new or "")}</td></tr>'
        )


def _text(text: str) -> str:
    """Escaped, and kept from turning the letters around it."""
    return f"<bdi>{escape(visible(text, 1000))}</bdi>"


def _said(said: Said) -> str:
    return "".join(_text(piece) if isinstance(piece, Foreign) else escape(piece) for piece in said)

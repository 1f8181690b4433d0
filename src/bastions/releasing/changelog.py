"""The words beside a release: the day of its heading in `CHANGELOG.md`, and `CHANGELOG-<version>.md`, made from the
difference with the release before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bastions.codebook import cell
from bastions.releasing import CannotRelease, known
from bastions.releasing.changes import Change

FILE = "CHANGELOG.md"

_HEADS = {
    "major": ("Breaking", "What rests on these has to change."),
    "minor": ("Added or loosened", "What rests on the release before goes on to work."),
    "patch": ("Other words", "Descriptions, definitions, or the SQL of a view; by name alone."),
}


def day(root: Path, version: str) -> str:
    """The day of a version, from its heading `## <version>, YYYY-MM-DD`.

    Raises:
        CannotRelease: If `CHANGELOG.md` has no such heading.
    """
    path = root / FILE
    text = path.read_text("utf-8", "replace") if path.is_file() else ""
    found = re.search(rf"^## *{re.escape(version)}(?![^, ])[, ]*(.*?) *$", text, re.MULTILINE)
    if found and known.is_day(found[1]):
        return found[1]
    there = f"heads {version} with {found[1]!r}" if found else f"has no heading for {version}"
    raise CannotRelease(f"{FILE} {there}; write `## {version}, YYYY-MM-DD` there, or give the day with --date")


def text(
    title: str,
    release: known.Released,
    rows: Mapping[str, int],
    before: Mapping[str, int],
    last: str | None,
    changes: Sequence[Change],
    difference: str | None,
) -> str:
    """The text of `CHANGELOG-<version>.md`.

    Args:
        title: The title of the dataset.
        release: The release.
        rows: Rows of each of its tables.
        before: Rows of each table of the release before; empty where there is none.
        last: The version of the release before; None where there is none.
        changes: What the schema changes of the contract of the release before.
        difference: The difference between the two releases, as Markdown; None where there is none to compare with.
    """
    lines = [f"# {cell(title)} {release.version}, {release.date}", ""]
    tables = "1 table" if len(rows) == 1 else f"{len(rows)} tables"
    since = f"The changes since {last}." if last else "The first release."
    lines += [f"{since} `{release.archive}` holds {release.rows:,} rows in {tables}.", ""]
    if changes:
        lines += ["## Schema", ""]
        for level, (head, meaning) in _HEADS.items():
            if found := [change for change in changes if change.level == level]:
                lines += [f"### {head}", "", meaning, "", *_listed(found, short=level == "patch"), ""]
    lines += ["## Rows", "", *_rows(rows, before), ""]
    if difference:
        lines += [difference.rstrip(), ""]
    return "\n".join(lines)


def _listed(found: Sequence[Change], short: bool) -> Iterator[str]:
    if short:
        kinds: dict[str, list[str]] = {}
        for change in found:
            kinds.setdefault(change.kind, []).append(f"`{change.of}{'.' if change.name else ''}{change.name}`")
        for kind, names in kinds.items():
            yield f"- {kind}: {', '.join(names)}"
        return
    for change in found:
        name = f"`{change.name}` of `{change.of}`" if change.name else f"the {change.kind} `{change.of}`"
        yield f"- {name} {cell(change.what)}"


def _rows(rows: Mapping[str, int], before: Mapping[str, int]) -> Iterator[str]:
    if not before:
        yield from ("| table | rows |", "| --- | --: |")
        yield from (f"| {name} | {n:,} |" for name, n in sorted(rows.items()))
        return
    differ = [name for name in sorted({*rows, *before}) if rows.get(name) != before.get(name)]
    if differ:
        yield from ("| table | before | now |", "| --- | --: | --: |")
    for name in differ:
        was, now = before.get(name), rows.get(name)
        yield f"| {name} | {'' if was is None else f'{was:,}'} | {'' if now is None else f'{now:,}'} |"
    if same := [name for name in sorted(rows) if rows[name] == before.get(name)]:
        yield from ([""] if differ else [])
        yield f"As many rows as before: {', '.join(same)}."

"""Which field of the schema each column of a file is, by its label or its place, and what is said where it is wrong."""

from __future__ import annotations

from collections.abc import Sequence

from bastions.schema import Table
from bastions.tabular.text.block import RowFault

_NAMED = 20
"""Names that a hint lists at most."""

_SIGNS = {";": "semicolons", "\t": "tabs", "|": "bars", ",": "commas"}
"""What usually stands between cells."""


def match(
    labels: Sequence[str],
    table: Table | None,
    matching: str = "exact",
    *,
    case_sensitive: bool = True,
    line: int = 1,
) -> tuple[list[str | None], list[RowFault]]:
    """Which field each column of a file is, by Table Schema's `fieldsMatch`.

    `exact` wants the fields in their order and no others, `equal` in any order, `subset` all of them and perhaps other
    columns, `superset` no other columns, `partial` at least one of them. Where fields may be absent, those that are
    required or in the primary key may not. Of a column that is named wrongly, one thing is reported.

    Args:
        labels: Of the file.
        table: What the columns ought to be; None where there is no schema, and the labels are the names.
        matching: `exact`, `equal`, `subset`, `superset` or `partial`.
        case_sensitive: Whether a label must agree with the name of its field in case.
        line: The physical line of the header.

    Returns:
        For each column the name of its field or None, and what is wrong: rules are Frictionless's error types. Where
        the columns stand in a wrong order, they are told by their names, so that their cells can be checked.
    """
    names = list(table.names) if table else list(dict.fromkeys(labels))
    found = _by_name(labels, names, case_sensitive)
    faults: list[RowFault] = []
    missing = [name for name in names if name not in set(found)]
    if names and not any(found) and (foreign := _no_header(labels, names, matching, case_sensitive, line)):
        return [None] * len(labels), [foreign]
    open_, complete = matching in ("subset", "partial"), matching in ("exact", "equal", "subset")
    needed = {c.name for c in table.fields if c.constraints.required} | set(table.primary_key) if table else set()
    meant = _meant(labels, found, [name for name in missing if matching != "partial" or name in needed], matching)
    seen: dict[str, int] = {}
    for column, label in enumerate(labels, 1):
        known = found[column - 1]
        key = known or label
        if key in seen and label.strip():
            what = f"stands twice in the header, also in column {seen[key]:,}"
            faults.append(RowFault(line, column, "duplicate-label", what, label, "Each column has a name of its own."))
            found[column - 1] = None
            if matching == "exact" and names[column - 1 : column] and names[column - 1] in missing:
                meant[column] = names[column - 1]  # it stands in the place of one that is missing
        elif known is None and not (open_ and column not in meant):
            faults.append(_unknown(label, column, line, meant.get(column), table, names))
        elif known is not None and not label.strip():
            faults.append(RowFault(line, column, "blank-label", f"column {column:,} has no name", label))
            found[column - 1] = None
        seen.setdefault(key, column)
    for name in missing:
        if name not in meant.values() and (complete or name in needed):
            why = "" if complete else ", which every row needs"
            faults.append(RowFault(line, 0, "missing-label", f'the column "{name}" is missing{why}', hint=_list(names)))
    if matching == "exact" and not faults and table:
        faults = _order(found, names, labels, line)
    return found, faults


def by_position(
    width: int, table: Table | None, matching: str = "exact", *, line: int = 1
) -> tuple[list[str | None], list[RowFault]]:
    """The same for a file without a header: the columns are the fields in their order.

    Args:
        width: Cells of the first row.
        table: What the columns ought to be; None where there is no schema, and the names are `field1`, `field2`, ….
        matching: As in `match`; it says whether there may be more or fewer columns.
        line: The physical line of the first row.
    """
    if table is None:
        return [f"field{i}" for i in range(1, width + 1)], []
    names = list(table.names)
    found: list[str | None] = [*names[:width], *[None] * (width - len(names))]
    what = f"the first row has {width:,} cell{'' if width == 1 else 's'}, the schema {len(names):,} fields"
    if width > len(names) and matching not in ("subset", "partial"):
        return found, [RowFault(line, len(names) + 1, "extra-cell", what, hint=_list(names))]
    needed = {c.name for c in table.fields if c.constraints.required} | set(table.primary_key)
    if width < len(names) and (matching not in ("superset", "partial") or needed & set(names[width:])):
        return found, [RowFault(line, width + 1, "missing-cell", what, hint=_list(names))]
    return found, []


def _by_name(labels: Sequence[str], names: list[str], case_sensitive: bool) -> list[str | None]:
    """The field of each label by its name; without regard to case where that leaves no doubt."""
    exact = set(names)
    if case_sensitive:
        return [label if label in exact else None for label in labels]
    folded: dict[str, list[str]] = {}
    for name in exact:
        folded.setdefault(name.casefold(), []).append(name)
    loose = {key: alike[0] for key, alike in folded.items() if len(alike) == 1}
    return [label if label in exact else loose.get(label.casefold()) for label in labels]


def _no_header(
    labels: Sequence[str], names: list[str], matching: str, case_sensitive: bool, line: int
) -> RowFault | None:
    """One fault where no label is a field: it is perhaps no header, or cut at the wrong signs."""
    signs = [sign for sign in _SIGNS if sign in labels[0]] if len(labels) == 1 else []
    # Fields that are parts of the one label, by the sign between them: the label may be like one of them as a whole.
    parts = {sign: _by_name(labels[0].split(sign), names, case_sensitive) for sign in signs}
    parted = [sign for sign in signs if 2 * len(set(parts[sign]) - {None}) >= len(names)]
    near = (_nearest(label, names) for label in labels[: len(names)])
    if matching != "partial" and not parted and any(near):
        return None
    shown, hint, guess = "".join(labels[:1])[:200], _list(names), "; perhaps the header is missing"
    if signs:
        guess, hint = f"; it has {_SIGNS[(parted or signs)[0]]}", f"Declare the delimiter in `dialect`. {hint}"
    if matching == "partial":
        what = f"none of the columns is a field of the schema{guess}"
        return RowFault(line, 0, "unmatched-header", what, shown, hint)
    what = f"the first row names none of the fields of the schema{guess}"
    return RowFault(line, 1, "incorrect-label", what, shown, hint)


def _nearest(label: str, names: Sequence[str]) -> str | None:
    """The name that a label is most like, if any; texts that are no names are not compared."""
    from rapidfuzz import fuzz, process, utils  # only where a header is wrong

    short = [name for name in names if len(name) <= 100]
    if not label.strip() or len(label) > 100:
        return None
    best = process.extractOne(label, short, scorer=fuzz.ratio, processor=utils.default_process, score_cutoff=70)
    return best[0] if best else None


def _meant(labels: Sequence[str], found: list[str | None], missing: list[str], matching: str) -> dict[int, str]:
    """For columns that are no field, the missing field that is meant: the name is alike, or it stands in its place."""
    meant: dict[int, str] = {}
    left = list(missing)
    unknown = [column for column, known in enumerate(found, 1) if known is None]
    for column in unknown:
        if left and (near := _nearest(labels[column - 1], left)):
            meant[column] = near
            left.remove(near)
    if matching == "exact" and len(left) == len(unknown) - len(meant):
        meant.update(zip((c for c in unknown if c not in meant), left, strict=True))
    return dict(sorted(meant.items()))


def _unknown(label: str, column: int, line: int, meant: str | None, table: Table | None, names: list[str]) -> RowFault:
    if not label.strip():
        expected = f'; "{meant}" was expected' if meant else ""
        return RowFault(line, column, "blank-label", f"column {column:,} has no name{expected}", label, _list(names))
    if meant:
        what = f'is not the name of a field; "{meant}" was expected'
        if label.strip() == meant:
            what = f'is not "{meant}": it begins or ends with a space'
        elif label.removeprefix("\ufeff") == meant:
            what = f'is not "{meant}": it begins with a byte-order mark'
        return RowFault(line, column, "incorrect-label", what, label, _list(names))
    return RowFault(line, column, "extra-label", "is not a field of the schema", label, _list(names))


def _order(found: list[str | None], names: list[str], labels: Sequence[str], line: int) -> list[RowFault]:
    """The first column that stands in another's place; the others are out of place because of it."""
    for column, (here, name) in enumerate(zip(found, names, strict=True), 1):
        if here != name:
            what = f'stands where "{name}" was expected: the columns are in another order'
            hint = f'Declare "fieldsMatch": "equal" where order does not matter. {_list(names)}'
            return [RowFault(line, column, "incorrect-label", what, labels[column - 1], hint)]
    return []


def _list(names: list[str]) -> str:
    more = f", … ({len(names):,} in all)" if len(names) > _NAMED else ""
    return f"The fields are: {', '.join(names[:_NAMED])}{more}"

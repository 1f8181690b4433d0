"""What a schema changes of the public contract of a release, and whether that breaks what others built on it.

The classes are those of the Data Package recipe for versions
(https://datapackage.org/recipes/data-package-version/), with one relaxation that RELEASING.md states: an optional
column at the end of a table, or a column at the end of a view, is an addition and breaks nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bastions.releasing import lock
from bastions.releasing.versions import LEVELS, Level
from bastions.schema import Schema


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the public contract.

    Attributes:
        level: Whether it breaks (`major`), adds or loosens (`minor`), or touches words alone (`patch`).
        kind: What it is a change of.
        of: The table, code list, view or policy.
        name: The column or code of it; empty where the whole is meant.
        what: What changed, as the rest of a sentence that begins with the name.
    """

    level: Level
    kind: str
    of: str
    name: str
    what: str

    def __str__(self) -> str:
        where = f"{self.name} of {self.of}" if self.name else f"the {self.kind} {self.of}"
        return f"{where} {self.what}"


def compare(locked: lock.Lock, schema: Schema) -> list[Change]:
    """What a schema changes of the contract of a lock, the breaking changes first, else in order of name.

    Raises:
        ViewError: If a file of `schemas/views/` cannot be read.
    """
    return between(locked.contract, lock.contract(schema))


def between(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """The same between the contracts of two locks."""
    found = [
        *_tables(old["tables"], new["tables"]),
        *_codes(old["codes"], new["codes"]),
        *_views(old["views"], new["views"]),
        *_policies(old, new),
    ]
    return sorted(found, key=lambda change: -LEVELS.index(change.level))


def level(changes: Sequence[Change]) -> Level:
    """The heaviest class of some changes; `patch` where there are none."""
    return max((change.level for change in changes), key=LEVELS.index, default="patch")


def _parts(kind: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    """Wholes that are gone or new."""
    for name in sorted(old.keys() - new.keys()):
        yield Change("major", kind, name, "", "was removed (a renamed one is one removed and one added)")
    for name in sorted(new.keys() - old.keys()):
        yield Change("minor", kind, name, "", "is new")


def _tables(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    yield from _parts("table", old, new)
    for table in sorted(old.keys() & new.keys()):
        was, now = old[table], new[table]
        before = {column["name"]: column for column in was["columns"]}
        after = {column["name"]: column for column in now["columns"]}
        for name in sorted(before.keys() - after.keys()):
            if _follows(name, before, after):
                continue
            yield Change("major", "column", table, name, "was removed (a renamed one is one removed and one added)")
        stay = [name for name in before if name in after]
        order = [name for name in after if name in before]
        if stay != order:
            first = next(a for a, b in zip(order, stay, strict=True) if a != b)
            yield Change("major", "column", table, first, "stands in another place")
        last = max((i for i, name in enumerate(after) if name in before), default=-1)
        for place, (name, column) in enumerate(after.items()):
            if name not in before and not _follows(name, after, before):
                yield _added(table, name, column, at_end=place > last)
        for name in stay:
            yield from _column(table, before[name], after[name])
        yield from _keys(table, was, now, set(before))
        if was["words"] != now["words"]:
            yield Change("patch", "table", table, "", "is described otherwise")


def _follows(name: str, there: Mapping[str, Any], elsewhere: Mapping[str, Any]) -> bool:
    """Whether a column is the bound of a date that differs too, which is told: one change, one word.

    Args:
        name: A column of `there` that `elsewhere` lacks.
        there: The columns of a table, by name.
        elsewhere: Those before or after.
    """
    source, _, bound = name.rpartition("_")
    dated = bound in ("earliest", "latest") and there.get(source, {}).get("edtf")
    return bool(dated) and not elsewhere.get(source, {}).get("edtf")


def _added(table: str, name: str, column: Mapping[str, Any], at_end: bool) -> Change:
    if column.get("required"):
        return Change("major", "column", table, name, "is new and required")
    if not at_end:
        return Change("major", "column", table, name, "is new and does not stand at the end")
    return Change("minor", "column", table, name, "is new")


_LOWER = ("minimum", "exclusiveMinimum", "minLength")
_UPPER = ("maximum", "exclusiveMaximum", "maxLength")


def _column(table: str, was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Change]:
    def change(level: Level, what: str) -> Change:
        return Change(level, "column", table, was["name"], what)

    for fact, word in (("type", "type"), ("unit", "unit"), ("codes", "code list")):
        if was.get(fact) != now.get(fact):
            yield change("major", f"has the {word} {now.get(fact) or 'none'} and had {was.get(fact) or 'none'}")
    if was.get("edtf") != now.get("edtf"):
        loosened = (was.get("edtf"), now.get("edtf")) == ("date", "end")
        yield change("minor" if loosened else "major", f"has dates of the kind {now.get('edtf') or 'none'}")
    if bool(was.get("required")) != bool(now.get("required")):
        yield change("major", "is required") if now.get("required") else change("minor", "is no longer required")
    for limit in (*_LOWER, *_UPPER, "pattern"):
        yield from _limit(limit, was, now, change)
    if was.get("words") != now.get("words"):
        yield change("patch", "is described otherwise")


def _limit(limit: str, was: Mapping[str, Any], now: Mapping[str, Any], change: Any) -> Iterator[Change]:
    old, new = was.get(limit), now.get(limit)
    if old == new:
        return
    if new is None:
        yield change("minor", f"has no longer the {limit} {old}")
    elif old is None:
        yield change("major", f"has the {limit} {new} and had none")
    else:
        try:
            wider = new < old if limit in _LOWER else new > old if limit in _UPPER else False
        except TypeError:  # the type has changed too, which is told
            wider = False
        yield change("minor" if wider else "major", f"has the {limit} {new} and had {old}")


def _keys(table: str, was: Mapping[str, Any], now: Mapping[str, Any], known: set[str]) -> Iterator[Change]:
    def change(level: Level, what: str) -> Change:
        return Change(level, "table", table, "", what)

    if was["primary_key"] != now["primary_key"]:
        new, old = (", ".join(side["primary_key"]) or "none" for side in (now, was))
        yield change("major", f"has the key ({new}) and had ({old})")
    for key in (key for key in was["unique_keys"] if key not in now["unique_keys"]):
        yield change("minor", f"may hold two rows that agree in ({', '.join(key)})")
    for key in (key for key in now["unique_keys"] if key not in was["unique_keys"]):
        # What holds of new columns alone takes nothing from anybody.
        yield change(
            "major" if set(key) & known else "minor", f"may not hold two rows that agree in ({', '.join(key)})"
        )
    for key in (key for key in was["foreign_keys"] if key not in now["foreign_keys"]):
        yield change("minor", f"refers no longer by ({', '.join(key['fields'])}) to {key['table']}")
    for key in (key for key in now["foreign_keys"] if key not in was["foreign_keys"]):
        level: Level = "major" if set(key["fields"]) & known else "minor"
        yield change(level, f"refers by ({', '.join(key['fields'])}) to {key['table']}")


def _codes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    yield from _parts("code list", old, new)
    for codes in sorted(old.keys() & new.keys()):
        was, now = old[codes], new[codes]
        for code in sorted(was.keys() - now.keys()):
            yield Change("major", "code", codes, code, "was removed (a renamed one is one removed and one added)")
        for code in sorted(now.keys() - was.keys()):
            yield Change("minor", "code", codes, code, "is new")
        for code in sorted(was.keys() & now.keys()):
            if was[code] != now[code]:
                yield Change("patch", "code", codes, code, "is defined in other words")


def _views(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    yield from _parts("view", old, new)
    for view in sorted(old.keys() & new.keys()):
        was, now = old[view], new[view]
        if was["parameters"] != now["parameters"]:
            yield Change("major", "view", view, "", f"takes {_called(now)} and took {_called(was)}")
        before, after = was["columns"], now["columns"]
        for name in (name for name in before if name not in after):
            yield Change("major", "view column", view, name, "was removed (a renamed one is one removed and one added)")
        stay, order = [c for c in before if c in after], [c for c in after if c in before]
        if stay != order:
            first = next(a for a, b in zip(order, stay, strict=True) if a != b)
            yield Change("major", "view column", view, first, "stands in another place")
        last = max((i for i, name in enumerate(after) if name in before), default=-1)
        for place, name in enumerate(after):
            if name not in before:
                end = place > last
                what = "is new" if end else "is new and does not stand at the end"
                yield Change("minor" if end else "major", "view column", view, name, what)
        if was.get("words") != now["words"]:
            yield Change("patch", "view", view, "", "has other SQL or other words")


def _called(view: Mapping[str, Any]) -> str:
    return "no parameters" if view["parameters"] is None else f"({', '.join(view['parameters'])})"


def _policies(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    if old["policies"] is None or new["policies"] is None:  # cannot be read, which is told elsewhere
        return
    was, now = old["policies"], new["policies"]
    yield from _parts("policy", was, now)
    for name in sorted(was.keys() & now.keys()):
        if was[name] != now[name]:
            yield Change("minor", "policy", name, "", "ranks otherwise, or is told in other words")
    if old["default_policy"] != new["default_policy"]:
        what = f"is the default policy and {old['default_policy']} was"
        yield Change("major", "policy", str(new["default_policy"]), "", what)

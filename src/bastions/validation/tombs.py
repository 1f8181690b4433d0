"""Ids that were released, and the tombstones of those that are gone; a part of `released`."""

from __future__ import annotations

import bisect
from collections.abc import Iterator

import polars as pl

from bastions.dataset import Dataset
from bastions.problems import Problem, problem
from bastions.releasing import known, lock, versions
from bastions.releasing.versions import Version
from bastions.schema import Schema

PACKAGE = "schemas/package.yaml"


def check(dataset: Dataset, before: known.Known) -> list[Problem]:
    """Holds the ids and tombstones of a dataset against what is known of releases; nothing need be known."""
    return [*_ids(dataset, before), *_removed_in(dataset, before)]


def _ids(dataset: Dataset, before: known.Known) -> Iterator[Problem]:
    """Ids that were released and are gone without a tombstone, or are back though they were removed."""
    ids, (nearest, _) = before.ids, _next(dataset.schema, before.lock)
    sure = [name for name in known.tables(dataset.schema) if _keys_are_whole(dataset, name)]
    ids = ids.filter(pl.col("subject_table").is_in(sure))
    if not ids.height or not _keys_are_whole(dataset, "tombstones"):
        return
    pair = ["subject_table", "id"]
    now, tombs = known.alive(dataset, sure), known.tombs(dataset)
    gone = ids.join(now, pair, "anti").join(tombs, pair, "anti").sort(pair)
    back = ids.filter(pl.col("removed_in").is_not_null()).join(now, pair, "semi").join(tombs, pair, "anti").sort(pair)
    near = {name: sorted(now.filter(pl.col("subject_table") == name)["id"]) for name in set(gone["subject_table"])}
    for table, key, first, removed in gone.iter_rows():
        since = f"has been there since {first}" if removed is None else f"was there from {first} to before {removed}"
        lost = "is gone" if removed is None else "has lost its tombstone"
        yield problem(
            "id-removed",
            _file(dataset, table, key, near[table]),
            f"{lost}, an id of {table} that {since}",
            field=dataset.schema.all_tables[table].key,
            record_id=key,
            value=key,
            hint="An id that was released stays: put the row back as it was named; or add a row to "
            "data/tombstones/hand.csv that says why it is gone, what takes its place, and since which version "
            f"(removed_in {removed or versions.text(nearest)}).",
        )
    for table, key, first, removed in back.iter_rows():
        rows, column = dataset.rows[table], dataset.schema.all_tables[table].key
        file, line = rows.place(rows.text[column].to_list().index(key))
        yield problem(
            "id-reused",
            file,
            f"is back, an id of {table} that was there from {first} to before {removed}",
            line=line,
            column=dataset.schema.all_tables[table].names.index(column) + 1,
            field=column,
            record_id=key,
            value=key,
            hint="An id is not used again: give the row a new one, and put the tombstone of the old one back.",
        )


def _next(schema: Schema, locked: lock.Lock | None) -> tuple[Version, Version]:
    """The first and the last version from which what is there now can be absent.

    That of `package.yaml`; as long as it is that of the last release, one of those that may follow it.
    """
    version = versions.parse(str(schema.package["version"])) or (0, 0, 0)
    last = versions.parse(locked.version) if locked and locked.released else None
    if last is None or version > last:
        return version, version
    return versions.needed(last, "minor"), versions.needed(last, "major")


def _removed_in(dataset: Dataset, before: known.Known) -> Iterator[Problem]:
    """Tombstones that name a version in which their record was still there, or one that is not to come."""
    schema, locked = dataset.schema, before.lock
    if versions.parse(str(schema.package["version"])) is None or not _keys_are_whole(dataset, "tombstones"):
        return  # which is told
    rows, table = dataset.rows["tombstones"], schema.all_tables["tombstones"]
    out = sorted(filter(None, map(versions.parse, before.index)))
    ids = {(t, key): removed for t, key, _, removed in known.of(before.ids, known.tombs(dataset)).iter_rows()}
    there = set(known.of(known.alive(dataset), known.tombs(dataset)).iter_rows()) if ids else set()
    nearest, most = _next(schema, locked)
    cells = rows.text.select("tombstone_id", "subject_table", "subject_id", "removed_in")
    for place, (tomb, *pair, text) in enumerate(cells.iter_rows()):
        if text is None or (place, "removed_in") in rows.bad:
            continue
        number, id_ = versions.parse(text), (pair[0], pair[1])
        # The release that had it no longer, and the last one that had it.
        gone = versions.parse(ids.get(id_) or "")
        had = max((v for v in out if gone is None or v < gone), default=None) if id_ in ids else None
        high = gone or most
        if number is None:
            message, right = "is no version like 1.4.0", nearest
        elif number > high:
            of = f"the release that had {pair[1]} no longer" if gone else f"the version that {PACKAGE} stands for"
            message, right = f"is higher than {versions.text(high)}, {of}", gone or nearest
        elif had is not None and number <= had and id_ not in there:
            message, right = f"is no version without {pair[1]}: {versions.text(had)} still had it", gone or nearest
        else:
            continue
        file, line = rows.place(place)
        yield problem(
            "removed-in",
            file,
            message,
            line=line,
            column=table.names.index("removed_in") + 1,
            field="removed_in",
            record_id=tomb or "",
            value=text,
            hint=f"Write the first version that does not have the record: {versions.text(right)}.",
        )


def _keys_are_whole(dataset: Dataset, name: str) -> bool:
    """Whether every key of a table could be read; if not, a key that is missing proves nothing."""
    if name not in dataset.rows:
        return False
    rows, columns = dataset.rows[name], {dataset.schema.all_tables[name].key}
    if name == "tombstones":
        columns = {"subject_table", "subject_id"}
    unread = any(column in columns for _, column in rows.bad)
    return rows.complete and not unread and not any(rows.text[column].null_count() for column in columns)


def _file(dataset: Dataset, table: str, key: str, keys: list[str]) -> str:
    """The file in which a row likely stood: that of the key next to its own in order."""
    rows, column = dataset.rows[table], dataset.schema.all_tables[table].key
    if not keys:
        return f"data/{table}/hand.csv"
    near = keys[min(bisect.bisect_left(keys, key), len(keys) - 1)]
    return rows.place(rows.text[column].index_of(near) or 0)[0]

"""The next questions: of which record the claim is, and of what in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bastions.composing.draft import Desk, Draft, Step
from bastions.composing.holdings import Row, columns_of
from bastions.composing.seeking import SHOWN, Hit, Index
from bastions.composing.talk import Option, Unfit, pick

MAKE_IT = (
    "A claim is about a record that stands already. Leave (Ctrl-D), add its row to data/<table>/hand.csv as "
    "CONTRIBUTING.md says under The data, and come back: `bastions validate` then still misses the claims that back "
    "the row, and these are what you add here. Before you make one, search for it by another name: the same thing is "
    "one record."
)


def find(
    desk: Desk, key: str, question: str, index: Index, *, about: str, none: str = "", new: bool = False
) -> Hit | None:
    """Asks for a record, by a part of its name or id, until one is chosen from what is found."""
    hits: list[Hit] = []
    say = desk.talk.say

    def chosen(hit: Hit) -> Hit:
        desk.talk.say(f"{hit.table} {hit.key}: {hit.label}", "  ")
        return hit

    def take(answer: str) -> Hit | None:
        if not answer:
            return None
        if new and answer == "new":
            raise Unfit(MAKE_IT)
        if answer.isascii() and answer.isdigit() and hits:
            if not 1 <= int(answer) <= len(hits):
                raise Unfit(f"There is no number {answer}; the list ends with {len(hits)}.")
            return chosen(hits[int(answer) - 1])
        table, _, alone = answer.rpartition(" ")
        exact = [t for t in index.tables if alone in desk.held.tables[t] and table in ("", t)]
        if len(exact) == 1:
            return chosen(Hit(exact[0], alone, desk.held.label(exact[0], alone)))
        found = index.search(answer)
        hits[:] = found[:SHOWN]
        if not hits:
            raise Unfit(f'Nothing is called like "{answer}".' + (" `new` says how a record is made." if new else ""))
        say(desk.talk.listed([Option(h.key, f"{h.table}: {h.label}") for h in hits]))
        more = f" {len(found) - SHOWN:,} more are not shown; type more of the name." if len(found) > SHOWN else ""
        raise Unfit(f"Type a number, or other words to search again.{more}")

    names = [key for table in index.tables for key in desk.held.tables[table]]
    hit = desk.talk.put(key, question, take, about=about, none=none, offered=names)
    desk.talk.remembered[key] = f"{hit.table} {hit.key}" if hit else ""
    return hit


def _record(d: Draft, desk: Desk) -> bool:
    schema = desk.held.schema
    about = "The tables that a claim can be about:\n" + "\n".join(
        f"  {table.name}: {table.description}" for table in schema.subjects.values()
    )
    question = (
        "Which record is it about? Type part of its name or id, or `new`; the name of a table narrows the search."
    )
    hit = find(desk, "record", question, desk.index, about=about, new=True)
    assert hit is not None
    d.cells |= {"subject_table": hit.table, "subject_id": hit.key}
    for column, cell in desk.record(d).items():
        if cell and column != schema.subjects[hit.table].key:
            desk.talk.say(f"{column} = {cell}", "    ", cut=True)
    for said in _claimed(desk, hit):
        desk.talk.say(said, "  ")
    return True


def _claimed(desk: Desk, hit: Hit) -> list[str]:
    """What this source says of the record so far, by field."""
    by_field: dict[str, list[str]] = {}
    for key, row in desk.held.of_source("claims", desk.source["source_id"]).items():
        if (row["subject_table"], row["subject_id"]) == (hit.table, hit.key):
            by_field.setdefault(row["field"], []).append(key)
    return [f"This source has claimed {field} of it in {', '.join(keys)}." for field, keys in by_field.items()]


def choices(desk: Desk, table: str) -> list[Option]:
    """What can be claimed of a record of a table: its existence, its columns, the value of a figure, a remark."""
    own = desk.held.schema.subjects[table]
    made = [
        Option("exists", "the record itself", "The words say that it is; the columns they carry are asked for next.")
    ]
    value = Option("value", "the amount", "What the figure amounts to in these words, with its hedge.")
    remark = Option("remark", "something that no column holds", "What the words say of it stands in the statement.")
    for column in columns_of(own):
        needs = "needs a claim" if column.claim_required else ""
        made.append(Option(column.name, needs, column.description))
    return [*([value] if table == "figures" else []), *made, remark]


def _field(d: Draft, desk: Desk) -> bool:
    table = d.cells["subject_table"]
    d.cells["field"] = desk.talk.choose(
        f"field of {table}",
        "What do the words claim of it?",
        choices(desk, table),
        about=desk.claims["field"].description,
    )
    numbers = ("comparator", "value", "value_min", "value_max", "unit", "baseline")
    if not d.figure:
        d.leave("only the value of a figure has one", *numbers, "as_of", "scope_location_id")
    if not d.on_column:
        d.leave("the claim is not on a column", "value_text")
    if d.cells["field"] != "exists":
        d.leave("the claim is not on `exists`", "covers")
    return True


def several(answer: str, names: Sequence[str]) -> list[str]:
    """Some of a list, by numbers or names with spaces or commas between them, in the order of the list.

    Raises:
        Unfit: If one of them is not on the list.
    """
    chosen = {pick(one, names) for one in answer.replace(",", " ").split()}
    return [name for name in names if name in chosen]


def _covers(d: Draft, desk: Desk) -> bool:
    table = desk.held.schema.subjects[d.cells["subject_table"]]
    row: Row = desk.record(d)
    filled = [column for column in columns_of(table) if row[column.name]]
    listed = [Option(c.name, f"= {row[c.name]}{' (needs a claim)' if c.claim_required else ''}") for c in filled]
    names = [column.name for column in filled]

    def take(answer: str) -> str:
        if empty := [n for n in answer.replace(",", " ").split() if n in table and n not in names and n != table.key]:
            raise Unfit(f"{empty[0]} is empty in the record; fill it there first, or claim it as a field of its own.")
        order = {name: place for place, name in enumerate(table.names)}
        return " ".join(sorted(several(answer, names), key=order.__getitem__))

    explain: Callable[[], None] = lambda: desk.talk.say(  # noqa: E731
        "\n".join([desk.claims["covers"].description, *(f"  {c.name}: {c.description}" for c in filled)]), "  "
    )
    question = "Which of its columns do the same words carry? Numbers or names, with spaces between."
    key = f"covers of {table.name} {d.cells['subject_id']}"
    covers = desk.talk.put(
        key, question, take, about=explain, none="no column", offered=names, listed=desk.talk.listed(listed)
    )
    d.cells["covers"] = desk.talk.remembered[key] = covers
    return True


STEPS = (
    Step("subject_id", _record),
    Step("field", _field),
    Step("covers", _covers, lambda d: d.cells["field"] == "exists"),
)

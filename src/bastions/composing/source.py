"""Which source a text is the text of: offsets and digests are those of that very text, or of none."""

from __future__ import annotations

from difflib import get_close_matches

from bastions import claims
from bastions.composing.holdings import Holdings, Row


class NotTheText(ValueError):
    """The text is that of no source, of several, or of another than was named."""


def source_of(text: str, held: Holdings, source_id: str | None = None) -> Row:
    """The row of the source whose text this is.

    Args:
        text: The text, normalised.
        held: What the dataset holds.
        source_id: The source, where the user names it; only needed where several have the same text.

    Raises:
        NotTheText: With the reason, and what to do.
    """
    sources = held.tables["sources"]
    whole = claims.digest(text)
    fitting = [row for row in sources.values() if row["text_sha256"] == whole]
    if source_id is not None:
        if source_id not in sources:
            near = get_close_matches(source_id, sources, 1)
            raise NotTheText(f"there is no source {source_id!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
        if not sources[source_id]["text_sha256"]:
            raise NotTheText(f"{source_id} has no text_sha256, so that no words of it can be cited")
        if sources[source_id] not in fitting:
            other = f"; it is the text of {fitting[0]['source_id']}" if fitting else _nearest(text, held)
            raise NotTheText(f"this is not the text of {source_id}: its digest is another{other}")
        fitting = [sources[source_id]]
    if not fitting:
        raise NotTheText(f"this is the text of no source, by the digest of the whole{_nearest(text, held)}")
    if len(fitting) > 1:
        named = ", ".join(row["source_id"] for row in fitting)
        raise NotTheText(f"this is the text of {named}; say which with --source")
    (row,) = fitting
    if row["access"] == "not_read":
        raise NotTheText(f"{row['source_id']} was not read; words are cited from the source that relays it")
    if not row["coded_by"]:
        raise NotTheText(f"{row['source_id']} has no coded_by; say there first who codes it")
    try:
        held.next_claim(row["source_id"])
    except ValueError as error:
        raise NotTheText(str(error)) from None
    return row


def _nearest(text: str, held: Holdings) -> str:
    """What is known of a text that is no source's own: whose sentences it carries."""
    tables = {name: list(held.tables[name].values()) for name in ("sources", "ledger")}
    try:
        found = [match for match in claims.match_sources(text, tables) if match.found]
    except claims.SpanError as error:
        return f"; and none could be looked for by its ledger: {error}"
    if not found:
        advice = "add the source first: its row of sources, and its folder in seeds/ (CONTRIBUTING.md)"
        return f", and it carries no line of any ledger; {advice}"
    best = found[0]
    return (
        f". It carries {best.found} of {best.total} lines of {best.source_id}, but is not letter by letter its text, in"
        f" which spans are counted; `bastions verify --source {best.source_id}` shows what differs"
    )

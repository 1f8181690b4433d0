"""The questions on a contradiction: how the new claim relates to the one that cannot be right with it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bastions.composing.cells import fit
from bastions.composing.draft import Desk
from bastions.composing.holdings import Holdings
from bastions.composing.talk import Option, options
from bastions.problems import Problem

SAME = ("subject_table", "subject_id", "field")
CONTRADICTION = "claims__contradiction_without_link"


def contradicted(found: Sequence[Problem], claim_id: str, held: Holdings) -> list[str]:
    """The claims that the findings of `CONTRADICTION` set against a claim, then the others on the same field."""
    told = [f"{p.record_id} {p.message}" for p in found if p.rule == CONTRADICTION]
    ids = {word for text in told if claim_id in text for word in re.findall(r"[a-z0-9-]+", text)}
    claims = held.tables["claims"]
    against = sorted(key for key in ids if key in claims)
    about = {tuple(claims[key][name] for name in SAME) for key in against}
    return [*against, *(k for k, row in claims.items() if k not in ids and tuple(row[n] for n in SAME) in about)]


def link(desk: Desk, claim_id: str, others: Sequence[str]) -> dict[str, str]:
    """Asks for a row of claim_links.

    Args:
        desk: The conversation and the dataset.
        claim_id: The new claim.
        others: The claims to which it may relate.

    Returns:
        The cells of the row.
    """
    held, talk = desk.held, desk.talk
    table = held.schema.tables["claim_links"]
    claims = held.tables["claims"]
    listed = [Option(key, claims[key]["statement"]) for key in others]
    related = others[0] if len(others) == 1 else talk.choose("link claim", "To which claim does it relate?", listed)
    first = talk.choose(
        f"link first {related}",
        "The row reads as a sentence: a claim, the relation, the other claim. With which does it begin?",
        [Option(claim_id, f"the new claim, then {related}"), Option(related, f"{related}, then the new claim")],
    )
    second = related if first == claim_id else claim_id
    relation, dimension, coder = (table[name].codes for name in ("claim_relation", "dimension", "decided_by"))
    assert relation and dimension and coder
    chosen = talk.choose(
        "link relation", f"{first} … {second}. Which relation?", options(relation), about=relation.description
    )
    needs = relation.codes[chosen].attributes
    differs = talk.choose(
        "link dimension",
        "In what do they differ, or agree?",
        options(dimension),
        about=dimension.description,
        none="" if needs.get("dimension") == "required" else "it cannot be said",
    )
    people = [Option(c.code, c.label, c.definition) for c in coder.codes.values() if c.attributes["kind"] != "script"]
    who = talk.choose("link coder", "Who decides so?", people, default=desk.source["coded_by"])
    note = talk.put(
        "link note",
        "What are the grounds?",
        lambda typed: fit(table, table["note"], typed) if typed else "",
        about=table["note"].description,
        none="" if needs.get("note") == "required" else "nothing to note",
    )
    return {
        "claim_link_id": f"{first}-{chosen.replace('_', '-')}-{second}",
        "claim_id": first,
        "related_claim_id": second,
        "claim_relation": chosen,
        "dimension": differs,
        "decided_by": who,
        "note": note,
    }

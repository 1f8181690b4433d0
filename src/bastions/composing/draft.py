"""The claim as far as it is made, and what every question of the conversation has at hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from bastions.claims import Span
from bastions.composing.holdings import Holdings, Row
from bastions.composing.seeking import Index
from bastions.composing.talk import Option, Talk, options
from bastions.schema import Field, Table


@dataclass
class Draft:
    """What has been answered.

    Attributes:
        cells: The cells of the claim.
        left: Columns that stay empty, each with the reason.
        utterance: The cells of a new utterance; empty where there is none.
        places: Where the words stand; the first is the claim's span once one is chosen.
        cues: The same for the words that say who speaks.
        link: The cells of a row of claim_links that answers for a contradiction.
    """

    cells: dict[str, str] = field(default_factory=dict)
    left: dict[str, str] = field(default_factory=dict)
    utterance: dict[str, str] = field(default_factory=dict)
    places: list[Span] = field(default_factory=list)
    cues: list[Span] = field(default_factory=list)
    link: dict[str, str] = field(default_factory=dict)

    def copy(self) -> Draft:
        """The same answers, to come back to."""
        return replace(
            self,
            cells=dict(self.cells),
            left=dict(self.left),
            utterance=dict(self.utterance),
            places=list(self.places),
            cues=list(self.cues),
            link=dict(self.link),
        )

    def leave(self, reason: str, *columns: str) -> None:
        """Leaves columns of the claim empty."""
        self.left |= dict.fromkeys(columns, reason)

    @property
    def figure(self) -> bool:
        """Whether the claim is on the value of a figure."""
        return self.cells.get("field") == "value"

    @property
    def on_column(self) -> bool:
        """Whether the claim is on a column of its record."""
        return self.cells.get("field", "remark") not in ("exists", "value", "remark")


@dataclass(frozen=True)
class Desk:
    """What the questions work with: the dataset, the conversation, the text and its source, and the search."""

    held: Holdings
    talk: Talk
    text: str
    source: Row
    index: Index

    @property
    def claims(self) -> Table:
        """The table of the claim."""
        return self.held.schema.tables["claims"]

    @property
    def utterances(self) -> Table:
        """The table of a new utterance."""
        return self.held.schema.tables["utterances"]

    def codes(self, column: Field) -> list[Option]:
        """The codes that a column may hold."""
        assert column.codes is not None
        return options(column.codes)

    def attribute(self, column: str, code: str, name: str) -> str:
        """What a code of a column of claims says under an attribute; empty where it says nothing."""
        codes = self.claims[column].codes
        assert codes is not None
        return codes.codes[code].attributes.get(name, "") if code in codes.codes else ""

    def record(self, d: Draft) -> Row:
        """The row that the claim is about."""
        return self.held.tables[d.cells["subject_table"]][d.cells["subject_id"]]


def always(d: Draft) -> bool:
    """For questions that every claim has."""
    return True


@dataclass(frozen=True)
class Step:
    """One question.

    Attributes:
        name: The column that it fills; of a new utterance `utterances.` and the column.
        run: Asks and fills, or settles the columns and returns False where there is nothing to ask.
        wanted: Whether the answers so far lead to it.
    """

    name: str
    run: Callable[[Draft, Desk], bool]
    wanted: Callable[[Draft], bool] = always

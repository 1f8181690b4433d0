"""Lines drawn for people to label, the form in which they label them, and how far a parser agrees with them.

A draw has to be the same on every machine and for every version of Python: the lines are put in the order of the
SHA-256 of seed and number, and the first ones are taken.
"""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bastions.curate.strike_lines import Line, Unread

FOLDER = Path(__file__).parent / "labels" / "centcom-oir-releases-2016"
"""What was drawn, how it is labelled, and the labels."""

SEED = "centcom-oir-releases-2016/labels/1"
"""The seed of the 200 lines of `drawn.csv`."""

DRAWN = 200
"""How many lines were drawn."""


def sample(lines: Iterable[int], seed: str, n: int) -> list[int]:
    """Line numbers drawn without replacement, each as likely as every other.

    Args:
        lines: The line numbers to draw from; their order plays no part.
        seed: Any text; another text gives another draw.
        n: How many.

    Returns:
        The drawn numbers, ascending.

    Raises:
        ValueError: There are fewer than `n` lines.
    """
    pool = set(lines)
    if len(pool) < n:
        raise ValueError(f"{n} lines cannot be drawn from {len(pool)}")
    return sorted(sorted(pool, key=lambda line: hashlib.sha256(f"{seed}:{line}".encode()).hexdigest())[:n])


def line_digests(data: bytes) -> dict[int, str]:
    """Line number, from 1, to the first 16 hex digits of the SHA-256 of the line's bytes without its LF or CRLF.

    A line is a physical one; the callers' files have no line end inside a cell.
    """
    lines = enumerate((line.removesuffix(b"\r") for line in data.split(b"\n")), 1)
    return {number: hashlib.sha256(line).hexdigest()[:16] for number, line in lines if line}


@dataclass(frozen=True)
class Label:
    """How a reader labelled one line; see `tests/labels/centcom-oir-releases-2016/GUIDE.md`.

    Attributes:
        strikes: The number of strikes, in digits; empty where the words say none.
        kind: `airstrike` or `strike`.
        effects: Each as `measure item quantity`, with ` total` or ` part` behind it; an effect stands as often as told.
        unreadable: Whether the reader could not say what is reported.
    """

    strikes: str
    kind: str
    effects: tuple[str, ...]
    unreadable: bool = False

    def same(self, other: Label) -> bool:
        """Whether strikes and effects agree; the order of effects plays no part."""
        if self.unreadable or other.unreadable:
            return self.unreadable == other.unreadable
        return (self.strikes, Counter(self.effects)) == (other.strikes, Counter(other.effects))


@dataclass(frozen=True)
class Agreement:
    """How far the parser agrees with the labels, by line numbers of the raw file.

    Attributes:
        right: Read whole, and strikes and effects as labelled.
        wrong: Read whole, and otherwise; also what it read where the reader could not.
        left: Left unread, as the reader could not read it either.
        lost: Left unread, and the reader could read it.
    """

    right: tuple[int, ...]
    wrong: tuple[int, ...]
    left: tuple[int, ...]
    lost: tuple[int, ...]

    @property
    def share(self) -> float:
        """Of the lines that the parser read, the share that is right."""
        return len(self.right) / max(len(self.right) + len(self.wrong), 1)

    @property
    def share_of_all(self) -> float:
        """Of all lines, the share on which the parser does what the reader did."""
        return (len(self.right) + len(self.left)) / max(
            sum(map(len, (self.right, self.wrong, self.left, self.lost))), 1
        )

    def __str__(self) -> str:
        """One line for a person."""
        return (
            f"{len(self.right)} right, {len(self.wrong)} wrong {list(self.wrong)}, {len(self.left)} unread by both, "
            f"{len(self.lost)} unread by the parser alone {list(self.lost)}: {self.share:.1%} of the lines read, "
            f"{self.share_of_all:.1%} of all"
        )


def read_labels(path: Path) -> dict[int, Label]:
    """The labels of a reader by line; the header is `line,sha256,strikes,kind,effects,unreadable,note`."""
    with path.open(encoding="utf-8", newline="") as opened:
        return {
            int(row["line"]): Label(
                row["strikes"].strip(),
                row["kind"].strip(),
                tuple(" ".join(part.split()) for part in row["effects"].split(";") if part.strip()),
                row["unreadable"].strip() == "yes",
            )
            for row in csv.DictReader(opened)
        }


def as_label(reading: Line | Unread) -> Label:
    """What the parser made of a line, in the form of a label."""
    strikes = "" if reading.strikes is None else str(reading.strikes)
    if isinstance(reading, Unread):
        return Label(strikes, reading.kind, (), unreadable=True)
    effects = []
    for effect in reading.effects:
        quantity = "some" if effect.quantity is None else str(effect.quantity)
        effects.append(" ".join(filter(None, (effect.measure, effect.item or "-", quantity, effect.role))))
    return Label(strikes, reading.kind, tuple(effects))


def compare(labels: Mapping[int, Label], readings: Mapping[int, Line | Unread]) -> Agreement:
    """How far the parser agrees with the labels, over the lines that are labelled.

    Raises:
        KeyError: A labelled line has no reading.
    """
    sorts: dict[str, list[int]] = {"right": [], "wrong": [], "left": [], "lost": []}
    for line, label in sorted(labels.items()):
        made = as_label(readings[line])
        if made.unreadable:
            sorts["left" if label.unreadable else "lost"].append(line)
        else:
            sorts["right" if made.same(label) else "wrong"].append(line)
    return Agreement(**{name: tuple(lines) for name, lines in sorts.items()})


def between(one: Mapping[int, Label], other: Mapping[int, Label]) -> tuple[int, int]:
    """On how many of how many lines two readers agree: strikes and effects.

    Raises:
        ValueError: They did not label the same lines.
    """
    if one.keys() != other.keys():
        raise ValueError("the readers labelled different lines")
    return sum(one[line].same(other[line]) for line in one), len(one)

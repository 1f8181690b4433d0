"""What the thing-phrases of strike releases mean, by the table `strike_things.yaml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml

PERSONS = "fighters"
"""Stands in place of an item where a phrase means persons, who are told by `affected_group`."""

Words = tuple[str, ...]
"""The words of a phrase without its number, in lower case."""

_SAME = frozenset({"access", "gas"})
_PLURALS = {"batteries": "battery", "trenches": "trench"}
_GROUND = frozenset({"access", "terrain", "advantage"})
_UNCOUNTED = _GROUND | {"movement", "equipment", "fire", "personnel"}
_SITES = frozenset({"facility", "area", "node", "center", "site", "point", "location", "position", "plant", "building"})


@dataclass(frozen=True, slots=True)
class _Table:
    """The table, ready to be asked.

    Attributes:
        neutral: Words that change no item.
        sizes: Words of size.
        slips: Word to what it is read as.
        terms: What several words together are read as.
        things: Pattern and item, the first that fits wins.
    """

    neutral: frozenset[str]
    sizes: frozenset[str]
    slips: Mapping[str, str]
    terms: tuple[tuple[re.Pattern[str], str], ...]
    things: tuple[tuple[re.Pattern[str], str], ...]


@cache
def table() -> _Table:
    """The table, read once."""
    text = resources.files("bastions.curate").joinpath("strike_things.yaml").read_text(encoding="utf-8")
    raw = yaml.safe_load(text)
    sets = {name: "|".join(words.split()) for name, words in raw["sets"].items()}
    return _Table(
        neutral=frozenset(raw["neutral"].split()),
        sizes=frozenset(raw["sizes"].split()),
        slips=raw["slips"],
        terms=tuple((re.compile(rf"(?<!\S){_regex(pattern, sets)}"), f"{term} ") for pattern, term in raw["terms"]),
        things=tuple(
            (re.compile(_regex(pattern, sets)), item)
            for entry in raw["things"]
            for item, patterns in entry.items()
            for pattern in patterns
        ),
    )


def _regex(pattern: str, sets: Mapping[str, str]) -> str:
    """A pattern of the table as a regular expression over words that each have a space behind them.

    Raises:
        KeyError: The pattern names a set that is not there.
    """
    out = []
    for part in re.findall(r"[\[\]]|[^\s\[\]]+", pattern):
        if part in "[]":
            out.append("(?:" if part == "[" else ")?")
            continue
        word, times = (part[:-1], part[-1]) if part[-1] in "*+" else (part, "")
        choices = [sets[choice] if choice.isupper() else choice for choice in word.split("|")]
        out.append(f"(?:(?:{'|'.join(choices)}) ){times}")
    return "".join(out)


@cache
def singular(word: str) -> str:
    """A word in the singular and without its slips, as the table has it."""
    if word in _PLURALS:
        word = _PLURALS[word]
    elif word.endswith("ies") and len(word) > 4:
        word = word[:-3] + "y"
    elif word.endswith("s") and not word.endswith("ss") and word not in _SAME:
        word = word[:-1]
    return table().slips.get(word, word)


@cache
def phrase(words: Words) -> str:
    """The words of a thing-phrase as the table is asked: singular, without neutral words, terms put together."""
    skipped = table().neutral | table().sizes
    text = "".join(f"{singular(word)} " for word in words if word not in skipped)
    for pattern, term in table().terms:
        text = pattern.sub(term, text)
    return text.strip()


@cache
def item_of(words: Words) -> str | None:
    """The item that a thing-phrase means, or None where the table does not know it."""
    text = f"{phrase(words)} "
    return next((item for pattern, item in table().things if pattern.fullmatch(text)), None)


def sizes(words: Words) -> str:
    """The words of size in a phrase, in their order, with spaces between them."""
    return " ".join(word for word in words if word in table().sizes)


def is_ground(words: Words) -> bool:
    """Whether a phrase means ground as such, which is not counted even with an article."""
    return phrase(words).rpartition(" ")[2] in _GROUND


def is_single(words: Words) -> bool:
    """Whether a phrase without a number means one thing: a singular that can be counted, its article having slipped."""
    head = words[-1]
    return singular(head) not in _UNCOUNTED and (singular(head) == head or head in {"headquarters", "barracks"})


def shares_head(first: Words, second: Words) -> bool:
    """Whether the head of the second of two phrases is meant with the first too ("a repair and training site").

    That is so where the first names no site of its own, the second nobody whose it is, and both are one or both many.
    """
    heads = [phrase(words).rpartition(" ")[2] in _SITES for words in (first, second)]
    return heads == [False, True] and second[0] not in table().neutral

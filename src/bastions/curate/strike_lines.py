"""The wording of one strike line, read into the number of strikes and their effects.

Nothing is half read: every word has its place in the grammar (`strike_lines.lark`) and every thing-phrase its item
(`strike_things`), or the line comes back as unread with the reason. What the readings mean is laid down for people in
`tests/labels/centcom-oir-releases-2016/GUIDE.md`; this module knows no file, no date and no place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from lark import Lark, Token, Tree, UnexpectedInput
from lark.lexer import Lexer

from bastions.curate import strike_things
from bastions.curate.strike_words import ARTICLES, MEASURES, SOME, STRIKE_WORDS, amount, tokens

WITHOUT_TARGETS = {"INCONCLUSIVE": "inconclusive_strikes", "INEFFECTIVE": "ineffective_strikes"}
"""What a line can say of its strikes where it says nothing of targets: terminal of the grammar to measure."""

_OWNERS = {"coalition": "coalition", "partner": "coalition", "abandoned": "nobody"}


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing-phrase under one verb.

    Attributes:
        measure: A code of `codes/measure`.
        item: A code of `codes/item`; `fighters` for persons; empty where only strikes are counted.
        quantity: How many, or None where the words do not count ("several", a bare plural, terrain).
        role: `total` of a phrase that its own parts follow, `part` of such a part, else empty.
        size: The words of size that the phrase has, in the order in which they stand ("large"); else empty.
        owner: `coalition` where the phrase says that the thing was the coalition's or a partner's own, `nobody` where
            it was abandoned; else empty.
    """

    measure: str
    item: str
    quantity: int | None
    role: str = ""
    size: str = ""
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line that was read whole.

    Attributes:
        strikes: How many strikes the words say.
        kind: `airstrike` or `strike`, as the words say.
        effects: In the order of the words.
    """

    strikes: int | None
    kind: str
    effects: tuple[Effect, ...]


@dataclass(frozen=True, slots=True)
class Unread:
    """A line that was not read.

    Attributes:
        reason: A code of `codes/unread_reason`: `sentence`, `structure`, `thing` or `quantity`.
        strikes: How many strikes the words say, where so much could be read.
        kind: `airstrike` or `strike`, where so much could be read; else empty.
        at: The word that did not fit, for the person who mends the grammar; never written to a file.
    """

    reason: str
    strikes: int | None = None
    kind: str = ""
    at: str = ""


class _UnreadError(Exception):
    """Why a phrase has no reading."""

    def __init__(self, reason: str, at: str) -> None:
        self.reason, self.at = reason, at


def read(text: str) -> Line | Unread:
    """The reading of one line.

    Args:
        text: The statement, from the number of strikes to the final stop, without bullet and place.

    Returns:
        The line where every word of it was understood, else why not.
    """
    found = list(tokens(text))
    strikes, kind = _counted(found)
    try:
        tree = _parser().parse(found)
        effects = tuple(_effects(tree, strikes))
    except UnexpectedInput as error:
        token = getattr(error, "token", None)
        reason = "sentence" if token is not None and token.type == "STOP" else "structure"
        return Unread(reason, strikes, kind, str(token or ""))
    except _UnreadError as error:
        return Unread(error.reason, strikes, kind, error.at)
    return Line(strikes, kind, effects)


class _Given(Lexer):
    """Hands the grammar tokens that are made already."""

    def __init__(self, lexer_conf: Any) -> None:
        pass

    def lex(self, data: Any) -> Iterator[Token]:  # type: ignore[override]
        yield from data


@cache
def _parser() -> Lark:
    grammar = resources.files("bastions.curate").joinpath("strike_lines.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", lexer=_Given, maybe_placeholders=False)


def _counted(found: Sequence[Token]) -> tuple[int | None, str]:
    """How many strikes a statement begins with, and what it calls them; as far as it does."""
    if len(found) > 1 and [token.type for token in found[:2]] == ["NUMBER", "STRIKES"]:
        return amount(found[0]), STRIKE_WORDS[str(found[1])]
    return None, ""


@dataclass(frozen=True, slots=True)
class _Thing:
    """A thing-phrase: its number word, if any, and its words."""

    number: str
    words: tuple[str, ...]

    @property
    def size(self) -> str:
        return strike_things.sizes(self.words)

    @property
    def named(self) -> bool:
        """Whether it says what it is, and not only that there is another or a large one."""
        return bool(strike_things.phrase(self.words))


def _effects(tree: Tree[Token], strikes: int | None) -> Iterator[Effect]:
    """The effects of a parsed statement."""
    last: _Thing | None = None  # what "another" means
    for node in tree.children:
        if isinstance(node, Token):
            continue
        if node.data == "thing":  # at which the strikes aimed: no effect, but it has to be known like any other
            _of_thing("", _thing(node), _thing(node), "")
            continue
        if node.data == "without_targets":
            yield Effect(WITHOUT_TARGETS[_words(node)[0]], "", strikes)
            continue
        verbs, *lists = [child for child in node.children if isinstance(child, Tree)]
        measures = [MEASURES[word] for word in _words(verbs, "VERB")]
        things = [_thing(child) for child in lists[0].children if isinstance(child, Tree)]
        parts = [_thing(child) for group in lists[1:] for child in group.children if isinstance(child, Tree)]
        told = [(thing, "") for thing in things] + [(thing, "part") for thing in parts]
        if parts:
            told[len(things) - 1] = (things[-1], "total")
        read_out = list(_resolved(told, last))
        last = read_out[-1][1]
        for measure in measures:
            for thing, named, role in read_out:
                yield _of_thing(measure, thing, named, role)


def _thing(node: Tree[Token]) -> _Thing:
    words, numbers = _words(node, "WORD"), _words(node, "NUMBER")
    if words[-1:] == ["movement"] and any(word not in strike_things.table().neutral for word in words[:-1]):
        words.pop()  # a vehicle's movement: the vehicle is counted
    return _Thing(numbers[0] if numbers else "", tuple(words))


def _words(node: Tree[Token], terminal: str = "") -> list[str]:
    """The words of a node that are of a terminal; all where none is named."""
    return [str(child) for child in node.children if isinstance(child, Token) and terminal in ("", child.type)]


def _resolved(told: Sequence[tuple[_Thing, str]], last: _Thing | None) -> Iterator[tuple[_Thing, _Thing, str]]:
    """Each phrase with the one that says what it is: itself, the next ("one large and two small units") or the last."""
    for i, (thing, role) in enumerate(told):
        named: _Thing | None = thing
        if thing.size and not thing.named:
            named = next((other for other, _ in told[i + 1 :] if other.named), None)
        elif (thing.number, thing.words) == ("another", ()) or thing.words in {("other",), ("others",)}:
            named = last
        if named is None or not named.named:
            raise _UnreadError("thing", thing.number)
        if i and thing.named and not thing.number and _shared(told[i - 1][0], thing):
            raise _UnreadError("quantity", " ".join(thing.words))
        last = named
        yield thing, named, role


def _shared(first: _Thing, second: _Thing) -> bool:
    """Whether one number goes over two kinds of thing that share a head, so that it is not known how many of which."""
    number = amount(first.number)
    if number is SOME or (number == 1) != strike_things.is_single(second.words):
        return False
    return bool(first.words) and strike_things.shares_head(first.words, second.words)


def _of_thing(measure: str, thing: _Thing, named: _Thing, role: str) -> Effect:
    """The effect of one phrase."""
    item = strike_things.item_of(named.words)
    if not item:
        raise _UnreadError("thing", " ".join(named.words))
    single = strike_things.is_single(named.words)
    if not thing.number:
        quantity = 1 if single else SOME
    elif thing.number in ARTICLES and (strike_things.is_ground(named.words) or (thing.number == "the" and not single)):
        quantity = SOME
    else:
        quantity = amount(thing.number)
    owner = next((_OWNERS[word] for word in named.words if word in _OWNERS), "")
    return Effect(measure, item, quantity, role, thing.size, owner)

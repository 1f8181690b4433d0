r"""The `pattern` of Table Schema: a regular expression of XML Schema, matched in full, without ever hanging.

A pattern is translated for the Rust engine of polars, which takes time linear in the text. `\d`, `\w` and `\s` mean
ASCII, `$` the end of the text and never the place before a last newline; `^` and `$` are anchors, since the
specification's own examples have them, though XML Schema takes them as characters. What Python writes and XML Schema
does not (`(?:…)`, `(?P<name>…)`, `*?`, `\b`, `\x41`) is taken along where both engines agree, since many packages were
written for Frictionless, which runs Python's `re`.

What only Python's engine can run (look-around, references back to groups, possessive repeats, flags) or what is too
large for the other runs in a process of its own, which is killed when its time is up: `guarded`. What neither can run
is refused by name: `fault`.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from functools import lru_cache

LENGTH = 20_000
"""Characters of a pattern at most."""
DEPTH = 100
"""Groups within groups at most, for the fast engine."""
LIGHT, LOOSE = 100, 20
"""Characters of a pattern, its repeats written out, up to which it needs no watch; the second where it also repeats
something without end, since the states of such a pattern may be too many to keep (0.6 µs a byte at 100, measured)."""
HEAVY = 1_000
"""The same, up to which the fast engine runs it at all: at worst 4 µs a byte, so that it is run in slices."""


class PatternError(ValueError):
    """No engine can run the pattern; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern that can be run.

    Attributes:
        source: As the descriptor has it.
        rust: The same for polars, anchored; None if only Python's engine can run it, under guard.
        python: The same for Python's engine, where only that can run it.
        heavy: Whether the fast engine may be slow on it, so that it has to be watched.
    """

    source: str
    rust: str | None
    heavy: bool = False
    python: str = ""


_DIGIT, _WORD, _SPACE = "0-9", "0-9A-Za-z_", r"\t\n\x0B\x0C\r "
_START = (
    r":A-Z_a-z\u{C0}-\u{D6}\u{D8}-\u{F6}\u{F8}-\u{2FF}\u{370}-\u{37D}\u{37F}-\u{1FFF}\u{200C}-\u{200D}\u{2070}-\u{218F}"
    r"\u{2C00}-\u{2FEF}\u{3001}-\u{D7FF}\u{F900}-\u{FDCF}\u{FDF0}-\u{FFFD}\u{10000}-\u{EFFFF}"
)
_NAME = _START + r"\-.0-9\u{B7}\u{300}-\u{36F}\u{203F}-\u{2040}"
_SETS = {"d": _DIGIT, "w": _WORD, "s": _SPACE, "i": _START, "c": _NAME}
"""The classes with a letter; the large letter is the complement. Those of XML names, `i` and `c`, are Unicode's."""

_CATEGORY = re.compile("L[ultmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|Z[slp]?|S[mcko]?|C[cfon]?")
_BLOCKS = {
    "BasicLatin": (0x0, 0x7F), "Latin-1Supplement": (0x80, 0xFF), "LatinExtended-A": (0x100, 0x17F),
    "LatinExtended-B": (0x180, 0x24F), "IPAExtensions": (0x250, 0x2AF), "CombiningDiacriticalMarks": (0x300, 0x36F),
    "Greek": (0x370, 0x3FF), "GreekandCoptic": (0x370, 0x3FF), "Cyrillic": (0x400, 0x4FF), "Armenian": (0x530, 0x58F),
    "Hebrew": (0x590, 0x5FF), "Arabic": (0x600, 0x6FF), "Devanagari": (0x900, 0x97F), "Thai": (0xE00, 0xE7F),
    "Georgian": (0x10A0, 0x10FF), "LatinExtendedAdditional": (0x1E00, 0x1EFF), "GreekExtended": (0x1F00, 0x1FFF),
    "GeneralPunctuation": (0x2000, 0x206F), "CurrencySymbols": (0x20A0, 0x20CF), "Hiragana": (0x3040, 0x309F),
    "Katakana": (0x30A0, 0x30FF), "CJKUnifiedIdeographs": (0x4E00, 0x9FFF), "HangulSyllables": (0xAC00, 0xD7A3),
}  # fmt: skip
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "v": "\v", "a": "\a"}
_CODED = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))")
_PROPERTY = re.compile(r"\\([pP])\{([^{}]*)\}")
_REPEAT = re.compile(r"[*+?]|\{(?=[0-9,])([0-9]*)(?:(,)([0-9]*))?\}")
_ENDLESS = re.compile(r"(?<!\\)(?:[*+]|,\})")
_DOLLAR = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\$", re.DOTALL)
"""A `$`, and whatever could hold one that means something else."""
_GROUP = re.compile(r"\((?:\?(?::|P<[A-Za-z_][A-Za-z_0-9]*>))?")


@lru_cache(maxsize=1024)
def compile(pattern: str) -> Pattern:
    """A pattern made ready.

    Args:
        pattern: As the descriptor has it.

    Returns:
        It, translated for the fast engine where that can run it.

    Raises:
        PatternError: If neither engine can run it.
    """
    if len(pattern) > LENGTH:
        raise PatternError(f"has more than {LENGTH:,} characters")
    if re.search(r"[\ud800-\udfff]", pattern):
        raise PatternError("holds half a surrogate pair")
    rust, weight, slow, subtracts = _translate(pattern)
    if slow is None and weight > HEAVY:
        slow = "repeats that come to more than the fast engine is given"
    if slow is None and not _runs(rust):
        slow = "what the fast engine refuses"
    if slow is None:
        return Pattern(pattern, rust, weight > (LOOSE if _ENDLESS.search(rust) else LIGHT))
    if subtracts:
        raise PatternError(f"holds one class taken from another together with {slow}")
    python = _DOLLAR.sub(lambda found: r"\Z" if found[0] == "$" else found[0], pattern)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(python, re.ASCII)
    except (re.error, RecursionError, OverflowError, MemoryError) as error:
        raise PatternError(f"holds {slow}, and cannot be read otherwise ({error})") from error
    return Pattern(pattern, None, python=python)


def fault(pattern: str) -> str | None:
    """Why no engine can run a pattern, as "holds …"; None where one can."""
    try:
        compile(pattern)
    except PatternError as error:
        return str(error)
    return None


def _runs(rust: str) -> bool:
    import polars as pl

    try:
        pl.Series([""]).str.contains(rust)
    except pl.exceptions.PolarsError:
        return False
    return True


def _translate(pattern: str) -> tuple[str, int, str | None, bool]:
    """The pattern for Rust; its characters with repeats written out; what Rust cannot run; whether classes subtract."""
    out: list[str] = [r"\A(?:"]
    weights = [0]  # of each group that is open
    atom: int | None = None  # the weight of what a repeat would repeat; None where there is nothing
    slow: str | None = None
    subtracts = False
    at = 0
    while at < len(pattern):
        char = pattern[at]
        before, atom_before, atom = at, atom, None
        at += 1
        if repeat := _REPEAT.match(pattern, before):
            at = repeat.end()
            if atom_before is None:
                raise PatternError(f"repeats nothing with {repeat[0]!r} (character {before + 1})")
            text, most = _repeat(repeat)
            weights[-1] += max(atom_before, 1) * most - atom_before
            out.append(text)
            if pattern[at : at + 1] == "?":
                at += 1  # the order of tries is of no matter for a full match
            elif pattern[at : at + 1] == "+":
                at += 1
                slow = slow or "a possessive repeat"
            continue
        if char == "(":
            head = _GROUP.match(pattern, before)
            assert head
            at = head.end()
            if head[0] == "(" and pattern[at : at + 1] == "?":
                slow = slow or f"the group {pattern[before : at + 2]!r}"
                at += 1
            weights.append(0)
            out.append("(?:")
            if len(weights) > DEPTH:
                slow = slow or f"more than {DEPTH} groups within each other"
        elif char == ")":
            if len(weights) == 1:
                raise PatternError(f"closes a group that is not open (character {before + 1})")
            atom = weights.pop()
            weights[-1] += atom
            out.append(")")
        elif char in "|^$":
            out.append({"|": "|", "^": r"\A", "$": r"\z"}[char])
        else:
            if char == "[":
                text, at, minus = _class(pattern, before)
                subtracts |= minus
            elif char == ".":
                text = r"[^\n\r]"
            elif char == "\\":
                text, at, assertion = _escape(pattern, before)
                if not text:
                    slow = slow or f"the escape {pattern[before:at]!r}"
                if assertion:
                    out.append(text)
                    continue
            else:
                text = _literal(char)
            out.append(text)
            atom = 1
            weights[-1] += 1
    if len(weights) > 1:
        raise PatternError("opens a group that it does not close")
    return "".join((*out, r")\z")), weights[0], slow, subtracts


def _repeat(found: re.Match[str]) -> tuple[str, int]:
    """A repeat as Rust writes it, and how often it writes out what it repeats."""
    if found[0] in "*+?":
        return found[0], 1
    least = int(found[1] or 0)
    if not found[2]:
        return f"{{{least}}}", max(least, 1)
    if not found[3]:
        return f"{{{least},}}", max(least, 1)
    if (most := int(found[3])) < least:
        raise PatternError(f"repeats at least {least} and at most {most} times")
    return f"{{{least},{most}}}", max(most, 1)


def _literal(char: str) -> str:
    r"""A character that means itself, in classes too; `\<` and `\>` would be the ends of words."""
    return f"\\{char}" if char in r"\.+*?()|[]{}^$#&-~" else char


def _escape(pattern: str, at: int) -> tuple[str, int, bool]:
    """An escape outside of a class: as Rust writes it ("" if it cannot), where it ends, whether it takes no text."""
    if found := {"b": r"(?-u:\b)", "A": r"\A", "Z": r"\z"}.get(pattern[at + 1 : at + 2]):
        return found, at + 2, True
    if pattern[at + 1 : at + 2] in tuple("B0123456789"):
        return "", at + 2, pattern[at + 1] == "B"
    text, end, single = _member(pattern, at)
    return _literal(text) if single else f"[{text}]", end, False


def _member(pattern: str, at: int) -> tuple[str, int, bool]:
    """What a class holds at a place: a character or, as Rust writes it, a set; its end; whether it is a character."""
    if pattern[at] != "\\":
        return pattern[at], at + 1, True
    letter = pattern[at + 1 : at + 2]
    if not letter:
        raise PatternError("ends in the middle of an escape")
    if letter.lower() in _SETS:
        inner = _SETS[letter.lower()]
        return inner if letter.islower() else f"[^{inner}]", at + 2, False
    if found := _PROPERTY.match(pattern, at):
        return _property(found[1], found[2]), found.end(), False
    if found := _CODED.match(pattern, at):
        code = int(found[1] or found[2] or found[3], 16)
        if code > 0x10FFFF or 0xD800 <= code < 0xE000:
            raise PatternError(f"holds {found[0]!r}, which is no character")
        return chr(code), found.end(), True
    if letter in _CONTROLS:
        return _CONTROLS[letter], at + 2, True
    if letter.isascii() and letter.isalnum():
        raise PatternError(f"holds the escape {pattern[at : at + 2]!r}")
    return letter, at + 2, True


def _property(letter: str, name: str) -> str:
    if name.startswith("Is"):
        if name[2:] not in _BLOCKS:
            raise PatternError(f"names the block {name!r}, which is not among those that are known here")
        low, high = _BLOCKS[name[2:]]
        return f"[{'^' if letter == 'P' else ''}\\u{{{low:X}}}-\\u{{{high:X}}}]"
    if not _CATEGORY.fullmatch(name):
        raise PatternError(f"names the category {name!r}, which XML Schema does not have")
    return f"\\{letter}{{{name}}}"


def _class(pattern: str, start: int) -> tuple[str, int, bool]:
    """The class that begins at a place: as Rust writes it, where it ends, whether another is taken from it."""
    at = start + 1
    inverted = pattern[at : at + 1] == "^"
    at += inverted
    first = at
    items: list[str] = []
    while at < len(pattern):
        if pattern[at] == "]" and at > first:
            return f"[{'^' * inverted}{''.join(items)}]", at + 1, False
        if pattern[at] == "-" and at > first and pattern[at + 1 : at + 2] == "[":
            taken, end, _ = _class(pattern, at + 1)
            if pattern[end : end + 1] != "]":
                raise PatternError(f"goes on in a class after what is taken from it (character {end + 1})")
            return f"[[{'^' * inverted}{''.join(items)}]--{taken}]", end + 1, True
        low, end, single = _member_of_class(pattern, at)
        ranged = pattern[end : end + 1] == "-" and pattern[end + 1 : end + 2] not in ("]", "[", "")
        if ranged:
            high, far, ends = _member_of_class(pattern, end + 1)
            if not (single and ends and low <= high):
                raise PatternError(f"holds {pattern[at:far]!r}, which is no range of characters")
            items.append(f"{_literal(low)}-{_literal(high)}")
            at = far
        else:
            items.append(_literal(low) if single else low)
            at = end
    raise PatternError(f"opens a class that it does not close (character {start + 1})")


def _member_of_class(pattern: str, at: int) -> tuple[str, int, bool]:
    if pattern.startswith("\\b", at):
        return "\b", at + 2, True
    return _member(pattern, at)

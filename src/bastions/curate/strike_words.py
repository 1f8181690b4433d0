"""The words of a strike line as the tokens of its grammar, `strike_lines.lark`.

Slips of the releases, numbers, verbs, terms with "and" in them and what stands beside a thing are all told here, so
that the grammar has little to say.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from lark import Token

SOME = None
"""The quantity of what is not counted: several, a bare plural, terrain."""

VERBS = {
    "struck": "struck hit targeted striking hitting targeting stuck",
    "engaged": "engaged engaging",
    "destroyed": "destroyed destroying",
    "damaged": (
        "damaged damaging cratered cratering breached breaching degraded degrading disabled disabling immobilized"
        " immobilizing neutralized neutralizing"
    ),
    "suppressed": "suppressed suppressing halted halting",
    "denied": "denied denying",
    "wounded": "wounded wounding injured injuring",
    "killed": "killed killing",
}
"""Measure to the words that mean it, finite verbs and participles alike; "stuck" is a slip of the releases."""

STRIKE_WORDS = {
    "airstrike": "airstrike",
    "airstrikes": "airstrike",
    "airstike": "airstrike",
    "airstikes": "airstrike",
    "strike": "strike",
    "strikes": "strike",
}

_WRITTEN: dict[int | None, str] = {
    1: "a an one the another single second third",
    2: "two",
    3: "three",
    4: "four",
    5: "five",
    6: "six",
    7: "seven",
    8: "eight",
    9: "nine",
    10: "ten",
    11: "eleven",
    12: "twelve",
    13: "thirteen",
    14: "fourteen",
    15: "fifteen",
    16: "sixteen",
    17: "seventeen",
    18: "eighteen",
    19: "nineteen",
    20: "twenty",
    30: "thirty",
    40: "forty",
    50: "fifty",
    SOME: "several multiple",
}
NUMBERS = {word: quantity for quantity, words in _WRITTEN.items() for word in words.split()}
"""Words that say how many. "another", "a second" and "a third" are one more."""

ARTICLES = frozenset({"a", "an", "the", "one"})
"""Words that may stand before a number, and that count nothing before what is not counted."""
MEASURES = {word: measure for measure, words in VERBS.items() for word in words.split()}
_NUMBER = "|".join(("[0-9]+", *NUMBERS))
_VERB = rf"(?:{'|'.join(MEASURES)})\b"

# What stands for something else before words are told apart: terms with "and" in them, asides, and places of verbs.
# A replacement in capitals is a token of the grammar.
_REWRITES = tuple(
    (re.compile(pattern), new)
    for pattern, new in (
        (r"[-–—‑]", " "),
        (r"\ufffc", ""),
        (r"\((?:hb|vb|h|v)?(?:ieds?|beids?)\)|\((?:hme|uavs?|rpgs?|rpa)\)", " "),
        (r"\bcommand,? (?:and )?control\b", "command control"),
        (r"\bgas,? and oil separation\b", "oil separation"),
        (r"\bpetroleum,? oil,? (?:and )?lubricants?\b", "petroleum"),
        (r"\bmaintenance and storage\b", "maintenance storage"),
        (r"\bfuel and service station\b", "fuel service station"),
        (r"\b(?:produced|had|with) inconclusive results\b", " INCONCLUSIVE "),
        (r"\b(?:had no effect|(?:was|were) (?:reported as )?ineffective)\b", " INEFFECTIVE "),
        (r"\b(den(?:ied|ying)) (?:the )?isil's?(?: forces)?\b|\b(den(?:ied|ying)) isil forces\b", r"\1\2"),
        (r"\b(den(?:ied|ying)) (?:the )?isil\b", r"\1"),
        (rf"\baccess to (?=(?:{_NUMBER}) )", ""),
        (rf"\bterrain at ({_NUMBER}) separate locations\b", r"\1 terrain locations"),
        (r"\bmovement of\b", ""),
        (r"\bmultiple rocket launcher", "rocket launcher"),
        (rf"\b({_VERB}) and (?!{_VERB})", r"\1 an "),
        (rf"\ban (?={_VERB})", "and "),
        (r"\b([a-z]+)'s movement\b", r"\1"),
        (r"\bin (?:the )?(?:isil controlled territory|surrounding areas?)\b", " ASIDE "),
        (r"\bin support of (?:coalition operations|the [0-9a-z]+ iraqi [a-z]+ division)\b", " ASIDE "),
        (r"\balong an? isil supply route\b|\bto isil forces\b|\bwith rockets\b|\bto deny isil use\b", " ASIDE "),
        (r"\bused (?:as minefields|to control water)\b|\blocated(?= +ASIDE)", " ASIDE "),
        (r"[.,;]?\s*\b(?:the (?:air)?strikes? )?(?:also|additionally|separately)\b,?", ","),
    )
)
_WORD = re.compile(r"[a-z0-9'é]+|[A-Z]+|[^\sa-z0-9]")
_SEPARATORS = frozenset({",", ";", "and"})
_TERMINALS = {
    "ASIDE": "_ASIDE",
    "INCONCLUSIVE": "INCONCLUSIVE",
    "INEFFECTIVE": "INEFFECTIVE",
    "including": "_INCLUDING",
}
_AFTER_STRIKES = {"on": ("_ON", "on"), "truck": ("VERB", "struck")}
"""What two words mean right after the word for strikes: "truck" is a slip of the releases there."""


def tokens(text: str) -> Iterator[Token]:
    """The tokens of the grammar for a statement.

    Args:
        text: From the number of strikes to the final stop, without bullet and place.
    """
    plain = unicodedata.normalize("NFC", text).lower().replace("’", "'").replace("‘", "'")
    plain = " ".join(plain.split()).rstrip(" .")
    for pattern, new in _REWRITES:
        plain = pattern.sub(new, plain)
    words = _WORD.findall(plain)
    counted = False  # whether the word for strikes, of which there is one, has come
    for i, word in enumerate(words):
        following = words[i + 1] if i + 1 < len(words) else ""
        if word in _SEPARATORS:
            if following not in _SEPARATORS:
                yield Token("THEN" if following in MEASURES else "_COMMA", ",")
        elif word in STRIKE_WORDS and not counted:
            counted = True
            yield Token("STRIKES", word)
        elif words[i - 1] in STRIKE_WORDS and word in _AFTER_STRIKES:
            yield Token(*_AFTER_STRIKES[word])
        elif word in ARTICLES and _is_number(following):
            continue  # two determiners: the second is meant
        else:
            yield Token(_kind(word), word)


def _is_number(word: str) -> bool:
    return word.isdigit() or word in NUMBERS


def _kind(word: str) -> str:
    """The terminal of the grammar for a word."""
    if word in MEASURES:
        return "VERB"
    if _is_number(word):
        return "NUMBER"
    return _TERMINALS.get(word, "WORD" if word[0].isalnum() else "STOP")


def amount(word: str) -> int | None:
    """The quantity that a number word or numeral says; None for `SOME`, and for what is no number."""
    return int(word) if word.isdigit() else NUMBERS.get(word)

"""Questions and answers: numbered lists, codes with their definitions, and asking again until an answer fits."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeVar

from bastions.problems import visible
from bastions.schema import CodeList

Ask = Callable[[Sequence[str]], str]
"""Gives the next line that the user types; gets what may be completed. Raises `EOFError` where there is none."""

Tell = Callable[[str], None]
"""Shows one line."""

WIDTH = 110

T = TypeVar("T")


class Back(Exception):
    """The user wants the question before this one."""


class Unfit(ValueError):
    """An answer that cannot be taken; the message says why, and what would do."""


@dataclass(frozen=True, slots=True)
class Option:
    """One line of a numbered list: what is taken, how it is shown, and what `?` says of it."""

    key: str
    label: str = ""
    definition: str = ""


def options(codes: CodeList) -> list[Option]:
    """The codes of a list, in its order."""
    return [Option(code.code, code.label, code.definition) for code in codes.codes.values()]


class Talk:
    """One conversation. It remembers each answer, to offer it again after a step back.

    Attributes:
        remembered: The last answer to each question, by the question's key.
    """

    def __init__(self, ask: Ask, tell: Tell):
        self._ask, self._tell = ask, tell
        self.remembered: dict[str, str] = {}

    def say(self, text: str, indent: str = "", *, cut: bool = False) -> None:
        """Shows text, escaped as a terminal needs it; a long line is folded, or cut."""
        for line in text.split("\n"):
            shown = visible(indent + line, 100_000)
            if cut and len(shown) > WIDTH:
                shown = shown[: WIDTH - 1].rstrip() + "…"
            hang = indent + " " * (len(line) - len(line.lstrip())) + "  "
            folded = textwrap.wrap(shown, WIDTH, subsequent_indent=hang, break_on_hyphens=False)
            for part in folded or [""]:
                self._tell(part)

    def put(
        self,
        key: str,
        question: str,
        take: Callable[[str], T],
        *,
        about: str | Callable[[], None] = "",
        default: str = "",
        none: str = "",
        offered: Sequence[str] = (),
        listed: str = "",
    ) -> T:
        """Asks until an answer fits.

        Args:
            key: Under which the answer is remembered.
            question: What is asked.
            take: Makes a value of an answer, or raises `Unfit`.
            about: What `?` shows.
            default: What an empty answer means, shown with the question; an answer given before takes its place.
            none: What it means that nothing is given, where that is allowed; then `-` gives nothing.
            offered: What a terminal may complete.
            listed: Lines shown below the question.

        Raises:
            Back: If the user asks for the question before.
            EOFError: If there is no further answer.
        """
        default = self.remembered.get(key, default)
        hint = f" [{default}{'; - for none' if none else ''}]" if default else f" [none: {none}]" if none else ""
        self.say("")
        self.say(question + hint)
        if listed:
            self.say(listed)
        while True:
            answer = clean(self._ask(offered))
            if answer == "<":
                raise Back
            if answer == "?":
                about() if callable(about) else self.say(about or "There is nothing more to say of this.", "  ")
                continue
            answer = "" if answer == "-" else answer or default
            if not (answer or none):
                self.say("An answer is needed; ? explains, < goes back, Ctrl-D leaves.", "  ")
                continue
            try:
                if answer and (fault := characters(answer)):
                    raise Unfit(fault)
                value = take(answer)
            except Unfit as error:
                self.say(str(error), "  ")
                continue
            self.remembered[key] = answer
            return value

    def choose(
        self, key: str, question: str, choices: Sequence[Option], *, about: str = "", default: str = "", none: str = ""
    ) -> str:
        """One of a list, by its number or its name; an empty text where none is allowed and chosen."""
        names = [choice.key for choice in choices]
        if (before := self.remembered.get(key)) and before not in names:
            del self.remembered[key]

        def take(answer: str) -> str:
            if not answer:
                return ""
            chosen = pick(answer, names)
            self.remembered[key] = chosen
            return chosen

        def explain() -> None:
            if about:
                self.say(about, "  ")
            for choice in choices:
                self.say(f"{choice.key}  {choice.label}{': ' if choice.definition else ''}{choice.definition}", "  ")

        shown = self.listed(choices)
        chosen = self.put(key, question, take, about=explain, default=default, none=none, offered=names, listed=shown)
        self.remembered[key] = chosen
        return chosen

    @staticmethod
    def listed(choices: Sequence[Option]) -> str:
        """The numbered lines of a list."""
        wide = min(32, max((len(choice.key) for choice in choices), default=0))
        lines = []
        for number, choice in enumerate(choices, 1):
            about = f"{choice.label}: {choice.definition}" if choice.label and choice.definition else choice.label
            line = f"  {number:>2}  {choice.key:<{wide}}  {about or choice.definition}".rstrip()
            lines.append(line if len(line) <= WIDTH else line[: WIDTH - 1].rstrip() + "…")
        return "\n".join(lines)


def pick(answer: str, names: Sequence[str]) -> str:
    """The name that is meant by a name or by a number of the list.

    Raises:
        Unfit: If none is; it says which is nearest.
    """
    if answer in names:
        return answer
    lower = {name.lower(): name for name in names}
    if answer.lower() in lower and len(lower) == len(names):
        return lower[answer.lower()]
    if answer.isascii() and answer.isdigit():
        if 1 <= int(answer) <= len(names):
            return names[int(answer) - 1]
        raise Unfit(f"There is no number {answer}; the list ends with {len(names)}.")
    near = get_close_matches(answer.lower(), names, 1, 0.5)
    meant = f" Did you mean {near[0]}?" if near else ""
    raise Unfit(f'"{answer}" is not on the list.{meant} Type a number or a name; ? shows what each means.')


def clean(answer: str) -> str:
    """An answer as a cell would hold it: composed (NFC), white space as single plain spaces, none at the ends."""
    return " ".join(unicodedata.normalize("NFC", answer).split())


def characters(answer: str) -> str:
    """What is wrong with the characters of an answer, or nothing."""
    for c in answer:
        if unicodedata.category(c)[0] == "C":
            return f"U+{ord(c):04X} in it is a character that nobody sees, or none at all; type it again without."
    return ""

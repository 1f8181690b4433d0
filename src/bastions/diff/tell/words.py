"""Cells and published values in words, short enough to be read."""

from __future__ import annotations

from bastions.diff.values import Answer

EMPTY, NO_VALUE = "(empty)", "(no value)"
"""How a cell, or a published value, that is not there is shown."""

WIDE = 160
"""As many characters of a cell are shown; of two that differ, those about the difference."""

_BEFORE = 40


def sentence(text: str) -> str:
    """With a large letter at its beginning and a full stop at its end."""
    return f"{text[:1].upper()}{text[1:]}."


def answers(old: Answer | None, new: Answer | None) -> tuple[str, str]:
    """Two answers in words; where these are the same, with what differs."""
    a, b = ("" if answer is None else str(answer) for answer in (old, new))
    if old and new and a == b:
        a, b = f"{a} ({old.status}, {old.best_comparator})", f"{b} ({new.status}, {new.best_comparator})"
    return a or NO_VALUE, b or NO_VALUE


def with_name(text: str | None, name: str) -> str | None:
    """A text with the name of what it refers to, if that has one."""
    return f"{text} ({cut(name)})" if text and name else text


def cut(text: str, width: int = WIDE) -> str:
    """A text that is not longer than `width`."""
    return text if len(text) <= width else f"{text[:width]}… ({len(text):,} characters)"


def focus(old: str, new: str, width: int = WIDE) -> tuple[str, str]:
    """Two texts cut to `width` such that where they begin to differ is seen."""
    same = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    start = max(0, same - _BEFORE) if max(len(old), len(new)) > width else 0
    dots = "…" if start else ""
    return cut(dots + old[start:], width), cut(dots + new[start:], width)

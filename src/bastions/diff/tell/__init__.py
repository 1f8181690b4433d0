"""A difference as text for a terminal, Markdown for a comment, one HTML page, or JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bastions.diff.model import Difference

FORMATS = ("text", "markdown", "html", "json")

LIMIT = 50
"""As many rows of each kind and table, and records with other values, are told, if nothing else is asked."""

PAGE_LIMIT = 1000
"""The same of a page."""


def text(found: Difference, limit: int = LIMIT) -> str:
    """For a terminal; control characters are made visible."""
    from bastions.diff.tell import terminal

    return terminal.render(found, limit)


def markdown(found: Difference, limit: int = LIMIT, size: int | None = 60_000, heading: str | None = None) -> str:
    """GitHub's Markdown, for a comment or a file: everything escaped.

    Args:
        found: The difference.
        limit: As many items of each section are told.
        size: As many bytes it has at most. What does not fit is left out, and a sentence at the end says what. None for
            no limit.
        heading: Its heading where it is the second part of a longer text; without one it tells what is compared.
    """
    from bastions.diff.tell import comment

    return comment.render(found, limit, size, heading)


def html(found: Difference, limit: int | None = PAGE_LIMIT) -> str:
    """One page that needs nothing else, without a script; None as `limit` writes every row."""
    from bastions.diff.tell import page

    return page.render(found, limit)


def json(found: Difference) -> Iterator[str]:
    """The whole difference as JSON, in pieces to be written one after the other; docs/diff.md has its shape."""
    from bastions.diff.tell import whole

    return whole.pieces(found)

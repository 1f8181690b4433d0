"""A dialect as patterns, and a record taken apart by them: its cells, or what is wrong with its quotes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bastions.tabular.descriptor.dialect import Dialect


@dataclass(frozen=True, slots=True)
class Syntax:
    """A dialect as patterns; `foreign` is the line end that may not stand outside quotes."""

    delimiter: str
    quote: str
    sign: bytes
    escape: str
    mark: bytes
    plain: bool
    foreign: str
    skip: bool
    null: str | None
    cell: re.Pattern[str]
    body: re.Pattern[str]
    literal: re.Pattern[str]
    escaped: re.Pattern[bytes]

    def leaves(self, raw: bytes) -> tuple[bool, bool]:
        """Whether a line turns quoted to unquoted or back, and whether it ends in an escape character."""
        if self.escape:
            raw = self.escaped.sub(b"", raw)
        return raw.count(self.sign) % 2 == 1, bool(self.escape) and raw.endswith(self.escape.encode())


@lru_cache(maxsize=64)
def syntax_of(dialect: Dialect) -> Syntax:
    """The patterns of a dialect."""
    # An escape character that is the quote says again that a quote is written twice.
    escape = "" if dialect.escape is None or dialect.escape == dialect.quote else dialect.escape
    quote = dialect.quote
    q, e, d = re.escape(quote), re.escape(escape), re.escape(dialect.delimiter)
    plain = dialect.terminator in (None, "\n", "\r\n")
    end = "\n" if plain else str(dialect.terminator)
    any_one = rf"{e}(?:{re.escape(end)}|\r\n|.)"
    twice = dialect.double_quote or dialect.escape == quote
    special = ([any_one] if escape else []) + ([q + q] if twice else [])
    runs = rf"[^{q}{e}]*+"
    body = rf"{q}({runs}(?:(?:{'|'.join(special)}){runs})*+){q}" if special else rf"{q}([^{q}]*+){q}"
    bare = rf"[^{d}{q}{e}]*+" + (rf"(?:{any_one}[^{d}{q}{e}]*+)*+" if escape else "")
    space = " *+" if dialect.skip_initial_space else ""
    return Syntax(
        delimiter=dialect.delimiter,
        quote=quote,
        sign=quote.encode(),
        escape=escape,
        mark=end.encode(),
        plain=plain,
        foreign="\r" if plain else "\n" if end == "\r" else "",
        skip=dialect.skip_initial_space,
        null=dialect.null_sequence,
        cell=re.compile(rf"{space}(?:{body}(?={d}|\Z)|({bare})(?={d}|\Z))", re.DOTALL),
        body=re.compile(body, re.DOTALL),
        literal=re.compile("|".join(rf"({part})" for part in special) or r"(?!)", re.DOTALL),
        escaped=re.compile(re.escape(escape.encode()) + b"(?s:.)" if escape else b"(?!)"),
    )


def text_of(raw: bytes) -> str:
    """The text; bytes that are not UTF-8 as lone surrogates, so that cells can be told apart nevertheless."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("utf-8", "surrogateescape")


class Split(NamedTuple):
    """A record taken apart: `cells` are at most one more than asked for; `foreign` is the first cell, from 1, that
    holds a character that may not be there; `fault` is of its quoting: rule, cell, message.
    """

    cells: list[str]
    width: int
    blank: bool
    foreign: int = 0
    fault: tuple[str, int, str] | None = None


def split(text: str, syntax: Syntax, most: int) -> Split:
    """The cells of a record; the first `most` and one more are kept, all are counted."""
    delimiter = syntax.delimiter
    if syntax.quote in text or (syntax.escape and syntax.escape in text):
        return _split_quoted(text, syntax, most)
    cells = text.split(delimiter, most)
    count = len(cells)
    blank = not text
    if count > most:
        count = text.count(delimiter) + 1
        blank = not text.replace(delimiter, "").strip(" " if syntax.skip else "\0")
    if syntax.skip:
        cells = [cell.lstrip(" ") for cell in cells]
    if count <= most:
        blank = not any(cells)
    foreign = 0
    if "\0" in text or (syntax.foreign and syntax.foreign in text):
        place = min(text.index(c) for c in ("\0", syntax.foreign) if c and c in text)
        foreign = text.count(delimiter, 0, place) + 1
    return Split(cells, count, blank, foreign)


def _split_quoted(text: str, syntax: Syntax, most: int) -> Split:
    match, size = syntax.cell.match, len(text)
    cells: list[str] = []
    count = position = foreign = 0
    blank = True
    while True:
        found = match(text, position)
        count += 1
        if found is None:
            return Split(cells, count, False, foreign, _quoting(text, position, count, syntax))
        cell, bare = found.groups()
        if cell is None:
            cell = bare
            wrong = bool(syntax.foreign) and syntax.foreign in (syntax.literal.sub("", cell) if syntax.escape else cell)
            # What the escape character makes of the letter of a null sequence such as \\N is that sequence.
            if syntax.escape and syntax.escape in cell and cell != syntax.null:
                cell = _unescaped(cell, syntax)
        else:
            wrong = False
            if syntax.quote in cell or (syntax.escape and syntax.escape in cell):
                cell = _unescaped(cell, syntax)
        if (wrong or "\0" in cell) and not foreign:
            foreign = count
        if count <= most + 1:
            cells.append(cell)
        blank = blank and not cell
        position = found.end()
        if position == size:
            return Split(cells, count, blank, foreign)
        position += 1


def _unescaped(cell: str, syntax: Syntax) -> str:
    """A cell without what protects its characters: of two quotes the second stays, and what an escape stands before."""
    return syntax.literal.sub(lambda found: found.group()[1:], cell)


def _quoting(text: str, position: int, count: int, syntax: Syntax) -> tuple[str, int, str]:
    """What is wrong with the cell at a position: rule, cell, message."""
    if syntax.skip:
        position += len(text[position:]) - len(text[position:].lstrip(" "))
    if text.startswith(syntax.quote, position):
        if syntax.body.match(text, position):
            return "stray-quote", count, "something stands after the closing quote of the cell"
        return "unclosed-quote", count, "a quote opens the cell and never closes"
    rest = text[position:]
    if syntax.quote not in rest and syntax.leaves(rest.encode("utf-8", "surrogateescape"))[1]:
        return "stray-quote", count, "the row ends in an escape character"
    return "stray-quote", count, "a quote stands inside a cell that does not begin with one"

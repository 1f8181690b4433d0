"""How a delimited file is written: CSV Dialect (v1) and Table Dialect (v2) as one frozen `Dialect`. Nothing is sniffed.

Without a dialect a file is RFC 4180's: commas, `"` around cells and doubled inside them, LF or CRLF, one header row; a
`tsv` file has tabs. Properties of other formats (`sheetName`, `itemKeys`, …) do not concern a delimited file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

HEADER_LIMIT = 1_000
"""The last row in which a header may stand."""


class DialectError(ValueError):
    """A dialect that cannot be read; the message says why, in words for people."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the rows of a delimited file are written.

    Attributes:
        quote: What stands around a cell.
        double_quote: Whether a quote inside a quoted cell is written twice.
        escape: What stands before a character that is to be taken as it is.
        terminator: What ends a row; None for LF or CRLF.
        header_rows: The rows of the header, counted from 1; empty where there is none.
        header_join: What stands between the parts of a label of several rows.
        comment_rows: Rows that are skipped, counted from 1.
        comment_char: What begins rows that are skipped.
        null_sequence: The cell that stands for no value, beside the missing values of the schema.
        case_sensitive: Whether labels and the names of fields must agree in case. False only where a dialect says so
            (`caseSensitiveHeader`, of v1).
    """

    delimiter: str = ","
    quote: str = '"'
    double_quote: bool = True
    escape: str | None = None
    terminator: str | None = None
    skip_initial_space: bool = False
    header: bool = True
    header_rows: tuple[int, ...] = (1,)
    header_join: str = " "
    comment_rows: tuple[int, ...] = ()
    comment_char: str | None = None
    null_sequence: str | None = None
    case_sensitive: bool = True

    @property
    def plain(self) -> bool:
        """Whether the fast reader can read it: bytes decide where cells and rows end."""
        signs = (self.delimiter, self.quote)
        return (
            all(len(sign.encode()) == 1 and sign not in "\r\n" for sign in signs)
            and self.quote != self.delimiter
            and self.double_quote
            and self.escape is None
            and self.terminator in (None, "\n", "\r\n")
            and not (self.comment_rows or self.comment_char or self.skip_initial_space)
            and self.header_rows in ((), (1,))
        )


_TEXTS = ("delimiter", "lineTerminator", "quoteChar", "escapeChar", "nullSequence", "commentChar", "headerJoin")
_FLAGS = ("doubleQuote", "skipInitialSpace", "header", "caseSensitiveHeader")
_ROWS = ("headerRows", "commentRows")
READ = (*_TEXTS, *_FLAGS, *_ROWS)
"""The properties that matter for delimited files."""

_EXTRAS = {"headerCase": True, "skipBlankRows": False}
"""What frictionless-py adds to the specification and would change what is read, with the value that changes nothing."""


def read(descriptor: Mapping[str, Any] | None, format: str) -> Dialect:
    """The dialect that a descriptor gives.

    Args:
        descriptor: `dialect` of a resource, of v1 or v2; `None` where there is none. What frictionless-py puts one
            level deeper, under `csv`, is read as if it stood above.
        format: `csv` or `tsv`.

    Raises:
        DialectError: If it is not one, or is not supported.
    """
    given: dict[str, Any] = {}
    for layer in (descriptor or {}).get(format), (descriptor or {}).get("csv"), descriptor:
        given.update(layer if isinstance(layer, Mapping) else {})
    for name, harmless in _EXTRAS.items():
        if given.get(name, harmless) is not harmless:
            raise DialectError(f"`{name}` is not of Table Dialect and is not supported: take it out")
    texts = {name: _text(given, name) for name in _TEXTS}
    flags = {name: _flag(given, name) for name in _FLAGS}
    header_rows, comment_rows = (_rows(given, name) for name in _ROWS)
    if header_rows is None:
        header_rows = (1,)
    elif not header_rows:
        raise DialectError("`headerRows` is empty: without a header give `header: false`, else the rows where it is")
    if not flags["header"]:
        header_rows = ()
    elif header_rows[-1] > HEADER_LIMIT:
        raise DialectError(f"`headerRows` reaches beyond row {HEADER_LIMIT:,}, where no header is looked for")
    made = Dialect(
        delimiter=texts["delimiter"] if texts["delimiter"] is not None else {"tsv": "\t"}.get(format, ","),
        quote=(texts["quoteChar"] or "") if "quoteChar" in given else '"',
        double_quote=flags["doubleQuote"],
        escape=texts["escapeChar"] or None,
        terminator=texts["lineTerminator"],
        skip_initial_space=flags["skipInitialSpace"],
        header=flags["header"],
        header_rows=header_rows,
        header_join=" " if texts["headerJoin"] is None else texts["headerJoin"],
        comment_rows=comment_rows or (),
        comment_char=texts["commentChar"] or None,
        null_sequence=texts["nullSequence"],
        case_sensitive=flags["caseSensitiveHeader"],
    )
    _agree(made)
    # A quote that escapes quotes is a doubled quote.
    return replace(made, escape=None, double_quote=True) if made.escape and made.escape == made.quote else made


def _agree(dialect: Dialect) -> None:
    """Raises where a file of the dialect could be read in two ways, or in none."""
    if len(dialect.delimiter) != 1:
        more = '; a tab is written "\\t" in JSON' if dialect.delimiter == "\\t" else ""
        raise DialectError(f"`delimiter` has {len(dialect.delimiter)} characters; one is supported{more}")
    signs = {"delimiter": dialect.delimiter, "quoteChar": dialect.quote, "escapeChar": dialect.escape}
    seen: dict[str, str] = {}
    for name, sign in signs.items():
        if sign is None:
            continue
        if len(sign) != 1:
            raise DialectError(f"`{name}` has {len(sign)} characters, not one")
        if sign in "\r\n\0":
            raise DialectError(f"`{name}` is {sign!r}, which cannot stand in a row")
        if sign in seen and (name, seen[sign]) != ("escapeChar", "quoteChar"):
            raise DialectError(f"`{name}` and `{seen[sign]}` are the same character {sign!r}")
        seen.setdefault(sign, name)
    if dialect.terminator is not None:
        if not dialect.terminator or "\0" in dialect.terminator:
            raise DialectError("`lineTerminator` is empty or holds NUL")
        if any(sign in dialect.terminator for sign in seen):
            raise DialectError("`lineTerminator` holds the delimiter, the quote or the escape character")
    if dialect.comment_char and any(sign in dialect.comment_char for sign in "\r\n\0"):
        raise DialectError(f"`commentChar` is {dialect.comment_char!r}, which cannot begin a row")
    if dialect.skip_initial_space and dialect.delimiter == " ":
        raise DialectError("`skipInitialSpace` with a space as `delimiter` leaves open where a cell begins")
    if set(dialect.header_rows) & set(dialect.comment_rows):
        raise DialectError("a row stands both in `headerRows` and in `commentRows`")


def _text(given: Mapping[str, Any], name: str) -> str | None:
    value = given.get(name)
    if value is None or isinstance(value, str):
        return value
    raise DialectError(f"`{name}` is not a string")


def _flag(given: Mapping[str, Any], name: str) -> Any:
    value = given.get(name)
    if value is None:
        return {"doubleQuote": True, "header": True, "caseSensitiveHeader": True}.get(name, False)
    if isinstance(value, bool):
        return value
    raise DialectError(f"`{name}` is neither true nor false")


def _rows(given: Mapping[str, Any], name: str) -> tuple[int, ...] | None:
    value = given.get(name)
    if value is None:
        return None
    if not isinstance(value, list | tuple):
        raise DialectError(f"`{name}` is not a list")
    rows = []
    for row in value:
        if (
            isinstance(row, bool)
            or not (isinstance(row, int) or (isinstance(row, float) and row.is_integer()))
            or row < 1
        ):
            raise DialectError(f"`{name}` is not a list of row numbers from 1")
        rows.append(int(row))
    if name == "headerRows" and rows != sorted(set(rows)):
        raise DialectError("`headerRows` is not in rising order, each row once")
    return tuple(sorted(set(rows)))

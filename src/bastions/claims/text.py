"""Texts: their normal form, their digests, and the readings in which a copy can be told to hold the same words."""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterator, Sequence
from functools import cached_property
from hashlib import sha256
from itertools import accumulate, product
from pathlib import Path

NORMALISATION = "nfc_lf_nbsp"
NO_BREAK = "\u00a0\u202f"
TEXT_LIMIT = 1_000_000  # characters of one text

IGNORABLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"  # soft hyphen and invisible joiners, which pages put into words
BLANK = "".join(c for c in map(chr, range(0x3001)) if c.isspace()) + IGNORABLE


class TextError(ValueError):
    """The text cannot be read.

    Attributes:
        offset: Where: the byte of bytes, the character of a string, from 0.
    """

    def __init__(self, message: str, offset: int):
        self.offset = offset
        super().__init__(message)


def normalise(raw: bytes | str) -> str:
    """The text under `nfc_lf_nbsp`: Unicode NFC, CRLF and CR as LF, no-break spaces as spaces, and nothing else.

    A byte order mark at the head of bytes belongs to the encoding and goes with it, so that a file saved by an editor
    that adds one has the same digest; in a string U+FEFF is a character and stays.

    Args:
        raw: The bytes of a file in UTF-8, or a decoded text.

    Returns:
        The normalised text, in which offsets count code points; normalising it again changes nothing.

    Raises:
        TextError: If the bytes are not UTF-8, hold NUL, or are more than `TEXT_LIMIT` characters.
    """
    text = _decoded(raw) if isinstance(raw, bytes) else raw
    if lone := re.search("[\ud800-\udfff]", text):
        raise TextError(f"character {lone.start()} is half of a surrogate pair and no character", lone.start())
    if (nul := text.find("\0")) >= 0:
        raise TextError(f"character {nul} is NUL; this is not a text, or not one in UTF-8", nul)
    if len(text) > TEXT_LIMIT:
        raise TextError(f"the text is longer than {TEXT_LIMIT:,} characters", TEXT_LIMIT)
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return text.translate(dict.fromkeys(map(ord, NO_BREAK), " "))


def read(path: Path) -> bytes:
    """The bytes of a text, or as many as show that it is too long: of a device there is no end.

    Raises:
        OSError: If it cannot be read.
    """
    with path.open("rb") as stream:
        return stream.read(4 * TEXT_LIMIT + 4)


def _decoded(raw: bytes) -> str:
    if len(raw) > 4 * TEXT_LIMIT + 3:
        raise TextError(f"the text is longer than {TEXT_LIMIT:,} characters", TEXT_LIMIT)
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise TextError("byte 0: the text is in UTF-16, not UTF-8; save it as UTF-8", 0)
    try:
        return raw.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        at = error.start
        raise TextError(f"byte {at} (0x{raw[at]:02x}) is not UTF-8; save the text as UTF-8", at) from None


def digest(text: str) -> str:
    """SHA-256 of the UTF-8 bytes of `text`, in lower-case hexadecimal."""
    return sha256(text.encode()).hexdigest()


# --------------------------------------------------------------------------------------------------------------------
# Readings of a text: the same characters with white space folded or typography exchanged, each still knowing its place


class View:
    """A reading of a stretch of a text: character `i` stands for `[starts[i], ends[i])` of the normalised text."""

    def __init__(self, text: str, starts: Sequence[int], ends: Sequence[int], reading: str):
        self.text, self.starts, self.ends, self.reading = text, starts, ends, reading

    @cached_property
    def encoded(self) -> tuple[bytes, Sequence[int]]:
        """The UTF-8 bytes, and for each character, and the end, its byte."""
        data = self.text.encode()
        if len(data) == len(self.text):
            return data, range(len(data) + 1)
        sizes = (1 + (c > "\x7f") + (c > "\u07ff") + (c > "\uffff") for c in self.text)
        return data, list(accumulate(sizes, initial=0))

    @cached_property
    def edges(self) -> tuple[list[int], bytes]:
        """Where characters follow white space, or the start; and for each place whether white space stands there."""
        spaces = bytes(map(str.isspace, self.text))
        return [0, *(m.end() for m in re.finditer(rb"\x01(?=\x00)", spaces))], spaces + b"\1"

    def hash(self, at: int, length: int) -> bytes:
        """SHA-256 of the characters from `at`."""
        data, offsets = self.encoded
        return sha256(data[offsets[at] : offsets[at + length]]).digest()

    def extent(self, at: int, length: int) -> tuple[int, int]:
        """What the characters from `at` stand for in the normalised text."""
        return self.starts[at], self.ends[at + length - 1]


def literal(text: str, start: int, end: int) -> View:
    """The characters themselves."""
    return View(text[start:end], range(start, end), range(start + 1, end + 1), "exact")


_WORD = re.compile(rf"[^\s{IGNORABLE}]+")


def folded(text: str, start: int, end: int) -> View:
    """Runs of white space as one space, none at the ends, invisible joiners left out."""
    pieces: list[str] = []
    starts, ends = array("l"), array("l")
    last = None
    for word in _WORD.finditer(text, start, end):
        a, b = word.span()
        if last is not None and text[last:a].strip(IGNORABLE):
            pieces.append(" ")
            starts.append(last)
            ends.append(a)
        pieces.append(word[0])
        starts.extend(range(a, b))
        ends.extend(range(a + 1, b + 1))
        last = b
    return View("".join(pieces), starts, ends, "white space")


Form = str | tuple[str, str]
"""What a mark is written as: the same everywhere, or one for the opening and one for the closing."""

# For each kind of mark what is found, what it is when typed plainly, and what every one of them may be written as.
_TYPOGRAPHY: tuple[tuple[re.Pattern[str], str | None, tuple[Form, ...]], ...] = (
    (re.compile("['‘’‚‛′`´]"), "'", ("'", "’", ("‘", "’"))),
    (re.compile('["“”„‟″«»]'), '"', ('"', ("“", "”"))),
    (re.compile("[‐‑]"), "-", ("-",)),
    (re.compile("--+|[–—―−]|(?<= )-(?= )"), "-", ("—", "–", "-", "--")),
    (re.compile(r"…|\.\.\."), "...", ("…", "...")),
    (re.compile(r"(?<=\w)- (?=\w)"), None, ("-", "")),  # a word broken at the end of a line
)


def _exchanged(view: View, pattern: re.Pattern[str], form: Form) -> View:
    """`view` with every match of `pattern` written otherwise."""
    pieces: list[str] = []
    starts, ends = array("l"), array("l")
    last = 0
    for match in pattern.finditer(view.text):
        a, b = match.span()
        opening = a == 0 or view.text[a - 1] in " ([{—–-"
        new = form if isinstance(form, str) else form[not opening]
        pieces += [view.text[last:a], new]
        starts.extend([*view.starts[last:a], *([view.starts[a]] * len(new))])
        ends.extend([*view.ends[last:a], *([view.ends[b - 1]] * len(new))])
        last = b
    pieces.append(view.text[last:])
    starts.extend(view.starts[last:])
    ends.extend(view.ends[last:])
    return View("".join(pieces), starts, ends, "typography")


def variants(view: View) -> Iterator[View]:
    """`view` in every other usual typography, one form throughout for each kind of mark."""
    present = [(pattern, (*forms, None)) for pattern, _, forms in _TYPOGRAPHY if pattern.search(view.text)]
    seen = {view.text}
    for choice in product(*(forms for _, forms in present)):
        made = view
        for (pattern, _), form in zip(present, choice, strict=True):
            if form is not None:
                made = _exchanged(made, pattern, form)
        if made.text not in seen:
            seen.add(made.text)
            yield made


def plain(view: View) -> View:
    """`view` with straight quotes, simple hyphens and three dots: what people type when they mean any of them."""
    for pattern, form, _ in _TYPOGRAPHY:
        if form is not None:
            view = _exchanged(view, pattern, form)
    return view

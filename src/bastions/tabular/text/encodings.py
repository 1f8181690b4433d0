"""Any declared text encoding as a stream of UTF-8, in bounded memory, refusing what it cannot decode.

UTF-8 itself is passed through as it is, since the readers look at its bytes; only a byte-order mark is taken off.
"""

from __future__ import annotations

import codecs
import io
from typing import Any, Protocol

CHUNK = 1 << 18
"""Bytes that are decoded at once."""

SILENT = 1_000_000
"""Bytes that may stand for no text at all, one after the other: escapes of ISO 2022."""

_WIDE = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Source(Protocol):
    """What the readers read: anything that hands out its next bytes."""

    def read(self, size: int, /) -> bytes:
        """The next bytes, at most `size`, perhaps fewer; none at the end.

        Raises:
            EncodingFault: Where the next byte cannot be decoded.
        """
        ...


class EncodingFault(ValueError):
    """A byte that is nothing in the declared encoding; what stands after it cannot be read.

    Attributes:
        line: Physical line, from 1; 0 where the fault is of the file as a whole.
        message: What is wrong, for people.
        hint: What to do, or empty.
    """

    def __init__(self, line: int, message: str, hint: str = ""):
        super().__init__(message)
        self.line, self.message, self.hint = line, message, hint


class Utf8(io.RawIOBase):
    """A raw stream of UTF-8 bytes. Like every raw stream, it may return fewer bytes than asked for; none at the end.

    Attributes:
        bom: Whether a byte-order mark that nobody declared was taken off.
    """

    def __init__(self, stream: Source, head: bytes, bom: bool):
        self._stream, self._head, self.bom = stream, head, bom

    def readable(self) -> bool:
        """True: it is there to be read."""
        return True

    def _more(self) -> bytes:
        return self._stream.read(CHUNK)

    def readinto(self, buffer: Any) -> int:
        """Fills the buffer, or a part of it; 0 at the end.

        Raises:
            EncodingFault: Where the next byte cannot be decoded; all before it was handed out.
        """
        head = self._head or self._more()
        view = memoryview(buffer).cast("B")
        size = min(len(head), len(view))
        view[:size] = head[:size]
        self._head = head[size:]
        return size

    def read(self, size: int = -1) -> bytes:
        """The next bytes, at most `size`; empty at the end.

        Raises:
            EncodingFault: Where the next byte cannot be decoded; all before it was handed out.
        """
        if size < 0:
            return self.readall()
        if not self._head and type(self) is Utf8:
            return self._stream.read(size)
        head = self._head or self._more()
        self._head = head[size:]
        return head if len(head) <= size else head[:size]


class _Transcoded(Utf8):
    """UTF-8 out of another encoding."""

    def __init__(self, stream: Source, head: bytes, bom: bool, encoding: str):
        super().__init__(stream, b"", bom)
        self._first, self._encoding = head, encoding
        self._decoder = codecs.getincrementaldecoder(encoding)("strict")
        self._fault: EncodingFault | None = None
        self._ended = False
        self._newlines = self._returns = self._since = self._silent = 0

    def _more(self) -> bytes:
        if self._fault:
            raise self._fault
        while not self._ended:
            data = self._first or self._stream.read(CHUNK)
            self._first = b""
            self._ended = not data
            state = self._decoder.getstate()
            if len(state[0]) > CHUNK:
                raise EncodingFault(self._line(), f"holds no end of a character of {self._encoding} for too long")
            try:
                text = self._decoder.decode(data, self._ended)
                self._count(text)
                made = text.encode("utf-8")
            except UnicodeDecodeError as error:
                made = self._upto(error, data, state)
            except UnicodeEncodeError as error:
                self._fault = EncodingFault(self._line(), f"U+{ord(error.object[error.start]):04X} is no character")
                made = b""
            except UnicodeError:  # an escape that is longer than the decoder holds: no UnicodeDecodeError
                made = self._bytewise(data, state)
            self._silent = 0 if made else self._silent + len(data)
            if made:
                return made
            if self._fault:
                raise self._fault
            if self._silent > SILENT:
                message = f"holds more than {SILENT:,} bytes of {self._encoding} without a character"
                raise EncodingFault(self._line(), message)
        return b""

    def _upto(self, error: UnicodeDecodeError, data: bytes, state: tuple[bytes, int]) -> bytes:
        """What stands before the byte that cannot be decoded; the fault is kept for the next reading."""
        self._decoder.setstate(state)
        before = self._decoder.decode(data[: max(0, error.start - len(state[0]))])
        self._count(before)
        what = f"byte 0x{error.object[error.start]:02x} after {self._since:,} characters is not {self._encoding}"
        if "truncated" in error.reason or "unexpected end" in error.reason or "incomplete" in error.reason:
            last = f"the last byte, 0x{error.object[-1]:02x}, after {self._since:,} characters"
            what = f"{last}, begins a character that does not end"
        self._refuse(what)
        return before.encode("utf-8")

    def _bytewise(self, data: bytes, state: tuple[bytes, int]) -> bytes:
        """The same where the decoder says that it failed and not where."""
        self._decoder.setstate(state)
        before = ""
        for place in range(len(data)):
            pending = self._decoder.getstate()[0]
            try:
                before += self._decoder.decode(data[place : place + 1])
            except UnicodeError:
                self._count(before)
                first = (pending + data[place:])[0]
                self._refuse(f"byte 0x{first:02x} after {self._since:,} characters is not {self._encoding}")
                break
        return before.encode("utf-8")

    def _refuse(self, what: str) -> None:
        hint = f"The encoding of this file is perhaps not {self._encoding}: declare the right one, or save it as UTF-8."
        self._fault = EncodingFault(self._line(), what, hint)

    def _count(self, text: str) -> None:
        self._newlines += text.count("\n")
        self._returns += text.count("\r")
        last = max(text.rfind("\n"), -1 if self._newlines else text.rfind("\r"))
        self._since = self._since + len(text) if last < 0 else len(text) - last - 1

    def _line(self) -> int:
        """Lines end at newlines; in a text that has none, at carriage returns."""
        return 1 + (self._newlines or self._returns)


def utf8(stream: Source, encoding: str) -> Utf8:
    """The stream as UTF-8 without a byte-order mark, decoded as it is read.

    Bytes that are no UTF-8 under a declared UTF-8 are left in place: the readers report each line that has them.

    Args:
        stream: The file.
        encoding: The name of a Python codec, as `resource_reading.codec` gives it.

    Raises:
        EncodingFault: Where the first bytes contradict the encoding; later, by the stream itself, at
            the first byte that cannot be decoded.
    """
    name = codecs.lookup(encoding).name
    head = b""
    while len(head) < 4 and (more := stream.read(4 - len(head))):
        head += more
    marked = head.startswith(codecs.BOM_UTF8)
    if name in ("utf-8", "utf-8-sig"):
        if head.startswith(_WIDE):
            wide = "UTF-32" if head.startswith(_WIDE[:2]) else "UTF-16"
            raise EncodingFault(
                1, f"is {wide}, not UTF-8", f'Save it as UTF-8, or declare "encoding": "{wide.lower()}".'
            )
        return Utf8(stream, head[3:] if marked else head, marked and name == "utf-8")
    if marked:
        hint = 'Declare "encoding": "utf-8", and save the file without the mark.'
        raise EncodingFault(1, f"begins with the byte-order mark of UTF-8, but {encoding} is declared", hint)
    if name in ("utf-16", "utf-32"):
        if not head.startswith(_WIDE[2:] if name == "utf-16" else _WIDE[:2]) and head:
            hint = f"Declare {name}-le or {name}-be, or save the file as UTF-8."
            raise EncodingFault(1, f"has no byte-order mark, so that {name} can be read in two ways", hint)
        return _Transcoded(stream, head, False, name)
    marks = {"utf-16-le": _WIDE[2], "utf-16-be": _WIDE[3], "utf-32-le": _WIDE[0], "utf-32-be": _WIDE[1]}
    mark = marks.get(name)
    if mark and head.startswith(mark):
        return _Transcoded(stream, head[len(mark) :], True, name)
    return _Transcoded(stream, head, False, name)

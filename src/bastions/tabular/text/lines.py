"""The lines of a stream, cut at the terminators of a dialect, and the lines that make one record together."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from bastions.tabular.text.encodings import EncodingFault, Source
from bastions.tabular.text.splitting import Syntax

CHUNK = 1 << 20
"""Bytes that are read at once."""


class Segment(NamedTuple):
    """What stands between two terminators: `end` is the one after it; of a line that is too long only its beginning."""

    line: int
    raw: bytes
    end: bytes
    after: int
    offset: int
    long: bool = False
    fault: EncodingFault | None = None


class Lines:
    """The lines of a file; lines that were read in vain can be put back."""

    def __init__(self, lines: Iterator[Segment]):
        self._lines = [lines]

    def pull(self) -> Segment | None:
        """The next line; None at the end."""
        while self._lines:
            if segment := next(self._lines[-1], None):
                return segment
            self._lines.pop()
        return None

    def push(self, text: bytes, before: Segment, syntax: Syntax, limit: int, last: Iterable[Segment] = ()) -> None:
        """Puts back the lines after one, as the text that they are, which takes the least memory."""
        again = segments(io.BytesIO(text), syntax, limit, before.after, CHUNK, before.offset)
        self._lines += (iter(last), again)


def segments(stream: Source, syntax: Syntax, limit: int, line: int, size: int, offset: int = 0) -> Iterator[Segment]:
    """The stream cut at its terminators; of one piece that is longer than `limit` only the beginning is kept."""
    mark, plain = syntax.mark, syntax.plain
    lone = mark == b"\r"
    begun = offset > 0
    skipping = False
    buffer = bytearray()
    while True:
        try:
            data = stream.read(size)
        except EncodingFault as fault:
            yield Segment(line, b"", b"", line, offset, fault=fault)
            return
        if not data:
            break
        start = max(0, len(buffer) - len(mark) + 1)
        buffer += data
        if buffer.find(mark, start) < 0:
            if skipping or len(buffer) > limit + 2:
                if not skipping:
                    yield Segment(line, bytes(buffer[:100]), b"", line, offset, long=True)
                    line -= lone and begun and buffer.startswith(b"\n")  # as below
                # Of what is skipped only its line ends count; its last bytes may begin a terminator.
                skipping, done = True, len(buffer) - len(mark) + 1
                line += buffer.count(b"\n", 0, done)
                offset += done
                del buffer[:done]
            continue
        *whole, rest = bytes(buffer).split(mark)
        buffer = bytearray(rest)
        for raw in whole:
            offset += len(raw) + len(mark)
            after = line + 1
            if not plain:
                # A newline right after the carriage return that ended the last row ends the same physical line.
                same = lone and begun and not skipping and raw.startswith(b"\n")
                after = line + raw.count(b"\n") - same + (1 if lone else mark.count(b"\n"))
            begun = True
            if skipping:
                skipping = False
            elif plain and raw.endswith(b"\r"):
                yield Segment(line, raw[:-1], b"\r\n", after, offset, len(raw) > limit + 1)
            else:
                yield Segment(line, raw, mark, after, offset, len(raw) > limit)
            line = after
    if buffer and not skipping:
        yield Segment(line, bytes(buffer), b"", line + buffer.count(b"\n"), offset + len(buffer), len(buffer) > limit)


def joined_up(first: Segment, odd: bool, source: Lines, syntax: Syntax, limit: int) -> tuple[bytes, Segment] | None:
    """The bytes from a line that leaves something open to the line that closes it, and that line.

    None where it is not closed within the limit; then the lines that were looked at are put back.
    """
    text = bytearray(first.raw + first.end)
    begin = len(text)
    while (segment := source.pull()) is not None:
        if segment.fault or segment.long:
            source.push(bytes(text[begin:]), first, syntax, limit, [segment])
            return None
        text += segment.raw
        changes, dangling = syntax.leaves(segment.raw)
        odd ^= changes
        # The carriage return of a line end counts as part of the record here, as it does in the fast reader.
        if len(text) + (segment.end == b"\r\n") > limit:
            text += segment.end
            break
        if not odd and not dangling:
            return bytes(text), segment
        text += segment.end
    source.push(bytes(text[begin:]), first, syntax, limit)
    return None

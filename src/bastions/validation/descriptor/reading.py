"""Reading a descriptor, strictly: one JSON object in UTF-8, no key twice, within limits."""

from __future__ import annotations

import json
import re
import stat
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .faults import JSON_TYPES, at, json_type

SIZE_LIMIT = 5_000_000  # bytes of a descriptor
DEPTH_LIMIT = 64  # brackets within brackets
_STRING = r'"(?:[^"\\]|\\.)*+"?'


class DescriptorError(ValueError):
    """A descriptor that is no JSON object, or that goes beyond the limits; the message names file, line and column."""


def load_descriptor(path: Path | str) -> dict[str, Any]:
    """Reads a descriptor, strictly.

    Args:
        path: A regular file that holds one JSON object (RFC 8259) in UTF-8.

    Returns:
        The descriptor.

    Raises:
        DescriptorError: If there is no such file, it is larger than `SIZE_LIMIT` or nested deeper than
            `DEPTH_LIMIT`, is not UTF-8 or not JSON, gives a key twice in one object, or holds NaN, an infinite number
            or half of a surrogate pair. Nothing is taken of such a file.
    """
    path = Path(path)
    raw = None
    try:
        if stat.S_ISREG(path.stat().st_mode):
            with path.open("rb") as file:
                raw = file.read(SIZE_LIMIT + 1)
    except OSError as error:
        raise DescriptorError(f"{path}: cannot be read: {error.strerror or error}") from None
    except ValueError as error:
        raise DescriptorError(f"{path}: is no path: {error}") from None
    if raw is None:
        raise DescriptorError(f"{path}: not a regular file")
    try:
        return parse_descriptor(raw)
    except DescriptorError as error:
        raise DescriptorError(f"{path}{error}") from None


def parse_descriptor(raw: bytes) -> dict[str, Any]:
    """The object that the bytes of a descriptor hold, as `load_descriptor` reads it.

    Raises:
        DescriptorError: As there; the message begins with the place (`:2:14: ` or `: `), to be put after the path.
    """
    if len(raw) > SIZE_LIMIT:
        raise DescriptorError(f": is larger than {SIZE_LIMIT:,} bytes")
    if raw.startswith(b"\xef\xbb\xbf"):
        raise DescriptorError(":1:1: begins with a byte order mark, which JSON does not allow; save it without")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DescriptorError(f": byte {error.start} (0x{raw[error.start]:02x}) is not UTF-8") from None
    breaks = [i for i, c in enumerate(text) if c == "\n"]

    def place(offset: int) -> str:
        line = bisect_right(breaks, offset - 1)
        return f":{line + 1}:{offset - (breaks[line - 1] if line else -1)}"

    depth = 0
    for match in re.finditer(rf"{_STRING}|[\[{{]|[\]}}]", text, re.DOTALL):
        depth += (match[0] in "[{") - (match[0] in "]}")
        if depth > DEPTH_LIMIT:
            raise DescriptorError(f"{place(match.start())}: is nested more than {DEPTH_LIMIT} deep")

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for key, value in pairs:
            if key in made:
                shown = re.compile(re.escape(json.dumps(key, ensure_ascii=False)) + r"\s*:")
                lines = [str(bisect_right(breaks, m.start()) + 1) for m in shown.finditer(text)]
                where = f" (it stands on the lines {', '.join(lines[:8])})" if len(lines) > 1 else ""
                raise DescriptorError(f": the key {key!r} stands twice in one object{where}")
            made[key] = value
        return made

    def number(digits: str) -> float:
        value = float(digits)
        if value in (float("inf"), float("-inf")):
            raise DescriptorError(f": the number {digits[:40]} is too large")
        return value

    def whole(digits: str) -> int:
        if len(digits) > 40:
            raise DescriptorError(f": a number of {len(digits)} digits is too large")
        return int(digits)

    def constant(word: str) -> float:
        where = next((place(m.start()) for m in re.finditer(f"{_STRING}|{word}", text) if m[0] == word), "")
        raise DescriptorError(f"{where}: {word} is not JSON")

    try:
        made = json.loads(text, object_pairs_hook=once, parse_float=number, parse_int=whole, parse_constant=constant)
    except json.JSONDecodeError as error:
        raise DescriptorError(f"{place(error.pos)}: is not JSON: {error.msg}") from None
    if not isinstance(made, dict):
        raise DescriptorError(f":1:1: holds {JSON_TYPES[json_type(made)]}, not an object")
    steps: list[str | int] = []
    for value in _strings(steps, made) if "\\u" in text else ():  # UTF-8 holds no half of a pair, an escape may
        if re.search("[\ud800-\udfff]", value):
            raise DescriptorError(f": {at('', *steps) or '/'}: holds half of a surrogate pair, which is no character")
    return made


def _strings(steps: list[str | int], value: Any) -> Iterator[str]:
    """Every string and key of a value; meanwhile `steps` leads to it: a pointer for each item would be quadratic."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for step, item in value.items() if isinstance(value, dict) else enumerate(value):
            if isinstance(step, str):
                yield step
            steps.append(step)
            yield from _strings(steps, item)
            steps.pop()

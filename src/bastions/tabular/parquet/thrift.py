"""The structs of Thrift's compact protocol, in which Parquet says what is in it: numbers, structs and lists of them."""

from __future__ import annotations

from typing import Any

from bastions.tabular.parquet.unreadable import Unreadable

Struct = dict[tuple[int, int], Any]
"""A struct of Thrift: its values by their numbers and kinds; 5 and 6 are whole numbers, 9 a list, 12 a struct."""


def number_of(struct: Struct, name: int, kind: int = 5) -> int:
    """A whole number of a struct that cannot be below 0.

    Raises:
        Unreadable: Where it lacks, or is out of range.
    """
    found = struct.get((name, kind))
    if not isinstance(found, int) or not 0 <= found < 1 << (31 if kind == 5 else 62):
        raise Unreadable("is damaged: a header in it cannot be read")
    return found


def struct_at(data: bytes, at: int, depth: int) -> tuple[Struct, int]:
    """A struct of Thrift's compact protocol: its numbers, structs and lists, and where it ends.

    Raises:
        IndexError: Where it does not end.
        Unreadable: Where it is none, or holds what nothing in Parquet does.
    """
    made: Struct = {}
    name = 0
    while kind := data[at]:
        at += 1
        if kind >> 4:
            name += kind >> 4
        else:
            name, at = _varint(data, at)
            name = (name >> 1) ^ -(name & 1)
        kind &= 15
        if kind not in (1, 2):
            found, at = _value(data, at, kind, depth)
            if found is not None:
                made[name, kind] = found
    return made, at + 1


def _value(data: bytes, at: int, kind: int, depth: int) -> tuple[Any, int]:
    if kind in (4, 5, 6):
        value, at = _varint(data, at)
        return (value >> 1) ^ -(value & 1), at
    if kind == 12 and depth < 16:
        return struct_at(data, at, depth + 1)
    if kind == 8:
        length, at = _varint(data, at)
        return None, at + length
    if kind in (9, 10) and depth < 16:
        size, inner = data[at] >> 4, data[at] & 15
        at += 1
        if size == 15:
            size, at = _varint(data, at)
        made = []
        for _ in range(size):
            found, at = _value(data, at, inner, depth + 1)
            data[at - 1]  # raises where it does not end
            if inner == 12:
                made.append(found)
        return made, at
    if kind in (1, 2, 3, 7):
        return None, at + (8 if kind == 7 else 1)
    raise Unreadable("is damaged: a header in it cannot be read")


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while shift < 64:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7
    raise Unreadable("is damaged: a header in it cannot be read")

"""Many bytes at once: one bit for each byte of a piece of a file, 64 to a word.

So the place of every delimiter, quote and line end, and what lies within quotes, is a matter of a few operations on
words, as in the parsers of Langdale and Lemire ("Parsing Gigabytes of JSON per Second", 2019); here they are numpy's.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Words = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]
Bits = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]

_ONE = np.uint64(1)
_TOP = np.uint64(63)


_PART = 1 << 20  # bytes that stay in the processor's cache


def of(cells: Bytes, byte: int) -> Words:
    """Which bytes are `byte`: bit n of word m is that of byte 64 m + n; the bits after the last byte are 0."""
    packed = np.zeros((len(cells) + 63) // 64 * 8, np.uint8)
    same = np.empty(min(_PART, len(cells)), np.bool_)
    for start in range(0, len(cells), _PART):
        part = cells[start : start + _PART]
        some = np.packbits(np.equal(part, byte, out=same[: len(part)]), bitorder="little")
        packed[start // 8 : start // 8 + len(some)] = some
    return packed.view("<u8").astype(np.uint64, copy=False)


def after(words: Words) -> Words:
    """The bytes after the marked ones."""
    made = words << _ONE
    made[1:] |= words[:-1] >> _TOP
    return made


def before(words: Words) -> Words:
    """The bytes before the marked ones."""
    made = words >> _ONE
    made[:-1] |= words[1:] << _TOP
    return made


def within(quotes: Words) -> Words:
    """The bytes from each odd quote on (the first, the third, …) to before the next one."""
    made = quotes.copy()
    for shift in (1, 2, 4, 8, 16, 32):
        made ^= made << np.uint64(shift)
    # A word that begins within quotes is the other way round: each whose words before it have an odd number.
    odd = np.bitwise_xor.accumulate(made >> _TOP)
    made[1:] ^= np.uint64(0) - odd[:-1]
    return made


def count(words: Words) -> int:
    """How many bytes are marked."""
    return int(np.bitwise_count(words).sum(dtype=np.int64))


def upto(words: Words, places: Ints) -> Ints:
    """For each place how many bytes before it are marked."""
    sums = np.zeros(len(words) + 1, np.int64)
    np.cumsum(np.bitwise_count(words), dtype=np.int64, out=sums[1:])
    word, bit = places >> 6, (places & 63).astype(np.uint64)
    # A place after the last word has all of them before it.
    part = words[np.minimum(word, len(words) - 1)] & ((_ONE << bit) - _ONE)
    made: Ints = sums[word] + np.bitwise_count(part)
    return made


def at(words: Words, places: Ints) -> Bits:
    """Which places are marked."""
    marked: Bits = ((words[places >> 6] >> (places & 63).astype(np.uint64)) & _ONE).astype(np.bool_)
    return marked


def first(words: Words, number: int) -> Words:
    """Only the marks among the first `number` bytes."""
    made = words[: (number + 63) >> 6].copy()
    if number & 63:
        made[-1] &= (_ONE << np.uint64(number & 63)) - _ONE
    return np.concatenate((made, np.zeros(len(words) - len(made), np.uint64)))

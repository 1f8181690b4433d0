"""Bytes that are not of the encoding, and files that are no tables at all."""

from __future__ import annotations

import gzip

from .harness import GENERIC, GENERIC_1, OURS, Expected, Package, Spot, fault

ENCODING, FORBIDDEN = "encoding-error", "forbidden-character"
LABEL = ("incorrect-label", "missing-label", "extra-label")


def in_cell(p: Package, spot: Spot, data: bytes) -> None:
    """Writes bytes into a cell that is found by its text, which has to stand once in its row."""
    line = p.line(spot.table, spot.row, spot.part) - 1
    lines = p.raw(p.file(spot.table, spot.part)).split(b"\n")
    old = p.cell(spot).encode()
    assert lines[line].count(old) == 1, f"{old!r} in {lines[line]!r}"
    lines[line] = lines[line].replace(old, data)
    p.write(p.file(spot.table, spot.part), b"\n".join(lines))


def whole(p: Package, data: bytes, rule: str | tuple[str, ...], line: int = 0) -> Expected:
    """Replaces a file with bytes."""
    spot = p.spot("enum")
    p.write(p.file(spot.table), data)
    return Expected(rule, p.file(spot.table), line)


def text_of(p: Package) -> str:
    """The text of the file that `whole` replaces."""
    return p.raw(p.file(p.spot("enum").table)).decode()


@fault("encoding")
def one_byte_of_latin_1(p: Package) -> Expected:
    """A letter of a cell is in latin-1."""
    spot = p.spot("text")
    in_cell(p, spot, b"caf\xe9")
    return p.at(spot, ENCODING, column=False)


@fault("encoding")
def dash_of_windows_1252(p: Package) -> Expected:
    """A dash of a cell is in Windows-1252."""
    spot = p.spot("text")
    in_cell(p, spot, b"north \x96 south")
    return p.at(spot, ENCODING, column=False)


@fault("encoding")
def overlong_form(p: Package) -> Expected:
    """A slash is written with two bytes."""
    spot = p.spot("text")
    in_cell(p, spot, b"north\xc0\xafsouth")
    return p.at(spot, ENCODING, column=False)


@fault("encoding")
def surrogate_in_utf_8(p: Package) -> Expected:
    """A character beyond the first plane is written as two surrogates."""
    spot = p.spot("text")
    in_cell(p, spot, b"\xed\xa0\xbd\xed\xb8\x80")
    return p.at(spot, ENCODING, column=False)


@fault("encoding")
def cut_inside_a_letter(p: Package) -> Expected:
    """A file ends in the middle of a letter."""
    spot = p.spot("enum")
    data = p.raw(p.file(spot.table)) + "é".encode()[:1]
    p.write(p.file(spot.table), data)
    return Expected(ENCODING, p.file(spot.table), data.count(b"\n") + 1)


@fault("encoding")
def utf_16(p: Package) -> Expected:
    """A spreadsheet has saved a file as its Unicode text: UTF-16 with a byte-order mark."""
    return whole(p, text_of(p).encode("utf-16"), ENCODING, 1)


@fault("encoding")
def utf_16_without_mark(p: Package) -> Expected:
    """A file is UTF-16 and does not say so."""
    return whole(p, text_of(p).encode("utf-16-le"), (ENCODING, FORBIDDEN), 1)


@fault("encoding", (OURS,))
def byte_order_mark(p: Package) -> Expected:
    """A file begins with a byte-order mark, which house style forbids."""
    return whole(p, b"\xef\xbb\xbf" + text_of(p).encode(), ENCODING, 1)


@fault("encoding", GENERIC)
def byte_order_mark_elsewhere(p: Package) -> Expected:
    """A file begins with a byte-order mark, of which there is a warning."""
    spot = p.spot("enum")
    p.write(p.file(spot.table), b"\xef\xbb\xbf" + p.raw(p.file(spot.table)))
    return Expected("byte-order-mark", p.file(spot.table), 1, severity="warning")


@fault("encoding")
def nul_in_cell(p: Package) -> Expected:
    """A cell holds NUL."""
    spot = p.spot("text")
    in_cell(p, spot, b"nor\0th")
    return p.at(spot, FORBIDDEN)


@fault("encoding")
def carriage_return_in_cell(p: Package) -> Expected:
    """A bare cell holds a carriage return."""
    spot = p.spot("text")
    in_cell(p, spot, b"nor\rth")
    return p.at(spot, FORBIDDEN)


@fault("encoding")
def carriage_returns_for_line_ends(p: Package) -> Expected:
    """The rows of a file end with carriage returns alone."""
    return whole(p, text_of(p).replace("\r\n", "\n").replace("\n", "\r").encode(), (*LABEL, FORBIDDEN), 1)


@fault("encoding")
def compressed_file(p: Package) -> Expected:
    """A file is compressed, though its name does not say so."""
    return whole(p, gzip.compress(text_of(p).encode() * 5, mtime=0), (ENCODING, FORBIDDEN, *LABEL), 1)


@fault("encoding")
def spreadsheet_for_csv(p: Package) -> Expected:
    """A file is the ZIP archive that a spreadsheet saves."""
    head = b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00\xf1\xd7\xa3\x1c" + bytes(range(256)) * 4
    return whole(p, head, (ENCODING, FORBIDDEN, *LABEL), 1)


@fault("encoding")
def page_for_csv(p: Package) -> Expected:
    """A file is the page of a server that asks to log in."""
    page = b"<!DOCTYPE html>\n<html><head><title>Log in</title></head>\n<body>Please log in.</body></html>\n"
    return whole(p, page, LABEL, 1)


@fault("encoding")
def pointer_for_csv(p: Package) -> Expected:
    """A file is the pointer that large file storage leaves in its place."""
    oid = "5f" * 32
    text = f"version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize 4321\n"
    return whole(p, text.encode(), LABEL, 1)


@fault("encoding")
def empty_file(p: Package) -> Expected:
    """A file has no bytes."""
    return whole(p, b"", "source-error", 0 if p.name == OURS else 1)


@fault("encoding")
def bytes_of_nul(p: Package) -> Expected:
    """A file holds nothing but NUL, as after a power cut."""
    return whole(p, bytes(512), (ENCODING, FORBIDDEN, *LABEL), 1)


@fault("encoding", (GENERIC_1,))
def encoding_said_to_be_ascii(p: Package) -> Expected:
    """The descriptor says ASCII of a file that has an accent in its fourth line."""
    descriptor = p.descriptor()
    p.resource(descriptor, "stations")["encoding"] = "ascii"
    p.save_descriptor(descriptor)
    return Expected(ENCODING, "stations.csv", 4)


@fault("encoding", (GENERIC_1,))
def encoding_said_to_be_utf_16(p: Package) -> Expected:
    """The descriptor says UTF-16 of a file that is UTF-8."""
    descriptor = p.descriptor()
    p.resource(descriptor, "stations")["encoding"] = "utf-16"
    p.save_descriptor(descriptor)
    return Expected(ENCODING, "stations.csv", 1)

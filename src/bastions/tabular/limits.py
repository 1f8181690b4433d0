"""The named limits of packages that are not this repository's; each can be raised by an option of the command."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What is read at most, so that hostile input ends with a finding and not with the machine's memory.

    Attributes:
        cell: Bytes of a cell.
        row: Bytes of a record, its delimiters and quotes included.
        columns: Columns of a table.
        problems: Problems that are told; what follows then is not looked at.
        file: Bytes of a file; None for no limit, since files are read as a stream.
        pattern: Seconds that patterns may take in a whole run where they need the slow path (`guarded.Budget`).
    """

    cell: int = 1_000_000
    row: int = 10_000_000
    columns: int = 2_000
    problems: int = 2_000_000
    file: int | None = None
    pattern: float = 10.0

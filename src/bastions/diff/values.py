"""What a difference says of published values: plain data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answer:
    """What a policy publishes for a column of a record; the fields are columns of `resolutions`."""

    status: str
    low: float | None
    low_open: bool
    best: float | None
    high: float | None
    high_open: bool
    best_raw: str | None
    best_comparator: str | None
    value_text: str | None
    n_claims: int
    n_voices: int

    def __str__(self) -> str:
        from bastions.diff import effect

        return effect.worded(self)


@dataclass(frozen=True, slots=True)
class Resolved:
    """A published value before and after; None where the policy publishes none."""

    policy: str
    table: str
    id: str
    field: str
    name: str
    old: Answer | None
    new: Answer | None


@dataclass(frozen=True, slots=True)
class Effect:
    """What the change does to the published values.

    Attributes:
        policies: The policies that were compared; none where nothing was computed.
        resolved: The values that appeared, vanished or changed, in order of record, column and policy.
        note: Why nothing was computed, or what the values do not show; empty where there is nothing to say.
        default: Whether the policy is compared because it is the default one, and nobody asked for another.
    """

    policies: tuple[str, ...] = ()
    resolved: tuple[Resolved, ...] = ()
    note: str = ""
    default: bool = False

"""What kind of place a name in UCDP GED says it is, by the words in it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bastions.curate.spelling import normalise

UNITS = ("governorate", "district", "subdistrict")

_WORDS: Mapping[str, str] = {
    "river": r"\briver\b",
    "route": r"\b(roads?|highway|M-?[0-9])\b",
    "border": r"\bborder\b",
    "facility": r"\b(brigade|division|checkpoint|company|castle|ruins?|crossroad|dam|reservoir|camp|tower)\b",
    "region": r"\b(plain|hills?|springs|island|lake|ghouta|pan|area|eastern|western|northern|southern|enclave|pocket)\b"
    r"|^(tall|sharat|tlul|sabkhat|jabal|wadi) ",
}
"""Kind of place to the words in a name that tell it, where no word such as town does; the first that fits is taken."""


def by_words(name: str) -> str:
    """The kind that the words of a name tell where none such as town does, else empty."""
    said = normalise(name).kind
    if said and said not in UNITS:
        return ""
    return next((kind for kind, some in _WORDS.items() if re.search(some, name.lower())), "")


def of_point(name: str) -> str:
    """The kind of a named point: as the word for a settlement or other thing says, else as other words do.

    Where no word tells it, or only that of a unit does (which a point is not), it is `unspecified`.
    """
    said = normalise(name).kind
    settled = said if said not in (*UNITS, "country") else ""
    return settled or by_words(name) or "unspecified"

"""Characters that nobody sees, for this repository (`files`) and for packages of others (`tabular.fields.dangers`).

Each name is the inside of a class of a regular expression, in single characters that Python's `re` and Rust's read
alike. After the properties Default_Ignorable_Code_Point and Cf of Unicode 15.1; what of Cf has a shape (the Arabic
signs of numbers, U+0600 to U+0605 and the like) is seen.
"""

from __future__ import annotations

CONTROLS = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
"""Controls but tab and line ends."""

INVISIBLE = (
    "\xad\u034f\u061c\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb"
    "\ufffe\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"
)
"""What no script needs to be written right: soft hyphen, grapheme joiner, zero-width space, marks and isolates of
direction, line and paragraph separators, invisible operators, fillers, byte-order mark, annotations, noncharacters,
tags, and what shorthand and music are formatted with."""

JOINERS = "\u200c\u200d"
"""Zero-width non-joiner and joiner, which some scripts cannot do without, and emoji are joined with."""

SHAPED = "".join(
    rf"\p{{{script}}}"
    for script in (
        *("Arabic", "Syriac", "Mongolian", "Nko", "Mandaic", "Hanifi_Rohingya", "Devanagari", "Bengali", "Gurmukhi"),
        *("Gujarati", "Oriya", "Tamil", "Telugu", "Kannada", "Malayalam", "Sinhala", "Tibetan", "Myanmar", "Khmer"),
        *("Balinese", "Javanese", "Extended_Pictographic", "Emoji_Modifier", "Inherited"),
    )
)
"""Between which characters joiners do something: letters that join, their marks, emoji. For Rust alone."""

SELECTORS = "\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef"
"""Variation selectors, of Mongolian, of symbols and of Chinese characters."""

JAMO = "\u115f\u1160"
"""The fillers of old Korean, which stand for a letter that a syllable lacks."""

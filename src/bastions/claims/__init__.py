"""Where words stand in a text: spans, their digests, and the proof that somebody's copy of a text carries them.

A document is cited by offsets and digests; its text is never part of the dataset. `cite` turns words into a span.
`verify` takes a text from anywhere, a saved file or a page copied out of a browser, and says of every span of one
source whether the words that it digests stand there; `render` tells it. How it is found out: `align.py`.

What *proved* means: some stretch of the given text, in the place that the order of the sentences asks for, hashes to
the span's SHA-256, in one of three readings. `exact`: character by character. `white space`: each run of white space
(line ends, no-break and thin spaces, doubled and trailing ones, between sentences also none) is read as the source's
own, and invisible joiners are skipped. `typography`: quotation marks, dashes, hyphens or ellipses are exchanged
throughout a sentence for their other usual forms, and words broken at the end of a line put together. No other words
meet a digest, so the source has these; a short span (`six`) is believed only where its own sentence stands.
*changed*: a counterpart of its sentence is there, but not the words of the span, or not in one piece. *absent*: the
text has no counterpart of its sentence.

The limit of this: a sentence whose original holds a line break, a run of spaces or an unusual space is proved only by
a text that has the same there, since its digest was taken over them (between sentences all that is tried).
"""

from __future__ import annotations

from bastions.claims.cite import CiteError, Span, cite
from bastions.claims.findings import Finding
from bastions.claims.report import render
from bastions.claims.text import NORMALISATION, TEXT_LIMIT, TextError, digest, normalise, read
from bastions.claims.verify import (
    TABLES,
    Match,
    Row,
    SourceError,
    SpanError,
    Tables,
    Verification,
    match_sources,
    verify,
)

__all__ = [
    "NORMALISATION",
    "TABLES",
    "TEXT_LIMIT",
    "CiteError",
    "Finding",
    "Match",
    "Row",
    "SourceError",
    "Span",
    "SpanError",
    "Tables",
    "TextError",
    "Verification",
    "cite",
    "digest",
    "match_sources",
    "normalise",
    "read",
    "render",
    "verify",
]

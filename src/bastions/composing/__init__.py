"""A claim is added in a conversation: words become a span, choices become cells, and nothing is written before the end.

`Dialogue` asks its questions through an `ask` and a `tell`, so that a terminal, a script or a test can hold the other
end. Codes, definitions and descriptions come from `schemas/` alone; what is lexically wrong is said at once, and the
whole dataset is judged once, with the new rows in a copy of it, before they are put in place.
"""

from __future__ import annotations

from bastions.composing.dialogue import Dialogue, Outcome
from bastions.composing.holdings import Holdings, Unusable, load
from bastions.composing.source import NotTheText, source_of
from bastions.composing.talk import Ask, Tell

__all__ = ["Ask", "Dialogue", "Holdings", "NotTheText", "Outcome", "Tell", "Unusable", "load", "source_of"]

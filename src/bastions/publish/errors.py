"""Why nothing was published."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bastions.validation import Report


class Refused(ValueError):
    """The dataset has errors, so nothing was written; `report` lists them."""

    def __init__(self, report: Report):
        from bastions import problems

        self.report = report
        super().__init__(problems.summary(report))


class CannotPublish(RuntimeError):
    """The dataset may be right, but no release can be made of it here and now; the message is for people."""


class Busy(CannotPublish):
    """Another build is writing to the same folder."""


class NotARelease(CannotPublish):
    """The folder to be replaced holds what no release put there."""


class CircleError(CannotPublish):
    """Rows of one table refer to each other in a circle, so that none can be loaded before the other."""

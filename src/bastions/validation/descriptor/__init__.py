"""The descriptor, `datapackage.json`, against every MUST of the Data Package specification.

The specification is Data Package v2 (https://datapackage.org/standard/): Data Package, Data Resource, Table Dialect,
Table Schema and the definitions in its glossary. Every MUST that a descriptor alone can break is an entry of
`REQUIREMENTS` and a check here; `docs/descriptor.md` lists them beside what frictionless-py makes of each, and the
sentences that speak to programs or of data. A descriptor that does not name a v2 profile is one of v1, and the forms
that the specification tells its readers to go on accepting (a key as a single string, `"resource": ""`, doubled
field names, any `type` of a resource) are accepted from it.
"""

from __future__ import annotations

from contextlib import suppress

from .faults import Fault, Faults, TooManyFaults
from .opinion import check_with_frictionless
from .properties import check_package
from .reading import DEPTH_LIMIT, SIZE_LIMIT, DescriptorError, load_descriptor, parse_descriptor
from .requirements import REQUIREMENTS, Requirement
from .resources import check_resources

__all__ = [
    "DEPTH_LIMIT",
    "REQUIREMENTS",
    "SIZE_LIMIT",
    "DescriptorError",
    "Fault",
    "Requirement",
    "check",
    "check_with_frictionless",
    "load_descriptor",
    "parse_descriptor",
]


def check(descriptor: object, limit: int | None = None) -> list[Fault]:
    """Every requirement of the specification that a descriptor breaks, as far as the descriptor alone can tell.

    Args:
        descriptor: `datapackage.json`, parsed; whatever JSON can hold.
        limit: After how many faults to stop, if at any number.

    Returns:
        The faults, in the order of the descriptor's parts; none for a valid one. No file and no address is opened.
    """
    faults = Faults(descriptor, limit)
    with suppress(TooManyFaults):
        if faults.is_a("descriptor.object", "", descriptor, "object") and isinstance(descriptor, dict):
            check_package(faults, descriptor)
            check_resources(faults, descriptor)
    return faults.found

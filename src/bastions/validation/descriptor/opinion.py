"""The outside opinion: what frictionless-py makes of a descriptor, without leave to fetch anything."""

from __future__ import annotations

import json
import warnings
from typing import Any

from .faults import Fault

_PROFILES = ("data-package", "tabular-data-package", "data-resource", "tabular-data-resource")


def _items(holder: Any, name: str) -> list[Any]:
    """The list of that name, or an empty one where there is none."""
    found = holder.get(name) if isinstance(holder, dict) else None
    return found if isinstance(found, list) else []


def check_with_frictionless(descriptor: object) -> list[Fault]:
    """What frictionless-py finds wrong with a descriptor. It is imported here and not before.

    No address is contacted and no file opened for it. What frictionless would fetch is kept from it: a `profile` other
    than its own four; a string in the place of a field, which becomes an empty object, refused like the string.

    Args:
        descriptor: `datapackage.json`, parsed.

    Returns:
        One fault for each of its errors, with an empty path, since it names none reliably; one as well where it fails
        with an exception of its own.

    Raises:
        ModuleNotFoundError: If frictionless is not installed.
    """
    import frictionless

    copy = json.loads(json.dumps(descriptor))
    if isinstance(copy, str):
        copy = [copy]  # a string it would open, as the path of a descriptor
    for holder in (copy, *_items(copy, "resources")):
        if isinstance(holder, dict):
            holder.pop("profiles", None)
            if holder.get("profile") not in _PROFILES:
                holder.pop("profile", None)
            fields = _items(holder.get("schema"), "fields")
            fields[:] = [{} if isinstance(field, str) else field for field in fields]
    hint = "frictionless-py says so; see its documentation."
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            frictionless.Package.from_descriptor(copy)
    except frictionless.FrictionlessException as error:
        reasons = error.reasons or [error.error]
        return [Fault("", str(reason.message), hint, "frictionless") for reason in reasons]
    except Exception as error:  # whatever it trips over is a verdict, not ours to raise
        said = f"frictionless itself failed on this descriptor: {type(error).__name__}: {error}"
        return [Fault("", said, hint, "frictionless")]
    return []

"""The constraint `jsonSchema` of Table Schema: which schemas can be judged, and that no address is ever contacted."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

LENGTH = 100_000
"""Characters of a schema at most; it takes up to 35 µs a character to look at one."""
TOTAL = 300_000
"""The same of all schemas of a package, each counted once."""


def fault(schema: dict[str, Any]) -> str | None:
    """Why values cannot be judged by a schema, as "is …" or "refers …"; None where they can."""
    if (length := len(json.dumps(schema))) > LENGTH:
        return f"is a JSON Schema of {length:,} characters; no more than {LENGTH:,} are read"
    import jsonschema
    import referencing
    from referencing.jsonschema import DRAFT202012

    try:
        kind = jsonschema.validators.validator_for(schema, default=jsonschema.Draft202012Validator)
        kind.check_schema(schema)
        resource = referencing.Resource.from_contents(schema, default_specification=DRAFT202012)
        # Crawled once: else each reference goes through all of the schema.
        registry: Any = referencing.Registry().with_resource(resource.id() or "", resource).crawl()
        resolver = registry.resolver(resource.id() or "")
        for reference in dict.fromkeys(_references(schema)):
            resolver.lookup(reference)
    except jsonschema.SchemaError as error:
        return f"is no JSON Schema: {error.message[:200]}"
    except referencing.exceptions.Unresolvable as error:
        return f"refers to {error.ref!r}, which it does not hold; no address is contacted"
    except (RecursionError, OverflowError, ValueError, TypeError, AttributeError) as error:
        return f"is no JSON Schema that can be read: {type(error).__name__}"
    return None


def _references(value: Any) -> Iterator[str]:
    """Every `$ref` in a schema."""
    left = [value]
    while left:
        item = left.pop()
        if isinstance(item, Mapping):
            if isinstance(reference := item.get("$ref"), str):
                yield reference
            left.extend(item.values())
        elif isinstance(item, list | tuple):
            left.extend(item)

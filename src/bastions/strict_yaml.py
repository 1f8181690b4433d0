"""YAML read strictly: no key twice, no alias, no number beyond 64 bits, nothing large or deep.

PyYAML keeps the last of two equal keys without a word, and a few lines of aliases can stand for any amount of text.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

MAX_FILE, MAX_DEPTH = 5_000_000, 64
"""Named limits of a file: bytes, and lists and mappings within each other."""


class NotRead(ValueError):
    """A file is no YAML that can be read; the message says why.

    Attributes:
        line: The line, from 1; 0 where it is of the file as a whole.
    """

    def __init__(self, message: str, line: int):
        self.line = line
        super().__init__(message)


def read(path: Path) -> Any:
    """The content of a YAML file.

    Raises:
        NotRead: If it cannot be read, or is not what this reads.
    """
    try:
        if (size := path.stat().st_size) > MAX_FILE:
            raise ValueError(f"it has {size:,} bytes, more than the limit of {MAX_FILE:,}")
        text = path.read_text("utf-8")
        _plain(text)
        return yaml.load(text, Loader=_UniqueKeys)
    except _NO_YAML as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        what = " ".join(str(getattr(error, "problem", None) or error).split())
        raise NotRead(f"is not YAML that can be read: {what}", mark.line + 1 if mark else 0) from None


class _UniqueKeys(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """PyYAML keeps the last of two equal keys and says nothing; here that is an error."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(None, None, f"key {key!r} stands twice", key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)  # type: ignore[no-any-return]

    def construct_whole(self, node: yaml.ScalarNode) -> int:
        """A whole number of 64 bits: one of thousands of digits cannot even be shown."""
        number = self.construct_yaml_int(node)
        if abs(number) >= 2**63:
            raise yaml.constructor.ConstructorError(None, None, "a number is beyond 64 bits", node.start_mark)
        return int(number)


_UniqueKeys.add_constructor("tag:yaml.org,2002:int", _UniqueKeys.construct_whole)


class _Refused(ValueError):
    """YAML that is not read, though it may be YAML."""

    def __init__(self, problem: str, mark: Any):
        self.problem, self.problem_mark = problem, mark
        super().__init__(problem)


def _plain(text: str) -> None:
    """Refuses what makes a small file large or deep, before anything is made of it.

    Raises:
        _Refused: At the first alias, which can stand for any amount of text, or what is nested too deep.
    """
    depth = 0
    for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        if isinstance(event, yaml.AliasEvent):
            raise _Refused("aliases are not read; write it out", event.start_mark)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise _Refused(f"it is nested more than {MAX_DEPTH} deep", event.start_mark)


# What the constructors of PyYAML raise for a scalar that is not what its tag says, as `!!bool x`: not all is wrapped.
_NO_YAML = (yaml.YAMLError, ValueError, TypeError, OSError, LookupError, AttributeError, RecursionError)

"""What a resource says of its files: what form they have, in which encoding, how large they are, their digest."""

from __future__ import annotations

import codecs
import encodings
import hashlib
import pkgutil
import re
from collections import Counter
from collections.abc import Mapping
from encodings.aliases import aliases
from functools import cache
from typing import Any

from bastions.tabular.descriptor import paths
from bastions.tabular.descriptor.findings import Known
from bastions.validation.descriptor.faults import at, shown

PART_LIMIT = 10_000
"""Files of one resource."""

FORMS: Mapping[str, str] = {
    **dict.fromkeys(("csv", "text/csv", "application/csv", "text/x-csv"), "csv"),
    **dict.fromkeys(("tsv", "tab", "text/tab-separated-values"), "tsv"),
    **dict.fromkeys(("parquet", "parq", "application/vnd.apache.parquet", "application/parquet"), "parquet"),
    "application/x-parquet": "parquet",
}
"""The formats that are read, by `format`, media type or ending."""

_TABULAR = r"tabular-data-resource|https?://[^?#]*/tabular-data-resource\.json"
_REFUSED = {"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "utf_7", "mbcs", "oem", "charmap"}
"""No encodings of data files, though of text: those of names, of program text, of one system."""


@cache
def _codecs() -> frozenset[str]:
    """The modules of Python's text encodings."""
    named = {module.name for module in pkgutil.iter_modules(encodings.__path__)} - _REFUSED - {"aliases"}
    return frozenset(name for name in named if getattr(_found(name), "_is_text_encoding", False))


def _found(name: str) -> codecs.CodecInfo | None:
    try:
        return codecs.lookup(name)
    except LookupError:  # a codec of another system
        return None


def codec(name: str) -> str | None:
    """The name of Python's codec for an encoding by its IANA name; `None` where there is none for data files."""
    if not name.isascii() or len(name) > 40:
        return None
    plain = encodings.normalize_encoding(name).lower()
    module = plain if plain in _codecs() else aliases.get(plain, "")
    return codecs.lookup(module).name if module in _codecs() else None


def encoding(resource: Mapping[str, Any], path: str, known: Known) -> str | None:
    """The codec of a resource; `None` and a finding where it is not known."""
    name = resource.get("encoding", "utf-8")
    if isinstance(name, str) and (found := codec(name)):
        return found
    hint = "Save the file as UTF-8, and leave `encoding` out."
    message = f"{shown(name)} is not the name of an encoding that is read"
    known.add(at(path, "encoding"), message, hint, "encoding-error")
    return None


def is_tabular(resource: Mapping[str, Any]) -> bool:
    """Whether a resource says that it is a table."""
    profile = resource.get("profile")
    return (
        resource.get("type") == "table"
        or "schema" in resource
        or (isinstance(profile, str) and bool(re.fullmatch(_TABULAR, profile)))
    )


def form(resource: Mapping[str, Any], parts: tuple[str, ...], path: str, known: Known) -> str | None:
    """`csv`, `tsv` or `parquet`; empty for what is not a table; `None` and a finding for a table of another form."""
    stated = [name for name in ("format", "mediatype") if isinstance(resource.get(name), str) and resource[name]]
    if stated:
        names = {resource[stated[0]].partition(";")[0].strip().lower().removeprefix(".")}
    else:
        names = {_ending(part) for part in parts}
    here = at(path, *(stated or ["path"])[:1])
    forms = {FORMS.get(name, "") for name in names}
    if len(forms) == 1 and forms != {""}:
        return forms.pop()
    if not is_tabular(resource) and forms <= {""}:
        return ""
    convert = "CSV, TSV and Parquet are read: save the table in one of these, or name its `format`."
    if len(forms) > 1:
        known.add(here, "has parts of several formats", convert, "format-error")
    else:
        name = shown(next(iter(sorted(names)), ""))
        known.add(here, f"is a table in a format that is not read: {name}", convert, "format-error")
    return None


def _ending(path: str) -> str:
    """The ending of a file's name, without that of a compression."""
    name = path.rpartition("/")[2].lower()
    for ending in paths.ARCHIVES:
        if name.endswith(ending) and "." in name.removesuffix(ending):
            name = name.removesuffix(ending)
            break
    return name.rpartition(".")[2] if "." in name else ""


def parts(resource: Mapping[str, Any], path: str, known: Known) -> tuple[str, ...] | None:
    """The paths of a resource; `None` where they cannot be used, which is told."""
    # `url` is of v0, to be read as `path`.
    name = "url" if "url" in resource and "path" not in resource and not known.v2 else "path"
    here, value = at(path, name), resource.get(name)
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list) or not listed or not all(isinstance(part, str) for part in listed):
        return None
    if len(listed) > PART_LIMIT:
        known.add(here, f"has {len(listed):,} parts; no more than {PART_LIMIT:,} are read", "Join them.")
        return None
    made = [paths.normal(part) for part in listed]
    doubled = [part for part, n in Counter(made).items() if n > 1]
    if doubled:
        known.add(here, f"names {shown(doubled[0])} twice", "Each part is given once: its rows would count twice.")
        return None
    return tuple(made)


def openable(resource: Mapping[str, Any], names: tuple[str, ...], is_table: bool, path: str, known: Known) -> bool:
    """Whether the text of each path is one that is opened; a finding for each that is not."""
    good = True
    compression = resource.get("compression")
    if is_table and compression not in (None, "", "no"):
        hint = "Unpack the file into the package, and take `compression` out."
        known.add(at(path, "compression"), f"is {shown(compression)}; nothing is unpacked", hint, "compression-error")
        return False
    key = "path" if "path" in resource else "url"
    if "resource.path-mixed" in known.under.get(at(path, key), ()):
        return False  # one fault: it is told of the list
    for i, name in enumerate(names):
        here = at(path, key, i) if isinstance(resource[key], list) else at(path, key)
        harmless = ("profile.path-start",) if not name.startswith((".", "~")) else ()
        if known.bad(here, *harmless):
            good = False
        elif refused := paths.refusal(name, archives=not is_table):
            good = False
            # What is not a table may lie elsewhere: nothing is said of it then, and that is said.
            severity = "warning" if refused.rule == "scheme-error" and not is_table else "error"
            known.add(here, f"{shown(name)}: {refused}", refused.hint, refused.rule, severity)
    return good


def size(resource: Mapping[str, Any], path: str, known: Known) -> int | None:
    """`bytes`, where it is a number of bytes."""
    value = resource.get("bytes")
    if value is None or known.bad(at(path, "bytes")):
        return None
    if value < 0:
        known.add(at(path, "bytes"), f"is {value}; no file has less than no bytes")
        return None
    return int(value)


def digest(resource: Mapping[str, Any], path: str, known: Known) -> tuple[str, str] | None:
    """The algorithm and hexadecimal digest of `hash`; `None` where there is none, or none that can be checked."""
    value, here = resource.get("hash"), at(path, "hash")
    if value is None or known.bad(here):
        return None
    algorithm, _, digits = value.rpartition(":")
    algorithm = algorithm or "md5"
    fixed = sorted(name for name in hashlib.algorithms_guaranteed if not name.startswith("shake_"))
    if algorithm not in fixed:
        known.add(here, f"the algorithm {shown(algorithm)} is not known", f"One of {', '.join(fixed)}.")
        return None
    wanted = 2 * hashlib.new(algorithm, usedforsecurity=False).digest_size
    if len(digits) != wanted:
        known.add(here, f"has {len(digits)} digits; those of {algorithm} have {wanted}", "Take the digest anew.")
        return None
    return algorithm, digits.lower()

"""The properties of a package, and those that its resources have as well: addresses, licences, people."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .faults import Faults, at
from .values import CLOCK, exists

_PEOPLE = {
    "licenses": ("name", "path", "title"),
    "sources": ("title", "path", "email", "version"),
    "contributors": ("title", "givenName", "familyName", "path", "email", "organization", "role"),
}


def check_package(faults: Faults, package: dict[str, Any]) -> None:
    """Checks a package without its resources."""
    if faults.optional("profile.url", "", package, "$schema", "string"):
        _profile(faults, "/$schema", package["$schema"])
    faults.texts("package.types", "", package, ("name", "id", "title", "description", "homepage", "version"))
    if "keywords" in package:
        faults.strings("package.types", "/keywords", package["keywords"])
        faults.not_empty("/keywords", package["keywords"])
    if "image" in package:
        check_location(faults, "/image", package["image"])
    if faults.optional("package.created", "", package, "created", "string"):
        created = package["created"]
        form = rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}[Tt ]{CLOCK}([Zz]|[+-][0-9]{{2}}:[0-9]{{2}})"
        if not re.fullmatch(form, created) or not exists("datetime", created):
            faults.add("package.created", "/created", f"{created!r} is not of the form 2017-11-03T12:00:00Z")
    check_shared(faults, "", package)


def _profile(faults: Faults, path: str, value: str) -> None:
    if not re.fullmatch(r"https?://[^\s/]+/\S+", value):
        faults.add("profile.url", path, f"{value!r} is not a fully qualified URL")
    elif re.match(r"https?://(www\.)?datapackage\.org/profiles/[^/]*/(?!datapackage\.json([?#]|$))", value):
        faults.add("profile.kind", path, f"{value!r} is not the profile of a Data Package")


def check_shared(faults: Faults, path: str, holder: Mapping[str, Any]) -> None:
    """Checks `homepage`, `licenses`, `sources` and `contributors` of a package or resource."""
    form = r"[A-Za-z][A-Za-z0-9+.-]*://[^\s/]\S*"
    faults.formed("package.homepage", path, holder, "homepage", form, "is not a URL")
    for name, properties in _PEOPLE.items():
        if not faults.optional(f"{name}.array", path, holder, name, "array"):
            continue
        if name != "sources":
            faults.not_empty(at(path, name), holder[name])
        for i, item in enumerate(holder[name]):
            here = at(path, name, i)
            if not faults.is_a(f"{name}.object", here, item, "object"):
                continue
            faults.texts("package.types", here, item, properties)
            if name == "licenses":
                if "name" not in item and "path" not in item:
                    faults.add("licenses.name-or-path", here, "has neither `name` nor `path`")
                faults.formed("licenses.name", here, item, "name", "[-a-zA-Z0-9._]+", "is no such identifier")
            elif not item:
                faults.add(f"{name}.object", here, "is an empty object")
            if name == "contributors" and "roles" in item:
                faults.strings("package.types", at(here, "roles"), item["roles"])
                faults.not_empty(at(here, "roles"), item["roles"])
            if isinstance(item.get("path"), str):
                check_location(faults, at(here, "path"), item["path"])
            faults.formed("email", here, item, "email", r"[^@\s]+@[^@\s]+", "is no address")


def check_location(faults: Faults, path: str, value: Any) -> bool | None:
    """Checks a URL or path; True for a URL, False for a path, `None` where it is neither."""
    if not faults.is_a("path.string", path, value, "string"):
        return None
    if not value or re.search(r"[\0-\x1f\x7f]", value):
        faults.add("path.string", path, f"{value!r} is neither a URL nor a path")
        return None
    if scheme := re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", value):
        if scheme[1].lower() not in ("http", "https", "ftp", "ftps"):
            faults.add("path.scheme", path, f"{value!r} has the scheme {scheme[1]!r}")
        elif not re.match(r"[a-z]+://[^\s/?#]+", value, re.IGNORECASE):
            faults.add("path.qualified", path, f"{value!r} names no host")
        return True
    if value.startswith("//"):
        faults.add("path.qualified", path, f"{value!r} has no scheme")
        return True
    if value.startswith("/"):
        faults.add("path.absolute", path, f"{value!r} is absolute")
    elif ".." in re.split(r"[/\\]", value):
        faults.add("path.parent", path, f"{value!r} leads out of the folder of the descriptor")
    elif any(part.startswith(".") and part != "." for part in value.split("/")[:-1]):
        faults.add("path.hidden", path, f"{value!r} leads through a hidden folder")
    elif "\\" in value:
        faults.add("path.posix", path, f"{value!r} has a backslash")
    elif value[0] in ".~":
        faults.add("profile.path-start", path, f"{value!r} begins with {value[0]!r}")
    return False

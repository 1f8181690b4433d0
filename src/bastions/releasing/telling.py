"""A proof, told to people or to programs."""

from __future__ import annotations

import json
from dataclasses import asdict

from bastions.problems import Report, visible
from bastions.releasing.proving import Proof
from bastions.reports import render


def proof(found: Proof, form: str) -> str:
    """What was proved of a release, as `text` or `json`.

    Raises:
        KeyError: For another form.
    """
    return {"text": _text, "json": _json}[form](found)


def _json(found: Proof) -> str:
    told = {
        "proved": not found.problems,
        "path": str(found.path),
        "release": found.name,
        "files": found.files,
        "bytes": found.bytes,
        "problems": [asdict(p) for p in found.problems],
        "notes": found.notes,
    }
    return json.dumps(told, indent=1)


def _text(found: Proof) -> str:
    lines = [visible(note, 500) for note in found.notes]
    if found.problems:
        *told, counts = render(Report(found.problems, {}), "text").split("\n")
        return "\n".join([*told, *lines, f"not proved: {visible(str(found.path), 500)}: {counts}"])
    number = "1 file" if found.files == 1 else f"{found.files:,} files"
    name = visible(found.name, 200) or "a release"
    return "\n".join([*lines, f"proved: {visible(str(found.path), 500)}: {name}, {number}, {found.bytes:,} bytes"])

"""Other validators, each in an environment of its own that is made here: which versions, and what they found.

A script that stops where it should not, or misses what it says it checks, is not compared: its row says so.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import planted
from timing import Run, run, script

PINS = {
    "frictionless": ("frictionless==5.21.0",),
    "pandera-pandas": ("pandera[pandas]==0.35.0", "pandas==3.1.1", "pyarrow==26.0.1"),
    "pandera-polars": ("pandera[polars]==0.35.0", "polars==2.1.0"),
    "dataframely": ("dataframely==3.1.2", "polars==2.1.0"),
    "pointblank": ("pointblank==1.1.1", "polars==2.1.0"),
    "great-expectations": ("great_expectations==1.24.1", "pandas==3.1.1"),
}
"""What is installed for each; one table, so that a version is changed in one place."""


class NotRun(Exception):
    """A part could not be run; the message says why."""


def environment(name: str, data: Path) -> Path:
    """The Python of the environment of one library, made where it is absent or of other versions.

    Raises:
        NotRun: If it cannot be installed.
    """
    folder = data / "environments" / name
    python, pins = folder / "bin" / "python", "\n".join(PINS[name])
    stamp = folder / "pins.txt"
    if stamp.is_file() and stamp.read_text() == pins:
        return python
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PINS[name]]
    done = subprocess.run(install, capture_output=True, text=True, check=False)
    if done.returncode:
        errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        raise NotRun(f"{name} cannot be installed: {(errors or ['no reason given'])[-1]}")
    stamp.write_text(pins)
    return python


def command(name: str, python: Path, package: Path) -> list[str]:
    """What runs one library on a package."""
    return script(f"peers/with_{name.replace('-', '_')}.py", package, python=python)


def verdict(done: Run) -> dict[str, Any]:
    """What a script said.

    Raises:
        NotRun: If it said nothing.
    """
    lines = done.out.strip().splitlines()
    try:
        said: dict[str, Any] = json.loads(lines[-1])
    except (IndexError, ValueError):
        raise NotRun(f"exit {done.code}: {done.last}") from None
    return said


def tried(name: str, python: Path, nine: Path, sixteen: Path) -> dict[str, Any]:
    """Whether a library really checks: what it finds of nine faults in well-typed files, and of sixteen in others."""
    on_nine, on_sixteen = (verdict(run(command(name, python, folder))) for folder in (nine, sixteen))
    # Both rows of the duplicate count in some.
    fair = not on_nine["stopped"] and len(planted.NINE) <= on_nine["failures"] <= len(planted.NINE) + 1
    return {
        "fair": fair,
        "nine": on_nine["failures"] if not on_nine["stopped"] else 0,
        "nine_found": on_nine["found"],
        "sixteen": on_sixteen["failures"],
        "stopped": on_sixteen["stopped"] or on_nine["stopped"],
    }

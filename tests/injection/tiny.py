"""The tiny dataset of the tests, as a folder, for those who are no test."""

from __future__ import annotations

import shutil
from pathlib import Path

TESTS = Path(__file__).parents[1]


def tiny_dataset(root: Path) -> Path:
    """`tests/valid` under the real schemas and rules without their waivers, with its descriptor and a citation."""
    from bastions import descriptor, loader

    shutil.copytree(TESTS / "valid", root)
    shutil.copytree(TESTS.parent / "schemas", root / "schemas")
    for made in (root / "schemas" / "rules").glob("waivers-*.csv"):
        made.unlink()
    waivers = root / "schemas" / "rules" / "waivers.csv"
    header, *_ = waivers.read_text("utf-8").splitlines()
    waivers.write_text(header + "\n", "utf-8")
    (root / "datapackage.json").write_text(descriptor.text(descriptor.package(loader.load(root))), "utf-8")
    (root / "CITATION.cff").write_text("cff-version: 1.2.0\nversion: 9.9.9\ntitle: Tiny\n", "utf-8")
    return root

"""The three packages of the fault bench, made and copied; README.md describes them."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from .generic import moths, tide_gauges
from .harness import GENERIC_1, GENERIC_2, OURS, Layout, Package
from .spots import SPOTS

ROOT = Path(__file__).parents[2]


def _ours(root: Path) -> dict[str, Layout]:
    from bastions import descriptor, loader

    shutil.copytree(ROOT / "tests" / "valid", root, dirs_exist_ok=True)
    shutil.copytree(ROOT / "schemas", root / "schemas", dirs_exist_ok=True)
    for made in (root / "schemas" / "rules").glob("waivers-*.csv"):
        made.unlink()
    waivers = root / "schemas" / "rules" / "waivers.csv"
    waivers.write_bytes(waivers.read_bytes().splitlines(keepends=True)[0])
    schema = loader.load(root)
    (root / "datapackage.json").write_text(descriptor.text(descriptor.package(schema)), "utf-8")
    tables = {}
    for name, table in schema.all_tables.items():
        parts = [path.relative_to(root).as_posix() for path in schema.parts(name)] if table.files else []
        if parts:
            tables[name] = Layout(tuple(parts), tuple(table.names), resource=name if name in schema.tables else "")
    return tables


MAKERS = {OURS: _ours, GENERIC_1: tide_gauges, GENERIC_2: moths}


class Packages:
    """The three packages, each made once in a folder of its own, and copies of them to break.

    Args:
        folder: Where they are made; it is the caller's to delete.
    """

    def __init__(self, folder: Path):
        self._folder = folder
        self._made: dict[str, Package] = {}

    def clean(self, name: str) -> Package:
        """The package as it is, which nobody may change."""
        if name not in self._made:
            root = self._folder / name
            root.mkdir(parents=True)
            self._made[name] = Package(name, root, MAKERS[name](root), SPOTS[name])
        return self._made[name]

    def copy(self, name: str) -> Package:
        """A copy to break; give it back to `drop`."""
        clean = self.clean(name)
        root = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=self._folder)) / "package"
        shutil.copytree(clean.root, root)
        return replace(clean, root=root)

    @staticmethod
    def drop(copy: Package) -> None:
        """Deletes a copy, whatever a way has made of its rights."""
        for folder in (path for path in copy.root.rglob("*") if path.is_dir() and not path.is_symlink()):
            folder.chmod(0o755)
        shutil.rmtree(copy.root.parent)

"""The same bytes, wherever, whenever and by whomever a release is built; `bench/same_bytes.py` is the full form."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "injection"))

import boxes
import variations
from variations import ALL, TOGETHER, Variation


@pytest.fixture(scope="module")
def where() -> Iterator[Path]:
    """A folder that other users may enter, unlike those of pytest."""
    folder = Path(tempfile.mkdtemp(prefix="bastions-same-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def plain(where: Path) -> tuple[Path, Path]:
    """The small package, and its release as it is built without any ado."""
    boxes.package(where / "package")
    done = variations.build(Variation("plain"), where / "package", where / "plain")
    assert done.returncode == 0, done.stderr
    return where / "package", variations.release(where / "plain")


@pytest.fixture(scope="module")
def plain_dataset(where: Path, tiny_once: Path) -> tuple[Path, Path]:
    """The tiny dataset with a citation, and its release."""
    boxes.dataset(where / "dataset", tiny_once)
    (where / "dataset" / "CITATION.cff").write_text("cff-version: 1.2.0\nversion: 9.9.9\ntitle: Tiny\n", "utf-8")
    done = variations.build(Variation("plain"), where / "dataset", where / "plain-dataset")
    assert done.returncode == 0, done.stderr
    return where / "dataset", variations.release(where / "plain-dataset")


def same(of: Variation, given: tuple[Path, Path], own: Path) -> None:
    if reason := of.needs():
        pytest.skip(f"NOT TESTED, {of}: {reason}")
    try:
        assert variations.tried(of, given[0], given[1], own, given[1]) == []
    finally:
        shutil.rmtree(own, ignore_errors=True)


def test_there_are_more_than_twenty_circumstances() -> None:
    assert len({one.name for one in ALL}) == len(ALL) > 30


@pytest.mark.parametrize("of", [one for one in ALL if one.short or one.needs()], ids=str)
def test_a_package_gives_the_same_bytes(of: Variation, plain: tuple[Path, Path], where: Path) -> None:
    same(of, plain, where / "varied")


def test_a_package_gives_the_same_bytes_in_all_circumstances_at_once(plain: tuple[Path, Path], where: Path) -> None:
    same(TOGETHER, plain, where / "varied")


def test_the_dataset_gives_the_same_bytes_in_all_circumstances_at_once(
    plain_dataset: tuple[Path, Path], where: Path
) -> None:
    same(TOGETHER, plain_dataset, where / "varied")


def test_the_dataset_gives_the_same_bytes_from_a_checkout_with_crlf(
    plain_dataset: tuple[Path, Path], where: Path
) -> None:
    """CSV, YAML, SQL and JSON files all; that they are not in canonical form is a warning and no more."""
    (crlf,) = (one for one in ALL if one.prepare is variations.with_crlf)
    same(crlf, plain_dataset, where / "varied")


def test_a_difference_is_seen(plain: tuple[Path, Path], where: Path) -> None:
    """Else everything above could hold because nothing is compared."""
    shutil.copytree(plain[1], where / "copy")
    assert variations.compare(plain[1], where / "copy") == []
    with (where / "copy" / "codebook.md").open("a") as file:
        file.write("x")
    assert variations.compare(plain[1], where / "copy") == [
        "codebook.md differs",
        "codebook.md is not what its digest says",
    ]

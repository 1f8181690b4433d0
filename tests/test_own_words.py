"""No sentence of a source stands in the project: what it holds of a text is offsets, digests and its own words."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bastions.claims import TextError, digest, normalise
from bastions.composing.wording import RUN, runs, words
from bastions.composing.wording import copied as shared

ROOT = Path(__file__).parents[1]
FOLDERS = ("data", "seeds", "schemas", "docs")
PAGES = ("README.md", "CONTRIBUTING.md")

BIBLIOGRAPHY = {(("data", "sources"), "title"), (("data", "sources"), "url"), (("data", "sources"), "archive_url")}
"""The cells that identify a document as its publisher does; many addresses repeat the heading."""

PROPER_NAMES = {
    "Islamic State in Syria and Iraq": "what the dataset is about",
    "Syrian Observatory for Human Rights (said)": "an organisation by its name, with the speech act as views show it",
    "Combined Joint Task Force Operation Inherent Resolve": "a headquarters by its official name",
    "Hashed al-Shaabi popular mobilization units": "an organisation by its name and the translation of the name",
}
"""Names of `RUN` words or more, each with the reason why it cannot be put otherwise."""


def passages(path: Path) -> Iterator[tuple[str, str]]:
    """Where and what: each cell of a table, any other file as a whole."""
    place = path.relative_to(ROOT)
    if path.suffix != ".csv":
        yield str(place), path.read_text("utf-8")
        return
    with path.open(encoding="utf-8", newline="") as opened:
        reader = csv.DictReader(opened)
        for row in reader:
            for column, cell in row.items():
                if (place.parts[:2], column) not in BIBLIOGRAPHY:
                    yield f"{place}:{reader.line_num} {column}", cell or ""


def files() -> list[Path]:
    found = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*")) if path.is_file()]
    names = ROOT / "data" / "names"
    return [path for path in [*found, *(ROOT / page for page in PAGES)] if names not in path.parents]


def test_a_copy_is_found_in_whatever_dress() -> None:
    source = runs("The warden's clerk counted nine carts at the mill. Nobody\u00a0slept.")
    assert shared("-- THE WARDEN'S clerk,\n-- counted Nine", source) == ["the warden s clerk counted nine"]
    assert shared("id: clerk-counted-nine-carts-at-the-mill", source) == ["clerk counted nine carts at the mill"]
    assert shared("carts at the mill nobody slept; carts at the mill nobody slept", source) == [
        "carts at the mill nobody slept",
        "carts at the mill nobody slept",
    ]
    assert shared("at the mill, nobody slept", source) == []
    assert shared("The clerk of the warden counted nine carts at the gate", source) == []


@pytest.mark.parametrize("name", PROPER_NAMES)
def test_only_long_names_are_listed(name: str) -> None:
    assert len(words(name)) >= RUN
    assert PROPER_NAMES[name]


def test_every_file_is_read() -> None:
    read = {path.relative_to(ROOT).parts[0] for path in files()}
    assert read == {*FOLDERS, *PAGES}


RELEASES = ("centcom_oir_press_releases", "all-edited.csv", ("line", "description"))
"""The raw file whose cells are sentences of a source: folder, name, columns."""

RELEASE_NAMES = {"Al Hasakah and Dayr Az Zawr": "a cell that is a place, the key of a correction and of a decision"}
"""As `PROPER_NAMES`, for `RELEASES`."""


def test_no_words_of_the_releases_are_copied() -> None:
    """Runs where `BASTIONS_INPUTS` names the raw files; code and tests too, whose examples could be lines."""
    folder, name, columns = RELEASES
    path = Path(os.environ.get("BASTIONS_INPUTS", "")) / folder / name
    if not os.environ.get("BASTIONS_INPUTS") or not path.is_file():
        pytest.skip(
            f"COPIED WORDS OF RELEASES NOT LOOKED FOR: set BASTIONS_INPUTS to a folder that holds {folder}/{name}"
        )
    with path.open(encoding="utf-8", newline="") as opened:
        source = set().union(*(runs(row[column]) for row in csv.DictReader(opened) for column in columns))
    assert len(source) > 10_000
    source -= set().union(*(runs(listed) for listed in RELEASE_NAMES))
    kinds = {".cfg", ".csv", ".json", ".lark", ".md", ".py", ".sql", ".toml", ".txt", ".yaml", ".yml"}
    places = [path for folder in (*FOLDERS, "src", "tests") for path in sorted((ROOT / folder).rglob("*"))]
    places = [path for path in places if path.suffix in kinds and path.is_file()]
    read = [*places, *(ROOT / page for page in PAGES)]
    copied = [f"{path.relative_to(ROOT)}: {run}" for path in read for run in shared(path.read_text("utf-8"), source)]
    assert copied == []


def test_no_words_of_a_source_are_copied() -> None:
    """Runs where `BASTIONS_TEXTS` names a folder of texts; the dataset itself carries none."""
    named = os.environ.get("BASTIONS_TEXTS")
    if not named:
        pytest.skip("COPIED WORDS NOT LOOKED FOR: set BASTIONS_TEXTS to a folder that holds the texts of the sources")
    held: dict[str, str] = {}
    for path in sorted(Path(named).iterdir()):
        if path.is_file():
            try:
                text = normalise(path.read_bytes())
            except TextError:
                continue
            held[digest(text)] = text
    wanted: dict[str, str] = {}
    for path in sorted((ROOT / "data" / "sources").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as opened:
            wanted |= {row["text_sha256"]: row["source_id"] for row in csv.DictReader(opened) if row["text_sha256"]}
    assert wanted, "no source of data/ has a text"
    listed = set().union(*(runs(name) for name in PROPER_NAMES))
    source = set().union(*(runs(held[sha]) for sha in wanted if sha in held)) - listed
    copied = [f"{place}: {run}" for path in files() for place, text in passages(path) for run in shared(text, source)]
    assert copied == []
    missing = [source_id for sha, source_id in wanted.items() if sha not in held]
    if missing:
        pytest.skip(f"COPIED WORDS NOT LOOKED FOR of {', '.join(missing)}: BASTIONS_TEXTS holds no text of theirs")

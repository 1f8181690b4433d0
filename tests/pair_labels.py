"""Pairs drawn for readers, and what their labels say of the judgements of `bastions.curate.incidents`.

The draw is stratified by what the script made of a pair, so that pairs are read that it wrote, that it was unsure of,
that it dropped, and that it never compared because they just missed its windows; `tests/labels/incidents/README.md`
tells what that allows to say of precision and recall. A draw is the same on every machine: pairs are put in the order
of the SHA-256 of seed and pair. It carries no score and no stratum, and comes in random order.

To draw, once, when the rows of all datasets stand in `data/`, and before anybody labels:
`PYTHONPATH=src:tests .venv/bin/python -m pair_labels draw`; to see what labels say, the same with `evaluate`; what
chance would do, with `chance`.
"""

from __future__ import annotations

import csv
import hashlib
import math
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from bastions import dataset, loader
from bastions.curate import plans
from bastions.curate.incidents import judge
from bastions.schema import Schema

ROOT = Path(__file__).parents[1]
LABELS = Path(__file__).parent / "labels/incidents"
SOURCE = "incidents"

SEED = "incidents/labels/1"
"""The seed of the pairs in `tests/labels/incidents/pairs.csv`."""

STRATA = {"sure": 30, "decided": 30, "unsure": 30, "dropped": 30, "near_miss": 30}
"""How many pairs are drawn of each stratum: written with a score of 85 and more, written with less, written as unsure,
compared and not written, kept from being compared by their days or distance alone."""

WRITTEN = ("sure", "decided", "unsure")
"""The strata that stand in `data/links`: two judged `same` or `part`, and what is left to a person."""

SURE = 85
DUTCH = "nl-mod-oir-employments-2023"
SHIFTS = (-23, -16, -9, 9, 16, 23)
"""Days by which dates are moved to see what chance finds; none a multiple of a week."""

PAIR = ("subject_table", "subject_id", "related_table", "related_id")
POSITIVE = ("same", "part")


def universe(root: Path) -> pl.DataFrame:
    """Every pair that can be drawn from a dataset, with its `stratum`, by the settings of its `seeds/incidents`."""
    return stratified(*given(root))


def given(root: Path) -> tuple[dict[str, pl.DataFrame], Schema, Mapping[str, Any]]:
    """The tables of a dataset as text, less what the script wrote itself, its schema, and the script's settings."""
    schema = loader.load(root)
    tables = {}
    for name in schema.tables:
        read = dataset.read_table(schema, name)
        own = [index for index, part in enumerate(read.parts) if Path(part.path).stem == SOURCE]
        tables[name] = read.text.filter(~pl.col(dataset.PART).is_in(own)).select(schema.tables[name].names)
    known, problems = plans.load(root)
    if SOURCE not in known:
        raise SystemExit("\n".join(problem.message for problem in problems))
    return tables, schema, known[SOURCE].settings


def by_chance(
    tables: Mapping[str, pl.DataFrame], schema: Schema, settings: Mapping[str, Any], source: str
) -> tuple[int, float]:
    """How many records of a dataset are judged part of a line of strikes, and how many would be with other dates.

    Args:
        tables: The tables of `data/` as text.
        schema: With the code lists.
        settings: The settings of `seeds/incidents/source.yaml`.
        source: The dataset whose strikes are moved by the `SHIFTS`; the second number is the mean over them.
    """
    own = set(tables["claims"].filter(source_id=source, subject_table="strikes")["subject_id"])
    found = []
    for days in (0, *SHIFTS):
        moved = [
            pl.when(pl.col("strike_id").is_in(own))
            .then((pl.col(name).str.to_date(strict=False) + pl.duration(days=days)).dt.to_string("iso"))
            .otherwise(pl.col(name))
            .alias(name)
            for name in ("date_start", "date_end")
        ]
        pairs = judge({**tables, "strikes": tables["strikes"].with_columns(moved)}, schema, settings)
        found.append(pairs.filter(subject_source=source, relation="part", related_table="strikes").height)
    return found[0], sum(found[1:]) / len(SHIFTS)


def stratified(tables: Mapping[str, pl.DataFrame], schema: Schema, settings: Mapping[str, Any]) -> pl.DataFrame:
    """The pairs of `incidents.judge`, near misses among them, each with its stratum, less those that people judged."""
    pairs = judge(tables, schema, settings, near_misses=True).filter(~pl.col("by_hand"))
    return pairs.with_columns(
        stratum=pl.when(pl.col("score").is_null())
        .then(pl.lit("near_miss"))
        .when(pl.col("relation").is_null())
        .then(pl.lit("dropped"))
        .when(pl.col("relation") == "unsure")
        .then(pl.lit("unsure"))
        .when(pl.col("score") >= SURE)
        .then(pl.lit("sure"))
        .otherwise(pl.lit("decided"))
    )


def draw(pairs: pl.DataFrame, strata: Mapping[str, int] | None = None, seed: str = SEED) -> list[dict[str, str]]:
    """Rows of `pairs.csv`: both records of each drawn pair, in random order, and nothing that gives the script away.

    Args:
        pairs: What `universe` gives.
        strata: How many pairs of each stratum; what a stratum lacks is drawn from the fullest other one.
        seed: Any text; another text gives another draw.
    """
    wanted = dict(STRATA if strata is None else strata)
    have = {name: pairs.filter(stratum=name).height for name in wanted}
    for name in wanted:
        lacking = wanted[name] - have[name]
        if lacking > 0:
            wanted[name] = have[name]
            fullest = max(wanted, key=lambda other: have[other] - wanted[other])
            wanted[fullest] = min(wanted[fullest] + lacking, have[fullest])
    drawn = [
        pair
        for name, n in wanted.items()
        for pair in sorted(pairs.filter(stratum=name).select(PAIR).rows(), key=lambda pair: _digest(seed, pair))[:n]
    ]
    drawn.sort(key=lambda pair: _digest(f"{seed}:order", pair))
    # Which of the two comes first is by name, so that the direction of a part is not given away either.
    return [
        {"pair_id": f"pair-{number:03}", **dict(zip(PAIR, _by_name(pair), strict=True))}
        for number, pair in enumerate(drawn, 1)
    ]


@dataclass(frozen=True, slots=True)
class Stratum:
    """What readers said of one stratum.

    Attributes:
        name: Which.
        pairs: How many pairs of the dataset it has.
        labelled: How many of them have a label.
        right: Labelled same or part, and written as that very relation.
        related: Labelled same or part, whatever was written.
        different: Labelled different.
        unsure: Labelled unsure; they count neither for nor against.
    """

    name: str
    pairs: int
    labelled: int
    right: int
    related: int
    different: int
    unsure: int

    @property
    def known(self) -> int:
        """Labelled pairs on which the reader decided."""
        return self.related + self.different


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Precision and recall of the written judgements same and part, each with half its 95 % interval.

    Attributes:
        strata: One for each stratum.
        precision: Of the pairs written as same or part, the share that is that.
        recall: Of the pairs of the universe that are same or part, the share that is written as one of them.
        shown: Of these, the share that is written at all: as one of them, or as unsure for a person to judge.
        lost: Labelled pairs that are no longer in the universe.
    """

    strata: tuple[Stratum, ...]
    precision: tuple[float, float]
    recall: tuple[float, float]
    shown: tuple[float, float]
    lost: int


def evaluate(pairs: pl.DataFrame, labels: Mapping[tuple[str, ...], str]) -> Evaluation:
    """What labels say of the judgements, each stratum weighted by its size in the dataset.

    Args:
        pairs: What `universe` gives.
        labels: Both records of a pair, as in `PAIR` and in either order, to what the readers settled on.
    """
    label = {_by_name(pair): judgement for pair, judgement in labels.items()}
    seen = {_by_name(row[:4]): (row[4], row[5]) for row in pairs.select(*PAIR, "stratum", "relation").iter_rows()}
    strata = []
    for name in STRATA:
        here = [(label[p], relation) for p, (stratum, relation) in seen.items() if stratum == name and p in label]
        strata.append(
            Stratum(
                name=name,
                pairs=pairs.filter(stratum=name).height,
                labelled=len(here),
                right=sum(judgement == relation and judgement in POSITIVE for judgement, relation in here),
                related=sum(judgement in POSITIVE for judgement, _ in here),
                different=sum(judgement == "different" for judgement, _ in here),
                unsure=sum(judgement == "unsure" for judgement, _ in here),
            )
        )
    written = [s for s in strata if s.name in WRITTEN[:2]]
    return Evaluation(
        strata=tuple(strata),
        precision=_ratio([(s, s.right, 1) for s in written], written),
        recall=_ratio([(s, s.related, s.related) for s in written], strata, of_related=True),
        shown=_ratio([(s, s.related, s.related) for s in strata if s.name in WRITTEN], strata, of_related=True),
        lost=sum(pair not in seen for pair in label),
    )


def _ratio(
    counted: Iterable[tuple[Stratum, int, int]], among: Iterable[Stratum], of_related: bool = False
) -> tuple[float, float]:
    """A ratio of two totals estimated over strata, and half its 95 % interval by the delta method."""
    top = {s.name: good / s.known for s, good, _ in counted if s.known}
    under = {s.name: (s.related / s.known if of_related else 1.0) for s in among if s.known}
    size = {s.name: s for s in among}
    above = sum(size[name].pairs * share for name, share in top.items())
    below = sum(size[name].pairs * share for name, share in under.items())
    if not below:
        return math.nan, math.nan
    ratio = above / below
    variance = 0.0
    for name, share in under.items():
        # Of each stratum the residual of a pair is what it adds above, less the ratio times what it adds below.
        n, up = size[name].known, top.get(name, 0.0)
        both_ends = (1 - ratio if name in top else -ratio) ** 2 * share * (1 - share)
        spread = both_ends if of_related else up * (1 - up)
        variance += size[name].pairs ** 2 * spread / max(n - 1, 1)
    return ratio, 1.96 * math.sqrt(variance) / below


def read_labels(folder: Path = LABELS) -> dict[tuple[str, ...], str]:
    """What the readers settled on, by pair: `agreed.csv`, else where `reader_2.csv` and `reader_3.csv` say the same.

    A pair on which they differ and that `agreed.csv` does not settle is unsure.
    """
    pairs = {row["pair_id"]: tuple(row[column] for column in PAIR) for row in _rows(folder / "pairs.csv")}
    said: dict[str, set[str]] = {}
    for reader in ("reader_2.csv", "reader_3.csv"):
        for row in _rows(folder / reader):
            said.setdefault(row["pair_id"], set()).add(row["judgement"])
    found = {pair: judgements.pop() if len(judgements) == 1 else "unsure" for pair, judgements in said.items()}
    found |= {row["pair_id"]: row["judgement"] for row in _rows(folder / "agreed.csv")}
    if unknown := set(found.values()) - {*POSITIVE, "different", "unsure"}:
        raise ValueError(f"no judgements: {', '.join(sorted(unknown))}")
    return {pairs[pair]: judgement for pair, judgement in found.items()}


def agreement(folder: Path = LABELS) -> tuple[int, int]:
    """On how many pairs the two readers say the same, and how many both labelled."""
    two, three = ({r["pair_id"]: r["judgement"] for r in _rows(folder / f"reader_{n}.csv")} for n in (2, 3))
    both = two.keys() & three.keys()
    return sum(two[pair] == three[pair] for pair in both), len(both)


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def table(found: Evaluation) -> str:
    """The evaluation as the Markdown that `tests/labels/incidents/README.md` shows."""
    lines = ["| stratum | pairs | labelled | same or part | as written | different | unsure |", "|---|" + "---:|" * 6]
    for s in found.strata:
        cells = (s.name.replace("_", " "), f"{s.pairs:,}", s.labelled, s.related, s.right, s.different, s.unsure)
        lines.append(f"| {' | '.join(map(str, cells))} |")
    (p, p_half), (r, r_half), (w, w_half) = found.precision, found.recall, found.shown
    said = f"Precision {p:.2f} ± {p_half:.2f}, recall {r:.2f} ± {r_half:.2f}; with what is written as unsure"
    return "\n".join([*lines, "", f"{said} {w:.2f} ± {w_half:.2f}."])


def _by_name(pair: Iterable[str]) -> tuple[str, ...]:
    """A pair with its records in the order of their names."""
    one, other, third, fourth = pair
    return (one, other, third, fourth) if (one, other) <= (third, fourth) else (third, fourth, one, other)


def _digest(seed: str, pair: tuple[str, ...]) -> str:
    return hashlib.sha256(" ".join((seed, *_by_name(pair))).encode()).hexdigest()


def main(verb: str) -> None:
    """`draw` writes `pairs.csv`; `evaluate` prints what the labels say, `chance` what chance would do."""
    if verb == "chance":
        decided, chance = by_chance(*given(ROOT), DUTCH)
        sys.stdout.write(f"Decided {decided}, by chance {chance:.0f}.\n")
    elif verb == "draw":
        LABELS.mkdir(parents=True, exist_ok=True)
        with (LABELS / "pairs.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, ["pair_id", *PAIR], lineterminator="\n")
            writer.writeheader()
            writer.writerows(draw(universe(ROOT)))
    elif verb == "evaluate":
        same, both = agreement()
        said = f"The two readers said the same of {same} of {both} pairs."
        sys.stdout.write(f"{table(evaluate(universe(ROOT), read_labels()))}\n\n{said}\n")
    else:
        raise SystemExit("draw, evaluate or chance?")


if __name__ == "__main__":
    main(sys.argv[1])

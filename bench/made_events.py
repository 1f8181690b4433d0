"""Makes the packages of `shapes.py`: seeded, skewed like real ones, in pieces, so that any size fits in memory.

    python bench/made_events.py events20 1000000 clean FOLDER

Locations, actors and counts follow Zipf's law; headlines and notes have commas, quotes and some letters beyond ASCII;
keys are unique and, but for the variant `ordered`, in no order. Runs in a process of its own: what times others must
stay small, since a new process inherits the peak memory of the one that started it.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import planted
import polars as pl
import shapes

SEED, PIECE, POOL = 7, 500_000, 20_000

TEXT = (
    "the of forces area said killed near village attack by army shelling town district civilians reported group "
    "clashes during members state, militia base air strike on road, checkpoint Raqqa Şanlıurfa حلب Kobanî "
    '"Islamic State" convoy overnight, wounded at least several fighters "caliphate" between Dayr az-Zawr'
)
WORDS = TEXT.split()

Ints = npt.NDArray[np.int64]


def _chance(*more: int) -> np.random.Generator:
    return np.random.default_rng([SEED, *more])


def _texts(chance: np.random.Generator, least: int, most: int, size: int = POOL) -> pl.Series:
    lengths = chance.integers(least, most, size)
    words = chance.integers(0, len(WORDS), lengths.sum())
    ends = np.cumsum(lengths)
    return pl.Series([" ".join(WORDS[w] for w in words[e - n : e]) for n, e in zip(lengths, ends, strict=True)])


def _skewed(chance: np.random.Generator, rows: int, distinct: int, power: float = 1.3) -> Ints:
    return (chance.zipf(power, rows) - 1) % distinct


def _pick(pool: pl.Series, at: Ints) -> pl.Series:
    return pool.gather(pl.Series(at))


def _ids(prefix: str, width: int, numbers: Ints) -> pl.Series:
    return prefix + pl.Series(numbers).cast(pl.String).str.zfill(width)


def _blank(chance: np.random.Generator, cells: pl.Series, share: float) -> pl.Series:
    return cells.set(pl.Series(chance.random(len(cells)) < share), None)


def _joined(*parts: pl.Series | str) -> pl.Series:
    return pl.select(pl.concat_str([pl.lit(part) for part in parts])).to_series()


def locations() -> pl.DataFrame:
    """The places that events refer to."""
    chance, n = _chance(1), shapes.LOCATIONS
    return pl.DataFrame(
        {
            "location_id": _ids("loc-", 6, np.arange(n)),
            "name": _texts(chance, 1, 4, n),
            "latitude": chance.uniform(29, 38, n).round(6),
            "longitude": chance.uniform(35, 49, n).round(6),
        }
    )


def actors() -> pl.DataFrame:
    """The actors that events refer to."""
    return pl.DataFrame(
        {"actor_id": _ids("act-", 5, np.arange(shapes.ACTORS)), "name": _texts(_chance(2), 1, 5, shapes.ACTORS)}
    )


def events(start: int, rows: int, ordered: bool, pool: pl.Series, short: pl.Series) -> pl.DataFrame:
    """Rows `start` and on of the events of 20 columns."""
    chance = _chance(3, start)
    number = np.arange(start, start + rows)
    best = _skewed(chance, rows, 400, 1.7)
    day = np.datetime64("2012-01-01") + chance.integers(0, 3_000, rows).astype("timedelta64[D]")
    second = chance.integers(0, 86_400, rows).astype("timedelta64[s]")
    # 3**18 has no factor in common with 10: each number below a thousand million comes once.
    key = number if ordered else number * 3**18 % 10**9
    country = _pick(pl.Series(["SY", "IQ", "TR", "LB"]), _skewed(chance, rows, 4))
    note = _joined(_pick(pool, chance.integers(0, POOL, rows)), ". ", _pick(pool, chance.integers(0, POOL, rows)))
    return pl.DataFrame(
        {
            "event_id": _ids("ev-", 9, key),
            "date_start": pl.Series(day.astype("datetime64[ms]")).cast(pl.Date),
            "recorded_at": (day + np.timedelta64(1, "D")).astype("datetime64[ms]") + second,
            "year": day.astype("datetime64[Y]").astype(np.int64) + 1970,
            "type": _pick(pl.Series(shapes.TYPES), _skewed(chance, rows, 3)),
            "clarity": _pick(pl.Series(shapes.CLARITIES), _skewed(chance, rows, 3)),
            "location_id": _ids("loc-", 6, _skewed(chance, rows, shapes.LOCATIONS)),
            "side_a_id": _ids("act-", 5, _skewed(chance, rows, shapes.ACTORS)),
            "side_b_id": _blank(chance, _ids("act-", 5, _skewed(chance, rows, shapes.ACTORS)), 0.15),
            "latitude": chance.uniform(29, 38, rows).round(6),
            "longitude": chance.uniform(35, 49, rows).round(6),
            "best": best,
            "low": best // 2,
            "high": best * 2,
            "code": _blank(chance, _joined(country, _ids("", 4, chance.integers(0, 10_000, rows))), 0.05),
            "headline": _joined(_pick(pool, chance.integers(0, POOL, rows)), " ", _pick(short, number % 4_999)),
            "source": "Agency " + pl.Series(chance.integers(0, 5_000, rows)).cast(pl.String),
            "verified": _blank(chance, pl.Series(chance.random(rows) < 0.6), 0.1),
            "value": chance.lognormal(5, 2, rows).round(2),
            "note": _blank(chance, note, 0.7),
        }
    )


def ged(start: int, rows: int, pool: pl.Series) -> pl.DataFrame:
    """Rows `start` and on of the events of 49 columns."""
    chance = _chance(4, start)
    number = np.arange(start, start + rows)
    day = np.datetime64("1989-01-01") + chance.integers(0, 12_000, rows).astype("timedelta64[D]")
    until = np.minimum(day + _skewed(chance, rows, 300, 2.0).astype("timedelta64[D]"), np.datetime64("2024-12-31"))
    year = day.astype("datetime64[Y]").astype(np.int64) + 1970
    dyad, country = _skewed(chance, rows, 1_200), _skewed(chance, rows, 120)
    kind = _skewed(chance, rows, 3) + 1
    latitude, longitude = chance.uniform(-35, 55, rows).round(6), chance.uniform(-90, 125, rows).round(6)
    killed = {name: _skewed(chance, rows, 300, 1.8) for name in ("a", "b", "civilians", "unknown")}
    total = sum(killed.values(), np.zeros(rows, np.int64))
    text = {"a": dyad % 300, "b": dyad, "place": _skewed(chance, rows, POOL), "country": country}
    name = {key: _pick(pool, at).str.slice(0, 60) for key, at in text.items()}
    code = pl.Series(["SYR", "IRQ", "NIG", "AFG", "MEX"])
    columns: dict[str, pl.Series | Ints | npt.NDArray[np.float64]] = {
        "id": number + 1,
        "relid": _joined(
            *(_pick(code, country % 5), "-", pl.Series(year).cast(pl.String), "-", pl.Series(kind).cast(pl.String)),
            *("-", pl.Series(dyad).cast(pl.String), "-", pl.Series(number).cast(pl.String)),
        ),
        "year": year,
        "active_year": (dyad % 7 > 0).astype(np.int64),
        "code_status": _pick(pl.Series(["Clear", "Check"]), _skewed(chance, rows, 2, 3.0)),
        "type_of_violence": kind,
        "conflict_dset_id": dyad // 3 + 1,
        "conflict_new_id": dyad // 3 + 200,
        "conflict_name": _joined(name["country"], ": ", name["a"]),
        "dyad_dset_id": dyad + 1,
        "dyad_new_id": dyad + 500,
        "dyad_name": _joined(name["a"], " - ", name["b"]),
        "side_a_dset_id": dyad % 300 + 1,
        "side_a_new_id": dyad % 300 + 1,
        "side_a": name["a"],
        "side_b_dset_id": dyad + 1_000,
        "side_b_new_id": dyad + 1_000,
        "side_b": name["b"],
        "number_of_sources": _skewed(chance, rows, 20, 2.0) - 1,
        "source_article": _joined('"Agency,', pl.Series(day).cast(pl.String), ",", _pick(pool, number % POOL), '"'),
        "source_office": _blank(chance, _pick(pool, _skewed(chance, rows, 500)).str.slice(0, 30), 0.4),
        "source_date": _blank(chance, pl.Series(day.astype("datetime64[ms]")).cast(pl.Date), 0.4),
        "source_headline": _blank(chance, _pick(pool, chance.integers(0, POOL, rows)), 0.4),
        "source_original": _blank(chance, _pick(pool, _skewed(chance, rows, 3_000)).str.slice(0, 40), 0.2),
        "where_prec": _skewed(chance, rows, 7) + 1,
        "where_coordinates": name["place"],
        "where_description": _blank(chance, _pick(pool, chance.integers(0, POOL, rows)), 0.3),
        "adm_1": _blank(chance, _pick(pool, country * 7).str.slice(0, 30), 0.05),
        "adm_2": _blank(chance, name["place"].str.slice(0, 30), 0.3),
        "latitude": latitude,
        "longitude": longitude,
        "geom_wkt": _joined(
            *("POINT (", pl.Series(longitude).cast(pl.String), " ", pl.Series(latitude).cast(pl.String), ")")
        ),
        "priogrid_gid": ((latitude + 90) * 2).astype(np.int64) * 720 + ((longitude + 180) * 2).astype(np.int64) + 1,
        "country": name["country"],
        "country_id": country + 2,
        "region": _pick(pl.Series(shapes.REGIONS), country % 5),
        "event_clarity": _skewed(chance, rows, 2, 2.0) + 1,
        "date_prec": _skewed(chance, rows, 5, 2.0) + 1,
        "date_start": pl.Series(day.astype("datetime64[ms]")),
        "date_end": pl.Series(until.astype("datetime64[ms]")),
        **{f"deaths_{key}": value for key, value in killed.items()},
        "best": total,
        "high": total * 2,
        "low": total // 2,
        "gwnoa": _blank(chance, pl.Series(country + 2), 0.3),
        "gwnob": _blank(chance, pl.Series(country + 2), 0.9),
    }
    return pl.DataFrame(columns)


def table(shape: str, rows: int, ordered: bool, file: Path) -> None:
    """Writes the large table of a shape, piece by piece."""
    pool, short = _texts(_chance(0), 3, 11), _texts(_chance(5), 1, 6)
    with file.open("wb") as target:
        for start in range(0, rows, PIECE):
            size = min(PIECE, rows - start)
            piece = events(start, size, ordered, pool, short) if shape == "events20" else ged(start, size, pool)
            form = "%Y-%m-%dT%H:%M:%S" if shape == "events20" else "%Y-%m-%d %H:%M:%S.%3f"
            piece.write_csv(target, include_header=start == 0, datetime_format=form)


def make(shape: str, rows: int, variant: str, folder: Path) -> None:
    """Makes a package, all or nothing."""
    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    (part / "datapackage.json").write_text(json.dumps(shapes.SHAPES[shape](), indent=1), "utf-8")
    if shape == "events20":
        locations().write_csv(part / "locations.csv")
        actors().write_csv(part / "actors.csv")
    if variant in ("clean", "ordered"):
        table(shape, rows, variant == "ordered", part / "events.csv")
    else:
        clean = folder.with_name(folder.name.replace(variant, "clean"))
        if not clean.is_dir():
            make(shape, rows, "clean", clean)
        planted.plant(clean / "events.csv", part / "events.csv", variant, rows)
    part.rename(folder)


if __name__ == "__main__":
    make(sys.argv[1], int(sys.argv[2]), sys.argv[3], Path(sys.argv[4]))

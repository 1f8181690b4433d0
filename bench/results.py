"""The figures as a page for people, and as a file that keeps those of earlier runs."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import platform
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import planted
import timing

LIBRARIES = ("bastions", "duckdb", "polars", "pyarrow", "pandera", "numpy")

LOADED = """
import sys
from contextlib import redirect_stdout
from bastions.cli import main
with redirect_stdout(sys.stderr):
    main()
print(*{module.__file__ for name, module in sys.modules.items() if name.split(".")[0] == "bastions"}, sep="\\n")
"""
"""Runs a command of `bastions` and prints the files of its modules."""

FORM = 3
"""Raised when what is kept gets another form: older figures are then dropped."""


def machine() -> dict[str, Any]:
    """What the figures depend on; no name of a machine, and no path."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    info = Path("/proc/cpuinfo")
    names = [x for x in info.read_text().splitlines() if x.startswith("model name")] if info.is_file() else []
    return {
        "cores": os.cpu_count(),
        "memory": round(pages / 2**30),
        "processor": names[0].partition(": ")[2] if names else platform.machine(),
        "system": f"{platform.system()} {platform.machine()}",
    }


def code() -> str:
    """A digest of the code that is measured, and of what makes the data: figures of other code are not its own."""
    files = [*measured(), *(Path(__file__).parent / f"{name}.py" for name in ("shapes", "planted", "made_events"))]
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def measured() -> list[Path]:
    """The modules that `bastions validate PACKAGE` and `build PACKAGE` load, but the command line: by letting them."""
    loaded = set[Path]()
    with tempfile.TemporaryDirectory() as place:
        bad = Path(place) / "sixteen"  # which makes the clean one beside it
        made = timing.run(timing.script("made_events.py", "events20", "300", bad.name, bad))
        for command in (("validate", bad), ("build", bad.with_name("clean"), "--out", bad.with_name("release"))):
            done = timing.run([sys.executable, "-c", LOADED, *map(str, command)])
            if made.code or not done.out:
                raise OSError(f"{command[0]} does not say what it loads: {made.last}; {done.last}")
            loaded |= set(map(Path, done.out.splitlines()))
    return sorted(path for path in loaded if path.parent.name != "cli")


def load(file: Path, pins: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """What is kept of earlier runs of the same code, with the same versions, on the same machine; else nothing."""
    versions = {name: importlib.metadata.version(name) for name in LIBRARIES}
    now = {
        "form": FORM,
        "code": code(),
        "machine": machine(),
        "versions": versions | {"python": platform.python_version()},
        "pins": {name: list(pin) for name, pin in pins.items()},
    }
    if file.is_file():
        kept: dict[str, Any] = json.loads(file.read_text("utf-8"))
        if {key: kept.get(key) for key in now} == now:
            return kept
    return now | {"parts": {}}


def save(kept: dict[str, Any], file: Path) -> None:
    """Keeps them."""
    file.write_text(json.dumps(kept, indent=1), "utf-8")


def render(kept: dict[str, Any], speed: Mapping[str, Any]) -> str:
    """The page."""
    parts: dict[str, Any] = json.loads(json.dumps(kept["parts"]))
    where, versions = kept["machine"], kept["versions"]
    lines = [
        "# Speed of the validator",
        "",
        "Written by `bench/validator.py`; what it measures and how to run it again: [README.md](README.md).",
        "",
        f"{where['cores']} cores ({where['processor']}), {where['memory']} GB of memory, {where['system']}; Python "
        f"{versions['python']}, " + ", ".join(f"{name} {versions[name]}" for name in LIBRARIES) + ".",
        "",
        "Each figure is a median (least–most) of several runs, of one where both are equal; each is a process of its",
        "own, in turn with what it is compared with. Ratios are of whole processes, pair by pair. MB is the",
        "peak of the largest process; where children ran beside it, the largest sum follows.",
        *_speed({n: parts[n] for n in speed if n in parts}, speed),
        *_start(parts.get("start")),
        *_peers(parts),
        *_profile(parts.get("profile")),
        "",
        "## How to reproduce",
        "",
        "```",
        "make build",
        ".venv/bin/python bench/validator.py                      # an hour, 10 GB of disk",
        ".venv/bin/python bench/validator.py --only clean-100m    # 24 GB of text, deleted afterwards",
        ".venv/bin/python bench/at_size.py                        # large and broken input, full disks, killed builds",
        "```",
    ]
    return "\n".join(lines) + "\n"


def _span(three: Sequence[float], digits: int = 2) -> str:
    median, least, most = three
    return f"{median:.{digits}f} ({least:.{digits}f}–{most:.{digits}f})"


def _memory(told: dict[str, Any]) -> str:
    more = f" ({told['tree']:.0f} in {told['processes']} processes)" if told["processes"] > 1 else ""
    return f"{told['peak']:.0f}{more}"


def _verdict(part: dict[str, Any], goal: Any) -> str:
    if part["wrong"]:
        return "**wrong**"
    if part["rows"] != goal.rows:
        return "a trial"
    counted = part[part["counted"]]
    ratio = part[f"ratio_{part['counted']}"][0]
    states = []
    if goal.floor:
        states.append("reached" if ratio <= goal.target else "floor" if ratio <= goal.floor else "**missed**")
    if goal.memory:
        held = max(counted["peak"], counted["tree"]) <= goal.memory
        states.append(f"{'within' if held else '**over**'} {goal.memory} MB")
    return ", ".join(states)


def _speed(parts: dict[str, Any], goals: Mapping[str, Any]) -> list[str]:
    if not parts:
        return []
    lines = [
        "",
        "## Beside the base",
        "",
        "The base is DuckDB's `COPY (SELECT * FROM read_csv(…, explicit types)) TO … (FORMAT parquet, COMPRESSION",
        "zstd)` of the same file: it checks only that cells parse. With bad cells it reads the clean file, since it",
        "stops at the first. `build` is text in, all checks, typed Parquet out (`--no-database`); `validate` reports",
        "every problem as JSON Lines. The target is for `build` where the data is clean, else for `validate`. The last",
        "column but one is the whole process of `build` against the statement of the base alone.",
        "",
        "| part | rows | base s | build s | ratio | validate s | ratio | target (floor) | base MB | ours MB "
        "| statement | |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    notes = []
    for name, part in parts.items():
        if "not_run" in part:
            lines.append(f"| {name} | not run: {part['not_run']} |" + " |" * 10)
            continue
        goal = goals[name]
        aim = f"{goal.target} ({goal.floor})" if goal.floor else ""
        lines.append(
            f"| {name} | {part['rows']:,} | {_span(part['base']['seconds'])} | {_span(part['build']['seconds'])} "
            f"| {_span(part['ratio_build'])} | {_span(part['validate']['seconds'])} | {_span(part['ratio_validate'])} "
            f"| {aim} | {_memory(part['base'])} | {_memory(part[part['counted']])} | {_span(part['ratio_statement'])} "
            f"| {_verdict(part, goal)} |"
        )
        notes += [f"- {name}: {what}" for what in part["wrong"]]
        if part["planted"] and not part["wrong"]:
            notes.append(
                f"- {name}: all {part['planted']:,} faults reported, each once and on its line, and nothing else."
            )
        ours, base = part["written"]
        if ours:
            notes.append(
                f"- {name}: {part['text'] / 1e6:,.0f} MB of text; {ours / 1e6:,.0f} MB written, base {base / 1e6:,.0f}."
            )
    weights = ", ".join(f"{name} {kind.weight}" for name, kind in planted.KINDS.items() if kind.weight)
    return [
        *lines,
        "",
        *notes,
        "",
        f"The sixteen kinds: {', '.join(planted.SIXTEEN)}. The mix of the 1 % bad rows, in percent of them: {weights};",
        "and one unclosed quote, in the last row. Keys are in no order, but for `ordered`.",
    ]


def _start(part: dict[str, Any] | None) -> list[str]:
    if not part:
        return []
    return [
        "",
        "## Start-up",
        "",
        f"`bastions --help`: {_span(part['help']['seconds'])} s (target 0.15). `bastions validate` on 300 rows beside "
        f"tables of 20,000 and 2,000: {_span(part['few']['seconds'])} s (target 1), {part['few']['peak']:.0f} MB.",
    ]


def _peers(parts: dict[str, Any]) -> list[str]:
    lines: list[str] = []
    for name in ("frictionless", "frictionless-1m", "peers"):
        part = parts.get(name)
        if not part:
            continue
        title = "Other libraries" if name == "peers" else "frictionless validate"
        lines += ["", f"## {title}, {part['rows']:,} rows" if "rows" in part else f"## {title}", ""]
        if "not_run" in part:
            lines.append(f"Not run: {part['not_run']}")
            continue
        if name == "peers":
            lines += ["All checks that each supports, file to verdict; ours also writes Parquet in `build`.", ""]
        else:
            lines += [_times(part["peers"]["frictionless"], part["validate"]["codes"] == [0]), ""]
        nine, sixteen = part["found"]
        lines += [
            "| | s | own clock | times build | times validate | MB | of 9 | of 16 | leaves out |",
            "|---|---|---|---|---|---|---|---|---|",
            *(
                f"| bastions {v} | {_span(part[v]['seconds'])} | | | | {_memory(part[v])} | {nine} | {sixteen} | |"
                for v in ("build", "validate")
            ),
        ]
        for peer, told in part["peers"].items():
            lines.append(_peer(peer, told))
        lines += [
            "",
            "`own clock`: from reading the file to the verdict, without start and imports. `of 9`: failures found in",
            "files whose every cell parses, with nine faults (10: both rows of the duplicate). `of 16`: the same of",
            "sixteen kinds of bad cells.",
        ]
        if any(told["codes"] != [0] for told in (part["build"], part["validate"])):
            lines += ["", "**Ours failed: its figures mean nothing.**"]
    return lines


def _times(told: dict[str, Any], works: bool) -> str:
    if not works:
        return "Target: `validate` 50 times as fast; floor: 40. It failed."
    times = told.get("over_validate", [0])[0]
    verdict = "reached" if times >= 50 else "floor" if times >= 40 else "**missed**"
    return f"Target: `validate` 50 times as fast; floor: 40. It is {times:.0f} times: {verdict}."


def _peer(name: str, told: dict[str, Any]) -> str:
    if "not_run" in told:
        return f"| {name} | not run: {told['not_run']} |" + " |" * 7
    sixteen = f"{told['sixteen']}" + (f", stops: {told['stopped'].split(':')[0]}" if told["stopped"] else "")
    unfair = "" if told["fair"] and told["valid"] else "**does not check what it should**; "
    return (
        f"| {name} | {_span(told['seconds'])} | {_span(told['own'])} | {_span(told['over_build'])} "
        f"| {_span(told['over_validate'])} | {_memory(told)} | {told['nine']} | {sixteen} "
        f"| {unfair}{'; '.join(told['leaves_out'])} |"
    )


def _profile(part: dict[str, Any] | None) -> list[str]:
    if not part:
        return []
    if "not_run" in part:
        return ["", "## Over time", "", f"Not run: {part['not_run']}"]
    return [
        "",
        f"## Over time: build of {part['rows']:,} rows",
        "",
        f"{part['seconds']:.1f} s, {part['cpu']:.1f} s of work on all cores, {part['peak']:.0f} MB at most"
        + (f"; **it failed**: {part['error']}" if part["code"] else "."),
        "",
        "```",
        f"memory |{part['memory']}| full bar: {part['peak']:.0f} MB",
        f"cores  |{part['cores']}| full bar: 2 or more",
        "```",
    ]

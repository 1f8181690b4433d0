"""Seeds each way into each package, validates, and judges what was found; `Score` counts it by family."""

from __future__ import annotations

import signal
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from unittest.mock import patch

from bastions import claims, dataset, loader, validation
from bastions.problems import Problem, problem
from bastions.tabular import run
from bastions.validation import rules as stage_4

from .harness import FAULTS, HARMLESS, OURS, Expected, NotHere, Package, Way
from .packages import Packages

TESTS = Path(__file__).parents[1]

SECONDS = 60
"""How long one validation may take, as in the table of limits; what takes longer hangs."""

BAR = {"found": 0.99, "row": 0.97, "cell": 0.95}
"""The least share of seeded faults that are found, at their row, in their cell."""

WHOLE = ("cell", "key", "reference", "header", "descriptor", "resources", "spans")
"""Families of which every fault has to be found."""

OF_RULES = ("policy-error", "rule-error", "table-shrinks", "unused-waiver")
"""What the stage of the rules of `schemas/rules/` tells beside them, whose names are the ones with `__`."""


@dataclass(frozen=True)
class Verdict:
    """What was made of one seeded way.

    Attributes:
        way: The way.
        package: Name of the package.
        expected: What should have been found; nothing, of a harmless variation.
        found: Whether something was, of each that was expected.
        rule: Whether it has the right rule.
        row: Whether it has the right file and line.
        cell: Whether it has the right column too; None where none was expected.
        others: New errors that nobody expected, of a harmless variation every new finding.
        seen: All that is new against the clean package.
    """

    way: Way
    package: str
    expected: tuple[Expected, ...]
    found: bool
    rule: bool
    row: bool
    cell: bool | None
    others: tuple[Problem, ...]
    seen: tuple[Problem, ...]

    @property
    def right(self) -> bool:
        """Whether nothing is left to be wished for."""
        if not self.expected:
            return not self.others
        return self.found and self.rule and self.row and self.cell is not False

    def text(self) -> str:
        """The way, what was expected, and what was found instead."""
        lines = [f"{self.way.family}/{self.way.author}.{self.way.name} on {self.package}: {self.way.said}"]
        lines += [
            f"    expected {e.file}:{e.line}:{e.column} {e.pointer}[{' or '.join(e.rules)}]" for e in self.expected
        ]
        lines += [f"    got      {_told(p)}" for p in self.seen[:8]] or ["    got      nothing"]
        if len(self.seen) > 8:
            lines.append(f"    and {len(self.seen) - 8} more")
        return "\n".join(lines)


@dataclass
class Score:
    """The verdicts on a family, or on all.

    Attributes:
        verdicts: Of each package on which each way was seeded.
    """

    verdicts: list[Verdict] = field(default_factory=list)

    def share(self, what: str) -> float:
        """The share of seeded faults that are `found`, or have the right `rule`, `row` or `cell`; 1 of none."""
        marks = [getattr(v, what) for v in self.verdicts if v.expected and getattr(v, what) is not None]
        return sum(marks) / len(marks) if marks else 1.0

    def row(self, name: str) -> str:
        """A line of the table."""
        ways = len({(v.way.author, v.way.name) for v in self.verdicts})
        also = sum(bool(v.others) for v in self.verdicts)
        shares = "".join(f"{100 * self.share(what):>9.1f}" for what in ("found", "rule", "row", "cell"))
        return f"{name:<14}{ways:>6}{len(self.verdicts):>8}{shares}{also:>8}"


def short_of_bar(found: Iterable[Verdict]) -> list[str]:
    """What is short of the bar, in words; nothing where it is met."""
    found = list(found)
    score = Score(found)
    short = [f"{what}: {100 * score.share(what):.1f} %" for what, least in BAR.items() if score.share(what) < least]
    for family in WHOLE:
        missed = sum(v.way.family == family and bool(v.expected) and not v.found for v in found)
        short += [f"{family}: {missed} not found"] if missed else []
    alarms = sum(bool(v.others) for v in found if not v.expected)
    return [*short, *([f"{alarms} harmless variations with a finding"] if alarms else [])]


HEAD = f"{'family':<14}{'ways':>6}{'seeded':>8}{'found %':>9}{'rule %':>9}{'row %':>9}{'cell %':>9}{'others':>8}"


def verdicts(ways: Iterable[tuple[Way, str]], *, quick: bool = False) -> Iterator[Verdict]:
    """The verdict on each way in each package named beside it; those that cannot be seeded there are left out.

    Args:
        ways: Pairs of a way and the name of a package.
        quick: Whether the rules of `schemas/rules/` are left out where none of them is expected: they take most of the
            time, and an earlier stage has to find such a fault.
    """
    with tempfile.TemporaryDirectory(prefix="bastions-faults-") as folder:
        made = Packages(Path(folder).resolve())
        clean: dict[str, Counter[Problem]] = {}
        for way, name in ways:
            if name not in clean:
                clean[name] = Counter(findings(made.clean(name)))
            copy = made.copy(name)
            try:
                expected = _list(way.seed(copy))
            except NotHere:
                continue
            else:
                by_rules = any("__" in rule or rule in OF_RULES for one in expected for rule in one.rules)
                found = Counter(findings(copy, rules=not quick or by_rules))
                if way.family == "spans":
                    found += Counter(proofs(copy))
                yield judge(way, name, expected, list((found - clean[name]).elements()))
            finally:
                made.drop(copy)


def plan(where: dict[str, Way], *, share: Callable[[int, str], bool] = lambda _, __: True) -> list[tuple[Way, str]]:
    """Ways with the packages on which to try them, as `share(number of the way, package)` chooses."""
    pairs = [(i, way, name) for i, way in enumerate(where.values()) for name in way.packages]
    return sorted(
        ((w, n) for i, w, n in pairs if share(i, n)), key=lambda pair: (pair[1], pair[0].family, pair[0].name)
    )


def catalogue() -> tuple[dict[str, Way], dict[str, Way]]:
    """All ways to break a package and all harmless variations, every module of this folder read."""
    from importlib import import_module
    from pkgutil import iter_modules

    for module in iter_modules([str(Path(__file__).parent)]):
        if not module.name.startswith("_"):
            import_module(f".{module.name}", __package__)
    return FAULTS, HARMLESS


def findings(package: Package, *, rules: bool = True) -> list[Problem]:
    """What the validator says of a package. That it refuses to begin, fails or hangs is a finding of that name."""
    nothing = stage_4.Outcome([], 0, 0, 0, 0)
    without = nullcontext() if rules else patch.object(stage_4, "check", lambda *_, **__: nothing)
    try:
        with _in_time(), without:
            report = validation.validate(package.root) if package.name == OURS else run.validate(package.root)
    except _Hang:
        return [problem("hang", "", f"no end in {SECONDS} s")]
    except OSError as error:
        return [problem("refused", "", str(error))]
    except Exception as error:
        # Whatever it is, it is a fault of the validator.
        return [problem("traceback", "", f"{type(error).__name__}: {error}")]
    return list(report.problems)


def proofs(package: Package) -> list[Problem]:
    """The spans of the story that its text does not prove, as `bastions verify --text` finds them.

    A release carries no text, so that what a span says is proved by those who hold one. A span has the rule `changed`
    or `absent`, at the digest in its row; one whose offsets or digest are none, at which it ends, `no-span`.
    """
    data = dataset.read(loader.load(package.root))
    tables = {name: data.text[name].rows(named=True) for name in ("sources", *claims.TABLES)}
    text = (TESTS / "valid" / "text.txt").read_bytes()
    try:
        result = claims.verify(text, tables, source_id="orvessa-story")
    except claims.SourceError:
        return []  # there is no text to prove spans against, which `validate` has to say
    except claims.SpanError as error:
        table, record_id = str(error).partition(":")[0].split(" ", 1)
        return [_at_digest(package, "no-span", table, record_id, str(error))]
    unproved = [one for one in result.findings if one.status != "proved"]
    return [_at_digest(package, one.status, one.table, one.record_id, one.detail or "") for one in unproved]


def _at_digest(package: Package, rule: str, table: str, record_id: str, message: str) -> Problem:
    """A problem at the digest of a row, or the length of a source's text."""
    column = "text_length" if table == "sources" else "span_sha256"
    spot = package.of(table, record_id, column)
    line, number = package.line(spot.table, spot.row), package.column(spot.table, column)
    return problem(rule, package.file(spot.table), message, line=line, column=number)


def judge(way: Way, package: str, expected: list[Expected], seen: list[Problem]) -> Verdict:
    """Compares what is new with what was expected; each expectation is matched by the one problem that is nearest."""
    if not expected:
        allowed = way.allowed if package == OURS else ()
        others = [p for p in seen if p.severity == "error" or p.rule not in allowed]
        return Verdict(way, package, (), False, False, False, None, tuple(others), tuple(seen))
    marks, matched = [], set()
    for one in expected:
        # A warning about style beside it is no finding of an error.
        able = [p for p in seen if (p.severity == "error" or one.severity == "warning") and p.rule not in _FAILURES]
        best = max(able, key=lambda p: _marks(one, p), default=None)
        marks.append(_marks(one, best) if best else (False, False, False))
        matched.add(best)
    others = [p for p in seen if p.severity == "error" and p not in matched]
    rule, row, cell = (all(mark[i] for mark in marks) for i in range(3))
    whole = all(matched) and None not in matched
    exact = cell if any(one.column or one.pointer for one in expected) else None
    return Verdict(way, package, tuple(expected), whole, rule, row, exact, tuple(others), tuple(seen))


_FAILURES = ("hang", "traceback")


def _marks(expected: Expected, p: Problem) -> tuple[bool, bool, bool]:
    """Whether rule, row and cell of a problem are as expected."""
    row = p.file == expected.file and p.line == expected.line
    cell = expected.column in (0, p.column) and expected.pointer in ("", p.value)
    return p.rule in expected.rules, row, row and cell


def _list(said: object) -> list[Expected]:
    if said is None:
        return []
    return [said] if isinstance(said, Expected) else list(said)  # type: ignore[call-overload]


def _told(p: Problem) -> str:
    return f"{p.file}:{p.line}:{p.column} {p.value[:60]!r} {p.message[:150]} [{p.rule}, {p.severity}]"


class _Hang(Exception):
    """A validation took too long."""


@contextmanager
def _in_time() -> Iterator[None]:
    def ring(_: int, __: FrameType | None) -> None:
        raise _Hang

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)

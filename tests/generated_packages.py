"""Whole packages for Hypothesis: random schemas, dialects and keys; rows that are valid by construction; then faults.

A `Kind` is a type with its options and writes the *n*th of its values, each value in one way of its own; where a type
has an order, so have the values. So keys, references, bounds and lists of allowed values are chosen among numbers, and
nothing here asks the validator what a value is. A `Made` package knows of each record where it stands: which record it
is to a program that counts records, and on which physical line it begins.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

V2 = "https://datapackage.org/profiles/2.0/datapackage.json"
POOL = range(24)
"""The numbers of the values that valid rows are made of; faults reach beyond."""


@dataclass(frozen=True)
class Kind:
    """A way to write values.

    Attributes:
        cell: The *n*th value as a cell.
        wrong: Cells that are no values.
        odd: Cells that frictionless alone takes for values.
        again: The *n*th value written otherwise.
        order: Whether bounds apply.
        length: The length of a cell, where lengths apply.
        keyed: Whether frictionless can compare the values; of some it makes what Python cannot hash.
        many: Whether there are as many values as numbers.
        v2: Whether only version 2 of the specification has it.
    """

    type: str
    cell: Callable[[int], str]
    options: Mapping[str, Any] = field(default_factory=dict)
    wrong: tuple[str, ...] = ()
    odd: tuple[str, ...] = ()
    again: Callable[[int], str] | None = None
    order: bool = False
    length: Callable[[str], int] | None = None
    keyed: bool = True
    many: bool = True
    v2: bool = False


def _word(n: int) -> str:
    tails = ("", ", b", "", "\nz", ' "q"', "é", "; x", " 's", "\\t", "#", "|", " y ")
    return "abcdefghijklmnopqrstuvwxyz"[n % 26] * (1 + n // 26) + tails[n % len(tails)]


def _day(n: int) -> dt.date:
    return dt.date(2016, 2, 20) + dt.timedelta(days=n)


def _moment(n: int) -> dt.datetime:
    return dt.datetime(2017, 12, 31, 20, 0, 7) + dt.timedelta(minutes=37 * n)


def _german(n: int) -> str:
    return f"{n * 617.25:,.2f}".translate(str.maketrans(",.", ".,"))


_GEOJSON = '{{"type": "Point", "coordinates": [{n}, 2.5]}}'
_TOPOJSON = '{{"type": "Topology", "objects": {{"a": {{"type": "Point", "coordinates": [{n}, 2]}}}}, "arcs": []}}'

KINDS = (
    Kind("string", _word, length=len),
    Kind("string", lambda n: chr(97 + n % 26) + "bcd"[n % 3] + "xyzw"[n % 4] * (n // 12), length=len),
    Kind("string", lambda n: f"a{n}@example.org", {"format": "email"}, ("a@", "no one")),
    Kind("string", lambda n: f"https://example.org/{n}?a=b#c", {"format": "uri"}, ("example",)),
    Kind("string", lambda n: base64.b64encode(bytes([n, 77])).decode(), {"format": "binary"}, ("YWI",), ("!",)),
    Kind("string", lambda n: f"123e4567-e89b-12d3-a456-{n:012d}", {"format": "uuid"}, ("123e4567",)),
    Kind(
        "integer", lambda n: str(n - 5), {}, ("x", "1.5", "1e3", "1 2"), ("1_0", " 7 "), lambda n: f"{n - 5:+03d}", True
    ),
    Kind("integer", lambda n: f"EUR {n}", {"bareNumber": False}, ("x", "EUR"), again=lambda n: f"{n}%", order=True),
    Kind(
        "number",
        lambda n: str((n - 5) / 4),
        {},
        ("x", "1,5", "--1"),
        ("1_0", " 1.5", "1e999"),
        lambda n: f"{(n - 5) / 4:.3f}",
        True,
    ),
    Kind("number", _german, {"decimalChar": ",", "groupChar": "."}, ("x", "1,5,5"), order=True),
    Kind("number", lambda n: f"{n}.5%", {"bareNumber": False}, ("x",), again=lambda n: f"ca {n}.50", order=True),
    Kind(
        "boolean",
        lambda n: "TRUE" if n % 2 else "false",
        {},
        ("yes", "2"),
        (),
        lambda n: "1" if n % 2 else "0",
        many=False,
    ),
    Kind(
        "boolean",
        lambda n: "da" if n % 2 else "net",
        {"trueValues": ["da"], "falseValues": ["net"]},
        ("true",),
        many=False,
    ),
    Kind(
        "object",
        lambda n: json.dumps({"n": n, **{"ab"[k]: k for k in range(n % 3)}}),
        {},
        ("[1]", "{", "x"),
        (),
        lambda n: json.dumps({**{"ab"[k]: k for k in range(n % 3)}, "n": n}, separators=(",", ":")),
        length=lambda c: len(json.loads(c)),
        keyed=False,
    ),
    Kind(
        "array",
        lambda n: json.dumps([n, *"ab"[: n % 3]]),
        {},
        ("{}", "[1", "x"),
        (),
        lambda n: json.dumps([n, *"ab"[: n % 3]], indent=1),
        length=lambda c: len(json.loads(c)),
        keyed=False,
    ),
    Kind(
        "list", lambda n: ",".join([f"i{n}", *"ab"[: n % 3]]), length=lambda c: c.count(",") + 1, keyed=False, v2=True
    ),
    Kind(
        "list",
        lambda n: f"{n};{n + 1}" + ";7" * (n % 2),
        {"delimiter": ";", "itemType": "integer"},
        ("a;1", "1;;2"),
        length=lambda c: c.count(";") + 1,
        keyed=False,
        v2=True,
    ),
    Kind("date", lambda n: _day(n).isoformat(), {}, ("2017-02-29", "3/4/2017", "x"), ("2017-2-3",), order=True),
    Kind(
        "date",
        lambda n: f"{_day(n):%d/%m/%Y}",
        {"format": "%d/%m/%Y"},
        ("2017-02-03", "30/02/2017"),
        (),
        lambda n: f"{_day(n).day}/{_day(n).month}/{_day(n).year}",
        True,
    ),
    Kind(
        "date",
        lambda n: _day(n).isoformat(),
        {"format": "any"},
        ("x", "2017-02-30"),
        ("03/11/2017",),
        lambda n: f"{_day(n):%d %B %Y}",
        True,
    ),
    Kind(
        "time", lambda n: _moment(n % 6).time().isoformat(), {}, ("10:00", "25:00:00", "x"), ("10:00:00.5",), many=False
    ),
    Kind("time", lambda n: f"{n // 2:02}:{n % 2 * 30:02}", {"format": "%H:%M"}, ("24:00", "10"), order=True),
    Kind(
        "datetime",
        lambda n: _moment(n).isoformat(),
        {},
        ("2017-11-03", "2017-02-30T10:00:00"),
        ("2017-11-03 10:00:00",),
        order=True,
    ),
    Kind(
        "datetime",
        lambda n: f"{_moment(n):%Y%m%d %H%M%S}",
        {"format": "%Y%m%d %H%M%S"},
        ("2017-11-03T10:00:00",),
        order=True,
    ),
    Kind(
        "datetime",
        lambda n: _moment(n).isoformat() + ".250Z",
        {},
        ("2017-11-03T25:00:00Z",),
        (),
        lambda n: (_moment(n) + dt.timedelta(hours=2)).isoformat() + ".25+02:00",
        True,
    ),
    Kind("number", lambda n: f"{n}e3", {}, ("1e", "e5"), (), lambda n: f"{n}000.0", True),
    Kind("year", lambda n: f"{n + 1990}", {}, ("x", "17", "1.0"), order=True),
    Kind(
        "yearmonth",
        lambda n: f"{1990 + n // 12}-{n % 12 + 1:02}",
        {},
        ("2017-13", "2017", "x"),
        ("2017-1",),
        order=True,
    ),
    Kind("duration", lambda n: f"P{n + 1}D", {}, ("1D", "P", "x"), ("P2W",), lambda n: f"PT{24 * (n + 1)}H"),
    Kind("geopoint", lambda n: f"{n}.5, 50", {}, ("1", "200, 5", "x,y"), ("1,  2",), lambda n: f"{n}.50,50.0"),
    Kind(
        "geopoint",
        lambda n: f"[{n}, -1.5]",
        {"format": "array"},
        ("1,2", "[1]"),
        ('["1", 2]',),
        lambda n: f"[{n}.0,-1.5]",
    ),
    Kind(
        "geopoint",
        lambda n: f'{{"lon": {n}, "lat": 4}}',
        {"format": "object"},
        ('{"lon": 1}',),
        (),
        lambda n: f'{{"lat":4,"lon":{n}}}',
    ),
    Kind("geojson", lambda n: _GEOJSON.format(n=n), {}, ('{"type": "Dot"}', "x"), keyed=False),
    Kind("geojson", lambda n: _TOPOJSON.format(n=n), {"format": "topojson"}, ('{"type": "Dot"}', "x"), keyed=False),
    Kind("any", lambda n: f"v{n}"),
)


@dataclass
class Column:
    """A field, what its valid cells are, and how it stands in the file."""

    kind: Kind
    descriptor: dict[str, Any]
    allowed: list[int]
    missing: tuple[str, ...]
    needed: bool = False
    unique: bool = False
    tied: bool = False

    @property
    def name(self) -> str:
        return str(self.descriptor["name"])


@dataclass
class Row:
    """A record: its cells, how it is written where that is not as usual, and where it came to stand."""

    cells: list[str]
    raw: str | None = None
    number: int = 0
    file: str = ""
    line: int = 0


@dataclass
class Sheet:
    """A table: its descriptor in parts, its columns in the order of the file, its rows."""

    name: str
    columns: list[Column]
    schema: dict[str, Any]
    dialect: dict[str, Any]
    encoding: str
    labels: list[str | None]
    rows: list[Row]
    parts: int = 1
    comments: tuple[int, ...] = ()
    quoting: int = 0
    bom: bool = False
    other_header: bool = False
    more: dict[str, Any] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def at(self, name: str) -> int | None:
        """The number of a column in the file, from 0."""
        return next((i for i, c in enumerate(self.columns) if c.name == name), None)

    def cell(self, number: int, name: str) -> str | None:
        """The cell of a record in a column; None where there is none."""
        place = self.at(name)
        row = next((r for r in self.rows if r.number == number), None)
        return row.cells[place] if row and place is not None and place < len(row.cells) else None

    @property
    def paths(self) -> list[str]:
        return [f"{self.name}.csv"] if self.parts == 1 else [f"{self.name}.{i}.csv" for i in range(self.parts)]

    @property
    def end(self) -> str:
        return str(self.dialect["lineTerminator"])

    def text(self, cells: Sequence[str]) -> str:
        """A record as it is written."""
        return str(self.dialect["delimiter"]).join(self.quoted(cell, first=not i) for i, cell in enumerate(cells))

    def quoted(self, cell: str, *, first: bool) -> str:
        """A cell as it is written."""
        quote, escape = self.dialect["quoteChar"], self.dialect.get("escapeChar", "")
        comment = self.dialect.get("commentChar", "")
        signs = [self.dialect["delimiter"], quote, escape, "\n", "\r"]
        if escape and not self.quoting % 4 and "\n" not in cell and not cell.startswith(" "):
            escaped = "".join(map(re.escape, (escape, quote, self.dialect["delimiter"])))
            self.quoting += 1
            return re.sub(f"[{escaped}]", lambda found: escape + found[0], cell)
        spaced = cell.startswith(" ") and self.dialect["skipInitialSpace"]
        self.quoting = (self.quoting * 7 + 3) % 101
        if any(sign and sign in cell for sign in signs) or spaced or (not self.quoting % 5 and not (first and comment)):
            if escape:
                cell = cell.replace(escape, escape * 2)
            inner = cell.replace(quote, quote * 2 if self.dialect["doubleQuote"] else escape + quote)
            cell = f"{quote}{inner}{quote}"
        return " " * (self.dialect["skipInitialSpace"] and not self.quoting % 3) + cell

    def write(self, root: Path) -> None:
        """Writes the parts, and notes of each row where it stands."""
        number, per = 0, -(-len(self.rows) // self.parts) or 1
        comment = self.dialect.get("commentChar")
        for i, path in enumerate(self.paths):
            out, line = "", 1
            if self.dialect.get("headerRows") == [2]:
                out, number, line = f"a title{self.end}", number + 1, line + 1
            if self.dialect["header"]:
                labels = [label for label in self.labels if label is not None]
                if i and self.other_header:
                    labels = labels[::-1] if len(labels) > 1 else ["other"]
                out += self.text(labels) + self.end
                number += not i
                line += 1
            for k, row in enumerate(self.rows[i * per : (i + 1) * per]):
                if comment and k in self.comments:
                    out += f"{comment} a note{self.end}"
                    number, line = number + 1, line + 1
                if number + 1 in self.dialect.get("commentRows", ()):
                    out += f"a note{self.end}"
                    number, line = number + 1, line + 1
                written = self.text(row.cells) if row.raw is None else row.raw
                number += 1
                row.number, row.file, row.line = number, path, line
                out += written + self.end
                line += written.count("\n") + 1
            data = out.encode(self.encoding)
            (root / path).write_bytes(b"\xef\xbb\xbf" * self.bom + data)

    def resource(self, v2: bool) -> dict[str, Any]:
        path = self.paths if self.parts > 1 else self.paths[0]
        kind = {"type": "table"} if v2 else {"profile": "tabular-data-resource"}
        more = {"format": "csv", "encoding": self.encoding, "dialect": self.dialect, "schema": self.schema}
        made = {"name": self.name, **kind, "path": path, **more, **self.more}
        return {name: value for name, value in made.items() if value is not None}


def sheet(text: str, *fields: Any, name: str = "t0", dialect: Mapping[str, Any] | None = None, **more: Any) -> Sheet:
    """A table as it is given: each line a record, of which the first is the header.

    Args:
        text: The file.
        fields: Descriptors of the fields, or their types alone; they are named a, b, c and so on.
        name: Of the table.
        dialect: What is not as usual.
        more: Attributes of `Sheet`; what it does not have is of the schema.
    """
    made = {**DIALECT, **(dialect or {})}
    described = [
        {"name": chr(97 + i), **({"type": given} if isinstance(given, str) else given)}
        for i, given in enumerate(fields)
    ]
    columns = [Column(KINDS[-1], field, [], ("",)) for field in described]
    of_sheet = {key: more.pop(key) for key in ("encoding", "parts", "bom", "other_header", "more") if key in more}
    lines = [line.split(made["delimiter"]) for line in text.splitlines()]
    labels = lines.pop(0) if made["header"] else []
    rows = [Row(cells, made["delimiter"].join(cells)) for cells in lines]
    encoding = of_sheet.pop("encoding", "utf-8")
    return Sheet(name, columns, {"fields": described, **more}, made, encoding, [*labels], rows, **of_sheet)


@dataclass
class Made:
    """A package, and what was done to it after it was valid."""

    v2: bool
    sheets: list[Sheet]

    def __getitem__(self, name: str) -> Sheet:
        return next(sheet for sheet in self.sheets if sheet.name == name)

    @property
    def faults(self) -> list[str]:
        return [fault for sheet in self.sheets for fault in sheet.faults]

    def write(self, root: Path) -> None:
        """Writes the files and the descriptor."""
        head = {"$schema": V2} if self.v2 else {"profile": "tabular-data-package"}
        descriptor = {**head, "name": "p", "resources": [sheet.resource(self.v2) for sheet in self.sheets]}
        for sheet in self.sheets:
            sheet.write(root)
        (root / "datapackage.json").write_text(json.dumps(descriptor), "utf-8")

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self))

    def __repr__(self) -> str:
        told = [f"faults {self.faults}"]
        for sheet in self.sheets:
            told.append(json.dumps(sheet.resource(self.v2), ensure_ascii=False))
            told += [f"  {row.number} {row.file}:{row.line} {row.raw or row.cells}" for row in sheet.rows]
        return "\n".join(told)


DIALECT: dict[str, Any] = {
    "delimiter": ",", "quoteChar": '"', "doubleQuote": True, "lineTerminator": "\n", "skipInitialSpace": False,
    "header": True,
}  # fmt: skip
"""All that frictionless would sniff otherwise."""


@st.composite
def dialects(draw: st.DrawFn) -> dict[str, Any]:
    """A dialect, with everything declared that frictionless would sniff."""
    made = dict(DIALECT)
    if draw(st.booleans()):
        return made
    made["delimiter"] = draw(st.sampled_from([",", ";", "\t", "|"]))
    made["quoteChar"] = draw(st.sampled_from(['"', '"', "'"]))
    made["lineTerminator"] = draw(st.sampled_from(["\n", "\r\n"]))
    made["header"] = draw(st.integers(0, 4)) > 0
    made["skipInitialSpace"] = draw(st.integers(0, 4)) == 0
    if draw(st.integers(0, 3)) == 0:
        made["commentChar"] = "#"
    if draw(st.integers(0, 3)) == 0:
        made["escapeChar"], made["doubleQuote"] = "\\", draw(st.booleans())
    return made


def _constrained(draw: st.DrawFn, column: Column, v2: bool) -> None:
    """Adds constraints to a column, and leaves it the values that keep them."""
    kind, given = column.kind, dict[str, Any]()
    keep = column.allowed
    choice = draw(st.integers(0, 5))
    if choice == 1 and kind.type not in ("list",):
        keep = sorted(draw(st.sets(st.sampled_from(keep), min_size=2, max_size=8)))
        given["enum"] = list(dict.fromkeys(kind.cell(n) for n in keep))
        if kind.type in ("object", "array") and draw(st.booleans()):
            given["enum"] = [json.loads(text) for text in given["enum"]]
        if kind.type == "boolean":
            given["enum"] = list({kind.cell(n): 0 for n in keep})
    elif choice in (2, 3) and kind.order:
        low, high = sorted(draw(st.tuples(st.sampled_from(keep), st.sampled_from(keep))))
        strict = v2 and draw(st.booleans())
        if draw(st.booleans()):
            given["exclusiveMinimum" if strict else "minimum"] = kind.cell(low)
            keep = [n for n in keep if n > low or (n == low and not strict)]
        if draw(st.booleans()):
            given["exclusiveMaximum" if strict else "maximum"] = kind.cell(high)
            keep = [n for n in keep if n < high or (n == high and not strict)]
        if kind.type in ("integer", "number", "year") and not kind.options:
            given = {name: json.loads(value) for name, value in given.items()}
    elif choice in (2, 3) and kind.length:
        lengths = sorted({kind.length(kind.cell(n)) for n in keep})
        low, high = sorted(draw(st.tuples(st.sampled_from(lengths), st.sampled_from(lengths))))
        if draw(st.booleans()):
            given["minLength"] = low
        if draw(st.booleans()) or not given:
            given["maxLength"] = high
        low = given.get("minLength", 0)
        high = given.get("maxLength", 99)
        keep = [n for n in keep if low <= kind.length(kind.cell(n)) <= high]
    elif choice == 4 and kind.type == "string" and "format" not in kind.options:
        pattern = draw(st.sampled_from(["[a-m].*", r"\w+", "[^x]*", r"[a-z]{1,3}", "a.*|b.*|[c-z]", r".+[\s\S]*"]))
        given["pattern"] = pattern
        keep = [n for n in keep if re.fullmatch(pattern, kind.cell(n), re.ASCII) and "\n" not in kind.cell(n)]
    elif choice == 5 and v2 and kind.type == "string" and "format" not in kind.options:
        keep = sorted(draw(st.sets(st.sampled_from(keep), min_size=2, max_size=8)))
        column.descriptor["categories"] = [kind.cell(n) for n in keep]
    if draw(st.integers(0, 2)) == 0:
        column.needed = given["required"] = True
    if len(keep) >= 1:
        column.allowed = keep
    else:
        given = {name: value for name, value in given.items() if name == "required"}
        column.descriptor.pop("categories", None)
    if given:
        column.descriptor["constraints"] = given


def _column(draw: st.DrawFn, name: str, v2: bool, missing: tuple[str, ...], kind: Kind | None = None) -> Column:
    kind = kind or draw(st.sampled_from([kind for kind in KINDS if v2 or not kind.v2]))
    descriptor = {"name": name, "type": kind.type, **kind.options}
    if v2 and draw(st.integers(0, 5)) == 0:
        missing = draw(st.sampled_from([("", "none"), ("-",), ()]))
        descriptor["missingValues"] = list(missing)
    column = Column(kind, descriptor, list(POOL), missing)
    _constrained(draw, column, v2)
    return column


def _tied(
    draw: st.DrawFn, columns: list[Column], keys: list[dict[str, Any]], target: Sheet, rows: list[list[int | None]],
    far: list[Column], missing: tuple[str, ...],
) -> list[tuple[int, list[list[int | None]]]]:  # fmt: skip
    """Adds a reference of two fields; at which column, and the pairs that are there."""
    places = [target.columns.index(column) for column in far]
    pairs = [[row[place] for place in places] for row in rows]
    pairs = [pair for pair in pairs if None not in pair]
    if not pairs:
        return []
    first = len(columns)
    for column in far:
        descriptor = {"name": f"c{len(columns)}", "type": column.kind.type, **column.kind.options}
        columns.append(Column(column.kind, descriptor, list(POOL), missing, tied=True))
    own = [column.name for column in columns[first:]]
    keys.append({"fields": own, "reference": {"resource": target.name, "fields": [column.name for column in far]}})
    return [(first, pairs)]


def _references(
    draw: st.DrawFn, columns: list[Column], before: Sequence[tuple[Sheet, list[list[int | None]]]], v2: bool,
    missing: tuple[str, ...],
) -> tuple[list[dict[str, Any]], list[tuple[int, list[list[int | None]]]]]:  # fmt: skip
    """Adds columns that refer to earlier tables: of the same kind, and with values that are there."""
    keys: list[dict[str, Any]] = []
    ties: list[tuple[int, list[list[int | None]]]] = []
    for target, rows in before:
        able = [c for c in target.columns if c.kind.keyed and c.kind.many and c.name != "more"]
        if not able or not draw(st.booleans()):
            continue
        far = draw(st.sampled_from(able))
        place = target.columns.index(far)
        if there := sorted({n for row in rows if (n := row[place]) is not None}):
            descriptor = {"name": f"c{len(columns)}", "type": far.kind.type, **far.kind.options}
            columns.append(Column(far.kind, descriptor, there, missing))
            reference = {"resource": target.name, "fields": [far.name]}
            keys.append({"fields": [str(descriptor["name"])], "reference": reference})
        if len(able) > 1 and draw(st.integers(0, 2)) == 0:
            ties += _tied(draw, columns, keys, target, rows, able[:2], missing)
    return keys, ties


def _own_keys(draw: st.DrawFn, columns: list[Column], count: int, v2: bool) -> dict[str, Any]:
    """The keys of a table, as parts of its schema; columns in them are to be unique."""
    schema: dict[str, Any] = {}
    able = [c for c in columns if c.kind.keyed and c.kind.many and len(c.allowed) >= count and not c.tied]
    if draw(st.booleans()) and able:
        primary = draw(st.lists(st.sampled_from(able), min_size=1, max_size=2, unique_by=lambda column: column.name))
        schema["primaryKey"] = primary[0].name if len(primary) == 1 and not v2 else [c.name for c in primary]
        for column in primary:
            column.needed = True
        primary[0].unique = True
    if able and draw(st.integers(0, 2)) == 0:
        column = draw(st.sampled_from(able))
        column.unique = True
        column.descriptor.setdefault("constraints", {})["unique"] = True
    if v2 and able and draw(st.integers(0, 3)) == 0:
        column = draw(st.sampled_from(able))
        column.unique = True
        other: Column = draw(st.sampled_from(columns))
        schema["uniqueKeys"] = [list(dict.fromkeys([column.name, other.name]))]
    return schema


def _sheet(draw: st.DrawFn, v2: bool, before: Sequence[tuple[Sheet, list[list[int | None]]]]) -> Any:
    """A valid table: its columns, its schema but for its fields, its references, the numbers of its values."""
    missing = draw(st.sampled_from([("",), ("",), ("", "NA"), ("-",), ()]))
    schema: dict[str, Any] = {} if missing == ("",) and draw(st.booleans()) else {"missingValues": list(missing)}
    columns = [_column(draw, f"c{i}", v2, missing) for i in range(draw(st.integers(1, 4)))]
    keys, ties = _references(draw, columns, before, v2, missing)
    count = draw(st.integers(0, 7))
    schema.update(_own_keys(draw, columns, count, v2))
    numbers: list[list[int | None]] = [[None] * len(columns) for _ in range(count)]
    for place, column in enumerate(columns):
        if column.unique:
            drawn: list[int | None] = [*draw(st.permutations(column.allowed))[:count]]
        else:
            drawn = [*draw(st.lists(st.sampled_from(column.allowed), min_size=count, max_size=count))]
        if not column.needed and column.missing:
            drawn = [None if draw(st.integers(0, 4)) == 0 else n for n in drawn]
        for row, n in zip(numbers, drawn, strict=True):
            row[place] = n
    for place, pairs in ties:
        for row in numbers:
            row[place : place + 2] = draw(st.sampled_from(pairs))
    # A row without values would be blank, or nearly.
    return columns, schema, keys, [row for row in numbers if any(n is not None for n in row)]


def _to_itself(draw: st.DrawFn, columns: list[Column], numbers: list[list[int | None]], v2: bool) -> Any:
    """Adds a column that refers to a key of the table itself; the references, none or one."""
    single = [(place, column) for place, column in enumerate(columns) if column.unique]
    if not single or draw(st.integers(0, 2)):
        return []
    place, key = single[0]
    there = [n for row in numbers if (n := row[place]) is not None]
    if not there:
        return []
    descriptor = {"name": "self", "type": key.kind.type, **key.kind.options, "missingValues": list(key.missing)}
    if "missingValues" not in key.descriptor:
        del descriptor["missingValues"]
    columns.append(Column(key.kind, descriptor, there, key.missing))
    for row in numbers:
        row.append(draw(st.sampled_from(there)))
    return [{"fields": ["self"], "reference": {"fields": [key.name]} | ({} if v2 else {"resource": ""})}]


def _matched(draw: st.DrawFn, columns: list[Column], schema: dict[str, Any]) -> list[int]:
    """Chooses how columns and fields match, and which columns stand in the file, in order."""
    order = list(range(len(columns)))
    schema["fieldsMatch"] = draw(st.sampled_from(["exact", "equal", "subset", "superset", "partial"]))
    if schema["fieldsMatch"] == "exact":
        return order
    if schema["fieldsMatch"] in ("superset", "partial"):
        keys = json.dumps([schema.get(name) for name in ("primaryKey", "uniqueKeys", "foreignKeys")])
        away = [k for k, c in enumerate(columns) if not (c.needed or c.unique or f'"{c.name}"' in keys)]
        if away and len(order) > 1 and draw(st.booleans()):
            order.remove(draw(st.sampled_from(away)))
    return list(draw(st.permutations(order)))


@st.composite
def packages(draw: st.DrawFn) -> Made:
    """A package that is valid by construction."""
    v2 = draw(st.booleans())
    sheets: list[tuple[Sheet, list[list[int | None]]]] = []
    for i in range(draw(st.integers(1, 3))):
        columns, schema, keys, numbers = _sheet(draw, v2, sheets)
        keys += _to_itself(draw, columns, numbers, v2)
        schema = {"fields": [column.descriptor for column in columns], **schema}
        if keys:
            schema["foreignKeys"] = keys
        dialect = draw(dialects())
        dialect["header"] |= not numbers  # else it would be an empty file
        matched = v2 and dialect["header"] and draw(st.integers(0, 2)) == 0
        order = _matched(draw, columns, schema) if matched else list(range(len(columns)))
        columns = [columns[k] for k in order]
        numbers = [[row[k] for k in order] for row in numbers]
        numbers = [row for row in numbers if any(n is not None for n in row)]
        if schema.get("fieldsMatch") in ("subset", "partial") and draw(st.booleans()):
            columns.append(Column(KINDS[-1], {"name": "more", "type": "any"}, [1], ("",)))
            numbers = [[*row, 1] for row in numbers]
        parts = draw(st.sampled_from([1, 1, 1, 2, 3]))
        parts = parts if len(numbers) >= parts * 2 else 1
        encoding = draw(st.sampled_from(["utf-8", "utf-8", "utf-8", "latin-1"]))
        if v2 and parts == 1 and draw(st.integers(0, 5)) == 0:
            dialect["commentRows"] = [3, 5]
        if v2 and parts == 1 and dialect["header"] and draw(st.integers(0, 5)) == 0:
            dialect["headerRows"] = [2]
        comments = (0, 2) if "commentChar" in dialect else ()
        labels: list[str | None] = [column.name for column in columns]
        rows = [Row(_written(draw, columns, row)) for row in numbers]
        sheets.append((Sheet(f"t{i}", columns, schema, dialect, encoding, labels, rows, parts, comments), numbers))
    return Made(v2, [made for made, _ in sheets])


def _written(draw: st.DrawFn, columns: Sequence[Column], numbers: Sequence[int | None]) -> list[str]:
    pairs = zip(columns, numbers, strict=True)
    return [draw(st.sampled_from(c.missing)) if n is None else c.kind.cell(n) for c, n in pairs]


FAULTS = (
    "wrong", "odd", "missing", "other", "again", "copy", "copy-cell", "drop",
    "wrong", "odd", "missing", "other", "again", "copy", "copy-cell", "drop",
    "wrong", "odd", "missing", "other", "again", "copy", "copy-cell", "drop",
    "extra", "short", "blank", "empties", "missings", "stray", "unclosed", "bom", "nul", "formula", "break",
    "label-wrong", "label-twice", "label-drop", "label-extra", "label-swap", "label-space", "label-blank",
    "label-case", "column-drop", "part-header",
)  # fmt: skip
"""What can be done to a package."""


@st.composite
def broken_packages(draw: st.DrawFn) -> Made:
    """A package with a few faults, or none."""
    made = draw(packages())
    for _ in range(draw(st.integers(0, 3))):
        fault = draw(st.sampled_from(FAULTS))
        which = draw(st.tuples(st.integers(0, 2), st.integers(0, 9), st.integers(0, 5), st.integers(0, 40)))
        spoil(made, fault, *which)
    return made


def spoil(made: Made, fault: str, which: int, at: int, column: int, n: int) -> None:
    """Does one thing to a package; nothing where it cannot be done.

    Args:
        made: The package.
        fault: One of `FAULTS`.
        which: The number of a table, and so on: larger numbers begin again from 0.
        at: Of a row.
        column: Of a column.
        n: Of a value.
    """
    sheet = made.sheets[which % len(made.sheets)]
    place = column % len(sheet.columns)
    if fault.startswith(("label", "column")):
        done = _spoil_labels(sheet, fault, place)
    elif fault in ("bom", "part-header"):
        done = (sheet.encoding == "utf-8") if fault == "bom" else sheet.parts > 1
        sheet.bom |= done and fault == "bom"
        sheet.other_header |= done and fault == "part-header" and bool(sheet.dialect["header"])
    else:
        done = bool(sheet.rows) and _spoil_row(sheet, fault, at % len(sheet.rows), place, n)
    if done:
        sheet.faults.append(fault)


def _spoil_labels(sheet: Sheet, fault: str, place: int) -> bool:
    labels = sheet.labels
    label = labels[place] if place < len(labels) else None
    if not sheet.dialect["header"] or label is None:
        return False
    if fault == "label-wrong":
        labels[place] = "zzz"
    elif fault == "label-twice":
        labels[place] = labels[0]
        return place > 0
    elif fault == "label-drop":
        labels[place] = None
        return len([label for label in labels if label is not None]) > 0
    elif fault == "label-extra":
        labels.append("extra")
    elif fault == "label-swap":
        labels[0], labels[place] = labels[place], labels[0]
        return place > 0
    elif fault == "label-space":
        labels[place] = f"{label} "
    elif fault == "label-blank":
        labels[place] = ""
    elif fault == "label-case":
        labels[place] = label.upper()
    elif fault == "column-drop":
        labels[place] = None
        for row in sheet.rows:
            del row.cells[place : place + 1]
        return len(sheet.columns) > 1
    return True


def _spoil_row(sheet: Sheet, fault: str, at: int, place: int, n: int) -> bool:
    row, kind, column = sheet.rows[at], sheet.columns[place].kind, sheet.columns[place]
    other = sheet.rows[n % len(sheet.rows)]
    if fault in ("blank", "empties", "missings"):
        cells = {"blank": [], "empties": [""] * len(sheet.columns)}.get(fault)
        if cells is None:
            cells = [c.missing[-1] if c.missing else "" for c in sheet.columns]
        sheet.rows.insert(at, Row(list(cells)))
    elif fault == "drop":
        del sheet.rows[at]
        return True
    elif fault == "copy":
        sheet.rows.insert(at, Row(list(other.cells)))
    elif fault == "extra":
        row.cells += ["x"] * (1 + n % 2)
    elif fault == "short":
        del row.cells[-1 - n % 2 :]
    elif place >= len(row.cells) or (fault == "copy-cell" and place >= len(other.cells)):
        return False
    elif fault in ("wrong", "odd"):
        forms = kind.wrong if fault == "wrong" else kind.odd
        row.cells[place] = forms[n % len(forms)] if forms else row.cells[place]
        return bool(forms)
    elif fault == "missing":
        row.cells[place] = column.missing[n % len(column.missing)] if column.missing else ""
    elif fault == "other":
        row.cells[place] = kind.cell(n)
    elif fault == "again":
        row.cells[place] = (kind.again or kind.cell)(n % len(POOL))
    elif fault == "copy-cell":
        row.cells[place] = other.cells[place]
    elif fault == "break":
        row.cells[place] += "\n"
    elif fault == "formula" and kind.type == "string":
        row.cells[place] = f"={n}"
    elif fault in ("stray", "unclosed", "nul"):
        quote = sheet.dialect["quoteChar"]
        raw = {"stray": f"a{quote}b", "unclosed": f"{quote}ab", "nul": "a\0b"}[fault]
        before = [sheet.quoted(cell, first=not i) for i, cell in enumerate(row.cells[:place])]
        after = [sheet.quoted(cell, first=False) for cell in row.cells[place + 1 :]]
        row.raw = str(sheet.dialect["delimiter"]).join([*before, raw, *after])
    else:
        return False
    return True

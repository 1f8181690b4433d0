"""The small changes of Python code that `code_mutants.py` tries, each at one place of one file.

Comparisons, arithmetic, `and`/`or`/`not`, numbers, True and False, bytes, texts that something is compared with, bounds
of slices, optional arguments; `if` taken always or never; a statement left out; `return None`. Nothing is changed in
what has no effect that a test should notice: documentation, annotations and other types, decorators, f-strings and
other texts for people, `assert`, and `strict=True` of `zip`, which is one.
"""

from __future__ import annotations

import ast
import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Change:
    """One change: bytes `start` to `end` of a file become `new`.

    `lines` are those of what is changed, from 1; `names` are given by the statement that it stands in, where that is
    no part of a function and so runs when the module is imported, or by the function, where it remembers its results:
    whoever uses them depends on what stands there without running it.
    """

    path: str
    function: str
    lines: range
    names: frozenset[str]
    start: int
    end: int
    new: str
    what: str

    def __str__(self) -> str:
        return f"{self.path}:{self.lines.start} ({self.function}): {self.what}"

    def applied(self, source: bytes) -> bytes:
        """The file's bytes with the change."""
        return source[: self.start] + self.new.encode() + source[self.end :]

    def order(self, seed: int) -> str:
        """Its place in the sample of a seed, which no change elsewhere moves."""
        return hashlib.sha256(f"{seed} {self.path} {self.function} {self.what}".encode()).hexdigest()


_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitAnd,
}
_TYPES = {"tuple", "list", "dict", "set", "frozenset", "type", "Literal", "Callable", "Mapping", "Sequence", "Iterator"}
_TYPES |= {"Iterable", "Annotated", "Any", "str", "bytes", "int", "float", "bool", "None"}
_COMPARING = {"startswith", "endswith", "get", "pop", "removeprefix", "removesuffix", "partition", "rpartition"}
_COMPARING |= {"strip", "lstrip", "rstrip", "split", "find", "rfind", "count", "translate"}
_FOR_PEOPLE = {"hint", "message", "strict"}

_TRUE, _FALSE = ast.Constant(value=True), ast.Constant(value=False)

New = tuple[ast.AST, ast.AST | None, ast.AST]
"""What is replaced, by what (None: by nothing, it is left out of the third), and what is shown of it."""


def changes(path: str, source: bytes) -> list[Change]:
    """Every change of a file, in the order of its places; equal ones in one function are numbered."""
    finder = _Finder(path, source)
    finder.look(ast.parse(source), "module", frozenset(), ())
    seen: Counter[tuple[str, str]] = Counter()
    made = []
    for change in sorted(finder.found, key=lambda one: one.start):
        seen[key := (change.function, change.what)] += 1
        made.append(replace(change, what=f"{change.what} ({seen[key]})") if seen[key] > 1 else change)
    return made


class _Finder:
    def __init__(self, path: str, source: bytes) -> None:
        self.path = path
        self.starts = [0]
        for line in source.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))
        self.found: list[Change] = []

    def look(self, node: ast.AST, function: str, names: frozenset[str], parents: tuple[ast.AST, ...]) -> None:
        """Notes the changes of a node and of what is in it."""
        inside = (*parents, node)
        for what, by, shown in _news(node, parents):
            self.note(what, by, shown, function, names)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            name = node.name if function == "module" else f"{function}.{node.name}"
            of = frozenset() if _in_function(parents) else names | {node.name}
            kept = of if isinstance(node, ast.ClassDef) else frozenset({node.name} if _remembers(node) else ())
            for statement in node.body:
                self.look(statement, name, kept, inside)
            if not isinstance(node, ast.ClassDef):
                for default in [*node.args.defaults, *filter(None, node.args.kw_defaults)]:
                    self.look(default, name, of, inside)
            return
        if isinstance(node, ast.Assign | ast.AnnAssign) and not _in_function(parents):
            names |= {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
        for child in _children(node):
            self.look(child, function, names, inside)

    def note(self, node: ast.AST, by: ast.AST | None, shown: ast.AST, function: str, names: frozenset[str]) -> None:
        where: ast.expr | ast.stmt = node  # type: ignore[assignment]
        before, after = _shown(shown, node, by)
        text = "pass" if by is None else ast.unparse(by)
        if isinstance(by, ast.expr) and not isinstance(by, ast.Constant | ast.Slice | ast.Name):
            text = f"({text})"
        last = where.end_lineno or where.lineno
        self.found.append(
            Change(
                self.path,
                function,
                range(where.lineno, last + 1),
                names,
                self.starts[where.lineno - 1] + where.col_offset,
                self.starts[last - 1] + (where.end_col_offset or 0),
                text,
                f"{before} -> {after}",
            )
        )


def _remembers(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any("cache" in ast.unparse(one) for one in node.decorator_list)


def _in_function(parents: tuple[ast.AST, ...]) -> bool:
    return any(isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) for one in parents)


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """What may be changed in a node."""
    match node:
        case ast.JoinedStr() | ast.Assert() | ast.Import() | ast.ImportFrom() | ast.Raise(exc=None):
            return
        case ast.Expr(value=ast.Constant()):
            return
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            yield from node.orelse
        case ast.Assign(targets=[ast.Name(id="__all__")]):
            return
        case ast.AnnAssign():
            if node.value:
                yield node.value
        case ast.Subscript(value=ast.Name(id=name)) if name in _TYPES:
            return
        case ast.Call(func=ast.Name(id="cast" | "TypeVar" | "NewType" | "isinstance")):
            yield from node.args[1:] if node.func.id == "cast" else node.args[:1]  # type: ignore[attr-defined]
        case ast.Raise(exc=ast.Call() as made):
            yield from (one for one in ast.iter_child_nodes(made) if not isinstance(one, ast.Constant))
        case ast.keyword(arg=name) if name in _FOR_PEOPLE:
            return
        case ast.Lambda():
            yield node.body
        case _:
            yield from ast.iter_child_nodes(node)


def _news(node: ast.AST, parents: tuple[ast.AST, ...]) -> Iterator[New]:
    """The changes of a node itself."""
    parent = parents[-1] if parents else node
    match node:
        case ast.Compare():
            for at, op in enumerate(node.ops):
                for other in _COMPARISONS[type(op)]:
                    ops = [*node.ops[:at], other(), *node.ops[at + 1 :]]
                    yield node, ast.Compare(node.left, ops, node.comparators), node
        case ast.BinOp() if not _text(node.left) and not _text(node.right) and not _type(node):
            yield node, ast.BinOp(node.left, _ARITHMETIC.get(type(node.op), ast.Add)(), node.right), node
        case ast.BoolOp():
            yield node, ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values), node
            for at in range(len(node.values)):
                rest = node.values[:at] + node.values[at + 1 :]
                yield node, rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest), node
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield node, node.operand, node
        case ast.Constant():
            around = parents[-2] if isinstance(parent, ast.Slice) else parent
            yield from ((node, ast.Constant(value=value), around) for value in _constants(node.value, node, parents))
        case ast.If(test=test) if not isinstance(test, ast.Name) or test.id != "TYPE_CHECKING":
            yield from ((test, value, test) for value in (_TRUE, _FALSE))
        case ast.IfExp(test=test):
            yield from ((test, value, node) for value in (_TRUE, _FALSE))
        case ast.While(test=test) if not isinstance(test, ast.Constant):
            yield test, _FALSE, test
        case ast.comprehension():
            yield from ((test, _TRUE, parent) for test in node.ifs)
        case ast.Return(value=value) if value and not (isinstance(value, ast.Constant) and value.value is None):
            yield node, ast.Return(ast.Constant(value=None)), node
        case ast.Expr(value=ast.Call() | ast.Yield() | ast.YieldFrom() | ast.Await()):
            yield node, None, node
        case ast.Assign() if _has_a_value_without(node, parents):
            yield node, None, node
        case ast.AugAssign() | ast.Raise():
            yield node, None, node
        case ast.Continue() | ast.Break():
            yield node, ast.Break() if isinstance(node, ast.Continue) else ast.Continue(), node
        case ast.Slice():
            if node.lower:
                yield node, ast.Slice(None, node.upper, node.step), parent
            if node.upper:
                yield node, ast.Slice(node.lower, None, node.step), parent
        case ast.Call() if not isinstance(parent, ast.Raise):
            for keyword in node.keywords:
                if keyword.arg and keyword.arg not in _FOR_PEOPLE:
                    rest_of = [one for one in node.keywords if one is not keyword]
                    yield node, ast.Call(node.func, node.args, rest_of), node
            if len(node.args) > 1 and not isinstance(node.args[-1], ast.Starred) and not _typing(node):
                yield node, ast.Call(node.func, node.args[:-1], node.keywords), node


def _constants(value: object, node: ast.Constant, parents: tuple[ast.AST, ...]) -> Iterator[Any]:
    """What else a constant may be; a text only where something is compared with it or looked up by it."""
    match value:
        case bool():
            yield not value
        case int():
            yield from (value + 1, *((value - 1,) if value else ()))
        case float():
            yield value * 2
        case bytes():
            yield value + b"~"
        case str() if _compared(node, parents):
            yield value + "~"


def _compared(node: ast.AST, parents: tuple[ast.AST, ...]) -> bool:
    parent = parents[-1]
    if isinstance(parent, ast.Tuple | ast.Set | ast.List):
        return len(parents) > 1 and isinstance(parents[-2], ast.Compare)
    if isinstance(parent, ast.Call):
        return isinstance(parent.func, ast.Attribute) and parent.func.attr in _COMPARING and parent.args[0] is node
    return isinstance(parent, ast.Compare | ast.MatchValue | ast.Subscript)


def _text(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _type(node: ast.BinOp) -> bool:
    """Whether it is a union of types."""
    names = {getattr(one, "id", getattr(one, "value", "")) for one in ast.walk(node)}
    return isinstance(node.op, ast.BitOr) and bool(names & _TYPES or None in names)


def _typing(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Name) and node.func.id in {"cast", "TypeVar", "NewType", "isinstance"}


def _has_a_value_without(node: ast.Assign, parents: tuple[ast.AST, ...]) -> bool:
    """Whether what is assigned to has a value already: a part of something, or a name that was given before."""
    if not all(isinstance(target, ast.Name) for target in node.targets):
        return _in_function(parents) and not any(isinstance(target, ast.Tuple) for target in node.targets)
    within = next((one for one in reversed(parents) if isinstance(one, ast.FunctionDef)), None)
    names = {target.id for target in node.targets if isinstance(target, ast.Name)}
    return within is not None and any(
        one.id in names and isinstance(one.ctx, ast.Store)
        for one in ast.walk(within)
        if isinstance(one, ast.Name) and (one.lineno, one.col_offset) < (node.lineno, node.col_offset)
    )


def _shown(shown: ast.AST, node: ast.AST, by: ast.AST | None) -> tuple[str, str]:
    """What stands there before and after, in one line each."""
    if by is None:
        return _short(ast.unparse(shown)), "pass"
    before = ast.unparse(shown)
    if shown is node or not isinstance(shown, ast.expr | ast.keyword | ast.Assign | ast.AnnAssign | ast.Return):
        return _short(ast.unparse(node)), _short(ast.unparse(by))
    for parent in ast.walk(shown):
        for field, value in ast.iter_fields(parent):
            if value is node:
                setattr(parent, field, by)
                after = ast.unparse(shown)
                setattr(parent, field, value)
                return _short(before), _short(after)
            if isinstance(value, list) and any(one is node for one in value):
                setattr(parent, field, [by if one is node else one for one in value])
                after = ast.unparse(shown)
                setattr(parent, field, value)
                return _short(before), _short(after)
    return _short(ast.unparse(node)), _short(ast.unparse(by))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 160 else f"{line[:110]} … {line[-49:]}"

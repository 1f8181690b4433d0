r"""Patterns: what XML Schema means by them, in the linear engine where it can, under guard where not, never a hang."""

from __future__ import annotations

import re
import warnings

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bastions import patterns
from bastions.tabular.fields import guarded


def match(pattern: str, *texts: str) -> list[bool]:
    """Which texts match, in the fast engine."""
    rust = patterns.compile(pattern).rust
    assert rust is not None, pattern
    return pl.Series(texts, dtype=pl.String).str.contains(rust).to_list()


@pytest.mark.parametrize(
    ("pattern", "good", "bad"),
    [
        ("[a-z]+", ["ab"], ["aB", "", "ab\n", "xxab-"]),
        ("^[0-9]{3}-[0-9]{4}$", ["555-1234"], ["555-1234\n", "555-12345", "\n555-1234"]),
        ("a|bc", ["a", "bc"], ["abc", "ac", "ax"]),
        (r"\d+", ["12"], ["٣", "१"]),
        (r"\w+", ["a_1"], ["é", "a b"]),
        (r"\D", ["é", "٣", "\n"], ["1"]),
        (r"[^\D]", ["1"], ["a", "٣"]),
        (r"[\s\d]*", [" \t1"], ["\u00a0"]),
        (r"[^\W_]+", ["aZ9"], ["_", "é"]),
        ("[a-z-[aeiou]]+", ["xyz"], ["xaz", "-", "x]"]),
        ("[^a-c-[x]]", ["d", "-"], ["a", "x"]),
        ("[a-z-[c-x-[m]]]+", ["abmyz"], ["d"]),
        (r"\i\c*", ["_a-1.b", "éa"], ["1a", "-a"]),
        (r"\I\C", ["1 "], ["a "]),
        (r"\p{Lu}\p{Nd}", ["É1", "A٣"], ["é1"]),
        (r"[\P{L}-[!]]", ["1", "?"], ["a", "!"]),
        (r"\p{IsArabic}+", ["داعش"], ["daesh"]),
        (r"\P{IsBasicLatin}", ["é"], ["e"]),
        ("a.c", ["abc", "a\u2028c"], ["a\nc", "a\rc"]),
        # What Rust's classes would take as operators.
        ("[a&&b]", ["a", "&", "b"], ["c"]),
        ("[~~a]", ["~", "a"], ["b"]),
        ("[+--]", ["+", ",", "-"], ["a"]),
        ("[a[b]", ["[", "a", "b"], ["c"]),
        ("[]a]+", ["]a"], ["b"]),
        ("[a-]", ["a", "-"], ["b"]),
        (r"[\w-]+", ["a-b"], ["a b"]),
        ("<b>", ["<b>"], ["b"]),
        (r"\<b\>", ["<b>"], ["b"]),
        ("#x ?", ["#x", "#x "], ["#"]),
        # What Python writes and XML Schema does not.
        (r"(?:ab)+?(?P<n>c)", ["ababc"], ["ab"]),
        (r"\x41é\t", ["Aé\t"], ["A"]),
        (r"\bab\b", ["ab"], ["abc"]),
        (r"\Aab\Z", ["ab"], ["ab\n"]),
        ("x{", ["x{"], ["x"]),
        ("x{,2}", ["", "xx"], ["xxx", "x{,2}"]),
        ("", [""], ["a"]),
        ("a|", ["a", ""], ["b"]),
    ],
)
def test_meaning(pattern: str, good: list[str], bad: list[str]) -> None:
    assert match(pattern, *good) == [True] * len(good)
    assert match(pattern, *bad) == [False] * len(bad)


@pytest.mark.parametrize(
    ("pattern", "named"),
    [
        ("[", "a class that it does not close"),
        ("(a", "a group that it does not close"),
        ("a)", "a group that is not open"),
        ("*a", "repeats nothing"),
        ("a**", "repeats nothing"),
        ("a{3,2}", "at least 3 and at most 2"),
        (r"\q", "the escape"),
        ("a\\", "in the middle of an escape"),
        ("[z-a]", "no range"),
        (r"[\w-.]", "no range"),
        ("[a-[b]c]", "what is taken from it"),
        (r"\p{Latin}", "the category 'Latin'"),
        (r"\p{IsKlingon}", "the block 'IsKlingon'"),
        (r"\p{L}{0,5000}", "than the fast engine is given"),
        (r"([a-z-[b]])\1", "one class taken from another"),
        ("(?<=a*)b", "look-behind"),
        ("(?P<n>a)(?P<n>b)(?=c)", "redefinition"),
        ("a{99999999999999999999}", "too large"),
        ("\ud800", "surrogate"),
        (r"\ud800", "no character"),
        ("a" * 20_001, "characters"),
        ("(?=" * 5000 + ")" * 5000, ""),
    ],
)
def test_refused_by_name(pattern: str, named: str) -> None:
    found = patterns.fault(pattern)
    assert found is not None
    assert named in found


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|a)*$", "(a|aa)+$", "(.*a){12}", "^(([a-z])+.)+[A-Z]([a-z])+$"])
def test_patterns_that_hang_python_are_linear(pattern: str) -> None:
    """`(a+)+$` on 27 characters takes Frictionless 3.7 s, and twice as long for each more; here 10,000 are nothing."""
    assert match(pattern, "a" * 10_000 + "!") == [False]


@pytest.mark.parametrize(
    ("pattern", "good", "bad"),
    [
        (r"(?=.*\d)[A-Z0-9]+", "A1", "AB"),
        (r"(a+)-\1", "aa-aa", "aa-a"),
        ("(?i)syria", "SYRIA", "iraq"),
        ("(?!x).*", "abc", "xbc"),
        ("a++b", "aab", "aac"),
        ("(?=a)[ad]$", "a", "a\n"),
        (r"(?=.)\d", "3", "٣"),
        (".{0,5000}", "a" * 5000, "a" * 5001),
        ("((a{100}){100}){100}", "a" * 1_000_000, "a"),
    ],
)
def test_what_only_python_can_run_runs_under_guard(pattern: str, good: str, bad: str) -> None:
    made = patterns.compile(pattern)
    assert made.rust is None
    assert guarded.judge({"pattern": made.python}, [good, bad, good], 20) == [True, False, True]


@pytest.mark.parametrize(
    ("pattern", "python"),
    [
        ("(?=ab$)ab", r"(?=ab\Z)ab"),
        (r"(?=\$)[$][]$][^]$\]$]\\$", r"(?=\$)[$][]$][^]$\]$]\\\Z"),
    ],
)
def test_a_dollar_is_the_end_of_the_text_under_guard(pattern: str, python: str) -> None:
    r"""`$` of Python matches before a last newline too: `(?=a$)a\n` took "a" and a newline."""
    assert patterns.compile(pattern).python == python


def test_a_dollar_within_a_look_ahead_does_not_match_before_a_newline() -> None:
    """The same, as it is run."""
    made = patterns.compile("(?=ab$)ab\n?")
    assert guarded.judge({"pattern": made.python}, ["ab", "ab\n"], 20) == [True, False]


def test_a_pattern_that_backtracks_is_cut() -> None:
    assert patterns.compile("(?=(a+)+$)a*").rust is None
    assert guarded.judge({"pattern": "(?=(a+)+$)a*"}, ["a" * 50 + "!"], 0.5) is None


def test_a_process_that_takes_too_much_memory_is_cut() -> None:
    assert guarded.judge({"pattern": "(?=((a|b)*))c"}, ["ab" * 30_000_000], 20) is None


def test_many_texts_are_judged_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guarded, "CHUNK", 30)
    texts = ["a", "ab", "b" * 50, "a", ""]
    assert guarded.judge({"pattern": "(?=a).*"}, texts, 20) == [True, True, False, True, False]
    assert guarded.judge({"pattern": "(?=a).*"}, [], 20) == []
    assert guarded.judge({"pattern": "(?=a).*"}, texts, 0) is None


def test_large_patterns_are_watched() -> None:
    assert not patterns.compile("[0-9a-f]{64}").heavy
    assert patterns.compile("[0-9a-f]{128}").heavy
    assert patterns.compile("((ab){10}c){9}").heavy
    assert not patterns.compile("((ab){10}c){4}").heavy
    assert patterns.compile("[01]*1[01]{30}").heavy
    assert patterns.compile("[01]{1,}1[01]{30}").heavy
    assert not patterns.compile(r"[01*,}]1\+[01]{30}").heavy
    assert not patterns.compile("[a-z0-9-]+( [a-z0-9-]+)*").heavy


SIMPLE = st.recursive(
    st.sampled_from(
        [
            *("a", "b", "-", "0", r"\.", ".", r"\d", r"\w", r"\s", r"\D", r"\W", r"\S", "[ab]", "[^a]", r"[\d-]"),
            *("[a-c]", r"[^\w]", "[&~-]", r"[\]^]", "^", "$", "é", "[^-a]", r"\b"),
        ]
    ),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda two: f"({two[0]}|{two[1]})"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,}", "{0,2}", "*?", "{,2}"])).map(
            lambda two: f"(?:{two[0]}){two[1]}"
        ),
    ),
    max_leaves=6,
)


@settings(derandomize=True, deadline=None, max_examples=400)
@given(SIMPLE, st.lists(st.text("ab-0.&~]^ \n\té٣_c", max_size=6), min_size=1, max_size=8))
def test_both_engines_agree(pattern: str, texts: list[str]) -> None:
    # The `$` of Python is true before a newline at the end too: `\Z` is what it means here.
    matcher = re.compile(pattern.replace("$", r"\Z"), re.ASCII)
    assert match(pattern, *texts) == [matcher.fullmatch(text) is not None for text in texts]


@settings(derandomize=True, deadline=None, max_examples=400)
@given(st.text(r"ab0-[]()^$\.*+?{},|:=PdwpL&~", max_size=10), st.text("ab0-[]", max_size=4))
def test_any_text_is_a_pattern_or_refused(pattern: str, text: str) -> None:
    """What is let through means to polars what it means to Python, where Python reads it at all."""
    found = patterns.fault(pattern)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            matcher = re.compile(pattern, re.ASCII)
        except re.error:
            return
    if found is None and patterns.compile(pattern).rust is not None and "-[" not in pattern:
        assert match(pattern, text) == [matcher.fullmatch(text) is not None]


DEVIATIONS = {
    ("[a-z]+", "ab\n"): "the `$` of Python is true before a newline at the end",
    (r"^a.*$", "ab\n"): "the same",
    (r"\d", "٣"): "the digits of Python are Unicode's",
    (r"\w", "٣"): "the same",
    (r"\w", "é"): "so are its letters",
    ("a|b", "ab"): "Frictionless puts anchors around a pattern without a group, so that each binds one side",
    ("a|b", "ax"): "the same",
    ("a|b", "ac"): "the same",
    ("a|b", "ab\n"): "the same",
    ("a|b", "a b"): "the same",
    ("a|b", "abab"): "the same",
    ("a?b*", "ab\n"): "the `$` of Python",
    (r"\S{2,3}", "ab\n"): "the same",
}
"""Pattern and text that Frictionless lets through and we do not; on all else the verdicts are equal."""


def test_agrees_with_frictionless() -> None:
    from frictionless import Schema

    texts = ["a", "b", "ax", "ac", "ab", "bc", "ab\n", "0", "٣", "é", "a b", "abab", "bbb"]
    differ = set()
    for pattern in ("[a-z]+", r"\d", r"\w", "a|b", "^a.*$", "(a|b)c", "[^a]+", r"\S{2,3}", "a?b*"):
        descriptor = {"name": "x", "type": "string", "constraints": {"pattern": pattern}}
        field = Schema.from_descriptor({"fields": [descriptor], "missingValues": []}).get_field("x")
        theirs = [not field.read_cell(text)[1] for text in texts]
        ours = match(pattern, *texts)
        differ |= {(pattern, text) for text, a, b in zip(texts, ours, theirs, strict=True) if a != b}
        assert not any(a and not b for a, b in zip(ours, theirs, strict=True))
    assert differ == DEVIATIONS.keys()

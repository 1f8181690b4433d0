"""Where words stand in a text: spans, their digests, and the proof that somebody's copy of a text carries them.

A document is cited by offsets and digests; its text is never part of the dataset. `cite` turns words into a span.
`verify` takes a text from anywhere, a saved file or a page copied out of a browser, and says of every span of one
source whether the words that it digests stand there.

What *proved* means: some stretch of the given text, in the place that the order of the sentences asks for, hashes to
the span's SHA-256, in one of three readings. `exact`: character by character. `white space`: each run of white space
(line ends, no-break and thin spaces, doubled and trailing ones, between sentences also none) is read as the source's
own, and invisible joiners are skipped. `typography`: quotation marks, dashes, hyphens or ellipses are exchanged
throughout a sentence for their other usual forms, and words broken at the end of a line put together. No other words
meet a digest, so the source has these; a short span (`six`) is believed only where its own sentence stands.
*changed*: a counterpart of its sentence is there, but not the words of the span, or not in one piece. *absent*: the
text has no counterpart of its sentence.

How it is found: a sentence of n characters whose digest the ledger holds is looked for by hashing the windows of n
characters that begin and end beside white space; what is left over is looked for at every character, but only between
its found neighbours; what still is left over is compared with what stands in its place. A span within a found
sentence lies at the same distance from its start; in a changed one, at the same distance from its start or from its
end, or, if it is long, wherever it is found once. A span across sentences is put together from their parts, with each
of the spaces and line ends that may have stood between them.

The limit of this: a sentence whose original holds a line break, a run of spaces or an unusual space is proved only by
a text that has the same there, since its digest was taken over them (between sentences all that is tried).
"""

from __future__ import annotations

import difflib
import heapq
import re
import unicodedata
from array import array
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from itertools import accumulate, compress, groupby, islice, product

Row = Mapping[str, object]
Tables = Mapping[str, Iterable[Row]]
"""Rows by table: `sources`, `claims`, `utterances` and `ledger` (all ledgers together); one left out has none.

Cells are typed or text, empty ones `None` or empty."""

NORMALISATION = "nfc_lf_nbsp"
NO_BREAK = "\u00a0\u202f"
TEXT_LIMIT = 1_000_000  # characters of one text
HASHES = 8_000_000  # windows hashed at most in one alignment, a few seconds
EDITS = 200  # sentences tried at most for a change of one character
LONG = 24  # characters of a sentence that may be believed wherever it stands
INTACT = 16  # characters of a span that may be believed anywhere within its changed sentence
CONTEXT = 30  # characters shown before and after words
TABLES = {"claims": "claim_id", "utterances": "utterance_id", "ledger": "sentence_id"}

_IGNORABLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"  # soft hyphen and invisible joiners, which pages put into words
_BLANK = "".join(c for c in map(chr, range(0x3001)) if c.isspace()) + _IGNORABLE
_WORD = re.compile(rf"[^\s{_IGNORABLE}]+")
_SENTENCE = re.compile(r"\S(?:[^\n]*?[.!?…][\"'”’»)\]]*(?=\s)|[^\n]*)")
_ENDS = frozenset(".!?…:;\"'”’»)]")
# For each kind of mark: what is found, and what every one of them becomes (`None`: opening and closing, by place).
_TYPOGRAPHY: tuple[tuple[re.Pattern[str], tuple[str | None, ...]], ...] = (
    (re.compile("['‘’‚‛′`´]"), ("'", "’", None)),
    (re.compile('["“”„‟″«»]'), ('"', None)),
    (re.compile("[‐‑]"), ("-",)),
    (re.compile("--+|[–—―−]|(?<= )-(?= )"), ("—", "–", "-", "--")),
    (re.compile(r"…|\.\.\."), ("…", "...")),
    (re.compile(r"(?<=\w)- (?=\w)"), ("-", "")),  # a word broken at the end of a line
)
_CURLY = {0: "‘’", 1: "“”"}


class TextError(ValueError):
    """The text cannot be read.

    Attributes:
        offset: Where: the byte of bytes, the character of a string, from 0.
    """

    def __init__(self, message: str, offset: int):
        self.offset = offset
        super().__init__(message)


class CiteError(ValueError):
    """The words do not stand in the text, or not as often as was asked for.

    Attributes:
        nearest: The places whose words are most like them, the best first.
    """

    def __init__(self, message: str, nearest: Sequence[Span] = ()):
        self.nearest = tuple(nearest)
        super().__init__(message)


class SourceError(ValueError):
    """There is no source, or no single one, against which the text could be verified."""


class SpanError(ValueError):
    """A row's offsets or digest are none; `bastions validate` says more."""


def normalise(raw: bytes | str) -> str:
    """The text under `nfc_lf_nbsp`: Unicode NFC, CRLF and CR as LF, no-break spaces as spaces, and nothing else.

    A byte order mark at the head of bytes belongs to the encoding and goes with it, so that a file saved by an editor
    that adds one has the same digest; in a string U+FEFF is a character and stays.

    Args:
        raw: The bytes of a file in UTF-8, or a decoded text.

    Returns:
        The normalised text, in which offsets count code points; normalising it again changes nothing.

    Raises:
        TextError: If the bytes are not UTF-8, hold NUL, or are more than `TEXT_LIMIT` characters.
    """
    if isinstance(raw, bytes):
        if len(raw) > 4 * TEXT_LIMIT + 3:
            raise TextError(f"the text is longer than {TEXT_LIMIT:,} characters", TEXT_LIMIT)
        if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise TextError("byte 0: the text is in UTF-16, not UTF-8; save it as UTF-8", 0)
        try:
            text = raw.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
        except UnicodeDecodeError as error:
            offset = error.start + (3 if raw.startswith(b"\xef\xbb\xbf") else 0)
            raise TextError(
                f"byte {offset} (0x{raw[offset]:02x}) is not UTF-8; save the text as UTF-8", offset
            ) from None
    else:
        text = raw
        if lone := re.search("[\ud800-\udfff]", text):
            raise TextError(f"character {lone.start()} is half of a surrogate pair and no character", lone.start())
    if (nul := text.find("\0")) >= 0:
        raise TextError(f"character {nul} is NUL; this is not a text, or not one in UTF-8", nul)
    if len(text) > TEXT_LIMIT:
        raise TextError(f"the text is longer than {TEXT_LIMIT:,} characters", TEXT_LIMIT)
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return text.translate(dict.fromkeys(map(ord, NO_BREAK), " "))


def digest(text: str) -> str:
    """SHA-256 of the UTF-8 bytes of `text`, in lower-case hexadecimal."""
    return sha256(text.encode()).hexdigest()


# --------------------------------------------------------------------------------------------------------------------
# Readings of a text: the same characters with white space folded or typography exchanged, each still knowing its place


class _View:
    """A reading of a stretch of a text: character `i` stands for `[starts[i], ends[i])` of the normalised text."""

    def __init__(self, text: str, starts: Sequence[int], ends: Sequence[int], reading: str):
        self.text, self.starts, self.ends, self.reading = text, starts, ends, reading

    @cached_property
    def encoded(self) -> tuple[bytes, Sequence[int]]:
        """The UTF-8 bytes, and for each character, and the end, its byte."""
        data = self.text.encode()
        if len(data) == len(self.text):
            return data, range(len(data) + 1)
        sizes = (1 + (c > "\x7f") + (c > "\u07ff") + (c > "\uffff") for c in self.text)
        return data, list(accumulate(sizes, initial=0))

    @cached_property
    def edges(self) -> tuple[list[int], bytes]:
        """Where characters follow white space, or the start; and for each place whether white space stands there."""
        spaces = bytes(map(str.isspace, self.text))
        return [0, *(m.end() for m in re.finditer(rb"\x01(?=\x00)", spaces))], spaces + b"\1"

    def hash(self, at: int, length: int) -> bytes:
        data, offsets = self.encoded
        return sha256(data[offsets[at] : offsets[at + length]]).digest()

    def extent(self, at: int, length: int) -> tuple[int, int]:
        return self.starts[at], self.ends[at + length - 1]


def _literal(text: str, start: int, end: int) -> _View:
    return _View(text[start:end], range(start, end), range(start + 1, end + 1), "exact")


def _folded(text: str, start: int, end: int) -> _View:
    """Runs of white space as one space, none at the ends, invisible joiners left out."""
    pieces: list[str] = []
    starts, ends = array("l"), array("l")
    last = None
    for word in _WORD.finditer(text, start, end):
        a, b = word.span()
        if last is not None and text[last:a].strip(_IGNORABLE):
            pieces.append(" ")
            starts.append(last)
            ends.append(a)
        pieces.append(word[0])
        starts.extend(range(a, b))
        ends.extend(range(a + 1, b + 1))
        last = b
    return _View("".join(pieces), starts, ends, "white space")


def _exchanged(view: _View, pattern: re.Pattern[str], becomes: str | None, curly: str = "") -> _View:
    """`view` with every match of `pattern` written otherwise."""
    pieces: list[str] = []
    starts, ends = array("l"), array("l")
    last = 0
    for match in pattern.finditer(view.text):
        a, b = match.span()
        opening = a == 0 or view.text[a - 1] in " ([{—–-"
        new = becomes if becomes is not None else curly[not opening]
        pieces += [view.text[last:a], new]
        starts.extend([*view.starts[last:a], *([view.starts[a]] * len(new))])
        ends.extend([*view.ends[last:a], *([view.ends[b - 1]] * len(new))])
        last = b
    pieces.append(view.text[last:])
    starts.extend(view.starts[last:])
    ends.extend(view.ends[last:])
    return _View("".join(pieces), starts, ends, "typography")


def _variants(view: _View) -> Iterator[_View]:
    """`view` in every other usual typography, one form throughout for each kind of mark."""
    present = [(k, p, (*forms, "keep")) for k, (p, forms) in enumerate(_TYPOGRAPHY) if p.search(view.text)]
    seen = {view.text}
    for choice in product(*(forms for _, _, forms in present)):
        made = view
        for (kind, pattern, _), becomes in zip(present, choice, strict=True):
            if becomes != "keep":
                made = _exchanged(made, pattern, becomes, _CURLY.get(kind, ""))
        if made.text not in seen:
            seen.add(made.text)
            yield made


def _plain(view: _View) -> _View:
    """`view` with straight quotes, simple hyphens and three dots: what people type when they mean any of them."""
    for kind, becomes in enumerate(("'", '"', "-", "-", "...")):
        view = _exchanged(view, _TYPOGRAPHY[kind][0], becomes)
    return view


# --------------------------------------------------------------------------------------------------------------------
# cite


@dataclass(frozen=True, slots=True)
class Span:
    """One place in a text.

    Attributes:
        start_char: Offset of its first character in the normalised text, in code points from 0.
        end_char: Offset just after its last.
        span_sha256: SHA-256 of its characters, lower-case hexadecimal.
        line: Line of its first character, from 1.
        before: The characters that stand before it, at most `CONTEXT`, white space folded, for display.
        words: Its characters, white space folded, for display.
        after: The characters that follow it, likewise.
    """

    start_char: int
    end_char: int
    span_sha256: str
    line: int
    before: str
    words: str
    after: str


def _span(text: str, start: int, end: int) -> Span:
    fold = re.compile(r"\s+").sub
    return Span(
        start,
        end,
        digest(text[start:end]),
        text.count("\n", 0, start) + 1,
        fold(" ", text[max(0, start - CONTEXT) : start]),
        fold(" ", text[start:end]),
        fold(" ", text[end : end + CONTEXT]),
    )


def cite(text: bytes | str, words: str, *, occurrence: int | None = None) -> list[Span]:
    """Every place of `text` where `words` stand.

    The words may be typed with other white space, quotation marks, dashes and dots than the text has; the digest is
    always of the text's own characters. Letters have to be the same, capitals too.

    Args:
        text: The document, raw or normalised.
        words: What to look for.
        occurrence: Which of several places is meant, from 1; all of them without it.

    Returns:
        The places in order; exactly one where `occurrence` is given.

    Raises:
        CiteError: If the words stand nowhere (with the nearest places), or not `occurrence` times.
        TextError: If the text cannot be read.
    """
    normal = normalise(text)
    sought = normalise(words)
    wanted = _plain(_folded(sought, 0, len(sought))).text
    if not wanted:
        raise CiteError("there are no words to look for")
    literal = _folded(normal, 0, len(normal))
    view = _plain(literal)
    places = _places(literal, _folded(sought, 0, len(sought)).text)
    places += [(a, b) for a, b in _places(view, wanted) if all(b <= c or d <= a for c, d in places)]
    found = [_span(normal, *place) for place in sorted(places)]
    if not found:
        nearest = _nearest(normal, view, wanted)
        lines = "".join(f'\n  line {near.line}: "{near.words}"' for near in nearest)
        advice = f"; the nearest are:{lines}" if nearest else " nor anything like them"
        raise CiteError(f'"{wanted}" does not stand in the text{advice}', nearest)
    if occurrence is None:
        return found
    if not 1 <= occurrence <= len(found):
        times = "once" if len(found) == 1 else f"{len(found)} times"
        raise CiteError(f'"{wanted}" stands in the text {times}; there is no occurrence {occurrence}', found)
    return [found[occurrence - 1]]


def _places(view: _View, wanted: str) -> list[tuple[int, int]]:
    """Where `wanted` stands in `view`, unless it cuts a character, as an ellipsis that is written as three dots."""
    found = []
    at = view.text.find(wanted)
    while at >= 0:
        start, end = view.extent(at, len(wanted))
        after = at + len(wanted)
        if (at == 0 or view.starts[at - 1] != start) and (after == len(view.text) or view.ends[after] != end):
            found.append((start, end))
        at = view.text.find(wanted, at + 1)
    return found


def _nearest(text: str, view: _View, wanted: str, count: int = 3) -> list[Span]:
    """The stretches of about as many words that are most like `wanted`; those that share no word only if none does."""
    tokens = [m.span() for m in re.finditer(r"\S+", view.text)]
    size = len(wanted.split())
    sought = set(re.findall(r"\w+", wanted.lower()))
    lower = [set(re.findall(r"\w+", view.text[a:b].lower())) & sought for a, b in tokens]
    windows: list[tuple[int, int, int]] = []
    for n in {max(1, size - 1), size, size + 1}:
        windows += [
            (-len(set().union(*lower[i : i + n])), tokens[i][0], tokens[i + n - 1][1])
            for i in range(len(tokens) - n + 1)
        ]
    if any(shared for shared, _, _ in windows):
        windows = [w for w in windows if w[0]]
    scored = []
    matcher = difflib.SequenceMatcher(None, b=wanted.lower(), autojunk=False)
    for _, a, b in heapq.nsmallest(5000, windows):
        matcher.set_seq1(view.text[a:b].lower())
        if matcher.real_quick_ratio() > 0.6 and matcher.quick_ratio() > 0.6 and (ratio := matcher.ratio()) > 0.6:
            scored.append((-ratio, a, b))
    best: list[tuple[int, int]] = []
    for _, a, b in sorted(scored):
        if len(best) < count and all(b <= c or d <= a for c, d in best):
            best.append((a, b))
    return [_span(text, *view.extent(a, b - a)) for a, b in best]


# --------------------------------------------------------------------------------------------------------------------
# verify


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one span.

    Attributes:
        table: `claims`, `utterances` or `ledger`; `sources` for the length of the text.
        record_id: Key of the row.
        sentence_id: The ledger line in which the span begins, if one does.
        status: `proved`, `changed` or `absent`.
        start_char: Offset of the span in the source's text.
        end_char: Offset just after it.
        found_start: Offset, in the given text under `nfc_lf_nbsp`, of the words; of a changed span, of what stands in
            the place of its sentence.
        found_end: Offset just after.
        line: Line of the given text at `found_start`, from 1.
        reading: In which reading it is proved: `exact`, `white space` or `typography`.
        differs_at: Offset, in the given text, of the one character by which its sentence was changed, where that
            could be determined.
        detail: Why it is not proved, for people; never words of the source.
    """

    table: str
    record_id: str
    sentence_id: str | None
    status: str
    start_char: int
    end_char: int
    found_start: int | None = None
    found_end: int | None = None
    line: int | None = None
    reading: str | None = None
    differs_at: int | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """How much of a source's ledger a text carries.

    Attributes:
        source_id: Key of the source.
        found: Ledger lines that stand in the text.
        total: Ledger lines.
        same_text: Whether the text is the source's own, by the digest of the whole.
    """

    source_id: str
    found: int
    total: int
    same_text: bool


@dataclass(frozen=True, slots=True)
class Verification:
    """What became of every span of one source.

    Attributes:
        source_id: The source.
        same_text: Whether the text is the source's own, so that every span was checked at its offsets.
        findings: One for each span, by table and in the order of the source's text.
        without_span: Rows of the source that cite no characters.
        skipped_sources: Sources without a text, such as datasets, to which no text applies.
        other_sources: Sources with a text that this text was not checked against.
        complete: False where the text was so long and so different that `HASHES` windows did not do.
    """

    source_id: str
    same_text: bool
    findings: tuple[Finding, ...]
    without_span: int
    skipped_sources: tuple[str, ...]
    other_sources: tuple[str, ...]
    complete: bool = True

    @property
    def failures(self) -> tuple[Finding, ...]:
        """The findings that are not `proved`."""
        return tuple(f for f in self.findings if f.status != "proved")

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """For each table how many spans are proved, changed and absent."""
        counted = Counter((f.table, f.status) for f in self.findings)
        tables = dict.fromkeys(f.table for f in self.findings)
        return {t: {s: counted[t, s] for s in ("proved", "changed", "absent")} for t in tables}

    @property
    def readings(self) -> dict[str, int]:
        """How many spans are proved in which reading."""
        return dict(Counter(f.reading for f in self.findings if f.reading))


@dataclass(frozen=True, slots=True)
class _Mark:
    """A row that cites characters."""

    table: str
    record_id: str
    start: int
    end: int
    digest: bytes

    @property
    def length(self) -> int:
        return self.end - self.start


def _cell(row: Row, column: str) -> str:
    value = row.get(column)
    return "" if value is None else str(value)


def _marks(table: str, rows: Iterable[Row], source_id: str) -> tuple[list[_Mark], int]:
    """The spans of one source's rows, in order, and how many of its rows have none."""
    found, without = [], 0
    for row in rows:
        if _cell(row, "source_id") != source_id:
            continue
        record_id = _cell(row, TABLES[table])
        start, end, hexadecimal = (_cell(row, c) for c in ("start_char", "end_char", "span_sha256"))
        if not (start or end or hexadecimal):
            without += 1
            continue
        numbers = re.fullmatch("[0-9]{1,9}", start) and re.fullmatch("[0-9]{1,9}", end)
        if not numbers or int(start) >= int(end) or not re.fullmatch("[0-9a-f]{64}", hexadecimal):
            raise SpanError(f"{table} {record_id}: start_char, end_char and span_sha256 are not those of a span")
        found.append(_Mark(table, record_id, int(start), int(end), bytes.fromhex(hexadecimal)))
    return sorted(found, key=lambda m: (m.start, -m.end)), without


def match_sources(text: bytes | str, tables: Tables) -> list[Match]:
    """How much of each source's ledger a text carries, the best first.

    Args:
        text: The text, raw or normalised.
        tables: At least `sources` and `ledger`.

    Returns:
        One match for each source that has a `text_sha256`.
    """
    normal = normalise(text)
    whole = digest(normal)
    rows = list(tables.get("ledger", ()))
    digests = {_cell(row, "source_id"): _cell(row, "text_sha256") for row in tables.get("sources", ())}
    known = {source: of_text for source, of_text in digests.items() if of_text}
    lines = {source: _marks("ledger", rows, source)[0] for source in known}
    wanted: defaultdict[int, set[bytes]] = defaultdict(set)
    for mark in (m for marks in lines.values() for m in marks):
        wanted[mark.length].add(mark.digest)
    present = {d for d, _, _ in _Hasher().windows(_folded(normal, 0, len(normal)), wanted, everywhere=False)}
    matches = [
        Match(source, sum(m.digest in present for m in marks), len(marks), known[source] == whole)
        for source, marks in lines.items()
    ]
    return sorted(matches, key=lambda m: (not m.same_text, -m.found, m.total, m.source_id))


def verify(text: bytes | str, tables: Tables, *, source_id: str | None = None) -> Verification:
    """Says of every span of one source whether its words stand in `text`; see the head of this module.

    Args:
        text: The text, raw or normalised, from wherever.
        tables: Rows of `sources`, `claims`, `utterances` and of all ledgers.
        source_id: The source; without it, the one whose ledger the text carries most of.

    Returns:
        One finding for each span. That something is not proved is a result and no error.

    Raises:
        SourceError: If the source does not exist or has no text, or none or several fit the text equally.
        SpanError: If a row of the source has offsets or a digest that are none.
        TextError: If the text cannot be read.
    """
    normal = normalise(text)
    rows = {table: list(tables.get(table, ())) for table in ("sources", *TABLES)}
    by_id = {_cell(row, "source_id"): row for row in rows["sources"]}
    with_text = [key for key, row in by_id.items() if _cell(row, "text_sha256")]
    if source_id is None:
        source_id = _choose(match_sources(normal, rows))
    elif source_id not in by_id:
        near = difflib.get_close_matches(source_id, by_id, 1)
        raise SourceError(f"there is no source {source_id!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
    elif source_id not in with_text:
        raise SourceError(f"{source_id} has no text_sha256; a dataset is cited by locators, not by characters")
    source = by_id[source_id]
    if (named := _cell(source, "text_normalization")) not in ("", NORMALISATION):
        raise SourceError(f"{source_id} counts characters under {named!r}, which this version does not know")
    lines, none_1 = _marks("ledger", rows["ledger"], source_id)
    cited, none_2 = _marks("claims", rows["claims"], source_id)
    cues, none_3 = _marks("utterances", rows["utterances"], source_id)
    alignment = _Alignment(normal, lines, [*cited, *cues])
    same = digest(normal) == _cell(source, "text_sha256")
    if not same:
        alignment.align()
    judge = alignment.at_offsets if same else alignment.judge
    findings = [judge(mark) for mark in (*cited, *cues, *lines)]
    if same and (length := _cell(source, "text_length")) not in ("", str(len(normal))):
        detail = f"text_length says {length}, the text has {len(normal)} characters"
        findings.append(Finding("sources", source_id, None, "changed", 0, len(normal), detail=detail))
    return Verification(
        source_id,
        same,
        tuple(findings),
        none_1 + none_2 + none_3,
        tuple(key for key in by_id if key not in with_text),
        tuple(key for key in with_text if key != source_id),
        alignment.complete,
    )


def _choose(matches: list[Match]) -> str:
    if not matches:
        raise SourceError("no source has a text")
    best = matches[0]
    if not (best.found or best.same_text):
        raise SourceError(f"the text carries no sentence of any of the {len(matches)} sources that have one; name one")
    rivals = [m.source_id for m in matches if (m.same_text, m.found) == (best.same_text, best.found)]
    if len(rivals) > 1:
        raise SourceError(f"the text fits {', '.join(rivals)} equally well ({best.found} sentences); name one")
    return best.source_id


class _Hasher:
    """Hashes windows until `HASHES` are spent."""

    def __init__(self) -> None:
        self.left = HASHES
        self.complete = True

    def spent(self, cost: int) -> bool:
        """Whether there is nothing left for work that costs as much as `cost` windows, which is taken off otherwise."""
        self.complete &= cost <= self.left
        self.left -= cost if cost <= self.left else 0
        return not self.complete

    def windows(
        self, view: _View, wanted: Mapping[int, Collection[bytes]], *, everywhere: bool
    ) -> Iterator[tuple[bytes, int, int]]:
        """Every `(digest, start, length)` of `view` that is wanted; beside white space alone unless `everywhere`."""
        data, offsets = view.encoded
        starts, stops = view.edges
        for length, digests in wanted.items():
            last = len(view.text) - length
            candidates: Sequence[int] = range(last + 1)
            if not everywhere:
                near = starts[: bisect_right(starts, last)]
                candidates = list(compress(near, map(stops.__getitem__, map(length.__add__, near))))
            if len(candidates) > self.left:
                self.complete = False
                candidates = candidates[: self.left]
            self.left -= len(candidates)
            for start in candidates:
                hashed = sha256(data[offsets[start] : offsets[start + length]]).digest()
                if hashed in digests:
                    yield hashed, start, length


def _in_order(items: list[_Hit]) -> list[_Hit]:
    """Those hits, the heaviest in sum, that keep the order of the units and do not overlap."""
    items = sorted(items, key=lambda hit: (hit.at, hit.unit))
    rank = {unit: r for r, unit in enumerate(sorted({hit.unit for hit in items}), 1)}
    tree: list[tuple[int, int]] = [(0, -1)] * (len(rank) + 1)  # Fenwick tree of the best sum up to a unit
    sums: list[tuple[int, int]] = []  # for each hit, its best sum and the hit before it
    ended: list[tuple[int, int]] = []  # heap of hits by where they end
    for i, hit in enumerate(items):
        while ended and ended[0][0] <= hit.at:
            _, j = heapq.heappop(ended)
            r = rank[items[j].unit]
            while r < len(tree):
                tree[r] = max(tree[r], (sums[j][0], j))
                r += r & -r
        best, r = (0, -1), rank[hit.unit] - 1
        while r:
            best = max(best, tree[r])
            r -= r & -r
        sums.append((best[0] + hit.weight, best[1]))
        heapq.heappush(ended, (hit.at + hit.length, i))
    chosen = []
    i = max(range(len(items)), key=lambda i: sums[i][0], default=-1)
    while i >= 0:
        chosen.append(items[i])
        i = sums[i][1]
    return chosen[::-1]


@dataclass(frozen=True, slots=True)
class _Hit:
    """A stretch of a view with the digest of a unit."""

    unit: int
    at: int
    length: int
    weight: int


@dataclass(slots=True)
class _Place:
    """Where a sentence stands: unchanged as `view.text[at : at + length]`, or changed into that.

    Attributes:
        proved: For a changed one, the spans in it that are intact: (start, end) in the sentence, and where in `view`.
        edit: For one changed by a single character, its offset in the text.
    """

    view: _View
    at: int
    length: int
    changed: bool = False
    proved: list[tuple[int, int, int]] = field(default_factory=list)
    edit: int | None = None

    @property
    def extent(self) -> tuple[int, int]:
        return self.view.extent(self.at, self.length)


_WRONG_ROW = "the text has the source's own sentence there: the row's offsets or its digest are wrong"


class _Alignment:
    """The sentences of a source, each with its place in a text."""

    def __init__(self, text: str, lines: list[_Mark], spans: list[_Mark]):
        self.text = text
        self.breaks = [i for i, c in enumerate(text) if c == "\n"]
        self.hasher = _Hasher()
        self.edits: dict[tuple[int, str], int | None] = {}
        self.units: list[_Mark] = []
        for line in lines:
            if not self.units or line.start >= self.units[-1].end:
                self.units.append(line)
        self.begins = [unit.start for unit in self.units]
        self.places: list[_Place | None] = [None] * len(self.units)
        self.loose: dict[_Mark, tuple[_View, int] | None] = {}
        self.inner: list[list[_Mark]] = [[] for _ in self.units]
        for mark in sorted({*lines, *spans}, key=lambda m: (-m.length, m.start, m.table, m.record_id)):
            first, last = self.touched(mark)
            if not self.covered(mark, first, last):
                self.loose[mark] = None
            elif first == last and mark != self.units[first]:
                self.inner[first].append(mark)

    @property
    def complete(self) -> bool:
        return self.hasher.complete

    # -- spans and sentences -----------------------------------------------------------------------------------------

    def touched(self, mark: _Mark) -> tuple[int, int]:
        """The first and the last sentence that a span may lie in."""
        return bisect_right(self.begins, mark.start) - 1, bisect_right(self.begins, mark.end - 1) - 1

    def covered(self, mark: _Mark, first: int, last: int) -> bool:
        return first >= 0 and mark.start < self.units[first].end and mark.end <= self.units[last].end

    def finding(self, mark: _Mark, status: str, extent: tuple[int, int] | None = None, **more: object) -> Finding:
        first = self.touched(mark)[0]
        inside = first >= 0 and mark.start < self.units[first].end
        sentence = self.units[first].record_id if inside else None
        found = extent or (None, None)
        line = bisect_right(self.breaks, extent[0] - 1) + 1 if extent else None
        known = (mark.table, mark.record_id, sentence, status, mark.start, mark.end, *found, line)
        return Finding(*known, **more)  # type: ignore[arg-type]

    def proof(self, mark: _Mark, view: _View, at: int) -> Finding:
        start, end = view.extent(at, mark.length)
        same = self.text[start:end] == view.text[at : at + mark.length]
        return self.finding(mark, "proved", (start, end), reading="exact" if same else view.reading)

    # -- finding sentences -------------------------------------------------------------------------------------------

    def align(self) -> None:
        """Finds what can be found of every sentence, surest first."""
        whole = _folded(self.text, 0, len(self.text))
        self.put(whole, list(range(len(self.units))), (0, len(self.text)), everywhere=False)
        for free, units, _ in self.gaps():
            self.put(_folded(self.text, *free), units, free, everywhere=True)
        for free, units, _ in self.gaps():
            self.put(_literal(self.text, *free), units, free, everywhere=True)
        for free, units, _ in self.gaps():
            for variant in _variants(_folded(self.text, *free)):
                if self.hasher.spent(len(variant.text)):
                    break
                self.put(variant, units, free, everywhere=False)
        for free, units, _ in self.gaps():
            self.put(_folded(self.text, *free), units, free, everywhere=False, sides=1)
        for free, units, beside in self.gaps():
            self.put_changed(free, units, beside)
        self.put_loose(whole)

    def put(self, view: _View, units: list[int], free: tuple[int, int], *, everywhere: bool, sides: int = 2) -> None:
        """Gives units that stand in `view` their places: those in order first, then long ones that were moved."""
        wanted: defaultdict[int, defaultdict[bytes, list[int]]] = defaultdict(lambda: defaultdict(list))
        for unit in units:
            if self.places[unit] is None:
                wanted[self.units[unit].length][self.units[unit].digest].append(unit)
        taken = [place.extent for place in self.places if place]
        seen: Counter[bytes] = Counter()
        hits: list[_Hit] = []
        for hashed, at, length in self.hasher.windows(view, wanted, everywhere=everywhere):
            seen[hashed] += 1
            start, end = view.extent(at, length)
            if seen[hashed] <= 200 and all(end <= a or b <= start for a, b in taken):
                weight = 2 * length + (length >= LONG or self.bounds((start, end), [free]) == 2)
                hits += [_Hit(unit, at, length, weight) for unit in wanted[length][hashed]]
        for chosen in (self.firm(view, _in_order(hits), [free, *taken], sides), [h for h in hits if h.length >= LONG]):
            for hit in chosen:
                start, end = view.extent(hit.at, hit.length)
                if self.places[hit.unit] is None and all(end <= a or b <= start for a, b in taken):
                    self.places[hit.unit] = _Place(view, hit.at, hit.length)
                    taken.append((start, end))

    def firm(self, view: _View, chosen: list[_Hit], taken: list[tuple[int, int]], sides: int) -> list[_Hit]:
        """`chosen` without short stretches that may be part of another sentence, having no bounds on enough sides."""
        while True:
            edges = [*taken, *(view.extent(hit.at, hit.length) for hit in chosen)]
            kept = [
                hit
                for hit in chosen
                if hit.length >= LONG or self.bounds(view.extent(hit.at, hit.length), edges) >= sides
            ]
            if len(kept) == len(chosen):
                return kept
            chosen = kept

    def bounds(self, extent: tuple[int, int], edges: list[tuple[int, int]]) -> int:
        """On how many sides a stretch ends as a sentence or line does: at a mark, a line break or one of `edges`."""
        start, end = extent
        stops = [edge for pair in edges if pair != extent for edge in pair]
        before = self.text[max((stop for stop in stops if stop <= start), default=0) : start]
        after = self.text[end : min((stop for stop in stops if stop >= end), default=len(self.text))]
        left, right = before.rstrip(_BLANK), after.lstrip(_BLANK)
        opens = not left or left[-1] in _ENDS or "\n" in before[len(left) :]
        closes = not right or self.text[end - 1] in _ENDS or "\n" in after[: len(after) - len(right)]
        return opens + closes

    def gaps(self) -> list[tuple[tuple[int, int], list[int], bool]]:
        """Stretches that are nobody's yet, the unfound units that belong there, and whether found ones lie beside."""
        taken = sorted(place.extent for place in self.places if place)
        edges = [0, *(edge for extent in taken for edge in extent), len(self.text)]
        free = [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if self.text[a:b].strip(_BLANK)]
        after, before = {a: (a, b) for a, b in free}, {b: (a, b) for a, b in free}
        found: list[tuple[tuple[int, int], list[int], bool]] = []
        for missing, group in groupby(range(len(self.places)), key=lambda unit: self.places[unit] is None):
            if not missing:
                continue
            run = list(group)
            previous = self.places[run[0] - 1] if run[0] else None
            following = self.places[run[-1] + 1] if run[-1] + 1 < len(self.places) else None
            stretches = (
                after.get(previous.extent[1] if previous else 0),
                before.get(following.extent[0] if following else len(self.text)),
            )
            beside = previous is not None or following is not None
            found += [(stretch, run, beside) for stretch in dict.fromkeys(stretches) if stretch]
        return found

    # -- sentences that were changed ---------------------------------------------------------------------------------

    def put_changed(self, free: tuple[int, int], units: list[int], beside: bool) -> None:
        """Pairs units with the stretches of `free` that stand in their place.

        A counterpart shares spans with the unit; or stands beside found neighbours and is as long, more or less; or
        differs by one character only.
        """
        units = [unit for unit in units if self.places[unit] is None]
        pieces = [m.span() for m in _SENTENCE.finditer(self.text, *free)]
        taken = [
            place.extent for place in self.places if place and place.extent[0] < free[1] and free[0] < place.extent[1]
        ]
        if len(units) * len(pieces) > 40_000:
            self.hasher.complete = False
            return
        likely = beside and len(pieces) <= 2 * len(units) + 3
        views: dict[tuple[int, int], _View] = {}

        def score(unit: int, first: int, last: int) -> int:
            key = (pieces[first][0], pieces[last][1])
            if any(key[0] < d and c < key[1] for c, d in taken):
                return 0
            if self.hasher.spent(10 + 2 * len(self.inner[unit])):
                return -1
            view = views.get(key) or views.setdefault(key, _folded(self.text, *key))
            length = self.units[unit].length
            if len(view.text) > 2 * length + LONG:
                return -1
            shift = abs(len(view.text) - length)
            shared = sum(hi - lo for lo, hi, _ in self.anchored(unit, view) if hi - lo >= 6)
            near = likely and shift <= max(2, 3 * length // 10)
            if not (shared or near or self.single_edit(unit, view) is not None):
                return 0
            return 1 + 2 * shared + max(0, length - shift)

        # best[u][p]: the highest score of units[:u] against pieces[:p], and how it came about
        best = [[(0, 0)] * (len(pieces) + 1) for _ in range(len(units) + 1)]
        for u in range(1, len(units) + 1):
            for p in range(1, len(pieces) + 1):
                options = [(best[u - 1][p][0], -1), (best[u][p - 1][0], 0)]
                for size in range(1, p + 1):
                    gain = score(units[u - 1], p - size, p - 1)
                    if gain < 0:
                        break
                    if gain:
                        options.append((best[u - 1][p - size][0] + gain, size))
                best[u][p] = max(options, key=lambda o: o[0])
        u, p = len(units), len(pieces)
        while u and p:
            size = best[u][p][1]
            if size > 0:
                view = views[pieces[p - size][0], pieces[p - 1][1]]
                self.places[units[u - 1]] = self.changed(units[u - 1], view)
                p -= size
                u -= 1
            elif size == 0:
                p -= 1
            else:
                u -= 1

    def anchored(self, unit: int, view: _View) -> list[tuple[int, int, int]]:
        """The spans of a unit that stand as far from the start of `view`, or from its end, as they did in the unit."""
        origin, size = self.units[unit].start, len(view.text)
        shifts = (0, size - self.units[unit].length)
        proved = []
        for mark in self.inner[unit]:
            low = mark.start - origin
            for at in dict.fromkeys(low + shift for shift in shifts):
                if 0 <= at <= size - mark.length and view.hash(at, mark.length) == mark.digest:
                    proved.append((low, low + mark.length, at))
                    break
        return proved

    def changed(self, unit: int, view: _View) -> _Place:
        """The place of a unit that became `view`: what is intact in it, and the one character that is not."""
        place = _Place(view, 0, len(view.text), changed=True, proved=self.anchored(unit, view))
        place.edit = self.single_edit(unit, view)
        if place.edit is not None:
            return place
        origin = self.units[unit].start
        done = {(low, high) for low, high, _ in place.proved}
        for mark in self.inner[unit]:
            low, high = mark.start - origin, mark.end - origin
            if (low, high) in done:
                continue
            inside = [at + low - a for a, b, at in place.proved if a <= low and high <= b]
            starts = [at for at in inside[:1] if view.hash(at, mark.length) == mark.digest]
            if not starts and mark.length >= INTACT:
                starts = [at for _, at, _ in self.hasher.windows(view, {mark.length: {mark.digest}}, everywhere=True)]
            if len(starts) == 1 and all(
                (b > low or at + b - a <= starts[0])
                and (a < high or starts[0] + mark.length <= at)
                and (b <= low or a >= high or at - a == starts[0] - low)
                for a, b, at in place.proved
            ):
                place.proved.append((low, high, starts[0]))
        return place

    def single_edit(self, unit: int, view: _View) -> int | None:
        """The place of the one character whose exchange, removal or addition gives the unit's digest, if one does.

        Tried are the characters of the text, of ASCII and of typography.
        """
        key = (unit, view.text)
        if key not in self.edits and len(self.edits) < EDITS:
            self.edits[key] = self._single_edit(unit, view)
        return self.edits.get(key)

    def _single_edit(self, unit: int, view: _View) -> int | None:
        wanted, length = self.units[unit].digest, self.units[unit].length
        data, offsets = view.encoded
        size = len(view.text)
        if abs(size - length) > 1:
            return None
        extra = size > length
        common = [c for c, _ in Counter(self.text).most_common(300)]
        alphabet = sorted({*common, *map(chr, range(32, 127)), *"‘’“”–—…éü"}) if not extra else [""]
        if self.hasher.spent(len(alphabet) * (size + 1)):
            return None
        letters = [c.encode() for c in alphabet]
        for i in range(size + (size < length)):
            head, tail = data[: offsets[i]], data[offsets[i + (size >= length)] :]
            for letter in letters:
                if sha256(head + letter + tail).digest() == wanted:
                    return view.starts[i] if i < size else view.ends[-1]
        return None

    # -- spans outside every sentence --------------------------------------------------------------------------------

    def put_loose(self, whole: _View) -> None:
        """Looks for the spans that no ledger line holds, the longest first; they stand where they stand once."""
        wanted: defaultdict[int, set[bytes]] = defaultdict(set)
        for mark in self.loose:
            wanted[mark.length].add(mark.digest)
        hits: defaultdict[bytes, list[int]] = defaultdict(list)
        for hashed, at, _ in self.hasher.windows(whole, wanted, everywhere=True):
            hits[hashed].append(at)
        for mark in self.loose:
            fits = [at for at in hits[mark.digest] if self.between(mark, *whole.extent(at, mark.length))]
            for outer, got in self.loose.items():
                if got and outer.start <= mark.start and mark.end <= outer.end:
                    at = got[1] + mark.start - outer.start
                    fits = [at] if at in fits else []
                    break
            if len(fits) == 1 or (fits and mark.length >= LONG):
                self.loose[mark] = (whole, fits[0])

    def between(self, mark: _Mark, start: int, end: int) -> bool:
        """Whether a stretch lies after the found sentences before a span and before those after it."""
        pairs = ((unit, place.extent) for unit, place in zip(self.units, self.places, strict=True) if place)
        return all(
            (unit.end > mark.start or extent[1] <= start) and (unit.start < mark.end or end <= extent[0])
            for unit, extent in pairs
        )

    # -- verdicts ----------------------------------------------------------------------------------------------------

    def at_offsets(self, mark: _Mark) -> Finding:
        """The verdict where the text is the source's own."""
        whole = self.literal
        if mark.end <= len(self.text) and whole.hash(mark.start, mark.length) == mark.digest:
            return self.proof(mark, whole, mark.start)
        hits = [at for _, at, _ in self.hasher.windows(whole, {mark.length: {mark.digest}}, everywhere=True)]
        extent = whole.extent(hits[0], mark.length) if len(hits) == 1 else None
        where = f"; its digest is that of characters {extent[0]} to {extent[1]}" if extent else ""
        detail = f"this is the source's own text: the row's offsets or its digest are wrong{where}"
        return self.finding(mark, "changed", extent, detail=detail)

    @cached_property
    def literal(self) -> _View:
        return _literal(self.text, 0, len(self.text))

    def judge(self, mark: _Mark) -> Finding:
        """The verdict after `align`."""
        if mark in self.loose:
            if got := self.loose[mark]:
                return self.proof(mark, *got)
            return self.finding(mark, "absent", detail="no ledger line holds it, and it stands nowhere, or not once")
        first, last = self.touched(mark)
        if first != last:
            return self.across(mark, first, last)
        place, low = self.places[first], mark.start - self.units[first].start
        if place is None:
            return self.finding(mark, "absent", detail="the text has nothing in the place of its sentence")
        if not place.changed:
            if place.view.hash(place.at + low, mark.length) == mark.digest:
                return self.proof(mark, place.view, place.at + low)
            return self.finding(mark, "changed", place.extent, detail=_WRONG_ROW)
        for a, b, at in place.proved:
            if (a, b) == (low, low + mark.length) and place.view.hash(at, mark.length) == mark.digest:
                return self.proof(mark, place.view, at)
        detail = "its sentence was changed" + (" by one character" if place.edit is not None else "")
        return self.finding(mark, "changed", place.extent, differs_at=place.edit, detail=detail)

    def across(self, mark: _Mark, first: int, last: int) -> Finding:
        """The verdict on a span across sentences: their parts, and what may have stood between them."""
        units, places = self.units[first : last + 1], self.places[first : last + 1]
        there = [place for place in places if place]
        if not there:
            return self.finding(mark, "absent", detail="the text has nothing in the place of its sentences")
        extent = (min(p.extent[0] for p in there), max(p.extent[1] for p in there))
        edit = next((p.edit for p in there if p.edit is not None), None)
        why = "something stands between its sentences"
        if len(there) < len(places):
            why = "the text has nothing in the place of one of its sentences"
        elif any(place.changed for place in there):
            why = "one of its sentences was changed"
        broken = self.finding(mark, "changed", extent, differs_at=edit, detail=why)
        parts: list[list[str]] = []
        stops: list[tuple[int, int]] = []
        for i, (unit, place) in enumerate(zip(units, places, strict=True)):
            # From the start of a changed sentence, or up to its end, the distances still hold.
            low, high = max(mark.start - unit.start, 0), min(mark.end, unit.end) - unit.start
            if place is None or (place.changed and i not in (0, len(units) - 1)) or high - low > place.length:
                return broken
            at = place.at + (low if i else place.length - (high - low))
            start, end = place.view.extent(at, high - low)
            if stops:
                between, gap = self.text[stops[-1][1] : start], unit.start - units[i - 1].end
                if start < stops[-1][1] or (between.strip(_BLANK) and len(between) != gap):
                    return broken
                usual = " " if gap == 1 else "\n" * gap
                others = ["".join(f) for f in product("\n ", repeat=gap)] if gap <= 4 else [" " * gap]
                parts.append([between] if between.strip(_BLANK) else list(dict.fromkeys([usual, *others])))
            parts.append([place.view.text[at : at + high - low]])
            stops.append((start, end))
        found = (stops[0][0], stops[-1][1])
        # The text as it stands, then what usually stands between sentences, then what else may have.
        readings = {place.view.reading for place in there}
        reading = "typography" if "typography" in readings else "white space"
        verbatim = self.text[slice(*found)]
        for joined in (verbatim, *map("".join, islice(product(*parts), 4096))):
            if sha256(joined.encode()).digest() == mark.digest:
                return self.finding(mark, "proved", found, reading="exact" if joined == verbatim else reading)
        return broken

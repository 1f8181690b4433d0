"""`bastions new claim` as a program: through a pipe, in a terminal, interrupted; and the session in docs/new-claim.md.

To renew the session after a change: `BASTIONS_UPDATE=1 .venv/bin/pytest tests/test_composing_cli.py`.
"""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT, TESTS
from test_composing import EXISTS, rows, snapshot

PAGE = ROOT / "docs" / "new-claim.md"
TEXT = TESTS / "valid" / "text.txt"
RECORD = ("after 4 years", "1", "orvessa red", "1", "held_from", "four years", "2015")
SAID = ("The Banner's hold on the town began in 2015.", "Four years before the capture, in 2019.")
ANSWERS = (*RECORD, "own", "", "historical", "", "computed", *SAID, "write")


def command(root: Path, text: Path = TEXT, *more: str) -> list[str]:
    return [sys.executable, "-m", "bastions.cli", "--root", str(root), "new", "claim", "--text", str(text), *more]


def piped(root: Path, answers: bytes, *more: str, text: Path = TEXT) -> subprocess.CompletedProcess[bytes]:
    done = subprocess.run(command(root, text, *more), input=answers, capture_output=True, timeout=300)
    assert b"Traceback" not in done.stdout + done.stderr
    return done


def lines(*answers: str) -> bytes:
    return "".join(f"{answer}\n" for answer in answers).encode()


def test_the_session_on_the_page_is_what_the_program_shows(tiny: Path) -> None:
    done = piped(tiny, lines(*ANSWERS))
    assert (done.returncode, done.stderr) == (0, b"")
    shown = done.stdout.decode()
    page = PAGE.read_text("utf-8")
    found = re.search(r"```text\n(.*?)```", page, re.DOTALL)
    assert found is not None
    if os.environ.get("BASTIONS_UPDATE"):
        PAGE.write_text(page[: found.start(1)] + shown + page[found.end(1) :], "utf-8")
        return
    assert shown == found[1]
    written = rows(tiny, "claims")["orvessa-story-0048"]
    assert (written["field"], written["value_text"], written["event_status"]) == ("held_from", "2015", "historical")


def test_answers_that_end_leave_everything_as_it_was(tiny: Path) -> None:
    before = snapshot(tiny)
    done = piped(tiny, lines(*EXISTS))
    assert (done.returncode, done.stderr) == (2, b"bastions: the answers ended; nothing was written\n")
    assert b"They bring no problem." in done.stdout
    assert snapshot(tiny) == before


def test_bytes_that_are_no_text_are_an_answer_that_is_refused(tiny: Path) -> None:
    done = piped(tiny, b"caf\xe9\nchanges hands\n\x00\n")
    assert done.returncode == 2
    assert b"U+DCE9 in it is a character that nobody sees" in done.stdout
    assert b"start_char 65" in done.stdout


def test_a_closed_standard_input_is_the_end_of_the_answers(tiny: Path) -> None:
    shell = ["sh", "-c", '"$@" <&-', "sh", *command(tiny)]
    done = subprocess.run(shell, capture_output=True, timeout=300)
    assert (done.returncode, done.stderr) == (2, b"bastions: the answers ended; nothing was written\n")


@pytest.mark.parametrize(
    ("name", "more", "code", "words"),
    [
        ("text.txt", ("--source", "marn-register"), 1, b"has no text_sha256"),
        ("other.txt", (), 1, b"this is the text of no source"),
        ("latin.txt", (), 1, b"is not UTF-8"),
        ("absent.txt", (), 2, b"No such file"),
    ],
)
def test_a_text_that_will_not_do_is_refused(
    tiny_once: Path, tmp_path: Path, name: str, more: tuple[str, ...], code: int, words: bytes
) -> None:
    (tmp_path / "text.txt").write_bytes(TEXT.read_bytes())
    (tmp_path / "other.txt").write_bytes(b"Something else.")
    (tmp_path / "latin.txt").write_bytes(b"caf\xe9")
    done = piped(tiny_once, b"", *more, text=tmp_path / name)
    assert (done.returncode, done.stdout) == (code, b"")
    assert words in done.stderr


@pytest.mark.parametrize("kind", ["pipe", "device", "link"])
def test_a_text_that_is_no_regular_file_is_refused_and_not_waited_for(
    tiny_once: Path, tmp_path: Path, kind: str
) -> None:
    """A named pipe that nobody writes to held the program for ever."""
    path = tmp_path / "text"
    os.mkfifo(tmp_path / "pipe")
    if kind == "device":
        path = Path("/dev/zero")
    elif kind == "link":
        path.symlink_to("pipe")
    else:
        path = tmp_path / "pipe"
    done = piped(tiny_once, b"", text=path)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode() == f"bastions: {path}: is no regular file; save the text in one\n"


def test_schemas_and_tables_that_cannot_be_read_are_told(tiny: Path) -> None:
    path = tiny / "data" / "utterances" / "hand.csv"
    path.write_bytes(path.read_bytes() + b'"open\n')
    done = piped(tiny, b"")
    assert done.returncode == 1
    assert b"data/utterances/hand.csv:9" in done.stdout
    (tiny / "schemas" / "claims.yaml").write_text("[", "utf-8")
    done = piped(tiny, b"")
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"schemas/ cannot be read" in done.stderr


# --------------------------------------------------------------------------------------------------------------------
# In a terminal


class Terminal:
    """The program in a terminal of its own, as a person would sit before it."""

    def __init__(self, root: Path):
        self.process, self.end = os.forkpty()
        if self.process == 0:
            os.environ["TERM"] = "dumb"  # readline then sends no sequences that move the cursor
            os.execv(sys.executable, command(root))
        self.seen = b""

    def read(self, wanted: bytes, seconds: float = 120) -> bytes:
        """What is shown until `wanted` is."""
        begin, until = len(self.seen), time.monotonic() + seconds
        while wanted not in self.seen[begin:]:
            ready, _, _ = select.select([self.end], [], [], max(0, until - time.monotonic()))
            assert ready, f"{wanted!r} was not shown, but {self.seen[begin:]!r}"
            try:
                self.seen += os.read(self.end, 65536)
            except OSError:  # the program has ended
                break
        assert wanted in self.seen[begin:], self.seen[begin:]
        return self.seen[begin:]

    def type(self, keys: bytes) -> None:
        os.write(self.end, keys)

    def code(self) -> int:
        return os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])


@pytest.fixture
def terminal(tiny: Path) -> Iterator[Terminal]:
    if not hasattr(os, "forkpty"):
        pytest.skip("NO TERMINAL TO TRY: this system has no pseudo-terminals; run the test on Linux or macOS")
    opened = Terminal(tiny)
    yield opened
    os.close(opened.end)


def test_a_terminal_completes_edits_and_writes(terminal: Terminal, tiny: Path) -> None:
    terminal.read(b"> ")
    for answer in EXISTS[:2]:
        terminal.type(answer.encode() + b"\n")
        terminal.read(b"> ")
    try:
        import readline  # noqa: F401
    except ImportError:
        terminal.type(b"exists\n")
    else:
        terminal.type(b"exi\t\n")  # completed
    assert b"Which of its columns do the same words carry?" in terminal.read(b"> ")
    for answer in EXISTS[3:]:
        terminal.type(answer.encode() + b"\n")
        shown = terminal.read(b"> ")
    assert b"They bring no problem." in shown
    terminal.type(b"write\n")
    assert b"Wrote orvessa-story-0048" in terminal.read(b"Wrote orvessa-story-0048 into")
    assert terminal.code() == 0
    assert rows(tiny, "claims")["orvessa-story-0048"]["covers"] == "engagement_type location_id"


@pytest.mark.parametrize(
    ("key", "said"), [(b"\x03", b"interrupted; nothing was written"), (b"\x04", b"the answers ended")]
)
def test_control_c_and_control_d_leave(terminal: Terminal, tiny: Path, key: bytes, said: bytes) -> None:
    before = snapshot(tiny)
    terminal.read(b"> ")
    terminal.type(b"changes hands\n")
    terminal.read(b"> ")
    terminal.type(key)
    terminal.read(said)
    assert terminal.code() == 2
    assert snapshot(tiny) == before


def test_an_interrupt_while_the_dataset_is_judged_writes_nothing(tiny: Path) -> None:
    before = snapshot(tiny)
    with subprocess.Popen(
        command(tiny), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as program:
        assert program.stdin and program.stdout and program.stderr
        program.stdin.write(lines(*EXISTS).decode())
        program.stdin.flush()
        while "Judging" not in program.stdout.readline():
            pass
        program.send_signal(signal.SIGINT)
        _, said = program.communicate(timeout=300)
    assert program.returncode == 2
    assert "interrupted" in said
    assert "Traceback" not in said
    assert snapshot(tiny) == before

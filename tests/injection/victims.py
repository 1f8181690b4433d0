"""Runs the command line in children of one process that has imported everything, with a fault at a call of theirs.

    with Victims() as victims:
        ended = victims.run(["build", "data", "--out", "site/build"], box)                              # counts calls
        ended = victims.run([...], box, Fault(when=7, calls=sorted(WRITES), signal=signal.SIGKILL))    # the 7th
        ended = victims.run([...], box, Fault(when=7, calls=["fsync"], error=errno.EIO))

The process with everything imported starts none of the threads of Polars, DuckDB and Arrow, so that it can fork; each
child starts its own. It is this file run as a program, and is told what to do by lines of JSON.
"""

from __future__ import annotations

import contextlib
import faulthandler
import importlib
import io
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import interceptor

MODULES = (
    "bastions.cli", "bastions.codebook", "bastions.loader", "bastions.publish.atomic", "bastions.publish.database",
    "bastions.publish.descriptor", "bastions.publish.parquet", "bastions.publish.views_sql", "bastions.relations",
    "bastions.resolve", "bastions.validation.cells", "bastions.validation.keys", "bastions.validation.layout",
    "bastions.validation.package", "bastions.validation.rules", "bastions.tabular.run", "bastions.tabular.reading",
    "bastions.tabular.release.loading", "bastions.tabular.release.publish", "bastions.tabular.tables.engine",
    "bastions.tabular.tables.keys", "bastions.tabular.fields.cells", "bastions.tabular.fields.guarded",
    "pandera.polars", "jsonschema",
)  # fmt: skip
LIMIT = 120.0
"""Seconds after which a run has hung."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is done to a run.

    Attributes:
        when: At which call, counted from 1 over all threads, among `calls` below the folder; 0: at none.
        calls: The names of the calls that count; see `interceptor`.
        error: The call fails with this number; 0: it does not fail.
        signal: The process gets this signal as it makes the call; 0: it gets none.
        lasting: Every later call of `calls` fails too.
        after: The signal comes after so many seconds, whatever is called then.
        always: Calls that always fail, and how; they do not count.
    """

    when: int = 0
    calls: Sequence[str] = ()
    error: int = 0
    signal: int = 0
    lasting: bool = False
    after: float = 0.0
    always: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ended:
    """A run that has ended.

    Attributes:
        code: The exit code; negative for the signal that ended it.
        out: What it wrote to standard output.
        err: To standard error.
        hit: The call at which something was done; empty if it ended before.
        count: As many calls counted.
        seen: How often each call was made below the folder.
        seconds: How long it took.
        hung: Whether it had to be ended.
    """

    code: int
    out: str
    err: str
    hit: str
    count: int
    seen: dict[str, int]
    seconds: float
    hung: bool


class Victims:
    """The process that has imported everything, for as long as the block lasts."""

    def __init__(self, environment: Mapping[str, str] | None = None):
        source = str(Path(interceptor.__file__).parents[2] / "src")
        self._environment = {
            **os.environ, "PYTHONPATH": source, "OPENBLAS_NUM_THREADS": "1", **(environment or {}),
        }  # fmt: skip
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Victims:
        self._process = subprocess.Popen(
            [sys.executable, __file__], env=self._environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process
        self._process.communicate()

    def run(self, arguments: Sequence[str | Path], box: Path, fault: Fault | None = None) -> Ended:
        """Runs a command in `box`, whose folder `tmp` holds its temporary files; calls below `box` are watched."""
        assert self._process and self._process.stdin and self._process.stdout
        asked = {"arguments": [str(a) for a in arguments], "box": str(box), "fault": asdict(fault or Fault())}
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return Ended(**json.loads(self._process.stdout.readline()))


def _serve() -> None:
    for name in MODULES:
        importlib.import_module(name)
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever a library prints is no answer
    for line in sys.stdin:
        asked = json.loads(line)
        ended = _watched(asked["arguments"], Path(asked["box"]), Fault(**asked["fault"]))
        answers.write(json.dumps(asdict(ended)) + "\n")
        answers.flush()


def _watched(arguments: list[str], box: Path, fault: Fault) -> Ended:
    ours, theirs = socket.socketpair()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, ours:
        began = time.monotonic()
        child = os.fork()
        if not child:
            ours.close()
            for number in (signal.SIGHUP, signal.SIGTERM):  # whoever started the tests may have them ignored (nohup)
                signal.signal(number, signal.SIG_DFL)
            _run(arguments, box, theirs, out.fileno(), err.fileno())
        theirs.close()
        _, listeners, _, _ = socket.recv_fds(ours, 1, 1)
        seen: Counter[str] = Counter()
        state: dict[str, Any] = {"hit": "", "count": 0, "hung": False, "signalled": False}
        watch = interceptor.Watch(listeners[0], box)
        poll = select.poll()
        poll.register(watch.listener, select.POLLIN)
        try:
            while True:
                waiting = 0.02 if fault.after and not state["signalled"] else 1.0
                events = poll.poll(waiting * 1000)
                passed = time.monotonic() - began
                if fault.after and passed >= fault.after and not state["signalled"]:
                    state["signalled"] = True
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(child, fault.signal)
                if passed > LIMIT and not state["hung"]:
                    state["hung"] = True
                    os.kill(child, signal.SIGKILL)
                if events and events[0][1] & select.POLLIN:
                    _answer(watch, child, fault, seen, state)
                elif events:  # nobody is left on the other side
                    break
        finally:
            os.close(watch.listener)
        _, status = os.waitpid(child, 0)
        told = [_read(stream) for stream in (out, err)]
    code = os.waitstatus_to_exitcode(status)
    seconds = time.monotonic() - began
    return Ended(code, told[0], told[1], state["hit"], state["count"], dict(seen), seconds, state["hung"])


def _answer(watch: interceptor.Watch, child: int, fault: Fault, seen: Counter[str], state: dict[str, Any]) -> None:
    taken = watch.take()
    if taken is None:
        return None
    number, call = taken
    if call is None:
        return watch.go_on(number)
    seen[call.name] += 1
    if call.name in fault.always:
        return watch.fail(number, fault.always[call.name])
    if call.name not in fault.calls:
        return watch.go_on(number)
    state["count"] += 1
    now = fault.when and (state["count"] == fault.when or (fault.lasting and state["count"] > fault.when))
    if not now:
        return watch.go_on(number)
    state["hit"] = state["hit"] or str(call)
    if fault.signal:
        os.kill(child, fault.signal)
        if fault.signal == signal.SIGKILL:
            return None  # it dies where it waits; the call is never made
    return watch.fail(number, fault.error) if fault.error else watch.go_on(number)


def _run(arguments: list[str], box: Path, to: socket.socket, out: int, err: int) -> None:
    """The child: becomes the command, and never returns."""
    code = 70
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for descriptor, number in ((out, 1), (err, 2)):
            os.dup2(descriptor, number)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        sys.stdout, sys.stderr = (io.TextIOWrapper(os.fdopen(n, "wb", closefd=False)) for n in (1, 2))
        faulthandler.enable(2)
        os.chdir(box)
        tempfile.tempdir = None
        os.environ["TMPDIR"] = str(box / "tmp")
        from bastions import cli

        interceptor.install(to)
        to.close()
        try:
            code = cli.main(arguments)
        except SystemExit as error:
            code = error.code if isinstance(error.code, int) else 1
        except BaseException:
            # As Python itself would end.
            traceback.print_exc()
            code = 1
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
    finally:
        os._exit(code)


def _read(stream: Any) -> str:
    stream.seek(0)
    text: bytes = stream.read()
    return text.decode(errors="replace")


if __name__ == "__main__":
    _serve()

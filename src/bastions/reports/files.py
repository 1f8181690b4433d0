"""One run, told in several forms at once: one to a stream, the others to files, each whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO

from bastions.problems import Problem, Report
from bastions.reports import APPENDED, COMPLETE, Form, teller
from bastions.reports.where import Where

_OPEN = ("/dev/stdout", "/dev/stderr", "/dev/fd/", "/proc/self/fd/")
"""Names of streams that the process was given open."""


def _waits(path: Path) -> bool:
    """Whether something is there that may wait for somebody: a named pipe, a socket, a disk."""
    try:
        mode = path.stat().st_mode
    except OSError:  # nothing is there, or the opening says why
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISCHR(mode) or stat.S_ISDIR(mode))


class ReportFile:
    """A file for a report. A context; what was not kept when it ends is gone, and the file as it was.

    A report is written beside its place and put there by `keep`; one that goes behind what a file holds is held until
    then; and one for a character device (`/dev/null`) or a stream that is open already (`/dev/stderr`) is written to it
    as it comes. Nothing else that is no regular file is opened: a named pipe is waited for until somebody reads it.

    Args:
        path: The file; a link is followed.
        append: Whether the report goes behind what the file holds.

    Raises:
        OSError: If the file cannot be written, or is none; `filename` is `path`.

    Attributes:
        error: What kept the report from being written, once something did; what comes after is ignored.
    """

    def __init__(self, path: Path, append: bool = False):
        self.error: OSError | None = None
        self._path, self._held = path, list[str]()
        self._target = Path(os.path.realpath(path))
        self._beside: Path | None = None
        self._append = append and (path.is_file() or not path.exists())
        self._made = not path.exists()
        try:
            self._stream = self._open()
        except OSError as error:
            raise self._named(error) from None

    def _open(self) -> IO[str]:
        if not os.fspath(self._path).startswith(_OPEN) and _waits(self._path):
            raise OSError(errno.EINVAL, "is no regular file; a report needs one, or a path where nothing is")
        if self._append:
            return _writing(self._target, "a")
        if self._path.exists() and not self._path.is_file():
            return _writing(self._path, "w")
        if not self._made and not os.access(self._target, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        beside = self._target.with_name(f".report-{os.getpid()}-{id(self):x}")
        stream = _writing(beside, "x")
        self._beside = beside
        return stream

    def _named(self, error: OSError) -> OSError:
        return OSError(error.errno, error.strerror or str(error), str(self._path))

    def write(self, line: str) -> None:
        """Writes a line, given without its end."""
        if self._append:
            self._held.append(line + "\n")
        elif self.error is None:
            try:
                self._stream.write(line + "\n")
            except OSError as error:
                self.error = self._named(error)

    def keep(self) -> None:
        """Ends the report and puts it in its place."""
        if self.error is not None:
            return
        try:
            if self._append:
                # What stands before may not end its paragraph.
                self._stream.write(("\n\n" if self._target.stat().st_size else "") + "".join(self._held))
            self._stream.flush()
            if self._beside is not None:
                os.fsync(self._stream.fileno())
                self._stream.close()
                self._beside.replace(self._target)
                self._beside = None
            self._made = False
        except OSError as error:
            self.error = self._named(error)

    def __enter__(self) -> ReportFile:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with contextlib.suppress(OSError):
            self._stream.close()
        with contextlib.suppress(OSError):
            if self._beside is not None:
                self._beside.unlink(missing_ok=True)
            elif self._append and self._made and not self._target.stat().st_size:
                self._target.unlink()


def _writing(path: Path, mode: str) -> IO[str]:
    return path.open(mode, encoding="utf-8", errors="backslashreplace", newline="\n")


class Telling:
    """Tells problems to a stream and to files. A stream that nobody reads any more does not keep files from being made.

    Args:
        main: What tells the stream.
        files: Each file with what tells it.

    Attributes:
        failed: Why files could not be written, once all was told.
    """

    def __init__(self, main: Form, files: Sequence[tuple[ReportFile, Form]]):
        self._main, self._files = main, files
        self._broken: BrokenPipeError | None = None
        self.failed: list[OSError] = []

    def add(self, p: Problem) -> None:
        """Tells a problem."""
        for _, form in self._files:
            form.add(p)
        self._tell(lambda: self._main.add(p))

    def end(self, report: Report) -> None:
        """Tells the verdict, and puts the files in their places.

        Raises:
            BrokenPipeError: If nobody read the stream to its end; the files are there.
        """
        for file, form in self._files:
            form.end(report)
            file.keep()
        self.failed = [file.error for file, _ in self._files if file.error]
        self._tell(lambda: self._main.end(report))
        if self._broken:
            raise self._broken

    def _tell(self, tell: Callable[[], None]) -> None:
        if self._broken is None:
            try:
                tell()
            except BrokenPipeError as error:
                if not self._files:
                    raise
                self._broken = error


@contextlib.contextmanager
def telling(
    form: str, write: Callable[[str], None], also: Sequence[tuple[str, Path]] = (), base: str = ""
) -> Iterator[Telling]:
    """What tells one run in several forms.

    Args:
        form: The form that `write` gets.
        write: Takes each line of it.
        also: Forms with the files that get them. `markdown` goes behind what its file holds, as summaries of jobs want
            it; the others take its place.
        base: See `Where`.

    Raises:
        OSError: If a file cannot be written, before anything is told.
    """
    complete = tuple(str(path) for name, path in also if name in COMPLETE)
    others = tuple(str(path) for name, path in also if name not in COMPLETE)
    with contextlib.ExitStack() as stack:
        files = []
        for name, path in also:
            file = stack.enter_context(ReportFile(path, append=name in APPENDED))
            files.append((file, teller(name, file.write, Where(base, complete))))
        yield Telling(teller(form, write, Where(base, complete, others if form == "github" else ())), files)

"""Stops a process at each of its calls to the file system, and lets one fail or kills the process there.

It is the kernel that stops it (seccomp's "user notification", Linux 5.5 and newer; no privilege, no other program): the
process gives itself a filter and its parent the other end. Each call of a listed kind waits until the parent says how
it ends: carried out, or failed with an error that the kernel never had.

Why not `strace --inject`, which does the same: its `when=N` counts the calls of every *thread* apart, so that with the
threads of DuckDB, Polars and Arrow "the Nth write" is whichever thread gets there first, and calls of the others are
never hit; and it counts calls anywhere, most of which open modules of Python. Here there is one count over all threads
and child processes, of calls below one folder alone. Which call is the Nth still differs a little from run to run, as
threads do; the run says which one was hit.
"""

from __future__ import annotations

import array
import ctypes
import errno
import fcntl
import os
import platform
import socket
import struct
import sys
from dataclasses import dataclass
from pathlib import Path

_NUMBERS = {
    "x86_64": (
        0xC000003E,
        317,
        {
            "read": 0, "write": 1, "open": 2, "stat": 4, "fstat": 5, "lstat": 6, "pread64": 17, "pwrite64": 18,
            "readv": 19, "writev": 20, "sendfile": 40, "flock": 73, "fsync": 74, "fdatasync": 75, "truncate": 76,
            "ftruncate": 77, "rename": 82, "mkdir": 83, "rmdir": 84, "creat": 85, "link": 86, "unlink": 87,
            "symlink": 88, "chmod": 90, "fchmod": 91, "getdents64": 217, "openat": 257, "mkdirat": 258,
            "newfstatat": 262, "unlinkat": 263, "renameat": 264, "linkat": 265, "symlinkat": 266, "fchmodat": 268,
            "utimensat": 280, "fallocate": 285, "preadv": 295, "pwritev": 296, "renameat2": 316,
            "copy_file_range": 326, "statx": 332, "fchmodat2": 452,
        },
    ),
    "aarch64": (
        0xC00000B7,
        277,
        {
            "flock": 32, "mkdirat": 34, "unlinkat": 35, "symlinkat": 36, "linkat": 37, "renameat": 38, "truncate": 45,
            "ftruncate": 46, "fallocate": 47, "fchmod": 52, "fchmodat": 53, "openat": 56, "getdents64": 61, "read": 63,
            "write": 64, "readv": 65, "writev": 66, "pread64": 67, "pwrite64": 68, "preadv": 69, "pwritev": 70,
            "sendfile": 71, "newfstatat": 79, "fstat": 80, "fsync": 82, "fdatasync": 83, "utimensat": 88,
            "renameat2": 276, "copy_file_range": 285, "statx": 291, "fchmodat2": 452,
        },
    ),
}  # fmt: skip
"""Of each machine: its name in a filter, the number of `seccomp`, and the numbers of the calls."""

_BY_FILE = {
    "read", "write", "fstat", "pread64", "pwrite64", "readv", "writev", "sendfile", "flock", "fsync", "fdatasync",
    "ftruncate", "fchmod", "getdents64", "fallocate", "preadv", "pwritev",
}  # fmt: skip
"""Calls whose first argument is an open file; `copy_file_range` writes to its third."""
_BY_PATH = {"open", "stat", "lstat", "truncate", "rename", "mkdir", "rmdir", "creat", "link", "unlink", "chmod"}
"""Calls whose first argument is a path; of all others it is the second, below the folder that the first one is."""
LOOKS = frozenset({"fstat", "lstat", "newfstatat", "stat", "statx"})
"""Calls that ask about a file."""
READS = frozenset({"getdents64", "pread64", "preadv", "read", "readv"})
"""Calls that read a file or a folder; `opens for reading` beside them."""
WRITES = frozenset(_NUMBERS["x86_64"][2]) - LOOKS - READS - {"open", "openat"} | {"create"}
"""Calls that change something; `create` is what an open call is named here that may write."""
OPENS = frozenset({"open for reading"})

_NOTIF, _RESPONSE = struct.Struct("=QIIiIQ6Q"), struct.Struct("=QqiI")
_RECEIVE, _SEND = 0xC0502100, 0xC0182101
_FILTER_NEW_LISTENER, _SET_MODE_FILTER, _NO_NEW_PRIVS, _CONTINUE = 8, 1, 38, 1
_ALLOW, _NOTIFY = 0x7FFF0000, 0x7FC00000


@dataclass(frozen=True, slots=True)
class Call:
    """A call below the watched folder: what it is, and the path, relative to that folder."""

    name: str
    path: str

    def __str__(self) -> str:
        return f"{self.name} {self.path}"


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def unavailable() -> str:
    """Why calls cannot be intercepted here; empty if they can."""
    if sys.platform != "linux":
        return "calls can be intercepted on Linux alone"
    if platform.machine() not in _NUMBERS:
        return f"the numbers of the calls of {platform.machine()} are not listed"
    ours, theirs = socket.socketpair()
    child = os.fork()
    if not child:
        try:
            install(theirs)
            os._exit(0)
        except BaseException:
            os._exit(1)
    theirs.close()
    _, status = os.waitpid(child, 0)
    ours.close()
    return "the kernel gives no user notification of seccomp (needs Linux 5.5, outside of sandboxes)" if status else ""


def install(to: socket.socket) -> None:
    """Puts this process, and all that it starts, under the eyes of whoever holds the other end of the socket.

    Raises:
        OSError: If the kernel refuses.
    """
    machine, seccomp, numbers = _NUMBERS[platform.machine()]
    code = [(0x20, 0, 0, 4), (0x15, 1, 0, machine), (0x06, 0, 0, _ALLOW), (0x20, 0, 0, 0)]
    wanted = sorted(numbers.values())
    code += [(0x15, len(wanted) - n, 0, number) for n, number in enumerate(wanted)]
    code += [(0x06, 0, 0, _ALLOW), (0x06, 0, 0, _NOTIFY)]
    text = b"".join(struct.pack("=HBBI", *step) for step in code)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")
    program = _Program(len(code), text)
    listener = libc.syscall(seccomp, _SET_MODE_FILTER, _FILTER_NEW_LISTENER, ctypes.byref(program))
    if listener < 0:
        raise OSError(ctypes.get_errno(), "seccomp")
    socket.send_fds(to, [b"x"], [listener])
    os.close(listener)


class Watch:
    """The other end: takes calls as they come and says how they end."""

    def __init__(self, listener: int, folder: Path):
        self.listener = listener
        self._names = {number: name for name, number in _NUMBERS[platform.machine()][2].items()}
        self._folder = os.fsencode(folder)

    def take(self) -> tuple[int, Call | None] | None:
        """The next call: a number to answer it by, and what it is if it is below the folder; None if it is gone."""
        buffer = array.array("B", bytes(_NOTIF.size))
        try:
            fcntl.ioctl(self.listener, _RECEIVE, buffer, True)
        except OSError as error:
            if error.errno in (errno.ENOENT, errno.EINTR):
                return None
            raise
        number, thread, _, which, _, _, *arguments = _NOTIF.unpack(bytes(buffer))
        try:
            return number, self._call(self._names[which], thread, arguments)
        except OSError:  # the process is gone, or the path is no text
            return number, None

    def _call(self, name: str, thread: int, arguments: list[int]) -> Call | None:
        if name in _BY_FILE or name == "copy_file_range":
            path = _link(thread, f"fd/{arguments[2 if name == 'copy_file_range' else 0]}")
        else:
            first = 0 if name in _BY_PATH else 2 if name == "symlinkat" else 1
            path = _text(thread, arguments[first])
            if not path.startswith(b"/"):
                at = _signed(arguments[0]) if first == 1 else -100
                path = _link(thread, "cwd" if at == -100 else f"fd/{at}") + b"/" + path
        if path != self._folder and not path.startswith(self._folder + b"/"):
            return None
        if name in ("open", "openat"):
            flags = arguments[1 if name == "open" else 2]
            name = "create" if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC) else "open for reading"
        return Call(name, os.fsdecode(path[len(self._folder) + 1 :]))

    def go_on(self, number: int) -> None:
        """The call is carried out."""
        self._answer(_RESPONSE.pack(number, 0, 0, _CONTINUE))

    def fail(self, number: int, code: int) -> None:
        """The call is not carried out; its caller is told this error."""
        self._answer(_RESPONSE.pack(number, 0, -code, 0))

    def _answer(self, response: bytes) -> None:
        try:
            fcntl.ioctl(self.listener, _SEND, response)
        except OSError as error:
            if error.errno != errno.ENOENT:  # whoever called is dead
                raise


def _link(process: int, name: str) -> bytes:
    return os.fsencode(Path(f"/proc/{process}/{name}").readlink())


def _signed(value: int) -> int:
    return struct.unpack("=i", struct.pack("=I", value & 0xFFFFFFFF))[0]  # type: ignore[no-any-return]


def _text(process: int, address: int) -> bytes:
    """The text at an address of another process."""
    with open(f"/proc/{process}/mem", "rb", buffering=0) as memory:  # noqa: PTH123 (no file)
        memory.seek(address)
        found = b""
        while b"\0" not in found and len(found) < 4096:
            # Not over the end of a page, behind which nothing may be.
            found += memory.read(min(256, 4096 - (address + len(found)) % 4096))
        return found.partition(b"\0")[0]

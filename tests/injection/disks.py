"""File systems that are too small, or may not be written to; both need root, and `Unmountable` says so otherwise."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path


class Unmountable(Exception):
    """Nothing can be mounted here; the message says why."""


@contextlib.contextmanager
def small_disk(folder: Path, room: int) -> Iterator[Path]:
    """A file system in memory with so many bytes of room, in place of a folder."""
    with _mounted(folder, "-t", "tmpfs", "-o", f"size={room}", "tmpfs"):
        yield folder


@contextlib.contextmanager
def read_only(folder: Path) -> Iterator[Path]:
    """A folder that nobody can write to, not even root; it is itself again after the block."""
    with _mounted(folder, "--bind", str(folder)):
        subprocess.run(["mount", "-o", "remount,bind,ro", str(folder)], check=True)
        yield folder


@contextlib.contextmanager
def _mounted(folder: Path, *options: str) -> Iterator[None]:
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        raise Unmountable("only root can mount a file system, on Linux")
    folder.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(["mount", *options, str(folder)], capture_output=True, text=True)
    if done.returncode:
        raise Unmountable(f"no file system can be mounted here: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)

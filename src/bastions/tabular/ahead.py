"""Making the next item of an iterator in another thread while one is looked at."""

from __future__ import annotations

import queue
import threading
from collections.abc import Generator, Iterator
from typing import Any, TypeVar

T = TypeVar("T")


def ahead(source: Iterator[T]) -> Generator[T]:
    """The same items, made by another thread, and never more than one ahead; to be closed, which ends the thread.

    What the iterator raises comes out where the item would have.
    """
    handed: queue.SimpleQueue[tuple[bool, Any]] = queue.SimpleQueue()
    wanted = threading.Semaphore(1)
    stop = threading.Event()

    def run() -> None:
        try:
            while wanted.acquire() and not stop.is_set():
                handed.put((True, next(source)))
        except StopIteration:
            handed.put((False, None))
        except BaseException as error:  # whatever it is, the other thread has to know
            handed.put((False, error))

    thread = threading.Thread(target=run, name="reading", daemon=True)
    thread.start()
    try:
        while True:
            more, item = handed.get()
            if not more:
                if item is not None:
                    raise item
                return
            wanted.release()
            yield item
    finally:
        stop.set()
        wanted.release()
        thread.join()

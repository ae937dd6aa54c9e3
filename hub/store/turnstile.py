"""One writer at a time on a SQLite file, in the order of asking; and one runner per file.

SQLite lets whoever asks at the right moment write next, so under load somebody waits for ever. Here
everybody queues at a *gate* and only the first of the queue waits for the *write* lock. Both are `flock`s on
files beside the database: they hold between threads and processes, and the kernel frees them when one dies.
"""

import errno
import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from hub.core.failures import HouseDown, Refused

_FULL = {errno.ENOSPC, errno.EDQUOT}


class _Taken(threading.local):
    """The files at which this thread has its turn now, through whichever store."""

    def __init__(self) -> None:
        self.files: set[Path] = set()


_TAKEN = _Taken()


class Turnstile:
    """The two locks of a database file."""

    def __init__(self, database: Path) -> None:
        self._gate = _beside(database, "gate")
        self._write = _beside(database, "write")

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for one's turn to write. Raises HouseDown where the lock files cannot be made."""
        if self._write in _TAKEN.files:
            raise RuntimeError("a work inside a work of the same thread would wait for itself")
        write = self._queue()
        _TAKEN.files.add(self._write)
        try:
            yield
        finally:
            _TAKEN.files.remove(self._write)
            _free(write)

    def _queue(self) -> int:
        gate = _locked(self._gate)
        try:
            return _locked(self._write)
        finally:
            _free(gate)


@contextmanager
def sole_runner(database: Path) -> Iterator[None]:
    """Be the only runner on a database file. Raises Refused with the process id of the one that is."""
    path = _beside(database, "run")
    try:
        file = _locked(path, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Refused("hub.already_running", database=str(database), pid=path.read_text() or "?") from None
    try:
        os.truncate(file, 0)
        os.write(file, str(os.getpid()).encode())
        yield
    finally:
        _free(file)


def _beside(database: Path, lock: str) -> Path:
    return database.with_name(f"{database.name}.{lock}")


def _no_room(error: OSError, folder: Path) -> HouseDown:
    full = error.errno in _FULL
    return HouseDown("database.disk_full" if full else "database.folder_not_writable", where=str(folder))


def _locked(path: Path, mode: int = fcntl.LOCK_EX) -> int:
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise _no_room(error, path.parent) from error
    with ExitStack() as undo:
        undo.callback(os.close, file)
        fcntl.flock(file, mode)
        undo.pop_all()
    return file


def _free(file: int) -> None:
    """Unlock before closing: a forked child may hold a copy of the descriptor."""
    fcntl.flock(file, fcntl.LOCK_UN)
    os.close(file)

"""Servers of others as processes of ours."""

import json
import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

FAREWELL = 10
"""Seconds that a server has to end by itself."""


@contextmanager
def server(command: Sequence[str | Path], folder: Path, settings: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
    """What a started server says of itself: a line of JSON on the file descriptor that is its last argument.

    It ends when its standard input does, and so never outlives the one who started it, however that one ends.
    """
    log = folder / "server.log"
    reads, writes = os.pipe()
    with log.open("wb") as output, os.fdopen(reads) as ready, os.fdopen(writes, "w") as its_end:
        process = subprocess.Popen(
            [*command, str(writes)],
            cwd=folder,
            env=os.environ | settings,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=[writes],
        )
        its_end.close()
        try:
            line = ready.readline()
            if not line:
                raise RuntimeError(f"{command[0]} ended at once:\n{log.read_text()[-2000:]}")
            yield json.loads(line)
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        process.communicate(timeout=FAREWELL)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()

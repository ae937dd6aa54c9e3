"""The log: one JSON object a line, with what happened to whom — and never a secret or a person.

A record is its event and a few known fields. Free words go through one redactor, and of an exception only its
kind and the places it passed are kept: what it says may repeat a row.
"""

import json
import logging
import re
import traceback
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path

from hub.core.failures import HubError
from hub.core.text import masked
from hub.sdk.redaction import HIDDEN

LOG = "hub.log"
LARGEST = 10_000_000
KEPT = 3

OWN = ("tenant", "subject", "connection", "attempt", "step", "row", "batch", "capability", "key", "code")
"""What a record may say beside its event, in the hub's own words; everything else a caller adds is left out."""

FREE = ("error",)
"""What somebody else may have worded."""

_CREDENTIALS = re.compile(r"(?<=://)[^/@\s]+(?=@)")
_HEADER = re.compile(r"(?i)\b((?:proxy-)?authorization|cookie|set-cookie)(\W{1,3}).+")
_NAMED = re.compile(r"(?i)\b(bearer|basic|token|secret|password|passwd|api[-_]?key|signature)(\W{1,3})(\S+)")


def redacted(text: str) -> str:
    """Without credentials of addresses, named secrets, e-mail addresses and long numbers; one short line."""
    text = _CREDENTIALS.sub(HIDDEN, text)
    for named in (_HEADER, _NAMED):
        text = named.sub(rf"\1\2{HIDDEN}", text)
    return masked(text)


class Lines(logging.Formatter):
    """A record as a line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "event": redacted(record.msg if isinstance(record.msg, str) else type(record.msg).__name__),
        }
        said |= {name: value for name in OWN if (value := getattr(record, name, None)) is not None}
        said |= {name: redacted(str(value)) for name in FREE if (value := getattr(record, name, None)) is not None}
        if record.exc_info and record.exc_info[1] is not None:
            said["exception"] = _passed(record.exc_info[1])
        return json.dumps(said, ensure_ascii=False, default=str)


def _passed(error: BaseException) -> list[str]:
    """Kind and places, from the outermost call to where it was raised, with what it was caused by."""
    places = [
        f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    code = f" {error.code}" if isinstance(error, HubError) else ""
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return [*(_passed(cause) if cause is not None else ()), *places, f"{type(error).__name__}{code}"]


class Quiet(RotatingFileHandler):
    """Opens the file with the first record; a log that cannot be written stops nobody."""

    def __init__(self, file: Path) -> None:
        super().__init__(file, maxBytes=LARGEST, backupCount=KEPT, encoding="utf-8", delay=True)
        self.setFormatter(Lines())

    def emit(self, record: logging.LogRecord) -> None:
        if self.stream is not None or Path(self.baseFilename).parent.is_dir():
            super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  the name logging gives it
        """There is nobody to tell."""


def begin_logging(folder: Path, level: int = logging.WARNING) -> None:
    """Write the log of this process under a folder."""
    root = logging.getLogger()
    for known in [each for each in root.handlers if isinstance(each, Quiet)]:
        root.removeHandler(known)
        known.close()
    root.addHandler(Quiet(folder / LOG))
    root.setLevel(level)
    for chatty in ("httpx", "httpcore", "alembic", "celery", "kombu", "uvicorn.access"):
        logging.getLogger(chatty).setLevel(logging.WARNING)

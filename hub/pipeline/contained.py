"""Plug-in code may be anybody's: what it raises beyond failures is a bug of it, never the end of a worker."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from hub.core.failures import HubError, InDoubt, Retryable
from hub.core.text import masked

log = logging.getLogger(__name__)


def fault(error: Exception) -> str:
    """Where an error comes from, so that two alike have the same words; nothing of the data is in it."""
    if isinstance(error, HubError):
        return error.code
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    place = f"{frame.tb_frame.f_code.co_name}:{frame.tb_lineno}" if frame else ""
    return masked(f"{type(error).__name__} {place}")


@contextmanager
def contained(connection: str, *, writes: bool) -> Iterator[None]:
    """Call a connector. Its bugs are InDoubt for a write, Retryable for a read."""
    try:
        yield
    except HubError:
        raise
    except Exception as error:
        log.exception("connector.broken", extra={"connection": connection})
        kind = InDoubt if writes else Retryable
        raise kind("connector.broken", connection=connection, error=fault(error)) from error

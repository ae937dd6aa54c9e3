"""The short repeats inside one call: reads, and what surely did not leave the house."""

from datetime import timedelta
from typing import Final

from tenacity import RetryCallState, Retrying, stop_after_attempt

from hub.core.clock import Clock
from hub.core.failures import Retryable
from hub.sdk.deadline import Deadline

TRIES: Final = 3
SHORT_WAIT: Final = timedelta(seconds=5)
_PAUSES: Final = (0.2, 1.0)
_NEVER_LEFT: Final = frozenset({"http.unreachable"})
_WITHOUT_ANSWER: Final = _NEVER_LEFT | {
    "http.timed_out",
    "http.broken_off",
    "http.unreadable",
    "http.server_error",
}


def repeats(clock: Clock, deadline: Deadline, *, write: bool) -> Retrying:
    """At most three tries, with pauses that fit into the deadline; a write only if it did not leave."""

    def again(state: RetryCallState) -> bool:
        error = state.outcome.exception() if state.outcome else None
        return isinstance(error, Retryable) and _short(error, write=write) and pause(state) < deadline.left()

    def pause(state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        if isinstance(error, Retryable) and error.after is not None:
            return error.after.total_seconds()
        return _PAUSES[min(state.attempt_number, len(_PAUSES)) - 1]

    return Retrying(sleep=clock.sleep, stop=stop_after_attempt(TRIES), wait=pause, retry=again, reraise=True)


def _short(error: Retryable, *, write: bool) -> bool:
    if write:
        return error.code in _NEVER_LEFT
    if error.after is not None:
        return error.after <= SHORT_WAIT
    return error.code in _WITHOUT_ANSWER

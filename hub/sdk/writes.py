"""Sending one thing at a time where a remote knows no bulk call: each item of a list fails for itself."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import wraps
from typing import Protocol, TypeVar

from hub.core.failures import Failure, Misconfigured, Retryable
from hub.sdk.capabilities import Answer, Answers, R_co, Raw, Wanted
from hub.sdk.deadline import Deadline
from hub.sdk.http import Http


class _HasHttp(Protocol):
    @property
    def http(self) -> Http: ...


S = TypeVar("S", bound=_HasHttp)


def one_by_one(send: Callable[[S, Wanted[R_co]], Raw]) -> Callable[[S, Sequence[Wanted[R_co]]], Answers]:
    """Make `send_<noun>` from a method that sends one item and answers or raises a Failure.

    All requests of one item share one deadline. An item is begun only within the deadline of the whole
    list, so a list takes two deadlines at most; what was not begun is Retryable. Wrong credentials end
    the list: the rest is answered alike without asking.
    """

    @wraps(send)
    def send_list(self: S, wanted: Sequence[Wanted[R_co]]) -> Answers:
        begin = self.http.deadline()
        answers: list[Answer] = []
        for item in wanted:
            stop = _stop(answers, begin)
            answers.append(_sent(self, send, item) if stop is None else stop)
        return answers

    return send_list


def _stop(answers: Sequence[Answer], begin: Deadline) -> Failure | None:
    if answers and isinstance(answers[-1], Misconfigured):
        return answers[-1]
    return Retryable("http.not_begun", after=timedelta(0)) if begin.left() <= 0 else None


def _sent(connector: S, send: Callable[[S, Wanted[R_co]], Raw], item: Wanted[R_co]) -> Answer:
    try:
        with connector.http.together():
            return send(connector, item)
    except Failure as failure:
        return failure

"""A network on which requests or answers get lost."""

import re
from contextlib import closing
from enum import StrEnum
from typing import TypeAlias

import httpx

Words: TypeAlias = tuple[str, bytes]
"""Method with path, and body."""


class Loses(StrEnum):
    """What never arrives, the first time that the same words are sent."""

    NOTHING = "nothing"
    REQUESTS = "requests"
    ANSWERS = "answers"


class Losing(httpx.BaseTransport):
    """Of each write the request or the answer gets lost, and who sent it cannot tell which; a second one arrives."""

    def __init__(self, inner: httpx.BaseTransport, loses: Loses) -> None:
        self._inner = inner
        self._loses = loses
        self.lost: list[Words] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        words = (f"{request.method} {request.url.path}", request.content)
        if self._loses is Loses.NOTHING or not is_write(request) or words in self.lost:
            return self._inner.handle_request(request)
        self.lost.append(words)
        if self._loses is Loses.ANSWERS:
            with closing(self._inner.handle_request(request)) as answer:
                answer.read()
        raise httpx.ReadError("nothing comes back", request=request)

    def close(self) -> None:
        self._inner.close()


def is_write(request: httpx.Request) -> bool:
    """Everything but GET, and but a query of GraphQL; a login is repeated by whoever needs it."""
    if b'"query":' in request.content.replace(b" ", b""):
        return b"mutation" in request.content and b"login" not in request.content
    return request.method != "GET"


def kind(place: str, body: bytes) -> str:
    """What a write is about: the name of a mutation, else its method and path without numbers."""
    mutation = re.search(rb"mutation (\w+)", body)
    return mutation[1].decode() if mutation else re.sub(r"/\d+|/.*/model/", "", place)

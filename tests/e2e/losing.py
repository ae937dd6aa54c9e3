"""A network on which requests or answers get lost."""

import re
from collections import Counter
from contextlib import closing
from enum import IntEnum
from typing import TypeAlias

import httpx

from hub.sdk.addresses import PinnedTransport

Words: TypeAlias = tuple[str, bytes]
"""Method with path, and body."""


class Lost(IntEnum):
    """What does not arrive of a write, in this order."""

    REQUEST = 1
    ANSWER = 2


class Network(httpx.BaseTransport):
    """The way to a server.

    Where it loses, the first request of the same words does not arrive, of the second the answer is lost, and who
    sent them cannot tell which; the third is answered.
    """

    def __init__(self, *, loses: bool) -> None:
        self._inner = PinnedTransport(allow_private=True, connections=1)
        self._loses = loses
        self.lost: Counter[Words] = Counter()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        words = (f"{request.method} {request.url.path}", request.content)
        if not self._loses or not is_write(request) or self.lost[words] == len(Lost):
            return self._inner.handle_request(request)
        self.lost[words] += 1
        if self.lost[words] == Lost.ANSWER:
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

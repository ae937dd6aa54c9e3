"""Bodies on their way: what goes out is written once, what comes in is unpacked within a limit."""

import zlib
from collections.abc import Mapping, Sequence
from typing import TypeAlias, TypedDict
from urllib.parse import urlencode

from hub.core.json import JSON, dumps
from hub.sdk.verdicts import Verdict

Query: TypeAlias = Mapping[str, str | int | Sequence[str]]


class Options(TypedDict, total=False):
    """What a request may carry; at most one of `json`, `form` and `content`.

    `means` says what a status means here where it differs from the table, for example
    `{404: Verdict.REPLY}` for a look-up to which *absent* is an answer.
    """

    params: Query
    json: JSON
    form: Mapping[str, str]
    content: bytes
    headers: Mapping[str, str]
    means: Mapping[int, Verdict]


def written(options: Options) -> tuple[bytes, str | None]:
    """The body of a request and its media type; JSON in the canonical form, so signing it once is enough."""
    if "json" in options:
        return dumps(options["json"]), "application/json"
    if "form" in options:
        return urlencode(options["form"]).encode(), "application/x-www-form-urlencoded"
    return options.get("content", b""), None


class Unpacked:
    """A body as it grows, never beyond its limit, neither on the wire nor unpacked.

    Some servers name gzip and send plain bytes (Tryton 8.2 JSON-RPC does), so the first two bytes tell.
    """

    def __init__(self, encoding: str, limit: int) -> None:
        self._body = bytearray()
        self._limit = limit
        self._undecided = encoding.strip().lower() in {"gzip", "x-gzip"}
        self._gzip: zlib._Decompress | None = None
        self._broken = False

    def take(self, chunk: bytes) -> bool:
        """Whether the body is still within its limit."""
        if self._undecided and chunk:
            self._undecided = False
            self._gzip = zlib.decompressobj(31) if chunk.startswith(b"\x1f") else None
        self._body += self._plain(chunk)
        return len(self._body) <= self._limit

    def whole(self) -> bytes | None:
        """The body, or nothing if its packed form is broken or ends too early."""
        if self._broken or (self._gzip is not None and not self._gzip.eof):
            return None
        return bytes(self._body)

    def _plain(self, chunk: bytes) -> bytes:
        if self._gzip is None:
            return chunk
        try:
            return self._gzip.decompress(chunk, self._limit + 1 - len(self._body))
        except zlib.error:
            self._broken = True
            self._gzip = None
            return b""

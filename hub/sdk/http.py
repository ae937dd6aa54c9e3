"""The one way out: requests to a remote, and what their answers mean for the hub.

The caller says whether a request reads or writes, for a POST may be either. From that and from how far a
request came, this client tells *surely nothing happened* (Retryable) from *it may have happened* (InDoubt).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from copy import copy
from datetime import timedelta
from typing import NoReturn, Self, TypeAlias, Unpack
from urllib.parse import quote

import httpx

from hub.core.clock import Clock
from hub.core.failures import Failure, HubError, Misconfigured, Rejected, Retryable
from hub.core.text import masked
from hub.sdk.addresses import PinnedTransport, checked_url
from hub.sdk.bodies import Options, Unpacked, written
from hub.sdk.deadline import WALL, Deadline, Stopwatch, within
from hub.sdk.redaction import Redactor, header_secrets
from hub.sdk.repeats import repeats
from hub.sdk.replies import RESPONSE_LIMIT, Call, Observer, Outcome, Reply, Unobserved, unclear
from hub.sdk.session import Ended, Session, plain_headers
from hub.sdk.verdicts import Verdict, asked_wait, judge, words

__all__ = ["Call", "Http", "Observer", "Options", "Outcome", "Path", "Reply", "Verdict"]

Path: TypeAlias = str | tuple[str, ...]
"""A path below the base URL, or its segments: those are quoted, so an id cannot climb out."""

Login: TypeAlias = Callable[["Http"], Mapping[str, str]]
Explain: TypeAlias = Callable[[Reply], Failure | None]

_USUAL = {"accept": "application/json", "accept-encoding": "gzip", "user-agent": "crossdock"}


class Http:
    """A client of one remote for one connection. Synchronous, usable by several threads side by side.

    `deadline` is the total time of one call: repeats, login and body. `transport` replaces the network:
    a simulator, a `httpx.MockTransport`. `secrets` are words that no message may show.
    """

    def __init__(
        self,
        base_url: str,
        *,
        clock: Clock,
        deadline: timedelta = timedelta(seconds=30),
        calls_at_once: int = 4,
        headers: Mapping[str, str] | None = None,
        secrets: Sequence[str] = (),
        transport: httpx.BaseTransport | None = None,
        allow_private: bool = False,
        observer: Observer | None = None,
        response_limit: int = RESPONSE_LIMIT,
        stopwatch: Stopwatch = WALL,
    ) -> None:
        self._base = checked_url(base_url, allow_private=allow_private)
        self._clock = clock
        self._seconds = deadline.total_seconds()
        self._transport = transport or PinnedTransport(allow_private=allow_private, connections=calls_at_once)
        self._observer = observer or Unobserved()
        self._limit = response_limit
        self._stopwatch = stopwatch
        self._headers = plain_headers(headers or {})
        self._hide = Redactor((*secrets, *header_secrets(self._headers)))
        self._session: Session[Http] | None = None
        self._explain: Explain | None = None

    @property
    def base_url(self) -> str:
        """Where this client calls."""
        return str(self._base)

    @property
    def clock(self) -> Clock:
        """The time by which waits asked for as a date are reckoned."""
        return self._clock

    def read(self, method: str, path: Path, **options: Unpack[Options]) -> Reply:
        """A request that changes nothing outside; repeated shortly while it fails without an answer.

        Raises Retryable, Rejected, Misconfigured.
        """
        return self._call(method, path, options, write=False)

    def write(self, method: str, path: Path, **options: Unpack[Options]) -> Reply:
        """A request that may change something outside; repeated only if it surely did not leave the house.

        Raises Retryable, InDoubt, Rejected, Misconfigured.
        """
        return self._call(method, path, options, write=True)

    def with_headers(self, headers: Mapping[str, str]) -> Self:
        """This client with more headers on each request; their values are secrets."""
        hide = self._hide.also(header_secrets(headers))
        return self._with(_headers={**self._headers, **plain_headers(headers)}, _hide=hide)

    def with_session(self, login: Login, ended: Ended | None = None) -> Self:
        """This client with headers from a login: before the first request, and once more after a 401.

        `login` is given the client without a session; logging in counts as a read. `ended` knows the answer
        of a remote that says otherwise than by 401 that the session is over and nothing was done.
        """
        return self._with(_session=Session(login, self, ended))

    def with_refusals(self, explain: Explain) -> Self:
        """This client with the remote's own way to say no: `explain` may name the failure of a 4xx answer."""
        return self._with(_explain=explain)

    def together(self) -> AbstractContextManager[Deadline]:
        """All calls of this thread inside share one deadline: for a write that takes several requests."""
        return within(self._seconds, self._stopwatch)

    def deadline(self) -> Deadline:
        """A limit as long as that of one call, beginning now."""
        return Deadline(self._seconds, self._stopwatch)

    def shown(self, text: str) -> str:
        """Words of the remote as a message may repeat them: without secrets, short, on one line."""
        hide = self._hide if self._session is None else self._hide.also(self._session.secrets())
        return masked(hide(text))

    def close(self) -> None:
        """Let go of open sockets."""
        self._transport.close()

    def __repr__(self) -> str:
        return f"<Http {self._base.scheme}://{self._base.host}>"

    def _with(self, **changes: object) -> Self:
        other = copy(self)
        vars(other).update(changes)
        return other

    def _call(self, method: str, path: Path, options: Options, *, write: bool) -> Reply:
        url = self._url(path)
        if params := options.get("params"):
            url = url.copy_merge_params(dict(params))
        with self.together() as deadline:
            for attempt in repeats(self._clock, deadline, write=write):
                with attempt:
                    number = attempt.retry_state.attempt_number
                    call = Call(method, url.host, self._hide(url.path), write, number)
                    return self._judged(self._admitted(call, url, options, deadline), options)
        raise AssertionError("repeats end with an answer or a failure")

    def _admitted(self, call: Call, url: httpx.URL, options: Options, deadline: Deadline) -> Reply:
        if self._session is None:
            return self._watched(call, self._request(call, url, options, {}), deadline)
        ticket = self._session.headers(None, deadline)
        reply = self._watched(call, self._request(call, url, options, ticket), deadline)
        if not self._session.is_over(reply):
            return reply
        ticket = self._session.headers(ticket, deadline)
        return self._watched(call, self._request(call, url, options, ticket), deadline)

    def _request(self, call: Call, url: httpx.URL, options: Options, ticket: Mapping[str, str]) -> httpx.Request:
        body, kind = written(options)
        typed = {"content-type": kind} if kind else {}
        headers = {**_USUAL, **typed, **self._headers, **ticket, **plain_headers(options.get("headers", {}))}
        return httpx.Request(call.method, url, headers=headers, content=body)

    def _url(self, path: Path) -> httpx.URL:
        """Links of the remote (next page) may be absolute; they are followed on its own host only."""
        if isinstance(path, tuple):
            path = "/".join(map(_segment, path))
        elif "://" in path.partition("?")[0]:
            return self._own(httpx.URL(path))
        return httpx.URL(f"{self.base_url.rstrip('/')}/{path.lstrip('/')}" if path else self.base_url)

    def _own(self, url: httpx.URL) -> httpx.URL:
        ours = self._base
        if (url.scheme, url.host, url.port, url.userinfo) != (ours.scheme, ours.host, ours.port, b""):
            raise Misconfigured("http.foreign_link", host=ours.host, target=url.host)
        return url

    def _watched(self, call: Call, request: httpx.Request, deadline: Deadline) -> Reply:
        self._observer.before(call)
        start = self._stopwatch()
        try:
            reply = self._exchange(call, request, deadline)
        except HubError as error:
            self._observer.after(call, Outcome(None, error.code, self._stopwatch() - start, 0))
            raise
        self._observer.after(call, Outcome(reply.status, None, self._stopwatch() - start, len(reply.body)))
        return reply

    def _exchange(self, call: Call, request: httpx.Request, deadline: Deadline) -> Reply:
        left = deadline.left()
        if left <= 0:
            raise Retryable("http.no_time_left", host=call.host, path=call.path)
        request.extensions["timeout"] = dict.fromkeys(("connect", "read", "write", "pool"), left)
        with self._named(call):
            response = self._transport.handle_request(request)
            try:
                body = self._body(call, response, deadline)
            finally:
                response.close()
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Reply(call, response.status_code, headers, body)

    @contextmanager
    def _named(self, call: Call) -> Iterator[None]:
        """Failures of the network by what they leave open."""
        try:
            yield
        except httpx.PoolTimeout:
            raise Retryable("http.busy", host=call.host) from None
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise Retryable("http.unreachable", host=call.host, cause=self.shown(str(error))) from None
        except httpx.LocalProtocolError:
            raise Misconfigured("http.header", name="") from None
        except httpx.TimeoutException:
            raise unclear(call, "http.timed_out") from None
        except httpx.TransportError as error:
            raise unclear(call, "http.broken_off", cause=self.shown(str(error))) from None

    def _body(self, call: Call, response: httpx.Response, deadline: Deadline) -> bytes:
        unpacked = Unpacked(response.headers.get("content-encoding", ""), self._limit)
        if not isinstance(response.stream, httpx.SyncByteStream):
            raise TypeError("an asynchronous transport")
        for chunk in response.stream:
            if not unpacked.take(chunk):
                raise _too_large(call, self._limit)
            if deadline.left() <= 0:
                raise unclear(call, "http.timed_out", status=response.status_code)
        if (body := unpacked.whole()) is None:
            raise unclear(call, "http.unreadable", status=response.status_code, reason="json.torn")
        return body

    def _judged(self, reply: Reply, options: Options) -> Reply:
        verdict, code = judge(reply.status, write=reply.call.write)
        verdict = options.get("means", {}).get(reply.status, verdict)
        if verdict is not Verdict.REPLY:
            self._refused(reply, verdict, code or "http.refused")
        return reply

    def _refused(self, reply: Reply, verdict: Verdict, code: str) -> NoReturn:
        if verdict is Verdict.REJECTED and self._explain and (failure := self._explain(reply)):
            raise failure
        call, status = reply.call, reply.status
        if verdict is Verdict.RETRY or (verdict is Verdict.UNCLEAR and not call.write):
            wait = asked_wait(reply.headers, self._clock.now())
            raise Retryable(code, after=wait, host=call.host, path=call.path, status=status)
        if verdict is Verdict.UNCLEAR:
            raise unclear(call, code, status=status, target=self._target(reply))
        if code == "http.redirect":
            raise Misconfigured(code, host=call.host, target=self._target(reply))
        kind = Misconfigured if verdict is Verdict.MISCONFIGURED else Rejected
        raise kind(code, host=call.host, path=call.path, status=status, detail=self.shown(words(reply.body)))

    def _target(self, reply: Reply) -> str:
        try:
            return self.shown(self._base.join(reply.headers.get("location", "")).host)
        except httpx.InvalidURL:
            return ""


def _segment(part: str) -> str:
    if part in {"", ".", ".."}:
        raise Rejected("http.segment", detail=part)
    return quote(part, safe="")


def _too_large(call: Call, limit: int) -> Failure:
    if call.write:
        return unclear(call, "http.response_too_large", limit=limit)
    return Rejected("http.response_too_large", host=call.host, path=call.path, limit=limit)

"""Whether a webhook comes from whom it says: checked over the raw bytes, in constant time."""

import base64
import binascii
import hashlib
import hmac
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from hub.core.failures import HubError
from hub.sdk.capabilities import WebhookRequest

LIMIT: Final = 2_000_000
TOLERANCE: Final = timedelta(minutes=5)


class Forged(HubError):
    """A delivery that is not proved to be the remote's: answered 401 without a reason, and not stored."""


class Encoding(StrEnum):
    """How a signature is written."""

    HEX = "hex"
    BASE64 = "base64"


def sign(
    message: bytes,
    secret: str | bytes,
    *,
    encoding: Encoding = Encoding.HEX,
    nfkd: bool = False,
    algorithm: str = "sha256",
) -> str:
    """The HMAC of a message. `nfkd` normalises a secret in words first, as EasyPost does."""
    mac = hmac.digest(_key(secret, nfkd=nfkd), message, algorithm)
    return mac.hex() if encoding is Encoding.HEX else base64.b64encode(mac).decode()


def verify(
    message: bytes,
    claimed: str | None,
    secrets: Sequence[str | bytes],
    *,
    prefix: str = "",
    encoding: Encoding = Encoding.HEX,
    nfkd: bool = False,
    algorithm: str = "sha256",
) -> None:
    """Accept a signature made with any of the active secrets; while one is replaced there are two.

    `claimed` is the header; it begins with `prefix` and may hold several signatures with blanks between.
    Raises Forged.
    """
    if len(message) > LIMIT:
        raise Forged("webhook.too_large", size=len(message), limit=LIMIT)
    if not claimed:
        raise Forged("webhook.unsigned")
    words = [word.removeprefix(prefix) for word in claimed.split() if word.startswith(prefix)]
    ours = [sign(message, key, encoding=encoding, nfkd=nfkd, algorithm=algorithm) for key in secrets]
    if encoding is Encoding.HEX:
        words = [word.lower() for word in words]
    # all pairs are compared, so that time tells neither which secret nor which signature fitted
    fitting = sum(hmac.compare_digest(one.encode(errors="replace"), two.encode()) for one in words for two in ours)
    if not fitting:
        raise Forged("webhook.wrong_signature")


def verify_recent(timestamp: str | None, now: datetime, *, tolerance: timedelta = TOLERANCE) -> None:
    """Accept a signed Unix time (seconds) near now, to either side. Raises Forged."""
    try:
        sent = datetime.fromtimestamp(int(timestamp or ""), UTC)
    except (ValueError, OverflowError, OSError):
        raise Forged("webhook.no_time") from None
    if abs(now - sent) > tolerance:
        raise Forged("webhook.not_recent", seconds=int((now - sent).total_seconds()))


def verify_standard(request: WebhookRequest, secrets: Sequence[str], now: datetime) -> str:
    """A delivery in the form of Standard Webhooks; answers its id. Raises Forged.

    The signature covers `id.timestamp.body`; a secret is base64 behind `whsec_`.
    """
    delivery, sent = request.headers.get("webhook-id", ""), request.headers.get("webhook-timestamp", "")
    message = f"{delivery}.{sent}.".encode() + request.body
    keys = [_standard_key(secret) for secret in secrets]
    claimed = request.headers.get("webhook-signature")
    verify(message, claimed, keys, prefix="v1,", encoding=Encoding.BASE64)
    verify_recent(sent, now)
    return delivery


def sign_standard(delivery: str, sent_at: datetime, body: bytes, secret: str) -> dict[str, str]:
    """The headers of a delivery in the form of Standard Webhooks."""
    sent = str(int(sent_at.timestamp()))
    message = f"{delivery}.{sent}.".encode() + body
    signature = sign(message, _standard_key(secret), encoding=Encoding.BASE64)
    return {"webhook-id": delivery, "webhook-timestamp": sent, "webhook-signature": f"v1,{signature}"}


def content_id(body: bytes) -> str:
    """A delivery id for senders that give none: the same bytes are the same delivery."""
    return hashlib.sha256(body).hexdigest()


def _key(secret: str | bytes, *, nfkd: bool) -> bytes:
    if isinstance(secret, bytes):
        return secret
    return (unicodedata.normalize("NFKD", secret) if nfkd else secret).encode()


def _standard_key(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        return secret.encode()

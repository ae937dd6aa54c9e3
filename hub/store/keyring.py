"""The key of the house: wraps data keys, seals secrets, and finds people without showing them.

One 32-byte key stands in `HUB_KEY` (base64) or in `DIR/hub.key`; losing it loses the personal data. Keys
for the single uses are derived from it. Sealing is AES-256-GCM; what a sealed text is *about* is part of the
seal, so no row's text can be put into another row.
"""

import base64
import hmac
import os
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hub.core.failures import HouseDown, HubError

KEY_BYTES = 32
KEY_FILE = "hub.key"
KEY_VARIABLE = "HUB_KEY"
_NONCE_BYTES = 12
_WORTH_PACKING = 200
_PLAIN, _PACKED = b"\x01", b"\x02"
_FORMS = (_PLAIN + _PACKED).decode()


class Unreadable(HubError):
    """A sealed text is not what was sealed: changed, cut, or put where it does not belong."""


class Keyring:
    """What the key of the house does. `check` tells two keys apart and says nothing about them."""

    def __init__(self, key: bytes) -> None:
        self._wrapping = _derived(key, "wrap data keys")
        self._secrets = _derived(key, "seal secrets")
        self._index = _derived(key, "blind index")
        self._digest = _derived(key, "keyed digest")
        self.check = hmac.digest(_derived(key, "key check"), b"crossdock", "sha256").hex()

    @classmethod
    def load(cls, directory: Path, env: Mapping[str, str], *, first_start: bool = True) -> Self:
        """The key of this hub; at the first start one is made. Raises HouseDown: missing, malformed."""
        if text := env.get(KEY_VARIABLE):
            return cls(_decoded(text, KEY_VARIABLE))
        path = directory / KEY_FILE
        if first_start and not path.exists():
            _make(path)
        try:
            return cls(_decoded(path.read_text(), str(path)))
        except FileNotFoundError:
            raise HouseDown("key.missing", path=str(path)) from None

    def wrap(self, data_key: bytes, *, about: str) -> bytes:
        """A data key as it is stored."""
        return _encrypted(self._wrapping, data_key, about.encode())

    def unwrap(self, wrapped: bytes, *, about: str) -> bytes:
        """Raises Unreadable."""
        return _decrypted(self._wrapping, wrapped, about.encode())

    def seal_secret(self, secret: bytes, *, about: str) -> bytes:
        """Seal with the key of the house itself: settings of connections."""
        return seal(self._secrets, secret, about=about)

    def open_secret(self, sealed: bytes, *, about: str) -> bytes:
        """Raises Unreadable."""
        return unseal(self._secrets, sealed, about=about)

    def blind(self, text: str) -> str:
        """The same for the same text in this hub, and says nothing about it."""
        return hmac.digest(self._index, text.encode(), "sha256").hex()

    def digest(self, body: bytes) -> str:
        """Tells whether two bodies are the same, without saying anything about them."""
        return hmac.digest(self._digest, body, "sha256").hex()


def new_data_key() -> bytes:
    """From the kernel, in a simulation too: a key that somebody can guess protects nothing."""
    return os.urandom(KEY_BYTES)


def seal(data_key: bytes, plaintext: bytes, *, about: str) -> bytes:
    """Encrypt, packed where that makes it shorter."""
    packed = zlib.compress(plaintext, 1) if len(plaintext) >= _WORTH_PACKING else plaintext
    form, body = (_PACKED, packed) if len(packed) < len(plaintext) else (_PLAIN, plaintext)
    return form + _encrypted(data_key, body, about.encode() + form)


def unseal(data_key: bytes, sealed: bytes, *, about: str) -> bytes:
    """Raises Unreadable where key, content or `about` is not what it was."""
    form = sealed[:1]
    body = _decrypted(data_key, sealed[1:], about.encode() + form)
    return zlib.decompress(body) if form == _PACKED else body


def _encrypted(key: bytes, body: bytes, about: bytes) -> bytes:
    """The nonce comes from the kernel: the same nonce twice under one key gives both texts away."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, body, about)


def _decrypted(key: bytes, body: bytes, about: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(body[:_NONCE_BYTES], body[_NONCE_BYTES:], about)
    except (InvalidTag, ValueError):
        raise Unreadable("sealed.unreadable", about=about.decode().rstrip(_FORMS)) from None


def _derived(key: bytes, use: str) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=f"crossdock {use}".encode()).derive(key)


def _decoded(text: str, source: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise HouseDown("key.malformed", source=source, bytes=KEY_BYTES)
    return key


def _make(path: Path) -> None:
    """Write a new key beside its place and link it there: two first starts at once end with one key."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        file = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(file, "wb") as stream:
            stream.write(base64.b64encode(os.urandom(KEY_BYTES)) + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
        _link(draft, path)
    except OSError as error:
        raise HouseDown("key.not_writable", path=str(path)) from error


def _link(draft: Path, path: Path) -> None:
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()

"""Names that the hub gives: public ids that sort, keys of effects, and their short form for narrow fields."""

import base64
import hashlib
from datetime import datetime
from uuid import UUID

from hub.core.clock import Chance
from hub.core.failures import BadInput

TOKEN_LENGTH = 16


def uuid7(now: datetime, chance: Chance) -> UUID:
    """A public id that sorts by the time it was given (RFC 9562, version 7)."""
    milliseconds = int(now.timestamp() * 1000)
    return uuid7_of(milliseconds, chance.getrandbits(74))


def uuid7_of(milliseconds: int, bits: int) -> UUID:
    """From Unix milliseconds and 74 random bits."""
    version, variant = 7, 0b10
    above, below = bits >> 62 & 0xFFF, bits & (1 << 62) - 1
    return UUID(int=milliseconds << 80 | version << 76 | above << 64 | variant << 62 | below)


def effect_key(tenant: str, subject: str, capability: str, generation: int) -> str:
    """The business facts that name an effect: never a time, never a counter of attempts."""
    parts = (tenant, subject, capability)
    if any(not part or "/" in part for part in (tenant, capability)) or not subject or generation < 1:
        raise BadInput("effect.bad_key", field="key", value="/".join(parts))
    return f"{tenant}/{subject}/{capability}/{generation}"


def token(key: str) -> str:
    """Sixteen characters, letters and digits, for the narrow reference fields of remote systems."""
    return "H" + base64.b32encode(hashlib.sha256(key.encode()).digest())[: TOKEN_LENGTH - 1].decode()

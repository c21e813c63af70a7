"""Passwords by argon2id (RFC 9106) and one-time codes by TOTP (RFC 6238)."""

from __future__ import annotations

from datetime import datetime

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from enterprise_data.declarations.problems import MianshenError

_SHORTEST = 10
_ISSUER = "Mianshen"
_STEP = 30
_DRIFT = 1  # steps that a telephone's clock may be off, either way
_HASHER = PasswordHasher()

# Checked when nobody has the name given, so that a wrong name takes as long as a wrong password.
NOBODY = _HASHER.hash("nobody has this password")


def hash_password(password: str, officer: str) -> str:
    """Return the hash of a new password.

    Raises:
        MianshenError: it is shorter than ten characters, has too few different ones, or contains the officer's id.
    """
    if len(password) < _SHORTEST or len(set(password)) < _SHORTEST // 2 or officer.lower() in password.lower():
        raise MianshenError(
            f"a password has at least {_SHORTEST} characters, {_SHORTEST // 2} of them different, and not the "
            "officer's id in it; nothing was changed"
        )
    return _HASHER.hash(password)


def is_password(password: str, hashed: str) -> bool:
    """Return whether a password has this hash."""
    try:
        return _HASHER.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False


def new_secret() -> str:
    """Return a new secret for one-time codes."""
    return pyotp.random_base32()


def enrolment(secret: str, officer: str) -> str:
    """Return the address that a telephone's authenticator takes in, as text or as a square code."""
    return pyotp.TOTP(secret, interval=_STEP).provisioning_uri(name=officer, issuer_name=_ISSUER)


def matching_step(secret: str, code: str, moment: datetime, last_step: int) -> int | None:
    """Return the time step whose code this is, near `moment` and after `last_step`; None if it is none of them.

    A code that was used, or is older than one that was, is never taken again (RFC 6238, 5.2).
    """
    now = int(moment.timestamp()) // _STEP
    generator = pyotp.TOTP(secret, interval=_STEP)
    for step in range(max(now - _DRIFT, last_step + 1), now + _DRIFT + 1):
        if pyotp.utils.strings_equal(generator.at(step * _STEP), code):
            return step
    return None

"""Who calls: the bearer token that came with the request, and nothing else."""

from functools import lru_cache

from flask import request
from sqlalchemy.orm import Session

from broadcaster.errors import NotAllowed
from broadcaster.station.people import tokens
from broadcaster.station.schema import Person
from web.shell.failures import TokenRefused
from web.shell.services import services


def caller(s: Session) -> Person:
    """Whose token it is. Raises TokenRefused."""
    try:
        return tokens.read_token(s, bearer_token(), now_at=services().clock())
    except NotAllowed as refusal:
        raise TokenRefused.of(refusal.reason) from None


def bearer_token() -> str:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        raise TokenRefused("token.missing")
    return token.strip()


def first_of_minute() -> bool:
    """Whether this token was not yet seen this minute: then "last used" is worth a write, else reading will do."""
    minute = int(services().clock().timestamp()) // 60
    seen = _seen(request.headers.get("Authorization", ""))
    first = minute not in seen
    seen[:] = [minute]
    return first


@lru_cache(maxsize=512)
def _seen(_authorization: str) -> list[int]:
    return []

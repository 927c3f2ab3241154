"""Bundles waiting to be fetched: each for one code, once, for a day, readable to nobody without the code."""

import hashlib
import secrets
from datetime import datetime, timedelta
from pathlib import Path

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from broadcaster.certificates import authority
from broadcaster.config import Config
from broadcaster.delivery.broker.accounts import outward_host
from broadcaster.errors import Conflict
from broadcaster.protocol.codec import encode
from broadcaster.protocol.enrolment import EnrolmentCode, NodeBundle, readable

LIFE = timedelta(hours=24)
_SUFFIX = ".offer"
_SECRET_BYTES = 10


def folder(config: Config) -> Path:
    """Where offers lie."""
    return config.data_dir.absolute() / "enrolment"


def offer(config: Config, bundle: NodeBundle, *, now_at: datetime) -> EnrolmentCode:
    """Lay the bundle out. Raises Conflict when the station offers no codes."""
    if not config.enrolment.port:
        raise Conflict("enrolment.closed")
    mark = authority.load_or_create(config, now_at=now_at).fingerprint
    secret = readable(secrets.token_bytes(_SECRET_BYTES))
    host = outward_host(config)
    folder(config).mkdir(parents=True, exist_ok=True, mode=0o700)
    _sweep(folder(config), now_at)
    sealed = SecretBox(_key(secret)).encrypt(encode(bundle))
    path = folder(config) / (_name(secret) + _SUFFIX)
    path.touch(mode=0o600)
    path.write_bytes(f"{(now_at + LIFE).isoformat()}\n".encode() + sealed)
    return EnrolmentCode(host, config.enrolment.port, mark, secret)


def take(where: Path, secret: str, *, now_at: datetime) -> bytes | None:
    """The encoded bundle, the first time within its day; None otherwise."""
    _sweep(where, now_at)
    taken = where / f"{_name(secret)}.taken"
    try:
        (where / (_name(secret) + _SUFFIX)).rename(taken)  # of two who ask at once one gets it
    except FileNotFoundError:
        return None
    _, _, sealed = taken.read_bytes().partition(b"\n")
    taken.unlink()
    try:
        return bytes(SecretBox(_key(secret)).decrypt(sealed))
    except CryptoError:
        return None


def _sweep(where: Path, now_at: datetime) -> None:
    for path in where.glob(f"*{_SUFFIX}"):
        until, _, _ = path.read_bytes().partition(b"\n")
        if datetime.fromisoformat(until.decode()) <= now_at:
            path.unlink(missing_ok=True)


def _name(secret: str) -> str:
    return hashlib.blake2b(secret.encode(), digest_size=16, person=b"loa-offer-name").hexdigest()


def _key(secret: str) -> bytes:
    return hashlib.blake2b(secret.encode(), digest_size=SecretBox.KEY_SIZE, person=b"loa-offer-key").digest()

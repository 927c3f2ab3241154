"""The certificate of the enrolment desk: signed by itself, made once, known to nodes by its fingerprint in the code."""

import os
import secrets
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from broadcaster.protocol import enrolment

LIFE = timedelta(days=365 * 50)
"""Nodes look at the fingerprint alone, and have no time of day yet."""
_BEGIN = "-----BEGIN CERTIFICATE-----"


def load_or_create(path: Path) -> str:
    """Key and certificate in one private PEM file; the fingerprint."""
    if not path.exists():
        _create(path)
    pem = path.read_text(encoding="ascii")
    return enrolment.fingerprint(ssl.PEM_cert_to_DER_cert(pem[pem.index(_BEGIN) :]))


def _create(path: Path) -> None:
    """Written beside and linked into place: of two processes that start at once both end up with one certificate."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(_made())
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(beside, path)
    except FileExistsError:
        pass
    finally:
        beside.unlink()


def _made() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "loa-lang")])
    now_at = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now_at - timedelta(days=1))
        .not_valid_after(now_at + LIFE)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private + certificate.public_bytes(serialization.Encoding.PEM)

"""The station's own certificate for the warnings it gives out: an elliptic key and a self-signed paper for it."""

import os
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from broadcaster.cap import signatures
from broadcaster.errors import Invalid

FILE = "alerts.pem"
LASTS = timedelta(days=3650)


@dataclass(frozen=True)
class OwnCertificate:
    """key: never leaves the data folder; certificate: what others pin."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @classmethod
    def load_or_create(cls, data_dir: Path, name: str, *, now_at: datetime) -> "OwnCertificate":
        """The pair in ``data_dir``, made when it is first needed. Raises Invalid when the file is damaged."""
        path = data_dir / FILE
        if not path.exists():
            _write(path, _new(name, now_at))
        try:
            pem = path.read_bytes()
            key = serialization.load_pem_private_key(pem, password=None)
            certificate = x509.load_pem_x509_certificate(pem)
        except (ValueError, TypeError) as error:
            raise Invalid("alert.own_certificate_broken", path=path) from error
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise Invalid("alert.own_certificate_broken", path=path)
        return cls(key, certificate)

    @property
    def pem(self) -> str:
        """The certificate alone, for others to pin."""
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")

    def sign(self, document: bytes) -> bytes:
        """The document with an enveloped signature."""
        return signatures.sign(document, key=self.key, certificate=self.certificate)


def _new(name: str, now_at: datetime) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:60] or "Loa Làng")])
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number()).not_valid_before(now_at - timedelta(days=1))
    certificate = made.not_valid_after(now_at + LASTS).sign(key, hashes.SHA256())
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return secret + certificate.public_bytes(serialization.Encoding.PEM)


def _write(path: Path, content: bytes) -> None:
    """Written beside and linked into place: of two that begin at once both end up with one key."""
    beside = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(beside, path)
    except FileExistsError:
        pass
    finally:
        beside.unlink()

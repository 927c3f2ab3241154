"""The authority itself: a key that never leaves the data folder and its backups, and the certificate nodes pin."""

import fcntl
import ipaddress
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from broadcaster.config import Config
from broadcaster.errors import Unavailable
from broadcaster.private_files import write_private
from broadcaster.protocol.enrolment import fingerprint

BEGINS_AT = datetime(2024, 1, 1, tzinfo=UTC)
"""Before any station there is: a machine that makes its authority with a wrong clock still makes a good one."""
EARLIEST_NOW = datetime(2026, 1, 1, tzinfo=UTC)
LIFE = timedelta(days=365 * 30)
"""Nodes and browsers pin it: another one means enrolling everything again."""
SERVER_LIFE = timedelta(days=397)
"""Some browsers believe no longer life of a server's certificate."""
CLOCKS_APART = timedelta(days=1)
_DNS_NAME = re.compile(r"(\*\.)?[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*", re.ASCII)
_LONGEST_NAME = 253
_USAGES = (
    "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
    "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Authority:
    """certificate: signed by itself; key: which signs the servers' certificates."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> str:
        """What nodes pin and browsers import."""
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    @property
    def fingerprint(self) -> str:
        """As it stands in enrolment codes."""
        return fingerprint(self.certificate.public_bytes(serialization.Encoding.DER))

    def server(self, names: Iterable[str], *, now_at: datetime) -> str:
        """Key and certificate for a server of these names and addresses, and the authority's own, as PEM."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = (
            _builder(key, _name("Loa Lang"), self.certificate.subject)
            .not_valid_before(now_at - CLOCKS_APART)
            .not_valid_after(now_at + SERVER_LIFE)
            .add_extension(x509.SubjectAlternativeName(list(_general_names(names))), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage("digital_signature"), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(_issuer_key(self.key), critical=False)
            .sign(self.key, hashes.SHA256())
        )
        return _pem(key) + certificate.public_bytes(serialization.Encoding.PEM).decode() + self.pem


def folder(config: Config) -> Path:
    """Where the authority and what it issued lie."""
    return config.data_dir.absolute() / "certificates"


def certificate_file(config: Config) -> Path:
    """What nodes pin and browsers import; there once ``load_or_create`` was called."""
    return folder(config) / "authority.pem"


def load_or_create(config: Config, *, now_at: datetime) -> Authority:
    """The station's authority, made at its first start. Raises Unavailable when its files cannot be read or written."""
    where = folder(config)
    key_path, certificate_path = where / "authority.key", certificate_file(config)
    try:
        with held(where):
            if not key_path.exists() and not certificate_path.exists():
                made = _made(config.station.id, now_at)
                write_private(certificate_path, made.pem)
                write_private(key_path, _pem(made.key))
        return _read(key_path, certificate_path)
    except (OSError, ValueError, TypeError) as error:
        raise Unavailable("tls.authority_unusable", folder=where, cause=error) from None


@contextmanager
def held(where: Path) -> Iterator[None]:
    """One process at a time writes there."""
    where.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = os.open(where, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def usable_name(name: str) -> bool:
    """Whether a certificate can be issued for it."""
    return bool(list(_general_names([name])))


def _read(key_path: Path, certificate_path: Path) -> Authority:
    certificate = x509.load_pem_x509_certificate(certificate_path.read_bytes())
    key = serialization.load_pem_private_key(key_path.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
        raise ValueError("authority.key is not the key of authority.pem")
    return Authority(certificate, key)


def _made(station: str, now_at: datetime) -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(f"Loa Lang {station}")
    certificate = (
        _builder(key, name, name)
        .not_valid_before(BEGINS_AT)
        .not_valid_after(max(now_at, EARLIEST_NOW) + LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage("key_cert_sign", "crl_sign"), critical=True)
        .sign(key, hashes.SHA256())
    )
    return Authority(certificate, key)


def _builder(key: ec.EllipticCurvePrivateKey, subject: x509.Name, issuer: x509.Name) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _issuer_key(key: ec.EllipticCurvePrivateKey) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())


def _usage(*wanted: str) -> x509.KeyUsage:
    return x509.KeyUsage(**{name: name in wanted for name in _USAGES})


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, common[:64])])


def _general_names(names: Iterable[str]) -> Iterator[x509.GeneralName]:
    for name in names:
        try:
            yield x509.IPAddress(ipaddress.ip_address(name))
        except ValueError:
            if len(name) <= _LONGEST_NAME and _DNS_NAME.fullmatch(name):
                yield x509.DNSName(name)


def _pem(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()

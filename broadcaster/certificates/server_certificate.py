"""The certificate that this machine's listeners show: issued for its names, anew before it ends or for a new name."""

import ipaddress
import ssl
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509

from broadcaster.certificates import authority
from broadcaster.certificates.authority import Authority, usable_name
from broadcaster.certificates.listeners import console_is_encrypted
from broadcaster.certificates.machine_names import address_of, own_names
from broadcaster.config import Config
from broadcaster.errors import Invalid, Unavailable
from broadcaster.private_files import write_private

RENEWED_BEFORE = timedelta(days=60)
MOST_NAMES = 64
"""Names of before stay, as nodes may still come by them; the oldest go."""
LOOK_SECONDS = 60.0
FILE = "server.pem"
HERE = ("localhost", "127.0.0.1", "::1")
Names = Callable[[], frozenset[str]]
Clock = Callable[[], datetime]


class ServerCertificate:
    """One TLS context for a listener; ``look`` keeps what it shows up to date while the listener runs."""

    def __init__(self, source: Callable[[], Path]) -> None:
        """``source`` sees to it that the PEM file is sound, and says where it is. Raises LoaError."""
        self._source = source
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.minimum_version = ssl.TLSVersion.TLSv1_2
        self.context.options |= ssl.OP_NO_RENEGOTIATION
        self._shown = b""
        self.look()

    def look(self) -> bool:
        """Have new connections shown the present certificate; True when it is another than before. Raises LoaError."""
        path = self._source()
        try:
            content = path.read_bytes()
            if content == self._shown:
                return False
            self.context.load_cert_chain(path)
        except (OSError, ssl.SSLError) as error:
            raise Unavailable("tls.certificate_unusable", path=path, cause=error) from None
        self._shown = content
        return True


def own(config: Config, clock: Clock, *, names: Names = own_names) -> ServerCertificate:
    """By the station's own authority."""
    return ServerCertificate(lambda: keep(config, now_at=clock(), names=names))


def keep(config: Config, *, now_at: datetime, names: Names = own_names) -> Path:
    """The PEM file of key and chain, issued anew when it has to be. Raises Unavailable."""
    made = authority.load_or_create(config, now_at=now_at)
    path = authority.folder(config) / FILE
    wanted = wanted_names(config, names())
    try:
        with authority.held(path.parent):
            present = read(path)
            if present is None or needs_another(present, made, wanted, now_at):
                earlier = [] if present is None else [each for each in names_of(present) if each not in wanted]
                write_private(path, made.server([*wanted, *earlier][:MOST_NAMES], now_at=now_at))
    except OSError as error:
        raise Unavailable("tls.certificate_unusable", path=path, cause=error) from None
    return path


def wanted_names(config: Config, machine: frozenset[str]) -> list[str]:
    """Everything nodes and browsers may call this machine, in a fixed order, what is configured first."""
    web, broker = config.web, config.broker
    public = urlsplit(web.public_url).hostname or ""
    configured = (broker.public_host, broker.host, web.host, public, *web.allowed_hosts, *config.tls.names)
    named = [_spelt(each) for each in (*configured, *HERE, *sorted(machine))]
    return [each for each in dict.fromkeys(named) if usable_name(each) and not _is_nowhere(each)][:MOST_NAMES]


def needs_another(present: x509.Certificate, by: Authority, wanted: list[str], now_at: datetime) -> bool:
    """Whether it ends soon or begins later, is another authority's, or lacks a name."""
    try:
        present.verify_directly_issued_by(by.certificate)
    except Exception:  # noqa: BLE001 - the library says in many ways that a certificate is not the authority's
        return True
    if not present.not_valid_before_utc <= now_at <= present.not_valid_after_utc - RENEWED_BEFORE:
        return True
    return not set(wanted) <= set(names_of(present))


def read(path: Path) -> x509.Certificate | None:
    """The first certificate in the file; None where there is no file or none in it that can be read."""
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())[0]
    except (OSError, ValueError):
        return None


def names_of(certificate: x509.Certificate) -> list[str]:
    """Names and addresses it is good for."""
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    return [str(each.value) for each in found]


def operators(certificate: str, key: str) -> ServerCertificate:
    """One that somebody else issues and renews. Raises Invalid, which names the setting."""
    for setting, path in (("tls.certificate", certificate), ("tls.key", key)):
        if not path:
            raise Invalid("tls.pair_incomplete", field=setting, setting=setting)
    return _Pair(Path(certificate), Path(key))


class _Pair(ServerCertificate):
    def __init__(self, certificate: Path, key: Path) -> None:
        self._key = key
        super().__init__(lambda: certificate)

    def look(self) -> bool:
        path = self._source()
        try:
            content = path.read_bytes() + self._key.read_bytes()
            if content == self._shown:
                return False
            self.context.load_cert_chain(path, self._key)
        except (OSError, ssl.SSLError) as error:
            raise Invalid("tls.certificate_unusable", field="tls.certificate", path=path, cause=error) from None
        self._shown = content
        return True


def _spelt(name: str) -> str:
    return address_of(name) or name.lower().removesuffix(".")


def _is_nowhere(name: str) -> bool:
    """What nobody calls a machine by: every interface, and addresses that mean another machine on every cable."""
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return name.startswith("*.")
    return address.is_unspecified or address.is_link_local or address.is_multicast


def of_console(config: Config, clock: Clock) -> ServerCertificate | None:
    """The operator's where he gave one, else our own; None for a console in clear text. Raises LoaError."""
    if not console_is_encrypted(config):
        return None
    if config.tls.certificate or config.tls.key:
        return operators(config.tls.certificate, config.tls.key)
    return own(config, clock)

"""The address others reach the station by, chosen while it is set up."""

from broadcaster import chosen_settings
from broadcaster.certificates import authority, first_certificates, server_certificate
from broadcaster.certificates.authority import Authority
from broadcaster.certificates.first_certificates import CertificateChoice, CertificateKind
from broadcaster.certificates.machine_names import address_of, is_loopback
from broadcaster.config import Config
from broadcaster.errors import Invalid, Unavailable

OWN = CertificateChoice()


def choose(config: Config, address: str, certificates: CertificateChoice = OWN) -> None:
    """Broker, enrolment and console listen for other machines, encrypted, and nodes are told this address; a loopback
    address or none keeps the station to this machine. ``certificates``: of the console; behind another server it
    listens on this machine alone. Raises Invalid, Unavailable.
    """
    name = address.strip().lower().removesuffix(".")
    here = not name or is_loopback(name)
    if not here and not authority.usable_name(address_of(name) or name):
        raise Invalid("setup.address_malformed", field="address", address=address.strip()[:100])
    host = "127.0.0.1" if here else "0.0.0.0"  # noqa: S104 - encrypted, as the certificates room sees to
    broker = {"host": host, "public_host": "" if here else name}
    changed = {"broker": broker, **first_certificates.settings(certificates, host=host)}
    try:
        chosen_settings.write(config.data_dir, changed)
    except OSError as error:
        raise Unavailable("backup.not_written", path=config.data_dir, cause=error.strerror) from None


def certify(config: Config, clock: server_certificate.Clock) -> Authority:
    """The authority that vouches for this machine, made now where there is none. Raises Unavailable."""
    server_certificate.keep(config, now_at=clock())
    return authority.load_or_create(config, now_at=clock())


def console_url(config: Config, address: str, certificates: CertificateChoice = OWN) -> str:
    """Where the console is after this choice."""
    if certificates.public_url:
        return certificates.public_url.removesuffix("/") + "/"
    name = address.strip().lower().removesuffix(".") or "127.0.0.1"
    plain = is_loopback(name) and config.web.encryption != "always" and certificates.kind is not CertificateKind.FILES
    return f"{'http' if plain else 'https'}://{f'[{name}]' if ':' in name else name}:{config.web.port}/"

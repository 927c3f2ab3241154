"""By whose certificate the console is known, chosen while a station is set up; it is in force with the address."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from broadcaster.certificates.server_certificate import operators
from broadcaster.errors import Invalid

_PUBLIC = re.compile(r"https://[^\s/?#@]+/?\Z")


class CertificateKind(StrEnum):
    """OWN: by the station's own authority; FILES: a pair somebody else issued; SERVER: another server in front of the
    console, such as Caddy, has one."""

    OWN = "own"
    FILES = "files"
    SERVER = "server"


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateChoice:
    """certificate, key: PEM files of FILES; public_url: where browsers reach the server of SERVER."""

    kind: CertificateKind = CertificateKind.OWN
    certificate: str = ""
    key: str = ""
    public_url: str = ""


def checked(kind: str, *, certificate: str = "", key: str = "", public_url: str = "") -> CertificateChoice:
    """What was typed, if it can be used by this program on this machine. Raises Invalid."""
    if kind == CertificateKind.FILES:
        operators(certificate.strip(), key.strip())
        return CertificateChoice(kind=CertificateKind.FILES, certificate=certificate.strip(), key=key.strip())
    if kind == CertificateKind.SERVER:
        if not _PUBLIC.match(public_url.strip()):
            raise Invalid("setup.public_url_malformed", field="public_url", address=public_url.strip()[:100])
        return CertificateChoice(kind=CertificateKind.SERVER, public_url=public_url.strip())
    return CertificateChoice()


def settings(choice: CertificateChoice, *, host: str) -> dict[str, dict[str, Any]]:
    """Groups of settings by which this is so; ``host``: where the console listens unless another server is in front."""
    pair = {"certificate": choice.certificate, "key": choice.key}
    if choice.kind is not CertificateKind.SERVER:
        return {"web": {"host": host}, "tls": pair}
    behind = {"public_url": choice.public_url, "secure_cookies": True, "trusted_proxies": 1}
    return {"web": {"host": "127.0.0.1", **behind}, "tls": pair}

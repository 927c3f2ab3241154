"""Certificates: there, readable, and not about to end."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509

from broadcaster.certificates import authority, server_certificate
from broadcaster.certificates.listeners import plain_beyond
from broadcaster.config import Config
from broadcaster.refusals.reasons import Reason
from broadcaster.station.upkeep.examination import ExaminationFinding, Grade

SOON = timedelta(days=30)
_BEGIN = b"-----BEGIN CERTIFICATE-----"


def look_at_certificates(config: Config, *, now_at: datetime) -> Iterator[ExaminationFinding]:
    """The station's own, once they were made, the console's of an operator, the authority of an external broker."""
    for own in (authority.certificate_file(config), authority.folder(config) / server_certificate.FILE):
        if own.exists():
            yield _judged(own, now_at)
    if config.tls.certificate:
        yield _judged(Path(config.tls.certificate), now_at)
    if config.broker.kind == "external" and config.broker.tls_ca_file:
        yield _judged(Path(config.broker.tls_ca_file), now_at)


def look_for_clear_text(config: Config) -> Iterator[ExaminationFinding]:
    """What is said in clear text beyond this machine: the station refuses to start with it, unless it was allowed."""
    allowed = config.tls.plain_listeners == "allowed"
    found = plain_beyond(config)
    for each in found:
        facts = {"setting": each.setting, "host": each.host, "port": each.port}
        reason = Reason("doctor.clear_text" if allowed else "tls.plain_listener", **facts)
        yield ExaminationFinding(Grade.LOOK if allowed else Grade.BAD, reason)
    if not found:
        yield ExaminationFinding(Grade.GOOD, Reason("doctor.encrypted"))


def _judged(path: Path, now_at: datetime) -> ExaminationFinding:
    try:
        data = path.read_bytes()
        ends_at = x509.load_pem_x509_certificate(data[data.index(_BEGIN) :]).not_valid_after_utc
    except (OSError, ValueError) as error:
        return ExaminationFinding(Grade.BAD, Reason("doctor.certificate_unreadable", path=path, cause=error))
    if ends_at <= now_at:
        return ExaminationFinding(Grade.BAD, Reason("doctor.certificate_over", path=path, at=ends_at))
    if ends_at <= now_at + SOON:
        return ExaminationFinding(Grade.LOOK, Reason("doctor.certificate_ends", path=path, at=ends_at))
    return ExaminationFinding(Grade.GOOD, Reason("doctor.certificate_sound", path=path, at=ends_at))

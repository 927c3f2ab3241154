"""Certificates: there, readable, and not about to end."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509

from broadcaster.config import Config
from broadcaster.delivery.enrolment import offers
from broadcaster.refusals.reasons import Reason
from broadcaster.station.upkeep.examination import ExaminationFinding, Grade

SOON = timedelta(days=30)
_BEGIN = b"-----BEGIN CERTIFICATE-----"


def look_at_certificates(config: Config, *, now_at: datetime) -> Iterator[ExaminationFinding]:
    """Of enrolment, once it was made, and the authority of an external broker."""
    own = offers.certificate_file(config)
    if own.exists():
        yield _judged(own, now_at)
    if config.broker.kind == "external" and config.broker.tls_ca_file:
        yield _judged(Path(config.broker.tls_ca_file), now_at)


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

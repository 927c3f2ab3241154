"""Whoever should answer at an address answers there, and nobody else."""

import json
import socket
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator

from cryptography.hazmat.primitives.serialization import Encoding

from broadcaster.certificates import authority, server_certificate
from broadcaster.certificates.listeners import console_is_encrypted
from broadcaster.config import Config
from broadcaster.delivery.broker.accounts import account
from broadcaster.delivery.broker.sockets import accepts, reachable
from broadcaster.refusals.reasons import Reason, word
from broadcaster.station.upkeep.examination import ExaminationFinding, Grade

SECONDS = 3.0


def try_ports(config: Config, *, station_runs: bool) -> Iterator[ExaminationFinding]:
    """``station_runs``: by its signs of life; where it does not, its ports have to be free."""
    yield _console(config)
    yield _broker(config, station_runs=station_runs)
    if config.enrolment.port:
        yield _enrolment(config, station_runs=station_runs)


def _console(config: Config) -> ExaminationFinding:
    where = _facts("console", config.web.host, config.web.port)
    if not accepts(config.web.host, config.web.port):
        return ExaminationFinding(Grade.LOOK, Reason("doctor.port_silent", **where))
    if _is_console(config):
        return ExaminationFinding(Grade.GOOD, Reason("doctor.port_open", **where))
    return ExaminationFinding(Grade.BAD, Reason("doctor.port_taken", **where))


def _is_console(config: Config) -> bool:
    """Our health page, whatever it says; asked without any proxy of the environment, and told nothing."""
    secured = urllib.request.HTTPSHandler(context=_unproven())
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), secured)
    near = reachable(config.web.host)
    shown = f"[{near}]" if ":" in near else near
    scheme = "https" if console_is_encrypted(config) else "http"
    try:
        with opener.open(f"{scheme}://{shown}:{config.web.port}/api/v1/health", timeout=SECONDS) as answer:
            return "database" in json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code == 503
    except (OSError, ValueError):
        return False


def _broker(config: Config, *, station_runs: bool) -> ExaminationFinding:
    access = account(config)
    where = _facts("broker", access.host, access.port)
    answers = accepts(access.host, access.port)
    if config.broker.kind == "external":
        grade, code = (Grade.GOOD, "doctor.port_open") if answers else (Grade.BAD, "doctor.broker_gone")
        return ExaminationFinding(grade, Reason(code, **where))
    return _own(where, answers=answers, is_ours=station_runs, station_runs=station_runs)


def _enrolment(config: Config, *, station_runs: bool) -> ExaminationFinding:
    host, port = config.broker.host, config.enrolment.port
    where = _facts("enrolment", host, port)
    answers = accepts(host, port)
    return _own(where, answers=answers, is_ours=answers and _is_enrolment(config), station_runs=station_runs)


def _own(where: dict[str, object], *, answers: bool, is_ours: bool, station_runs: bool) -> ExaminationFinding:
    if answers and not is_ours:
        return ExaminationFinding(Grade.BAD, Reason("doctor.port_taken", **where))
    if answers:
        return ExaminationFinding(Grade.GOOD, Reason("doctor.port_open", **where))
    if station_runs:
        return ExaminationFinding(Grade.BAD, Reason("doctor.port_closed", **where))
    return ExaminationFinding(Grade.LOOK, Reason("doctor.port_silent", **where))


def _is_enrolment(config: Config) -> bool:
    """By the certificate it shows: the one this station's authority issued."""
    own = server_certificate.read(authority.folder(config) / server_certificate.FILE)
    if own is None:
        return False
    try:
        return _certificate_at(config.broker.host, config.enrolment.port) == own.public_bytes(Encoding.DER)
    except (OSError, ValueError):
        return False


def _certificate_at(host: str, port: int) -> bytes:
    """In DER. Nothing is asked over this connection, so nobody has to be trusted."""
    connection = socket.create_connection((reachable(host), port), timeout=SECONDS)
    with connection, _unproven().wrap_socket(connection) as secured:
        return secured.getpeercert(binary_form=True) or b""


def _unproven() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _facts(part: str, host: str, port: int) -> dict[str, object]:
    return {"what": word("listener", part), "host": host, "port": port}

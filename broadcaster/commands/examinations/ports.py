"""Whoever should answer at an address answers there, and nobody else."""

import json
import socket
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator

from broadcaster.config import Config
from broadcaster.delivery.broker.accounts import account
from broadcaster.delivery.broker.sockets import accepts, reachable
from broadcaster.delivery.enrolment import certificate, offers
from broadcaster.protocol import enrolment
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
    if _is_console(config.web.host, config.web.port):
        return ExaminationFinding(Grade.GOOD, Reason("doctor.port_open", **where))
    return ExaminationFinding(Grade.BAD, Reason("doctor.port_taken", **where))


def _is_console(host: str, port: int) -> bool:
    """Our health page, whatever it says; asked without any proxy of the environment. A console that speaks TLS closes
    a plain question, which no other program's answer looks like."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    near = reachable(host)
    shown = f"[{near}]" if ":" in near else near
    try:
        with opener.open(f"http://{shown}:{port}/api/v1/health", timeout=SECONDS) as answer:
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
    """By the certificate nodes will look for."""
    path = offers.certificate_file(config)
    if not path.exists():
        return False
    try:
        found = _certificate_at(config.broker.host, config.enrolment.port)
        return enrolment.fingerprint(found) == certificate.load_or_create(path)
    except (OSError, ValueError):
        return False


def _certificate_at(host: str, port: int) -> bytes:
    """In DER. Nothing is asked over this connection, so nobody has to be trusted."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    connection = socket.create_connection((reachable(host), port), timeout=SECONDS)
    with connection, context.wrap_socket(connection) as secured:
        return secured.getpeercert(binary_form=True) or b""


def _facts(part: str, host: str, port: int) -> dict[str, object]:
    return {"what": word("listener", part), "host": host, "port": port}

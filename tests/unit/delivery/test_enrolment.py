"""A new node gets its bundle for a code: once, within a day, from no other station."""

import logging
import socket
import ssl
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from broadcaster.certificates import server_certificate
from broadcaster.config import BrokerSettings, Config, EnrolmentSettings
from broadcaster.delivery.broker.sockets import free_port
from broadcaster.delivery.enrolment import offers
from broadcaster.delivery.enrolment.server import EnrolmentServer
from broadcaster.protocol.codec import encode
from broadcaster.protocol.enrolment import BrokerAddress, EnrolmentCode, NodeBundle, fingerprint
from speaker_node.command import main
from tests.rig.lines.wiretap import Wiretap
from tests.rig.running.busy import await_fact

pytestmark = pytest.mark.integration  # real sockets and certificates

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
BUNDLE = NodeBundle(
    station="loa",
    node="lung-pang",
    name="Lủng Pảng",
    station_key="0" * 64,
    username="lung-pang",
    password="mat-khau-rat-bi-mat",
    broker=BrokerAddress(host="127.0.0.1", port=1883),
)
Output = pytest.CaptureFixture[str]


@pytest.fixture
def config(tmp_path: Path) -> Config:
    broker = BrokerSettings(kind="external", host="127.0.0.1", port=1883)
    return Config(data_dir=tmp_path / "data", broker=broker, enrolment=EnrolmentSettings(port=free_port("127.0.0.1")))


@pytest.fixture
def code(config: Config) -> EnrolmentCode:
    return offers.offer(config, BUNDLE, now_at=NOW)


@pytest.fixture
def server(config: Config) -> Iterator[EnrolmentServer]:
    opened = EnrolmentServer(config, lambda: NOW + timedelta(hours=1))
    opened.start()
    yield opened
    opened.stop()


def test_a_node_fetches_its_bundle_once(
    server: EnrolmentServer, code: EnrolmentCode, tmp_path: Path, capsys: Output
) -> None:
    stored = tmp_path / "bundle.json"
    assert main(["enrol", str(code), "--output", str(stored)]) == 0
    assert stored.read_bytes() == encode(BUNDLE)
    assert stat.S_IMODE(stored.stat().st_mode) == 0o600
    assert "Lủng Pảng" in capsys.readouterr().out

    assert main(["enrol", str(code), "--output", str(tmp_path / "again.json")]) == 2
    assert "Mã đã dùng rồi" in capsys.readouterr().err
    assert not (tmp_path / "again.json").exists()


def test_nothing_of_it_is_heard_on_the_line(server: EnrolmentServer, code: EnrolmentCode, tmp_path: Path) -> None:
    with Wiretap(code.port) as tap:
        tapped = replace(code, port=tap.port)
        assert main(["enrol", str(tapped), "--output", str(tmp_path / "bundle.json")]) == 0
        heard = tap.heard
    assert heard.startswith(b"\x16\x03")  # a TLS handshake
    assert len(heard) > len(encode(BUNDLE))
    for clear in (b"POST", b"HTTP", b"/enrol", b"lung-pang", code.secret.encode(), BUNDLE.password.encode()):
        assert clear not in heard


def test_a_station_with_another_certificate_never_hears_the_secret(
    server: EnrolmentServer, code: EnrolmentCode, tmp_path: Path, capsys: Output
) -> None:
    wrong = replace(code, fingerprint=fingerprint(b"another"))
    assert main(["enrol", str(wrong), "--output", str(tmp_path / "bundle.json")]) == 2
    assert "không phải là đài" in capsys.readouterr().err
    assert main(["enrol", str(code), "--output", str(tmp_path / "bundle.json")]) == 0


def test_a_file_that_is_there_is_kept_and_the_code_not_spent(
    server: EnrolmentServer, code: EnrolmentCode, tmp_path: Path, capsys: Output
) -> None:
    (tmp_path / "bundle.json").write_text("old")
    assert main(["enrol", str(code), "--output", str(tmp_path / "bundle.json")]) == 2
    assert (tmp_path / "bundle.json").read_text() == "old"
    assert main(["enrol", str(code), "--output", str(tmp_path / "new.json")]) == 0


@pytest.mark.parametrize("text", ["abc", "127.0.0.1:1/" + "a" * 26 + "/" + "a" * 16])
def test_a_wrong_code_and_a_silent_station_are_one_clear_line(tmp_path: Path, capsys: Output, text: str) -> None:
    assert main(["enrol", text, "--output", str(tmp_path / "bundle.json")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not (tmp_path / "bundle.json").exists()


def test_a_code_is_worth_nothing_after_a_day(config: Config, code: EnrolmentCode) -> None:
    where = offers.folder(config)
    assert offers.take(where, code.secret, now_at=NOW + timedelta(hours=24)) is None
    assert not list(where.glob("*.offer"))


def test_what_waits_on_the_disk_is_readable_to_nobody_without_the_code(config: Config, code: EnrolmentCode) -> None:
    (waiting,) = offers.folder(config).glob("*.offer")
    assert stat.S_IMODE(waiting.stat().st_mode) == 0o600
    content = waiting.read_bytes()
    assert BUNDLE.password.encode() not in content
    assert code.secret.encode() not in content + waiting.name.encode()


def test_the_secret_goes_only_to_a_server_that_the_authority_vouches_for(
    server: EnrolmentServer, config: Config, code: EnrolmentCode, tmp_path: Path, capsys: Output
) -> None:
    """A stranger may show the authority's certificate, which is public, and has none of its own by it."""
    stranger = Config(data_dir=tmp_path / "stranger", broker=config.broker, enrolment=EnrolmentSettings(port=0))
    shown = server_certificate.own(stranger, lambda: NOW)
    assert server._room is not None
    server._room._context = shown.context
    assert main(["enrol", str(code), "--output", str(tmp_path / "bundle.json")]) == 2
    assert "không phải là đài" in capsys.readouterr().err
    assert len(list(offers.folder(config).glob("*.offer"))) == 1


def test_silent_and_talkative_strangers_keep_nobody_from_the_console(
    server: EnrolmentServer, config: Config, code: EnrolmentCode, tmp_path: Path
) -> None:
    address = ("127.0.0.1", config.enrolment.port)
    with socket.create_connection(address), socket.create_connection(address) as stranger:
        stranger.sendall(b"GET / HTTP/1.0\r\n\r\n")
        assert _answer(address, b"POST /enrol HTTP/1.0\r\nContent-Length: 99999\r\n\r\n").startswith(b"HTTP/1.0 404")
        assert _answer(address, b"POST /other HTTP/1.0\r\nContent-Length: 1\r\n\r\nx").startswith(b"HTTP/1.0 404")
        assert main(["enrol", str(code), "--output", str(tmp_path / "bundle.json")]) == 0


def test_a_port_that_is_taken_closes_the_console_and_nothing_else(
    config: Config, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.create_server(("127.0.0.1", config.enrolment.port)), caplog.at_level(logging.WARNING):
        server = EnrolmentServer(config, lambda: NOW)
        server.start()
        server.stop()
    assert "no enrolment by code" in caplog.text


def test_a_port_that_becomes_free_opens_the_desk(config: Config, code: EnrolmentCode, tmp_path: Path) -> None:
    server = EnrolmentServer(config, lambda: NOW, again_seconds=0.05)
    with socket.create_server(("127.0.0.1", config.enrolment.port)):
        server.start()
        assert server.closed
    await_fact(lambda: not server.closed, seconds=20)
    assert main(["enrol", str(code), "--output", str(tmp_path / "bundle.json")]) == 0
    server.stop()


def _answer(address: tuple[str, int], request: bytes) -> bytes:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection(address, timeout=5) as plain, context.wrap_socket(plain) as secured:
        secured.sendall(request)
        return secured.recv(1000)

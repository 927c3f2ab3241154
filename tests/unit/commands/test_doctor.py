"""`loa doctor` tries what it speaks of, and ends with 1 when something needs a person."""

import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from broadcaster import config as configuration
from broadcaster.backups import recovery_key
from broadcaster.backups.nightly import Nightly
from broadcaster.certificates import server_certificate
from broadcaster.commands import doctor
from broadcaster.delivery.broker.sockets import free_port
from broadcaster.delivery.enrolment.server import EnrolmentServer
from broadcaster.station.database.engine import Database
from broadcaster.station.rows import heartbeats
from tests.doubles import google_tts
from tests.unit.backups.conftest import damage

pytestmark = pytest.mark.integration
Output = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, bare: Path) -> Path:
    """A station that stands still, offline, on ports of its own."""
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copy(bare, folder / "loa.db")
    for name in [each for each in os.environ if each.startswith("LOA_")]:
        monkeypatch.delenv(name)
    settings = {
        "DATA_DIR": folder,
        "WEB__PORT": free_port("127.0.0.1"),
        "BROKER__PORT": free_port("127.0.0.1"),
        "ENROLMENT__PORT": free_port("127.0.0.1"),
        "SPEECH__ENGINES": "[gtts, espeak]",
        "SPEECH__GTTS_ENDPOINT": f"http://127.0.0.1:{free_port('127.0.0.1')}",
    }
    for name, value in settings.items():
        monkeypatch.setenv(f"LOA_{name}", str(value))
    monkeypatch.chdir(tmp_path)
    return folder


def run(capsys: Output) -> tuple[int, str]:
    code = doctor.main([])
    return code, capsys.readouterr().out


@contextmanager
def running() -> Iterator[None]:
    """A station that gives signs of life."""
    database = Database(configuration.load().database_url)
    with database.session() as s:
        for name in ("station", "publisher", "renderer"):
            heartbeats.beat(s, name, datetime.now(UTC), {"connected": True})
    yield
    database.dispose()


def test_a_sound_station_that_stands_still_is_no_fault(capsys: Output) -> None:
    code, said = run(capsys)
    assert (code, "✗" in said) == (0, False)
    assert "✓ Giọng espeak" in said


def test_an_online_voice_without_network_is_not_called_ready(capsys: Output) -> None:
    said = run(capsys)[1]
    assert "✓ Giọng gtts" not in said
    assert "! Giọng gtts" in said


def test_an_online_voice_that_spoke_is(capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    with google_tts.google_tts() as endpoint:
        monkeypatch.setenv("LOA_SPEECH__GTTS_ENDPOINT", endpoint.url)
        assert "✓ Giọng gtts" in run(capsys)[1]


def test_no_voice_at_all_needs_a_person(capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOA_SPEECH__ENGINES", "[gtts]")
    code, said = run(capsys)
    assert code == 1
    assert "✗ Không giọng đọc nào nói được" in said


def test_a_damaged_database_is_one_finding_and_the_rest_is_looked_at(capsys: Output, data: Path) -> None:
    damage(data / "loa.db")
    code, said = run(capsys)
    assert "Traceback" not in said
    assert code == 1
    assert "loa restore" in said
    assert "✓ Giọng espeak" in said


@pytest.mark.parametrize("content", [b"", b"\x00" * 50_000, b"no database" * 1000])
def test_a_file_that_is_no_database_is_no_traceback(capsys: Output, data: Path, content: bytes) -> None:
    (data / "loa.db").write_bytes(content)
    code, said = run(capsys)
    assert "✓ Giọng espeak" in said
    assert code == (1 if content else 0)


@pytest.mark.parametrize("port", ["web", "broker", "enrolment"])
def test_a_port_another_program_holds_is_named(capsys: Output, port: str) -> None:
    wanted = getattr(configuration.load(), port).port
    with socket.create_server(("127.0.0.1", wanted)):
        code, said = run(capsys)
    assert code == 1
    assert f"127.0.0.1:{wanted}" in next(line for line in said.splitlines() if line.startswith("✗"))


def test_enrolment_that_is_not_open_is_a_fault_of_a_station_that_runs(capsys: Output) -> None:
    config = configuration.load()
    with running(), socket.create_server(("127.0.0.1", config.broker.port)):
        code, said = run(capsys)
        assert code == 1
        assert f"cổng cấp mã cho cụm loa (127.0.0.1:{config.enrolment.port}) không mở" in said
        server = EnrolmentServer(config, lambda: datetime.now(UTC))
        server.start()
        try:
            assert (server.closed, "✗" in run(capsys)[1]) == (False, False)
        finally:
            server.stop()


def test_enrolment_that_could_not_have_its_port_says_so() -> None:
    config = configuration.load()
    with socket.create_server(("127.0.0.1", config.enrolment.port)):
        server = EnrolmentServer(config, lambda: datetime.now(UTC))
        server.start()
        server.stop()
        assert server.closed


def test_a_broker_elsewhere_that_is_gone_is_a_fault(capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOA_BROKER__KIND", "external")
    code, said = run(capsys)
    assert code == 1
    assert "Không tới được broker bên ngoài" in said


def test_a_certificate_that_cannot_be_read_is_a_fault(capsys: Output) -> None:
    path = server_certificate.keep(configuration.load(), now_at=datetime.now(UTC))
    assert run(capsys)[0] == 0
    path.write_text("-----BEGIN CERTIFICATE-----\nnothing")
    code, said = run(capsys)
    assert code == 1
    assert str(path) in said


def test_clear_text_on_the_network_is_a_fault_until_it_is_allowed_in_words(
    capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "đều được mã hóa" in run(capsys)[1]
    monkeypatch.setenv("LOA_BROKER__HOST", "0.0.0.0")
    assert "đều được mã hóa" in run(capsys)[1]
    monkeypatch.setenv("LOA_BROKER__ENCRYPTION", "never")
    code, said = run(capsys)
    assert code == 1
    assert "broker.encryption để 0.0.0.0" in next(line for line in said.splitlines() if line.startswith("✗"))
    monkeypatch.setenv("LOA_TLS__PLAIN_LISTENERS", "allowed")
    code, said = run(capsys)
    assert code == 0
    assert any(line.startswith("!") and "nói bằng chữ rõ" in line for line in said.splitlines())


def test_backups_are_asked_for_and_their_places_tried(
    capsys: Output, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert "! Chưa có nơi sao lưu nào" in run(capsys)[1]
    stick = tmp_path / "stick"
    stick.mkdir()
    monkeypatch.setenv("LOA_BACKUP__PLACES", f"[{stick}]")
    code, said = run(capsys)
    assert code == 1
    assert "✗ Chưa có khóa khôi phục" in said
    config = configuration.load()
    recovery_key.confirm(config.data_dir, recovery_key.new(config.data_dir).key.code)
    database = Database(config.database_url)
    assert Nightly(config, database, lambda: datetime.now(UTC)).run().faults == []
    database.dispose()
    code, said = run(capsys)
    assert code == 0
    assert f"✓ Sao lưu ở {stick}" in said
    assert "đang giữ 1 bản" in said
    assert "cùng ổ đĩa" in said
    shutil.rmtree(stick)
    assert run(capsys)[0] == 1

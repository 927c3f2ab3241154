"""What Mosquitto is told."""

import socket
from pathlib import Path

import pytest

from broadcaster.delivery.broker.credentials import Credential
from broadcaster.delivery.broker.mosquitto_files import MosquittoFiles


@pytest.fixture
def files(tmp_path: Path) -> MosquittoFiles:
    return MosquittoFiles(folder=tmp_path / "broker", host="127.0.0.1", port=1883, station="con-minh")


def accounts(count: int) -> list[Credential]:
    return [Credential(username=f"node-{number}", password_hash="$7$101$x$y") for number in range(count)]


def setting(files: MosquittoFiles, name: str) -> str:
    lines = files.configuration.read_text(encoding="utf-8").splitlines()
    return next(line.removeprefix(f"{name} ") for line in lines if line.startswith(f"{name} "))


def test_a_commune_writes_to_disk_often_and_queues_little(files: MosquittoFiles) -> None:
    files.write(accounts(10))
    assert [setting(files, name) for name in ("autosave_interval", "max_queued_messages")] == ["200", "2000"]


def test_a_province_writes_no_more_often_than_about_once_an_order_and_has_room_for_every_agenda(
    files: MosquittoFiles,
) -> None:
    files.write(accounts(10_000))
    assert int(setting(files, "autosave_interval")) >= 10_000 * 10
    assert int(setting(files, "max_queued_messages")) >= 10_000
    assert int(setting(files, "max_queued_bytes")) >= 10_000 * 4_000


def test_the_limits_grow_with_the_accounts(files: MosquittoFiles) -> None:
    files.write(accounts(10))
    assert files.write_accounts(accounts(3_000))
    assert setting(files, "max_queued_messages") == "6000"
    assert not files.write_accounts(accounts(3_000))


def test_a_folder_too_deep_for_a_socket_has_one_all_the_same(tmp_path: Path) -> None:
    """Without it the station's connections stand at the nodes' listener, where one of a name throws the other out."""
    deep = tmp_path / ("d" * 60) / ("e" * 60) / "broker"
    files = MosquittoFiles(folder=deep, host="127.0.0.1", port=1883, station="con-minh")
    files.write(accounts(1))
    assert setting(files, "listener 0") == "station.socket"
    with socket.socket(socket.AF_UNIX) as there, socket.socket(socket.AF_UNIX) as here:
        there.bind(files.socket)
        there.listen()
        assert (deep / "station.socket").is_socket()
        here.connect(MosquittoFiles(folder=deep, host="127.0.0.1", port=1, station="con-minh").socket)

"""What only Mosquitto does: files, users, and processes that outlive each other."""

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from broadcaster.delivery.broker.mosquitto import executable
from broadcaster.delivery.broker.sockets import accepts, free_port
from tests.integration.delivery.broker.brokers import CREDENTIALS, TREE, make, node, refuses, station
from tests.integration.delivery.probe import eventually

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(executable() is None, reason="Mosquitto is not installed"),
]
STATION = """
import sys, time
from pathlib import Path
from broadcaster.delivery.broker.access import STATION_USER, BrokerAccess
from broadcaster.delivery.broker.mosquitto import Mosquitto
access = BrokerAccess(host="127.0.0.1", port=int(sys.argv[2]), username=STATION_USER, password="x" * 24)
Mosquitto(folder=Path(sys.argv[1]), access=access, station="con-minh").start()
time.sleep(60)
"""
"""A program that starts a broker and is killed long before it ends by itself."""


def test_its_files_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    broker = make("mosquitto", tmp_path / "broker", free_port("127.0.0.1"))
    broker.start()
    try:
        for name in ("mosquitto.conf", "passwords", "rights"):
            assert stat.S_IMODE((tmp_path / "broker" / name).stat().st_mode) == 0o600
        assert "password-of" not in (tmp_path / "broker" / "passwords").read_text()
    finally:
        broker.stop()


def test_started_as_root_it_drops_to_its_own_user_where_that_user_can_read() -> None:
    if os.geteuid() != 0:
        pytest.skip("not root: Mosquitto keeps the user it is started by")
    folder = Path(tempfile.mkdtemp(prefix="loa-broker-", dir="/tmp"))
    folder.chmod(0o755)
    broker = make("mosquitto", folder / "broker", free_port("127.0.0.1"))
    broker.apply(CREDENTIALS)
    broker.start()
    try:
        pid = int((folder / "broker" / "pid").read_text())
        assert Path(f"/proc/{pid}").stat().st_uid != 0
        with node(broker, "lung-pang"):
            broker.apply([])
        eventually(lambda: refuses(broker))
    finally:
        broker.stop()
        shutil.rmtree(folder)


def test_the_orphan_of_a_killed_station_is_replaced(tmp_path: Path) -> None:
    port = free_port("127.0.0.1")
    killed = subprocess.Popen([sys.executable, "-c", STATION, str(tmp_path / "broker"), str(port)], cwd=Path.cwd())
    eventually(lambda: accepts("127.0.0.1", port), seconds=30)
    killed.kill()
    killed.wait()
    assert accepts("127.0.0.1", port)
    second = make("mosquitto", tmp_path / "broker", port)
    second.apply(CREDENTIALS)
    second.start()
    try:
        assert not refuses(second)
    finally:
        second.stop()
    assert not accepts("127.0.0.1", port)


def test_a_second_station_joins_the_broker_of_the_first_and_takes_over_when_it_ends(tmp_path: Path) -> None:
    port = free_port("127.0.0.1")
    first, second = (make("mosquitto", tmp_path / "broker", port) for _ in range(2))
    for broker in (first, second):
        broker.apply(CREDENTIALS)
        broker.start()
    try:
        with node(first, "lung-pang"), node(second, "ang-hin"):
            pass
        first.stop()
        eventually(lambda: accepts("127.0.0.1", port), seconds=15)
        eventually(lambda: not refuses(second))
    finally:
        first.stop()
        second.stop()


def test_it_is_started_again_when_it_dies_and_still_knows_what_it_kept(tmp_path: Path) -> None:
    broker = make("mosquitto", tmp_path / "broker", free_port("127.0.0.1"))
    broker.apply(CREDENTIALS)
    broker.start()
    try:
        with station(broker) as ours:
            ours.publish(f"{TREE}/nodes/lung-pang/agenda", b"kept", retain=True)
        os.kill(int((tmp_path / "broker" / "pid").read_text()), 15)
        eventually(lambda: not accepts("127.0.0.1", broker.access.port))
        eventually(lambda: accepts("127.0.0.1", broker.access.port), seconds=15)
        with node(broker, "lung-pang") as virtual_node:
            virtual_node.subscribe(f"{TREE}/nodes/lung-pang/agenda")
            eventually(lambda: virtual_node.payloads(f"{TREE}/nodes/lung-pang/agenda") == [b"kept"])
    finally:
        broker.stop()


@pytest.mark.parametrize("left", [3, 15, 20, 60, 120, 1_000, 4_500])
def test_a_memory_that_was_cut_anywhere_is_set_aside_and_the_broker_starts(tmp_path: Path, left: int) -> None:
    folder = tmp_path / "broker"
    broker = make("mosquitto", folder, free_port("127.0.0.1"))
    broker.start()
    with station(broker) as probe:
        for number in range(100):
            probe.publish(f"{TREE}/clips/{number}", os.urandom(100), retain=True)
    broker.stop()
    memory = folder / "mosquitto.db"
    memory.write_bytes(memory.read_bytes()[:left])
    broker.start()
    with station(broker):
        assert (folder / "mosquitto.broken").stat().st_size == left
    broker.stop()

"""The contract of every broker that is ours, over each of them."""

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from broadcaster.delivery.broker.access import STATION_USER, BrokerAccess
from broadcaster.delivery.broker.credentials import Credential
from broadcaster.delivery.broker.embedded import Embedded
from broadcaster.delivery.broker.mosquitto import Mosquitto, executable
from broadcaster.delivery.broker.port import Broker
from broadcaster.delivery.broker.sockets import accepts, free_port
from broadcaster.errors import Unavailable
from broadcaster.station.node_credentials import hash_password
from tests.integration.delivery.probe import Probe, Refused, eventually

pytestmark = pytest.mark.integration

TREE = "loa/1/con-minh"
PASSWORDS = {"lung-pang": "password-of-lung-pang", "ang-hin": "password-of-ang-hin"}
CREDENTIALS = [Credential(username=name, password_hash=hash_password(word)) for name, word in PASSWORDS.items()]
NODE_READS = ("agenda", "acks", "clock/reply")
NODE_WRITES = ("wants", "status", "receipts", "clock")


def make(kind: str, folder: Path, port: int) -> Broker:
    access = BrokerAccess(host="127.0.0.1", port=port, username=STATION_USER, password="password-of-the-station")
    if kind == "embedded":
        return Embedded(access=access, station="con-minh")
    return Mosquitto(folder=folder, access=access, station="con-minh")


@pytest.fixture(params=["mosquitto", "embedded"])
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Broker]:
    if request.param == "mosquitto" and executable() is None:
        pytest.skip("Mosquitto is not installed")
    broker = make(request.param, tmp_path / "broker", free_port("127.0.0.1"))
    broker.apply(CREDENTIALS)
    broker.start()
    yield broker
    broker.stop()


def station(broker: Broker) -> Probe:
    return Probe(broker.access.port, broker.access.username, broker.access.password)


def node(broker: Broker, name: str, **options: object) -> Probe:
    return Probe(broker.access.port, name, PASSWORDS[name], **options)


@pytest.mark.parametrize(
    ("username", "password"),
    [("", ""), ("lung-pang", ""), ("lung-pang", "wrong"), ("nobody", "wrong"), (STATION_USER, "wrong")],
)
def test_nobody_connects_without_the_right_credential(broker: Broker, username: str, password: str) -> None:
    with pytest.raises(Refused), Probe(broker.access.port, username, password):
        pass


@pytest.mark.parametrize("leaf", NODE_READS)
def test_a_node_reads_its_own_topics(broker: Broker, leaf: str) -> None:
    topic = f"{TREE}/nodes/lung-pang/{leaf}"
    with node(broker, "lung-pang") as pole, station(broker) as ours:
        pole.subscribe(topic)
        ours.publish(topic, b"for lung-pang")
        eventually(lambda: pole.payloads(topic) == [b"for lung-pang"])


@pytest.mark.parametrize("topic_filter", [f"{TREE}/nodes/ang-hin/agenda", f"{TREE}/nodes/+/agenda", f"{TREE}/#", "#"])
def test_a_node_hears_nothing_of_another_nodes_topics(broker: Broker, topic_filter: str) -> None:
    with node(broker, "lung-pang") as pole, station(broker) as ours:
        ours.publish(f"{TREE}/nodes/ang-hin/agenda", b"kept", retain=True)
        pole.subscribe(topic_filter)
        pole.subscribe(f"{TREE}/nodes/lung-pang/agenda")
        ours.publish(f"{TREE}/nodes/ang-hin/agenda", b"secret", retain=True)
        ours.publish(f"{TREE}/nodes/lung-pang/agenda", b"own")
        eventually(lambda: b"own" in pole.payloads(f"{TREE}/nodes/lung-pang/agenda"))
        assert pole.payloads(f"{TREE}/nodes/ang-hin/agenda") == []


def test_presenting_another_nodes_client_id_yields_none_of_its_messages(broker: Broker) -> None:
    topic = f"{TREE}/nodes/ang-hin/agenda"
    with node(broker, "ang-hin", client_id="ang-hin", clean_session=False) as victim:
        victim.subscribe(topic)
    with station(broker) as ours:
        ours.publish(topic, b"secret", retain=True)
    try:
        with node(broker, "lung-pang", client_id="ang-hin", clean_session=False) as thief, station(broker) as ours:
            thief.subscribe(f"{TREE}/nodes/lung-pang/agenda")
            ours.publish(f"{TREE}/nodes/lung-pang/agenda", b"own")
            eventually(lambda: b"own" in thief.payloads(f"{TREE}/nodes/lung-pang/agenda"))
            assert thief.payloads(topic) == []
    except Refused:
        return  # even better


def test_connecting_brings_no_message_that_was_not_asked_for(broker: Broker) -> None:
    with station(broker) as ours:
        ours.subscribe(f"{TREE}/#")
        ours.publish(f"{TREE}/clips/{'a' * 64}/0", b"chunk", retain=True)
        with node(broker, "lung-pang") as pole:
            pole.subscribe(f"{TREE}/nodes/lung-pang/acks")
            ours.publish(f"{TREE}/nodes/lung-pang/acks", b"own")
            eventually(lambda: len(pole.heard) > 0)
            assert [bytes(message.payload) for message in pole.heard] == [b"own"]


@pytest.mark.parametrize("leaf", NODE_WRITES)
def test_the_station_hears_what_a_node_says_on_its_own_topics(broker: Broker, leaf: str) -> None:
    topic = f"{TREE}/nodes/lung-pang/{leaf}"
    with node(broker, "lung-pang") as pole, station(broker) as ours:
        ours.subscribe(f"{TREE}/nodes/+/{leaf}")
        pole.publish(topic, b"said")
        eventually(lambda: ours.payloads(topic) == [b"said"])


@pytest.mark.parametrize(
    "topic",
    [
        f"{TREE}/nodes/ang-hin/status",
        f"{TREE}/nodes/ang-hin/receipts",
        f"{TREE}/nodes/lung-pang/agenda",
        f"{TREE}/nodes/ang-hin/agenda",
        f"{TREE}/clips/{'0' * 64}/0",
        "elsewhere",
    ],
)
def test_what_a_node_writes_outside_its_topics_reaches_nobody(broker: Broker, topic: str) -> None:
    with node(broker, "lung-pang") as pole, station(broker) as ours:
        ours.subscribe(f"{TREE}/#")
        pole.client.publish(topic, b"forged", qos=1, retain=True)
        pole.publish(f"{TREE}/nodes/lung-pang/status", b"own")
        eventually(lambda: ours.payloads(f"{TREE}/nodes/lung-pang/status") == [b"own"])
        assert ours.payloads(topic) == []


def test_a_will_on_another_nodes_topic_is_never_published(broker: Broker) -> None:
    topic = f"{TREE}/nodes/ang-hin/status"
    with station(broker) as ours:
        ours.subscribe(f"{TREE}/#")
        try:
            with node(broker, "lung-pang", will=(topic, b"forged")) as pole:
                pole.drop()
        except Refused:
            pass
        with node(broker, "lung-pang") as pole:
            pole.publish(f"{TREE}/nodes/lung-pang/status", b"own")
        eventually(lambda: b"own" in ours.payloads(f"{TREE}/nodes/lung-pang/status"))
        assert ours.payloads(topic) == []


def test_the_last_will_of_a_node_that_vanishes_is_published_and_kept(broker: Broker) -> None:
    topic = f"{TREE}/nodes/lung-pang/status"
    with station(broker) as ours:
        ours.subscribe(topic)
        with node(broker, "lung-pang", will=(topic, b"gone")) as pole:
            pole.drop()
        eventually(lambda: ours.payloads(topic) == [b"gone"])
    with station(broker) as later:
        later.subscribe(topic)
        eventually(lambda: later.payloads(topic) == [b"gone"])


def test_retained_messages_are_kept_until_they_are_cleared(broker: Broker) -> None:
    topic = f"{TREE}/clips/{'a' * 64}/0"
    chunk = bytes(range(256)) * 64
    with station(broker) as ours:
        ours.publish(topic, chunk, retain=True)
    with node(broker, "lung-pang") as pole:
        pole.subscribe(topic)
        eventually(lambda: pole.payloads(topic) == [chunk])
    with station(broker) as ours:
        ours.publish(topic, b"", retain=True)
    with node(broker, "ang-hin") as pole, station(broker) as ours:
        pole.subscribe(topic)
        ours.publish(topic, b"new")
        eventually(lambda: pole.payloads(topic) == [b"new"])


def test_a_signed_agenda_of_the_greatest_length_passes(broker: Broker) -> None:
    topic = f"{TREE}/nodes/lung-pang/agenda"
    token = b"x" * (262_144 * 4 // 3 + 1024)
    with node(broker, "lung-pang") as pole, station(broker) as ours:
        pole.subscribe(topic)
        ours.publish(topic, token, retain=True)
        eventually(lambda: pole.payloads(topic) == [token])


def test_a_revoked_node_is_cut_off_at_once_and_does_not_come_back(broker: Broker) -> None:
    with node(broker, "lung-pang") as pole, node(broker, "ang-hin") as other, station(broker) as ours:
        broker.apply([each for each in CREDENTIALS if each.username != "lung-pang"])
        assert pole.lost.wait(10)
        with pytest.raises(Refused), node(broker, "lung-pang"):
            pass
        other.subscribe(f"{TREE}/nodes/ang-hin/agenda")
        ours.publish(f"{TREE}/nodes/ang-hin/agenda", b"still here")
        eventually(lambda: other.payloads(f"{TREE}/nodes/ang-hin/agenda") == [b"still here"])


def test_a_node_with_a_new_password_is_cut_off_and_comes_back_only_with_it(broker: Broker) -> None:
    fresh = Credential(username="lung-pang", password_hash=hash_password("quite-another-password"))
    others = [each for each in CREDENTIALS if each.username != "lung-pang"]
    with node(broker, "lung-pang") as pole, node(broker, "ang-hin") as other:
        broker.apply([fresh, *others])
        assert pole.lost.wait(10)
        assert not other.lost.wait(0.5)
    with pytest.raises(Refused), node(broker, "lung-pang"):
        pass

    def admitted() -> bool:
        try:
            with Probe(broker.access.port, "lung-pang", "quite-another-password"):
                return True
        except Refused:
            return False

    eventually(admitted)


def test_a_new_node_is_admitted_without_a_restart(broker: Broker) -> None:
    broker.apply([*CREDENTIALS, Credential(username="na-ca", password_hash=hash_password("password-of-na-ca"))])

    def admitted() -> bool:
        try:
            with Probe(broker.access.port, "na-ca", "password-of-na-ca"):
                return True
        except Refused:
            return False

    eventually(admitted)


def test_it_can_be_stopped_and_started_again(broker: Broker) -> None:
    broker.stop()
    assert not accepts("127.0.0.1", broker.access.port)
    broker.start()
    with node(broker, "lung-pang"):
        pass


def test_a_taken_port_is_said_in_one_sentence_that_names_the_setting(broker: Broker, tmp_path: Path) -> None:
    for kind in ("mosquitto", "embedded"):
        with pytest.raises(Unavailable, match=rf"cổng {broker.access.port}.*broker\.port") as caught:
            make(kind, tmp_path / "second", broker.access.port).start()
        assert caught.value.field == "broker.port"


@pytest.mark.skipif(executable() is None, reason="Mosquitto is not installed")
class TestMosquittoAlone:
    def test_its_files_are_readable_by_their_owner_only(self, tmp_path: Path) -> None:
        broker = make("mosquitto", tmp_path / "broker", free_port("127.0.0.1"))
        broker.start()
        try:
            for name in ("mosquitto.conf", "passwords", "rights"):
                assert stat.S_IMODE((tmp_path / "broker" / name).stat().st_mode) == 0o600
            assert "password-of" not in (tmp_path / "broker" / "passwords").read_text()
        finally:
            broker.stop()

    def test_started_as_root_it_drops_to_its_own_user_where_that_user_can_read(self) -> None:
        if os.geteuid() != 0:
            pytest.skip("not root: Mosquitto keeps the user it is started by")
        import shutil
        import tempfile

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
            eventually(lambda: _refuses(broker))
        finally:
            broker.stop()
            shutil.rmtree(folder)

    def test_the_orphan_of_a_killed_station_is_replaced(self, tmp_path: Path) -> None:
        port = free_port("127.0.0.1")
        killed = subprocess.Popen([sys.executable, "-c", _STATION, str(tmp_path / "broker"), str(port)], cwd=Path.cwd())
        eventually(lambda: accepts("127.0.0.1", port), seconds=30)
        killed.kill()
        killed.wait()
        assert accepts("127.0.0.1", port)
        second = make("mosquitto", tmp_path / "broker", port)
        second.apply(CREDENTIALS)
        second.start()
        try:
            assert not _refuses(second)
        finally:
            second.stop()
        assert not accepts("127.0.0.1", port)

    def test_a_second_station_joins_the_broker_of_the_first_and_takes_over_when_it_ends(self, tmp_path: Path) -> None:
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
            eventually(lambda: not _refuses(second))
        finally:
            first.stop()
            second.stop()

    def test_it_is_started_again_when_it_dies_and_still_knows_what_it_kept(self, tmp_path: Path) -> None:
        broker = make("mosquitto", tmp_path / "broker", free_port("127.0.0.1"))
        broker.apply(CREDENTIALS)
        broker.start()
        try:
            with station(broker) as ours:
                ours.publish(f"{TREE}/nodes/lung-pang/agenda", b"kept", retain=True)
            os.kill(int((tmp_path / "broker" / "pid").read_text()), 15)
            eventually(lambda: not accepts("127.0.0.1", broker.access.port))
            eventually(lambda: accepts("127.0.0.1", broker.access.port), seconds=15)
            with node(broker, "lung-pang") as pole:
                pole.subscribe(f"{TREE}/nodes/lung-pang/agenda")
                eventually(lambda: pole.payloads(f"{TREE}/nodes/lung-pang/agenda") == [b"kept"])
        finally:
            broker.stop()


_STATION = """
import sys, time
from pathlib import Path
from broadcaster.delivery.broker.access import STATION_USER, BrokerAccess
from broadcaster.delivery.broker.mosquitto import Mosquitto
access = BrokerAccess(host="127.0.0.1", port=int(sys.argv[2]), username=STATION_USER, password="x" * 24)
Mosquitto(folder=Path(sys.argv[1]), access=access, station="con-minh").start()
time.sleep(60)
"""


def _refuses(broker: Broker) -> bool:
    try:
        with node(broker, "lung-pang"):
            return False
    except (Refused, ConnectionRefusedError):
        return True

"""A broker of ours with two nodes that may come in, and clients that connect."""

from pathlib import Path

from broadcaster.delivery.broker.access import STATION_USER, BrokerAccess
from broadcaster.delivery.broker.credentials import Credential
from broadcaster.delivery.broker.embedded.broker import Embedded
from broadcaster.delivery.broker.mosquitto import Mosquitto
from broadcaster.delivery.broker.port import Broker
from broadcaster.station.nodes.credentials import hash_password
from tests.integration.delivery.probe import Probe, Refused

TREE = "loa/1/con-minh"
PASSWORDS = {"lung-pang": "password-of-lung-pang", "ang-hin": "password-of-ang-hin"}
CREDENTIALS = [Credential(username=name, password_hash=hash_password(word)) for name, word in PASSWORDS.items()]


def make(kind: str, folder: Path, port: int) -> Broker:
    access = BrokerAccess(host="127.0.0.1", port=port, username=STATION_USER, password="password-of-the-station")
    if kind == "embedded":
        return Embedded(access=access, station="con-minh")
    return Mosquitto(folder=folder, access=access, station="con-minh")


def station(broker: Broker) -> Probe:
    return Probe(broker.access.port, broker.access.username, broker.access.password)


def node(broker: Broker, name: str, **options: object) -> Probe:
    return Probe(broker.access.port, name, PASSWORDS[name], **options)


def refuses(broker: Broker) -> bool:
    try:
        with node(broker, "lung-pang"):
            return False
    except (Refused, ConnectionRefusedError):
        return True

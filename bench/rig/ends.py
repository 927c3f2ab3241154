"""The bare baselines at the two ends of a weak line, each a process in its namespace: ``-m bench.rig.ends KIND``.

Every end says ``"ready"`` first, then answers in lines of JSON; instants are seconds of the monotonic clock, which all
namespaces share.
"""

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from bench.rig.line import STATION_HOST
from broadcaster.protocol.mqtt import chunks

TCP_PORT = 9000
MQTT_PORT = 1883
TOPIC = "clip"
PATIENCE_SECONDS = 300.0
"""A transfer that takes longer never arrives, for this bench."""
BARE_BROKER = f"listener {MQTT_PORT} {STATION_HOST}\nallow_anonymous true\nset_tcp_nodelay true\nuser root\n"
CLIENT = CallbackAPIVersion.VERSION2


def tcp_send() -> None:
    """Asked for so many bytes, sends them over the one connection and says when it began."""
    with socket.create_server((STATION_HOST, TCP_PORT)) as server:
        say("ready")
        connection = server.accept()[0]
        with connection:
            for size in questions():
                say(time.monotonic())
                connection.sendall(bytes(size))


def tcp_receive(size: int) -> None:
    """Says when each ``size`` bytes were whole."""
    with socket.create_connection((STATION_HOST, TCP_PORT), timeout=PATIENCE_SECONDS) as connection:
        say("ready")
        while True:
            if not _read(connection, size):
                return
            say(time.monotonic())


def _read(connection: socket.socket, size: int) -> bool:
    while size and (piece := connection.recv(min(size, 65_536))):
        size -= len(piece)
    return size == 0


def mqtt_send(program: str, folder: Path) -> None:
    """A broker without anything of ours, and one publisher beside it."""
    configuration = folder / "bare.conf"
    configuration.write_text(BARE_BROKER)
    broker = subprocess.Popen([program, "-c", str(configuration)], stderr=subprocess.DEVNULL)
    try:
        time.sleep(1)
        client = mqtt.Client(CLIENT)
        client.connect(STATION_HOST, MQTT_PORT)
        client.loop_start()
        say("ready")
        for size in questions():
            say(time.monotonic())
            for offset in range(0, size, chunks.CHUNK_BYTES):
                client.publish(TOPIC, bytes(min(chunks.CHUNK_BYTES, size - offset)), qos=1)
    finally:
        broker.terminate()
        broker.wait(10)


def mqtt_receive(size: int) -> None:
    """Says when each ``size`` bytes were whole."""
    come = 0

    def count(_client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        nonlocal come
        come += len(message.payload)
        if come >= size:
            come -= size
            say(time.monotonic())

    client = mqtt.Client(CLIENT, client_id="node", clean_session=False)
    client.on_message = count
    client.on_subscribe = lambda *_: say("ready")
    client.connect(STATION_HOST, MQTT_PORT)
    client.subscribe(TOPIC, qos=1)
    client.loop_forever()


def questions() -> Iterator[Any]:
    """What is asked on standard input, for ever."""
    for line in sys.stdin:
        yield json.loads(line)


def say(what: Any) -> None:
    """To whoever started this end."""
    print(json.dumps(what), flush=True)


KINDS: dict[str, Callable[..., None]] = {
    "tcp-send": tcp_send,
    "tcp-receive": lambda size: tcp_receive(int(size)),
    "mqtt-send": lambda program, folder: mqtt_send(program, Path(folder)),
    "mqtt-receive": lambda size: mqtt_receive(int(size)),
}

if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    KINDS[sys.argv[1]](*sys.argv[2:])

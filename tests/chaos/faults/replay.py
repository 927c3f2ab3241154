"""Somebody at the broker with a stolen credential: hears everything, repeats it later, and forges with a wrong key."""

import base64
import random
import secrets
import threading
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import msgspec
import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from broadcaster.delivery.broker.access import STATION_USER
from broadcaster.protocol.agenda import Agenda, AgendaItem
from broadcaster.protocol.signing import sign_agenda
from broadcaster.protocol.values import BroadcastClass
from tests.chaos.village.village import Village

LEAVES = ("agenda", "receipts", "acks", "wants")
KEEP = 400


class Eavesdropper:
    """Connected with the station's credential for as long as the ``with`` block lasts."""

    def __init__(self, village: Village) -> None:
        self._village = village
        self._station = village.config.station.id
        self._heard: list[tuple[str, bytes, bool]] = []
        self._lock = threading.Lock()
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="nghe-trom")
        password = (village.config.data_dir / "broker" / "station-password").read_text().strip()
        self._client.username_pw_set(STATION_USER, password)
        self._client.reconnect_delay_set(1, 2)
        self._client.on_connect = lambda *_: self._listen()
        self._client.on_message = lambda _c, _d, message: self._keep(message)

    def __enter__(self) -> "Eavesdropper":
        self._client.connect_async("127.0.0.1", self._village.config.broker.port)
        self._client.loop_start()
        return self

    def __exit__(self, *_: object) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def replay(self, dice: random.Random) -> str:
        """Some of what was heard, once more; the topic of it, empty when nothing was heard yet."""
        heard = self._messages(LEAVES)
        if not heard:
            return ""
        topic, payload, retained = dice.choice(heard)
        for _ in range(dice.choice((1, 1, 3))):
            self._client.publish(topic, payload, qos=1, retain=retained)
        return topic

    def forge(self, dice: random.Random) -> str:
        """An agenda for a broadcast nobody ordered, with a real clip, signed by a key of our own; or a real agenda
        of another node."""
        heard = self._messages(("agenda",))
        if not heard:
            return ""
        topic, token, _ = dice.choice(heard)
        node = topic.split("/")[-2]
        if dice.random() < 0.4:
            others = [virtual_node.id for virtual_node in self._village.standing if virtual_node.id != node]
            topic = topic.replace(f"/{node}/", f"/{dice.choice(others)}/") if others else topic
            self._client.publish(topic, token, qos=1, retain=True)
            return topic
        agenda = _forged(token)
        if agenda is None:
            return ""
        self._client.publish(topic, sign_agenda(agenda, secrets.token_bytes(32)), qos=1, retain=True)
        return topic

    def _listen(self) -> None:
        self._client.subscribe([(f"loa/1/{self._station}/nodes/+/{leaf}", 1) for leaf in LEAVES])

    def _keep(self, message: mqtt.MQTTMessage) -> None:
        if message.payload:
            with self._lock:
                # An agenda is always kept retained; the flag of a live delivery does not say so.
                retained = message.topic.endswith("/agenda")
                self._heard = [*self._heard[-KEEP:], (message.topic, bytes(message.payload), retained)]

    def _messages(self, leaves: Iterable[str]) -> list[tuple[str, bytes, bool]]:
        ends = tuple(f"/{leaf}" for leaf in leaves)
        with self._lock:
            return [each for each in self._heard if each[0].endswith(ends)]


def _forged(token: bytes) -> Agenda | None:
    """The agenda in a token with nothing but a broadcast of our own, and a number far above."""
    middle = token.split(b".")[1]
    agenda = msgspec.json.decode(base64.urlsafe_b64decode(middle + b"=" * (-len(middle) % 4)), type=Agenda)
    if not agenda.clips:
        return None
    clip, now_at = agenda.clips[0], datetime.now(UTC)
    item = AgendaItem(
        broadcast="forged-" + secrets.token_hex(10),
        parts=(clip.sha256,),
        broadcast_class=BroadcastClass.EMERGENCY,
        start_at=now_at + timedelta(seconds=2),
        expires_at=now_at + timedelta(hours=1),
        duration_ms=clip.duration_ms,
        live=True,
    )
    return msgspec.structs.replace(agenda, number=agenda.number + 1000, issued_at=now_at, items=(item,))

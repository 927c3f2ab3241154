"""A broker inside this process (amqtt), for the first five minutes on a machine without Mosquitto."""

import asyncio
import logging
import threading
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from typing import Any

from amqtt.broker import Broker as AmqttBroker  # type: ignore[import-untyped]
from amqtt.contexts import Action, BrokerConfig, ListenerConfig  # type: ignore[import-untyped]
from amqtt.errors import AMQTTError  # type: ignore[import-untyped]
from amqtt.plugins.base import BaseAuthPlugin, BaseTopicPlugin  # type: ignore[import-untyped]
from amqtt.session import Session  # type: ignore[import-untyped]

from broadcaster.delivery.broker.access import STATION_USER, BrokerAccess
from broadcaster.delivery.broker.credentials import Credential
from broadcaster.delivery.broker.rights import may_read, may_write
from broadcaster.delivery.broker.sockets import refuse_taken
from broadcaster.errors import Unavailable
from broadcaster.station.nodes.credentials import hash_password, verify_password

START_SECONDS = 10.0
STOP_SECONDS = 10.0


class Register:
    """The accounts and rules of one embedded broker; read in its thread, replaced from any."""

    def __init__(self, station: str, own: Credential) -> None:
        self._station = station
        self._own = own
        self._hashes = {own.username: own.password_hash}
        self._owners: dict[str, str] = {}

    def replace(self, credentials: Iterable[Credential]) -> None:
        self._hashes = {each.username: each.password_hash for each in (*credentials, self._own)}

    def admits(self, session: Session) -> bool:
        """Right password, and nothing of another's: neither a will on its topic nor its stored session, which the
        broker itself checks neither."""
        username = session.username or ""
        known = self._hashes.get(username)
        if known is None or not verify_password(session.password or "", known):
            return False
        if session.will_topic and not may_write(self._station, username, session.will_topic):
            return False
        return bool(session.clean_session) or self._owners.setdefault(session.client_id or "", username) == username

    def permits(self, username: str, topic: str, action: Action) -> bool:
        if username not in self._hashes:
            return False
        rule: Callable[[str, str, str], bool] = may_write if action is Action.PUBLISH else may_read
        return rule(self._station, username, topic)


class AccountPlugin(BaseAuthPlugin):  # type: ignore[misc]  # amqtt has no types
    """Asks the register at every connection."""

    @dataclass
    class Config:
        """register: of the broker that loads this plugin."""

        register: Any

    async def authenticate(self, *, session: Session) -> bool:
        return bool(self.config.register.admits(session))


class RightsPlugin(BaseTopicPlugin):  # type: ignore[misc]  # amqtt has no types
    """Asks the register at every subscription and every message, in both directions."""

    Config = AccountPlugin.Config

    async def topic_filtering(
        self, *, session: Session | None = None, topic: str | None = None, action: Action | None = None
    ) -> bool:
        if session is None or topic is None or action is None:
            return False
        return bool(self.config.register.permits(session.username or "", topic, action))


class GuardedBroker(AmqttBroker):  # type: ignore[misc]  # amqtt has no types
    """amqtt with two holes closed (seen in 0.12)."""

    register: Register

    async def stream_connected(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, listener_name: str
    ) -> None:
        """It leaves the socket open when the client fails before it is admitted, or vanishes."""
        try:
            await super().stream_connected(reader, writer, listener_name)
        finally:
            writer.close()

    async def _publish_retained_messages_for_subscription(
        self, subscription: tuple[str, int], session: Session
    ) -> None:
        """At every connection it sends the retained messages of everybody's subscriptions, unasked and unchecked."""
        topic_filter = subscription[0]
        own = any(held.client_id == session.client_id for held, _ in self.subscriptions.get(topic_filter, ()))
        if own and self.register.permits(session.username or "", topic_filter, Action.SUBSCRIBE):
            await super()._publish_retained_messages_for_subscription(subscription, session)


class Embedded:
    """Retained messages live in memory only; the publisher's reconciliation fills them in again after a start."""

    kind = "embedded"

    def __init__(self, *, access: BrokerAccess, station: str) -> None:
        self.access = access
        own = Credential(username=STATION_USER, password_hash=hash_password(access.password))
        self._register = Register(station, own)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._broker: GuardedBroker | None = None

    def start(self) -> None:
        refuse_taken(self.access.host, self.access.port)
        for chatty in ("amqtt", "transitions"):
            logging.getLogger(chatty).setLevel(logging.ERROR)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="embedded-broker", daemon=True)
        self._thread.start()
        try:
            self._call(self._open(), START_SECONDS)
        except (AMQTTError, TimeoutError) as error:
            self.stop()
            raise Unavailable(f"Bộ chuyển tin trong chương trình không khởi động được: {error}.") from None

    def stop(self) -> None:
        loop, thread = self._loop, self._thread
        if loop is None or thread is None:
            return
        if self._broker is not None:
            self._call(self._broker.shutdown(), STOP_SECONDS)
        self._call(_end_tasks(), STOP_SECONDS)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(STOP_SECONDS)
        loop.close()
        self._loop = self._thread = self._broker = None

    def apply(self, credentials: Iterable[Credential]) -> None:
        self._register.replace(credentials)
        if self._broker is not None:
            self._call(self._cut_off_strangers(), STOP_SECONDS)

    async def _open(self) -> None:
        bind = f"{self.access.host}:{self.access.port}"
        here = f"{__name__}."
        plugins = {here + kind.__name__: {"register": self._register} for kind in (AccountPlugin, RightsPlugin)}
        config = BrokerConfig(listeners={"default": ListenerConfig(bind=bind)}, plugins=plugins)
        broker = GuardedBroker(config, loop=asyncio.get_running_loop())
        broker.register = self._register
        await broker.start()
        self._broker = broker

    async def _cut_off_strangers(self) -> None:
        if self._broker is None:
            return
        for session, handler in list(self._broker.sessions.values()):
            if session.transitions.state == "connected" and not self._register.admits(session):
                await handler.handle_connection_closed()
                await handler.stop()

    def _call(self, work: Coroutine[Any, Any, None], timeout_seconds: float) -> None:
        if self._loop is None:
            work.close()
            return
        asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout_seconds)


async def _end_tasks() -> None:
    """What the broker leaves running, and one more round of the loop, in which closed sockets are released."""
    tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.sleep(0.01)

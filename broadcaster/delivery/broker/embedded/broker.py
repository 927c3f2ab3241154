"""A broker inside this process (amqtt), for the first five minutes on a machine without Mosquitto."""

import asyncio
import logging
import secrets
import shutil
import tempfile
import threading
from collections.abc import Coroutine, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from amqtt.contexts import Action, BrokerConfig, ListenerConfig, ListenerType  # type: ignore[import-untyped]
from amqtt.errors import AMQTTError  # type: ignore[import-untyped]
from amqtt.plugins.base import BaseAuthPlugin, BaseTopicPlugin  # type: ignore[import-untyped]
from amqtt.session import Session  # type: ignore[import-untyped]

from broadcaster.certificates.server_certificate import ServerCertificate
from broadcaster.delivery.broker.access import STATION_USER, BrokerAccess
from broadcaster.delivery.broker.admission import Admission
from broadcaster.delivery.broker.credentials import Credential
from broadcaster.delivery.broker.embedded.guarded import ADMISSION, EVERYBODY, OWN_LISTENER, GuardedBroker
from broadcaster.delivery.broker.embedded.register import Register
from broadcaster.delivery.broker.sockets import refuse_taken
from broadcaster.errors import Unavailable
from broadcaster.station.nodes.credentials import hash_password

START_SECONDS = 10.0
STOP_SECONDS = 10.0


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


class Embedded:
    """Retained messages live in memory only; the publisher's reconciliation fills them in again after a start."""

    kind = "embedded"

    def __init__(
        self,
        *,
        access: BrokerAccess,
        station: str,
        certificate: ServerCertificate | None = None,
        plain_port: int = 0,
    ) -> None:
        """``certificate``: with which it speaks TLS, None for clear text; ``plain_port``: in clear text besides."""
        self._certificate = certificate
        self._plain_port = plain_port
        self._folder = Path(tempfile.gettempdir()) / f"loa-{secrets.token_hex(8)}"
        self.access = replace(access, socket=str(self._folder / "station"))
        self.admission = Admission(ADMISSION)
        own = Credential(username=STATION_USER, password_hash=hash_password(access.password))
        self._register = Register(station, own)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._broker: GuardedBroker | None = None

    def start(self) -> None:
        refuse_taken(self.access.host, self.access.port)
        for chatty in ("amqtt", "transitions"):
            logging.getLogger(chatty).setLevel(logging.ERROR)
        self._folder.mkdir(mode=0o700)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="embedded-broker", daemon=True)
        self._thread.start()
        try:
            self._call(self._open(), START_SECONDS)
        except (AMQTTError, TimeoutError) as error:
            self.stop()
            raise Unavailable("broker.embedded_not_started", cause=error) from None

    def stop(self) -> None:
        loop, thread = self._loop, self._thread
        if loop is None or thread is None:
            return
        if self._broker is not None:
            self._call(self._broker.close_own_listener(), STOP_SECONDS)
            with suppress(TimeoutError):  # what it has not passed on by now it would not pass on any more
                self._call(self._broker.shutdown(), STOP_SECONDS)
        self._call(_end_tasks(), STOP_SECONDS)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(STOP_SECONDS)
        loop.close()
        self._loop = self._thread = self._broker = None
        shutil.rmtree(self._folder, ignore_errors=True)

    def apply(self, credentials: Iterable[Credential]) -> None:
        self._register.replace(credentials)
        if self._broker is not None:
            self._call(self._cut_off_strangers(), STOP_SECONDS)

    def look_at_certificate(self) -> None:
        if self._certificate is not None:
            self._certificate.look()

    def _listeners(self) -> dict[str, ListenerConfig]:
        host, port = self.access.host, self.access.port
        found = {OWN_LISTENER: ListenerConfig(type=ListenerType.EXTERNAL, bind=OWN_LISTENER)}
        if self._certificate is not None and self._plain_port:
            found["plain"] = ListenerConfig(bind=f"{host}:{self._plain_port}")
        return {EVERYBODY: ListenerConfig(bind=f"{host}:{port}")} | found

    async def _open(self) -> None:
        here = f"{__name__}."
        plugins = {here + kind.__name__: {"register": self._register} for kind in (AccountPlugin, RightsPlugin)}
        settings = BrokerConfig(listeners=self._listeners(), plugins=plugins)
        broker = GuardedBroker(settings, loop=asyncio.get_running_loop())
        broker.register, broker.admission = self._register, self.admission
        broker.context = self._certificate.context if self._certificate is not None else None
        await broker.open_own_listener(Path(self.access.socket))
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

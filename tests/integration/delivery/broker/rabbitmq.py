"""A RabbitMQ of one's own with its MQTT plugin: in a temporary folder, on free ports, gone afterwards."""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.rig.mosquitto import free_port

START_SECONDS = 150
"""An Erlang machine on a busy one."""
ADMINISTRATOR, PASSWORD = "administrator", "password-of-the-administrator"
_PROGRAM = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")


def installed() -> bool:
    """Whether RabbitMQ is on this machine; Debian's other program refuses to run as whoever one is."""
    return _PROGRAM.exists() and shutil.which("epmd") is not None


@dataclass(frozen=True)
class RabbitMq:
    """port: of MQTT; management: URL of the programs' interface, for ADMINISTRATOR."""

    port: int
    management: str


@contextmanager
def running(folder: Path, *, definitions: Mapping[str, list[object]], more: str = "") -> Iterator[RabbitMq]:
    """With these users and rights besides its administrator; ``more`` are further lines of its configuration."""
    folder.mkdir(parents=True)
    made = RabbitMq(free_port(), f"http://127.0.0.1:{free_port()}")
    environ = os.environ | _environ(folder, made, definitions, more)
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen([_PROGRAM], env=environ, stdout=output, stderr=output, start_new_session=True)
    try:
        _await(made, process, folder / "output")
        yield made
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(30)
        _end_port_mapper(environ["ERL_EPMD_PORT"])


def _environ(folder: Path, made: RabbitMq, definitions: Mapping[str, list[object]], more: str) -> dict[str, str]:
    configuration = [
        "listeners.tcp = none",
        f"mqtt.listeners.tcp.1 = 127.0.0.1:{made.port}",
        "mqtt.allow_anonymous = false",
        "management.tcp.ip = 127.0.0.1",
        f"management.tcp.port = {made.management.rpartition(':')[2]}",
        f"load_definitions = {folder}/definitions.json",
        f"default_user = {ADMINISTRATOR}",
        f"default_pass = {PASSWORD}",
        more,
    ]
    administrator: dict[str, list[object]] = {
        "users": [{"name": ADMINISTRATOR, "password": PASSWORD, "tags": "administrator"}],
        "permissions": [{"user": ADMINISTRATOR, "vhost": "/", "configure": ".*", "write": ".*", "read": ".*"}],
    }
    everything = {**definitions, **{name: [*definitions.get(name, []), *own] for name, own in administrator.items()}}
    (folder / "definitions.json").write_text(json.dumps(everything))
    (folder / "rabbitmq.conf").write_text("\n".join(configuration))
    (folder / "plugins").write_text("[rabbitmq_mqtt,rabbitmq_management,rabbitmq_auth_backend_http].")
    return {
        "HOME": str(folder),
        "RABBITMQ_NODENAME": "loa-test@localhost",
        "RABBITMQ_MNESIA_BASE": str(folder / "database"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        "RABBITMQ_PID_FILE": str(folder / "pid"),
        "RABBITMQ_DIST_PORT": str(free_port()),
        "ERL_EPMD_PORT": str(free_port()),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
    }


def _await(made: RabbitMq, process: subprocess.Popen[bytes], output: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while not (_accepts(made.port) and _answers(made.management)):
        assert process.poll() is None, output.read_text(errors="replace")
        assert time.monotonic() < until, output.read_text(errors="replace")
        time.sleep(0.2)


def _end_port_mapper(port: str) -> None:
    """Erlang's, which outlives who started it; it ends once it has noticed that nobody is left."""
    for _ in range(50):
        said = subprocess.run(["epmd", "-port", port, "-kill"], capture_output=True, text=True, check=False).stdout
        if "not allowed" not in said:
            return
        time.sleep(0.1)


def _accepts(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except OSError:
        return False
    return True


def _answers(url: str) -> bool:
    try:
        urllib.request.urlopen(f"{url}/api/overview", timeout=5).close()
    except urllib.error.HTTPError as error:
        return error.code == 401
    except OSError:
        return False
    return True

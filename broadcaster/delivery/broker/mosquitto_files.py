"""What Mosquitto reads: its configuration, the accounts and the rules, all private to the user it runs as."""

import os
import pwd
import resource
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from broadcaster.delivery.broker.credentials import Credential
from broadcaster.delivery.broker.rights import mosquitto_acl
from broadcaster.delivery.broker.sockets import reachable_socket
from broadcaster.private_files import write_private

PACKET_BYTES = 400_000
"""Longer than the longest signed agenda (350 kB) and chunk; a client that sends more is cut off."""

CHANGES = 200
CHANGES_AN_ACCOUNT = 20
"""After so many changes, or so many for each account, the broker writes all that it holds to disk, and stands still
while it does. Every acknowledgement is a change: with 200 an order to 2,000 nodes took 2.8 s, with this 0.8 s. What was
not written when the broker is killed the station publishes again."""
QUEUED = 2_000
QUEUED_AN_ACCOUNT = 2
QUEUED_BYTES = 16_000_000
QUEUED_BYTES_AN_ACCOUNT = 16_000
"""What may wait for one client, or for each account: the station asks for all agendas at once, and must not be given
the first of them only."""

CONNECTIONS = 2_000
CONNECTIONS_AN_ACCOUNT = 8
FILES_TO_SPARE = 100
"""Connections of nodes, and of strangers who never say who they are. A few files are kept for the station, which has a
listener of its own: however many stand at the other one, an order gets through."""
SOCKET = "station.socket"
"""In the folder; where it listens for the station alone."""

_CONFIGURATION = """\
# Written by Loa Làng at every start; changes made here are lost.
listener {port} {host}
max_connections {connections}
use_username_as_clientid true
{encryption}
{plain_listener}
{own_listener}
allow_anonymous false
password_file {folder}/passwords
acl_file {folder}/rights
{user}
persistence true
persistence_location {folder}/
autosave_on_changes true
autosave_interval {changes}
persistent_client_expiration 1d

max_packet_size {packet_bytes}
message_size_limit {packet_bytes}
max_inflight_messages 20
max_queued_messages {queued}
max_queued_bytes {queued_bytes}
max_keepalive 3600
set_tcp_nodelay true
connection_messages false
log_dest stderr
log_type error
log_type warning
"""


@dataclass(frozen=True, kw_only=True)
class MosquittoFiles:
    """The folder of one Mosquitto.

    folder: absolute; holds everything, persistence included.
    host, port: where it shall listen.
    station: id of the station whose tree the rules speak of.
    certificate: PEM file of key and certificate with which it speaks TLS; None for clear text.
    plain_port: where it listens in clear text besides; 0: nowhere.
    """

    folder: Path
    host: str
    port: int
    station: str
    certificate: Path | None = None
    plain_port: int = 0

    @property
    def configuration(self) -> Path:
        return self.folder / "mosquitto.conf"

    @property
    def pid(self) -> Path:
        return self.folder / "pid"

    @property
    def memory(self) -> Path:
        """What it keeps over a restart."""
        return self.folder / "mosquitto.db"

    @property
    def socket(self) -> str:
        """Where it listens for the station alone, as this process reaches it."""
        return reachable_socket(self.folder / SOCKET)

    def write(self, credentials: Iterable[Credential]) -> None:
        """Everything, for the start."""
        owner = self._owner()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        if owner is not None:
            for path in (self.folder, *self.folder.iterdir()):
                os.chown(path, *owner)
        write_private(self.folder / "rights", mosquitto_acl(self.station), owner=owner)
        self.write_certificate()
        self.write_accounts(credentials)

    def write_certificate(self) -> bool:
        """A copy that Mosquitto may read; True when it changed."""
        if self.certificate is None:
            return False
        return write_private(self._shown, self.certificate.read_text(encoding="ascii"), owner=self._owner())

    @property
    def _shown(self) -> Path:
        return self.folder / "server.pem"

    def write_accounts(self, credentials: Iterable[Credential]) -> bool:
        """The accounts, each once, and the limits that go with their number; True when the accounts changed."""
        owner = self._owner()
        lines = sorted({f"{account.username}:{account.password_hash}\n" for account in credentials})
        write_private(self.configuration, self._text(len(lines), owner), owner=owner)
        return write_private(self.folder / "passwords", "".join(lines), owner=owner)

    def _text(self, accounts: int, owner: tuple[int, int] | None) -> str:
        connections = _connections(accounts)
        return _CONFIGURATION.format(
            port=self.port,
            host=self.host,
            folder=self.folder,
            user="" if os.geteuid() else f"user {'mosquitto' if owner else 'root'}",
            connections=connections,
            encryption=f"certfile {self._shown}\nkeyfile {self._shown}" if self.certificate else "",
            plain_listener=_plain_listener(self.plain_port, self.host, connections) if self.plain_port else "",
            own_listener=f"listener 0 {SOCKET}",  # in this folder: a whole path may be longer than the kernel takes
            packet_bytes=PACKET_BYTES,
            changes=max(CHANGES, CHANGES_AN_ACCOUNT * accounts),
            queued=max(QUEUED, QUEUED_AN_ACCOUNT * accounts),
            queued_bytes=max(QUEUED_BYTES, QUEUED_BYTES_AN_ACCOUNT * accounts),
        )

    def _owner(self) -> tuple[int, int] | None:
        """Started as root, Mosquitto becomes the user ``mosquitto``, who must then be able to read all this.

        None when we are not root, or when a folder above is closed to that user: it then has to stay root.
        """
        if os.geteuid():
            return None
        try:
            entry = pwd.getpwnam("mosquitto")
        except KeyError:
            return None
        above = [path for path in self.folder.parents if path.exists()]
        return (entry.pw_uid, entry.pw_gid) if all(path.stat().st_mode & 0o001 for path in above) else None


def _plain_listener(port: int, host: str, connections: int) -> str:
    return f"listener {port} {host}\nmax_connections {connections}\nuse_username_as_clientid true"


def _connections(accounts: int) -> int:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = max(CONNECTIONS, CONNECTIONS_AN_ACCOUNT * accounts)
    return wanted if most == resource.RLIM_INFINITY else max(1, min(wanted, most - FILES_TO_SPARE))

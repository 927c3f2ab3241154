"""What Mosquitto reads: its configuration, the accounts and the rules, all private to the user it runs as."""

import os
import pwd
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from broadcaster.delivery.broker.credentials import Credential
from broadcaster.delivery.broker.files import write_private
from broadcaster.delivery.broker.rights import mosquitto_acl

PACKET_BYTES = 400_000
"""Longer than the longest signed agenda (350 kB) and chunk; a client that sends more is cut off."""

_CONFIGURATION = """\
# Written by Loa Làng at every start; changes made here are lost.
listener {port} {host}
allow_anonymous false
password_file {folder}/passwords
acl_file {folder}/rights
{user}
persistence true
persistence_location {folder}/
autosave_on_changes true
autosave_interval 200
persistent_client_expiration 1d

max_packet_size {packet_bytes}
message_size_limit {packet_bytes}
max_inflight_messages 20
max_queued_messages 2000
max_queued_bytes 16000000
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
    """

    folder: Path
    host: str
    port: int
    station: str

    @property
    def configuration(self) -> Path:
        return self.folder / "mosquitto.conf"

    @property
    def pid(self) -> Path:
        return self.folder / "pid"

    def write(self) -> None:
        """Everything but the accounts."""
        owner = self._owner()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        if owner is not None:
            for path in (self.folder, *self.folder.iterdir()):
                os.chown(path, *owner)
        user = "" if os.geteuid() else f"user {'mosquitto' if owner else 'root'}"
        text = _CONFIGURATION.format(
            port=self.port, host=self.host, folder=self.folder, user=user, packet_bytes=PACKET_BYTES
        )
        write_private(self.configuration, text, owner=owner)
        write_private(self.folder / "rights", mosquitto_acl(self.station), owner=owner)

    def write_accounts(self, credentials: Iterable[Credential]) -> bool:
        """The accounts, each once; True when they changed."""
        lines = sorted({f"{account.username}:{account.password_hash}\n" for account in credentials})
        return write_private(self.folder / "passwords", "".join(lines), owner=self._owner())

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

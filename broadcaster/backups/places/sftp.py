"""A folder on another machine, by SFTP. The other machine's key is remembered, and another one is refused.

paramiko is imported here alone.
"""

import logging
import posixpath
import socket
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import BinaryIO, cast
from urllib.parse import unquote, urlsplit

from paramiko import AuthenticationException, Ed25519Key, SFTPClient, SSHException, Transport

from broadcaster.backups.limits import BackupLimits, Measured
from broadcaster.backups.places import ssh_key
from broadcaster.backups.places.place import Access, refused, shown
from broadcaster.errors import Invalid, Unavailable

PORT = 22
PACKET_BYTES = 32_768

logging.getLogger("paramiko").setLevel(logging.CRITICAL)  # its tracebacks say no more than our sentences


@contextmanager
def connected(address: str, access: Access) -> Iterator["Sftp"]:
    """Raises Invalid for an address that is none, Unavailable for whatever the other machine does."""
    parts = urlsplit(address)
    if not parts.hostname or not parts.username:
        raise Invalid("backup.address_wrong", field="backup.places", address=shown(address))
    place = shown(address)
    with _named(place), closing(_transport(parts.hostname, parts.port or PORT, access)) as transport:
        # Ours ends first: what the library says when a banner does not come is what it says when the line was cut.
        transport.banner_timeout = transport.handshake_timeout = access.seconds * 2
        transport.auth_timeout = access.seconds
        transport.start_client(timeout=access.seconds)
        if not transport.initial_kex_done:  # when the time is over it returns as if all were well
            raise TimeoutError
        _require_known_host(transport, f"{parts.hostname}:{parts.port or PORT}", access)
        _sign_in(transport, unquote(parts.username), access.password or unquote(parts.password or ""), access)
        transport.set_keepalive(5)
        client = SFTPClient.from_transport(transport)
        if client is None:
            raise Unavailable("backup.place_gone", place=place, cause="SFTP")
        with closing(client):
            client.get_channel().settimeout(access.seconds)
            yield Sftp(
                client, unquote(parts.path).lstrip("/") if parts.path.startswith("/~") else parts.path or ".", place
            )


class Sftp:
    """The folder is made when it is not there: what is not plugged in cannot be reached at all."""

    def __init__(self, client: SFTPClient, folder: str, place: str) -> None:
        self._client = client
        self._folder = folder.removeprefix("~/")
        self.shown = place

    def sizes(self, folder: str) -> dict[str, int]:
        with _named(self.shown):
            try:
                found = self._client.listdir_attr(self._path(folder))
            except FileNotFoundError:
                return {}
            return {each.filename: each.st_size or 0 for each in found if stat.S_ISREG(each.st_mode or 0)}

    def write(self, name: str, source: BinaryIO, limits: BackupLimits) -> None:
        with _named(self.shown):
            path = self._path(name)
            self._make_folders(posixpath.dirname(path))
            measured = Measured(source, limits)
            with self._client.open(path, "wb") as file:
                file.set_pipelined(True)
                while chunk := measured.read(PACKET_BYTES):
                    file.write(chunk)
            if self._client.stat(path).st_size != measured.size:
                raise Unavailable("backup.place_refuses", place=self.shown)

    @contextmanager
    def read(self, name: str) -> Iterator[BinaryIO]:
        with _named(self.shown), self._client.open(self._path(name), "rb") as file:
            file.prefetch()
            yield cast(BinaryIO, file)

    def rename(self, name: str, to: str) -> None:
        with _named(self.shown):
            try:
                self._client.posix_rename(self._path(name), self._path(to))
            except OSError:  # a server without the extension; its own rename replaces nothing
                self._forget(to)
                self._client.rename(self._path(name), self._path(to))

    def remove(self, name: str) -> None:
        with _named(self.shown):
            self._forget(name)

    def _forget(self, name: str) -> None:
        try:
            self._client.remove(self._path(name))
        except FileNotFoundError:
            return

    def _path(self, name: str) -> str:
        return posixpath.join(self._folder, name) if name else self._folder

    def _make_folders(self, path: str) -> None:
        if not path or path in ("/", "."):
            return
        try:
            self._client.stat(path)
        except FileNotFoundError:
            self._make_folders(posixpath.dirname(path))
            self._client.mkdir(path, 0o700)


def _transport(host: str, port: int, access: Access) -> Transport:
    connection = socket.create_connection((host, port), timeout=access.seconds)
    try:
        return Transport(connection)
    except BaseException:
        connection.close()
        raise


def _require_known_host(transport: Transport, host: str, access: Access) -> None:
    found = transport.get_remote_server_key().fingerprint
    known = ssh_key.known_hosts(access.data_dir).get(host)
    expected = access.host_key or known or found
    if found != expected:
        raise Unavailable("backup.host_changed", host=host, found=found, expected=expected)
    if known != found:
        ssh_key.remember_host(access.data_dir, host, found)


def _sign_in(transport: Transport, username: str, password: str, access: Access) -> None:
    if password:
        transport.auth_password(username, password)
        return
    path = ssh_key.key_file(access.data_dir)
    try:
        key = Ed25519Key.from_private_key_file(str(path))
    except (SSHException, ValueError):
        raise Unavailable("backup.ssh_key_broken", path=path) from None
    transport.auth_publickey(username, key)


@contextmanager
def _named(place: str) -> Iterator[None]:
    """Whatever a network and another machine do is one sentence."""
    try:
        yield
    except AuthenticationException:
        raise Unavailable("backup.place_locked", place=place) from None
    except TimeoutError:
        raise Unavailable("backup.place_hangs", place=place) from None
    except PermissionError:
        raise Unavailable("backup.place_read_only", place=place) from None
    except SSHException as error:
        hangs = "timeout" in str(error).lower() or "timed out" in str(error).lower()
        code = "backup.place_hangs" if hangs else "backup.place_gone"
        raise Unavailable(code, place=place, cause=str(error)[:200]) from None
    except EOFError:
        raise Unavailable("backup.place_gone", place=place, cause="EOF") from None
    except OSError as error:
        if str(error) == "Failure":  # all that SFTP says of a full disk, and of much else
            raise Unavailable("backup.place_refuses", place=place) from None
        raise refused(place, error) from None

"""A real SFTP server on this machine, of another implementation than ours (asyncssh), in a thread of its own."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncssh


class _Everybody(asyncssh.SSHServer):
    """Lets in one password, and the keys of a file; remembers who is connected."""

    def __init__(self, connections: list[asyncssh.SSHServerConnection]) -> None:
        self._connections = connections

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connections.append(conn)

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return password == "let me in"


class Server:
    """root: what clients see as ``/``. ``full``: whatever is written from now on is refused."""

    def __init__(self, root: Path, port: int = 0) -> None:
        self.root, self.port, self.full = root, port, False
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._acceptor: Any = None
        self._connections: list[asyncssh.SSHServerConnection] = []

    @property
    def address(self) -> str:
        return f"sftp://loa:let%20me%20in@127.0.0.1:{self.port}/backups"

    def start(self, authorized: Path | None = None) -> None:
        self._thread.start()
        self._acceptor = self._do(self._listen(authorized))
        self.port = self._acceptor.get_port()

    def stop(self) -> None:
        self._do(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _close(self) -> None:
        self._acceptor.close()
        for connection in self._connections:
            connection.abort()
            await connection.wait_closed()
        await self._acceptor.wait_closed()
        await asyncio.sleep(0)  # what was aborted is closed in the next round

    def _do(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    async def _listen(self, authorized: Path | None) -> Any:
        outer = self

        class Files(asyncssh.SFTPServer):
            def __init__(self, chan: asyncssh.SSHServerChannel) -> None:
                super().__init__(chan, chroot=str(outer.root))

            def write(self, file_obj: object, offset: int, data: bytes) -> Any:
                if outer.full:
                    raise asyncssh.SFTPFailure("Failure")
                return super().write(file_obj, offset, data)

        return await asyncssh.listen(
            "127.0.0.1",
            self.port,
            server_factory=lambda: _Everybody(self._connections),
            server_host_keys=[asyncssh.generate_private_key("ssh-ed25519")],
            authorized_client_keys=str(authorized) if authorized else None,
            sftp_factory=Files,
        )


@contextmanager
def running(root: Path, *, port: int = 0, authorized: Path | None = None) -> Iterator[Server]:
    server = Server(root, port)
    server.start(authorized)
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def silent() -> Iterator[str]:
    """Address of a machine that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"sftp://loa@127.0.0.1:{listening.getsockname()[1]}/backups"

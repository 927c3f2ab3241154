"""A bad line: a TCP proxy between one node and the broker that cuts, delays, stalls, half-closes and flips bits."""

import asyncio
import random
import threading
from contextlib import suppress
from dataclasses import dataclass

BLOCK = 4096


@dataclass(frozen=True, slots=True)
class Weather:
    """What the line does now.

    cut: nobody gets through, and who was through is thrown out.
    delay_seconds: every block waits so long.
    up_stalled, down_stalled: bytes from, or to, the node are swallowed: no acknowledgement, no error.
    flips: a bit of every so manyth block to the node is wrong; 0 for none.
    bytes_per_second: how much it carries to the node; 0 for as much as there is.
    """

    cut: bool = False
    delay_seconds: float = 0.0
    up_stalled: bool = False
    down_stalled: bool = False
    flips: int = 0
    bytes_per_second: int = 0


CLEAR = Weather()


class Line:
    """One proxy on a port of its own. All of its methods may be called from any thread.

    port: where the node connects.
    weather: what it does now.
    carried_bytes: to the node so far.
    """

    def __init__(self, broker_port: int, *, seed: int) -> None:
        self.port = 0
        self.weather = CLEAR
        self.passed_bytes = 0
        self._broker_port = broker_port
        self._random = random.Random(seed)
        self._blocks = 0
        self._writers: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="line", daemon=True)
        self._thread.start()
        self._ready.wait(10)

    def set(self, weather: Weather) -> None:
        """From now on."""
        self.weather = weather
        if weather.cut:
            self.throw_out()

    def clear(self) -> None:
        """Good weather; what was swallowed is gone, so that connection cannot go on."""
        spoiled = self.weather.up_stalled or self.weather.down_stalled or self.weather.flips
        self.weather = CLEAR
        if spoiled:
            self.throw_out()

    def throw_out(self) -> None:
        """Reset every connection."""
        self._loop.call_soon_threadsafe(self._abort)

    def half_close(self) -> None:
        """The broker's side says that it has finished, and goes on listening."""
        self._loop.call_soon_threadsafe(self._finish)

    def close(self) -> None:
        """For good."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port = int(server.sockets[0].getsockname()[1])
        self._ready.set()
        self._loop.run_forever()
        self._abort()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        with suppress(asyncio.CancelledError):
            self._loop.run_until_complete(asyncio.sleep(0.05))
        self._loop.close()

    async def _serve(self, node: asyncio.StreamReader, to_node: asyncio.StreamWriter) -> None:
        if self.weather.cut:
            to_node.transport.abort()
            return
        try:
            broker, to_broker = await asyncio.open_connection("127.0.0.1", self._broker_port)
        except OSError:
            to_node.transport.abort()
            return
        both = {to_node, to_broker}
        self._writers |= both
        try:
            await asyncio.gather(self._pump(node, to_broker, down=False), self._pump(broker, to_node, down=True))
        except (OSError, RuntimeError, asyncio.CancelledError):  # RuntimeError: written to a side that was half-closed
            pass
        finally:
            self._writers -= both
            for writer in both:
                writer.transport.abort()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, down: bool) -> None:
        while block := await reader.read(BLOCK):
            if self.weather.delay_seconds:
                await asyncio.sleep(self.weather.delay_seconds)
            if self.weather.down_stalled if down else self.weather.up_stalled:
                continue
            if down:
                await self._narrow(len(block))
            writer.write(self._spoiled(block) if down and self.weather.flips else block)
            await writer.drain()
        raise ConnectionResetError  # one side has gone: so has the line

    async def _narrow(self, count: int) -> None:
        if self.weather.bytes_per_second:
            await asyncio.sleep(count / self.weather.bytes_per_second)
        self.passed_bytes += count

    def _spoiled(self, block: bytes) -> bytes:
        self._blocks += 1
        if self._blocks % self.weather.flips:
            return block
        wrong = bytearray(block)
        wrong[self._random.randrange(len(wrong))] ^= 1 << self._random.randrange(8)
        return bytes(wrong)

    def _abort(self) -> None:
        for writer in self._writers:
            writer.transport.abort()

    def _finish(self) -> None:
        for writer in self._writers:
            with suppress(OSError, RuntimeError):
                writer.write_eof()

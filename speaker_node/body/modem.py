"""The mobile modem's signal, as ModemManager tells it where it is installed."""

import json
import shutil
import subprocess
import threading
import time

AGAIN_SECONDS = 300.0
PATIENCE_SECONDS = 10.0


class Modem:
    """Asks in a thread of its own, now and then: a modem that hangs must not hold up the node."""

    def __init__(self, program: str | None = None) -> None:
        """``program`` is where mmcli is; looked up by default."""
        self._program = program or shutil.which("mmcli")
        self._percent: int | None = None
        self._again_seconds = float("-inf")

    def percent(self) -> int | None:
        """As last told, 0 to 100; None without a modem, and until the first answer."""
        now = time.monotonic()
        if self._program and now >= self._again_seconds:
            self._again_seconds = now + AGAIN_SECONDS
            threading.Thread(target=self._ask, args=(self._program,), name="modem", daemon=True).start()
        return self._percent

    def _ask(self, program: str) -> None:
        try:
            asked = subprocess.run(  # noqa: S603 - found on the system's own path
                [program, "-m", "any", "-J"], capture_output=True, timeout=PATIENCE_SECONDS, check=True
            )
            percent = int(json.loads(asked.stdout)["modem"]["generic"]["signal-quality"]["value"])
            self._percent = min(100, max(0, percent))
        except (OSError, subprocess.SubprocessError, ValueError, KeyError, TypeError):
            self._percent = None

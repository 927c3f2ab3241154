"""How many characters each provider was asked to say this month, counted before they are sent."""

import fcntl
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

FILE = "voice-spending.json"


def _now() -> datetime:
    return datetime.now(UTC)


class Spending:
    """``most``: characters a provider may be sent in a month; 0 is no limit. Processes share the file under a lock."""

    def __init__(self, path: Path, *, most: int, clock: Callable[[], datetime] = _now) -> None:
        self._path = path
        self.most = most
        self._clock = clock

    def spend(self, provider: str, characters: int) -> bool:
        """Count them; False when they would exceed the month's budget, and then nothing is counted."""
        with self._locked() as file:
            months = _read(file)
            month = self._month()
            spent = months.get(month, {}).get(provider, 0)
            if self.most and spent + characters > self.most:
                return False
            months = {month: {**months.get(month, {}), provider: spent + characters}}
            file.seek(0)
            file.truncate()
            json.dump(months, file)
        return True

    def spent(self, provider: str) -> int:
        """Characters of this month so far."""
        try:
            with self._path.open() as file:
                return int(_read(file).get(self._month(), {}).get(provider, 0))
        except OSError:
            return 0

    def _month(self) -> str:
        return f"{self._clock():%Y-%m}"

    @contextmanager
    def _locked(self) -> Iterator[IO[str]]:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file


def _read(file: IO[str]) -> dict[str, dict[str, int]]:
    """What a power cut spoiled counts as nothing spent: the provider's own limit still holds."""
    file.seek(0)
    try:
        found = json.load(file)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}

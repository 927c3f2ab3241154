"""A node on a card of its own, and a plug to pull; the card holds what had reached it."""

import signal
import time
from pathlib import Path

import pytest

from speaker_node.memory.durable_files import sync_folder
from tests.chaos.village.card import Card, lose
from tests.rig.node_process import NodeProcess
from tests.rig.station import TestStation

NODE = "loa-1"
NEEDS_CARD = pytest.mark.skipif(not Card.possible(), reason="needs root and loop devices for a card of its own")


class Board:
    """card: its own; node: its process; heard: what it played, kept elsewhere."""

    def __init__(self, folder: Path, station: TestStation) -> None:
        self.card = Card(folder / "card.img", folder / NODE / "data")
        self.heard = folder / "heard"
        self.heard.mkdir()
        (self.card.folder / "played").symlink_to(self.heard)
        sync_folder(self.card.folder)
        self.node = NodeProcess(folder / NODE, station.bundle(NODE), "--sound", "file", "--keep-files", "500")

    def pull_the_plug(self, *, dark_seconds: float) -> None:
        """And put it back: it starts from what the card really holds."""
        self.node.signal(signal.SIGSTOP)
        cut = self.card.photograph()
        self.node.kill()
        self.card.restore(cut)
        lose(self.node.memory)
        time.sleep(dark_seconds)
        self.node.start()

    def recordings(self) -> list[Path]:
        """What it played, whole or not."""
        return sorted(self.heard.glob("*.wav"))

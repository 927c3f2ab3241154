"""``loa node`` as the bench runs it: the same program, with a clock whose hands can be moved, recordings kept away from
its card, quick reconnects, and, where a test asks for it, one deliberate break.

Usage: python -m tests.chaos.village.virtual_node HANDS_FILE RECORDINGS BREAK_OR_DASH <arguments of loa node>
"""

import logging
import signal
import sys
from pathlib import Path

from speaker_node.agent import Agent
from speaker_node.assembly import Substitutes
from speaker_node.clock.node_clock import NodeClock
from speaker_node.command import _parser, settings_from
from speaker_node.link.connection import LinkTimes
from speaker_node.sound.player.file import FilePlayer
from tests.chaos.faults import broken
from tests.chaos.village.hands import HandsFile

QUICK = LinkTimes(connect_seconds=5.0, shortest_pause_seconds=0.2, longest_pause_seconds=2.0)
"""A minute of faults leaves no time for pauses of a minute."""


def main(argv: list[str]) -> int:
    hands, recordings, fault, *rest = argv
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    settings = settings_from(_parser().parse_args(rest))
    broken.apply(fault)
    clock = NodeClock(
        settings.bundle.node, memory=settings.data / "clock.json", sources=HandsFile(Path(hands)).sources()
    )
    player = FilePlayer(Path(recordings), keep=100_000)
    agent = Agent(settings, substitutes=Substitutes(player=player, clock=clock, times=QUICK))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: agent.stop())
    agent.run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

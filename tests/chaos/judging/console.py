"""What the console claims about the nodes, held against what the bench knows."""

import time
from datetime import UTC, datetime, timedelta

from broadcaster.station.nodes import nodes
from broadcaster.station.nodes.board import NodeView
from tests.chaos.judging.judge import Violation
from tests.chaos.village.village import Village, until

SILENCE_SECONDS = 180.0
SLACK_SECONDS = 2.0
START_SECONDS = 3.0
"""Until the new station has written its own signs of life over those of the killed one."""
RETAINED_SECONDS = 2.0
"""For what the broker kept of the nodes to reach the station: that must not count as a sign of life."""


def board(here: Village, *, now_at: datetime | None = None) -> list[NodeView]:
    """As the console would show it."""
    with here.database.reading() as s:
        return nodes.board(s, now_at=now_at or datetime.now(UTC))


def never_online_after_silence(here: Village) -> list[Violation]:
    """All nodes end without a word, broker and station start anew with what they remember; three minutes later (by the
    clock given to the board) nobody may be called online."""
    for virtual_node in here.virtual_nodes.values():
        virtual_node.daemon.retire(politely=False)
    silent_since = time.time()
    here.broker.kill()
    here.station.kill()
    here.station.start()
    time.sleep(START_SECONDS)
    until(here.station_ready, seconds=60, what="the station after its restart")
    time.sleep(RETAINED_SECONDS)
    later_at = datetime.fromtimestamp(silent_since, UTC) + timedelta(seconds=SILENCE_SECONDS + SLACK_SECONDS)
    return [
        Violation("console", view.node.id, "", f"called online 3 minutes after its last sign of life: {view.state}")
        for view in board(here, now_at=later_at)
        if view.presence == "online"
    ]

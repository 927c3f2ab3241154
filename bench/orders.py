"""From the button to the first sample: how long three nodes take to speak, with the clip stored and with new words.

The baseline in the same run is the least an order can take here: the shortest lead an order is given so that all nodes
start together. What somebody's attack makes of it stands in a second table.
Usage: ``python -m bench.orders [--orders 20]``.
"""

import argparse
import statistics
import tempfile
import time
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.rig import attacks
from broadcaster.config import ScheduleSettings
from tests.integration.whole.running_station import RunningStation, free_port, running, settings, until

KNOWN_AFTER = 8
"""Orders that are not counted: the lead follows how quickly the nodes answered before."""
SIXTY_WORDS = (
    "Kính thưa bà con, ngày {day} tháng mười một năm 2026, xã tổ chức tiêm vắc xin cho trẻ từ 18 đến 24 tháng tuổi "
    "tại trạm y tế. Thời gian từ 7h30 đến 11h00. Đề nghị các gia đình đưa con em đến đúng giờ, mang theo sổ tiêm "
    "chủng và thẻ bảo hiểm y tế. Mọi thắc mắc xin liên hệ trưởng thôn."
)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--orders", type=int, default=20)
    orders = parser.parse_args().orders
    with tempfile.TemporaryDirectory() as folder, _station(Path(folder) / "var") as station:
        until(
            lambda: all(node["online"] for node in station.ask("GET", "/nodes", by="canbo").body),
            seconds=30,
            what="nodes",
        )
        stored = _stored(station, orders)
        new = [_new_words(station, number) for number in range(max(5, orders // 2))]
        again = _approved(station, "Mời bà con nghe thông báo.")
        _await_clips(station)
        attacks.table(station, lambda: _ordered(station, again, time.time()), max(3, orders // 2))
    lead = ScheduleSettings().shortest_lead_seconds
    print(f"{'what':<42} {'n':>3} {'median s':>9} {'p95 s':>7} {'to reach':>9}")
    _row("shortest lead of an order (baseline)", [lead], "")
    _row("button → first sample, clip stored", stored, "≤ 0.6 s")
    _row("60 new words → first sample", new, "≤ 1.2 s")


def _station(data_dir: Path) -> AbstractContextManager[RunningStation]:
    return running(data_dir, settings(data_dir, LOA_ENROLMENT__PORT=str(free_port())))


def _stored(station: RunningStation, orders: int) -> list[float]:
    announcement = _approved(station, "Mời bà con ra họp.")
    _await_clips(station)
    for _ in range(KNOWN_AFTER):
        _ordered(station, announcement, time.time())
    return [_ordered(station, announcement, time.time()) for _ in range(orders)]


def _await_clips(station: RunningStation) -> None:
    until(
        lambda: all(_holds_everything(node) for node in station.ask("GET", "/nodes", by="canbo").body),
        seconds=60,
        what="clip",
    )


def _new_words(station: RunningStation, number: int) -> float:
    """Typed, rendered, submitted, approved and ordered without a pause, as fast as two people's programs can."""
    begun = time.time()
    return _ordered(station, _approved(station, SIXTY_WORDS.format(day=number + 1)), begun)


def _approved(station: RunningStation, text: str) -> str:
    body = {"title": "Đo thời gian", "text": text, "zones": ["con-minh"], "class": "priority"}
    made = str(station.ask("POST", "/announcements", body, by="canbo").body["id"])
    path = f"/announcements/{made}"
    while not station.ask("GET", path, by="canbo").body["clip"]:
        time.sleep(0.02)
    station.ask("POST", f"{path}/submit", by="canbo")
    heard = {"content_hash": station.ask("GET", path, by="chutich").body["content_hash"]}
    approved = station.ask("POST", f"{path}/approve", heard, by="chutich")
    assert approved.status == 200, approved.body
    return made


def _holds_everything(node: dict[str, Any]) -> bool:
    return bool(node["agenda_number"] > 1 and not node["clips_missing"])


def _ordered(station: RunningStation, announcement: str, begun: float) -> float:
    """Seconds from ``begun`` to the first sample on the last node; the broadcast is then cancelled."""
    made = station.ask("POST", "/broadcasts", {"announcement": announcement}, by="chutich").body
    path = f"/broadcasts/{made['id']}"
    started = until(lambda: _starts(station.ask("GET", path, by="canbo").body), seconds=60, what="every node speaking")
    station.ask("DELETE", path, by="chutich")
    until(
        lambda: all(not node["playing"] for node in station.ask("GET", "/nodes", by="canbo").body),
        seconds=30,
        what="silence",
    )
    last: datetime = max(started)
    return last.timestamp() - begun


def _starts(broadcast: dict[str, Any]) -> list[datetime]:
    starts = [delivery["started_at"] for delivery in broadcast["deliveries"]]
    return [datetime.fromisoformat(one).astimezone(UTC) for one in starts] if all(starts) else []


def _row(what: str, seconds: list[float], goal: str) -> None:
    p95 = sorted(seconds)[min(len(seconds) - 1, int(0.95 * len(seconds)))]
    print(f"{what:<42} {len(seconds):>3} {statistics.median(seconds):>9.2f} {p95:>7.2f} {goal:>9}")


if __name__ == "__main__":
    main()

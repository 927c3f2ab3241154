"""A province and two communes whose stations run: offered, taken, broadcast, seen; the link is cut meanwhile."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from broadcaster.exchange.runner import ExchangeRunner
from broadcaster.protocol.receipts import Receipt
from broadcaster.protocol.values import DeliveryState
from broadcaster.station.announcements import approvals
from broadcaster.station.broadcasts import broadcasts, receipts
from broadcaster.station.clips import clips, jobs
from broadcaster.station.exchange import choices
from broadcaster.station.province import figures
from broadcaster.station.schema import Announcement, Broadcast, ProvinceItem, ProvincePlay, ProvinceReport
from tests.rig.commune import rendered
from tests.rig.exchange.sites import Lower, Upper

pytestmark = [pytest.mark.integration, pytest.mark.long]
PATIENCE_SECONDS = 120.0


def until(condition: Callable[[], bool], what: str) -> None:
    ends = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > ends:
            pytest.fail(f"it did not come to be that {what}")
        time.sleep(0.05)


@contextmanager
def running(*communes: Lower) -> Iterator[None]:
    """Their stations ask and report by themselves."""
    stop = threading.Event()
    threads = [
        threading.Thread(
            target=ExchangeRunner(each.as_commune(), wait_seconds=2, jitter=lambda: 0.0).run, args=(stop,), daemon=True
        )
        for each in communes
    ]
    for thread in threads:
        thread.start()
    yield
    stop.set()
    for thread in threads:
        thread.join(30)


def titles(lower: Lower) -> list[str]:
    return [each.title for each in lower.offers()]


def broadcast(lower: Lower) -> Broadcast:
    """An officer takes the only offer, the chair releases it, and it is planned for now."""
    with lower.database.session() as s:
        offer = choices.get(s, lower.offers()[0].id)
        made = choices.take(s, offer=offer, by=lower.person(s, "canbo"), now_at=lower.clock()).id
        while job := jobs.claim(s, worker="test", now_at=lower.clock()):
            clip = clips.record(s, rendered(job.plan_hash), job.plan_hash, lower.clock())
            jobs.finish(s, job_id=job.id, worker="test", clip=clip, now_at=lower.clock())
    with lower.database.session() as s:
        officer, chair, now_at = lower.person(s, "canbo"), lower.person(s, "chutich"), lower.clock()
        announcement = s.get_one(Announcement, made)
        approvals.submit(s, announcement=announcement, by=officer, now_at=now_at)
        seal = announcement.content_hash or ""
        approvals.approve(s, announcement=announcement, content_hash=seal, by=chair, now_at=now_at)
        return broadcasts.broadcast_now(s, announcement=announcement, by=officer, now_at=now_at)


def play(lower: Lower, aired: Broadcast) -> None:
    """Both nodes played it whole."""
    for node in ("loa-1", "loa-2"):
        stated = Receipt(
            receipt=f"receipt-{node}",
            broadcast=aired.id,
            state=DeliveryState.PLAYED,
            at=aired.start_at,
            sequence=1,
            played_ms=aired.duration_ms,
        )
        with lower.database.session() as s:
            receipts.store(s, node_id=node, receipts=[stated], now_at=lower.clock())


def stands(upper: Upper, item: str) -> dict[str, tuple[str, int]]:
    """Of each commune the state of an item, and how many nodes played it."""
    with upper.database.reading() as s:
        rows = figures.matrix(s, [s.get_one(ProvinceItem, item)])
        return {each.commune.id: (each.offers[item].state, each.offers[item].nodes_played) for each in rows}


def test_an_announcement_goes_from_the_province_to_the_nodes_and_back_over_a_link_that_is_cut(
    upper: Upper, below: Callable[[str], Lower]
) -> None:
    first, second = below("con-minh"), below("vi-huong")
    for lower in (first, second):
        lower.add(upper.code(lower.identity.station))
    with running(first, second):
        until(lambda: all(each.levels()[0].joined_at for each in (first, second)), "both joined")
        item = upper.release("con-minh", "vi-huong")
        until(lambda: titles(first) == titles(second) == ["Tiêm chủng"], "both were offered it")
        upper.cut()
        aired = broadcast(first)
        play(first, aired)
        with second.database.session() as s:
            offer = choices.get(s, second.offers()[0].id)
            choices.decline(s, offer=offer, words="Đã phát", by=second.person(s, "canbo"), now_at=second.clock())
        until(lambda: first.levels()[0].trouble is not None, "the commune saw that the link is cut")
        later = upper.release("con-minh", "vi-huong", title="Cấm đường")
        upper.open()
        until(lambda: titles(first) == titles(second) == ["Tiêm chủng", "Cấm đường"], "the second came, too")
        until(
            lambda: stands(upper, item) == {"con-minh": ("taken", 2), "vi-huong": ("declined", 0)},
            "the province saw what became of it",
        )
        until(lambda: {state for state, _ in stands(upper, later).values()} == {"received"}, "the second was reported")
    plays = upper.rows(ProvincePlay, ProvincePlay.node)
    assert [(each.commune_id, each.node, each.state) for each in plays] == [
        ("con-minh", "loa-1", "played"),
        ("con-minh", "loa-2", "played"),
    ]
    stored = upper.rows(ProvinceReport, ProvinceReport.commune_id, ProvinceReport.number)
    for station in ("con-minh", "vi-huong"):
        numbers = [each.number for each in stored if each.commune_id == station]
        assert numbers == list(range(1, len(numbers) + 1))
    assert len(first.rows(Broadcast)) == 1

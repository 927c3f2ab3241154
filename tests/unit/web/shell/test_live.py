"""Live pages: told of what changed, and only of that, by one watcher; refused calmly when too many ask."""

import json
import threading
from collections.abc import Iterator

import pytest

from broadcaster.errors import Unavailable
from broadcaster.station.rows import changes
from tests.unit.web.commune import Commune
from web.shell import live, watcher
from web.shell.watcher import Watcher

pytestmark = pytest.mark.integration


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watcher, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(watcher, "IDLE_SECONDS", 0.05)
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0.2)


def stated(event: bytes) -> dict[str, int]:
    return dict(json.loads(event.decode().split("data: ")[1]))


def stream_of(commune: Commune, topics: str) -> Iterator[bytes]:
    answer = commune.browser().get(f"/live?topics={topics}")
    assert answer.mimetype == "text/event-stream"
    return iter(answer.iter_encoded())


def test_a_stream_begins_with_what_is_and_goes_on_with_what_changed(commune: Commune) -> None:
    stream = stream_of(commune, "nodes,jobs")
    began = stated(next(stream))
    assert set(began) == {"nodes", "jobs"}
    commune.write()
    news = next(event for event in stream if b"data" in event)
    assert stated(news) == {"jobs": began["jobs"] + 1}


def test_a_stream_says_that_it_is_still_there(commune: Commune) -> None:
    stream = stream_of(commune, "nodes")
    next(stream)
    assert next(stream).startswith(b":")


def test_a_change_of_something_else_is_not_told(commune: Commune) -> None:
    stream = stream_of(commune, "people")
    next(stream)
    commune.write()
    assert next(stream).startswith(b":")


def test_when_too_many_ask_the_last_is_told_to_look_by_itself(commune: Commune) -> None:
    streams = [commune.browser().get("/live?topics=nodes") for _ in range(2)]
    assert commune.browser().get("/live?topics=nodes").status_code == 204
    streams[0].close()
    with commune.browser().get("/live?topics=nodes") as again:
        assert again.status_code == 200
    streams[1].close()


def test_a_stream_of_nothing_is_refused(commune: Commune) -> None:
    assert commune.browser().get("/live?topics=weather").status_code == 204


def test_a_stranger_gets_no_stream(commune: Commune) -> None:
    assert commune.app.test_client().get("/live?topics=nodes").status_code == 302


def test_the_watcher_goes_home_when_nobody_listens_and_comes_back(commune: Commune) -> None:
    alone = Watcher(commune.database, most_streams=1)
    for _ in range(2):
        assert alone.join()
        alone.leave()
        looking = [each for each in threading.enumerate() if each.name == "web-changes"]
        for each in looking:
            each.join(timeout=5)
            assert not each.is_alive()


def test_the_watcher_survives_a_database_that_does_not_answer(
    commune: Commune, monkeypatch: pytest.MonkeyPatch
) -> None:
    stubborn = Watcher(commune.database, most_streams=1)
    assert stubborn.join()
    known = stubborn.counters

    def refuse(_s: object) -> dict[str, int]:
        raise Unavailable("Cơ sở dữ liệu không trả lời.")

    with monkeypatch.context() as patched:
        patched.setattr(changes, "read", refuse)
        assert stubborn.wait(known, timeout_seconds=0.1) == known
    commune.write()
    assert stubborn.wait(known, timeout_seconds=5) != known
    stubborn.stop()

"""Which agendas still have to get to the broker, and when they are sent."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from broadcaster.delivery import agendas
from broadcaster.delivery.clips.stock import Stock
from broadcaster.delivery.clips.uploads import Uploads
from broadcaster.delivery.counters import DeliveryCounters
from broadcaster.delivery.exact_questions import AT_ONCE
from broadcaster.delivery.holdings import DOUBT_SECONDS, QUIET_SECONDS
from broadcaster.delivery.issued import Issue, signed
from broadcaster.delivery.postings import RESEND_SECONDS, WINDOW, Postings
from broadcaster.protocol.agenda import AgendaItem, ClipRef, Policy
from broadcaster.protocol.mqtt import chunks
from broadcaster.protocol.values import BroadcastClass
from broadcaster.station.agendas.content import AgendaContent
from tests.unit.delivery.recording_line import STATION, Line

NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)
SOUND = b"a" * 3000


class PostingsBench:
    """Postings with everything they need, on a clock of our own."""

    def __init__(self, folder: Path) -> None:
        self.seconds = 100.0
        self.line = Line()
        self.clip = chunks.describe(SOUND, duration_ms=1000, chunk_bytes=1024)
        (folder / self.clip.sha256).write_bytes(SOUND)
        uploads = Uploads(station=STATION, path_of=lambda sha256: folder / sha256, monotonic=self.time)
        self.stock = Stock(self.line, uploads, station=STATION, tally=DeliveryCounters())
        self.postings = Postings(self.line, self.stock, station=STATION, tally=DeliveryCounters(), monotonic=self.time)
        self.stock.held._monotonic = self.postings.held._monotonic = self.time

    def time(self) -> float:
        return self.seconds

    def connect(self) -> None:
        """To a broker that holds nothing, and says so by its silence."""
        self.ask()
        self.wait(QUIET_SECONDS)

    def ask(self) -> None:
        """On a new connection; the broker accepts both questions."""
        self.line.asked.clear()
        self.stock.learn()
        self.postings.learn()
        self.stock.acknowledge(-1)
        self.postings.acknowledge(-2)

    def answer_exactly(self, *issues: Issue) -> None:
        """The broker accepts the questions by single topics, and says of these nodes what it holds."""
        for number, _ in enumerate(self.line.exact, start=1):
            self.postings.acknowledge(-1000 - number)
        for each in issues:
            self.postings.held.saw(each.node, each.signed.token)
        self.wait(QUIET_SECONDS)

    def wait(self, seconds: float) -> None:
        self.seconds += seconds
        self.postings.send(NOW.timestamp())

    def hear(self, issue: Issue) -> None:
        self.postings.held.saw(issue.node, issue.signed.token)
        self.wait(0)

    def agendas(self) -> list[str]:
        return [topic.split("/")[1] for topic in self.line.sent if topic.endswith("/agenda")]


@pytest.fixture
def bench(tmp_path: Path) -> PostingsBench:
    return PostingsBench(tmp_path)


def issue(node: str, number: int = 1, clip: ClipRef | None = None) -> Issue:
    content = AgendaContent((), (), Policy(), None)
    if clip is not None:
        start_at = NOW + timedelta(hours=1)
        item = AgendaItem(
            broadcast="broadcast-1",
            parts=(clip.sha256,),
            broadcast_class=BroadcastClass.ROUTINE,
            start_at=start_at,
            expires_at=start_at + timedelta(minutes=5),
            duration_ms=1000,
        )
        content = AgendaContent((item,), (clip,), Policy(), None)
    token = signed(number, f"{node} {number}".encode())
    return Issue(node, token, agendas.duty(content), NOW, NOW + timedelta(days=7))


def test_what_the_broker_does_not_hold_is_sent_and_done_when_it_is_heard(bench: PostingsBench) -> None:
    bench.connect()
    bench.postings.take({"na-ca": issue("na-ca")})
    bench.wait(0)
    assert (bench.agendas(), bench.postings.waiting) == (["na-ca"], 1)
    bench.hear(issue("na-ca"))
    assert (bench.agendas(), bench.postings.waiting) == (["na-ca"], 0)


def test_what_the_broker_holds_already_is_not_sent(bench: PostingsBench) -> None:
    bench.postings.take({"na-ca": issue("na-ca")})
    bench.ask()
    bench.hear(issue("na-ca"))
    bench.wait(QUIET_SECONDS)
    assert (bench.agendas(), bench.postings.waiting) == ([], 0)


def test_clips_that_a_broker_lost_are_seen_to_though_it_kept_the_agenda_and_said_so_first(bench: PostingsBench) -> None:
    made = issue("na-ca", clip=bench.clip)
    bench.ask()
    bench.hear(made)
    bench.wait(QUIET_SECONDS)
    bench.postings.take({"na-ca": made})
    bench.wait(0)
    bench.stock.pump()
    assert bench.line.sent == [f"clips/{bench.clip.sha256}/{index}" for index in range(3)]


def test_a_broker_that_has_not_even_accepted_the_question_is_not_thought_empty(bench: PostingsBench) -> None:
    bench.postings.take({"na-ca": issue("na-ca")})
    bench.stock.learn()
    bench.postings.learn()
    bench.wait(QUIET_SECONDS * 20)
    assert (bench.agendas(), bench.postings.waiting) == ([], 1)


def test_an_agenda_follows_its_chunks_on_the_same_line_without_waiting_for_their_acknowledgement(
    bench: PostingsBench,
) -> None:
    bench.connect()
    bench.postings.add({"na-ca": issue("na-ca", clip=bench.clip)}, NOW.timestamp())
    assert bench.line.sent == []
    bench.stock.pump()
    bench.wait(0)
    assert bench.line.sent == [f"clips/{bench.clip.sha256}/{index}" for index in range(3)] + ["nodes/na-ca/agenda"]


def test_clips_that_are_only_stored_ahead_go_when_the_agenda_is_there(bench: PostingsBench) -> None:
    bench.connect()
    made = issue("na-ca")
    ahead = agendas.duty(AgendaContent((), (bench.clip,), Policy(), None))
    made = Issue("na-ca", made.signed, ahead, made.issued_at, made.expires_at)
    bench.postings.add({"na-ca": made}, NOW.timestamp())
    bench.stock.pump()
    assert bench.line.sent == ["nodes/na-ca/agenda"]
    bench.hear(made)
    bench.stock.pump()
    assert len(bench.line.sent) == 4


def test_a_broker_that_is_slow_to_take_them_is_sent_nothing_twice(bench: PostingsBench) -> None:
    bench.connect()
    bench.postings.add({"na-ca": issue("na-ca")}, NOW.timestamp())
    bench.wait(RESEND_SECONDS * 3)
    assert bench.agendas() == ["na-ca"]


def test_what_it_took_and_nobody_hears_is_sent_again(bench: PostingsBench) -> None:
    bench.connect()
    bench.postings.add({"na-ca": issue("na-ca")}, NOW.timestamp())
    bench.postings.acknowledge(1)
    bench.wait(RESEND_SECONDS * 0.9)
    assert bench.agendas() == ["na-ca"]
    bench.wait(RESEND_SECONDS * 0.2)
    assert bench.agendas() == ["na-ca", "na-ca"]
    bench.wait(RESEND_SECONDS * 0.9)
    assert bench.agendas() == ["na-ca", "na-ca"]


def test_a_newer_agenda_goes_at_once_though_the_older_is_under_way(bench: PostingsBench) -> None:
    bench.connect()
    bench.postings.add({"na-ca": issue("na-ca")}, NOW.timestamp())
    bench.postings.add({"na-ca": issue("na-ca", 2)}, NOW.timestamp())
    bench.hear(issue("na-ca"))
    assert (bench.agendas(), bench.postings.waiting) == (["na-ca", "na-ca"], 1)
    bench.hear(issue("na-ca", 2))
    assert bench.postings.waiting == 0


def test_an_alarm_does_not_queue_behind_a_province(bench: PostingsBench) -> None:
    bench.connect()
    province = {f"node-{number}": issue(f"node-{number}") for number in range(WINDOW + 2)}
    bench.postings.add(province, NOW.timestamp())
    assert (len(bench.agendas()), bench.postings.waiting, bench.postings.held_up) == (WINDOW, WINDOW + 2, True)
    bench.stock.held.saw(bench.clip.sha256, 0, 1024)
    bench.stock.held.saw(bench.clip.sha256, 1, 1024)
    bench.stock.held.saw(bench.clip.sha256, 2, len(SOUND) - 2048)
    bench.postings.add({"na-ca": issue("na-ca", clip=bench.clip)}, NOW.timestamp())
    bench.hear(province["node-0"])
    assert bench.agendas()[WINDOW:] == ["na-ca"]
    for each in list(province.values())[1:4]:
        bench.hear(each)
    assert bench.agendas()[WINDOW + 1 :] == [f"node-{WINDOW}", f"node-{WINDOW + 1}"]
    assert not bench.postings.held_up


def test_after_a_lost_connection_nothing_is_thought_to_be_under_way(bench: PostingsBench) -> None:
    bench.connect()
    bench.postings.add({"na-ca": issue("na-ca")}, NOW.timestamp())
    bench.connect()
    bench.answer_exactly()
    assert bench.agendas() == ["na-ca", "na-ca"]


def test_an_older_agenda_that_overtook_is_put_right_at_the_next_look(bench: PostingsBench) -> None:
    bench.connect()
    bench.postings.add({"na-ca": issue("na-ca", 2)}, NOW.timestamp())
    bench.hear(issue("na-ca", 2))
    bench.hear(issue("na-ca", 1))
    bench.postings.take({"na-ca": issue("na-ca", 2)})
    bench.wait(0)
    assert bench.agendas() == ["na-ca", "na-ca"]


def test_what_the_broker_says_no_more_when_asked_again_is_sent_again(bench: PostingsBench) -> None:
    bench.connect()
    bench.postings.add({"na-ca": issue("na-ca")}, NOW.timestamp())
    bench.hear(issue("na-ca"))
    bench.postings.doubt()
    bench.wait(DOUBT_SECONDS * 2)
    bench.postings.acknowledge(-len(bench.line.asked))
    bench.wait(QUIET_SECONDS)
    bench.answer_exactly()
    bench.wait(DOUBT_SECONDS * 0.9)
    assert bench.agendas() == ["na-ca"]
    bench.wait(DOUBT_SECONDS * 0.2)
    assert bench.agendas() == ["na-ca", "na-ca"]


def test_what_a_broker_deaf_to_wildcards_holds_is_not_sent_again(bench: PostingsBench) -> None:
    """RabbitMQ answers a question for one topic only."""
    held = [issue(f"cum-{number}") for number in range(250)]
    bench.postings.take({each.node: each for each in held})
    bench.connect()
    assert [len(some) for some in bench.line.exact] == [AT_ONCE]  # the next waits for the first to be accepted
    for _ in range(3):
        bench.answer_exactly(*held)
    assert [len(some) for some in bench.line.exact] == [AT_ONCE, AT_ONCE, 50]
    assert bench.agendas() == []
    assert sorted(bench.line.ended) == sorted(topic for some in bench.line.exact for topic in some)
    assert bench.postings.waiting == 0


def test_nor_at_the_next_reconciliation(bench: PostingsBench) -> None:
    bench.connect()
    bench.postings.add({"na-ca": issue("na-ca"), "ang-hin": issue("ang-hin")}, NOW.timestamp())
    bench.hear(issue("na-ca"))
    bench.hear(issue("ang-hin"))
    bench.postings.doubt()
    bench.postings.acknowledge(-len(bench.line.asked))
    bench.wait(QUIET_SECONDS)
    assert bench.line.exact == [[f"loa/1/{STATION}/nodes/{node}/agenda" for node in ("ang-hin", "na-ca")]]
    bench.answer_exactly(issue("na-ca"))
    bench.wait(DOUBT_SECONDS)
    assert bench.agendas() == ["na-ca", "ang-hin", "ang-hin"]


def test_an_order_does_not_wait_for_such_answers(bench: PostingsBench) -> None:
    bench.postings.take({"na-ca": issue("na-ca"), "ang-hin": issue("ang-hin")})
    bench.connect()
    bench.postings.add({"ang-hin": issue("ang-hin", 2)}, NOW.timestamp())
    assert bench.agendas() == ["ang-hin"]


def test_the_agenda_of_a_node_that_is_ours_no_more_is_cleared(bench: PostingsBench) -> None:
    bench.connect()
    bench.postings.held.saw("long-gone", b"token")
    bench.postings.withdraw()
    assert (bench.agendas(), bench.postings.held.nodes()) == (["long-gone"], set())

"""What is learnt from the agendas nodes say they obey: forgotten numbers, a past of our own, and a second machine."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from broadcaster.delivery.copies.watch import ANSWER_SECONDS, LOOK_SECONDS, CopyWatch
from broadcaster.delivery.issuing import Issuer
from broadcaster.errors import NotAllowed
from broadcaster.protocol.status import NodeStatus, RefusedAgenda
from broadcaster.protocol.values import ClockState
from broadcaster.station.copies import own_copy, second_copy
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes import nodes
from broadcaster.station.nodes.board import NodeView
from broadcaster.station.nodes.station_key import StationIdentity
from broadcaster.station.people import people
from broadcaster.station.rows import settings
from broadcaster.station.schema import AgendaIssue, NodeState
from tests.rig.commune import NOW, Commune

pytestmark = pytest.mark.integration
NODE = "ban-cuon"


@dataclass
class Station:
    """One station at work, without a broker."""

    database: Database
    folder: Path
    seconds: float = 0.0
    connection: int = 0

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Anew, on the folder and database as they are."""
        self.folder.mkdir(exist_ok=True)
        self.watch = CopyWatch(self.database, self.folder, clock=lambda: NOW, monotonic=lambda: self.seconds)
        identity = StationIdentity.load_or_create(self.folder, "con-minh")
        self.issuer = Issuer(
            self.database, identity, clock=lambda: NOW, life=timedelta(days=7), chunk_bytes=16_384, watch=self.watch
        )
        self.watch.settle()
        self.work()

    def work(self) -> None:
        """What the publisher does."""
        self.seconds += LOOK_SECONDS
        self.watch.look(force=True)
        self.issuer.refresh()

    def says(self, number: int, *, issuer: str, term: int = 0, **more: Any) -> None:
        """The node says what it obeys, and the station works it in."""
        self.connection += 1
        said = NodeStatus(
            node=NODE, connection=self.connection, online=True, at=NOW, sound="file", clock=ClockState.SYNCED, boot="a",
            agenda_number=number, agenda_term=term, agenda_issuer=issuer, **more,
        )  # fmt: skip
        with self.database.session() as s:
            nodes.record_status(s, status=said, now_at=NOW)
        self.watch.wake()
        self.work()

    @property
    def issued(self) -> AgendaIssue:
        with self.database.reading() as s:
            return s.get_one(AgendaIssue, NODE)

    @property
    def view(self) -> NodeView:
        with self.database.reading() as s:
            return next(view for view in nodes.board(s, now_at=NOW) if view.node.id == NODE)

    @property
    def trouble(self) -> str:
        with self.database.reading() as s:
            reason = second_copy.reason(s)
        return reason.code if reason else ""

    def obeyed(self) -> None:
        """The node takes what was issued."""
        self.says(self.issued.number, issuer=self.issued.issuer, term=self.issued.term)

    def refused(self, *, number: int, by: str, error: str = "OutOfOrder", term: int = 0) -> None:
        """The node obeys ``by`` and refuses what was issued."""
        ours = RefusedAgenda(issuer=self.issued.issuer, term=self.issued.term, number=self.issued.number, error=error)
        self.says(number, issuer=by, term=term, refused=ours)

    def waits(self, seconds: float = ANSWER_SECONDS) -> None:
        self.seconds += seconds
        self.watch.wake()
        self.work()


@pytest.fixture
def station(database: Database, commune: Commune, tmp_path: Path) -> Station:
    return Station(database, tmp_path / "station")


def test_a_node_that_obeys_the_latest_agenda_is_online(station: Station) -> None:
    station.obeyed()
    assert (station.view.presence, station.trouble) == ("online", "")
    assert station.issued.issuer == station.watch.issuer != ""


def test_numbers_of_our_own_name_that_were_forgotten_are_exceeded_at_once(station: Station) -> None:
    station.says(40, issuer=station.watch.issuer)
    assert station.issued.number == 41
    station.obeyed()
    assert (station.view.presence, station.trouble) == ("online", "")


def test_a_node_that_only_remembers_a_number_is_given_a_higher_one(station: Station) -> None:
    station.says(0, issuer="", highest_number=70)
    assert station.issued.number == 71


def test_an_older_node_that_names_no_issuer_is_learnt_from(station: Station) -> None:
    station.says(40, issuer="")
    assert station.issued.number == 41


def test_a_node_that_obeys_another_name_is_never_online(station: Station) -> None:
    station.says(40, issuer="other")
    assert station.view.presence == "elsewhere"
    assert next(reason.code for reason in station.view.reasons) == "node.obeys_another"


def test_a_copy_acknowledges_nothing_before_the_node_obeys_its_own_name(station: Station, tmp_path: Path) -> None:
    """The other one may live, and would never hear of what was acknowledged here."""
    station.says(3, issuer=station.watch.issuer)
    assert not station.watch.withholds(NODE)
    first = station.watch.issuer
    with station.database.session() as s:
        settings.write(s, own_copy.NAMES, {"database": "the first one's", "issuers": {first: "the first one's"}})
    copy = Station(station.database, tmp_path / "copied")
    copy.watch = CopyWatch(copy.database, copy.folder, clock=lambda: NOW, monotonic=lambda: copy.seconds)
    copy.watch.settle()
    assert copy.watch.withholds(NODE)
    copy.says(1, issuer=first)  # below what was issued here: nobody is ahead
    assert copy.watch.withholds(NODE)
    copy.says(copy.issued.number, issuer=copy.watch.issuer)
    assert not copy.watch.withholds(NODE)


def test_a_name_nobody_answers_for_is_our_own_past(station: Station) -> None:
    station.says(40, issuer="other")
    assert station.issued.number < 40
    station.refused(number=40, by="other")
    station.waits(ANSWER_SECONDS - 3)
    assert station.issued.number < 40
    station.waits()
    station.waits()
    assert station.issued.number == 41
    station.obeyed()
    assert (station.view.presence, station.trouble) == ("online", "")


def test_a_name_that_answers_is_a_second_machine_and_is_left_its_nodes(station: Station) -> None:
    station.says(40, issuer="other")
    station.refused(number=40, by="other")
    station.refused(number=41, by="other")
    assert station.trouble == "station.second_obeyed"
    before = station.issued.number
    station.waits(ANSWER_SECONDS * 4)
    assert (station.issued.number, station.view.presence) == (before, "elsewhere")
    assert station.watch.withholds(NODE)
    assert NODE in station.watch.rules.unsent


def test_who_obeyed_us_and_leaves_betrays_a_second_machine_which_is_asked_under_a_new_name(station: Station) -> None:
    station.start()
    station.obeyed()
    name = station.watch.issuer
    station.says(station.issued.number + 1, issuer="other")
    assert station.trouble == "station.second_obeyed"
    assert station.issued.issuer == station.watch.issuer != name
    assert station.issued.number <= station.view.state.agenda_number  # type: ignore[union-attr]


def test_what_a_node_refused_of_a_second_machine_betrays_it_and_is_answered(station: Station) -> None:
    station.obeyed()
    before = station.issued.number
    other = RefusedAgenda(issuer="other", number=1, error="OutOfOrder")
    station.says(before, issuer=station.watch.issuer, refused=other)
    assert station.trouble == "station.second_ignored"
    assert station.issued.number == before + 1
    station.says(before, issuer=station.watch.issuer, refused=other)
    assert station.issued.number == before + 1, "once is enough"


def test_what_was_signed_before_and_comes_again_betrays_nobody(station: Station) -> None:
    station.obeyed()
    again = RefusedAgenda(issuer=station.watch.issuer, number=1, error="OutOfOrder")
    station.says(station.issued.number, issuer=station.watch.issuer, refused=again)
    assert station.trouble == ""


def test_taking_over_raises_the_term_of_every_agenda_and_ends_the_alarm(station: Station, commune: Commune) -> None:
    station.says(40, issuer="other")
    station.refused(number=40, by="other")
    station.refused(number=41, by="other")
    with station.database.session() as s:
        second_copy.take_over(s, by=commune.administrator, now_at=NOW)
    station.work()
    assert (station.issued.term, station.trouble) == (1, "")
    station.obeyed()
    assert station.view.presence == "online"
    assert not station.watch.withholds(NODE)


def test_a_machine_that_was_taken_over_is_no_news(station: Station) -> None:
    with station.database.session() as s:
        second_copy.take_over(s, by=None, now_at=NOW)
    station.work()
    other = RefusedAgenda(issuer="other", number=9, error="Superseded")
    station.says(station.issued.number, issuer=station.watch.issuer, term=1, refused=other)
    assert (station.view.presence, station.trouble) == ("online", "")


def test_only_who_looks_after_people_may_take_over(station: Station, commune: Commune) -> None:
    with pytest.raises(NotAllowed), station.database.session() as s:
        second_copy.take_over(s, by=people.get(s, commune.officer.id), now_at=NOW)


def test_where_another_machine_took_over_this_one_says_so_and_gives_up(station: Station) -> None:
    station.obeyed()
    station.says(3, issuer="other", term=1)
    assert (station.trouble, station.view.presence) == ("station.taken_over_elsewhere", "elsewhere")
    station.refused(number=3, by="other", term=1, error="Superseded")
    station.waits(ANSWER_SECONDS * 4)
    assert station.issued.term == 0


def test_a_backup_brought_back_by_a_person_finds_nodes_of_a_later_term(station: Station) -> None:
    with station.database.session() as s:
        own_copy.mark_restored(s)
    station.says(40, issuer="other", term=2)
    station.refused(number=40, by="other", term=2, error="Superseded")
    station.waits()
    station.waits()
    assert station.issued.term == 3
    station.obeyed()
    assert (station.view.presence, station.trouble) == ("online", "")


def test_what_a_copied_database_brought_along_is_not_taken_for_what_a_node_says(station: Station) -> None:
    """The node obeyed the machine that was copied a little longer; nobody has signed since this one began."""
    station.says(7, issuer="other")
    with station.database.session() as s:
        s.execute(update(NodeState).values(seen_at=NOW - timedelta(minutes=1)))
    station.start()
    station.work()
    station.says(8, issuer="other")
    assert station.trouble == ""
    station.says(9, issuer="other")
    assert station.trouble == "station.second_obeyed"


def test_a_term_outlives_the_database(station: Station) -> None:
    with station.database.session() as s:
        second_copy.take_over(s, by=None, now_at=NOW)
    station.work()
    with station.database.session() as s:
        settings.write(s, own_copy.TERM, 0)
    station.start()
    assert station.issued.term == 1


def test_a_folder_that_was_copied_signs_under_a_name_of_its_own(station: Station, tmp_path: Path) -> None:
    name = station.watch.issuer
    station.start()
    assert station.watch.issuer == name, "a restart changes nothing"
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "issuer.json").write_bytes((station.folder / "issuer.json").read_bytes())
    copy = Station(station.database, tmp_path / "copy")
    assert copy.watch.issuer != name
    beside = station.database.engine.dialect.name == "postgresql"  # two folders at one database are no copies
    assert copy.issued.issuer == (name if beside else copy.watch.issuer)


@pytest.mark.parametrize("content", [b"", b"{", b"\0" * 40, b"[]", b'{"issuer": 1, "place": 2, "term": "x"}'])
def test_a_damaged_name_is_set_aside_and_made_anew(station: Station, content: bytes) -> None:
    (station.folder / "issuer.json").write_bytes(content)
    station.start()
    assert station.watch.issuer
    assert (station.folder / "issuer.json.broken").read_bytes() == content

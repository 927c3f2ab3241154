"""One person uploads a release, another starts it; the station follows what the nodes say."""

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from broadcaster.delivery import agendas
from broadcaster.errors import Conflict, Invalid, LoaError, NotAllowed
from broadcaster.protocol.release import ReleaseReport, ReleaseState, ReleaseWave, ReleaseWheel
from broadcaster.protocol.status import NodeStatus
from broadcaster.station.agendas import content
from broadcaster.station.database.engine import Database
from broadcaster.station.matters.findings import findings
from broadcaster.station.nodes import statuses
from broadcaster.station.people import people
from broadcaster.station.people.roles import commune_id
from broadcaster.station.releases import progress, releases, wheels
from broadcaster.station.releases.steps import ReleaseStep, steps
from broadcaster.station.releases.wheels import SentFile
from broadcaster.station.schema import Node, Person
from broadcaster.station.upkeep import tidying
from broadcaster.station.vocabulary.states import ReleaseStage
from tests.rig.commune import NOW, Commune

pytestmark = pytest.mark.integration
BOARD = ReleaseReport(python="3.11", machine="aarch64", glibc="2.36")
OWN = "loa_lang-0.3.0-py3-none-any.whl"
ARM = "msgspec-0.19.0-cp311-cp311-manylinux_2_17_aarch64.whl"
AMD = "msgspec-0.19.0-cp311-cp311-manylinux_2_17_x86_64.whl"
DAY = timedelta(hours=24)


def files(folder: Path, *names: str) -> list[ReleaseWheel]:
    return [wheels.keep(folder, SentFile(name, io.BytesIO(name.encode()))) for name in names or (OWN,)]


@pytest.fixture
def technician(database: Database, commune: Commune) -> Person:
    with database.session() as s:
        unit = commune_id(s)
        assert unit
        return people.add_person(
            s, username="kythuat", full_name="Lý A", password=None, roles=[(unit, "technician")], by=None, now_at=NOW
        )[0]


def say(database: Database, node: Node, software: str = "0.2.0", **report: object) -> None:
    """What a node says of itself, later than all it said before."""
    said = NodeStatus(
        node=node.id,
        connection=1,
        online=True,
        at=NOW,
        software=software,
        release=ReleaseReport(
            python=BOARD.python,
            machine=BOARD.machine,
            glibc=BOARD.glibc,
            **report,  # type: ignore[arg-type]
        ),
    )
    with database.session() as s:
        statuses.record(s, status=said, now_at=NOW)


def uploaded(database: Database, tmp_path: Path, by: Person, names: Sequence[str] = (OWN,)) -> str:
    with database.session() as s:
        return releases.add(s, files=files(tmp_path, *names), by=by, now_at=NOW).id


def started(database: Database, tmp_path: Path, commune: Commune, technician: Person) -> str:
    """Both nodes can take it; the strong one tries it first."""
    for node in (commune.strong, commune.weak):
        say(database, node)
    release_id = uploaded(database, tmp_path, technician)
    with database.session() as s:
        release = releases.get(s, release_id)
        releases.start(s, release=release, canaries=[commune.strong.id], hours=24, by=commune.administrator, now_at=NOW)
    look(database)
    return release_id


def look(database: Database, after: timedelta = timedelta()) -> None:
    with database.session() as s:
        progress.look(s, now_at=NOW + after)


def offered(database: Database) -> dict[str, ReleaseWave]:
    with database.reading() as s:
        return {node: offer.wave for node, offer in progress.offers(s).items()}


def test_files_are_kept_by_their_hash_and_nobody_gets_them_yet(
    database: Database, tmp_path: Path, technician: Person
) -> None:
    uploaded(database, tmp_path, technician, [OWN, ARM])
    with database.reading() as s:
        (release,) = releases.listing(s)
        assert (release.program, release.stage) == ("0.3.0", ReleaseStage.UPLOADED)
        for each in progress.files_of(release):
            assert wheels.path(tmp_path, each.sha256).read_bytes() == each.name.encode()
    assert offered(database) == {}


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (["x.txt"], "release.no_wheel"),
        ([ARM], "release.no_program"),
        ([OWN, "loa_lang-0.4.0-py3-none-any.whl"], "release.no_program"),
        (["loa_lang-0.3.0rc1-py3-none-any.whl"], "release.version_odd"),
    ],
)
def test_what_is_no_release_is_refused(
    database: Database, tmp_path: Path, technician: Person, names: list[str], code: str
) -> None:
    with database.session() as s, pytest.raises(LoaError) as refused:
        releases.add(s, files=files(tmp_path, *names), by=technician, now_at=NOW)
    assert refused.value.code == code


def test_a_version_is_uploaded_once(database: Database, tmp_path: Path, technician: Person) -> None:
    uploaded(database, tmp_path, technician)
    with database.session() as s, pytest.raises(Conflict):
        releases.add(s, files=files(tmp_path), by=technician, now_at=NOW)


def test_only_who_manages_nodes_uploads_and_only_another_person_starts(
    database: Database, tmp_path: Path, commune: Commune, technician: Person
) -> None:
    say(database, commune.strong)
    release_id = uploaded(database, tmp_path, technician)
    with database.session() as s:
        release = releases.get(s, release_id)
        with pytest.raises(NotAllowed):
            releases.add(s, files=files(tmp_path), by=commune.officer, now_at=NOW)
        for person in (technician, commune.officer, commune.approver):
            with pytest.raises(NotAllowed):
                releases.start(s, release=release, canaries=[commune.strong.id], hours=24, by=person, now_at=NOW)
        assert ReleaseStep.START not in steps(s, release, technician)
        assert steps(s, release, commune.administrator) == {ReleaseStep.START, ReleaseStep.WITHDRAW}


def test_a_release_begins_on_nodes_that_can_take_it(
    database: Database, tmp_path: Path, commune: Commune, technician: Person
) -> None:
    say(database, commune.strong)
    release_id = uploaded(database, tmp_path, technician, [OWN, AMD])
    with database.session() as s:
        release = releases.get(s, release_id)
        for canaries, hours in (([], 24), (["khong-co"], 24), ([commune.strong.id], 24), ([commune.strong.id], -1)):
            with pytest.raises(Invalid):
                releases.start(s, release=release, canaries=canaries, hours=hours, by=commune.administrator, now_at=NOW)


def test_each_machine_is_offered_its_own_files(
    database: Database, tmp_path: Path, commune: Commune, technician: Person
) -> None:
    say(database, commune.strong)
    release_id = uploaded(database, tmp_path, technician, [OWN, ARM, AMD])
    with database.session() as s:
        release = releases.get(s, release_id)
        releases.start(s, release=release, canaries=[commune.strong.id], hours=24, by=commune.administrator, now_at=NOW)
    look(database)
    with database.reading() as s:
        mine = content.for_node(s, node=commune.strong, now_at=NOW)
        other = content.for_node(s, node=commune.weak, now_at=NOW)
    assert mine.offer is not None
    assert [each.name for each in mine.offer.files] == [OWN, ARM]
    duty = agendas.duty(mine)
    assert [each.sha256 for each in duty.wheels] == [each.sha256 for each in mine.offer.files]
    assert duty.pieces == (*duty.clips, *duty.wheels)
    assert agendas.order(mine.offer, station="con-minh").station == "con-minh"
    assert other.offer is None
    plain = agendas.duty(replace(mine, offer=None))
    assert plain.digest == agendas.duty(other).digest != duty.digest


def test_waves_follow_each_other_as_the_nodes_confirm(
    database: Database, tmp_path: Path, commune: Commune, technician: Person
) -> None:
    release_id = started(database, tmp_path, commune, technician)
    assert offered(database) == {commune.strong.id: ReleaseWave.CANARY}
    say(database, commune.strong, "0.3.0", state=ReleaseState.TRIAL, program="0.3.0")
    look(database)
    assert offered(database) == {commune.strong.id: ReleaseWave.CANARY}
    say(database, commune.strong, "0.3.0")
    look(database)
    assert offered(database) == {}
    look(database, DAY)
    assert offered(database) == {commune.weak.id: ReleaseWave.TENTH}
    say(database, commune.weak, "0.3.0")
    look(database, DAY)
    look(database, 2 * DAY)
    with database.reading() as s:
        assert releases.get(s, release_id).stage is ReleaseStage.ALL
        assert not progress.wants_look(s, now_at=NOW + 2 * DAY)


def test_a_failure_stops_the_release_and_is_a_matter_until_somebody_lets_it_go_on(
    database: Database, tmp_path: Path, commune: Commune, technician: Person
) -> None:
    release_id = started(database, tmp_path, commune, technician)
    say(database, commune.strong, state=ReleaseState.FAILED, program="0.3.0", failure="release_no_room")
    look(database)
    assert offered(database) == {}
    with database.session() as s:
        release = releases.get(s, release_id)
        assert release.stage is ReleaseStage.STOPPED
        found = [each for each in findings(s, now_at=NOW) if each.kind == "release_stopped"]
        assert [each.subject for each in found] == [f"release:{release_id}"]
        releases.resume(s, release=release, by=commune.administrator, now_at=NOW)
    say(database, commune.strong)
    look(database)
    assert offered(database) == {commune.strong.id: ReleaseWave.CANARY}


def test_a_pause_takes_the_offer_back_and_a_withdrawal_for_good(
    database: Database, tmp_path: Path, commune: Commune, technician: Person
) -> None:
    release_id = started(database, tmp_path, commune, technician)
    with database.session() as s:
        releases.pause(s, release=releases.get(s, release_id), by=technician, now_at=NOW)
    assert offered(database) == {}
    with database.session() as s:
        release = releases.get(s, release_id)
        with pytest.raises(NotAllowed):
            releases.resume(s, release=release, by=technician, now_at=NOW)
        releases.resume(s, release=release, by=commune.administrator, now_at=NOW)
    assert offered(database) == {commune.strong.id: ReleaseWave.CANARY}
    with database.session() as s:
        releases.withdraw(s, release=releases.get(s, release_id), by=technician, now_at=NOW)
        assert releases.in_use(s) == set()
    assert offered(database) == {}
    with database.session() as s:
        assert steps(s, releases.get(s, release_id), commune.administrator) == frozenset()


def test_the_next_release_ends_the_one_before(
    database: Database, tmp_path: Path, commune: Commune, technician: Person
) -> None:
    first = started(database, tmp_path, commune, technician)
    second = uploaded(database, tmp_path, technician, ["loa_lang-0.4.0-py3-none-any.whl"])
    with database.session() as s:
        release = releases.find(s, "0.4.0")
        assert release.id == second
        releases.start(s, release=release, canaries=[commune.weak.id], hours=0, by=commune.administrator, now_at=NOW)
        assert releases.get(s, first).stage is ReleaseStage.WITHDRAWN
    look(database)
    assert offered(database) == {commune.weak.id: ReleaseWave.CANARY}


def test_files_of_what_was_withdrawn_go_and_those_of_what_may_be_given_stay(
    database: Database, commune: Commune, technician: Person, tmp_path: Path
) -> None:
    first = started(database, tmp_path, commune, technician)
    uploaded(database, tmp_path, technician, ("loa_lang-0.4.0-py3-none-any.whl",))
    wheels.keep(tmp_path, SentFile("loa_lang-0.5.0-py3-none-any.whl", io.BytesIO(b"belongs to nothing yet")))
    (tmp_path / wheels.FOLDER / ".broken-off.part").write_bytes(b"x")
    written = max(each.stat().st_mtime for each in (tmp_path / wheels.FOLDER).iterdir())

    def left(hours: float) -> int:
        with database.session() as s:
            tidying.tidy_releases(s, data_dir=tmp_path, now_seconds=written + hours * 3600)
        return len(list((tmp_path / wheels.FOLDER).iterdir()))

    assert (left(1), left(25)) == (4, 2)  # what is young may get its release yet
    with database.session() as s:
        releases.withdraw(s, release=releases.get(s, first), by=commune.administrator, now_at=NOW)
    assert left(25) == 1
    with database.reading() as s:
        newer = files(tmp_path, "loa_lang-0.4.0-py3-none-any.whl")[0]
        assert releases.in_use(s) == {newer.sha256}

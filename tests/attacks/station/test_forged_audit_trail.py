"""Whoever rewrites the audit trail is found: without the key by the chain, with it by what the nodes hold."""

import json
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from broadcaster.delivery.intake.audit_heads import AuditHeads
from broadcaster.protocol.agenda import AuditHead
from broadcaster.station.audit import entries as audit
from broadcaster.station.audit import heads
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes.station_key import StationIdentity
from loa.commands import main
from tests.attacks.station.forging import cut_off, forge, reassign
from tests.rig.commune import NOW

STATION = "con-minh"
ENTRIES = 100


class Station:
    """A data folder with a hundred entries; a node took an agenda after the 35th, the 60th and the last."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.identity = StationIdentity.load_or_create(folder / "data", STATION)
        self.path = folder / "data" / "loa.db"
        self.database = Database(f"sqlite:///{self.path}", audit_key=self.identity.audit_key)
        self.database.migrate()
        self.node = AuditHeads(self.database, station=STATION, public_key=self.identity.public_key, clock=lambda: NOW)
        for number in range(1, ENTRIES + 1):
            with self.database.session() as s:
                audit.record(s, by=None, action="test.act", subject=f"entry:{number}", now_at=NOW)
            if number in (35, 60, ENTRIES):
                self.hand_out()
        self.node.store()

    def hand_out(self) -> AuditHead:
        """The head as an agenda carries it and a status says it back."""
        with self.database.reading() as s:
            head = self.identity.sign_head(heads.head(s))
        assert head is not None
        assert self.node.hear("lung-pang", head)
        return head

    def problems(self) -> list[tuple[int, str]]:
        with self.database.reading() as s:
            return [(each.number, each.reason.code) for each in audit.verify(s)]

    def verify(self, *arguments: str) -> int:
        """``loa audit verify``."""
        settings = self.folder / "config.yaml"
        settings.write_text(f"station:\n  id: {STATION}\ndata_dir: {self.folder}/data\n", encoding="utf-8")
        return main(["audit", "--config", str(settings), "verify", "--offline", *arguments])


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Station]:
    made = Station(tmp_path)
    yield made
    made.database.dispose()


GONE, REASSIGNED = range(40, 70), range(20, 26)


def test_nothing_is_found_where_nothing_was_done(station: Station, capsys: pytest.CaptureFixture[str]) -> None:
    assert station.problems() == []
    assert station.verify("--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["whole"], said["first"], said["head"]["entry"]) == (True, None, ENTRIES)


def test_a_chain_rebuilt_without_the_key_is_found_at_its_first_entry(station: Station) -> None:
    forge(station.path, without=GONE, given_to="Chủ tịch", numbers=REASSIGNED, key=secrets.token_bytes(32))
    assert station.problems()[0][0] == 1
    assert station.verify() == 1


def test_entries_given_to_somebody_else_are_named_one_by_one(station: Station) -> None:
    reassign(station.path, given_to="Chủ tịch", numbers=REASSIGNED)
    assert station.problems() == [(number, "audit.entry_changed") for number in REASSIGNED]


def test_a_chain_rebuilt_with_the_key_is_found_through_the_nodes(
    station: Station, capsys: pytest.CaptureFixture[str]
) -> None:
    forge(station.path, without=GONE, given_to="Chủ tịch", numbers=(), key=station.identity.audit_key)
    assert station.problems() == [(36, "audit.parted"), (71, "audit.entries_gone")]
    assert station.verify("--json") == 1
    said = json.loads(capsys.readouterr().out)
    assert said["first"] == 36
    assert "lung-pang" in said["problems"][0]["sentence"]


def test_names_changed_before_the_first_head_are_found_too(station: Station) -> None:
    forge(station.path, without=GONE, given_to="Chủ tịch", numbers=REASSIGNED, key=station.identity.audit_key)
    assert station.problems()[0] == (1, "audit.parted")


def test_entries_cut_off_at_the_end_are_missed(station: Station) -> None:
    cut_off(station.path, after=80)
    assert station.problems() == [(81, "audit.entries_gone")]


def test_a_head_on_paper_finds_what_no_node_holds_any_more(station: Station) -> None:
    with station.database.reading() as s:
        on_paper = heads.head(s)
    assert on_paper is not None
    written = f"{on_paper.entry}:{on_paper.hash}"
    assert station.verify("--head", written) == 0
    cut_off(station.path, after=ENTRIES - 1)
    with station.database.session() as s:
        s.connection().exec_driver_sql("DROP TRIGGER held_audit_heads_no_delete")
        s.connection().exec_driver_sql("DELETE FROM held_audit_heads")
    assert station.verify() == 0
    assert station.verify("--head", written) == 1


def test_a_hostile_node_cannot_make_the_trail_look_forged(station: Station) -> None:
    assert not station.node.hear("lung-pang", AuditHead(entry=50, hash="f" * 64))
    signed = station.hand_out()
    assert not station.node.hear("lung-pang", AuditHead(entry=50, hash="f" * 64, signature=signed.signature))
    station.node.store()
    assert station.problems() == []


def test_what_a_restored_backup_lost_is_acknowledged_by_name(station: Station) -> None:
    cut_off(station.path, after=80)
    accept = [
        "audit",
        "--config",
        str(station.folder / "config.yaml"),
        "accept",
        "--reason",
        "khôi phục từ bản sao lưu",
    ]
    assert station.verify() == 1
    assert main(accept) == 0
    assert station.verify() == 0
    assert main(accept) == 1

"""``loa bundle``: the way to a pole without any network, on a USB stick, and back.

It stands here, above the scheduler, because a week ahead must first be laid out and frozen.
"""

import argparse
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

from broadcaster.commands.desk import Desk, parser, run, say
from broadcaster.delivery.issuing import Issue, Issuer
from broadcaster.errors import Conflict, NotFound, Unavailable
from broadcaster.protocol import stick
from broadcaster.protocol.codec import decode
from broadcaster.protocol.errors import ProtocolError
from broadcaster.protocol.receipts import Acks, Receipts
from broadcaster.protocol.signing import sign_acks
from broadcaster.station import audit, clips, nodes, receipts
from broadcaster.station.identity import StationIdentity
from loa.stick_files import copy_clip, put
from scheduler import occurrences

ACKS_AT_ONCE = 100


def main(argv: Sequence[str]) -> int:
    made = parser("bundle", "Lịch và tệp phát cho cụm loa không có mạng, mang đi bằng USB.")
    commands = made.add_subparsers(required=True)
    export = commands.add_parser("export", help="chép lịch và tệp phát của một cụm loa ra USB")
    export.add_argument("folder", type=Path, metavar="DIR", help="thư mục gốc của USB")
    export.add_argument("--node", required=True, help="mã cụm loa")
    export.add_argument("--days", type=int, default=7, help="bao nhiêu ngày (1-30, mặc định 7)")
    export.set_defaults(work=_export)
    bring = commands.add_parser("import", help="nhập biên nhận mà các cụm loa đã ghi vào USB")
    bring.add_argument("folder", type=Path, metavar="DIR", help="thư mục gốc của USB")
    bring.set_defaults(work=_import)
    return run(made, argv)


def _export(desk: Desk, arguments: argparse.Namespace) -> None:
    if not 1 <= arguments.days <= 30:
        raise Conflict("Số ngày phải từ 1 đến 30.", field="days")
    with desk.database.reading() as s:
        node = nodes.get(s, arguments.node)
        if node.revoked_at is not None:
            raise Conflict(f"Cụm loa {node.name} đã bị thu hồi nên không xuất lịch được.")
    if not arguments.folder.is_dir():
        raise Conflict(f"Không thấy thư mục {arguments.folder}. Hãy cắm USB và chỉ đúng thư mục của nó.")
    issue = _issue(desk, node.id, ahead=timedelta(days=arguments.days))
    folder = _folder(arguments.folder)
    try:
        size_bytes = _write(desk, folder, issue)
    except OSError as error:
        raise Unavailable(
            f"Không ghi được USB: {error.strerror or error}. Hãy kiểm tra chỗ trống rồi làm lại."
        ) from None
    agenda = issue.agenda
    say(f"Đã ghi lịch số {agenda.number} của {node.name}: {len(agenda.items)} lượt phát, {len(agenda.clips)} tệp phát")
    say(f"({size_bytes / 1e6:.1f} MB) vào {folder}. Cắm USB vào cụm loa và để đó năm phút;")
    say(f"tệp {stick.note(node.id)} trên USB cho biết đã nhận xong. Mang USB về rồi chạy: loa bundle import")


def _issue(desk: Desk, node: str, *, ahead: timedelta) -> Issue:
    """Lay out, fill and sign what the pole shall do for so long."""
    schedule, delivery = desk.config.schedule, desk.config.delivery
    with desk.database.session() as s:
        occurrences.expand(s, now_at=desk.now_at, horizon=max(ahead, timedelta(hours=schedule.horizon_hours)))
    occurrences.freeze_due(desk.database, now_at=desk.now_at, ahead=ahead, timing=schedule, worker="bundle")
    issuer = Issuer(
        desk.database,
        _identity(desk),
        clock=lambda: desk.now_at,
        life=max(ahead + timedelta(days=1), timedelta(days=delivery.agenda_days)),
        chunk_bytes=delivery.chunk_bytes,
    )
    issue = issuer.carry(node, until_at=desk.now_at + ahead)
    with desk.database.session() as s:
        details = {"number": issue.agenda.number, "items": len(issue.agenda.items)}
        audit.record(s, by=None, action="agenda.carried", subject=f"node:{node}", now_at=desk.now_at, details=details)
    return issue


def _write(desk: Desk, folder: Path, issue: Issue) -> int:
    """Clips first: an agenda on the stick is an agenda with everything it needs. Its bytes altogether."""
    (folder / stick.CLIPS).mkdir(parents=True, exist_ok=True)
    for clip in issue.agenda.clips:
        source = clips.path(desk.config.clips_dir, clip.sha256)
        copy_clip(source, folder / stick.clip(clip.sha256), sha256=clip.sha256)
    put(folder / stick.agenda(issue.agenda.node), issue.token)
    return len(issue.token) + sum(clip.size_bytes for clip in issue.agenda.clips)


def _import(desk: Desk, arguments: argparse.Namespace) -> None:
    folder = _folder(arguments.folder)
    found = sorted(folder.glob(stick.receipts("*")))
    if not found:
        raise Conflict(f"Không thấy biên nhận nào trong {folder}. USB đã cắm vào cụm loa chưa?")
    refused = [sentence for path in found for sentence in _take(desk, folder, path)]
    if refused:
        raise Conflict(" ".join(refused))


def _take(desk: Desk, folder: Path, path: Path) -> Iterator[str]:
    """Store what one pole wrote; yields what is wrong with it. Again is harmless."""
    node_id = path.stem
    try:
        batches = [decode(Receipts, line) for line in path.read_bytes().splitlines()]
    except ProtocolError as error:
        yield f"Tệp {path.name} bị hỏng ({error}). Hãy cắm lại USB vào cụm loa rồi nhập lại."
        return
    if any(batch.node != node_id for batch in batches):
        yield f"Tệp {path.name} chứa biên nhận của cụm loa khác nên không nhập."
        return
    try:
        kept = _store(desk, node_id, batches)
    except NotFound as error:
        yield str(error)
        return
    put(folder / stick.acks(node_id), _acks(desk, node_id, kept))
    say(f"{node_id}: đã nhập {len(kept)} biên nhận.")


def _store(desk: Desk, node_id: str, batches: Sequence[Receipts]) -> list[str]:
    """The ids now in the database. Raises NotFound for a pole nobody knows."""
    kept: list[str] = []
    with desk.database.session() as s:
        node = nodes.get(s, node_id)
        for batch in batches:
            kept += receipts.store(s, node_id=node.id, receipts=batch.receipts, now_at=desk.now_at)
        details = {"receipts": len(kept)}
        subject = f"node:{node.id}"
        audit.record(s, by=None, action="receipts.carried", subject=subject, now_at=desk.now_at, details=details)
    return kept


def _acks(desk: Desk, node: str, kept: Sequence[str]) -> bytes:
    seed = _identity(desk).seed
    parts = [tuple(kept[start : start + ACKS_AT_ONCE]) for start in range(0, len(kept), ACKS_AT_ONCE)]
    return b"".join(sign_acks(Acks(node=node, receipts=part), seed) + b"\n" for part in parts)


def _identity(desk: Desk) -> StationIdentity:
    return StationIdentity.load_or_create(desk.config.data_dir.absolute(), desk.config.station.id)


def _folder(given: Path) -> Path:
    return given if given.name == stick.FOLDER else given / stick.FOLDER

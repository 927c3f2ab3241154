"""``loa bundle``: the way to a node without any network, on a USB stick, and back.

It stands here, above the scheduler, because a week ahead must first be laid out and frozen.
"""

import argparse
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from broadcaster.commands.context import CommandContext, parser, run, say
from broadcaster.delivery.intake.older_nodes import receipts_of_today
from broadcaster.delivery.issued import Issue
from broadcaster.delivery.issuing import Issuer
from broadcaster.errors import Conflict, NotFound, Unavailable
from broadcaster.protocol.errors import ProtocolError, Unsigned
from broadcaster.protocol.receipts import Acks, Receipts
from broadcaster.protocol.signing import open_receipts, sign_acks
from broadcaster.protocol.stick import layout as stick
from broadcaster.protocol.stick.folder import NotPlain, StickFolder
from broadcaster.refusals.reasons import Reason
from broadcaster.station.audit import entries as audit
from broadcaster.station.broadcasts import receipts
from broadcaster.station.clips import clips
from broadcaster.station.nodes import nodes
from broadcaster.station.nodes.station_key import StationIdentity
from scheduler import occurrences

ACKS_AT_ONCE = 100
LARGEST_RECEIPTS_BYTES = 32_000_000
"""Far more than a node keeps; a stick with more is not a node's."""


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


def _export(context: CommandContext, arguments: argparse.Namespace) -> None:
    if not 1 <= arguments.days <= 30:
        raise Conflict("stick.days_out_of_range", field="days")
    with context.database.reading() as s:
        node = nodes.get(s, arguments.node)
        if node.revoked_at is not None:
            raise Conflict("stick.node_revoked", node=node.name)
    if not arguments.folder.is_dir():
        raise Conflict("stick.folder_missing", folder=arguments.folder)
    issue = _issue(context, node.id, ahead=timedelta(days=arguments.days))
    folder = _folder(arguments.folder)
    try:
        size_bytes = _write(context, folder, issue)
    except NotPlain as error:
        raise Conflict("stick.not_plain", file=error.filename) from None
    except OSError as error:
        raise Unavailable("stick.not_written", cause=error.strerror or error) from None
    duty = issue.duty
    say(f"Đã ghi lịch số {issue.number} của {node.name}: {len(duty.items)} lượt phát, {len(duty.clips)} tệp phát")
    say(f"({size_bytes / 1e6:.1f} MB) vào {folder}. Cắm USB vào cụm loa và để đó năm phút;")
    say(f"tệp {stick.note(node.id)} trên USB cho biết đã nhận xong. Mang USB về rồi chạy: loa bundle import")


def _issue(context: CommandContext, node: str, *, ahead: timedelta) -> Issue:
    """Lay out, fill and sign what the node shall do for so long."""
    schedule, delivery = context.config.schedule, context.config.delivery
    with context.database.session() as s:
        occurrences.expand(s, now_at=context.now_at, horizon=max(ahead, timedelta(hours=schedule.horizon_hours)))
    occurrences.freeze_due(context.database, now_at=context.now_at, ahead=ahead, timing=schedule, worker="bundle")
    issuer = Issuer(
        context.database,
        _identity(context),
        clock=lambda: context.now_at,
        life=max(ahead + timedelta(days=1), timedelta(days=delivery.agenda_days)),
        chunk_bytes=delivery.chunk_bytes,
    )
    issue = issuer.carry(node, until_at=context.now_at + ahead)
    with context.database.session() as s:
        details = {"number": issue.number, "items": len(issue.duty.items)}
        audit.record(
            s, by=None, action="agenda.carried", subject=f"node:{node}", now_at=context.now_at, details=details
        )
    return issue


def _write(context: CommandContext, folder: Path, issue: Issue) -> int:
    """Clips first: an agenda on the stick is an agenda with everything it needs. Its bytes altogether."""
    with suppress(FileExistsError):
        folder.mkdir()
    with StickFolder(folder) as usb:
        with usb.folder(stick.CLIPS, make=True) as held:
            for clip in issue.duty.clips:
                _copy_clip(held, clips.path(context.config.clips_dir, clip.sha256), sha256=clip.sha256)
        usb.put(stick.agenda(issue.node), issue.signed.token)
    return len(issue.signed.token) + sum(clip.size_bytes for clip in issue.duty.clips)


def _copy_clip(held: StickFolder, source: Path, *, sha256: str) -> None:
    """Unless it lies there whole already. Raises Conflict when the station lacks it, OSError."""
    name = stick.clip_name(sha256)
    if held.sha256(name) == sha256:
        return
    if not source.is_file():
        raise Conflict("stick.clip_gone", clip=source.name)
    held.copy(name, source)


def _import(context: CommandContext, arguments: argparse.Namespace) -> None:
    folder = _folder(arguments.folder)
    try:
        with StickFolder(folder) as usb:
            refused = _take_all(context, usb, folder)
    except FileNotFoundError:
        raise Conflict("stick.no_receipts", folder=folder) from None
    except NotPlain as error:
        raise Conflict("stick.not_plain", file=error.filename) from None
    except OSError as error:
        raise Unavailable("stick.not_written", cause=error.strerror or error) from None
    if refused:
        raise Conflict("stick.receipts_refused", why=refused)


def _take_all(context: CommandContext, usb: StickFolder, folder: Path) -> list[Reason]:
    """What is wrong with the receipts on it. Raises Conflict when there are none."""
    found = [Path(name).stem for name in usb.names() if name == stick.receipts(Path(name).stem)]
    if not found:
        raise Conflict("stick.no_receipts", folder=folder)
    return [reason for node_id in found for reason in _take(context, usb, node_id)]


def _take(context: CommandContext, usb: StickFolder, node_id: str) -> Iterator[Reason]:
    """Store what one node wrote; yields what is wrong with it. Again is harmless."""
    try:
        batches = _proved(usb, node_id, key=_key(context, node_id))
    except (NotFound, Conflict) as error:
        yield error.reason
        return
    stored = _store(context, node_id, batches)
    usb.put(stick.acks(node_id), _acks(context, node_id, stored))
    say(f"{node_id}: đã nhập {len(stored)} biên nhận.")


def _key(context: CommandContext, node_id: str) -> bytes:
    """By which this node's receipts are proved. Raises NotFound, Conflict for a node that was never given one."""
    with context.database.reading() as s:
        node = nodes.get(s, node_id)
    if node.receipt_key is None:
        raise Conflict("stick.node_without_key", node=node.name, id=node_id)
    return bytes.fromhex(node.receipt_key)


def _proved(usb: StickFolder, node_id: str, *, key: bytes) -> list[Receipts]:
    """What this very node signed: nobody on the way can invent a play. Raises Conflict for anything else."""
    name = stick.receipts(node_id)
    try:
        content = usb.read(name, LARGEST_RECEIPTS_BYTES)
        if len(content) > LARGEST_RECEIPTS_BYTES:
            raise Conflict("stick.file_too_large", file=name)
        return [receipts_of_today(open_receipts(line, node=node_id, key=key)) for line in content.splitlines()]
    except NotPlain:
        raise Conflict("stick.not_plain", file=name) from None
    except Unsigned:
        raise Conflict("stick.receipts_foreign", file=name) from None
    except ProtocolError as error:
        raise Conflict("stick.receipts_broken", file=name, cause=error) from None


def _store(context: CommandContext, node_id: str, batches: Sequence[Receipts]) -> list[str]:
    """The ids now in the database."""
    stored: list[str] = []
    with context.database.session() as s:
        node = nodes.get(s, node_id)
        for batch in batches:
            stored += receipts.store(s, node_id=node.id, receipts=batch.receipts, now_at=context.now_at)
        details = {"receipts": len(stored)}
        subject = f"node:{node.id}"
        audit.record(s, by=None, action="receipts.carried", subject=subject, now_at=context.now_at, details=details)
    return stored


def _acks(context: CommandContext, node: str, stored: Sequence[str]) -> bytes:
    seed = _identity(context).seed
    parts = [tuple(stored[start : start + ACKS_AT_ONCE]) for start in range(0, len(stored), ACKS_AT_ONCE)]
    return b"".join(sign_acks(Acks(node=node, receipts=part), seed) + b"\n" for part in parts)


def _identity(context: CommandContext) -> StationIdentity:
    return StationIdentity.load_or_create(context.config.data_dir.absolute(), context.config.station.id)


def _folder(given: Path) -> Path:
    return given if given.name == stick.FOLDER else given / stick.FOLDER

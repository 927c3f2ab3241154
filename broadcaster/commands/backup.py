"""``loa backup`` and ``loa restore``."""

import argparse
import fcntl
import getpass
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from broadcaster import config as configuration
from broadcaster.backups import manual, nightly, recovery_key, restoring
from broadcaster.backups.nightly import Nightly
from broadcaster.backups.places import place as places
from broadcaster.backups.places import ssh_key
from broadcaster.backups.restoring import BackupSource, Restored
from broadcaster.commands import recovery_sheet
from broadcaster.commands.context import guarded, opened, parser, say
from broadcaster.config import Config
from broadcaster.errors import Conflict, Invalid, LoaError, Unavailable
from broadcaster.refusals.sentences import sentence

_COUNTED = {
    "announcements": "bản tin",
    "broadcasts": "lượt phát",
    "slots": "khung giờ",
    "people": "người",
    "nodes": "cụm loa",
    "units": "đơn vị",
}
_SHUT_OUT = {"node": "Cụm loa", "person": "Người dùng", "token": "Mã API"}


def backup(argv: Sequence[str]) -> int:
    """While the station runs or not."""
    made = parser(
        "backup", "Sao lưu đài: vào một tệp, hoặc ngay bây giờ vào các nơi lưu trong cấu hình (backup.places)."
    )
    made.add_argument("file", type=Path, nargs="?", help="ghi cả đài vào tệp này")
    made.add_argument("--force", action="store_true", help="ghi đè tệp đang có")
    made.add_argument("--plain", action="store_true", help="không niêm phong tệp, dù đã có khóa khôi phục")
    made.add_argument("--now", action="store_true", help="sao lưu ngay vào mọi nơi lưu")
    made.add_argument("--new-place", action="store_true", help="với --now: nơi lưu là ổ mới, chưa có gì")
    made.add_argument("--new-key", action="store_true", help="tạo khóa khôi phục để in ra giấy, một lần")
    made.add_argument("--confirm-key", metavar="MÃ", help="dùng khóa vừa in: gõ mã kiểm tra trên giấy")
    made.add_argument("--forget-hosts", action="store_true", help="máy SFTP đã đổi khóa và người quản lý xác nhận")
    made.add_argument("--show", action="store_true", help="tình trạng sao lưu và khóa SSH của đài")
    arguments = made.parse_args(argv)
    return guarded(lambda: _backup(made, arguments))


def restore(argv: Sequence[str]) -> int:
    """Only while the station stands still."""
    made = parser("restore", "Khôi phục từ một bản sao lưu. Hãy dừng đài trước.")
    made.add_argument("source", help="tệp; thư mục có các bản sao lưu (lấy bản mới nhất); hoặc sftp://user@máy/thư-mục")
    made.add_argument("--key", type=Path, help="tệp có khóa khôi phục; không có thì gõ từ giấy")
    made.add_argument("--force", action="store_true", help="thay cái đang có; cái cũ được cất sang bên")
    arguments = made.parse_args(argv)
    return guarded(lambda: _restore(arguments))


def _backup(made: argparse.ArgumentParser, arguments: argparse.Namespace) -> None:
    config = configuration.load(arguments.config)
    if arguments.new_key:
        recovery_sheet.show(recovery_key.new(config.data_dir), config.station.name)
    elif arguments.confirm_key is not None:
        recovery_key.confirm(config.data_dir, arguments.confirm_key)
        say("Từ nay các bản sao lưu được niêm phong bằng khóa này.")
    elif arguments.forget_hosts:
        ssh_key.forget_hosts(config.data_dir)
        say("Lần sao lưu tới sẽ ghi nhớ khóa mới của máy SFTP.")
    elif arguments.show:
        _show(arguments)
    elif arguments.now:
        _now(arguments)
    elif arguments.file is not None:
        _into_file(config, arguments)
    else:
        made.error("hãy cho tên tệp, hoặc --now, --new-key, --confirm-key, --show")


def _into_file(config: Config, arguments: argparse.Namespace) -> None:
    key = None if arguments.plain else recovery_key.in_force(config.data_dir)
    path, now_at = arguments.file, datetime.now(UTC)
    found = manual.backup(config, path, key=key, force=arguments.force, now_at=now_at)
    clips = sum(name.endswith(".ogg") for name in found.files)
    say(f"Đã sao lưu vào {path} và thử khôi phục được: dữ liệu, cấu hình, khóa, chứng chỉ, {clips} tệp phát.")
    if key is None:
        say("Tệp này là bí mật và KHÔNG niêm phong, hãy cất kỹ. Tạo khóa khôi phục: loa backup --new-key.")
    else:
        say(f"Tệp được niêm phong; mở bằng khóa khôi phục có mã kiểm tra {key.code}.")
    _warn_damaged(found.damaged)


def _now(arguments: argparse.Namespace) -> None:
    with opened(arguments.config) as context:
        if not context.config.backup.places:
            raise Conflict("backup.no_places")
        state = Nightly(context.config, context.database, lambda: datetime.now(UTC)).run(new_places=arguments.new_place)
    for each in state.places:
        if each.fault is None and state.fault is None:
            say(f"✓ {each.place}: bản {each.good_at:%d/%m/%Y %H:%M} UTC, {each.size_bytes:,} byte, {each.copies} bản.")
        elif each.fault is not None:
            say(f"✗ {sentence(each.fault)}")
    _warn_damaged(state.damaged)
    if state.fault is not None:
        raise Unavailable.of(state.fault)
    if state.faults:
        raise Unavailable("backup.places_failed", count=len(state.faults))


def _show(arguments: argparse.Namespace) -> None:
    from broadcaster.station.rows import backup_states

    with opened(arguments.config) as context:
        folder = context.config.data_dir
        key = recovery_key.in_force(folder)
        say(f"Khóa khôi phục: {'mã kiểm tra ' + key.code if key else 'chưa có (loa backup --new-key)'}")
        with context.database.reading() as s:
            state = backup_states.read(s)
        for each in state.places if state else ():
            good = f"{each.good_at:%d/%m/%Y %H:%M} UTC" if each.good_at else "chưa có bản tốt nào"
            say(f"{each.place}: {good}, {each.copies} bản. {sentence(each.fault) if each.fault else ''}".rstrip())
        say(f"Khóa SSH của đài (cho authorized_keys): {ssh_key.public_key(folder)}")


def _restore(arguments: argparse.Namespace) -> None:
    config = configuration.load(arguments.config)
    source = BackupSource(arguments.source, nightly.access_of(config))
    if arguments.key is not None:
        source = replace(source, identity=recovery_key.typed(_read(arguments.key)))
    with _standing_still(config):
        restored = _restored(config, source, force=arguments.force)
    _report(config, restored)


def _restored(config: Config, source: BackupSource, *, force: bool) -> Restored:
    """What only a person knows is asked when it turns out to be needed."""
    try:
        return restoring.restore(config, source, force=force, now_at=datetime.now(UTC))
    except LoaError as error:
        if error.code == "backup.key_needed" and source.identity is None:
            source = replace(source, identity=recovery_key.typed(_asked("Khóa khôi phục (AGE-SECRET-KEY-1…): ")))
        elif error.code == "backup.place_locked" and not source.access.password and sys.stdin.isatty():
            access = replace(source.access, password=_asked(f"Mật khẩu của {places.shown(source.address)}: "))
            source = replace(source, access=access)
        else:
            raise
    return _restored(config, source, force=force)


def _asked(question: str) -> str:
    return getpass.getpass(question) if sys.stdin.isatty() else sys.stdin.readline()


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid("backup.key_not_readable", field="key", path=path, cause=error) from None


def _report(config: Config, restored: Restored) -> None:
    say(f"Đã khôi phục từ {restored.name} vào {config.data_dir}.")
    if restored.manifest is not None:
        say(f"Bản sao lưu của {restored.manifest.station_name}, lúc {restored.manifest.made_at:%d/%m/%Y %H:%M} UTC.")
        _warn_damaged(restored.manifest.damaged)
    if restored.aside is not None:
        say(f"Dữ liệu cũ được cất ở {restored.aside}.")
    _report_turned_back(restored)
    say(
        "Các cụm loa còn nhớ sổ kiểm tra sau bản này: khi chúng nối lại, ghi nhận bằng loa audit accept --reason LÝ_DO."
    )
    if restored.missing:
        say(f"! Không lấy lại được {len(restored.missing)} tệp tiếng hoặc giọng: {', '.join(restored.missing[:3])} …")
        say("  Mở bản tin liên quan và tạo lại tiếng, hoặc tìm thư mục “stock” đi cùng bản sao lưu.")
    if restored.differing:
        say(f"! Cấu hình ở đây khác bản sao lưu: {', '.join(restored.differing)}.")
        say(f"  Cấu hình cũ nằm ở {config.data_dir / restoring.SETTINGS}; cụm loa tìm đài theo địa chỉ trong đó.")


def _report_turned_back(restored: Restored) -> None:
    """What the copy is too old to know."""
    if restored.forgotten:
        lacking = ", ".join(f"{number} {_COUNTED[table]}" for table, number in restored.forgotten.items())
        say(f"! Bản sao lưu chưa có những gì ghi sau nó: {lacking}.")
    for each in restored.shut_out:
        say(f"! {_SHUT_OUT[each.kind]} {each.name}: đã bị khóa sau bản sao lưu này ({each.at:%d/%m/%Y}), nay vẫn khóa.")
    say(
        "Mọi người đăng nhập lại; việc khóa người, thu hồi cụm loa sau bản sao lưu mà không ai chứng được, hãy làm lại."
    )


def _warn_damaged(names: Sequence[str]) -> None:
    if names:
        say(f"! {len(names)} tệp của đài bị hỏng trước khi sao lưu: {', '.join(names[:3])}. Chạy “loa doctor”.")


@contextmanager
def _standing_still(config: Config) -> Iterator[None]:
    """Hold what a running station holds. Raises Conflict when it runs."""
    config.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (config.data_dir / "in-use.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Conflict("backup.station_running") from None
        yield

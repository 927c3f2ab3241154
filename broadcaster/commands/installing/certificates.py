"""``loa certificates``: the station's own authority, and what it issued."""

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from broadcaster import config as configuration
from broadcaster.certificates import authority, server_certificate
from broadcaster.commands.context import guarded, parser, say
from broadcaster.config import Config
from broadcaster.errors import Conflict


def main(argv: Sequence[str]) -> int:
    """0 done, 1 could not be done, 2 wrong usage or configuration."""
    made = parser("certificates", "Bộ chứng thực của đài: xem, xuất cho trình duyệt, cấp lại.")
    commands = made.add_subparsers(required=True)
    commands.add_parser("show", help="dấu nhận ra bộ chứng thực, tên và hạn của chứng chỉ").set_defaults(work=_show)
    export = commands.add_parser("export", help="ghi chứng chỉ gốc để cài vào trình duyệt và điện thoại của xã")
    export.add_argument("-o", "--output", type=Path, default=Path("loa-lang.crt"), help="mặc định là loa-lang.crt")
    export.set_defaults(work=_export)
    renew = commands.add_parser("renew", help="cấp chứng chỉ mới ngay cho máy này; cụm loa không phải làm gì")
    renew.set_defaults(work=_renew)
    arguments = made.parse_args(argv)
    return guarded(lambda: arguments.work(configuration.load(arguments.config), arguments))


def _show(config: Config, _arguments: argparse.Namespace) -> None:
    now_at = datetime.now(UTC)
    made = authority.load_or_create(config, now_at=now_at)
    say(f"Bộ chứng thực: {authority.certificate_file(config)}")
    say(f"  dấu nhận ra (có trong mã cấp cho cụm loa): {made.fingerprint}")
    say(f"  hạn: {made.certificate.not_valid_after_utc:%d/%m/%Y}")
    path = server_certificate.keep(config, now_at=now_at)
    found = server_certificate.read(path)
    if found is not None:
        say(f"Chứng chỉ của máy này: {path}")
        say(f"  hạn: {found.not_valid_after_utc:%d/%m/%Y}, tự cấp lại trước 60 ngày")
        say(f"  tên: {', '.join(server_certificate.names_of(found))}")


def _export(config: Config, arguments: argparse.Namespace) -> None:
    pem = authority.load_or_create(config, now_at=datetime.now(UTC)).pem
    try:
        arguments.output.write_text(pem, encoding="ascii")
    except OSError as error:
        raise Conflict("bundle.not_written", path=arguments.output, cause=error.strerror) from None
    say(
        f"Đã ghi {arguments.output}. Tệp này không bí mật; cài nó làm chứng chỉ gốc trên máy tính và điện thoại của xã."
    )


def _renew(config: Config, _arguments: argparse.Namespace) -> None:
    (authority.folder(config) / server_certificate.FILE).unlink(missing_ok=True)
    server_certificate.keep(config, now_at=datetime.now(UTC))
    say("Đã cấp chứng chỉ mới. Đài và bàn điều khiển đang chạy dùng nó trong vòng một phút.")

"""``loa station accept-key``: the key of this data folder is the station's from now on; its old one is lost."""

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime

from broadcaster import config as configuration
from broadcaster.commands.context import guarded, parser, say
from broadcaster.station.nodes.station_key import StationIdentity
from broadcaster.station.upkeep import cell_folder
from broadcaster.station.upkeep.opening import open_database


def main(argv: Sequence[str]) -> int:
    """With the station stopped. Where the folder holds no key, one is made."""
    made = parser("station accept-key", "Nhận khóa trong thư mục dữ liệu làm khóa của đài, khi khóa cũ đã mất hẳn.")
    arguments = made.parse_args(argv)
    return guarded(lambda: _accept(arguments))


def _accept(arguments: argparse.Namespace) -> None:
    config = configuration.load(arguments.config)
    database = open_database(config, any_key=True)
    try:
        database.migrate()
        identity = StationIdentity.load_or_create(config.data_dir.absolute(), config.station.id)
        with database.session() as s:
            cell_folder.accept_key(s, identity, now_at=datetime.now(UTC))
    finally:
        database.dispose()
    say(f"Đài dùng khóa {identity.public_key.hex()[:16]} từ nay. Mọi cụm loa phải được ghi danh lại (loa nodes renew).")
    say("Nhật ký kiểm toán niêm phong bằng khóa cũ sẽ được báo là không khớp: xem loa audit accept.")

"""``loa cells``: several communes' stations on one machine, each added, looked at, upgraded and removed alone."""

import argparse
import json
import re
import shutil
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from broadcaster.commands.cells import layout, services
from broadcaster.commands.cells.layout import Cell, Places
from broadcaster.commands.context import guarded, say, table
from broadcaster.errors import Conflict, Invalid, LoaError
from broadcaster.private_files import write_private
from broadcaster.station.database import cell_databases
from broadcaster.station.database.engine import Database
from broadcaster.station.rows import heartbeats

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,47}")
"""As ``station.id``."""


def main(argv: Sequence[str]) -> int:
    made = argparse.ArgumentParser(prog="loa cells", description="Nhiều đài xã trên một máy, mỗi đài riêng mọi thứ.")
    made.add_argument("--etc", type=Path, default=layout.ETC, help="thư mục cấu hình các đài")
    made.add_argument("--var", type=Path, default=layout.VAR, help="thư mục dữ liệu các đài")
    commands = made.add_subparsers(required=True)
    add = commands.add_parser("add", help="thêm đài của một xã")
    add.add_argument("name", help="mã đài, ví dụ con-minh; không đổi về sau")
    add.add_argument("--title", help="tên đài cho người đọc; mặc định “Đài truyền thanh xã”")
    add.add_argument("--postgresql", default="", help="URL quản trị PostgreSQL: tạo cơ sở dữ liệu riêng cho đài")
    add.add_argument(
        "--set", dest="settings", action="append", default=[], metavar="a.b=GIÁ TRỊ", help="thiết lập thêm"
    )
    add.add_argument("--start", action="store_true", help="bật và chạy ngay dịch vụ của đài")
    add.set_defaults(work=_add)
    shown = commands.add_parser("list", help="xem các đài")
    shown.add_argument("--json", action="store_true")
    shown.set_defaults(work=_list)
    upgrade = commands.add_parser("upgrade", help="sao lưu, đổi chương trình và chạy lại một đài")
    upgrade.add_argument("name")
    upgrade.add_argument("--program", type=Path, default=Path(sys.prefix), help="môi trường (venv) của bản mới")
    upgrade.set_defaults(work=_upgrade)
    remove = commands.add_parser("remove", help="gỡ một đài; dữ liệu giữ lại")
    remove.add_argument("name")
    remove.add_argument("--delete-data", metavar="MÃ ĐÀI", help="xóa cả dữ liệu: gõ lại mã đài")
    remove.set_defaults(work=_remove)
    arguments = made.parse_args(argv)
    return guarded(lambda: arguments.work(Places(arguments.etc.absolute(), arguments.var.absolute()), arguments))


def _add(places: Places, arguments: argparse.Namespace) -> None:
    cell = Cell(arguments.name, places)
    if not _NAME.fullmatch(cell.name):
        raise Invalid("cells.name_malformed", field="name")
    if cell.file.parent.exists():
        raise Conflict("cells.there", name=cell.name)
    settings: dict[str, Any] = {"data_dir": str(cell.data_dir), "station": {"id": cell.name}}
    settings |= layout.free_ports(places)
    if arguments.title:
        settings["station"]["name"] = arguments.title
    for each in arguments.settings:
        _put(settings, each)
    layout.write(cell, settings, program=Path(sys.prefix))
    if arguments.postgresql:
        try:
            url = cell_databases.create(arguments.postgresql, cell.name)
        except LoaError:
            _forget(cell)
            raise
        _rewrite(cell, {**settings, "database": {"url": url}})
    config = cell.config()
    say(f"Đã thêm đài {cell.name}: {cell.file}, dữ liệu {cell.data_dir}")
    say(f"Cổng: bàn điều khiển {config.web.port}, broker {config.broker.port}, ghi danh {config.enrolment.port}.")
    if not (arguments.start and services.tell(cell, "enable", "--now")):
        say(f"Chạy: systemctl enable --now loa-station@{cell.name} loa-web@{cell.name}")
    say(f"Cài đặt lần đầu: {cell.program}/bin/loa setup --config {cell.file}")


def _list(places: Places, arguments: argparse.Namespace) -> None:
    found = [_state(each) for each in layout.cells(places)]
    if arguments.json:
        say(json.dumps(found, ensure_ascii=False))
        return
    rows = [(each["name"], each["title"], str(each["web_port"]), each["database"], each["state"]) for each in found]
    table([("ĐÀI", "TÊN", "CỔNG", "CƠ SỞ DỮ LIỆU", "TRẠNG THÁI"), *rows])


def _state(cell: Cell) -> dict[str, Any]:
    """Plain JSON on one cell; what cannot be read is its state."""
    try:
        config = cell.config()
        kind = config.database_url.partition(":")[0].partition("+")[0]
        known = {"title": config.station.name, "web_port": config.web.port, "database": kind}
        return {"name": cell.name, **known, "state": "chạy" if _runs(config.database_url) else "dừng"}
    except LoaError as error:
        return {"name": cell.name, "title": "?", "web_port": 0, "database": "?", "state": error.code}


def _runs(url: str) -> bool:
    """Whether its station gave a sign of life lately."""
    if url.startswith("sqlite") and not Path(url.removeprefix("sqlite:///")).is_file():
        return False
    database = Database(url)
    try:
        with database.reading() as s:
            beat = heartbeats.read(s).get("station")
        return beat is not None and datetime.now(UTC) - beat.at <= heartbeats.FRESH
    finally:
        database.dispose()


def _upgrade(places: Places, arguments: argparse.Namespace) -> None:
    cell = layout.get(places, arguments.name)
    program = arguments.program.absolute()
    if not (program / "bin" / "loa").exists():
        raise Invalid("cells.no_program", field="program", folder=program)
    saved = cell.data_dir / "before-upgrade" / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}.loa"
    if (cell.data_dir / "station.key").exists():
        saved.parent.mkdir(mode=0o700, exist_ok=True)
        if (account := layout.owner()) is not None:
            shutil.chown(saved.parent, *account)
        services.program(cell, "backup", str(saved))
        say(f"Đã sao lưu vào {saved}")
    stopped = services.tell(cell, "stop")
    layout.link(cell, program)
    if stopped:
        services.tell(cell, "start")
    say(f"Đài {cell.name} chạy bằng {program}" + ("." if stopped else " từ lần khởi động tới."))


def _remove(places: Places, arguments: argparse.Namespace) -> None:
    cell = layout.get(places, arguments.name)
    if arguments.delete_data not in (None, cell.name):
        raise Invalid("cells.not_confirmed", field="delete_data", name=cell.name)
    services.tell(cell, "disable", "--now")
    saved = cell.data_dir / "config.yaml.removed"
    if arguments.delete_data:
        shutil.rmtree(cell.data_dir, ignore_errors=True)
    elif cell.data_dir.is_dir():
        shutil.move(cell.file, saved)
    _forget(cell)
    say(
        f"Đã gỡ đài {cell.name}."
        + ("" if arguments.delete_data else f" Dữ liệu còn ở {cell.data_dir}, cấu hình ở {saved}.")
    )
    say("Cơ sở dữ liệu trên PostgreSQL, nếu có, còn nguyên: người quản trị máy chủ xóa nó.")


def _forget(cell: Cell) -> None:
    shutil.rmtree(cell.file.parent, ignore_errors=True)


def _rewrite(cell: Cell, settings: dict[str, Any]) -> None:
    write_private(cell.file, yaml.safe_dump(settings, allow_unicode=True, sort_keys=False), owner=layout.owner())


def _put(settings: dict[str, Any], said: str) -> None:
    """``a.b=value`` into the tree; the value as YAML. Raises Invalid."""
    name, equals, value = said.partition("=")
    *parents, leaf = name.strip().split(".")
    tree = settings
    for parent in parents:
        tree = tree.setdefault(parent, {})
    if not equals or not isinstance(tree, dict):
        raise Invalid("cells.setting_malformed", field="set", setting=said[:80])
    tree[leaf] = yaml.safe_load(value)

"""``loa broker export``: what a broker that others run must be told, in its own form."""

import argparse
import shlex
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType

from broadcaster.commands.context import CommandContext, parser, run, say
from broadcaster.delivery.broker.cluster import emqx, mosquitto, rabbitmq
from broadcaster.delivery.broker.cluster.tenancy import Tenancy
from broadcaster.delivery.broker.credentials import Credential
from broadcaster.delivery.broker.sockets import reachable
from broadcaster.errors import Invalid
from broadcaster.private_files import write_private
from broadcaster.station.gauges import gauges
from broadcaster.station.nodes import nodes

WRITERS: dict[str, ModuleType] = {"mosquitto": mosquitto, "rabbitmq": rabbitmq, "emqx": emqx}
FOLLOW_SECONDS = 1.0


def main(argv: Sequence[str]) -> int:
    made = parser("broker", "Máy chủ tin nhắn (MQTT) do người khác vận hành: những điều phải khai cho nó.")
    commands = made.add_subparsers(required=True)
    export = commands.add_parser("export", help="ghi tài khoản, quyền và mẫu TLS theo dạng của máy chủ")
    export.add_argument("--for", dest="kind", required=True, choices=sorted(WRITERS), help="loại máy chủ")
    export.add_argument("-o", "--output", type=Path, default=Path(), help="thư mục sẽ ghi; mặc định thư mục hiện tại")
    export.add_argument("--hook", action="store_true", help="máy chủ hỏi đài mỗi lần, thay cho tệp tài khoản")
    export.add_argument("--follow", action="store_true", help="chạy mãi, ghi lại mỗi khi tài khoản thay đổi")
    export.add_argument("--then", default="", help="lệnh chạy sau mỗi lần ghi, ví dụ “systemctl reload mosquitto”")
    export.set_defaults(work=_export)
    return run(made, argv)


def _export(context: CommandContext, arguments: argparse.Namespace) -> None:
    files, left_out = _made(context, arguments)
    changed = _write(arguments.output, files)
    say(f"Đã ghi vào {arguments.output.absolute()}: {', '.join(sorted(files))}")
    if left_out:
        say(f"Thiếu dạng mật khẩu cho {', '.join(left_out)}: cấp lại bằng “loa nodes renew”, hoặc dùng --hook.")
    _then(arguments.then, changed=changed)
    while arguments.follow:
        time.sleep(FOLLOW_SECONDS)
        files, _ = _made(context, arguments)
        _then(arguments.then, changed=_write(arguments.output, files))


def _made(context: CommandContext, arguments: argparse.Namespace) -> tuple[dict[str, str], list[str]]:
    """The files by name, and the nodes whose password this broker cannot be told."""
    settings, tenancy = context.config.broker, Tenancy.of(context.config)
    if not settings.username or not settings.password:
        raise Invalid("broker.export_no_account", field="broker.username")
    if arguments.hook and not settings.hook_port:
        raise Invalid("broker.export_no_hook", field="broker.hook_port")
    token = f"/{settings.hook_token}" if settings.hook_token else ""
    url = f"http://{reachable(settings.hook_host)}:{settings.hook_port}{token}" if arguments.hook else ""
    known = _accounts(context, tenancy)
    files = WRITERS[arguments.kind].files(tenancy, known, password=settings.password, hook_url=url)
    return files, [] if arguments.hook else [name for name, each in known.items() if not _fits(arguments.kind, each)]


def _accounts(context: CommandContext, tenancy: Tenancy) -> Mapping[str, Credential]:
    with context.database.reading() as s:
        known = [
            Credential(username=each.username, password_hash=each.password_hash, password_sha256=each.password_sha256)
            for each in nodes.listing(s)
        ]
        sending = [
            Credential(username=each.id, password_hash=each.password_hash or "", password_sha256=each.password_sha256)
            for each in gauges.with_accounts(s)
        ]
        return tenancy.named([*known, *sending])


def _fits(kind: str, credential: Credential) -> bool:
    if kind == "rabbitmq":
        return credential.password_sha256 is not None
    return kind == "mosquitto" or emqx.is_exportable(credential)


def _write(folder: Path, files: Mapping[str, str]) -> bool:
    """Whether one of them says something else than before."""
    return sum(write_private(folder / name, text) for name, text in files.items()) > 0


def _then(command: str, *, changed: bool) -> None:
    if command and changed:
        subprocess.run(shlex.split(command), check=False)  # noqa: S603  # the administrator's own words

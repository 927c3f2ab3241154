"""The one command. It imports lazily, so that a node starts without the station's libraries and a typo costs nothing.

Exit codes: 0 done; 1 could not be done, one sentence on stderr says why; 2 wrong usage or wrong configuration.
"""

import sys
from collections.abc import Callable, Sequence
from importlib import import_module, metadata

COMMANDS: dict[str, tuple[str, str]] = {
    "run": ("loa.run:run", "chạy cả hệ thống trên máy này: broker, đài, bàn điều khiển; --demo thêm một xã mẫu"),
    "setup": (
        "broadcaster.commands.installing.setup:main",
        "cài đặt lần đầu: tên xã, hai người đầu tiên, thông báo, sao lưu, chứng chỉ, địa chỉ",
    ),
    "station": (
        "loa.daemons:station",
        "dịch vụ của đài: lập lịch, đọc, phát lệnh tới cụm loa; take-over: máy này tiếp quản",
    ),
    "web": ("loa.daemons:web", "dịch vụ bàn điều khiển và API"),
    "node": ("speaker_node.command:main", "dịch vụ của một cụm loa"),
    "simulate": ("loa.simulate:main", "nhiều cụm loa ảo trong một tiến trình, để thử tải"),
    "normalize": ("broadcaster.text.command:main", "văn bản viết thành lời đọc, từng dòng"),
    "paper": ("broadcaster.commands.papers:main", "một văn bản hành chính thành bản tin: dòng nào đọc, dòng nào bỏ"),
    "say": ("broadcaster.commands.saying:say", "văn bản thành tệp phát"),
    "voices": ("broadcaster.commands.voices:voices", "giọng đọc đã cài"),
    "nodes": ("broadcaster.commands.nodes:main", "thêm, xem, thu hồi cụm loa"),
    "releases": (
        "broadcaster.commands.installing.releases:main",
        "bản cập nhật cụm loa qua mạng: add, list, start, pause, resume, withdraw",
    ),
    "certificates": (
        "broadcaster.commands.installing.certificates:main",
        "bộ chứng thực của đài: xem, xuất cho trình duyệt, cấp lại",
    ),
    "cells": ("broadcaster.commands.cells.command:main", "nhiều đài xã trên một máy: add, list, upgrade, remove"),
    "province": ("loa.daemons:province", "dịch vụ của cấp trên: soạn cho nhiều xã, xem từng xã, báo cáo tháng"),
    "exchange": (
        "broadcaster.commands.exchange.command:main",
        "bản tin cấp trên: join MÃ, list, leave",
    ),
    "broker": ("broadcaster.commands.broker:main", "khai cho máy chủ tin nhắn (MQTT) dùng chung: export --for …"),
    "bundle": ("loa.bundles:main", "lịch và tệp phát cho cụm loa không có mạng, mang đi bằng USB"),
    "users": ("broadcaster.commands.users:main", "người dùng và mật khẩu"),
    "tokens": ("broadcaster.commands.tokens:main", "mã truy cập API"),
    "audit": ("broadcaster.commands.audit:main", "sổ kiểm tra: có bị sửa không, so với đầu sổ các cụm loa giữ"),
    "access": ("loa.access:main", "ai được làm gì, ở đâu, như chương trình quyết định; --json cả ma trận"),
    "doctor": ("broadcaster.commands.doctor:main", "tự kiểm tra và nói điều cần sửa"),
    "backup": ("broadcaster.commands.backup:backup", "sao lưu"),
    "restore": ("broadcaster.commands.backup:restore", "khôi phục từ bản sao lưu"),
}
"""Each command: where its function ``(argv) -> exit code`` lives, and what it does."""


OURS = {"loa", "broadcaster", "scheduler", "web", "speaker_node"}
PARTS_OF_COMMANDS = {"node": "node"}
"""Commands that need another part of the installation than ``station``; the parts are the extras in pyproject.toml."""
PARTS_OF_MODULES = {"piper": "piper", "onnxruntime": "piper", "sherpa_onnx": "voices", "gpiozero": "relay"}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the console script's entry point."""
    name, *rest = list(sys.argv[1:] if argv is None else argv) or ["--help"]
    if name in ("-h", "--help", "help"):
        print(_usage())
        return 0
    if name in ("-V", "--version"):
        print(f"loa {metadata.version('loa-lang')}")
        return 0
    if name not in COMMANDS:
        print(f"Không có lệnh “{name}”.\n\n{_usage()}", file=sys.stderr)
        return 2
    try:
        return _function(name)(rest)
    except ModuleNotFoundError as error:
        print(_missing(name, error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 1


def _function(name: str) -> Callable[[Sequence[str]], int]:
    module, _, function = COMMANDS[name][0].partition(":")
    found: Callable[[Sequence[str]], int] = getattr(import_module(module), function)
    return found


def _missing(command: str, error: ModuleNotFoundError) -> str:
    """Which part of the installation a command lacks. Raises the error again when the module is ours."""
    module = (error.name or "").partition(".")[0]
    if not module or module in OURS:
        raise error
    part = PARTS_OF_MODULES.get(module) or PARTS_OF_COMMANDS.get(command, "station")
    return f"Lệnh “loa {command}” cần phần “{part}” (thiếu {module}): hãy chạy pip install 'loa-lang[{part}]'."


def _usage() -> str:
    lines = [f"  {name:<12} {what}" for name, (_, what) in COMMANDS.items()]
    return "\n".join(["Cách dùng: loa LỆNH [tùy chọn]      (loa LỆNH --help để xem thêm)", "", *lines])

"""``loa station take-over``: from now on the nodes obey this machine alone."""

import argparse
from collections.abc import Sequence

from broadcaster.commands.context import CommandContext, parser, run, say
from broadcaster.station.copies import second_copy


def main(argv: Sequence[str]) -> int:
    """While the station runs or not; a running one signs anew within seconds."""
    made = parser("station take-over", "Cho mọi cụm loa nghe máy này, không nghe máy nào khác cùng danh tính.")
    made.set_defaults(work=_take_over)
    return run(made, argv)


def _take_over(context: CommandContext, _arguments: argparse.Namespace) -> None:
    with context.database.session() as s:
        term = second_copy.take_over(s, by=None, now_at=context.now_at)
    say(f"Máy này đã tiếp quản đài (nhiệm kỳ {term}). Cụm loa nào kết nối sẽ nghe máy này. Hãy tắt máy kia.")

"""The recovery key on a terminal: to be copied to paper or photographed for printing, and then forgotten."""

import io

import segno

from broadcaster.backups.recovery_key import PrintedKey
from broadcaster.commands.context import say


def show(printed: PrintedKey, station: str) -> None:
    drawn = io.StringIO()
    segno.make(printed.secret, error="m").terminal(out=drawn, compact=True)
    say(f"KHÓA KHÔI PHỤC của {station}. Chỉ hiện một lần: hãy in hoặc chép ra giấy, cất xa máy chủ.")
    say()
    say(f"  {printed.secret}")
    say()
    say(drawn.getvalue())
    say(f"Mã kiểm tra: {printed.key.code}")
    say("Ai có khóa này mở được mọi bản sao lưu. Mất khóa thì không ai mở được.")
    say("Cất giấy xong, gõ: loa backup --confirm-key MÃ-KIỂM-TRA")

"""The hamlet head's day on a cheap phone: a levy is written, approved on another phone, said, and paid by a code."""

import io
import re

import av
import zxingcpp
from playwright.sync_api import expect

from broadcaster.payments import vietqr
from broadcaster.payments.levy import Levy
from broadcaster.protocol.values import DeliveryState
from tests.browser.conftest import Enter
from tests.browser.rig.chromium import Chromium
from tests.browser.rig.stage import Stage

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
LEVY = Levy(
    bank_bin="970405", account="3713123456789", holder="Thôn Bản Cuôn", amount_vnd=50_000, purpose="Quy ve sinh quy IV"
)


def test_a_levy_goes_from_the_heads_phone_to_a_code_a_banking_app_reads(
    enter: Enter, stage: Stage, chromium: Chromium
) -> None:
    stage.hire("truongthon", "Triệu Văn Bền", "officer", unit_id="ban-cuon")
    stage.online("ban-cuon")
    head, chair = enter("truongthon", **PHONE), enter("chutich", **PHONE)
    head.page.locator(".tabs").get_by_role("link", name="Soạn").tap()
    head.page.fill("#title", "Thu quỹ vệ sinh")
    head.page.fill("#text", "Mỗi hộ nộp 50.000đ quỹ vệ sinh quý IV, hạn cuối 17h ngày 30/11.")
    head.page.locator('input[name="zones"][value="ban-cuon"]').check()
    head.page.get_by_text("Thu tiền qua ngân hàng").first.tap()
    head.page.select_option("#levy_bank", "970405")
    for name, typed in (("account", LEVY.account), ("holder", LEVY.holder), ("amount", "50.000đ")):
        head.page.fill(f"#levy_{name}", typed)
    head.page.fill("#levy_purpose", "Quỹ vệ sinh quý IV")
    announcement = head.save()
    head.press("Gửi duyệt")
    head.sees("Đang chờ người khác duyệt")
    chair.go("/approvals")
    chair.page.get_by_role("link", name="Thu quỹ vệ sinh").tap()
    chair.sees(LEVY.account)
    chair.press("Duyệt")
    head.go(announcement)
    head.follow("Phát ngay")
    head.page.get_by_role("button", name=re.compile("Phát đến 1 cụm loa")).tap()
    head.page.wait_for_url(re.compile("/broadcasts/"))
    broadcast = stage.latest_broadcast()
    stage.report(broadcast, "ban-cuon", DeliveryState.PLAYING)
    stage.report(broadcast, "ban-cuon", DeliveryState.PLAYED, played_ms=12_000)
    expect(head.page.locator("main")).to_contain_text("Đã phát xong")
    _pay(chromium, stage, broadcast)


def _pay(chromium: Chromium, stage: Stage, broadcast: str) -> None:
    """A neighbour without an account at the console reads it, and a banking app reads the code on the screen."""
    neighbour = chromium.new_context(**PHONE).pages[0]
    neighbour.goto(f"{stage.address}/thon/ban-cuon")
    neighbour.get_by_role("link", name="Thu quỹ vệ sinh", exact=True).tap()
    expect(neighbour.locator(".levy")).to_contain_text("50.000 đ")
    assert _read(neighbour.locator(".qr").screenshot()) == vietqr.payload(LEVY)
    stored = neighbour.request.get(f"{stage.address}/tin/{broadcast}/ma.png").body()
    assert _read(stored) == vietqr.payload(LEVY)
    assert neighbour.context.cookies() == []
    chromium.close(neighbour.context)


def _read(picture: bytes) -> str:
    with av.open(io.BytesIO(picture)) as file:
        [squares] = [frame.to_ndarray(format="gray") for frame in file.decode(video=0)]
    [code] = zxingcpp.read_barcodes(squares)
    return code.text


def test_another_hamlet_is_refused_in_words_and_the_text_is_kept(enter: Enter, stage: Stage) -> None:
    stage.hire("truongthon", "Triệu Văn Bền", "officer", unit_id="ban-cuon")
    head = enter("truongthon", **PHONE)
    head.write("Họp thôn", "Mời bà con Lủng Vai họp tối nay.", "ban-cuon")
    assert head.page.locator('input[name="zones"][value="lung-vai"]').count() == 0, "another hamlet is not offered"
    head.page.locator('input[name="zones"]:checked').evaluate("box => { box.value = 'lung-vai'; }")
    head.press("Lưu và nghe thử")
    head.sees("không có quyền soạn bản tin")
    expect(head.page.locator("#text")).to_have_value("Mời bà con Lủng Vai họp tối nay.")
    head.errors.clear()  # Chromium notes the refusal

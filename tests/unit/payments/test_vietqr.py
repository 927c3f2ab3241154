"""The code says what NAPAS published, and what a real reader of QR codes reads."""

import numpy as np
import pytest
import segno
import zxingcpp

from broadcaster.payments import vietqr
from broadcaster.payments.banks import banks
from broadcaster.payments.levy import Levy

pytestmark = pytest.mark.long

PUBLISHED = [
    # NAPAS, QR Code Format 1.5.2, 6.1.2: to an account, for any amount (the checksum over the 13 digits printed there).
    "00020101021138570010A00000072701270006970403011300110123456780208QRIBFTTA53037045802VN63049E6F",
    # NAPAS, QR Code Format 1.5.2, 6.1.3: with amount and purpose.
    "00020101021238570010A00000072701270006970403011300110123456780208QRIBFTTA530370454061800005802VN"
    "62340107NPS68690819thanh toan don hang63042E2E",
    # The README of github.com/subiz/vietqr.
    "00020101021238570010A00000072701270006970415011300110019324180208QRIBFTTA530370454061200005802VN"
    "62170813ung ho lu lut6304C15C",
    # The README of github.com/sunary/vietqr.
    "00020101021138510010A00000072701210006970407010797968680208QRIBFTTA53037045802VN"
    "62240820gen by sunary/vietqr6304BE74",
]


@pytest.mark.parametrize("published", PUBLISHED)
def test_the_checksum_is_that_of_published_codes(published: str) -> None:
    assert vietqr.checksum(published[:-4]) == published[-4:]


def test_the_checksum_is_that_of_the_catalogue_of_crcs() -> None:
    assert vietqr.checksum("123456789") == "29B1"


def test_a_published_code_is_made_letter_by_letter() -> None:
    without = Levy(bank_bin="970403", account="0011012345678", holder="UBND")
    assert vietqr.payload(without) == PUBLISHED[0]
    flood = Levy(bank_bin="970415", account="0011001932418", holder="UBND", amount_vnd=120_000, purpose="ung ho lu lut")
    assert vietqr.payload(flood) == PUBLISHED[2]


def test_the_napas_example_is_taken_apart() -> None:
    said = vietqr.objects(PUBLISHED[1])
    account = vietqr.objects(vietqr.objects(said["38"])["01"])
    assert account == {"00": "970403", "01": "0011012345678"}
    assert (said["01"], said["53"], said["54"], said["58"]) == ("12", "704", "180000", "VN")
    assert vietqr.objects(said["62"]) == {"01": "NPS6869", "08": "thanh toan don hang"}


@pytest.mark.parametrize("cut", ["00", "0002", "000201010", "5x03704", "0102123"])
def test_what_is_cut_is_refused(cut: str) -> None:
    with pytest.raises(ValueError, match="no object"):
        vietqr.objects(cut)


@pytest.mark.parametrize("bank", banks())
def test_a_real_reader_reads_the_code_of_every_bank(bank: str) -> None:
    levy = Levy(
        bank_bin=bank, account="3713123456789", holder="UBND", amount_vnd=50_000, purpose="Thon Ban Cuon QUY IV"
    )
    squares = np.array([list(row) for row in segno.make(vietqr.payload(levy), micro=False).matrix_iter(border=4)])
    picture = np.kron(np.where(squares, 0, 255).astype(np.uint8), np.ones((4, 4), np.uint8))
    [read] = zxingcpp.read_barcodes(picture)
    assert read.text == vietqr.payload(levy)

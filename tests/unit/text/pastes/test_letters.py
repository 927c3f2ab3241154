"""Texts from old fonts, wrong codes, fancy letters and keys are made readable; every case of a kind, not one file."""

import html
import unicodedata

import pytest

from broadcaster.text.pastes import KINDS, repair, sentence_for
from broadcaster.text.pastes.tables import pairs

SENTENCES = [
    "Kính mời bà con thôn Đông đến nhà văn hóa họp lúc 19 giờ ngày 5/12. Trường mầm non nghỉ học.",
    "Ủy ban nhân dân xã thông báo: Đề nghị các hộ dân nộp thủy lợi phí trước ngày 20, mức 50.000 đồng một sào.",
    "Nước sông Cầu đang lên nhanh, nhân dân vùng trũng khẩn trương sơ tán người và tài sản đến nơi an toàn.",
    "Những hộ nghèo được nhận gạo cứu đói; ưu tiên người già, trẻ nhỏ và phụ nữ có thai. Xin cảm ơn!",
]


@pytest.mark.parametrize("sentence", SENTENCES)
class TestEverySentence:
    def test_comes_back_from_numbered_entities(self, sentence: str) -> None:
        assert (
            repaired("".join(f"&#{ord(letter)};" if ord(letter) > 127 else letter for letter in sentence), "entities")
            == sentence
        )
        assert (
            repaired(
                "".join(f"&#x{ord(letter):x};" if ord(letter) > 127 else letter for letter in sentence), "entities"
            )
            == sentence
        )

    def test_comes_back_from_named_entities_written_twice_over(self, sentence: str) -> None:
        named = sentence.encode("ascii", "xmlcharrefreplace").decode()
        assert repaired(html.escape(named), "entities") == sentence

    @pytest.mark.parametrize("page", ["cp1252", "mac_roman"])
    def test_comes_back_from_mojibake(self, sentence: str, page: str) -> None:
        assert repaired(misread(sentence, page), "mojibake") == sentence

    def test_comes_back_from_mojibake_made_twice(self, sentence: str) -> None:
        assert repaired(misread(misread(sentence, "cp1252"), "cp1252"), "mojibake") == sentence

    def test_comes_back_from_tcvn3(self, sentence: str) -> None:
        # A capital with a tone has no code of its own there: it is typed small, in a font of capitals.
        assert repaired(in_tcvn3(sentence), "tcvn3").replace("ủy ban", "Ủy ban") == sentence

    def test_comes_back_from_vni(self, sentence: str) -> None:
        assert repaired(in_vni(sentence), "vni") == sentence

    def test_comes_back_from_viqr(self, sentence: str) -> None:
        assert repaired(in_viqr(sentence), "viqr") == sentence

    def test_comes_back_from_telex_keys(self, sentence: str) -> None:
        assert repaired(in_keys(sentence, TELEX, tones_last=True), "telex") == sentence

    def test_comes_back_from_vni_keys(self, sentence: str) -> None:
        assert repaired(in_keys(sentence, VNI_KEYS, tones_last=True), "vnikeys") == sentence

    @pytest.mark.parametrize(
        ("capital", "small"), [(0x1D400, 0x1D41A), (0x1D5D4, 0x1D5EE), (0x1D608, 0x1D622), (0xFF21, 0xFF41)]
    )
    def test_comes_back_from_fancy_letters(self, sentence: str, capital: int, small: int) -> None:
        assert repaired(in_fancy(sentence, capital, small), "lookalikes") == sentence

    def test_is_left_alone_when_it_is_right(self, sentence: str) -> None:
        for form in ("NFC", "NFD"):
            written = unicodedata.normalize(form, sentence)
            assert (repair(written).text, repair(written).findings) == (written, ())


def test_only_the_damaged_line_is_changed() -> None:
    text = f"{SENTENCES[0]}\n{in_tcvn3(SENTENCES[1])}\n{SENTENCES[2]}"
    assert repair(text).text.replace("ủy ban", "Ủy ban") == "\n".join(SENTENCES[:3])


def test_capitals_of_a_font_stay_capitals() -> None:
    assert repair("TH¤NG B¸O: Kh¸m bÖnh miÔn phÝ cho ng­êi giµ").text == "THÔNG BÁO: Khám bệnh miễn phí cho người già"


@pytest.mark.parametrize("sign", ["\xad", "", "-"])
def test_the_horn_that_programs_drop_is_found(sign: str) -> None:
    text = f"Tr{sign}êng mÇm non nghØ häc, ng{sign}êi d©n ®{sign}îc nghØ."
    assert repair(text).text == "Trường mầm non nghỉ học, người dân được nghỉ."


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Mai thôn ta cắt ddieenj từ 7 giờ", "Mai thôn ta cắt điện từ 7 giờ"),
        ("Mai thôn ta cắt đieenj từ 7 giờ", "Mai thôn ta cắt điện từ 7 giờ"),
        ("Đề nghị bà con ra dduwowngf làm vệ sinh", "Đề nghị bà con ra đường làm vệ sinh"),
    ],
)
def test_a_slip_of_telex_in_a_good_text_is_mended(written: str, meant: str) -> None:
    assert repaired(written, "telex") == meant


@pytest.mark.parametrize(
    "text",
    [
        "Xem trên Facebook, Zoom hoặc room của thôn. Ai has wifi thì vào.",
        "See you at the moon room, how now brown cow.",
        "Liên hệ a.n@gmail.com, www.xoong.vn hay 0912.345.678.",
        "Mẫu H5N1, tờ A4, quốc lộ 1A, áo size L2, nhóm O3.",
        "Giá ½ cân là 5.000đ; nhiệt độ 30°C; diện tích 20 m²; © UBND xã ®.",
        'Bà có khá nhiều gà; cá thì có ít; má tôi ở nhà. Hỏi: "Ở đâu?" - "Ở xã…"',
        "R&D; AT&T; a & b; 5 < 6 && 7",
        "XÃ–HUYỆN, “XÃ”, “LÀNG XÃ”…",
        "Anh Booc, cái xoong, boong tàu, rơ moóc, Y Moan, Kon Tum, Đắk Lắk, Krông Ana.",
    ],
)
def test_ordinary_text_is_never_changed(text: str) -> None:
    assert (repair(text).text, repair(text).findings) == (text, ())


def test_letters_lost_for_good_are_told_and_not_guessed() -> None:
    result = repair("T?ng v? sinh th?ng b?o l?ch c?t ?i?n")
    assert result.kinds == ("lost",)
    assert result.text == result.original


def test_every_repair_can_be_undone_by_kind_and_as_a_whole() -> None:
    damaged = "K&#237;nh m&#7901;i b&#224; con 𝗵𝗼̣𝗽 thôn"
    result = repair(damaged)
    assert result.kinds == ("entities", "lookalikes")
    assert repair(damaged, leave={"entities"}).text == "K&#237;nh m&#7901;i b&#224; con họp thôn"
    assert repair(damaged, leave=KINDS).text == result.original == damaged


def test_places_say_what_stood_where_in_the_original() -> None:
    damaged = "Bà con 𝗵𝗼̣𝗽 thôn"
    place = repair(damaged).findings[0].places[0]
    assert (place.was, place.now) == (damaged[place.start : place.end], "họp")
    assert damaged[place.start : place.end] == "𝗵𝗼̣𝗽"


def test_each_letter_knows_where_it_came_from() -> None:
    result = repair("m&#7901;i b&#224;")
    assert [result.traced.origin(at, at + 1) for at in range(len(result.text))] == [
        (0, 1),
        (1, 8),
        (8, 9),
        (9, 10),
        (10, 11),
        (11, 17),
    ]


def test_every_kind_has_a_sentence_in_both_languages() -> None:
    for kind in KINDS:
        assert sentence_for(kind).endswith(".")
        assert sentence_for(kind, "en").endswith(".")
        assert sentence_for(kind) != sentence_for(kind, "en")


def repaired(damaged: str, kind: str) -> str:
    result = repair(damaged)
    assert result.kinds == (kind,)
    return result.text


def misread(text: str, page: str) -> str:
    """UTF-8 read in a code page, as programs do: a byte it lacks becomes the control character of its number."""
    out = []
    for byte in text.encode("utf-8"):
        try:
            out.append(bytes([byte]).decode(page))
        except UnicodeDecodeError:
            out.append(chr(byte))
    return "".join(out)


def in_tcvn3(text: str) -> str:
    back = {letter: code for code, letter in pairs("tcvn3").items()} | {"ư": "\xad", "Ư": "¦"}
    toned = {letter.upper(): code for letter, code in back.items() if letter.upper() not in back}
    return "".join((back | toned).get(letter, letter) for letter in text)


def in_vni(text: str) -> str:
    back: dict[str, str] = {}
    for code, letter in pairs("vni").items():
        back.setdefault(letter, code)
    return "".join(back.get(letter, letter) for letter in text)


TELEX = {"shapes": {"â": "aa", "ê": "ee", "ô": "oo", "ă": "aw", "ơ": "ow", "ư": "uw", "đ": "dd"},
         "tones": {"\u0300": "f", "\u0301": "s", "\u0303": "x", "\u0309": "r", "\u0323": "j"}}  # fmt: skip
VNI_KEYS = {"shapes": {"â": "a6", "ê": "e6", "ô": "o6", "ă": "a8", "ơ": "o7", "ư": "u7", "đ": "d9"},
            "tones": {"\u0300": "2", "\u0301": "1", "\u0303": "4", "\u0309": "3", "\u0323": "5"}}  # fmt: skip
VIQR = {"shapes": {"â": "a^", "ê": "e^", "ô": "o^", "ă": "a(", "ơ": "o+", "ư": "u+", "đ": "dd"},
        "tones": {"\u0300": "`", "\u0301": "'", "\u0303": "~", "\u0309": "?", "\u0323": "."}}  # fmt: skip


def in_keys(text: str, method: dict, *, tones_last: bool) -> str:
    return " ".join(_keyed(word, method, tones_last=tones_last) for word in text.split(" "))


def in_viqr(text: str) -> str:
    return in_keys(text, VIQR, tones_last=False)


def _keyed(word: str, method: dict, *, tones_last: bool) -> str:
    out, last = "", ""
    for letter in unicodedata.normalize("NFC", word):
        tone = next((mark for mark in unicodedata.normalize("NFD", letter) if mark in method["tones"]), "")
        base = unicodedata.normalize("NFC", unicodedata.normalize("NFD", letter).replace(tone, ""))
        keys = method["shapes"].get(base.lower(), base)
        out += keys.capitalize() if base.isupper() else keys
        key = method["tones"].get(tone, "")
        last, out = (key or last, out) if tones_last else ("", out + key)
    body = out.rstrip(".,;:!")
    return body + last + out[len(body) :]


def in_fancy(text: str, capital: int, small: int) -> str:
    out = ""
    for letter in unicodedata.normalize("NFD", text):
        if "A" <= letter <= "Z":
            out += chr(capital + ord(letter) - 65)
        elif "a" <= letter <= "z":
            out += chr(small + ord(letter) - 97)
        else:
            out += letter
    return out.replace("\U0001d455", "ℎ")

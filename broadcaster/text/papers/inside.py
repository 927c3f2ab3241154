"""What stands inside a paper and is not said: page numbers, stamps, attachments, hashtags, the frame of a chat."""

import re

from broadcaster.text.papers.knowledge import holds, shape_of
from broadcaster.text.papers.line_features import LineFeatures
from broadcaster.text.papers.sheet import RoleSheet

_HASHTAG = re.compile(r"(?:#[^\W_][\w.]*)+[,;·.]?")
_REACTIONS = re.compile(r"(?:[👍❤♥😆😮😢😡💬👁🔁👏🙏💗💯😍🥰↗↪️\s·•.,+]|\b\d{1,4}(?:[.,]\d)?[kK]?\b)+")
_LONE_NUMBER = re.compile(r"\d{1,3}")
_WAYS = re.compile(
    r"\b(?:tru so|dia chi|d/c|dien thoai|dt|d/t|tel|fax|email|e-mail|website|web|fanpage|hotline|zalo|mst)\b ?[:.]?"
)
_SHORT = 4


def find_chat(sheet: RoleSheet) -> None:
    """The frame of a forwarded message: who sent it and when, reactions, counts, the heads of a mail."""
    framed = [at for at in sheet.open_lines() if _is_chat(sheet.lines[at])]
    for at in framed:
        sheet.give(at, "header")
    for at in framed:
        _sender(sheet, at)
    _mail_heads(sheet)


def _is_chat(features: LineFeatures) -> bool:
    if shape_of(features.folded, "chat"):
        return not re.search(r"\d{3}[. ]?\d{3}", features.folded)
    icons = bool(re.search(r"[👍❤♥😆😮😢😡💬👁🔁👏💗💯😍🥰]", features.plain))
    return icons and bool(re.search(r"\d", features.plain)) and bool(_REACTIONS.fullmatch(features.plain))


def _sender(sheet: RoleSheet, at: int) -> None:
    """The name above "2 giờ ·" or above a moment, at the top of a message."""
    above = sheet.before(at)
    features = sheet.lines[above] if above >= 0 else None
    if (
        features is None
        or sheet.roles[above]
        or above > 4
        or features.ended
        or features.says_something
        or features.words > 8
    ):
        return
    if re.match(r"(\d|vua xong|hom)", sheet.lines[at].folded) and above == at - 1:
        sheet.give(above, "header")


def _mail_heads(sheet: RoleSheet) -> None:
    """From, to, date and subject: one of them alone is a line of the text."""
    found: list[int] = []
    for at in range(min(len(sheet.lines), 14)):
        folded = sheet.lines[at].folded
        if not sheet.roles[at] and shape_of(folded, "mail") and not re.match(r"(tu|den) ?: ?\d", folded):
            found.append(at)
    heads = {sheet.lines[at].folded.split(":")[0].strip() for at in found}
    if (
        len(found) >= 3
        and heads & {"tu", "from"}
        and heads & {"den", "to", "ngay gui", "date", "sent", "chu de", "subject"}
    ):
        for at in found:
            sheet.give(at, "header")


def find_marks(sheet: RoleSheet) -> None:
    """Stamps, attachments, hashtags, electronic signatures and "Trang 2"."""
    for at in sheet.open_lines():
        features = sheet.lines[at]
        role = _mark_role(features, at_top=sheet.before(at) < 0 and sheet.after(at) < len(sheet.lines))
        if role and not _breaks_a_sentence(sheet, at, role):
            sheet.give(at, role)
    for at in sheet.open_lines():
        if _beside_signature(sheet, at):
            sheet.give(at, "stamp")


def _mark_role(features: LineFeatures, *, at_top: bool) -> str:
    if _only_hashtags(features):
        return "hashtag"
    folded = features.folded.strip("*_ ")
    cells = {shape_of(LineFeatures(cell).folded, "anywhere") for cell in features.cells}
    whole = shape_of(folded, "anywhere") or (shape_of(folded, "top") if at_top else "")
    digital = shape_of(folded, "digital") and re.search(r"\d{1,2}:\d{2}|ky (so )?boi|nguoi ky|signed|\d{4}", folded)
    return whole or ("stamp" if digital else "") or (cells.pop() if len(cells) == 1 else "")


def _only_hashtags(features: LineFeatures) -> bool:
    words = [word for word in features.plain.split() if any(letter.isalnum() for letter in word)]
    return bool(words) and all(_HASHTAG.fullmatch(word) for word in words)


def _breaks_a_sentence(sheet: RoleSheet, at: int, role: str) -> bool:
    """Whether the line goes on with what stands above it, or is one of a list: then it is part of the text."""
    features, above = sheet.lines[at], sheet.before(at)
    if role == "page" and re.match(r"(tin|bai|nguon|theo|thuc hien|nguoi doc|anh)", features.folded):
        return not _ends_the_paper(sheet, at)
    if role == "stamp" and not features.capitals and not features.plain.startswith("("):
        return features.folded in ("khan", "mat", "van den") or bool(features.bullet)
    if role in ("hashtag", "page") or above < 0 or sheet.roles[above]:
        return False
    return not sheet.lines[above].ended and features.plain[:1].islower() and not sheet.blank_between(above, at)


def _ends_the_paper(sheet: RoleSheet, at: int) -> bool:
    following = sheet.after(at)
    while following < len(sheet.lines) and (sheet.roles[following] or _may_follow(sheet.lines[following])):
        following = sheet.after(following)
    return following >= len(sheet.lines)


def _may_follow(features: LineFeatures) -> bool:
    return features.ornament or bool(shape_of(features.folded, "anywhere") or shape_of(features.folded, "foot opener"))


def _beside_signature(sheet: RoleSheet, at: int) -> bool:
    """Whether "Email:" or "Cơ quan:" stands among the lines of an electronic signature."""
    if not shape_of(sheet.lines[at].folded, "beside digital"):
        return False
    near = (sheet.before(at), sheet.after(at))
    return any(
        0 <= line < len(sheet.lines) and sheet.roles[line] == "stamp" and _electronic(sheet.lines[line])
        for line in near
    )


def _electronic(features: LineFeatures) -> bool:
    return bool(shape_of(features.folded, "digital")) or bool(shape_of(features.folded, "beside digital"))


def find_page_numbers(sheet: RoleSheet) -> None:
    """Figures that stand alone and grow by one from page to page; in a table cut into lines they are its rows."""
    lone = [at for at in sheet.open_lines() if _LONE_NUMBER.fullmatch(sheet.lines[at].plain)]
    for at in lone:
        if not _in_cut_table(sheet, at, lone) and _grows(sheet, at, lone):
            sheet.give(at, "page")
            _running_head(sheet, at)


def _in_cut_table(sheet: RoleSheet, at: int, lone: list[int]) -> bool:
    """Whether short lines stand on both sides without a blank line, as the cells of a table do."""

    def is_cell(line: int) -> bool:
        if not 0 <= line < len(sheet.lines) or sheet.blank_between(min(at, line), max(at, line)):
            return False
        return sheet.lines[line].words <= _SHORT and not sheet.lines[line].full_stop

    return is_cell(sheet.before(at)) and is_cell(sheet.after(at)) and (len(lone) > 1 or "\f" not in sheet.lines[at].raw)


def _grows(sheet: RoleSheet, at: int, lone: list[int]) -> bool:
    number = int(sheet.lines[at].plain)
    if number == 0 or number > 300:
        return False
    earlier = [int(sheet.lines[line].plain) for line in lone if line < at]
    isolated = sheet.roles[at - 1 : at] in ([], ["blank"]) or sheet.roles[at + 1 : at + 2] in ([], ["blank"])
    between = 0 < at < len(sheet.lines) - 1 and _is_running(sheet.lines[at - 1]) and _is_running(sheet.lines[at + 1])
    follows = not earlier or number > max(earlier)
    return follows and number <= len(earlier) + 4 and (isolated or between or "\f" in sheet.lines[at].raw)


def _is_running(features: LineFeatures) -> bool:
    return features.words > _SHORT or features.full_stop


def _running_head(sheet: RoleSheet, at: int) -> None:
    """A line beside a page number that stands beside others too is the head or foot of every page."""
    texts = [features.folded for features in sheet.lines]
    for near in (at - 1, at + 1):
        if 0 <= near < len(texts) and not sheet.roles[near] and texts.count(texts[near]) > 1:
            for line, text in enumerate(texts):
                beside = any(
                    0 <= other < len(texts) and (sheet.roles[other] == "page") for other in (line - 1, line + 1)
                )
                if text == texts[near] and beside:
                    sheet.give(line, "page")


def find_feet(sheet: RoleSheet) -> None:
    """The address of the issuing body under a signature or over the kind of the paper."""
    for at in sheet.open_lines():
        if _is_foot(sheet, at) and (_ends_the_paper(sheet, at) or _stands_in_head(sheet, at)):
            sheet.give(at, "page")


def _is_foot(sheet: RoleSheet, at: int) -> bool:
    """Two ways to reach a body on one line, or one under a signature; a lone telephone number is for the listener."""
    features = sheet.lines[at]
    opened = bool(shape_of(features.folded, "foot opener"))
    if not opened or features.full_stop or holds(features.plain, "announcing"):
        return False
    ways = len(_WAYS.findall(features.folded))
    reaches = bool(shape_of(features.folded, "foot"))
    above = sheet.before(at)
    signed = above >= 0 and sheet.roles[above] in ("signature", "recipients", "stamp", "page")
    return (
        (reaches and ways >= 2 and (signed or sheet.blank_between(above, at)))
        or (signed and reaches and not re.match(r"(dien thoai|dt|d/t|tel|hotline|duong day)", features.folded))
        or _stands_in_head(sheet, at)
    )


def _stands_in_head(sheet: RoleSheet, at: int) -> bool:
    return any(first - 1 <= at <= last + 4 for first, last in sheet.heads) and sheet.roles[sheet.before(at)] in (
        "header",
        "motto",
        "number",
        "place_date",
        "page",
    )


def find_ornaments(sheet: RoleSheet) -> None:
    """Lines without a letter: rules, stars, rows of pictures."""
    for at in sheet.open_lines():
        if sheet.lines[at].ornament:
            sheet.give(at, "header")

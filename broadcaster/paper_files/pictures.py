"""Photographs and scans through Tesseract (the only import of pytesseract and Pillow); both are an optional extra."""

from importlib.util import find_spec
from io import BytesIO
from shutil import which
from typing import Any

from broadcaster.strangers import Refused

_LANGUAGE = "vie"
_MOST_PIXELS = 40_000_000
_FEWEST_PIXELS_ACROSS = 1_200
_FEWEST_LETTERS = 20


def is_ready() -> bool:
    """Whether the extra is installed: the two libraries and Tesseract itself."""
    return find_spec("pytesseract") is not None and find_spec("PIL") is not None and which("tesseract") is not None


def lines_of(data: bytes) -> list[str]:
    """The lines of a picture. Raises Refused when nothing can be read."""
    import PIL
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = _MOST_PIXELS
    try:
        with Image.open(BytesIO(data)) as opened:
            picture = ImageOps.exif_transpose(opened).convert("L")
    except Image.DecompressionBombError as error:
        raise Refused("paper.bomb") from error
    except (PIL.UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise Refused("paper.picture_broken") from error
    return _read(picture)


def lines_of_pages(pages: list[Any]) -> list[str]:
    """The lines of a PDF whose pages are pictures: the largest picture of each page is read."""
    lines: list[str] = []
    for at, page in enumerate(pages):
        pictures = sorted(page.images, key=lambda picture: -len(picture.data))
        found = _read(pictures[0].image.convert("L"), must=False) if pictures else []
        lines += [("\f" if at and not line_at else "") + line for line_at, line in enumerate(found)]
    if not lines:
        raise Refused("paper.no_text", pages=len(pages))
    return lines


def _read(picture: Any, *, must: bool = True) -> list[str]:
    import pytesseract
    from PIL import ImageOps

    if picture.width < _FEWEST_PIXELS_ACROSS:
        scale = min(4, -(-_FEWEST_PIXELS_ACROSS // max(1, picture.width)))
        picture = picture.resize((picture.width * scale, picture.height * scale))
    try:
        # Mode 4: one column of lines of many sizes; the gaps between columns are kept for headers and signatures.
        text = pytesseract.image_to_string(
            ImageOps.autocontrast(picture), lang=_LANGUAGE, config="--psm 4 -c preserve_interword_spaces=1"
        )
    except pytesseract.TesseractError as error:
        raise Refused("paper.no_vietnamese_ocr") from error
    if must and sum(map(str.isalpha, text)) < _FEWEST_LETTERS:
        raise Refused("paper.picture_unreadable")
    return [line.rstrip() for line in str(text).strip("\f\n").split("\n")]

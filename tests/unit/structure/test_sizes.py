"""A folder is a room, a file fits in the head, a function in the hand."""

from collections import Counter

from tests.unit.structure.tree import outline, text, tracked

KINDS = ("py", "js", "css", "html")
MOST_FILES = 15
MOST_LINES = 300
MOST_LINES_OF_A_FUNCTION = 40


def test_no_folder_holds_more_source_files_of_a_kind_than_a_room_can() -> None:
    rooms = Counter((path.parent, path.suffix) for path in tracked(*KINDS))
    assert "\n".join([f"{room} {kind}: {count}" for (room, kind), count in rooms.items() if count > MOST_FILES]) == ""


def test_no_file_is_longer_than_fits_in_the_head() -> None:
    lengths = {path: text(path).count("\n") for path in tracked(*KINDS)}
    assert "\n".join([f"{path}: {lines}" for path, lines in lengths.items() if lines > MOST_LINES]) == ""


def test_no_function_is_longer_than_fits_in_the_hand() -> None:
    long = [(path, name, lines) for path in tracked("py") for name, lines in outline(path).functions]
    assert (
        "\n".join([f"{path} {name}: {lines}" for path, name, lines in long if lines > MOST_LINES_OF_A_FUNCTION]) == ""
    )

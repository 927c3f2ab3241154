"""What is installed is what is tracked: a template that is missing there is missing in the commune."""

from tests.unit.packaging.conftest import Wheel


def test_the_wheel_holds_every_tracked_file_of_our_rooms_and_no_other(wheel: Wheel) -> None:
    assert wheel.tracked - wheel.packed == set()
    assert wheel.packed - wheel.tracked == set()


def test_it_holds_more_than_code(wheel: Wheel) -> None:
    kinds = {name.rpartition(".")[2] for name in wheel.packed}
    assert {"py", "html", "css", "js", "svg", "xml", "tsv", "po", "service", "rules", "typed"} <= kinds

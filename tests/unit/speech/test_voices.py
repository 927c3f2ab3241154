import pytest

from broadcaster.speech import Voice


@pytest.mark.parametrize("rate", [49, 201, 0, -100])
def test_an_impossible_speed_is_refused(rate: int) -> None:
    with pytest.raises(ValueError, match="rate_percent"):
        Voice("espeak", "", "north", rate)


def test_an_unknown_region_is_refused() -> None:
    with pytest.raises(ValueError, match="region"):
        Voice("espeak", "", "west")

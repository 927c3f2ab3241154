import json

import pytest

from broadcaster.speech.online.providers import OwnSpeed, providers
from broadcaster.speech.online.wording import own_speed, worded

KEYS = {"key": "k", "app_id": "a", "region": "southeastasia"}


@pytest.mark.parametrize("name", sorted(providers()))
def test_no_placeholder_is_left_in_a_request(name: str) -> None:
    provider = providers()[name]
    asked, _ = own_speed(provider.speed, 100)
    request = worded(provider, text="xin chào", voice=provider.voices[0].code, speed=asked, keys=KEYS)
    assert request.url.startswith("https://")
    for written in (request.url, *request.headers.values(), request.body.decode()):
        assert "{key" not in written
        assert not any("{" + each + "}" in written for each in ("text", "voice", "speed", "app_id", "region"))
    assert "xin chào" in request.body.decode()


def test_words_cannot_become_markup_or_another_placeholder() -> None:
    azure = worded(providers()["azure"], text="a < b & </voice>", voice="v", speed="+0%", keys=KEYS).body.decode()
    assert "a &lt; b &amp; &lt;/voice&gt;" in azure
    google = worded(providers()["google"], text='"{key}"', voice="v", speed=1.0, keys=KEYS).body
    assert json.loads(google)["input"]["text"] == '"{key}"'


@pytest.mark.parametrize(
    ("speed", "percent", "asked", "rest"),
    [
        (OwnSpeed("factor", 0.8, 1.2), 100, 1.0, 100),
        (OwnSpeed("factor", 0.8, 1.2), 110, 1.1, 100),
        (OwnSpeed("factor", 0.8, 1.2), 150, 1.2, 125),
        (OwnSpeed("factor", 0.8, 1.2), 60, 0.8, 75),
        (OwnSpeed("percent", -50, 100), 90, "-10%", 100),
        (OwnSpeed("percent", -50, 20), 150, "+20%", 125),
        (OwnSpeed("steps", -3, 3), 120, "0", 120),
    ],
)
def test_speed_is_the_providers_own_as_far_as_it_goes(
    speed: OwnSpeed, percent: int, asked: str | float, rest: int
) -> None:
    assert own_speed(speed, percent) == (asked, rest)

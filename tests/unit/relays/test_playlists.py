"""Playlists: the segments of HLS, the variant a horn needs, and plain lists."""

import pytest

from broadcaster.relays import playlists
from broadcaster.relays.playlists import MediaPlaylist, OtherAddress
from broadcaster.relays.troubles import StreamTrouble
from tests.doubles.radio import media

MASTER = """#EXTM3U
#EXT-X-STREAM-INF:BANDWIDTH=1280000,CODECS="avc1.4d401f,mp4a.40.2"
high.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=64000,CODECS="mp4a.40.5"
low.m3u8
"""


def test_segments_have_their_numbers_breaks_and_beginnings() -> None:
    text = media(["a.ts", "b.ts", "#EXT-X-DISCONTINUITY", "c.ts"], first=7, ended=False, extra='#EXT-X-MAP:URI="i.mp4"')
    found = playlists.read(text)
    assert isinstance(found, MediaPlaylist)
    assert [(each.sequence, each.address, each.breaks, each.start) for each in found.segments] == [
        (7, "a.ts", False, "i.mp4"),
        (8, "b.ts", False, "i.mp4"),
        (9, "c.ts", True, "i.mp4"),
    ]
    assert (found.target_seconds, found.ended) == (2.0, False)


def test_the_variant_of_the_fewest_bits_is_taken_or_sound_alone() -> None:
    assert playlists.read(MASTER) == OtherAddress("low.m3u8")
    alone = MASTER + '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",DEFAULT=YES,URI="sound.m3u8"\n'
    assert playlists.read(alone) == OtherAddress("sound.m3u8")


def test_plain_lists_name_their_first_address() -> None:
    assert playlists.read("#EXTM3U\n#EXTINF:-1,VOV1\nhttp://a/vov1\nhttp://a/vov2\n") == OtherAddress("http://a/vov1")
    assert playlists.read("[playlist]\nNumberOfEntries=1\nFile1=http://a/x\n") == OtherAddress("http://a/x")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("#EXTM3U\n", "relay.playlist_malformed"),
        ("#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n", "relay.playlist_malformed"),
        ("#EXTM3U\n#EXT-X-TARGETDURATION:x\na.ts\n", "relay.playlist_malformed"),
        ("#EXTM3U\n#EXT-X-TARGETDURATION:" + "9" * 40, "relay.playlist_malformed"),
        (media(["a.ts"], extra='#EXT-X-KEY:METHOD=AES-128,URI="k"'), "relay.encrypted"),
        (media(["a.ts"], extra="#EXT-X-BYTERANGE:100@0"), "relay.playlist_malformed"),
        ("[playlist]\nTitle1=x\n", "relay.playlist_malformed"),
    ],
)
def test_what_cannot_be_followed_is_refused(text: str, code: str) -> None:
    with pytest.raises(StreamTrouble) as refused:
        playlists.read(text)
    assert refused.value.reason.code == code

"""A script in the sentences that can be heard one by one."""

from broadcaster.text import normalize
from web.drafts.previews import sentences

TEXT = "Kính thưa bà con! Họp lúc 19h.\nThu 50.000đ mỗi hộ. Gọi UBMTTQVNX."


def test_sentences_together_are_the_whole_script_and_keep_their_doubts() -> None:
    script = normalize(TEXT)
    said = sentences(script)
    assert [each.words for each in said] == [each.text for each in script.sentences]
    assert "".join(words for each in said for words, _doubt in each.pieces) == script.text
    doubted = [doubt for each in said for _words, doubt in each.pieces if doubt]
    assert {each.written for each in doubted} == {each.written for each in script.doubts}

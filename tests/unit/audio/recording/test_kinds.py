"""Every kind of file that is no recording has a name for people."""

import pytest

from broadcaster.audio.recording.kinds import codes
from broadcaster.refusals.sentences import LANGUAGES, table

pytestmark = pytest.mark.long


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_is_refused_with_a_sentence_of_its_own(language: str) -> None:
    sentences = [table(language)[f"recording.kind_{code}"] for code in codes()]
    assert len(set(sentences)) == len(sentences)

"""A system that opens too few files for so many nodes says so before anything begins."""

import resource

import pytest

from broadcaster.errors import Invalid
from loa.simulation.simulation import FILES_TO_SPARE, allow_files


def test_too_many_nodes_for_the_system_are_refused_with_the_number_it_allows() -> None:
    with pytest.raises(Invalid) as refused:
        allow_files(10_000, lambda _kind: (1_024, 4_096))
    assert refused.value.code == "simulation.too_few_files"
    assert refused.value.reason.facts["most"] == 4_096 - FILES_TO_SPARE


def test_the_soft_limit_is_raised_as_far_as_the_system_allows() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(1_024, before[1]), before[1]))
        allow_files(100)
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] >= 300
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)

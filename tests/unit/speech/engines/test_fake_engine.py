import pytest

from broadcaster.speech.engine import Engine
from tests.doubles.engine_contract import EngineContract
from tests.doubles.fake_engine import FakeEngine


class TestFakeEngine(EngineContract):
    @pytest.fixture
    def engine(self) -> Engine:
        return FakeEngine()

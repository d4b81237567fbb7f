"""The bus of one process keeps the contract."""

import pytest

from forum.live.bus import Bus
from forum.live.memory import MemoryBus
from tests.forum.live.bus_contract import BusContract


class TestMemoryBus(BusContract):
    @pytest.fixture
    def bus(self) -> Bus:
        return MemoryBus()

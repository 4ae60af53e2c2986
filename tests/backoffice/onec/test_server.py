"""The server binds before it says where it is, keeps to this computer unless opened, and stops cleanly."""

import socket
from pathlib import Path

import pytest

from ozon_desktop.backoffice.onec.area import AreaLimits
from ozon_desktop.backoffice.onec.server import bound
from ozon_desktop.backoffice.onec.site import Timing
from ozon_desktop.errors import PortInUse
from tests.backoffice.onec.conftest import serving
from tests.backoffice.onec.desks import MemoryDesk


def test_a_port_in_use_is_said_with_a_free_one() -> None:
    with bound(0, open_to_network=False) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortInUse) as error:
            bound(port, open_to_network=False)
        assert error.value.subject == str(port)
        with bound(int(error.value.detail), open_to_network=False) as free:
            assert free.getsockname()[1] != port


def test_without_leave_only_this_computer_is_listened_to() -> None:
    with bound(0, open_to_network=False) as closed, bound(0, open_to_network=True) as opened:
        assert (closed.getsockname()[0], opened.getsockname()[0]) == ("127.0.0.1", "0.0.0.0")


async def test_the_port_is_free_again_after_the_end(tmp_path: Path) -> None:
    async with serving(tmp_path, MemoryDesk(), AreaLimits(), Timing()) as served:
        port = int(served.address.rpartition(":")[2].partition("/")[0])
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0
    bound(port, open_to_network=False).close()

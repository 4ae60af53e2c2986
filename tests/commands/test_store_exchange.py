"""store connect 1c and store serve, with a scripted 1C against the program in a process of its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ozon_desktop.backoffice.onec.server import bound
from ozon_desktop.commands.output import Exit
from ozon_desktop.services.secrets import ENVIRONMENT_STORE_PASSWORD
from tests.backoffice.onec.exports import full_export
from tests.backoffice.onec.scripted import CLIENTS, Client, Onec
from tests.commands.conftest import Terminal
from tests.places import ROOT

PASSWORD = "пароль из двадцати знаков"
EXPORT = full_export(["p1", "p2", "p3"], 2)


@pytest.fixture
def port() -> int:
    with bound(0, open_to_network=False) as free:
        return int(free.getsockname()[1])


def start(data: Path, *words: str) -> "subprocess.Popen[str]":
    environment = {**os.environ, ENVIRONMENT_STORE_PASSWORD: PASSWORD, "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "ozon_desktop", "--data-dir", str(data), *words]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@contextmanager
def serving(data: Path) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """`store serve`, and the address that its first line says."""
    process = start(data, "store", "serve")
    try:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert address, process.communicate()[1]
        yield process, address
    finally:
        process.kill()
        process.communicate()


def connect(terminal: Terminal, port: int) -> None:
    said = terminal("store", "connect", "1c", "--port", str(port), "--login", "обмен", typed=f"{PASSWORD}\n")
    assert said.code == Exit.DONE, said.err


def test_connecting_says_what_to_copy_and_how_1c_is_set_up(terminal: Terminal, port: int) -> None:
    said = terminal("store", "connect", "1c", "--port", str(port), "--login", "обмен", typed=f"{PASSWORD}\n")
    assert said.code == Exit.DONE
    assert f"http://127.0.0.1:{port}/ozon" in said.out
    assert all(program in said.out for program in ("УТ 11", "УНФ", "Розница", "«Другая»"))
    assert PASSWORD not in said.out + said.err
    shown = terminal("store", "connection", "--json").document
    assert (shown["kind"], shown["port"], shown["login"], shown["open_to_network"]) == ("1c", port, "обмен", False)


def test_without_a_terminal_a_password_is_needed(terminal: Terminal, port: int) -> None:
    said = terminal("store", "connect", "1c", "--port", str(port), typed="")
    assert said.code == Exit.COULD_NOT
    assert terminal("store", "connection", "--json").document["kind"] == "files"


def test_on_a_terminal_a_password_is_made_and_said_once(terminal: Terminal, port: int) -> None:
    terminal.monkeypatch.setattr("ozon_desktop.commands.store_exchange.read_secret", lambda prompt: "")
    terminal.monkeypatch.setattr("ozon_desktop.commands.store_exchange._at_terminal", lambda: True)
    said = terminal("store", "connect", "1c", "--port", str(port))
    assert said.code == Exit.DONE
    made = next(line.rpartition(": ")[2] for line in said.err.splitlines() if "показан один раз" in line)
    assert len(made) >= 20
    assert made not in terminal("store", "connection").out


def test_a_busy_port_is_said_with_a_free_one(terminal: Terminal) -> None:
    with bound(0, open_to_network=False) as taken:
        port = taken.getsockname()[1]
        said = terminal("store", "connect", "1c", "--port", str(port), typed=f"{PASSWORD}\n")
    assert said.code == Exit.COULD_NOT
    assert f"Порт {port} слушает другая программа" in said.err


@pytest.mark.parametrize("port", ["0", "65536", "x", "-1", "1e3"])
def test_absurd_ports_are_usage_errors(terminal: Terminal, port: str) -> None:
    with pytest.raises(SystemExit) as caught:
        terminal("store", "connect", "1c", "--port", port)
    assert caught.value.code == Exit.USAGE


def test_what_is_not_connected_is_not_served(terminal: Terminal) -> None:
    said = terminal("store", "serve")
    assert said.code == Exit.COULD_NOT
    assert said.out == ""


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.name)
def test_a_whole_exchange_with_every_client(terminal: Terminal, port: int, client: Client) -> None:
    connect(terminal, port)
    with serving(terminal.data) as (process, address):
        assert address == f"http://127.0.0.1:{port}/ozon"
        onec = Onec(address, "обмен", PASSWORD, client)
        onec.send_goods(EXPORT)
        assert onec.fetch_orders() == []
        assert process.poll() is None
    products = terminal("store", "products", "--json").document["products"]
    assert sorted(product["offer_id"] for product in products) == ["A-p1", "A-p2", "A-p3"]


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGTERM there")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serving_ends_quietly_when_it_is_told_to(terminal: Terminal, port: int, number: signal.Signals) -> None:
    connect(terminal, port)
    with serving(terminal.data) as (process, address):
        Onec(address, "обмен", PASSWORD).send_goods(EXPORT)
        process.send_signal(number)
        out, err = process.communicate()
        assert (process.returncode, out, err) == (0, "", "")
    bound(port, open_to_network=False).close()


def test_run_serves_1c_as_well_and_a_second_program_leaves_it_alone(terminal: Terminal, port: int) -> None:
    connect(terminal, port)
    running = start(terminal.data, "run")
    try:
        onec = Onec(f"http://127.0.0.1:{port}/ozon", "обмен", PASSWORD)
        assert running.stderr is not None
        running.stderr.readline()
        wait_for(onec)
        assert onec.fetch_orders() == []
        second = start(terminal.data, "store", "serve")
        out, err = second.communicate()
        assert (second.returncode, out) == (Exit.COULD_NOT, "")
        assert "уже обслуживает другой запуск" in err
    finally:
        running.kill()
        running.communicate()


def wait_for(onec: Onec) -> None:
    """Until somebody answers at the address."""
    for _ in range(3_000):
        try:
            onec.session("catalog")
        except OSError:
            subprocess.run([sys.executable, "-c", ""], check=True)
        else:
            return
    raise AssertionError("nobody answers")

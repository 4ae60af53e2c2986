"""The store connected in the real window: a web server's price list, and a 1C that comes with what was copied from the card."""

import asyncio
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QTableView

from tests.backoffice.onec.exports import full_export
from tests.backoffice.onec.scripted import Onec
from tests.backoffice.web_shop import WebShop, on_a_port
from tests.e2e.desk import Desk
from tests.services.shop import SHIRTS, write_export
from tests.services.store.test_overview import free_port

pytestmark = pytest.mark.slow


def log(desk: Desk) -> list[str]:
    """The results in the log, newest first."""
    model = desk.find(QTableView, "exchange_table").model()
    return [str(model.index(row, 2).data()) for row in range(model.rowCount())]


def test_a_price_list_behind_a_link(desk: Desk, tmp_path: Path) -> None:
    shop = WebShop(login="ozon", password="parol-1")
    shop.files["/price.yml"] = write_export(tmp_path / "price.yml", *SHIRTS).read_bytes()
    with on_a_port(shop) as address:
        desk.open("integration")
        desk.tab("store")
        desk.press("store_kind_link")
        desk.type("store_link_address", f"{address}/price.yml")
        desk.press("connect_store")
        assert desk.find(QLineEdit, "store_link_login").hasFocus(), "the address asks for a login"
        desk.type("store_link_login", "ozon")
        desk.type("store_link_password", "parol-1")
        desk.press("connect_store")
        assert desk.says("store_badge") == "Связь есть"
        assert desk.find(QLineEdit, "store_link_password").text() == ""
        desk.press("message_action")
        assert "3 товара" in desk.says("message_text")
        assert log(desk) == ["принято"]
        assert desk.says("page_status_line").startswith("Магазин на связи, Ссылка")

        shop.status = 503
        desk.press("check_store")
        assert desk.says("store_badge") == "Связи нет"
        shop.status = 200
        desk.press("check_store")
        assert desk.says("store_badge") == "Связь есть"
    desk.press("disconnect_store")
    desk.press("store_question_apply")
    assert desk.find(QAbstractButton, "load_store_export").isVisible()
    assert desk.find(QAbstractButton, "store_kind_files").isChecked()


def test_a_1c_that_was_given_the_three_lines_gets_in(desk: Desk) -> None:
    application, worker = desk.window.context.application, desk.window.context.worker
    serving = worker.run(application.onec.run())
    desk.endless = 1
    desk.open("integration")
    desk.tab("store")
    desk.press("store_kind_1c")
    port = free_port()
    desk.type("onec_port", str(port))
    desk.press("connect_store")
    desk.qtbot.waitUntil(lambda: desk.says("store_badge") == "1С ещё не приходила", timeout=20_000)

    copied: dict[str, str] = {}
    for name in ("address", "login", "password"):
        line = desk.find(QLineEdit, f"onec_{name}")
        line.setFocus()
        QGuiApplication.clipboard().clear()
        desk.qtbot.keyClick(line, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        desk.qtbot.waitUntil(lambda: bool(QGuiApplication.clipboard().text()), timeout=20_000)
        copied[name] = QGuiApplication.clipboard().text()
    assert copied["address"] == f"http://127.0.0.1:{port}/ozon"
    assert copied["password"] not in {widget.text() for widget in desk.window.findChildren(QLineEdit)}

    async def come() -> None:
        onec = Onec(copied["address"], copied["login"], copied["password"])
        await asyncio.to_thread(onec.send_goods, full_export(["p1", "p2"], 1))

    coming = worker.run(come())
    desk.qtbot.waitUntil(lambda: not coming.running, timeout=60_000)
    desk.qtbot.waitUntil(lambda: bool(log(desk)), timeout=20_000)
    assert desk.find(QLabel, "store_badge").text() in {"Связь есть", "Идёт обмен"}
    assert not desk.find(QLabel, "onec_guide").isVisible(), "it has come"
    serving.cancel()
    desk.qtbot.waitUntil(lambda: not serving.running, timeout=20_000)
    desk.endless = 0

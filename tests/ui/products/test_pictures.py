"""Pictures of a card: their order by keys, buttons and dragging, the main one, the limit and broken addresses."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from time import perf_counter
from typing import Any

import pytest
from PySide6.QtCore import QBuffer, QIODevice, QModelIndex, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QLabel, QListView, QPushButton
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.dimensions import PackageDoubt, PackageFault
from ozon_desktop.domain.pictures import PICTURE_LIMIT, LoadedPicture, LoadFault, PictureChoice, arranged
from ozon_desktop.ui.look.tokens import LIGHT
from ozon_desktop.ui.products.card.picture_model import PictureModel
from ozon_desktop.ui.products.card.picture_previews import small_image
from ozon_desktop.ui.products.page import ProductsPage
from tests.ui.finding import child
from tests.ui.products.fakes import PICTURES, PRODUCTS, WEB, FakeCards, FakePictures

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)
Opened = Callable[[], ProductsPage]
ALT = Qt.KeyboardModifier.AltModifier
MOVE = Qt.DropAction.MoveAction


def shown(page: ProductsPage) -> list[str]:
    model = page.panel.form.pictures.model
    return [model.index(row).data() for row in range(model.rowCount())]


def test_main_and_broken_pictures_are_reported(opened: Opened) -> None:
    page = opened()
    assert shown(page) == [
        "1. главная — https://shop.example/1.jpg",
        "2. https://shop.example/2.jpg",
        "3. не отправится — ftp://shop.example/3.jpg",
        "4. https://shop.example/4.jpg",
    ]
    assert child(page, QLabel, "picture_count").text() == "На Ozon отправится 3 из 4, не больше 30; первая — главная."
    assert child(page, QLabel, "picture_problems").text().startswith("Фотография 3 не отправится: это не адрес")


def test_keys_change_the_order_and_saving_stores_it(opened: Opened, qtbot: QtBot, cards: FakeCards) -> None:
    page = opened()
    pictures = child(page, QListView, "pictures")
    pictures.setCurrentIndex(pictures.model().index(1, 0))
    qtbot.keyClick(pictures, Qt.Key.Key_Up, ALT)
    assert shown(page)[0] == "1. главная — https://shop.example/2.jpg"
    assert pictures.currentIndex().row() == 0
    assert page.has_unsaved_changes()
    qtbot.keyClick(pictures, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    order = (PICTURES[1], PICTURES[0], *PICTURES[2:])
    qtbot.waitUntil(lambda: cards.pictures == {"p1": PictureChoice("p1", order, PICTURES[1])})
    qtbot.waitUntil(lambda: not page.has_unsaved_changes())
    assert [call[0] for call in cards.calls if call[0] in {"save", "pictures"}] == ["pictures"], "no field was changed"
    qtbot.mouseClick(child(page, QPushButton, "picture_reset"), Qt.MouseButton.LeftButton)
    page.card.save()
    qtbot.waitUntil(lambda: cards.pictures == {"p1": PictureChoice("p1")})


def test_buttons_make_a_picture_the_main_one(opened: Opened, qtbot: QtBot) -> None:
    page = opened()
    pictures = child(page, QListView, "pictures")
    pictures.setCurrentIndex(pictures.model().index(3, 0))
    assert not child(page, QPushButton, "picture_down").isEnabled()
    qtbot.mouseClick(child(page, QPushButton, "picture_main"), Qt.MouseButton.LeftButton)
    assert shown(page)[0] == "1. главная — https://shop.example/4.jpg"
    qtbot.mouseClick(child(page, QPushButton, "picture_down"), Qt.MouseButton.LeftButton)
    assert shown(page)[0] == "1. главная — https://shop.example/1.jpg"
    assert pictures.currentIndex().row() == 1


def test_the_stores_order_again_is_no_change(opened: Opened, qtbot: QtBot) -> None:
    page = opened()
    pictures = child(page, QListView, "pictures")
    qtbot.keyClick(pictures, Qt.Key.Key_Down, ALT)
    assert page.has_unsaved_changes()
    qtbot.keyClick(pictures, Qt.Key.Key_Up, ALT)
    assert not page.has_unsaved_changes()


def test_dropping_a_picture_moves_it(qapp: Any, qtbot: QtBot) -> None:
    model = PictureModel()
    model.show_pictures(arranged(PICTURES))
    data = model.mimeData([model.index(3)])
    with qtbot.waitSignal(model.moved) as reported:
        model.dropMimeData(data, MOVE, 1, 0, QModelIndex())
    assert reported.args == [(PICTURES[0], PICTURES[3], PICTURES[1], PICTURES[2]), 1]
    with qtbot.waitSignal(model.moved) as reported:
        model.dropMimeData(model.mimeData([model.index(0)]), MOVE, 4, 0, QModelIndex())
    assert reported.args == [(*PICTURES[1:], PICTURES[0]), 3]
    with qtbot.assertNotEmitted(model.moved):
        model.dropMimeData(data, MOVE, 4, 0, QModelIndex())


def test_list_follows_the_rules_of_item_models_and_the_limit_is_kept(qapp: Any) -> None:
    model = PictureModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    model.show_pictures(arranged(PICTURES))
    model.show_pictures(arranged(f"{WEB}{number}.jpg" for number in range(PICTURE_LIMIT + 1)))
    last = model.index(PICTURE_LIMIT)
    assert last.data().startswith("31. не отправится")
    assert "не больше 30" in last.data(Qt.ItemDataRole.ToolTipRole)
    model.show_pictures(arranged(()))
    assert tester is not None


def test_doubts_about_the_package_stand_below_its_fields(opened: Opened, cards: FakeCards) -> None:
    cards.doubts = (PackageDoubt(PackageFault.UNIT_GUESSED, "height", "Высота", "30", "см"),)
    page = opened()
    assert child(page, QLabel, "package_doubts").text() == "Высота: единица не указана, принято «см» («Высота»: 30)"


def test_the_reason_about_pictures_leads_to_them(opened: Opened) -> None:
    page = opened()
    page.activateWindow()
    page.panel.focus_field("images")
    assert page.focusWidget() is child(page, QListView, "pictures")


# --- previews -------------------------------------------------------------------------------------------------------


def png(width: int, height: int) -> bytes:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    # The stubs say bytes, PySide takes a text only.
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def icon(page: ProductsPage, row: int) -> QImage:
    model = page.panel.form.pictures.model
    pixmap: QPixmap = model.index(row).data(Qt.ItemDataRole.DecorationRole)
    return pixmap.toImage()


@pytest.mark.styled
def test_pictures_are_shown_small_as_they_come(opened: Opened, qtbot: QtBot, pictures: FakePictures) -> None:
    pictures.held = asyncio.Event()
    pictures.loaded[PICTURES[0]] = LoadedPicture(png(400, 200))
    pictures.loaded[PICTURES[1]] = LoadedPicture(fault=LoadFault.REFUSED, detail="404")
    pictures.loaded[PICTURES[3]] = LoadedPicture(b"no picture at all")
    page = shown_page(opened, pictures)
    previews = page.panel.form.pictures.model._previews
    assert previews is not None
    placeholder = icon(page, 0)
    assert (placeholder.width(), placeholder.pixelColor(20, 20).name().upper()) == (previews.side, LIGHT.hover)
    assert sorted(pictures.asked) == [PICTURES[0], PICTURES[1], PICTURES[3]], "not what is no address on the web"
    assert child(page, QLabel, "picture_unloaded").isHidden()
    page.context.worker._loop.call_soon_threadsafe(pictures.held.set)
    qtbot.waitUntil(lambda: page.context.worker.pending == 0)
    made = icon(page, 0)
    assert (made.width(), made.height()) == (previews.side, previews.side)
    assert made.pixelColor(20, 20).name() == "#ff0000"
    assert made.pixelColor(20, 2).alpha() == 0, "twice as wide as high"
    assert shown(page)[1] == "2. не показана — https://shop.example/2.jpg"
    unloaded = child(page, QLabel, "picture_unloaded")
    assert unloaded.isVisibleTo(page)
    assert unloaded.text().splitlines()[:2] == ["Фотография 2: не открывается, ошибка 404", "Фотография 4: по адресу не фотография"]
    model = page.panel.form.pictures.model
    assert model.index(1).data(Qt.ItemDataRole.ToolTipRole).splitlines() == [PICTURES[1], "не открывается, ошибка 404"]


def test_a_file_that_1c_has_uploaded_is_seen_though_ozon_cannot_load_it(
    opened: Opened, pictures: FakePictures, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = "import_files/0a/0a1b.jpg"
    monkeypatch.setitem(PRODUCTS, "p1", replace(PRODUCTS["p1"], pictures=(PICTURES[0], file)))
    pictures.loaded[file] = LoadedPicture(png(40, 40))
    page = opened()
    assert icon(page, 1).pixelColor(20, 20).name() == "#ff0000"
    assert shown(page)[1] == f"2. не отправится — {file}"
    assert child(page, QLabel, "picture_problems").text().startswith("Фотография 2 не отправится: это файл из магазина, а не адрес")


def shown_page(opened: Opened, pictures: FakePictures) -> ProductsPage:
    """The page is there while the pictures are still under way."""
    held, pictures.held = pictures.held, None
    loaded, pictures.loaded = pictures.loaded, {}
    page = opened()
    pictures.held, pictures.loaded = held, loaded
    pictures.asked.clear()
    page.refresh()
    QTest.qWait(50)
    deadline = perf_counter() + 60
    while len(pictures.asked) < 3 and perf_counter() < deadline:
        QTest.qWait(10)
    return page


def test_another_card_stops_the_loading(opened: Opened, qtbot: QtBot, pictures: FakePictures) -> None:
    pictures.held = asyncio.Event()
    page = shown_page(opened, pictures)
    qtbot.waitUntil(lambda: page.context.worker.pending == 3)
    page.table.select_ids(["p2"])
    qtbot.waitUntil(lambda: page.card.product_id == "p2" and page.context.worker.pending == 0)


@pytest.mark.styled
def test_the_rows_are_as_high_as_their_pictures(opened: Opened) -> None:
    page = opened()
    pictures = page.panel.form.pictures
    row = pictures.list.sizeHintForRow(0)
    assert row >= 40
    assert pictures.list.height() >= row * len(PICTURES)


def test_a_huge_picture_is_read_small(qapp: Any) -> None:
    image = small_image(png(3000, 10), 40)
    assert image is not None
    assert (image.width(), image.height()) == (40, 1)
    assert small_image(b"GIF89a", 40) is None


def test_faults_that_are_alike_are_reported_once(opened: Opened, pictures: FakePictures) -> None:
    for url in PICTURES:
        pictures.loaded[url] = LoadedPicture(fault=LoadFault.NO_ANSWER)
    page = opened()
    reported = child(page, QLabel, "picture_unloaded").text().splitlines()
    assert reported[0] == "Фотографии 1, 2, 4: не открывается, сайт не отвечает"
    assert len(reported) == 2


def test_a_card_that_arrives_while_the_program_closes_loads_nothing(opened: Opened, pictures: FakePictures) -> None:
    page = opened()
    page.context.worker.stop()
    pictures.asked.clear()
    draft = page.card.draft
    assert draft is not None
    page.panel.form.show_draft(draft)
    assert pictures.asked == []

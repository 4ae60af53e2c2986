"""The guided tour: works the whole job through by itself, through the same window a manager uses.

It runs `--demo` where there is no display, and makes the pictures of `--demo --screenshots`: it presses the real buttons of
the real pages by their names, and waits for what they do.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QTableView, QTreeView

from ozon_desktop.domain.integration import Scheme, UpdateTrigger, VatRate
from ozon_desktop.domain.ozon_catalog import BRAND_ATTRIBUTE
from ozon_desktop.paths import DataPaths
from ozon_desktop.ui.app import ApplicationFactory, Session, prepare_qt, save_pages, settle, wait_until
from ozon_desktop.ui.frame.main_window import MainWindow
from ozon_desktop.ui.integration.page import CATEGORIES, ORDERS, OZON, PRICES, STORE, IntegrationPageView
from ozon_desktop.ui.look.theme import ThemeMode
from ozon_desktop.ui.products.fields.dictionary_editor import ValueLine
from ozon_desktop.ui.sync.page import SyncPage
from ozon_desktop.ui.widgets.combo_box import ComboBox
from ozon_desktop.wording import action_text, held_line, plural

Say = Callable[[str], None]
Found = TypeVar("Found", bound=QObject)

STEP_SECONDS = 300.0
NO_BRAND = "Нет бренда"
SIZE = (1366, 768)
TABS = {"scheme": ORDERS, "price_type": PRICES}
"""The first field of a tab, and the tab."""


class TourStopped(Exception):
    """A step of the tour did not come to its end; the text says which and what the window showed."""


class Driver:
    """Finds controls of the window by object name and uses them as a manager would."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window

    def find(self, kind: type[Found], name: str) -> Found:
        """A control of the page that is shown. TourStopped when there is none."""
        found = self.window.current_page.findChild(kind, name)
        if found is None:
            raise TourStopped(f"на странице нет «{name}»")
        return found

    def press(self, name: str) -> None:
        """Presses a button and waits until everything it started has ended. TourStopped when it is disabled."""
        button = self.find(QAbstractButton, name)
        self.until(button.isEnabled, f"кнопка «{button.text()}» недоступна")
        button.click()
        self.wait()

    def type(self, line: QLineEdit, text: str) -> None:
        """Replaces what a line holds, key by key."""
        line.setFocus()
        line.selectAll()
        for letter in text:
            QApplication.sendEvent(line, QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, letter))

    def choose(self, name: str, text: object) -> None:
        """Chooses an entry of a list by its value or its text. TourStopped when it is not there."""
        box = self.find(ComboBox, name)
        row = box.findText(str(text))
        if row >= 0:
            box.setCurrentIndex(row)
        else:
            box.choose(text)
        if box.currentIndex() < 0:
            raise TourStopped(f"в списке «{name}» нет «{text}»")

    def text(self, name: str) -> str:
        return self.find(QLabel, name).text()

    def tab(self, key: str) -> None:
        """Shows a tab of the page «Интеграция». TourStopped when another page is shown."""
        page = self.window.current_page
        if not isinstance(page, IntegrationPageView):
            raise TourStopped("показана не страница «Интеграция»")
        page.tabs.show_tab(key)
        self.wait()

    def open(self, page: str) -> None:
        """Opens a page and waits until it has what it asked for."""
        self.window.show_page(page)
        self.wait()

    def wait(self) -> None:
        """Waits until nothing runs beside the window."""
        idle = wait_until(lambda: self.window.context.long_job is None and self.window.context.worker.pending == 0, seconds=STEP_SECONDS)
        if not idle:
            raise TourStopped("работа не окончилась вовремя")
        settle(self.window)

    def until(self, condition: Callable[[], bool], why: str, seconds: float = 30.0) -> None:
        """Waits for the condition. TourStopped with `why` and the page's message when it does not come."""
        if not wait_until(condition, seconds=seconds):
            shown = self.window.current_page.findChild(QLabel, "message_text")
            raise TourStopped(f"{why}. {shown.text() if shown is not None else ''}".strip())


class Tour:
    """The eight steps of the guide, then a synchronization, reported line by line."""

    def __init__(self, window: MainWindow, say: Say, pictures: Path | None = None) -> None:
        self.window = window
        self.driver = Driver(window)
        self._say = say
        self._pictures = pictures

    def run(self) -> None:
        """Works through all steps. TourStopped names the step that failed."""
        steps: tuple[tuple[str, Callable[[], str]], ...] = (
            ("Страница интеграции открыта", self._open_page),
            ("Подключение проверено", self._check_connection),
            ("Страница заполнена и сохранена", self._fill_page),
            ("Базовые категории получены", self._fetch_bases),
            ("Дочерние категории получены", self._fetch_children),
            ("Настройки категорий получены", self._fetch_settings),
            ("Интеграция включена", self._enable),
            ("Категории сопоставлены", self._map_categories),
            ("Карточки товаров заполнены", self._complete_cards),
            ("Синхронизация выполнена", self._synchronize),
            ("Заказы получены", self._fetch_orders),
            ("Журнал записан", self._open_journal),
        )
        for number, (title, step) in enumerate(steps, 1):
            try:
                outcome = step()
            except TourStopped as stopped:
                raise TourStopped(f"Шаг {number}, «{title}»: {stopped}") from stopped
            self._say(f"{number:>2}. {title}: {outcome}")

    def _open_page(self) -> str:
        self.driver.open("integration")
        self.driver.tab(STORE)
        if self._pictures is not None:
            self._pictures.mkdir(parents=True, exist_ok=True)
            # Only looked at: the demonstration's goods come from a file.
            self.driver.press("store_kind_1c")
            self.window.grab().save(str(self._pictures / "1-integration-store.png"))
            self.driver.press("store_kind_files")
        store = self.driver.text("page_status_line")
        self.driver.tab(OZON)
        return f"данные магазина загружены. {store}"

    def _check_connection(self) -> str:
        self.driver.press("check_connection")
        return self.driver.text("connection_more")

    def _fill_page(self) -> str:
        for name, value in (
            ("scheme", Scheme.FBS),
            ("catalog_structure", "ОЗОН"),
            ("order_direction", "Маркетплейсы"),
            ("organization", "ООО «МойБизнес2»"),
            ("responsible_employee", "Смирнова Анна"),
            ("price_type", "Розничная"),
            ("vat_rate", VatRate.VAT_22),
            ("update_trigger", UpdateTrigger.HOURLY),
        ):
            if name in TABS:
                self.driver.tab(TABS[name])
            self.driver.choose(name, value)
        self.driver.press("save_settings")
        return "схема FBS, цена «Розничная», НДС 22 %"

    def _fetch_bases(self) -> str:
        self.driver.tab(CATEGORIES)
        self.driver.press("fetch_base")
        self.driver.press("base_all")
        self.driver.until(self.driver.find(QAbstractButton, "fetch_children").isEnabled, "базовые категории не выбраны")
        return self._message()

    def _fetch_children(self) -> str:
        self.driver.press("fetch_children")
        return self._message()

    def _fetch_settings(self) -> str:
        self.driver.press("fetch_settings")
        return self._message()

    def _enable(self) -> str:
        self.driver.press("integration_enabled")
        self.driver.tab(OZON)
        return self.driver.text("integration_state")

    def _map_categories(self) -> str:
        self.driver.open("mapping")
        self.driver.press("suggest_button")
        self.driver.press("accept_sure_button")
        self.driver.press("show_all_categories")
        return self.driver.text("page_status_line")

    def _complete_cards(self) -> str:
        self.driver.open("products")
        self.driver.press("chip_errors")
        completed = self._complete_brands()
        self.driver.press("chip_all")
        outcome = f"бренд указан у {plural(completed, 'товара', 'товаров', 'товаров')}; " if completed else ""
        return outcome + self.driver.text("page_status_line")

    def _complete_brands(self) -> int:
        """Gives «Нет бренда» to the products that lack one, each in its card."""
        table = self.driver.find(QTableView, "product_table")
        completed, row = 0, 0
        while row < table.model().rowCount() and self._may_complete(completed):
            table.setCurrentIndex(table.model().index(row, 0))
            self.driver.wait()
            line = self.window.current_page.findChild(ValueLine, f"field_{BRAND_ATTRIBUTE}")
            if line is not None and line.property("state") == "error":
                self.driver.type(line, NO_BRAND)
                self.driver.until(partial(_has_value, line, NO_BRAND), f"значение «{NO_BRAND}» не найдено")
                line.editingFinished.emit()
                self.driver.press("save_card")
                completed += 1
            row += 1
        return completed

    def _may_complete(self, completed: int) -> bool:
        """Whether one more card is to be completed after so many."""
        return True

    def _synchronize(self) -> str:
        self.driver.open("sync")
        if self._pictures is not None:
            self._pictures.mkdir(parents=True, exist_ok=True)
            self.window.grab().save(str(self._pictures / "4-sync-preview.png"))
        self._say_preview()
        self.driver.press("send_button")
        return self.driver.text("page_status_line")

    def _say_preview(self) -> None:
        """What the first sending would do, as the page shows it, and that it is confirmed: nothing is sent unseen."""
        page = self.window.current_page
        computed = page.session.computed if isinstance(page, SyncPage) else None
        if computed is None:
            raise TourStopped("изменения не посчитаны")
        preview = computed.preview
        self._say(f"    Просмотр {preview.plan_id}, на Ozon ещё ничего не ушло:")
        for kind, count in preview.plan.counts().items():
            if count:
                self._say(f"      {action_text(kind)}: {count}")
        if preview.plan.held:
            self._say(f"      {held_line(preview.plan.held)}")
        self._say(f"    Просмотр {preview.plan_id} подтверждён кнопкой «Отправить»")

    def _fetch_orders(self) -> str:
        self.driver.open("orders")
        sandbox = self.window.context.application.sandbox
        if sandbox is not None:
            self.driver.until(lambda: bool(sandbox.postings), "в песочнице не появился заказ", 60.0)
        self.driver.press("fetch_orders")
        return self.driver.text("page_status_line")

    def _open_journal(self) -> str:
        self.driver.open("journal")
        return self.driver.text("page_status_line")

    def _message(self) -> str:
        return self.driver.text("message_text")


def _has_value(line: ValueLine, text: str) -> bool:
    return line.match(text) is not None


def run_tour(factory: ApplicationFactory, paths: DataPaths, pictures: Path, say: Say, *, theme_mode: ThemeMode = ThemeMode.LIGHT) -> int:
    """Works the job through and saves a picture of every page into `pictures`; 0 when everything came to its end, else 3."""
    prepare_qt()
    session = Session(factory, paths, theme_mode=theme_mode, quiet=True)
    session.start()
    try:
        window = session.wait_for_window()
        if window is None:
            say("Окно открыть не удалось")
            return 3
        window.resize(*SIZE)
        say("Показ без экрана: та же программа, учебный магазин и песочница вместо Ozon; с компьютера ничего не уходит.")
        try:
            Tour(window, say, pictures).run()
        except TourStopped as stopped:
            say(str(stopped))
            return 3
        select_first_rows(window)
        saved = save_pages(window, pictures)
        describe_sandbox(window, say)
        say(f"Снимки страниц ({len(saved) + 2}): {pictures}")
        return 3 if session.failures else 0
    finally:
        session.end()


def select_first_rows(window: MainWindow) -> None:
    """Opens something on each page, so that the pictures show it at work."""
    for page in ("mapping", "products", "orders", "journal"):
        window.show_page(page)
        settle(window)
        for tree in window.current_page.findChildren(QTreeView):
            model = tree.model()
            if model is not None and model.rowCount() and not tree.currentIndex().isValid():
                tree.setCurrentIndex(model.index(0, 0))
        settle(window)


def describe_sandbox(window: MainWindow, say: Say) -> None:
    """What the sandbox holds now."""
    sandbox = window.context.application.sandbox
    if sandbox is None:
        return
    held = sandbox.summary()
    products, priced, stocked, orders = (
        int(str(held[name])) for name in ("products", "products_with_price", "products_with_stock", "postings")
    )
    say(
        f"В песочнице теперь: {plural(products, 'товар', 'товара', 'товаров')}, с ценой {priced}, с остатком {stocked}, "
        f"{plural(orders, 'заказ', 'заказа', 'заказов')}"
    )

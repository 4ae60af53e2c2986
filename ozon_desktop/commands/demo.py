"""--demo where there can be no window: the eight steps of the guide and a synchronization, through the services alone."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace

from ozon_desktop import wording
from ozon_desktop.application import Application
from ozon_desktop.commands.output import Exit, Output
from ozon_desktop.domain.card import Card, SavedFields
from ozon_desktop.domain.integration import IntegrationSettings, Scheme, UpdateTrigger, VatRate
from ozon_desktop.domain.journal import RunResult
from ozon_desktop.domain.ozon_catalog import BRAND_ATTRIBUTE
from ozon_desktop.domain.progress import silent
from ozon_desktop.domain.sync_plan import ActionKind
from ozon_desktop.errors import NotFound
from ozon_desktop.services.sync.sync import SyncRequest
from ozon_desktop.wording.missing_qt import WITHOUT_WINDOW

NO_BRAND = "Нет бренда"
CHOSEN = {
    "structure": "ОЗОН",
    "direction": "Маркетплейсы",
    "organization": "ООО «МойБизнес2»",
    "employee": "Смирнова Анна",
    "price": "Розничная",
}
"""Entries of the demo store's lists by their names."""


class Demo:
    """Each step gives one line about what it brought; any of them raises what its service does."""

    def __init__(self, application: Application, output: Output) -> None:
        self._application = application
        self._output = output
        self._id = 0

    async def run(self) -> Exit:
        """Works through all of them. NotFound when the demo store lacks an entry; errors of the services."""
        self._output.line(WITHOUT_WINDOW)
        self._id = (await self._application.integrations.ensure_one()).id
        steps: tuple[tuple[str, Callable[[], Awaitable[str]]], ...] = (
            ("Подключение проверено", self._check),
            ("Страница заполнена и сохранена", self._fill),
            ("Базовые категории получены", self._bases),
            ("Дочерние категории получены", self._children),
            ("Настройки категорий получены", self._settings),
            ("Интеграция включена", self._enable),
            ("Категории сопоставлены", self._map),
            ("Карточки товаров заполнены", self._complete),
            ("Предварительный просмотр", self._preview),
            ("Заказы получены", self._orders),
            ("Журнал записан", self._journal),
        )
        for number, (title, step) in enumerate(steps, 1):
            self._output.line(f"{number:>2}. {title}: {await step()}")
        good = all(run.result is RunResult.DONE for run in await self._application.journal.runs(self._id))
        return Exit.DONE if good else Exit.PROBLEMS

    async def _check(self) -> str:
        return (await self._application.connection.check(self._id)).company

    async def _fill(self) -> str:
        page = await self._application.integrations.page(self._id)
        ids = {
            name: _named(CHOSEN[name], ((entry.id, entry.name) for entry in entries))
            for name, entries in (
                ("structure", page.structures),
                ("price", page.price_types),
                ("direction", page.directions),
                ("organization", page.organizations),
                ("employee", page.employees),
            )
        }
        settings: IntegrationSettings = replace(
            page.integration.settings,
            scheme=Scheme.FBS,
            catalog_structure_id=ids["structure"],
            order_direction_id=ids["direction"],
            organization_id=ids["organization"],
            responsible_employee_id=ids["employee"],
            price_type_id=ids["price"],
            vat_rate=VatRate.VAT_22,
            update_trigger=UpdateTrigger.HOURLY,
        )
        await self._application.integrations.save(self._id, settings, None)
        return "схема FBS, цена «Розничная», НДС 22 %"

    async def _bases(self) -> str:
        await self._application.catalog.fetch_base(self._id, silent)
        page = await self._application.integrations.page(self._id)
        await self._application.integrations.select_bases(self._id, frozenset(base.id for base in page.bases))
        return str(len(page.bases))

    async def _children(self) -> str:
        await self._application.catalog.fetch_children(self._id, silent)
        count = (await self._application.integrations.page(self._id)).type_count
        return wording.plural(count, "тип товара", "типа товара", "типов товара")

    async def _settings(self) -> str:
        await self._application.catalog.fetch_settings(self._id, silent)
        count = (await self._application.integrations.page(self._id)).value_count
        return wording.plural(count, "значение", "значения", "значений")

    async def _enable(self) -> str:
        page = await self._application.integrations.set_enabled(self._id, True)
        return "да" if page.integration.enabled else "нет"

    async def _map(self) -> str:
        suggestions = await self._application.mapping.suggest(self._id)
        best = {category: found[0].key for category, found in suggestions.items() if found}
        await self._application.mapping.map_each(self._id, best)
        return wording.plural(len(best), "категория", "категории", "категорий")

    async def _complete(self) -> str:
        """Gives «Нет бренда» to the products that lack one."""
        cards = self._application.cards
        await cards.resolve_values(self._id, silent)
        completed = 0
        for row in (await cards.view(self._id)).rows:
            if not row.ready:
                completed += await self._without_brand((await cards.details(self._id, row.product_id)).card)
        view = await cards.view(self._id)
        return f"бренд указан у {wording.plural(completed, 'товара', 'товаров', 'товаров')}; готовы {view.ready} из {len(view.rows)}"

    async def _without_brand(self, card: Card) -> bool:
        attribute = next((field.attribute for field in card.fields if field.attribute.id == BRAND_ATTRIBUTE), None)
        lacks = any(field.attribute.id == BRAND_ATTRIBUTE and not field.values for field in card.fields)
        if card.type is None or attribute is None or not lacks:
            return False
        key = card.type.key
        found = (await self._application.catalog.search_values(self._id, key, attribute, NO_BRAND)).values
        if not found:
            return False
        await self._application.cards.save_fields(
            self._id, SavedFields(card.product.id, key, {BRAND_ATTRIBUTE: ((found[0].id, found[0].value),)})
        )
        return True

    async def _preview(self) -> str:
        """Shows what will be sent, and sends just that."""
        preview = await self._application.previews.preview(self._id, silent)
        for kind, number in preview.plan.counts().items():
            if number:
                self._output.line(f"      {wording.action_text(kind)}: {number}")
        self._output.line("      просмотр подтверждён, отправляю")
        result = await self._application.sync.run(self._id, silent, SyncRequest(preview.plan, confirm=preview.plan_id))
        counts = dict(result.run.counts)
        return f"{wording.run_result_text(result.run.result)}; создано {counts.get(ActionKind.CREATE, 0)}, ошибок {counts.get('failed', 0)}"

    async def _orders(self) -> str:
        sandbox = self._application.sandbox
        if sandbox is not None and not sandbox.postings:
            on_sale = next((offer for offer, product in sandbox.products.items() if product.is_created and product.free > 0), None)
            if on_sale is not None:
                sandbox.place_order(on_sale)
        await self._application.orders.fetch(self._id, silent)
        count = len((await self._application.orders.view(self._id)).orders)
        return wording.plural(count, "заказ", "заказа", "заказов")

    async def _journal(self) -> str:
        return wording.plural(len(await self._application.journal.runs(self._id)), "запуск", "запуска", "запусков")


def _named(name: str, entries: Iterable[tuple[str, str]]) -> str:
    found = next((entry_id for entry_id, entry_name in entries if entry_name == name), None)
    if found is None:
        raise NotFound(name)
    return found

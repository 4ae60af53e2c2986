"""What can be done with the store categories and the Ozon type that are selected in the two trees."""

from PySide6.QtCore import QObject

from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.ui.mapping.session import MappingSession
from ozon_desktop.ui.mapping.trees.ozon_panel import OzonPanel
from ozon_desktop.ui.mapping.trees.store_panel import StorePanel


class Selection(QObject):
    """Keys, buttons, menus and commands of the page stand on it."""

    def __init__(self, session: MappingSession, store: StorePanel, ozon: OzonPanel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session, self.store, self.ozon = session, store, ozon

    @property
    def obstacle(self) -> str:
        """Why the selected categories cannot be mapped to the selected type; empty when they can."""
        view, type_ = self.session.view, self.ozon.current_type()
        if view is not None and view.can_map:
            return "Сопоставлять пока нельзя: причина написана вверху страницы."
        if type_ is not None and not type_.usable:
            return f"Этот тип нельзя выбрать: {self.ozon.model.state_text(type_)}."
        if not self.store.selected_ids():
            return "Выберите слева категорию магазина."
        return "" if type_ is not None else "Выберите тип товара: он стоит внутри категории Ozon."

    @property
    def mappable(self) -> bool:
        """Whether `map` does something now."""
        return self.session.view is not None and not self.obstacle

    def map(self) -> None:
        """Map the selected store categories to the selected type."""
        type_ = self.ozon.current_type()
        if type_ is not None and self.mappable:
            self.session.map_to(self.store.selected_ids(), type_.key)

    def drop(self, category_id: str, key: TypeKey) -> None:
        """A type was dragged onto a category: all selected ones are meant when it is one of them."""
        selected = self.store.selected_ids()
        self.session.map_to(selected if category_id in selected else [category_id], key)

    def unmap(self) -> None:
        """Take the own mappings of the selected categories away."""
        self.session.unmap([category for category in self.store.selected_ids() if self.store.model.has_own(category)])

    def accept_or_map(self) -> None:
        """Enter on store categories: accept their suggestions as one change, else map them to the selected type."""
        proposals, selected = self.store.model.proposals(), self.store.selected_ids()
        proposed = [category for category in selected if category in proposals]
        # One of a few is never taken unasked.
        accepted = {category: proposals[category].key for category in proposed if not self.store.model.siblings(category)}
        if accepted:
            self.session.map_each(accepted)
        elif not proposed:
            self.map()

    def choose(self, digit: int) -> None:
        """Map the selected category to the one of a few siblings that has this digit, and go on to the next suggestion."""
        selected = self.store.selected_ids()
        siblings = self.store.model.siblings(selected[0]) if len(selected) == 1 else ()
        if not 0 < digit <= len(siblings):
            return
        behind = self.store.model.next_proposed(selected[0])
        self.session.map_to(selected, siblings[digit - 1].key)
        if behind is not None:
            self.store.select(behind)

    def reject_or_unmap(self) -> None:
        """Delete on store categories: take their suggestions away, else their own mappings."""
        proposed = [category for category in self.store.selected_ids() if self.store.model.proposal(category) is not None]
        if proposed:
            self.store.reject(proposed)
        else:
            self.unmap()

    def accept_all(self) -> None:
        """Accept every confident suggestion, of whatever category, as one change."""
        self.session.map_each(self.store.confident())

    def accept_moved(self) -> None:
        """Map the selected categories whose types Ozon has moved to the new places of these types."""
        selected = self.store.selected_ids()
        self.session.map_each({category: key for category, key in self.session.moved.items() if category in selected})

    def show_type_of(self, category_id: str) -> None:
        """Select in the Ozon tree what is suggested for a store category, else what it is mapped to."""
        proposal, mapped = self.store.model.proposal(category_id), self.store.model.mapped(category_id)
        key = proposal.key if proposal is not None else mapped.key if mapped is not None else None
        if key is not None:
            self.ozon.select(key)

"""The three groups of suggestions: seen whole, worked through with mouse and keys."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QAbstractButton

from ozon_desktop.domain.matching.evidence import SuggestionGroup
from ozon_desktop.ui.frame.main_window import MainWindow
from ozon_desktop.ui.mapping.page import MappingPage
from tests.e2e.real_window.hand import Hand, by_hand

UNMAPPED = 40
"""So many categories lose their types again, so that there is something to suggest."""


def open_groups(hand: Hand) -> MappingPage:
    """Takes the demonstration's mapping back and asks for suggestions."""
    hand.page("mapping")
    page = hand.window.current_page
    assert isinstance(page, MappingPage)
    view = hand.ask(lambda: page.session.view)
    assert view is not None
    hand.ask(lambda: page.session.unmap(list(view.own)[:UNMAPPED]))
    hand.rest()
    hand.ask(page.session.question.agree)
    hand.rest()
    # Where the groups stand already, the button that accepts has the place of the one that asks.
    hand.ask(page.show_trees)
    hand.press("suggest_button")
    hand.until(lambda: page.in_groups, "the groups are not shown")
    hand.rest()
    return page


def place(page: MappingPage, category_id: str, part: str) -> QPoint:
    """The middle of a part of a category's row, scrolled into sight."""
    page.groups.show_category(category_id)
    view = page.groups.list
    row = view.current_row()
    assert row is not None
    layout = view._delegate.layout_of(row)
    rect = layout.chips[int(part) - 1] if part.isdigit() else layout.areas[part]
    return rect.center() + view.visualRect(view.currentIndex()).topLeft()


def is_done(page: MappingPage, category_id: str) -> bool:
    """Whether a category has its type."""
    return not page.groups.board.is_open(category_id)


def test_groups_are_worked_through_with_mouse_and_keys(worked: MainWindow, picture: Callable[[Hand, str], None]) -> None:
    def work(hand: Hand) -> None:
        page = open_groups(hand)
        board, view = page.groups.board, page.groups.list
        picture(hand, "groups")
        sure = hand.ask(lambda: board.open_ones(SuggestionGroup.SURE))
        assert sure
        before = hand.ask(lambda: page.desk.sure)
        hand.click(hand.ask(view.viewport), hand.ask(lambda: place(page, sure[0], "tick")))
        hand.until(lambda: page.desk.sure == before - 1, "a click on the tick does not take it out")
        hand.keys("space")
        hand.until(lambda: page.desk.sure == before, "the space bar does not take it in again")
        few = hand.ask(lambda: board.open_ones(SuggestionGroup.CHOICE))
        for one, answer in zip(few[:2], ("click", "key"), strict=False):
            at = hand.ask(partial(place, page, one, "1"))
            picture(hand, f"choice by {answer}")
            if answer == "click":
                hand.click(hand.ask(view.viewport), at)
            else:
                hand.keys("1")
            hand.until(partial(is_done, page, one), f"a {answer} does not choose the first")
            hand.rest()
        hand.ask(lambda: page.groups.show_category(sure[0]))
        hand.keys("ctrl+Return")
        hand.until(lambda: not board.open_ones(SuggestionGroup.SURE), "Ctrl+Enter does not accept the sure ones")
        hand.rest()
        picture(hand, "accepted")
        hand.keys("ctrl+z")
        hand.until(lambda: board.open_ones(SuggestionGroup.SURE) == sure, "Ctrl+Z does not take them back")
        hand.rest()
        hand.keys("ctrl+Return")
        hand.until(lambda: not board.open_ones(SuggestionGroup.SURE), "Ctrl+Enter does not accept them again")
        hand.rest()
        hand.press("show_all_categories")
        picture(hand, "trees")
        hand.find(QAbstractButton, "show_groups")

    by_hand(worked, work)


def test_what_the_groups_say_is_inside_their_rows(worked: MainWindow) -> None:
    cut: list[str] = []

    def look(page: MappingPage) -> None:
        view = page.groups.list
        model = page.groups.model
        for number in range(model.rowCount()):
            row = model.row(model.index(number))
            assert row is not None
            layout = view._delegate.layout_of(row)
            places = [piece.rect for piece in layout.pieces] + layout.chips
            cut.extend(f"{row}: {rect}" for rect in places if rect.right() > view.viewport().width() or rect.bottom() > layout.height)

    def work(hand: Hand) -> None:
        page = open_groups(hand)
        hand.ask(lambda: look(page))

    by_hand(worked, work)
    assert not cut, "\n".join(cut)

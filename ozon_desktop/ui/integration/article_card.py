"""«Артикулы на Ozon»: by what the cabinet sells products, with what a choice would come to before it is taken."""

from PySide6.QtWidgets import QPushButton, QWidget

from ozon_desktop.domain.articles import AUTOMATIC, ArticleSource
from ozon_desktop.services.store.articles import ArticlePreview
from ozon_desktop.ui.integration.article_session import ArticleSession, ArticlesRead, Rule, Tried
from ozon_desktop.ui.widgets import Card, ComboBox, Field, WrappedLabel
from ozon_desktop.wording.store_import import article_choice_text, article_preview_text, article_rule_text

CHOICES: tuple[Rule | None, ...] = (
    None,
    AUTOMATIC,
    (ArticleSource.CODE, ArticleSource.ARTICLE, ArticleSource.BARCODE),
    (ArticleSource.BARCODE, ArticleSource.ARTICLE, ArticleSource.CODE),
    (ArticleSource.ID,),
)
SHOP = "shop"
"""Stands for None in the box, whose own None is that nothing is chosen."""


class ArticleCard(Card):
    """The box tries a rule as soon as it is chosen; the button takes it. Nothing changes before."""

    def __init__(self, session: ArticleSession, parent: QWidget | None = None) -> None:
        super().__init__("Артикулы на Ozon", parent)
        self._session = session
        self._stored: Rule | None = None
        self._known = False
        self.box = ComboBox("article_rule", "Не выбрано")
        self.field = Field("Артикул на Ozon", self.box)
        self.box.currentIndexChanged.connect(self._chosen)
        self.preview = WrappedLabel("", role="secondary")
        self.preview.setObjectName("article_preview")
        self.proposal = WrappedLabel("", role="hint")
        self.proposal.setObjectName("article_proposal")
        self.apply_button = QPushButton("&Применить")
        self.apply_button.setObjectName("apply_articles")
        self.apply_button.setToolTip("Карточки, которые уже есть на Ozon, сохранят свой артикул")
        self.apply_button.clicked.connect(self._apply)
        self.field.add_beside(self.apply_button)
        for widget in (self.field, self.preview, self.proposal):
            self.body.addWidget(widget)
        self.setVisible(False)
        session.read.connect(self._show)
        session.tried.connect(self._show_tried)

    @property
    def rule(self) -> Rule | None:
        """What stands in the box; None = the store's own articles."""
        return next((rule for rule in self._choices() if (SHOP if rule is None else rule) == self.box.chosen), None)

    def _choices(self) -> tuple[Rule | None, ...]:
        return CHOICES if self._stored in CHOICES else (*CHOICES, self._stored)

    def _show(self, found: ArticlesRead) -> None:
        """What is stored; a choice that was made but not taken stays."""
        edited = self.rule if self._known and self.rule != self._stored else found.rule
        self._stored, self._known = found.rule, True
        self.setVisible(found.proposed.products > 0)
        rules = self._choices()
        self.box.set_choices([(SHOP if rule is None else rule, article_choice_text(rule)) for rule in rules], edited or SHOP)
        proposed = found.proposed
        offers = proposed.rule != (found.rule or AUTOMATIC)
        self.proposal.setText(f"Подойдёт: {_counted(proposed)[0]}" if offers else "")
        self.proposal.setVisible(offers)
        self._chosen()

    def forget(self) -> None:
        """Another cabinet: what was chosen and not taken belongs to the other one."""
        self._known = False

    def _chosen(self) -> None:
        self.apply_button.setEnabled(self._known and self.rule != self._stored)
        self._session.try_rule(self.rule)

    def _show_tried(self, tried: Tried) -> None:
        if tried.rule == self.rule:
            lines = _counted(tried.preview)
            if tried.rule is None:
                lines[0] = f"{article_rule_text(None)}: {lines[0].partition(' — ')[2]}"
            self.preview.setText("\n".join(lines))

    def _apply(self) -> None:
        self.apply_button.setEnabled(False)
        self._session.take(self.rule)


def _counted(preview: ArticlePreview) -> list[str]:
    return article_preview_text(preview.rule, preview.products, preview.distinct, preview.without, preview.kept, preview.examples)

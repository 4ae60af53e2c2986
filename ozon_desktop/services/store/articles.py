"""By what each cabinet sells products: the store's own articles, or a rule of the cabinet, with a preview on the store's products."""

from collections.abc import Sequence
from dataclasses import dataclass

from ozon_desktop.domain.articles import AUTOMATIC, ArticleSource, Named, articles
from ozon_desktop.errors import WrongInput
from ozon_desktop.services.shared import Revision
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork

Order = tuple[ArticleSource, ...]

EXAMPLES = 5
LIKELY: tuple[Order, ...] = (
    AUTOMATIC,
    (ArticleSource.CODE, ArticleSource.ARTICLE, ArticleSource.BARCODE),
    (ArticleSource.BARCODE, ArticleSource.ARTICLE, ArticleSource.CODE),
    (*AUTOMATIC, ArticleSource.ID),
)


@dataclass(frozen=True, slots=True)
class ArticlePreview:
    """What a rule comes to. distinct: different articles; without: products it finds none for; kept: those whose card on Ozon keeps its
    article; examples: (product id, article)."""

    rule: Order
    products: int
    distinct: int
    without: int
    kept: int
    examples: tuple[tuple[str, str], ...]


class ArticleRules:
    def __init__(self, storage: Database, revision: Revision) -> None:
        self._storage = storage
        self._revision = revision

    async def chosen(self, integration_id: int) -> Order | None:
        """The rule of the cabinet; None = the store's articles as the import gives them."""
        return await self._storage.run(lambda unit: chosen_rule(unit, integration_id))

    async def proposed(self, integration_id: int) -> ArticlePreview:
        """The simplest rule that names most products."""

        def work(unit: UnitOfWork) -> ArticlePreview:
            return min((_preview(unit, integration_id, order) for order in LIKELY), key=lambda preview: preview.without)

        return await self._storage.run(work)

    async def preview(self, integration_id: int, rule: Sequence[ArticleSource]) -> ArticlePreview:
        """What this rule would come to; nothing changes. WrongInput for an empty one."""
        order = _checked(rule)
        return await self._storage.run(lambda unit: _preview(unit, integration_id, order))

    async def choose(self, integration_id: int, rule: Sequence[ArticleSource] | None) -> None:
        """Sells by this rule from now on, None = by the store's articles. Products that have a card on Ozon keep its article."""
        order = None if rule is None else _checked(rule)

        def work(unit: UnitOfWork) -> None:
            if order is None:
                unit.preferences.remove(_key(integration_id))
            else:
                unit.preferences.set(_key(integration_id), ",".join(order))
            _apply(unit, integration_id, order, changed=True)

        await self._storage.run(work)
        self._revision.bump()


def chosen_rule(unit: UnitOfWork, integration_id: int) -> Order | None:
    text = unit.preferences.get(_key(integration_id))
    return tuple(ArticleSource(name) for name in text.split(",")) if text else None


def apply_rules(unit: UnitOfWork) -> None:
    """Gives products that came with an import the articles of each cabinet that has a rule."""
    for integration in unit.integrations.all():
        rule = chosen_rule(unit, integration.id)
        if rule is not None:
            _apply(unit, integration.id, rule, changed=False)


def parse_rule(text: str) -> Order:
    """«code,article» as a rule. WrongInput("rule") naming what is no source."""
    names = [name.strip().casefold() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in set(ArticleSource)]
    if unknown:
        raise WrongInput("rule", detail=", ".join(unknown))
    return _checked([ArticleSource(name) for name in names])


def _checked(rule: Sequence[ArticleSource]) -> Order:
    order = tuple(dict.fromkeys(rule))
    if not order:
        raise WrongInput("rule", detail="required")
    return order


def _key(integration_id: int) -> str:
    return f"articles/{integration_id}"


def _apply(unit: UnitOfWork, integration_id: int, order: Order | None, *, changed: bool) -> None:
    named = unit.articles.named()
    given, kept = _kept(unit, integration_id, named, changed=changed)
    sold = unit.articles.sold()
    # Products that are gone keep theirs as well: their cards are still to be archived.
    before = {product_id: article for product_id, article in given.items() if product_id not in {product.id for product in named}}
    if order is None:
        saved = {product_id: article for product_id, article in kept.items() if sold.get(product_id) != article}
    else:
        saved = kept | _named_anew(named, kept, order)
    unit.articles.save(integration_id, before | saved)


def _kept(unit: UnitOfWork, integration_id: int, named: Sequence[Named], *, changed: bool) -> tuple[dict[str, str], dict[str, str]]:
    """What the cabinet's rule gave so far, and the articles that stay: those of cards on Ozon, and all where the rule did not change."""
    given, sold, on_ozon = unit.articles.given(integration_id), unit.articles.sold(), unit.articles.on_ozon(integration_id)
    now = {product.id: given.get(product.id) or sold.get(product.id, "") for product in named}
    kept = {id_: article for id_, article in now.items() if article and (article in on_ozon or (not changed and id_ in given))}
    return given, kept


def _named_anew(named: Sequence[Named], kept: dict[str, str], order: Order) -> dict[str, str]:
    used = set(kept.values())
    return articles([product for product in named if product.id not in kept], lambda candidates: candidates & used, order)


def _preview(unit: UnitOfWork, integration_id: int, order: Order) -> ArticlePreview:
    named = unit.articles.named()
    changed = chosen_rule(unit, integration_id) != order
    _, kept = _kept(unit, integration_id, named, changed=changed)
    anew = _named_anew(named, kept, order)
    found = kept | anew
    examples = tuple(anew.items())[:EXAMPLES]
    return ArticlePreview(order, len(named), len(set(found.values())), len(named) - len(found), len(kept), examples)

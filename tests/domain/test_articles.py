"""Articles are different for every product, and the same whatever the order the products come in."""

from hypothesis import given
from hypothesis import strategies as st

from ozon_desktop.domain.articles import AUTOMATIC, ArticleSource, Named, articles, characteristic_of
from ozon_desktop.domain.card import OFFER_ID_LIMIT

TEXTS = st.sampled_from(["", "A", "B", "A-37", "a" * 50])


def nobody(candidates: set[str]) -> set[str]:
    return set()


@st.composite
def stores(draw: st.DrawFn) -> list[Named]:
    parents, ends = st.sampled_from([None, "p", "q"]), st.sampled_from(["", "37", "x" * 60])
    return [
        Named(str(number), draw(parents), draw(TEXTS), draw(TEXTS), draw(TEXTS), draw(ends)) for number in range(draw(st.integers(0, 12)))
    ]


@given(stores())
def test_no_two_products_share_an_article_and_order_does_not_matter(products: list[Named]) -> None:
    given_ = articles(products, nobody)
    assert len(set(given_.values())) == len(given_)
    assert set(given_) == {each.id for each in products if each.article or each.code or each.barcode}
    assert all(len(article) <= OFFER_ID_LIMIT for article in given_.values())
    assert articles(list(reversed(products)), nobody) == given_


@given(stores())
def test_an_article_that_is_taken_is_given_to_nobody_else(products: list[Named]) -> None:
    free = articles(products, nobody)
    used = set(free.values())
    again = articles(products, lambda candidates: candidates & used)
    assert used.isdisjoint(again.values())


def test_a_variant_that_shares_its_article_has_its_characteristic_behind_it() -> None:
    sisters = [Named(f"t#{size}", "t", "SL", characteristic=size, sisters=2) for size in ("37", "38")]
    assert articles(sisters, nobody) == {"t#37": "SL-37", "t#38": "SL-38"}


def test_the_order_of_a_rule_decides() -> None:
    product = Named("id-1", None, "A", "К", "46")
    assert articles([product], nobody, (ArticleSource.BARCODE, *AUTOMATIC)) == {"id-1": "46"}
    assert articles([product], nobody, (ArticleSource.ID,)) == {"id-1": "id-1"}


def test_an_offer_of_yml_whose_article_repeats_is_called_by_its_id() -> None:
    offers = [Named(number, None, article, number) for number, article in (("101", "GR"), ("102", "GR"), ("103", "X"))]
    assert articles(offers, nobody) == {"101": "101", "102": "102", "103": "X"}


def test_a_characteristic_is_one_line() -> None:
    assert characteristic_of(["37 ", " тёмно  синий", ""]) == "37-тёмно синий"

"""How the categories of real shops are read from the files they are published in; nothing of these files is kept in the project.

The folder named by OZON_DESKTOP_SHOP_TEXTS holds them as <owner>+<name>/<path in the repository>, each as it is at the commit
that `unseen_shops.json` names:

    git -C <clone> show <commit>:<path> > <folder>/<owner>+<name>/<path>
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lxml import etree, html

from ozon_desktop.domain.matching import Evidence

PRODUCTS = 20
PROPERTIES = 40
LONGEST_NAME = 70
FEWEST = 8
# What menus list besides goods.
NOT_GOODS = re.compile(
    r"доставк|оплат|контакт|главная|корзин|вход|регистрац|отзыв|новост|стать|о компании|о нас|о магазине|вакан|гаранти|партн|карта сайта"
    r"|акци[ия]|личный|кабинет|вопрос|услуг|сервис|прайс|каталог$|форум|блог|помощь|скидк|сертификат|возврат|обратн|сравнен|телефон:"
    r"|кредит|магазины|условия|faq|заказ|ещ[её]|подробн|показать|все товары|поиск|политик|информаци|производител|бренды$|франшиз|оптов"
    r"|дисконт|как ",
    re.IGNORECASE,
)

Path = tuple[str, ...]


@dataclass
class ShopCategory:
    """id: the file's own, or for a menu, which has none, the beginning of the path's hash."""

    id: str
    path: Path
    products: list[str] = field(default_factory=list)
    properties: list[tuple[str, str]] = field(default_factory=list)

    @property
    def hash(self) -> str:
        """By which a judgement knows that it is still about the same words."""
        return path_hash(self.path)

    def evidence(self) -> Evidence:
        return Evidence(self.path, tuple(self.products[:PRODUCTS]), tuple(self.properties[:PROPERTIES]))


def path_hash(path: Path) -> str:
    return hashlib.sha256("\n".join(path).encode()).hexdigest()[:12]


def read_shop(content: bytes, how: str) -> list[ShopCategory]:
    """All categories of a shop. how: menu (the largest nested list of a saved page), yml or commerceml."""
    return {"menu": _menu, "yml": _yml, "commerceml": _commerceml}[how](content)


def _menu(content: bytes) -> list[ShopCategory]:
    menus: list[list[Path]] = []
    for listing in html.fromstring(content).iter("ul"):
        if listing.xpath("ancestor::ul"):
            continue
        paths = list(_listed(listing, ()))
        goods = [path for path in paths if re.search("[а-яё]{3}", path[-1], re.IGNORECASE) and not any(map(NOT_GOODS.search, path))]
        if len(goods) >= max(FEWEST, 0.5 * len(paths)):
            menus.append(goods)
    largest = max(menus, key=len, default=[])
    return [ShopCategory(path_hash(path), path) for path in dict.fromkeys(largest)]


def _listed(listing: html.HtmlElement, above: Path) -> Iterator[Path]:
    for item in listing.xpath("./li"):
        name = next((text for link in item.iter("a", "span") if _belongs(link, item) and (text := _text(link))), "")
        if not name or len(name) > LONGEST_NAME:
            continue
        yield (*above, name)
        for nested in item.iter("ul"):
            if next(nested.iterancestors("li"), None) is item:
                yield from _listed(nested, (*above, name))


def _belongs(link: html.HtmlElement, item: html.HtmlElement) -> bool:
    """Whether the link is the item's own, not one of a list inside it."""
    return next(parent for parent in link.iterancestors("ul", "ol", "li") if parent is item or parent.tag in ("ul", "ol")) is item


def _text(link: html.HtmlElement) -> str:
    words = re.sub(r"\s+", " ", " ".join(str(part) for part in link.itertext()))
    return re.sub(r"\s*\(\d+\)\s*$", "", words.strip(" \xa0»›•·-–|>+"))


def _yml(content: bytes) -> list[ShopCategory]:
    text = _decoded(content[max(content.find(b"<yml_catalog"), 0) :])
    # A feed may stand in a script that counts its readers.
    root = etree.fromstring(re.sub(r"<\?.*?\?>", "", text, flags=re.DOTALL).encode(), etree.XMLParser(recover=True, huge_tree=True))
    names = {one.get("id", ""): (_squeezed(one.text), one.get("parentId")) for one in root.iter("category")}
    found = {key: ShopCategory(key, _path(names, key)) for key in names}
    for offer in root.iter("offer"):
        category = found.get(_squeezed(offer.findtext("categoryId")))
        if category is None or len(category.products) >= PRODUCTS:
            continue
        parts = [offer.findtext("name")] if offer.findtext("name") else map(offer.findtext, ("typePrefix", "vendor", "model"))
        category.products.append(_squeezed(" ".join(part for part in parts if part)))
        _add(category.properties, ((one.get("name", ""), _squeezed(one.text)) for one in offer.iter("param")))
    return list(found.values())


def _commerceml(content: bytes) -> list[ShopCategory]:
    root = etree.fromstring(content)
    for element in root.iter(etree.Element):
        element.tag = etree.QName(element).localname
    names: dict[str, tuple[str, str | None]] = {}
    for group in root.iter("Группа"):
        above = group.getparent()
        parent = above.getparent() if above is not None else None
        inside = parent.findtext("Ид") if parent is not None and parent.tag == "Группа" else None
        names[group.findtext("Ид") or ""] = _squeezed(group.findtext("Наименование")), inside
    found = {key: ShopCategory(key, _path(names, key)) for key in names}
    for product in root.iter("Товар"):
        category = found.get(product.findtext("Группы/Ид") or "")
        if category is not None and len(category.products) < PRODUCTS:
            category.products.append(_squeezed(product.findtext("Наименование")))
    return list(found.values())


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1251", "replace")


def _squeezed(text: str | None) -> str:
    return " ".join((text or "").split())


def _path(names: dict[str, tuple[str, str | None]], key: str) -> Path:
    path: list[str] = []
    at: str | None = key
    while at in names and len(path) < 8:
        name, at = names[at]
        path.insert(0, name)
    return tuple(path)


def _add(properties: list[tuple[str, str]], more: Iterable[tuple[str, str]]) -> None:
    properties += [one for one in dict.fromkeys(more) if one not in properties and len(properties) < PROPERTIES]

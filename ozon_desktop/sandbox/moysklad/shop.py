"""A shop of any size for the command line, tests and benchmarks: the same number gives the same goods."""

import random
import uuid
from decimal import Decimal

from .model import Good
from .sandbox import MoySklad

KINDS = ("Кружка", "Тарелка", "Чайник", "Поднос", "Ваза", "Кувшин", "Блюдо", "Сахарница", "Салатник", "Масленка")
MATERIALS = ("керамика", "фарфор", "стекло", "дерево", "сталь")
SERIES = ("Лес", "Море", "Поле", "Снег", "Сад", "Утро", "Север", "Луг")
SIZES, COLOURS = ("S", "M", "L", "XL"), ("белый", "синий", "зелёный")
FOLDER_SIZE = 200


def fill(account: MoySklad, products: int, *, variants: float = 0.0, bundles: float = 0.0, seed: int = 1) -> None:
    """Adds so many goods. variants, bundles: which share of `products` are those; a product with variants has three of them."""
    chance = random.Random(seed)
    second = account.add_to("store", "Склад на Лесной", pathName="")
    wholesale = account.add_price_type("Оптовая цена")
    material, length = account.add_attribute("Материал"), account.add_attribute("Длина упаковки, мм", "long")
    root = account.add_folder("Посуда")
    families = round(products * variants / 3)
    sets = round(products * bundles)
    plain: list[Good] = []
    for number in range(products - families * 3 - sets):
        kind = KINDS[number % len(KINDS)]
        if number % FOLDER_SIZE == 0:
            folder = account.add_folder(f"Полка {number // FOLDER_SIZE + 1}", root)
        good = account.add_product(
            f"{kind} «{SERIES[number % len(SERIES)]}» № {number + 1}",
            price=chance.randrange(100, 5000),
            stock=chance.randrange(0, 50),
            id=str(uuid.UUID(int=chance.getrandbits(128), version=4)),
            article=f"ART-{number + 1:06d}",
            folder_id=folder.id,
            barcodes=[{"ean13": f"20{number:010d}{chance.randrange(10)}"}],
            weight=chance.randrange(50, 3000) / 1000,
            attributes={material: chance.choice(MATERIALS), length: chance.randrange(50, 400)},
            description=f"{kind} из серии «{SERIES[number % len(SERIES)]}».",
            uom_id=next(iter(account.memory.lists["uom"])),
        )
        good.prices[wholesale] = float(round(good.prices[account.price_type] * 0.8))
        if number % 4 == 0:
            account.memory.stocks[good.id][second.id] = Decimal(chance.randrange(0, 20))
        plain.append(good)
    _families(account, families, chance)
    for number in range(sets):
        parts = {plain[(number * 2 + step) % len(plain)].id: float(step + 1) for step in range(2)}
        account.add_bundle(f"Набор № {number + 1}", parts, price=chance.randrange(500, 9000), article=f"SET-{number + 1:05d}")


def _families(account: MoySklad, families: int, chance: random.Random) -> None:
    for number in range(families):
        product = account.add_product(f"Футболка № {number + 1}", price=chance.randrange(500, 3000), article=f"TEE-{number + 1:05d}")
        for size in range(3):
            pairs = (("Размер", SIZES[size]), ("Цвет", COLOURS[number % len(COLOURS)]))
            account.add_variant(product, characteristics=pairs, stock=chance.randrange(0, 9), price=chance.randrange(500, 3000))

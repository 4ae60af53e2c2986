"""Words of the three groups of suggestions: what speaks for a type and against it, and why there is no honest answer."""

from collections.abc import Sequence

from ozon_desktop.wording.formats import number, plural, plural_form

WORDS_NAMED = 3
TYPES_NAMED = 3


def products_text(count: int) -> str:
    """«61 товар»."""
    return plural(count, "товар", "товара", "товаров")


def open_groups_text(total: int, sure: int, choice: int, unsure: int) -> str:
    """«Без соответствия 73 категории: уверенно 46, выбрать одно из 18, не знаю 9»."""
    groups = f"уверенно {number(sure)}, выбрать одно из {number(choice)}, не знаю {number(unsure)}"
    return f"Без соответствия {plural(total, 'категория', 'категории', 'категорий')}: {groups}"


def named_for_text(words: Sequence[str], products: int, of: int) -> str:
    """«22 товара из 61 со словом «настенный»»; "" when no product is named so."""
    if not products:
        return ""
    noun = "со словом" if len(words) == 1 else "со словами"
    named = ", ".join(f"«{word}»" for word in words[:WORDS_NAMED])
    return f"{products_text(products)} из {number(of)} {noun} {named}"


def named_against_text(products: int, of: int, *, others: bool) -> str:
    """What the names of the products say against a type; "" when nothing does. others: whether they name other types."""
    if not of or products == of:
        return ""
    if not products:
        return "таких слов нет ни в одном товаре" if of > 1 else "в названии товара таких слов нет"
    left = of - products
    return f"{products_text(left)} {plural_form(left, 'назван', 'названы', 'названы')} иначе" if others else ""


def rival_text(name: str) -> str:
    """Another type that is nearly as likely."""
    return f"похоже и на «{name}»"


def choice_cause_text(named: Sequence[tuple[str, int]], products: int) -> str:
    """Why one of a few has to be chosen. named: a word of each of them that products are named by, with how many are."""
    if not products:
        return "товаров нет, вид в названии не указан"
    met = [f"«{word}» {number(count)}" for word, count in named if count]
    return f"в названиях товаров: {', '.join(met)}" if met else "вид в названиях товаров не указан"


def mixed_text(named: Sequence[tuple[str, int]]) -> str:
    """Why a category of several kinds of products has no type of its own."""
    return f"товары разные: {', '.join(f'«{word}» {number(count)}' for word, count in named if count)}"


def unsure_cause_text(candidates: Sequence[str], *, brand: bool, rejected: bool, several: bool) -> str:
    """Why nothing can honestly be proposed. candidates: names of types, best first; several: they are of different trades."""
    if rejected:
        return "предложение отклонено"
    if brand:
        return "это марка, а не вид товара"
    if not candidates:
        return "подходящего типа не нашлось"
    if several and len(candidates) > 1:
        named = ", ".join(f"«{name}»" for name in candidates[:TYPES_NAMED])
        return f"похоже на разное: {named}"
    return f"уверенности мало: ближе всего «{candidates[0]}»"


def taught_text(names: Sequence[str]) -> str:
    """Where else a choice was made at once: «так же и в «Распродаже»» without bending the name."""
    return f"так же и здесь: {', '.join(f'«{name}»' for name in names)}" if names else ""

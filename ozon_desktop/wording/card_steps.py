"""Names of steps over cards, as the menu and the message line say them after «Отменить» and «Отменено»."""

from collections.abc import Sequence

from ozon_desktop.domain.card_differences import Side
from ozon_desktop.wording.formats import number, plural


def card_step(offer_id: str) -> str:
    return f"изменения карточки {offer_id}"


def pictures_step(offer_id: str) -> str:
    return f"порядок фотографий {offer_id}"


def bulk_step(field: str, products: int) -> str:
    return f"«{field}» у {plural(products, 'товара', 'товаров', 'товаров')}"


def copy_step(products: int) -> str:
    return f"копирование полей на {plural(products, 'товар', 'товара', 'товаров')}"


def import_step(products: int) -> str:
    return f"загрузку из XLSX: {plural(products, 'карточка', 'карточки', 'карточек')}"


def list_step(products: int) -> str:
    return f"переход на другой список: {plural(products, 'карточка', 'карточки', 'карточек')}"


def rules_step(fields: Sequence[str]) -> str:
    """fields: names of the attributes the rules are for."""
    return f"правило поля «{fields[0]}»" if len(fields) == 1 else f"{plural(len(fields), 'правило', 'правила', 'правил')} полей"


def rule_deletion_step(field: str) -> str:
    return f"удаление правила поля «{field}»"


def answers_step(texts: Sequence[str]) -> str:
    """texts: values of the store that were decided about."""
    return f"ответ о значении «{texts[0]}»" if len(texts) == 1 else f"ответы о значениях: {number(len(texts))}"


def answer_deletion_step(text: str) -> str:
    return f"снятие ответа о значении «{text}»"


def side_step(side: Side | None, field: str, products: int) -> str:
    """field: its name, "" = all fields; products: how many it was chosen for, 0 = a rule for all."""
    what = f"«{field}»" if field else "все поля"
    of_whom = f"у {plural(products, 'товара', 'товаров', 'товаров')}" if products else "для всех товаров"
    if side is None:
        return f"снятие выбора стороны: {what} {of_whom}"
    return f"выбор стороны «{'с Ozon' if side is Side.OZON else 'из магазина'}»: {what} {of_whom}"


def step_taken_text(label: str, changed: int, left: int, *, again: bool = False) -> str:
    """The message after undoing or repeating. changed: what was put back; left: what others changed since, which stays."""
    done = "Сделано снова" if again else "Отменено"
    if not changed:
        return f"Не отменено: {label}. Всё это с тех пор изменено ещё раз и оставлено как есть."
    text = f"{done}: {label}."
    if left:
        text += f" Оставлено как есть, потому что с тех пор изменено ещё раз: {number(left)}."
    return text

"""What a rule would give for the shown product, as the editor says it while one changes the rule."""

from dataclasses import replace

from ozon_desktop.domain.field_rules import FieldRule, ProductTexts, RuleKind, rule_text, table_of, template_faults
from ozon_desktop.domain.field_values import Values
from ozon_desktop.domain.ozon_catalog import Attribute
from ozon_desktop.domain.store_catalog import fold


def example(rule: FieldRule, texts: ProductTexts, attribute: Attribute, now: Values) -> str:
    """The text the rule gives; "" = nothing. now: what the field holds, for a table over what it takes by itself."""
    if rule.kind is RuleKind.CONSTANT:
        return "; ".join(text for _, text in rule.values)
    if rule.kind is RuleKind.TABLE and not rule.property_name:
        text = "; ".join(text for _, text in now)
    else:
        text = rule_text(rule, texts, attribute)
    known = table_of(rule).get(fold(text)) if rule.kind is RuleKind.TABLE else None
    return known[1] if known is not None else text


def fault(rule: FieldRule, texts: ProductTexts) -> str | None:
    """What makes the rule unusable, in words; None = nothing that can be seen here."""

    if rule.kind is RuleKind.CONSTANT:
        return None if rule.values else "Введите значение"
    if rule.kind is RuleKind.TEMPLATE:
        if not rule.template.strip():
            return "Введите шаблон"
        faults = [name for name in template_faults(rule.template, (name for name, _ in texts.product.properties)) if name in {"{", "}"}]
        return "Скобка без пары: {}".format(" ".join(faults)) if faults else None
    if rule.kind is RuleKind.TABLE:
        return None if rule.table else "Добавьте в таблицу хотя бы одно значение"
    return None if rule.property_name else "Выберите свойство магазина"


def single(attribute: Attribute) -> Attribute:
    """The attribute as one that takes one value: a line of a table has one."""
    return replace(attribute, is_collection=False)

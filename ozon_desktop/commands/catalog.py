"""categories fetch, categories changes, settings fetch: Ozon's catalogue without the window."""

from datetime import timedelta

from ozon_desktop import wording
from ozon_desktop.commands.context import Command
from ozon_desktop.commands.output import Exit
from ozon_desktop.domain.ozon_catalog import OzonTree
from ozon_desktop.domain.store_catalog import fold
from ozon_desktop.domain.tree_changes import TreeChange
from ozon_desktop.errors import Ambiguous, NotFound
from ozon_desktop.services.mapping.lookup import SEPARATOR


async def fetch_categories(command: Command) -> Exit:
    """Base categories, then everything below the chosen ones (all of them without --base)."""
    catalog, progress = command.application.catalog, command.output.progress
    bases = await catalog.fetch_base(command.integration.id, progress)
    await _choose(command, await catalog.tree(), all_without_names=True)
    children = await catalog.fetch_children(command.integration.id, progress)
    changes = (*bases.changes, *children.changes)
    command.output.document(
        {
            "bases": bases.bases,
            "categories": children.categories,
            "types": children.types,
            "requests": bases.requests + children.requests,
            "changes": [_change(change) for change in changes],
            "mappings_concerned": children.concerned,
        }
    )
    command.output.line(
        f"Базовых категорий: {bases.bases}, выбрано: {children.bases}, дочерних: {children.categories}, типов товара: {children.types}"
    )
    _say_changes(command, changes, children.concerned)
    return Exit.DONE


async def show_changes(command: Command) -> Exit:
    """What the last refresh of the categories changed; works without a network."""
    last = await command.application.catalog.last_changes(command.integration.id)
    command.output.document(
        {
            "at": last.at if last is not None else None,
            "changes": [_change(change) for change in last.changes] if last is not None else [],
            "mappings_concerned": last.concerned if last is not None else 0,
        }
    )
    if last is None:
        command.output.line("Изменений в категориях Ozon ещё не было")
        return Exit.DONE
    command.output.line(f"Изменения в категориях Ozon, {wording.exact(last.at)}:")
    _say_changes(command, last.changes, last.concerned)
    return Exit.DONE


def _say_changes(command: Command, changes: tuple[TreeChange, ...], concerned: int) -> None:
    for change in changes:
        command.output.line(f"  {wording.tree_change_text(change)}")
    if concerned:
        command.output.line(wording.tree_changes_line((), concerned))


async def fetch_settings(command: Command) -> Exit:
    """Types, attributes and values of the chosen base categories; what is there already is not asked again."""
    tree = await command.application.catalog.tree()
    below = [_category(tree, path) for path in command.args.category] if command.args.category else None
    if below is None:
        await _choose(command, tree, all_without_names=False)
    fresh_for = timedelta(days=command.args.older_than)
    result = await command.application.catalog.fetch_settings(
        command.integration.id, command.output.progress, below=below, fresh_for=fresh_for
    )
    failed = [{"type": path, "text": wording.error_text(error).text} for path, error in result.failed]
    command.output.document(
        {
            "types": result.types,
            "attributes": result.attributes,
            "dictionaries": result.dictionaries,
            "values": result.values,
            "requests": result.requests,
            "partial": result.partial,
            "failed": failed,
        }
    )
    command.output.line(
        f"Получено: {wording.plural(result.types, 'тип', 'типа', 'типов')}, "
        f"{wording.plural(result.attributes, 'характеристика', 'характеристики', 'характеристик')}, "
        f"{wording.plural(result.dictionaries, 'справочник', 'справочника', 'справочников')}, "
        f"{wording.plural(result.values, 'значение', 'значения', 'значений')}; запросов: {result.requests}"
    )
    for name in result.partial:
        command.output.line(f"Справочник «{name}» загружен частично: остальное ищется по мере надобности")
    for problem in failed:
        command.output.line(f"Не получено: {problem['type']} — {problem['text']}")
    return Exit.PROBLEMS if failed else Exit.DONE


def _change(change: TreeChange) -> dict[str, str]:
    before, after = SEPARATOR.join(change.before), SEPARATOR.join(change.after)
    return {"kind": change.kind.value, "key": str(change.key), "before": before, "after": after}


def _category(tree: OzonTree, text: str) -> int:
    """An Ozon category by id, or by the end of its path. NotFound, Ambiguous."""
    wanted = [fold(part) for part in text.split("/") if part.strip()]
    paths = {category.id: tree.category_path(category.id) for category in tree.categories.values() if not category.gone}
    found = [id_ for id_, path in paths.items() if str(id_) == text.strip() or [fold(name) for name in path][-len(wanted) :] == wanted]
    if not found:
        raise NotFound(text)
    if len(found) > 1:
        raise Ambiguous(text, detail="; ".join(SEPARATOR.join(paths[id_]) for id_ in found[:5]))
    return found[0]


async def _choose(command: Command, tree: OzonTree, *, all_without_names: bool) -> None:
    names: list[str] = command.args.base or []
    bases = [base for base in tree.base if not base.gone]
    if not names:
        if all_without_names and not command.integration.selected_base_ids:
            await command.application.integrations.select_bases(command.integration.id, frozenset(base.id for base in bases))
        return
    chosen: set[int] = set()
    for name in names:
        found = [base.id for base in bases if fold(base.name) == fold(name) or str(base.id) == name]
        if not found:
            raise NotFound(name, detail=", ".join(base.name for base in bases))
        chosen.update(found)
    await command.application.integrations.select_bases(command.integration.id, frozenset(chosen))

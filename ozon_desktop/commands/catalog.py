"""categories fetch, settings fetch: Ozon's catalogue without the window."""

from ozon_desktop import wording
from ozon_desktop.commands.context import Command
from ozon_desktop.commands.output import Exit
from ozon_desktop.domain.ozon_catalog import OzonTree
from ozon_desktop.domain.store_catalog import fold
from ozon_desktop.errors import NotFound


async def fetch_categories(command: Command) -> Exit:
    """Base categories, then everything below the chosen ones (all of them without --base)."""
    catalog, progress = command.application.catalog, command.output.progress
    bases = await catalog.fetch_base(command.integration.id, progress)
    await _choose(command, await catalog.tree(), all_without_names=True)
    children = await catalog.fetch_children(command.integration.id, progress)
    command.output.document(
        {"bases": bases.bases, "categories": children.categories, "types": children.types, "requests": bases.requests + children.requests}
    )
    command.output.line(
        f"Базовых категорий: {bases.bases}, выбрано: {children.bases}, дочерних: {children.categories}, типов товара: {children.types}"
    )
    for change in (*bases.changes, *children.changes):
        command.output.line(change)
    return Exit.DONE


async def fetch_settings(command: Command) -> Exit:
    """Types, attributes and values of the chosen base categories; what is there already is not asked again."""
    await _choose(command, await command.application.catalog.tree(), all_without_names=False)
    result = await command.application.catalog.fetch_settings(command.integration.id, command.output.progress)
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

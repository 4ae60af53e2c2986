"""sync held, integration read-only: what waits for a decision, and whether anything goes out at all."""

from ozon_desktop import wording
from ozon_desktop.commands.context import Command
from ozon_desktop.commands.output import Exit
from ozon_desktop.domain.held_items import HeldItem
from ozon_desktop.domain.holds import HeldKey
from ozon_desktop.domain.sync_plan import Verdict
from ozon_desktop.errors import NotFound


async def held(command: Command) -> Exit:
    """Decides about the products named, then shows what is held: exit code 1 while something is undecided."""
    service, id_ = command.application.held_items, command.integration.id
    items = await service.view(id_)
    chosen = {name: _keys(items, getattr(command.args, name)) for name in ("send", "keep", "undecided")}
    for name, verdict in (("send", Verdict.SEND), ("keep", Verdict.KEEP)):
        if chosen[name]:
            await service.decide(id_, chosen[name], verdict)
    if chosen["undecided"]:
        await service.take_back(id_, chosen["undecided"])
    items = await service.view(id_)
    command.output.document({"held": [_document(item) for item in items]})
    for item in items:
        changes = "; ".join(
            f"{wording.change_label(change.field, {}, {})} {change.old or '—'} → {change.new or '—'}" for change in item.changes[:4]
        )
        told = f"{wording.hold_text(item.hold)} [{wording.verdict_text(item.verdict)}]"
        command.output.line(f"{item.key.offer_id:<20} {f'{changes}: ' if changes else ''}{told}")
    if not items:
        command.output.line("Ничего не придержано")
    return Exit.PROBLEMS if any(item.verdict is None for item in items) else Exit.DONE


def _keys(items: list[HeldItem], articles: list[str]) -> list[HeldKey]:
    """The held changes of these products. NotFound names one of which nothing is held."""
    keys: list[HeldKey] = []
    for article in articles:
        found = [item.key for item in items if item.key.offer_id == article.strip()]
        if not found:
            raise NotFound(article)
        keys += found
    return keys


def _document(item: HeldItem) -> dict[str, object]:
    what = {"offer_id": item.key.offer_id, "name": item.name, "why": item.hold, "text": wording.hold_text(item.hold)}
    return {**what, "changes": item.changes, "verdict": item.verdict, "since": item.since}


async def read_only(command: Command) -> Exit:
    """Shows or sets the switch «только чтение»."""
    service, id_ = command.application.sending, command.integration.id
    wanted = command.args.state
    state = await (service.state(id_) if wanted is None else service.set_read_only(id_, wanted == "on"))
    command.output.document({"read_only": state.read_only})
    command.output.line(wording.READ_ONLY if state.read_only else "Только чтение выключено: изменения отправляются")
    return Exit.DONE

"""cards adopt|differences|confirm|export-ozon: the cabinet's own cards without the window."""

from dataclasses import fields
from pathlib import Path

from ozon_desktop import wording
from ozon_desktop.commands.context import Command
from ozon_desktop.commands.output import Exit
from ozon_desktop.domain.adoption import Decision
from ozon_desktop.domain.card_differences import Side
from ozon_desktop.domain.existing_cards import Content
from ozon_desktop.errors import Ambiguous, NotFound
from ozon_desktop.services.cabinet.existing_cards import ExistingCards
from ozon_desktop.services.cabinet.report import AdoptionReport, ReportedCard, StoreProduct
from ozon_desktop.wording.adoption import adoption_lines, difference_label, exported_text, matched_by_text, side_text, store_origin_text
from ozon_desktop.wording.existing_cards import content_text, existing_cards_text, losses_text, uncounted_text, whose_text

PREFERENCES = {"ozon": Content.FIELDS, "store": Content.STORE, "fill": Content.FILL}
"""«ozon»: nothing changes on Ozon but the fields a side was chosen for."""

SIDES = {"ozon": Side.OZON, "store": Side.STORE}


async def adopt(command: Command) -> Exit:
    """Reads the cabinet's cards and matches them to the store's products; --offline shows what is cached.

    --prefer, --prices, --stocks answer whose values win of cards that were on Ozon before.
    """
    service = command.application.cabinet_cards
    if command.args.offline:
        report = await service.report(command.integration.id)
    else:
        report = await service.load(command.integration.id, command.output.progress)
    existing = await _answer(command)
    command.output.document({**_as_document(report), "existing": existing})
    for line in (*_lines(report), *_existing_lines(existing)):
        command.output.line(line)
    for card in (*report.doubtful, *report.several):
        command.output.line(f"  {card.offer_id} «{card.name}»: {_candidates(card)}")
    if command.args.list:
        _list_all(command, report)
    return Exit.PROBLEMS if report.doubtful or report.several or not report.complete else Exit.DONE


async def _answer(command: Command) -> ExistingCards:
    """Keeps the answers that were given; what then holds, and what each answer would lose."""
    service, args, integration_id = command.application.existing_cards, command.args, command.integration.id
    if args.forget:
        await service.take_back(integration_id)
    content, prices, stocks = PREFERENCES.get(args.prefer), SIDES.get(args.prices), SIDES.get(args.stocks)
    await service.answer(integration_id, content=content, prices=prices, stocks=stocks)
    return await service.view(integration_id)


def _as_document(report: AdoptionReport) -> dict[str, object]:
    return {field.name: getattr(report, field.name) for field in fields(report)}


def _existing_lines(existing: ExistingCards) -> list[str]:
    if not existing.count:
        return []
    lines = [
        existing_cards_text(existing.count),
        f"  содержание: {content_text(existing.content)}",
        f"  цены: {whose_text(existing.prices)}",
        f"  остатки: {whose_text(existing.stocks)}",
    ]
    lines += [f"  если {content_text(content)} — {losses_text(lost)}" for content, lost in existing.losses.items()]
    if existing.uncounted:
        lines.append(f"  {uncounted_text(existing.uncounted)}")
    if existing.to_be_asked:
        lines.append("  Пока ответа нет, об этих карточках ничего не отправляется: cards adopt --prefer … --prices … --stocks …")
    return lines


async def differences(command: Command) -> Exit:
    """Fields in which products and their cards on Ozon differ; with --take the choice of a side."""
    service, args = command.application.cabinet_cards, command.args
    products = [(await _product(command, text)).product_id for text in args.product or []]
    if args.take is not None:
        side = SIDES.get(args.take)
        changed = await service.choose(command.integration.id, side, product_ids=products, field=args.field or "")
        command.output.document({"changed": changed})
        command.output.line(f"{wording.capital(side_text(side))}: изменено товаров — {changed}")
        return Exit.DONE
    found = await service.differences(command.integration.id, products or None, {args.field} if args.field else None)
    command.output.document({"differences": found})
    for one in found:
        values = f"магазин «{_short(one.store)}» ({store_origin_text(one)}), Ozon «{_short(one.ozon)}»"
        command.output.line(f"{one.offer_id}  {difference_label(one)} ({one.field}): {values} — {side_text(one.side)}")
    return Exit.PROBLEMS if any(one.side is None for one in found) else Exit.DONE


async def confirm(command: Command) -> Exit:
    """Says that a card on Ozon is a product's, with --reject that it is not, with --forget that nothing was said."""
    product = await _product(command, command.args.product)
    service, offer_id = command.application.cabinet_cards, command.args.offer_id
    if command.args.forget:
        pair = product.product_id, offer_id
        await service.take_back(command.integration.id, [Decision(*pair, True), Decision(*pair, False)])
        command.output.document({"product_id": product.product_id, "offer_id": offer_id, "same": None})
        command.output.line(f"«{product.name}» и карточка {offer_id}: решение снято")
        return Exit.DONE
    if command.args.reject:
        await service.reject(command.integration.id, product.product_id, offer_id)
    else:
        await service.confirm(command.integration.id, product.product_id, offer_id)
    command.output.document({"product_id": product.product_id, "offer_id": offer_id, "same": not command.args.reject})
    command.output.line(f"«{product.name}» и карточка {offer_id}: {'разные товары' if command.args.reject else 'один товар'}")
    return Exit.DONE


async def export_ozon(command: Command) -> Exit:
    args = command.args
    files = await command.application.cabinet_cards.export_only_on_ozon(
        command.integration.id, Path(args.folder), encoding=args.encoding, with_archived=args.archived
    )
    command.output.document(files)
    command.output.line(exported_text(files.cards, files.archived))
    for path in (files.import_file, files.offers_file, files.table):
        command.output.line(f"  {path}")
    return Exit.DONE


def _lines(report: AdoptionReport) -> list[str]:
    return adoption_lines(
        matched=len(report.matched),
        only_ozon=len(report.only_ozon),
        only_store=len(report.only_store),
        doubtful=len(report.doubtful),
        several=len(report.several),
        gone=len(report.gone),
        complete=report.complete,
    )


def _list_all(command: Command, report: AdoptionReport) -> None:
    for card in report.matched:
        if card.product is not None and card.by is not None:
            command.output.line(f"  {card.offer_id} — {card.product.offer_id} «{card.product.name}», {matched_by_text(card.by)}")
    for title, cards in (("только на Ozon", report.only_ozon), ("больше нет на Ozon", report.gone)):
        for card in cards:
            command.output.line(f"  {card.offer_id} «{card.name}»: {title}")
    for card in report.rejected:
        if card.product is not None:
            command.output.line(f"  {card.offer_id} «{card.name}» и {card.product.offer_id} «{card.product.name}»: разные товары")
    for product in report.only_store:
        command.output.line(f"  {product.offer_id} «{product.name}»: только в магазине")


def _candidates(card: ReportedCard) -> str:
    return "; ".join(f"{product.offer_id} «{product.name}», {score:.0f} %" for product, score in card.candidates)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:59]}…"


async def _product(command: Command, text: str) -> StoreProduct:
    """A product of the store by id or article. NotFound, Ambiguous."""
    rows = (await command.application.cards.view(command.integration.id)).rows
    report = await command.application.cabinet_cards.report(command.integration.id)
    matched = {card.product.product_id: card.product for card in report.matched if card.product is not None}
    known = {row.product_id: matched.get(row.product_id, StoreProduct(row.product_id, row.offer_id, row.name)) for row in rows}
    if text in known:
        return known[text]
    found = [product for product in known.values() if product.offer_id == text]
    if not found:
        raise NotFound(text)
    if len(found) > 1:
        raise Ambiguous(text, detail="; ".join(product.name for product in found[:5]))
    return found[0]

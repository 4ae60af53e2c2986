"""cards pictures: the pictures of one card in the order they are sent, and another order for them."""

from ozon_desktop import wording
from ozon_desktop.commands.cards import card_row
from ozon_desktop.commands.context import Command
from ozon_desktop.commands.output import Exit
from ozon_desktop.domain.pictures import PictureChoice, Pictures, arranged
from ozon_desktop.errors import WrongInput
from ozon_desktop.services.cards.cards import CardDetails


async def pictures(command: Command) -> Exit:
    """Lists a product's pictures; --main and --order take numbers of that list, --reset gives the store's order back."""
    args, service = command.args, command.application.cards
    row = await card_row(command, args.offer_id)
    details = await service.details(command.integration.id, row.product_id)
    choice = _chosen(args.main, args.order, row.product_id, _shown(details))
    if args.reset:
        choice = PictureChoice(row.product_id)
    if choice is not None:
        details = await service.save_pictures(command.integration.id, choice)
    shown = _shown(details)
    problems = {problem.position: problem for problem in shown.problems}
    command.output.document(
        {
            "offer_id": details.card.offer_id,
            "sent": shown.sent,
            "problems": [
                {"position": number, "url": problem.url, "code": problem.fault, "text": wording.picture_problem_text(problem)}
                for number, problem in problems.items()
            ],
        }
    )
    for number, url in enumerate(shown.all, 1):
        note = f"  — {wording.picture_problem_text(problems[number])}" if number in problems else "  — главная" if url == shown.main else ""
        command.output.line(f"{number}. {url}{note}")
    if not shown.all:
        command.output.line("У товара нет фотографий")
    return Exit.PROBLEMS if problems or not shown.sent else Exit.DONE


def _shown(details: CardDetails) -> Pictures:
    return arranged(details.card.product.pictures, details.picture_choice)


def _chosen(main: int | None, order: str | None, product_id: str, shown: Pictures) -> PictureChoice | None:
    """The new order: those named first, then the others as they stood. None = it is not to be changed. WrongInput."""
    if main is not None:
        wanted = [main]
    elif order is not None:
        parts = [part.strip() for part in order.split(",")]
        if not all(part.isascii() and part.isdigit() and len(part) < 5 for part in parts):
            raise WrongInput("images", detail=order)
        wanted = [int(part) for part in parts]
    else:
        return None
    unknown = [number for number in wanted if not 1 <= number <= len(shown.all)]
    if unknown or len(set(wanted)) < len(wanted):
        raise WrongInput("images", detail=str(unknown[0]) if unknown else str(order))
    named = [shown.all[number - 1] for number in wanted]
    urls = tuple(dict.fromkeys((*named, *shown.all)))
    return PictureChoice(product_id, urls, urls[0])

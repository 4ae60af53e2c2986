"""notifications show|set|test: letters to the owner without the window."""

import asyncio
from dataclasses import replace

from ozon_desktop import wording
from ozon_desktop.commands.cabinet import read_secret
from ozon_desktop.commands.context import Command
from ozon_desktop.commands.output import Exit
from ozon_desktop.domain.notification import DEFAULT_PORTS, MailSecurity, MailSettings, mail_problems, service_of
from ozon_desktop.errors import WrongInput
from ozon_desktop.services.notifications import MailPage

YES = frozenset({"1", "yes", "true", "on", "да"})
NO = frozenset({"0", "no", "false", "off", "нет"})
TEXTS = ("recipient", "server", "user", "sender")


async def show(command: Command) -> Exit:
    """Prints the settings; never the password."""
    return _say(command, await command.application.notifications.load())


async def set_fields(command: Command) -> Exit:
    """Sets fields given as KEY=VALUE; a known mail service fills in its server. --password reads it from standard input."""
    page = await command.application.notifications.load()
    settings = page.settings
    for pair in command.args.pairs:
        name, separator, value = pair.partition("=")
        if not separator:
            raise WrongInput(pair, detail="ожидается KEY=VALUE")
        settings = _set(settings, name.strip().casefold(), value.strip())
    password = await asyncio.to_thread(read_secret, "Пароль почты: ") if command.args.password else None
    return _say(command, await command.application.notifications.save(settings, password))


async def test(command: Command) -> Exit:
    settings = await command.application.notifications.send_test()
    command.output.document({"sent_to": settings.recipient})
    command.output.line(f"Пробное письмо отправлено: {settings.recipient}")
    return Exit.DONE


def _set(settings: MailSettings, name: str, value: str) -> MailSettings:
    if name in TEXTS:
        changed = replace(settings, **{name: value})  # type: ignore[arg-type]
        service = service_of(value) if name == "recipient" and not settings.server else None
        if service is not None:
            changed = replace(changed, server=service.server, port=service.port, security=service.security, user=settings.user or value)
        return changed
    if name == "port" and value.isascii() and value.isdigit() and 0 < int(value[:6]) <= 65_535:
        return replace(settings, port=int(value))
    if name == "security" and value.casefold() in set(MailSecurity):
        security = MailSecurity(value.casefold())
        port = DEFAULT_PORTS[security] if settings.port == DEFAULT_PORTS[settings.security] else settings.port
        return replace(settings, security=security, port=port)
    if name in {"enabled", "short_jobs"} and value.casefold() in YES | NO:
        return replace(settings, **{name: value.casefold() in YES})  # type: ignore[arg-type]
    raise WrongInput(name, detail=f"{value}; известны: enabled, {', '.join(TEXTS)}, port, security (tls, starttls, none), short_jobs")


def _say(command: Command, page: MailPage) -> Exit:
    settings = page.settings
    problems = mail_problems(settings, page.has_password)
    facts = {
        "enabled": settings.enabled,
        "recipient": settings.recipient,
        "server": settings.server,
        "port": settings.port,
        "security": settings.security.value,
        "user": settings.user,
        "sender": settings.from_address,
        "short_jobs": settings.short_jobs,
        "has_password": page.has_password,
        "password_place": page.password_place,
        "problems": {name: wording.mail_problem_text(problem) for name, problem in problems.items()},
    }
    command.output.document(facts)
    for name, value in facts.items():
        if name != "problems":
            command.output.line(f"{name} = {value if value != '' else '—'}")
    for name, text in ((name, wording.mail_problem_text(problem)) for name, problem in problems.items()):
        command.output.line(f"{name}: {text}")
    return Exit.PROBLEMS if problems else Exit.DONE

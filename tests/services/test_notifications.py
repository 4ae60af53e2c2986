"""Letters to the owner: sent protected, refused in words, and never in the way of the job they are about."""

import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ozon_desktop import errors
from ozon_desktop.application import Application, Options, build
from ozon_desktop.domain.journal import Run, RunCause, RunKind, RunProblem, RunResult
from ozon_desktop.domain.notification import Letter, MailSecurity, MailSettings
from ozon_desktop.domain.progress import silent
from ozon_desktop.errors import MailError, WrongInput
from ozon_desktop.logs import start_logging, stop_logging
from ozon_desktop.services.mail import Mailer
from ozon_desktop.services.secrets import MemoryStore
from tests.services.mailbox import PASSWORD, USER, served, trusting

pytestmark = pytest.mark.slow

LETTER = Letter("Проверка «связи»", "Сбор окончен: 12 типов.\n")
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def settings(port: int, security: MailSecurity = MailSecurity.STARTTLS, **changes: object) -> MailSettings:
    made = MailSettings(True, "boss@shop.example", "127.0.0.1", port, security, USER)
    return replace(made, **changes)  # type: ignore[arg-type]


@pytest.fixture
async def application(tmp_path: Path) -> Application:
    return await build(Options(tmp_path / "data", demo=True, secret_store=MemoryStore(), mailer=Mailer(trusting, timeout_s=15)))


async def test_letter_arrives_protected_and_readable() -> None:
    with served() as mailbox:
        await Mailer(trusting).send(settings(mailbox.port), PASSWORD, LETTER)
    (letter,) = mailbox.letters
    assert letter["Subject"] == LETTER.subject
    assert letter["To"] == "boss@shop.example"
    assert letter.get_content().replace("\r\n", "\n") == LETTER.text
    assert mailbox.logins == [USER]


async def test_every_failure_has_its_own_class() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        closed_port = free.getsockname()[1]
    with served() as mailbox, served(starttls=False) as plain, socket.create_server(("127.0.0.1", 0)) as mute:
        good = settings(mailbox.port)
        cases: list[tuple[type[MailError], Mailer, MailSettings, str]] = [
            (errors.MailNotTrusted, Mailer(), good, PASSWORD),
            (errors.MailLoginRefused, Mailer(trusting), good, "wrong"),
            (errors.MailServerUnreachable, Mailer(trusting), settings(closed_port), PASSWORD),
            (errors.MailNotProtected, Mailer(trusting), settings(plain.port), PASSWORD),
            (errors.MailNotProtected, Mailer(trusting), settings(plain.port, MailSecurity.TLS), PASSWORD),
            (errors.MailTimeout, Mailer(trusting, timeout_s=0.3), settings(mute.getsockname()[1]), PASSWORD),
        ]
        for expected, mailer, used, password in cases:
            with pytest.raises(expected) as caught:
                await mailer.send(used, password, LETTER)
            assert PASSWORD not in repr(caught.value)
        mailbox.refuse_recipient = True
        with pytest.raises(errors.MailRecipientRefused):
            await Mailer(trusting).send(good, PASSWORD, LETTER)
    assert mailbox.letters == []
    assert plain.letters == []


async def test_trial_letter_and_saved_settings(application: Application) -> None:
    notifications = application.notifications
    with served() as mailbox:
        used = settings(mailbox.port)
        page = await notifications.save(used, PASSWORD)
        assert (page.settings, page.has_password) == (used, True)
        await notifications.send_test()
    assert [letter["Subject"] for letter in mailbox.letters] == ["Ozon Desktop: пробное письмо"]
    with pytest.raises(WrongInput):
        await notifications.save(replace(used, recipient="не адрес"))
    with pytest.raises(WrongInput):
        await notifications.save(replace(used, server="smtp.shop.example", security=MailSecurity.NONE))
    await application.close()


async def test_long_collection_is_written_about_and_a_short_one_is_not(application: Application) -> None:
    ended = Run(0, 1, RunKind.SETTINGS, RunCause.MANUAL, NOW, NOW + timedelta(minutes=9), RunResult.PARTIAL, (("types", 12),))
    ended = replace(ended, problems=(RunProblem("", "Обувь / Сапоги", "RequestRefused", "Ozon отказал"),))
    with served() as mailbox:
        await application.notifications.save(settings(mailbox.port), PASSWORD)
        application.notifications.run_ended(replace(ended, finished_at=NOW + timedelta(seconds=5)))
        application.notifications.run_ended(replace(ended, result=RunResult.STOPPED))
        application.notifications.run_ended(ended)
        await application.notifications.close()
    (letter,) = mailbox.letters
    text = letter.get_content()
    assert "получение настроек" in letter["Subject"]
    for part in ("Кабинет: Ozon", "9\u00a0мин", "Обувь / Сапоги: Ozon отказал"):
        assert part in text
    await application.close()


async def test_letter_that_fails_never_fails_the_job_and_is_reported(application: Application) -> None:
    reported: list[tuple[str, str]] = []
    application.notifications.listen(lambda title, text: reported.append((title, text)))
    integration = (await application.integrations.all())[0].id
    await application.notifications.save(settings(9, short_jobs=True), PASSWORD)
    result = await application.catalog.fetch_base(integration, silent)
    assert result.bases > 10
    await application.notifications.close()
    assert [title for title, _ in reported] == ["Письмо не отправлено"]
    run = (await application.journal.runs(integration))[0]
    assert run.result is RunResult.DONE
    assert [problem.code for problem in run.problems] == ["MailServerUnreachable"]
    await application.close()


async def test_password_is_in_no_file(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    handler = start_logging(folder / "logs", level=10)
    application = await build(Options(folder, demo=True, secret_store=MemoryStore(), mailer=Mailer(trusting, timeout_s=15)))
    with served() as mailbox:
        await application.notifications.save(settings(mailbox.port), PASSWORD)
        await application.notifications.send_test()
        with pytest.raises(errors.MailLoginRefused):
            await application.notifications.send_test(settings(mailbox.port), f"{PASSWORD}-wrong")
    await application.close()
    stop_logging(handler)
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if PASSWORD.encode() in path.read_bytes()]

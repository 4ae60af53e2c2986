"""Letters to the owner, and what is wrong with their settings."""

from ozon_desktop.domain.journal import Run
from ozon_desktop.domain.notification import Letter, MailProblem, MailSecurity
from ozon_desktop.wording.formats import capital, duration, exact
from ozon_desktop.wording.sync import counts_text, run_kind_text, run_result_text

NOT_SENT = "Письмо не отправлено"
PROBLEMS_SHOWN = 20

_PROBLEMS = {
    MailProblem.REQUIRED: "Заполните поле",
    MailProblem.NOT_AN_ADDRESS: "Это не адрес почты",
    MailProblem.NOT_A_SERVER: "Это не имя сервера",
    MailProblem.NOT_A_PORT: "Порт — число от 1 до 65535",
    MailProblem.UNPROTECTED: "Без защиты можно писать только через сервер на этом компьютере",
}
_SECURITY = {
    MailSecurity.TLS: "TLS (сразу защищённое соединение)",
    MailSecurity.STARTTLS: "STARTTLS (защита включается после соединения)",
    MailSecurity.NONE: "Без защиты",
}


def mail_problem_text(problem: MailProblem) -> str:
    return _PROBLEMS[problem]


def mail_security_text(security: MailSecurity) -> str:
    return _SECURITY[security]


def letter_of_run(run: Run, cabinet: str) -> Letter:
    """What ended, how, with which numbers and problems."""
    result = run_result_text(run.result)
    lines = [f"{capital(run_kind_text(run.kind))}: {result}."]
    if cabinet:
        lines.append(f"Кабинет: {cabinet}.")
    if run.finished_at is not None:
        seconds = (run.finished_at - run.started_at).total_seconds()
        lines.append(f"Начато {exact(run.started_at)}, длилось {duration(seconds)}.")
    counts = counts_text(run.counts)
    if counts:
        lines.append(f"{capital(counts)}.")
    if run.reason:
        lines.append(run.reason)
    if run.problems:
        lines += ["", "Что не получилось:"]
        for problem in run.problems[:PROBLEMS_SHOWN]:
            about = problem.offer_id or problem.field
            lines.append(f"— {about}: {problem.text}" if about else f"— {problem.text}")
        rest = len(run.problems) - PROBLEMS_SHOWN
        if rest > 0:
            lines.append(f"… и ещё {rest}; все — на странице «Журнал».")
    return Letter(f"Ozon Desktop: {run_kind_text(run.kind).lower()} — {result}", "\n".join(lines) + "\n")


def notice_letter(title: str, text: str) -> Letter:
    """A letter with what listeners are notified of."""
    return Letter(f"Ozon Desktop: {title}", f"{text}\n")


def trial_letter() -> Letter:
    """What «Отправить пробное письмо» sends."""
    return Letter("Ozon Desktop: пробное письмо", "Уведомления настроены: письма программы будут приходить на этот адрес.\n")

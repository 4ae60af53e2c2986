"""What is said of a mistake of the program itself: one sentence, and where its trace is."""

UNEXPECTED_TITLE = "Внутренняя ошибка программы"


def unexpected_text(log: str) -> str:
    """The sentence for the command line. log: the file with the trace, "" when it could not be written."""
    if not log:
        return "Внутренняя ошибка программы; журнал записать не удалось, сохранённые данные не пострадали."
    return f"Внутренняя ошибка программы; сохранённые данные не пострадали, подробности записаны в журнал: {log}"


def unexpected_action(log: str) -> str:
    """What the manager can do about it in the window."""
    where = f" Подробности есть и в журнале: {log}" if log else ""
    return f"Повторите действие. Если ошибка останется, нажмите «Скопировать» и отправьте подробности в поддержку.{where}"

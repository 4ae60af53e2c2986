"""What is said where the libraries are missing that Qt, and so the window, needs from a Linux."""

PACKAGES = {
    "Debian, Ubuntu": "apt-get install libegl1 libgl1 libxkbcommon0 libdbus-1-3 libfontconfig1",
    "Fedora": "dnf install mesa-libEGL mesa-libGL libxkbcommon dbus-libs fontconfig",
    "Arch": "pacman -S libglvnd libxkbcommon dbus fontconfig",
    "Alpine": "apk add mesa-egl mesa-gl libxkbcommon dbus-libs fontconfig",
    "openSUSE": "zypper install libEGL1 libGL1 libxkbcommon0 libdbus-1-3 fontconfig",
}
"""What installs them, by family of Linux."""

WITHOUT_WINDOW = "Работаю без окна: та же программа, учебный магазин и песочница вместо Ozon; с компьютера ничего не уходит."
NO_WINDOW = "Команды без окна работают: ozon-desktop --help; показ без окна: ozon-desktop --demo"


def missing_qt_lines(detail: str) -> list[str]:
    """That there can be no window, why, and what to install. detail: the system's own words."""
    lines = [f"Окно открыть нельзя: в системе нет библиотек, которые нужны Qt ({detail}). Установите их:"]
    return [*lines, *(f"  {family}: {command}" for family, command in PACKAGES.items())]


def unknown_platform_text(asked: str, known: list[str]) -> str:
    """The value of QT_QPA_PLATFORM that Qt would end the program for, and those it has."""
    return f"Окно открыть нельзя: QT_QPA_PLATFORM={asked}, а у Qt есть только {', '.join(known)}. Уберите переменную или исправьте её"

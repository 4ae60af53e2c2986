"""ozon-desktop notifications show|set|test."""

from tests.commands.conftest import Terminal


def test_settings_are_shown_set_and_never_say_the_password(terminal: Terminal) -> None:
    said = terminal("notifications", "set", "recipient=owner@mail.ru", "enabled=да", "--password", "--json", typed="очень-секретно\n")
    assert said.document["server"] == "smtp.mail.ru"
    assert said.document["user"] == "owner@mail.ru"
    assert said.document["security"] == "tls"
    again = terminal("notifications", "show")
    assert "smtp.mail.ru" in again.out
    assert "очень-секретно" not in said.out + said.err + again.out + again.err


def test_wrong_setting_is_refused_in_words(terminal: Terminal) -> None:
    said = terminal("notifications", "set", "port=сто")
    assert said.code == 3
    assert "port" in said.err
    assert terminal("notifications", "set", "recipient=никто").code == 3
    assert terminal("notifications", "test").code == 3

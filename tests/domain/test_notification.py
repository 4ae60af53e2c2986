"""Mail settings: which are complete, which would send a password in the clear, and what an address says about its server."""

from dataclasses import replace

import pytest

from ozon_desktop.domain.notification import (
    MAIL_FIELDS,
    MailProblem,
    MailSecurity,
    MailSettings,
    is_address,
    is_loopback,
    is_server,
    mail_problems,
    service_of,
)

GOOD = MailSettings(True, "anna@shop.example", "smtp.shop.example", 465, MailSecurity.TLS, "anna@shop.example")


def test_complete_settings_have_no_problem() -> None:
    assert mail_problems(GOOD, has_password=True) == {}


def test_empty_settings_are_fine_until_letters_are_switched_on() -> None:
    assert mail_problems(MailSettings(), has_password=False) == {}
    on = replace(MailSettings(), enabled=True)
    assert mail_problems(on, has_password=False) == {"recipient": MailProblem.REQUIRED, "server": MailProblem.REQUIRED}


def test_a_trial_letter_needs_everything_though_letters_are_off() -> None:
    off = replace(GOOD, enabled=False)
    assert mail_problems(off, has_password=False) == {}
    assert mail_problems(off, has_password=False, complete=True) == {"password": MailProblem.REQUIRED}


def test_a_server_that_asks_for_no_user_needs_no_password() -> None:
    assert mail_problems(replace(GOOD, user=""), has_password=False) == {}


@pytest.mark.parametrize(
    ("change", "field", "problem"),
    [
        ({"recipient": "anna"}, "recipient", MailProblem.NOT_AN_ADDRESS),
        ({"sender": "anna@"}, "sender", MailProblem.NOT_AN_ADDRESS),
        ({"server": "smtp shop"}, "server", MailProblem.NOT_A_SERVER),
        ({"server": "https://smtp.shop.example"}, "server", MailProblem.NOT_A_SERVER),
        ({"port": 0}, "port", MailProblem.NOT_A_PORT),
        ({"port": 65536}, "port", MailProblem.NOT_A_PORT),
        ({"security": MailSecurity.NONE}, "security", MailProblem.UNPROTECTED),
    ],
)
def test_a_wrong_field_is_named_even_while_letters_are_off(change: dict[str, object], field: str, problem: MailProblem) -> None:
    for enabled in (True, False):
        wrong = replace(GOOD, enabled=enabled, **change)  # type: ignore[arg-type]
        assert mail_problems(wrong, has_password=True) == {field: problem}


def test_problems_come_in_the_order_of_the_form() -> None:
    wrong = MailSettings(True, "", "", 0, MailSecurity.TLS, "anna", "nobody")
    found = list(mail_problems(wrong, has_password=False))
    assert found == [name for name in MAIL_FIELDS if name in found]
    assert found == ["recipient", "server", "port", "password", "sender"]


@pytest.mark.parametrize("server", ["localhost", "LOCALHOST", "127.0.0.1", "127.8.8.8", "::1"])
def test_only_this_computer_may_be_reached_without_protection(server: str) -> None:
    assert is_loopback(server)
    assert mail_problems(replace(GOOD, server=server, security=MailSecurity.NONE), has_password=True) == {}


@pytest.mark.parametrize("server", ["localhost.shop.example", "127.0.0.1.shop.example", "192.168.0.1", "::2", ""])
def test_what_only_looks_like_this_computer_is_not(server: str) -> None:
    assert not is_loopback(server)


@pytest.mark.parametrize("text", ["a@b.ru", "anna.petrova+ozon@shop.example", "info@магазин.рф"])
def test_addresses(text: str) -> None:
    assert is_address(text)


@pytest.mark.parametrize(
    "text", ["", "a", "a@b", "a@@b.ru", "a b@c.ru", "a@b.ru, c@d.ru", "a@b.ru\nBcc: c@d.ru", "Anna <a@b.ru>", "анна@b.ru"]
)
def test_what_is_no_single_address(text: str) -> None:
    assert not is_address(text)


@pytest.mark.parametrize(
    ("text", "good"),
    [("smtp.yandex.ru", True), ("почта.рф", True), ("10.0.0.1", True), ("-a.ru", False), ("a..ru", False), ("a.ru:465", False)],
)
def test_servers(text: str, good: bool) -> None:
    assert is_server(text) is good


def test_a_letter_comes_from_the_mailbox_that_was_logged_in_to() -> None:
    assert replace(GOOD, user="petr@shop.example").from_address == "petr@shop.example"
    assert replace(GOOD, user="petr").from_address == GOOD.recipient
    assert replace(GOOD, sender="ozon@shop.example").from_address == "ozon@shop.example"


@pytest.mark.parametrize(
    ("address", "server"),
    [("a@Yandex.RU", "smtp.yandex.ru"), ("a@ya.ru", "smtp.yandex.ru"), ("a@bk.ru", "smtp.mail.ru"), ("a@gmail.com", "smtp.gmail.com")],
)
def test_a_well_known_domain_names_its_server(address: str, server: str) -> None:
    service = service_of(address)
    assert service is not None
    assert (service.server, service.port, service.security) == (server, 465, MailSecurity.TLS)


def test_an_unknown_domain_names_none() -> None:
    assert service_of("a@shop.example") is None
    assert service_of("") is None

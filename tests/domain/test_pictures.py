"""Which pictures a card sends, in which order, and what is said of the others."""

import pytest

from ozon_desktop.domain.pictures import PICTURE_LIMIT, PictureChoice, PictureFault, PictureProblem, address_fault, arranged

ONE, TWO, THREE = (f"https://shop.example/{number}.jpg" for number in (1, 2, 3))


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        (ONE, None),
        ("HTTP://shop.example/a.jpg?size=1", None),
        ("https://93.184.216.34/1.jpg", None),
        ("import_files/0a/1_2.jpg", PictureFault.A_FILE),
        ("import_files\\0a\\1_2.JPG", PictureFault.A_FILE),
        ("1.jpg", PictureFault.A_FILE),
        ("../1.jpg", PictureFault.NOT_AN_ADDRESS),
        ("import_files/../../1.jpg", PictureFault.NOT_AN_ADDRESS),
        ("/etc/1.jpg", PictureFault.NOT_AN_ADDRESS),
        ("C:\\photos\\1.jpg", PictureFault.NOT_AN_ADDRESS),
        ("shop.example/1.jpg", PictureFault.NOT_AN_ADDRESS),
        ("//shop.example/1.jpg", PictureFault.NOT_AN_ADDRESS),
        ("ftp://shop.example/1.jpg", PictureFault.NOT_AN_ADDRESS),
        ("https:///1.jpg", PictureFault.NOT_AN_ADDRESS),
        ("https://[1/2.jpg", PictureFault.NOT_AN_ADDRESS),
        ("https://shop.example/моё фото.jpg", PictureFault.HAS_BLANKS),
        ("http://localhost/1.jpg", PictureFault.NOT_PUBLIC),
        ("http://server/1.jpg", PictureFault.NOT_PUBLIC),
        ("http://192.168.1.7/1.jpg", PictureFault.NOT_PUBLIC),
        ("http://172.20.0.1/1.jpg", PictureFault.NOT_PUBLIC),
        ("http://172.32.0.1/1.jpg", None),
    ],
)
def test_address_must_be_one_that_ozon_can_open(url: str, fault: PictureFault | None) -> None:
    assert address_fault(url) is fault


def test_store_order_stays_without_a_choice_and_doubles_are_reported_once() -> None:
    found = arranged([ONE, " ", TWO, ONE, "1.jpg"])
    assert found.sent == (ONE, TWO)
    assert found.problems == (PictureProblem(ONE, PictureFault.DUPLICATE, 3), PictureProblem("1.jpg", PictureFault.A_FILE, 4))


def test_main_comes_first_then_the_chosen_order_then_what_is_new() -> None:
    choice = PictureChoice("p", (TWO, ONE, "https://gone.example/1.jpg"), main=ONE)
    found = arranged([ONE, THREE, TWO], choice)
    assert (found.sent, found.main) == ((ONE, TWO, THREE), ONE)
    assert arranged([ONE, TWO], PictureChoice("p", main="https://gone.example/1.jpg")).sent == (ONE, TWO)


def test_only_as_many_as_ozon_takes() -> None:
    urls = [f"https://shop.example/{number}.jpg" for number in range(PICTURE_LIMIT + 2)]
    found = arranged(["bad.jpg", *urls])
    assert found.sent == tuple(urls[:PICTURE_LIMIT])
    assert [problem.fault for problem in found.problems] == [PictureFault.A_FILE, PictureFault.OVER_LIMIT, PictureFault.OVER_LIMIT]


def test_no_picture_no_main() -> None:
    assert arranged([]).main == ""

"""Addresses of the own network are known in every spelling, and pictures by their first bytes."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ozon_desktop.domain.addresses import is_outside, spelled_address
from ozon_desktop.domain.picture_kinds import MOST_SIDE, PictureKind, picture_head
from ozon_desktop.domain.pictures import LoadFault, PictureFault, address_fault, checked
from tests.made_pictures import jpeg_head, png_head, webp_heads

INSIDE = [
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0177.0.0.1",
    "017700000001",
    "１２７.0.0.1",
    "127。0。0。1",
    "①27.0.0.1",
    "127.0.0.1.",
    "0",
    "0.0.0.0",
    "10.1.2.3",
    "10.1",
    "192.168.0.1",
    "3232235521",
    "172.31.255.255",
    "169.254.169.254",
    "100.64.0.1",
    "198.18.0.1",
    "192.0.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "[::1]",
    "[::]",
    "[fe80::1]",
    "[fe80::1%25eth0]",
    "[fc00::1]",
    "[fec0::1]",
    "[ff02::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::ffff:10.0.0.1]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "[2002:a00:1::1]",
    "[2001:0:7f00:1::]",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "ｌocalhost",
    "ⓛocalhost",
    "a.localhost",
    "router",
    "nas.local",
    "nas.LAN",
    "wiki.internal",
    "files.corp",
    "fritz.home.arpa",
    "shop.intranet.",
]


@pytest.mark.parametrize("host", INSIDE)
def test_the_own_network_is_known_in_every_spelling(host: str) -> None:
    for port in ("", ":80"):
        assert address_fault(f"http://{host}{port}/1.jpg") is not None
    assert address_fault(f"http://shop.example@{host}/1.jpg") is not None, "what stands before @ is no host"


@pytest.mark.parametrize(
    "host", ["shop.example", "магазин.рф", "93.184.216.34", "8.8.8.8", "127shop.example", "local.shop.example", "xn--80aaxitdbjk.xn--p1ai"]
)
def test_what_is_outside_is_not_taken_for_inside(host: str) -> None:
    assert address_fault(f"https://{host}/1.jpg") is None


@given(st.integers(0, 2**32 - 1))
def test_spellings_and_wrappings_of_an_address_are_judged_like_the_address(number: int) -> None:
    plain = ipaddress.IPv4Address(number)
    outside = is_outside(plain)
    parts = [number >> 24, number >> 16 & 255, number >> 8 & 255, number & 255]
    for text in (
        str(number),
        hex(number),
        ".".join(map(hex, parts)),
        ".".join(f"0{part:o}" for part in parts),
        f"{parts[0]}.{number & 0xFFFFFF}",
    ):
        assert spelled_address(text) == plain, text
    for wrapped in (0xFFFF << 32 | number, (0x64FF9B << 96) | number, (0x2002 << 112) | (number << 80)):
        assert is_outside(ipaddress.IPv6Address(wrapped)) == outside, ipaddress.IPv6Address(wrapped)


def test_ipv6_outside_is_outside() -> None:
    assert is_outside(ipaddress.ip_address("2a00:1450:4010:c0e::64"))
    assert address_fault("http://[2a00:1450:4010:c0e::64]/1.jpg") is PictureFault.NOT_PUBLIC, "Ozon asks none"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (png_head(30, 40), PictureKind.PNG),
        (jpeg_head(30, 40), PictureKind.JPEG),
        *((head, PictureKind.WEBP) for head in webp_heads(30, 40)),
    ],
)
def test_kind_and_size_are_in_the_first_bytes(content: bytes, kind: PictureKind) -> None:
    head = picture_head(content)
    assert head is not None
    assert (head.kind, head.width, head.height) == (kind, 30, 40)
    assert checked(content).content == content
    for end in range(len(content)):
        cut = picture_head(content[:end])
        assert cut is None or cut == head, "a cut one says nothing else"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a" + b"\0" * 20,
        b"BM" + b"\0" * 60,
        b"II*\0" + b"\0" * 30,
        b"%PDF-1.4",
        png_head(0, 5),
        b"\x89PNG not really",
    ],
)
def test_other_formats_are_not_shown(content: bytes) -> None:
    assert checked(content).fault is LoadFault.NOT_A_PICTURE


@pytest.mark.parametrize(
    "content",
    [
        png_head(60_000, 60_000),
        jpeg_head(65_000, 1_000),
        jpeg_head(10_000, 10_000),
        webp_heads(16_000, 16_000)[0],
        png_head(MOST_SIDE + 1, 1),
    ],
)
def test_more_pixels_than_anybody_shows_are_never_unpacked(content: bytes) -> None:
    assert checked(content).fault is LoadFault.TOO_LARGE


@given(st.binary(max_size=200), st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF0000WEBP", b"RIFF0000WEBPVP8X"]))
def test_any_bytes_are_a_picture_or_none(rest: bytes, beginning: bytes) -> None:
    head = picture_head(beginning + rest)
    assert head is None or min(head.width, head.height) > 0

"""Bodies are unpacked whole, however they come in parts, and what was cut is never taken for whole."""

import gzip
import zlib
from collections.abc import AsyncIterator, Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ozon_desktop.network.unpacking import CutShort, unpacked

TEXT = b"price list " * 50_000


async def parts_of(parts: Sequence[bytes]) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def read(parts: Sequence[bytes], encoding: str = "gzip", *, whole: bool = True) -> bytes:
    return b"".join([piece async for piece in unpacked(parts_of(parts), encoding, whole=whole)])


def raw_deflate(text: bytes) -> bytes:
    packing = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packing.compress(text) + packing.flush()


def split(body: bytes, cuts: Sequence[int]) -> list[bytes]:
    places = [0, *sorted(cut % (len(body) + 1) for cut in cuts), len(body)]
    return [body[start:end] for start, end in pairwise(places)]


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=4), st.lists(st.integers(0, 2_000), max_size=6), st.integers(0, 3))
async def test_every_member_is_read_however_the_body_comes(members: list[bytes], cuts: list[int], zeros: int) -> None:
    body = b"".join(gzip.compress(member) for member in members) + bytes(zeros)
    assert await read(split(body, cuts)) == b"".join(members)


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=3), st.integers(0), st.lists(st.integers(0, 2_000), max_size=4))
async def test_a_body_that_is_cut_inside_a_member_is_not_whole(members: list[bytes], cut: int, cuts: list[int]) -> None:
    packed = [gzip.compress(member) for member in members]
    ends = {sum(map(len, packed[: number + 1])) for number in range(len(packed))}
    body = b"".join(packed)
    body = body[: 1 + cut % (len(body) - 1)]
    if len(body) in ends:
        return
    with pytest.raises(CutShort):
        await read(split(body, cuts))


@pytest.mark.parametrize("pack", [zlib.compress, raw_deflate, gzip.compress])
async def test_any_cut_of_any_packing_is_noticed(pack: object) -> None:
    assert callable(pack)
    body = pack(b"price list")
    assert await read([body], "deflate") == b"price list"
    for length in range(1, len(body)):
        with pytest.raises(ValueError):  # noqa: PT011 - a header of which a byte is missing is taken for another packing
            await read([body[:length]], "deflate")


@pytest.mark.parametrize("pack", [zlib.compress, raw_deflate, gzip.compress])
async def test_what_grows_much_comes_in_small_pieces_and_whole(pack: object) -> None:
    assert callable(pack)
    body = pack(b" " * 5_000_000)
    for parts in ([body], [body[:1], body[1:]] if pack is not raw_deflate else [body], split(body, [len(body) // 2])):
        sizes = [len(piece) async for piece in unpacked(parts_of(parts), "deflate")]
        assert sum(sizes) == 5_000_000
        assert max(sizes) <= 256 * 1024


async def test_of_a_part_that_was_asked_for_no_end_is_wanted() -> None:
    body = gzip.compress(TEXT)
    assert TEXT.startswith(await read([body[:-20]], whole=False))


@pytest.mark.parametrize("more", [b"<html>", b"\x1f\x8b\x08 spoilt", b"\0\0x"])
async def test_what_follows_and_is_no_member_is_not_passed_over(more: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - cut or broken: it cannot be known which
        await read([gzip.compress(TEXT), more])


async def test_no_body_is_an_empty_one_whatever_its_packing_is_said_to_be() -> None:
    assert await read([]) == await read([b""], "deflate") == b""


async def test_a_packing_nobody_knows() -> None:
    with pytest.raises(ValueError, match="br"):
        await read([b"x"], "br")

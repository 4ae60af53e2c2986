"""What comes over the wire is kept within bounds, under harmless names, and whole."""

import asyncio
import io
import socket
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ozon_desktop.backoffice.onec.area import Area, AreaLimits, UploadRefused, Uploads
from ozon_desktop.backoffice.onec.file_names import WrongFileName, safe_name
from ozon_desktop.backoffice.onec.site import Timing
from ozon_desktop.backoffice.onec.unpacking import unpack
from ozon_desktop.domain.onec_exchange import Refusal
from tests.backoffice.onec.conftest import Served, serving
from tests.backoffice.onec.desks import MemoryDesk
from tests.backoffice.onec.exports import import_xml
from tests.backoffice.onec.scripted import zip_of


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("import0_1.xml", "import0_1.xml"),
        ("import_files/0a/0a1b.jpg", "import_files/0a/0a1b.jpg"),
        (r"import_files\0a\0a1b.jpg", "import_files/0a/0a1b.jpg"),
        (r"C:\v8_8789_c.xml", "v8_8789_c.xml"),
        ("/" + "tmp/import.xml", "import.xml"),
        ("upload/1c/webdata/import.xml", "import.xml"),
        ("/upload/1c/webdata/import.xml", "import.xml"),
        ("./a//b.xml", "a/b.xml"),
        ("Выгрузка товаров.xml", "Выгрузка товаров.xml"),
    ],
)
def test_names_clients_send_are_brought_into_the_area(name: str, kept: str) -> None:
    assert safe_name(name) == kept


@pytest.mark.parametrize(
    "name",
    [
        *("", "/", "..", "../a.xml", "a/../../b.xml", r"..\a.xml", "a:b.xml", "D:evil.xml", "con", "NUL.xml", "a/com1.txt"),
        *("a.xml.", "a\0.xml", "a\nb.xml", "x" * 201, "/".join("abcdefghij"), "a /b.xml", "a?.xml", "a*.xml", "a|b", '"a"'),
    ],
)
def test_names_that_could_leave_the_area_are_refused(name: str) -> None:
    with pytest.raises(WrongFileName):
        safe_name(name)


@given(st.text(max_size=60))
def test_whatever_is_sent_stays_inside(name: str) -> None:
    try:
        safe = safe_name(name)
    except WrongFileName:
        return
    root = Path("root").resolve()
    assert (root / safe).resolve().is_relative_to(root)
    assert safe_name(safe) == safe or safe.startswith(("tmp/", "upload/"))


class Broken(Exception):
    """The connection is gone."""


async def chunk(*pieces: bytes) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


def uploads(folder: Path, **limits: int) -> Uploads:
    area = Area(folder, AreaLimits(least_free=0, **limits))
    area.prepare()
    return area.new()


async def test_chunks_are_added_as_they_come_cut_inside_letters_too(tmp_path: Path) -> None:
    found, content = uploads(tmp_path), import_xml({"p": "Щётка"})
    for start in range(0, len(content), 7):
        await found.append("import.xml", chunk(content[start : start + 7]))
    assert found.path(found.files["import.xml"]).read_bytes() == content
    assert found.area.used == len(content)


async def test_a_chunk_that_breaks_off_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"x" * 3_000_000
        raise Broken

    found = uploads(tmp_path)
    await found.append("import.xml", chunk(b"whole"))
    with pytest.raises(Broken):
        await found.append("import.xml", broken())
    assert found.path(found.files["import.xml"]).read_bytes() == b"whole"
    await found.append("import.xml", chunk(b" and more"))
    assert found.path(found.files["import.xml"]).read_bytes() == b"whole and more"


@pytest.mark.parametrize(
    ("limits", "refusal"),
    [
        ({"chunk": 10}, Refusal.CHUNK_TOO_LARGE),
        ({"file": 50}, Refusal.FILE_TOO_LARGE),
        ({"quota": 50}, Refusal.NO_ROOM),
        ({"files": 1}, Refusal.TOO_MANY_FILES),
    ],
)
async def test_what_is_too_much_is_refused_and_nothing_of_it_kept(tmp_path: Path, limits: dict[str, int], refusal: Refusal) -> None:
    found = uploads(tmp_path, **limits)
    await found.append("a.xml", chunk(b"<a/>"))
    with pytest.raises(UploadRefused) as refused:
        await found.append("b.xml", chunk(b"x" * 60))
    assert refused.value.refusal is refusal
    assert found.area.used == 4


async def test_an_empty_file_is_refused_and_an_empty_last_chunk_is_not(tmp_path: Path) -> None:
    found = uploads(tmp_path)
    with pytest.raises(UploadRefused):
        await found.append("a.xml", chunk())
    await found.append("a.xml", chunk(b"<a/>"))
    assert (await found.append("a.xml", chunk())).size == 4


async def test_names_that_differ_in_case_are_one_file(tmp_path: Path) -> None:
    found = uploads(tmp_path)
    await found.append("Import.xml", chunk(b"<a>"))
    await found.append("import.XML", chunk(b"</a>"))
    assert [upload.name for upload in found.files.values()] == ["Import.xml"]


async def test_pictures_stay_when_the_session_is_over(tmp_path: Path) -> None:
    found = uploads(tmp_path)
    await found.append("import_files/0a/0a1b.jpg", chunk(b"first"))
    found.remove()
    later = found.area.new()
    await later.append("import_files/0a/0a1b.jpg", chunk(b"newer"))
    later.remove()
    assert (tmp_path / "pictures/import_files/0a/0a1b.jpg").read_bytes() == b"newer"
    assert found.area.used == 5


# --- archives ---------------------------------------------------------------------------------------------------------


async def packed(folder: Path, content: bytes, **limits: int) -> tuple[Uploads, list[str]]:
    found = uploads(folder, **limits)
    await found.append("v8.zip", chunk(content))
    return found, unpack(found, found.files["v8.zip"])


async def test_an_archive_lays_its_members_beside_itself(tmp_path: Path) -> None:
    found, names = await packed(tmp_path, zip_of({"import0_1.xml": b"<a/>", "import_files/0a/x.jpg": b"jpg"}))
    assert sorted(names) == ["import0_1.xml", "import_files/0a/x.jpg"]
    assert [upload.name for upload in found.waiting()] == ["import0_1.xml"]
    assert found.area.used == 7


@pytest.mark.parametrize("name", ["../evil.xml", "/../evil.xml", "a/../../evil.xml", "con.xml", "C:evil.xml"])
async def test_an_archive_with_a_dangerous_name_is_refused_whole(tmp_path: Path, name: str) -> None:
    with pytest.raises(UploadRefused):
        await packed(tmp_path, zip_of({"import.xml": b"<a/>", name: b"<a/>"}))
    assert [path.name for path in tmp_path.rglob("*.xml")] == []


async def test_an_archive_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("import.xml", b" " * 80_000_000)
    with pytest.raises(UploadRefused) as refused:
        await packed(tmp_path, stream.getvalue())
    assert refused.value.refusal is Refusal.BOMB
    assert list(tmp_path.rglob("*.xml")) == []


@pytest.mark.parametrize("cut", [10, 60, 150])
async def test_a_cut_archive_is_refused(tmp_path: Path, cut: int) -> None:
    content = zip_of({"import.xml": import_xml({"p": "А"})})
    with pytest.raises(UploadRefused) as refused:
        await packed(tmp_path, content[:-cut])
    assert refused.value.refusal is Refusal.BROKEN_ARCHIVE


# --- over the wire ----------------------------------------------------------------------------------------------------


async def test_a_chunk_beyond_the_limit_is_answered_in_words(served: Served) -> None:
    session = await asyncio.to_thread(served.onec().session, "catalog")
    reply = await asyncio.to_thread(session.request, "file", "filename=import.xml", b"x" * 200_000)
    assert (reply.status, reply.word) == (200, "failure")
    assert "1000" in reply.text


async def test_a_dangerous_name_is_answered_in_words(served: Served) -> None:
    session = await asyncio.to_thread(served.onec().session, "catalog")
    reply = await asyncio.to_thread(session.request, "file", "filename=../../evil.xml", b"<a/>")
    assert (reply.status, reply.word) == (200, "failure")


async def test_a_connection_that_breaks_in_a_chunk_adds_nothing(served: Served) -> None:
    onec = served.onec()
    session = await asyncio.to_thread(onec.session, "catalog")
    await asyncio.to_thread(session.request, "file", "filename=import.xml", b"<a>")
    host, port = served.address.removeprefix("http://").removesuffix("/ozon").split(":")

    def half() -> None:
        lines = (
            "POST /?type=catalog&mode=file&filename=import.xml HTTP/1.1",
            "Host: x",
            f"Cookie: {session.cookie}",
            "Content-Length: 500",
        )
        head = "\r\n".join((*lines, "", ""))
        with socket.create_connection((host, int(port))) as wire:
            wire.sendall(head.encode() + b"x" * 100)

    await asyncio.to_thread(half)
    reply = await asyncio.to_thread(session.request, "file", "filename=import.xml", b"</a>")
    assert reply.word == "success"
    files = list((served.area.sessions).rglob("import.xml"))
    assert [path.read_bytes() for path in files] == [b"<a></a>"]


async def test_a_get_is_no_upload(served: Served) -> None:
    session = await asyncio.to_thread(served.onec().session, "catalog")
    assert "POST" in (await asyncio.to_thread(session.request, "file", "filename=import.xml")).text


async def test_a_full_disk_is_told_to_1c_and_to_the_manager(tmp_path: Path) -> None:
    desk = MemoryDesk()
    async with serving(tmp_path, desk, AreaLimits(chunk=1_000, quota=100, least_free=0), Timing(look_every_s=3_600)) as served:
        session = await asyncio.to_thread(served.onec().session, "catalog")
        reply = await asyncio.to_thread(session.request, "file", "filename=import.xml", b"x" * 500)
    assert reply.word == "failure"
    assert [subject for _, subject, _ in desk.events] == ["import.xml"]

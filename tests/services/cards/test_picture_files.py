"""Pictures for previews: loaded once, kept for a day, in no more room than is given, and not asked for again at once when they fail."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ozon_desktop.application import Options, build
from ozon_desktop.domain.pictures import MAX_BYTES, LoadedPicture, LoadFault
from ozon_desktop.services.cards.picture_files import PictureFiles
from ozon_desktop.services.secrets import MemoryStore
from tests.made_pictures import png_head

PICTURE, OTHER, SECRET = (png_head(width) for width in (10, 20, 30))
GONE = LoadedPicture(fault=LoadFault.REFUSED, detail="404")


class Web:
    """Answers from memory, and what was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answers: dict[str, LoadedPicture] = {}
        self.now = self.most = 0

    async def fetch(self, url: str) -> LoadedPicture:
        self.asked.append(url)
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0.01)
        self.now -= 1
        return self.answers.get(url, LoadedPicture(url.encode()))

    async def aclose(self) -> None:
        self.asked.append("closed")


class Clock:
    """A clock that is set."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment


@pytest.fixture
def web() -> Web:
    return Web()


@pytest.fixture
def clock() -> Clock:
    return Clock()


async def test_a_picture_is_loaded_once_a_day(tmp_path: Path, web: Web, clock: Clock) -> None:
    files = PictureFiles(tmp_path / "pictures", web, clock)
    assert (await files.get("a")).content == b"a"
    # Also by the program started anew.
    again = PictureFiles(tmp_path / "pictures", web, clock)
    assert (await again.get("a")).content == b"a"
    assert web.asked == ["a"]
    clock.moment += timedelta(hours=25)
    web.answers["a"] = LoadedPicture(b"other")
    assert (await files.get("a")).content == b"other"
    assert [place.read_bytes() for place in (tmp_path / "pictures").iterdir()] == [b"other"]


async def test_the_same_picture_is_not_loaded_twice_at_once_and_few_at_a_time(tmp_path: Path, web: Web, clock: Clock) -> None:
    files = PictureFiles(tmp_path, web, clock)
    wanted = ["a", "a", *(f"p{number}" for number in range(12))]
    found = await asyncio.gather(*map(files.get, wanted))
    assert [one.content.decode() for one in found] == wanted
    assert sorted(web.asked) == sorted(set(wanted))
    assert web.most <= 4


async def test_what_failed_is_asked_for_again_after_a_while(tmp_path: Path, web: Web, clock: Clock) -> None:
    files = PictureFiles(tmp_path, web, clock)
    web.answers["a"] = GONE
    assert [await files.get("a"), await files.get("a")] == [GONE, GONE]
    assert web.asked == ["a"]
    del web.answers["a"]
    clock.moment += timedelta(minutes=6)
    assert (await files.get("a")).content == b"a"


async def test_the_oldest_make_room(tmp_path: Path, web: Web, clock: Clock) -> None:
    files = PictureFiles(tmp_path, web, clock, room_bytes=10)
    for name in ("aaaa", "bbbb", "cccc"):
        await files.get(name)
        clock.moment += timedelta(minutes=1)
    assert sorted(place.read_bytes() for place in tmp_path.iterdir()) == [b"bbbb", b"cccc"]


async def test_a_folder_that_cannot_be_written_loses_no_preview(tmp_path: Path, web: Web, clock: Clock) -> None:
    (tmp_path / "pictures").write_text("a file")
    assert (await PictureFiles(tmp_path / "pictures", web, clock).get("a")).content == b"a"


async def test_nothing_is_loaded_beside_a_stand_in_for_ozon(tmp_path: Path) -> None:
    application = await build(Options(tmp_path, api_url="http://127.0.0.1:1", secret_store=MemoryStore()))
    assert await application.pictures.get("https://shop.example/1.jpg") == LoadedPicture()
    await application.close()


async def test_pictures_written_at_once_are_all_kept(tmp_path: Path, web: Web, clock: Clock) -> None:
    files = PictureFiles(tmp_path, web, clock)
    names = [f"p{number}" for number in range(60)]
    await asyncio.gather(*map(files.get, names))
    assert sorted(place.read_text() for place in tmp_path.iterdir()) == sorted(names)


async def test_what_1c_has_uploaded_is_read_where_it_lies(tmp_path: Path, web: Web, clock: Clock) -> None:
    uploads = tmp_path / "exchange" / "pictures"
    (uploads / "import_files").mkdir(parents=True)
    (uploads / "import_files" / "1.jpg").write_bytes(PICTURE)
    (tmp_path / "exchange" / "secret.jpg").write_bytes(SECRET)
    files = PictureFiles(tmp_path / "pictures", web, clock, uploads=uploads)
    assert (await files.get("import_files/1.jpg")).content == PICTURE
    assert (await files.get("import_files\\1.jpg")).content == PICTURE
    assert await files.get("import_files/2.jpg") == LoadedPicture(fault=LoadFault.NO_FILE)
    assert web.asked == [], "no path is asked of the web"
    (uploads / "import_files" / "1.jpg").write_bytes(OTHER)
    assert (await files.get("import_files/1.jpg")).content == OTHER, "nothing is kept of what is there"
    with (uploads / "large.jpg").open("wb") as large:
        large.truncate(MAX_BYTES + 1)
    assert await files.get("large.jpg") == LoadedPicture(fault=LoadFault.TOO_LARGE)
    assert (await files.get("../secret.jpg")).content != SECRET
    assert await PictureFiles(tmp_path / "pictures", web, clock).get("import_files/1.jpg") == LoadedPicture()

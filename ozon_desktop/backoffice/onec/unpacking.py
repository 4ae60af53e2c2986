"""Archives 1C uploads instead of single files: one zip of everything, whose XML files are then named one by one."""

import zipfile
from pathlib import Path

from ozon_desktop.backoffice.onec.area import Area, Upload, UploadRefused, Uploads, checked
from ozon_desktop.domain.archives import DAMAGED_ARCHIVE, LOCKED_ARCHIVE, MAX_ENTRIES, MAX_UNPACKED, is_bomb
from ozon_desktop.domain.onec_exchange import Refusal

CHUNK = 1024 * 1024


def unpack(uploads: Uploads, archive: Upload) -> list[str]:
    """Puts the members beside the archive and throws it away; gives the names of what came out. Blocks. UploadRefused.

    A member of the name of a file that is there already takes its place. Nothing stays of an archive that is refused.
    """
    found: list[Upload] = []
    try:
        with zipfile.ZipFile(uploads.path(archive)) as packed:
            members = [member for member in packed.infolist() if not member.is_dir()]
            if len(members) > MAX_ENTRIES or sum(member.file_size for member in members) > MAX_UNPACKED:
                raise UploadRefused(Refusal.BOMB, archive.name)
            for member in members:
                found.append(_unpacked(uploads, packed, member, archive))
    except UploadRefused:
        _forget(uploads, found)
        raise
    except (*DAMAGED_ARCHIVE, *LOCKED_ARCHIVE, ValueError) as error:
        # ValueError: a name that zipfile does not understand.
        _forget(uploads, found)
        raise UploadRefused(Refusal.BROKEN_ARCHIVE, archive.name) from error
    except OSError as error:
        _forget(uploads, found)
        raise UploadRefused(Refusal.NOT_WRITTEN, archive.name) from error
    for upload in found:
        uploads.files.pop(upload.name.casefold(), None)
        uploads.files[upload.name.casefold()] = upload
    uploads.drop(archive)
    return [upload.name for upload in found]


def is_whole_archive(path: Path) -> bool:
    """Whether the archive has its end. OSError."""
    return zipfile.is_zipfile(path)


def _unpacked(uploads: Uploads, packed: zipfile.ZipFile, member: zipfile.ZipInfo, archive: Upload) -> Upload:
    upload = Upload(checked(_name(member)))
    path, area = uploads.path(upload), uploads.area
    path.parent.mkdir(parents=True, exist_ok=True)
    with packed.open(member) as source, path.open("wb") as file:
        while piece := source.read(CHUNK):
            upload.size += len(piece)
            if upload.size > area.limits.file or is_bomb(upload.size, member.compress_size):
                _lost(area, path, 0)
                raise UploadRefused(Refusal.BOMB, archive.name)
            _check(area, path, upload)
            file.write(piece)
    area.used += upload.size
    return upload


def _check(area: Area, path: Path, upload: Upload) -> None:
    try:
        area.check_room(upload.size, upload.name)
    except UploadRefused:
        _lost(area, path, 0)
        raise


def _name(member: zipfile.ZipInfo) -> str:
    """Old packers write Russian names in the letters of DOS."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("cp866")
    except UnicodeError:
        return member.filename


def _forget(uploads: Uploads, found: list[Upload]) -> None:
    for upload in found:
        _lost(uploads.area, uploads.path(upload), upload.size)


def _lost(area: Area, path: Path, size: int) -> None:
    area.used -= size
    path.unlink(missing_ok=True)

"""Fetching a picture in the worker: bounded in size, of a kind that LAPOR takes, from Telegram alone."""

from __future__ import annotations

from plugins.lapor.contracts import Upload
from plugins.percakapan.contracts import Problem
from plugins.telegram import api
from plugins.telegram.reading import BYTES_MOST, File

HEADS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
HEIC = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis")


class NotTaken(Exception):
    """The picture cannot be had, and why."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem)


def fetch(file: File) -> Upload:
    """The picture's bytes. Raises NotTaken, or api.Later when it may work another time."""
    if file.size > BYTES_MOST:
        raise NotTaken("size")
    try:
        told = api.call("getFile", {"file_id": file.id})
        path = told.get("file_path") if isinstance(told, dict) else None
        size = told.get("file_size") if isinstance(told, dict) else None
        if isinstance(size, int) and size > BYTES_MOST:
            raise NotTaken("size")
        if not isinstance(path, str):
            raise NotTaken("gone")
        data = api.download(path, BYTES_MOST)
    except api.Refused as error:
        raise NotTaken("gone") from error
    if not is_picture(data):
        raise NotTaken("type")
    return Upload(path.rsplit("/", 1)[-1], data)


def is_picture(data: bytes) -> bool:
    """True for JPEG, PNG, WebP and HEIC by their first bytes."""
    return (
        data.startswith(HEADS)
        or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")
        or (data[4:8] == b"ftyp" and data[8:12] in HEIC)
    )

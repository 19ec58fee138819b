"""Finds the pictures in a folder."""
from places import source

SUFFIXES = {".png", ".jpg", ".jpeg", ".gif", ".webp"}


class NoSuchFolder(Exception):
    pass


def handler(event, context):
    folder = source(event["folder"])
    if not folder.is_dir():
        raise NoSuchFolder(str(folder))
    images = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
    return {"images": [{"path": str(path), "name": path.name, "bytes": path.stat().st_size} for path in images]}

"""Makes one small picture of a big one."""
import os

from PIL import Image, UnidentifiedImageError
from places import target


class UnreadableImage(Exception):
    pass


def handler(event, context):
    image, size = event["image"], event["size"]
    try:
        with Image.open(image["path"]) as picture:
            width, height = picture.size
            layered = picture.convert("RGBA")
    except (UnidentifiedImageError, OSError) as error:
        raise UnreadableImage(f"{image['name']}: {error}") from error
    layered.thumbnail((size, size))
    small = Image.new("RGB", layered.size, "white")
    small.paste(layered, mask=layered)
    path = target(image["name"] + ".jpg")
    draft = path.with_suffix(f".{os.getpid()}.part")
    small.save(draft, "JPEG", quality=80, optimize=True)
    os.replace(draft, path)  # a second run of this task replaces the picture by the same one
    return {
        "name": image["name"],
        "thumbnail": str(path),
        "from": {"width": width, "height": height, "bytes": image["bytes"]},
        "to": {"width": small.width, "height": small.height, "bytes": path.stat().st_size},
    }

"""Where pictures come from and thumbnails go: relative names start at this example, results go to the data folder."""
import os
import pathlib

EXAMPLE = pathlib.Path(__file__).resolve().parents[1]
DATA = pathlib.Path(os.environ.get("PAWL_EXAMPLES_DATA") or EXAMPLE.parents[1] / "build" / "examples") / "thumbnails"


def source(name):
    return EXAMPLE / name  # an absolute name stays as it is


def target(name):
    DATA.mkdir(parents=True, exist_ok=True)
    return DATA / name

"""Uploads three pictures, one of them in two pieces and one torn, while the watcher looks."""
import json
import pathlib
import shutil
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from uploads import Uploads  # noqa: E402
from follow import checks  # noqa: E402


def play(api):
    print("  pictures that are uploaded")
    with tempfile.TemporaryDirectory(prefix="uploads-") as name:
        folder = pathlib.Path(name)
        uploads = Uploads(api, folder)
        maze = (HERE / "pictures" / "maze.png").read_bytes()
        shutil.copy(HERE / "pictures" / "hills.jpg", folder)
        shutil.copy(HERE / "pictures" / "torn.png", folder)
        (folder / "maze.png").write_bytes(maze[:1000])
        first = uploads.look()
        (folder / "maze.png").write_bytes(maze)
        second = uploads.look()
        third = uploads.look()
        ended = [api.wait_for_end(execution) for execution in second + third]
        after_restart = Uploads(api, folder)
        after_restart.look()
        again = after_restart.look()
    made = sorted(json.loads(d["output"])["name"] for d in ended if d["status"] == "SUCCEEDED")
    print(f"  thumbnails of {', '.join(made)}")
    return checks("uploads", [
        ("nothing is taken while it may still grow", first == [] and len(second) == 2 and len(third) == 1),
        ("two thumbnails", made == ["hills.jpg", "maze.png"]),
        ("the torn picture fails alone", [d.get("error") for d in ended if d["status"] != "SUCCEEDED"] == ["UnreadableImage"]),
        ("a watcher that starts again does nothing twice", sorted(again) == sorted(second + third)),
    ])

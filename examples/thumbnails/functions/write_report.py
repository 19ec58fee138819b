"""One page that shows what became of all pictures."""
import html
import os

from places import target

PAGE = """<!doctype html>
<meta charset="utf-8"><title>Thumbnails</title>
<style>body {{ font: 16px sans-serif; margin: 2rem }} figure {{ display: inline-block; margin: .5rem }}
figcaption {{ font-size: 75% }}</style>
<h1>{made} thumbnails, {saved} bytes smaller</h1>
{figures}
{unreadable}
"""


def handler(event, context):
    made = [result for result in event["results"] if "thumbnail" in result]
    unreadable = [result for result in event["results"] if "thumbnail" not in result]
    saved = sum(result["from"]["bytes"] - result["to"]["bytes"] for result in made)
    page = PAGE.format(
        made=len(made),
        saved=saved,
        figures="\n".join(figure(result) for result in made),
        unreadable="\n".join(f"<p>Unreadable: {html.escape(result['name'])}</p>" for result in unreadable),
    )
    path = target("index.html")
    draft = path.with_suffix(f".{os.getpid()}.part")
    draft.write_text(page, encoding="utf-8")
    os.replace(draft, path)
    return {
        "report": str(path),
        "thumbnails": len(made),
        "unreadable": [result["name"] for result in unreadable],
        "bytes_saved": saved,
    }


def figure(result):
    name = html.escape(result["name"])
    source, small = result["from"], result["to"]
    return (
        f'<figure><img src="{name}.jpg" alt="{name}" width="{small["width"]}" height="{small["height"]}">'
        f'<figcaption>{name}<br>{source["width"]}×{source["height"]}, {source["bytes"]} bytes</figcaption></figure>'
    )

import os


def handler(event, context):
    return {"said": os.environ["GREETING"] + " " + event["name"]}

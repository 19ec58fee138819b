"""Hashtags and posts of each hour in a part of a batch."""


def handler(event, context):
    tags, hours, unreadable = {}, {}, 0
    for post in event["posts"]:
        try:
            words, hour = post["text"].split(), post["at"][:13]
        except (KeyError, TypeError, AttributeError):
            unreadable += 1
            continue
        hours[hour] = hours.get(hour, 0) + 1
        for word in words:
            if word.startswith("#") and len(word) > 1:
                tag = word[1:].strip(".,!?").lower()
                tags[tag] = tags.get(tag, 0) + 1
    return {"tags": tags, "hours": hours, "unreadable": unreadable}

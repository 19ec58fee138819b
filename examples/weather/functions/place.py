"""Where a place is."""

PLACES = {
    "berlin": ("Berlin", 52.52, 13.40), "cairo": ("Cairo", 30.04, 31.24), "lima": ("Lima", -12.05, -77.04),
    "oslo": ("Oslo", 59.91, 10.75), "seattle": ("Seattle", 47.61, -122.33), "tokyo": ("Tokyo", 35.68, 139.69),
}


class UnknownPlace(Exception):
    pass


def handler(event, context):
    try:
        name, latitude, longitude = PLACES[event["name"].strip().lower()]
    except KeyError:
        raise UnknownPlace(event["name"]) from None
    return {"place": name, "latitude": latitude, "longitude": longitude}

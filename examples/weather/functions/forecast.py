"""A forecast without a weather service: what the latitude and the day of the year make likely."""
import datetime
import math


def handler(event, context):
    today = datetime.date.fromisoformat(event["date"]) if "date" in event else datetime.date.today()
    return {"days": [day(event["latitude"], today + datetime.timedelta(days=ahead)) for ahead in range(3)]}


def day(latitude, date):
    season = math.cos(2 * math.pi * (date.timetuple().tm_yday - 196) / 365)  # 1 in the north's July
    mean = 27 - 0.4 * abs(latitude) + season * latitude * 0.22
    swing = 3 * math.sin(date.toordinal() * 12.9898 + latitude)
    celsius = round(mean + swing)
    sky = "snow" if celsius < 0 and swing < 0 else "rain" if swing < -1 else "clouds" if swing < 1.5 else "sun"
    return {"date": date.isoformat(), "celsius": celsius, "sky": sky}

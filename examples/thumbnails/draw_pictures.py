#!/usr/bin/env python3
"""Draws the pictures of this example, so that nobody else's rights are touched. Same pictures every time."""
import colorsys
import math
import pathlib
import random

from PIL import Image, ImageDraw, ImageFilter

FOLDER = pathlib.Path(__file__).resolve().parent / "pictures"


def rgb(hue, saturation, value):
    return tuple(round(255 * part) for part in colorsys.hsv_to_rgb(hue % 1, saturation, value))


def fractal(width=900, height=600):
    picture = Image.new("RGB", (width, height))
    for y in range(height):
        for x in range(width):
            c = complex(-2.1 + 3.0 * x / width, -1.0 + 2.0 * y / height)
            z, steps = 0j, 0
            while abs(z) < 2 and steps < 40:
                z, steps = z * z + c, steps + 1
            picture.putpixel((x, y), (8, 8, 24) if steps == 40 else rgb(0.6 + steps / 60, 0.8, 0.35 + steps / 62))
    return picture


def hills(width=1200, height=800):
    picture = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(picture)
    for y in range(height):
        draw.line([(0, y), (width, y)], fill=rgb(0.08 - 0.05 * y / height, 0.6 * y / height, 0.98))
    draw.ellipse([820, 120, 960, 260], fill=(255, 250, 230))
    for layer in range(5):
        top = 380 + 90 * layer
        line = [(x, top + 60 * math.sin(x / (70 + 40 * layer) + layer) + 20 * math.sin(x / 23)) for x in range(0, width + 8, 8)]
        draw.polygon(line + [(width, height), (0, height)], fill=rgb(0.33 + 0.03 * layer, 0.5, 0.62 - 0.11 * layer))
    return picture


def gradient(width=640, height=960):
    picture = Image.new("RGB", (width, height))
    picture.putdata([rgb(x / width, y / height, 1 - 0.4 * y / height) for y in range(height) for x in range(width)])
    return picture


def bubbles(width=1000, height=700):
    chance = random.Random(7)
    picture = Image.new("RGB", (width, height), (18, 32, 60))
    draw = ImageDraw.Draw(picture)
    for _ in range(70):
        x, y, r = chance.randrange(width), chance.randrange(height), chance.randrange(12, 90)
        draw.ellipse([x - r, y - r, x + r, y + r], outline=rgb(chance.random(), 0.5, 1), width=5)
    return picture.filter(ImageFilter.GaussianBlur(1))


def maze(width=720, height=720, cell=24):
    chance = random.Random(3)
    picture = Image.new("1", (width, height), 1)
    draw = ImageDraw.Draw(picture)
    for y in range(0, height, cell):
        for x in range(0, width, cell):
            ends = [(x, y), (x + cell, y + cell)] if chance.random() < 0.5 else [(x + cell, y), (x, y + cell)]
            draw.line(ends, fill=0, width=4)
    return picture


def glass(width=800, height=500):
    chance = random.Random(11)
    picture = Image.new("RGBA", (width, height), (255, 255, 255, 0))
    for _ in range(24):
        pane = Image.new("RGBA", picture.size, (0, 0, 0, 0))
        corners = [(chance.randrange(width), chance.randrange(height)) for _ in range(3)]
        ImageDraw.Draw(pane).polygon(corners, fill=rgb(chance.random(), 0.7, 0.9) + (90,))
        picture = Image.alpha_composite(picture, pane)
    return picture


def main():
    FOLDER.mkdir(exist_ok=True)
    fractal().save(FOLDER / "fractal.jpg", quality=60)
    hills().save(FOLDER / "hills.jpg", quality=70)
    gradient().save(FOLDER / "gradient.jpg", quality=70)
    bubbles().save(FOLDER / "bubbles.jpg", quality=55)
    maze().save(FOLDER / "maze.png", optimize=True)
    glass().quantize(64).save(FOLDER / "glass.png", optimize=True)
    (FOLDER / "torn.png").write_bytes((FOLDER / "maze.png").read_bytes()[:200])  # as after a broken upload


if __name__ == "__main__":
    main()

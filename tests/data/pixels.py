"""A gray page, PGM from standard input to PNG on standard output.

    pixels.py DPI [EFFECT]...

The effects, done in the order of the arguments:

    blur=N          N times the mean with the neighbours
    noise=PERMILLE  grains of black and white
    faint           ink as pale as the last of a toner
    pale=GRAY       ink as pale as this, on white
    grains=N        paper and ink lighter or darker by up to N
    shade=PERCENT   as dark as this at the left edge
    invert          light text on dark ground
    mirror          as print on the other side is seen
    turn=DEGREES    turned clockwise about its middle
    clear           white ink, and no paper at all

The same for the same input, always.
"""
import math
import random
import struct
import sys
import zlib


def read_pgm(f):
    magic, width, height, top = (f.readline().split() + f.readline().split()
                                 + f.readline().split())
    assert (magic, top) == (b"P5", b"255")
    return int(width), int(height), bytearray(f.read())


def mean(a, b, size):
    """The mean of two images, all bytes at once in one long number."""
    x, y = int.from_bytes(a, "big"), int.from_bytes(b, "big")
    high = int.from_bytes(b"\x7f" * size, "big")
    return ((x & y) + (((x ^ y) >> 1) & high)).to_bytes(size, "big")


def blurred(pixels, width, times):
    size = len(pixels)
    white = b"\xff"
    for _ in range(times):
        for step in (1, width):
            before = white * step + pixels[:-step]
            after = pixels[step:] + white * step
            pixels = mean(pixels, mean(before, after, size), size)
    return bytearray(pixels)


def turned(pixels, width, height, degrees):
    sine = math.sin(math.radians(degrees))
    cosine = math.cos(math.radians(degrees))
    out = bytearray(b"\xff" * len(pixels))
    for y in range(height):
        for x in range(width):
            dx, dy = x - width / 2, y - height / 2
            a = round(width / 2 + dx * cosine + dy * sine)
            b = round(height / 2 + dy * cosine - dx * sine)
            if 0 <= a < width and 0 <= b < height:
                out[y * width + x] = pixels[b * width + a]
    return out


def rows_of(pixels, width, height):
    return [pixels[y * width:(y + 1) * width] for y in range(height)]


def chunk(kind, data):
    return (struct.pack(">I", len(data)) + kind + data
            + struct.pack(">I", zlib.crc32(kind + data)))


def main():
    dpi = int(sys.argv[1])
    width, height, pixels = read_pgm(sys.stdin.buffer)
    clear = False
    for what in sys.argv[2:]:
        name, _, value = what.partition("=")
        if name == "blur":
            pixels = blurred(pixels, width, int(value))
        elif name == "noise":
            grain = random.Random(1)
            for _ in range(len(pixels) * int(value) // 1000):
                where = grain.getrandbits(40) % len(pixels)
                pixels[where] = 255 * grain.getrandbits(1)
        elif name == "faint":
            pixels = pixels.translate(bytes(
                150 + i * 90 // 255 for i in range(256)))
        elif name == "pale":
            gray = int(value)
            pixels = pixels.translate(bytes(
                gray + i * (255 - gray) // 255 for i in range(256)))
        elif name == "grains":
            most, grain = int(value), random.Random(1)
            pixels = bytearray(min(255, max(0, p + grain.randint(-most, most)))
                               for p in pixels)
        elif name == "shade":
            dark = int(value)
            pixels = bytearray(
                p * (dark + (100 - dark) * (i % width) // width) // 100
                for i, p in enumerate(pixels))
        elif name == "invert":
            pixels = pixels.translate(bytes(255 - i for i in range(256)))
        elif name == "mirror":
            pixels = bytearray(b"".join(
                row[::-1] for row in rows_of(pixels, width, height)))
        elif name == "turn":
            pixels = turned(pixels, width, height, float(value))
        elif name == "clear":
            clear = True
        else:
            sys.exit(f"pixels.py: what is '{what}'?")
    rows = rows_of(pixels, width, height)
    if clear:
        rows = [b"".join(bytes((255, 255, 255, 255 - p)) for p in row)
                for row in rows]
    lines = b"".join(b"\0" + row for row in rows)
    metre = round(dpi / 0.0254)
    sys.stdout.buffer.write(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8,
                                      6 if clear else 0, 0, 0, 0))
        + chunk(b"pHYs", struct.pack(">IIB", metre, metre, 1))
        + chunk(b"IDAT", zlib.compress(lines, 1))
        + chunk(b"IEND", b""))


main()

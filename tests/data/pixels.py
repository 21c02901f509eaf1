"""A gray page, PGM from standard input to PNG on standard output.

    pixels.py DPI [blur=N] [noise=PERMILLE] [faint]

In this order: N times the mean with the neighbours, grains of black and white,
ink as pale as the last of a toner.  The same for the same input, always.
"""
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


def chunk(kind, data):
    return (struct.pack(">I", len(data)) + kind + data
            + struct.pack(">I", zlib.crc32(kind + data)))


def main():
    dpi = int(sys.argv[1])
    width, height, pixels = read_pgm(sys.stdin.buffer)
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
        else:
            sys.exit(f"pixels.py: what is '{what}'?")
    lines = b"".join(b"\0" + pixels[y * width:(y + 1) * width]
                     for y in range(height))
    metre = round(dpi / 0.0254)
    sys.stdout.buffer.write(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
        + chunk(b"pHYs", struct.pack(">IIB", metre, metre, 1))
        + chunk(b"IDAT", zlib.compress(lines, 1))
        + chunk(b"IEND", b""))


main()

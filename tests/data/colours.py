#!/usr/bin/python3
"""colours.py PNG light|dark: which parts of the page of pc-stats --html are
seen in a screenshot, from the top, by the colours that the page has for them:
its ground (most of all), and a good many pixels of each of the others."""
import struct
import sys
import zlib

PARTS = {
    "light": {"ground": (255, 255, 255), "text": (29, 37, 48),
              "lines": (217, 222, 229), "hits": (31, 111, 235),
              "computing": (217, 119, 6), "savings": (26, 127, 75)},
    "dark": {"ground": (16, 20, 26), "text": (230, 234, 240),
             "lines": (44, 52, 64), "hits": (110, 168, 255),
             "computing": (240, 179, 87), "savings": (86, 201, 138)},
}[sys.argv[2]]
MANY = {"ground": 0.5, "text": 200, "lines": 500, "hits": 2000,
        "computing": 1000, "savings": 500}

with open(sys.argv[1], "rb") as f:
    data = f.read()
at, raw = 8, b""
while at < len(data):
    n, kind = struct.unpack(">I4s", data[at:at + 8])
    body = data[at + 8:at + 8 + n]
    if kind == b"IHDR":
        width, height, depth, colour = struct.unpack(">IIBB", body[:10])
    elif kind == b"IDAT":
        raw += body
    at += 12 + n
raw, bpp = zlib.decompress(raw), 4 if colour == 6 else 3
names = {bytes(rgb): name for name, rgb in PARTS.items()}
last, first, count = bytearray(width * bpp), {}, dict.fromkeys(PARTS, 0)
for y in range(height):
    start = y * (width * bpp + 1)
    how, row = raw[start], bytearray(raw[start + 1:start + 1 + width * bpp])
    for i in range(width * bpp if how else 0):
        a = row[i - bpp] if i >= bpp else 0
        b, c = last[i], last[i - bpp] if i >= bpp else 0
        p = a + b - c
        pa, pb, pc = abs(p - a), abs(p - b), abs(p - c)
        row[i] = row[i] + (0, a, b, (a + b) // 2,
                           a if pa <= pb and pa <= pc else b if pb <= pc
                           else c)[how] & 255
    for x in range(0, width * bpp, bpp):
        name = names.get(bytes(row[x:x + 3]))
        if name:
            count[name] += 1
            first.setdefault(name, y)
    last = row
MANY["ground"] *= width * height
print(*sorted((name for name in first if count[name] > MANY[name]),
              key=first.get))

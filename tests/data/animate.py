"""animate.py A.pgm B.pgm - write animations of two lines of text into the
working directory.

Of the picture, three lines high, the first frame is A at the top, the second B
below it, which goes when the third, B at the bottom, comes.  So the pages have
A, then A and B, then A and B."""
import struct
import sys

import hostile


def lines_of(name):
    with open(name, "rb") as f:
        f.readline()
        width, height = map(int, f.readline().split())
        f.readline()
        return width, [f.read(width) for _ in range(height)]


def bytes_of(name):
    with open(name, "rb") as f:
        return f.read()


def gif(images, width, height, trailer=b";"):
    out = b""
    for place, disposal, lines in images:
        hostile.gif("frame.gif", width, lines)
        data = bytes_of("frame.gif")
        head, image = data[:13 + 384], data[13 + 384:-1]
        if not out:
            out = head[:6] + struct.pack("<HH", width, height) + head[10:]
        out += (b"!\xf9\4" + bytes([disposal << 2]) + b"\0\0\0\0"
                + image[:3] + struct.pack("<H", place) + image[5:])
    return out + trailer


def chunk(name, data):
    return (name + struct.pack("<I", len(data)) + data
            + bytes(len(data) % 2))


def size24(n):
    return struct.pack("<I", n)[:3]


def webp(images, width, height):
    body = b"WEBP" + chunk(b"VP8X", b"\2\0\0\0" + size24(width - 1)
                           + size24(height - 1))
    body += chunk(b"ANIM", bytes(6))
    for place, disposal, lines in images:
        hostile.webp("frame.webp", width, lines)
        body += chunk(b"ANMF", size24(0) + size24(place // 2)
                      + size24(width - 1) + size24(len(lines) - 1)
                      + size24(100) + bytes([disposal == 2])
                      + bytes_of("frame.webp")[12:])
    return b"RIFF" + struct.pack("<I", len(body)) + body


def main():
    width, a = lines_of(sys.argv[1])
    _, b = lines_of(sys.argv[2])
    height = 3 * len(a)
    images = [(0, 1, a), (len(a), 2, b), (2 * len(a), 1, b)]
    before = [(0, 1, a), (len(a), 3, b), (2 * len(a), 1, b)]
    whole = gif(images, width, height)
    hostile.save("three.gif", whole)
    hostile.save("before.gif", gif(before, width, height))
    hostile.save("open.gif", whole[:-1])
    hostile.save("cut.gif", whole[:-2000])
    hostile.save("three.webp", webp(images, width, height))
    hostile.save("cut.webp", webp(images, width, height)[:-900])
    # One whose second frame is wrong: the third changes what nobody saw.
    wrong = bytearray(webp(images, width, height))
    second = wrong.find(b"VP8L", wrong.find(b"VP8L") + 4)
    wrong[second + 8] ^= 0xff
    hostile.save("wrong.webp", bytes(wrong))
    dot = b",\0\0\0\0\1\0\1\0\0\2\2D\1\0"
    hostile.save("many.gif", b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff"
                 + 100001 * dot + b";")
    hostile.save("huge.gif", gif([(0, 1, a), (60000, 1, b)], width, 65535))


main()

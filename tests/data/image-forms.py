#!/usr/bin/env python3
# image-forms.py make FILE - a PDF whose pages have one image each, in another
# form; print the names of the forms.  check: compare form PAGE-1.png with what
# was made.  cut FILE: a PDF whose image lacks samples.
import base64
import struct
import sys
import zlib

W, H = 21, 13


def samples(components, bits, width=W, height=H):
    size = (width * components * bits + 7) // 8 * height
    value, out = 12345, bytearray()
    for _ in range(size):
        value = (value * 1103515245 + 12345) & 0x7fffffff
        out.append(value >> 16 & 255)
    return bytes(out)


def inverted(data):
    return bytes(b ^ 255 for b in data)


def runs(data):
    return b"".join(bytes([len(data[i:i + 128]) - 1]) + data[i:i + 128]
                    for i in range(0, len(data), 128)) + b"\x80"


GRAY, RGB, PALETTE = 0, 2, 3
# name: dictionary, data, filter, and the bits, colours and rows of the PNG
FORMS = []


def form(name, more, data, png, filters="/FlateDecode", pack=zlib.compress):
    FORMS.append((name, more + "/Filter" + filters, pack(data), png))


def fill():
    gray = samples(1, 8)
    for bits in 1, 16:
        data = samples(1, bits)
        form("gray %d" % bits, "/ColorSpace/DeviceGray/BitsPerComponent %d" %
             bits, data, (bits, GRAY, data))
    form("inverted", "/ColorSpace/DeviceGray/BitsPerComponent 8/Decode[1 0]",
         gray, (8, GRAY, inverted(gray)),
         "[/ASCII85Decode/RunLengthDecode]",
         lambda d: base64.a85encode(runs(d)) + b"~>")
    rgb = samples(3, 16)
    form("rgb 16", "/ColorSpace/DeviceRGB/BitsPerComponent 16", rgb,
         (16, RGB, rgb))
    four = samples(1, 4)
    form("palette", "/ColorSpace[/Indexed/DeviceRGB 15<%s>]"
         "/BitsPerComponent 4" % bytes(range(48)).hex(), four,
         (4, PALETTE, four))
    mask = samples(1, 1)
    form("stencil", "/ImageMask true", mask, (1, GRAY, inverted(mask)))
    # A soft mask is no image of the page, and changes no sample.
    form("masked", "/ColorSpace/DeviceGray/BitsPerComponent 8/SMask 3 0 R",
         gray, (8, GRAY, gray))
    # poppler decodes it, and its black is not gray.
    form("cmyk", "/ColorSpace/DeviceCMYK/BitsPerComponent 8",
         b"".join(bytes([0, 0, 0, 255 * (i % 3 == 0)]) for i in range(W * H)),
         (8, RGB, None))


def stream(more, data):
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (more.encode(),
                                                      len(data), data)


def write(name, objects):
    out, places = b"%PDF-1.5\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    end = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % p for p in places)
    out += (b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" %
            (len(objects) + 1, end))
    with open(name, "wb") as f:
        f.write(out)


class Document:
    def __init__(self):
        self.kids = []
        self.objects = [b"<</Type/Catalog/Pages 2 0 R>>", b""]
        self.add(stream("/Subtype/Image/ColorSpace/DeviceGray/Width 1"
                        "/Height 1/BitsPerComponent 8", b"x"))

    def add(self, body):
        self.objects.append(body)
        return len(self.objects)

    def image(self, more, data):
        return self.add(stream("/Subtype/Image/Width %d/Height %d%s" %
                               (W, H, more), data))

    def page(self, content, resources="", more=""):
        text = self.add(stream("", content))
        self.kids.append(self.add((
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents %d 0 R"
            "/Resources<<%s>>%s>>" % (text, resources, more)).encode()))

    def write(self, name):
        self.objects[1] = ("<</Type/Pages/Count %d/Kids[%s]>>" % (
            len(self.kids), " ".join("%d 0 R" % k for k in self.kids))).encode()
        write(name, self.objects)


def make(name):
    d = Document()
    for _, more, data, _ in FORMS:
        d.page(b"q 100 0 0 80 20 30 cm /I Do Q",
               "/XObject<</I %d 0 R>>" % d.image(more, data))
    gray = samples(1, 8)
    more = "/ColorSpace/DeviceGray/BitsPerComponent 8"
    # Its bytes have the word that ends an image.
    inline = gray[:40] + b" EI \x01" + gray[45:]
    d.page(b"q 100 0 0 80 20 30 cm BI /W %d /H %d /BPC 8 /CS /Mine ID %s\n"
           b"EI Q" % (W, H, inline), "/ColorSpace<</Mine/DeviceGray>>")
    FORMS.append(("inline", "", b"", (8, GRAY, inline)))
    image = d.image(more, gray)
    own = "/Resources<</XObject<</I %d 0 R>>>>" % image
    tile = d.add(stream("/PatternType 1/PaintType 1/TilingType 1"
                        "/BBox[0 0 20 20]/XStep 20/YStep 20" + own +
                        "/Matrix[1 0 0 1 20 70]", b"20 0 0 20 0 0 cm /I Do"))
    d.page(b"/Pattern cs /P scn 0 0 99 99 re f /P scn 0 0 9 9 re f",
           "/Pattern<</P %d 0 R>>" % tile)
    FORMS.append(("pattern", "", b"", (8, GRAY, gray)))
    nested = d.add(stream("/Subtype/Form/BBox[0 0 200 200]" + own,
                          b"q 100 0 0 80 20 30 cm /I Do Q"))
    d.page(b"/F Do", "/XObject<</F %d 0 R>>" % nested)
    FORMS.append(("form", "", b"", (8, GRAY, gray)))
    stamp = d.add(stream("/Subtype/Form/BBox[0 0 10 10]" + own,
                         b"10 0 0 10 0 0 cm /I Do"))
    d.page(b"q Q", "", "/Annots[<</Type/Annot/Subtype/Stamp"
           "/Rect[50 50 110 110]/AP<</N %d 0 R>>>>]" % stamp)
    FORMS.append(("annotation", "", b"", (8, GRAY, gray)))
    d.write(name)


def read_png(name):
    with open(name, "rb") as f:
        data = f.read()
    at, packed = 8, b""
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at:at + 8])
        body = data[at + 8:at + 8 + size]
        if zlib.crc32(kind + body) != struct.unpack(
                ">I", data[at + 8 + size:at + 12 + size])[0]:
            sys.exit(name + ": a wrong checksum")
        if kind == b"IHDR":
            width, height, bits, colours = struct.unpack(">IIBB", body[:10])
        elif kind == b"IDAT":
            packed += body
        at += size + 12
    pixel = bits * (3 if colours == RGB else 1)
    n = (width * pixel + 7) // 8
    before, out, lines = bytes(n), b"", zlib.decompress(packed)
    step = max(pixel // 8, 1)
    for y in range(height):
        how = lines[y * (n + 1)]
        row = bytearray(lines[y * (n + 1) + 1:(y + 1) * (n + 1)])
        for i in range(n):
            other = (0, row[i - step] if i >= step else 0, before[i])[how]
            row[i] = row[i] + other & 255
        before = bytes(row)
        out += before
    return bits, colours, out


def check():
    for page, (name, _, _, png) in enumerate(FORMS, 1):
        got = read_png("form%d-1.png" % page)
        if got[:2] == png[:2] and png[2] in (None, got[2]):
            print(name, "same")
        else:
            print(name, "is", got[:2])


fill()
if sys.argv[1] == "cut":
    d = Document()
    d.page(b"q 100 0 0 80 20 30 cm /I Do Q", "/XObject<</I %d 0 R>>" % d.image(
        "/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/FlateDecode",
        zlib.compress(samples(1, 8)[:99])))
    d.write(sys.argv[2])
elif sys.argv[1] == "make":
    make(sys.argv[2])
    print("\n".join(f[0] for f in FORMS))
else:
    make("/dev/null")
    check()

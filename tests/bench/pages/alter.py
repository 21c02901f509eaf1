"""alter.py FROM TO COUNT [VARIANT...] - make COUNT damaged, stamped or scanned
variants of the first page of each document that make.py drew into FROM: the files
TO/N-KIND+VARIANT.pdf, and .json with the words that are on each page.  The variants,
all of them or those named, take turns.  The same input gives the same bytes."""
import glob
import json
import os
import random
import re
import struct
import subprocess
import sys
import tempfile
import zlib

from draw import HEIGHT, WIDTH, escape, stream, write_pdf

TRUETYPE = "/usr/share/fonts/truetype/dejavu/DejaVuSans%s.ttf"
DPI = 200


def read(path):
    with open(path, "rb") as f:
        return f.read()


def pack(data, entries=b""):
    return stream(data, entries)


def unpack(body):
    return zlib.decompress(body[body.index(b"stream\n") + 7:])


class Original:
    """The first page of a document of make.py."""

    def __init__(self, path, r):
        self.r = r
        data = read(path)
        table = data[data.rindex(b"xref\n0"):].split(b"\n")
        places = [int(line[:10]) for line in table[3:] if line[10:12] == b" 0"]
        ends = places[1:] + [data.rindex(b"xref\n0")]
        bodies = [data[a:b].split(b" obj\n", 1)[1][:-len(b"\nendobj\n")]
                  for a, b in zip(places, ends)]
        self.fonts = next(b for b in bodies if b"/Subtype/Type1" in b)
        content = next(b for b in bodies if b"stream\n" in b)
        self.ops = unpack(content)
        with open(path[:-4] + ".json", encoding="utf-8") as f:
            self.words = " ".join(b["text"] for b in json.load(f)[0])

    def pixels(self, ops=None, dpi=DPI, jpeg=False):
        """The page as columns, rows and gray bytes, or those of a JPEG file."""
        with tempfile.TemporaryDirectory() as folder:
            Result(self, ops or self.ops).save(folder + "/p.pdf")
            subprocess.run(["pdftoppm", "-r", str(dpi), "-gray", "-singlefile",
                            folder + "/p.pdf", folder + "/p"] +
                           ["-jpeg"] * jpeg, check=True)
            if jpeg:
                data = read(folder + "/p.jpg")
                at = data.index(b"\xff\xc0")
                rows, columns = struct.unpack(">HH", data[at + 5:at + 9])
                self.colours = data[at + 9]
                return columns, rows, data
            head, size, _, data = read(folder + "/p.pgm").split(b"\n", 3)
            columns, rows = map(int, size.split())
            return columns, rows, data


class Result:
    """A PDF of one page: objects 1 to 3 are catalog, pages and page, 4 its
    content, 5 its fonts; others follow."""

    def __init__(self, original, ops=None):
        self.fonts, self.more, self.page = original.fonts, [], b""
        self.xobjects, self.catalog = b"", b""
        self.ops = original.ops if ops is None else ops
        self.words = original.words
        self.content = None
        self.change = bytes     # of the whole file
        self.lost = None        # the number of an object that is missing

    def add(self, body):
        self.more.append(body)
        return len(self.more) + 5

    def save(self, path):
        objects = [
            b"<</Type/Catalog/Pages 2 0 R%b>>" % self.catalog,
            b"<</Type/Pages/Count 1/Kids[3 0 R]/MediaBox[0 0 %d %d]>>" % (
                WIDTH, HEIGHT),
            b"<</Type/Page/Parent 2 0 R/Resources<</Font 5 0 R/XObject<<%b>>>>"
            b"/Contents 4 0 R%b>>" % (self.xobjects, self.page),
            self.content or stream(self.ops), self.fonts] + self.more
        if self.lost:
            objects[self.lost - 1] = b"null"
        write_pdf(path, objects)
        data = self.change(read(path))
        with open(path, "wb") as f:
            f.write(data)


def say(x, y, text, size=10, mode=0, before=b""):
    """A line in Helvetica, from the upper left corner."""
    return b"\nq %b BT /HR %g Tf %d Tr %g %g Td (%b) Tj ET Q" % (
        before, size, mode, x, HEIGHT - y, escape(text))


# ---- damage of digital pages

def flip(data, r, times=1):
    out = bytearray(data)
    for _ in range(times):
        out[r.randrange(len(out))] ^= 1 << r.randrange(8)
    return bytes(out)


def body(data, entries=b"/Filter/FlateDecode"):
    return b"<</Length %d%b>>\nstream\n%b\nendstream" % (len(data), entries,
                                                         data)


def whole(o):
    return Result(o)


def cut(o):
    out, part = Result(o), o.r.uniform(0.2, 0.97)
    out.change = lambda data: data[:int(len(data) * part)]
    return out


def content_flip(o):
    out = Result(o)
    out.content = body(flip(zlib.compress(o.ops), o.r))
    return out


def content_cut(o):
    out, data = Result(o), zlib.compress(o.ops)
    out.content = body(data[:int(len(data) * o.r.uniform(0.1, 0.95))])
    return out


def content_plain(o):
    """Bytes of operators and strings, which no checksum covers."""
    out = Result(o)
    out.content = body(flip(o.ops, o.r, 5), b"")
    return out


def content_zeros(o):
    """A sector of the disk was lost."""
    out, data = Result(o), zlib.compress(o.ops)
    at = o.r.randrange(max(1, len(data) - 512))
    out.content = body(data[:at] + bytes(len(data[at:at + 512])) +
                       data[at + 512:])
    return out


def content_lost(o):
    out = Result(o)
    out.lost = 4
    return out


def fonts_lost(o):
    out = Result(o)
    out.lost = 5
    return out


def xref(o):
    out = Result(o)
    out.change = lambda data: re.sub(
        rb"\d{10} 00000 n", lambda m: b"%010d 00000 n" % o.r.randrange(9999),
        data)
    return out


def start(o):
    out = Result(o)
    out.change = lambda data: re.sub(rb"startxref\n\d+", b"startxref\n7", data)
    return out


def length(o):
    out, data = Result(o), zlib.compress(o.ops)
    out.content = body(data).replace(
        b"%d" % len(data), b"%d" % (len(data) + o.r.choice([-40, 40, -3000])),
        1)
    return out


# ---- fonts that do not say what their glyphs are

class TrueType:
    def __init__(self, name):
        self.data = read(TRUETYPE % name)
        count = struct.unpack(">H", self.data[4:6])[0]
        tables = {}
        for i in range(count):
            tag, _, at, size = struct.unpack(
                ">4sIII", self.data[12 + 16 * i:28 + 16 * i])
            tables[tag] = self.data[at:at + size]
        self.glyphs = self.map(tables[b"cmap"])
        metrics = struct.unpack(">H", tables[b"hhea"][34:36])[0]
        advances = struct.unpack(">%dH" % (2 * metrics),
                                 tables[b"hmtx"][:4 * metrics])[::2]
        each = struct.unpack(">H", tables[b"head"][18:20])[0]
        self.widths = [1000 * a // each for a in advances]

    @staticmethod
    def map(cmap):
        for i in range(struct.unpack(">H", cmap[2:4])[0]):
            at = struct.unpack(">I", cmap[8 + 8 * i:12 + 8 * i])[0]
            table = cmap[at:]
            if struct.unpack(">H", table[:2])[0] == 12:
                groups = struct.unpack(">I", table[12:16])[0]
                return {first + k: glyph + k for first, last, glyph in (
                    struct.unpack(">III", table[16 + 12 * g:28 + 12 * g])
                    for g in range(groups)) for k in range(last - first + 1)}
        raise ValueError("no table of format 12")

    def code(self, text):
        return b"".join(b"%04x" % self.glyphs.get(ord(c), 0) for c in text)

    def put(self, out, meaning=None, change=bytes):
        """Embed it; meaning gives the text that a glyph is said to be."""
        file = out.add(pack(self.data, b"/Length1 %d" % len(self.data)))
        if change is not bytes:
            packed = zlib.compress(self.data)
            out.more[file - 6] = body(change(packed),
                                      b"/Filter/FlateDecode/Length1 %d" %
                                      len(self.data))
        wide = b" ".join(b"%d" % w for w in self.widths[:3000])
        descriptor = out.add(
            b"<</Type/FontDescriptor/FontName/DejaVu/Flags 4/FontBBox"
            b"[-900 -300 1500 1000]/ItalicAngle 0/Ascent 900/Descent -200"
            b"/CapHeight 700/StemV 80/FontFile2 %d 0 R>>" % file)
        below = out.add(
            b"<</Type/Font/Subtype/CIDFontType2/BaseFont/DejaVu/DW 600"
            b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement "
            b"0>>/W[0[%b]]/CIDToGIDMap/Identity/FontDescriptor %d 0 R>>" % (
                wide, descriptor))
        said = b""
        if meaning:
            rows = ["<%04x> <%s>\n" % (glyph, meaning(chr(c)).encode(
                "utf-16-be").hex()) for c, glyph in sorted(self.glyphs.items())
                    if 32 <= c < 256 or c == 0x2022]
            said = b"/ToUnicode %d 0 R" % out.add(pack((
                "/CIDInit/ProcSet findresource begin begincmap 1 begincodespace"
                "range <0000> <ffff> endcodespacerange\n%d beginbfchar\n%s"
                "endbfchar endcmap end" % (len(rows), "".join(rows))).encode()))
        return out.add(b"<</Type/Font/Subtype/Type0/BaseFont/DejaVu/Encoding"
                       b"/Identity-H/DescendantFonts[%d 0 R]%b>>" % (below,
                                                                    said))


def embed(o, meaning, which=b"TRBIHC", change=bytes):
    """Set the fonts whose keys have a letter of which in DejaVu Sans."""
    out = Result(o)
    plain, bold = TrueType(""), TrueType("-Bold")
    good, lying = {}, {}
    for face, font in ((b"B", bold), (b"R", plain)):
        lying[face] = font.put(out, meaning, change)
        good[face] = font.put(out, lambda c: c)
    fonts = b""
    for key in re.findall(rb"/([THC][RBI])<<", o.fonts):
        face = b"B" if key[1:] == b"B" else b"R"
        there = lying if key[1:] in which else good
        fonts += b"/%b %d 0 R" % (key, there[face])
    out.fonts = b"<<%b>>" % fonts

    def glyphs(m):
        font = bold if m[1].endswith(b"B") else plain
        text = re.sub(rb"\\(.)", rb"\1", m[3]).decode("cp1252")
        return b"/%b%b<%b> Tj" % (m[1], m[2], font.code(text))

    out.ops = b"72 Tz " + re.sub(
        rb"/([THC][RBI])( [^(\n]*)\(((?:\\.|[^\\)])*)\) Tj", glyphs, o.ops)
    return out


def shifted(by):
    def change(c):
        first = "a" if c.islower() else "A"
        return chr((ord(c) - ord(first) + by) % 26 + ord(first)) \
            if c.isascii() and c.isalpha() else c
    return change


def unmapped(o):
    return embed(o, None)


def unmapped_part(o):
    return embed(o, None, b"B")


def unmapped_body(o):
    return embed(o, None, b"R")


def shifted_font(o):
    return embed(o, shifted(o.r.randrange(1, 26)))


def shifted_part(o):
    return embed(o, shifted(o.r.randrange(1, 26)), b"B")


def codes_shifted(o):
    return embed(o, lambda c: chr(ord(c) + 29 if c > " " else 32))


def codes_lower(o):
    return embed(o, lambda c: chr(max(3, ord(c) - 29)))


def private(o):
    return embed(o, lambda c: chr(0xf000 + ord(c)))


def unknown(o):
    return embed(o, lambda c: "\ufffd")


def mixed_up(o):
    """Each letter is another one, by chance."""
    letters = [chr(97 + i) for i in range(26)]
    others = letters[:]
    o.r.shuffle(others)
    table = dict(zip(letters, others))
    return embed(o, lambda c: table.get(c, c))


def embedded(o):
    return embed(o, lambda c: c)


def font_flip(o):
    return embed(o, lambda c: c, change=lambda data: flip(data, o.r))


def font_cut(o):
    return embed(o, lambda c: c, change=lambda data: data[:len(data) // 3])


# ---- scans

def image(out, columns, rows, data, name=b"I", entries=None):
    entries = entries or b"/ColorSpace/DeviceGray/BitsPerComponent 8"
    head = b"/Type/XObject/Subtype/Image/Width %d/Height %d%b" % (
        columns, rows, entries)
    number = out.add(pack(data, head))
    out.xobjects += b"/%b %d 0 R" % (name, number)
    return number


def scanned(o, dpi=DPI):
    out = Result(o, b"q %d 0 0 %d 0 0 cm /I Do Q" % (WIDTH, HEIGHT))
    image(out, *o.pixels(dpi=dpi))
    return out


def scan(o):
    return scanned(o)


def bates(o):
    out = scanned(o)
    number = "ACME-%07d" % o.r.randrange(10 ** 7)
    x, y = o.r.choice([(480, 830), (30, 14), (260, 421), (300, 600)])
    out.ops += say(x, y, number, 8)
    out.words += " " + number
    return out


def watermark(o):
    out = scanned(o)
    out.ops += (b"\nq 0.85 g BT /HB 70 Tf 0.7 0.7 -0.7 0.7 150 200 Tm (DRAFT) "
                b"Tj ET Q")
    out.words += " DRAFT"
    return out


def signature(o):
    out = scanned(o)
    words = ["Signed by Jana Novak", "2026-03-12 10:44:07 +01'00'"]
    for i, line in enumerate(words):
        out.ops += say(380, 760 + 11 * i, line, 9)
    out.ops += b"\n1 w 380 60 m 400 90 l 420 55 l 470 80 l S"
    out.words += " " + " ".join(words)
    return out


def fields(o):
    """Two filled fields over a scan, of which only one has an appearance."""
    out = scanned(o)
    look = out.add(pack(b"/Tx BMC BT /HR 10 Tf 2 4 Td (Prague Northgate) Tj ET "
                        b"EMC", b"/Type/XObject/Subtype/Form/BBox[0 0 150 16]"
                        b"/Resources<</Font 5 0 R>>"))
    for i, (text, more) in enumerate((
            (b"Prague Northgate", b"/AP<</N %d 0 R>>" % look),
            (b"Seventeen barrels", b""))):
        out.add(b"<</Type/Annot/Subtype/Widget/FT/Tx/T(f%d)/V(%b)/F 4/P 3 0 R"
                b"/DA(/HR 10 Tf 0 g)/Rect[%d 16 %d 32]%b>>" % (
                    i, text, 60 + 200 * i, 210 + 200 * i, more))
    kids = b"%d 0 R %d 0 R" % (look + 1, look + 2)
    out.page = b"/Annots[%b]" % kids
    out.catalog = (b"/AcroForm<</Fields[%b]/DA(/HR 10 Tf 0 g)/DR<</Font 5 0 R"
                   b">>/NeedAppearances true>>" % kids)
    out.words += " Prague Northgate Seventeen barrels"
    return out


def invisible(o, keep):
    out = scanned(o)
    lines = [line for line in o.ops.split(b"\n") if line.startswith(b"BT")]
    out.ops += b"\n3 Tr\n" + b"\n".join(
        line for i, line in enumerate(lines) if keep(i, len(lines)))
    return out


def invisible_all(o):
    return invisible(o, lambda i, n: True)


def invisible_top(o):
    part = o.r.choice([0.1, 0.3, 0.6, 0.9])
    return invisible(o, lambda i, n: i < part * n)


def invisible_odd(o):
    """Each second line."""
    return invisible(o, lambda i, n: i % 2)


def invisible_garbage(o):
    out = scanned(o)
    out.ops += b"\n3 Tr\n" + re.sub(
        rb"\(((?:\\.|[^\\)])*)\) Tj",
        lambda m: b"(%b) Tj" % re.sub(rb"[a-z]", lambda c: b"%c" % o.r.choice(
            b"\x80\x82\x83\x84\x85\x86\x95\x99"), m[1]), o.ops)
    return out


def paragraph(o):
    """Digital text where the scan has room, and where it has text."""
    out = scanned(o)
    lines = ["This copy was checked against the original", "by the registrar "
             "of the northern court"]
    for i, line in enumerate(lines):
        out.ops += say(70, 815 + 12 * i, line, 10)
    out.words += " " + " ".join(lines)
    return out


def label(o):
    """An opaque label over a part of the scan; what it hides is not counted."""
    out = scanned(o)
    out.ops += b"\nq 1 g 300 700 200 40 re f Q" + say(310, 120, "RECEIVED", 20)
    shown = Result(o, o.ops + b"\nq 1 g 300 700 200 40 re f Q")
    with tempfile.TemporaryDirectory() as folder:
        shown.save(folder + "/p.pdf")
        text = subprocess.run(
            ["pdftotext", "-x", "290", "-y", "95", "-W", "220", "-H", "55",
             folder + "/p.pdf", "-"], stdout=subprocess.PIPE, check=True)
    hidden = set(text.stdout.decode().split())
    out.words = " ".join(w for w in o.words.split() if w not in hidden)
    out.words += " RECEIVED"
    return out


def strips(o):
    """A scan in strips, as some programs store it, and a stamp."""
    columns, rows, data = o.pixels()
    out, each = Result(o, b""), 97
    for i in range(0, rows, each):
        high = min(each, rows - i)
        image(out, columns, high, data[i * columns:(i + high) * columns],
              b"I%d" % i)
        out.ops += b"q %d 0 0 %.4f 0 %.4f cm /I%d Do Q\n" % (
            WIDTH, HEIGHT * high / rows, HEIGHT * (rows - i - high) / rows, i)
    out.ops += say(480, 830, "EXHIBIT 14", 8)
    out.words += " EXHIBIT 14"
    return out


def stencil(o):
    """A scan in black, painted through a mask, and a stamp."""
    columns, rows, data = o.pixels()
    each = (columns + 7) // 8
    packed = bytearray()
    for y in range(rows):
        line = data[y * columns:(y + 1) * columns].translate(
            bytes(48 + (i > 127) for i in range(256))).decode()
        packed += int(line.ljust(each * 8, "1"), 2).to_bytes(each, "big")
    out = Result(o, b"q %d 0 0 %d 0 0 cm /I Do Q" % (WIDTH, HEIGHT))
    image(out, columns, rows, bytes(packed),
          entries=b"/ImageMask true/BitsPerComponent 1")
    out.ops += say(480, 830, "EXHIBIT 14", 8)
    out.words += " EXHIBIT 14"
    return out


def in_form(o):
    """A scan inside a form, and a stamp outside of it."""
    out = scanned(o)
    form = out.add(pack(out.ops, b"/Type/XObject/Subtype/Form/BBox[0 0 %d %d]"
                        b"/Resources<</XObject<<%b>>>>" % (WIDTH, HEIGHT,
                                                          out.xobjects)))
    out.xobjects, out.ops = b"/X %d 0 R" % form, b"/X Do"
    out.ops += say(480, 830, "EXHIBIT 14", 8)
    out.words += " EXHIBIT 14"
    return out


def on_side(o):
    """A scan that lies on its side, put upright by the page, and a stamp."""
    out = bates(o)
    out.ops = (b"q 0 1 -1 0 %d 0 cm " % HEIGHT) + out.ops + b" Q"
    out.page += b"/Rotate 90/MediaBox[0 0 %d %d]" % (HEIGHT, WIDTH)
    return out


def half(o):
    """A page of which the lower half is an image."""
    columns, rows, data = o.pixels()
    at = rows // 2
    # Lines that the edge of the image crosses are drawn only in the image.
    while data[at * columns:(at + 1) * columns].strip(b"\xff"):
        at += 1
    part = at / rows
    out = Result(o)
    image(out, columns, rows - at, data[at * columns:])
    top = HEIGHT * (1 - part)
    keep = []
    for line in o.ops.split(b"\n"):
        m = re.match(rb"BT .* ([\d.]+) Tm", line)
        if m and float(m[1]) >= top:
            keep.append(line)
    out.ops = b"\n".join(keep) + b"\nq %d 0 0 %.4f 0 0 cm /I Do Q" % (WIDTH,
                                                                      top)
    return out


def scanned_with(o, change):
    """A scan whose image data, packed as they are, are changed."""
    out = scanned(o)
    number = next(i for i, b in enumerate(out.more) if b"/Image" in b)
    head, data = out.more[number].split(b"stream\n", 1)
    data = change(data[:-len(b"\nendstream")])
    out.more[number] = head + b"stream\n" + data + b"\nendstream"
    return out


def image_flip(o):
    return scanned_with(o, lambda data: flip(data, o.r))


def image_zeros(o):
    def zeros(data):
        at = o.r.randrange(len(data) - 512)
        return data[:at] + bytes(512) + data[at + 512:]

    return scanned_with(o, zeros)


def image_lost(o):
    out = bates(o)
    out.lost = 6
    return out


def jpeg(o, change=bytes):
    columns, rows, data = o.pixels(jpeg=True)
    out = Result(o, b"q %d 0 0 %d 0 0 cm /I Do Q" % (WIDTH, HEIGHT))
    number = out.add(body(change(data), b"/Type/XObject/Subtype/Image/Width %d"
                          b"/Height %d/ColorSpace/Device%b/BitsPerComponent 8"
                          b"/Filter/DCTDecode" % (
                              columns, rows,
                              b"Gray" if o.colours == 1 else b"RGB")))
    out.xobjects = b"/I %d 0 R" % number
    return out


def jpeg_flip(o):
    return jpeg(o, lambda data: data[:800] + flip(data[800:], o.r, 3))


def jpeg_cut(o):
    return jpeg(o, lambda data: data[:int(len(data) * o.r.uniform(0.1, 0.95))])


def scan_cut(o):
    out, part = scanned(o), o.r.uniform(0.2, 0.97)
    out.change = lambda data: data[:int(len(data) * part)]
    return out


VARIANTS = {f.__name__.replace("_", "-"): f for f in (
    cut, content_flip, content_cut, content_plain, content_zeros, content_lost,
    fonts_lost, xref, start, length, embedded, unmapped, unmapped_part,
    unmapped_body, shifted_font, shifted_part, codes_shifted, codes_lower,
    private, unknown, mixed_up, font_flip, font_cut, scan, bates, watermark,
    signature, fields, invisible_all, invisible_top, invisible_odd,
    invisible_garbage, paragraph, label, strips, stencil, in_form, on_side,
    half, image_flip, image_zeros, image_lost, jpeg, jpeg_flip, jpeg_cut,
    scan_cut)}


def main():
    source, target, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    names = sys.argv[4:] or list(VARIANTS)
    os.makedirs(target, exist_ok=True)
    turn = 0
    for path in sorted(glob.glob(source + "/*.pdf")):
        stem = os.path.basename(path)[:-4]
        for _ in range(count):
            name = names[turn % len(names)]
            turn += 1
            original = Original(path, random.Random(stem + name))
            result = VARIANTS[name](original)
            out = "%s/%s+%s" % (target, stem, name)
            result.save(out + ".pdf")
            with open(out + ".json", "w", encoding="utf-8") as f:
                json.dump([result.words], f)


main()

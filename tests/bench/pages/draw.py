"""draw.py - PDFs drawn from text and rules, and what a reader finds in them.

Places are in points from the upper left corner; a text's place is its base.
Widths come from groff's tables of the standard fonts.
"""
import glob
import os
import subprocess
import tempfile
import zlib

WIDTH, HEIGHT = 595, 842
FONTS = {"TR": "Times-Roman", "TB": "Times-Bold", "TI": "Times-Italic",
         "HR": "Helvetica", "HB": "Helvetica-Bold", "HI": "Helvetica-Oblique",
         "CR": "Courier", "CB": "Courier-Bold"}


def load_widths(font):
    """The width of each character, in thousandths of the font's size."""
    widths = {" ": 250 if font[0] == "T" else 600 if font[0] == "C" else 278}
    names = glob.glob("/usr/share/groff/[0-9]*/font/devpdf/" + font)
    with open(names[0], encoding="latin-1") as f:
        for line in f:
            part = line.split("\t")
            if len(part) > 4 and (len(part[0]) == 1 or part[0] == "bu"):
                widths[part[0].replace("bu", "•")] = int(part[1].split(",")[0])
    return widths


WIDTHS = {font: load_widths(font) for font in FONTS}


def width(text, font, size):
    table = WIDTHS[font]
    return sum(table.get(c, 500) for c in text) * size / 1000


def break_lines(words, font, size, measure, first=0):
    """Lines of at most measure; the first is shorter."""
    lines, line = [], []
    for word in words:
        room = measure - (first if not lines else 0)
        if line and width(" ".join(line + [word]), font, size) > room:
            lines.append(line)
            line = []
        line.append(word)
    return lines + [line]


def escape(text):
    raw = text.encode("cp1252")
    for special in (b"\\", b"(", b")"):
        raw = raw.replace(special, b"\\" + special)
    return raw


class Page:
    def __init__(self):
        self.ops = []
        self.blocks = []  # what a reader finds, in order
        self.notes = []   # and after everything else

    def text(self, x, y, text, font, size, spread=0.0, up=False):
        turn = "0 1 -1 0" if up else "1 0 0 1"
        self.ops.append(b"BT /%b %.2f Tf %.4f Tw %b %.2f %.2f Tm (%b) Tj ET" % (
            font.encode(), size, spread, turn.encode(), x, HEIGHT - y,
            escape(text)))

    def rule(self, x0, y0, x1, y1, thick=0.5):
        self.ops.append(b"%.2f w %.2f %.2f m %.2f %.2f l S" % (
            thick, x0, HEIGHT - y0, x1, HEIGHT - y1))

    def block(self, kind, text, **more):
        self.blocks.append({"type": kind, "text": text, **more})


class Frame:
    """A column of a page, filled from the top."""

    def __init__(self, page, x, y, right, bottom):
        self.page, self.x, self.y = page, x, y
        self.width, self.bottom = right - x, bottom

    def room(self):
        return self.bottom - self.y


def stream(data, entries=b""):
    data = zlib.compress(data)
    return b"<</Length %d/Filter/FlateDecode%b>>\nstream\n%b\nendstream" % (
        len(data), entries, data)


def write_pdf(path, objects):
    out, places = b"%PDF-1.5\n", b""
    for number, body in enumerate(objects, 1):
        places += b"%010d 00000 n \n" % len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    with open(path, "wb") as f:
        f.write(out + b"xref\n0 %d\n0000000000 65535 f \n%b" % (
            len(objects) + 1, places) +
            b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
                len(objects) + 1, len(out)))


def tree(count, first, step):
    kids = b" ".join(b"%d 0 R" % (first + step * i) for i in range(count))
    return [b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Count %d/Kids[%b]/MediaBox[0 0 %d %d]>>" % (
                count, kids, WIDTH, HEIGHT)]


def save(path, pages):
    objects = tree(len(pages), 4, 2)
    objects.append(b"<<%b>>" % b"".join(
        b"/%b<</Type/Font/Subtype/Type1/Encoding/WinAnsiEncoding/BaseFont/%b>>"
        % (key.encode(), name.encode()) for key, name in FONTS.items()))
    for page in pages:
        objects.append(
            b"<</Type/Page/Parent 2 0 R/Resources<</Font 3 0 R>>"
            b"/Contents %d 0 R>>" % (len(objects) + 2))
        objects.append(stream(b"\n".join(page.ops)))
    write_pdf(path, objects)


def read_pgm(path):
    with open(path, "rb") as f:
        f.readline()
        columns, rows = map(int, f.readline().split())
        f.readline()
        return columns, rows, f.read()


def scan(source, target, dpi):
    """Write a PDF of the pixels of another one's pages."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["pdftoppm", "-r", str(dpi), "-gray", source,
                        folder + "/p"], check=True)
        images = sorted(glob.glob(folder + "/p*"))
        objects = tree(len(images), 3, 3)
        for image in images:
            columns, rows, pixels = read_pgm(image)
            at = len(objects) + 1
            objects += [
                b"<</Type/Page/Parent 2 0 R/Contents %d 0 R"
                b"/Resources<</XObject<</I %d 0 R>>>>>>" % (at + 1, at + 2),
                stream(b"%d 0 0 %d 0 0 cm /I Do" % (WIDTH, HEIGHT)),
                stream(pixels, b"/Type/XObject/Subtype/Image/Width %d/Height %d"
                       b"/ColorSpace/DeviceGray/BitsPerComponent 8" % (
                           columns, rows))]
            os.unlink(image)
        write_pdf(target, objects)

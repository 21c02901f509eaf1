"""hostile.py LINE.pgm - write odd documents into the working directory.

LINE.pgm is a gray image of the sentence that whatever can be read says.
Formats are written by hand, so that they can lie.
"""
import random
import re
import struct
import sys
import zipfile
import zlib

SENTENCE = "The brass lantern hung above the harbour door."
SIDE = 100000


def save(name, data):
    with open(name, "wb") as f:
        f.write(data)


# ---- PDF

def pdf(name, objects, trailer=b""):
    """Objects are numbered from 1, which is the catalog."""
    out, places = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += (b"trailer\n<</Size %d /Root 1 0 R %b>>\nstartxref\n%d\n%%%%EOF\n"
            % (len(objects) + 1, trailer, start))
    save(name, out)


def stream(data, entries=b""):
    return b"<</Length %d %b>>\nstream\n%b\nendstream" % (
        len(data), entries, data)


CATALOG = b"<</Type /Catalog /Pages 2 0 R>>"
PAGES = b"<</Type /Pages /Kids [3 0 R] /Count 1>>"
FONT = b"<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>"
SAY = b"BT /F 12 Tf 100 400 Td (%b) Tj ET" % SENTENCE.encode()


def page(box=b"0 0 595 842", more=b""):
    return (b"<</Type /Page /Parent 2 0 R /MediaBox [%b] /Contents 4 0 R "
            b"/Resources <</Font <</F 5 0 R>> /XObject <</X 6 0 R>>>> %b>>"
            % (box, more))


def one_page(name, content=SAY, font=FONT, extra=(), **how):
    pdf(name, [CATALOG, PAGES, page(**how), stream(content), font, *extra])


def to_unicode(pairs):
    """A font whose codes mean what pairs say, whatever they look like."""
    lines = b"".join(b"<%02x> <%04x>\n" % pair for pair in pairs)
    return (FONT[:-2] + b" /ToUnicode 6 0 R>>", stream(
        b"/CIDInit /ProcSet findresource begin\nbegincmap\n"
        b"1 begincodespacerange\n<00> <ff>\nendcodespacerange\n"
        b"%d beginbfchar\n%bendbfchar\nendcmap\nend\n" % (len(pairs), lines)))


def pdfs():
    pdf("no-pages.pdf", [CATALOG, b"<</Type /Pages /Kids [] /Count 0>>"])
    pdf("no-root.pdf", [b"null"])
    pdf("cyclic.pdf",
        [CATALOG, b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
         b"<</Type /Pages /Parent 2 0 R /Kids [2 0 R 3 0 R] /Count 1>>"])
    pdf("cyclic-and-page.pdf",
        [CATALOG, b"<</Type /Pages /Kids [2 0 R 3 0 R] /Count 2>>",
         page(), stream(SAY), FONT])
    pdf("count-lies.pdf",
        [CATALOG, b"<</Type /Pages /Kids [3 0 R] /Count 90000>>",
         page(), stream(SAY), FONT])
    pdf("count-negative.pdf",
        [CATALOG, b"<</Type /Pages /Kids [3 0 R] /Count -1>>",
         page(), stream(SAY), FONT])
    one_page("huge-page.pdf", b"0 0 m 12000 12000 l S", box=b"0 0 12000 12000")
    one_page("huge-page-text.pdf", SAY.replace(b"100 400", b"6000 6000"),
             box=b"0 0 12000 12000")
    one_page("box-endless.pdf", b"0 0 m 9 9 l S", box=b"0 0 1e30 1e30")
    one_page("box-empty.pdf", b"0 0 m 9 9 l S", box=b"0 0 0 0")
    one_page("box-reversed.pdf", box=b"595 842 0 0")
    one_page("box-missing.pdf", box=b"")
    one_page("draws-itself.pdf", b"/X Do", extra=[stream(
        b"/X Do", b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] "
        b"/Resources <</XObject <</X 6 0 R>>>>")])
    one_page("image-lies.pdf", b"500 0 0 500 50 50 cm /X Do", extra=[stream(
        b"\0" * 100, b"/Type /XObject /Subtype /Image /Width %d /Height %d "
        b"/BitsPerComponent 8 /ColorSpace /DeviceGray" % (SIDE, SIDE))])
    deflated = zlib.compress(b"q Q " * (16 << 20 >> 2), 9)
    pdf("swells.pdf", [CATALOG, PAGES, page(),
                       stream(deflated, b"/Filter /FlateDecode"), FONT])

    codes = sorted(set(SENTENCE.encode()))
    font, cmap = to_unicode([(code, 0xfffd) for code in codes])
    one_page("unknown-text.pdf", font=font, extra=[cmap])
    right_to_left()
    one_page("sideways.pdf", SAY.replace(b"100 400 Td", b"0 1 -1 0 300 200 Tm"))
    one_page("both-ways.pdf", SAY + b" " + SAY.replace(
        b"100 400 Td", b"0 -1 1 0 500 700 Tm"))
    vertical("vertical.pdf", ["港の灯りは静かに揺れ、", "真鍮のランプが鳴る。"])


def seen(text, before=r"[$]?", after=r"%?"):
    """A line as it is seen: from the left, the last of its words first; signs
    go with the numbers that they are before or after, but not in Arabic."""
    runs = re.findall(before + r"[A-Za-z0-9]+(?:[ .][A-Za-z0-9]+)*" + after +
                      "|[٠-٩]+(?:[٬٫/][٠-٩]+)*|.", text)
    return "".join(reversed(runs))


def lines(name, items):
    """Glyphs go to the page from the left; items are x, y and what is seen."""
    letters = sorted(set("".join(text for x, y, text in items)))
    codes = {letter: 33 + i for i, letter in enumerate(letters)}
    font, cmap = to_unicode([(codes[x], ord(x)) for x in letters])
    one_page(name, b" ".join(b"BT /F 10 Tf %d %d Td <%b> Tj ET" % (
        x, y, b"".join(b"%02x" % codes[letter] for letter in text))
        for x, y, text in items), font=font, extra=[cmap])


def right_to_left():
    """Lines end at x = 550, or another; a letter is 6 points wide."""
    hebrew = "שלום עולם מהנמל"
    lines("hebrew.pdf", [(200, 400, seen(hebrew))])
    save("hebrew.txt", hebrew.encode() + b"\n")
    right = ["הפנס התלוי מעל דלת הנמל האיר", "את המים בלילה ארוך וקר מאוד.",
             "בשנת 1987 נמכרו 250 כיסאות עץ", "בנמל New Haven הישן של העיר,",
             "והסוחר חזר הביתה עם הכסף."] * 2
    left = ["ספינה גדולה עגנה אתמול בערב", "ליד הרציף הצפוני של העיר כדי",
            "לפרוק סחורה רבה מארצות הים", "הרחוקות ביותר שבעולם כולו",
            "ולמכור אותה ב-17.50 לכל ארגז."] * 2
    lines("right-columns.pdf", [
        (end - 6 * len(text), 700 - 14 * i, seen(text))
        for end, column in ((550, right), (270, left))
        for i, text in enumerate(column)])
    save("right-columns.txt", "".join(
        line + "\n" for line in right + left).encode())
    table = [("שם", "עיר", "מחיר"), ("דוד כהן", "New York", "417.50"),
             ("רות לוי", "Berlin", "12.00"), ("משה בר", "תל אביב", "99.95")]
    lines("right-table.pdf", [
        (550 - 130 * k - 6 * len(cell), 700 - 18 * i, seen(cell))
        for i, row in enumerate(table) for k, cell in enumerate(row)])
    save("right-table.txt", "".join(
        "| %s |\n" % " | ".join(row)
        for row in table[:1] + [("---",) * 3] + table[1:]).encode())
    lines("right-words.pdf", [
        (60, 700, "The lantern called לודגה סנפה hung above the door"),
        (60, 686, "of the harbour in 1987 and fell on that evening.")])
    numbers = ["הנחה של 50% ושל $20 בלבד,", "(1987) וגם (Berlin) או -17.50,",
               "ב-50% וב-$30 של C++ בשנת 1987."]
    lines("right-numbers.pdf", [(550 - 6 * len(text), 700 - 14 * i, seen(text))
                                for i, text in enumerate(numbers)])
    save("right-numbers.txt", "".join(x + "\n" for x in numbers).encode())
    numbers = ["مبلغ ١٬٢٣٤٫٥ ريال من ٥٠٪ خصم", "بنسبة 50% أو بـ٣٫٥ في ١٩٨٧/١٢/٠٣."]
    lines("right-arabic.pdf", [
        (550 - 6 * len(text), 700 - 14 * i, seen(text, "", ""))
        for i, text in enumerate(numbers)])
    save("right-arabic.txt", "".join(x + "\n" for x in numbers).encode())
    save("right-words.txt", (
        "The lantern called הפנס הגדול hung above the door\n"
        "of the harbour in 1987 and fell on that evening.\n").encode())


def vertical(name, columns):
    """Lines from the top down, the first one to the right."""
    letters = sorted(set("".join(columns)))
    codes = {letter: 0x100 + i for i, letter in enumerate(letters)}
    cmap = stream(
        b"/CIDInit /ProcSet findresource begin\nbegincmap\n"
        b"1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n"
        b"%d beginbfchar\n%bendbfchar\nendcmap\nend\n" % (
            len(codes), b"".join(b"<%04x> <%04x>\n" % (code, ord(letter))
                                 for letter, code in codes.items())))
    font = (b"<</Type /Font /Subtype /Type0 /BaseFont /Mincho "
            b"/Encoding /Identity-V /ToUnicode 6 0 R /DescendantFonts "
            b"[<</Type /Font /Subtype /CIDFontType2 /BaseFont /Mincho "
            b"/DW 1000 /CIDSystemInfo <</Registry (Adobe) "
            b"/Ordering (Identity) /Supplement 0>> /FontDescriptor "
            b"<</Type /FontDescriptor /FontName /Mincho /Flags 4 "
            b"/FontBBox [0 -200 1000 900] /ItalicAngle 0 /Ascent 900 "
            b"/Descent -200 /CapHeight 700 /StemV 80>>>>]>>")
    content = b" ".join(b"BT /F 20 Tf %d 700 Td <%b> Tj ET" % (
        400 - 40 * i, b"".join(b"%04x" % codes[x] for x in column))
        for i, column in enumerate(columns))
    one_page(name, content, font=font, extra=[cmap])
    save(name[:-4] + ".txt", "".join(c + "\n" for c in columns).encode())


# ---- images; each takes lines of bytes, 0 is black

def chunk(kind, data):
    return (struct.pack(">I", len(data)) + kind + data
            + struct.pack(">I", zlib.crc32(kind + data)))


def png(name, width, lines, depth=8, color=0, height=None):
    save(name, b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(
        ">IIBBBBB", width, height or len(lines), depth, color, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(b"".join(
            b"\0" + line for line in lines)))
        + chunk(b"IEND", b""))


def bits(line, black):
    """Eight pixels a byte, the first one highest."""
    line = line.translate(bytes(
        (i < 128) == black for i in range(256))) + bytes(-len(line) % 8)
    return bytes(sum(line[i + k] << (7 - k) for k in range(8))
                 for i in range(0, len(line), 8))


def tiff(name, pages, depth=8, loop=False):
    """Pages are (width, height, bytes); with loop, the last one's next page is
    the first."""
    out = b"II*\0" + struct.pack("<I", 8)
    first = 8
    for number, (width, height, data) in enumerate(pages):
        tags = [(256, width), (257, height), (258, depth), (259, 1), (262, 1),
                (273, len(out) + 2 + 9 * 12 + 4), (277, 1), (278, height),
                (279, len(data))]
        after = len(out) + 2 + 9 * 12 + 4 + len(data) + len(data) % 2
        if number == len(pages) - 1:
            after = first if loop else 0
        out += struct.pack("<H", len(tags)) + b"".join(
            struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
        out += struct.pack("<I", after) + data + bytes(len(data) % 2)
    save(name, out)


def gif(name, width, lines):
    """Without compression: the table starts anew before codes get longer."""
    pixels = b"".join(lines).translate(bytes(i // 2 for i in range(256)))
    codes = b"".join(b"\x80" + pixels[i:i + 100]
                     for i in range(0, len(pixels), 100)) + b"\x81"
    save(name, b"GIF87a" + struct.pack("<HHBBB", width, len(lines), 0xf6, 0, 0)
         + b"".join(bytes([2 * i] * 3) for i in range(128))
         + b"," + struct.pack("<HHHHB", 0, 0, width, len(lines), 0) + b"\7"
         + b"".join(bytes([len(codes[i:i + 255])]) + codes[i:i + 255]
                    for i in range(0, len(codes), 255)) + b"\0;")


def bmp(name, width, lines):
    data = b"".join(bytes(v for v in line for _ in range(3))
                    + bytes(-3 * width % 4) for line in reversed(lines))
    save(name, b"BM" + struct.pack("<IHHI", 54 + len(data), 0, 0, 54)
         + struct.pack("<IiiHHIIiiII", 40, width, len(lines), 1, 24, 0,
                       len(data), 11811, 11811, 0, 0) + data)


def webp(name, width, lines):
    """Lossless, black and white: a bit a pixel, since red and blue are green
    and each has a code of one symbol."""
    fields = [(0x2f, 8), (width - 1, 14), (len(lines) - 1, 14), (0, 4),
              (1, 1), (2, 2), (0, 1),      # subtract green, no other
              (0, 1), (0, 1),              # no cache, one set of codes
              (1, 1), (1, 1), (1, 1), (0, 8), (255, 8),   # green: 0 or 255
              (1, 1), (0, 1), (0, 1), (0, 1),             # red: 0
              (1, 1), (0, 1), (0, 1), (0, 1),             # blue: 0
              (1, 1), (0, 1), (1, 1), (255, 8),           # alpha: 255
              (1, 1), (0, 1), (0, 1), (0, 1)]             # distance: 0
    number, length = 0, 0
    for value, size in fields:
        number |= value << length
        length += size
    white = b"".join(lines).translate(b"0" * 128 + b"1" * 128)
    number |= int(white[::-1], 2) << length
    length += len(white)
    data = number.to_bytes((length + 7) // 8, "little")
    body = b"WEBPVP8L" + struct.pack("<I", len(data)) + data + bytes(
        len(data) % 2)
    save(name, b"RIFF" + struct.pack("<I", len(body)) + body)


def images(width, lines):
    height = len(lines)
    gray = b"".join(lines)
    packed = [bits(line, black=False) for line in lines]

    png("line.png", width, lines)
    png("deep.png", width, [bytes(v for p in line for v in (p, 255 - p))
                            for line in lines], depth=16)
    png("clear.png", width, [bytes(v for p in line for v in (0, 255 - p))
                             for line in lines], color=4)
    png("inverse.png", width, [bytes(255 - p for p in line)
                               for line in lines])
    png("wide.png", 40000, [bits(line + b"\xff" * (40000 - width), black=False)
                            for line in lines], depth=1)
    png("one-pixel.png", 1, [b"\0"])
    png("white.png", 200, [b"\xff" * 200] * 200)
    png("lies.png", SIDE, lines, height=SIDE)
    with open("line.png", "rb") as f:
        whole = f.read()
    save("cut.png", whole[:len(whole) // 2])
    save("damaged.png", whole[:len(whole) // 2] + b"\0" * 40
         + whole[len(whole) // 2 + 40:])

    tiff("three.tiff", [(width, height, gray)] * 3)
    tiff("loop.tiff", [(width, height, gray)] * 2, loop=True)
    tiff("bits.tiff", [(width, height, b"".join(packed))], depth=1)
    tiff("lies.tiff", [(SIDE, SIDE, gray)])
    save("cut.tiff", b"II*\0\x08\0\0\0\x09\0")
    gif("line.gif", width, lines)
    bmp("line.bmp", width, lines)
    webp("line.webp", width, lines)
    save("line.pbm", b"P4\n%d %d\n" % (width, height) + b"".join(
        bits(line, black=True) for line in lines))
    save("line.pgm", b"P5\n%d %d\n255\n" % (width, height) + gray)
    save("line.ppm", b"P6\n%d %d\n255\n" % (width, height)
         + bytes(v for v in gray for _ in range(3)))
    save("plain.pgm", b"P2\n%d %d\n255\n" % (width, height)
         + b"\n".join(b" ".join(b"%d" % v for v in line)
                      for line in lines) + b"\n")
    save("lies.pgm", b"P5\n%d %d\n255\n" % (SIDE, SIDE) + gray)


def others():
    text = "Le café de la gare, à côté du théâtre, est fermé.\n"
    save("latin-1.txt", text.encode("latin-1"))
    save("utf-16.txt", text.encode("utf-16"))
    save("utf-16-be.txt", b"\xfe\xff" + text.encode("utf-16-be"))
    save("utf-16-cut.txt", text.encode("utf-16")[:-1])
    save("empty", b"")
    save("nul.txt", b"one\0two\n")
    save("random.bin", random.Random(7).randbytes(65536))
    with zipfile.ZipFile("archive.zip", "w") as z:
        z.writestr(zipfile.ZipInfo("note.txt"), SENTENCE + "\n")


def main():
    with open(sys.argv[1], "rb") as f:
        _, size, _ = (f.readline() for _ in range(3))
        width, height = map(int, size.split())
        gray = f.read()
    pdfs()
    images(width, [gray[y * width:(y + 1) * width] for y in range(height)])
    others()


if __name__ == "__main__":
    main()

"""damage.py JPEG FONT.pdf - write PDFs and images into the working directory
that lost something (lost-*), or look odd and are whole (whole-*).

Each PDF has two pages of text; where something is lost, it is on page 2.  JPEG
is a gray image, and FONT.pdf a PDF with a font in it.
"""
import re
import struct
import sys
import zlib

from hostile import FONT, chunk, pdf, save, stream

WORDS = ("The brass lantern hung above the harbour door while seven tired "
         "sailors carried wooden chairs along the narrow street").split()


def lines(first):
    text = b"BT /F 8 Tf 14 TL 72 760 Td\n"
    for n in range(30):
        i = (first + n) % len(WORDS)
        text += b"(%b) Tj T*\n" % " ".join(WORDS[i:] + WORDS[:i]).encode()
    return text + b"ET\n"


def flate(data, entries=b"", damage=bytes):
    return stream(damage(zlib.compress(data)),
                  b"/Filter /FlateDecode " + entries)


def cut(data):
    return data[:len(data) // 2]


def flip(data):
    at = len(data) // 2
    return data[:at] + bytes([data[at] ^ 0x10]) + data[at + 1:]


CATALOG = b"<</Type /Catalog /Pages 2 0 R>>"
PAGES = b"<</Type /Pages /Kids [3 0 R 4 0 R] /Count 2>>"


def page(contents, more=b"", resources=b""):
    return (b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents "
            b"%b /Resources <</Font <</F 7 0 R>> /XObject <</X 8 0 R>> %b>> "
            b"%b>>" % (contents, resources, more))


def document(name, second=None, font=FONT, extra=b"null", more=b"",
             resources=b"", contents=b"6 0 R", change=bytes, tree=PAGES):
    pdf(name, [CATALOG, tree, page(b"5 0 R"),
               page(contents, more, resources), flate(lines(0)),
               second or flate(lines(7)), font, extra])
    with open(name, "rb") as f:
        data = f.read()
    save(name, change(data))


def longer(data):
    return re.sub(rb"/Length (\d+)", lambda m: b"/Length %d" % (
        int(m[1]) + 9), data)


def content():
    document("lost-content.pdf", flate(lines(7), damage=cut))
    document("lost-operator.pdf", stream(lines(7)[:-300] + b"\0\1\2 (T"))
    document("lost-form.pdf", flate(lines(7) + b"/X Do"),
             extra=flate(lines(3), b"/Type /XObject /Subtype /Form "
                         b"/BBox [0 0 595 842]", cut))
    document("lost-object.pdf", flate(lines(7) + b"/X Do"))
    document("lost-part.pdf", contents=b"[6 0 R 99 0 R]")
    document("lost-font.pdf", resources=b"/Font <</F 99 0 R>>")


def whole():
    document("whole-plain.pdf")
    document("whole-length.pdf", change=longer)
    document("whole-xref.pdf", change=lambda data: re.sub(
        rb"startxref\n\d+", b"startxref\n7", data))
    document("whole-tail.pdf", change=lambda data: data + bytes(3000))
    document("whole-annotation.pdf", more=b"/Annots [<</Type /Annot /Subtype "
             b"/Link /Rect [0 0 1] /Dest 5>> 7 99 0 R (none)]")
    document("whole-profile.pdf", flate(b"/C cs 0 0 0 scn\n" + lines(7)),
             resources=b"/ColorSpace <</C [/ICCBased 8 0 R]>>",
             extra=flate(bytes(3000), b"/N 3 /Alternate /DeviceRGB", cut))


def trees():
    """Lists of pages that poppler does not read."""
    kids = PAGES.replace(b"4 0 R", page(b"6 0 R"))
    document("whole-tree.pdf", tree=kids)
    document("whole-header.pdf", change=lambda data: bytes(3000) + data)
    document("lost-tree.pdf", tree=PAGES.replace(b"4 0 R", b"null"))
    document("lost-count.pdf", tree=PAGES.replace(b"Count 2", b"Count 0"))
    document("whole-short.pdf", tree=PAGES.replace(b"Count 2", b"Count 1"))


def picture(name, data, filters, sides=(64, 64)):
    """Page 2 has no text but an image."""
    document(name, flate(b"q 500 0 0 700 0 0 cm /X Do Q"), extra=stream(
        data, b"/Type /XObject /Subtype /Image /Width %d /Height %d "
        b"/ColorSpace /DeviceGray /BitsPerComponent 8 /Filter %b"
        % (*sides, filters)))


def pictures(jpeg):
    rows = bytes((x * y) % 251 for x in range(64) for y in range(64))
    packed = zlib.compress(rows)
    at = jpeg.index(b"\xff\xc0")
    sides = struct.unpack(">HH", jpeg[at + 5:at + 9])[::-1]
    for name, change in ("whole", bytes), ("lost", cut):
        picture(name + "-flate.pdf", change(packed), b"/FlateDecode")
        picture(name + "-jpeg.pdf", change(jpeg), b"/DCTDecode", sides)
    picture("whole-sum.pdf", packed[:-4], b"/FlateDecode")
    picture("lost-bit.pdf", zlib.compress(rows, 0)[:-9] + b"\xaa" +
            zlib.compress(rows, 0)[-8:], b"/FlateDecode")


def font(data):
    """The stream of a font is the one that has a Length1."""
    at = data.index(b"stream", data.index(b"/Length1")) + 200
    save("whole-embedded.pdf", data)
    save("lost-embedded.pdf", data[:at] + bytes([data[at] ^ 1]) +
         data[at + 1:])


def others():
    """A form whose pages another program would make, the same with pages of
    its own, and a page that draws a form ten times, which does so too, ..."""
    for name, entry in ("xfa", b"/NeedsRendering true"), ("form", b""):
        pdf(name + ".pdf", [
            b"<</Type /Catalog /Pages 2 0 R %b /AcroForm <</XFA 6 0 R>>>>"
            % entry, b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
            b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents "
            b"4 0 R /Resources <</Font <</F 5 0 R>>>>>>",
            stream(b"BT /F 12 Tf 72 700 Td (A line. Get Adobe Reader.) Tj ET"),
            FONT, stream(b"<xdp/>")])
    depth = 10
    pdf("slow.pdf", [
        CATALOG, b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
        b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R "
        b"/Resources <</XObject <</F 5 0 R>>>>>>", stream(b"/F Do")] + [
            stream(b"/F Do " * 10, b"/Type /XObject /Subtype /Form /BBox "
                   b"[0 0 9 9] /Resources <</XObject <</F %d 0 R>>>>" % n)
            for n in range(6, 6 + depth)] + [
                stream(b"0 0 m 9 9 l S", b"/Type /XObject /Subtype /Form "
                       b"/BBox [0 0 9 9]")])


def tiff():
    """Colours, as they are, behind the directory."""
    side, tags = 64, b""
    place = 8 + 2 + 12 * 9 + 4
    entries = [(256, 3, side), (257, 3, side), (258, 3, 8), (259, 3, 1),
               (262, 3, 2), (273, 4, place), (277, 3, 3), (278, 3, side),
               (279, 4, 3 * side * side)]
    for tag, kind, value in entries:
        tags += struct.pack("<HHII", tag, kind, 1, value)
    data = (b"II*\0" + struct.pack("<IH", 8, len(entries)) + tags +
            bytes(4) + bytes(255 - n % 200 for n in range(3 * side * side)))
    save("whole-colours.tif", data)
    save("lost-colours.tif", data[:-3000])


def read(name):
    with open(name, "rb") as f:
        return f.read()


document("lost-bit-of-text.pdf", flate(lines(7), damage=flip))
content()
whole()
others()
trees()
tiff()
pictures(read(sys.argv[1]))
font(read(sys.argv[2]))

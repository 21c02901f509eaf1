"""numbered.py - write PDFs whose second font names its glyphs by numbers.

In numbered.pdf nothing tells what they mean, in tex.pdf they are the codes of
the characters, as TeX writes them.
"""
from hostile import pdf, stream

GOOD = ["The harbour office opens at seven and closes when the last",
        "ferry has left. Tickets are sold at the counter and on board."]
OTHER = "Total due: eleven crates of lemons"


def width(c):
    return {"i": 222, "j": 222, "l": 222, " ": 278, ":": 278, "f": 278,
            "t": 278, "r": 333, "c": 500, "s": 500, "v": 500, "m": 833,
            "T": 611}.get(c, 556)


def document(name, code, glyph):
    kinds = sorted(set(OTHER), key=OTHER.index)
    codes = {c: code(i, c) for i, c in enumerate(kinds)}
    names = {c: b"g%d" % glyph(i, c) for i, c in enumerate(kinds)}
    widths = [0] * 256
    for c in kinds:
        widths[codes[c]] = width(c)
    text = b"BT /F 12 Tf 16 TL 72 760 Td\n"
    for line in GOOD:
        text += b"(%b) Tj T*\n" % line.encode()
    text += b"T* /T 12 Tf <%b> Tj ET" % bytes(
        codes[c] for c in OTHER).hex().encode()
    pdf(name, [
        b"<</Type /Catalog /Pages 2 0 R>>",
        b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
        b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources <</Font <</F 5 0 R /T 6 0 R>>>>>>", stream(text),
        b"<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>",
        b"<</Type /Font /Subtype /Type3 /FontBBox [0 -300 1000 1000] "
        b"/FontMatrix [.001 0 0 .001 0 0] /FirstChar 0 /LastChar 255 /Widths "
        b"[%b] /Encoding <</Differences [%b]>> /CharProcs <<%b>> /Resources "
        b"<</Font <</F 5 0 R>>>>>>" % (
            b" ".join(b"%d" % w for w in widths),
            b" ".join(b"%d /%b" % (codes[c], names[c]) for c in kinds),
            b" ".join(b"/%b %d 0 R" % (names[c], 7 + i)
                      for i, c in enumerate(kinds)))] + [
        stream(b"%d 0 d0 BT /F 1000 Tf <%02x> Tj ET" % (width(c), ord(c)))
        for c in kinds])


document("numbered.pdf", lambda i, c: 33 + i, lambda i, c: 1 + i)
document("tex.pdf", lambda i, c: ord(c), lambda i, c: ord(c))

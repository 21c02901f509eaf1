"""declared.py - write PDFs into the working directory that declare something
beside the text of their pages, in the ways that real programs use, and some
that lie."""
import zlib

from hostile import FONT, pdf, stream


class Document:
    """Objects by number: 1 is the catalog, 2 the pages, 3 the font."""

    def __init__(self, pages, box=b"0 0 595 842"):
        self.objects = [b"", b"", FONT]
        self.catalog, self.trailer, self.resources = b"", b"", b""
        self.pages = [self.add(b"") for _ in pages]
        self.more = [b""] * len(pages)
        self.contents = [self.add(stream(text)) for text in pages]
        self.box = box

    def add(self, body):
        self.objects.append(body)
        return len(self.objects)

    def save(self, name):
        for number, content, more in zip(self.pages, self.contents, self.more):
            self.objects[number - 1] = (
                b"<</Type /Page /Parent 2 0 R /MediaBox [%b] /Contents %d 0 R "
                b"/Resources <</Font <</F 3 0 R>> %b>> %b>>"
                % (self.box, content, self.resources, more))
        kids = b" ".join(b"%d 0 R" % n for n in self.pages)
        self.objects[0] = b"<</Type /Catalog /Pages 2 0 R %b>>" % self.catalog
        self.objects[1] = b"<</Type /Pages /Kids [%b] /Count %d>>" % (
            kids, len(self.pages))
        pdf(name, self.objects, self.trailer)


def say(*lines):
    """Lines of text from the top of the page, 40 points apart."""
    return b"BT /F 12 Tf 72 %d Td 40 TL %b ET" % (
        742, b" ".join(b"(%b) Tj T*" % line for line in lines))


def utf16(text):
    return b"<%b>" % (b"\xfe\xff" + text.encode("utf-16-be")).hex().encode()


def outline(d, titles):
    """Bookmarks of (title, entries, titles below); returns the first."""
    numbers = [d.add(b"") for _ in titles]
    for i, (title, entries, below) in enumerate(titles):
        if below:
            entries += b" /First %d 0 R" % outline(d, below)
        if i + 1 < len(titles):
            entries += b" /Next %d 0 R" % numbers[i + 1]
        d.objects[numbers[i] - 1] = b"<</Title %b %b>>" % (title, entries)
    return numbers[0]


def book():
    d = Document([say(b"Page %d of the harbour book." % n) for n in (1, 2, 3)])
    first, second, third = d.pages
    info = d.add(b"<</Title %b /Author (Ren\351e \240 Vos) /Subject () "
                 b"/Producer (a\\tb) /CreationDate (D:20240229134501+01'30') "
                 b"/ModDate (yesterday)>>" % utf16("Hafen \u2693 \U0001f6a2"))
    d.trailer = b"/Info %d 0 R" % info
    names = d.add(b"<</Names [(one) [%d 0 R /Fit] (two) <</D [%d 0 R /XYZ "
                  b"0 0 0]>>]>>" % (first, second))
    top = outline(d, [
        (b"(Array)", b"/Dest [%d 0 R /Fit]" % second, [
            (b"(Name)", b"/Dest /three", []),
            (b"(String)", b"/A <</S /GoTo /D (two)>>", [])]),
        (utf16("K\u00f6nig"), b"/A <</S /URI /URI (https://example.org/k)>>",
         []),
        (b"(Lost)", b"/Dest (nowhere)", []),
        (b"(Other)", b"/A <</S /GoToR /F (other.pdf) /D [0 /Fit]>>", [])])
    d.catalog = (b"/Outlines <</First %d 0 R>> /Names <</Dests <</Kids "
                 b"[%d 0 R]>>>> /Dests <</three [%d 0 R /Fit]>> /PageLabels "
                 b"<</Nums [0 <</S /r /St 4>> 1 <</S /A /P (App. )>> 2 "
                 b"<</P (end)>>]>>" % (top, names, third))
    d.more[0] = (b"/Annots [<</Subtype /Link /Rect [72 700 172 720] /A <</S "
                 b"/URI /URI (https://example.org/a)>>>> <</Subtype /Link "
                 b"/Rect [172 680 72 660] /Dest (two)>> <</Subtype /Link /Rect "
                 b"[0 0 9] /A <</S /Launch /F <</UF (x.txt)>>>>>>]")
    d.more[1] = (b"/Rotate 90 /Annots [<</Subtype /Text /Contents %b /T (Eve) "
                 b"/M (D:20240301) /Rect [10 20 30 40]>> <</Subtype /Popup "
                 b"/Rect [0 0 9 9]>>]" % utf16("Check \u201cthis\u201d\x07"))
    d.save("book.pdf")


def widget(d, entries, box):
    return d.add(b"<</Subtype /Widget /Rect [%b] %b>>" % (box, entries))


def state(d, on, shown):
    look = d.add(stream(b"", b"/Subtype /Form /BBox [0 0 9 9] "))
    return b"/AS /%b /AP <</N <</Off %d 0 R /%b %d 0 R>>>>" % (
        shown, look, on, look)


def form():
    d = Document([say(b"Application", b"Name:", b"Town:")])
    address = d.add(b"<</T (address) /Ff 0>>")
    radio = d.add(b"<</T (pay) /FT /Btn /Ff 32768 /V /1 /Opt [(invoice) "
                  b"(card)]>>")
    fields = [
        widget(d, b"/FT /Tx /T (name) /V (Achterberg) /TU (Family name)",
               b"150 690 350 710"),
        widget(d, b"/FT /Tx /T (town) /Parent %d 0 R /V %b" % (
            address, utf16("Den Haag \u2014 S\u00fcd")), b"150 650 350 670"),
        widget(d, b"/FT /Btn /T (member) " + state(d, b"Yes", b"Yes"),
               b"72 600 86 614"),
        widget(d, b"/FT /Btn /T (news) " + state(d, b"On", b"Off"),
               b"72 580 86 594"),
        widget(d, b"/Parent %d 0 R " % radio + state(d, b"0", b"Off"),
               b"72 560 86 574"),
        widget(d, b"/Parent %d 0 R " % radio + state(d, b"1", b"1"),
               b"92 560 106 574"),
        widget(d, b"/FT /Ch /Ff 131072 /T (plan) /V (Gold)",
               b"72 530 172 550"),
        widget(d, b"/FT /Ch /T (days) /V [(Mon) (Tue)]", b"72 500 172 520"),
        widget(d, b"/FT /Tx /Ff 8192 /T (pin) /V (1234)", b"72 470 172 490"),
        widget(d, b"/FT /Tx /F 2 /T (secret) /V (unseen)", b"72 440 172 460"),
        widget(d, b"/FT /Sig /T (seal) /V <</Name (M. Lopez)>>",
               b"72 400 172 420"),
    ]
    refs = b" ".join(b"%d 0 R" % n for n in fields)
    d.more[0] = b"/Annots [%b]" % refs
    d.catalog = (b"/AcroForm <</NeedAppearances true /Fields [%b] /DA (/F 12 "
                 b"Tf 0 g) /DR <</Font <</F 3 0 R /ZaDb %d 0 R>>>>>>" % (refs, d.add(FONT.replace(b"Helvetica", b"ZapfDingbats"))))
    d.save("form.pdf")


def struck():
    """A word on each line; some are crossed by a line, one is underlined."""
    def word(n, text):
        return b"BT /F 12 Tf 72 %d Td (%b stays) Tj ET " % (800 - 30 * n, text)

    d = Document([
        word(1, b"drawn") + b"72 774 m 104 774 l S " +
        word(2, b"filled") + b"q 1 0 0 1 72 743.5 cm 0 0 29 0.7 re f Q " +
        word(3, b"noted") +
        word(4, b"under") + b"72 678 m 104 678 l S " +
        word(5, b"clipped") + b"72 654 m 110 654 l W n"])
    d.more[0] = (b"/Annots [<</Subtype /StrikeOut /Contents (no) /Rect [72 707 "
                 b"104 722] /QuadPoints [72 722 104 722 72 707 104 707]>>]")
    d.save("struck.pdf")


def attached():
    d = Document([say(b"A letter with a table.")])
    data = d.add(stream(b"1,2\n", b"/Type /EmbeddedFile /Subtype /text#2fcsv "
                        b"/Params <</Size 4 /ModDate (D:2024)>> "))
    file = d.add(b"<</Type /Filespec /F (t.csv) /UF %b /Desc (A table) /EF <</F "
                 b"%d 0 R>>>>" % (utf16("Zahlen \u2211.csv"), data))
    d.catalog = (b"/Names <</EmbeddedFiles <</Names [(t) %d 0 R (bad) null "
                 b"(none) <</F (x)>>]>>>>" % file)
    d.more[0] = (b"/Annots [<</Subtype /FileAttachment /FS %d 0 R /Rect [9 9 29 "
                 b"29]>>]" % file)
    d.save("attached.pdf")


def with_files(name, files, notes=()):
    """Files of (name, bytes, entries), and others that only an annotation
    attaches."""
    d = Document([say(b"A letter with files.")])

    def specification(title, body, entries=b""):
        data = d.add(stream(body, b"/Type /EmbeddedFile " + entries))
        return d.add(b"<</Type /Filespec /UF %b /EF <</F %d 0 R>>>>" % (
            utf16(title), data))

    d.catalog = b"/Names <</EmbeddedFiles <</Names [%b]>>>>" % b" ".join(
        b"(%05d) %d 0 R" % (i, specification(*f)) for i, f in enumerate(files))
    d.more[0] = b"/Annots [%b]" % b" ".join(
        b"<</Subtype /FileAttachment /FS %d 0 R /Rect [9 9 29 29]>>"
        % specification(*f) for f in notes)
    d.save(name)


def letters():
    packed = b"/Filter /FlateDecode "
    with_files("inner.pdf", [("deep.txt", b"Deep words.\n")])
    with open("inner.pdf", "rb") as f:
        inner = zlib.compress(f.read())
    with_files("letter.pdf", [
        ("Zahlen \u2211.csv", b"1,2\n"), ("inner.pdf", inner, packed),
        ("cut.txt", zlib.compress(b"What is lost. " * 99)[:20], packed)],
        [("note\n.txt", b"A note.\n")])
    with_files("many.pdf", [("%d" % n, b"File %d\n" % n) for n in range(103)])


def tagged(name, marks, kids, more=b""):
    """A page whose lines have these marks, and a structure of (role, number
    of the mark) elements."""
    d = Document([b"".join(
        b"%b BT /F 11 Tf 72 %d Td (%b) Tj ET EMC " % (mark, 760 - 14 * i, text)
        for i, (mark, text) in enumerate(marks))])
    tree = d.add(b"")
    elements = [d.add(b"<</Type /StructElem /S /%b /P %d 0 R /Pg %d 0 R /K %b>>"
                      % (role, tree, d.pages[0], kid)) for role, kid in kids]
    d.objects[tree - 1] = b"<</Type /StructTreeRoot /K [%b] %b>>" % (
        b" ".join(b"%d 0 R" % n for n in elements), more)
    d.catalog = b"/MarkInfo <</Marked true>> /StructTreeRoot %d 0 R" % tree
    d.save(name)


BOATS = [(b"Care of the boats", b"Title1"), (b"Every boat is cleaned", b"P"),
         (b"in spring by its crew.", b"P"), (b"Painting", b"H2"),
         (b"Paint dries for two days.", b"P")]


def structures():
    marks = [(b"/X <</MCID %d>> BDC" % i, text)
             for i, (text, _) in enumerate(BOATS)]
    kids = [(role, b"[<</Type /MCR /MCID %d>>]" % i)
            for i, (_, role) in enumerate(BOATS)]
    more = b"/RoleMap <</Title1 /H1>>"
    tagged("tagged.pdf", marks + [(b"/Artifact BMC", b"SPECIMEN")],
           kids + [(b"Figure", b"99 /Alt (A red \215boat\216)")], more)
    # Only a part is tagged; all is an artifact; an element contains itself.
    tagged("partly.pdf", marks[:1] + [(b"/X BMC", t) for _, t in marks[1:]],
           kids[:1], more)
    tagged("artifacts.pdf", [(b"/Artifact BMC", t) for _, t in marks], kids,
           more)
    tagged("looped.pdf", marks, [(b"H1", b"[%d 0 R 0]" % n)
                                 for n in range(7, 12)])


def mazes():
    """Trees and lists that never end."""
    d = Document([say(b"A maze.")])
    a, b, node, field = (d.add(b"") for _ in range(4))
    d.objects[a - 1] = (b"<</Title (a) /First %d 0 R /Next %d 0 R>>" % (b, a))
    d.objects[b - 1] = (b"<</Title (b) /First %d 0 R /Next %d 0 R /Dest (x)>>"
                        % (a, b))
    d.objects[node - 1] = b"<</Kids [%d 0 R %d 0 R]>>" % (node, node)
    d.objects[field - 1] = (b"<</Subtype /Widget /T (f) /Parent %d 0 R /Rect "
                            b"[0 0 1e30 9]>>" % field)
    d.catalog = (b"/Outlines <</First %d 0 R>> /Names <</Dests %d 0 R "
                 b"/EmbeddedFiles %d 0 R>> /PageLabels %d 0 R /AcroForm "
                 b"<</Fields [%d 0 R]>>" % (a, node, node, node, field))
    d.more[0] = b"/Annots [%d 0 R %d 0 R 7 null [%d 0 R]]" % (
        field, node, field)
    d.save("maze.pdf")


if __name__ == "__main__":
    book()
    form()
    struck()
    attached()
    letters()
    structures()
    mazes()

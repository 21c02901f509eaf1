"""tagged.py - write PDFs into the working directory whose structure says more
than their pages show, or lies."""
from declared import Document
from hostile import stream

# The rows of a table without lines: a cell is its lines and what it covers, an
# empty one is left out of the structure, as browsers do.
BERTHS = [
    [("TH", ["Boat"], b"/RowSpan 2"), ("TH", ["Fee"], b"/ColSpan 2"),
     ("TH", ["Remark"], b"/RowSpan 2")],
    [("TH", ["Spring"], b""), ("TH", ["Autumn"], b"")],
    [("TD", ["Albatros"], b""), ("TD", ["120"], b""), ("TD", ["95"], b""),
     ("TD", ["Its mast is new", "and of spruce"], b"")],
    [("TD", ["Bora"], b"/RowSpan 2"), ("TD", ["80"], b""), None,
     ("TD", ["none"], b"")],
    [("TD", ["not paid yet"], b"/ColSpan 2"), ("TD", ["ask them"], b"")],
    [("TD", ["Calypso"], b""), ("TD", ["77"], b""), ("TD", ["60"], b""),
     ("TD", ["sold in May"], b"")],
]
COLUMNS = [72, 150, 200, 250]


def draw(x, y, mark, text):
    return b"%b BT /F 11 Tf %d %d Td (%b) Tj ET EMC " % (
        mark, x, y, text.encode())


def element(d, parent, role, kids, attributes=b""):
    """Add an element; kids are numbers of marks, or functions that add an
    element below the given one."""
    number = d.add(b"")
    inner = b" ".join(kid(number) if callable(kid) else b"%d" % kid
                      for kid in kids)
    more = (b"/A [<</O /Layout>> 0 <</O /Table %b>>]" % attributes
            if attributes else b"")
    d.objects[number - 1] = b"<</S /%b /P %d 0 R /Pg %d 0 R /K [%b] %b>>" % (
        role.encode(), parent, d.pages[0], inner, more)
    return b"%d 0 R" % number


def of(d, role, kids, attributes=b""):
    return lambda parent: element(d, parent, role, kids, attributes)


def save(d, name, kids, resources=b"", more=b""):
    tree = d.add(b"")
    d.objects[tree - 1] = b"<</Type /StructTreeRoot /K [%b] %b>>" % (
        b" ".join(kid(tree) for kid in kids), more)
    d.catalog = b"/MarkInfo <</Marked true>> /StructTreeRoot %d 0 R" % tree
    d.resources = resources
    d.save(name)


def place(rows):
    """The cells of rows: (row, column, cell) with tagged places, as long as
    cells of the rows above reach down into them."""
    taken, all_cells = set(), []
    for y, row in enumerate(rows):
        x = 0
        for cell in row:
            while (y, x) in taken:
                x += 1
            span = [1, 1]
            if cell:
                for i, key in enumerate((b"/RowSpan ", b"/ColSpan ")):
                    if key in cell[2]:
                        span[i] = int(cell[2].split(key)[1].split()[0])
                all_cells.append((y, x, cell))
            taken |= {(y + i, x + j) for i in range(span[0])
                      for j in range(span[1])}
            x += span[1]
    return all_cells


def berths(name, tags=lambda n: n):
    """A table; its marks are named in the resources, and its last row is a
    form.  tags: changes which cell has the tag of which."""
    d, content, form, lists, cells = Document([b""]), b"", b"", b"", {}
    stream_of, number = {}, 0
    placed = place(BERTHS)
    last = len(BERTHS) - 1
    for i, (y, x, cell) in enumerate(placed):
        for k, line in enumerate(cell[1]):
            at = (COLUMNS[x], 700 - 30 * y - 13 * k)
            if y == last:
                form += draw(at[0], at[1] - 400, b"/Span <</MCID %d>> BDC"
                             % number, line)
            else:
                content += draw(*at, b"/P /M%d BDC" % number, line)
                lists += b"/M%d <</MCID %d>> " % (number, number)
            cells.setdefault(i, []).append(number)
            stream_of[number] = y == last
            number += 1
    content += draw(72, 740, b"/P <</MCID 90>> BDC", "Berths of the harbour")
    box = d.add(stream(form, b"/Type /XObject /Subtype /Form /BBox [0 0 900 "
                       b"900] /Matrix [1 0 0 1 0 300] /Resources <</Font <</F "
                       b"3 0 R>>>> /StructParents 1 "))
    d.objects[d.contents[0] - 1] = stream(
        content + b"q 1 0 0 1 0 100 cm /X Do Q")

    def mark(n):
        if not stream_of[n]:
            return n
        number = d.add(b"<</Type /MCR /Stm %d 0 R /MCID %d>>" % (box, n))
        return lambda parent: b"%d 0 R" % number

    rows = []
    for y in range(len(BERTHS)):
        kids = [of(d, cell[0], [mark(n) for n in cells[tags(i)]], cell[2])
                for i, (row, x, cell) in enumerate(placed) if row == y]
        rows.append(of(d, "TR", kids))
    table = of(d, "Grid", [of(d, "THead", rows[:2]), of(d, "TBody", rows[2:])])
    save(d, name, [of(d, "H1", [90]), table],
         b"/Properties <<%b>> /XObject <</X %d 0 R>>" % (lists, box),
         b"/RoleMap <</Grid /Table>>")


def ordered(name, places, order):
    """Paragraphs of two lines at these places, and their order in the
    structure."""
    words = ["alder", "birch", "cedar", "elder", "hazel", "maple"]
    d = Document([b"".join(
        draw(x, y - 14 * k, b"/P <</MCID %d>> BDC" % (2 * i + k),
             "The %s %s in the old garden." % (words[i], verb))
        for i, (x, y) in enumerate(places)
        for k, verb in enumerate(("grows", "sways")))])
    save(d, name, [of(d, "P", [2 * i, 2 * i + 1]) for i in order])


def items(name):
    """A list whose bullets are drawn, with a list in it."""
    lines = ["Clean the deck before the", "season begins.", "Pay in time.",
             "by bank", "in cash", "Light no fires."]
    d = Document([b"".join(
        draw(120 if i in (3, 4) else 90, 700 - 14 * i,
             b"/Span <</MCID %d>> BDC" % i, line)
        for i, line in enumerate(lines))])

    def item(*kids):
        return of(d, "LI", [of(d, "LBody", list(kids))])

    inner = of(d, "L", [item(3), item(4)])
    save(d, name, [of(d, "L", [item(0, 1), item(2, inner), item(5)])])


XMP = """<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF>
<rdf:Description rdf:about="" pdf:Producer='A &amp; B'
 xmp:CreateDate="2024-02-29T13:45:01Z"><dc:titles>no</dc:titles>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Hafen
 &#x2693; &lt;1&gt; &b;</rdf:li><rdf:li xml:lang="en">Harbour</rdf:li></rdf:Alt>
</dc:title><dc:creator><rdf:Seq><rdf:li>Renée Vos</rdf:li><rdf:li>A.
 <b>Lopez</b></rdf:li></rdf:Seq></dc:creator><pdf:Keywords/><xmp:CreatorTool>
 no</xmp:CreatorTool></rdf:Description></rdf:RDF></x:xmpmeta>"""


def xmp(name, text):
    """Metadata, of which the document information has only one."""
    d = Document([b"BT /F 11 Tf 72 700 Td (A text.) Tj ET"])
    d.trailer = b"/Info %d 0 R" % d.add(b"<</Creator (Writer)>>")
    d.catalog = b"/Metadata %d 0 R" % d.add(
        stream(text, b"/Type /Metadata /Subtype /XML "))
    d.save(name)


if __name__ == "__main__":
    xmp("xmp.pdf", XMP.encode())
    xmp("cut.pdf", XMP.encode()[:360])
    berths("berths.pdf")
    # Neighbours have each other's tags.
    berths("swapped.pdf", lambda n: n ^ 1)
    # Each cell has the tag of the one that is as far from the end.
    berths("reversed.pdf", lambda n: len(place(BERTHS)) - 1 - n)
    square = [(72, 700), (330, 700), (72, 600), (330, 600)]
    ordered("rows.pdf", square, [0, 1, 2, 3])
    column = [(72, 700 - 100 * i) for i in range(6)]
    ordered("shuffled.pdf", column, [3, 0, 5, 1, 4, 2])
    items("items.pdf")

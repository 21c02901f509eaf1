"""make.py DIR COUNT SEED [DPI] - draw COUNT documents into DIR: N-KIND.pdf, and
N-KIND.json with what is on each page in reading order.  With DPI they are
scans.  The same seed gives the same bytes."""
import json
import os
import random
import sys

from draw import (HEIGHT, WIDTH, Frame, Page, break_lines, save, scan, width)

LEFT, RIGHT, TOP, BOTTOM = 62, WIDTH - 62, 78, HEIGHT - 74
WORDS = """the of and to in is that for with on as by from this which are at be
harbour lantern kettle copper brass parcel vessel warehouse letter winter river
bridge market engine valve pressure measure signal record station method result
window garden silver paper winding narrow steady early later often several under
between during without about against every other small large heavy modern simple
number figure amount annual office council report member section supply transport
carries arrives leaves explains describes requires provides contains shows remains
visitor captain engineer merchant clerk keeper evening morning water timber cargo
distance weather current surface material structure service quality""".split()
PLACES = "Bergen Cadiz Danzig Esbjerg Galway Hull Kiel Lisbon Malmo Oslo".split()
PEOPLE = "Anna Carl Eva Ruth Hugo Ida Karl Lena Nils Olga".split()


class Style:
    """How one document looks."""

    def __init__(self, r):
        self.r = r
        self.family = r.choice("TTH")
        self.size = r.choice([9, 9.5, 10, 10.5, 11, 12])
        self.lead = self.size * r.choice([1.15, 1.2, 1.25, 1.35, 1.45])
        self.indent = r.choice([0, 0, 1.2, 1.6]) * self.size
        self.space = 0 if self.indent else self.lead * r.choice([0.4, 0.6, 1])
        self.justify = r.random() < 0.6
        self.heading = r.choice(["large", "large", "numbered", "bold",
                                 "bold-numbered", "capitals"])
        self.sections = [0, 0, 0]

    def font(self, weight="R"):
        return self.family + weight


def sentence(r, least=6, most=18):
    words = [r.choice(WORDS) for _ in range(r.randint(least, most))]
    words[0] = words[0].capitalize()
    if len(words) > 9 and r.random() < 0.5:
        words[len(words) // 2] += ","
    if r.random() < 0.15:
        words[-2] = r.choice(PLACES)
    words[-1] += "."
    return words


def prose(r, sentences):
    return [w for _ in range(sentences) for w in sentence(r)]


def title(r, least=2, most=5):
    words = [r.choice(WORDS[20:]) for _ in range(r.randint(least, most))]
    return [words[0].capitalize()] + words[1:]


# ---- text that flows through columns

class Flow:
    def __init__(self, style, columns=1, gutter=24.0, top=TOP):
        self.s, self.r = style, style.r
        self.columns, self.gutter = columns, gutter
        self.pages, self.frames = [], []
        self.first_top = top
        self.new_page(top)

    def new_page(self, top=TOP):
        self.page = Page()
        self.pages.append(self.page)
        each = (RIGHT - LEFT - self.gutter * (self.columns - 1)) / self.columns
        self.frames = [
            Frame(self.page, LEFT + i * (each + self.gutter), top,
                  LEFT + i * (each + self.gutter) + each, BOTTOM)
            for i in range(self.columns)]
        self.fresh = True

    @property
    def frame(self):
        return self.frames[0]

    def need(self, height):
        """Go on in the next column if this one has no room left."""
        if self.frame.room() >= height:
            return
        self.frames.pop(0)
        if not self.frames:
            self.new_page()
        self.fresh = True

    def skip(self, height):
        if not self.fresh:
            self.frame.y += height

    def line(self, x, words, font, size, lead, measure=0):
        """measure: justify the line to it."""
        text, spread = " ".join(words), 0.0
        if measure and len(words) > 1:
            spread = (measure - width(text, font, size)) / (len(words) - 1)
        self.frame.y += lead
        self.page.text(x, self.frame.y - 0.25 * lead, text, font, size, spread)
        self.fresh = False

    def paragraph(self, words, kind="text", mark="", shift=0.0, size=0.0):
        s = self.s
        size = size or s.size
        lead = s.lead * size / s.size
        indent = 0 if mark or kind != "text" else s.indent
        font = s.font()
        lines = break_lines(words, font, size, self.frame.width - shift, indent)
        part = []
        for i, line in enumerate(lines):
            # Neither the first nor the last line stands alone.
            page = self.page
            self.need(lead * (2 if i == 0 and len(lines) > 1 or
                              i == len(lines) - 2 else 1))
            if self.fresh and part:
                page.block(kind, " ".join(part))
                part = []
            x = self.frame.x + shift + (indent if i == 0 else 0)
            if mark and i == 0:
                self.page.text(self.frame.x + shift - 1.3 * size, self.frame.y +
                               0.75 * lead, mark, font, size)
                part = [mark]
            room = self.frame.width - shift - (indent if i == 0 else 0)
            self.line(x, line, font, size, lead,
                      room if s.justify and i < len(lines) - 1 else 0)
            part += line
        self.done(kind, part)

    def done(self, kind, words):
        self.page.block(kind, " ".join(words))

    def body(self, sentences=0):
        self.paragraph(prose(self.r, sentences or self.r.randint(2, 6)))
        self.skip(self.s.space)

    def heading(self, level, words):
        s, mode = self.s, self.s.heading
        size = s.size * {1: 1.5, 2: 1.25, 3: 1.0}[level]
        if mode in ("bold", "bold-numbered", "capitals"):
            size = s.size
        if mode == "capitals" and level == 1:
            words = [w.upper() for w in words]
        s.sections[level - 1] += 1
        s.sections[level:] = [0] * (3 - level)
        if "numbered" in mode:
            number = ".".join(map(str, s.sections[:level]))
            words = [number + ("." if mode == "numbered" else "")] + words
        self.need(6 * s.lead)
        self.skip(s.lead * (0.9 if level == 1 else 0.7))
        for line in break_lines(words, s.font("B"), size, self.frame.width):
            self.line(self.frame.x, line, s.font("B"), size, 1.2 * size)
        self.page.block("heading", " ".join(words), level=level)
        self.frame.y += s.lead * 0.3

    def items(self, count, numbered):
        self.skip(self.s.lead * 0.3 if not self.s.space else 0)
        for i in range(count):
            mark = "%d." % (i + 1) if numbered else "•"
            self.paragraph(sentence(self.r, 3, 22), "list", mark,
                           1.6 * self.s.size)
        self.frame.y += max(self.s.space, self.s.lead * 0.4)

    def code(self, lines):
        size = self.s.size * 0.9
        self.need(lines * self.s.lead + self.s.lead)
        self.skip(self.s.lead * 0.5)
        said = []
        for i in range(lines):
            step = "    " * (0 if i in (0, lines - 1) else self.r.randint(1, 2))
            text = self.r.choice([
                "if (%s > %d) {", "while (%s != %d)", "%s = read(%d);",
                "return %s + %d;"]) % (self.r.choice(WORDS[20:]),
                                       self.r.randint(0, 99))
            self.frame.y += self.s.lead
            self.page.text(self.frame.x + 18, self.frame.y - 0.25 * self.s.lead,
                           step + text, "CR", size)
            said.append(text)
        self.page.block("code", " ".join(said))
        self.skip(self.s.lead * 0.6)

    def table(self, table):
        size = self.s.size * table.scale
        height = table.height(size)
        self.need(height + 2 * self.s.lead)
        self.skip(self.s.lead * 0.7)
        table.draw(self.page, self.frame, size)
        self.frame.y += self.s.lead * 1.1
        self.fresh = False

    def note(self, mark, words):
        """A footnote on this page, above those that are there."""
        size = self.s.size * 0.8
        lines = break_lines([mark] + words, self.s.font(), size, RIGHT - LEFT)
        y = BOTTOM - sum(n[1] for n in self.page.notes)
        height = len(lines) * size * 1.2
        self.frame.bottom = min(self.frame.bottom, y - height - self.s.lead)
        self.page.notes.append((lines, height, size))


def put_notes(flow):
    for page in flow.pages:
        if not page.notes:
            continue
        y = BOTTOM - sum(n[1] for n in page.notes)
        page.rule(LEFT, y - 4, LEFT + 120, y - 4)
        for lines, _, size in page.notes:
            for line in lines:
                y += size * 1.2
                page.text(LEFT, y - 0.25 * size, " ".join(line),
                          flow.s.font(), size)
            page.block("note", " ".join(w for line in lines for w in line))


def put_margins(flow, name):
    """Headers and footers, on documents of several pages."""
    r, s = flow.r, flow.s
    head = r.random() < 0.7
    form = r.choice(["%d", "Page %d", "- %d -", "Page %d of " +
                     str(len(flow.pages)), ""])
    where = r.choice(["centre", "outer"])
    for number, page in enumerate(flow.pages, 1):
        size = s.size * 0.85
        if head and len(flow.pages) > 1:
            page.text(LEFT, 44, name, s.font("I"), size)
            page.text(RIGHT - width("Harbour office", s.font("I"), size), 44,
                      "Harbour office", s.font("I"), size)
            if r.random() < 0.5:
                page.rule(LEFT, 49, RIGHT, 49)
        if form:
            text = form % number
            wide = width(text, s.font(), size)
            x = (WIDTH - wide) / 2 if where == "centre" else \
                RIGHT - wide if number % 2 else LEFT
            page.text(x, HEIGHT - 40, text, s.font(), size)


# ---- tables

class Table:
    """rows: lists of cells, of which each is a list of words; a cell of None
    belongs to the one at its left."""

    def __init__(self, style, rows, align, rules, wide=0):
        self.s, self.rows, self.align, self.rules = style, rows, align, rules
        self.wide = wide  # column that wraps, or 0
        self.scale = style.r.choice([1, 1, 0.9])
        self.pad = style.r.choice([3, 4, 6])
        self.gap = style.r.choice([12, 16, 24, 36])
        self.bold = style.r.random() < 0.6
        self.leading = style.r.choice([1.2, 1.3, 1.6])

    def font(self, row):
        return self.s.font("B" if row == 0 and self.bold else "R")

    def widths(self, size, most=1000.0):
        out = []
        for column in range(len(self.align)):
            out.append(max([20] + [
                width(" ".join(row[column]), self.font(i), size)
                for i, row in enumerate(self.rows)
                if row[column] and not self.spans(row, column)]))
        if self.wide:
            out[self.wide] = min(out[self.wide], most)
        return out

    def spans(self, row, column):
        return column + 1 < len(row) and row[column + 1] is None

    def lines(self, size):
        """The cells of each row, as lines."""
        widths = self.widths(size, 110)
        return [[None if cell is None else
                 break_lines(cell, self.font(i), size,
                             widths[c] + 1 if c == self.wide and self.wide and
                             not self.spans(row, c) else 9999)
                 if cell else [] for c, cell in enumerate(row)]
                for i, row in enumerate(self.rows)]

    def row_heights(self, size):
        ruled = self.rules == "grid"
        return [max(len(c) for c in row if c is not None) * size * 1.15 +
                (2 * self.pad - size * 0.15 if ruled else
                 size * (self.leading - 1.15) + 1.5)
                for row in self.lines(size)]

    def height(self, size):
        return sum(self.row_heights(size))

    def between(self):
        return 2 * self.pad if self.rules == "grid" else self.gap

    def fits(self, room):
        widths = self.widths(self.s.size * self.scale, 110)
        return sum(widths) + self.between() * len(widths) <= room

    def draw(self, page, frame, size):
        widths, lines = self.widths(size, 110), self.lines(size)
        between = self.between()
        all_wide = sum(widths) + between * (len(widths) - 1)
        if all_wide > frame.width:
            between = max(7, between - (all_wide - frame.width) /
                          max(1, len(widths) - 1))
            all_wide = sum(widths) + between * (len(widths) - 1)
        x = frame.x + self.s.r.choice([0.0, (frame.width - all_wide) / 2])
        left = [x + sum(widths[:i]) + between * i for i in range(len(widths))]
        edges = [l - between / 2 for l in left] + [
            left[-1] + widths[-1] + between / 2]
        y, top = frame.y, frame.y
        for i, (row, height) in enumerate(zip(lines, self.row_heights(size))):
            pad = self.pad if self.rules == "grid" else size * (
                self.leading - 1.15) / 2 + 1.5
            for c, cell in enumerate(row):
                if cell is None:
                    continue
                end = c + 1
                while end < len(row) and row[end] is None:
                    end += 1
                room = left[end - 1] + widths[end - 1] - left[c]
                align = "c" if end > c + 1 else self.align[c]
                for n, line in enumerate(cell):
                    text = " ".join(line)
                    free = room - width(text, self.font(i), size)
                    shift = {"l": 0, "r": free, "c": free / 2}[align]
                    page.text(left[c] + shift, y + pad + size * (0.8 + n * 1.15),
                              text, self.font(i), size)
                if self.rules == "grid":
                    page.rule(edges[c], y, edges[c], y + height)
            if self.rules == "grid":
                page.rule(edges[0], y, edges[-1], y)
                page.rule(edges[-1], y, edges[-1], y + height)
            y += height
            if self.rules == "head" and i == self.head_rows() - 1:
                page.rule(edges[0], y, edges[-1], y)
        if self.rules == "grid":
            page.rule(edges[0], y, edges[-1], y)
        if self.rules == "head":
            page.rule(edges[0], top, edges[-1], top, 1)
            page.rule(edges[0], y + 2, edges[-1], y + 2, 1)
        frame.y = y
        page.block("table", " ".join(" ".join(c) for row in self.rows
                                     for c in row if c),
                   cells=self.truth())

    def head_rows(self):
        return 2 if None in self.rows[0] else 1

    def truth(self):
        return [{"row": i, "column": c, "text": " ".join(cell)}
                for i, row in enumerate(self.rows)
                for c, cell in enumerate(row) if cell]


def make_table(style, rules, columns=0, rows=0, wrap=None, span=None):
    r = style.r
    columns = columns or r.randint(2, 6)
    kinds = ["name"] + [r.choice(["number", "number", "money", "word", "date"])
                        for _ in range(columns - 1)]
    wide = 0
    if (r.random() < 0.3 if wrap is None else wrap) and columns > 2:
        wide = r.randint(1, columns - 1)
        kinds[wide] = "phrase"
    head = [title(r, 1, 2 if k != "phrase" else 1) for k in kinds]
    body = []
    for _ in range(rows or r.randint(3, 11)):
        row = [cell(r, k) for k in kinds]
        if r.random() < 0.15 and columns > 2:
            row[r.randint(1, columns - 1)] = []
        body.append(row)
    all_rows = [head] + body
    if (r.random() < 0.2 if span is None else span) and columns > 3:
        at = r.randint(1, columns - 2)
        top = [[] for _ in kinds]
        top[at], top[at + 1] = title(r, 1, 1), None
        all_rows.insert(0, top)
    align = ["l" if k in ("name", "phrase") else
             "r" if k in ("number", "money") else r.choice("lc")
             for k in kinds]
    return Table(style, all_rows, align, rules, wide)


def cell(r, kind):
    if kind == "number":
        return [str(r.randint(0, 2000))]
    if kind == "money":
        return ["%d.%02d" % (r.randint(1, 900), r.randint(0, 99))]
    if kind == "date":
        return ["%02d/%02d/20%02d" % (r.randint(1, 28), r.randint(1, 12),
                                      r.randint(10, 30))]
    if kind == "word":
        return [r.choice(PLACES)]
    if kind == "phrase":
        return title(r, 4, 12)
    return title(r, 1, 3)


# ---- documents

def heading_page(flow, level=1):
    """A title over all columns."""
    s = flow.s
    words = title(flow.r, 3, 7)
    size = s.size * 1.9
    y = TOP
    for line in break_lines(words, s.font("B"), size, RIGHT - LEFT - 60):
        text = " ".join(line)
        y += size * 1.2
        flow.page.text((WIDTH - width(text, s.font("B"), size)) / 2, y,
                       text, s.font("B"), size)
    flow.page.block("heading", " ".join(words), level=0)
    y += s.lead * 1.5
    for frame in flow.frames:
        frame.y = y
    return " ".join(words)


def columns(r, style, count):
    style.size = min(style.size, 10)
    style.lead = style.size * 1.2
    flow = Flow(style, count, r.choice([10.0, 14.0, 18.0, 24.0, 30.0]))
    name = heading_page(flow)
    pages, level = r.choice([1, 2]), 1
    while True:
        flow.heading(level, title(r))
        level = r.choice([1, 2])
        for _ in range(r.randint(1, 3)):
            flow.body()
        if r.random() < 0.2:
            flow.items(r.randint(2, 4), r.random() < 0.5)
        if r.random() < 0.25:
            table = make_table(style, r.choice(["head", "grid", "none"]),
                               r.randint(2, 3), r.randint(3, 6), False, False)
            if table.fits(flow.frame.width):
                flow.table(table)
                flow.body()
        if len(flow.pages) > pages or (len(flow.pages) == pages and
                                       len(flow.frames) == 1 and
                                       flow.frame.room() < 150):
            break
    return flow, name


def two(r, style):
    return columns(r, style, 2)


def three(r, style):
    return columns(r, style, 3)


def report(r, style):
    flow = Flow(style)
    name = heading_page(flow)
    for _ in range(r.randint(2, 4)):
        flow.heading(1, title(r))
        flow.body()
        for _ in range(r.randint(1, 2)):
            flow.heading(2, title(r))
            flow.body()
            what = r.random()
            if what < 0.3:
                flow.items(r.randint(2, 5), r.random() < 0.5)
            elif what < 0.5:
                flow.table(make_table(style, r.choice(["head", "grid", "none"])))
            elif what < 0.65:
                flow.code(r.randint(3, 7))
            if r.random() < 0.3:
                flow.heading(3, title(r))
            flow.body()
    return flow, name


def tables(r, style, rules):
    flow = Flow(style)
    flow.heading(1, title(r))
    flow.body()
    for _ in range(r.randint(1, 3)):
        flow.table(make_table(style, rules))
        flow.body()
        if r.random() < 0.4:
            flow.heading(2, title(r))
            flow.body()
    return flow, "Tables"


def ruled(r, style):
    return tables(r, style, "grid")


def unruled(r, style):
    return tables(r, style, r.choice(["none", "head"]))


def invoice(r, style):
    style.indent, style.space = 0, style.lead * 0.5
    flow = Flow(style, top=60)
    page, f, size, lead = flow.page, flow.frame, style.size, style.lead
    name = r.choice(PLACES) + " Trading Company"
    page.text(LEFT, 60, name, style.font("B"), size * 1.4)
    page.block("name", name)
    number = "Invoice No. %d" % r.randint(1000, 9999)
    page.text(RIGHT - width(number, style.font("B"), size), 60, number,
              style.font("B"), size)
    page.block("text", number)
    f.y = 96
    for line in ([r.choice(PEOPLE), "Brenner"],
                 [str(r.randint(1, 99)), "Harbour", "Street"],
                 [str(r.randint(10000, 99999)), r.choice(PLACES)]):
        flow.line(LEFT, line, style.font(), size, lead)
        flow.done("text", line)
    f.y += lead
    flow.body(2)
    rows = [[["Article"], ["Quantity"], ["Price"], ["Total"]]]
    for _ in range(r.randint(3, 9)):
        rows.append([title(r, 1, 3), cell(r, "number"), cell(r, "money"),
                     cell(r, "money")])
    for what in ("Subtotal", "VAT", "Total"):
        rows.append([[], [], [what], cell(r, "money")])
    table = Table(style, rows, "lrrr", r.choice(["head", "grid", "none"]))
    table.gap, table.scale = r.choice([24, 36, 50]), 1
    flow.table(table)
    flow.body(2)
    return flow, "Invoice"


def form(r, style):
    style.indent, style.space = 0, style.lead * 0.5
    flow = Flow(style)
    heading_page(flow)
    for _ in range(r.randint(2, 3)):
        flow.heading(1, title(r))
        flow.body(2)
        at = r.choice([120, 150, 180])
        for _ in range(r.randint(3, 6)):
            label = title(r, 1, 2)
            label[-1] += ":"
            value = r.choice([[r.choice(PEOPLE), "Brenner"], cell(r, "date"),
                              [r.choice(PLACES)], cell(r, "number")])
            f = flow.frame
            flow.line(f.x, label, style.font(), style.size, style.lead * 1.5)
            y = f.y - 0.375 * style.lead
            flow.page.text(f.x + at, y, " ".join(value), style.font(),
                           style.size)
            flow.page.rule(f.x + at - 4, y + 3, f.x + at + 180, y + 3)
            flow.done("field", label + value)
        f.y += style.lead
    return flow, "Form"


def book(r, style):
    """Contents, and chapters with footnotes."""
    flow = Flow(style)
    flow.heading(1, ["Contents"])
    style.sections = [0, 0, 0]
    number, page = 0, 1
    for _ in range(r.randint(8, 18)):
        number += 1
        shift = r.choice([0, 0, 16])
        words = (["%d" % number] if r.random() < 0.7 else []) + title(r)
        page += r.randint(1, 9)
        text, end = " ".join(words), str(page)
        f = flow.frame
        f.y += style.lead
        y = f.y - 0.25 * style.lead
        font, size = style.font(), style.size
        at = RIGHT - width(end, font, size)
        dots = int((at - f.x - shift - width(text, font, size) - 10) /
                   width(".", font, size))
        flow.page.text(f.x + shift, y, text + " " + "." * dots, font, size)
        flow.page.text(at, y, end, font, size)
        flow.done("contents", [text, end])
    flow.fresh = False
    flow.new_page()
    count = 0
    for _ in range(r.randint(2, 4)):
        flow.heading(1, title(r))
        for _ in range(r.randint(1, 3)):
            words = prose(r, r.randint(3, 6))
            if r.random() < 0.6 and flow.frame.room() > 160:
                count += 1
                words[-1] += "[%d]" % count
                flow.note(str(count), sentence(r))
            flow.paragraph(words)
            flow.skip(style.space)
    return flow, "Book"


KINDS = [two, three, report, invoice, ruled, unruled, form, book]


def main():
    folder, count, seed = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    os.makedirs(folder, exist_ok=True)
    for i in range(count):
        kind = KINDS[i % len(KINDS)]
        r = random.Random("%s %d" % (seed, i))
        flow, name = kind(r, Style(r))
        put_notes(flow)
        put_margins(flow, name)
        stem = "%s/%03d-%s" % (folder, i, kind.__name__)
        save(stem + ".pdf", flow.pages)
        if len(sys.argv) > 4:
            scan(stem + ".pdf", stem + ".pdf", int(sys.argv[4]))
        with open(stem + ".json", "w", encoding="utf-8") as f:
            json.dump([page.blocks for page in flow.pages], f)


main()

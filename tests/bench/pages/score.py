"""score.py DIR - compare DIR/*.out, which pc-ocr -f layout printed, with DIR/*.json,
which make.py wrote; print a row of figures for each kind of document and one for
all of them, separated by tabs:

  kind, documents
  order     what the reader's text and the true one have in common, in order:
            2 * LCS / (length + length) of the characters, per page (NID)
  headings  F1 of headings with the same text
  levels    pairs of a document's headings, found and of different true levels,
            whose levels are in the same order
  tables    part of the tables for which there is a table on the page whose
            words are the same but for a tenth
  false     tables that are none, for each hundred pages
  cells     F1 of cells with the same text in the same row and column; a row
            that is missing or too many does not move the rows below it
"""
import collections
import glob
import json
import os
import re
import sys


def plain(text):
    """Dots that lead to a page number are not text."""
    return " ".join(re.sub(r"\.{4,}|(\. ){4,}", " ", text).split())


def common(a, b):
    """The length of the longest common subsequence, 64 and more at a time."""
    places = collections.defaultdict(int)
    for i, c in enumerate(a):
        places[c] |= 1 << i
    every = (1 << len(a)) - 1
    row = every
    for c in b:
        same = row & places[c]
        row = (row + same | row - same) & every
    return len(a) - bin(row).count("1")


def alike(a, b):
    return 2 * common(a, b) / (len(a) + len(b)) if a or b else 1.0


def f1(same, found, true):
    return 2 * same / (found + true) if found + true else 1.0


# ---- tables

def words_alike(a, b):
    a, b = collections.Counter(a.split()), collections.Counter(b.split())
    return f1(sum((a & b).values()), sum(a.values()), sum(b.values()))


def rows_of(cells):
    rows = collections.defaultdict(set)
    for cell in cells:
        if cell["text"]:
            rows[cell["row"]].add((cell["column"], plain(cell["text"])))
    return [rows[i] for i in sorted(rows)]


def same_cells(found, true):
    """The most cells that agree when rows are put beside each other."""
    last = [0] * (len(true) + 1)
    for row in found:
        now = [0]
        for i, other in enumerate(true):
            now.append(max(now[i], last[i + 1], last[i] + len(row & other)))
        last = now
    return last[-1]


class Score:
    def __init__(self):
        self.documents = self.pages = self.false = 0
        self.orders = []
        self.heads = [0, 0, 0]
        self.levels = [0, 0]
        self.tables = [0, 0]
        self.cells = [0, 0, 0]

    def add_order(self, blocks, truth):
        found = [b["text"] for b in blocks
                 if b["type"] not in ("header", "footer")]
        self.orders.append(alike(plain(" ".join(found)), plain(
            " ".join(b["text"] for b in truth))))

    def add_headings(self, pages, truth):
        true = collections.defaultdict(list)
        names = [b["text"] for page in truth for b in page
                 if b["type"] == "name"]  # of a company: either is right
        for number, page in enumerate(truth):
            for block in page:
                if block["type"] == "heading":
                    true[number, plain(block["text"])].append(block["level"])
                    self.heads[2] += 1
        pairs = []
        for number, page in enumerate(pages):
            for block in page["blocks"]:
                if block["type"] != "heading" or block["text"] in names:
                    continue
                self.heads[1] += 1
                levels = true[number, plain(block["text"])]
                if levels:
                    self.heads[0] += 1
                    pairs.append((levels.pop(), block["level"]))
        for i, (true_a, a) in enumerate(pairs):
            for true_b, b in pairs[:i]:
                if true_a != true_b:
                    self.levels[1] += 1
                    self.levels[0] += (true_a > true_b) == (a > b) and a != b

    def add_tables(self, blocks, truth):
        found = [b for b in blocks if b["type"] == "table"]
        # Whether labels and their values are a table is a matter of taste.
        fields = {w for b in truth if b["type"] == "field"
                  for w in b["text"].split()}
        for table in (b for b in truth if b["type"] == "table"):
            self.tables[1] += 1
            self.cells[2] += len(table["cells"])
            if not found:
                continue
            best = max(found, key=lambda b: words_alike(b["text"],
                                                        table["text"]))
            if words_alike(best["text"], table["text"]) < 0.5:
                continue
            found.remove(best)
            self.tables[0] += words_alike(best["text"], table["text"]) >= 0.9
            cells = best.get("cells", [])
            self.cells[0] += same_cells(rows_of(cells),
                                        rows_of(table["cells"]))
            self.cells[1] += sum(1 for c in cells if c["text"])
        for table in found:
            if not set(table["text"].split()) <= fields:
                self.false += 1
                self.cells[1] += sum(1 for c in table.get("cells", [])
                                     if c["text"])

    def add(self, pages, truth):
        self.documents += 1
        self.pages += len(truth)
        self.add_headings(pages, truth)
        for page, blocks in zip(pages, truth):
            found = page.get("blocks", [])
            self.add_order(found, blocks)
            self.add_tables(found, blocks)

    def figures(self):
        return [self.documents, sum(self.orders) / len(self.orders),
                f1(*self.heads),
                self.levels[0] / self.levels[1] if self.levels[1] else 1.0,
                self.tables[0] / self.tables[1] if self.tables[1] else 1.0,
                100 * self.false / self.pages, f1(*self.cells)]


def main():
    scores = collections.defaultdict(Score)
    for path in sorted(glob.glob(sys.argv[1] + "/*.json")):
        stem = path[:-len(".json")]
        kind = os.path.basename(stem).split("-")[1]
        with open(path, encoding="utf-8") as f:
            truth = json.load(f)
        with open(stem + ".out", encoding="utf-8") as f:
            pages = json.load(f)["pages"]
        for score in (scores[kind], scores["all"]):
            score.add(pages, truth)
    for kind in [k for k in scores if k != "all"] + ["all"]:
        print("\t".join([kind] + ["%.3f" % v if isinstance(v, float) else str(v)
                                  for v in scores[kind].figures()]))


main()

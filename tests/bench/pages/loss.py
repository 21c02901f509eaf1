"""loss.py DIR - compare the words that pc-ocr --jsonl printed of DIR/*.pdf, into
DIR/said, with those that DIR/*.json says are there; print a row for each variant
and one for all, separated by tabs, and a line for each page that lost words:

  variant, pages
  failed    documents that were not read
  damaged   documents with exit status 3
  marked    other pages with a mark
  true      words on the pages
  found     those that pc-ocr printed, in percent
  better    those that the better of the text layer and tesseract has, in percent;
            pages of which nothing is missing are not read again
  lost      pages without mark and without status 3 that lack words which the
            better of both has: any of a text layer's, more than 1 in 100 of OCR's
"""
import collections
import glob
import json
import os
import re
import subprocess
import sys

MARKS = ("blank", "low_confidence", "language_suspect", "damage", "ocr_error",
         "error")


def words(text):
    """How often each word is there, without signs around it."""
    text = re.sub(r"\.{3,}|_{3,}", " ", text).casefold()
    parts = (re.sub(r"^\W+|\W+$", "", w) for w in text.split())
    return collections.Counter(w for w in parts if w)


def run(*command, **more):
    return subprocess.run(command, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, check=False, **more).stdout


def layer_of(path, page):
    return words(run("pdftotext", "-f", str(page), "-l", str(page), path,
                     "-").decode("utf-8", "replace"))


def print_of(path, page):
    """What tesseract reads on the page."""
    pixels = run("pdftoppm", "-r", "300", "-gray", "-png", "-f", str(page),
                 "-l", str(page), path)
    return words(run("tesseract", "-", "-", "--dpi", "300", input=pixels)
                 .decode("utf-8", "replace")) if pixels else words("")


class Row:
    def __init__(self):
        self.pages = self.failed = self.damaged = self.marked = 0
        self.true = self.found = self.better = self.lost = 0

    def add(self, path, page, said, truth, marks):
        """The words that were lost."""
        self.pages += 1
        self.true += truth.total()
        found = (truth & said).total()
        self.found += found
        if found == truth.total():
            self.better += found
            return None
        layer = truth & layer_of(path, page)
        best, least = layer, layer.total()
        if layer.total() < truth.total():
            seen = truth & print_of(path, page)
            if seen.total() > layer.total():
                best, least = seen, 0.99 * seen.total()
        self.better += max(found, best.total())
        lacks = best - said
        if marks or (found >= least if best is not layer else not lacks):
            return None
        self.lost += 1
        return lacks

    def figures(self):
        return [self.pages, self.failed, self.damaged, self.marked, self.true,
                100 * self.found / max(1, self.true),
                100 * self.better / max(1, self.true), self.lost]


def read_truth(path):
    with open(path, encoding="utf-8") as f:
        pages = json.load(f)
    return [p if isinstance(p, str) else " ".join(b["text"] for b in p)
            for p in pages]


def main():
    rows, lines = collections.defaultdict(Row), []
    with open(sys.argv[1] + "/said", encoding="utf-8") as f:
        records = {r["file"]: r for r in map(json.loads, f)}
    for path in sorted(glob.glob(sys.argv[1] + "/*.pdf")):
        record = records[path]
        name = os.path.basename(path)[:-4]
        row = rows[name.split("+")[-1] if "+" in name else "healthy"]
        pages = record.get("pages", [])
        row.failed += "error" in record
        row.damaged += "damaged" in record
        texts = record.get("text", "").split("\f")
        for i, truth in enumerate(read_truth(path[:-4] + ".json")):
            page = pages[i] if i < len(pages) else {}
            marks = [m for m in MARKS if page.get(m)]
            excused = marks + ["damaged"] * (
                "damaged" in record or "error" in record)
            row.marked += bool(marks) and "damaged" not in record
            lacks = row.add(path, i + 1, words(texts[i] if i < len(texts)
                                               else ""), words(truth), excused)
            if lacks:
                lines.append("%s, page %d (%s): lost %d: %s" % (
                    name, i + 1, page.get("source"), lacks.total(),
                    " ".join(list(lacks.elements())[:12])))
            elif "damaged" not in record and (marks or "error" in record):
                lines.append("%s, page %d (%s): %s" % (
                    name, i + 1, page.get("source"),
                    " ".join(marks) or record["error"]))
    every = Row()
    for row in rows.values():
        for key, value in vars(row).items():
            setattr(every, key, getattr(every, key) + value)
    rows["all"] = every
    for name in rows:
        print("\t".join([name] + ["%.2f" % v if isinstance(v, float) else str(v)
                                  for v in rows[name].figures()]))
    print("\n".join([""] + lines))


main()

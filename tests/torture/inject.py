#!/usr/bin/python3
"""Let each system call of a program fail in turn, and check what is stored.

inject.py BIN [SAMPLE SEED [CASE...]]: for each case below, each call that
writes (or seeks, syncs, maps), each number of that call and both ENOSPC and
EIO, make a new store, run the program with that one call failing, and read the
store without a fault.  With SAMPLE, do only this number of runs, chosen by
SEED; 0 means all.  Prints a line for each run: case, call, number, errno,
result.  Exits with 1 if acknowledged data was lost, wrong bytes were read, or
a program crashed or hung.

A run with exit status 0 and no message is acknowledged.  $CALLS names the
calls that fail, if not all."""
import collections
import json
import os
import random
import re
import shutil
import subprocess
import sys

CALLS = os.environ.get("CALLS") or (
    "write writev pwrite64 pwritev ftruncate fallocate lseek fsync "
    "fdatasync linkat renameat renameat2 unlinkat mkdirat mmap")
CALLS = CALLS.split()
ERRNOS = ("ENOSPC", "EIO")
HANG = 60  # s; a run takes some 20 ms
BIN = os.path.abspath(sys.argv[1])
SAMPLE, SEED = (int(a) for a in (sys.argv[2:4] or (0, 0)))
ONLY = sys.argv[4:]
HERE = os.getcwd()
STORE = f"{HERE}/inject-store"
ENV = dict(os.environ, PATH=f"{BIN}:{os.environ['PATH']}", PC_STORE=STORE)


def key(n):
    """All keys are in one shard, so that its index has several buckets."""
    return f"00{n:062d}"


def lines(values):
    return "".join(json.dumps({"key": key(n), "value": v}) + "\n"
                   for n, v in values.items()).encode()


def run(argv, stdin=b"", store=STORE, before=()):
    try:
        return subprocess.run([*before, *argv], input=stdin, timeout=HANG,
                              env=dict(ENV, PC_STORE=store), check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    except subprocess.TimeoutExpired:
        return None


def must(argv, stdin=b"", store=STORE):
    p = run(argv, stdin, store)
    if p is None or p.returncode or p.stderr:
        sys.exit(f"{argv}: {p and p.stderr.decode()}")


LARGE = {n: str(n) * 300000 for n in (1, 2, 3)}
SMALL = {n: f"value {n} " + "v" * 300 for n in range(10, 40)}
OLD = {1: LARGE[1], **SMALL}
NEW = {n: f"new {n} " + "n" * 1500 for n in range(200, 230)}
MANY = {n: f"{n}" for n in range(400, 530)}  # with OLD, a bucket of the index
GONE = 9
OUTPUT = "".join(f"{n}\n" for n in range(1, 20001))
COMMAND = "-- seq 1 20000"


def make_template(path, more=None):
    """A store with replaced records, a removed one, a large one put with --sync,
    and some that are not in the index yet."""
    must(["pc-put", "--jsonl", "-t", "never"],
         lines({GONE: "gone", 10: "replaced", 11: "replaced", **(more or {})}),
         path)
    must(["pc-gc", "-q", "-k", key(GONE)], store=path)
    must(["pc-put", "--sync", "-k", key(1), "-t", "never"],
         LARGE[1].encode(), path)
    must(f"pc-run -s hit {COMMAND}".split(), store=path)
    half = dict(list(SMALL.items())[:15])
    must(["pc-put", "--jsonl", "-t", "never"], lines(half), path)
    must(["pc-gc", "-q", "--rebuild"], store=path)
    rest = {n: v for n, v in SMALL.items() if n not in half}
    must(["pc-put", "--jsonl", "-t", "never"], lines(rest), path)


Case = collections.namedtuple("Case", "argv stdin new gone store")


def case(argv, stdin=b"", new=None, gone=(), store="template"):
    return Case(argv.split(), stdin, new or {}, gone, store)


PUT = "-t never"
CASES = {
    "put": case(f"pc-put -k {key(300)} {PUT}", b"small" * 300,
                {300: "small" * 300}),
    "put first": case(f"pc-put -k {key(300)} {PUT}", b"small",
                      {300: "small"}, store=None),
    "put --sync": case(f"pc-put --sync -k {key(300)} {PUT}", b"small" * 2000,
                       {300: "small" * 2000}),
    "put first --sync": case(f"pc-put --sync -k {key(300)} {PUT}", b"small",
                             {300: "small"}, store=None),
    "put large": case(f"pc-put -k {key(2)} {PUT}", LARGE[2].encode(),
                      {2: LARGE[2]}),
    "put large --sync": case(f"pc-put --sync -k {key(2)} {PUT}",
                             LARGE[2].encode(), {2: LARGE[2]}),
    "put large over large": case(f"pc-put -k {key(1)} {PUT}",
                                 LARGE[3].encode(), {1: LARGE[3]}),
    "put large over large --sync": case(f"pc-put --sync -k {key(1)} {PUT}",
                                        LARGE[3].encode(), {1: LARGE[3]}),
    "put small over large": case(f"pc-put -k {key(1)} {PUT}", b"s" * 40000,
                                 {1: "s" * 40000}),
    "put --jsonl": case(f"pc-put --jsonl {PUT}", lines(NEW), NEW),
    "put, the index grows": case(f"pc-put --jsonl {PUT}", lines(NEW), NEW,
                                 store="full"),
    "put --jsonl --sync": case(
        f"pc-put --jsonl --sync {PUT}", lines(dict(list(NEW.items())[:3])),
        dict(list(NEW.items())[:3])),
    "run": case(f"pc-run -s new {COMMAND}"),
    "run, a hit": case(f"pc-run -s hit {COMMAND}"),
    "get": case(f"pc-get -k {key(10)}"),
    "get, a marked index": case(f"pc-get -k {key(10)}", store="marked"),
    "get --touch": case(f"pc-get --touch -k {key(10)} {PUT}"),
    "gc --compact": case("pc-gc -q --compact"),
    "gc --rebuild": case("pc-gc -q --rebuild"),
    "gc --repair": case("pc-gc -q --repair"),
    "gc --check": case("pc-gc -q --check"),
    "gc --import": case(f"pc-gc -q --import {HERE}/inject-export", b"",
                        {2: LARGE[2], 300: "small"}),
    "gc --max-bytes": case("pc-gc -q --max-bytes 1G"),
    "gc -k": case(f"pc-gc -q -k {key(20)}", gone=(20,)),
    "gc -k large": case(f"pc-gc -q -k {key(1)}", gone=(1,)),
    "gc --all": case("pc-gc -q --all", gone=tuple(OLD)),
}


def fresh(c):
    shutil.rmtree(STORE, ignore_errors=True)
    if c.store:
        shutil.copytree(f"{HERE}/inject-{c.store}", STORE)


def stored(numbers):
    """The values of these keys; None for a miss."""
    p = run(["pc-get", "--jsonl"],
            "".join(json.dumps({"key": key(n)}) + "\n"
                    for n in numbers).encode())
    if p is None or p.returncode not in (0, 1, 3):
        return None
    got = [json.loads(line) for line in p.stdout.decode().splitlines()]
    if len(got) != len(numbers):
        return None
    return {n: g.get("value") for n, g in zip(numbers, got)}


def judge(name, c, call, p):
    """The result in a few words; a wrong one begins with BAD."""
    if p is None:
        return "BAD: it hangs"
    said = p.stderr.decode(errors="replace").strip()
    told = p.returncode != 0 or said
    if p.returncode < 0 or p.returncode > 127:
        return f"BAD: it crashed, status {p.returncode}"
    if p.returncode == 2 and not said:
        return "BAD: a failure without a message"
    if said.count("\n") > 2:
        return f"BAD: more than three lines of messages: {said}"
    old = {None: {}, "full": {**OLD, **MANY}}.get(c.store, OLD)
    numbers = sorted({*old, *c.new, GONE})
    got = stored(numbers)
    if got is None:
        return "BAD: the store cannot be read"
    for n in numbers:
        may = {old.get(n), c.new.get(n, old.get(n))}
        if n in c.gone:
            may.add(None)
        if n in c.new and told:
            may |= {c.new[n], old.get(n)}
        if n in c.new and not told:
            may = {c.new[n]}
        if n in c.gone and not told:
            may = {None}
        if got[n] not in may:
            what = "is lost" if got[n] is None else "has other bytes"
            return f"BAD: {key(n)} {what} ({said or 'no message'})"
    missing = [n for n in c.new if got[n] != c.new[n]]
    if len(missing) > 1 and "cannot use store" not in said:
        return f"BAD: {len(missing)} records were lost by one fault"
    argv = c.argv
    out = None
    if argv[0] == "pc-get" and p.returncode != 2:
        out = OLD[10]
    if argv[0] == "pc-run":
        out = OUTPUT
    if out is not None and call not in ("write", "mmap") and (
            p.returncode or p.stdout.decode() != out):
        return f"BAD: wrong output, status {p.returncode}, {said}"
    if out is not None and not told and p.stdout.decode() != out:
        return "BAD: wrong output without a message"
    if told:
        return "reported: " + said.split("\n")[0].replace(HERE, "")[:60]
    return "acknowledged"


def judge_twice(name, c, call, p):
    """The log is the truth: a rebuilt index gives the same values."""
    verdict = judge(name, c, call, p)
    if verdict.startswith("BAD") or not os.path.isdir(STORE):
        return verdict
    q = run(["pc-gc", "-q", "--rebuild"])
    if q is None or q.returncode not in (0, 2):
        return "BAD: the store cannot be rebuilt"
    again = judge(name, c, call, p)
    return again + ", after a rebuild" if again.startswith("BAD") else verdict


def trials():
    """The calls of each case, counted in a run without a fault."""
    for name, c in CASES.items():
        if ONLY and name not in ONLY:
            continue
        fresh(c)
        trace = f"{HERE}/inject-trace"
        p = run(c.argv, c.stdin, before=(
            "strace", "-qq", "-o", trace, "-e",
            "trace=" + ",".join("?" + call for call in CALLS)))
        if p is None or p.returncode or p.stderr:
            sys.exit(f"{name}: without a fault: {p}")
        verdict = judge(name, c, "", p)
        if verdict != "acknowledged":
            sys.exit(f"{name}: without a fault: {verdict}")
        with open(trace, encoding="utf-8", errors="replace") as f:
            count = collections.Counter(
                m.group(1) for m in (re.match(r"(\w+)\(", x) for x in f) if m)
        for call in CALLS:
            for n in range(count[call]):
                for errno in ERRNOS:
                    yield name, call, n + 1, errno


def main():
    make_template(f"{HERE}/inject-template")
    make_template(f"{HERE}/inject-full", MANY)
    shutil.copytree(f"{HERE}/inject-template", f"{HERE}/inject-marked")
    os.unlink(f"{HERE}/inject-marked/00/index")
    other = f"{HERE}/inject-other"
    must(["pc-put", "-k", key(2), "-t", "never"], LARGE[2].encode(), other)
    must(["pc-put", "-k", key(300), "-t", "never"], b"small", other)
    must(["pc-gc", "-q", "--export", f"{HERE}/inject-export"], store=other)
    todo = list(trials())
    every = len(todo)
    if SAMPLE and SAMPLE < every:
        at = random.Random(SEED).sample(range(every), SAMPLE)
        todo = [todo[i] for i in sorted(at)]
    print(f"{len(todo)} of {every} faults", flush=True)
    tally = collections.Counter()
    for name, call, n, errno in todo:
        c = CASES[name]
        fresh(c)
        p = run(c.argv, c.stdin, before=(
            "strace", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e",
            f"inject={call}:error={errno}:when={n}"))
        verdict = judge_twice(name, c, call, p)
        tally[verdict.split(":")[0]] += 1
        print(f"{name:27} {call:10} {n:4} {errno:7} {verdict}", flush=True)
    print(", ".join(f"{what}: {n}" for what, n in sorted(tally.items())))
    sys.exit(tally["BAD"] > 0)


if __name__ == "__main__":
    main()

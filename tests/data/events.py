#!/usr/bin/python3
"""Events as pc-store(5) has them, on standard output.

Each line of standard input is one: KIND STAGE and then NAME=VALUE of age
(seconds ago), when (us), duration, wait, saved, ttl (us), bytes, peak, tokens,
price, key (any word), program (a number), version, times (how often)."""
import hashlib
import struct
import sys
import time

KINDS = ["", "hit", "miss", "put", "error", "stale", "wait", "compute",
         "remove", "damage", "rebuild", "evict"]

for line in sys.stdin:
    kind, stage, *rest = line.split()
    v = dict(word.split("=", 1) for word in rest)

    def number(name, default=0):
        return int(v.get(name, default))
    when = number("when") or int((time.time() - number("age")) * 1e6)
    peak = number("price") if kind in ("hit", "stale", "wait") else number("peak")
    stage = stage.encode() if stage != "-" else b""
    for i in range(number("times", 1)):
        key = hashlib.sha256(v.get("key", "k").encode()).digest()[:16]
        head = struct.pack("<BBBB", 0x70, number("version", 1),
                           number("program", 2), KINDS.index(kind))
        tail = struct.pack("<qIIQIIq", when + i, number("duration"),
                           number("wait"), number("bytes"), peak,
                           number("tokens"),
                           number("ttl" if kind == "put" else "saved"))
        tail += key + stage.ljust(64, b"\0")
        sys.stdout.buffer.write(
            head + hashlib.sha256(head + tail).digest()[:4] + tail)

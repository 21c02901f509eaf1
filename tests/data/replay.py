#!/usr/bin/python3
"""A store of which the exact answer is known: replay.py SEED KEYS USES CAP
LEAST MOST prints, for tests/data/events.py, the events of a store that holds
CAP MiB, and drops what was used longest ago, while USES look-ups are of KEYS
keys, a few of them often, each of LEAST to MOST MiB.  On standard error: how
many misses a store of 1, 2, 5, 10 and 50 GiB more would not have had."""
import random
import sys

seed, keys, uses, cap, least, most = map(int, sys.argv[1:])
MIB, OVERHEAD = 1 << 20, 400
rng = random.Random(seed)
size = [rng.randint(least, most) * MIB for _ in range(keys)]
weight = [1 / (k + 1) for k in range(keys)]
held, order = {}, []  # what the store has; all keys by last use, newest last
more = [0] * 5
for n in range(uses):
    key = rng.choices(range(keys), weight)[0]
    when = f"key={key} age={uses - n} program=2"
    value = size[key] - OVERHEAD
    if key in held:
        print(f"hit s {when} bytes={value}")
        del held[key]
    else:
        print(f"miss s {when}\ncompute s {when} duration=1000000\n"
              f"put s {when} bytes={value}")
        if key in order:
            # All that was used since then, and it, would have to be there.
            need = sum(size[k] for k in order[order.index(key):]) - cap * MIB
            for i, gib in enumerate((1, 2, 5, 10, 50)):
                more[i] += need <= gib << 30
    held[key] = size[key]
    if key in order:
        order.remove(key)
    order.append(key)
    while sum(held.values()) > cap * MIB:
        oldest = next(iter(held))
        del held[oldest]
        print(f"evict s key={oldest} age={uses - n} program=8")
print(str(more).replace(" ", ""), file=sys.stderr)

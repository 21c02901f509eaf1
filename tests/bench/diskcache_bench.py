"""python3-diskcache, to measure pc against.

    fill DIR KEY FILE  store FILE's bytes under KEY
    get DIR KEY        print them
    one DIR N SIZE     N puts, then N gets in another order; us of each
"""
import random
import sys
import time

import diskcache


def one(cache, n, size):
    value = random.Random(1).randbytes(size)
    keys = [f"{i:064x}" for i in range(n)]
    start = time.perf_counter()
    for key in keys:
        cache[key] = value
    middle = time.perf_counter()
    random.Random(2).shuffle(keys)
    for key in keys:
        assert cache[key] == value
    end = time.perf_counter()
    print(f"{(middle - start) / n * 1e6:.2f}\t{(end - middle) / n * 1e6:.2f}")


def main():
    what, where, *rest = sys.argv[1:]
    with diskcache.Cache(where) as cache:
        if what == "fill":
            with open(rest[1], "rb") as f:
                cache[rest[0]] = f.read()
        elif what == "get":
            sys.stdout.buffer.write(cache[rest[0]])
        else:
            one(cache, int(rest[0]), int(rest[1]))


main()

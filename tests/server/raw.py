#!/usr/bin/python3
"""raw.py - a server that does what good servers do not.

raw.py PORTFILE: listens on a free port of 127.0.0.1, writes its number to
PORTFILE, and answers each path in its own bad way.

raw.py redirect PORT LOG HOSTS: listens on all addresses.  /to?URL redirects to
URL; /rebind?URL first gives the host of URL another address in the file HOSTS.
It is also a proxy, and answers for all hosts itself.  LOG gets a line for each
connection, with the address that the client used, and one for each request,
with its path."""
import gzip
import os
import socket
import sys
import threading
import time

HEAD = b"HTTP/1.1 200 OK\r\n"
counts = {}
lock = threading.Lock()


def count(path):
    with lock:
        counts[path] = counts.get(path, 0) + 1
        return counts[path]


def plain(c, body, head=HEAD, extra=b""):
    c.sendall(head + extra + b"Content-Length: %d\r\n\r\n" % len(body) + body)


# ---- answers that only a limit ends


def redirect_endless(c, _):
    c.sendall(b"HTTP/1.1 302 Found\r\nLocation: /plain\r\n\r\n")
    while True:
        c.sendall(MARK * 4096)


def busy_endless(c, _):
    c.sendall(b"HTTP/1.1 503 Busy\r\nRetry-After: 0\r\n\r\n")
    while True:
        c.sendall(MARK * 4096)


def chunk_extension_endless(c, _):
    c.sendall(HEAD + CHUNKED + b"1;")
    while True:
        c.sendall(MARK * 4096)


def trailers_endless(c, _):
    c.sendall(HEAD + CHUNKED + b"4\r\nMARK\r\n0\r\n")
    while True:
        c.sendall(b"T: " + MARK * 200 + b"\r\n")


def early_endless(c, _):
    while True:
        c.sendall(b"HTTP/1.1 103 Early\r\nLink: </x>\r\n\r\n" * 100)


def header_endless(c, _):
    c.sendall(HEAD + b"X-A: ")
    while True:
        c.sendall(MARK * 4096)


def headers_slow(c, _):
    c.sendall(HEAD)
    while True:
        c.sendall(b"X: y\r\n")
        time.sleep(0.1)


def early_slow(c, _):
    while True:
        c.sendall(b"HTTP/1.1 102 Processing\r\n\r\n")
        time.sleep(0.1)


def body_slow(c, _):
    c.sendall(HEAD + b"\r\n")
    while True:
        c.sendall(b"M")
        time.sleep(0.1)


def chunk_extension_slow(c, _):
    c.sendall(HEAD + CHUNKED + b"4\r\nMARK\r\n1;")
    while True:
        c.sendall(b"M")
        time.sleep(0.1)


def trailers_slow(c, _):
    c.sendall(HEAD + CHUNKED + b"4\r\nMARK\r\n0\r\n")
    while True:
        c.sendall(b"T: M\r\n")
        time.sleep(0.1)


def busy_always(c, _):
    plain(c, b"busy", b"HTTP/1.1 503 Busy\r\n", b"Retry-After: 1\r\n")
    return True


# These answers end.


def header_long(c, _):
    plain(c, b"plain\n", extra=b"X-A: " + MARK * 50000 + b"\r\n")
    return True


def headers_large(c, _):
    plain(c, b"plain\n", extra=(b"X-A: " + MARK * 250 + b"\r\n") * 40)
    return True


def chunk_extension_large(c, _):
    c.sendall(HEAD + CHUNKED + b"6;" + MARK * 30000 +
              b"\r\nplain\n\r\n0\r\n\r\n")
    return True


def trailers_large(c, _):
    c.sendall(HEAD + CHUNKED + b"6\r\nplain\n\r\n0\r\n" +
              (b"T: " + MARK * 250 + b"\r\n") * 120 + b"\r\n")
    return True


def redirect_large(c, n):
    plain(c, MARK * 10000, b"HTTP/1.1 302 Found\r\n",
          b"Location: /%s\r\n" % (b"redirect-large" if n % 4 else b"plain"))
    return True


def busy_large(c, n):
    if n % 3:
        plain(c, MARK * 15000, b"HTTP/1.1 503 Busy\r\n",
              b"Retry-After: 0\r\n")
    else:
        plain(c, b"plain\n")
    return True


def cut_large(c, n):
    c.sendall(HEAD + b"Content-Length: 40000\r\n\r\n" +
              b"x" * (40000 if n % 2 == 0 else 30000))
    return n % 2 == 0


def drip(c, _):
    c.sendall(HEAD + b"Content-Length: 30\r\n\r\n")
    for _ in range(30):
        c.sendall(b"x")
        time.sleep(0.1)
    return True


def think(c, _):  # before the first byte, and before that of the body
    time.sleep(2.5)
    c.sendall(HEAD + b"Content-Length: 6\r\n\r\n")
    time.sleep(2.5)
    c.sendall(b"plain\n")
    return True


def stale_at_first(c, n):
    if n == 1:
        plain(c, b"plain\n")
        return True
    return body_slow(c, n)


def doze(c, _):
    time.sleep(3)
    plain(c, b"plain\n")
    return True


MARK = b"MARK"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"
LIMITS = {"/" + f.__name__.replace("_", "-"): f for f in (
    redirect_endless, busy_endless, chunk_extension_endless, trailers_endless,
    early_endless, header_endless, headers_slow, early_slow, body_slow,
    chunk_extension_slow, trailers_slow, busy_always, header_long,
    headers_large, chunk_extension_large, trailers_large, redirect_large,
    busy_large, cut_large, drip, think, stale_at_first,
    doze)}


def answer(c, path, request):
    """Answer a request; true if the connection stays open."""
    path = path.split("?")[0]
    n = count(path)
    if path == "/stall":  # a part, then nothing
        c.sendall(HEAD + b"Content-Length: 100\r\n\r\npart")
        time.sleep(60)
    elif path == "/mute":
        time.sleep(60)
    elif path == "/cut":
        c.sendall(HEAD + b"Content-Length: 100\r\n\r\npart")
        return False
    elif path == "/cut-once" and n == 1:
        c.sendall(HEAD + b"Content-Length: 100\r\n\r\npart")
        return False
    elif path == "/chunk-cut":
        c.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n4\r\npart\r\n")
        return False
    elif path == "/not-http":
        c.sendall(b"220 mail.example ESMTP\r\n")
        return False
    elif path == "/headers":  # too many
        c.sendall(HEAD)
        for i in range(100000):
            c.sendall(b"X-%d: %s\r\n" % (i, b"x" * 1000))
    elif path == "/bomb":
        body = gzip.compress(b"\0" * 30000000, 9)
        plain(c, body, extra=b"Content-Encoding: gzip\r\n")
    elif path == "/bad-gzip":
        plain(c, b"this is not gzip", extra=b"Content-Encoding: gzip\r\n")
    elif path == "/busy" and n < 3:
        plain(c, b"busy", b"HTTP/1.1 503 Busy\r\n", b"Retry-After: 0\r\n")
    elif path == "/moody":  # good once, then never
        if n == 1:
            plain(c, b"good\n", extra=b'ETag: "1"\r\n')
        else:
            plain(c, b"bad", b"HTTP/1.1 500 Bad\r\n")
    elif path == "/secretive":  # cacheable at first
        if n == 1:
            plain(c, b"old\n", extra=b'ETag: "1"\r\n')
        else:
            plain(c, b"", b"HTTP/1.1 304 Same\r\n",
                  b"Cache-Control: no-store\r\n")
    elif path == "/hostile":
        plain(c, b"x", extra=b"ETag: \"\xff\xfe\x1b[2J\"\r\n"
              b"Content-Type: \x1b]0;owned\x07\r\n"
              b"Set-Cookie: a=b\r\n")
    elif path == "/cookie":
        plain(c, b"sent\n" if b"\r\ncookie:" in request.lower() else b"none\n")
    elif path == "/headers-sent":
        plain(c, request)
    elif path in LIMITS:
        return LIMITS[path](c, n)
    else:
        plain(c, b"plain\n")
    return True


# ---- redirects


def append(log, line):
    with open(log, "a", encoding="ascii") as f:
        print(line, file=f)


def rebind(hosts):
    with open(hosts, encoding="ascii") as f:
        text = f.read()
    with open(hosts, "w", encoding="ascii") as f:
        f.write(text.replace("203.0.113.1 rebound", "10.0.0.1 rebound"))


def own_address(c):
    return c.getsockname()[0].removeprefix("::ffff:")


def redirect(c, path, log, hosts):
    append(log, f"asked {own_address(c)} {path}")
    if path.startswith("http://"):  # a request to a proxy
        path = "/" + path.split("/", 3)[3]
    what, _, url = path.partition("?")
    if what == "/rebind":
        rebind(hosts)
    if what in ("/to", "/rebind"):
        plain(c, b"", b"HTTP/1.1 302 Found\r\n",
              b"Location: %s\r\n" % url.encode())
    else:
        plain(c, b"inside\n")
    return True


# ---- connections


def serve(c, accepted, respond):
    data = b""
    try:
        accepted(c)
        while True:
            while b"\r\n\r\n" not in data:
                more = c.recv(65536)
                if not more:
                    return
                data += more
            request, data = data.split(b"\r\n\r\n", 1)
            path = request.split(b" ", 2)[1].decode()
            if not respond(c, path, request):
                return
    except OSError:
        pass
    finally:
        c.close()


def serve_all(s, accepted, respond):
    while True:
        c, _ = s.accept()
        threading.Thread(target=serve, args=(c, accepted, respond),
                         daemon=True).start()


def main():
    if sys.argv[1] == "redirect":
        port, log, hosts = sys.argv[2:]
        s = socket.create_server(("::", int(port)), backlog=100,
                                 family=socket.AF_INET6, dualstack_ipv6=True)
        serve_all(s, lambda c: append(log, "connected " + own_address(c)),
                  lambda c, path, _: redirect(c, path, log, hosts))
    s = socket.create_server(("127.0.0.1", 0), backlog=100)
    with open(sys.argv[1] + ".new", "w", encoding="ascii") as f:
        print(s.getsockname()[1], file=f)
    os.rename(sys.argv[1] + ".new", sys.argv[1])
    serve_all(s, lambda c: None, answer)


main()

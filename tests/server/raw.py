#!/usr/bin/python3
"""raw.py - a server that does what no good one does.

raw.py PORTFILE: listens on a port of its own, which it writes to PORTFILE,
and answers each path in its own bad way."""
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


def answer(c, path, request):
    n = count(path)
    if path == "/stall":  # a part, and then nothing
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
    elif path == "/headers":  # without end
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
    elif path == "/secretive":  # once it was not
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
    else:
        plain(c, b"plain\n")
    return True


def serve(c):
    data = b""
    try:
        while True:
            while b"\r\n\r\n" not in data:
                more = c.recv(65536)
                if not more:
                    return
                data += more
            request, data = data.split(b"\r\n\r\n", 1)
            path = request.split(b" ", 2)[1].decode().split("?")[0]
            if not answer(c, path, request):
                return
    except OSError:
        pass
    finally:
        c.close()


def main():
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("127.0.0.1", 0))
    s.listen(100)
    with open(sys.argv[1] + ".new", "w", encoding="ascii") as f:
        print(s.getsockname()[1], file=f)
    os.rename(sys.argv[1] + ".new", sys.argv[1])
    while True:
        c, _ = s.accept()
        threading.Thread(target=serve, args=(c,), daemon=True).start()


main()

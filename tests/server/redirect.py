#!/usr/bin/python3
"""redirect.py - a server that redirects to where it is asked to.

redirect.py PORT LOG HOSTS: listens on all addresses.  /to?URL redirects to
URL; /rebind?URL first gives the name of URL another address in the file HOSTS.
It is a proxy, too, of which all hosts are itself.  Each connection is a line in
LOG: the address that it was made to; each request too, with its path."""
import socket
import sys
import threading

PORT, LOG, HOSTS = int(sys.argv[1]), sys.argv[2], sys.argv[3]


def log(line):
    with open(LOG, "a", encoding="ascii") as f:
        print(line, file=f)


def rebind():
    with open(HOSTS, encoding="ascii") as f:
        text = f.read()
    with open(HOSTS, "w", encoding="ascii") as f:
        f.write(text.replace("203.0.113.1 rebound", "10.0.0.1 rebound"))


def serve(c):
    own = c.getsockname()[0].removeprefix("::ffff:")
    log("connected " + own)
    data = b""
    try:
        while True:
            while b"\r\n\r\n" not in data:
                more = c.recv(65536)
                if not more:
                    return
                data += more
            request, data = data.split(b"\r\n\r\n", 1)
            path = request.split(b" ", 2)[1].decode()
            log("asked %s %s" % (own, path))
            if path.startswith("http://"):  # as a proxy is asked
                path = "/" + path.split("/", 3)[3]
            what, _, url = path.partition("?")
            if what == "/rebind":
                rebind()
            if what in ("/to", "/rebind"):
                c.sendall(b"HTTP/1.1 302 Found\r\nLocation: %s\r\n"
                          b"Content-Length: 0\r\n\r\n" % url.encode())
            else:
                c.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n"
                          b"inside\n")
    except OSError:
        pass
    finally:
        c.close()


def main():
    s = socket.socket(socket.AF_INET6)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    s.bind(("::", PORT))
    s.listen(100)
    while True:
        c, _ = s.accept()
        threading.Thread(target=serve, args=(c,), daemon=True).start()


main()

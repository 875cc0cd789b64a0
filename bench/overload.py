#!/usr/bin/env python3
"""Offers more calls than a server takes, and says what became of each and how soon all is as before.

A caller that does as RFC 3261 says: repeats an INVITE that is not answered, acknowledges each final answer, answers the server's BYE.
Pinned to core 1; the server belongs on another one:

    taskset -c 0 switchhook serve --data DIR --provision bench/provision.json --set Calls:MaxPerSecond=3000 --set Calls:MaxLive=100000
    bench/overload.py --rate 8000 --seconds 10

The number called must answer and hang up at once, and callers from --ip need no password.
"""

import argparse
import collections
import os
import socket
import statistics
import sys
import time

INVITE = (
    "INVITE sip:%(to)s@%(server)s SIP/2.0\r\nVia: SIP/2.0/UDP %(me)s;branch=z9hG4bK%(n)d;rport\r\nMax-Forwards: 70\r\n"
    "From: <sip:load@%(me)s>;tag=%(n)d\r\nTo: <sip:%(to)s@%(server)s>\r\nCall-ID: %(n)d\r\nCSeq: 1 INVITE\r\nContact: <sip:load@%(me)s>\r\n"
    "Content-Type: application/sdp\r\nContent-Length: %(length)d\r\n\r\n%(sdp)s"
)


def header(message, name):
    start = message.index(b"\r\n" + name + b": ") + len(name) + 4
    return message[start : message.index(b"\r\n", start)]


class Caller:
    def __init__(self, a):
        host, port = a.server.rsplit(":", 1)
        self.server, self.number = (host, int(port)), a.number
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32 << 20)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8 << 20)
        self.socket.bind((a.ip, 0))
        self.socket.setblocking(False)
        self.me = "%s:%d" % self.socket.getsockname()
        self.sdp = f"v=0\r\no=- 1 1 IN IP4 {a.ip}\r\ns=-\r\nc=IN IP4 {a.ip}\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0\r\n"
        # Not a multiple of anything: Call-IDs of an earlier run may still be known.
        self.next = time.time_ns() % 10**12 * 10**6
        self.sent = self.repeats = self.ended = 0
        self.open, self.unanswered, self.answers, self.answered_in = {}, collections.deque(), collections.Counter(), []
        self.live = set()

    def text(self, n):
        return (INVITE % {"to": self.number, "server": "%s:%d" % self.server, "me": self.me, "n": n, "sdp": self.sdp, "length": len(self.sdp)}).encode()

    def send(self, message):
        try:
            self.socket.sendto(message, self.server)
        except (BlockingIOError, ConnectionRefusedError):
            pass  # Lost on the way; it is repeated.

    def call(self):
        n = self.next = self.next + 1
        now = time.perf_counter()
        self.open[n] = now
        self.unanswered.append((now + 0.5, n, 0.5))
        self.sent += 1
        self.send(self.text(n))

    def repeat(self):
        now = time.perf_counter()
        while self.unanswered and self.unanswered[0][0] <= now:
            _, n, wait = self.unanswered.popleft()
            if n in self.open and now - self.open[n] < 32:
                self.repeats += 1
                self.unanswered.append((now + 2 * wait, n, 2 * wait))
                self.send(self.text(n))

    def receive(self):
        for _ in range(200):
            try:
                message = self.socket.recv(65536)
            except (BlockingIOError, ConnectionRefusedError):
                return
            if message.startswith(b"SIP/2.0 "):
                self.on_answer(message, int(message[8:11]))
            elif message.startswith(b"BYE "):
                self.on_bye(message)

    def on_answer(self, message, status):
        if status < 200:
            return
        n = int(header(message, b"Call-ID"))
        began = self.open.pop(n, None)
        if began is not None:
            self.answers[status] += 1
            if status == 200:
                self.answered_in.append(time.perf_counter() - began)
                self.live.add(n)
        target = header(message, b"Contact").strip(b"<>") if status < 300 else b"sip:%s@%s:%d" % (self.number.encode(), self.server[0].encode(), self.server[1])
        branch = b"%da" % n if status < 300 else b"%d" % n
        self.send(
            b"ACK %s SIP/2.0\r\nVia: SIP/2.0/UDP %s;branch=z9hG4bK%s;rport\r\nMax-Forwards: 70\r\nFrom: %s\r\nTo: %s\r\nCall-ID: %d\r\nCSeq: 1 ACK\r\nContent-Length: 0\r\n\r\n"
            % (target, self.me.encode(), branch, header(message, b"From"), header(message, b"To"), n)
        )

    def on_bye(self, message):
        n = int(header(message, b"Call-ID"))
        if n in self.live:
            self.live.discard(n)
            self.ended += 1
        rows = [name + b": " + header(message, name) for name in (b"Via", b"From", b"To", b"Call-ID", b"CSeq")]
        self.send(b"SIP/2.0 200 OK\r\n" + b"\r\n".join(rows) + b"\r\nContent-Length: 0\r\n\r\n")

    def turn(self):
        self.receive()
        self.repeat()

    def offer(self, rate, seconds):
        began, offered = time.perf_counter(), 0
        while True:
            passed = time.perf_counter() - began
            if passed >= seconds:
                return
            for _ in range(min(int(passed * rate) - offered, 20)):
                self.call()
                offered += 1
            self.turn()

    def alone(self):
        """One call alone: how long to its answer, None when it is not answered 200 within a second."""
        n = self.next + 1
        before = len(self.answered_in)
        self.call()
        until = time.perf_counter() + 1
        while n in self.open and time.perf_counter() < until:
            self.turn()
        return self.answered_in[-1] if len(self.answered_in) > before and n not in self.open else None


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--server", default="127.0.0.1:5060")
    p.add_argument("--ip", default="127.0.0.2", help="where the calls come from")
    p.add_argument("--number", default="100")
    p.add_argument("--rate", type=int, default=8000, help="calls offered a second")
    p.add_argument("--seconds", type=float, default=10)
    p.add_argument("--core", type=int, default=1)
    a = p.parse_args()
    os.sched_setaffinity(0, {a.core})
    caller = Caller(a)
    before = []
    for _ in range(50):
        before.append(caller.alone())
        caller.offer(0, 0.02)
    if None in before:
        sys.exit("the server does not answer a single call; nothing was measured")
    usual = statistics.median(before)
    at_rest = (caller.sent, caller.ended, caller.answers.copy(), len(caller.answered_in))

    caller.offer(a.rate, a.seconds)
    stopped = time.perf_counter()
    offered, in_time, again, good = caller.sent - at_rest[0], len(caller.answered_in), None, 0
    load = sorted(caller.answered_in[at_rest[3] :]) or [0]
    probes = 0
    while good < 5 and time.perf_counter() - stopped < 40:
        began = time.perf_counter()
        taken = caller.alone()
        probes += 1
        good = good + 1 if taken is not None and taken < max(3 * usual, 0.005) else 0
        again = (again or began) if good else None
        caller.offer(0, 0.02)
    caller.offer(0, 2)  # What was accepted last has its time to end.

    answers = caller.answers - at_rest[2]
    print(f"offered              {offered} ({offered / a.seconds:.0f}/s), INVITEs repeated {caller.repeats}")
    print(f"answered 200         {in_time - at_rest[3]} while offering ({(in_time - at_rest[3]) / a.seconds:.0f}/s); ended by the server's BYE {caller.ended - at_rest[1]}, left {len(caller.live)}")
    print(f"refused              {', '.join(f'{s}: {n}' for s, n in sorted(answers.items()) if s != 200) or 'none'}; never answered {len(caller.open)}")
    print(f"INVITE to 200        at rest {usual * 1000:.2f} ms, under load p50 {load[len(load) // 2] * 1000:.1f} p99 {load[len(load) * 99 // 100] * 1000:.1f} ms")
    print(f"as before after      {'never' if good < 5 else f'{again - stopped:.2f} s'} ({probes} probes; five in a row within {max(3 * usual, 0.005) * 1000:.1f} ms)")
    return 0 if good == 5 and not caller.live else 1


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""What a database full of ended calls costs: process start to the first answer to OPTIONS, and lists and look-ups of the native API.

  history.py DATA-DIRECTORY [PROGRAM ARGUMENT...]

The directory is one that `Switchhook.Benchmarks history` filled; what is started is PROGRAM with `serve --data DIRECTORY` and ports of its own.
"""
import json, os, signal, socket, subprocess, sys, time, urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
SIP, HTTP = 25060, 28088
ACCOUNTS = {"accounts": [{"name": name, "password": "x", "dialects": ["native"], "native": {"key": "shk_" + name}} for name in ("bench", "rare")]}
OPTIONS = (
    "OPTIONS sip:127.0.0.1:{0} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{1};branch=z9hG4bK{2}\r\nMax-Forwards: 70\r\nFrom: <sip:a@b>;tag=1\r\n"
    "To: <sip:127.0.0.1>\r\nCall-ID: {2}\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n")


def start(directory, program):
    """Seconds from the start of the process to the first answer."""
    with open(os.path.join(directory, "bench.json"), "w") as file:
        json.dump(ACCOUNTS, file)
    command = program + [
        "serve", "--data", directory, "--provision", file.name, "--set", f"Sip:Listen=udp://127.0.0.1:{SIP}", "--set", f"Http:Listen=http://127.0.0.1:{HTTP}",
        "--set", "Dialects:Ozeki:Enabled=false", "--set", "Dialects:OpenVox:Enabled=false", "--set", "Storage:Retention:MaxMegabytes=100000"]
    began = time.monotonic()
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    phone = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    phone.bind(("127.0.0.1", 0))
    phone.settimeout(0.005)
    for attempt in range(20000):
        try:
            phone.sendto(OPTIONS.format(SIP, phone.getsockname()[1], f"o{attempt}").encode(), ("127.0.0.1", SIP))
            phone.recv(4096)
            break
        except (TimeoutError, ConnectionRefusedError):
            time.sleep(0.002)
    answered = time.monotonic() - began
    while "ready" not in server.stdout.readline():
        pass
    return server, answered


def ask(path, account="bench"):
    """Milliseconds, and the answer."""
    request = urllib.request.Request(f"http://127.0.0.1:{HTTP}/switchhook/v1{path}", headers={"Authorization": f"Bearer shk_{account}"})
    began = time.monotonic()
    with urllib.request.urlopen(request) as answer:
        body = answer.read()
    return (time.monotonic() - began) * 1000, body


def main():
    directory, program = sys.argv[1], sys.argv[2:] or [os.path.join(HERE, "../src/Server/bin/Release/net10.0/switchhook")]
    starts = []
    for _ in range(3):
        server, answered = start(directory, program)
        starts.append(answered)
        if len(starts) < 3:
            server.send_signal(signal.SIGTERM)
            server.wait()
    print(f"start to OPTIONS answered: {' '.join(f'{s:.2f}' for s in starts)} s")
    ask("/calls?state=ended")
    page = json.loads(ask("/calls?state=ended")[1])
    middle = page["total"] // 2
    since = json.loads(ask(f"/calls?state=ended&page={middle // 50}")[1])["calls"][0]["startedAt"]
    for name, path, account in [
            ("first page", "/calls?state=ended", "bench"),
            ("first page of an account with few calls", "/calls?state=ended", "rare"),
            ("a page in the middle", f"/calls?state=ended&page={middle // 50}", "bench"),
            ("the last page", f"/calls?state=ended&page={page['total'] // 50}", "bench"),
            ("cause=16", "/calls?state=ended&cause=16", "bench"),
            ("cause=17", "/calls?state=ended&cause=17", "bench"),
            ("cause=41, one in 10,000", "/calls?state=ended&cause=41", "bench"),
            ("cause=1, none", "/calls?state=ended&cause=1", "bench"),
            ("by=callee", "/calls?state=ended&by=callee", "bench"),
            ("by=recovery, one in 10,000", "/calls?state=ended&by=recovery", "bench"),
            ("since the middle", f"/calls?state=ended&since={since}", "bench"),
            ("since the middle, by=recovery", f"/calls?state=ended&since={since}&by=recovery", "bench"),
            ("one call", f"/calls/{page['calls'][25]['id']}", "bench"),
            ("export of the newest 5,000", f"/calls/export?since={json.loads(ask('/calls?state=ended&page=100')[1])['calls'][0]['startedAt']}", "bench"),
            ("export of the oldest 5,000", f"/calls/export?until={json.loads(ask('/calls?state=ended&page=%d' % ((page['total'] - 5000) // 50))[1])['calls'][0]['startedAt']}", "bench")]:
        times = sorted(ask(path, account)[0] for _ in range(5))
        answer = ask(path, account)[1]
        total = json.loads(answer).get("total") if path.startswith("/calls?") else answer.count(b"\n")
        print(f"{name}: median {times[2]:.1f} ms, worst {times[4]:.1f} ms; {total}")
    took, body = ask("/calls/export?format=csv")
    lines = body.count(b"\n")
    print(f"export of everything: {took / 1000:.1f} s, {lines / (took / 1000):.0f} calls/s")
    server.send_signal(signal.SIGTERM)
    server.wait()


main()

"""A receiver that costs next to nothing, as a process of its own: it acknowledges every posting after a while.

python -m yayoi_link.benchmark_receiver LOG SECONDS [CERTIFICATE]: prints its port, and writes a line per posting to LOG: key, and
when its first byte came (seconds of the monotonic clock, which all processes of a machine share).
"""

import asyncio
import functools
import json
import re
import signal
import ssl
import sys
import time
from pathlib import Path
from typing import TextIO

HEADER_END = b"\r\n\r\n"
LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
KEY = re.compile(rb'idempotency-key: "([^"]+)"', re.IGNORECASE)
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"


class Posting(asyncio.Protocol):
    """One connection: reads a whole request, waits, and acknowledges it."""

    def __init__(self, log: TextIO, seconds: float):
        self.log = log
        self.seconds = seconds
        self.received = b""
        self.first_byte_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.first_byte_at = self.first_byte_at or time.monotonic()
        self.received += data
        header, _, body = self.received.partition(HEADER_END)
        length = LENGTH.search(header)
        if length and len(body) >= int(length[1]):
            self.log.write(f"{KEY.search(header)[1].decode()} {self.first_byte_at}\n")
            asyncio.get_running_loop().call_later(self.seconds, self.acknowledge, body)

    def acknowledge(self, body: bytes) -> None:
        answer = json.dumps({"received": len(json.loads(body)["transactions"])}).encode()
        self.transport.write(ANSWER % (len(answer), answer))
        self.transport.close()


async def receive(log: TextIO, seconds: float, certificate: str) -> None:
    loop = asyncio.get_running_loop()
    tls = None
    if certificate:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate)
    server = await loop.create_server(functools.partial(Posting, log, seconds), "127.0.0.1", 0, ssl=tls, backlog=1024)
    is_over = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, is_over.set)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await is_over.wait()


def main(log: str, seconds: str, certificate: str = "") -> None:
    with Path(log).open("a", buffering=1, encoding="ascii") as lines:
        asyncio.run(receive(lines, float(seconds), certificate))


if __name__ == "__main__":
    main(*sys.argv[1:])

"""A receiver for the chaos run, in a process of its own: it does what receivers do when things go wrong, and notes every copy.

Before it answers it writes a line: the generation's key, what it does, whether it keeps the posting, whether it acknowledges it.
"""

import asyncio
import functools
import json
import random
import re
import socket
import struct
from collections.abc import Callable
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import TextIO

HEADER_END = b"\r\n\r\n"
LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
KEY = re.compile(rb'idempotency-key: "([^"]+)"', re.IGNORECASE)
RESET = struct.pack("ii", 1, 0)


@dataclass(frozen=True, slots=True)
class Note:
    """What was done to one posting. `key` is empty when it never arrived whole."""

    key: str
    done: str
    is_kept: bool = False
    is_acknowledged: bool = False


def answer(status: int, body: bytes = b"", *lines: str, length: int | None = None) -> bytes:
    """A whole answer; with another `length` one that is not as long as it says."""
    header = [
        f"HTTP/1.1 {status} Something",
        "Content-Type: application/json",
        f"Content-Length: {len(body) if length is None else length}",
    ]
    return "\r\n".join([*header, *lines]).encode() + HEADER_END + body


def acknowledgement(count: int) -> bytes:
    return answer(200, b'{"received": %d}' % count)


# What is answered to a posting of so many rows; None: nothing. Kept or not is drawn by lot, unless it follows from the words.
ANSWERS: dict[str, Callable[[int], bytes | None]] = {
    "silence": lambda rows: None,
    "login page": lambda rows: answer(200, b"<!doctype html><title>Login</title>"),
    "other count": lambda rows: answer(200, b'{"received": %d}' % (rows + 1)),
    "cut short": lambda rows: answer(200, b'{"received": %d}' % rows, length=100),
    "no content": lambda rows: answer(204),
    "moved": lambda rows: answer(301, b"", "Location: http://127.0.0.1/elsewhere"),
    "not found": lambda rows: answer(404),
    "gone": lambda rows: answer(410),
    "conflict": lambda rows: answer(409),
    "server error": lambda rows: answer(500),
    "proxy's 503": lambda rows: answer(503, b"", "Retry-After: 1"),
    "garbage": lambda rows: b"\x00\xff" * 40,
}
REFUSAL = answer(503, b'{"received": 0}', "Retry-After: 1")
# The reset comes before anything of the posting was read, in the middle of it, or after all of it.
WITHOUT_ANSWER = ("reset at once", "reset in the middle", "reset afterwards")
KIND = ("acknowledged", "acknowledged late")
WEIGHTS = {
    **dict.fromkeys(ANSWERS, 2),
    **dict.fromkeys(WITHOUT_ANSWER, 3),
    "gone": 0.2,
    "refused": 5,
    "dripping": 2,
    "acknowledged": 16,
    "acknowledged late": 4,
}


class Posting(asyncio.Protocol):
    """One connection. `chance` decides what happens to it; once `calm` is set, everything is acknowledged at once."""

    def __init__(self, log: TextIO, chance: random.Random, calm: Event):
        self.log = log
        self.chance = chance
        self.does = "acknowledged" if calm.is_set() else chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        self.received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        if self.does == "reset at once":
            self._note("")
            self._reset()

    def data_received(self, data: bytes) -> None:
        self.received += data
        header, end, body = self.received.partition(HEADER_END)
        length = LENGTH.search(header)
        if self.does == "reset in the middle" and end:
            self._note("")
            self._reset()
        elif length and end and len(body) >= int(length[1]):
            self._take(KEY.search(header)[1].decode(), len(json.loads(body)["transactions"]))

    def _take(self, key: str, rows: int) -> None:
        later = asyncio.get_running_loop().call_later
        if self.does in KIND or self.does == "dripping":
            self._note(key, is_kept=True, is_acknowledged=True)
            delay = self.chance.uniform(0.5, 1.5) if self.does == "acknowledged late" else 0
            later(delay, self._drip if self.does == "dripping" else self._answer, acknowledgement(rows))
        elif self.does == "refused":
            self._note(key)
            self._answer(REFUSAL)
        else:
            self._note(key, is_kept=self.chance.random() < 0.7)
            self._reset() if self.does in WITHOUT_ANSWER else self._answer(ANSWERS[self.does](rows))

    def _answer(self, content: bytes | None) -> None:
        if content is not None:
            self.transport.write(content)
            self.transport.close()

    def _drip(self, content: bytes) -> None:
        self.transport.write(content[:1])
        if content[1:] and not self.transport.is_closing():
            asyncio.get_running_loop().call_later(0.05, self._drip, content[1:])

    def _reset(self) -> None:
        self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self.transport.abort()

    def _note(self, key: str, **kept: bool) -> None:
        self.log.write(json.dumps(asdict(Note(key, self.does, **kept))) + "\n")


def receive(path: str, seed: int, calm: Event, port: Connection) -> None:
    """Run until killed. Sends its port; writes its notes to the file `path`."""
    with Path(path).open("a", buffering=1, encoding="utf-8") as log:
        asyncio.run(_serve(functools.partial(Posting, log, random.Random(seed), calm), port))  # noqa: S311  nothing secret


async def _serve(posting: Callable[[], Posting], port: Connection) -> None:
    server = await asyncio.get_running_loop().create_server(posting, "127.0.0.1", 0, backlog=1024)
    port.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


def read_notes(path: Path) -> list[Note]:
    """Return everything that was noted so far."""
    return [Note(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines() if line.endswith("}")]

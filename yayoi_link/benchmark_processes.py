"""The processes of a benchmark: the worker and the receiver it posts to, with what they take of processor and memory."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings

RECEIVER = ["-m", "yayoi_link.benchmark_receiver"]
ENDS_WITHIN = 60  # seconds
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Watched:
    """A process of ours, seen through /proc of Linux."""

    process: subprocess.Popen

    @property
    def cpu_seconds(self) -> float:
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS_PER_SECOND

    @property
    def resident_mib(self) -> float:
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


@dataclass(frozen=True, slots=True)
class BenchmarkReceiver:
    """The receiver, with the certificate by which it is trusted, and what it has noted."""

    watched: Watched
    port: int
    log: Path
    certificate: Path

    def url(self, token: str) -> str:
        return f"https://localhost:{self.port}/link/{token}"

    def first_bytes(self) -> dict[str, float]:
        """Return by key when a posting's first byte came (monotonic seconds). Raises ValueError when one came twice."""
        lines = [line.split() for line in self.log.read_text().splitlines()]
        moments = {key: float(moment) for key, moment in lines}
        if len(moments) < len(lines):
            raise ValueError("a delivery arrived twice")
        return moments


@contextmanager
def running_worker(environment: Mapping[str, str], receiver: BenchmarkReceiver, *, log: Path, options: list[str]) -> Iterator[Watched]:
    """Run `manage.py worker` while the block runs; it may post to this receiver."""
    variables = {**environment, **as_in_production(), "OUTBOUND_CA_BUNDLE": str(receiver.certificate)}
    with log.open("ab") as lines, _running(["manage.py", "worker", *options], variables, lines) as process:
        yield Watched(process)


@contextmanager
def running_receiver(folder: Path, *, seconds: float) -> Iterator[BenchmarkReceiver]:
    """Run a receiver with TLS that answers after so many seconds."""
    certificate, log = _make_certificate(folder), folder / f"received-{seconds}"
    log.touch()
    with _running([*RECEIVER, str(log), str(seconds), str(certificate)], os.environ, subprocess.PIPE) as process:
        port = int(process.stdout.readline())
        yield BenchmarkReceiver(Watched(process), port, log, certificate)


def as_in_production() -> dict[str, str]:
    """Return what a worker needs that sends to this machine. With DEBUG, Django would keep every query; without it, it wants the keys."""
    return {
        "DEBUG": "0",
        "SECRET_KEY": settings.SECRET_KEY,
        "LINK_KEYS": ",".join(settings.LINK_KEYS),
        "LINK_HASH_KEY": settings.LINK_HASH_KEY,
        "ALLOWED_HOSTS": "localhost",
        "OUTBOUND_ALLOW_LOOPBACK": "1",
    }


@contextmanager
def _running(arguments, environment, output):
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=output,
        stderr=None if output is subprocess.PIPE else output,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()


def _make_certificate(folder):
    """A certificate for localhost that signs itself: server and bundle read the same file."""
    path = folder / "localhost.pem"
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    usage = x509.KeyUsage(True, False, False, False, False, True, False, False, False)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=7))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + private)
    return path

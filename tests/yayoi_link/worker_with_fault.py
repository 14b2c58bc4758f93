"""A worker to which something happens at one point of its first delivery: python -m … POINT SIGKILL|SIGSTOP|ERROR

Only from inside it can be stopped exactly between two instructions. Everything else is the worker as it is.
"""

import ctypes
import os
import signal
import sys
import time

import django

# Longer than a worker may take between gate and first byte.
STOPS_WITHIN = 1.5  # seconds
PR_SET_PDEATHSIG = 1  # of <linux/prctl.h>
POINTS = {
    "before the gate": ("pass_gate", "before"),
    "after the gate": ("pass_gate", "after"),
    "before the record": ("record_patiently", "before"),
}


def happen(fault):
    if fault == "ERROR":
        raise RuntimeError("http://127.0.0.1/link/s3cr3t-t0k3n-abcd")
    sent = time.monotonic()
    os.kill(os.getpid(), signal.Signals[fault])
    # Other threads are stopped first: go no further before it took effect.
    while time.monotonic() < sent + STOPS_WITHIN:
        time.sleep(0.01)


def with_fault(call, *, when, fault):
    faults = [fault]

    def faulty(*arguments):
        if when == "before" and faults:
            happen(faults.pop())
        result = call(*arguments)
        if when == "after" and faults:
            happen(faults.pop())
        return result

    return faulty


def end_with_the_tests():
    """A frozen process hears no request to end: without this it would outlive a test run that was killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def main(point, fault):
    end_with_the_tests()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regi_admin.settings")
    django.setup()
    from django.core.management import call_command

    from yayoi_link import delivery

    name, when = POINTS[point]
    setattr(delivery, name, with_fault(getattr(delivery, name), when=when, fault=fault))
    call_command("worker")


if __name__ == "__main__":
    main(*sys.argv[1:])

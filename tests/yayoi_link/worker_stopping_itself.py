"""A worker that sends itself a signal at one point of each delivery: python -m … POINT SIGNAL

Only from inside it can be stopped exactly between two instructions. Everything else is the worker as it is.
"""

import os
import signal
import sys
import time

import django

# Longer than a worker may take between gate and first byte.
STOPS_WITHIN = 1.5  # seconds


def stop_here(signum):
    """Send the signal and go no further before it took effect: other threads are stopped first."""
    sent = time.monotonic()
    os.kill(os.getpid(), signum)
    while time.monotonic() < sent + STOPS_WITHIN:
        time.sleep(0.01)


def stop_before(call, signum):
    def stopping(*arguments):
        stop_here(signum)
        return call(*arguments)

    return stopping


def stop_after(call, signum):
    def stopping(*arguments):
        result = call(*arguments)
        stop_here(signum)
        return result

    return stopping


def main(point, signal_name):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regi_admin.settings")
    django.setup()
    from django.core.management import call_command

    from yayoi_link import delivery

    stop, name = {
        "before the gate": (stop_before, "pass_gate"),
        "after the gate": (stop_after, "pass_gate"),
        "before the record": (stop_before, "record_patiently"),
    }[point]
    setattr(delivery, name, stop(getattr(delivery, name), signal.Signals[signal_name]))
    call_command("worker")


if __name__ == "__main__":
    main(*sys.argv[1:])

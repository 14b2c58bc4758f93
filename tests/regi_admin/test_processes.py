import os
import subprocess
import sys

from regi_admin import processes

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)"


def start(code, **options):
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, start_new_session=True, **options)


def test_a_process_that_does_not_listen_is_ended_by_force(monkeypatch):
    monkeypatch.setattr(processes, "ENDING_SECONDS", 0.1)
    with start(STUBBORN) as stubborn:
        stubborn.stdout.readline()

        processes.end([stubborn])

        assert stubborn.returncode == -9


def test_the_number_of_a_process_that_ended_before_is_not_used_again(monkeypatch):
    killed = []
    monkeypatch.setattr(os, "killpg", lambda group, signum: killed.append(group))
    with start("pass") as ended:
        ended.wait()

        processes.end([ended])

    assert killed == []


def test_two_free_ports_are_two_ports():
    first, second = processes.free_ports(2)

    assert (first != second, processes.is_free(first), processes.is_free(second)) == (True, True, True)

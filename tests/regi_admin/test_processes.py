import subprocess
import sys

import psutil

from regi_admin import processes

DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(600)"
LEAVES_ONE_BEHIND = "import subprocess; print(subprocess.Popen(['sleep', '600'], stdout=subprocess.DEVNULL).pid, flush=True)"


def start(code):
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, start_new_session=True)


def test_a_process_that_does_not_listen_is_ended_by_force():
    with start(DEAF) as deaf:
        deaf.stdout.readline()

        processes.end([deaf], seconds=0.1)

    assert deaf.returncode == -9


def test_the_number_of_a_process_that_ended_before_may_belong_to_somebody_else():
    with start(LEAVES_ONE_BEHIND) as ended:
        somebody_else = psutil.Process(int(ended.stdout.readline()))
        ended.wait()

        processes.end([ended])

    assert somebody_else.is_running()
    somebody_else.kill()


def test_two_free_ports_are_two_ports():
    first, second = processes.free_ports(2)

    assert (first != second, processes.is_free(first), processes.is_free(second)) == (True, True, True)

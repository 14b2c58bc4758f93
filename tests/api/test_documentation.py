"""The examples of docs/api.md, in their order, as a reader would paste them."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

SHELL = "/bin/sh"
PAGE = Path(__file__).resolve().parents[2] / "docs" / "api.md"
EXAMPLE = re.compile(r"```sh\n(.*?)```\s*```json\n(.*?)```", re.DOTALL)


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
def test_every_example_is_answered_as_it_says(live_server, till):
    environment = {"PATH": os.environ.get("PATH", os.defpath), "PORTAL": live_server.url, "TOKEN": till.token}
    examples = EXAMPLE.findall(PAGE.read_text(encoding="utf-8"))

    answers = [subprocess.run([SHELL, "-c", command], env=environment, capture_output=True, check=True).stdout for command, _ in examples]

    assert [json.loads(answer) for answer in answers] == [json.loads(answer) for _, answer in examples]
    assert len(examples) == 8

"""Schemathesis makes requests from /openapi.json and finds no 500, no undocumented status and no
answer against its schema. It is not in Debian: pip takes it into build/, and the test is skipped
aloud where pip reaches nothing."""
import os
import re
import subprocess
import sys

import pytest
from conftest import import_seed
from harness.service import ROOT, clean_environment

VERSION = "4.32.5"
ENVIRONMENT = ROOT / "build" / f"schemathesis-{VERSION}"
INSTALL_LIMIT = 180  # seconds
RUN_LIMIT = 240
EXAMPLES = os.environ.get("GINNEL_SCHEMATHESIS_EXAMPLES", "20")  # an operation
CHECKS = ("not_a_server_error", "status_code_conformance", "content_type_conformance",
          "response_schema_conformance", "response_headers_conformance")


def install() -> str | None:
    """Puts Schemathesis into build/; gives why that was not possible."""
    command = ENVIRONMENT / "bin/st"
    if command.exists():
        return None
    pip = [ENVIRONMENT / "bin/pip", "install", "-q", "--retries", "1", "--timeout", "20",
           f"schemathesis=={VERSION}"]
    for step in ([sys.executable, "-m", "venv", "--clear", ENVIRONMENT], pip):
        try:
            done = subprocess.run(step, env=clean_environment(), capture_output=True, text=True,
                                  timeout=INSTALL_LIMIT)
        except (OSError, subprocess.TimeoutExpired) as error:
            return str(error)
        if done.returncode != 0:
            return (done.stderr or done.stdout).strip().splitlines()[-1]
    return None if command.exists() else "pip installed no `st`"


def test_no_request_finds_a_fault_or_an_undocumented_answer(start_service, tmp_path, report):
    reason = install()
    if reason:
        pytest.skip(f"schemathesis {VERSION} could not be installed: {reason}")
    folder = tmp_path / "served"
    folder.mkdir()
    import_seed(folder)
    service = start_service(folder=folder)
    done = subprocess.run(
        [ENVIRONMENT / "bin/st", "run", f"{service.url}/openapi.json", "--checks", ",".join(CHECKS),
         "--phases", "examples,coverage,fuzzing", "--max-examples", EXAMPLES, "--no-color"],
        cwd=tmp_path, env=clean_environment(), capture_output=True, text=True, timeout=RUN_LIMIT)
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
    cases = re.search(r"(\d+) generated, (\d+) passed", done.stdout)
    assert cases and cases[1] == cases[2] and int(cases[1]) > 300, done.stdout
    report(f"{cases[1]} requests made from the document, none found a fault")

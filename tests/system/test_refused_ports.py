"""An address that the server cannot have: `serve` says so, and `ginnel doctor` what cures it."""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile

import pytest
from harness.service import BINARY, clean_environment, run_cli


@pytest.fixture
def as_nobody():
    """as_nobody("serve", ...) runs it as a user who is not root, in a network where the ports below
    1024 are root's."""
    nobody = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
    enter = ["unshare", "--net", *([] if os.geteuid() == 0 else ["--map-root-user"]), *nobody]
    if subprocess.run([*enter, "true"], env=clean_environment(), capture_output=True).returncode:
        pytest.skip("no namespaces here")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="ginnel-port-"))
    folder.chmod(0o777)
    shutil.copy(BINARY, folder / "ginnel")

    def run(*words) -> subprocess.CompletedProcess:
        return subprocess.run([*enter, folder / "ginnel", *words], cwd=folder, text=True,
                              env=clean_environment(), capture_output=True, timeout=60)

    yield run
    shutil.rmtree(folder)


def port_told(done: subprocess.CompletedProcess) -> dict:
    assert done.returncode == 1, done.stderr
    finding, = [finding for finding in json.loads(done.stdout) if finding["area"] == "port"]
    assert finding["level"] == "fail"
    return finding


@pytest.mark.parametrize("listen", ["0.0.0.0:80", "0.0.0.0:443", "127.0.0.1:1023"])
def test_a_port_that_is_kept_for_root_is_told_with_what_opens_it(listen, as_nobody):
    port = port_told(as_nobody("doctor", "--json", "--http.listen", listen))
    assert port["text"] == f"{listen}: Permission denied"
    for cure in ("CAP_NET_BIND_SERVICE", "setcap cap_net_bind_service=+ep", "http.listen",
                 f"net.ipv4.ip_unprivileged_port_start={listen.split(':')[1]}"):
        assert cure in port["cure"], port
    assert "ss -ltnp" not in port["cure"], "nobody listens there"
    started = as_nobody("serve", "--http.listen", listen)
    assert started.returncode == 1 and "Permission denied" in started.stderr
    assert "ginnel doctor" in started.stderr


def test_an_address_of_another_machine_is_told(tmp_path):
    port = port_told(run_cli("doctor", "--json", "--http.listen", "192.0.2.7:8080", cwd=tmp_path))
    assert "ip -br address" in port["cure"] and "ss -ltnp" not in port["cure"]

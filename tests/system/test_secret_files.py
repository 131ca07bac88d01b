"""Secrets in files: `api.key_file` in the file of settings, and what `ginnel doctor` says of files
that others may read."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

import pytest
from harness import secrets
from harness.service import BINARY, clean_environment, run_cli

KEY = secrets.keep("the-key-in-a-file-of-its-own")
OTHER = secrets.keep("another-key-of-more-than-16")


def in_file(path: pathlib.Path, text: str, mode: int = 0o600) -> pathlib.Path:
    path.write_text(text)
    path.chmod(mode)
    return path


def opens(api, key: str) -> bool:
    status = api.get("/users", headers={"X-API-Key": key}).status
    assert status in (200, 401)
    return status == 200


def test_a_key_is_read_from_the_file_that_the_settings_name(start_service, tmp_path):
    key = in_file(tmp_path / "key", f"\t{KEY}\r\n\n")
    folder = tmp_path / "served"
    folder.mkdir()
    in_file(folder / "ginnel.toml", f'[api]\nkey_file = "{key}"\n')
    service = start_service(folder=folder)
    api = service.api()
    assert opens(api, KEY) and not opens(api, OTHER)
    assert service.stop() == 0
    api = start_service(folder=folder, env={"API_KEY": OTHER}).api()
    assert opens(api, OTHER) and not opens(api, KEY), "the environment has the last word"
    done = run_cli("config", "check", cwd=folder)
    line = next(line for line in done.stdout.splitlines() if line.startswith("api.key "))
    assert line.endswith("= ***  (ginnel.toml:2)") and KEY not in done.stdout


@pytest.mark.parametrize("settings, fault", [
    ('[api]\nkey = "{key}"\nkey_file = "x"\n', "3: api.key_file: given twice: also by api.key"),
    ('[api]\nkey_file = "nowhere"\n',
     "2: api.key_file: nowhere cannot be read: No such file or directory"),
    ('[api]\nkey_file = "empty"\n', "2: api.key_file: empty is empty"),
    ('[api]\nkey_file = "short"\n',
     "2: api.key_file: must be 16 to 256 printable ASCII characters without a space"),
    ('[api]\nkey_file = ["x"]\n', "2: api.key_file: must be the path of a file"),
    ('[database]\nurl_file = "short"\n', "2: database.url_file: must be sqlite:PATH"),
    ('[links]\npublic_url_file = "x"\n', "2: links.public_url_file: no such setting"),
    ('[api]\nkeyfile = "x"\n', "2: api.keyfile: no such setting; did you mean api.key_file?"),
])
def test_what_is_wrong_with_it_is_said(settings, fault, tmp_path):
    in_file(tmp_path / "empty", "\n")
    in_file(tmp_path / "short", "hunter2")
    in_file(tmp_path / "ginnel.toml", settings.format(key=KEY))
    done = run_cli("config", "check", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith(f"ginnel: ginnel.toml:{fault}"), done.stderr
    assert "hunter2" not in done.stderr and KEY not in done.stderr


def secrets_told(folder: pathlib.Path, *flags, env=None) -> list[dict]:
    words = ["--json", "--http.listen", "127.0.0.1:0", "--database.url", "sqlite:a.db", *flags]
    done = run_cli("doctor", *words, cwd=folder, env=env)
    assert done.returncode == 0, done.stdout + done.stderr
    assert KEY not in done.stdout and OTHER not in done.stdout
    return [finding for finding in json.loads(done.stdout) if finding["area"] == "secrets"]


WAYS = {  # what names the file with the secret, and that file
    "a key among the settings": ("ginnel.toml", {}),
    "api.key_file": ("key", {}),
    "API_KEY_FILE": ("key", {"API_KEY_FILE": "key"}),
    "GINNEL_API_KEY_FILE": ("key", {"GINNEL_API_KEY_FILE": "key"}),
    "a key that the environment replaces": ("ginnel.toml", {"API_KEY": OTHER}),
}


@pytest.mark.parametrize("way", WAYS)
def test_doctor_names_a_file_that_others_may_read(way, tmp_path, report):
    name, env = WAYS[way]
    in_file(tmp_path / "key", KEY)
    settings = {"ginnel.toml": f'key = "{KEY}"', "key": 'key_file = "key"'}[name]
    in_file(tmp_path / "ginnel.toml", "[api]\n" + ("" if "KEY_FILE" in way else settings) + "\n")
    told = secrets_told(tmp_path, env=env)
    assert [(finding["level"], finding["text"]) for finding in told] == [
        ("ok", f"{name}: closed to others")]
    modes = (0o644, 0o604, 0o666, 0o602, 0o660)
    for mode in modes:
        (tmp_path / name).chmod(mode)
        finding, = secrets_told(tmp_path, env=env)
        assert finding["level"] == "warn" and finding["text"].startswith(f"{name} holds a secret")
        assert f"(mode {mode:04o})" in finding["text"]
        command = re.split(r"; | \(", finding["cure"])[0].split()
        subprocess.run(["chmod", *command[1:]], cwd=tmp_path, check=True)
        assert secrets_told(tmp_path, env=env)[0]["level"] == "ok", "the cure cures"
    report(f"{len(modes)} modes, each cured by what doctor says")


def test_doctor_says_nothing_of_files_without_a_secret(tmp_path):
    settings = '[api]\nkey = "none"\n[links]\nown_hosts = ["a.org"]\n'
    in_file(tmp_path / "ginnel.toml", settings, 0o666)
    assert secrets_told(tmp_path) == []
    assert secrets_told(tmp_path, env={"API_KEY": KEY}) == []


def test_doctor_warns_of_a_key_in_a_flag(tmp_path):
    finding, = secrets_told(tmp_path, "--api.key", KEY)
    assert finding["level"] == "warn" and "--api.key" in finding["text"]
    assert "api.key_file" in finding["cure"]


def test_doctor_knows_what_cures_a_port_that_is_refused():
    """As a user who is not root, in a network where ports below 1024 are root's."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="ginnel-port-"))
    try:
        folder.chmod(0o777)
        shutil.copy(BINARY, folder / "ginnel")
        nobody = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
        enter = ["unshare", "--net", *nobody] if os.geteuid() == 0 else ["unshare", "-rn", *nobody]
        if subprocess.run([*enter, "true"], env=clean_environment(),
                          capture_output=True).returncode != 0:
            pytest.skip("no namespaces here")
        done = subprocess.run(
            [*enter, folder / "ginnel", "doctor", "--json", "--http.listen", "0.0.0.0:80"],
            cwd=folder, env=clean_environment(), capture_output=True, text=True, timeout=60)
        port, = [found for found in json.loads(done.stdout) if found["area"] == "port"]
        assert (port["level"], port["text"]) == ("fail", "0.0.0.0:80: Permission denied")
        for cure in ("CAP_NET_BIND_SERVICE", "setcap cap_net_bind_service=+ep",
                     "net.ipv4.ip_unprivileged_port_start=80", "http.listen"):
            assert cure in port["cure"]
        assert "ss -ltnp" not in port["cure"], "nobody listens there"
    finally:
        shutil.rmtree(folder)


@pytest.mark.parametrize("listen, cure", [("192.0.2.7:8080", "ip -br address")])
def test_doctor_knows_what_cures_an_address_of_another_machine(listen, cure, tmp_path):
    done = run_cli("doctor", "--json", "--http.listen", listen, cwd=tmp_path)
    assert done.returncode == 1
    port, = [finding for finding in json.loads(done.stdout) if finding["area"] == "port"]
    assert cure in port["cure"], port

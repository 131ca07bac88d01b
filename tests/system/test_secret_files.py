"""Secrets in files: `api.key_file` in the file of settings, and what `ginnel doctor` says of files
that others may read."""
import json
import pathlib
import re
import subprocess

import pytest
from harness import secrets
from harness.service import run_cli

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

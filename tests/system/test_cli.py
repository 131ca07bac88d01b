"""The command line: what an operator types, gets wrong, and is told."""
import json
import os
import pty
import re
import select
import signal
import socket
import subprocess

import pytest

from harness.http_client import Client
from harness.raw_http import RawConnection
from harness.service import BINARY, clean_environment, run_cli, split_address


def has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
        return True
    except OSError:
        return False


def test_help_names_every_command(tmp_path):
    for words in (["--help"], ["-h"], ["help"]):
        done = run_cli(*words, cwd=tmp_path)
        if words == ["help"] and done.returncode != 0:
            continue  # not a command of its own
        assert done.returncode == 0, done.stderr
        for command in ("serve", "migrate", "import", "config", "version"):
            assert re.search(rf"^\s+{command}\b", done.stdout, re.MULTILINE), command


def test_without_a_command_the_help_is_shown_and_the_status_is_2(tmp_path):
    done = run_cli(cwd=tmp_path)
    assert done.returncode == 2
    assert "serve" in done.stdout + done.stderr


@pytest.mark.parametrize("words", [["frobnicate"], ["serve", "--no-such-flag"], ["serve", "extra"],
                                   ["import", "gnomes", "x.csv"], ["import"]])
def test_wrong_usage_is_2_and_names_the_word(tmp_path, words):
    done = run_cli(*words, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr and done.stdout == ""
    assert list(tmp_path.iterdir()) == [], "nothing was made"


def test_version_says_which(tmp_path):
    done = run_cli("version", cwd=tmp_path)
    assert done.returncode == 0
    for what in (r"ginnel \d+\.\d+\.\d+", r"Boost \d+\.\d+", r"SQLite 3\.\d+\.\d+"):
        assert re.search(rf"^{what}", done.stdout, re.MULTILINE), done.stdout
    assert run_cli("--version", cwd=tmp_path).stdout.split()[:2] == done.stdout.split()[:2]


def test_each_command_has_help(tmp_path):
    for command in ("serve", "migrate", "import", "config"):
        done = run_cli(command, "--help", cwd=tmp_path)
        assert done.returncode == 0 and command in done.stdout


# --- settings ----------------------------------------------------------------------------------


def test_config_check_passes_the_defaults(tmp_path):
    done = run_cli("config", "check", cwd=tmp_path)
    assert done.returncode == 0, done.stderr


def test_config_check_tells_every_fault_at_once(tmp_path):
    file = tmp_path / "ginnel.toml"
    file.write_text('[http]\nthreads = 0\nmax_body_bytes = "lots"\n\n[link]\npublic_url = "x"\n')
    done = run_cli("config", "check", "--config", file, cwd=tmp_path)
    assert done.returncode != 0
    for word in ("http.threads", "http.max_body_bytes", "link.public_url"):
        assert word in done.stderr, done.stderr
    assert "links.public_url" in done.stderr, "the nearest name is told"


def test_an_unknown_flag_is_told_the_nearest_name(tmp_path):
    done = run_cli("serve", "--http.lissten", "127.0.0.1:0", cwd=tmp_path)
    assert done.returncode == 2
    assert "http.lissten" in done.stderr and "http.listen" in done.stderr


def test_an_unknown_name_in_the_environment_is_told_too(tmp_path):
    done = run_cli("config", "check", cwd=tmp_path, env={"GINNEL_HTTP_LISSTEN": "x"})
    assert done.returncode != 0
    assert "GINNEL_HTTP_LISSTEN" in done.stderr and "GINNEL_HTTP_LISTEN" in done.stderr


def test_flags_come_before_the_environment_before_the_file(start_service, tmp_path):
    file = tmp_path / "ginnel.toml"

    def url_of(*options, env=None):
        service = start_service("--config", file, *options, env=env)
        api = service.api()
        draft = {"user_id": api.make_user()["id"], "original_url": "https://b.cd/", "title": ""}
        short = api.post("/urls", draft).field("X-Short-URL")
        assert service.stop() == 0
        return short.rsplit("/", 1)[0]

    file.write_text('[links]\npublic_url = "http://file.localhost"\n')
    env = {"GINNEL_LINKS_PUBLIC_URL": "http://env.localhost"}
    assert url_of() == "http://file.localhost"
    assert url_of(env=env) == "http://env.localhost"
    flag = ("--links.public_url", "http://flag.localhost")
    assert url_of(*flag, env=env) == "http://flag.localhost"


def test_the_customary_name_of_the_database_is_known(tmp_path):
    env = {"DATABASE_URL": f"sqlite:{tmp_path / 'customary.db'}"}
    assert run_cli("migrate", cwd=tmp_path, env=env).returncode == 0
    assert (tmp_path / "customary.db").exists()


def test_config_docs_names_every_setting(tmp_path):
    done = run_cli("config", "docs", cwd=tmp_path)
    assert done.returncode == 0
    for name in ("http.listen", "database.url", "links.public_url", "log.level"):
        assert f"`{name}`" in done.stdout


# --- starting ----------------------------------------------------------------------------------


def test_a_port_in_use_names_the_setting_to_change(fresh_service, tmp_path):
    taken = f"127.0.0.1:{fresh_service.port}"
    url = f"sqlite:{tmp_path / 'other.db'}"
    done = run_cli("serve", "--http.listen", taken, "--database.url", url, cwd=tmp_path)
    assert done.returncode == 1
    assert taken in done.stderr and "http.listen" in done.stderr


def test_a_database_that_cannot_be_opened_names_the_setting(tmp_path):
    (tmp_path / "folder.db").mkdir()
    done = run_cli(
        "serve", "--http.listen", "127.0.0.1:0",
        "--database.url", f"sqlite:{tmp_path / 'folder.db'}", cwd=tmp_path,
    )
    assert done.returncode == 1
    assert "folder.db" in done.stderr


def test_a_file_that_is_no_database_is_left_alone(tmp_path):
    file = tmp_path / "photo.db"
    file.write_bytes(b"not a database, but dear to somebody\n" * 100)
    before = file.read_bytes()
    done = run_cli(
        "serve", "--http.listen", "127.0.0.1:0", "--database.url", f"sqlite:{file}", cwd=tmp_path
    )
    assert done.returncode == 1 and "photo.db" in done.stderr
    assert file.read_bytes() == before


def test_it_listens_on_several_addresses(start_service):
    listen = "127.0.0.1:0, 127.0.0.2:0"
    if has_ipv6():
        listen += ", [::1]:0"
    service = start_service(listen=listen)
    service.log.wait_for(lambda line: False, 0.2)  # the other lines follow at once
    addresses = [
        split_address(line["address"])
        for line in service.log.lines
        if line["message"] == "listening"
    ]
    assert [host for host, _ in addresses][:2] == ["127.0.0.1", "127.0.0.2"]
    assert len(addresses) == (3 if has_ipv6() else 2)
    for host, port in addresses:
        assert Client(host, port).get("/health").status == 200


def shown_on_a_terminal(tmp_path, env) -> str:
    """What `ginnel serve` writes to a terminal until it listens."""
    ours, theirs = pty.openpty()
    words = ("serve", "--http.listen", "127.0.0.1:0", "--database.url", "sqlite::memory:")
    process = subprocess.Popen([str(BINARY), *words], cwd=tmp_path, env=clean_environment(env),
                               stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs)
    os.close(theirs)
    shown = ""
    while "listening" not in shown and select.select([ours], [], [], 20)[0]:
        shown += os.read(ours, 65536).decode()
    process.terminate()
    process.wait(20)
    os.close(ours)
    return shown


@pytest.mark.parametrize("env, colour", [
    ({"TERM": "xterm-256color"}, True), ({"TERM": "vt100", "NO_COLOR": ""}, True),
    ({"TERM": "dumb"}, False), ({"TERM": "dumb", "NO_COLOR": ""}, False),
    ({"TERM": "xterm", "NO_COLOR": "1"}, False),
])
def test_colour_is_for_terminals_that_have_it(tmp_path, env, colour):
    shown = shown_on_a_terminal(tmp_path, env)
    assert "listening" in shown
    assert ("\x1b[" in shown) == colour, shown


@pytest.mark.skipif(not has_ipv6(), reason="no IPv6 here")
def test_ipv6_alone(start_service):
    service = start_service(listen="[::1]:0")
    assert service.host == "::1"
    with RawConnection(service) as raw:
        assert raw.exchange(b"GET /health HTTP/1.1\r\nHost: [::1]\r\n\r\n").status == 200


def test_localhost_is_every_loopback_address(start_service):
    service = start_service(listen="localhost:0")
    assert Client("127.0.0.1", service.port).get("/health").status == 200


def test_the_database_lies_where_it_is_told_and_folders_are_made(tmp_path):
    url = "sqlite:deep/er/links.db"
    done = run_cli("migrate", "--database.url", url, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "deep/er/links.db").exists()
    again = run_cli("migrate", "--database.url", url, cwd=tmp_path)
    assert again.returncode == 0


def test_without_migrations_it_says_what_to_run(tmp_path):
    done = run_cli(
        "serve", "--http.listen", "127.0.0.1:0", "--database.migrate", "false",
        "--database.url", f"sqlite:{tmp_path / 'old.db'}", cwd=tmp_path,
    )
    assert done.returncode == 1 and "ginnel migrate" in done.stderr


def test_a_database_in_memory_serves(start_service):
    service = start_service("--database.url", "sqlite::memory:")
    api = service.api()
    link = api.make_link()
    assert api.get(f"/{link['short_code']}").status == 302
    assert not service.database.exists()


# --- ending ------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_with_0(start_service, number):
    service = start_service()
    service.signal(number)
    assert service.process.wait(10) == 0
    service.log.join()
    assert service.log.lines[-1]["message"] == "stopped"


def test_sighup_and_sigpipe_do_not_surprise(start_service):
    service = start_service()
    service.signal(signal.SIGPIPE)
    assert service.api().get("/health").status == 200


def test_what_was_written_before_the_end_is_there_after_a_start(start_service, tmp_path):
    folder = tmp_path / "kept"
    service = start_service(folder=folder)
    link = service.api().make_link()
    assert service.stop() == 0
    again = start_service(folder=folder).api()
    assert again.get(f"/urls/{link['id']}").json() == link
    assert again.get(f"/{link['short_code']}").status == 302


def started_in_memory(tmp_path, *options) -> subprocess.Popen:
    """`ginnel serve` with its standard error unread."""
    words = ("serve", "--http.listen", "127.0.0.1:0", "--database.url", "sqlite::memory:")
    return subprocess.Popen(
        [str(BINARY), *words, *options],
        cwd=tmp_path,
        env=clean_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def read_until_listening(process: subprocess.Popen) -> list[dict]:
    lines = []
    while not lines or lines[-1]["message"] != "listening":
        lines.append(json.loads(process.stderr.readline()))
    return lines


def test_a_signal_the_moment_it_listens_is_heard(tmp_path, report):
    """Whoever reads "listening" may end it: it must not die of the signal, which drains nothing."""
    rounds = 10
    for _ in range(rounds):
        process = started_in_memory(tmp_path)
        read_until_listening(process)
        process.terminate()
        process.communicate(timeout=20)
        assert process.returncode == 0
    report(f"{rounds} starts ended at once, each with status 0")


def test_nothing_but_json_lines_on_stderr_and_nothing_on_stdout(tmp_path):
    process = started_in_memory(tmp_path)
    assert all({"time", "level", "message"} <= set(line) for line in read_until_listening(process))
    process.terminate()
    out, err = process.communicate(timeout=20)
    assert process.returncode == 0 and out == b""
    for line in err.splitlines():
        json.loads(line)

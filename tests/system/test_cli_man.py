"""The manual page and the shells' completions: what they say is what `--help` says."""
import contextlib
import os
import pty
import re
import select
import shutil
import subprocess
import time

import pytest
from harness.service import BINARY, clean_environment, run_cli

ENVIRONMENT = {"PATH": f"{BINARY.parent}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}


def commands_of(tmp_path) -> list[list[str]]:
    """Every command that does something, by walking through the helps."""

    def below(*words):
        lines = run_cli(*words, "--help", cwd=tmp_path).stdout.splitlines()
        found = []
        for number, line in enumerate(lines):
            name = re.match(r"  ([a-z]+)(  |$)", line)
            if name and not lines[number].startswith("  -"):
                found.append(name.group(1))
        return found

    leaves = []
    for name in below():
        deeper = below(name) if name in ("link", "user", "config", "journal") else []
        leaves += [[name, sub] for sub in deeper] or [[name]]
    return leaves


def flags_in_help(tmp_path, command) -> set[str]:
    text = run_cli(*command, "--help", cwd=tmp_path).stdout
    return set(re.findall(r"^  (?:-h,)?(--[a-z][\w.-]*)", text, re.MULTILINE)) | set(
        re.findall(r"^  --[\w.-]+,(--[\w.-]+)", text, re.MULTILINE)
    )


def test_the_help_is_one_screen(tmp_path):
    lines = run_cli("--help", cwd=tmp_path).stdout.splitlines()
    assert len(lines) <= 50 and max(map(len, lines)) <= 100, "\n".join(lines)


def test_the_walk_finds_the_commands(tmp_path):
    leaves = commands_of(tmp_path)
    for command in (["serve"], ["link", "create"], ["user", "delete"], ["journal", "replay"],
                    ["config", "docs"], ["man"], ["completions"]):
        assert command in leaves, leaves


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    folder = tmp_path_factory.mktemp("man")
    done = run_cli("man", cwd=folder)
    assert done.returncode == 0 and done.stderr == ""
    (folder / "ginnel.1").write_text(done.stdout)
    return folder / "ginnel.1"


def test_the_page_is_ascii_and_has_every_command_and_setting(page, tmp_path):
    text = page.read_bytes().decode("ascii")
    for command in commands_of(tmp_path):
        assert f".SS \\fBginnel {' '.join(command)}\\fR" in text, command
    settings = re.findall(r"^\| `([a-z_.]+)`", run_cli("config", "docs", cwd=tmp_path).stdout,
                          re.MULTILINE)
    assert len(settings) > 30
    for name in settings:
        assert f"\\fB\\-\\-{name}\\fR" in text, name


@pytest.mark.skipif(not shutil.which("groff"), reason="no groff here")
def test_groff_has_nothing_to_warn_of(page):
    done = subprocess.run(
        ["groff", "-man", "-Tutf8", "-ww", "-rLL=90n", str(page)], capture_output=True, text=True,
        env={**clean_environment(), "GROFF_NO_SGR": "1"}, timeout=60,
    )
    assert done.returncode == 0 and done.stderr == "", done.stderr
    shown = re.sub(r".\x08", "", done.stdout)
    assert "ginnel link create [FLAGS] URL" in shown
    assert "--http.listen X" in shown
    assert "~/.local/share/bash-completion/completions/ginnel" in shown, "as it must be typed"


@pytest.mark.skipif(not shutil.which("mandoc"), reason="no mandoc here")
def test_mandoc_has_nothing_to_warn_of(page):
    done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", str(page)],
                          capture_output=True, text=True, timeout=60)
    complaints = [line for line in done.stdout.splitlines() if "missing date" not in line]
    assert complaints == []


# --- completions -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def scripts(tmp_path_factory):
    folder = tmp_path_factory.mktemp("completions")
    for shell in ("bash", "zsh", "fish"):
        done = run_cli("completions", shell, cwd=folder)
        assert done.returncode == 0 and done.stderr == ""
        (folder / shell).write_text(done.stdout)
    return folder


def in_bash(scripts, *words, cwd=None) -> list[str]:
    """What bash's completion offers for the last of the words."""
    program = (
        f'source {scripts}/bash; COMP_WORDS=(ginnel "$@"); COMP_CWORD=$#; _ginnel; '
        'printf "%s\\n" "${COMPREPLY[@]}"'
    )
    done = subprocess.run(["bash", "--norc", "-uc", program, "bash", *words], capture_output=True,
                          text=True, cwd=cwd, timeout=20,
                          env={**clean_environment(), **ENVIRONMENT})
    assert done.returncode == 0 and done.stderr == "", done.stderr
    return done.stdout.split()


def test_bash_is_offered_what_can_follow(scripts, tmp_path):
    assert in_bash(scripts, "lin") == ["link"]
    assert set(in_bash(scripts, "link", "")) == {
        "create", "list", "show", "enable", "disable", "delete", "stats"}
    assert in_bash(scripts, "link", "list", "--st") == ["--state"]
    assert in_bash(scripts, "link", "list", "--state", "") == ["active", "disabled"]
    assert in_bash(scripts, "import", "") == ["users", "urls", "events"]
    assert in_bash(scripts, "import", "--rejects", "x", "us") == ["users"]
    assert in_bash(scripts, "completions", "z") == ["zsh"]
    assert in_bash(scripts, "serve", "--http.li") == ["--http.listen"]
    assert in_bash(scripts, "nosuch", "") != ["users", "urls", "events"]
    (tmp_path / "users.csv").touch()
    assert in_bash(scripts, "import", "users", "us", cwd=tmp_path) == ["users.csv"]
    assert in_bash(scripts, "serve", "--config", "us", cwd=tmp_path) == ["users.csv"]


def test_nothing_is_a_flag_behind_two_hyphens(scripts):
    for words in (("link", "show", "--"), ("link", "stats", "--json", "--"), ("link", "list", "--"),
                  ("link", "delete", "--yes", "--", "-abc"), ("serve", "--")):
        for current in ("-", "--", "--j", ""):
            assert in_bash(scripts, *words, current) == [], (words, current)
    assert in_bash(scripts, "link", "list", "--", "--state", "") == []
    assert in_bash(scripts, "import", "--", "us") == ["users"]
    assert in_bash(scripts, "import", "--rejects", "x", "--", "us") == ["users"]


SETTINGS_OF_WORDS = {"--log.format": {"auto", "json", "text"},
                     "--log.level": {"debug", "info", "warn", "error"},
                     "--http.client_address_field": {"x-forwarded-for", "forwarded", "either"},
                     "--database.migrate": {"true", "false"}}


def test_bash_is_offered_the_values_of_settings_and_flags(scripts, tmp_path):
    for flag, values in SETTINGS_OF_WORDS.items():
        assert set(in_bash(scripts, "serve", flag, "")) == values, flag
        assert set(in_bash(scripts, "serve", flag, "=", "")) == values, "as bash divides FLAG=VALUE"
        assert set(in_bash(scripts, "serve", flag, "=")) == values
    assert in_bash(scripts, "serve", "--log.level", "=", "w") == ["warn"]
    assert in_bash(scripts, "link", "stats", "x", "--period", "=", "") == [
        "hour", "day", "week", "month"]
    (tmp_path / "countries.mmdb").touch()
    for flag in ("--clicks.country_file", "--journal.folder", "--bulk.folder"):
        assert in_bash(scripts, "serve", flag, "cou", cwd=tmp_path) == ["countries.mmdb"], flag
    assert in_bash(scripts, "serve", "--http.threads", "") == []


def test_bash_asks_the_binary_that_is_typed(scripts, tmp_path):
    program = (f'source {scripts}/bash; COMP_WORDS=("$1" ""); COMP_CWORD=1; _ginnel; '
               'printf "%s\\n" "${COMPREPLY[@]}"')
    for typed_name, offered in ((str(BINARY), True), ("gin", False)):
        done = subprocess.run(["bash", "--norc", "-c", program, "bash", typed_name],
                              capture_output=True, text=True, cwd=tmp_path,
                              env=clean_environment(), timeout=20)
        assert done.returncode == 0 and done.stderr == "", done.stderr
        assert ("serve" in done.stdout.split()) == offered, "no word, and no noise, without one"


def test_bash_is_offered_every_flag_of_the_help(scripts, tmp_path, report):
    flags = 0
    for command in commands_of(tmp_path):
        shown = flags_in_help(tmp_path, command)
        assert shown, command
        assert shown <= set(in_bash(scripts, *command, "--")), command
        flags += len(shown)
    report(f"{flags} flags of {len(commands_of(tmp_path))} commands")


def typed(command, line: bytes, wanted: str, setup: bytes) -> str:
    """What a shell on a terminal shows once `line` was typed, until `wanted` is there."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
        env={**clean_environment(), **ENVIRONMENT, "TERM": "dumb", "PS1": "> "},
    )
    os.close(theirs)
    shown = ""

    def read_until(text):
        nonlocal shown
        deadline = time.monotonic() + 20
        with contextlib.suppress(OSError):
            while text not in shown and time.monotonic() < deadline:
                if select.select([ours], [], [], 0.2)[0]:
                    shown += os.read(ours, 65536).decode(errors="replace")

    try:
        os.write(ours, setup + b"; echo rea''dy\n")
        read_until("ready\r\n")
        shown = ""
        os.write(ours, line)
        read_until(wanted)
    finally:
        process.kill()
        process.wait()
        os.close(ours)
    return shown


def test_bash_completes_at_a_terminal(scripts):
    setup = f"source {scripts}/bash".encode()
    line = b"ginnel li\tcr\t--co\t"
    assert "link create --co" in typed(["bash", "--norc", "-i"], line, "create --co", setup)


@pytest.mark.skipif(not shutil.which("zsh"), reason="no zsh here")
def test_zsh_completes_at_a_terminal(scripts, tmp_path):
    setup = (f"mkdir -p {tmp_path}/f; cp {scripts}/zsh {tmp_path}/f/_ginnel; "
             f"fpath=({tmp_path}/f $fpath); autoload -U compinit; compinit -u -D").encode()
    shown = typed(["zsh", "-f", "-i"], b"ginnel li\tcr\t--ti\t", "--title", setup)
    assert "link create --title" in re.sub(r" \x08|\r|\x07", "", shown), shown
    for line, value in ((b"ginnel import ur\t", "urls"),
                        (b"ginnel link list --state act\t", "active"),
                        (b"ginnel link list --state=act\t", "active"),
                        (b"ginnel serve --log.level war\t", "warn"),
                        (b"ginnel serve --http.client_address_field eit\t", "either"),
                        (b"ginnel serve --log.level=war\t", "warn")):
        assert value in typed(["zsh", "-f", "-i"], line, value, setup), line


@pytest.mark.skipif(not shutil.which("fish"), reason="no fish here")
def test_fish_is_offered_what_can_follow(scripts, tmp_path):
    def offered(line):
        done = subprocess.run(
            ["fish", "--no-config", "-c", f"source {scripts}/fish; complete -C '{line}'"],
            capture_output=True, text=True, timeout=30, cwd=tmp_path,
            env={**clean_environment(), **ENVIRONMENT, "HOME": str(tmp_path)},
        )
        assert done.returncode == 0 and done.stderr == "", done.stderr
        return {row.split("\t")[0] for row in done.stdout.splitlines()}

    assert {"serve", "link", "man"} <= offered("ginnel ")
    assert offered("ginnel link s") == {"show", "stats"}
    assert {"--code", "--title", "--user", "--json"} <= offered("ginnel link create --")
    assert offered("ginnel link list --state ") == {"active", "disabled"}
    for flag, values in SETTINGS_OF_WORDS.items():
        assert offered(f"ginnel serve {flag} ") == values, flag
    assert offered("ginnel completions ") == {"bash", "zsh", "fish"}
    (tmp_path / "users.csv").touch()
    assert "users.csv" in offered("ginnel export users us")
    assert offered("ginnel link list --state=act") == {"--state=active"}
    assert "--config=users.csv" in offered("ginnel serve --config=us")
    assert offered("ginnel link show -- --") == set()


def test_an_installation_has_them(tmp_path):
    folder = BINARY.parent.parent
    if not (folder / "cmake_install.cmake").exists():
        pytest.skip("the binary is not where it was built")
    done = subprocess.run(["cmake", "--install", str(folder), "--prefix", str(tmp_path)],
                          capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    installed = {file.relative_to(tmp_path).as_posix()
                 for file in tmp_path.rglob("*") if file.is_file()}
    assert {"bin/ginnel", "share/man/man1/ginnel.1", "share/fish/vendor_completions.d/ginnel.fish",
            "share/bash-completion/completions/ginnel", "share/zsh/site-functions/_ginnel"} <= \
        installed, installed
    assert (tmp_path / "share/man/man1/ginnel.1").read_text() == run_cli("man", cwd=tmp_path).stdout

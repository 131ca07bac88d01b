"""Where a Ginnel serves already, nothing of a checkout reaches it: its commands, tests and benches
find neither /etc/ginnel/ginnel.toml nor the variables of whoever starts them.

Each test has a machine of its own: a mount namespace in which /etc/ginnel/ginnel.toml names the
database, journal and server of a service, and a network namespace in which port 8080 is free.
"""
import ast
import hashlib
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess

import pytest
from harness.documentation import examples_of
from harness.service import BINARY, ROOT, clean_environment, run_cli

README = ROOT / "README.md"
# With the first process of --pid everything ends that was started there.
UNSHARE = ["--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc",
           *(["--map-root-user"] if os.geteuid() else [])]

# $1: a folder with the planted `ginnel.toml`; what follows is started there.
ENTER = """
set -e
cd "$1"
mkdir real etc
mount --bind /etc real
ln -s "$PWD"/real/* etc/
rm -f etc/ginnel
mkdir etc/ginnel
touch etc/ginnel/ginnel.toml
mount --bind ginnel.toml etc/ginnel/ginnel.toml
mount --rbind etc /etc
/usr/bin/python3 -c '
import fcntl, socket, struct
fcntl.ioctl(socket.socket(), 0x8914, struct.pack("16sh", b"lo", 1))  # SIOCSIFFLAGS, IFF_UP'
cd "$2"
shift 2
exec "$@"
"""


class Machine:
    """A machine whose service somebody's commands must not reach."""

    def __init__(self, folder: pathlib.Path):
        self.folder = folder
        self.folder.mkdir()
        self.database = folder / "production.db"
        self.journal = folder / "production.journal"
        self.settings = folder / "ginnel.toml"
        self.journal.mkdir()
        made = run_cli("migrate", "--database.url", f"sqlite:{self.database}", cwd=folder)
        assert made.returncode == 0, made.stderr
        self.settings.write_text(
            f'[database]\nurl = "sqlite:{self.database}"\n[journal]\nfolder = "{self.journal}"\n'
            '[api]\nkey = "the-key-of-the-service-in-production"\n'
            '[client]\nserver = "http://127.0.0.1:9"\n')
        self._mark_as_unread()
        self._before = self._state()
        self.settings.read_text()
        self.sees_reading = self.touched() == ["settings"]  # not where it is mounted noatime
        self._mark_as_unread()

    def _mark_as_unread(self):
        os.utime(self.settings, ns=(0, self.settings.stat().st_mtime_ns))

    def variables(self) -> dict[str, str]:
        """What root's shell may hold there."""
        url = f"sqlite:{self.database}"
        key = "the-key-of-the-service-in-production"
        return {"GINNEL_CONFIG": str(self.settings), "GINNEL_DATABASE_URL": url,
                "DATABASE_URL": url, "GINNEL_JOURNAL_FOLDER": str(self.journal), "API_KEY": key,
                "GINNEL_API_KEY": key, "GINNEL_HTTP_LISTEN": "127.0.0.1:9",
                "GINNEL_SERVER": "http://127.0.0.1:9", "GINNEL_LINKS_PUBLIC_URL": "http://x.test"}

    def run(self, *words, cwd, env=None, timeout=60) -> subprocess.CompletedProcess:
        """A command there, with those variables unless others are given."""
        usual = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LC_ALL": "C.UTF-8"}
        for name in ("real", "etc"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        return subprocess.run(
            ["unshare", *UNSHARE, "bash", "-c", ENTER, "bash", self.folder, cwd, *map(str, words)],
            env={**usual, **(self.variables() if env is None else env)}, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=timeout)

    def touched(self) -> list[str]:
        """What of the service was read or written since it was planted."""
        return [name for name, state in self._state().items() if state != self._before[name]]

    def _state(self) -> dict[str, object]:
        beside = sorted(path.name for path in self.folder.glob("production.db*"))
        return {"settings": self.settings.stat().st_atime_ns,
                "database": (beside, hashlib.sha256(self.database.read_bytes()).hexdigest()),
                "journal": sorted(path.name for path in self.journal.iterdir())}


@pytest.fixture
def machine(tmp_path):
    if subprocess.run(["unshare", *UNSHARE, "true"], capture_output=True).returncode != 0:
        pytest.skip("no namespaces here")
    return Machine(tmp_path / "machine")


@pytest.fixture
def checkout(tmp_path):
    """What README's commands find in theirs, with the binary that is tested."""
    folder = tmp_path / "checkout"
    (folder / "build/release/bin").mkdir(parents=True)
    for name in ("ginnel", "Makefile", "tools", "tests"):
        (folder / name).symlink_to(ROOT / name)
    shutil.copy(ROOT / "ginnel", folder / "own")  # it looks beside itself, behind symbolic links
    (folder / "ginnel").unlink()
    (folder / "own").rename(folder / "ginnel")
    (folder / "build/release/bin/ginnel").symlink_to(BINARY)
    return folder


def rows_of(database: pathlib.Path, table: str) -> int:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        count = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    connection.close()
    return count


def named_variables() -> list[str]:
    """Every variable that docs/configuration.md has."""
    page = (ROOT / "docs/configuration.md").read_text()
    rows = [line.strip("| ").split(" | ") for line in page.splitlines() if line.startswith("| ")]
    column = rows[0].index("environment")
    names = [name for row in rows for name in re.findall(r"`([A-Z_]+)`", row[column])]
    assert len(names) > 40, names
    return names


def test_the_trap_catches_what_is_careless(machine, tmp_path):
    rows = ROOT / "tests/data/users.csv"
    done = machine.run(BINARY, "import", "users", rows, cwd=tmp_path, env={})
    assert done.returncode == 0, done.stderr
    assert rows_of(machine.database, "users") == 400
    assert "database" in machine.touched()
    assert "settings" in machine.touched() or not machine.sees_reading


def test_readme_is_followed_beside_a_service(machine, checkout, report):
    block = re.search(r"^```sh\n(.*?)^```", README.read_text(), re.DOTALL | re.MULTILINE).group(1)
    steps = [line for line in block.splitlines() if not line.startswith(("git ", "make "))]
    assert steps and "make run" in block
    recipe = subprocess.run(["make", "--no-print-directory", "-n", "run"], cwd=ROOT,
                            capture_output=True, text=True, check=True).stdout.splitlines()[-1]
    examples = examples_of(README)
    script = "\n".join([
        *steps,
        "printf '\\0'",
        f"({recipe}) 2>serve.log &",
        "until curl -s -o started localhost:8080/health/serving; do sleep 0.05; done",
        *(f"{example.command}\nprintf '\\0'" for example in examples),
        "kill $! && wait $!"])
    done = machine.run("bash", "-c", script, cwd=checkout)
    assert done.returncode == 0, done.stderr + (checkout / "serve.log").read_text()
    imported, *printed = done.stdout.split("\0")
    assert imported.count("0 rejected") == 3, imported
    for example, output in zip(examples, printed, strict=False):
        assert example.printed_by(output), (example, output)
    assert machine.touched() == []
    assert rows_of(checkout / "data/ginnel.db", "users") == 401
    report(f"{len(steps)} lines of imports, make run and {len(examples)} commands of README.md "
           "left a service alone")


@pytest.mark.parametrize("start", ["./ginnel", str(BINARY)])
def test_a_demo_leaves_the_service_alone(machine, checkout, start):
    """Its database and its journal also where the settings are read, as a service's binary does."""
    script = (f"{start} demo my.db --http.listen 127.0.0.1:8080 2>demo.log &\n"
              "until curl -s -o started 127.0.0.1:8080/health/serving; do sleep 0.05; done\n"
              "curl -s -o followed 127.0.0.1:8080/UeWfmJ\nkill $! && wait $!\n")
    done = machine.run("bash", "-c", script, cwd=checkout)
    assert done.returncode == 0, done.stderr + (checkout / "demo.log").read_text()
    assert set(machine.touched()) <= ({"settings"} if start == str(BINARY) else set())
    assert (checkout / "my.db.journal").is_dir()


CHECKERS = {
    "checkout": "./ginnel config check",
    "system tests": "{python} {root}/tests/system harness.service 'clean_environment()'",
    "benches": "{python} {root}/bench servers 'environment(\"/\")'",
    "hot path": "{python} {root}/tests/hot_path check_hot_path 'environment(\"/\")'",
}
SHOW = """
import importlib, subprocess, sys
folder, module, call, binary = sys.argv[1:]
sys.path.insert(0, folder)
environment = eval("module." + call, {"module": importlib.import_module(module)})
subprocess.run([binary, "config", "check"], env=environment, check=True)
"""


@pytest.mark.parametrize("who", CHECKERS)
def test_no_setting_of_the_machine_is_in_effect(who, machine, checkout, tmp_path, report):
    """Each variable that there is has a value that would be a fault."""
    (tmp_path / "show.py").write_text(SHOW)
    command = CHECKERS[who].format(python=f"/usr/bin/python3 -B {tmp_path}/show.py", root=ROOT)
    names = named_variables()
    poisoned = {**{name: "poisoned" for name in names}, "GINNEL_NO_SUCH_SETTING": "1",
                "GINNEL_CONFIG": str(machine.settings)}
    plain = "" if who == "checkout" else f" {BINARY}"
    done = machine.run("bash", "-c", command + plain, cwd=checkout, env=poisoned)
    assert done.returncode == 0, done.stderr
    values = done.stdout.splitlines()
    assert len(values) > 30
    allowed = ("(default)", "(limit of open files)")
    assert [value for value in values if not value.endswith(allowed)] == []
    assert machine.touched() == []
    report(f"{len(values)} settings at their default, {len(names)} variables without effect")


def test_a_checkout_takes_flags_and_a_file_of_its_own(checkout):
    (checkout / "ginnel.toml").write_text("[http]\nthreads = 3\n")
    done = subprocess.run(["./ginnel", "config", "check", "--log.level", "warn"], cwd=checkout,
                          env=clean_environment({"API_KEY": "left-out-and-said"}),
                          capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert re.search(r"^http.threads += 3  \(ginnel.toml:2\)$", done.stdout, re.MULTILINE)
    assert re.search(r"^log.level += warn  \(--log.level\)$", done.stdout, re.MULTILINE)
    assert "API_KEY" in done.stderr and "left-out" not in done.stderr


def test_a_checkout_that_was_not_built_says_so(checkout):
    (checkout / "build/release/bin/ginnel").unlink()
    done = subprocess.run(["./ginnel", "version"], cwd=checkout, env=clean_environment(),
                          capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and "make build" in done.stderr


def test_the_tests_leave_the_service_alone(machine, report):
    """Some of them, from each way of starting the binary."""
    chosen = ["test_cli_demo.py", "test_cli_doctor.py"]
    done = machine.run(
        "/usr/bin/pytest-3", "-q", "-p", "no:cacheprovider", *chosen, cwd=ROOT / "tests/system",
        env={**machine.variables(), "GINNEL_BINARY": str(BINARY), "PYTHONDONTWRITEBYTECODE": "1"},
        timeout=300)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr
    assert machine.touched() == []
    report(done.stdout.splitlines()[-1])


def careless_calls(source: str) -> list[int]:
    """The lines that start a program in the environment of whoever runs them, unless its name is
    written there and it is no shell."""
    found = []
    for call in ast.walk(ast.parse(source)):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
            continue
        if getattr(call.func.value, "id", "") != "subprocess" or not call.args:
            continue
        first = call.args[0].elts[0] if isinstance(call.args[0], ast.List) else None
        is_named = isinstance(first, ast.Constant) and first.value not in ("bash", "sh")
        if not is_named and all(keyword.arg != "env" for keyword in call.keywords):
            found.append(call.lineno)
    return found


def test_every_program_that_a_test_starts_has_an_environment():
    assert careless_calls("subprocess.run([BINARY, 'serve'])") == [1]
    assert careless_calls("subprocess.Popen(['bash', '-c', x], cwd=y)") == [1]
    assert careless_calls("subprocess.run(['umount', x])\nsubprocess.run(c, env=e)") == []
    files = [*(ROOT / "tests/system").rglob("*.py")]
    faults = [f"{file.relative_to(ROOT)}:{line}" for file in files
              for line in careless_calls(file.read_text())]
    assert faults == []

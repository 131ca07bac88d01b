"""The checkers find the faults they are there for: each is shown a tree with one planted."""
import hashlib
import re
import subprocess

import pytest
from planting import ROOT, plant, run

LAYERS = """
[folders]
base:
storage: base
service: base storage
config: base */options.h
app: *

[external]
sqlite3.h: storage/sqlite
boost/json: service/*json*
"""


# --- check_layers.py ---------------------------------------------------------------------------


def layers_verdict(root, name: str, include: str, table: str = LAYERS):
    plant(root, {"tools/layers.txt": table, name: f"#include {include}\n"})
    return run(ROOT / "tools/check_layers.py", root)


@pytest.mark.parametrize(
    "name, include",
    [
        ("src/service/a.cc", '"storage/link_store.h"'),
        ("src/service/a.cc", '"service/inner/b.h"'),
        ("src/service/json.cc", "<boost/json/value.hpp>"),
        ("src/storage/sqlite/a.cc", "<sqlite3.h>"),
        ("src/config/a.h", '"storage/options.h"'),
        ("src/app/a.cc", '"storage/sqlite/a.h"'),
        ("src/base/a.cc", "<vector>"),
        ("src/base/a_test.cc", '"app/a.h"'),
    ],
)
def test_an_include_that_the_table_allows_passes(tmp_path, name, include):
    verdict = layers_verdict(tmp_path, name, include)
    assert verdict.returncode == 0, verdict.stdout


@pytest.mark.parametrize(
    "name, include, complaint",
    [
        ("src/base/a.cc", '"storage/link_store.h"', 'base/ may not include "storage/link_store.h"'),
        ("src/service/a.h", '"app/a.h"', 'service/ may not include "app/a.h"'),
        ("src/service/a.cc", '"storage/sqlite/b.h"', "may not include"),
        ("src/service/a.cc", "<sqlite3.h>", "<sqlite3.h> may not be included here"),
        ("src/storage/a.cc", "<sqlite3.h>", "<sqlite3.h> may not be included here"),
        ("src/service/a.cc", "<boost/json/value.hpp>", "may not be included here"),
        ("src/config/a.h", '"storage/link_store.h"', "may not include"),
        ("src/config/a.h", '"storage/sqlite/options.h"', "may not include"),
        ("src/base/a.cc", '"support/run_task.h"', "is not a header of src/"),
        ("src/utils/a.cc", "<vector>", "the folder utils is not in tools/layers.txt"),
        ("src/base/a.cc", '  "app/a.h"', "may not include"),
    ],
)
def test_a_wrong_include_is_named(tmp_path, name, include, complaint):
    verdict = layers_verdict(tmp_path, name, include)
    assert verdict.returncode == 1
    assert name in verdict.stdout and complaint in verdict.stdout


@pytest.mark.parametrize(
    "code, is_named",
    [
        ("storage::Link link;", True),
        ("void f(const storage::Link&);", True),
        ("other::storage::Link link;", False),
        ("my_storage::Link link;", False),
        ("// storage::Link", False),
        ('const char* text = "storage::Link";', False),
    ],
)
def test_a_name_needs_the_right_to_include_its_header(tmp_path, code, is_named):
    plant(tmp_path, {"tools/layers.txt": LAYERS, "src/base/a.h": f"{code}\n"})
    verdict = run(ROOT / "tools/check_layers.py", tmp_path)
    assert verdict.returncode == (1 if is_named else 0)
    assert ("src/base/a.h: base/ may not name storage::" in verdict.stdout) == is_named


def test_a_library_needs_the_right_to_include_its_headers(tmp_path):
    cmake = "ginnel_module(base\n  SOURCES a.cc\n  USES    storage\n  TESTS   a_test.cc)\n"
    plant(tmp_path, {"tools/layers.txt": LAYERS, "src/base/CMakeLists.txt": cmake})
    verdict = run(ROOT / "tools/check_layers.py", tmp_path)
    assert verdict.returncode == 1
    assert "src/base/CMakeLists.txt: base may not use storage" in verdict.stdout


def test_the_page_about_layers_is_held_to_them(tmp_path):
    table = LAYERS.split("[external]")[0]
    folders = [line.split(":") for line in table.splitlines() if ":" in line]
    page = "".join(
        f"| `{name}` | a subject | {'wrong' if name == 'base' else '?'} |\n" for name, _ in folders
    )
    plant(tmp_path, {"tools/layers.txt": LAYERS, "docs/architecture.md": page})
    verdict = run(ROOT / "tools/check_layers.py", tmp_path)
    assert verdict.returncode == 1
    assert verdict.stdout.count("docs/architecture.md: of ") == len(folders)
    right = re.findall(r"of (\w+) it is to say: ?(.*)", verdict.stdout)
    page = "".join(f"| `{name}` | a subject | {words} |\n" for name, words in right)
    plant(tmp_path, {"docs/architecture.md": page.replace("|  |", "| |")})
    assert run(ROOT / "tools/check_layers.py", tmp_path).returncode == 0


def test_a_table_with_a_circle_is_refused(tmp_path):
    table = LAYERS.replace("base:", "base: service", 1)
    verdict = layers_verdict(tmp_path, "src/base/a.cc", "<vector>", table)
    assert verdict.returncode == 1
    assert "a circle: base -> service -> base" in verdict.stdout


# --- check_await.sh ----------------------------------------------------------------------------

AWAIT_PRELUDE = """\
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include "base/task.h"
namespace {
struct Row { std::string text; int number = 0; };
ginnel::Task<int> take(Row row) { co_return row.number; }
ginnel::Task<int> call(std::function<int()> work) { co_return work(); }
ginnel::Task<int> size(std::string text) { co_return static_cast<int>(text.size()); }
ginnel::Task<void> tried(bool flag, std::string text) {
  static_cast<void>(flag);
  static_cast<void>(text);
"""
AWAIT_CLOSE = "\n}\n}  // namespace\n"


def await_source(*statements: str) -> str:
    return AWAIT_PRELUDE + "\n".join(statements) + AWAIT_CLOSE


def test_plain_awaiting_statements_pass(tmp_path):
    plain = await_source(
        "co_await size(text);",
        "co_await size(std::move(text));",
        'co_await size(text + "x");',
        "co_await size(std::string(text));",
        "Row row{text, 1};\n  co_await take(std::move(row));",
        "auto work = [text] { return 1; };\n  co_await call(std::move(work));",
        'std::string one = flag ? text : std::string("x");\n  co_await size(one);',
    )
    verdict = run("tools/check_await.sh", plant(tmp_path, {"a.cc": plain}) / "a.cc")
    assert verdict.returncode == 0, verdict.stdout


def test_every_statement_g_plus_plus_12_breaks_is_named(tmp_path):
    broken = [
        "co_await take(Row{text, 1});",
        "co_await take({text, 1});",
        "co_await call([text] { return 1; });",
        "co_await call(std::function<int()>([text] { return 1; }));",
        'co_await size(flag ? text + "a" : text + "b");',
    ]
    source = await_source(*broken)
    verdict = run("tools/check_await.sh", plant(tmp_path, {"a.cc": source}) / "a.cc")
    assert verdict.returncode != 0
    assert "a.cc: an awaiting statement that g++ 12 breaks" in verdict.stdout
    first = AWAIT_PRELUDE.count("\n") + 1
    for line, statement in enumerate(broken, first):
        assert f"a.cc:{line}:" in verdict.stdout, statement
    assert "\n5 matches." in verdict.stdout


# Read together they fail, for both have a tried(); one by one only the second does.
def test_of_files_of_a_folder_the_faulty_one_is_named(tmp_path):
    folder = plant(
        tmp_path,
        {
            "a.cc": await_source("co_await size(text);"),
            "b.cc": await_source("co_await take({text, 1});"),
        },
    )
    verdict = run("tools/check_await.sh", folder / "a.cc", folder / "b.cc")
    assert verdict.returncode != 0
    assert "b.cc: an awaiting statement" in verdict.stdout
    assert "a.cc: an awaiting statement" not in verdict.stdout


def test_a_file_that_clang_cannot_read_does_not_pass(tmp_path):
    source = await_source("co_await unknown_name();")
    verdict = run("tools/check_await.sh", plant(tmp_path, {"a.cc": source}) / "a.cc")
    assert verdict.returncode != 0


# Why the check is there. When g++ no longer frees twice, this fails, and the check may go.
AWAIT_PROGRAM = """\
#include <coroutine>
#include <exception>
#include <string>
#include <utility>
struct Task {
  struct promise_type {
    int value = 0;
    Task get_return_object() {
      return Task{std::coroutine_handle<promise_type>::from_promise(*this)};
    }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_value(int given) { value = given; }
    void unhandled_exception() { std::terminate(); }
  };
  explicit Task(std::coroutine_handle<promise_type> running) : handle(running) {}
  Task(Task&& other) noexcept : handle(std::exchange(other.handle, nullptr)) {}
  ~Task() { if (handle) handle.destroy(); }
  bool await_ready() { return true; }
  void await_suspend(std::coroutine_handle<>) {}
  int await_resume() { return handle.promise().value; }
  std::coroutine_handle<promise_type> handle;
};
struct Row { std::string text; int number; };
Task take(Row row) { co_return static_cast<int>(row.text.size()); }
Task tried(std::string text) { STATEMENT }
int main() { tried(std::string(100, 'x')); }
"""


@pytest.mark.parametrize(
    "statement, outcome",
    [
        ("co_return co_await take(Row{text, 1});", "double free detected"),
        ("Row row{text, 1}; co_return co_await take(std::move(row));", ""),
    ],
)
def test_what_g_plus_plus_12_frees_twice_ends_the_process(tmp_path, statement, outcome):
    source = plant(tmp_path, {"a.cc": AWAIT_PROGRAM}) / "a.cc"
    program = tmp_path / "a"
    built = run("g++", "-std=c++20", "-O2", f"-DSTATEMENT={statement}", source, "-o", program)
    assert built.returncode == 0, built.stderr
    verdict = run(program)
    assert (verdict.returncode == 0) == (outcome == "")
    assert outcome in verdict.stderr


# --- check_alone.sh ----------------------------------------------------------------------------

MODULES = """\
cmake_minimum_required(VERSION 3.25)
project(modules LANGUAGES CXX)
list(APPEND CMAKE_MODULE_PATH "${PROJECT_SOURCE_DIR}/cmake")
include(GinnelModule)
add_library(ginnel_flags INTERFACE)
add_subdirectory(src/base)
add_subdirectory(src/other)
"""
MODULE_FILES = {
    "CMakeLists.txt": MODULES,
    "src/base/CMakeLists.txt": "ginnel_module(base SOURCES base.cc)\n"
                               "target_precompile_headers(ginnel_base PRIVATE precompiled.h)\n",
    "src/base/precompiled.h": "#pragma once\n#include <vector>\n",
    "src/base/base.cc": "int base;\n",
    "src/other/CMakeLists.txt": "ginnel_module(other SOURCES list.cc plain.cc USES base)\n",
    "src/other/list.h": "#pragma once\nusing Numbers = std::vector<int>;\n",
    "src/other/list.cc": '#include "other/list.h"\nNumbers numbers;\n',
    "src/other/plain.cc": "int plain;\n",
}


@pytest.fixture
def modules(tmp_path):
    """A tree with our presets in which one header lacks an include."""
    plant(tmp_path, MODULE_FILES)
    for name in ("CMakePresets.json", "cmake/GinnelModule.cmake", "tools/check_alone.sh",
                 "tools/compiler_launcher.sh"):
        plant(tmp_path, {name: (ROOT / name).read_text()})
        (tmp_path / name).chmod(0o755)
    return tmp_path


@pytest.mark.parametrize("name", ["src/other/list.cc", "src/other/list.h"])
def test_a_source_that_lacks_an_include_is_named(modules, name):
    verdict = run("tools/check_alone.sh", "src/other/plain.cc", name, cwd=modules)
    assert verdict.returncode != 0
    assert "src/other/list.h:2:" in verdict.stdout and "plain.cc" not in verdict.stdout
    text = MODULE_FILES["src/other/list.h"].replace("once\n", "once\n#include <vector>\n")
    plant(modules, {"src/other/list.h": text})
    verdict = run("tools/check_alone.sh", name, "no/source.cc", cwd=modules)
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr
    assert verdict.stdout == "alone: 1 sources include what they need\n"


def test_the_preset_dev_alone_forces_no_header_on_a_source(modules):
    for preset in ("dev", "release"):
        assert run("cmake", "--preset", preset, cwd=modules).returncode == 0
        verdict = run("cmake", "--build", f"build/{preset}", cwd=modules)
        assert (verdict.returncode != 0) == (preset == "dev"), verdict.stdout


# --- embed_files.py ----------------------------------------------------------------------------

EMBEDDING_PROGRAM = """\
#include <cstdio>
#include "kFiles.h"
int main() {
  for (const auto& file : ginnel::embedded::kFiles) {
    std::printf("%s %s %zu\\n", file.name.data(), file.sha256.data(), file.contents.size());
    std::fwrite(file.contents.data(), 1, file.contents.size(), stdout);
  }
}
"""


def test_embedded_files_keep_every_byte(tmp_path):
    every_byte = bytes(range(256)) + b"".join(bytes([byte]) + b"7??=a" for byte in range(256))
    (tmp_path / "every.bin").write_bytes(every_byte)
    (tmp_path / "empty.txt").write_bytes(b"")
    header = tmp_path / "kFiles.h"
    files = [tmp_path / "every.bin", tmp_path / "empty.txt"]
    assert run("tools/embed_files.py", header, "kFiles", *files).returncode == 0
    source = plant(tmp_path, {"a.cc": EMBEDDING_PROGRAM}) / "a.cc"
    program = tmp_path / "a"
    flags = ["-std=c++20", "-Werror", "-Wall", "-Isrc", f"-I{tmp_path}"]
    built = run("g++", *flags, source, "-o", program)
    assert built.returncode == 0, built.stderr
    first, second = (hashlib.sha256(file.read_bytes()).hexdigest() for file in files)
    wanted = f"every.bin {first} {len(every_byte)}\n".encode() + every_byte
    wanted += f"empty.txt {second} 0\n".encode()
    assert subprocess.run([program], capture_output=True, timeout=60).stdout == wanted


# --- check_text.py -----------------------------------------------------------------------------

SPDX = "// SPDX-License-Identifier: MIT\n"


@pytest.mark.parametrize(
    "name, text, complaint",
    [
        ("src/a.cc", SPDX + "int a; \n", "src/a.cc:2: space at the end"),
        ("src/a.cc", SPDX + "\tint a;\n", "src/a.cc:2: tab"),
        ("src/a.cc", SPDX + "int a;", "no newline at the end"),
        ("src/a.cc", SPDX + "int a;\n\n", "empty line at the end"),
        ("src/a.cc", "int a;\n", "not the SPDX line"),
        ("src/a.cc", SPDX + "//" * 51 + "\n", "102 characters"),
        ("src/a.cc", SPDX + "int a;\n" * 600, "601 lines"),
        ("src/a.cc", SPDX + "asio::co_spawn(a, b, c);\n", "only base/task.h calls co_spawn"),
        ("src/a.cc", SPDX + "return row.error();\n", "an error is moved on"),
        ("src/a.cc", SPDX + "// TODO: more\n", "TODO(area)"),
        ("docs/a.md", "one\r\n", "carriage return"),
    ],
)
def test_an_untidy_file_is_named(tmp_path, name, text, complaint):
    plant(tmp_path, {name: text})
    verdict = run(ROOT / "tools/check_text.py", tmp_path)
    assert verdict.returncode == 1 and complaint in verdict.stdout


def test_a_tidy_tree_passes(tmp_path):
    plant(
        tmp_path,
        {
            "src/base/task.h": SPDX + "asio::co_spawn(a, b, c);\n",
            "src/a.cc": SPDX + "// TODO(http): trailers, once somebody asks\n",
            "docs/a.md": "long " * 40 + "line\n",
        },
    )
    verdict = run(ROOT / "tools/check_text.py", tmp_path)
    assert verdict.returncode == 0, verdict.stdout


# --- changed_files.sh --------------------------------------------------------------------------


@pytest.fixture
def repository(tmp_path):
    """A repository with tools/changed_files.sh and one commit."""
    text = (ROOT / "tools/changed_files.sh").read_text()
    plant(tmp_path, {"tools/changed_files.sh": text, "old.txt": "1\n"})
    (tmp_path / "tools/changed_files.sh").chmod(0o755)
    git(tmp_path, "init", "-q", "-b", "main")
    commit(tmp_path)
    return tmp_path


def git(root, *words):
    done = run("git", "-c", "user.name=t", "-c", "user.email=t@t", *words, cwd=root)
    assert done.returncode == 0, done.stderr
    return done.stdout


def commit(root):
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "a commit")


def changed(root, **environment):
    environment = {"LINT_BASE": "", **environment}
    return run("tools/changed_files.sh", cwd=root, **environment).stdout.split()


def test_the_first_commit_is_looked_at_whole(repository):
    assert changed(repository) == ["old.txt", "tools/changed_files.sh"]


def test_later_only_what_changed_since_the_commit_before(repository):
    plant(repository, {"new.txt": "1\n"})
    commit(repository)
    plant(repository, {"draft.txt": "1\n"})
    assert changed(repository) == ["draft.txt", "new.txt"]


def test_a_branch_is_compared_with_where_it_left_main(repository):
    git(repository, "update-ref", "refs/remotes/origin/main", "HEAD")
    for name in ("one.txt", "two.txt"):
        plant(repository, {name: "1\n"})
        commit(repository)
    assert changed(repository) == ["one.txt", "two.txt"]
    assert changed(repository, LINT_BASE="HEAD~1") == ["two.txt"]


def test_a_shallow_clone_is_looked_at_whole(repository, tmp_path):
    plant(repository, {"new.txt": "1\n"})
    commit(repository)
    shallow = tmp_path / "shallow"
    git(repository, "clone", "-q", "--depth=1", f"file://{repository}", str(shallow))
    git(shallow, "update-ref", "-d", "refs/remotes/origin/main")
    assert changed(shallow) == ["new.txt", "old.txt", "tools/changed_files.sh"]


def test_a_folder_without_git_is_looked_at_whole(tmp_path):
    text = (ROOT / "tools/changed_files.sh").read_text()
    plant(tmp_path, {"tools/changed_files.sh": text, "build/a": "", "b.txt": ""})
    (tmp_path / "tools/changed_files.sh").chmod(0o755)
    assert changed(tmp_path, GIT_CEILING_DIRECTORIES=str(tmp_path.parent)) == [
        "b.txt",
        "tools/changed_files.sh",
    ]


# --- what CI runs ------------------------------------------------------------------------------


def test_whatever_people_are_told_to_run_is_run_by_ci_in_some_form():
    told = set(re.findall(r"^\| `make ([a-z-]+)", (ROOT / "CONTRIBUTING.md").read_text(), re.M))
    assert len(told) >= 9
    ci = set(re.findall(r"^make ([a-z]+)", (ROOT / ".ci/run").read_text(), re.M))
    script = (ROOT / "tools/short.sh").read_text()
    by_default = re.search(r"set -- (.*)$", script, re.M).group(1).split()
    assert "tools/short.sh" in (ROOT / ".ci/run").read_text()
    assert told - ci - set(by_default) == {"run"}, "which every system test does"
    for verb in by_default:
        assert f"\n    {verb})" in script, verb


def test_a_verb_that_changes_a_file_is_noticed(tmp_path):
    copy = plant(tmp_path, {
        "tools/short.sh": (ROOT / "tools/short.sh").read_text(),
        "docs/configuration.md": "stale\n",
        "Makefile": ".PHONY: docs\ndocs:\n\techo new > docs/configuration.md\n"})
    (copy / "tools/short.sh").chmod(0o755)
    first, second = (run(copy / "tools/short.sh", "docs") for _ in range(2))
    assert first.returncode == 1 and "short: failed: docs" in first.stdout
    assert second.returncode == 0, second.stdout + second.stderr

"""What a machine is made ready by: the installer of packages, and the PostgreSQL of the tests."""
import os

import pytest
from planting import ROOT, plant, run

# --- install-dependencies.sh -------------------------------------------------------------------


def test_with_nothing_missing_the_installer_asks_nobody(tmp_path):
    """A copy whose list names one installed package, run where apt-get would fail."""
    text = (ROOT / "tools/install-dependencies.sh").read_text()
    bin_folder = plant(tmp_path, {"bin/apt-get": "#!/bin/sh\nexit 9\n"}) / "bin"
    plant(tmp_path, {"install.sh": text, "packages.txt": "# list\ndpkg run\nno-such-pkg test\n"})
    for file in (bin_folder / "apt-get", tmp_path / "install.sh"):
        file.chmod(0o755)
    path = f"{bin_folder}:{os.environ['PATH']}"
    assert run(tmp_path / "install.sh", "run", PATH=path).returncode == 0
    assert run(tmp_path / "install.sh", "--list", PATH=path).stdout == "no-such-pkg\n"
    assert run(tmp_path / "install.sh", "test", PATH=path).returncode == 9


@pytest.fixture
def installer(tmp_path):
    """A copy of the installer that wants one program of a package, an apt-get that has it and says
    what it was asked, and where the program belongs."""
    deb = plant(tmp_path / "deb", {
        "DEBIAN/control": "Package: some-server\nVersion: 1\nArchitecture: all\n"
                          "Maintainer: a <a@b.c>\nDescription: x\n",
        "DEBIAN/postinst": f"#!/bin/sh\ntouch {tmp_path}/started\n",
        "usr/bin/some-tool": "#!/bin/sh\necho tool\n"})
    for script in ("DEBIAN/postinst", "usr/bin/some-tool"):
        (deb / script).chmod(0o755)
    assert run("dpkg-deb", "-b", deb, tmp_path / "some-server.deb").returncode == 0
    copy = plant(tmp_path / "copy", {
        "tools/install.sh": (ROOT / "tools/install-dependencies.sh").read_text(),
        "tools/packages.txt": "dpkg run\nsome-server test:/usr/bin/some-tool\n",
        "bin/apt-get": f'#!/bin/sh\necho "$@" >> {tmp_path}/asked\n'
                       f'case "$*" in *download\\ some-server) cp {tmp_path}/some-server.deb . ;; '
                       '*) exit 9 ;; esac\n'})
    for script in ("tools/install.sh", "bin/apt-get"):
        (copy / script).chmod(0o755)
    return copy


def install(copy, *words, **environment):
    path = f"{copy / 'bin'}:{os.environ['PATH']}"
    return run(copy / "tools/install.sh", *words, PATH=path, **environment)


def test_of_a_package_that_would_start_a_service_one_program_is_taken(installer, tmp_path):
    assert install(installer, "--list").stdout == "some-server\n"
    assert install(installer, "run").returncode == 0 and not (tmp_path / "asked").exists()
    done = install(installer, "test")
    assert done.returncode == 0, done.stderr
    assert run(installer / "build/programs/some-tool").stdout == "tool\n"
    assert not (tmp_path / "started").exists()
    assert "install" not in (tmp_path / "asked").read_text()
    (tmp_path / "asked").unlink()
    assert install(installer).returncode == 0 and not (tmp_path / "asked").exists(), "it is there"
    assert install(installer, "--list").stdout == ""


def test_a_program_that_cannot_be_had_is_a_failure_in_ci_only(installer, tmp_path):
    (tmp_path / "some-server.deb").write_bytes(b"")
    done = install(installer, CI="")
    assert done.returncode == 0 and "cannot be had" in done.stderr
    done = install(installer, CI="true")
    assert done.returncode == 1 and "cannot be had" in done.stderr


@pytest.mark.parametrize("status", (0, 9))
def test_postgresql_is_installed_without_a_server_of_its_own(tmp_path, status):
    """While apt-get installs it, its packages read that they are to make none, and not after."""
    etc = tmp_path / "etc"
    plant(etc, {"createcluster.conf": "create_main_cluster = true\n"})
    text = (ROOT / "tools/install-dependencies.sh").read_text()
    plant(tmp_path, {
        "install.sh": text.replace("/etc/postgresql-common", str(etc)),
        "packages.txt": "dpkg run\npostgresql test\n",
        "bin/dpkg-query": "#!/bin/sh\necho installed dpkg\n",
        "bin/sudo": '#!/bin/sh\nshift\nexec "$@"\n',
        "bin/apt-get": f'#!/bin/sh\ncase "$*" in *install*) cat {etc}/createcluster.d/*.conf '
                       f'>{tmp_path}/read; exit {status} ;; esac\n'})
    for script in ("install.sh", "bin/dpkg-query", "bin/sudo", "bin/apt-get"):
        (tmp_path / script).chmod(0o755)
    done = run(tmp_path / "install.sh", PATH=f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    assert done.returncode == status, done.stderr
    assert (tmp_path / "read").read_text() == "create_main_cluster = false\n"
    assert not list((etc / "createcluster.d").iterdir())
    assert (etc / "createcluster.conf").read_text() == "create_main_cluster = true\n"


def test_a_list_the_installer_cannot_read_is_an_error(tmp_path):
    text = (ROOT / "tools/install-dependencies.sh").read_text()
    plant(tmp_path, {"install.sh": text, "packages.txt": "dpkg\n"})
    (tmp_path / "install.sh").chmod(0o755)
    verdict = run(tmp_path / "install.sh")
    assert verdict.returncode != 0 and "wants a package and a group" in verdict.stderr


# --- postgres.sh --------------------------------------------------------------------------------


def test_without_postgresql_it_says_that_tests_are_skipped_and_fails_in_ci(tmp_path):
    text = (ROOT / "tools/postgres.sh").read_text()
    plant(tmp_path, {"postgres.sh": text.replace("/usr/lib/postgresql", str(tmp_path / "none"))})
    (tmp_path / "postgres.sh").chmod(0o755)
    words = (tmp_path / "postgres.sh", "with", "true")
    path = "/usr/bin:/bin"
    done = run(*words, PATH=path, CI="", GINNEL_TEST_POSTGRES_URL="")
    assert done.returncode == 77 and "SKIPPED" in done.stderr
    done = run(*words, PATH=path, CI="true", GINNEL_TEST_POSTGRES_URL="")
    assert done.returncode == 1 and "CI wants it" in done.stderr
    assert run(*words, PATH=path, GINNEL_TEST_POSTGRES_URL="postgresql://x").returncode == 0


def test_a_command_has_a_postgresql_for_as_long_as_it_runs():
    """Its URL is the command's and its status the command's; then nobody answers there."""
    look = 'psql -XAtc "SHOW unix_socket_directories" "$GINNEL_TEST_POSTGRES_URL"; exit 3'
    done = run(ROOT / "tools/postgres.sh", "with", "sh", "-c", look, GINNEL_TEST_POSTGRES_URL="")
    if done.returncode == 77:
        pytest.skip(done.stderr)
    assert done.returncode == 3, done.stderr
    folder = done.stdout.strip()
    assert folder.startswith("/tmp/ginnel-postgres.") and not os.path.exists(folder)

// SPDX-License-Identifier: MIT
//
// Faults of the kernel, for LD_PRELOAD (harness/faults.py):
// - while the file named by FAULT_SYNC is there, fsync and fdatasync of a file whose name ends with
//   the text in it fail with EIO; when the text begins with '!', one does, and the file is deleted;
// - FAULT_KILL=N ends the process, as kill -9 does, before its Nth call that renames or links.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int sync_fails(int file) {
  const char* order = getenv("FAULT_SYNC");
  const int opened = order != NULL ? open(order, O_RDONLY | O_CLOEXEC) : -1;
  if (opened < 0) {
    return 0;
  }
  char ending[64];
  const ssize_t size = read(opened, ending, sizeof ending);
  close(opened);
  char link[64];
  char path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  const ssize_t length = readlink(link, path, sizeof path);
  const int once = size > 0 && ending[0] == '!';
  const ssize_t wanted = size - once;
  const int fails = wanted > 0 && length >= wanted &&
                    memcmp(path + length - wanted, ending + once, (size_t)wanted) == 0;
  return fails && (!once || unlink(order) == 0);
}

static void kill_if_due(void) {
  static int calls = 0;
  const char* at = getenv("FAULT_KILL");
  if (at != NULL && ++calls == atoi(at)) {
    raise(SIGKILL);
  }
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

int fsync(int file) {
  if (sync_fails(file)) {
    errno = EIO;
    return -1;
  }
  return REAL(fsync)(file);
}

int fdatasync(int file) {
  if (sync_fails(file)) {
    errno = EIO;
    return -1;
  }
  return REAL(fdatasync)(file);
}

int rename(const char* from, const char* to) {
  kill_if_due();
  return REAL(rename)(from, to);
}

int link(const char* from, const char* to) {
  kill_if_due();
  return REAL(link)(from, to);
}

int renameat2(int from_folder, const char* from, int to_folder, const char* to, unsigned how) {
  kill_if_due();
  return REAL(renameat2)(from_folder, from, to_folder, to, how);
}

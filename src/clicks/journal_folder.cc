// SPDX-License-Identifier: MIT
#include "clicks/journal_folder.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include "base/text.h"

namespace ginnel::clicks {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kFolderMode = 0750;
constexpr mode_t kLockMode = 0640;
constexpr char kLockName[] = "/lock";

/// Processes that share a journal's folder at most.
constexpr int kMostFolders = 1'000;

/// How often a folder may vanish while it is being taken.
constexpr int kTries = 10;

Error cannot_use(const std::string& path, const std::string& why) {
  return Error(ErrorKind::kUnavailable,
               "journal.folder: " + path + " cannot be used: " + why,
               path + ": " + why);
}

bool make_folder(const std::string& path) noexcept {
  return ::mkdir(path.c_str(), kFolderMode) == 0 || errno == EEXIST;
}

/// Whether `lock` is the file of that name still: whoever held it before may have deleted it with
/// its folder between our open and our flock.
bool is_the_file(const FileDescriptor& lock, const std::string& name) noexcept {
  struct stat held {};
  struct stat named {};
  return ::fstat(lock.number(), &held) == 0 && ::stat(name.c_str(), &named) == 0 &&
         held.st_dev == named.st_dev && held.st_ino == named.st_ino;
}

/// The entries of a folder; none when it cannot be read.
std::vector<fs::path> entries_of(const std::string& folder) {
  std::vector<fs::path> entries;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    entries.push_back(entry->path());
  }
  return entries;
}

}  // namespace

Result<std::optional<JournalFolder>> JournalFolder::hold(const std::string& path) {
  const std::string name = path + kLockName;
  for (int tries = 0; tries < kTries; ++tries) {
    if (!make_folder(path)) {
      return cannot_use(path, std::strerror(errno));
    }
    FileDescriptor lock(::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kLockMode));
    if (!lock.is_open() && errno == ENOENT) {
      continue;  // deleted meanwhile, by whoever let go of it
    }
    if (!lock.is_open()) {
      return cannot_use(path, std::strerror(errno));
    }
    if (::flock(lock.number(), LOCK_EX | LOCK_NB) != 0) {
      if (errno == EWOULDBLOCK) {
        return std::optional<JournalFolder>();
      }
      return cannot_use(path, std::strerror(errno));
    }
    if (is_the_file(lock, name)) {
      return std::optional<JournalFolder>(JournalFolder(path, std::move(lock)));
    }
  }
  return std::optional<JournalFolder>();
}

Result<JournalFolder> JournalFolder::hold_first(const std::string& parent) {
  std::error_code error;
  fs::create_directories(fs::path(parent).parent_path(), error);  // what fails, make_folder tells
  if (!make_folder(parent)) {
    return cannot_use(parent, std::strerror(errno));
  }
  std::optional<Error> fault;  // of the first that cannot be used: another may do
  for (int number = 0; number < kMostFolders; ++number) {
    auto held = hold(parent + "/" + std::to_string(number));
    if (held && *held) {
      return std::move(**held);
    }
    if (!held && !fault) {
      fault = std::move(held).error();
    }
  }
  return fault ? *fault : cannot_use(parent, "1000 processes hold its folders");
}

void JournalFolder::let_go(JournalFolder folder) {
  if (entries_of(folder.path_).size() == 1) {
    ::unlink((folder.path_ + kLockName).c_str());
    ::rmdir(folder.path_.c_str());
  }
}

bool JournalFolder::is_in_place() const {
  return is_the_file(lock_, path_ + kLockName);
}

JournalFolder::Contents JournalFolder::contents() const {
  Contents contents;
  for (const fs::path& path : entries_of(path_)) {
    std::error_code error;
    if (path.extension() == ".new") {
      fs::remove(path, error);
    }
    if (path.extension() == kDamagedSuffix) {
      contents.unreadable.emplace_back(
          path.string(),
          Error(ErrorKind::kInvalid, path.string() + " was set aside: it is damaged"));
    }
    if (path.extension() != ".clicks") {
      continue;
    }
    auto header = read_segment_header(path.string());
    if (!header) {
      contents.unreadable.emplace_back(path.string(), std::move(header).error());
      continue;
    }
    SegmentToShip segment;
    segment.path = path.string();
    segment.header = std::move(*header);
    segment.end = fs::file_size(path, error);
    segment.sealed = true;
    segment.earlier = true;
    if (!error) {  // else it vanished meanwhile
      contents.segments.push_back(std::move(segment));
    }
  }
  std::sort(contents.segments.begin(),
            contents.segments.end(),
            [](const SegmentToShip& a, const SegmentToShip& b) {
              return a.header.created < b.header.created;
            });
  return contents;
}

std::vector<std::string> journal_folders(const std::string& parent) {
  std::vector<std::string> folders;
  for (const fs::path& path : entries_of(parent)) {
    std::error_code error;
    if (has_only_digits(path.filename().string()) && fs::is_directory(path, error)) {
      folders.push_back(path.string());
    }
  }
  std::sort(folders.begin(), folders.end());
  return folders;
}

}  // namespace ginnel::clicks

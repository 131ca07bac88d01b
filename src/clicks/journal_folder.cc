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
#include <utility>

namespace ginnel::clicks {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kFolderMode = 0750;
constexpr mode_t kFileMode = 0640;

/// Processes that share a journal's folder at most.
constexpr int kMostFolders = 1'000;

Error cannot_use(const std::string& path, const std::string& why) {
  return Error(ErrorKind::kUnavailable,
               "journal.folder: " + path + " cannot be used: " + why,
               path + ": " + why);
}

bool make_folder(const std::string& path) noexcept {
  return ::mkdir(path.c_str(), kFolderMode) == 0 || errno == EEXIST;
}

bool is_number(const std::string& name) {
  return !name.empty() &&
         std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

Result<std::optional<JournalFolder>> JournalFolder::hold(const std::string& path) {
  if (!make_folder(path)) {
    return cannot_use(path, std::strerror(errno));
  }
  const std::string name = path + "/lock";
  Descriptor lock(::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kFileMode));
  if (!lock) {
    return cannot_use(path, std::strerror(errno));
  }
  if (::flock(lock.number(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) {
      return std::optional<JournalFolder>();
    }
    return cannot_use(path, std::strerror(errno));
  }
  return std::optional<JournalFolder>(JournalFolder(path, std::move(lock)));
}

Result<JournalFolder> JournalFolder::hold_first(const std::string& parent) {
  std::error_code error;
  fs::create_directories(fs::path(parent).parent_path(), error);
  if (!make_folder(parent)) {
    return cannot_use(parent, std::strerror(errno));
  }
  for (int number = 0; number < kMostFolders; ++number) {
    auto held = hold(parent + "/" + std::to_string(number));
    if (!held) {
      return std::move(held).error();
    }
    if (*held) {
      return std::move(**held);
    }
  }
  return cannot_use(parent, "1000 processes hold its folders");
}

JournalFolder::Contents JournalFolder::contents() const {
  Contents contents;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(path_, error)) {
    const fs::path& path = entry.path();
    if (path.extension() == ".new") {
      fs::remove(path, error);
      continue;
    }
    if (path.extension() != ".clicks") {
      continue;
    }
    auto header = read_segment_header(path.string());
    if (!header) {
      contents.unreadable.push_back(std::move(header).error());
      continue;
    }
    SegmentToShip segment;
    segment.path = path.string();
    segment.header = std::move(*header);
    segment.end = fs::file_size(path, error);
    segment.sealed = true;
    segment.earlier = true;
    contents.segments.push_back(std::move(segment));
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
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(parent, error)) {
    if (entry.is_directory(error) && is_number(entry.path().filename().string())) {
      folders.push_back(entry.path().string());
    }
  }
  std::sort(folders.begin(), folders.end());
  return folders;
}

}  // namespace ginnel::clicks

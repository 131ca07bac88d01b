// SPDX-License-Identifier: MIT
#include "clicks/country_file.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <utility>

namespace ginnel::clicks {

CountryFile::CountryFile(std::string path, observability::Log& log, Now now)
    : path_(std::move(path)), log_(log), now_(std::move(now)), next_look_(now_()) {
  if (!path_.empty()) {
    look();
  }
}

std::string CountryFile::country(const ClientNetwork& network) {
  if (path_.empty()) {
    return {};
  }
  if (now_() >= next_look_) {
    look();
  }
  return database_ ? database_->country(network) : std::string();
}

void CountryFile::look() {
  next_look_ = now_() + kLookEvery;
  // O_NONBLOCK: a pipe in the file's place must not make us wait for its writer.
  const FileDescriptor file(::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  const Version version = version_of(file);
  if (version != seen_) {
    seen_ = version;
    read(file, version.error);
  }
}

CountryFile::Version CountryFile::version_of(const FileDescriptor& file) {
  struct stat status {};
  if (!file.is_open() || ::fstat(file.number(), &status) != 0) {
    return {.error = errno};
  }
  if (!S_ISREG(status.st_mode)) {
    return {.error = S_ISDIR(status.st_mode) ? EISDIR : EINVAL};
  }
  return {.device = status.st_dev,
          .number = status.st_ino,
          .bytes = status.st_size,
          .changed_s = status.st_mtim.tv_sec,
          .changed_ns = status.st_mtim.tv_nsec};
}

void CountryFile::read(const FileDescriptor& file, int error) {
  auto database = error == 0 ? CountryDatabase::read(file)
                             : Error(ErrorKind::kUnavailable,
                                     "country file cannot be read",
                                     std::generic_category().message(error));
  if (!database) {
    log_.warn(database.error().message,
              {{"file", path_}, {"reason", database.error().detail}, {"kept", !!database_}});
    return;
  }
  database_ = std::move(*database);
  log_.info("country file is read",
            {{"file", path_}, {"type", database_->type()}, {"built", database_->built()}});
}

}  // namespace ginnel::clicks

// SPDX-License-Identifier: MIT
#include "clicks/country_database.h"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <maxminddb.h>
#include <netinet/in.h>
#include <string_view>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <system_error>
#include <utility>

namespace ginnel::clicks {
namespace {

/// GeoLite2-City has 60 MB; something larger is not what was meant.
constexpr std::size_t kMaxBytes = std::size_t{256} << 20;

Error unreadable(int code) {
  return {ErrorKind::kUnavailable,
          "country file cannot be read",
          std::generic_category().message(code)};
}

Error no_database(std::string why) {
  return {ErrorKind::kInvalid, "country file is no MaxMind database", std::move(why)};
}

/// A file without a name that holds the same bytes.
Result<FileDescriptor> copy_of(const FileDescriptor& file) {
  FileDescriptor copy(::memfd_create("country", MFD_CLOEXEC));
  if (!copy.is_open()) {
    return unreadable(errno);
  }
  off_t offset = 0;
  ssize_t sent = 1;
  while (sent != 0) {
    sent = ::sendfile(copy.number(), file.number(), &offset, kMaxBytes);
    if (sent < 0 && errno != EINTR) {
      return unreadable(errno);
    }
    if (static_cast<std::size_t>(offset) > kMaxBytes) {
      return no_database("it is too large");
    }
  }
  return copy;
}

/// The network's first address.
sockaddr_storage address_of(const ClientNetwork& network) {
  sockaddr_storage storage{};
  if (network.length == 3) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    std::memcpy(&v4.sin_addr, network.bytes.data(), network.length);
    std::memcpy(&storage, &v4, sizeof(v4));
  } else {
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    std::memcpy(&v6.sin6_addr, network.bytes.data(), network.length);
    std::memcpy(&storage, &v6, sizeof(v6));
  }
  return storage;
}

bool is_country_code(std::string_view text) {
  return text.size() == 2 && std::ranges::all_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
}

}  // namespace

void CountryDatabase::Close::operator()(MMDB_s* database) const noexcept {
  MMDB_close(database);
  delete database;
}

Result<CountryDatabase> CountryDatabase::read(const FileDescriptor& file) {
  // libmaxminddb maps the file it is told, and whoever writes over a mapped file (`cp` does) ends
  // the process by SIGBUS. Hence a copy, which nobody else can reach.
  auto copy = copy_of(file);
  if (!copy) {
    return std::move(copy).error();
  }
  auto database = std::make_unique<MMDB_s>();
  const std::string path = "/proc/self/fd/" + std::to_string(copy->number());
  const int code = MMDB_open(path.c_str(), MMDB_MODE_MMAP, database.get());
  if (code != MMDB_SUCCESS) {
    return no_database(MMDB_strerror(code));
  }
  return CountryDatabase(Handle(database.release()));
}

std::string CountryDatabase::country(const ClientNetwork& network) const {
  if (network.length != 3 && network.length != 6) {
    return {};
  }
  const sockaddr_storage address = address_of(network);
  int code = MMDB_SUCCESS;
  auto found =
      MMDB_lookup_sockaddr(handle_.get(), reinterpret_cast<const sockaddr*>(&address), &code);
  if (code != MMDB_SUCCESS || !found.found_entry) {
    return {};
  }
  MMDB_entry_data_s value{};
  const char* const path[] = {"country", "iso_code", nullptr};
  if (MMDB_aget_value(&found.entry, &value, path) != MMDB_SUCCESS || !value.has_data ||
      value.type != MMDB_DATA_TYPE_UTF8_STRING) {
    return {};
  }
  const std::string_view text(value.utf8_string, value.data_size);
  return is_country_code(text) ? std::string(text) : std::string();
}

std::string CountryDatabase::type() const {
  const char* const type = handle_->metadata.database_type;
  return type == nullptr ? std::string() : std::string(type);
}

std::uint64_t CountryDatabase::built() const {
  return handle_->metadata.build_epoch;
}

}  // namespace ginnel::clicks

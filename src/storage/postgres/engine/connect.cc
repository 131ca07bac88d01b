// SPDX-License-Identifier: MIT
#include "storage/postgres/engine/connect.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "storage/postgres/engine/fault.h"

namespace ginnel::storage::postgres {
namespace {

constexpr int kOldestVersion = 140'000;

struct FreeOptions {
  void operator()(PQconninfoOption* options) const noexcept { PQconninfoFree(options); }
};

/// Keywords of libpq and their values, in its two lists that end with null.
class Keywords final {
 public:
  void add(const char* keyword, std::string value) {
    keywords_.emplace_back(keyword);
    values_.push_back(std::move(value));
  }

  bool has(std::string_view keyword) const {
    return std::ranges::find(keywords_, keyword) != keywords_.end();
  }

  PGconn* connect() const {
    std::vector<const char*> keywords;
    std::vector<const char*> values;
    for (std::size_t i = 0; i < keywords_.size(); ++i) {
      keywords.push_back(keywords_[i].c_str());
      values.push_back(values_[i].c_str());
    }
    keywords.push_back(nullptr);
    values.push_back(nullptr);
    return PQconnectdbParams(keywords.data(), values.data(), 0);
  }

 private:
  std::vector<std::string> keywords_;
  std::vector<std::string> values_;
};

/// What the URL says, and what it leaves open.
Result<Keywords> keywords_of(const ConnectOptions& options) {
  // Without libpq's message, which quotes the URL, password and all.
  const std::unique_ptr<PQconninfoOption, FreeOptions> said(
      PQconninfoParse(options.url.c_str(), nullptr));
  if (!said) {
    return Error(ErrorKind::kInvalid,
                 "database.url cannot be read: want postgresql://USER:PASSWORD@HOST:PORT/DATABASE, "
                 "with %XX for what is neither a letter nor a digit, and parameters of libpq");
  }
  Keywords keywords;
  for (const PQconninfoOption* one = said.get(); one->keyword != nullptr; ++one) {
    if (one->val != nullptr) {
      keywords.add(one->keyword, one->val);
    }
  }
  const std::pair<const char*, std::string> open[] = {
      {"connect_timeout", std::to_string(options.host_limit.count())},
      {"application_name", "ginnel"},
      {"target_session_attrs", "read-write"},
      {"keepalives_idle", "5"},
      {"keepalives_interval", "5"},
      {"keepalives_count", "2"},
      {"tcp_user_timeout", "10000"},
  };
  for (const auto& [keyword, value] : open) {
    if (!keywords.has(keyword)) {
      keywords.add(keyword, value);
    }
  }
  keywords.add("client_encoding", "UTF8");
  return keywords;
}

}  // namespace

Result<Handle> connect(const ConnectOptions& options) {
  auto keywords = keywords_of(options);
  if (!keywords) {
    return std::move(keywords).error();
  }
  Handle connection(keywords->connect());
  if (!connection) {
    return Error(ErrorKind::kUnavailable, "no memory left");
  }
  if (PQstatus(connection.get()) != CONNECTION_OK) {
    return fault_of(connection.get()).error;
  }
  if (const int version = PQserverVersion(connection.get()); version < kOldestVersion) {
    return Error(
        ErrorKind::kInvalid,
        "PostgreSQL 14 or newer is needed; the server is " + std::to_string(version / 10'000));
  }
  PQsetNoticeProcessor(
      connection.get(), [](void*, const char*) {}, nullptr);
  return connection;
}

}  // namespace ginnel::storage::postgres

// SPDX-License-Identifier: MIT
// What another process sees, and what is left of one that was killed.
#include <csignal>
#include <cstdint>
#include <functional>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "storage/store_contract.h"
#include "support/open_stores.h"
#include "support/temporary_folder.h"

namespace ginnel::storage::sqlite {
namespace {

/// A forked process that runs `work` with the end of a pipe to write to.
class Child final {
 public:
  explicit Child(const std::function<void(int)>& work) {
    int ends[2] = {-1, -1};
    if (::pipe(ends) != 0) {
      return;
    }
    id_ = ::fork();
    if (id_ == 0) {
      ::close(ends[0]);
      work(ends[1]);
      ::_exit(0);
    }
    ::close(ends[1]);
    pipe_ = ends[0];
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    kill();
    ::close(pipe_);
  }

  /// The next number it wrote; false at the end.
  bool read(std::int64_t& number) const {
    return ::read(pipe_, &number, sizeof number) == sizeof number;
  }

  void kill() {
    if (id_ > 0) {
      ::kill(id_, SIGKILL);
      ::waitpid(id_, nullptr, 0);
      id_ = -1;
    }
  }

  pid_t id() const { return id_; }

 private:
  pid_t id_ = -1;
  int pipe_ = -1;
};

void tell(int pipe, std::int64_t number) {
  if (::write(pipe, &number, sizeof number) != sizeof number) {
    ::_exit(1);
  }
}

StoreOptions options_for(const support::TemporaryFolder& folder) {
  StoreOptions options;
  options.url = "sqlite:" + folder.file("ginnel.db");
  return options;
}

/// Inserts users until it is killed, telling the number of each that was acknowledged.
void insert_for_ever(const StoreOptions& options, int pipe) {
  RecordingListener listener;
  auto stores = support::open_stores(options, listener);
  if (!stores) {
    ::_exit(1);
  }
  for (std::int64_t index = 0;; ++index) {
    const std::string name = "user" + std::to_string(index);
    domain::UserDraft draft = {name, name + "@example.org"};
    auto user = run_blocking_task((*stores)->users().insert(std::move(draft), {}));
    if (!user) {
      ::_exit(1);
    }
    tell(pipe, user->id.value);
  }
}

/// Kills a process that inserts users; the number of the last one that was acknowledged.
std::int64_t kill_while_inserting(const StoreOptions& options) {
  Child child([&options](int pipe) { insert_for_ever(options, pipe); });
  std::int64_t acknowledged = 0;
  while (acknowledged < 200 && child.read(acknowledged)) {
  }
  child.kill();
  while (child.read(acknowledged)) {
  }
  return acknowledged;
}

/// How many of the first `count` users there are.
std::int64_t users_among(storage::Stores& stores, std::int64_t count) {
  std::int64_t there = 0;
  for (std::int64_t id = 1; id <= count; ++id) {
    there += run_blocking_task(stores.users().find(domain::UserId{id}, {}))->has_value() ? 1 : 0;
  }
  return there;
}

TEST(SqliteCrash, KeepsEveryAcknowledgedChangeOfAKilledProcess) {
  const support::TemporaryFolder folder;
  const StoreOptions options = options_for(folder);
  const std::int64_t acknowledged = kill_while_inserting(options);
  EXPECT_GE(acknowledged, 200);

  RecordingListener listener;
  const auto stores = support::open_stores(options, listener);

  ASSERT_TRUE(stores) << stores.error().message;
  EXPECT_EQ(users_among(**stores, acknowledged), acknowledged);
  AuditQuery query;
  query.limit = 100'000;
  const auto trail = run_blocking_task((*stores)->events().audit(query, {}));
  EXPECT_GE(trail->rows.size(), static_cast<std::size_t>(acknowledged));
}

/// Serves the file until it is killed, telling 1 when that works.
void serve(const StoreOptions& options, int pipe) {
  RecordingListener listener;
  const auto stores = support::open_stores(options, listener);
  tell(pipe, stores ? 1 : 0);
  ::pause();
}

TEST(SqliteCrash, RefusesASecondProcessUntilTheFirstIsGone) {
  const support::TemporaryFolder folder;
  const StoreOptions options = options_for(folder);
  Child child([&options](int pipe) { serve(options, pipe); });
  std::int64_t serving = 0;
  child.read(serving);
  const std::string holder = "(pid " + std::to_string(child.id()) + ")";
  RecordingListener listener;

  const auto refused = support::open_stores(options, listener);
  child.kill();
  const auto taken = support::open_stores(options, listener);

  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find(holder), std::string::npos);
  EXPECT_TRUE(taken);
}

}  // namespace
}  // namespace ginnel::storage::sqlite

// SPDX-License-Identifier: MIT

#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "storage/backend.h"
#include "storage/import_store_contract.h"
#include "support/open_stores.h"
#include "support/temporary_folder.h"

namespace ginnel::storage::sqlite {
namespace {

/// Every case is rehearsed, then done, on a database that is served meanwhile.
class ImportRehearsal : public ImportStoreContract {
 protected:
  /// What the store says of these rows; `real` does it.
  std::vector<std::string> told(const std::string& entity,
                                const std::vector<change::ImportRow>& rows,
                                bool real) {
    if (real) {
      import(entity, rows);
    } else {
      rehearse(entity, rows, options());
    }
    std::vector<std::string> lines;
    for (const change::ImportVerdict& verdict : verdicts_) {
      lines.push_back(std::to_string(static_cast<int>(verdict.outcome)) + " " + verdict.reason);
    }
    return lines;
  }

  change::ImportCounts rehearse(const std::string& entity,
                                const std::vector<change::ImportRow>& rows,
                                const StoreOptions& options) {
    auto store = backend_of(options).open_import_rehearsal(options);
    EXPECT_TRUE(store) << store.error().message << ": " << store.error().detail;
    return import_by(**store, entity, {rows});
  }

  void foresees(const std::string& entity, const std::vector<change::ImportRow>& rows) {
    const auto foreseen = told(entity, rows, false);
    EXPECT_EQ(told(entity, rows, false), foreseen) << "nothing was changed";
    EXPECT_EQ(told(entity, rows, true), foreseen);
    EXPECT_EQ(foreseen.size(), rows.size());
    compared_ += foreseen.size();
  }

  StoreOptions options() const {
    StoreOptions options;
    options.url = "sqlite:" + folder_.file("ginnel.db");
    return options;
  }

  std::size_t compared_ = 0;
  support::TemporaryFolder folder_;

 private:
  Result<std::unique_ptr<storage::Stores>> open(ChangeListener& listener) override {
    return support::open_stores(options(), listener);
  }
};

TEST_F(ImportRehearsal, ForeseesWhatBecomesOfEveryRow) {
  foresees("user",
           {user(1, "ada"), user(2, "bob"), user(3, "ADA"), user(1, "ada"), user(1, "eve")});
  auto same_email = user(5, "carl");
  same_email.email = "BOB@example.org";
  foresees("user",
           {user(1, "ada"),
            user(1, "other"),
            user(4, "Bob"),
            same_email,
            user(6, "dora"),
            user(7, "DORA"),
            user(change::kMaxImportedId + 1, "far")});
  foresees("link",
           {link(1, 1, "aaaaaa"),
            link(2, 99, "bbbbbb"),
            link(3, 1, "aaaaaa"),
            link(4, 2, "health"),
            link(5, 6, "cccccc"),
            link(1, 2, "dddddd")});
  const auto made = add_link(add_user("frank").id, "made12");
  const auto gone = add_link(made.user, "gone12");
  ship({click_of(made), click_of(gone)});
  EXPECT_TRUE(run_blocking_task(links().remove(gone.id, by(50))));
  auto again = link(gone.id.value, made.user.value, "gone12");
  foresees("link", {again, link(1, 1, "aaaaaa"), link(50, made.user.value, "made12")});
  std::vector<change::ImportRow> events = {event(5'000, 1, 1),
                                           event(5'000, 1, 1),
                                           event(5'001, 98, 1),
                                           event(5'002, 1, 97),
                                           event(5'003, gone.id.value, 1)};
  auto nothing = event(5'004, 1, 1);
  nothing.link.reset();
  nothing.user.reset();
  events.emplace_back(nothing);
  for (std::int64_t id = 1; id < 12; ++id) {  // those of the links that were made, and the clicks
    events.emplace_back(event(id, made.id.value, made.user.value));
  }
  foresees("event", events);
  EXPECT_TRUE(run_blocking_task(users().remove(made.user, by(60))));
  foresees("user", {user(made.user.value, "frank"), user(8, "frank")});
  foresees("event", events);
  std::printf("%zu rows foreseen\n", compared_);
}

TEST_F(ImportRehearsal, LeavesTheDatabaseAsItWas) {
  import("user", {user(1, "ada")});
  const std::string path = folder_.file("ginnel.db");
  const auto bytes = [&path] {
    std::ifstream file(path, std::ios::binary);
    std::ifstream log(path + "-wal", std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {}) +
           std::string(std::istreambuf_iterator<char>(log), {});
  };
  const std::string before = bytes();

  const auto counts = rehearse("user", {user(1, "ada"), user(2, "bob"), user(1, "eve")}, options());

  EXPECT_EQ(counts.rows, 3u);
  EXPECT_EQ(counts.inserted, 1u);
  EXPECT_EQ(counts.unchanged, 1u);
  EXPECT_EQ(counts.skipped, 1u);
  EXPECT_EQ(bytes(), before);
  EXPECT_EQ(find_user(2), std::nullopt);
}

TEST_F(ImportRehearsal, TakesADatabaseThatIsNotThereForAnEmptyOne) {
  StoreOptions elsewhere;
  elsewhere.url = "sqlite:" + folder_.file("none/ginnel.db");
  const auto counts = rehearse("user", {user(1, "ada"), user(2, "ADA")}, elsewhere);
  EXPECT_EQ(counts.inserted, 1u);
  EXPECT_EQ(counts.skipped, 1u);
  EXPECT_FALSE(std::ifstream(folder_.file("none/ginnel.db")).is_open()) << "and makes none";
  elsewhere.url = "sqlite::memory:";
  EXPECT_EQ(rehearse("user", {user(1, "ada")}, elsewhere).inserted, 1u);
}

TEST_F(ImportRehearsal, RefusesWhatIsNoDatabaseOfOurs) {
  StoreOptions other;
  other.url = "sqlite:" + folder_.file("other.db");
  std::ofstream(folder_.file("other.db")) << "not a database, and longer than a header has to be";
  const auto store = backend_of(other).open_import_rehearsal(other);
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().kind, ErrorKind::kInvalid);
}

}  // namespace
}  // namespace ginnel::storage::sqlite

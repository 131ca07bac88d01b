// SPDX-License-Identifier: MIT
// The files that tools/make_journal_corpus.py wrote from the format's description, those that the
// fuzzer found, and the example in docs/journal.md.
#include <cstdio>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "clicks/journal_fixture.h"
#include "clicks/segment_readers_fixture.h"
#include "support/temporary_folder.h"

namespace ginnel::clicks {
namespace {

namespace fs = std::filesystem;

/// The tree this file was compiled from.
const fs::path kSource = fs::path(__FILE__).parent_path().parent_path().parent_path();
const std::string kCorpus = kSource / "tests/corpus/journal/";

std::vector<std::string> corpus() {
  std::vector<std::string> paths;
  for (const fs::directory_entry& entry : fs::directory_iterator(kCorpus)) {
    paths.push_back(entry.path().string());
  }
  return paths;
}

/// `records/ending`, or what is wrong with the header.
std::string found_in(const std::string& name) {
  constexpr const char* kEndings[] = {"clean", "torn", "damaged"};
  const auto check = check_segment(kCorpus + name);
  return check ? std::to_string(check->records) + "/" + kEndings[static_cast<int>(check->ending)]
               : check.error().message.substr(check.error().message.rfind(": ") + 2);
}

/// The first block of a page that is fenced off as `kind`.
std::string block_of(const std::string& page, const std::string& kind) {
  const std::string fence = "```" + kind + "\n";
  const std::size_t begin = page.find(fence) + fence.size();
  return page.substr(begin, page.find("```", begin) - begin);
}

/// The bytes that `hexdump -C` showed.
std::string bytes_of_dump(const std::string& dump) {
  std::string bytes;
  std::istringstream lines(dump);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line.substr(0, line.find('|')));
    std::string word;
    words >> word;  // the offset
    while (words >> word) {
      bytes += static_cast<char>(std::stoi(word, nullptr, 16));
    }
  }
  return bytes;
}

TEST(JournalCorpus, IsReadAsItWasWritten) {
  EXPECT_EQ(found_in("header_only.clicks"), "0/clean");
  EXPECT_EQ(found_in("example.clicks"), "1/clean");
  EXPECT_EQ(found_in("extremes.clicks"), "2/clean");
  EXPECT_EQ(found_in("three_and_room.clicks"), "3/clean");
  EXPECT_EQ(found_in("torn_at_the_end.clicks"), "2/torn");
  EXPECT_EQ(found_in("damaged_in_the_middle.clicks"), "1/damaged");
  EXPECT_EQ(found_in("hole.clicks"), "1/damaged");
  EXPECT_EQ(found_in("lengths_lie.clicks"), "0/damaged");
  EXPECT_EQ(found_in("length_endless.clicks"), "0/damaged");
  EXPECT_EQ(found_in("empty.clicks"), "it is shorter than a header");
  EXPECT_EQ(found_in("header_cut.clicks"), "it is shorter than a header");
  EXPECT_EQ(found_in("header_damaged.clicks"), "its header is damaged");
  EXPECT_EQ(found_in("newer_form.clicks"),
            "it was written by a newer version (format 2, this one reads 1)");
  EXPECT_EQ(found_in("not_ours.clicks"), "it does not begin with GINCLICK");
}

TEST(JournalCorpus, IsSeenTheSameByEveryReader) {
  const std::vector<std::string> paths = corpus();
  for (const std::string& path : paths) {
    const std::string bytes = file_text(path);
    EXPECT_EQ(disagreement_on(bytes), "") << path;
    EXPECT_EQ(disagreement_on(with_right_checksums(bytes)), "") << path << ", checksums right";
  }
  std::printf("%zu files\n", paths.size());
  EXPECT_GE(paths.size(), 14U);
}

TEST(JournalPage, HasAnExampleThatIsDecodedAsItSays) {
  const std::string page = file_text(kSource / "docs/journal.md");
  const support::TemporaryFolder folder;
  const std::string path = folder.file("example.clicks");
  write_file(path, bytes_of_dump(block_of(page, "hexdump")));
  std::ostringstream out;
  const auto sound = inspect_journal(path, out);

  EXPECT_TRUE(sound && *sound);
  std::string text = out.str();
  text.replace(text.find(folder.path() + "/"), folder.path().size() + 1, "");
  EXPECT_EQ(text, block_of(page, "inspect"));
}

}  // namespace
}  // namespace ginnel::clicks

// SPDX-License-Identifier: MIT
#include "config/toml_file.h"

#include <gtest/gtest.h>

#include "config/settings.h"
#include "config/temporary_file_fixture.h"

namespace ginnel::config {
namespace {

Findings read(const std::string& text) {
  const TemporaryFile file(text);
  return read_toml_file(file.path(), settings_table());
}

/// The text given for a setting, or nothing.
std::string given(const Findings& findings, std::string_view name) {
  for (const Given& given : findings.given) {
    if (given.setting->name == name) {
      return given.text;
    }
  }
  return {};
}

/// `line: name: message` of each fault.
std::vector<std::string> faults(const Findings& findings) {
  std::vector<std::string> texts;
  for (const Fault& fault : findings.faults) {
    texts.push_back(std::to_string(fault.origin.line) + ": " + fault.origin.name + ": " +
                    fault.message);
  }
  return texts;
}

using Texts = std::vector<std::string>;

TEST(TomlFile, GivesValuesOfEveryKindAsText) {
  const Findings findings = read(
      "http.threads = 4\n"
      "[database]\n"
      "migrate = false\n"
      "url = \"sqlite:x.db\"\n");
  EXPECT_EQ(given(findings, "http.threads"), "4");
  EXPECT_EQ(given(findings, "database.migrate"), "false");
  EXPECT_EQ(given(findings, "database.url"), "sqlite:x.db");
  EXPECT_TRUE(findings.faults.empty());
}

TEST(TomlFile, KnowsTheLineAndTheName) {
  const Findings findings = read("\n[http]\n\nthreads = 4\n");
  ASSERT_EQ(findings.given.size(), 1u);
  EXPECT_EQ(findings.given[0].origin.line, 4u);
  EXPECT_EQ(findings.given[0].origin.name, "http.threads");
}

TEST(TomlFile, TakesListsAsArraysAndAsText) {
  EXPECT_EQ(given(read("[http]\nlisten = [\"127.0.0.1:1\", \"[::1]:2\"]\n"), "http.listen"),
            "127.0.0.1:1, [::1]:2");
  EXPECT_EQ(given(read("[http]\nlisten = \":1, :2\"\n"), "http.listen"), ":1, :2");
}

TEST(TomlFile, GivesAnEmptyArrayAsAnEmptyList) {
  const Findings findings = read("[http]\ntrusted_proxies = []\n");
  ASSERT_EQ(findings.given.size(), 1u);
  EXPECT_EQ(findings.given[0].text, "");
}

TEST(TomlFile, RefusesAListWhereOneValueBelongs) {
  EXPECT_EQ(faults(read("[http]\nthreads = [1, 2]\n")),
            Texts{"2: http.threads: one value is expected, not a list"});
}

TEST(TomlFile, RefusesValuesThatAreNoTextNumberOrTruth) {
  const std::string expected = "must be a text, a whole number, true or false";
  EXPECT_EQ(faults(read("[http]\nthreads = 1.5\n")), Texts{"2: http.threads: " + expected});
  EXPECT_EQ(faults(read("[http]\nthreads = 2026-01-01\n")), Texts{"2: http.threads: " + expected});
  EXPECT_EQ(faults(read("[http.threads]\nx = 1\n")), Texts{"1: http.threads: " + expected});
  EXPECT_EQ(faults(read("[http]\nlisten = [[\"x\"]]\n")), Texts{"2: http.listen: " + expected});
}

TEST(TomlFile, NamesTheNearestOfAnUnknownKey) {
  EXPECT_EQ(faults(read("[http]\nlisen = \"x\"\n")),
            Texts{"2: http.lisen: no such setting; did you mean http.listen?"});
  EXPECT_EQ(faults(read("[link]\npublic_url = \"x\"\n")),
            Texts{"2: link.public_url: no such setting; did you mean links.public_url?"});
  EXPECT_EQ(faults(read("colour = 1\n")), Texts{"1: colour: no such setting"});
}

TEST(TomlFile, RefusesAnUnknownTableThatIsEmpty) {
  EXPECT_EQ(faults(read("[colours]\n")), Texts{"1: colours: no such setting"});
}

TEST(TomlFile, RefusesAValueWhereATableBelongs) {
  EXPECT_EQ(faults(read("http = 8080\n")),
            Texts{"1: http: a table of settings, not a setting: [http]"});
}

TEST(TomlFile, ReportsWhatIsNoTomlWithItsLine) {
  const Findings findings = read("[http]\nthreads = \n");
  ASSERT_EQ(findings.faults.size(), 1u);
  EXPECT_EQ(findings.faults[0].origin.line, 2u);
  EXPECT_FALSE(findings.faults[0].message.empty());
}

TEST(TomlFile, RefusesAKeyThatStandsTwice) {
  EXPECT_EQ(read("[http]\nthreads = 1\nthreads = 2\n").faults.size(), 1u);
}

TEST(TomlFile, ReadsASecretFromAFileOfItsOwn) {
  const TemporaryFile key("  a-key-of-16-characters\r\n");
  const TemporaryFile url("sqlite:a b\n");
  const Findings findings =
      read("[api]\nkey_file = '" + key.path() + "'\n[database]\nurl_file = '" + url.path() + "'\n");
  EXPECT_EQ(faults(findings), Texts{});
  EXPECT_EQ(given(findings, "api.key"), "a-key-of-16-characters");
  EXPECT_EQ(given(findings, "database.url"), "sqlite:a b");
  EXPECT_EQ(findings.given[0].origin.name, "api.key_file");
  EXPECT_EQ(findings.given[0].origin.line, 2u);
  EXPECT_EQ(findings.given[0].file, key.path());
}

TEST(TomlFile, KnowsTheFileOfEverySecretAndOfNothingElse) {
  const TemporaryFile file("x\n");
  for (const Setting& setting : settings_table()) {
    const Findings findings = read(setting.file_name() + " = '" + file.path() + "'\n");
    const bool is_known = findings.faults.empty();
    EXPECT_EQ(is_known, setting.may_come_from_file()) << setting.name;
    EXPECT_EQ(is_known ? given(findings, setting.name) : "x", "x") << setting.name;
  }
}

TEST(TomlFile, ReportsASecretsFileAsTheEnvironmentDoes) {
  EXPECT_EQ(faults(read("[api]\nkey_file = '/nowhere/x'\n")),
            Texts{"2: api.key_file: /nowhere/x cannot be read: No such file or directory"});
  const TemporaryFile empty(" \n");
  EXPECT_EQ(faults(read("[api]\nkey_file = '" + empty.path() + "'\n")),
            Texts{"2: api.key_file: " + empty.path() + " is empty"});
  EXPECT_EQ(faults(read("[api]\nkey_file = 7\n")),
            Texts{"2: api.key_file: must be the path of a file"});
  EXPECT_EQ(faults(read("[api]\nkey_file = ''\n")),
            Texts{"2: api.key_file: must be the path of a file"});
  EXPECT_EQ(faults(read("[api]\nkye_file = 'x'\n")),
            Texts{"2: api.kye_file: no such setting; did you mean api.key_file?"});
}

TEST(TomlFile, RefusesAValueAndAFileOfOneName) {
  EXPECT_EQ(faults(read("[api]\nkey = 'a-key-of-16-characters'\nkey_file = '/x'\n")),
            Texts{"3: api.key_file: given twice: also by api.key"});
  EXPECT_EQ(faults(read("[api]\nkey_file = '/x'\nkey = 'a-key-of-16-characters'\n")),
            Texts{"2: api.key_file: given twice: also by api.key"});
}

TEST(TomlFile, ReportsAFileThatCannotBeRead) {
  const Findings missing = read_toml_file("/nowhere/ginnel.toml", settings_table());
  ASSERT_EQ(missing.faults.size(), 1u);
  EXPECT_EQ(missing.faults[0].text(),
            "/nowhere/ginnel.toml: cannot be read: No such file or directory");
  const Findings folder = read_toml_file("/tmp", settings_table());
  ASSERT_EQ(folder.faults.size(), 1u);
  EXPECT_EQ(folder.faults[0].text(), "/tmp: cannot be read: Is a directory");
}

TEST(TomlFile, TakesAnEmptyFile) {
  const Findings findings = read("");
  EXPECT_TRUE(findings.given.empty());
  EXPECT_TRUE(findings.faults.empty());
}

}  // namespace
}  // namespace ginnel::config

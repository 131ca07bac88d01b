// SPDX-License-Identifier: MIT
#include "cli/command_docs.h"

#include <gtest/gtest.h>

#include "cli/completions.h"
#include "cli/manual_page.h"

namespace ginnel::cli {
namespace {

/// A command line with everything a description has to tell apart.
class CommandDocs : public testing::Test {
 protected:
  CommandDocs() {
    CLI::App* const link = app_.add_subcommand("link", "Links")->group("Links");
    CLI::App* const list = link->add_subcommand("list", "List links");
    list->add_option("--state", state_, "Only those")
        ->type_name("STATE")
        ->check(CLI::IsMember({"on", "off"}));
    list->add_option("-n,--limit", limit_, "At most")->type_name("N")->capture_default_str();
    list->add_flag("--all", all_, "All");
    list->add_option("--log.level", level_)->group("")->description("How much. And more.");
    list->add_option("--log.format", format_)->group("");
    list->footer("What it's about.\n\n.hidden \\ line\n  kept  as it is\n");
    CLI::App* const import = app_.add_subcommand("import", "Read a file");
    import->add_option("WHAT", what_, "Of what kind")
        ->required()
        ->check(CLI::IsMember({"users", "urls"}));
    import->add_option("FILE", file_, "Which");
    app_.footer("Above all.");
  }

  CLI::App app_{"An app", "ginnel"};
  std::string state_;
  std::string level_;
  std::string format_;
  std::string what_;
  std::string file_;
  int limit_ = 100;
  bool all_ = false;
};

TEST_F(CommandDocs, NameEveryCommandBeforeThoseBelowIt) {
  std::vector<std::string> paths;
  for (const CommandDoc& command : describe(app_)) {
    paths.push_back(command.path);
  }
  EXPECT_EQ(paths, (std::vector<std::string>{"", "link", "link list", "import"}));
  EXPECT_EQ(describe(app_)[0].commands, (std::vector<std::string>{"link", "import"}));
}

TEST_F(CommandDocs, TellWhichWordsTheValueOfASettingMayBe) {
  const auto commands = describe(app_);
  for (const OptionDoc& flag : find_command(commands, "link list").flags) {
    if (flag.names.front() == "--log.level") {
      EXPECT_EQ(flag.choices, (std::vector<std::string>{"debug", "info", "warn", "error"}));
    }
  }
  const auto& words = find_command(commands, "import").words;
  EXPECT_FALSE(words[0].is_file);
  EXPECT_TRUE(words[1].is_file);
}

TEST_F(CommandDocs, TellFlagsWordsAndSettingsApart) {
  const auto commands = describe(app_);
  const CommandDoc& list = find_command(commands, "link list");
  ASSERT_EQ(list.flags.size(), 5U) << "help, and those that have a description";
  EXPECT_EQ(list.flags[0].names, (std::vector<std::string>{"--help", "-h"}));
  EXPECT_EQ(list.flags[0].value, "");
  EXPECT_EQ(list.flags[1].value, "STATE");
  EXPECT_EQ(list.flags[1].choices, (std::vector<std::string>{"on", "off"}));
  EXPECT_EQ(list.flags[2].meaning, "At most (default: 100)");
  EXPECT_EQ(list.flags[3].value, "");
  EXPECT_TRUE(list.flags[4].is_setting);
  const CommandDoc& import = find_command(commands, "import");
  ASSERT_EQ(import.words.size(), 2U);
  EXPECT_EQ(import.words[0].value, "WHAT");
  EXPECT_TRUE(import.words[0].is_required);
  EXPECT_EQ(import.words[0].choices, (std::vector<std::string>{"users", "urls"}));
  EXPECT_TRUE(import.words[1].is_file);
  EXPECT_FALSE(import.words[1].is_required);
}

TEST_F(CommandDocs, BecomeAPageThatTroffReadsAsItIsMeant) {
  const std::string page = manual_page(describe(app_), {}, "1.2.3");
  EXPECT_NE(page.find(".TH GINNEL 1 \"\" \"ginnel 1.2.3\""), std::string::npos);
  EXPECT_NE(page.find(".SS \\fBginnel import\\fR [\\fIFLAGS\\fR] \\fIWHAT\\fR [\\fIFILE\\fR]\n"),
            std::string::npos)
      << page;
  EXPECT_NE(page.find("\\fB\\-\\-limit\\fR, \\fB\\-n\\fR \\fIN\\fR\nAt most (default: 100)\n"),
            std::string::npos);
  EXPECT_NE(
      page.find("What it\\(aqs about.\n.PP\n\\&.hidden \\e line\n.nf\n  kept  as it is\n.fi\n"),
      std::string::npos);
  EXPECT_NE(page.find("Settings of \\fBlog\\fR matter to it."), std::string::npos);
  EXPECT_EQ(page.find("ginnel link\\fR"), std::string::npos)
      << "a command that does nothing itself";
}

TEST_F(CommandDocs, TellWhatAWordCanBecome) {
  const auto commands = describe(app_);
  EXPECT_EQ(completions(commands, {""}), "link\tLinks\nimport\tRead a file\n");
  EXPECT_EQ(completions(commands, {"link", ""}), "list\tList links\n");
  EXPECT_EQ(completions(commands, {"import", ""}), "users\tOf what kind\nurls\tOf what kind\n");
  EXPECT_EQ(completions(commands, {"import", "users", ""}), "*\tFILE\n");
  EXPECT_EQ(completions(commands, {"import", "users", "x", ""}), "");
  const std::string states = "on\tOnly those\noff\tOnly those\n";
  EXPECT_EQ(completions(commands, {"link", "list", "--state", ""}), states);
  EXPECT_EQ(completions(commands, {"link", "list", "--state=o"}), states);
  EXPECT_EQ(completions(commands, {"link", "list", "--state", "=", "o"}), states);
  EXPECT_EQ(completions(commands, {"link", "list", "--limit", ""}), "?\tN\n");
}

TEST_F(CommandDocs, TellFlagsOnlyBeforeTwoHyphens) {
  const auto commands = describe(app_);
  const std::string flags = completions(commands, {"link", "list", "-"});
  EXPECT_NE(flags.find("--log.level\tHow much\n"), std::string::npos) << flags;
  EXPECT_NE(flags.find("-n\tAt most"), std::string::npos) << flags;
  EXPECT_EQ(completions(commands, {"link", "list", "--", "-"}), "");
  EXPECT_EQ(completions(commands, {"import", "--", ""}), completions(commands, {"import", ""}));
}

}  // namespace
}  // namespace ginnel::cli

// SPDX-License-Identifier: MIT
#include "config/environment.h"

#include <cstdlib>

#include <gtest/gtest.h>

#include "config/settings.h"
#include "config/temporary_file_fixture.h"

namespace ginnel::config {
namespace {

Findings read(const Environment& environment) {
  return read_environment(environment, settings_table());
}

/// `NAME=text` of what is given, `NAME: message` of the faults.
std::vector<std::string> told(const Findings& findings) {
  std::vector<std::string> texts;
  for (const Given& given : findings.given) {
    texts.push_back(given.origin.name + "=" + given.text);
  }
  for (const Fault& fault : findings.faults) {
    texts.push_back(fault.origin.name + ": " + fault.message);
  }
  return texts;
}

using Texts = std::vector<std::string>;

TEST(Environment, NamesSettingsInCapitals) {
  const Findings findings = read({{"GINNEL_HTTP_LISTEN", ":80"}, {"HOME", "/root"}});
  EXPECT_EQ(told(findings), Texts{"GINNEL_HTTP_LISTEN=:80"});
  EXPECT_EQ(findings.given[0].setting->name, "http.listen");
}

TEST(Environment, TakesTheCustomaryName) {
  EXPECT_EQ(told(read({{"DATABASE_URL", "sqlite:a"}})), Texts{"DATABASE_URL=sqlite:a"});
}

TEST(Environment, PrefersTheExplicitName) {
  EXPECT_EQ(told(read({{"DATABASE_URL", "sqlite:a"}, {"GINNEL_DATABASE_URL", "sqlite:b"}})),
            Texts{"GINNEL_DATABASE_URL=sqlite:b"});
}

TEST(Environment, PrefersAFileOfTheExplicitNameToTheCustomaryName) {
  const TemporaryFile file("sqlite:b\n");
  EXPECT_EQ(told(read({{"DATABASE_URL", "sqlite:a"}, {"GINNEL_DATABASE_URL_FILE", file.path()}})),
            Texts{"GINNEL_DATABASE_URL_FILE=sqlite:b"});
}

TEST(Environment, TakesAnEmptyValueForNone) {
  EXPECT_TRUE(told(read({{"GINNEL_DATABASE_URL", ""}, {"GINNEL_HTTP_LISTEN", ""}})).empty());
  EXPECT_EQ(told(read({{"GINNEL_DATABASE_URL", ""}, {"DATABASE_URL", "sqlite:a"}})),
            Texts{"DATABASE_URL=sqlite:a"});
}

TEST(Environment, ReadsASecretFromItsFileWithoutTheSpaceAroundIt) {
  const TemporaryFile file("  sqlite:a b\r\n\n");
  EXPECT_EQ(told(read({{"DATABASE_URL_FILE", file.path()}})),
            Texts{"DATABASE_URL_FILE=sqlite:a b"});
}

TEST(Environment, ReportsASecretsFileThatIsMissingOrEmpty) {
  EXPECT_EQ(told(read({{"DATABASE_URL_FILE", "/nowhere/x"}})),
            Texts{"DATABASE_URL_FILE: /nowhere/x cannot be read: No such file or directory"});
  const TemporaryFile empty("\n");
  EXPECT_EQ(told(read({{"DATABASE_URL_FILE", empty.path()}})),
            Texts{"DATABASE_URL_FILE: " + empty.path() + " is empty"});
}

TEST(Environment, RefusesAValueAndAFileOfOneName) {
  EXPECT_EQ(told(read({{"DATABASE_URL", "sqlite:a"}, {"DATABASE_URL_FILE", "/x"}})),
            Texts{"DATABASE_URL: given twice: also by DATABASE_URL_FILE"});
}

TEST(Environment, ReadsFilesForSecretsOnly) {
  EXPECT_EQ(told(read({{"GINNEL_HTTP_THREADS_FILE", "/x"}})),
            Texts{"GINNEL_HTTP_THREADS_FILE: no such setting; did you mean GINNEL_HTTP_THREADS?"});
}

TEST(Environment, RefusesAnUnknownNameOfOursWithTheNearest) {
  EXPECT_EQ(told(read({{"GINNEL_HTTP_LISEN", "x"}, {"GINNELS", "x"}, {"PATH", "x"}})),
            Texts{"GINNEL_HTTP_LISEN: no such setting; did you mean GINNEL_HTTP_LISTEN?"});
}

TEST(Environment, KnowsTheVariableThatNamesTheFile) {
  EXPECT_TRUE(told(read({{kFileVariable, "ginnel.toml"}})).empty());
}

TEST(Environment, PassesOverWhatKubernetesAddsForAServiceOfThisName) {
  const Environment pod = {{"KUBERNETES_SERVICE_HOST", "10.0.0.1"},
                           {"GINNEL_SERVICE_HOST", "10.0.0.9"},
                           {"GINNEL_SERVICE_PORT", "80"},
                           {"GINNEL_SERVICE_PORT_HTTP", "80"},
                           {"GINNEL_PORT", "tcp://10.0.0.9:80"},
                           {"GINNEL_PORT_80_TCP", "tcp://10.0.0.9:80"},
                           {"GINNEL_PORT_80_TCP_ADDR", "10.0.0.9"},
                           {"GINNEL_WEB_PORT_8080_TCP_PROTO", "tcp"}};
  EXPECT_TRUE(told(read(pod)).empty());
}

TEST(Environment, KnowsCustomaryNamesOfOurs) {
  const Findings findings = read({{"GINNEL_SERVER", "https://go.example.org"}});
  EXPECT_TRUE(findings.faults.empty());
  EXPECT_EQ(told(findings), Texts{"GINNEL_SERVER=https://go.example.org"});
}

TEST(Environment, RefusesThoseNamesOutsideKubernetes) {
  EXPECT_EQ(read({{"GINNEL_PORT", "80"}}).faults.size(), 1u);
}

TEST(Environment, RefusesUnknownNamesWithinKubernetesToo) {
  EXPECT_EQ(
      read({{"KUBERNETES_SERVICE_HOST", "10.0.0.1"}, {"GINNEL_HTTP_PORTS", "80"}}).faults.size(),
      1u);
}

TEST(ProcessEnvironment, HoldsWhatThisProcessWasGiven) {
  ASSERT_EQ(setenv("GINNEL_TEST_VARIABLE", "a=b", 1), 0);
  EXPECT_EQ(process_environment().at("GINNEL_TEST_VARIABLE"), "a=b");
  ASSERT_EQ(unsetenv("GINNEL_TEST_VARIABLE"), 0);
  EXPECT_FALSE(process_environment().contains("GINNEL_TEST_VARIABLE"));
}

}  // namespace
}  // namespace ginnel::config

// SPDX-License-Identifier: MIT
// What it costs to tell who clicked: by an agent that is remembered, and by one that is new.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "clicks/click_classifier.h"

namespace {

using Clock = std::chrono::steady_clock;
using ginnel::clicks::ClickClassifier;
using ginnel::clicks::ClickOptions;
using ginnel::clicks::ClickRecord;

constexpr std::size_t kAgents = 10'000;
constexpr std::string_view kLetters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/// Agents of phones as Android's were before their models were hidden: each is another.
std::string phone(std::mt19937_64& random) {
  std::string model = "SM-";
  for (int i = 0; i < 6; ++i) {
    model += kLetters[random() % kLetters.size()];
  }
  const std::string version = std::to_string(80 + random() % 60);
  return "Mozilla/5.0 (Linux; Android " + std::to_string(8 + random() % 7) + "; " + model +
         ") AppleWebKit/537.36 (KHTML, like Gecko) Chrome/" + version + ".0." +
         std::to_string(random() % 10'000) + ".0 Mobile Safari/537.36";
}

/// 200 random letters: what somebody sends who wants every agent to be new.
std::string noise(std::mt19937_64& random) {
  std::string text;
  for (int i = 0; i < 200; ++i) {
    text += kLetters[random() % kLetters.size()];
  }
  return text;
}

/// The worst that is known: words that the rules look for, one after the other, so that many rules
/// must be tried and none matches soon.
std::string words(std::mt19937_64& random) {
  constexpr std::string_view kWords[] = {
      "android",  "build",   "mobile",  "safari",   "applewebkit", "nokia", "samsung", "linux",
      "version/", "chrome/", "windows", "opera",    "firefox",     "lg",    "sony",    "htc",
      "tablet",   "phone",   "bot",     "profile/", "u; ",         "; "};
  std::string text;
  while (text.size() < 250) {
    text += kWords[random() % std::size(kWords)];
    text += kLetters[random() % kLetters.size()];
  }
  text.resize(250);
  return text;
}

/// Resident memory of this process in KiB.
long resident_kib() {
  std::ifstream file("/proc/self/statm");
  long all = 0;
  long resident = 0;
  file >> all >> resident;
  return resident * 4;
}

void measure(const char* what,
             ClickClassifier& classifier,
             const std::vector<std::string>& agents) {
  ClickRecord record;
  record.network = {{203, 0, 113}, 3};
  record.code = "abcdefg";
  record.referrer = "https://news.example.org/2026/11/an-article";
  const auto before = classifier.figures();
  const auto began = Clock::now();
  for (const std::string& agent : agents) {
    record.user_agent = agent;
    classifier.classify(record);
  }
  const std::chrono::duration<double, std::micro> took = Clock::now() - began;
  const auto after = classifier.figures();
  std::printf("%-42s %8.2f us a click, %llu agents new, %ld MiB\n",
              what,
              took.count() / static_cast<double>(agents.size()),
              static_cast<unsigned long long>(after.agents_new - before.agents_new),
              resident_kib() / 1'024);
}

template <class Make>
std::vector<std::string> agents_of(Make make) {
  std::mt19937_64 random(1);
  std::vector<std::string> agents(kAgents);
  for (std::string& agent : agents) {
    agent = make(random);
  }
  return agents;
}

}  // namespace

int main() {
  ginnel::observability::Log log({.level = ginnel::observability::LogLevel::kError});
  const auto began = Clock::now();
  ClickOptions options;
  options.agents_remembered = kAgents;
  ClickClassifier classifier(options, log);
  const std::chrono::duration<double, std::milli> took = Clock::now() - began;
  std::printf(
      "%-42s %8.2f ms, %ld MiB\n", "compile the rules", took.count(), resident_kib() / 1'024);

  const auto phones = agents_of(phone);
  measure("10,000 phones, each new", classifier, phones);
  measure("the same, round robin", classifier, phones);
  measure("one phone", classifier, std::vector<std::string>(kAgents, phones.front()));
  measure("random letters, each new", classifier, agents_of(noise));
  measure("words of the rules, each new", classifier, agents_of(words));
  return EXIT_SUCCESS;
}

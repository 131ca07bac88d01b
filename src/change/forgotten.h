// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace ginnel::change {

/// What caches are to forget: the codes that a transaction changed, or everything. Past `kMost`
/// codes they are no longer told apart, so that memory stays bounded.
class Forgotten final {
 public:
  static constexpr std::size_t kMost = 1'000;

  static Forgotten everything() {
    Forgotten all;
    all.everything_ = true;
    return all;
  }

  void add(std::string code) {
    codes_.push_back(std::move(code));
    if (everything_ || codes_.size() > kMost) {
      *this = everything();
    }
  }

  void add_all(Forgotten&& others) {
    if (others.everything_) {
      *this = everything();
    }
    for (std::string& code : others.codes_) {
      add(std::move(code));
    }
  }

  bool is_nothing() const noexcept { return codes_.empty() && !everything_; }
  bool is_everything() const noexcept { return everything_; }

  /// In the order in which they were changed; none when it is everything.
  const std::vector<std::string>& codes() const noexcept { return codes_; }

 private:
  std::vector<std::string> codes_;
  bool everything_ = false;
};

}  // namespace ginnel::change

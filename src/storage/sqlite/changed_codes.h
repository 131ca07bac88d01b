// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace ginnel::storage {

/// The codes that a transaction changed. Past `kMost` they are no longer told apart: everything is
/// forgotten then, and memory stays bounded.
class ChangedCodes final {
 public:
  static constexpr std::size_t kMost = 1'000;

  void add(std::string code) {
    codes_.push_back(std::move(code));
    too_many_ = too_many_ || codes_.size() > kMost;
    if (too_many_) {
      codes_.clear();
    }
  }

  void add_all(ChangedCodes&& others) {
    too_many_ = too_many_ || others.too_many_;
    for (std::string& code : others.codes_) {
      add(std::move(code));
    }
    if (too_many_) {
      codes_.clear();
    }
  }

  bool none() const noexcept { return codes_.empty() && !too_many_; }

  /// In the form of ChangeListener::forget: empty stands for everything, so ask `none` before.
  std::vector<std::string> take() && { return std::move(codes_); }

 private:
  std::vector<std::string> codes_;
  bool too_many_ = false;
};

}  // namespace ginnel::storage

// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace ginnel::storage::sqlite {

/// Holds reads back while the write-ahead log is restarted: SQLite can only do that while nobody
/// reads, and reads that overlap let the log grow without end.
class ReadGate final {
 public:
  /// A read that is under way; ends with this.
  class Pass final {
   public:
    explicit Pass(ReadGate& gate) : gate_(gate) { gate_.enter(); }
    Pass(const Pass&) = delete;
    Pass& operator=(const Pass&) = delete;
    ~Pass() { gate_.leave(); }

   private:
    ReadGate& gate_;
  };

  /// The gate is shut as long as this lives. Making it waits for the reads that are under way.
  class Shut final {
   public:
    explicit Shut(ReadGate& gate) : gate_(gate) { gate_.shut(); }
    Shut(const Shut&) = delete;
    Shut& operator=(const Shut&) = delete;
    ~Shut() { gate_.open(); }

   private:
    ReadGate& gate_;
  };

 private:
  void enter() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !shut_; });
    ++reads_;
  }

  void leave() {
    bool last = false;
    {
      const std::lock_guard lock(mutex_);
      last = --reads_ == 0 && shut_;
    }
    if (last) {
      changed_.notify_all();
    }
  }

  void shut() {
    std::unique_lock lock(mutex_);
    shut_ = true;
    changed_.wait(lock, [this] { return reads_ == 0; });
  }

  void open() {
    {
      const std::lock_guard lock(mutex_);
      shut_ = false;
    }
    changed_.notify_all();
  }

  std::mutex mutex_;  ///< guards what follows
  std::condition_variable changed_;
  std::uint32_t reads_ = 0;
  bool shut_ = false;
};

}  // namespace ginnel::storage::sqlite

// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <new>
#include <utility>

#include <boost/asio/bind_allocator.hpp>

#include "base/task.h"

namespace ginnel {

/// Memory for one operation of Asio at a time, so that beginning it needs none of the system's and
/// cannot fail for want of it.
///
/// Asio takes the memory of an operation from its handler's allocator and gives it back before it
/// calls the handler, which may begin the next in the same place ("Custom Memory Allocation",
/// https://www.boost.org/doc/libs/1_81_0/doc/html/boost_asio/overview/core/allocation.html). Only
/// where the executor's type is known: any_io_executor takes no allocator.
class OperationMemory final {
 public:
  template <class T>
  class Allocator {
   public:
    using value_type = T;

    explicit Allocator(OperationMemory& memory) noexcept : memory_(&memory) {}
    template <class U>
    Allocator(const Allocator<U>& other) noexcept : memory_(other.memory_) {}  // NOLINT: implicit

    T* allocate(std::size_t count) {
      static_assert(sizeof(T) <= kBytes && alignof(T) <= alignof(std::max_align_t));
      if (count != 1 || std::exchange(memory_->in_use_, true)) {
        throw std::bad_alloc();  // a defect: one operation at a time
      }
      return reinterpret_cast<T*>(memory_->bytes_.data());
    }

    void deallocate(T*, std::size_t) noexcept { memory_->in_use_ = false; }

    template <class U>
    bool operator==(const Allocator<U>& other) const noexcept {
      return memory_ == other.memory_;
    }

   private:
    template <class U>
    friend class Allocator;

    OperationMemory* memory_;
  };

  OperationMemory() = default;
  OperationMemory(const OperationMemory&) = delete;
  OperationMemory& operator=(const OperationMemory&) = delete;

  /// The handler or token, for an operation that begins when none of this memory is under way. The
  /// memory must live until the handler is called.
  template <class Handler>
  auto bind(Handler handler) noexcept {
    return asio::bind_allocator(Allocator<void>(*this), std::move(handler));
  }

 private:
  static constexpr std::size_t kBytes = 256;

  alignas(std::max_align_t) std::array<std::byte, kBytes> bytes_;
  bool in_use_ = false;
};

}  // namespace ginnel

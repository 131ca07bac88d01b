// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <memory>
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
///
/// The bytes live as long as this and the operation: one that never came to its end lies in its
/// context until that is destroyed, which may be later.
class OperationMemory final {
  struct Bytes {
    alignas(std::max_align_t) std::array<std::byte, 256> of_operation;
    bool in_use = false;
  };

 public:
  template <class T>
  class Allocator {
   public:
    using value_type = T;

    explicit Allocator(std::shared_ptr<Bytes> bytes) noexcept : bytes_(std::move(bytes)) {}
    template <class U>
    Allocator(const Allocator<U>& other) noexcept : bytes_(other.bytes_) {}  // NOLINT: implicit

    T* allocate(std::size_t count) {
      static_assert(sizeof(T) <= sizeof(Bytes::of_operation) &&
                    alignof(T) <= alignof(std::max_align_t));
      if (count != 1 || std::exchange(bytes_->in_use, true)) {
        throw std::bad_alloc();  // a defect: one operation at a time
      }
      return reinterpret_cast<T*>(bytes_->of_operation.data());
    }

    void deallocate(T*, std::size_t) noexcept { bytes_->in_use = false; }

    template <class U>
    bool operator==(const Allocator<U>& other) const noexcept {
      return bytes_ == other.bytes_;
    }

   private:
    template <class U>
    friend class Allocator;

    std::shared_ptr<Bytes> bytes_;
  };

  OperationMemory() = default;
  OperationMemory(const OperationMemory&) = delete;
  OperationMemory& operator=(const OperationMemory&) = delete;

  /// The handler or token, for an operation that begins when none of this memory is under way.
  template <class Handler>
  auto bind(Handler handler) noexcept {
    return asio::bind_allocator(Allocator<void>(bytes_), std::move(handler));
  }

 private:
  std::shared_ptr<Bytes> bytes_ = std::make_shared<Bytes>();
};

}  // namespace ginnel

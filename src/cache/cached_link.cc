// SPDX-License-Identifier: MIT
#include "cache/cached_link.h"

#include <cstring>
#include <new>

namespace ginnel::cache {

CachedLink* CachedLink::allocate(std::string_view code, std::string_view location) noexcept {
  const std::size_t size = sizeof(CachedLink) + code.size() + location.size();
  void* const block = ::operator new(size, std::nothrow);
  if (block == nullptr) {
    return nullptr;
  }
  auto* const entry = ::new (block) CachedLink();
  entry->code_length = static_cast<std::uint8_t>(code.size());
  entry->location_length = static_cast<std::uint32_t>(location.size());
  char* const text = reinterpret_cast<char*>(entry + 1);
  code.copy(text, code.size());
  location.copy(text + code.size(), location.size());
  return entry;
}

CachedLink* CachedLink::make(std::string_view code, const domain::RedirectView& redirect) noexcept {
  CachedLink* const entry = allocate(code, redirect.location);
  if (entry != nullptr) {
    entry->link = redirect.link;
    entry->user = redirect.user;
    entry->enabled = redirect.enabled;
  }
  return entry;
}

CachedLink* CachedLink::make_absent(std::string_view code,
                                    std::chrono::steady_clock::time_point expires) noexcept {
  CachedLink* const entry = allocate(code, {});
  if (entry != nullptr) {
    entry->expires = expires;
    entry->queue = CacheQueue::kAbsent;
  }
  return entry;
}

void CachedLink::destroy(CachedLink* entry) noexcept {
  entry->~CachedLink();
  ::operator delete(entry);
}

void CachedLinkQueue::push(CachedLink& entry) noexcept {
  entry.newer = nullptr;
  entry.older = newest_;
  (newest_ == nullptr ? oldest_ : newest_->newer) = &entry;
  newest_ = &entry;
  bytes_ += entry.bytes();
  ++size_;
}

void CachedLinkQueue::remove(CachedLink& entry) noexcept {
  (entry.newer == nullptr ? newest_ : entry.newer->older) = entry.older;
  (entry.older == nullptr ? oldest_ : entry.older->newer) = entry.newer;
  bytes_ -= entry.bytes();
  --size_;
}

}  // namespace ginnel::cache

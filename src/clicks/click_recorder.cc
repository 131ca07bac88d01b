// SPDX-License-Identifier: MIT
#include "clicks/click_recorder.h"

#include <algorithm>
#include <cstring>

namespace ginnel::clicks {
namespace {

/// The part of an address that may be written down: /24 of IPv4, /48 of IPv6.
ClientNetwork network_of(const IpAddress& address) noexcept {
  ClientNetwork network;
  network.length = address.length == 4 ? 3 : address.length == 16 ? 6 : 0;
  std::copy_n(address.bytes.begin(), network.length, network.bytes.begin());
  return network;
}

SipKey key_of(const std::array<std::uint8_t, 16>& bytes) noexcept {
  SipKey key;
  std::memcpy(&key.first, bytes.data(), sizeof key.first);
  std::memcpy(&key.second, bytes.data() + sizeof key.first, sizeof key.second);
  return key;
}

}  // namespace

void ClickRecorder::use_salts(const std::vector<storage::VisitorSalt>& salts) {
  salts_.clear();
  for (const storage::VisitorSalt& salt : salts) {
    salts_.push_back({salt.day, key_of(salt.key)});
  }
}

void ClickRecorder::record(const FollowedLink& followed, const Visit& visit) noexcept {
  if (!now_) {
    now_ = domain::now();
  }
  ClickRecord record;
  record.at = *now_;
  record.link = followed.link;
  record.user = followed.user;
  record.visitor = visitor_of(visit);
  if (addresses_ == AddressPolicy::kShortened) {
    record.network = network_of(visit.address);
  }
  record.prefetch = visit.prefetch;
  record.code = followed.code;
  record.user_agent = visit.user_agent.substr(0, kMaxRecordedText);
  record.referrer = visit.referrer.substr(0, kMaxRecordedText);
  journal_.append(record);
}

void ClickRecorder::flush() noexcept {
  if (now_) {
    now_.reset();
    journal_.flush();
  }
}

/// The whole address and the user agent under the key of the day (UTC); 0 without a key or an
/// address.
std::uint64_t ClickRecorder::visitor_of(const Visit& visit) const noexcept {
  const auto day = std::chrono::floor<std::chrono::days>(*now_);
  const auto salt =
      std::find_if(salts_.begin(), salts_.end(), [day](const Salt& s) { return s.day == day; });
  if (salt == salts_.end() || visit.address.length == 0) {
    return 0;
  }
  std::array<char, sizeof(IpAddress::bytes) + kMaxRecordedText> text;  // NOLINT: filled below
  const std::size_t agent = std::min(visit.user_agent.size(), kMaxRecordedText);
  std::memcpy(text.data(), visit.address.bytes.data(), sizeof visit.address.bytes);
  std::memcpy(text.data() + sizeof visit.address.bytes, visit.user_agent.data(), agent);
  const std::uint64_t hash =
      SipHash13(salt->key)(std::string_view(text.data(), sizeof visit.address.bytes + agent));
  return hash == 0 ? 1 : hash;
}

}  // namespace ginnel::clicks

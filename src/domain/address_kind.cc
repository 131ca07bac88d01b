// SPDX-License-Identifier: MIT
#include "domain/address_kind.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cstdint>
#include <span>

namespace ginnel::domain {
namespace {

/// Addresses that share their first `bits` bits, which are at most 32 in every row below.
struct Block {
  std::uint32_t first;
  unsigned bits;

  constexpr bool contains(std::uint32_t address) const noexcept {
    return ((address ^ first) >> (32 - bits)) == 0;
  }
};

constexpr std::uint32_t dotted(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  return a << 24 | b << 16 | c << 8 | d;
}

// https://www.iana.org/assignments/iana-ipv4-special-registry, and two addresses of clouds.
constexpr Block kNotPublicV4[] = {
    {dotted(0, 0, 0, 0), 8},           // this network
    {dotted(100, 100, 100, 200), 32},  // Alibaba's metadata, inside RFC 6598
    {dotted(127, 0, 0, 0), 8},         // loopback
    {dotted(168, 63, 129, 16), 32},    // Azure's host agent: public by its number alone
    {dotted(169, 254, 0, 0), 16},      // link-local, and most clouds' metadata
    {dotted(192, 0, 0, 0), 24},        // protocol assignments
    {dotted(192, 0, 2, 0), 24},        // documentation
    {dotted(192, 88, 99, 0), 24},      // 6to4 relays
    {dotted(198, 18, 0, 0), 15},       // benchmarks, RFC 2544
    {dotted(198, 51, 100, 0), 24},     // documentation
    {dotted(203, 0, 113, 0), 24},      // documentation
    {dotted(224, 0, 0, 0), 4},         // multicast
    {dotted(240, 0, 0, 0), 4},         // reserved, and the broadcast address
};

constexpr Block kPrivateV4[] = {
    {dotted(10, 0, 0, 0), 8},      // RFC 1918
    {dotted(100, 64, 0, 0), 10},   // RFC 6598: carriers, and networks laid over others
    {dotted(172, 16, 0, 0), 12},   // RFC 1918
    {dotted(192, 168, 0, 0), 16},  // RFC 1918
};

// https://www.iana.org/assignments/ipv6-address-space: the one block that is given out.
constexpr Block kGlobalUnicastV6 = {0x2000'0000, 3};

// https://www.iana.org/assignments/iana-ipv6-special-registry, what of it lies inside that block.
constexpr Block kNotPublicV6[] = {
    {0x2001'0000, 23},  // protocol assignments: Teredo, benchmarks, ORCHID
    {0x2001'0db8, 32},  // documentation
    {0x2002'0000, 16},  // 6to4
    {0x3fff'0000, 20},  // documentation, RFC 9637
};

// RFC 4193.
constexpr Block kUniqueLocalV6 = {0xfc00'0000, 7};

// Amazon's metadata, fd00:ec2::/32, inside that block.
constexpr Block kMetadataV6 = {0xfd00'0ec2, 32};

/// What ends in `[02]00:5efe:a.b.c.d`, under whatever prefix, is the way by ISATAP to that IPv4
/// address (RFC 5214 section 6.1). The bits for "universal" and "group" may be either.
constexpr bool is_isatap(const std::array<unsigned char, 16>& bytes) noexcept {
  constexpr unsigned char kUniversalAndGroup = 0x03;
  return (bytes[8] & ~kUniversalAndGroup) == 0 && bytes[9] == 0 && bytes[10] == 0x5e &&
         bytes[11] == 0xfe;
}

bool is_in(std::span<const Block> blocks, std::uint32_t address) noexcept {
  return std::ranges::any_of(blocks, [&](const Block& block) { return block.contains(address); });
}

constexpr std::uint32_t first_word(const std::array<unsigned char, 16>& bytes) noexcept {
  return dotted(bytes[0], bytes[1], bytes[2], bytes[3]);
}

AddressKind kind_of_v4(std::uint32_t address) noexcept {
  if (is_in(kNotPublicV4, address)) {
    return AddressKind::kOther;
  }
  return is_in(kPrivateV4, address) ? AddressKind::kPrivate : AddressKind::kPublic;
}

AddressKind kind_of_v6(const std::array<unsigned char, 16>& bytes) noexcept {
  const std::uint32_t word = first_word(bytes);
  if (is_isatap(bytes)) {
    return AddressKind::kOther;
  }
  if (kUniqueLocalV6.contains(word) && !kMetadataV6.contains(word)) {
    return AddressKind::kPrivate;
  }
  const bool is_public = kGlobalUnicastV6.contains(word) && !is_in(kNotPublicV6, word);
  return is_public ? AddressKind::kPublic : AddressKind::kOther;
}

}  // namespace

AddressKind address_kind(const std::string& text) noexcept {
  std::array<unsigned char, 16> bytes{};
  if (::inet_pton(AF_INET, text.c_str(), bytes.data()) == 1) {
    return kind_of_v4(first_word(bytes));
  }
  if (::inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1) {
    return kind_of_v6(bytes);
  }
  return AddressKind::kNone;
}

}  // namespace ginnel::domain

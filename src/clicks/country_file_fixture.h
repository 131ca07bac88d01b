// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip_address.h"

namespace ginnel::clicks {

/// A network and the country it is in.
struct NetworkCountry {
  std::string_view network;  ///< its first address
  unsigned bits = 0;         ///< of the network: 24 of 203.0.113.0/24
  std::string_view country;
};

/// Makes small MaxMind databases (https://maxmind.github.io/MaxMind-DB/, version 2.0): a tree of
/// IPv6 with IPv4 at ::/96, records of 24 bits, and of each country its `iso_code` alone.
class CountryFileBytes final {
 public:
  explicit CountryFileBytes(const std::vector<NetworkCountry>& networks) {
    for (const NetworkCountry& network : networks) {
      add(network);
    }
  }

  std::string bytes() const {
    const auto count = static_cast<std::uint32_t>(nodes_.size());
    std::string bytes;
    for (const Node& node : nodes_) {
      for (const Record& record : node) {
        // Behind the nodes' numbers comes `nothing`, and then the data, 16 bytes further.
        append(bytes,
               record.is_data      ? count + 16 + record.value
               : record.value == 0 ? count
                                   : record.value,
               3);
      }
    }
    bytes.append(16, '\0');
    bytes += data_;
    bytes += "\xab\xcd\xefMaxMind.com";
    return bytes + metadata(count);
  }

 private:
  struct Record {
    bool is_data = false;
    std::uint32_t value = 0;  ///< offset of the data, or number of the next node; 0: nothing
  };
  using Node = std::array<Record, 2>;

  void add(const NetworkCountry& network) {
    const IpAddress address = parse_ip_address(network.network).value();
    std::array<std::uint8_t, 16> bytes{};
    const std::size_t before = address.length == 4 ? 12 : 0;  // zero bytes before an IPv4 address
    std::copy_n(address.bytes.begin(), address.length, bytes.begin() + before);
    const std::size_t bits = network.bits + 8 * before;
    std::size_t node = 0;
    for (std::size_t bit = 0; bit + 1 < bits; ++bit) {
      Record& record = nodes_[node][bit_of(bytes, bit)];
      node = record.value;
      if (node == 0) {
        node = nodes_.size();
        record.value = static_cast<std::uint32_t>(node);
        nodes_.emplace_back();  // ends the life of `record`
      }
    }
    nodes_[node][bit_of(bytes, bits - 1)] = {true, static_cast<std::uint32_t>(data_.size())};
    data_ += map(1) + text("country") + map(1) + text("iso_code") + text(network.country);
  }

  static std::size_t bit_of(const std::array<std::uint8_t, 16>& bytes, std::size_t bit) {
    return bytes[bit / 8] >> (7 - bit % 8) & 1u;
  }

  static void append(std::string& bytes, std::uint64_t number, unsigned count) {
    while (count-- > 0) {
      bytes += static_cast<char>(number >> (8 * count));
    }
  }

  // A field begins with its type in three bits and its size in five; types above 7 stand in the
  // byte behind.
  static std::string head(unsigned type, std::size_t size) {
    return {static_cast<char>(type << 5u | size)};
  }
  static std::string text(std::string_view text) { return head(2, text.size()) += text; }
  static std::string map(std::size_t pairs) { return head(7, pairs); }
  static std::string number(unsigned type, std::uint64_t value, unsigned bytes) {
    std::string field = type > 7 ? head(0, bytes) + static_cast<char>(type - 7) : head(type, bytes);
    append(field, value, bytes);
    return field;
  }

  static std::string metadata(std::uint32_t node_count) {
    constexpr unsigned kUint16 = 5;
    constexpr unsigned kUint32 = 6;
    constexpr unsigned kUint64 = 9;
    const std::string no_languages = {'\0', '\x04'};                       // an array: type 11
    return map(9) + text("node_count") + number(kUint32, node_count, 4) +  //
           text("record_size") + number(kUint16, 24, 2) +                  //
           text("ip_version") + number(kUint16, 6, 2) +                    //
           text("database_type") + text("Test-Country") +                  //
           text("languages") + no_languages +                              //
           text("binary_format_major_version") + number(kUint16, 2, 2) +   //
           text("binary_format_minor_version") + number(kUint16, 0, 2) +   //
           text("build_epoch") + number(kUint64, 1'795'521'600, 8) +       //
           text("description") + map(0);
  }

  std::vector<Node> nodes_{1};
  std::string data_;
};

/// A file for a database, in a folder of its own; removed with the object.
class CountryFilePlace final {
 public:
  CountryFilePlace() {
    std::string folder = "/tmp/ginnel_country_test.XXXXXX";
    folder_ = ::mkdtemp(folder.data());
  }
  ~CountryFilePlace() { std::filesystem::remove_all(folder_); }
  CountryFilePlace(const CountryFilePlace&) = delete;
  CountryFilePlace& operator=(const CountryFilePlace&) = delete;

  std::string path() const { return folder_ + "/country.mmdb"; }

  /// Puts another file into its place, as geoipupdate does.
  void replace(const std::string& bytes) const {
    std::ofstream(path() + ".new", std::ios::binary) << bytes;
    std::filesystem::rename(path() + ".new", path());
  }

  /// Writes over the file that is there, as `cp` does.
  void overwrite(const std::string& bytes) const {
    std::ofstream(path(), std::ios::binary) << bytes;
  }

  void remove() const { std::filesystem::remove(path()); }

 private:
  std::string folder_;
};

}  // namespace ginnel::clicks

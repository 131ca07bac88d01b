// SPDX-License-Identifier: MIT
// A CSV file reads alike however its bytes come. The first byte of an input tells how long the
// pieces are.
#include <algorithm>

#include "support/fuzz_target.h"
#include "transfer/csv_reader.h"

namespace ginnel::transfer {
namespace {

std::string read(std::string_view rest, std::size_t piece) {
  CsvReader reader([&rest, piece](std::span<char> buffer) -> Result<std::size_t> {
    const std::size_t size = std::min({piece, buffer.size(), rest.size()});
    std::copy_n(rest.begin(), size, buffer.begin());
    rest.remove_prefix(size);
    return size;
  });
  std::string told;
  while (true) {
    auto record = reader.next();
    if (!record) {
      return told + "error: " + record.error().message;
    }
    if (!record->has_value()) {
      return told;
    }
    told += std::to_string((*record)->line) + ':';
    for (const std::string_view cell : (*record)->cells) {
      told += '[' + std::string(cell) + ']';
    }
    told += std::string((*record)->fault) + '\n';
  }
}

}  // namespace
}  // namespace ginnel::transfer

std::string ginnel::support::fault_of(std::string_view bytes) {
  if (bytes.empty()) {
    return {};
  }
  const std::size_t piece = 1 + static_cast<unsigned char>(bytes.front()) % 16;
  bytes.remove_prefix(1);
  const std::string whole = transfer::read(bytes, bytes.size() + 1);
  const std::string pieces = transfer::read(bytes, piece);
  return whole == pieces ? std::string() : "whole:\n" + whole + "\npieces:\n" + pieces;
}

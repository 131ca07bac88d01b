// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ginnel::http {

struct ListenAddress {
  std::string host;  ///< an IP literal, without brackets
  std::uint16_t port = 8080;
};

/// The field by which trusted proxies say whom they serve. kEither: X-Forwarded-For, and Forwarded
/// where that did not come.
enum class ClientAddressField : std::uint8_t { kXForwardedFor, kForwarded, kEither };

/// How the server listens and what it puts up with. `config` fills it; docs/configuration.md says
/// what each is for.
struct ServerOptions {
  std::vector<ListenAddress> listen;

  /// Event loops, each on a thread of its own.
  std::size_t threads = 1;

  /// Open connections. One more takes the place of the one that has been quiet longest; where none
  /// is quiet it gets one answer.
  std::size_t max_connections = 10'000;

  /// What all connections together may hold: headers, bodies, and answers that are not taken.
  std::size_t max_memory_bytes = std::size_t{256} << 20;

  /// From the first byte of a request (or the connection's begin) to the end of its header.
  std::chrono::milliseconds header_timeout{10'000};

  /// From the end of the header to the end of the body; of a body that is streamed, for the next
  /// piece of it.
  std::chrono::milliseconds body_timeout{30'000};

  /// Between two requests of a connection.
  std::chrono::milliseconds idle_timeout{75'000};

  /// For a client that takes no byte of its answer.
  std::chrono::milliseconds write_timeout{30'000};

  std::size_t max_body_bytes = 1u << 20;

  /// Networks (`10.0.0.0/8`, `::1`) of proxies that are believed.
  std::vector<std::string> trusted_proxies;

  /// What they write, and no visitor: the other field is never read.
  ClientAddressField client_address_field = ClientAddressField::kXForwardedFor;

  /// How long /health/serving says 503 before the listeners close.
  std::chrono::milliseconds drain_notice{500};

  /// How long requests in flight may take after that.
  std::chrono::milliseconds drain_grace{10'000};
};

}  // namespace ginnel::http

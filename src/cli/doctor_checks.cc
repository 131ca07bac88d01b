// SPDX-License-Identifier: MIT
#include "cli/doctor_checks.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "api/guard.h"
#include "base/ip_address.h"
#include "base/text.h"
#include "config/network_readers.h"
#include "config/server_urls.h"
#include "domain/url_parts.h"
#include "http/client_address.h"
#include "service/own_hosts.h"

namespace ginnel::cli {
namespace {

constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;

/// What cures that nobody may listen there.
std::string cure_of_port(const http::ListenAddress& address, int fault) {
  switch (fault) {
    case EACCES:
      return fmt::format(
          "AmbientCapabilities=CAP_NET_BIND_SERVICE in a systemd unit; elsewhere setcap "
          "cap_net_bind_service=+ep BINARY (again after each build), or sysctl "
          "net.ipv4.ip_unprivileged_port_start={}; or a proxy there, and http.listen above 1023",
          address.port);
    case EADDRINUSE:
      return "ss -ltnp shows who listens; or set http.listen";
    case EADDRNOTAVAIL:
      return "ip -br address shows the addresses there are; set http.listen to one of them";
    case EAFNOSUPPORT:
      return "set http.listen to IPv4 addresses alone, or let the kernel have IPv6";
    default:
      return "set http.listen";
  }
}

Finding of_migrations(const storage::Examination& seen, bool migrates_at_start) {
  const auto missing =
      std::ranges::count(seen.migrations, false, &storage::MigrationState::applied);
  if (missing == 0) {
    return ok("database",
              fmt::format("{}: sound, {} links, schema {}",
                          seen.path,
                          seen.links,
                          seen.migrations.empty() ? 0 : seen.migrations.back().number));
  }
  const std::string text = fmt::format("{}: sound, {} migrations are missing", seen.path, missing);
  return migrates_at_start ? ok("database", text + "; the next start applies them")
                           : failure("database", text, "ginnel backup FILE, then ginnel migrate");
}

std::string recovery_of(const std::string& path) {
  return fmt::format(
      "stop the server, then ginnel restore BACKUP; without a backup: docs/operations.md, "
      "\"Without a backup\", saves what can be read of {}",
      path);
}

/// What is wrong with the file's place, when somebody serves it.
std::optional<Finding> of_place(const storage::Examination& seen) {
  if (!seen.server) {
    return std::nullopt;
  }
  const std::string& process = *seen.server;
  if (!seen.exists) {
    return failure("database",
                   fmt::format("{} is gone, while process {} serves it", seen.path, process),
                   "put the file back; what process " + process + " still has of it is at /proc/" +
                       process + "/fd (docs/operations.md)");
  }
  if (seen.is_other_file) {
    return failure("database",
                   fmt::format("{} is not the file that process {} serves", seen.path, process),
                   "put that file back; or stop the process, then ginnel restore BACKUP");
  }
  if (process == "unknown") {
    return failure(
        "database",
        fmt::format("{}.lock was deleted while a process serves {}", seen.path, seen.path),
        "restart the server; fuser " + seen.path + " finds it");
  }
  return std::nullopt;
}

Finding of_missing(const storage::Examination& seen) {
  std::vector<std::string> names;
  std::string indexes;
  for (const storage::SchemaPart& part : seen.missing) {
    names.push_back(part.type + ' ' + part.name);
    indexes += "DROP " + part.type + " IF EXISTS " + part.name + "; " + part.sql + "; ";
  }
  const bool has_table = std::ranges::count(seen.missing, "table", &storage::SchemaPart::type) > 0;
  const std::string text = seen.path + " lacks what it was made with: " + joined(names);
  return has_table
             ? failure("database", text, recovery_of(seen.path))
             : failure("database",
                       text,
                       fmt::format("stop the server, then sqlite3 {} \"{}\"", seen.path, indexes));
}

/// Whether who asks `host`, an address or name of loopback, reaches the listener `own`, an address
/// of loopback. localhost is the first one of IPv4 and the one of IPv6.
bool is_reached(const http::ListenAddress& own, std::string_view host) {
  const auto asked = parse_ip_address(host);
  return asked ? parse_ip_address(own.host) == asked : own.host == "127.0.0.1" || own.host == "::1";
}

/// What is wrong with a links.public_url of loopback, where that is set; `host` is its host.
std::optional<Finding> of_local_url(const config::Settings& settings, std::string_view host) {
  const std::string& url = settings.links.public_url;
  const domain::UrlParts parts = domain::split_url(url);
  if (!parts.authority) {
    return std::nullopt;
  }
  const bool has_tls = ascii_lower(parts.scheme) == "https";
  const std::string_view port = domain::split_authority(*parts.authority).port.value_or("");
  const std::string wanted(!port.empty() ? port : has_tls ? "443" : "80");
  const auto listens = [&](const http::ListenAddress& own) {
    const bool has_port = std::to_string(own.port) == wanted || (own.port == 0 && !has_tls);
    return has_port && is_reached(own, host);
  };
  const bool is_here = std::ranges::any_of(settings.http.listen, listens);
  if (has_tls && is_here) {
    return warning("url",
                   "short URLs begin with " + url + ", where this server listens without TLS",
                   "http:// in links.public_url, or the port of a proxy that speaks TLS");
  }
  if (!has_tls && !is_here && settings.http.trusted_proxies.empty()) {
    return warning("url",
                   "short URLs begin with " + url + ", where this server does not listen",
                   "leave links.public_url out, or set http.listen");
  }
  return std::nullopt;
}

/// Tells of rows that today's rules would not let in, in the words of their kind.
void add_kept(const storage::KeptRows& rows,
              const char* area,
              std::string_view what,
              const char* cure,
              std::vector<Finding>& findings) {
  if (rows.count == 0) {
    return;
  }
  findings.push_back(warning(area,
                             fmt::format("{} {} from before today's rules, kept as they came: {}{}",
                                         rows.count,
                                         what,
                                         fmt::join(rows.ids, ", "),
                                         rows.count > rows.ids.size() ? ", ..." : ""),
                             cure));
}

}  // namespace

std::vector<Finding> check_settings(const config::Configuration& configuration) {
  std::vector<Finding> findings;
  for (const config::Fault& fault : configuration.faults) {
    findings.push_back(failure(
        "settings", fault.text(), "correct it there; docs/configuration.md has every setting"));
  }
  if (findings.empty()) {
    const auto unset =
        std::ranges::count(configuration.values, "default", &config::EffectiveValue::source);
    const auto set = std::ssize(configuration.values) - unset;
    findings.push_back(ok("settings", fmt::format("{} set, the others by default", set)));
  }
  return findings;
}

std::vector<Finding> check_database(const storage::Examination& seen, bool migrates_at_start) {
  if (seen.path.empty()) {
    return {warning("database",
                    "in memory: everything is gone when the server ends",
                    "set database.url to sqlite:PATH")};
  }
  if (auto misplaced = of_place(seen)) {
    return {std::move(*misplaced)};
  }
  if (!seen.exists) {
    return {ok("database", seen.path + ": not there yet; the first start makes it")};
  }
  if (seen.fault) {
    return {failure(
        "database",
        seen.fault->message,
        "check database.url and the file's owner; if it is damaged: " + recovery_of(seen.path))};
  }
  if (!seen.damage.empty()) {
    return {failure("database", seen.path + " is damaged: " + seen.damage, recovery_of(seen.path))};
  }
  if (!seen.missing.empty()) {
    return {of_missing(seen)};
  }
  std::vector<Finding> findings{of_migrations(seen, migrates_at_start)};
  if (!seen.shadowed_codes.empty()) {
    findings.push_back(warning(
        "links",
        "routes have the codes of these links, which lead nowhere: " + joined(seen.shadowed_codes),
        "make them anew under other codes: ginnel link create URL --code CODE"));
  }
  add_kept(seen.kept_users,
           "users",
           "users have names or addresses",
           "nothing needs to be done; PUT /users/ID gives another one",
           findings);
  add_kept(seen.kept_links,
           "links",
           "links have targets",
           "follow one; PUT /urls/ID gives another target where it leads nowhere",
           findings);
  return findings;
}

Finding check_secret_file(const std::string& path, std::uint32_t owner, std::uint32_t mode) {
  // As PostgreSQL takes the key of its certificate.
  const std::uint32_t closed = owner == 0 ? S_IWGRP | S_IXGRP | S_IRWXO : S_IRWXG | S_IRWXO;
  const std::uint32_t open = mode & closed;
  if (open == 0) {
    return ok("secrets", path + ": closed to others");
  }
  const bool may_change = (open & (S_IWGRP | S_IWOTH)) != 0;
  const char* const who = (open & S_IRWXO) != 0 ? "every user of this machine" : "its group";
  return warning(
      "secrets",
      fmt::format("{} holds a secret, and {} may {} it (mode {:04o})",
                  path,
                  who,
                  may_change ? "change" : "read",
                  mode & 07777U),
      fmt::format("chmod {} {}; then make a new secret, since this one may be known",
                  owner == 0 ? "640" : "600",
                  path + (owner == 0 ? " (and chgrp it to the group of the service)" : "")));
}

std::vector<Finding> check_secret_flags(const config::Configuration& configuration) {
  std::vector<Finding> findings;
  for (const config::EffectiveValue& value : configuration.values) {
    const bool is_masked =
        value.setting->may_come_from_file() && value.shown.find("***") != std::string::npos;
    if (is_masked && value.source.starts_with("--")) {
      findings.push_back(
          warning("secrets",
                  fmt::format("every user of this machine can read {} (ps)", value.source),
                  fmt::format("{} in a file, or {}_FILE in the environment",
                              value.setting->file_name(),
                              value.setting->environment_name())));
    }
  }
  return findings;
}

Finding check_port(const http::ListenAddress& address, int fault) {
  const std::string text = config::to_text(address);
  if (fault == 0) {
    return ok("port", text + " is free");
  }
  return failure(
      "port", text + ": " + std::generic_category().message(fault), cure_of_port(address, fault));
}

Finding check_room(const std::string& area, const std::string& what, std::uint64_t free) {
  constexpr std::uint64_t kLittle = 1024 * kMiB;
  constexpr std::uint64_t kNothing = 64 * kMiB;
  const std::string text = fmt::format("{} MiB free for {}", free / kMiB, what);
  if (free >= kLittle) {
    return ok(area, text);
  }
  return {free < kNothing ? Finding::Level::kFail : Finding::Level::kWarn,
          area,
          text,
          "make room on that disk, or move it by database.url and journal.folder"};
}

Finding check_open_files(const config::Configuration& configuration) {
  const auto value = std::ranges::find(
      configuration.values, "limit of open files", &config::EffectiveValue::source);
  if (value == configuration.values.end()) {
    return ok("files", "as many may be open as http.max_connections needs");
  }
  return warning("files",
                 "the limit of open files lowers http.max_connections to " + value->shown,
                 "ulimit -n 65536 before the start, or LimitNOFILE=65536 in a systemd unit");
}

Finding check_access(const config::Settings& settings) {
  using Mode = api::Guard::Mode;
  const api::Guard guard(settings.guard, settings.links, settings.http);
  const std::string text =
      std::string(api::to_text(guard.mode())).append(": ").append(guard.meaning());
  switch (guard.mode()) {
    case Mode::kKey:
    case Mode::kLocal:
      return ok("access", text);
    case Mode::kOpen:
      return warning("access", text, "set api.key (API_KEY_FILE), and api.open to false");
    case Mode::kClosed:
      return warning("access", text, std::string(api::kMakeAKey));
  }
  return {};
}

Finding check_public_url(const config::Settings& settings) {
  const std::vector<http::ListenAddress>& listen = settings.http.listen;
  const service::LinkOptions links = config::with_public_url(settings.links, listen);
  service::LinkOptions named;
  named.public_url = links.public_url;
  const bool is_local = api::name_for_others(named).empty();
  if (is_local && !api::only_this_machine_reaches(listen)) {
    return warning("url",
                   "other machines reach the server, but short URLs begin with " + links.public_url,
                   "set links.public_url to what they call it");
  }
  if (is_local) {
    if (auto finding = of_local_url(settings, service::own_hosts(named).front())) {
      return std::move(*finding);
    }
  }
  if (api::hides_visitors(settings.links, settings.http)) {
    return warning(
        "url",
        "others have a name for the server (links.public_url, links.own_hosts) and only this "
        "machine reaches it: a proxy passes visitors on, and all of them count as one",
        "http.trusted_proxies=127.0.0.1, and a proxy that sends X-Forwarded-For (or what "
        "http.client_address_field names)");
  }
  const bool is_chosen_later = settings.links.public_url.empty() && listen.front().port == 0;
  return ok("url",
            is_chosen_later ? "short URLs have the port that the system chooses at the start"
                            : "short URLs begin with " + links.public_url);
}

std::vector<Finding> check_proxies(const config::Settings& settings) {
  using http::ClientAddressField;
  const ClientAddressField field = settings.http.client_address_field;
  if (settings.http.trusted_proxies.empty()) {
    if (field == ClientAddressField::kXForwardedFor) {
      return {};
    }
    return {warning("proxies",
                    "http.client_address_field is set, and nobody is believed who writes it",
                    "set http.trusted_proxies to the address of the proxy")};
  }
  const std::string whose = " of " + joined(settings.http.trusted_proxies);
  if (field == ClientAddressField::kEither) {
    return {
        ok("proxies",
           "visitors are told apart by X-Forwarded-For, and by Forwarded where that did not come," +
               whose + ": these have to remove what visitors send of both")};
  }
  const std::string_view name =
      field == ClientAddressField::kForwarded ? http::kForwarded : http::kXForwardedFor;
  return {ok("proxies", fmt::format("visitors are told apart by {}{}", name, whose))};
}

Finding check_clock(domain::Timestamp now, bool is_kept) {
  constexpr std::chrono::sys_days kWritten(std::chrono::year(2026) / 11 / 1);
  const std::string text = domain::to_text(std::chrono::floor<std::chrono::seconds>(now)) + " UTC";
  if (now < domain::Timestamp(kWritten)) {
    return failure(
        "clock", text + ": before this program was written", "set it: timedatectl set-ntp true");
  }
  return is_kept ? ok("clock", text)
                 : warning("clock",
                           text + "; nothing keeps it right, the kernel says",
                           "timedatectl set-ntp true, or install chrony");
}

}  // namespace ginnel::cli

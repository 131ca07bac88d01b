// SPDX-License-Identifier: MIT
#include "cli/doctor_machine.h"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <fmt/format.h>

#include "app/click_pipeline.h"
#include "base/file_io.h"
#include "clicks/country_database.h"
#include "clicks/journal_folder.h"
#include "clicks/segment.h"
#include "client/server.h"
#include "config/server_urls.h"

namespace ginnel::cli {
namespace {

namespace fs = std::filesystem;

/// The folder itself, or the nearest one above it that is there.
std::string folder_that_is_there(const std::string& path) {
  std::error_code failed;
  fs::path folder = fs::absolute(path, failed);
  while (!fs::is_directory(folder, failed) && folder.has_relative_path()) {
    folder = folder.parent_path();
  }
  return folder.string();
}

void check_folder(const std::string& area, const std::string& path, std::vector<Finding>& to) {
  const std::string folder = folder_that_is_there(path);
  if (::access(folder.c_str(), W_OK | X_OK) != 0) {
    to.push_back(failure(area,
                         folder + " cannot be written: " + std::strerror(errno),
                         fmt::format("chown {} {}, or start as its owner", ::geteuid(), folder)));
    return;
  }
  struct statvfs disk {};
  if (::statvfs(folder.c_str(), &disk) == 0) {
    to.push_back(check_room(area, path, std::uint64_t{disk.f_bavail} * disk.f_frsize));
  }
}

/// Why the server could not listen here, as an errno; 0 when it could.
int listen_fault(const http::ListenAddress& address) {
  namespace asio = boost::asio;
  asio::io_context context;
  asio::ip::tcp::acceptor acceptor(context);
  boost::system::error_code failed;
  const auto host = asio::ip::make_address(address.host, failed);
  const asio::ip::tcp::endpoint endpoint(host, address.port);
  acceptor.open(endpoint.protocol(), failed);
  if (!failed && host.is_v6()) {
    acceptor.set_option(asio::ip::v6_only(true), failed);
  }
  if (!failed) {
    acceptor.set_option(asio::socket_base::reuse_address(true), failed);
  }
  if (!failed) {
    acceptor.bind(endpoint, failed);
  }
  return failed.value();
}

Finding check_running(const config::Settings& settings, const storage::Examination& seen) {
  const std::string& process = *seen.server;
  const http::ListenAddress& first = settings.http.listen.front();
  if (seen.server_url.empty() && first.port == 0) {
    return ok("server", "process " + process + " serves, on a port it chose");
  }
  client::ClientOptions options = settings.client;
  options.server = first.port == 0 ? seen.server_url : config::local_url(first);
  options.key.clear();
  const std::string url = options.server;
  client::Server server(std::move(options));
  const auto answer = server.ask("GET", "/health/ready");
  if (!answer && server.ask("GET", "/health")) {
    return failure(
        "server",
        fmt::format("process {} answers, but its database takes no changes", process),
        fmt::format("its log says why, and so does ginnel_store_stopped at {}/metrics", url));
  }
  if (!answer) {
    return failure(
        "server",
        fmt::format("process {} holds the database, but {}", process, answer.error().message),
        "look at its log, and whether it was started with the same http.listen" +
            (seen.server_url.empty() ? "" : "; it says it is asked at " + seen.server_url));
  }
  return ok("server", fmt::format("process {} serves, ready at {}", process, url));
}

struct Segments {
  std::uint64_t files = 0;
  std::vector<std::string> unreadable;
};

Segments segments_in(const std::string& parent) {
  Segments found;
  for (const std::string& folder : clicks::journal_folders(parent)) {
    std::error_code failed;
    for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end;
         entry.increment(failed)) {
      const std::string path = entry->path().string();
      const bool is_damaged = entry->path().extension() == clicks::kDamagedSuffix;
      const bool is_segment = entry->path().extension() == ".clicks";
      found.files += is_segment ? 1 : 0;
      if (is_damaged || (is_segment && !clicks::read_segment_header(path))) {
        found.unreadable.push_back(path);
      }
    }
  }
  return found;
}

}  // namespace

std::vector<Finding> check_folders(const config::Settings& settings) {
  std::vector<Finding> findings;
  if (const auto file = storage::database_file(settings.store.url)) {
    const fs::path folder = fs::path(*file).parent_path();
    check_folder("folder", folder.empty() ? "." : folder.string(), findings);
  }
  if (!settings.journal.folder.empty()) {
    check_folder("journal", settings.journal.folder, findings);
  }
  return findings;
}

std::vector<Finding> check_server(const config::Settings& settings,
                                  const storage::Examination& seen) {
  if (seen.server) {
    return {check_running(settings, seen)};
  }
  std::vector<Finding> findings{ok("server", "nobody serves the database")};
  for (const http::ListenAddress& address : settings.http.listen) {
    findings.push_back(check_port(address, listen_fault(address)));
  }
  return findings;
}

std::vector<Finding> check_secrets(const config::Configuration& configuration) {
  std::vector<Finding> findings = check_secret_flags(configuration);
  for (const std::string& path : configuration.secret_files) {
    struct stat file {};
    if (::stat(path.c_str(), &file) == 0 && S_ISREG(file.st_mode)) {
      findings.push_back(check_secret_file(path, file.st_uid, file.st_mode));
    }
  }
  return findings;
}

std::vector<Finding> check_journal(const config::Settings& settings, bool is_served) {
  const std::string folder = app::journal_folder(settings);
  const Segments found = segments_in(folder);
  std::vector<Finding> findings;
  for (const std::string& path : found.unreadable) {
    findings.push_back(warning("journal",
                               path + " cannot be read to its end",
                               "ginnel journal verify " + path + "; docs/journal.md"));
  }
  if (is_served) {
    findings.push_back(ok("journal", fmt::format("{}: {} files in use", folder, found.files)));
  } else if (found.files > found.unreadable.size()) {
    findings.push_back(warning(
        "journal",
        fmt::format("{}: {} files, whose clicks may not be stored yet", folder, found.files),
        "the next start stores them, or now: ginnel journal replay"));
  } else if (findings.empty()) {
    findings.push_back(ok("journal", folder + ": no clicks wait"));
  }
  return findings;
}

Finding check_countries(const config::Settings& settings, domain::Timestamp now) {
  const std::string& path = settings.clicks.country_file;
  if (path.empty()) {
    return ok("countries", "no clicks.country_file: countries are unknown");
  }
  constexpr const char* kCure = "geoipupdate, or set clicks.country_file";
  const auto file = open_regular_file(path);
  if (!file) {
    return warning("countries", path + ": " + file.error().message, kCure);
  }
  const auto database = clicks::CountryDatabase::read(*file);
  if (!database) {
    return warning("countries", database.error().message, kCure);
  }
  using Days = std::chrono::duration<std::int64_t, std::ratio<86'400>>;
  constexpr Days kOld{90};
  const auto built = std::chrono::seconds(database->built());
  const auto age = std::chrono::duration_cast<Days>(now.time_since_epoch() - built);
  const std::string text = fmt::format("{}: {}, {} days old", path, database->type(), age.count());
  return age > kOld ? warning("countries", text, kCure) : ok("countries", text);
}

bool is_clock_kept() noexcept {
  timex state{};
  return ::adjtimex(&state) != TIME_ERROR;
}

}  // namespace ginnel::cli

// SPDX-License-Identifier: MIT
#include "cli/import_command.h"

#include <chrono>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/blocking_thread.h"
#include "base/run_blocking_task.h"
#include "cli/client_options.h"
#include "cli/command_stores.h"
#include "cli/progress_bar.h"
#include "cli/shell_text.h"
#include "config/server_urls.h"
#include "domain/timestamp.h"
#include "service/own_hosts.h"
#include "storage/backend.h"
#include "transfer/importer.h"
#include "transfer/input_file.h"

namespace ginnel::cli {
namespace {

using Clock = std::chrono::steady_clock;

std::string rejects_path(const ImportArguments& arguments) {
  if (!arguments.rejects.empty()) {
    return arguments.rejects;
  }
  const bool has_folder = arguments.file != "-" && !arguments.file.starts_with("/dev/");
  return (has_folder ? arguments.file : "stdin") + ".rejected.csv";
}

/// What to type to do the same again.
std::string command_line(const ImportArguments& arguments,
                         const config::Settings& settings,
                         bool through_server = false) {
  std::string line =
      fmt::format("ginnel import {} {}", plural_of(arguments.kind), shell_word(arguments.file));
  if (through_server) {
    return line + " --through-server";
  }
  if (!arguments.rejects.empty()) {
    line += " --rejects " + shell_word(arguments.rejects);
  }
  if (settings.store.url != storage::StoreOptions().url) {
    line += " --database.url " + shell_word(settings.store.url);
  }
  return line;
}

constexpr const char* kReader = "ginnel-import";  ///< the thread that reads the file

Result<transfer::ImportReport> import_into_database(transfer::InputFile file,
                                                    transfer::ImportPlan plan,
                                                    const config::Settings& settings) {
  CommandStores stores;
  if (auto opened = stores.open(settings.store); !opened) {
    return std::move(opened).error();
  }
  change::Context by;
  by.who = "import";
  by.at = domain::now();
  BlockingThread reader(kReader);
  return stores.wait_for(transfer::import_file(
      std::move(file), std::move(plan), reader, stores->imports(), std::move(by)));
}

/// What an import would do, foreseen in the database without a change to it.
Result<transfer::ImportReport> rehearse_import(transfer::InputFile file,
                                               transfer::ImportPlan plan,
                                               const config::Settings& settings) {
  auto store = storage::backend_of(settings.store).open_import_rehearsal(settings.store);
  if (!store) {
    return std::move(store).error();
  }
  asio::io_context loop(1);
  BlockingThread reader(kReader);
  return run_blocking_task(
      loop,
      transfer::import_file(std::move(file), std::move(plan), reader, **store, change::Context()));
}

Result<transfer::ImportReport> import_or_rehearse(const ImportArguments& arguments,
                                                  const config::Settings& settings,
                                                  Streams streams) {
  auto file = transfer::InputFile::open(arguments.file);
  if (!file) {
    return std::move(file).error();
  }
  ProgressBar bar(streams.err, streams.err_is_terminal, file->bytes());
  transfer::ImportPlan plan;
  plan.kind = arguments.kind;
  plan.targets =
      service::target_rules(config::with_public_url(settings.links, settings.http.listen));
  plan.rejects_path = rejects_path(arguments);
  plan.on_progress = [&bar](const transfer::ImportProgress& progress) {
    bar.show(progress.bytes, progress.rows);
  };
  if (arguments.dry_run) {
    return rehearse_import(std::move(*file), std::move(plan), settings);
  }
  return import_into_database(std::move(*file), std::move(plan), settings);
}

std::string summary(const ImportArguments& arguments,
                    const transfer::ImportReport& report,
                    double seconds) {
  return fmt::format("{}: {} read, {} {}, {} unchanged, {} skipped, {} rejected ({:.2f} s){}\n",
                     plural_of(arguments.kind),
                     report.read,
                     report.inserted,
                     arguments.dry_run ? "to insert" : "inserted",
                     report.unchanged,
                     report.skipped,
                     report.rejected,
                     seconds,
                     arguments.dry_run ? "; nothing was imported" : "");
}

/// What has to stand before a command so that it asks the server at `url`; nothing where it does so
/// anyway, or where it is not known.
std::string naming_server(const std::string& url, const config::Settings& settings) {
  std::string asked = client_options(settings).server;
  if (const auto place = asked.find("//localhost:"); place != std::string::npos) {
    asked.replace(place, std::string_view("//localhost:").size(), "//127.0.0.1:");
  }
  return url.empty() || url == asked ? "" : fmt::format("  GINNEL_SERVER={} \\\n", shell_word(url));
}

int report_failure(const Error& error,
                   const ImportArguments& arguments,
                   const config::Settings& settings,
                   Streams streams) {
  streams.err << "ginnel: " << error.message << '\n';
  if (error.kind == ErrorKind::kConflict) {
    streams.err << "  " << command_line(arguments, settings) << '\n'
                << "or let that server import it, whole or not at all:\n"
                << naming_server(error.detail, settings) << "  "
                << command_line(arguments, settings, true) << '\n';
  }
  streams.err << "nothing was imported\n";
  return kImportFailed;
}

}  // namespace

const char* const kImportHelp =
    "Files are CSV (RFC 4180) in UTF-8 with a header; columns in any order, others are ignored:\n"
    "  users   id, username, email, created_at\n"
    "  urls    id, user_id, short_code, original_url, title, is_active, created_at, updated_at\n"
    "  events  id, url_id, user_id, event_type, timestamp, details\n"
    "Times are UTC, as in 2025-07-13 12:40:57, or say their zone (2025-07-13T14:40:57+02:00).\n"
    "Import users first, then urls, then events.\n"
    "\n"
    "What spreadsheets write is taken too: semicolons or tabs where the header has them, a line\n"
    "sep=; before it, names of columns in another case or with spaces, TRUE, rows of empty cells.\n"
    "\n"
    "All good rows are imported in one transaction. A row that breaks a rule, and one whose id is\n"
    "there with other content or was deleted, is left out and written to the rejects file with "
    "its\n"
    "line and the reason; that file, corrected, can be imported in turn. Importing the same file\n"
    "again changes nothing. --dry-run says, and writes to the rejects file, what would be left "
    "out\n"
    "now, and changes nothing in the database; a server may have it meanwhile.\n"
    "\n"
    "Where a server has the database, --through-server sends the file to it (--server). It "
    "imports\n"
    "the whole file, or nothing when a row breaks a rule, and tells which.\n"
    "\n"
    "Exit status: 0 every row was inserted or is there already, 1 nothing was imported (or a\n"
    "server broke off before it answered, which is told), 2 wrong usage, 3 some rows were left "
    "out.\n";

int run_import(const ImportArguments& arguments,
               const config::Settings& settings,
               Streams streams) {
  const auto started = Clock::now();
  const auto report = import_or_rehearse(arguments, settings, streams);
  if (!report) {
    return report_failure(report.error(), arguments, settings, streams);
  }
  const std::chrono::duration<double> elapsed = Clock::now() - started;
  streams.out << summary(arguments, *report, elapsed.count());
  if (report->rejects_path.empty()) {
    return kAllImported;
  }
  streams.out << "the rows that " << (arguments.dry_run ? "would be" : "were")
              << " left out are in " << report->rejects_path << '\n';
  return kSomeLeftOut;
}

}  // namespace ginnel::cli

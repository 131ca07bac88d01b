// SPDX-License-Identifier: MIT
#include "cli/export_command.h"

#include <chrono>
#include <cstdint>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "cli/command.h"
#include "storage/backend.h"
#include "transfer/output_file.h"

namespace ginnel::cli {
namespace {

Result<std::uint64_t> export_all(const ExportArguments& arguments,
                                 const config::Settings& settings) {
  auto snapshot = storage::backend_of(settings.store).open_snapshot(settings.store);
  if (!snapshot) {
    return std::move(snapshot).error();
  }
  auto file = transfer::OutputFile::open(arguments.file);
  if (!file) {
    return std::move(file).error();
  }
  auto rows = transfer::export_rows(
      **snapshot, arguments.plan, [&file](std::string_view bytes) { return file->write(bytes); });
  snapshot->reset();  // a slow reader of the standard output is not waited for with it
  if (!rows) {
    return rows;
  }
  if (auto finished = file->finish(); !finished) {
    return std::move(finished).error();
  }
  return rows;
}

}  // namespace

const char* const kExportHelp =
    "Writes CSV (RFC 4180) in UTF-8, the form that `ginnel import` reads, in ascending order of "
    "id:\n"
    "  users   id, username, email, created_at\n"
    "  urls    id, user_id, short_code, original_url, title, is_active, created_at, updated_at\n"
    "  events  id, url_id, user_id, event_type, timestamp, details\n"
    "Imported into an empty database and exported again, every byte is the same. A click is an\n"
    "event too, of type redirect; statistics cannot be imported: `ginnel backup` keeps them.\n"
    "\n"
    "A file is of one instant, and the database may be served meanwhile. Three files of the same\n"
    "instant are exported from a backup: ginnel export WHAT --database.url sqlite:BACKUP\n"
    "\n"
    "A file appears when it is whole, in the place of an earlier one; the standard output is sent\n"
    "everything at the end. Spreadsheets run what begins with = + - @: --spreadsheet-safe puts an\n"
    "apostrophe before it, which an import would keep.\n"
    "\n"
    "Exit status: 0 exported, 1 failed, 2 wrong usage.\n";

int run_export(const ExportArguments& arguments,
               const config::Settings& settings,
               Streams streams) {
  const auto started = std::chrono::steady_clock::now();
  const auto rows = export_all(arguments, settings);
  if (!rows) {
    return fail(rows.error(), streams.err);
  }
  if (arguments.file != "-") {
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - started;
    streams.out << fmt::format("{}: {} written to {} ({:.2f} s)\n",
                               plural_of(arguments.plan.kind),
                               *rows,
                               arguments.file,
                               elapsed.count());
  }
  return kSuccess;
}

}  // namespace ginnel::cli

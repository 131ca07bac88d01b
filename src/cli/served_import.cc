// SPDX-License-Identifier: MIT
#include <chrono>
#include <cstdint>
#include <string>

#include <fmt/format.h>

#include "cli/client_options.h"
#include "cli/import_command.h"
#include "cli/progress_bar.h"
#include "client/imports.h"
#include "client/shown_text.h"
#include "transfer/input_file.h"

namespace ginnel::cli {
namespace {

using Clock = std::chrono::steady_clock;

Result<client::ImportReport> send(transfer::InputFile& file,
                                  const std::string& rows,
                                  const config::Settings& settings,
                                  Streams streams) {
  client::Server server(client_options(settings), &streams.err);
  ProgressBar bar(streams.err, streams.err_is_terminal, file.bytes());
  std::uint64_t sent = 0;
  const auto read = [&](std::span<char> buffer) {
    auto count = file.read(buffer);
    sent += count ? *count : 0;
    bar.show(sent, 0);
    return count;
  };
  return client::import_rows(server, rows, read, file.bytes());
}

int report_refusal(const Error& error, Streams streams) {
  streams.err << "ginnel: " << client::printable_text(error.message) << '\n';
  for (const FieldFault& fault : error.faults) {
    streams.err << "  " << client::printable_text(fault.message) << '\n';
  }
  if (error.kind != ErrorKind::kTimeout) {
    streams.err << "nothing was imported\n";
  }
  return kImportFailed;
}

}  // namespace

int run_served_import(const ImportArguments& arguments,
                      const config::Settings& settings,
                      Streams streams) {
  const auto started = Clock::now();
  auto file = transfer::InputFile::open(arguments.file);
  if (!file) {
    return report_refusal(file.error(), streams);
  }
  const std::string rows(plural_of(arguments.kind));
  const auto report = send(*file, rows, settings, streams);
  if (!report) {
    return report_refusal(report.error(), streams);
  }
  const std::chrono::duration<double> elapsed = Clock::now() - started;
  streams.out << fmt::format("{}: {} read, {} inserted, {} unchanged, {} skipped ({:.2f} s)\n",
                             rows,
                             report->rows,
                             report->inserted,
                             report->unchanged,
                             report->skipped,
                             elapsed.count());
  for (const std::string& line : report->skipped_rows) {
    streams.err << "  " << client::printable_text(line) << '\n';
  }
  return report->skipped == 0 ? kAllImported : kSomeLeftOut;
}

}  // namespace ginnel::cli

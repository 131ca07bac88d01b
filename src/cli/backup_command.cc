// SPDX-License-Identifier: MIT
#include "cli/backup_command.h"

#include <chrono>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "cli/command.h"
#include "domain/timestamp.h"
#include "storage/backend.h"

namespace ginnel::cli {
namespace {

using Clock = std::chrono::steady_clock;

std::string summary(std::string_view act,
                    const storage::CopiedDatabase& copied,
                    Clock::duration elapsed) {
  return fmt::format("{} {} to {}: {} links, {:.1f} MB, checked ({:.2f} s)\n",
                     act,
                     copied.from,
                     copied.to,
                     copied.links,
                     static_cast<double>(copied.bytes) / 1e6,
                     std::chrono::duration<double>(elapsed).count());
}

}  // namespace

const char* const kBackupHelp =
    "Copies the database as it is at one instant, checks the copy and forces it to the disk; only\n"
    "then it appears as FILE. The database may be served meanwhile: nothing has to be stopped.\n"
    "\n"
    "A backup is an SQLite file of its own, to be moved as one pleases. It holds all that is "
    "stored,\n"
    "so clicks too, but not those that still wait in the journal, and not the keys of the day's\n"
    "visitor hashes: after a restore a visitor counts once more that day.\n"
    "\n"
    "Exit status: 0 backed up, 1 failed, and there is no new FILE, 2 wrong usage.\n";

const char* const kRestoreHelp =
    "Checks FILE and puts a copy of it in the database's place. The server must be stopped. What "
    "was\n"
    "there is kept beside it, as ginnel.db.replaced-20261125T214512Z; delete it when all is well.\n"
    "\n"
    "A backup of an earlier version is brought up to date by the next start. Clicks that wait in "
    "the\n"
    "journal of this database are stored by it too, each once.\n"
    "\n"
    "Exit status: 0 restored, 1 failed, and the database is as it was, 2 wrong usage.\n";

int run_backup(const BackupArguments& arguments,
               const config::Settings& settings,
               Streams streams) {
  using IfThere = WholeFile::IfThere;
  const auto started = Clock::now();
  const auto if_there = arguments.force ? IfThere::kReplace : IfThere::kRefuse;
  const auto copied =
      storage::backend_of(settings.store).back_up(settings.store, arguments.file, if_there);
  if (!copied) {
    return fail(copied.error(), streams.err);
  }
  streams.out << summary("backed up", *copied, Clock::now() - started);
  return kSuccess;
}

int run_restore(const BackupArguments& arguments,
                const config::Settings& settings,
                Streams streams) {
  const auto started = Clock::now();
  const auto restored =
      storage::backend_of(settings.store).restore(settings.store, arguments.file, domain::now());
  if (!restored) {
    return fail(restored.error(), streams.err);
  }
  streams.out << summary("restored", restored->copied, Clock::now() - started);
  if (!restored->kept.empty()) {
    streams.out << "what was there is in " << restored->kept << '\n';
  }
  return kSuccess;
}

}  // namespace ginnel::cli

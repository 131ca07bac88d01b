// SPDX-License-Identifier: MIT
#include "app/click_pipeline.h"

#include <utility>

#include <boost/asio/post.hpp>

#include "app/loop_load.h"
#include "base/run_blocking_task.h"

namespace ginnel::app {

std::string journal_folder(const config::Settings& settings) {
  if (!settings.journal.folder.empty()) {
    return settings.journal.folder;
  }
  const auto file = storage::database_file(settings.store.url);
  return file ? *file + ".journal" : "data/journal";
}

Result<std::unique_ptr<ClickPipeline>> ClickPipeline::open(const config::Settings& settings,
                                                           std::size_t cores,
                                                           storage::Stores& stores,
                                                           asio::io_context& loop,
                                                           observability::Log& log) {
  auto database = run_blocking_task(loop, stores.clicks().database_id({}));
  if (!database) {
    return std::move(database).error();
  }
  const auto today = std::chrono::floor<std::chrono::days>(domain::now());
  auto salts = run_blocking_task(loop, stores.clicks().salts(today, {}));
  if (!salts) {
    return std::move(salts).error();
  }
  clicks::JournalOptions options = settings.journal;
  options.folder = journal_folder(settings);
  auto journal = clicks::Journal::open(options, *database, cores, log);
  if (!journal) {
    return std::move(journal).error();
  }
  std::unique_ptr<ClickPipeline> pipeline(new ClickPipeline(settings, stores, log));
  pipeline->journal_ = std::move(*journal);
  pipeline->salts_ = std::move(*salts);
  return pipeline;
}

void ClickPipeline::start(const Cores& cores) {
  const auto salts = std::exchange(salts_, {});  // a day's key is not kept beyond its day
  std::vector<const http::Loop*> loops;
  for (const auto& core : cores) {
    loops.push_back(&core->loop);
    core->recorder.use_salts(salts);
    core->loop.before_answers_leave([&recorder = core->recorder] { recorder.flush(); });
  }
  clicks::ClickShipper::Surroundings surroundings;
  surroundings.use_salts = [&cores](const clicks::ClickShipper::Salts& fresh) {
    for (const auto& core : cores) {
      asio::post(core->loop.context(),
                 [&recorder = core->recorder, fresh] { recorder.use_salts(fresh); });
    }
  };
  surroundings.busy = [load = LoopLoad(std::move(loops))]() mutable { return load.busy(); };
  shipper_ = std::make_unique<clicks::ClickShipper>(
      *journal_, stores_.clicks(), options_, std::move(surroundings), log_);
}

ClickPipeline::Outcome ClickPipeline::finish() {
  journal_->seal();
  Outcome outcome;
  outcome.whole = shipper_->finish(options_.finish_limit);
  const clicks::ShipperFigures figures = shipper_->figures();
  shipper_.reset();
  outcome.stored = figures.clicks;
  outcome.waiting = figures.lag_records;
  if (!outcome.whole) {
    log_.warn("clicks stay in the journal until the next start", {{"clicks", outcome.waiting}});
  }
  return outcome;
}

void ClickPipeline::add_figures(observability::Metrics& metrics) const {
  using observability::MetricKind;
  const auto add = [&metrics](MetricKind kind, const char* name, const char* help, auto read) {
    metrics.add({name, help, kind, {}, [read] { return static_cast<double>(read()); }});
  };
  constexpr auto kGauge = MetricKind::kGauge;
  constexpr auto kCounter = MetricKind::kCounter;
  const clicks::Journal* journal = journal_.get();
  add(kCounter, "ginnel_journal_records_total", "Clicks written to the journal.", [=] {
    return journal->figures().records;
  });
  add(kCounter, "ginnel_journal_bytes_total", "Bytes written to the journal.", [=] {
    return journal->figures().bytes;
  });
  add(kCounter,
      "ginnel_journal_dropped_total",
      "Clicks that were answered and are lost: the disk is full, journal.max_bytes reached, or a "
      "file of the journal deleted or damaged before they were stored.",
      [=] { return journal->figures().dropped; });
  add(kGauge, "ginnel_journal_disk_bytes", "Disk the journal takes.", [=] {
    return journal->figures().disk_bytes;
  });
  add(kGauge, "ginnel_journal_segments", "Files of the journal.", [=] {
    return journal->figures().segments;
  });
  add(kGauge,
      "ginnel_journal_foreign_segments",
      "Files of another database, which are never stored here.",
      [=] { return journal->figures().foreign_segments; });
  add(kGauge,
      "ginnel_journal_unreadable_segments",
      "Files of the journal that are damaged, of a newer version, or cannot be read now.",
      [this, journal] {
        const auto waiting = shipper_ ? shipper_->figures().unreadable : 0;
        return journal->figures().unreadable_segments + waiting;
      });
  add(kCounter, "ginnel_journal_syncs_total", "Times the journal was forced to the disk.", [=] {
    return journal->figures().syncs;
  });
  add(kCounter, "ginnel_journal_sync_failures_total", "Times that failed.", [=] {
    return journal->figures().sync_failures;
  });
  add_shipper_figures(metrics);
}

void ClickPipeline::add_shipper_figures(observability::Metrics& metrics) const {
  using observability::MetricKind;
  using Figures = clicks::ShipperFigures;
  const auto add = [&](MetricKind kind, const char* name, const char* help, auto member) {
    metrics.add({name, help, kind, {}, [this, member] {
                   const Figures figures = shipper_ ? shipper_->figures() : Figures();
                   return static_cast<double>(figures.*member);
                 }});
  };
  constexpr auto kGauge = MetricKind::kGauge;
  constexpr auto kCounter = MetricKind::kCounter;
  add(kCounter, "ginnel_shipper_clicks_total", "Clicks stored in the database.", &Figures::clicks);
  add(kCounter, "ginnel_shipper_batches_total", "Batches of clicks stored.", &Figures::batches);
  add(kCounter,
      "ginnel_shipper_batches_repeated_total",
      "Batches that were stored already, and were not stored again.",
      &Figures::repeated);
  add(kCounter,
      "ginnel_shipper_failures_total",
      "Times the database could not store clicks.",
      &Figures::failures);
  add(kCounter,
      "ginnel_shipper_torn_segments_total",
      "Files of the journal that ended in a torn click.",
      &Figures::torn);
  add(kGauge,
      "ginnel_shipper_lag_records",
      "Clicks waiting in the journal.",
      &Figures::lag_records);
  add(kGauge, "ginnel_shipper_lag_seconds", "Age of the oldest of them.", &Figures::lag_seconds);
  add(kGauge,
      "ginnel_sums_lag_clicks",
      "Clicks that are stored and not yet summed up; figures count them too.",
      &Figures::unsummed);
  add(kGauge,
      "ginnel_shipper_clicks_per_second",
      "Speed at which the last batch was stored: that of catching up.",
      &Figures::clicks_per_second);
}

}  // namespace ginnel::app

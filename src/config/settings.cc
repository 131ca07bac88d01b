// SPDX-License-Identifier: MIT
#include "config/settings.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <utility>

#include "config/network_readers.h"
#include "config/process_limits.h"
#include "config/readers.h"

namespace ginnel::config {
namespace {

using api::GuardOptions;
using clicks::ClickOptions;
using clicks::JournalOptions;
using client::ClientOptions;
using http::ServerOptions;
using observability::LogOptions;
using service::LinkOptions;
using service::UploadOptions;
using storage::StoreOptions;

/// The field at the end of a way through the settings: `at<&Settings::log, &LogOptions::level>`.
template <auto... members>
auto& at(Settings& settings) {
  return (settings.*....*members);
}

constexpr Bounds kThreads{1, 256};
constexpr Bounds kShort{0, 60'000};
constexpr Bounds kPatience{1, 3'600'000};

constexpr std::array<Area, 11> kAreas{{
    {"http", "Listening and connections"},
    {"api", "Who may use the interface"},
    {"database", "Database"},
    {"links", "Links"},
    {"bulk", "Uploads of files"},
    {"cache", "Cache"},
    {"journal", "Journal of clicks"},
    {"clicks", "Clicks"},
    {"shutdown", "Shutting down"},
    {"log", "Log"},
    {"client", "Asking a server"},
}};

ValueKind listen_addresses() {
  const auto parse = [](std::string_view text) { return parse_listen(text, ipv6_support()); };
  const auto show = [](const std::vector<http::ListenAddress>& addresses) {
    std::vector<std::string> texts;
    std::ranges::transform(addresses, std::back_inserter(texts), to_text);
    return joined(texts);
  };
  const auto place = at<&Settings::http, &ServerOptions::listen>;
  return {"addresses with a port", reader(parse, show, place), true};
}

ValueKind thread_count() {
  const auto parse = [](std::string_view text) { return parse_whole(text, kThreads); };
  const auto cores = [] { return std::min(usable_cores(), kThreads.most); };
  const auto show = [](std::uint64_t threads) { return std::to_string(threads); };
  const auto place = at<&Settings::http, &ServerOptions::threads>;
  return {range_text(kThreads) + ", or cores", reader(or_word("cores", cores, parse), show, place)};
}

template <class Place>
ValueKind url_or_auto(Place place) {
  return {"an http or https URL, or auto", text_or("auto", parse_public_url, place)};
}

ValueKind client_address_field() {
  using http::ClientAddressField;
  ValueKind word =
      one_of(Choices<ClientAddressField>{{"x-forwarded-for", ClientAddressField::kXForwardedFor},
                                         {"forwarded", ClientAddressField::kForwarded},
                                         {"either", ClientAddressField::kEither}},
             at<&Settings::http, &ServerOptions::client_address_field>);
  // Names of fields have no case.
  word.read = [read_lower = std::move(word.read)](std::string_view text, Settings& settings) {
    return read_lower(ascii_lower(text), settings);
  };
  return word;
}

std::vector<Setting> http_settings() {
  return {
      {.name = "http.listen",
       .meaning = "Addresses to listen on. localhost means every loopback address this machine "
                  "has, an address left out every address, port 0 one that the system chooses.",
       .fallback = "localhost:8080",
       .example = "0.0.0.0:80, [::]:80",
       .kind = listen_addresses()},
      {.name = "http.threads",
       .meaning = "Event loops, each on a thread of its own. cores: one for each core this process "
                  "may run on.",
       .fallback = "cores",
       .example = "4",
       .kind = thread_count()},
      {.name = "http.max_connections",
       .meaning =
           "Open connections. One more takes the place of the one that has waited longest for "
           "a request; where none waits, it gets a redirect or health and is closed. Lowered "
           "at start to what the limit of open files allows (ulimit -n).",
       .fallback = "10000",
       .example = "50000",
       .kind = whole({1, 1'000'000}, at<&Settings::http, &ServerOptions::max_connections>)},
      {.name = "http.header_timeout_ms",
       .meaning = "Time for a request's header to arrive, from its first byte or the connection's "
                  "begin; then 408.",
       .fallback = "10000",
       .example = "5000",
       .kind = milliseconds(kPatience, at<&Settings::http, &ServerOptions::header_timeout>)},
      {.name = "http.body_timeout_ms",
       .meaning = "Time for a request's body to arrive after its header, of an uploaded file for "
                  "each piece; then 408.",
       .fallback = "30000",
       .example = "120000",
       .kind = milliseconds(kPatience, at<&Settings::http, &ServerOptions::body_timeout>)},
      {.name = "http.idle_timeout_ms",
       .meaning = "How long a connection may wait for its next request. Longer than the balancer "
                  "in front keeps its own (nginx: 60 s).",
       .fallback = "75000",
       .example = "75000",
       .kind = milliseconds(kPatience, at<&Settings::http, &ServerOptions::idle_timeout>)},
      {.name = "http.write_timeout_ms",
       .meaning =
           "How long a client may take no byte of its answer before the connection is closed.",
       .fallback = "30000",
       .example = "10000",
       .kind = milliseconds(kPatience, at<&Settings::http, &ServerOptions::write_timeout>)},
      {.name = "http.max_body_bytes",
       .meaning = "Largest request body taken; a larger one gets 413.",
       .fallback = "1 MiB",
       .example = "16 MiB",
       .kind = bytes({1u << 10, 1u << 30}, at<&Settings::http, &ServerOptions::max_body_bytes>)},
      {.name = "http.max_memory_bytes",
       .meaning =
           "Memory that all connections together may hold: headers, bodies, and answers that "
           "are not taken. Beyond it the interface answers 503, the connections that hold most "
           "unsent are closed, and redirects go on. 16 KiB for each of http.max_connections is "
           "enough.",
       .fallback = "256 MiB",
       .example = "1 GiB",
       .kind = bytes({1u << 20, std::uint64_t{1} << 40},
                     at<&Settings::http, &ServerOptions::max_memory_bytes>)},
      {.name = "http.trusted_proxies",
       .meaning = "Networks of proxies that are believed when they say whom they serve "
                  "(http.client_address_field). Empty: nobody is, so that all whom a proxy serves "
                  "count as one visitor. Set, an api.key is needed.",
       .fallback = "",
       .example = "10.0.0.0/8, fd00::/8",
       .kind = list_of("networks (CIDR) and addresses",
                       parse_networks,
                       at<&Settings::http, &ServerOptions::trusted_proxies>)},
      {.name = "http.client_address_field",
       .meaning =
           "The field that every one of http.trusted_proxies writes or lengthens. The other is "
           "never read, since a visitor may have sent it. either: X-Forwarded-For, and Forwarded "
           "(RFC 7239) where that did not come; only where the proxies remove what visitors sent "
           "of both.",
       .fallback = "x-forwarded-for",
       .example = "forwarded",
       .kind = client_address_field()},
  };
}

std::vector<Setting> api_settings() {
  return {
      {.name = "api.key",
       .meaning =
           "What callers have to show, as X-API-Key or Authorization: Bearer, on all but the "
           "public routes. Better given by a file or the environment than by a flag, which "
           "every user of the machine can read. none: only callers on this machine are "
           "served, as long as http.listen, links.public_url and links.own_hosts have loopback's "
           "addresses and names only and http.trusted_proxies is empty; otherwise nobody.",
       .fallback = "none",
       .example = "use-openssl-rand-hex-32-to-make-one",
       .kind = text_of("16 to 256 printable ASCII characters without a space, or none",
                       parse_key,
                       at<&Settings::guard, &GuardOptions::key>),
       .secrecy = Secrecy::kSecret,
       .customary = {"API_KEY"}},
      {.name = "api.open",
       .meaning = "Whether everybody who reaches this server may read and change everything when "
                  "there is no api.key, pages of other sites in a visitor's browser included.",
       .fallback = "false",
       .example = "true",
       .kind = on_or_off(at<&Settings::guard, &GuardOptions::open>)},
  };
}

std::vector<Setting> database_settings() {
  return {
      {.name = "database.url",
       .meaning = "Where the data live. A path is relative to the folder the process starts in; a "
                  "file that is missing is made.",
       .fallback = "sqlite:data/ginnel.db",
       .example = "sqlite:/var/lib/ginnel/ginnel.db",
       .kind = text_of("sqlite:PATH or sqlite::memory:",
                       parse_database_url,
                       at<&Settings::store, &StoreOptions::url>),
       .secrecy = Secrecy::kHasPassword,
       .customary = {"DATABASE_URL"}},
      {.name = "database.timeout_ms",
       .meaning = "How long one operation may take, its time in the queue included; then 503.",
       .fallback = "5000",
       .example = "2000",
       .kind = milliseconds(kPatience, at<&Settings::store, &StoreOptions::operation_timeout>)},
      {.name = "database.readers",
       .meaning = "Reading connections, each on a thread of its own.",
       .fallback = "2",
       .example = "4",
       .kind = whole({1, 64}, at<&Settings::store, &StoreOptions::readers>)},
      {.name = "database.write_queue",
       .meaning = "Changes that may wait to be written; one more gets 503.",
       .fallback = "4096",
       .example = "16384",
       .kind = whole({1, 1'000'000}, at<&Settings::store, &StoreOptions::write_queue_limit>)},
      {.name = "database.migrate",
       .meaning = "Whether serve brings the database to the newest form when it starts; otherwise "
                  "it refuses to start until ginnel migrate was run.",
       .fallback = "true",
       .example = "false",
       .kind = on_or_off(at<&Settings::store, &StoreOptions::migrate>)},
  };
}

std::vector<Setting> link_settings() {
  return {
      {.name = "links.public_url",
       .meaning =
           "What short URLs begin with. auto: the first address of http.listen with the port that "
           "was bound, as http://localhost:PORT where it is 127.0.0.1, ::1 or every address. The "
           "Host header of a request is never used for it. "
           "A host that is not this machine's alone (localhost) needs an api.key.",
       .fallback = "auto",
       .example = "https://go.example.org",
       .kind = url_or_auto(at<&Settings::links, &LinkOptions::public_url>)},
      {.name = "links.own_hosts",
       .meaning = "Other names of this service, beside that of links.public_url. No link may lead "
                  "there, since it would redirect in a circle. One that is not this machine's "
                  "alone (localhost) needs an api.key.",
       .fallback = "",
       .example = "example.org, www.example.org",
       .kind = list_of("host names", parse_hosts, at<&Settings::links, &LinkOptions::own_hosts>)},
      {.name = "links.max_target_length",
       .meaning = "Characters that the target of a link may have when it is made or changed.",
       .fallback = "2048",
       .example = "1000",
       .kind = whole({64, 8'192}, at<&Settings::links, &LinkOptions::max_target_length>)},
      {.name = "links.max_location_bytes",
       .meaning =
           "Bytes that the Location of a link may have when it is made or changed: its target, "
           "percent-encoded, so that a letter outside ASCII is six or more. A proxy answers 502 "
           "in place of fields that exceed its buffer; nginx's holds all of them in 4 KiB "
           "(proxy_buffer_size).",
       .fallback = "3500",
       .example = "7500",
       .kind = whole({256, 16'384}, at<&Settings::links, &LinkOptions::max_location_bytes>)},
      {.name = "links.allow_private",
       .meaning = "Whether links may lead into a network of one's own: to private addresses "
                  "(10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10, fc00::/7), to names "
                  "of one label and to those under local, localdomain, internal, svc and "
                  "home.arpa. Never to this service, to loopback and link-local addresses, or to "
                  "what clouds call their metadata.",
       .fallback = "false",
       .example = "true",
       .kind = on_or_off(at<&Settings::links, &LinkOptions::allow_private>)},
      {.name = "cache.local_bytes",
       .meaning = "Memory for cached links in this process, divided by its threads. 0 keeps none.",
       .fallback = "64 MiB",
       .example = "1 GiB",
       .kind = bytes({0, std::uint64_t{64} << 30}, at<&Settings::cache_bytes>)},
  };
}

std::vector<Setting> bulk_settings() {
  return {
      {.name = "bulk.max_bytes",
       .meaning =
           "Largest file taken by POST /users/bulk, /urls/bulk and /events/bulk, with what a "
           "form adds to it; a larger one gets 413.",
       .fallback = "256 MiB",
       .example = "1 GiB",
       .kind = bytes({1u << 10, 1u << 30}, at<&Settings::bulk, &UploadOptions::max_bytes>)},
      {.name = "bulk.folder",
       .meaning =
           "Where an upload is kept until it is imported, twice bulk.max_bytes at most; it has "
           "no name there and is gone with the process. auto: beside the SQLite file; TMPDIR "
           "or /tmp otherwise.",
       .fallback = "auto",
       .example = "/var/tmp",
       .kind = path_or("auto", at<&Settings::bulk, &UploadOptions::folder>)},
      {.name = "bulk.upload_timeout_ms",
       .meaning = "How long an upload may take to arrive; then 408. For each piece of it "
                  "http.body_timeout_ms holds as well.",
       .fallback = "600000",
       .example = "60000",
       .kind = milliseconds(kPatience, at<&Settings::bulk, &UploadOptions::upload_timeout>)},
  };
}

std::vector<Setting> journal_settings() {
  using clicks::SyncPolicy;
  return {
      {.name = "journal.folder",
       .meaning =
           "Where clicks wait for the database; each process has a folder of its own inside. "
           "auto: beside the SQLite file, as ginnel.db.journal; data/journal otherwise.",
       .fallback = "auto",
       .example = "/var/lib/ginnel/journal",
       .kind = path_or("auto", at<&Settings::journal, &JournalOptions::folder>)},
      {.name = "journal.sync",
       .meaning = "When clicks are forced to the disk: interval, every journal.sync_interval_ms; "
                  "flush, before their answers leave (slow); never, when the kernel sees fit. "
                  "Whatever it is, kill -9 loses none: only a power failure can.",
       .fallback = "interval",
       .example = "flush",
       .kind = one_of(Choices<SyncPolicy>{{"interval", SyncPolicy::kInterval},
                                          {"flush", SyncPolicy::kFlush},
                                          {"never", SyncPolicy::kNever}},
                      at<&Settings::journal, &JournalOptions::sync>)},
      {.name = "journal.sync_interval_ms",
       .meaning = "How many milliseconds of clicks a power failure may take.",
       .fallback = "50",
       .example = "10",
       .kind = milliseconds({1, 60'000}, at<&Settings::journal, &JournalOptions::sync_interval>)},
      {.name = "journal.segment_bytes",
       .meaning = "Size of a file of the journal.",
       .fallback = "8 MiB",
       .example = "64 MiB",
       .kind = bytes({std::uint64_t{64} << 10, std::uint64_t{1} << 30},
                     at<&Settings::journal, &JournalOptions::segment_bytes>)},
      {.name = "journal.max_bytes",
       .meaning = "Disk the journal may take while the database is away. Redirects go on beyond; "
                  "their clicks are counted as dropped.",
       .fallback = "4 GiB",
       .example = "20 GiB",
       .kind = bytes({std::uint64_t{1} << 20, std::uint64_t{1} << 40},
                     at<&Settings::journal, &JournalOptions::max_bytes>)},
  };
}

std::vector<Setting> click_settings() {
  using clicks::AddressPolicy;
  return {
      {.name = "clicks.address",
       .meaning = "What is kept of a visitor's address: shortened, its network (203.0.113.0/24, "
                  "2001:db8:1::/48); dropped, nothing, and no country either.",
       .fallback = "shortened",
       .example = "dropped",
       .kind = one_of(Choices<AddressPolicy>{{"shortened", AddressPolicy::kShortened},
                                             {"dropped", AddressPolicy::kDropped}},
                      at<&Settings::clicks, &ClickOptions::address>)},
      {.name = "clicks.country_file",
       .meaning = "A MaxMind database that tells countries, read again when it changes. none: "
                  "countries are unknown.",
       .fallback = "none",
       .example = "/var/lib/GeoIP/GeoLite2-Country.mmdb",
       .kind = path_or("none", at<&Settings::clicks, &ClickOptions::country_file>)},
      {.name = "clicks.ship_interval_ms",
       .meaning = "How often it is looked for clicks to store when none were waiting.",
       .fallback = "200",
       .example = "1000",
       .kind = milliseconds({1, 60'000}, at<&Settings::clicks, &ClickOptions::ship_interval>)},
      {.name = "clicks.patience_ms",
       .meaning =
           "How long storing clicks gives way while visitors keep every thread busy: a peak is "
           "answered first and stored afterwards. 0: it never gives way.",
       .fallback = "10000",
       .example = "0",
       .kind = milliseconds({0, 3'600'000}, at<&Settings::clicks, &ClickOptions::patience>)},
      {.name = "clicks.agents_remembered",
       .meaning = "Different user agents whose classification is remembered, about 1 KiB each.",
       .fallback = "10000",
       .example = "50000",
       .kind = whole({1, 10'000'000}, at<&Settings::clicks, &ClickOptions::agents_remembered>)},
  };
}

std::vector<Setting> process_settings() {
  using observability::LogFormat;
  using observability::LogLevel;
  return {
      {.name = "shutdown.notice_ms",
       .meaning = "After SIGTERM: how long /health/serving says 503 while everything is still "
                  "answered, so that balancers look elsewhere.",
       .fallback = "500",
       .example = "5000",
       .kind = milliseconds(kShort, at<&Settings::http, &ServerOptions::drain_notice>)},
      {.name = "shutdown.grace_ms",
       .meaning = "After that: how long requests in flight may take before they are cut off.",
       .fallback = "10000",
       .example = "20000",
       .kind = milliseconds({0, kPatience.most}, at<&Settings::http, &ServerOptions::drain_grace>)},
      {.name = "shutdown.ship_ms",
       .meaning = "After that: how long clicks may take to reach the database. What is left waits "
                  "in the journal for the next start.",
       .fallback = "10000",
       .example = "60000",
       .kind =
           milliseconds({0, kPatience.most}, at<&Settings::clicks, &ClickOptions::finish_limit>)},
      {.name = "log.level",
       .meaning = "The least important lines written to standard error.",
       .fallback = "info",
       .example = "debug",
       .kind = one_of(Choices<LogLevel>{{"debug", LogLevel::kDebug},
                                        {"info", LogLevel::kInfo},
                                        {"warn", LogLevel::kWarn},
                                        {"error", LogLevel::kError}},
                      at<&Settings::log, &LogOptions::level>)},
      {.name = "log.format",
       .meaning = "json: one object a line. text: for people. auto: text on a terminal, json "
                  "elsewhere.",
       .fallback = "auto",
       .example = "json",
       .kind = one_of(
           Choices<LogFormat>{
               {"auto", LogFormat::kAuto}, {"json", LogFormat::kJson}, {"text", LogFormat::kText}},
           at<&Settings::log, &LogOptions::format>)},
      {.name = "log.redirects_one_in",
       .meaning = "Of the redirects that went well, one in so many is logged; 0 logs none. Those "
                  "that failed always are.",
       .fallback = "1000",
       .example = "1",
       .kind = whole({0, 1'000'000'000}, at<&Settings::log, &LogOptions::redirects_one_in>)},
  };
}

std::vector<Setting> client_settings() {
  return {
      {.name = "client.server",
       .meaning = "The server that ginnel link and ginnel user ask, by the api.key of this side. "
                  "auto: the one on this machine that listens at the first address of http.listen.",
       .fallback = "auto",
       .example = "https://go.example.org",
       .kind = url_or_auto(at<&Settings::client, &ClientOptions::server>),
       .customary = {"GINNEL_SERVER"}},
      {.name = "client.timeout_ms",
       .meaning = "How long they wait for one answer, the time to connect included.",
       .fallback = "10000",
       .example = "60000",
       .kind = milliseconds(kPatience, at<&Settings::client, &ClientOptions::timeout>)},
  };
}

std::vector<Setting> all_settings() {
  std::vector<Setting> all = http_settings();
  for (auto make : {api_settings,
                    database_settings,
                    link_settings,
                    bulk_settings,
                    journal_settings,
                    click_settings,
                    process_settings,
                    client_settings}) {
    std::vector<Setting> more = make();
    std::move(more.begin(), more.end(), std::back_inserter(all));
  }
  return all;
}

}  // namespace

Table settings_table() {
  static const std::vector<Setting> kAll = all_settings();
  return kAll;
}

std::span<const Area> areas() {
  return kAreas;
}

}  // namespace ginnel::config

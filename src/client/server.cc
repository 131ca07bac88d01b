// SPDX-License-Identifier: MIT
#include "client/server.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <utility>

#include <curl/curl.h>

#include "base/text.h"
#include "client/shown_text.h"

namespace ginnel::client {
namespace {

std::string text_of(const boost::json::value& value) {
  return value.is_string() ? std::string(value.get_string()) : boost::json::serialize(value);
}

}  // namespace

const boost::json::object& as_object(const boost::json::value& value) {
  static const boost::json::object kNone;
  return value.is_object() ? value.get_object() : kNone;
}

std::string text_at(const boost::json::object& object, std::string_view key) {
  const auto* const value = object.if_contains(key);
  return value == nullptr || value->is_null() ? std::string() : text_of(*value);
}

std::int64_t number_at(const boost::json::object& object, std::string_view key) {
  const auto* const value = object.if_contains(key);
  const auto* const number = value != nullptr ? value->if_int64() : nullptr;
  return number != nullptr ? *number : 0;
}

const boost::json::array& array_at(const boost::json::object& object, std::string_view key) {
  static const boost::json::array kNone;
  const auto* const value = object.if_contains(key);
  return value != nullptr && value->is_array() ? value->get_array() : kNone;
}

struct Server::Handle {
  CURL* curl = curl_easy_init();
  std::array<char, CURL_ERROR_SIZE> reason{};

  Handle() = default;
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() { curl_easy_cleanup(curl); }
};

namespace {

/// A page of 500 links with the longest targets and titles, each character as `\uXXXX`, fits.
constexpr std::size_t kLongestAnswer = std::size_t{32} << 20;

/// What came back, as it came.
struct Reply {
  long status = 0;
  std::string body;
  std::string short_url;
  std::string link;
  std::string location;
  std::string ignored;
  bool too_long = false;
};

class Fields final {
 public:
  Fields() = default;
  Fields(const Fields&) = delete;
  Fields& operator=(const Fields&) = delete;
  ~Fields() { curl_slist_free_all(list_); }

  void add(const std::string& line) { list_ = curl_slist_append(list_, line.c_str()); }
  curl_slist* get() const noexcept { return list_; }

 private:
  curl_slist* list_ = nullptr;
};

/// Whether nothing of the request can have reached a server.
bool never_left(CURLcode code) {
  return code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_RESOLVE_PROXY ||
         code == CURLE_COULDNT_CONNECT || code == CURLE_SSL_CONNECT_ERROR ||
         code == CURLE_PEER_FAILED_VERIFICATION;
}

bool is_on_this_machine(std::string_view server) {
  const auto scheme = server.find("://");
  std::string_view host = scheme == std::string_view::npos ? server : server.substr(scheme + 3);
  host = host.substr(0, host.find('/'));
  return host.starts_with("127.") || host.starts_with("[::1]") ||
         ascii_lower(host.substr(0, host.find(':'))) == "localhost";
}

Error unreached(std::string message) {
  return {ErrorKind::kUnavailable, std::move(message)};
}

Error no_ginnel(const std::string& server, long status) {
  // A gateway's own 5xx hides what the server behind it did.
  return Error(status >= 500 ? ErrorKind::kTimeout : ErrorKind::kUnavailable,
               server + " answered " + std::to_string(status) +
                   ", but not as Ginnel does: is --server (GINNEL_SERVER) right?");
}

ErrorKind kind_of(long status) {
  switch (status) {
    case 401:
      return ErrorKind::kUnauthorized;
    case 404:
      return ErrorKind::kNotFound;
    default:
      return ErrorKind::kInvalid;
  }
}

/// A row of an upload that the server does not take.
FieldFault row_fault(const boost::json::object& row) {
  const std::string column = text_at(row, "column");
  const std::string place = "line " + text_at(row, "line") + (column.empty() ? "" : ", " + column);
  return {column, place + ": " + text_at(row, "reason")};
}

/// The refusal in the server's words, and for a key where it is given.
Error refusal(const std::string& server, long status, const boost::json::value& document) {
  const boost::json::object& object = as_object(document);
  if (!object.contains("error")) {
    return no_ginnel(server, status);
  }
  Error error(kind_of(status), text_at(object, "error"));
  if (status == 401) {
    error.message += " (give it by GINNEL_API_KEY, GINNEL_API_KEY_FILE or --api-key)";
  }
  for (const auto& row : array_at(object, "errors")) {
    error.faults.push_back(row_fault(as_object(row)));
  }
  const auto* const details = object.if_contains("details");
  if (details != nullptr && error.faults.empty()) {  // of rows they only tell how many
    for (const auto& [field, fault] : as_object(*details)) {
      error.faults.push_back({std::string(field), text_of(fault)});
    }
  }
  return error;
}

/// What the reply says: the answer, or the refusal.
Result<Answer> read_reply(const std::string& server, Reply& reply) {
  if (reply.status >= 300 && reply.status < 400) {
    return unreached(server + " sends callers on to " + reply.location +
                     ": name that server by --server or GINNEL_SERVER");
  }
  Answer answer;
  boost::system::error_code fault;
  if (!reply.body.empty()) {
    answer.document = boost::json::parse(reply.body, fault);
  }
  if (reply.status >= 400) {
    return refusal(server, reply.status, fault ? boost::json::value() : answer.document);
  }
  if (fault || (answer.document.is_null() && reply.status != 204)) {
    return no_ginnel(server, reply.status);
  }
  answer.short_url = std::move(reply.short_url);
  answer.more = reply.link.find("rel=\"next\"") != std::string::npos;
  return answer;
}

/// libcurl's CURLOPT_WRITEFUNCTION.
std::size_t take_body(char* data, std::size_t, std::size_t size, void* to) {
  Reply& reply = *static_cast<Reply*>(to);
  reply.too_long = size > kLongestAnswer - reply.body.size();
  if (reply.too_long) {
    return 0;
  }
  reply.body.append(data, size);
  return size;
}

/// libcurl's CURLOPT_HEADERFUNCTION.
std::size_t take_field(char* data, std::size_t, std::size_t size, void* to) {
  Reply& reply = *static_cast<Reply*>(to);
  const std::string_view line(data, size);
  const auto colon = std::min(line.find(':'), line.size());
  const std::pair<std::string_view, std::string*> wanted[] = {{"x-short-url", &reply.short_url},
                                                              {"link", &reply.link},
                                                              {"location", &reply.location},
                                                              {"x-ignored", &reply.ignored}};
  const std::string lower = ascii_lower(line.substr(0, colon));
  for (const auto& [name, value] : wanted) {
    if (lower == name) {
      *value = trimmed(line.substr(std::min(colon + 1, line.size())));
    }
  }
  return size;
}

void add_fields(Fields& fields, const std::string& key, const char* content_type) {
  fields.add("Accept: application/json");
  if (!key.empty()) {
    fields.add("X-API-Key: " + key);
  }
  if (content_type != nullptr) {
    fields.add(std::string("Content-Type: ") + content_type);
  }
}

/// A file on its way, and why it could not be read.
struct Upload {
  const ByteSource& read;
  std::optional<Error> fault;
};

/// libcurl's CURLOPT_READFUNCTION.
std::size_t give_body(char* to, std::size_t, std::size_t size, void* from) {
  Upload& upload = *static_cast<Upload*>(from);
  auto count = upload.read({to, size});
  if (!count) {
    upload.fault = std::move(count).error();
    return CURL_READFUNC_ABORT;
  }
  return *count;
}

/// What every request has, whatever it asks for.
void set_up(CURL* curl, const ClientOptions& options, const Fields& fields, Reply& reply) {
  const auto timeout = static_cast<long>(options.timeout.count());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, timeout);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, timeout);
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "ginnel");
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, fields.get());
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &take_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &reply);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, &take_field);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &reply);
  if (is_on_this_machine(options.server)) {
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
  }
}

/// What to do when libcurl gave up with `code`.
const char* advice(CURLcode code, const std::string& method) {
  if (never_left(code)) {
    return "; start it there by ginnel serve, or name another by --server or GINNEL_SERVER";
  }
  return method == "GET" ? "; try again" : "; whether it was done is unknown: look";
}

}  // namespace

Server::Server(ClientOptions options, std::ostream* notices)
    : options_(std::move(options)), notices_(notices), handle_(std::make_unique<Handle>()) {}

Server::~Server() = default;

std::string Server::escaped(std::string_view text) {
  if (text.empty()) {
    return {};  // libcurl would read up to a NUL, which a view need not have
  }
  const std::unique_ptr<char, decltype(&curl_free)> owned(
      curl_easy_escape(nullptr, text.data(), static_cast<int>(text.size())), &curl_free);
  return owned == nullptr ? std::string() : std::string(owned.get());
}

/// What a request is, beside its path. Its body is a text, or an upload, or there is none.
struct Server::Sent {
  const std::string& method;
  const char* content_type = nullptr;  ///< of the body
  const std::string* text = nullptr;   ///< the body at once
  Upload* upload = nullptr;            ///< the body piece by piece,
  std::uint64_t bytes = 0;             ///< so many in all
};

Result<Answer> Server::ask(const std::string& method,
                           const std::string& path,
                           const boost::json::value& body) {
  if (body.is_null()) {
    return perform(path, Sent{method});
  }
  const std::string text = boost::json::serialize(body);
  return perform(path, Sent{method, "application/json", &text});
}

Result<Answer> Server::upload(const std::string& path,
                              const ByteSource& read,
                              std::uint64_t bytes) {
  const std::string method = "POST";
  Upload upload{read, {}};
  auto answer = perform(path, Sent{method, "text/csv", nullptr, &upload, bytes});
  if (upload.fault) {
    return std::move(*upload.fault);
  }
  return answer;
}

/// A server of another version may not know what this one asks for: what it answers is then not
/// what was meant.
void Server::tell_ignored(const std::string& names) {
  if (notices_ != nullptr && !names.empty() && names != told_) {
    *notices_ << "ginnel: " << printable_text(options_.server) << " ignored "
              << printable_text(names)
              << ": it does not know that, as servers of another version may not\n";
    told_ = names;
  }
}

Result<Answer> Server::perform(const std::string& path, const Sent& sent) {
  CURL* const curl = handle_->curl;
  if (curl == nullptr) {
    return Error(ErrorKind::kInternal, "libcurl cannot begin");
  }
  const std::string url = options_.server + path;
  Reply reply;
  Fields fields;
  add_fields(fields, options_.key, sent.content_type);
  curl_easy_reset(curl);
  set_up(curl, options_, fields, reply);
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  if (sent.text != nullptr) {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, static_cast<long>(sent.text->size()));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, sent.text->data());
  } else if (sent.upload != nullptr) {
    constexpr auto kLimit = std::chrono::duration_cast<std::chrono::milliseconds>(kUploadTimeout);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(kLimit.count()));
    curl_easy_setopt(curl, CURLOPT_POST, 1L);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(sent.bytes));
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, &give_body);
    curl_easy_setopt(curl, CURLOPT_READDATA, sent.upload);
  }
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, sent.method.c_str());
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, handle_->reason.data());
  handle_->reason.front() = '\0';
  const CURLcode code = curl_easy_perform(curl);
  if (reply.too_long) {
    return unreached(options_.server + " sends more than 32 MiB, and not as Ginnel does");
  }
  if (code != CURLE_OK) {
    const std::string reason = handle_->reason.data();
    const bool is_unknown = !never_left(code) && sent.method != "GET";
    return Error(is_unknown ? ErrorKind::kTimeout : ErrorKind::kUnavailable,
                 options_.server +
                     " cannot be reached: " + (reason.empty() ? curl_easy_strerror(code) : reason) +
                     advice(code, sent.method));
  }
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply.status);
  tell_ignored(reply.ignored);
  return read_reply(options_.server, reply);
}

}  // namespace ginnel::client

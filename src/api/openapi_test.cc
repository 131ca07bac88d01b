// SPDX-License-Identifier: MIT
#include <cstdio>
#include <set>
#include <string>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "api/documentation.h"
#include "support/memory_api.h"

namespace ginnel::api {
namespace {

using Operations = std::set<std::string>;  ///< `GET /users/{id}`

boost::json::object document() {
  const std::string_view text = openapi_document();
  return boost::json::parse({text.data(), text.size()}).as_object();
}

std::string upper(boost::json::string_view method) {
  std::string text(method);
  for (char& c : text) {
    c = static_cast<char>(c - ('a' - 'A'));
  }
  return text;
}

/// Where the operations of a path stand: `/` and `/v1` of its servers, without the slash.
std::vector<std::string> prefixes_of(const boost::json::object& item) {
  std::vector<std::string> prefixes;
  if (const auto* servers = item.if_contains("servers")) {
    for (const auto& server : servers->as_array()) {
      const std::string url(server.at("url").as_string());
      prefixes.push_back(url == "/" ? "" : url);
    }
  }
  return prefixes.empty() ? std::vector<std::string>{""} : prefixes;
}

Operations documented(const boost::json::object& document) {
  Operations all;
  for (const auto& [path, item] : document.at("paths").as_object()) {
    for (const auto& [key, operation] : item.as_object()) {
      for (const std::string& prefix : prefixes_of(item.as_object())) {
        if (key != "servers") {
          all.insert(upper(key) + " " + prefix + std::string(path));
        }
      }
    }
  }
  return all;
}

/// The files that pages are made of are part of them; pictures of codes are of the route of codes.
/// Links by code stand with those by id: two paths that differ in a parameter's name are one
/// (OpenAPI 3.1, Paths Object).
Operations served(const http::Router& router) {
  Operations all{"GET /{code}.png", "GET /{code}.svg"};
  for (const http::Route& route : router.routes()) {
    const bool is_twice = route.guarded && route.pattern.find("{code}") != std::string::npos;
    if (!is_twice && !route.pattern.starts_with("/docs/") &&
        !route.pattern.starts_with("/assets/")) {
      all.insert(std::string(to_text(route.method)) + " " + route.pattern);
    }
  }
  return all;
}

TEST(OpenApi, DocumentsEveryRouteAndNothingElse) {
  support::MemoryApi api;
  EXPECT_EQ(documented(document()), served(api.router()));
  std::printf("openapi: %zu operations\n", served(api.router()).size());
}

/// The operations that ask for no key.
Operations documented_as_public(const boost::json::object& document) {
  boost::json::object open = document;
  for (auto& [path, item] : open.at("paths").as_object()) {
    for (auto operation = item.as_object().begin(); operation != item.as_object().end();) {
      const bool guarded = operation->key() != "servers" &&
                           operation->value().as_object().if_contains("security") == nullptr;
      operation = guarded ? item.as_object().erase(operation) : operation + 1;
    }
  }
  return documented(open);
}

TEST(OpenApi, TellsWhichRoutesArePublic) {
  support::MemoryApi api;
  Operations open{"GET /{code}.png", "GET /{code}.svg"};
  for (const http::Route& route : api.router().routes()) {
    if (!route.guarded && !route.pattern.starts_with("/docs/") &&
        !route.pattern.starts_with("/assets/")) {
      open.insert(std::string(to_text(route.method)) + " " + route.pattern);
    }
  }
  EXPECT_EQ(documented_as_public(document()), open);
}

/// The names of a document's parameters in the query of an operation, and of its JSON body.
std::pair<Operations, Operations> names_of(const boost::json::value& root,
                                           const boost::json::object& operation) {
  const auto followed = [&root](const boost::json::value* value) -> const boost::json::object& {
    while (const auto* reference = value->as_object().if_contains("$ref")) {
      value = &root.at_pointer(std::string(reference->as_string()).substr(1));
    }
    return value->as_object();
  };
  Operations query;
  Operations body;
  if (const auto* parameters = operation.if_contains("parameters")) {
    for (const auto& parameter : parameters->as_array()) {
      const auto& told = followed(&parameter);
      if (told.at("in").as_string() == "query") {
        query.insert(std::string(told.at("name").as_string()));
      }
    }
  }
  if (const auto* wanted = operation.if_contains("requestBody")) {
    const auto& content = followed(wanted).at("content").as_object();
    if (const auto* media = content.if_contains("application/json")) {
      for (const auto& [name, schema] :
           followed(&media->as_object().at("schema")).at("properties").as_object()) {
        body.insert(std::string(name));
      }
    }
  }
  return {query, body};
}

/// What a route takes is in a table of its own: an answer names everything else as ignored.
TEST(OpenApi, NamesWhatRoutesTakeAndNothingThatTheyIgnore) {
  support::MemoryApi api;
  const boost::json::value root = document();
  int names = 0;
  for (const auto& [path, item] : root.at("paths").as_object()) {
    for (const auto& [key, operation] : item.as_object()) {
      if (key == "servers" || operation.as_object().contains("security") ||
          path.ends_with("/bulk")) {
        continue;
      }
      std::string line = upper(key) + " " + std::string(path);
      line.replace(line.find('{') < line.size() ? line.find('{') : line.size(),
                   line.find('{') < line.size() ? 4 : 0,
                   line.find('{') < line.size() ? "7777" : "");
      const auto [query, body] = names_of(root, operation.as_object());
      std::string target = line + "?nonsense=1";
      std::string object = "{\"nonsense2\":1";
      for (const std::string& name : query) {
        target += "&" + name + "=x";
        ++names;
      }
      for (const std::string& name : body) {
        object += ",\"" + name + "\":[]";
        ++names;
      }
      const auto answer = api.ask(target, body.empty() ? "" : object + "}");
      const std::string wanted =
          std::string("X-Ignored: nonsense") + (body.empty() ? "" : ", nonsense2") + "\r\n";
      EXPECT_NE(answer.fields.find(wanted), std::string::npos) << target << '\n' << answer.fields;
    }
  }
  EXPECT_GT(names, 40);
  std::printf("openapi: %d names of parameters and fields, none of them ignored\n", names);
}

TEST(OpenApi, AForgottenPathIsNoticed) {
  support::MemoryApi api;
  boost::json::object without = document();
  without.at("paths").as_object().erase("/audit");
  EXPECT_NE(documented(without), served(api.router()));
}

/// Visits every `$ref` of a value.
void check_references(const boost::json::value& value, const boost::json::value& root, int& count) {
  if (const auto* array = value.if_array()) {
    for (const auto& item : *array) {
      check_references(item, root, count);
    }
  } else if (const auto* object = value.if_object()) {
    for (const auto& [key, item] : *object) {
      check_references(item, root, count);
    }
    if (const auto* reference = object->if_contains("$ref")) {
      const std::string pointer = std::string(reference->as_string()).substr(1);
      boost::system::error_code ec;
      EXPECT_NE(root.find_pointer(pointer, ec), nullptr) << pointer;
      ++count;
    }
  }
}

TEST(OpenApi, EveryReferenceLeadsSomewhere) {
  const boost::json::value root = document();
  int count = 0;
  check_references(root, root, count);
  EXPECT_GT(count, 100);
}

TEST(OpenApi, OperationsHaveNamesOfTheirOwn) {
  Operations names;
  std::size_t count = 0;
  const boost::json::object whole = document();
  for (const auto& [path, item] : whole.at("paths").as_object()) {
    for (const auto& [key, operation] : item.as_object()) {
      if (key != "servers") {
        names.insert(std::string(operation.at("operationId").as_string()));
        ++count;
      }
    }
  }
  EXPECT_EQ(names.size(), count);
}

}  // namespace
}  // namespace ginnel::api

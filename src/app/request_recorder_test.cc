// SPDX-License-Identifier: MIT
#include "app/request_recorder.h"

#include <chrono>

#include <gtest/gtest.h>

#include "support/sent_request.h"

namespace ginnel::app {
namespace {

using namespace std::chrono_literals;

/// Answers on two cores, of which one redirect in three is logged.
class RequestRecorderTest : public testing::Test {
 protected:
  RequestRecorderTest() {
    users_.pattern = "/users";
    redirect_.pattern = "/{code}";
    redirect_.index = 1;
    redirect_.immediate = [](const auto&, const auto&, auto&) { return true; };
    health_.pattern = "/health/serving";
    health_.index = 2;
    metrics_page_.pattern = "/metrics";
    metrics_page_.index = 3;
  }

  /// What is logged while `work` has a recorder.
  template <class Work>
  std::string logged(Work work, std::uint32_t redirects_one_in = 3) {
    observability::LogOptions options;
    options.format = observability::LogFormat::kJson;
    testing::internal::CaptureStderr();
    {
      observability::Log log(options);
      ProxyNotice notice(log, http::TrustedProxies());
      RequestRecorder recorder(log, metrics_, notice, http::TrustedProxies(), redirects_one_in, 2);
      work(recorder);
    }
    return testing::internal::GetCapturedStderr();
  }

  static std::ptrdiff_t lines_of(const std::string& text) {
    return std::count(text.begin(), text.end(), '\n');
  }

  /// An answer to a request of a core of its own: cores are set by sessions, these are all of 0.
  http::Exchange exchange(const http::Route* route,
                          int status,
                          std::chrono::nanoseconds duration = 1ms,
                          std::string_view detail = {}) const {
    return {*request_, route, status, duration, detail};
  }

  support::SentRequest request_{"GET /users?secret=1", ""};
  http::Route users_;
  http::Route redirect_;
  http::Route health_;
  http::Route metrics_page_;
  observability::HttpMetrics metrics_{
      {"/users", "/{code}", "/health/serving", "/metrics"}, {"GET", "HEAD"}, 2};
};

TEST_F(RequestRecorderTest, LogsEveryAnswerOfTheInterface) {
  const std::string text =
      logged([this](RequestRecorder& recorder) { recorder.answered(exchange(&users_, 200, 2ms)); });
  EXPECT_NE(text.find("\"level\":\"info\",\"message\":\"request\",\"request_id\":\"\","
                      "\"method\":\"GET\",\"path\":\"/users\",\"route\":\"/users\",\"status\":200,"
                      "\"duration_ms\":2"),
            std::string::npos)
      << text;
  EXPECT_EQ(text.find("secret"), std::string::npos) << "queries may hold what is nobody's business";
}

TEST_F(RequestRecorderTest, LogsOneRedirectInSoMany) {
  const std::string text = logged([this](RequestRecorder& recorder) {
    for (int i = 0; i < 10; ++i) {
      recorder.answered(exchange(&redirect_, 302));
    }
  });
  EXPECT_EQ(lines_of(text), 3) << text;
}

TEST_F(RequestRecorderTest, LogsNoRedirectWhenToldSo) {
  const std::string text = logged(
      [this](RequestRecorder& recorder) {
        for (int i = 0; i < 10; ++i) {
          recorder.answered(exchange(&redirect_, 404));
        }
      },
      0);
  EXPECT_EQ(text, "");
}

TEST_F(RequestRecorderTest, LogsWhatFailedOrWasSlowWhateverItWas) {
  const std::string text = logged([this](RequestRecorder& recorder) {
    recorder.answered(exchange(&redirect_, 500, 1ms, "the reason"));
    recorder.answered(exchange(&redirect_, 302, 1s));
    recorder.answered(exchange(&health_, 503));
    recorder.answered(exchange(&metrics_page_, 200, 2s));
  });
  EXPECT_EQ(lines_of(text), 4) << text;
  EXPECT_NE(text.find("\"level\":\"error\""), std::string::npos) << "500 is our defect";
  EXPECT_NE(text.find("\"detail\":\"the reason\""), std::string::npos);
  EXPECT_NE(text.find("\"level\":\"warn\""), std::string::npos) << "503 is not";
}

TEST_F(RequestRecorderTest, LogsNoProbeThatIsWell) {
  const std::string text = logged([this](RequestRecorder& recorder) {
    recorder.answered(exchange(&health_, 200));
    recorder.answered(exchange(&metrics_page_, 200));
  });
  EXPECT_EQ(text, "");
}

TEST_F(RequestRecorderTest, LogsWhatMatchedNothing) {
  const std::string text =
      logged([this](RequestRecorder& recorder) { recorder.answered(exchange(nullptr, 404)); });
  EXPECT_NE(text.find("\"route\":\"\",\"status\":404"), std::string::npos) << text;
}

TEST_F(RequestRecorderTest, LogsWhyAHandlerFailed) {
  const std::string text =
      logged([this](RequestRecorder& recorder) { recorder.handler_failed(*request_, "a defect"); });
  EXPECT_NE(text.find("\"level\":\"error\",\"message\":\"handler failed\""), std::string::npos);
  EXPECT_NE(text.find("\"what\":\"a defect\""), std::string::npos) << text;
}

TEST_F(RequestRecorderTest, CountsEveryAnswerByItsRoute) {
  logged([this](RequestRecorder& recorder) {
    for (int i = 0; i < 5; ++i) {
      recorder.answered(exchange(&redirect_, 302));
      recorder.answered(exchange(&health_, 200));
    }
    recorder.answered(exchange(nullptr, 404));
  });
  std::vector<std::pair<std::string, double>> counted;
  const auto families = metrics_.Collect();
  for (const auto& metric : families.at(0).metric) {
    counted.emplace_back(metric.label.at(1).value + " " + metric.label.at(2).value,
                         metric.counter.value);
  }
  const std::vector<std::pair<std::string, double>> expected = {
      {"/{code} 302", 5}, {"/health/serving 200", 5}, {"unmatched 404", 1}};
  EXPECT_EQ(counted, expected);
}

}  // namespace
}  // namespace ginnel::app

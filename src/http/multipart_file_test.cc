// SPDX-License-Identifier: MIT
#include "http/multipart_file.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace ginnel::http {
namespace {

constexpr std::string_view kBoundary = "-cut--here";

std::string part(const std::string& disposition, const std::string& content) {
  return "---cut--here\r\nContent-Disposition: " + disposition + "\r\n\r\n" + content + "\r\n";
}

std::string file_part(const std::string& content) {
  return part("form-data; name=\"file\"; filename=\"users.csv\"", content);
}

const std::string kEnd = "---cut--here--\r\n";

/// What a body came to: the file, or why there is none.
struct Taken {
  std::string file;
  std::string name = "(none)";
  std::string error;

  friend bool operator==(const Taken&, const Taken&) = default;
};

/// Reads these pieces of a body.
Taken take(const std::vector<std::string_view>& pieces, std::string_view boundary = kBoundary) {
  Taken taken;
  auto reader = MultipartFile::with_boundary(boundary, "file");
  if (!reader) {
    taken.error = reader.error().message;
    return taken;
  }
  for (const std::string_view piece : pieces) {
    const auto bytes = reader->read(piece);
    if (!bytes) {
      taken.error = bytes.error().message;
      return taken;
    }
    taken.file += *bytes;
  }
  taken.name = reader->file_name().value_or("(none)");
  if (const auto finished = reader->finish(); !finished) {
    taken.error = finished.error().message;
  }
  return taken;
}

std::string error_of(const std::string& body) {
  return take({body}).error;
}

TEST(MultipartFile, IsTheContentOfItsPart) {
  const Taken taken = take({file_part("id,username\r\n1,ada\r\n") + kEnd});
  EXPECT_EQ(taken, (Taken{"id,username\r\n1,ada\r\n", "users.csv", ""}));
}

/// What a browser sends that has more fields, and text that looks like a boundary.
std::string difficult_body() {
  return "a preamble\r\n" + part("form-data; name=\"file\"", "a value, no file") +
         part("form-data; name=\"other\"; filename=\"x\"", "not this") +
         "---cut--here \t \r\ncontent-disposition: form-data; name=\"file\"; "
         "filename=\"a\\\"b\"\r\n"
         "Content-Type: text/csv\r\n\r\n"
         "one\r\n---cut--her\r\n--\r\n\r\n---cut--\r\r\n-\r\ntwo\r\n" +
         part("form-data; name=\"late\"", "") + kEnd + "an epilogue\r\n" + file_part("no");
}

const Taken kDifficult{"one\r\n---cut--her\r\n--\r\n\r\n---cut--\r\r\n-\r\ntwo", "a\"b", ""};

TEST(MultipartFile, IsFoundAmongWhatElseABodyHolds) {
  EXPECT_EQ(take({difficult_body()}), kDifficult);
}

TEST(MultipartFile, IsTheSameWhereverTheBodyIsCut) {
  const std::string body = difficult_body();
  const std::string_view view = body;
  int ways = 0;
  for (std::size_t first = 0; first <= view.size(); ++first) {
    EXPECT_EQ(take({view.substr(0, first), view.substr(first)}), kDifficult) << first;
    ++ways;
    for (const std::size_t more : {std::size_t{1}, std::size_t{2}, std::size_t{11}}) {
      const std::size_t second = std::min(first + more, view.size());
      EXPECT_EQ(
          take({view.substr(0, first), view.substr(first, second - first), view.substr(second)}),
          kDifficult)
          << first << "+" << more;
      ++ways;
    }
  }
  std::vector<std::string_view> bytes;
  for (std::size_t at = 0; at < view.size(); ++at) {
    bytes.push_back(view.substr(at, 1));
  }
  EXPECT_EQ(take(bytes), kDifficult);
  std::printf("multipart: %d ways to cut a body\n", ways);
}

TEST(MultipartFile, MayBeEmpty) {
  EXPECT_EQ(take({file_part("") + kEnd}), (Taken{"", "users.csv", ""}));
  EXPECT_EQ(take({part("form-data; name=file; filename=\"\"", "x") + kEnd}), (Taken{"x", "", ""}));
}

TEST(MultipartFile, MayBeMissing) {
  EXPECT_EQ(take({kEnd}), (Taken{"", "(none)", ""}));
  EXPECT_EQ(take({part("form-data; name=\"file\"", "x") + kEnd}), (Taken{"", "(none)", ""}));
  EXPECT_EQ(take({part("form-data; name=\"File\"; filename=\"x\"", "x") + kEnd}),
            (Taken{"", "(none)", ""}));
}

TEST(MultipartFile, IsNotWholeWithoutTheLastBoundary) {
  const std::string error = "The multipart body ends before its last boundary";
  const std::string body = file_part("x") + kEnd;
  const std::size_t whole = body.size() - 2;  // nothing need follow the two hyphens
  for (std::size_t length = 0; length < whole; ++length) {
    EXPECT_EQ(error_of(body.substr(0, length)), error) << length;
  }
  EXPECT_EQ(error_of(body.substr(0, whole)), "");
}

TEST(MultipartFile, IsNotOneOfTwo) {
  EXPECT_EQ(error_of(file_part("x") + file_part("y") + kEnd), "There are two files named file");
}

TEST(MultipartFile, StandsBehindALineOfItsOwn) {
  const std::string error = "A boundary of the multipart body has something else on its line";
  EXPECT_EQ(error_of("---cut--hereX\r\n"), error);
  EXPECT_EQ(error_of("---cut--here \rX"), error);
  EXPECT_EQ(error_of("---cut--here-X"), error);
  EXPECT_EQ(error_of("---cut--here\n\n"), error);
  EXPECT_EQ(error_of("---cut--here" + std::string(10'000, ' ')), error);
}

TEST(MultipartFile, NeedsAHeaderThatCanBeRead) {
  const std::string error = "A part of the multipart body has no name";
  EXPECT_EQ(error_of("---cut--here\r\n\r\nx\r\n" + kEnd), error);
  EXPECT_EQ(error_of(part("attachment; name=\"file\"; filename=\"x\"", "x") + kEnd), error);
  EXPECT_EQ(error_of(part("form-data; filename=\"x\"", "x") + kEnd), error);
  EXPECT_EQ(error_of(part("form-data; name=\"file", "x") + kEnd), error);
}

TEST(MultipartFile, HasAHeaderOfALimitedLength) {
  const std::string error = "The header of a part is longer than 8192 bytes";
  const std::string endless = "---cut--here\r\nX: " + std::string(9'000, 'x');
  EXPECT_EQ(error_of(endless), error);
  EXPECT_EQ(error_of(endless + "\r\n\r\n"), error);
}

TEST(MultipartFile, MayHaveTheLongestHeaderWhereverItIsCut) {
  const std::string fields =
      "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\nX: ";
  const std::string padding(MultipartFile::kMaxPartHeaderBytes - fields.size(), 'x');
  const std::string until_end = "---cut--here" + fields + padding;
  const std::string body = until_end + "\r\n\r\nrow\r\n" + kEnd;
  for (std::size_t cut = until_end.size() - 1; cut < until_end.size() + 5; ++cut) {
    const std::string_view view = body;
    EXPECT_EQ(take({view.substr(0, cut), view.substr(cut)}), (Taken{"row", "a", ""})) << cut;
  }
}

TEST(MultipartFile, IsNotEncoded) {
  const auto encoded = [](const std::string& how) {
    return error_of(
        part("form-data; name=\"file\"; filename=\"x\"\r\nContent-Transfer-Encoding: " + how, "x") +
        kEnd);
  };
  EXPECT_EQ(encoded("base64"), "The part file has a Content-Transfer-Encoding");
  EXPECT_EQ(encoded("8bit"), "");
  EXPECT_EQ(encoded("Binary"), "");
}

TEST(MultipartFile, HasABoundaryOfTheRightForm) {
  const std::string error = "The boundary of the multipart body is missing or malformed";
  for (const std::string& boundary : {std::string(),
                                      std::string("a "),
                                      std::string("a\"b"),
                                      std::string("a\nb"),
                                      std::string(71, 'a')}) {
    EXPECT_EQ(take({}, boundary).error, error) << boundary;
  }
  EXPECT_NE(take({}, std::string(70, 'a')).error, error);
  EXPECT_NE(take({}, "a b'()+_,-./:=?").error, error);
}

TEST(MultipartFile, KeepsLittleOfAPartThatIsPassedOver) {
  auto reader = MultipartFile::with_boundary(kBoundary, "file");
  ASSERT_TRUE(reader);
  ASSERT_TRUE(reader->read(part("form-data; name=\"other\"", "")));
  const std::string piece(65'536, '\r');
  for (int i = 0; i < 100; ++i) {
    const auto bytes = reader->read(piece);
    ASSERT_TRUE(bytes);
    EXPECT_EQ(*bytes, "");
  }
}

}  // namespace
}  // namespace ginnel::http

#include "rules/keys/base64.h"

#include <gtest/gtest.h>

#include <optional>

#include "rules/keys/mint.h"

namespace assay {
namespace {

using namespace std::string_literals;

std::optional<std::string> decoded(std::string_view digits) {
  std::string out(digits.size() * 3 / 4, '\x5a');
  if (!decode_base64(digits, out.data())) return std::nullopt;
  return out;
}

struct Case {
  std::string bytes;
  std::string_view standard;
  std::string_view url_safe;
};

// The first seven are RFC 4648's own.
const Case kCases[] = {
    {"", "", ""},
    {"f", "Zg==", "Zg=="},
    {"fo", "Zm8=", "Zm8="},
    {"foo", "Zm9v", "Zm9v"},
    {"foob", "Zm9vYg==", "Zm9vYg=="},
    {"fooba", "Zm9vYmE=", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy", "Zm9vYmFy"},
    {"\0"s, "AA==", "AA=="},
    {"\xff\xff\xff"s, "////", "____"},
    {"\xfb\xef\xbe"s, "++++", "----"},
    {"\xfb\xff"s, "+/8=", "-_8="},
};

std::string_view without_padding(std::string_view text) {
  return text.substr(0, std::min(text.find('='), text.size()));
}

TEST(Base64, EncodesAndDecodesBothAlphabets) {
  for (const Case& c : kCases) {
    EXPECT_EQ(encode_base64(c.bytes, Base64Alphabet::standard), c.standard);
    EXPECT_EQ(encode_base64(c.bytes, Base64Alphabet::url_safe), c.url_safe);
    EXPECT_EQ(encode_base64(c.bytes, Base64Alphabet::standard, false), without_padding(c.standard));
    EXPECT_EQ(decoded(without_padding(c.standard)), c.bytes) << c.standard;
    EXPECT_EQ(decoded(without_padding(c.url_safe)), c.bytes) << c.url_safe;
  }
}

TEST(Base64, DecodesMixedAlphabets) { EXPECT_EQ(decoded("+-/_"), decoded("--__")); }

TEST(Base64, DigitsAreThoseOfBothAlphabetsAndNoOther) {
  int digits = 0;
  for (int c = 0; c < 256; ++c) digits += is_base64_digit(static_cast<char>(c));
  EXPECT_EQ(digits, 66);
  for (const char c : "AZaz09+/-_"s) EXPECT_TRUE(is_base64_digit(c)) << c;
  for (const char c : "= @[`{:.,\n\0\x80\xff"s) EXPECT_FALSE(is_base64_digit(c)) << int{c};
}

TEST(Base64, RefusesAnyByteThatIsNoDigitAtAnyPlace) {
  for (const std::string_view good : {"Zm9v", "Zm9vYmFy", "Zm9vYg", "Zm9vYmE"}) {
    for (size_t at = 0; at < good.size(); ++at) {
      for (int c = 0; c < 256; ++c) {
        if (is_base64_digit(static_cast<char>(c))) continue;
        std::string bad(good);
        bad[at] = static_cast<char>(c);
        EXPECT_FALSE(decoded(bad)) << good << " " << at << " " << c;
      }
    }
  }
}

TEST(Base64, RefusesALengthThatNoBytesHave) {
  for (const std::string_view digits : {"A", "AAAAA", "AAAAAAAAA"}) EXPECT_FALSE(decoded(digits));
}

// Else two texts would be one key.
TEST(Base64, RefusesBitsLeftOverInTheLastDigit) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  for (size_t value = 0; value < kDigits.size(); ++value) {
    EXPECT_EQ(decoded("A"s + kDigits[value]).has_value(), value % 16 == 0) << value;
    EXPECT_EQ(decoded("AA"s + kDigits[value]).has_value(), value % 4 == 0) << value;
  }
}

TEST(Base64, BytesComeBackWhateverTheyAre) {
  SeededRandom random(11);
  for (size_t size = 0; size < 80; ++size) {
    const std::string bytes = random.bytes(size);
    for (const auto alphabet : {Base64Alphabet::standard, Base64Alphabet::url_safe}) {
      EXPECT_EQ(decoded(encode_base64(bytes, alphabet, false)), bytes) << size;
    }
  }
}

}  // namespace
}  // namespace assay

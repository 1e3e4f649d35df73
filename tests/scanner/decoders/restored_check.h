// What every test of a text decoder asks of its output.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "rules/keys/mint.h"
#include "scanner/decoders/restored.h"

namespace assay {

// The map is whole, in order and within `text`.
inline void expect_map(std::string_view text, const Restored& out) {
  const size_t count = out.text.size();
  ASSERT_EQ(out.begin.size(), count);
  ASSERT_EQ(out.end.size(), count);
  ASSERT_EQ(out.how.size(), count);
  ASSERT_LE(count, kMostStretch);
  for (size_t i = 0; i < count; ++i) {
    ASSERT_LT(out.begin[i], out.end[i]) << i;
    ASSERT_LE(out.end[i], text.size()) << i;
    if (i == 0) continue;
    ASSERT_LE(out.begin[i - 1], out.begin[i]) << i;
    ASSERT_LE(out.end[i - 1], out.end[i]) << i;
  }
}

// The bytes that `wanted` was made of; empty if it does not stand in what was restored.
inline std::string_view origin(std::string_view text, const Restored& out,
                               std::string_view wanted) {
  const size_t at = out.text.find(wanted);
  if (at == out.text.npos) return {};
  const size_t begin = out.begin[at];
  return text.substr(begin, out.end[at + wanted.size() - 1] - begin);
}

inline std::string make_key(SeededRandom& random) {
  return fill_placeholders("{key:function}", random);
}

// A line of a log around a key.
inline std::string request(std::string_view key) {
  return "GET https://contoso.example/api/Refund?code=" + std::string(key) + "&x=1 200 ok\n";
}

}  // namespace assay

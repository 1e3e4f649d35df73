// Every disguise through the redaction; streams in drips; regions over several strings.
#include "scanner/redact.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "rules/keys/mint.h"
#include "scanner/matcher.h"
#include "scanner/redact_region.h"
#include "tests/support/disguises.h"
#include "tests/support/memory_source.h"

namespace assay {
namespace {

struct World {
  RuleSet rules = RuleSet::builtin();
  Prefilter prefilter{rules, {true, "", false}};
};
World& world() {
  static World it;
  return it;
}

std::vector<Finding> found(std::string_view text) {
  Matcher matcher(world().rules, world().prefilter, {});
  std::vector<Finding> findings;
  matcher.match({text, 0, 0, text.size(), true, "notes.txt"}, findings);
  return findings;
}

struct Outcome {
  std::string text;
  RedactResult result;
};
Outcome redacted(Reader& reader) {
  Outcome out;
  const std::atomic<bool> stop{false};
  const RedactSink sink{[&](std::string_view bytes) { out.text += bytes; }, [] {}};
  out.result = redact(reader, "notes.txt", world().rules, world().prefilter, sink, stop);
  return out;
}
Outcome redacted(std::string text) {
  MemoryReader reader(std::move(text), 0, false, false);
  return redacted(reader);
}

std::string filled(std::string_view text, uint64_t seed = 1) {
  SeededRandom random(seed);
  return fill_placeholders(std::string(text), random);
}

// The longest piece of `key` that stands in `text`.
size_t shown_of(std::string_view key, std::string_view text) {
  size_t longest = 0;
  for (size_t at = 0; at + longest < key.size(); ++at) {
    while (at + longest < key.size() &&
           text.find(key.substr(at, longest + 1)) != std::string_view::npos) {
      ++longest;
    }
  }
  return longest;
}

struct Leak {
  std::string text;
  size_t begin = 0;
  size_t length = 0;
};
Leak leak(std::string_view placeholder, SeededRandom& random) {
  const std::string key = fill_placeholders(std::string(placeholder), random);
  const std::string before =
      "2025-11-02T08:00:00Z calling "
      "https://contoso-orders.azurewebsites.net/api/Refund?code=";
  return {before + key + "&clientId=default took 12 ms\n", before.size(), key.size()};
}

// How far behind a region the text column of a listing may be changed.
constexpr size_t kColumn = 80;

TEST(Redact, EveryDisguiseIsTakenOutAndTheRestStays) {
  size_t rows = 0;
  for (const Disguise& disguise : disguises()) {
    for (uint64_t seed = 1; seed <= 6; ++seed) {
      SeededRandom random(seed);
      const char* placeholders[] = {"{key:master}", "{key:function}", "{key:system}"};
      const Leak in = leak(placeholders[seed % 3], random);
      const std::string key = in.text.substr(in.begin, in.length);
      const std::string text = disguise.apply(in.text, in.begin, in.length, random);
      const std::vector<Finding> known = found(text);
      if (known.empty()) continue;  // out of reach: disguised_keys_test.cc
      ++rows;
      const std::string where = disguise.name + ", seed " + std::to_string(seed);
      const Outcome out = redacted(text);
      EXPECT_GE(out.result.replaced, 1u) << where;
      for (const Finding& finding : found(out.text)) {
        EXPECT_EQ(finding.confidence, Confidence::context) << where;
      }
      EXPECT_LE(shown_of(key, out.text), 8u) << where;
      size_t begin = text.size(), end = 0;
      for (const Finding& finding : known) {
        begin = std::min<size_t>(begin, finding.location.byte_offset);
        end = std::max<size_t>(end, finding.location.byte_offset + finding.location.byte_length);
      }
      ASSERT_EQ(out.text.substr(0, begin), text.substr(0, begin)) << where;
      if (disguise.name.starts_with("hex/")) end = std::min(end + kColumn, text.size());
      EXPECT_TRUE(out.text.ends_with(text.substr(end))) << where;
      // Here some breaks stand within an escape, and go with it.
      const bool broken_escapes = disguise.name == "nested/soft breaks and entities";
      for (const char kept : {'\n', '"', '\'', ',', '{', '}', '[', ']'}) {
        if (broken_escapes && kept == '\n') continue;
        EXPECT_EQ(std::count(out.text.begin(), out.text.end(), kept),
                  std::count(text.begin(), text.end(), kept))
            << where << ", " << kept;
      }
      const Outcome again = redacted(out.text);
      EXPECT_EQ(again.text, out.text) << where;
      EXPECT_EQ(again.result.replaced, 0u) << where;
    }
  }
  EXPECT_GT(rows, 3500u);
}

// What the finding's place gives way to.
std::string token_of(const Finding& finding) { return redaction_token(finding); }

std::string only_token(std::string_view text) {
  const auto findings = found(text);
  return findings.size() == 1 ? token_of(findings[0]) : "";
}

TEST(Redact, WhatStandsWhereTheKeyStood) {
  const std::string key = filled("{key:function}"), other = filled("{key:master}", 2);
  const std::string broken = filled("{broken:master}", 3), plain = filled("{plain:56}", 4);
  const std::string one = only_token(key), two = only_token(other), three = only_token(broken);
  ASSERT_TRUE(one.starts_with("AZF1002:"));
  ASSERT_TRUE(two.starts_with("AZF1001:"));
  ASSERT_TRUE(three.starts_with("AZF1004:"));
  EXPECT_EQ(one.size(), 28u);
  const std::string url = "https://contoso-orders.azurewebsites.net/api/Refund?code=";
  const std::string half = key.substr(0, 30), rest = key.substr(30);
  const struct {
    const char* name;
    std::string text, expected;
    uint64_t replaced, distinct;
  } rows[] = {
      {"nothing", "GET /health 200\r\n\0\xFF", "GET /health 200\r\n\0\xFF", 0, 0},
      {"empty", "", "", 0, 0},
      {"the key alone", key, one, 1, 1},
      {"in a query", url + key + "&a=1\n", url + one + "&a=1\n", 1, 1},
      {"twice", key + "\n" + key + "\n", one + "\n" + one + "\n", 2, 1},
      {"two kinds", key + " " + other, one + " " + two, 2, 2},
      {"two adjacent", key + other, one + two, 2, 2},
      {"glued", "abc" + key + "def", "abc" + one + "def", 1, 1},
      {"checksum broken", "k=" + broken + ";", "k=" + three + ";", 1, 1},
      {"by its context", url + plain + " 401\n", url + "AZF1005:redacted 401\n", 1, 1},
      {"padding escaped", "\"" + key.substr(0, 54) + "\\u003d\\u003d\"", "\"" + one + "\"", 1, 1},
      {"over two lines", "k: " + half + "\n  " + rest + "\nx: 1\n", "k: " + one + "\n  \nx: 1\n", 1,
       1},
      {"over two strings", "[\"" + half + "\",\n \"" + rest + "\"]", "[\"" + one + "\",\n \"\"]", 1,
       1},
      {"added strings", "\"" + half + "\" + \"" + rest + "\";", "\"" + one + "\" + \"\";", 1, 1},
      {"over a soft break", "a=3D" + half + "=\n" + key.substr(30, 24) + "=3D=3D b",
       "a=3D" + one + "=\n b", 1, 1},
  };
  for (const auto& row : rows) {
    const Outcome out = redacted(row.text);
    EXPECT_EQ(out.text, row.expected) << row.name;
    EXPECT_EQ(out.result.replaced, row.replaced) << row.name;
    EXPECT_EQ(out.result.distinct, row.distinct) << row.name;
    EXPECT_EQ(out.result.bytes, row.text.size()) << row.name;
    EXPECT_TRUE(out.result.container.empty()) << row.name;
  }
}

std::string lines_of(size_t size) {
  std::string out;
  while (out.size() < size)
    out += "2026-11-22 GET /health 200 " + std::to_string(out.size()) + "\n";
  return out.substr(0, size);
}

// Windows end at multiples of 512 KiB and some KiB beside them; a key may lie across any.
TEST(Redact, NoSeamOfAWindowShowsAKey) {
  const std::string key = filled("{key:system}");
  const std::string token = only_token(key);
  for (const bool endless : {false, true}) {
    const std::string filler = endless ? std::string(1'700'000, 'x') : lines_of(1'700'000);
    for (size_t seam = 520'000; seam < 1'700'000; seam += 524'288) {
      for (size_t at = seam; at < seam + 12'000; at += 1'009) {
        const std::string before = filler.substr(0, at) + " ";
        const std::string after = " " + filler.substr(at);
        const Outcome out = redacted(before + key + after);
        ASSERT_EQ(out.result.replaced, 1u) << at;
        ASSERT_TRUE(out.text == before + token + after) << at;
      }
    }
  }
}

TEST(Redact, AHundredThousandKeysInARow) {
  const std::string key = filled("{key:system}"), other = filled("{key:master}", 9);
  const std::string token = only_token(key), second = only_token(other);
  for (const std::string& by : {std::string("\n"), std::string()}) {
    std::string text, expected;
    const size_t pairs = by.empty() ? 50'000 : 10'000;
    for (size_t i = 0; i < pairs; ++i) {
      text += key + by + other + by;
      expected += token + by + second + by;
    }
    const Outcome out = redacted(text);
    EXPECT_EQ(out.result.replaced, 2 * pairs);
    EXPECT_EQ(out.result.distinct, 2u);
    EXPECT_TRUE(out.text == expected);
  }
}

// Hands a text out in pieces, with a pause after each.
class Drip : public Reader {
 public:
  Drip(std::string_view text, std::function<size_t()> step, std::function<void(size_t)> paused)
      : text_(text), step_(std::move(step)), paused_(std::move(paused)) {}

  Result read(std::span<char> out, int) override {
    if (std::exchange(pause_, false)) return {Status::idle};
    if (at_ > 0) paused_(at_);
    const size_t count = std::min({step_(), out.size(), text_.size() - at_});
    if (count == 0) return {Status::end};
    std::copy_n(text_.data() + at_, count, out.data());
    at_ += count;
    pause_ = true;
    return {Status::data, count};
  }
  std::optional<Diagnostic> failure() override { return std::nullopt; }

 private:
  std::string_view text_;
  std::function<size_t()> step_;
  std::function<void(size_t)> paused_;
  size_t at_ = 0;
  bool pause_ = false;
};

// A log with keys in lines, and over lines in pieces of 16 and more.
std::string live_log(SeededRandom& random, std::vector<std::string>& keys) {
  std::string text;
  const auto key = [&](const char* kind) {
    keys.push_back(fill_placeholders(kind, random));
    return keys.back();
  };
  for (int i = 0; i < 6; ++i) {
    text += "2025-11-02T08:00:00Z GET /api/Refund?code=" + key("{key:function}") + " 200\n";
    text += "Executed 'Functions.Refund' (Succeeded, Duration=12ms)\n";
    text += "x-functions-key: " + key("{key:master}") + "\n";
    const std::string wrapped = key("{key:system}");
    const size_t first = 17 + random.below(20);
    text +=
        "value: >-\n  " + wrapped.substr(0, first) + "\n  " + wrapped.substr(first) + "\nnext: 1\n";
    const std::string joined = key("{key:function}");
    const size_t cut = 17 + random.below(20);
    text += "url = \"" + joined.substr(0, cut) + "\" +\n      \"" + joined.substr(cut) + "\"\n\n";
    text += "{\"code\":\"" + key("{bare:function}") + "\\u003d\\u003d\"}\n";
    const std::string broken = key("{broken:function}");
    text += "key: " + broken + "\n";
  }
  return text;
}

TEST(Redact, WhatDripsInShowsNoBeginOfAKey) {
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    SeededRandom random(seed);
    std::vector<std::string> keys;
    const std::string text = live_log(random, keys);
    const Outcome whole = redacted(text);
    EXPECT_EQ(whole.result.replaced, keys.size()) << seed;
    std::string out;
    size_t checked = 0;
    const auto check = [&] {
      if (out.size() == checked) return;
      checked = out.size();
      for (const std::string& key : keys) {
        ASSERT_EQ(out.find(key.substr(0, 17)), std::string::npos) << seed << ", byte " << checked;
      }
    };
    const bool bytes = seed % 4 == 0;
    Drip drip(
        text, [&] { return bytes ? size_t{1} : 1 + random.below(90); }, [&](size_t) { check(); });
    const std::atomic<bool> stop{false};
    const RedactResult result =
        redact(drip, "log", world().rules, world().prefilter,
               {[&](std::string_view piece) { out += piece; }, [] {}}, stop);
    check();
    EXPECT_EQ(result.replaced, keys.size()) << seed;
    EXPECT_EQ(out, whole.text) << seed;
  }
}

TEST(Redact, AtAPauseCompleteLinesAreOut) {
  const std::string key = filled("{key:function}"), token = only_token(key);
  const std::string half = key.substr(0, 30);
  const struct {
    const char* name;
    std::string text, expected;
  } rows[] = {
      {"a line", "GET /health 200\n", "GET /health 200\n"},
      {"a line and the begin of the next", "one\ntwo", "one\n"},
      {"a whole key at the end of its line", "k: " + key + "\n", "k: " + token + "\n"},
      {"the begin of a key", "one\nk: " + half + "\n", "one\n"},
      {"before a string that may go on", "one\nk = \"" + half + "\" +\n", "one\n"},
      {"a short continuation", "one\nk: " + half + "\n  abc\n", "one\n"},
      {"a line behind it", "k: " + half + "\nnext: 1\n", "k: " + half + "\nnext: 1\n"},
      {"a name", "GET /api/contoso/RefundOrders\n", "GET /api/contoso/RefundOrders\n"},
      {"a trace id", "id 4bf92f3577b34da6a3ce929d0e0e4736\n",
       "id 4bf92f3577b34da6a3ce929d0e0e4736\n"},
      {"a long line without an end", std::string(20'000, 'x'), std::string(13'344, 'x')},
  };
  for (const auto& row : rows) {
    std::string out, at_pause;
    Drip drip(
        row.text, [&] { return row.text.size(); }, [&](size_t) { at_pause = out; });
    const std::atomic<bool> stop{false};
    redact(drip, "log", world().rules, world().prefilter,
           {[&](std::string_view piece) { out += piece; }, [] {}}, stop);
    EXPECT_EQ(at_pause, row.expected) << row.name;
    EXPECT_TRUE(out == redacted(row.text).text) << row.name;
  }
}

TEST(Redact, AStopWritesNothingThatMayBeginAKey) {
  const std::string key = filled("{key:function}");
  const std::string text = "one\nk: " + key.substr(0, 40);
  std::atomic<bool> stop{false};
  std::string out;
  Drip drip(
      text, [&] { return text.size(); }, [](size_t) {});
  const RedactSink sink{[&](std::string_view piece) { out += piece; }, [&] { stop = true; }};
  const RedactResult result = redact(drip, "log", world().rules, world().prefilter, sink, stop);
  EXPECT_TRUE(result.interrupted);
  EXPECT_EQ(out, "one\n");
  EXPECT_EQ(result.held_back, text.size() - out.size());
}

TEST(Redact, ContainersAreRefusedBeforeAnythingIsWritten) {
  const struct {
    const char* name;
    std::string text;
    std::string container;
    bool mail;
  } rows[] = {
      {"text", "k: 1\n", "", false},
      {"zip", std::string("PK\3\4\x14\0\0\0\0\0", 10) + std::string(100, '\0'), "zip", false},
      {"gzip", std::string("\x1f\x8b\x08\0\0\0\0\0\0\3\1\0", 12), "gzip", false},
      {"pdf", "%PDF-1.4\n1 0 obj\n", "pdf", false},
      {"mail", "From: a@b\nTo: c@d\nSubject: x\n\ntext\n", "", true},
  };
  for (const auto& row : rows) {
    const Outcome out = redacted(row.text);
    EXPECT_EQ(out.result.container, row.container) << row.name;
    EXPECT_EQ(out.result.mail, row.mail) << row.name;
    EXPECT_EQ(out.text, row.container.empty() ? row.text : "") << row.name;
  }
}

}  // namespace
}  // namespace assay

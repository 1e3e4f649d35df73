#include "scanner/records/json_text.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "scanner/records/json_export.h"

namespace assay {
namespace {

// The way to the first `HERE` in a text.
std::string way_to(std::string_view text) {
  const ViewReader reader(text);
  JsonWalk walk(reader);
  const uint64_t offset = text.find("HERE");
  while (walk.position() <= offset && walk.next() != JsonWalk::Token::end) {
  }
  std::string way;
  for (const JsonLevel& level : walk.levels()) {
    way += level.object ? "/" + level.key : fmt::format("/{}", level.index);
  }
  return way;
}

TEST(JsonText, KnowsTheWayToEachByte) {
  const std::pair<const char*, const char*> rows[] = {
      {R"({"a":"HERE"})", "/a"},
      {R"({"a":1,"b":[0,{"c":"HERE"}]})", "/b/1/c"},
      {R"({"HERE":1})", "/HERE"},
      {R"([[],{},"x",[1,2,"HERE"]])", "/3/2"},
      {R"({"a":{"b":1},"c":"HERE"})", "/c"},
      {R"({"a\u002fb\n":"HERE"})", "/a/b\n"},
      {R"({"a":"\"}]{[\\","b":"HERE"})", "/b"},
      {"{\"a\":1}\n{\"b\":\"HERE\"}", "/b"},
      {"{\"a\":1}{\"b\":\"HERE\"}", "/b"},
      {"{\"a\":1},{\"b\":\"HERE\"}", "/b"},
      {"\xEF\xBB\xBF{\"a\":\"HERE\"}", "/a"},
      {"// {[\n{\"a\": /* \"x\": [ */ \"HERE\"}", "/a"},
      {"{\"a\":\"cut\n{\"b\":\"HERE\"}", "/b"},
      {"{\"a\":[1,2\n{\"b\":\"HERE\"}", "/b"},
      {"{\"a\":\n{\"b\":\"HERE\"}}", "/a/b"},
      {"[\n{\"a\":1},\n{\"b\":\"HERE\"}]", "/1/b"},
      {"{\"a\":[1},\"b\":\"HERE\"}", ""},  // the bracket closes the object
      {"[{\"a\":1]],[\"HERE\"]", "/0"},
      {"}}]]{\"b\":\"HERE\"}", "/b"},
      {"{\"a\":\"\xFF\xFE\x80\",\"b\":\"HERE", "/b"},
      {"{\"a\":\"HERE\\", "/a"},
      {"HERE", ""},
  };
  for (const auto& [text, way] : rows) EXPECT_EQ(way_to(text), way) << text;
}

TEST(JsonText, CountsWhatIsDeeperThanItKeeps) {
  std::string text;
  for (int i = 0; i < 10'000; ++i) text += i % 2 == 0 ? "[" : "{\"k\":";
  const ViewReader open(text);
  JsonWalk walk(open);
  while (walk.next() != JsonWalk::Token::end) {
  }
  EXPECT_EQ(walk.levels().size(), kMostJsonDepth);
  EXPECT_EQ(walk.too_deep(), 10'000 - kMostJsonDepth);
  for (int i = 0; i < 10'000; ++i) text += i % 2 == 0 ? "}" : "]";
  EXPECT_EQ(way_to("[" + text + ",\"HERE\"]"), "/1");
}

TEST(JsonText, UndoesEscapes) {
  const std::pair<const char*, const char*> rows[] = {
      {"plain", "plain"},
      {R"(\"\\\/\b\f\n\r\t)", "\"\\/\b\f\n\r\t"},
      {R"(\u003d\u00e9\u20ac)", "=\xC3\xA9\xE2\x82\xAC"},
      {R"(\ud83d\udd11)", "\xF0\x9F\x94\x91"},
      {R"(\ud83dx)", "\xEF\xBF\xBDx"},
      {R"(\udd11)", "\xEF\xBF\xBD"},
      {R"(\ud83d\u0041)",
       "\xEF\xBF\xBD"
       "A"},
      {R"(\u12)", "u12"},
      {R"(\q)", "q"},
      {"\\", "\\"},
  };
  for (const auto& [raw, text] : rows) EXPECT_EQ(json_unescape(raw), text) << raw;
}

TEST(JsonText, BoundsKeysAndFields) {
  const std::string text =
      "{\"" + std::string(100'000, 'k') + "\":1,\"v\":\"" + std::string(100'000, 'v') + "\"}";
  const ViewReader reader(text);
  static constexpr std::string_view kPaths[] = {"v"};
  EXPECT_EQ(read_fields(reader, 0, kPaths)["v"].size(), kMostJsonField - 1);
  JsonWalk walk(reader);
  while (walk.next() != JsonWalk::Token::key) {
  }
  EXPECT_EQ(walk.levels()[0].key.size(), kMostJsonKey);
}

TEST(JsonFields, ReadsWhatIsAskedFor) {
  static constexpr std::string_view kPaths[] = {"id",   "user/name", "list/1/x",
                                                "list", "off",       "none"};
  const std::string_view text =
      R"(  {"user":{"id":1,"name":"D\u0061na"},"list":[{"x":"no"},{"x":"yes"}],"off":null,)"
      R"("id":9223372036854775809,"id":7} {"id":8})";
  const ViewReader reader(text);
  const JsonFields fields = read_fields(reader, 2, kPaths);
  EXPECT_EQ(fields["id"], "9223372036854775809");
  EXPECT_EQ(fields["user/name"], "Dana");
  EXPECT_EQ(fields["list/1/x"], "yes");
  EXPECT_EQ(fields.field("list").kind, '[');
  EXPECT_EQ(text[fields.field("list").begin], '[');
  EXPECT_FALSE(fields.has("off"));
  EXPECT_FALSE(fields.has("none"));
  EXPECT_TRUE(fields.closed);
}

TEST(JsonFields, TakesNoHalfValues) {
  static constexpr std::string_view kPaths[] = {"id", "name"};
  const std::string_view whole = R"({"id":4711,"name":"dana"})";
  for (size_t length = 0; length < whole.size(); ++length) {
    const ViewReader reader(whole.substr(0, length));
    const JsonFields fields = read_fields(reader, 0, kPaths);
    EXPECT_EQ(fields["id"], length < 11 ? "" : "4711") << length;
    EXPECT_EQ(fields["name"], length < 24 ? "" : "dana") << length;
    EXPECT_EQ(fields.closed, length >= 24) << length;
  }
}

TEST(JsonFields, ReadsElementsAndRoots) {
  static constexpr std::string_view kPaths[] = {"id"};
  const auto ids = [](auto read) {
    std::string text;
    const bool whole = read([&](const JsonFields& fields) {
      text += std::string(fields["id"]) + " ";
      return true;
    });
    return text + (whole ? "whole" : "cut");
  };
  const auto elements = [&](std::string_view text, uint64_t begin) {
    const ViewReader reader(text);
    return ids([&](auto take) { return read_elements(reader, begin, kPaths, take); });
  };
  const auto roots = [&](std::string_view text) {
    const ViewReader reader(text);
    return ids([&](auto take) { return read_roots(reader, kPaths, take); });
  };
  EXPECT_EQ(elements(R"({"a":[{"id":1},{"x":{"id":5}},7,{"id":"2"}],"id":9})", 5), "1  2 whole");
  EXPECT_EQ(elements(R"([{"id":1},{"id":2)", 0), "1  cut");
  EXPECT_EQ(elements(R"([{"id":1}])", 0), "1 whole");
  EXPECT_EQ(elements("", 0), "whole");
  EXPECT_EQ(roots("{\"id\":1}\n{\"id\":2}\n"), "1 2 whole");
  EXPECT_EQ(roots("{\"id\":1}\n{\"id\":2"), "1  cut");
}

TEST(JsonExport, FindsLevelsByTheirWay) {
  const std::string_view text = R"({"issues":[{"fields":{"x":"HERE"}}]})";
  const ViewReader reader(text);
  JsonWalk walk(reader);
  while (walk.position() <= text.find("HERE")) walk.next();
  EXPECT_EQ(level_at(walk.levels(), ""), 0u);
  EXPECT_EQ(level_at(walk.levels(), "issues"), 1u);
  EXPECT_EQ(level_at(walk.levels(), "issues/*"), 2u);
  EXPECT_EQ(level_at(walk.levels(), "?/*/fields"), 3u);
  EXPECT_EQ(level_at(walk.levels(), "fields", 2), 3u);
  EXPECT_EQ(level_at(walk.levels(), "issues/*/fields/x"), kNoLevel);  // x is no level
  EXPECT_EQ(level_at(walk.levels(), "*"), kNoLevel);
  EXPECT_EQ(level_at(walk.levels(), "other"), kNoLevel);
}

TEST(JsonExport, CutsLinksApart) {
  EXPECT_EQ(url_host("https://a.b.c:8443/x?y"), "a.b.c");
  EXPECT_EQ(url_host("https://me:word@a.b/x@y"), "a.b");
  EXPECT_EQ(url_host("a.b/c"), "");
  EXPECT_EQ(folder_name("e.zip!/general/2025-11-02.json"), "general");
  EXPECT_EQ(folder_name("e.zip!/2025-11-02.json"), "");
  EXPECT_EQ(folder_name("2025-11-02.json"), "");
  EXPECT_EQ(percent_encode("19:a b@c.d-e_f~"), "19%3Aa%20b%40c.d-e_f~");
}

}  // namespace
}  // namespace assay

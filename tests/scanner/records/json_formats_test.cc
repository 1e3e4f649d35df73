// What must hold for every JSON format, however its export is written or damaged.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/scanner/records/json_samples.h"

namespace assay::json_test {
namespace {

using Json = nlohmann::ordered_json;

std::vector<Sample> all_samples() {
  std::vector<Sample> all;
  for (auto* samples : {chat_samples, ticket_samples, log_samples, config_samples}) {
    for (Sample& sample : samples()) all.push_back(std::move(sample));
  }
  return all;
}

Answer answer_for(const Sample& sample, const std::string& text) {
  return ask(json_formats(), sample.path, text, sample.beside, key_offsets(text));
}

std::multiset<std::string> records_of(const Answer& answer) {
  std::multiset<std::string> records;
  for (const Record& record : answer.records) records.insert(told(record));
  return records;
}

// The roots of a text: one, or one a line. Empty if it is not strict JSON.
std::vector<Json> roots_of(const std::string& text) {
  Json whole = Json::parse(text, nullptr, false);
  if (!whole.is_discarded()) return {whole};
  std::vector<Json> roots;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    Json line = Json::parse(text.substr(at, end - at), nullptr, false);
    if (line.is_discarded()) return {};
    roots.push_back(line);
    at = end + 1;
  }
  return roots;
}

// Rewrites every root of a sample, and expects the same records in any order.
template <typename Change>
void expect_same(const char* what, Change change) {
  size_t told_of = 0;
  for (const Sample& sample : all_samples()) {
    const std::string text = filled(sample.text);
    const std::vector<Json> roots = roots_of(text);
    if (roots.empty()) continue;
    ++told_of;
    std::string changed;
    for (const Json& root : roots) changed += change(root) + "\n";
    const Answer answer = answer_for(sample, changed);
    EXPECT_EQ(records_of(answer), records_of(answer_for(sample, text))) << what << sample.name;
    EXPECT_EQ(answer.problem, sample.problem) << what << sample.name;
  }
  EXPECT_GT(told_of, 35u);
}

Json reversed(const Json& value) {
  if (!value.is_structured()) return value;
  Json out = value.is_object() ? Json::object() : Json::array();
  if (value.is_array()) {
    for (const Json& element : value) out.push_back(reversed(element));
    return out;
  }
  std::vector<std::pair<std::string, Json>> members;
  for (const auto& [key, member] : value.items()) members.emplace_back(key, reversed(member));
  for (auto member = members.rbegin(); member != members.rend(); ++member) {
    out[member->first] = member->second;
  }
  return out;
}

// With a member before and one behind those of the first object.
Json between(const Json& root, const Json& before, const Json& behind) {
  if (root.is_array()) {
    Json out = root;
    if (!out.empty()) out[0] = between(root[0], before, behind);
    return out;
  }
  Json out = Json::object();
  out["a_filler"] = before;
  for (const auto& [key, member] : root.items()) out[key] = member;
  out["z_filler"] = behind;
  return out;
}

TEST(JsonFormats, NeedNoOrderOfKeys) {
  expect_same("reversed: ", [](const Json& root) { return reversed(root).dump(); });
}

TEST(JsonFormats, NeedNoSpacing) {
  expect_same("compact: ", [](const Json& root) { return root.dump(); });
  expect_same("indented: ", [](const Json& root) { return root.dump(4); });
}

TEST(JsonFormats, LookPastHugeNeighbours) {
  const Json huge = std::string(kExportHead * 3, 'x');
  expect_same("huge: ", [&](const Json& root) { return between(root, huge, 1).dump(); });
  expect_same("huge: ", [&](const Json& root) { return between(root, 1, huge).dump(); });
}

TEST(JsonFormats, LookPastAMessageOfMegabytes) {
  const std::string huge(size_t{3} << 20, 'x');
  const std::string text =
      filled("[{\"text\":\"" + huge + R"j("},{"text":"{key:master}","user":"U1",
      "type":"message","ts":"1762070400.000100"}])j");
  const std::string day = text.substr(0, 2) + R"j("type":"message","ts":"1.0",)j" + text.substr(2);
  const Answer answer = ask(json_formats(), "x/2025-11-02.json", day, {}, key_offsets(day));
  ASSERT_EQ(answer.records.size(), 1u);
  EXPECT_EQ(told(answer.records[0]), "slack | x | 1762070400.000100 | U1 | 2025-11-02T08:00:00Z");
}

TEST(JsonFormats, LookPastDeepNeighbours) {
  const std::string deep = std::string(10'000, '[') + std::string(10'000, ']');
  expect_same("deep: ", [&](const Json& root) {
    std::string text = between(root, "HERE", "HERE").dump();
    for (size_t at = text.find("\"HERE\""); at != std::string::npos; at = text.find("\"HERE\"")) {
      text.replace(at, 6, deep);
    }
    return text;
  });
}

TEST(JsonFormats, TakeAMarkAndAnyPlaceInTheFile) {
  for (const Sample& sample : all_samples()) {
    const std::string text = filled(sample.text);
    const Answer whole = answer_for(sample, text);
    EXPECT_EQ(records_of(answer_for(sample, "\xEF\xBB\xBF" + text)), records_of(whole))
        << sample.name;
    // Reading begins with 2 KiB: every token of the sample lies once on the seam.
    for (size_t pad = 2048 - std::min<size_t>(2000, text.size()); pad < 2050; pad += 23) {
      ASSERT_EQ(records_of(answer_for(sample, std::string(pad, ' ') + text)), records_of(whole))
          << sample.name << pad;
    }
  }
}

// A record of what is there: a part of the whole one, or another, but then the problem is told.
TEST(JsonFormats, TellOfExportsThatAreCutOff) {
  size_t whole_ones = 0, partial_ones = 0;
  for (const Sample& sample : all_samples()) {
    const std::string text = filled(sample.text);
    const std::vector<uint64_t> offsets = key_offsets(text);
    const Answer whole = answer_for(sample, text);
    for (size_t length = 1; length < text.size(); length += length % 50 == 0 ? 50 : 49) {
      const std::string cut = text.substr(0, length);
      std::vector<uint64_t> left;
      for (const uint64_t offset : offsets) {
        if (offset + 56 <= length) left.push_back(offset);
      }
      const Answer answer = ask(json_formats(), sample.path, cut, sample.beside, left);
      ASSERT_EQ(answer.records.size(), left.size());
      for (size_t i = 0; i < left.size(); ++i) {
        const Record &part = answer.records[i], &full = whole.records[i];
        if (part == full) {
          ++whole_ones;
          continue;
        }
        if (part.system.empty()) continue;
        ++partial_ones;
        EXPECT_FALSE(answer.problem.empty()) << sample.name << length << told(part);
        EXPECT_EQ(part.system, full.system) << sample.name << length;
        // Items and cells without an id are named by their place.
        if (part.system == "postman" || part.system == "notebook") continue;
        // Of a part, the ticket may stand behind the cut.
        EXPECT_TRUE(full.id.starts_with(part.id) ||
                    (part.id[0] == '#' && full.id.ends_with(part.id)))
            << sample.name << length << told(part);
      }
    }
  }
  EXPECT_GT(whole_ones, 300u);
  EXPECT_GT(partial_ones, 50u);
}

TEST(JsonFormats, SurviveDamage) {
  SeededRandom random(7);
  for (const Sample& sample : all_samples()) {
    const std::string text = filled(sample.text);
    const std::vector<uint64_t> offsets = key_offsets(text);
    for (int round = 0; round < 60; ++round) {
      std::string damaged = text;
      for (uint64_t flips = 1 + random.below(4); flips > 0; --flips) {
        char& byte = damaged[random.below(damaged.size())];
        byte = static_cast<char>(byte ^ 1 << random.below(8));
      }
      const Answer answer = ask(json_formats(), sample.path, damaged, sample.beside, offsets);
      ASSERT_EQ(answer.records.size(), offsets.size()) << sample.name;
    }
  }
}

TEST(JsonFormats, LeaveAloneWhatOnlyLooksLikeAnExport) {
  const std::pair<const char*, const char*> rows[] = {
      {"package.json",
       R"j({"name":"a","version":"1.0.0","scripts":{"x":"{key:master}"},"author":"d"})j"},
      {"package-lock.json",
       R"j({"name":"a","lockfileVersion":3,"packages":{"":{"x":"{key:master}"}}})j"},
      {"tsconfig.json", R"j({"compilerOptions":{"paths":["{key:master}"]},"include":["src"]})j"},
      {"map.json",
       R"j({"type":"FeatureCollection","features":[{"type":"Feature","id":"{key:master}"}]})j"},
      {"host.json", R"j({"version":"2.0","extensions":{"http":{"x":"{key:master}"}}})j"},
      {"function.json", R"j({"bindings":[{"type":"httpTrigger","name":"{key:master}"}]})j"},
      {"appsettings.json", R"j({"Logging":{},"Values":"x","Key":"{key:master}"})j"},
      {"chat.json", R"j({"messages":[{"role":"user","content":"{key:master}","id":"1"}]})j"},
      {"2025-11-02.json", R"j([{"type":"event","ts":"x","text":"{key:master}"}])j"},
      {"events.json", R"j([{"type":"message","ts":"1762070400.000100","text":"{key:master}"}])j"},
      {"mails.json",
       R"j({"@odata.context":"…/messages","value":[{"id":"1","createdDateTime":"2025-11-02T08:00:00Z",
          "body":{"contentType":"html","content":"{key:master}"},"toRecipients":[]}]})j"},
      {"openapi.json",
       R"j({"openapi":"3.0.0","info":{"title":"t"},"paths":{"/x":{"d":"{key:master}"}}})j"},
      {"deploy.json",
       R"j({"$schema":"…","resources":[{"type":"t","name":"n","k":"{key:master}"}],"outputs":{}})j"},
      {"result.json", R"j({"result":[{"id":1,"number":7,"text":"{key:master}"}]})j"},
      {"tickets.json", R"j({"tickets":[{"id":1,"subject":"{key:master}"}]})j"},
      {"repos.json",
       R"j([{"id":1,"html_url":"https://github.com/o/r","description":"{key:master}","user":1}])j"},
      {"release.json", R"j({"version":"1","type":"version","notes":"{key:master}"})j"},
      {"log.json", R"j({"log":{"level":"info"},"text":"{key:master}"})j"},
      {"log.jsonl", R"j({"log":"{key:master}","stream":"x","time":"2025-11-02T08:00:00Z"})j"},
      {"x.json", R"j({"time":"2025-11-02","category":"c","resourceId":7,"k":"{key:master}"})j"},
      {"x.ipynb", R"j({"cells":{"a":"{key:master}"}})j"},
      {"x.json", R"j({"item":[{"name":"{key:master}"}],"info":{"name":"x"}})j"},
      {"x.json", "[1, 2, \"{key:master}\"]"},
      {"x.json", "{\"order\":[\"{key:master}\"],\"posts\":[]}"},
      {"x.json", "{key:master}"},
      {"x.json", "\"{key:master}\""},
      {"notes.txt", "{this is no JSON} {key:master}"},
      {"notes.md", "[a link](x) {key:master}"},
  };
  for (const auto& [path, text] : rows) {
    const std::string whole = filled(text);
    const Answer answer = ask(json_formats(), path, whole, {}, key_offsets(whole));
    EXPECT_EQ(answer.system, "") << path << " " << text;
    EXPECT_FALSE(answer.records.empty()) << path;
  }
}

// So many keys in one message that reading it again for each would take minutes.
TEST(JsonFormats, ReadARecordOnceForAllItsKeys) {
  std::string text = R"j([{"type":"message","user":"U1","ts":"1762070400.000100","blocks":[)j";
  std::vector<uint64_t> offsets;
  for (int i = 0; i < 50'000; ++i) {
    text += i % 2 == 0 ? "{\"text\":\"" : "{\"replies\":[{\"ts\":\"1.2\",\"text\":\"";
    offsets.push_back(text.size());
    text += i % 2 == 0 ? "key\"}," : "key\"}]},";
  }
  text += "0]}]";
  const Answer answer = ask(json_formats(), "x/2025-11-02.json", text, {}, offsets);
  ASSERT_EQ(answer.records.size(), offsets.size());
  EXPECT_EQ(told(answer.records.back()),
            "slack | x | 1762070400.000100 | U1 | 2025-11-02T08:00:00Z");
}

}  // namespace
}  // namespace assay::json_test

// Patterns of paths: what they name, and that hostile ones cost no more than their steps.
#include "response/path_pattern.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace assay {
namespace {

TEST(PathPattern, NamesWhatItsPartsName) {
  using End = PathPattern::End;
  struct Row {
    std::string_view text;
    End end;
    bool floating, ruby;
    std::string_view path;
    bool matches;
  };
  const Row rows[] = {
      {"a/b", End::exact, false, false, "a/b", true},
      {"a/b", End::exact, false, false, "a/b/c", false},
      {"a/b", End::within, false, false, "a/b/c/d", true},
      {"a/b", End::within, false, false, "a/bc", false},
      {"a/b", End::below, false, false, "a/b", false},
      {"a/b", End::below, false, false, "a/b/c", true},
      {"b", End::exact, false, false, "a/b", false},
      {"b", End::exact, true, false, "a/b", true},
      {"b", End::exact, true, false, "b/a", false},
      {"b/c", End::exact, true, false, "a/b/a/b/c", true},
      {"*.cs", End::exact, true, false, "a/b/c.cs", true},
      {"*.cs", End::exact, false, false, "a/c.cs", false},
      {"a*c", End::exact, false, false, "abbbc", true},
      {"a*c", End::exact, false, false, "ab/bc", false},
      {"a?c", End::exact, false, false, "a/c", false},
      {"a?c", End::exact, false, false, "abc", true},
      {"*", End::exact, true, false, ".hidden", true},
      {"a/**/z", End::exact, false, false, "a/z", true},
      {"a/**/z", End::exact, false, false, "a/b/c/z", true},
      {"a/**/z", End::exact, false, false, "a/b/c/z/y", false},
      {"**/z", End::exact, false, false, "z", true},
      {"**/z", End::exact, false, false, "b/c/z", true},
      {"**/a/**/z", End::exact, false, false, "x/a/y/a/q/z", true},
      {"a/**", End::exact, false, false, "a/b/c", true},
      {"a/**", End::exact, false, false, "a", false},
      {"a/**", End::exact, false, true, "a/b", true},
      {"a/**", End::exact, false, true, "a/b/c", false},
      {"a**z", End::exact, false, false, "abcz", true},
      {"a**z", End::exact, false, false, "a/z", false},
      {"a\\*", End::exact, false, false, "a*", true},
      {"a\\*", End::exact, false, false, "ab", false},
      {"a\\ b", End::exact, false, false, "a b", true},
      {"[ab]", End::exact, false, false, "a", false},
      {"[ab]", End::exact, false, false, "[ab]", true},
      {"[ab]", End::exact, false, true, "a", true},
      {"[a-c]x", End::exact, false, true, "bx", true},
      {"[!a-c]x", End::exact, false, true, "bx", false},
      {"[^a-c]x", End::exact, false, true, "dx", true},
      {"[\\]]x", End::exact, false, true, "]x", true},
      {"[ab", End::exact, false, true, "a", false},
      {"[", End::exact, false, true, "[", false},
      {"a\\", End::exact, false, false, "a\\", true},
      {"", End::exact, false, false, "a", false},
      {"a//b", End::exact, false, false, "a/b", false},
      {"a", End::exact, false, false, "", false},
      {"**", End::exact, false, false, "", false},
  };
  for (const Row& row : rows) {
    Steps steps(10'000);
    EXPECT_EQ(matches({row.text, row.end, row.floating, row.ruby}, row.path, steps), row.matches)
        << row.text << " on " << row.path;
    EXPECT_FALSE(steps.gone()) << row.text;
  }
}

TEST(PathPattern, TakesASlashOfANameForAByte) {
  Steps steps(1000);
  EXPECT_TRUE(matches_name("slack/*", "slack/a/b", false, steps));
  EXPECT_TRUE(matches_name("orders*.example.org", "orders-x.example.org", false, steps));
  EXPECT_FALSE(matches_name("orders*.example.org", "orders.example.com", false, steps));
  EXPECT_TRUE(matches_name("*", "", false, steps));
  EXPECT_FALSE(matches_name("", "a", false, steps));
}

// Says the same without cleverness: tries everything.
bool tries_name(std::string_view pattern, std::string_view name) {
  if (pattern.empty()) return name.empty();
  if (pattern[0] == '*') {
    return tries_name(pattern.substr(1), name) ||
           (!name.empty() && tries_name(pattern, name.substr(1)));
  }
  return !name.empty() && (pattern[0] == '?' || pattern[0] == name[0]) &&
         tries_name(pattern.substr(1), name.substr(1));
}

using Parts = std::vector<std::string_view>;

Parts parts_of(std::string_view path) {
  Parts parts;
  for (size_t begin = 0;;) {
    const size_t end = std::min(path.find('/', begin), path.size());
    parts.push_back(path.substr(begin, end - begin));
    if (end == path.size()) return parts;
    begin = end + 1;
  }
}

bool tries_parts(const Parts& pattern, size_t p, const Parts& path, size_t n,
                 PathPattern::End ending) {
  using End = PathPattern::End;
  if (p == pattern.size()) return n == path.size() ? ending != End::below : ending != End::exact;
  if (pattern[p] == "**") {
    if (p + 1 == pattern.size()) return n < path.size();
    for (size_t next = n; next <= path.size(); ++next) {
      if (tries_parts(pattern, p + 1, path, next, ending)) return true;
    }
    return false;
  }
  return n < path.size() && tries_name(pattern[p], path[n]) &&
         tries_parts(pattern, p + 1, path, n + 1, ending);
}

std::vector<std::string> words(std::string_view letters, size_t most) {
  std::vector<std::string> out = {""};
  for (size_t i = 0; i < out.size(); ++i) {
    if (out[i].size() == most) continue;
    for (const char c : letters) out.push_back(out[i] + c);
  }
  out.erase(out.begin());
  return out;
}

TEST(PathPattern, SaysWhatTryingEverythingSays) {
  using End = PathPattern::End;
  const auto paths = words("ab/", 4);
  for (const std::string& pattern : words("a*/", 5)) {
    for (const std::string& path : paths) {
      const Parts parts = parts_of(path);
      for (const End end : {End::exact, End::within, End::below}) {
        for (const bool floating : {false, true}) {
          bool wanted = false;
          for (size_t n = 0; n < (floating ? parts.size() : 1); ++n) {
            wanted = wanted || tries_parts(parts_of(pattern), 0, parts, n, end);
          }
          Steps steps(100'000);
          ASSERT_EQ(matches({pattern, end, floating, false}, path, steps), wanted)
              << pattern << " on " << path << ", " << static_cast<int>(end) << floating;
        }
      }
    }
  }
}

TEST(PathPattern, IsBoundByItsSteps) {
  std::string stars, folders;
  for (int i = 0; i < 2000; ++i) {
    stars += "*a";
    folders += "**/a/";
  }
  const std::string name(4000, 'a');
  std::string path;
  for (int i = 0; i < 2000; ++i) path += "a/";
  for (const std::string& pattern : {stars + "b", folders + "b"}) {
    Steps steps(100'000'000);
    EXPECT_FALSE(matches({pattern, PathPattern::End::exact, true, true}, name, steps));
    EXPECT_FALSE(matches({pattern, PathPattern::End::exact, true, true}, path + "c", steps));
    EXPECT_FALSE(steps.gone());  // pattern × path is enough
  }
  Steps few(1000);
  EXPECT_FALSE(matches({stars + "b", PathPattern::End::exact, true, false}, name, few));
  EXPECT_TRUE(few.gone());
  EXPECT_FALSE(matches({"a", PathPattern::End::exact, true, false}, "a", few));
}

}  // namespace
}  // namespace assay

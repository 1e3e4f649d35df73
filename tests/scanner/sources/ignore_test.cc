#include "scanner/sources/ignore.h"

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <random>
#include <sstream>

#include "tests/scanner/sources/temp_folder.h"

namespace assay {
namespace {

using Verdict = IgnoreRules::Verdict;

TEST(Ignore, LastMatchingLineDecides) {
  struct Row {
    std::string_view lines;
    std::string_view path;
    bool is_folder;
    Verdict wanted;
  };
  const Row rows[] = {
      {"", "a", false, Verdict::none},
      {"# a\n\n", "# a", false, Verdict::none},
      {"\\# a", "# a", false, Verdict::ignored},
      {"a", "a", false, Verdict::ignored},
      {"a", "x/y/a", false, Verdict::ignored},
      {"a", "A", false, Verdict::none},
      {"a", "ab", false, Verdict::none},
      {"\xEF\xBB\xBF"
       "a",
       "a", false, Verdict::ignored},
      {"a\n!a", "a", false, Verdict::kept},
      {"!a\na", "a", false, Verdict::ignored},
      {"\\!a", "!a", false, Verdict::ignored},
      {"a\r\nb\r\n", "a", false, Verdict::ignored},
      {"a\r\nb\r", "b", false, Verdict::ignored},
      {"a  ", "a", false, Verdict::ignored},
      {"a\\  ", "a ", false, Verdict::ignored},
      {"a\\\\ ", "a\\", false, Verdict::ignored},
      {" a", " a", false, Verdict::ignored},
      {"a\t", "a", false, Verdict::none},
      {"a/", "a", false, Verdict::none},
      {"a/", "a", true, Verdict::ignored},
      {"a/", "x/a", true, Verdict::ignored},
      {"/a", "a", false, Verdict::ignored},
      {"/a", "x/a", false, Verdict::none},
      {"x/a", "x/a", false, Verdict::ignored},
      {"x/a", "y/x/a", false, Verdict::none},
      {"*.log", "x/y.log", false, Verdict::ignored},
      {"*", "x/y", false, Verdict::ignored},
      {"/*", "x/y", false, Verdict::none},
      {"x/*", "x/y/z", false, Verdict::none},
      {"a?c", "abc", false, Verdict::ignored},
      {"a?c", "ac", false, Verdict::none},
      {"x?y/z", "x/y/z", false, Verdict::none},
      {"a[bc]d", "acd", false, Verdict::ignored},
      {"a[!bc]d", "acd", false, Verdict::none},
      {"a[^bc]d", "axd", false, Verdict::ignored},
      {"a[b-d]", "ac", false, Verdict::ignored},
      {"a[]-]", "a]", false, Verdict::ignored},
      {"a[[:digit:]x]", "a7", false, Verdict::ignored},
      {"a[[:digit:]x]", "ax", false, Verdict::ignored},
      {"a[[:nodigit:]]", "a7", false, Verdict::none},
      {"a[b", "a[b", false, Verdict::none},
      {"a\\", "a\\", false, Verdict::none},
      {"a\\*", "a*", false, Verdict::ignored},
      {"a\\*", "ab", false, Verdict::none},
      {"**/a", "a", false, Verdict::ignored},
      {"**/a", "x/y/a", false, Verdict::ignored},
      {"a/**", "a", true, Verdict::none},
      {"a/**", "a/x/y", false, Verdict::ignored},
      {"a/**/b", "a/b", false, Verdict::ignored},
      {"a/**/b", "a/x/y/b", false, Verdict::ignored},
      {"a/**/b/*/c", "a/b/x/b/y/c", false, Verdict::ignored},
      {"**/a/**/b", "x/a/b/a/b", false, Verdict::ignored},
      {"x/a**b", "x/a/b", false, Verdict::none},
      {"x/a**", "x/a", false, Verdict::ignored},
      {"x/a**/b", "x/ab", false, Verdict::ignored},
      {"**\\/a", "a", false, Verdict::none},
      {"**\\/a", "y/a", false, Verdict::ignored},
      {"\xFF*", "\xFF\xFE", false, Verdict::ignored},
      {"/", "a", true, Verdict::none},
      {"!", "a", true, Verdict::none},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(IgnoreRules::parse(row.lines).check(row.path, row.is_folder), row.wanted)
        << "lines: " << row.lines << " path: " << row.path;
  }
}

TEST(Ignore, FaultTellsWhyAPatternCannotMatch) {
  const struct {
    std::string_view pattern;
    bool faulty;
  } rows[] = {{"a", false},  {"*.log", false},     {"!a", false},   {"a/**/[x-z]", false},
              {"", true},    {"# a", true},        {"/", true},     {"!", true},
              {"a[b", true}, {"[[:nope:]]", true}, {"a\\", true},   {"a\nb", true},
              {"  ", true},  {{"a\0b", 3}, true},  {"\\#a", false}, {"a\\ ", false}};
  for (const auto& row : rows) {
    EXPECT_EQ(!IgnoreRules::fault(row.pattern).empty(), row.faulty) << row.pattern;
  }
}

TEST(Ignore, ReadsNoMoreThanItsLimits) {
  std::string lines;
  for (size_t i = 0; i < IgnoreRules::kMaxLines; ++i) lines += "x\n";
  EXPECT_FALSE(IgnoreRules::parse(lines).cut());
  const IgnoreRules more_lines = IgnoreRules::parse(lines + "late\n");
  EXPECT_TRUE(more_lines.cut());
  EXPECT_EQ(more_lines.check("late", false), Verdict::none);

  // The line that the limit cuts must not be taken for the shorter pattern that is left of it.
  std::string bytes = "early\n" + std::string(IgnoreRules::kMaxBytes - 6 - 3 - 1, '#') + "\n";
  const IgnoreRules more_bytes = IgnoreRules::parse(bytes + "late\n");
  EXPECT_TRUE(more_bytes.cut());
  EXPECT_EQ(more_bytes.check("early", false), Verdict::ignored);
  EXPECT_EQ(more_bytes.check("lat", false), Verdict::none);
}

std::string repeat(std::string_view text, size_t bytes) {
  std::string out;
  while (out.size() < bytes) out += text;
  return out;
}

TEST(Ignore, HostilePatternsAreFast) {
  const std::string name(255, 'a');
  const std::string deep = repeat("a/", 200'000) + "a";
  const struct {
    const char* what;
    std::string lines;
    std::string path;
  } rows[] = {
      {"stars", repeat("*a", 200) + "b", name},
      {"1 MiB of stars", repeat("*a", 1 << 19) + "*b", name},
      {"lines of stars", repeat(repeat("*a", 100) + "*b\n", 1 << 19), name},
      {"lines of runs", repeat("*" + std::string(99, 'a') + "b\n", 1 << 19), name},
      {"double stars", repeat("**/a/", 1 << 19) + "b", deep},
      {"double and single stars", repeat("**/*a*/", 1 << 19) + "b", deep},
      {"nested classes", repeat("[:", 1 << 20), name},
      {"open classes", repeat("[[:", 1 << 19) + "]", name},
      {"one long class", "*[" + std::string(1 << 19, 'x') + "]b", name},
  };
  for (const auto& row : rows) {
    const auto start = std::chrono::steady_clock::now();
    const IgnoreRules rules = IgnoreRules::parse(row.lines);
    EXPECT_NE(rules.check(row.path, false), Verdict::ignored) << row.what;
    // Each takes a tenth at most, also with sanitizers; without a bound, hours.
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    EXPECT_LT(seconds.count(), 5) << row.what;
  }
}

TEST(Ignore, PathWhoseCheckIsCutShortIsKept) {
  const IgnoreRules rules =
      IgnoreRules::parse("*\n" + repeat("*" + std::string(99, 'a') + "b\n", 1 << 19));
  EXPECT_EQ(rules.check(std::string(255, 'a'), false), Verdict::kept);
  EXPECT_EQ(rules.check("c", false), Verdict::ignored);
}

// What git says of `paths` in the repository, by path.
std::map<std::string, bool> ask_git(const TempFolder& repo, const std::vector<std::string>& paths) {
  std::string input;
  for (const std::string& path : paths) input.append(path).append(1, '\0');
  repo.write(".git/asked", input);
  const std::string git =
      "cd '" + repo.path() +
      "' && env -u GIT_DIR -u GIT_WORK_TREE -u GIT_INDEX_FILE GIT_CONFIG_NOSYSTEM=1 "
      "GIT_CONFIG_GLOBAL=/dev/null git ";
  EXPECT_EQ(std::system((git + "init -q").c_str()), 0) << "this test needs git";
  const int status = std::system(
      (git + "check-ignore --no-index --stdin -z -v -n <.git/asked >.git/answer").c_str());
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) <= 1) << "this test needs git";

  std::ifstream answer(repo / ".git/answer", std::ios::binary);
  std::map<std::string, bool> ignored;
  std::string source, line, pattern, path;
  while (std::getline(answer, source, '\0') && std::getline(answer, line, '\0') &&
         std::getline(answer, pattern, '\0') && std::getline(answer, path, '\0')) {
    ignored[path] = !pattern.empty() && pattern[0] != '!';
  }
  EXPECT_EQ(ignored.size(), paths.size());
  return ignored;
}

std::string random_pattern(std::mt19937& random) {
  static const char* const kPieces[] = {
      "a",    "b",          "ab",          "*",    "*",    "**",   "**/", "**\\/", "/",
      "/",    "/**",        "?",           "[ab]", "[!a]", "[a-c", "]",   "-",     "\\a",
      "\\*",  "\\/",        " ",           "\\ ",  "[]a]", "[^-a", "[",   "\\",    "#",
      "[a/]", "[[:alpha:]", "[[:punct:]]", "c",    "***",  "*/",   "\r",  "\xC3",  "\xA9"};
  std::string pattern = random() % 6 == 0 ? "!" : "";
  for (size_t left = 1 + random() % 6; left > 0; --left) {
    pattern += kPieces[random() % std::size(kPieces)];
  }
  return pattern;
}

std::string random_path(std::mt19937& random) {
  static const char* const kNames[] = {"a",   "b", "ab", "abc", "aab", "c",  "a b",
                                       "ab ", "*", "-",  "]",   "#a",  "\\", "\xC3\xA9"};
  std::string path;
  for (size_t left = 1 + random() % 4; left > 0; --left) {
    path += kNames[random() % std::size(kNames)];
    if (left > 1) path += '/';
  }
  return path;
}

// As git and the walk do it: a folder that is ignored takes all below it along.
bool is_ignored(const IgnoreRules& rules, const std::string& path) {
  for (size_t end = path.find('/'); end != std::string::npos; end = path.find('/', end + 1)) {
    if (rules.check(path.substr(0, end), true) == Verdict::ignored) return true;
  }
  return rules.check(path, false) == Verdict::ignored;
}

TEST(Ignore, SaysWhatGitSays) {
  constexpr size_t kFolders = 1500;
  constexpr size_t kPaths = 40;
  std::mt19937 random(20240607);
  const TempFolder repo;
  std::vector<std::string> asked;
  std::map<std::string, bool> ours;
  std::map<std::string, std::string> patterns;
  size_t ignored = 0;
  for (size_t i = 0; i < kFolders; ++i) {
    // One ignore file a folder, so that git is started once.
    const std::string folder = "r" + std::to_string(i) + "/";
    std::string lines;
    for (size_t left = 1 + random() % 3; left > 0; --left) {
      lines += random_pattern(random) + (random() % 8 == 0 ? "\r\n" : "\n");
    }
    repo.write(folder + ".gitignore", lines);
    const IgnoreRules rules = IgnoreRules::parse(lines);
    for (size_t left = kPaths; left > 0; --left) {
      const std::string path = random_path(random);
      if (!ours.emplace(folder + path, is_ignored(rules, path)).second) continue;
      asked.push_back(folder + path);
      patterns[folder + path] = lines;
      ignored += ours[folder + path];
    }
  }
  EXPECT_GT(ignored, asked.size() / 20) << "the generator makes too few patterns that match";
  size_t differences = 0;
  for (const auto& [path, theirs] : ask_git(repo, asked)) {
    if (ours.at(path) == theirs) continue;
    if (++differences > 20) break;
    ADD_FAILURE() << "git: " << theirs << " path: " << path << "\npatterns:\n" << patterns[path];
  }
}

}  // namespace
}  // namespace assay

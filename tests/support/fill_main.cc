// Fills templates with keys, so that no well-formed key has to stand in the repository:
//
//   fill_examples TEMPLATE OUT
//
// TEMPLATE is a file, or a folder of files; OUT is made and must not exist. All files of a folder
// are filled as one text, so a named placeholder gives the same key in each of them:
//
//   a.json   {"code": "{key:function:refund}"}
//   b.yaml   functions.Refund.default: {key:function:refund}
//
// The seed is fixed: the same templates give the same files on every machine.
//
// Where the environment names a folder as RECORD, a line for each value made is added to its file
// `values` (`bare:master` and the value), for the test that looks for them where they must not be.
#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/keys/mint.h"

namespace assay {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kSeed = 20251102;
constexpr char kBetween = '\0';  // between files; so none may hold it

// Paths below `top` in a fixed order; a file is its own only entry, with an empty path.
std::vector<fs::path> files_of(const fs::path& top) {
  if (!fs::is_directory(top)) return {fs::path()};
  std::vector<fs::path> paths;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(top)) {
    if (entry.is_regular_file()) paths.push_back(entry.path().lexically_relative(top));
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

fs::path below(const fs::path& top, const fs::path& path) {
  return path.empty() ? top : top / path;
}

std::optional<std::string> read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(in), {});
  if (!in || text.find(kBetween) != std::string::npos) return std::nullopt;
  return text;
}

bool write(const fs::path& path, std::string_view text) {
  if (path.has_parent_path()) fs::create_directories(path.parent_path());
  std::ofstream out(path, std::ios::binary);
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
  return static_cast<bool>(out.flush());
}

// Between marks what stands in braces, so that what takes its place can be told from its
// surroundings.
constexpr std::string_view kMark = "\x01 made \x02";
std::string with_marks(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const size_t open = std::min(text.find('{'), text.size());
    const size_t close = std::min(text.find_first_of("{}", open + 1), text.size());
    const bool braces = close < text.size() && text[close] == '}';
    out += text.substr(0, open);
    if (open < text.size()) {
      const std::string_view piece = text.substr(open, close - open + (braces ? 1 : 0));
      out += braces ? fmt::format("{0}{1}{0}", kMark, piece) : std::string(piece);
    }
    text.remove_prefix(braces ? close + 1 : close);
  }
  return out;
}

std::vector<std::string_view> between_marks(std::string_view text) {
  std::vector<std::string_view> pieces;
  for (bool inside = false;; inside = !inside) {
    const size_t end = text.find(kMark);
    if (inside) pieces.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return pieces;
    text.remove_prefix(end + kMark.size());
  }
}

// What the placeholders of `text` become; `random` as it is before they are filled.
bool record(const char* folder, std::string_view text, SeededRandom random) {
  const std::string marked = with_marks(text);
  const std::string filled = fill_placeholders(marked, random);
  const std::vector<std::string_view> asked = between_marks(marked), made = between_marks(filled);
  std::string lines;
  for (size_t i = 0; i < asked.size() && asked.size() == made.size(); ++i) {
    if (asked[i] == made[i]) continue;  // no placeholder
    lines += fmt::format("{} {}\n", asked[i].substr(1, asked[i].size() - 2), made[i]);
  }
  std::ofstream out(fs::path(folder) / "values", std::ios::binary | std::ios::app);
  out.write(lines.data(), static_cast<std::streamsize>(lines.size()));
  return asked.size() == made.size() && out.flush();
}

// Empty, or what went wrong.
std::string fill(const fs::path& from, const fs::path& to) {
  if (fs::exists(to)) return fmt::format("{} exists", to.string());
  const std::vector<fs::path> paths = files_of(from);
  std::string text;
  for (const fs::path& path : paths) {
    const std::optional<std::string> one = read(below(from, path));
    if (!one) return fmt::format("cannot read {} as text", below(from, path).string());
    text += *one + kBetween;
  }
  SeededRandom random(kSeed);
  const char* folder = std::getenv("RECORD");
  if (folder != nullptr && *folder != '\0' && !record(folder, text, random)) {
    return fmt::format("cannot record the values in {}", folder);
  }
  const std::string filled = fill_placeholders(text, random);
  std::string_view rest = filled;
  for (const fs::path& path : paths) {
    const size_t end = rest.find(kBetween);
    if (!write(below(to, path), rest.substr(0, end))) {
      return fmt::format("cannot write {}", below(to, path).string());
    }
    rest.remove_prefix(end + 1);
  }
  return "";
}

}  // namespace
}  // namespace assay

int main(int argc, char** argv) {
  if (argc != 3) {
    fmt::print(stderr, "usage: fill_examples TEMPLATE OUT\n");
    return 2;
  }
  std::string problem;
  try {
    problem = assay::fill(argv[1], argv[2]);
  } catch (const std::filesystem::filesystem_error& error) {
    problem = error.what();
  }
  if (problem.empty()) return 0;
  fmt::print(stderr, "fill_examples: {}\n", problem);
  return 2;
}

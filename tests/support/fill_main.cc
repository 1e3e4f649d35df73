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
#include <fmt/core.h>

#include <algorithm>
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

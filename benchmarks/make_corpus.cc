// make_corpus FOLDER [SCALE]: writes the inputs of `benchmarks/run` and, last, manifest.jsonl.
//
//   {"version":1,"seed":20251102,"scale":1}
//   {"input":"log","path":"app.log","byte_offset":4116,"kind":"master","carrier":"query",
//    "fingerprint":"…"}                                      (one line each, never a key's value)
//
// SCALE between 0 and 1 makes smaller inputs, for trying the script out. Exit 2 if it cannot.
#include <fmt/format.h>

#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "benchmarks/corpus.h"
#include "rules/rule_set.h"

namespace assay {

namespace {

constexpr uint64_t kSeed = 20251102;
constexpr size_t kKeys = 100;

void append_rows(std::string_view input, const std::vector<PlantedKey>& keys, std::string& out) {
  for (const PlantedKey& key : keys) {
    out += fmt::format(R"({{"input":"{}","path":"{}","byte_offset":{},"kind":"{}","carrier":"{}",)"
                       R"("fingerprint":"{}"}})"
                       "\n",
                       input, key.path, key.byte_offset, key.kind, key.carrier, key.fingerprint);
  }
}

void make_all(const std::string& folder, double scale) {
  const auto scaled = [scale](double count) { return static_cast<size_t>(count * scale); };
  std::filesystem::create_directories(folder);
  std::string manifest = fmt::format("{{\"version\":1,\"seed\":{},\"scale\":{}}}\n", kSeed, scale);
  append_rows("log", make_log(folder, "app.log", scaled(1 << 30), kKeys, kSeed), manifest);
  append_rows("piece", make_log(folder, "piece.log", scaled(200e6), kKeys, kSeed + 1), manifest);
  append_rows("line", make_line(folder, "line.json", scaled(200e6), kKeys, kSeed + 2), manifest);
  append_rows("tree", make_tree(folder, "tree", scaled(20000), kKeys, kSeed + 3), manifest);
  append_rows(
      "glued",
      make_candidates(folder, "glued", Candidates::glued, scaled(1000), 1000, kKeys, kSeed + 4),
      manifest);
  make_candidates(folder, "delimited", Candidates::delimited, scaled(1000), 1000, 0, kSeed + 5);
  append_rows("small", make_small(folder, "small.log", kSeed + 6), manifest);
  std::ofstream file(folder + "/manifest.jsonl", std::ios::binary | std::ios::trunc);
  file << manifest;
  file.close();
  if (!file) throw Error(fmt::format("cannot write the manifest in {}", folder));
}

int run(int argc, char** argv) {
  double scale = 1;
  if (argc == 3) std::from_chars(argv[2], argv[2] + std::string_view(argv[2]).size(), scale);
  if (argc < 2 || argc > 3 || scale < 0.005 || scale > 1) {
    fmt::print(stderr, "usage: make_corpus FOLDER [SCALE between 0.005 and 1]\n");
    return 2;
  }
  try {
    make_all(argv[1], scale);
  } catch (const std::exception& error) {
    fmt::print(stderr, "make_corpus: {}\n", error.what());
    return 2;
  }
  return 0;
}

}  // namespace

}  // namespace assay

int main(int argc, char** argv) { return assay::run(argc, argv); }

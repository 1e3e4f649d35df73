// The only user of Hyperscan. What is sought are literals, so what Hyperscan reports is exactly
// what comparing at every byte reports; tests/scanner/literal_set_test.cc holds the two together.
//
//   LiteralSet({{"AzFu"}, {"?code=", true}})   find: "x ?CODE=" from 0 to 8 -> {8, 1}
//
// The compiled form is kept in a file whose name is a digest of all that it depends on: the
// literals in their order, the version of Hyperscan, the processor, and kCacheVersion.
#include "scanner/literal_set.h"

#include <fmt/format.h>
#include <hs/hs.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "rules/keys/c3id.h"
#include "rules/rule_set.h"
#include "scanner/database_cache.h"

namespace assay {

namespace {

// Hyperscan takes lengths as `unsigned int`: longer texts are cut here and nowhere else.
constexpr size_t kPiece = size_t{1} << 30;

// Says what the layout of the cached file depends on beside literals, library and processor.
constexpr int kCacheVersion = 4;

struct FreeDatabase {
  void operator()(hs_database_t* database) const { hs_free_database(database); }
};
struct FreeCompileError {
  void operator()(hs_compile_error_t* error) const { hs_free_compile_error(error); }
};
struct FreeScratch {
  void operator()(hs_scratch_t* scratch) const { hs_free_scratch(scratch); }
};
struct FreeBytes {
  void operator()(void* bytes) const { std::free(bytes); }
};
using DatabaseHandle = std::unique_ptr<hs_database_t, FreeDatabase>;

struct Found {
  std::vector<LiteralSet::Place>* places;
  std::span<const Literal> literals;
  std::string_view text;
  size_t base, from, to;
};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool equal_at(std::string_view text, bool caseless, const char* at) {
  for (const char c : text) {
    const char seen = *at++;
    if (caseless ? lower(c) != lower(seen) : c != seen) return false;
  }
  return true;
}

// Runs inside Hyperscan's C frames: it appends and returns. Places of a literal that ended before
// the range are a cut's leftovers. push_back may throw on no memory, which noexcept turns into the
// end of the process: the same that would happen outside.
int on_match(unsigned int id, unsigned long long, unsigned long long end, unsigned int,
             void* context) noexcept {
  auto& found = *static_cast<Found*>(context);
  size_t at = found.base + static_cast<size_t>(end);
  if (const Literal& literal = found.literals[id]; literal.compared > 0) {
    const std::string_view rest =
        std::string_view(literal.text).substr(literal.text.size() - literal.compared);
    if (found.to - at < rest.size() || !equal_at(rest, literal.caseless, &found.text[at])) return 0;
    at += rest.size();
  }
  if (at > found.from) found.places->push_back({at, id});
  return 0;
}

DatabaseHandle compile(std::span<const Literal> literals, std::string_view name) {
  std::vector<const char*> texts;
  std::vector<unsigned> flags, ids;
  std::vector<size_t> lengths;
  for (const Literal& literal : literals) {
    ids.push_back(static_cast<unsigned>(ids.size()));
    texts.push_back(literal.text.data());
    lengths.push_back(literal.text.size() - literal.compared);
    flags.push_back(literal.caseless ? HS_FLAG_CASELESS : 0u);
  }
  hs_database_t* database = nullptr;
  hs_compile_error_t* failure = nullptr;
  const hs_error_t status = hs_compile_lit_multi(
      texts.data(), flags.data(), ids.data(), lengths.data(), static_cast<unsigned>(texts.size()),
      HS_MODE_BLOCK, nullptr, &database, &failure);
  const std::unique_ptr<hs_compile_error_t, FreeCompileError> failed(failure);
  if (status != HS_SUCCESS) {
    throw Error(fmt::format("{} cannot be compiled: {}. Run with --no-prefilter.", name,
                            failed ? failed->message : "Hyperscan gave no reason"));
  }
  return DatabaseHandle(database);
}

DatabaseHandle deserialize(const std::string& bytes) {
  hs_database_t* database = nullptr;
  if (hs_deserialize_database(bytes.data(), bytes.size(), &database) != HS_SUCCESS) return nullptr;
  return DatabaseHandle(database);
}

std::string serialize(const hs_database_t* database) {
  char* bytes = nullptr;
  size_t length = 0;
  if (hs_serialize_database(database, &bytes, &length) != HS_SUCCESS) return {};
  const std::unique_ptr<char, FreeBytes> owned(bytes);
  return std::string(bytes, length);
}

std::string cache_name(std::span<const Literal> literals) {
  hs_platform_info_t platform{};
  hs_populate_platform(&platform);
  std::string what = fmt::format("{}\n{}\n{} {:x}\n", kCacheVersion, hs_version(), platform.tune,
                                 platform.cpu_features);
  for (const Literal& literal : literals) {
    const size_t length = literal.text.size() - literal.compared;
    what += fmt::format("{}{}:", literal.caseless ? 'i' : 'c', length);
    what += literal.text.substr(0, length);
  }
  const auto key = sha256(what);
  return hex({key.data(), 16}, HexCase::lower) + ".hsdb";
}

// "5.4.0 2020-12-07" without its day.
std::string version_of(std::string_view text) {
  return std::string(text.substr(0, text.find(' ')));
}

std::vector<std::string> features() {
  std::vector<std::string> out;
#if defined(__x86_64__) || defined(__i386__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("ssse3")) out.emplace_back("SSSE3");
  if (__builtin_cpu_supports("sse4.2")) out.emplace_back("SSE4.2");
  if (__builtin_cpu_supports("avx2")) out.emplace_back("AVX2");
  if (__builtin_cpu_supports("avx512bw")) out.emplace_back("AVX-512");
  if (__builtin_cpu_supports("avx512vbmi")) out.emplace_back("AVX-512 VBMI");
#endif
  return out;
}

}  // namespace

struct LiteralSet::Database {
  DatabaseHandle handle;
};

struct LiteralSet::Scratch::Memory {
  std::unique_ptr<hs_scratch_t, FreeScratch> handle;
};

LiteralSet::LiteralSet(std::span<const Literal> literals, const std::string& cache_folder,
                       std::string_view name)
    : literals_(literals.begin(), literals.end()) {
  if (literals_.empty()) return;
  if (hs_valid_platform() != HS_SUCCESS) {
    throw Error("This processor lacks what Hyperscan needs (SSSE3). Run with --no-prefilter.");
  }
  for (const Literal& literal : literals_) longest_ = std::max(longest_, literal.text.size());
  database_ = std::make_unique<Database>();
  const std::string file = cache_folder.empty() ? "" : cache_name(literals_);
  if (!file.empty()) {
    if (const auto bytes = load_cached(cache_folder, file)) {
      database_->handle = deserialize(*bytes);
      from_cache_ = database_->handle != nullptr;
    }
  }
  if (from_cache_) return;
  database_->handle = compile(literals_, name);
  if (!file.empty()) store_cached(cache_folder, file, serialize(database_->handle.get()));
}

LiteralSet::~LiteralSet() = default;

LiteralSet::Scratch::Scratch(std::span<const LiteralSet* const> sets)
    : memory_(std::make_unique<Memory>()) {
  hs_scratch_t* scratch = nullptr;
  for (const LiteralSet* set : sets) {
    if (set == nullptr || set->database_ == nullptr) continue;
    // Grows to fit all. It may free what it was given, so nobody else owns that meanwhile.
    const hs_error_t status = hs_alloc_scratch(set->database_->handle.get(), &scratch);
    memory_->handle.release();
    memory_->handle.reset(scratch);
    if (status != HS_SUCCESS) {
      throw Error("Hyperscan's working memory cannot be had. Free some memory and run again.");
    }
  }
}
LiteralSet::Scratch::~Scratch() = default;
LiteralSet::Scratch::Scratch(Scratch&&) noexcept = default;

void LiteralSet::find(std::string_view text, size_t from, size_t to, Scratch& scratch,
                      std::vector<Place>& places) const {
  if (database_ == nullptr) return;
  to = std::min(to, text.size());
  const size_t overlap = longest_ - 1;
  const auto by_end = [](const Place& a, const Place& b) { return a.end < b.end; };
  while (from < to) {
    const size_t begin = from > overlap ? from - overlap : 0;
    const size_t end = std::min(to, from + kPiece);
    Found found{&places, literals_, text, begin, from, end};
    const size_t before = places.size();
    if (hs_scan(database_->handle.get(), text.data() + begin, static_cast<unsigned>(end - begin), 0,
                scratch.memory_->handle.get(), on_match, &found) != HS_SUCCESS) {
      // Only misuse can bring this about; nothing may be lost even then.
      places.resize(before);
      find_plain(literals_, text, from, end, places);
    }
    // What is compared behind its engine's part may end behind another.
    const auto added = places.begin() + static_cast<std::ptrdiff_t>(before);
    if (!std::is_sorted(added, places.end(), by_end)) std::sort(added, places.end(), by_end);
    from = end;
  }
}

// Only those are compared whose last byte stands there: with hundreds, a test would take minutes.
void find_plain(std::span<const Literal> literals, std::string_view text, size_t from, size_t to,
                std::vector<LiteralSet::Place>& places) {
  std::array<std::vector<uint32_t>, 256> by_last;
  for (uint32_t i = 0; i < literals.size(); ++i) {
    const char last = literals[i].text.back();
    by_last[static_cast<unsigned char>(last)].push_back(i);
    const bool letter = (last >= 'a' && last <= 'z') || (last >= 'A' && last <= 'Z');
    if (literals[i].caseless && letter) {
      by_last[static_cast<unsigned char>(last ^ 0x20)].push_back(i);
    }
  }
  for (size_t end = from + 1; end <= to; ++end) {
    for (const uint32_t i : by_last[static_cast<unsigned char>(text[end - 1])]) {
      const size_t length = literals[i].text.size();
      if (length <= end &&
          equal_at(literals[i].text, literals[i].caseless, text.data() + end - length)) {
        places.push_back({end, i});
      }
    }
  }
}

EngineFacts engine_facts() {
  EngineFacts facts;
  facts.features = features();
  facts.usable = hs_valid_platform() == HS_SUCCESS;
#if defined(__x86_64__) || defined(__i386__)
  facts.library = fmt::format("Hyperscan {}", version_of(hs_version()));
  facts.code = "SSSE3";
  hs_platform_info_t platform{};
  if (hs_populate_platform(&platform) == HS_SUCCESS) {
    if (platform.cpu_features & HS_CPU_FEATURES_AVX2) facts.code = "AVX2";
    if (platform.cpu_features & HS_CPU_FEATURES_AVX512) facts.code = "AVX-512";
  }
#else
  facts.library = fmt::format("Vectorscan {}", version_of(hs_version()));
  facts.code = "its own";
#endif
  return facts;
}

}  // namespace assay

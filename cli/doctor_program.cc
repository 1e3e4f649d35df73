// What of assay doctor is about this machine: the program, its libraries, the processor, the cache,
// and whether keys are found at all.
#include <dirent.h>
#include <fmt/format.h>
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>

#include "cli/doctor.h"
#include "cli/hook_files.h"
#include "rules/keys/base64.h"
#include "rules/keys/c3id.h"
#include "rules/keys/mint.h"
#include "rules/rule_set.h"
#include "rules/version.h"
#include "scanner/database_cache.h"
#include "scanner/decoders/codec_versions.h"
#include "scanner/literal_set.h"
#include "scanner/prefilter.h"
#include "scanner/scan.h"
#include "scanner/source.h"

namespace assay {

namespace {

using Status = Check::Status;

std::string how_built() {
  std::string out = fmt::format("gcc {}.{}", __GNUC__, __GNUC_MINOR__);
#if defined(__clang__)
  out = fmt::format("clang {}", __clang_major__);
#endif
#if defined(__OPTIMIZE__)
  out += ", optimised";
#else
  out += ", not optimised";
#endif
#if defined(__SANITIZE_ADDRESS__)
  out += ", with address sanitizer";
#endif
#if defined(__x86_64__)
  return out + ", for x86-64";
#elif defined(__aarch64__)
  return out + ", for arm64";
#else
  return out;
#endif
}

// Texts in memory as a source.
class Texts final : public Source {
 public:
  void add(std::string name, std::string text) {
    texts_.emplace_back(std::move(name), std::move(text));
  }

  void enumerate(const Sink& sink) override {
    for (size_t at = 0; at < texts_.size(); ++at) {
      const Provenance provenance{Provenance::Kind::file, texts_[at].first, at};
      sink.blob({std::make_shared<const Provenance>(provenance), std::to_string(at)});
    }
  }

  std::unique_ptr<Reader> open(const Blob& blob, Diagnostic&) const override {
    return std::make_unique<Memory>(texts_[blob.provenance->number].second);
  }

 private:
  class Memory final : public Reader {
   public:
    explicit Memory(std::string_view text) : text_(text) {}
    Result read(std::span<char> out, int) override {
      const size_t bytes = std::min(out.size(), text_.size() - at_);
      std::copy_n(text_.data() + at_, bytes, out.data());
      at_ += bytes;
      return {bytes > 0 ? Status::data : Status::end, bytes};
    }
    std::optional<Diagnostic> failure() override { return std::nullopt; }

   private:
    std::string_view text_;
    size_t at_ = 0;
  };

  std::vector<std::pair<std::string, std::string>> texts_;
};

std::string in_utf16(std::string_view text) {
  std::string out;
  for (const char c : text) {
    out += c;
    out += '\0';
  }
  return out;
}

std::string in_percent(std::string_view text) {
  std::string out;
  for (const char c : text) out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  return out;
}

// Why the cache's folder takes nothing, and what helps.
std::pair<std::string, std::string> cache_trouble(const std::string& folder) {
  struct stat status;
  if (lstat(folder.c_str(), &status) != 0) {
    return {fmt::format("{} cannot be made: {}", folder, std::strerror(errno)),
            "Make it, or name another in XDG_CACHE_HOME."};
  }
  if (!S_ISDIR(status.st_mode)) {
    return {fmt::format("{} is no folder", folder), "Delete it."};
  }
  if (status.st_uid != geteuid()) {
    return {fmt::format("{} belongs to another user", folder),
            "Name a folder of your own in XDG_CACHE_HOME."};
  }
  if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return {fmt::format("others can write to {}", folder),
            fmt::format("Take that away: chmod 700 '{}'.", folder)};
  }
  return {fmt::format("{} keeps nothing", folder),
          "Look at the free space and the permissions there."};
}

double milliseconds(std::chrono::steady_clock::time_point since) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - since)
      .count();
}

// Whether what is stored there comes back.
bool keeps(const std::string& folder) {
  const std::string name = fmt::format("doctor.{}", getpid());
  const std::string text = "assay doctor was here";
  store_cached(folder, name, text);
  const auto back = load_cached(folder, name);
  unlink((folder + "/" + name).c_str());
  return back == text;
}

}  // namespace

std::string program_on_path() {
  const char* value = std::getenv("PATH");
  std::string_view rest = value == nullptr ? "" : value;
  while (!rest.empty()) {
    const size_t colon = std::min(rest.find(':'), rest.size());
    const std::string path = std::string(rest.substr(0, colon)) + "/assay";
    struct stat status;
    if (path.starts_with('/') && stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
        access(path.c_str(), X_OK) == 0) {
      return path;
    }
    rest.remove_prefix(std::min(rest.size(), colon + 1));
  }
  return "";
}

bool same_program(const std::string& one, const std::string& other) {
  struct stat first, second;
  if (stat(one.c_str(), &first) != 0 || stat(other.c_str(), &second) != 0) return false;
  if (first.st_dev == second.st_dev && first.st_ino == second.st_ino) return true;
  if (!S_ISREG(first.st_mode) || !S_ISREG(second.st_mode) || first.st_size != second.st_size) {
    return false;
  }
  std::ifstream a(one, std::ios::binary), b(other, std::ios::binary);
  std::string left(size_t{1} << 20, '\0'), right(left);
  while (a && b) {
    a.read(left.data(), static_cast<std::streamsize>(left.size()));
    b.read(right.data(), static_cast<std::streamsize>(right.size()));
    if (a.gcount() != b.gcount() || left != right) return false;
  }
  return a.eof() && b.eof();
}

void check_program(std::vector<Check>& checks) {
  const std::string own = own_program();
  checks.push_back(
      {Status::ok, "program", fmt::format("assay {}, built with {}", kVersion, how_built()), ""});
  const std::string found = program_on_path();
  if (found.empty()) {
    checks.push_back(
        {Status::warning, "program", "it is not on PATH",
         fmt::format("Put a link to {} into a folder of PATH: hooks and pipelines look "
                     "for assay there.",
                     own)});
  } else if (!same_program(own, found)) {
    checks.push_back({Status::warning, "program", fmt::format("PATH has another one, {}", found),
                      fmt::format("Replace it with {} if that is the newer one.", own)});
  }
}

void check_libraries(std::vector<Check>& checks) {
  checks.push_back(
      {Status::ok, "libraries",
       fmt::format("{}, RE2, {}", engine_facts().library, fmt::join(codec_versions(), ", ")), ""});
}

void check_processor(std::vector<Check>& checks) {
  const EngineFacts engine = engine_facts();
  cpu_set_t set;
  const int threads = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
  const std::string features = fmt::format("{}", fmt::join(engine.features, ", "));
  const std::string what =
      fmt::format("{}{}; the engine uses {}; {} for this process", features,
                  features.empty() ? "no feature known" : "", engine.code,
                  threads == 1 ? "1 processor" : fmt::format("{} processors", threads));
  if (!engine.usable) {
    checks.push_back({Status::wrong, "processor", "it lacks what the engine needs (SSSE3)",
                      "Scan with --no-prefilter, which is slow, or on another machine."});
  } else {
    checks.push_back({Status::ok, "processor", what, ""});
  }
}

void check_finding(std::vector<Check>& checks) {
  SeededRandom random(1);
  const std::string key = fill_placeholders("{key:function}", random);
  const std::string address = "https://contoso.azurewebsites.net/api/Refund?code=";
  auto texts = std::make_unique<Texts>();
  texts->add("plain", address + key);
  texts->add("base64", "token: " + encode_base64(address + key, Base64Alphabet::standard));
  texts->add("percent", "next=" + in_percent(address + key));
  texts->add("utf-16", in_utf16(address + key + "\n"));
  texts->add("none", fill_placeholders(address + "{broken:function}", random));
  std::vector<std::unique_ptr<Source>> sources;
  sources.push_back(std::move(texts));

  const RuleSet rules = RuleSet::builtin();
  const Prefilter prefilter(rules, {engine_facts().usable, ""});
  std::vector<std::string> found;
  const ScanSink sink{[&](Finding&& finding) {
                        if (finding.confidence != Confidence::verified) return;
                        const bool right = finding.fingerprint == c3id(key);
                        found.push_back(right ? finding.provenance->path : "a wrong key");
                      },
                      [](Diagnostic&&) {},
                      {}};
  const std::atomic<bool> stop = false;
  scan(sources, rules, prefilter, {}, sink, stop);
  const std::vector<std::string> wanted = {"plain", "base64", "percent", "utf-16"};
  if (found == wanted) {
    checks.push_back({Status::ok, "self test",
                      fmt::format("{} rules; a key was made, hidden in {} ways, found in each and "
                                  "proven; a false one was not",
                                  rules.rules().size(), wanted.size()),
                      ""});
  } else {
    checks.push_back({Status::wrong, "self test",
                      fmt::format("of a key hidden in {} ways, found were: {}", wanted.size(),
                                  fmt::join(found, ", ")),
                      "Install assay anew; if it stays so, report it as a defect."});
  }
}

void check_cache(std::vector<Check>& checks) {
  if (!engine_facts().usable) return;
  const std::string folder = default_cache_folder();
  if (folder.empty()) {
    checks.push_back({Status::warning, "cache", "neither XDG_CACHE_HOME nor HOME names a folder",
                      "Set XDG_CACHE_HOME to an absolute path, so that starts take less time."});
    return;
  }
  if (!keeps(folder)) {
    const auto [what, remedy] = cache_trouble(folder);
    checks.push_back({Status::warning, "cache", what, remedy});
    return;
  }
  const RuleSet rules = RuleSet::builtin();
  auto begin = std::chrono::steady_clock::now();
  { const Prefilter cold(rules, {true, ""}); }
  const double cold = milliseconds(begin);
  { const Prefilter stored(rules, {true, folder}); }
  begin = std::chrono::steady_clock::now();
  const Prefilter warm(rules, {true, folder});
  const double time = milliseconds(begin);
  if (warm.origin() == Prefilter::Origin::cached) {
    checks.push_back(
        {Status::ok, "cache",
         fmt::format("{}: compiled in {:.1f} ms, read back in {:.1f} ms", folder, cold, time), ""});
  } else {
    checks.push_back({Status::warning, "cache",
                      fmt::format("{} does not give back a compiled database", folder),
                      fmt::format("Empty the folder: rm -r '{}'.", folder)});
  }
}

}  // namespace assay

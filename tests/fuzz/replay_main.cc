// The driver of a fuzz target where there is no libFuzzer, so that every machine fuzzes a little:
//
//   fuzz_text CORPUS [ROUNDS [SEED]]
//
// runs each file of the folder (or the one file) CORPUS, then ROUNDS mutations of them. Round i is
// made from SEED + i, and a failure names that number: `fuzz_text CORPUS 1 NUMBER` repeats it. The
// failing input is written to fuzz-failure.bin in the working folder, to be run as CORPUS.
#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>

#include "tests/fuzz/fuzz.h"

// Only in builds with a sanitizer: it ends the process without a signal.
extern "C" void __sanitizer_set_death_callback(void (*callback)()) __attribute__((weak));

namespace assay::fuzz {
namespace {

constexpr size_t kLongestInput = 2048;

std::string g_input;  // what runs now
std::string g_name;

// Of the calls here only write, open and close are made: it may run inside a signal handler.
void tell() {
  const auto say = [](std::string_view text) {
    if (write(STDERR_FILENO, text.data(), text.size()) < 0) _exit(1);
  };
  say("fuzz: failed: ");
  say(g_name);
  say("; the input is in fuzz-failure.bin\n");
  const int fd = open("fuzz-failure.bin", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return;
  if (write(fd, g_input.data(), g_input.size()) < 0) say("fuzz: it could not be written\n");
  close(fd);
}

void on_signal(int number) {
  tell();
  std::signal(number, SIG_DFL);
  std::raise(number);
}

void run(std::string name, std::string input) {
  g_name = std::move(name);
  g_input = std::move(input);
  LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(g_input.data()), g_input.size());
}

void change(std::string& text, const std::string& other, SeededRandom& random) {
  const size_t at = random.below(text.size() + 1);
  const size_t length = 1 + random.below(random.below(4) == 0 ? 64 : 6);
  const auto piece = [&](const std::string& from) {
    return from.substr(random.below(from.size() + 1), 1 + random.below(64));
  };
  switch (random.below(7)) {
    case 0:
      if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << random.below(8)));
      break;
    case 1:
      text.insert(at, random.bytes(length));
      break;
    case 2:
      text.erase(at, length);
      break;
    case 3:
      text.insert(at, piece(text));
      break;
    case 4:
      text.insert(at, piece(other));
      break;
    case 5:  // an instruction of make_text
      text.insert(at, {static_cast<char>(0xF8 + random.below(8)),
                       static_cast<char>(random.below(256)), static_cast<char>(random.below(8))});
      break;
    default:
      if (at < text.size()) text[at] = static_cast<char>(random.below(256));
  }
}

std::string mutated(const std::vector<std::string>& corpus, uint64_t seed) {
  SeededRandom random(seed);
  std::string text = corpus[random.below(corpus.size())];
  for (size_t left = 1 + random.below(8); left > 0; --left) {
    change(text, corpus[random.below(corpus.size())], random);
  }
  return text.substr(0, kLongestInput);
}

int replay(const std::filesystem::path& from, uint64_t rounds, uint64_t seed) {
  std::vector<std::filesystem::path> paths;
  if (std::filesystem::is_directory(from)) {
    for (const auto& entry : std::filesystem::directory_iterator(from)) paths.push_back(entry);
    std::sort(paths.begin(), paths.end());
  } else {
    paths.push_back(from);
  }
  std::vector<std::string> corpus;
  for (const auto& path : paths) {
    std::ifstream in(path, std::ios::binary);
    corpus.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    if (!in) {
      std::fprintf(stderr, "fuzz: a file of the corpus cannot be read\n");
      return 2;
    }
    run("file " + path.filename().string(), corpus.back());
  }
  if (corpus.empty()) {
    std::fprintf(stderr, "fuzz: the corpus is empty\n");
    return 2;
  }
  run("the empty input", "");
  for (uint64_t i = 0; i < rounds; ++i) {
    run("round 1 of seed " + std::to_string(seed + i), mutated(corpus, seed + i));
  }
  std::printf("fuzz: %zu files and %llu mutations ran, the first from seed %llu\n", corpus.size(),
              static_cast<unsigned long long>(rounds), static_cast<unsigned long long>(seed));
  return 0;
}

}  // namespace
}  // namespace assay::fuzz

int main(int argc, char** argv) {
  if (argc < 2 || argc > 4) {
    std::fprintf(stderr, "usage: TARGET CORPUS [ROUNDS [SEED]]\n");
    return 2;
  }
  for (const int number : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL}) {
    // A sanitizer has its own handler for these, which says more.
    if (__sanitizer_set_death_callback == nullptr || number == SIGABRT) {
      std::signal(number, assay::fuzz::on_signal);
    }
  }
  if (__sanitizer_set_death_callback != nullptr) __sanitizer_set_death_callback(assay::fuzz::tell);
  const uint64_t rounds = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 0;
  const uint64_t seed = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 1;
  return assay::fuzz::replay(argv[1], rounds, seed);
}

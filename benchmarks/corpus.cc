// A GiB in a second: 16 MiB of unique text is made once and written again and again in blocks of
// 1 MiB, in an order taken from the seed. Keys are written over it afterwards: the lines that stand
// where a key shall stand give way to one line of the same length.
//
//   ...\n<line><line><line>\n...          key wanted at byte 262,124: 20 bytes before a seam
//   ...\n2025-… retrying … ?code=<key>==&clientId=default … retrying\n...
#include "benchmarks/corpus.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <numbers>

#include "benchmarks/text.h"
#include "rules/keys/c3id.h"
#include "rules/keys/identify.h"
#include "rules/keys/mint.h"
#include "rules/rule_set.h"

namespace assay {

namespace {

constexpr uint64_t kMiB = 1 << 20;

// How a key is written. `padding` stands for its `==`.
struct Carrier {
  std::string_view name;
  std::string_view before;
  std::string_view padding;
  std::string_view after;
};

constexpr Carrier kCarriers[] = {
    {"query", " GET https://contoso-orders.azurewebsites.net/api/Refund?code=", "==",
     "&clientId=default HTTP/1.1 200 "},
    {"header", " > x-functions-key: ", "==", " "},
    {"json", R"( {"name":"default","value":")", "==", R"(","encrypted":false} )"},
    {"query, percent-encoded padding",
     " POST https://contoso-orders-staging.azurewebsites.net/api/PlaceOrder?id=7&code=", "%3D%3D",
     " HTTP/1.1 202 "},
    {"padding lost", " retry with key ", "", " "},
    {"json, escaped padding", R"( {"masterKey":")", R"(\u003d\u003d)", R"("} )"},
    {"glued to an escape", " redirect=%2Fapi%2FRefund%3Fcode%3D", "%3D%3D", "%26id%3D7 "},
    {"html", R"( href="https://contoso-orders.azurewebsites.net/api/Refund?code=)", "&#61;&#61;",
     R"(">open</a> )"},
};

// What one planted line looks like, and where lines begin: one byte after the start of `boundary`.
struct Frame {
  std::string_view boundary;
  std::string_view open;
  std::string_view close;
  bool in_json;  // carriers stand inside a JSON string
};
constexpr Frame kLogFrame = {"\n", "2025-11-02T08:14:22.118Z WARN  [orders]", "", false};
constexpr Frame kJsonFrame = {R"(,{"time":)",
                              R"({"time":"2025-11-02T08:14:22.118Z","level":"Warning","message":")",
                              R"("})", true};

std::string written(std::string_view text, const Frame& frame) {
  std::string out;
  for (const char c : text) {
    if (c == '"' && frame.in_json) out += '\\';
    out += c;
  }
  return out;
}

struct MintedKey {
  std::string text;
  PlantedKey planted;  // path and offset not yet known
};

MintedKey mint_next(size_t index, SeededRandom& random) {
  const KeyFamily& family = *find_family("azure-functions");
  const KeySeed& seed = family.seeds[index % family.seeds.size()];
  MintedKey key;
  key.text = mint(family, seed, random.bytes(family.bytes() - 7u));
  key.planted.kind = seed.kind;
  key.planted.fingerprint = c3id(key.text);
  key.text.resize(family.digits());  // the carrier writes the padding
  return key;
}

std::string filler(size_t count) {
  constexpr std::string_view kText = " retrying in a moment, lease is held;";
  std::string out;
  while (out.size() < count) out += kText;
  out.resize(count);
  return out;
}

void write_file(const std::string& path, std::string_view text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
  file.close();
  if (!file) throw Error(fmt::format("cannot write {}", path));
}

// Text cut into blocks of about 1 MiB that begin where lines begin.
std::vector<std::string_view> blocks_of(std::string_view text, const Frame& frame) {
  std::vector<std::string_view> blocks;
  while (!text.empty()) {
    const size_t at =
        text.size() <= kMiB ? std::string_view::npos : text.find(frame.boundary, kMiB);
    const size_t length = at == std::string_view::npos ? text.size() : at + 1;
    blocks.push_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return blocks;
}

// Writes `head`, then blocks up to `bytes`, the last cut where a line begins, and `tail` over the
// last byte. Returns the length.
uint64_t write_blocks(const std::string& path, const std::vector<std::string_view>& blocks,
                      const Frame& frame, std::string_view head, char tail, uint64_t bytes,
                      SeededRandom& random) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(head.data(), static_cast<std::streamsize>(head.size()));
  uint64_t length = head.size();
  bool last = false;
  while (!last && file) {
    std::string_view block = blocks[random.below(blocks.size())];
    last = length + block.size() >= bytes;
    if (last) block = block.substr(0, block.rfind(frame.boundary, bytes - length) + 1);
    file.write(block.data(), static_cast<std::streamsize>(block.size()));
    length += block.size();
  }
  file.seekp(static_cast<std::streamoff>(length - 1));
  file.put(tail);
  file.close();
  if (!file) throw Error(fmt::format("cannot write {}", path));
  return length;
}

// Offsets for keys: one in each of `count` equal parts of the file, well inside it.
std::vector<uint64_t> key_offsets(uint64_t length, size_t count, SeededRandom& random) {
  constexpr uint64_t kMargin = 4096;
  constexpr uint64_t kSeams[] = {256 << 10, 4 * kMiB};
  constexpr uint64_t kBefore[] = {20, 54, 1, 46, 48, 53, 0, 55, 44, 57};  // key digits before it
  const uint64_t part = (length - 2 * kMargin) / count;
  std::vector<uint64_t> offsets;
  for (size_t i = 0; i < count; ++i) {
    const uint64_t first = kMargin + i * part;
    uint64_t offset = first + random.below(part > kMargin ? part - kMargin : 1);
    if (i % 3 == 0) {
      const uint64_t seam = kSeams[i / 3 % 2];
      const uint64_t at = (first / seam + 1) * seam;
      const uint64_t wanted = at - kBefore[i / 3 % std::size(kBefore)];
      if (wanted > first && wanted + kMargin < first + part) offset = wanted;
    }
    offsets.push_back(offset);
  }
  return offsets;
}

// Writes one line that holds `key` at `offset` over the lines that stand there.
void plant(std::fstream& file, const Frame& frame, const Carrier& carrier, const MintedKey& key,
           uint64_t offset) {
  constexpr size_t kReach = 2048;  // longer than two lines and a carrier
  const uint64_t start = offset - kReach;
  std::string window(2 * kReach, '\0');
  file.seekg(static_cast<std::streamoff>(start));
  file.read(window.data(), static_cast<std::streamsize>(window.size()));
  const std::string before = std::string(frame.open) + written(carrier.before, frame);
  const std::string after =
      std::string(carrier.padding) + written(carrier.after, frame) + std::string(frame.close);
  const size_t from = window.rfind(frame.boundary, kReach - before.size() - 1) + 1;
  const size_t to = window.find(frame.boundary, kReach + key.text.size() + after.size());
  if (!file || from == 0 || to == std::string::npos) throw Error("no room for a key");
  std::string line = std::string(frame.open) + filler(kReach - from - before.size()) +
                     written(carrier.before, frame) + key.text + std::string(carrier.padding) +
                     written(carrier.after, frame);
  line += filler(to - from - line.size() - frame.close.size()) + std::string(frame.close);
  file.seekp(static_cast<std::streamoff>(start + from));
  file.write(line.data(), static_cast<std::streamsize>(line.size()));
  if (!file) throw Error("cannot write a key");
}

std::vector<PlantedKey> plant_all(const std::string& folder, const std::string& name,
                                  const Frame& frame, uint64_t length, size_t count,
                                  SeededRandom& random) {
  std::fstream file(folder + "/" + name, std::ios::binary | std::ios::in | std::ios::out);
  std::vector<PlantedKey> planted;
  size_t index = 0;
  for (const uint64_t offset : key_offsets(length, count, random)) {
    MintedKey key = mint_next(index, random);
    const Carrier& carrier = kCarriers[index++ % std::size(kCarriers)];
    plant(file, frame, carrier, key, offset);
    key.planted.path = name;
    key.planted.byte_offset = offset;
    key.planted.carrier = carrier.name;
    planted.push_back(std::move(key.planted));
  }
  return planted;
}

// A number from the log-normal distribution with that median (Box-Muller).
double log_normal(double median, double sigma, SeededRandom& random) {
  const double u = (static_cast<double>(random.next() >> 11) + 1) * 0x1p-53;
  const double v = static_cast<double>(random.next() >> 11) * 0x1p-53;
  return median *
         std::exp(sigma * std::sqrt(-2 * std::log(u)) * std::cos(2 * std::numbers::pi * v));
}

// Whole lines of `text`, from a place of chance, about `bytes` long.
std::string slice(std::string_view text, size_t bytes, SeededRandom& random) {
  bytes = std::min(bytes, text.size() / 2);
  const size_t from = text.find('\n', random.below(text.size() / 2 - 1024)) + 1;
  return std::string(text.substr(from, text.find('\n', from + bytes) + 1 - from));
}

// Folders of about 40 files, two to four deep.
std::string tree_path(size_t index, std::string_view extension) {
  const size_t folder = index / 40;
  std::string path = fmt::format("service{:02}/src", folder % 25);
  if (folder % 3 != 0) path += fmt::format("/part{}", folder / 25 % 10);
  if (folder % 3 == 2) path += "/.generated";
  return fmt::format("{}/f{:03}/File{:05}.{}", path, folder, index, extension);
}

// Appends one candidate that fails; no other signature comes to stand before or in it.
void append_failing(SeededRandom& random, std::string& out) {
  const KeyFamily& family = *find_family("azure-functions");
  const size_t start = out.size();
  const size_t signature = start + family.signature_end() - family.signature.size();
  do {
    out.resize(start);
    out += digits(signature - start, random);
    out += family.signature;
    out += digits(family.digits_after() - 1, random);
    out += "AQgw"[random.below(4)];  // no bits left over: the checksum itself decides
  } while (out.find(family.signature, start < 3 ? 0 : start - 3) != signature ||
           out.find(family.signature, signature + 1) != std::string::npos);
  if (verify(family, std::string_view(out).substr(start))) {  // by chance: 3 in 2^32
    out[start] = out[start] == 'a' ? 'b' : 'a';
  }
}

}  // namespace

std::vector<PlantedKey> make_log(const std::string& folder, const std::string& name, uint64_t bytes,
                                 size_t keys, uint64_t seed) {
  SeededRandom random(seed);
  const std::string text = log_text(std::min(16 * kMiB, bytes), random);
  const uint64_t length = write_blocks(folder + "/" + name, blocks_of(text, kLogFrame), kLogFrame,
                                       "", '\n', bytes, random);
  return plant_all(folder, name, kLogFrame, length, keys, random);
}

std::vector<PlantedKey> make_small(const std::string& folder, const std::string& name,
                                   uint64_t seed) {
  SeededRandom random(seed);
  const Carrier& carrier = kCarriers[0];
  MintedKey key = mint_next(0, random);
  std::string text =
      log_text(700, random) + std::string(kLogFrame.open) + std::string(carrier.before);
  key.planted.path = name;
  key.planted.byte_offset = text.size();
  key.planted.carrier = carrier.name;
  text += fmt::format("{}{}{}\n", key.text, carrier.padding, carrier.after);
  write_file(folder + "/" + name, text);
  return {key.planted};
}

std::vector<PlantedKey> make_line(const std::string& folder, const std::string& name,
                                  uint64_t bytes, size_t keys, uint64_t seed) {
  SeededRandom random(seed);
  const std::string text = json_records(std::min(16 * kMiB, bytes), random);
  const uint64_t length = write_blocks(folder + "/" + name, blocks_of(text, kJsonFrame), kJsonFrame,
                                       "[", ']', bytes, random);
  return plant_all(folder, name, kJsonFrame, length, keys, random);
}

std::vector<PlantedKey> make_tree(const std::string& folder, const std::string& name, size_t files,
                                  size_t keys, uint64_t seed) {
  SeededRandom random(seed);
  std::vector<std::string> pools;
  for (const Language& language : languages()) {
    pools.push_back(source_text(language, 4 * kMiB, random));
  }
  std::vector<PlantedKey> planted;
  for (size_t i = 0; i < files; ++i) {
    const size_t language = random.below(pools.size());
    const size_t bytes = static_cast<size_t>(std::clamp(log_normal(4096, 1.1, random), 64.0, 2e6));
    std::string text = slice(pools[language], bytes, random);
    const std::string path = name + "/" + tree_path(i, languages()[language].extension);
    if (planted.size() < keys && i >= planted.size() * files / keys) {
      MintedKey key = mint_next(planted.size(), random);
      const Carrier& carrier = kCarriers[planted.size() % std::size(kCarriers)];
      const size_t line = text.find('\n', random.below(text.size())) + 1;
      text.insert(line, fmt::format("//{}{}{}{}\n", carrier.before, key.text, carrier.padding,
                                    carrier.after));
      key.planted.path = path;
      key.planted.byte_offset = line + 2 + carrier.before.size();
      key.planted.carrier = carrier.name;
      planted.push_back(std::move(key.planted));
    }
    const std::filesystem::path file = folder + "/" + path;
    std::filesystem::create_directories(file.parent_path());
    write_file(file.string(), text);
  }
  return planted;
}

std::string candidates_text(Candidates how, size_t count, uint64_t seed) {
  SeededRandom random(seed);
  std::string out;
  for (size_t i = 0; i < count; ++i) {
    if (how == Candidates::delimited) out += fmt::format("  \"key{:04}\": \"", i);
    append_failing(random, out);
    if (how == Candidates::delimited) out += "==\",\n";
  }
  return out;
}

std::vector<PlantedKey> make_candidates(const std::string& folder, const std::string& name,
                                        Candidates how, size_t files, size_t per_file, size_t keys,
                                        uint64_t seed) {
  SeededRandom random(seed);
  std::filesystem::create_directories(folder + "/" + name);
  const size_t digits = find_family("azure-functions")->digits();
  std::vector<PlantedKey> planted;
  for (size_t i = 0; i < files; ++i) {
    std::string text = candidates_text(how, per_file, random.next());
    const std::string path = fmt::format("{}/{:04}.txt", name, i);
    if (planted.size() < keys && i >= planted.size() * files / keys) {
      MintedKey key = mint_next(planted.size(), random);
      key.planted.path = path;
      key.planted.byte_offset = random.below(per_file) * digits;
      key.planted.carrier = "among glued candidates";
      text.replace(key.planted.byte_offset, digits, key.text);
      planted.push_back(std::move(key.planted));
    }
    // A digit on either side: neither the first candidate nor the last is delimited.
    write_file(folder + "/" + path, how == Candidates::glued ? fmt::format("x{}x", text) : text);
    if (!planted.empty() && planted.back().path == path) ++planted.back().byte_offset;
  }
  return planted;
}

}  // namespace assay

// What the fuzz targets share: taking their input apart, making texts with keys, and failing.
//
// A target reads its first bytes as choices and the rest as a text. In a text these bytes, which no
// UTF-8 holds, are instructions:
//
//   F8 n …  FB n   piece n of kPieces        FC n m   key of family n under its seed m
//   FD n           n digits                  FE c     the byte c       FF      a damaged key
//
// Placeholders of rules/keys/mint.h are filled, so that a seed of the corpus is readable text.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "rules/keys/mint.h"
#include "scanner/matcher.h"
#include "scanner/verify.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace assay::fuzz {

// Ends the process if `holds` is false. `promise` says what should have been so; never the values.
inline void check(bool holds, const char* promise) {
  if (holds) return;
  std::fprintf(stderr, "fuzz: does not hold: %s\n", promise);
  std::abort();
}

class Input {
 public:
  Input(const uint8_t* data, size_t size) : left_(reinterpret_cast<const char*>(data), size) {}

  bool empty() const { return left_.empty(); }
  uint8_t byte() {
    if (left_.empty()) return 0;
    const auto value = static_cast<uint8_t>(left_.front());
    left_.remove_prefix(1);
    return value;
  }
  // Below `bound`, which may be anything but 0.
  size_t below(size_t bound) {
    const size_t high = byte();
    return (high << 8 | byte()) % bound;
  }
  std::string_view take(size_t count) {
    const std::string_view taken = left_.substr(0, count);
    left_.remove_prefix(taken.size());
    return taken;
  }
  std::string_view rest() { return take(left_.size()); }

 private:
  std::string_view left_;
};

inline constexpr std::string_view kPieces[] = {
    "{key:master}",
    "{key:function}",
    "{key:system}",
    "{bare:function}",
    "{broken:master}",
    "{plain:56}",
    "{plain:43}=",
    "{hex:64}",
    "AzFu",
    "\n",
    "\r\n",
    "==",
    "%3D%3D",
    "%253D",
    "\\u003d\\u003d",
    "&#61;",
    "=3D=3D",
    "?code=",
    "&amp;code=",
    "%3Fcode%3D",
    "x-functions-key: ",
    "\"X-Functions-Key\":\"",
    "Host: contoso-orders.azurewebsites.net\r\n",
    "https://contoso-orders.azurewebsites.net/api/Refund",
    "/runtime/webhooks/durabletask",
    "host--masterKey--master=",
    "{\"masterKey\":{\"name\":\"master\",\"value\":\"",
    "\x1b[31m",
    "\xEF\xBB\xBF",
    "\xF0\x9F\x94\x91",
    "az functionapp keys set -g rg -n contoso --key-name default --key-value ",
    "{\"name\":\"code\",\"value\":\"",
};

inline std::string make_text(Input& input) {
  constexpr size_t kLongest = 16 << 10;
  SeededRandom random(input.byte());
  std::string text;
  while (!input.empty() && text.size() < kLongest) {
    const uint8_t byte = input.byte();
    if (byte < 0xF8) {
      text += static_cast<char>(byte);
    } else if (byte < 0xFC) {
      text += kPieces[input.byte() % std::size(kPieces)];
    } else if (byte == 0xFC) {
      const KeyFamily& family = key_families()[input.byte() % key_families().size()];
      const KeySeed& seed = family.seeds[input.byte() % family.seeds.size()];
      text += mint(family, seed, random.bytes(family.bytes() - 7u));
    } else if (byte == 0xFD) {
      text += "{plain:" + std::to_string(input.byte()) + "}";
    } else if (byte == 0xFE) {
      text += static_cast<char>(input.byte());
    } else {
      text += "{broken:function}";
    }
  }
  text = fill_placeholders(text, random);
  return text.substr(0, kLongest);
}

// Log lines of at least `size` bytes that hold nothing, or nothing for 0.
inline std::string filler(size_t size) {
  std::string text;
  while (text.size() < size) text += "2026-11-22 GET /health 200\n";
  return text;
}

// By the definition of UTF-8 (RFC 3629), and not in the way that the product's own checks go.
inline bool is_utf8(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at++]);
    if (lead < 0x80) continue;
    const int more = lead >> 5 == 6 ? 1 : lead >> 4 == 14 ? 2 : lead >> 3 == 30 ? 3 : 0;
    if (more == 0) return false;
    char32_t code = lead & (0x3Fu >> more);
    for (int i = 0; i < more; ++i, ++at) {
      if (at == text.size() || (static_cast<unsigned char>(text[at]) >> 6) != 2) return false;
      code = code << 6 | (static_cast<unsigned char>(text[at]) & 0x3Fu);
    }
    constexpr char32_t kLeast[] = {0, 0x80, 0x800, 0x10000};
    if (code < kLeast[more] || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return false;
  }
  return true;
}

inline bool holds_control(std::string_view text, std::string_view allowed = {}) {
  return std::any_of(text.begin(), text.end(), [&](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 || byte == 0x7F) && allowed.find(c) == std::string_view::npos;
  });
}

inline const RuleSet& rules() {
  static const RuleSet rules = RuleSet::builtin();
  return rules;
}
// Whether a key that the rules look for stands in `text` with a checksum that holds. Not of every
// family: those with `/` among their digits can get past redact_names, which parts names there.
inline bool holds_proven_key(std::string_view text) {
  for (const KeyFamily* family : rules().families()) {
    if (family->signature.empty()) continue;  // only those that stand by themselves are keys
    for (size_t at = text.find(family->signature); at != std::string_view::npos;
         at = text.find(family->signature, at + 1)) {
      Candidate candidate;
      const size_t end = at + family->signature.size();
      if (gather(*family, text, end, true, candidate) == Gather::found && candidate.seed) {
        return true;
      }
    }
  }
  return false;
}

inline const Prefilter& prefilter(bool hyperscan) {
  static const Prefilter fast(rules(), {true, "", false});
  static const Prefilter plain(rules(), {false, "", false});
  return hyperscan ? fast : plain;
}

// All of a finding that must not depend on how its bytes came.
inline auto facts(const Finding& finding) {
  return std::tuple(finding.location.byte_offset, finding.location.byte_length, finding.rule,
                    finding.kind, finding.fingerprint, finding.redacted, finding.secret.reveal(),
                    finding.encoding, finding.context.host, finding.context.app,
                    finding.context.slot, finding.context.function, finding.context.key_name,
                    finding.context.carrier, finding.context.store, finding.context.scope,
                    finding.snippet.before, finding.snippet.masked, finding.snippet.after);
}
inline bool same(const std::vector<Finding>& a, const std::vector<Finding>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Finding& x, const Finding& y) { return facts(x) == facts(y); });
}

}  // namespace assay::fuzz

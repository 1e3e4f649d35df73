// A key in every disguise, in every container, across a seam of the scan: found once, named, and at
// an offset at which undoing the bytes gives the key. The seed says which disguise meets which
// container; ASSAY_SEED sets another, and as many seeds in a row as there are containers try every
// pair.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <unordered_set>

#include "rules/keys/identify.h"
#include "scanner/blob_scan.h"
#include "scanner/decoders/text_decoders.h"
#include "scanner/scan.h"
#include "tests/scanner/decoders/archives.h"
#include "tests/scanner/decoders/streams.h"
#include "tests/support/disguises.h"
#include "tests/support/memory_source.h"

namespace assay {
namespace {

constexpr size_t kPart = size_t{4} << 20;

struct Packed {
  std::string bytes;
  size_t before = 0;  // bytes of the blob before the text, where it is no member of its own
};

std::string archive_of(int (*format)(archive*), std::string_view text,
                       std::string_view options = "") {
  return make_archive(format, {{"README", "nothing"}, {"logs/app.log", std::string(text)}},
                      options);
}

const std::string kMailHead =
    "From: dana@example.org\r\nSubject: logs\r\nMIME-Version: 1.0\r\nContent-Type: "
    "multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nsee below\r\n--b\r\n";

std::string mail_of_zip(std::string_view text) {
  std::string body = kMailHead +
                     "Content-Type: application/zip; name=logs.zip\r\n"
                     "Content-Transfer-Encoding: base64\r\n\r\n";
  const std::string zip = archive_of(&archive_write_set_format_zip, text, "compression-level=1");
  const std::string digits = encode_base64(zip, Base64Alphabet::standard);
  for (size_t at = 0; at < digits.size(); at += 76) body += digits.substr(at, 76) + "\r\n";
  return body + "--b--\r\n";
}

Packed mail_of_text(std::string_view text) {
  const std::string head = kMailHead +
                           "Content-Type: application/octet-stream\r\n"
                           "Content-Disposition: attachment; filename=app.log\r\n\r\n";
  return {head + std::string(text) + "\r\n--b--\r\n", head.size()};
}

struct Container {
  const char* name;
  const char* extension;
  const char* inner;  // what is added to the path
  std::vector<std::string> chain;
  std::function<Packed(std::string_view text)> pack;
};

const std::vector<Container>& containers() {
  static const auto kArchive = [](int (*format)(archive*), const char* options = "") {
    return [=](std::string_view text) { return Packed{archive_of(format, text, options)}; };
  };
  static const auto kMade = [](std::string (*make)(std::string_view)) {
    return [=](std::string_view text) { return Packed{make(text)}; };
  };
  static const std::vector<Container> rows = {
      {"plain file",
       ".log",
       "",
       {},
       [](std::string_view text) { return Packed{std::string(text)}; }},
      {"stored zip",
       ".zip",
       "!/logs/app.log",
       {"zip"},
       kArchive(&archive_write_set_format_zip, "zip:compression=store")},
      {"zip",
       ".jar",
       "!/logs/app.log",
       {"zip"},
       kArchive(&archive_write_set_format_zip, "compression-level=1")},
      {"tar", ".tar", "!/logs/app.log", {"tar"}, kArchive(&archive_write_set_format_pax)},
      {"compressed tar",
       ".tgz",
       "!/logs/app.log",
       {"gzip", "tar"},
       kMade([](std::string_view text) {
         return gzipped(archive_of(&archive_write_set_format_gnutar, text));
       })},
      {"7z",
       ".7z",
       "!/logs/app.log",
       {"7z"},
       kArchive(&archive_write_set_format_7zip, "7zip:compression=deflate")},
      {"cpio", ".cpio", "!/logs/app.log", {"cpio"}, kArchive(&archive_write_set_format_cpio_newc)},
      {"ar", ".a", "!/app.log", {"ar"}, kMade([](std::string_view text) {
         return make_archive(&archive_write_set_format_ar_svr4,
                             {{"a.txt", "nothing"}, {"app.log", std::string(text)}});
       })},
      {"cab", ".cab", "!/logs/app.log", {"cab"}, kMade([](std::string_view text) {
         return make_cab({{"a.txt", "nothing"}, {"logs/app.log", std::string(text)}});
       })},
      {"rpm", ".rpm", "!/logs/app.log", {"rpm"}, kMade([](std::string_view text) {
         return make_rpm(gzipped(archive_of(&archive_write_set_format_cpio_newc, text)));
       })},
      {"iso", ".iso", "!/logs/app.log", {"iso"}, kArchive(&archive_write_set_format_iso9660)},
      {"gzip", ".log.gz", "", {"gzip"}, kMade(gzipped)},
      {"zlib", ".zz", "", {"zlib"}, kMade(zlibbed)},
      {"zstd", ".log.zst", "", {"zstd"}, kMade(zstd_frame)},
      {"xz", ".log.xz", "", {"xz"}, kMade(xz_stream)},
      {"lzma", ".log.lzma", "", {"lzma"}, kMade(lzma_stream_alone)},
      {"bzip2", ".log.bz2", "", {"bzip2"}, kMade(bzip2_stream)},
      {"lz4", ".log.lz4", "", {"lz4"}, kMade(lz4_frame)},
      {"brotli", ".log.br", "", {"brotli"}, kMade(brotli_stream)},
      {"zip in a compressed tar",
       ".tar.gz",
       "!/in.zip!/logs/app.log",
       {"gzip", "tar", "zip"},
       kMade([](std::string_view text) {
         const std::string zip =
             archive_of(&archive_write_set_format_zip, text, "compression-level=1");
         return gzipped(make_archive(&archive_write_set_format_ustar, {{"in.zip", zip}}));
       })},
      {"mail", ".eml", "", {}, mail_of_text},
      {"zip in a mail", ".eml", "!/logs.zip!/logs/app.log", {"mail", "zip"}, kMade(mail_of_zip)},
  };
  return rows;
}

// A disguise in a container.
struct Case {
  std::string name;
  std::string path;       // of the file
  std::string told_path;  // of the finding
  std::string encoding;
  std::string key;    // whose digits stand in it
  std::string text;   // the blob in which the offset counts
  size_t offset = 0;  // where the key stands in it
  bool found_alone = false;
  Packed packed;
};

std::string join(const auto& parts) {
  std::string out;
  for (const auto& part : parts) out += (out.empty() ? "" : " ") + std::string(part);
  return out;
}

struct World {
  RuleSet rules = RuleSet::builtin();
  Prefilter prefilter{rules, {true, "", false}};
};
World& world() {
  static World it;
  return it;
}

// What is found in a text that is one window, without a container.
std::optional<Finding> alone(const std::string& text) {
  Matcher matcher(world().rules, world().prefilter, {false, false});
  std::vector<Finding> findings;
  matcher.match({text, 0, 0, text.size(), true, "notes.txt"}, findings);
  for (Finding& finding : findings) {
    if (finding.confidence == Confidence::verified) return std::move(finding);
  }
  return std::nullopt;
}

std::string filler(size_t size) {
  static const std::string line =
      "2025-11-02T08:51:02Z GET https://contoso-web.azurewebsites.net/health 200 in 3 ms.\n";
  std::string out;
  while (out.size() + line.size() <= size) out += line;
  if (out.size() < size) out += std::string(size - out.size() - 1, '.') + "\n";
  return out;
}

// Places the disguised text so that `seam` falls within [location), if it is to lie on one.
Case make_case(const Disguise& disguise, const Container& container, size_t index, size_t seam,
               std::string_view placeholder, SeededRandom& random) {
  Case made;
  made.name = fmt::format("{} in {}, seam {}", disguise.name, container.name, seam);
  made.path = fmt::format("{}{}", index, container.extension);
  made.told_path = made.path + container.inner;
  made.key = fill_placeholders(placeholder, random);
  const std::string before =
      "2025-11-02T08:00:00Z calling https://contoso-orders.azurewebsites.net/api/Refund?code=";
  const std::string leak = before + made.key + "&clientId=default took 12 ms\n";
  const std::string hidden = disguise.apply(leak, before.size(), made.key.size(), random);
  const auto found = alone(hidden);
  const Location at = found ? found->location : Location{0, hidden.size(), 1, 1, 1};
  made.found_alone = found.has_value();
  std::vector<std::string> chain = container.chain;
  // Digits of base64 without `+` and `-` are of either alphabet: of what is nested, the container
  // and the seam must change nothing.
  if (found && disguise.name.starts_with("nested/")) {
    chain.insert(chain.end(), found->encoding.begin(), found->encoding.end());
  } else {
    chain.insert(chain.end(), disguise.chain.begin(), disguise.chain.end());
  }
  made.encoding = join(chain);
  const size_t head = container.pack("").before;
  const size_t within =
      at.byte_offset + 5 + random.below(std::max<uint64_t>(at.byte_length, 6) - 5);
  // At an offset as a text of wide characters has it, whose byte order may show nowhere else.
  const size_t fill =
      (seam < head + within ? 1 + random.below(3000) : seam - head - within) / 4 * 4 + 4 - head % 4;
  made.packed = container.pack(filler(fill) + hidden + "the end\n");
  made.text = (head > 0 ? made.packed.bytes.substr(0, head) : "") + filler(fill) + hidden;
  made.offset = head + fill + at.byte_offset;
  return made;
}

// Big-endian text behind a line of single bytes may also be read as little-endian that begins with
// the line's break: then all is one character further.
bool is_other_order(const Case& in, const Finding& finding) {
  std::string told = join(finding.encoding);
  const size_t order = told.find("le", std::min(told.find("utf-"), told.size()));
  if (order == std::string::npos) return false;
  told.replace(order, 2, "be");
  return told == in.encoding && finding.location.byte_offset >= in.offset &&
         finding.location.byte_offset - in.offset < 4;
}

std::string normal(std::string_view text) {
  std::string out(text);
  std::replace(out.begin(), out.end(), '+', '-');
  std::replace(out.begin(), out.end(), '/', '_');
  return out;
}

std::string lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return text;
}

// All that one step of undoing makes of a text.
std::vector<std::string> undone_once(const std::string& text) {
  std::vector<std::string> made;
  Restored out;
  const auto keep = [&](bool changed) {
    if (changed && !out.text.empty()) made.push_back(out.text);
  };
  keep(undo_escapes(text, out));
  keep(undo_quoted_printable(text, out));
  keep(undo_layout(text, out));
  for (int choice = 0; choice < kPrefixChoices; ++choice) keep(undo_prefixes(text, choice, out));
  const size_t plain = std::min(text.find_first_not_of('\0'), text.size() - 1);
  if (text.find('\0') != std::string::npos) {
    for (const bool big : {false, true}) {
      keep(undo_wide(text, plain, text.size(), text.size(), out, big));
    }
  }
  for (int phase = 0; phase < 4; ++phase) {
    keep(undo_base64(text, 0, phase, text.size(), text.size(), out));
  }
  for (const size_t at : {size_t{0}, std::min<size_t>(2, text.size() - 1)}) {
    keep(undo_hex(text, at, text.size(), text.size(), out));
  }
  keep(undo_listing(text, text.size() / 2, text.size(), text.size(), out));
  return made;
}

// Whether the digits come out of the slice, and little else. Those at its ends may belong to an
// escape or a group of digits that is cut there.
bool gives(const std::string& slice, std::string_view key, size_t most_beside) {
  const std::string wanted = normal(key.substr(3, 48));
  std::unordered_set<std::string> seen{slice};
  std::vector<std::string> level{slice};
  for (int depth = 0; depth < 8 && seen.size() < 4000; ++depth) {
    std::vector<std::string> next;
    for (const std::string& text : level) {
      const size_t found = normal(text).find(wanted);
      if (found != std::string::npos && found <= 3 + most_beside &&
          text.size() <= 56 + 2 * most_beside) {
        return true;
      }
      for (std::string& made : undone_once(text)) {
        if (seen.insert(made).second) next.push_back(std::move(made));
      }
    }
    level = std::move(next);
  }
  return false;
}

// What stands at the place that was told: the key, in its disguise.
bool holds_key(const Case& in, const Location& location) {
  if (location.byte_offset + location.byte_length > in.text.size()) return false;
  const auto slice = in.text.substr(location.byte_offset, location.byte_length);
  if (gives(slice, in.key, 12)) return true;
  // Listings and what a log puts before each line can only be told from whole lines: then the place
  // must at least begin and end as the key does.
  if (in.encoding.find("hex") == std::string::npos && in.encoding.find("log-") == std::string::npos)
    return false;
  const auto first = fmt::format("{:02x}", in.key[0]), last = fmt::format("{:02x}", in.key[55]);
  if (slice[0] != in.key[0] && !lower(slice).starts_with(first)) return false;
  if (slice.back() != in.key[55] && !lower(slice).ends_with(last)) return false;
  const size_t line = in.text.rfind('\n', location.byte_offset) + 1;
  const size_t end = location.byte_offset + location.byte_length;
  const size_t line_end = std::min(in.text.find('\n', end), in.text.size() - 1) + 1;
  return gives(in.text.substr(line, line_end - line), in.key, 400);
}

struct Told {
  std::map<std::string, std::vector<Finding>> findings;  // verified, by the number in their path
  std::vector<std::string> diagnostics;
};

Told scan_all(const std::vector<Case>& cases) {
  std::vector<MemorySource::Item> items;
  for (const Case& in : cases) items.push_back({in.path, in.packed.bytes});
  std::vector<std::unique_ptr<Source>> sources;
  sources.push_back(std::make_unique<MemorySource>(std::move(items)));
  ScanOptions options;
  options.threads = 2;
  options.containers.emplace();
  options.records = true;
  Told told;
  ScanSink sink;
  sink.finding = [&](Finding&& finding) {
    if (finding.confidence != Confidence::verified) return;
    const std::string path = finding.provenance->path;
    told.findings[path.substr(0, path.find('.'))].push_back(std::move(finding));
  };
  sink.diagnostic = [&](Diagnostic&& told_one) {
    told.diagnostics.push_back(told_one.path + ": " + told_one.reason);
  };
  scan(sources, world().rules, world().prefilter, options, sink, std::atomic<bool>{false});
  return told;
}

uint64_t seed() {
  const char* set = std::getenv("ASSAY_SEED");
  return set == nullptr ? 1 : std::strtoull(set, nullptr, 10);
}

// Hands out every disguise in a container, a few at a time.
void for_all(std::string_view placeholder, bool seams,
             const std::function<void(const std::vector<Case>&)>& check) {
  std::vector<Case> cases;
  for (size_t i = 0; i < disguises().size(); ++i) {
    SeededRandom random(seed() * 1000003 + i);
    const Container& container = containers()[(i + seed()) % containers().size()];
    // A few in a file that threads share, across the end of a part.
    const bool large = seams && i % 97 == seed() % 97;
    const size_t seam = large ? kPart : seams ? WindowBuffer::kWindowBytes : 0;
    cases.push_back(make_case(disguises()[i], large ? containers()[0] : container, i, seam,
                              placeholder, random));
    if (large) {
      const std::string behind = filler(2 * kPart);
      cases.back().packed.bytes += behind;
    }
    if (cases.size() == 32 || i + 1 == disguises().size()) {
      check(cases);
      cases.clear();
    }
  }
}

TEST(Everywhere, AKeyIsFoundOnceNamedAndAtAnOffsetThatGivesIt) {
  size_t out_of_reach = 0;
  for_all("{key:function}", true, [&](const std::vector<Case>& cases) {
    const Told told = scan_all(cases);
    EXPECT_EQ(join(told.diagnostics), "");
    for (size_t i = 0; i < cases.size(); ++i) {
      const Case& in = cases[i];
      SCOPED_TRACE(in.name);
      const auto found = told.findings.find(in.path.substr(0, in.path.find('.')));
      if (found == told.findings.end()) {
        // Which disguises may be, `Disguised` tests say.
        EXPECT_FALSE(in.found_alone);
        ++out_of_reach;
        continue;
      }
      EXPECT_EQ(found->second.size(), 1u);
      const Finding& finding = found->second.front();
      EXPECT_EQ(finding.fingerprint, identify(in.key)->fingerprint());
      EXPECT_EQ(finding.kind, "function");
      EXPECT_EQ(finding.provenance->path, in.told_path);
      if (!is_other_order(in, finding)) {
        EXPECT_EQ(join(finding.encoding), in.encoding);
        EXPECT_EQ(finding.location.byte_offset, in.offset);
      }
      EXPECT_TRUE(holds_key(in, finding.location)) << finding.location.byte_length << " bytes";
    }
  });
  EXPECT_LT(out_of_reach, 20u);
}

TEST(Everywhere, AKeyWhoseChecksumDoesNotHoldIsNeverVerified) {
  for_all("{broken:master}", false, [](const std::vector<Case>& cases) {
    const Told told = scan_all(cases);
    for (const auto& [number, findings] : told.findings) {
      for (const Case& in : cases) {
        if (in.path.substr(0, in.path.find('.')) == number) ADD_FAILURE() << in.name;
      }
    }
  });
}

}  // namespace
}  // namespace assay

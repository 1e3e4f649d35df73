// Whole text in another encoding: UTF-16 and UTF-32, base64, hexadecimal and decimal bytes.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>

#include "tests/support/disguise_rows.h"

namespace assay::disguise {

namespace {

constexpr struct {
  Wide wide;
  Undone undone;
  std::string_view mark;
} kWides[] = {
    {Wide::utf16le, Undone::utf16le, std::string_view("\xFF\xFE", 2)},
    {Wide::utf16be, Undone::utf16be, std::string_view("\xFE\xFF", 2)},
    {Wide::utf32le, Undone::utf32le, std::string_view("\xFF\xFE\0\0", 4)},
    {Wide::utf32be, Undone::utf32be, std::string_view("\0\0\xFE\xFF", 4)},
};

void add_wide(Rows& rows) {
  for (const auto& row : kWides) {
    const std::string name(to_string(row.undone));
    add(rows, name + "/with mark", {row.undone}, [row](const Hidden& hidden) {
      return std::string(row.mark) + wide_text(hidden.text, row.wide);
    });
    add(rows, name + "/without mark", {row.undone},
        [row](const Hidden& hidden) { return wide_text(hidden.text, row.wide); });
    for (const char* prefix : {"dump: ", "dumped: "}) {  // an even offset and an odd one
      add(rows, name + "/stretch in a log" + (prefix[4] == ':' ? "" : "/odd"), {row.undone},
          [row, prefix](const Hidden& hidden) {
            return hidden.earlier() + prefix +
                   wide_text(hidden.head() + hidden.key() + hidden.tail(), row.wide) +
                   hidden.later() + "done, 200 OK\n";
          });
    }
    add(rows, name + "/the key alone in a log", {row.undone}, [row](const Hidden& hidden) {
      return hidden.before() + wide_text(hidden.key(), row.wide) + hidden.after();
    });
  }
}

// `text` with up to two characters before it, so that text[at] begins a group of three at `phase`.
std::string aligned(const std::string& text, size_t at, size_t phase) {
  return std::string("::").substr(0, (phase + 3 - at % 3) % 3) + text;
}

void add_base64_alignments(Rows& rows) {
  for (size_t phase = 0; phase < 3; ++phase) {
    const std::string name = "/alignment " + std::to_string(phase);
    add(rows, "base64" + name, {Undone::base64}, [=](const Hidden& hidden) {
      return "payload: " + base64_text(aligned(hidden.text, hidden.begin, phase)) + "\n";
    });
    // What `?` and `~` give in the third place of a group is no digit of the other alphabet.
    add(rows, "base64url" + name, {Undone::base64url}, [=](const Hidden& hidden) {
      const std::string text = "???" + hidden.before() + hidden.key() + hidden.after() + "???";
      std::string value = base64_text(aligned(text, hidden.begin + 3, phase), true);
      value.erase(value.find_last_not_of('=') + 1);
      return "GET /callback?state=" + value + "&ok=1 HTTP/1.1\n";
    });
    add(rows, "base64/the key's neighbours only" + name, {Undone::base64},
        [=](const Hidden& hidden) {
          const std::string text = "k=" + hidden.key() + ";";
          return hidden.earlier() + "Cookie: s=" + base64_text(aligned(text, 2, phase)) + "; v=1" +
                 hidden.later();
        });
  }
}

void add_base64_wraps(Rows& rows) {
  const std::string part = "Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n";
  for (const size_t width : {64, 76}) {
    for (const char* line_break : {"\n", "\r\n"}) {
      const std::string name =
          "base64/wrapped at " + std::to_string(width) + (line_break[0] == '\r' ? "/crlf" : "");
      add(rows, name, {Undone::base64}, [=](const Hidden& hidden) {
        return part + wrapped(base64_text(hidden.text), width, line_break) + line_break;
      });
      // A character begins at the first, second or third digit of its group.
      for (const size_t place : {0, 2, 3, 4, 6}) {
        add(rows, name + "/at digit " + std::to_string(place) + " of the signature's",
            {Undone::base64}, [=](const Hidden& hidden) {
              // Filler moves the signature's first digit to `place` digits before a break.
              std::string filler;
              const auto column = [&] {
                return (hidden.begin + filler.size() + hidden.signature()) * 4 / 3 % width;
              };
              while (filler.size() < 3 * width && column() != (width - place) % width) {
                filler += filler.size() % 9 == 8 ? ' ' : 'x';
              }
              const std::string text = base64_text(filler + hidden.text);
              return part + wrapped(text, width, line_break) + line_break;
            });
      }
    }
    add(rows, "base64/indented/" + std::to_string(width), {Undone::base64},
        [=](const Hidden& hidden) {
          return "  config: !!binary |\n    " + wrapped(base64_text(hidden.text), width, "\n    ") +
                 "\n";
        });
    add(rows, "base64/quoted mail/" + std::to_string(width), {Undone::base64},
        [=](const Hidden& hidden) {
          return "> > " + wrapped(base64_text(hidden.text), width, "\n> > ") + "\n";
        });
  }
}

void add_base64_uses(Rows& rows) {
  add(rows, "base64/kubernetes secret", {Undone::base64}, [](const Hidden& hidden) {
    return "apiVersion: v1\nkind: Secret\nmetadata:\n  name: host-keys\ndata:\n  host.master: " +
           base64_text(hidden.key()) + "\ntype: Opaque\n";
  });
  add(rows, "base64/kubernetes secret with a break", {Undone::base64}, [](const Hidden& hidden) {
    return "apiVersion: v1\nkind: Secret\ndata:\n  master: " + base64_text(hidden.key() + "\n") +
           "\n";
  });
  add(rows, "base64/basic authorization", {Undone::base64}, [](const Hidden& hidden) {
    return "Authorization: Basic " + base64_text("deploy:" + hidden.key()) + "\r\n";
  });
  add(rows, "base64/data url", {Undone::base64}, [](const Hidden& hidden) {
    return "<a href=\"data:text/plain;base64," + base64_text(hidden.text) + "\">log</a>\n";
  });
  add(rows, "base64/quoted in JSON", {Undone::base64}, [](const Hidden& hidden) {
    return "{\"content\":\"" + base64_text(hidden.text) + "\",\"encoding\":\"base64\"}\n";
  });
  add(rows, "base64/powershell", {Undone::base64, Undone::utf16le}, [](const Hidden& hidden) {
    return "powershell.exe -NoProfile -enc " +
           base64_text(wide_text("iwr '" + hidden.head() + hidden.key() + hidden.tail() + "'",
                                 Wide::utf16le)) +
           "\r\n";
  });
  add(rows, "base64/of big-endian", {Undone::base64, Undone::utf16be}, [](const Hidden& hidden) {
    return "blob=" + base64_text(wide_text(hidden.text, Wide::utf16be)) + "\n";
  });
  add(rows, "base64/twice", {Undone::base64, Undone::base64}, [](const Hidden& hidden) {
    return "payload: " + base64_text("{\"log\":\"" + base64_text(hidden.text) + "\"}") + "\n";
  });
  add(rows, "base64/twice, bare", {Undone::base64, Undone::base64}, [](const Hidden& hidden) {
    return "value: " + base64_text(base64_text(hidden.key())) + "\n";
  });
  add(rows, "base64/twice, wrapped", {Undone::base64, Undone::base64}, [](const Hidden& hidden) {
    const std::string inner = wrapped(base64_text(hidden.text), 76, "\r\n");
    return wrapped(base64_text(inner), 64, "\n") + "\n";
  });
  add(rows, "base64/three times", {Undone::base64, Undone::base64, Undone::base64},
      [](const Hidden& hidden) {
        return "v=" + base64_text("v=" + base64_text("v=" + base64_text(hidden.text))) + "\n";
      });
}

// Bytes in hexadecimal, each with `before` and `between` them.
std::string hex_text(std::string_view text, bool upper, std::string_view before,
                     std::string_view between) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (i > 0) out += between;
    out += before;
    out += hex_digits(text[i], upper);
  }
  return out;
}

std::string decimal_text(std::string_view text, std::string_view between) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (i > 0) out += between;
    out += std::to_string(int{static_cast<unsigned char>(text[i])});
  }
  return out;
}

std::string printable(std::string_view text) {
  std::string out(text);
  std::replace_if(
      out.begin(), out.end(), [](char c) { return c < ' ' || c > '~'; }, '.');
  return out;
}

// Lines of 16 bytes, as each tool writes them.
enum class Listing { hexdump, xxd, xxd_single, od, od_plain, format_hex };
std::string listing(std::string_view text, Listing form) {
  std::string out;
  if (form == Listing::format_hex) {
    out = "           00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F\r\n\r\n";
  }
  for (size_t at = 0; at < text.size(); at += 16) {
    const std::string_view line = text.substr(at, 16);
    std::string bytes;
    for (size_t i = 0; i < line.size(); ++i) {
      const bool pair = form == Listing::xxd;
      if (!pair || i % 2 == 0) bytes += ' ';
      if (form == Listing::hexdump && i == 8) bytes += ' ';
      bytes += hex_digits(line[i], form == Listing::format_hex);
    }
    switch (form) {
      case Listing::hexdump:
        out += fmt::format("{:08x} {:<49}  |{}|\n", at, bytes, printable(line));
        break;
      case Listing::xxd:
        out += fmt::format("{:08x}:{:<40}  {}\n", at, bytes, printable(line));
        break;
      case Listing::xxd_single:
        out += fmt::format("{:08x}:{:<48}  {}\n", at, bytes, printable(line));
        break;
      case Listing::od:
        out += fmt::format("{:07o}{}\n", at, bytes);
        break;
      case Listing::od_plain:
        out += bytes + "\n";
        break;
      case Listing::format_hex:
        out += fmt::format("{:08X}  {:<48}  {}\r\n", at, bytes, printable(line));
        break;
    }
  }
  if (form == Listing::hexdump) out += fmt::format("{:08x}\n", text.size());
  if (form == Listing::od) out += fmt::format("{:07o}\n", text.size());
  return out;
}

void add_hex(Rows& rows) {
  for (const bool upper : {false, true}) {
    const std::string name = upper ? "/upper" : "/lower";
    const std::tuple<const char*, const char*, const char*> forms[] = {
        {"hex/in a row", "", ""},    {"hex/blanks", "", " "},     {"hex/colons", "", ":"},
        {"hex/hyphens", "", "-"},    {"hex/commas", "", ","},     {"hex/0x", "0x", ", "},
        {"hex/0x tight", "0x", ","}, {"hex/0x blanks", "0x", " "}};
    for (const auto& [form, before, between] : forms) {
      add(rows, form + name, {Undone::hex},
          [upper, before = std::string(before),
           between = std::string(between)](const Hidden& hidden) {
            return hidden.earlier() + "body = " +
                   hex_text(hidden.head() + hidden.key() + hidden.tail(), upper, before, between) +
                   hidden.later();
          });
    }
    add(rows, "hex/C array" + name, {Undone::hex}, [upper](const Hidden& hidden) {
      std::string out = "static const unsigned char kBody[] = {\n";
      for (size_t at = 0; at < hidden.text.size(); at += 12) {
        out += "    " + hex_text(hidden.text.substr(at, 12), upper, "0x", ", ") + ",\n";
      }
      return out + "};\n";
    });
    add(rows, "hex/plain dump" + name, {Undone::hex}, [upper](const Hidden& hidden) {
      return wrapped(hex_text(hidden.text, upper, "", ""), 60, "\n") + "\n";
    });
    add(rows, "hex/the key alone" + name, {Undone::hex}, [upper](const Hidden& hidden) {
      return hidden.before() + hex_text(hidden.key(), upper, "", "") + hidden.after();
    });
  }
  const std::pair<const char*, Listing> listings[] = {
      {"hexdump", Listing::hexdump},    {"xxd", Listing::xxd},
      {"xxd -g1", Listing::xxd_single}, {"od", Listing::od},
      {"od -An", Listing::od_plain},    {"Format-Hex", Listing::format_hex}};
  for (const auto& [tool, form] : listings) {
    // Each place of the signature in a line of 16 bytes.
    for (const size_t shift : {0, 1, 2, 3, 5, 8, 13}) {
      add(rows, std::string("hex/") + tool + "/shift " + std::to_string(shift), {Undone::hex},
          [form = form, shift](const Hidden& hidden) {
            const size_t signature = (hidden.begin + hidden.signature()) % 16;
            const std::string filler((16 + 14 + shift - signature) % 16, 'x');
            return listing(filler + hidden.text, form);
          });
    }
  }
  add(rows, "decimal bytes/array", {Undone::decimal_bytes}, [](const Hidden& hidden) {
    return "{\"type\":\"Buffer\",\"data\":[" + decimal_text(hidden.text, ",") + "]}\n";
  });
  add(rows, "decimal bytes/with blanks", {Undone::decimal_bytes},
      [](const Hidden& hidden) { return "[" + decimal_text(hidden.text, ", ") + "]\n"; });
  add(rows, "decimal bytes/blanks only", {Undone::decimal_bytes},
      [](const Hidden& hidden) { return "body: [" + decimal_text(hidden.text, " ") + "]\n"; });
  add(rows, "decimal bytes/lines", {Undone::decimal_bytes}, [](const Hidden& hidden) {
    return "[\n    " + decimal_text(hidden.text, ",\n    ") + "\n]\n";
  });
}

}  // namespace

void add_encodings(Rows& rows) {
  add_wide(rows);
  add_base64_alignments(rows);
  add_base64_wraps(rows);
  add_base64_uses(rows);
  add_hex(rows);
}

}  // namespace assay::disguise

// Values that were broken by layout: wraps, literals, terminals, pages, records.
#include <fmt/format.h>

#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "tests/support/disguise_rows.h"

namespace assay::disguise {

namespace {

// Pieces of the key with `by` between them, in place.
Make between_pieces(std::string by, size_t most = 4, size_t place = 0) {
  return [=](const Hidden& hidden) {
    const size_t cut = place == 0 ? 0 : hidden.signature() + place - 1;
    return hidden.before() + joined(pieces(hidden, most, cut), by) + hidden.after();
  };
}

// Each piece on a line of its own; what `begin` makes for line n comes before it.
Make on_lines(std::function<std::string(size_t line)> begin, std::string line_break = "\n") {
  return [=](const Hidden& hidden) {
    const std::vector<std::string> parts = pieces(hidden, 4);
    std::string out = hidden.earlier();
    for (size_t i = 0; i < parts.size(); ++i) {
      out += begin(i);
      if (i == 0) out += hidden.head();
      out += parts[i];
      if (i + 1 < parts.size()) out += line_break;
    }
    return out + hidden.tail() + line_break + begin(parts.size()) + "done\n";
  };
}

void add_wraps(Rows& rows) {
  const std::pair<const char*, const char*> breaks[] = {
      {"lf", "\n"},
      {"crlf", "\r\n"},
      {"indent", "\n        "},
      {"tab", "\r\n\t"},
      {"mail quotes", "\n> > "},
      {"tight mail quotes", "\r\n>>"},
      {"backslash", "\\\n"},
      {"backslash and indent", " \\\n    "},
      {"back tick", "`\r\n    "},
      {"trailing blanks", "   \n"},
      {"empty line", "\n\n"},
      {"table", " |\n| "},
      {"comment", "\n// "},
      {"shell comment", "\n#   "},
      {"block comment", "\n * "},
      {"line separator", "\xE2\x80\xA8"},
  };
  for (const auto& [name, by] : breaks) {
    add(rows, std::string("wrap/") + name, {Undone::line_wrap}, between_pieces(by));
    for (size_t place = 1; place <= 5; ++place) {
      add(rows,
          std::string("wrap/") + name + "/at digit " + std::to_string(place - 1) +
              " of the signature",
          {Undone::line_wrap}, between_pieces(by, 2, place));
    }
  }
  add(rows, "wrap/each digit", {Undone::line_wrap}, [](const Hidden& hidden) {
    return hidden.before() + wrapped(hidden.key(), 1, "\n") + hidden.after();
  });
  add(rows, "wrap/yaml fold", {Undone::line_wrap}, [](const Hidden& hidden) {
    return "env:\n  - name: URL\n    value: >-\n      " + hidden.head() +
           joined(pieces(hidden, 3), "\n      ") + hidden.tail() + "\n  - name: NEXT\n";
  });
  add(rows, "wrap/yaml double quotes", {Undone::line_wrap}, [](const Hidden& hidden) {
    return "url: \"" + hidden.head() + joined(pieces(hidden, 3), "\\\n  ") + hidden.tail() + "\"\n";
  });
  for (const size_t width : {72, 80, 132}) {
    add(rows, "wrap/terminal of " + std::to_string(width), {Undone::line_wrap},
        [=](const Hidden& hidden) {
          return broken(hidden, [&](const Hidden& filled) {
            return filled.earlier() +
                   wrapped(filled.head() + filled.key() + filled.tail(), width, "\n") +
                   filled.later();
          });
        });
  }
}

void add_literals(Rows& rows) {
  const std::pair<const char*, const char*> joints[] = {
      {"plus", "\" + \""},
      {"plus at the end", "\" +\n        \""},
      {"plus at the begin", "\"\r\n        + \""},
      {"dot", "' . '"},
      {"dot on lines", "'\n    . '"},
      {"ampersand", "\" & _\r\n        \""},
      {"comma", "\", \""},
      {"array of lines", "\",\n    \""},
      {"single quotes", "',\n    '"},
      {"adjacent", "\" \""},
      {"adjacent lines", "\"\n        \""},
      {"macro", "\" \\\n        \""},
      {"append", "\").append(\""},
      {"statements", "\";\n    url += \""},
      {"format strings", "\"\n    f\""},
  };
  for (const auto& [name, by] : joints) {
    const std::string quote(by[0] == '\'' ? "'" : "\"");
    for (size_t place = 0; place <= 3; ++place) {
      const std::string where =
          place == 0 ? "" : "/at digit " + std::to_string(place) + " of the signature";
      add(rows, std::string("literals/") + name + where, {Undone::concatenation},
          [=, by = std::string(by)](const Hidden& hidden) {
            const size_t cut = place == 0 ? 0 : hidden.signature() + place;
            return "    url = (" + quote + hidden.head() + joined(pieces(hidden, 4, cut), by) +
                   hidden.tail() + quote + ");\n";
          });
    }
  }
  add(rows, "literals/notebook", {Undone::json_escape, Undone::concatenation},
      [](const Hidden& hidden) {
        return "   \"source\": [\n    \"" + hidden.head() +
               joined(pieces(hidden, 3), "\\n\",\n    \"") + hidden.tail() + "\"\n   ]\n";
      });
  add(rows, "literals/added by a diff", {Undone::concatenation}, [](const Hidden& hidden) {
    return "@@ -1,2 +1,5 @@\n+    url = (\"" + hidden.head() +
           joined(pieces(hidden, 3), "\"\n+           \"") + hidden.tail() + "\")\n";
  });
  add(rows, "literals/strings of a page", {Undone::concatenation}, [](const Hidden& hidden) {
    return "BT /F1 10 Tf 72 700 Td [(" + hidden.head() + joined(pieces(hidden, 5), ")-20(") +
           hidden.tail() + ")] TJ ET\n";
  });
  add(rows, "literals/lines of a page", {Undone::concatenation}, [](const Hidden& hidden) {
    return "BT /F1 10 Tf 72 700 Td (" + hidden.head() + joined(pieces(hidden, 3), ") Tj\nT* (") +
           hidden.tail() + ") Tj ET\n";
  });
}

void add_marks(Rows& rows) {
  const std::tuple<const char*, const char*, Undone> marks[] = {
      {"ansi/colour", "\x1b[31m", Undone::ansi},
      {"ansi/grep", "\x1b[m\x1b[K\x1b[01;31m\x1b[K", Undone::ansi},
      {"ansi/24 bit", "\x1b[38;2;255;100;0m", Undone::ansi},
      {"ansi/character set", "\x1b(B\x1b[m", Undone::ansi},
      {"ansi/link", "\x1b]8;;\x1b\\", Undone::ansi},
      {"ansi/caret", "^[[31m", Undone::ansi},
      {"ansi/escape lost", "[0m", Undone::ansi},
      {"invisible/zero-width space", "\xE2\x80\x8B", Undone::invisible},
      {"invisible/zero-width non-joiner", "\xE2\x80\x8C", Undone::invisible},
      {"invisible/zero-width joiner", "\xE2\x80\x8D", Undone::invisible},
      {"invisible/word joiner", "\xE2\x81\xA0", Undone::invisible},
      {"invisible/soft hyphen", "\xC2\xAD", Undone::invisible},
      {"invisible/soft hyphen in Latin-1", "\xAD", Undone::invisible},
      {"invisible/byte order mark", "\xEF\xBB\xBF", Undone::invisible},
      {"invisible/direction", "\xE2\x80\x8E", Undone::invisible},
      {"invisible/non-breaking space", "\xC2\xA0", Undone::invisible},
      {"invisible/narrow space", "\xE2\x80\xAF", Undone::invisible},
      {"tag/wbr", "<wbr>", Undone::html_tag},
      {"tag/closed wbr", "<wbr />", Undone::html_tag},
      {"tag/br", "<br/>\n", Undone::html_tag},
      {"tag/highlight", "</span><span class=\"hl\">", Undone::html_tag},
      {"tag/mark", "</mark><b data-line='12'>", Undone::html_tag},
      {"tag/cells", "</td></tr>\n<tr><td>", Undone::html_tag},
  };
  for (const auto& [name, mark, undone] : marks) {
    add(rows, std::string(name) + "/inside", {undone}, between_pieces(mark));
    for (size_t place = 1; place <= 5; ++place) {
      add(rows, std::string(name) + "/at digit " + std::to_string(place - 1) + " of the signature",
          {undone}, between_pieces(mark, 2, place));
    }
    add(rows, std::string(name) + "/at each digit", {undone},
        [mark = std::string(mark)](const Hidden& hidden) {
          return hidden.before() + wrapped(hidden.key(), 1, mark) + hidden.after();
        });
    add(rows, std::string(name) + "/around", {}, [mark = std::string(mark)](const Hidden& hidden) {
      return hidden.before() + mark + hidden.key() + mark + hidden.after();
    });
  }
  add(rows, "ansi/around a wrap", {Undone::line_wrap}, between_pieces("\x1b[0m\r\n\x1b[36m"));
}

void add_prefixes(Rows& rows) {
  const std::pair<const char*, std::function<std::string(size_t)>> prefixes[] = {
      {"time and level",
       [](size_t i) {
         return fmt::format("2025-11-02T08:00:{:02}.{}Z INFO  [main] app: ", i + 8, 123 + i);
       }},
      {"syslog",
       [](size_t i) {
         return fmt::format("Nov 02 08:14:{:02} node-47 app[{}]: ", i + 17, 998 + i);
       }},
      {"time in brackets", [](size_t i) { return fmt::format("[12:01:{:02}] ", i + 20); }},
      {"compose", [](size_t) { return std::string("pod-abc-123  | "); }},
      {"kubectl", [](size_t) { return std::string("[pod/orders-7d9f/app] "); }},
      {"diff", [](size_t) { return std::string("+"); }},
      {"removed by a diff", [](size_t) { return std::string("-"); }},
      {"indented diff", [](size_t) { return std::string("+        "); }},
      {"line numbers", [](size_t i) { return fmt::format("{}:", i + 8); }},
      {"line numbers of a match", [](size_t i) { return fmt::format("src/app.env:{}:", i + 98); }},
      {"aligned line numbers", [](size_t i) { return fmt::format("{:6}\t", i + 8); }},
      {"quoted code", [](size_t i) { return fmt::format("{:4} |   ", i + 9); }},
      {"unix time",
       [](size_t i) { return fmt::format("{}.{:03} stderr ", 1762070400 + i, i * 331); }},
      {"pipeline", [](size_t i) { return fmt::format("2025-11-02T08:00:00.{:07}Z ", i * 999); }},
      {"actions",
       [](size_t i) {
         return fmt::format("build\tRun tests\t2025-11-02T08:00:00.{:07}Z ", i * 7);
       }},
  };
  for (const auto& [name, begin] : prefixes) {
    add(rows, std::string("prefix/") + name, {Undone::log_prefix}, on_lines(begin));
    add(rows, std::string("prefix/") + name + "/crlf", {Undone::log_prefix},
        on_lines(begin, "\r\n"));
  }
}

std::string docker(const std::vector<std::string>& logs) {
  std::string out;
  for (size_t i = 0; i < logs.size(); ++i) {
    out += fmt::format(
        "{{\"log\":\"{}\",\"stream\":\"stdout\",\"time\":\"2025-11-02T08:00:00.{:09}Z\"}}\n",
        logs[i], 123456789 + i);
  }
  return out;
}

void add_records(Rows& rows) {
  add(rows, "record/docker", {Undone::log_record}, [](const Hidden& hidden) {
    std::vector<std::string> logs = pieces(hidden, 3);
    logs.front().insert(0, json_text(hidden.head()));
    logs.back() += json_text(hidden.tail()) + "\\n";
    return docker(logs);
  });
  for (size_t place = 0; place <= 4; ++place) {
    add(rows, fmt::format("record/docker at 16 KiB/digit {} of the signature", place),
        {Undone::log_record}, [=](const Hidden& hidden) {
          const std::vector<std::string> parts = pieces(hidden, 2, hidden.signature() + place);
          std::string first = hidden.head() + parts[0];
          std::string filler;
          while (filler.size() + first.size() < 16384) filler += filler.size() % 9 == 8 ? ' ' : 'x';
          return docker({json_text(filler + first), parts[1] + json_text(hidden.tail()) + "\\n"});
        });
  }
  const auto cri = [](size_t i, const char* tag) {
    return fmt::format("2025-11-02T08:00:00.{:09}Z stdout {} ", 123456789 + i, tag);
  };
  add(rows, "record/cri", {Undone::log_record}, [=](const Hidden& hidden) {
    const std::vector<std::string> parts = pieces(hidden, 4);
    std::string out = cri(0, "P") + hidden.head();
    for (size_t i = 0; i < parts.size(); ++i) {
      if (i > 0) out += "\n" + cri(i, i + 1 == parts.size() ? "F" : "P");
      out += parts[i];
    }
    return out + hidden.tail() + "\n" + cri(9, "F") + "done\n";
  });
  for (size_t place = 0; place <= 4; ++place) {
    add(rows, fmt::format("record/cri/digit {} of the signature", place), {Undone::log_record},
        [=](const Hidden& hidden) {
          const std::vector<std::string> parts = pieces(hidden, 2, hidden.signature() + place);
          return cri(0, "P") + hidden.head() + parts[0] + "\n" + cri(1, "F") + parts[1] +
                 hidden.tail() + "\n";
        });
  }
  add(rows, "record/asciicast typed", {Undone::log_record}, [](const Hidden& hidden) {
    std::string out = "{\"version\": 2, \"width\": 80, \"height\": 24}\n";
    double time = 1.25;
    for (const char c : hidden.head() + hidden.key() + hidden.tail()) {
      out += fmt::format("[{:.6f}, \"o\", \"{}\"]\n", time += 0.1 + 0.001 * (c % 7),
                         json_text(std::string(1, c)));
    }
    return out + "[99.5, \"o\", \"\\r\\n\"]\n";
  });
  add(rows, "record/asciicast in pieces", {Undone::log_record}, [](const Hidden& hidden) {
    std::vector<std::string> events = pieces(hidden, 6);
    events.front().insert(0, json_text(hidden.head()));
    events.back() += json_text(hidden.tail());
    std::string out = "{\"version\": 2, \"width\": 80, \"height\": 24}\n";
    for (size_t i = 0; i < events.size(); ++i) {
      out += fmt::format("[{}.25, \"o\", \"{}\"]\n", i + 1, events[i]);
    }
    return out;
  });
  add(rows, "record/document nodes", {Undone::log_record}, [](const Hidden& hidden) {
    const std::string by = "\",\"marks\":[{\"type\":\"strong\"}]},{\"type\":\"text\",\"text\":\"";
    return "{\"type\":\"paragraph\",\"content\":[{\"type\":\"text\",\"text\":\"" +
           json_text(hidden.head()) + joined(pieces(hidden, 4), by) + json_text(hidden.tail()) +
           "\"}]}\n";
  });
  add(rows, "record/json lines", {Undone::log_record}, [](const Hidden& hidden) {
    const std::string by = "\",\"level\":\"info\"}\n{\"time\":\"2025-11-02T08:00:01Z\",\"msg\":\"";
    return "{\"time\":\"2025-11-02T08:00:00Z\",\"msg\":\"" + json_text(hidden.head()) +
           joined(pieces(hidden, 3), by) + json_text(hidden.tail()) + "\",\"level\":\"info\"}\n";
  });
}

}  // namespace

void add_layouts(Rows& rows) {
  add_wraps(rows);
  add_literals(rows);
  add_marks(rows);
  add_prefixes(rows);
  add_records(rows);
}

}  // namespace assay::disguise

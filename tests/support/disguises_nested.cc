// Disguises within disguises, two and three deep, as they come from one tool into another.
#include <string>

#include "tests/support/disguise_rows.h"

namespace assay::disguise {

namespace {

std::string line(const Hidden& hidden) { return hidden.head() + hidden.key() + hidden.tail(); }

// Of the digits that `text` has, some percent-encoded.
std::string some_percent(const Hidden& hidden, std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool chosen = hidden.random.below(4) == 0 || c == '=' || c == '+' || c == '/';
    out += chosen ? "%" + hex_digits(c, true) : std::string(1, c);
  }
  return out;
}

std::string html_all(std::string_view text) {
  std::string out;
  for (const char c : text) out += "&#x" + hex_digits(c, true) + ";";
  return out;
}

std::string hex_row(std::string_view text) {
  std::string out;
  for (const char c : text) out += hex_digits(c, false);
  return out;
}

void add_pairs(Rows& rows) {
  add(rows, "nested/percent of base64", {Undone::percent, Undone::base64},
      [](const Hidden& hidden) {
        return "POST /collect?d=" + some_percent(hidden, base64_text(line(hidden))) + "&v=2\n";
      });
  add(rows, "nested/base64 of percent", {Undone::base64, Undone::percent},
      [](const Hidden& hidden) {
        return "state=" + base64_text("https://a.example.org/?next=" + percent_text(line(hidden))) +
               "\n";
      });
  add(rows, "nested/base64 of percent of all", {Undone::base64, Undone::percent},
      [](const Hidden& hidden) {
        return "state=" + base64_text(hidden.head() + percent_all(hidden.key()) + hidden.tail()) +
               "\n";
      });
  for (const size_t width : {64, 76}) {
    add(rows, "nested/base64 in JSON, wrapped at " + std::to_string(width), {Undone::base64},
        [=](const Hidden& hidden) {
          std::string value = wrapped(base64_text(hidden.text), width, "\n");
          value = replaced(json_text(value), "/", "\\/");
          return "{\"content\":\"" + value + "\\n\",\"encoding\":\"base64\"}\n";
        });
  }
  add(rows, "nested/base64 in JSON of Go", {Undone::json_escape, Undone::base64},
      [](const Hidden& hidden) {
        return "{\"key\":\"" +
               replaced(wrapped(base64_text(hidden.key()), 10, "\\n"), "=", "\\u003d") + "\"}\n";
      });
  add(rows, "nested/entities in JSON", {Undone::json_escape, Undone::html_entity},
      [](const Hidden& hidden) {
        return "{\"html\":\"" +
               json_text(hidden.head() + html_all(hidden.key()) + hidden.tail(), true) + "\"}\n";
      });
  add(rows, "nested/entities of the padding in JSON", {Undone::json_escape, Undone::html_entity},
      [](const Hidden& hidden) {
        const std::string key = replaced(hidden.key(), "=", "&#x3D;");
        return "{\"html\":\"" + json_text(hidden.head() + key + hidden.tail(), true) + "\"}\n";
      });
  add(rows, "nested/percent in entities", {Undone::html_entity, Undone::percent},
      [](const Hidden& hidden) {
        return "<a href=\"" + hidden.head() + replaced(percent_all(hidden.key()), "%", "&#37;") +
               "\">x</a>\n";
      });
  add(rows, "nested/json in percent", {Undone::percent, Undone::json_escape},
      [](const Hidden& hidden) {
        const std::string key =
            escaped(hidden, Which::some, [](char c) { return "\\u00" + hex_digits(c, false); });
        return "GET /log?entry=" +
               percent_text("{\"url\":\"" + json_text(hidden.head()) + key + "\"}") + " HTTP/1.1\n";
      });
  add(rows, "nested/UTF-16 of percent", {Undone::utf16le, Undone::percent},
      [](const Hidden& hidden) {
        return "\xFF\xFE" + wide_text(hidden.before() + percent_all(hidden.key()) + hidden.after(),
                                      Wide::utf16le);
      });
  add(rows, "nested/UTF-16 of JSON", {Undone::utf16be, Undone::json_escape},
      [](const Hidden& hidden) {
        const std::string key =
            escaped(hidden, Which::padding, [](char c) { return "\\u00" + hex_digits(c, false); });
        return wide_text("{\"url\":\"" + json_text(hidden.head()) + key + "\"}\r\n", Wide::utf16be);
      });
  add(rows, "nested/UTF-16 of base64", {Undone::utf16le, Undone::base64}, [](const Hidden& hidden) {
    return "\xFF\xFE" + wide_text("token " + base64_text(hidden.text) + "\r\n", Wide::utf16le);
  });
  add(rows, "nested/UTF-16, wrapped", {Undone::utf16le, Undone::line_wrap},
      [](const Hidden& hidden) {
        const std::string key = joined(pieces(hidden, 3), "\r\n  ");
        return "\xFF\xFE" + wide_text(hidden.before() + key + hidden.after(), Wide::utf16le);
      });
  add(rows, "nested/base64 in quoted-printable", {Undone::quoted_printable, Undone::base64},
      [](const Hidden& hidden) {
        // Each line is whole groups, so that soft breaks stand within the value as well.
        return "Content-Transfer-Encoding: quoted-printable\r\n\r\n" +
               quoted_printable("token: " + base64_text(hidden.key()) + ".", "\r\n") + "\r\n";
      });
  add(rows, "nested/hex of UTF-16", {Undone::hex, Undone::utf16le}, [](const Hidden& hidden) {
    return "0x" + hex_row(wide_text(line(hidden), Wide::utf16le)) + "\n";
  });
  add(rows, "nested/hex of base64", {Undone::hex, Undone::base64},
      [](const Hidden& hidden) { return "data=" + hex_row(base64_text(line(hidden))) + "\n"; });
  add(rows, "nested/base64 of hex", {Undone::base64, Undone::hex}, [](const Hidden& hidden) {
    return "data=" + base64_text("hex " + hex_row(line(hidden)) + "\n") + "\n";
  });
  add(rows, "nested/base64 of a wrap", {Undone::base64, Undone::line_wrap},
      [](const Hidden& hidden) {
        const std::string key = joined(pieces(hidden, 3), "\n    ");
        return "blob: " + base64_text(hidden.before() + key + hidden.after()) + "\n";
      });
  add(rows, "nested/base64 of literals", {Undone::base64, Undone::concatenation},
      [](const Hidden& hidden) {
        const std::string key = joined(pieces(hidden, 3), "\" +\n  \"");
        return "blob: " + base64_text("url = \"" + hidden.head() + key + "\";\n") + "\n";
      });
}

void add_layers_of_layout(Rows& rows) {
  add(rows, "nested/wrap in JSON", {Undone::json_escape, Undone::line_wrap},
      [](const Hidden& hidden) {
        const std::string key = joined(pieces(hidden, 4), "\n  ");
        return "{\"body\":\"" + json_text(hidden.before() + key + hidden.after()) + "\"}\n";
      });
  add(rows, "nested/mail quotes in JSON", {Undone::json_escape, Undone::line_wrap},
      [](const Hidden& hidden) {
        const std::string key = joined(pieces(hidden, 4), "\r\n> > ");
        return "{\"body\":\"" + json_text(hidden.before() + key + hidden.after(), true) + "\"}\n";
      });
  add(rows, "nested/literals in JSON", {Undone::json_escape, Undone::concatenation},
      [](const Hidden& hidden) {
        const std::string key = joined(pieces(hidden, 4), "\" +\n    \"");
        return "{\"patch\":\"" + json_text("+ url = \"" + hidden.head() + key + "\";\n") + "\"}\n";
      });
  add(rows, "nested/colours in JSON", {Undone::json_escape, Undone::ansi},
      [](const Hidden& hidden) {
        const std::string key = joined(pieces(hidden, 4), "\x1b[0m\x1b[31m");
        return "{\"log\":\"" + json_text(hidden.before() + key + hidden.after()) + "\"}\n";
      });
  add(rows, "nested/tags in JSON", {Undone::json_escape, Undone::html_tag},
      [](const Hidden& hidden) {
        const std::string key = joined(pieces(hidden, 4), "</span><span class=\"hl\">");
        return "{\"html\":\"" + json_text(hidden.before() + key + hidden.after(), true) + "\"}\n";
      });
  add(rows, "nested/zero-width in JSON", {Undone::json_escape, Undone::invisible},
      [](const Hidden& hidden) {
        const std::string key = joined(pieces(hidden, 4), "\\u200b");
        return "{\"text\":\"" + json_text(hidden.head()) + key + json_text(hidden.tail()) + "\"}\n";
      });
  add(rows, "nested/tags as entities", {Undone::html_entity, Undone::html_tag},
      [](const Hidden& hidden) {
        return "<description>" + hidden.head() + joined(pieces(hidden, 4), "&lt;/b&gt;&lt;b&gt;") +
               hidden.tail() + "</description>\n";
      });
  add(rows, "nested/soft hyphen as entity", {Undone::html_entity, Undone::invisible},
      [](const Hidden& hidden) {
        return "<p>" + hidden.head() + joined(pieces(hidden, 4), "&#173;") + hidden.tail() +
               "</p>\n";
      });
  add(rows, "nested/wrap of percent", {Undone::line_wrap, Undone::percent},
      [](const Hidden& hidden) {
        // Every second break is within an escape.
        return hidden.before() + wrapped(percent_all(hidden.key()), 37, "\n  ") + hidden.after();
      });
  add(rows, "nested/wrap of hex", {Undone::hex}, [](const Hidden& hidden) {
    return hidden.earlier() + "  " + wrapped(hex_row(line(hidden)), 64, "\n  ") + hidden.later();
  });
  add(rows, "nested/soft breaks and entities", {Undone::quoted_printable, Undone::html_entity},
      [](const Hidden& hidden) {
        return "Content-Transfer-Encoding: quoted-printable\r\n\r\n" +
               quoted_printable("<p>" + hidden.head() + html_all(hidden.key()) + "</p>", "\r\n") +
               "\r\n";
      });
}

void add_encoded_words(Rows& rows) {
  add(rows, "nested/encoded words", {Undone::line_wrap, Undone::quoted_printable},
      [](const Hidden& hidden) {
        std::string key = joined(pieces(hidden, 3), "\n");
        key = replaced(replaced(key, "=", "=3D"), "_", "=5F");
        return "Subject: =?utf-8?Q?" + replaced(key, "\n", "?=\r\n =?utf-8?Q?") +
               "?=\r\nTo: ops@example.org\r\n";
      });
  add(rows, "nested/encoded words in base64", {Undone::line_wrap, Undone::base64},
      [](const Hidden& hidden) {
        // 45 digits fit a word; whole groups, as mailers cut them.
        return "Subject: =?utf-8?B?" + wrapped(base64_text(hidden.key()), 44, "?=\r\n =?utf-8?B?") +
               "?=\r\nTo: ops@example.org\r\n";
      });
}

void add_triples(Rows& rows) {
  add(rows, "nested/percent of base64 of UTF-16",
      {Undone::percent, Undone::base64, Undone::utf16le}, [](const Hidden& hidden) {
        return "cmd=powershell+-enc+" +
               some_percent(hidden, base64_text(wide_text(line(hidden), Wide::utf16le))) + "\n";
      });
  add(rows, "nested/base64 of JSON of entities",
      {Undone::base64, Undone::json_escape, Undone::html_entity}, [](const Hidden& hidden) {
        return "payload: " +
               base64_text("{\"html\":\"" +
                           json_text(hidden.head() + html_all(hidden.key()), true) + "\"}") +
               "\n";
      });
  add(rows, "nested/JSON of base64 of percent",
      {Undone::json_escape, Undone::base64, Undone::percent}, [](const Hidden& hidden) {
        const std::string inner = base64_text(hidden.head() + percent_all(hidden.key()));
        return "{\"content\":\"" + json_text(wrapped(inner, 60, "\n")) + "\"}\n";
      });
  add(rows, "nested/UTF-16 of JSON of percent",
      {Undone::utf16le, Undone::json_escape, Undone::percent}, [](const Hidden& hidden) {
        const std::string key = replaced(percent_all(hidden.key()), "%", "\\u0025");
        return "\xFF\xFE" +
               wide_text("{\"url\":\"" + json_text(hidden.head()) + key + "\"}\r\n", Wide::utf16le);
      });
  add(rows, "nested/hex of base64 of UTF-16", {Undone::hex, Undone::base64, Undone::utf16le},
      [](const Hidden& hidden) {
        return "data=" + hex_row(base64_text(wide_text(line(hidden), Wide::utf16le))) + "\n";
      });
  add(rows, "nested/base64 of base64 of percent", {Undone::base64, Undone::base64, Undone::percent},
      [](const Hidden& hidden) {
        return "v=" + base64_text("v=" + base64_text(percent_all(hidden.key()) + ";") + ";") + "\n";
      });
  add(rows, "nested/wrap in JSON in JSON",
      {Undone::json_escape, Undone::json_escape, Undone::line_wrap}, [](const Hidden& hidden) {
        const std::string key = joined(pieces(hidden, 4), "\n  ");
        const std::string inner = "{\"text\":\"" + json_text(hidden.head() + key) + "\"}";
        return "{\"body\":\"" + json_text(inner) + "\"}\n";
      });
}

}  // namespace

void add_nested(Rows& rows) {
  add_pairs(rows);
  add_layers_of_layout(rows);
  add_encoded_words(rows);
  add_triples(rows);
}

}  // namespace assay::disguise

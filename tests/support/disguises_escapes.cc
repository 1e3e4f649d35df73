// Escapes of URLs, JSON, C, HTML and mail, and quotes of shells and CSV.
#include <string>
#include <utility>

#include "tests/support/disguise_rows.h"

namespace assay::disguise {

namespace {

constexpr Which kWhich[] = {Which::all, Which::some, Which::signature, Which::padding};

std::string with_key(const Hidden& hidden, const std::string& key) {
  return hidden.before() + key + hidden.after();
}

// The key's line as a JSON document in its place, with `key` for the key.
std::string in_json(const Hidden& hidden, const std::string& key) {
  return hidden.earlier() + "{\"level\":\"info\",\"msg\":\"" + json_text(hidden.head()) + key +
         json_text(hidden.tail()) + "\",\"retry\":0}" + hidden.later();
}

std::string in_html(const Hidden& hidden, const std::string& key) {
  const auto html = [](std::string text) {
    return replaced(replaced(std::move(text), "&", "&amp;"), "<", "&lt;");
  };
  return "<pre>" + html(hidden.before()) + key + html(hidden.after()) + "</pre>\n";
}

void add_percent(Rows& rows) {
  for (const Which which : kWhich) {
    for (const bool upper : {false, true}) {
      const std::string name =
          std::string("/") + std::string(to_string(which)) + (upper ? "/upper" : "/lower");
      const auto layers = [which, upper](size_t count) {
        return [which, upper, count](const Hidden& hidden) {
          return with_key(hidden, escaped(hidden, which, [&](char c) {
                            std::string out = "%" + hex_digits(c, upper);
                            for (size_t i = 1; i < count; ++i) out = replaced(out, "%", "%25");
                            return out;
                          }));
        };
      };
      add(rows, "percent" + name, {Undone::percent}, layers(1));
      add(rows, "percent twice" + name, {Undone::percent, Undone::percent}, layers(2));
      add(rows, "percent three times" + name, {Undone::percent, Undone::percent, Undone::percent},
          layers(3));
    }
  }
  add(rows, "percent/in a query", {Undone::percent}, [](const Hidden& hidden) {
    return "GET /login?next=" + percent_text(hidden.before() + hidden.key() + hidden.after()) +
           "&lang=en HTTP/1.1\n";
  });
  add(rows, "percent/in a query of a query", {Undone::percent, Undone::percent},
      [](const Hidden& hidden) {
        return "GET /login?next=" +
               percent_text("https://a.example.org/?to=" + percent_text(hidden.text)) +
               " HTTP/1.1\n";
      });
}

void add_backslashes(Rows& rows) {
  for (const Which which : kWhich) {
    const std::string name = "/" + std::string(to_string(which));
    for (const bool upper : {false, true}) {
      const std::string letters = upper ? "/upper" : "/lower";
      add(rows, "json" + name + letters, {Undone::json_escape}, [=](const Hidden& hidden) {
        return in_json(
            hidden, escaped(hidden, which, [&](char c) { return "\\u00" + hex_digits(c, upper); }));
      });
      add(rows, "json in json" + name + letters, {Undone::json_escape, Undone::json_escape},
          [=](const Hidden& hidden) {
            return in_json(hidden, escaped(hidden, which, [&](char c) {
                             return "\\\\u00" + hex_digits(c, upper);
                           }));
          });
      add(rows, "hex escape" + name + letters, {Undone::hex_escape}, [=](const Hidden& hidden) {
        return with_key(
            hidden, escaped(hidden, which, [&](char c) { return "\\x" + hex_digits(c, upper); }));
      });
    }
    add(rows, "octal" + name, {Undone::octal_escape}, [=](const Hidden& hidden) {
      return with_key(hidden, escaped(hidden, which, [](char c) {
                        std::string digits = "\\";
                        for (int shift = 6; shift >= 0; shift -= 3) {
                          digits += static_cast<char>('0' + (c >> shift & 7));
                        }
                        return digits;
                      }));
    });
  }
  add(rows, "json/document in a string", {Undone::json_escape, Undone::json_escape},
      [](const Hidden& hidden) {
        const std::string inner = "{\"text\":\"" + json_text(hidden.text, true) + "\"}";
        return "{\"body\":\"" + json_text(inner) + "\",\"status\":200}\n";
      });
  add(rows, "json/document in a string in a string",
      {Undone::json_escape, Undone::json_escape, Undone::json_escape}, [](const Hidden& hidden) {
        const std::string inner = "{\"text\":\"" + json_text(hidden.text, true) + "\"}";
        const std::string middle = "{\"event\":\"" + json_text(inner) + "\"}";
        return "{\"body\":\"" + json_text(middle) + "\",\"status\":200}\n";
      });
  add(rows, "json/quotes only", {}, [](const Hidden& hidden) {
    const std::string inner = "{\"text\":\"" + json_text(hidden.text) + "\"}";
    return "{\"body\":\"" + json_text(inner) + "\"}\n";
  });
}

void add_entities(Rows& rows) {
  const std::pair<const char*, std::function<std::string(char)>> forms[] = {
      {"decimal", [](char c) { return "&#" + std::to_string(int{c}) + ";"; }},
      {"zeros", [](char c) { return "&#0000" + std::to_string(int{c}) + ";"; }},
      {"hexadecimal", [](char c) { return "&#x" + hex_digits(c, false) + ";"; }},
      {"upper", [](char c) { return "&#X" + hex_digits(c, true) + ";"; }},
      {"hexadecimal zeros", [](char c) { return "&#x0000" + hex_digits(c, true) + ";"; }},
  };
  for (const auto& [form, escape] : forms) {
    for (const Which which : kWhich) {
      const std::string name = "/" + std::string(form) + "/" + std::string(to_string(which));
      add(rows, "html" + name, {Undone::html_entity},
          [which, escape = escape](const Hidden& hidden) {
            return in_html(hidden, escaped(hidden, which, escape));
          });
      add(rows, "html twice" + name, {Undone::html_entity, Undone::html_entity},
          [which, escape = escape](const Hidden& hidden) {
            return in_html(hidden, replaced(escaped(hidden, which, escape), "&", "&amp;"));
          });
    }
  }
  add(rows, "html/named", {Undone::html_entity}, [](const Hidden& hidden) {
    return in_html(hidden, replaced(replaced(hidden.key(), "=", "&equals;"), "_", "&lowbar;"));
  });
  add(rows, "html/named in the other alphabet", {Undone::html_entity}, [](const Hidden& hidden) {
    std::string key = replaced(replaced(hidden.key(), "=", "&equals;"), "_", "&sol;");
    return in_html(hidden, replaced(key, "-", "&plus;"));
  });
}

void add_mail(Rows& rows) {
  const std::string part =
      "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n"
      "\r\n";
  add(rows, "quoted-printable/padding", {Undone::quoted_printable},
      [](const Hidden& hidden) { return with_key(hidden, replaced(hidden.key(), "=", "=3D")); });
  for (const bool crlf : {false, true}) {
    const std::string line_break = crlf ? "\r\n" : "\n";
    add(rows, std::string("quoted-printable/soft breaks at 76") + (crlf ? "/crlf" : ""),
        {Undone::quoted_printable}, [=](const Hidden& hidden) {
          return broken(hidden, [&](const Hidden& filled) {
            return part + quoted_printable(filled.text, line_break) + line_break;
          });
        });
    for (size_t place = 0; place <= 4; ++place) {
      add(rows,
          "quoted-printable/soft break at digit " + std::to_string(place) + " of the signature" +
              (crlf ? "/crlf" : ""),
          {Undone::quoted_printable}, [=](const Hidden& hidden) {
            const std::string by = "=" + line_break;
            std::string key = joined(pieces(hidden, 2, hidden.signature() + place), "\n");
            key = replaced(replaced(key, "=", "=3D"), "\n", by);
            return part + replaced(hidden.before(), "=", "=3D") + key +
                   replaced(hidden.after(), "=", "=3D");
          });
    }
  }
  add(rows, "quoted-printable/all", {Undone::quoted_printable}, [=](const Hidden& hidden) {
    const std::string key =
        escaped(hidden, Which::all, [](char c) { return "=" + hex_digits(c, true); });
    return part + replaced(hidden.before(), "=", "=3D") + key +
           replaced(hidden.after(), "=", "=3D");
  });
  add(rows, "quoted-printable/all with soft breaks", {Undone::quoted_printable},
      [=](const Hidden& hidden) {
        const std::string key =
            escaped(hidden, Which::all, [](char c) { return "=" + hex_digits(c, true); });
        return part + hidden.earlier() + "=\r\n" + wrapped(key, 75, "=\r\n") + "=\r\n" +
               hidden.later();
      });
  add(rows, "quoted-printable/quoted mail", {Undone::quoted_printable}, [=](const Hidden& hidden) {
    const std::string text =
        broken(hidden, [&](const Hidden& filled) { return quoted_printable(filled.text, "\n"); });
    return part + "> " + replaced(text, "\n", "\n> ") + "\n";
  });
}

// Words of at most 75 characters in a header, where `_` is a blank.
void add_encoded_words(Rows& rows) {
  add(rows, "mail/encoded word", {Undone::quoted_printable}, [](const Hidden& hidden) {
    const std::string key = replaced(replaced(hidden.key(), "=", "=3D"), "_", "=5F");
    return "Subject: =?utf-8?Q?" + key + "?=\r\nTo: ops@example.org\r\n";
  });
  add(rows, "mail/encoded word in base64", {Undone::base64}, [](const Hidden& hidden) {
    return "Subject: =?utf-8?B?" + base64_text(hidden.key()) + "?=\r\nTo: ops@example.org\r\n";
  });
}

void add_quotes(Rows& rows) {
  add(rows, "shell/adjacent quotes", {Undone::concatenation}, [](const Hidden& hidden) {
    std::string key;
    const std::vector<std::string> parts = pieces(hidden, 5);
    for (size_t i = 0; i < parts.size(); ++i) {
      const std::string quote = i == 0 ? "" : i % 2 == 1 ? "\"" : "'";
      key += quote + parts[i] + quote;
    }
    return hidden.earlier() + "$ curl -s " + hidden.head() + key + hidden.later();
  });
  for (size_t place = 1; place <= 3; ++place) {
    add(rows, "shell/quotes at digit " + std::to_string(place) + " of the signature",
        {Undone::concatenation}, [=](const Hidden& hidden) {
          const auto parts = pieces(hidden, 2, hidden.signature() + place);
          return hidden.earlier() + "KEY='" + parts[0] + "'\"" + parts[1] + "\"" + hidden.later();
        });
  }
  add(rows, "shell/quotes around", {}, [](const Hidden& hidden) {
    return hidden.earlier() + "curl -s '" + hidden.head() + "'\"" + hidden.key() + "\"'" +
           hidden.tail() + "'" + hidden.later();
  });
  add(rows, "csv/doubled quotes around", {}, [](const Hidden& hidden) {
    return "id,body\n17,\"{\"\"url\"\": \"\"" + replaced(hidden.text, "\"", "\"\"") + "\"\"}\"\n";
  });
  add(rows, "other alphabet", {}, [](const Hidden& hidden) {
    return with_key(hidden, replaced(replaced(hidden.key(), "-", "+"), "_", "/"));
  });
  add(rows, "other alphabet/percent", {Undone::percent}, [](const Hidden& hidden) {
    return with_key(hidden, percent_text(replaced(replaced(hidden.key(), "-", "+"), "_", "/")));
  });
  add(rows, "other alphabet/json slashes", {Undone::json_escape}, [](const Hidden& hidden) {
    const std::string key = replaced(replaced(hidden.key(), "-", "+"), "_", "\\/");
    return in_json(hidden, replaced(key, "=", "\\u003d"));
  });
}

}  // namespace

void add_escapes(Rows& rows) {
  add_percent(rows);
  add_backslashes(rows);
  add_entities(rows);
  add_mail(rows);
  add_encoded_words(rows);
  add_quotes(rows);
}

}  // namespace assay::disguise

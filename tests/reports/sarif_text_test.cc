// Escaping for SARIF: see sarif_test.cc for what it does to whole logs.
#include "reports/sarif_text.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace assay {
namespace {

TEST(SarifText, PathsBecomeRelativeUris) {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"src/ping.py", "src/ping.py"},
      {"stdin", "stdin"},
      {"a b/[1]#x%20?.log", "a%20b/%5B1%5D%23x%2520%3F.log"},
      {"c:/x", "c%3A/x"},
      {"caf\xC3\xA9/\xFF\xFE", "caf%C3%A9/%FF%FE"},
      {"a\\b\n\x1b\x7f\"<>^`{|}", "a%5Cb%0A%1B%7F%22%3C%3E%5E%60%7B%7C%7D"},
      {"dist/app.zip!/web/app.log", "dist/app.zip!/web/app.log"},
      {"./src//x/", "src/x"},
      {"a/../b", "b"},
      {"d/a.zip!/../../x/../c", "d/a.zip!/c"},
      {"a.zip!/b.zip!/../../c", "a.zip!/b.zip!/c"},
      {"../../etc/x", "etc/x"},
      {"/etc/x", "etc/x"},
      {"//host/x", "host/x"},
      {"...", "..."},
      {"..", "unnamed"},
      {"", "unnamed"},
  };
  for (const auto& [path, uri] : rows) EXPECT_EQ(sarif_uri(path), uri) << path;
}

TEST(SarifText, AddressesOfRemotesBecomeUrisWithoutCredentials) {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"https://example.org/contoso/orders.git", "https://example.org/contoso/orders.git"},
      {"https://dana:pw@example.org:8443/a b", "https://example.org:8443/a%20b"},
      {"https://example.org/a?token=1#x", "https://example.org/a"},
      {"ssh://git@example.org/a", "ssh://example.org/a"},
      {"git@example.org:contoso/orders.git", "ssh://example.org/contoso/orders.git"},
      {"example.org:~dana/x", "ssh://example.org/~dana/x"},
      {"https://a@b@example.org/x", "https://example.org/x"},
      {"/srv/git/orders.git", ""},
      {"../orders", ""},
      {"./a:b", ""},
      {"orders", ""},
      {"file:///srv/orders", ""},
      {"javascript://x/y", ""},
      {"ext::sh -c x", ""},
      {"https://", ""},
      {"https:///x", ""},
      {"https://example.org", ""},
      {"https://exa mple.org/x", ""},
      {"https://example.org:port/x", ""},
      {"\xff\x1b:x", ""},
      {":x", ""},
      {"", ""},
  };
  for (const auto& [address, uri] : rows) EXPECT_EQ(sarif_repository_uri(address), uri) << address;
}

TEST(SarifText, AMessageStringIsFilledOnceAndKeepsItsBraces) {
  const std::vector<std::string> arguments = {"{1}", "b{"};
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"'{0}' and '{1}'.", "'{{1}}' and 'b{{'."},
      {"{{0}} '{0}'.", "{{0}} '{{1}}'."},
      {"'{2}' {x} {", "'{2}' {x} {"},  // none of ours: stays
  };
  for (const auto& [text, filled] : rows) EXPECT_EQ(fill_message(text, arguments), filled) << text;
  EXPECT_EQ(sarif_literal("Key [a] {b} \\"), "Key \\[a\\] {{b}} \\\\");
}

TEST(SarifText, LengthsAreInUtf16Units) {
  const std::vector<std::pair<std::string, uint64_t>> rows = {
      {"", 0}, {"a\t", 2}, {"\xC3\xA9", 1}, {"\xE2\x82\xAC", 1}, {"\xF0\x9F\x98\x80", 2},
  };
  for (const auto& [text, length] : rows) EXPECT_EQ(utf16_length(text), length) << text;
}

TEST(SarifText, JsonIsAsciiWithoutBuildAgentCommands) {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"\xE2\x80\xA8\x7f", R"("\u2028\u007f")"},
      {"a\xFFz", R"("a\ufffdz")"},
      {"####[x]", R"("#\u0023#\u0023[x]")"},
      {"#[x]", R"("#[x]")"},
  };
  for (const auto& [text, json] : rows) {
    std::string out;
    append_json(text, out);
    EXPECT_EQ(out, json);
  }
}

}  // namespace
}  // namespace assay

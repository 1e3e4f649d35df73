// What the surroundings of a key say of it, row by row; and that they say the same whatever stands
// outside of the window.
#include "scanner/context.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "rules/keys/mint.h"

namespace assay {
namespace {

// Facts that a row expects, in the order of KeyContext; what is not named must be empty.
struct Facts {
  std::string host = {}, app = {}, slot = {}, function = {}, key_name = {}, carrier = {};
  std::string store = {}, resource_group = {};
  Scope scope = Scope::unknown;
  bool functions_host = false;
};

// `text` holds the key in question as KEY, others as placeholders of mint.h.
struct Case {
  std::string_view name;
  std::string_view kind;
  std::string_view text;
  Facts facts;
  std::string_view path = "notes.txt";
};

struct Placed {
  std::string text;
  size_t begin = 0;
  size_t end = 0;
};

Placed place(std::string_view text, std::string_view kind) {
  SeededRandom random(7);
  const std::string placeholder =
      kind == "unknown" ? "{plain:56}" : "{key:" + std::string(kind) + "}";
  const std::string key = fill_placeholders(placeholder, random);
  const size_t at = text.find("KEY!");
  EXPECT_NE(at, std::string_view::npos);
  Placed placed;
  placed.text = fill_placeholders(text.substr(0, at), random);
  placed.begin = placed.text.size();
  placed.text += key;
  placed.end = placed.text.size();
  placed.text += fill_placeholders(text.substr(at + 4), random);
  return placed;
}

KeyContext expected(const Facts& facts) {
  return {facts.host,    facts.app,   facts.slot,           facts.function, facts.key_name,
          facts.carrier, facts.store, facts.resource_group, facts.scope,    facts.functions_host};
}

std::string describe(const KeyContext& c) {
  std::string out = "host=" + c.host + " app=" + c.app + " slot=" + c.slot;
  out += " function=" + c.function + " key_name=" + c.key_name + " carrier=" + c.carrier;
  out += " store=" + c.store + " group=" + c.resource_group;
  out += " scope=" + std::string(to_string(c.scope));
  return out + (c.functions_host ? " functions" : "");
}

void check(const std::vector<Case>& cases) {
  for (const Case& row : cases) {
    SCOPED_TRACE(row.name);
    const Placed placed = place(row.text, row.kind);
    const KeyContext context =
        read_context(placed.text, placed.begin, placed.end, row.kind, row.path);
    EXPECT_EQ(describe(context), describe(expected(row.facts)));
  }
}

TEST(Context, ReadsTheUrlThatCarriesTheKey) {
  const Facts refund = {.host = "contoso-orders.azurewebsites.net",
                        .app = "contoso-orders",
                        .function = "Refund",
                        .carrier = "query",
                        .functions_host = true};
  Facts named = refund;
  named.key_name = "default";
  Facts staging = named;
  staging.host = "contoso-orders-staging.azurewebsites.net";
  staging.slot = "staging";
  Facts master = refund;
  master.scope = Scope::app;
  check({
      {"slot and client id", "function",
       "curl "
       "'https://contoso-orders-staging.azurewebsites.net/api/Refund?clientId=default&code=KEY!'",
       staging},
      {"client id after the key", "function",
       "https://contoso-orders.azurewebsites.net/api/Refund?code=KEY!&clientId=default", named},
      {"percent", "function",
       "u=https%3A%2F%2Fcontoso-orders.azurewebsites.net%2Fapi%2FRefund%3Fcode%3DKEY!%26clientId%"
       "3Ddefault",
       named},
      {"percent twice", "function",
       "https%253A%252F%252Fcontoso-orders.azurewebsites.net%252Fapi%252FRefund%253Fcode%253DKEY!",
       refund},
      {"json", "function",
       R"({"t":"https:\/\/contoso-orders.azurewebsites.net\/api\/Refund?clientId=default\u0026code=KEY!"})",
       named},
      {"json in json", "function",
       R"("{\"t\":\"https:\\/\\/contoso-orders.azurewebsites.net\\/api\\/Refund?clientId=default\\u0026code\\u003dKEY!\"}")",
       named},
      {"html", "function",
       "<a "
       "href=\"https://contoso-orders.azurewebsites.net/api/"
       "Refund?clientId=default&amp;code=KEY!\">",
       named},
      {"html twice", "function",
       "&lt;p&gt;https://contoso-orders.azurewebsites.net/api/"
       "Refund?clientId=default&amp;amp;code&#61;KEY!",
       named},
      {"slack", "function",
       "try "
       "<https://contoso-orders.azurewebsites.net/api/Refund?code=KEY!&amp;clientId=default|this>",
       named},
      {"slack label is not read", "function",
       "<https://contoso-orders.azurewebsites.net/api/Refund?code=KEY!|x?clientId=other>", refund},
      {"quoted-printable", "function",
       "https://contoso-orders.azurewebsites.net/api/Refund?clientId=3Ddefault&code=3DKEY!", named},
      {"quoted-printable, wrapped", "function",
       "see "
       "https://contoso-orders.azurewebsites.net/api/Refund?clientId=3Ddefaul=\r\nt&code=3DKEY!",
       named},
      {"markdown", "function",
       "[r](https://contoso-orders.azurewebsites.net/api/Refund?code=KEY!) `clientId=x`", refund},
      {"upper case", "function", "HTTPS://Contoso-Orders.AzureWebsites.NET/API/Refund?CODE=KEY!",
       refund},
      {"port and user", "function",
       "https://me:pw@contoso-orders.azurewebsites.net:443/api/Refund?code=KEY!", refund},
      {"final dot", "function",
       "https://contoso-orders.azurewebsites.net./api/Refund/7/lines?code=KEY!", refund},
      {"no scheme", "function", "contoso-orders.azurewebsites.net/api/Refund?code=KEY!", refund},
      {"master key opens the app", "master",
       "https://contoso-orders.azurewebsites.net/api/Refund?code=KEY!", master},
      {"padding not in the key", "function",
       "https://contoso-orders.azurewebsites.net/api/Refund?code=KEY!%3D%3D&clientId=default",
       named},
  });
}

TEST(Context, ReadsAppAndSlotFromTheHost) {
  const auto facts = [](std::string host, std::string app, std::string slot = {}) {
    return Facts{.host = std::move(host),
                 .app = std::move(app),
                 .slot = std::move(slot),
                 .function = "F",
                 .carrier = "query",
                 .functions_host = true};
  };
  check({
      {"no usual slot name", "function", "https://orders-eu.azurewebsites.net/api/F?code=KEY!",
       facts("orders-eu.azurewebsites.net", "orders-eu")},
      {"slot by option", "function",
       "az x --slot eu; curl https://orders-eu.azurewebsites.net/api/F?code=KEY!",
       facts("orders-eu.azurewebsites.net", "orders", "eu")},
      {"slot by path", "function",
       "https://orders-qa.azurewebsites.net/api/F?code=KEY! # /slots/qa/",
       facts("orders-qa.azurewebsites.net", "orders", "qa")},
      {"another slot's option", "function",
       "https://orders-qa.azurewebsites.net/api/F?code=KEY! --slot qab",
       facts("orders-qa.azurewebsites.net", "orders-qa")},
      {"regional", "function",
       "https://orders-a1b2c3d4e5f6a7b8.westeurope-01.azurewebsites.net/api/F?code=KEY!",
       facts("orders-a1b2c3d4e5f6a7b8.westeurope-01.azurewebsites.net", "orders")},
      {"regional slot", "function",
       "https://orders-stg-a1b2c3d4e5f6a7b8.westeurope-01.azurewebsites.net/api/F?code=KEY!",
       facts("orders-stg-a1b2c3d4e5f6a7b8.westeurope-01.azurewebsites.net", "orders", "stg")},
      {"like a hash, not regional", "function",
       "https://orders-a1b2c3d4e5f6a7b8.azurewebsites.net/api/F?code=KEY!",
       facts("orders-a1b2c3d4e5f6a7b8.azurewebsites.net", "orders-a1b2c3d4e5f6a7b8")},
      {"scm", "function", "https://orders.scm.azurewebsites.net/api/F?code=KEY!",
       facts("orders.scm.azurewebsites.net", "orders")},
      {"us", "function", "https://orders.azurewebsites.us/api/F?code=KEY!",
       facts("orders.azurewebsites.us", "orders")},
      {"cn", "function", "https://orders-green.chinacloudsites.cn/api/F?code=KEY!",
       facts("orders-green.chinacloudsites.cn", "orders", "green")},
      {"container app", "function",
       "https://orders--r2.calm-1a2b.westeurope.azurecontainerapps.io/api/F?code=KEY!",
       facts("orders--r2.calm-1a2b.westeurope.azurecontainerapps.io", "orders")},
      {"static web app", "function", "https://calm-sea-0a1b.azurestaticapps.net/api/F?code=KEY!",
       facts("calm-sea-0a1b.azurestaticapps.net", "calm-sea-0a1b")},
      {"api management", "function", "https://contoso.azure-api.net/api/F?code=KEY!",
       facts("contoso.azure-api.net", "")},
      {"own domain",
       "function",
       "https://api.contoso.com/api/F?code=KEY!",
       {.host = "api.contoso.com", .function = "F", .carrier = "query"}},
      {"looks like one",
       "function",
       "https://orders.azurewebsites.net.evil.example/api/F?code=KEY!",
       {.host = "orders.azurewebsites.net.evil.example", .function = "F", .carrier = "query"}},
      {"no label before",
       "function",
       "https://myazurewebsites.net/api/F?code=KEY!",
       {.host = "myazurewebsites.net", .function = "F", .carrier = "query"}},
      {"template",
       "function",
       "https://{{host}}/api/F?code=KEY!",
       {.function = "F", .carrier = "query"}},
  });
}

TEST(Context, ReadsAdminAndWebhookPaths) {
  Facts facts = {
      .host = "a.azurewebsites.net", .app = "a", .carrier = "query", .functions_host = true};
  Facts admin = facts, hook = facts, hook_unnamed = facts, hook_master = facts, blobs = facts;
  admin.function = "Refund";
  admin.scope = hook_master.scope = Scope::app;
  hook.function = hook_unnamed.function = hook_master.function = "OnEvent";
  hook.key_name = "EventGrid";
  hook.scope = Scope::extension;
  blobs.function = "Thumb";
  blobs.key_name = "blobs";
  blobs.scope = Scope::extension;
  check({
      {"admin", "master", "https://a.azurewebsites.net/admin/functions/Refund/keys?code=KEY!",
       admin},
      {"webhook", "system",
       "https://a.azurewebsites.net/runtime/webhooks/EventGrid?functionName=OnEvent&code=KEY!",
       hook},
      {"webhook, unknown kind", "unknown",
       "https://a.azurewebsites.net/runtime/webhooks/EventGrid?functionName=OnEvent&code=KEY!",
       hook},
      {"webhook, function key", "function",
       "https://a.azurewebsites.net/runtime/webhooks/EventGrid?functionName=OnEvent&code=KEY!",
       hook_unnamed},
      {"webhook, master key", "master",
       "https://a.azurewebsites.net/runtime/webhooks/EventGrid?code=KEY!&functionName=OnEvent",
       hook_master},
      {"blobs", "system",
       "https://a.azurewebsites.net/runtime/webhooks/"
       "blobs?functionName=Host.Functions.Thumb&code=KEY!",
       blobs},
  });
}

TEST(Context, KeepsNestedUrlsApart) {
  const Facts a = {.host = "a.azurewebsites.net",
                   .app = "a",
                   .function = "F",
                   .carrier = "query",
                   .functions_host = true};
  check({
      {"key in the inner one", "function",
       "https://sso.contoso.com/"
       "in?to=https%3A%2F%2Fa.azurewebsites.net%2Fapi%2FF%3Fcode%3DKEY!&clientId=x",
       a},
      {"key in the outer one", "function",
       "https://a.azurewebsites.net/api/"
       "F?to=https%3A%2F%2Fb.azurewebsites.net%2Fx%3Fy%3D1&code=KEY!",
       a},
      {"key in the outer one, plain", "function",
       "https://a.azurewebsites.net/api/F?to=https://b.azurewebsites.net/x&code=KEY!", a},
      {"several on a line", "function",
       "https://b.azurewebsites.net/api/G?code={key:function} "
       "https://a.azurewebsites.net/api/F?code=KEY! "
       "https://c.azurewebsites.net/api/H?code={key:function}",
       a},
  });
}

TEST(Context, ReadsTheFieldsOfLogLines) {
  const Facts a = {.host = "a.azurewebsites.net",
                   .app = "a",
                   .function = "Refund",
                   .carrier = "query",
                   .functions_host = true};
  Facts own = a, no_host = a;
  own = {.host = "api.contoso.com", .function = "Refund", .carrier = "query"};
  no_host = {.function = "Refund", .carrier = "query"};
  check({
      {"request and host lines", "function",
       "GET /api/Refund?code=KEY! HTTP/1.1\r\nHost: a.azurewebsites.net\r\nAccept: */*\r\n\r\n", a},
      {"host after other headers", "function",
       "POST /api/Refund?code=KEY! HTTP/1.1\nAccept: */*\nHost: api.contoso.com\n\n{}", own},
      {"curl -v", "function",
       "> GET /api/Refund?code=KEY! HTTP/1.1\n> Host: a.azurewebsites.net\n> Accept: */*", a},
      {"message in json", "function",
       R"({"m":"GET /api/Refund?code=KEY! HTTP/1.1\r\nHost: a.azurewebsites.net\r\n"})", a},
      {"host past a blank line", "function",
       "GET /api/Refund?code=KEY! HTTP/1.1\nAccept: */*\n\nHost: b.azurewebsites.net", no_host},
      {"iis", "function",
       "2025-11-02 08:00:00 A GET /api/Refund code=KEY!&X-ARR-LOG-ID=1 443 - 10.1.2.3 c/8.1 - - "
       "a.azurewebsites.net 200",
       a},
      {"iis, each line its own host", "function",
       "2025-11-02 08:00:00 B GET /api/G code={key:function} 443 - b.azurewebsites.net 200\n"
       "2025-11-02 08:00:00 A GET /api/Refund code=KEY! 443 - a.azurewebsites.net 200\n"
       "2025-11-02 08:00:00 C GET /api/H code={key:function} 443 - c.azurewebsites.net 200\n",
       a},
      {"iis, no host on the line", "function",
       "08:00:00 B GET /api/G code={key:function} 443 - b.azurewebsites.net 200\n"
       "08:00:00 A GET /api/Refund code=KEY! 443 - 200\n"
       "08:00:00 C GET /api/H code={key:function} 443 - c.azurewebsites.net 200\n",
       no_host},
      {"combined log, referer is another site", "function",
       "10.1.2.3 - - [02/Nov/2025:09:00:00 +0100] \"GET /api/Refund?code=KEY! HTTP/1.1\" 200 512 "
       "\"https://b.azurewebsites.net/x\" \"Mozilla/5.0 (X11)\"",
       no_host},
      {"combined log with virtual host", "function",
       "a.azurewebsites.net:443 10.1.2.3 - - [02/Nov/2025:09:00:00 +0100] \"GET "
       "/api/Refund?code=KEY! "
       "HTTP/1.1\" 200 512 \"https://b.azurewebsites.net/x\" \"curl\"",
       a},
      {"two hosts on the line", "function",
       "a.azurewebsites.net -> b.azurewebsites.net GET /api/Refund?code=KEY! 200", no_host},
      {"json log", "function",
       R"({"host":"b.azurewebsites.net","uri":"/api/G"},{"host":"a.azurewebsites.net","uri":"/api/Refund?code=KEY!"},{"host":"c.azurewebsites.net"})",
       a},
      {"json log, path apart", "function",
       R"({"properties":"{\"CsHost\":\"a.azurewebsites.net\",\"CsUriStem\":\"/api/Refund\",\"CsUriQuery\":\"code=KEY!\"}"})",
       a},
      {"code alone", "function", "code=KEY!", {.carrier = "query"}},
  });
}

TEST(Context, ReadsTheHeaderAndItsAddress) {
  const Facts a = {.host = "a.azurewebsites.net",
                   .app = "a",
                   .function = "F",
                   .carrier = "header",
                   .functions_host = true};
  const Facts alone = {.carrier = "header"};
  Facts query = a;
  query.carrier = "query";
  Facts only_host = a;
  only_host.function = "";
  check({
      {"curl", "function",
       "curl -H \"x-functions-key: KEY!\" https://a.azurewebsites.net/api/F -d '{}'", a},
      {"curl, continued", "function",
       "curl -X POST https://a.azurewebsites.net/api/F \\\n  -H 'X-Functions-Key: KEY!' \\\n  -d "
       "@x",
       a},
      {"python", "function",
       "r = requests.get(\"https://a.azurewebsites.net/api/F\", headers={\"x-functions-key\": "
       "\"KEY!\"})",
       a},
      {"subscript", "function", "headers['x-functions-key'] = 'KEY!'", alone},
      {"add call", "function", "client.DefaultRequestHeaders.Add(\"x-functions-key\", \"KEY!\");",
       alone},
      {"fetch over lines", "function",
       "const r = await fetch(\"https://a.azurewebsites.net/api/F\", {\n  method: \"POST\",\n"
       "  headers: {\n    \"x-functions-key\": \"KEY!\",\n  },\n});",
       a},
      {"options over lines, address below", "function",
       "axios({\n  headers: { 'x-functions-key': 'KEY!' },\n"
       "  url: 'https://a.azurewebsites.net/api/F',\n});",
       a},
      {"request line above", "function",
       "POST /api/F HTTP/1.1\nHost: a.azurewebsites.net\nX-Functions-Key: KEY!\n\n{}", a},
      {"host below", "function",
       "POST /api/F HTTP/1.1\nX-Functions-Key: KEY!\nHost: a.azurewebsites.net\n\n{}", a},
      {"http file, each request its own", "function",
       "### one\nPOST https://b.azurewebsites.net/api/G\nx-functions-key: {key:function}\n\n"
       "### two\nPOST https://a.azurewebsites.net/api/F\nx-functions-key: KEY!\n\n"
       "### three\nPOST https://c.azurewebsites.net/api/H\nx-functions-key: {key:function}\n",
       a},
      {"har", "function",
       R"({"log":{"entries":[{"request":{"url":"https://b.azurewebsites.net/api/G","headers":[{"name":"x-functions-key","value":"{key:function}"}]}},{"request":{"method":"GET","url":"https://a.azurewebsites.net/api/F","headers":[{"name":"Accept","value":"*/*"},{"name":"x-functions-key","value":"KEY!"}]},"response":{"redirectURL":"https://d.azurewebsites.net/"}},{"request":{"url":"https://c.azurewebsites.net/api/H"}}]}})",
       a},
      {"har, no address of its own", "function",
       R"([{"request":{"url":"https://b.azurewebsites.net/api/G"}},{"request":{"headers":[{"name":"x-functions-key","value":"KEY!"}]}},{"request":{"url":"https://c.azurewebsites.net/api/H"}}])",
       alone},
      {"har query string", "function",
       R"({"url":"https://a.azurewebsites.net/api/F?code=x","queryString":[{"name":"code","value":"KEY!"}]})",
       query},
      {"postman", "function",
       R"({"request":{"method":"GET","header":[{"key":"x-functions-key","value":"KEY!","type":"text"}],"url":{"raw":"https://a.azurewebsites.net/api/F","host":["a","azurewebsites","net"]}}})",
       a},
      {"api management policy", "function",
       "<set-header name=\"x-functions-key\" exists-action=\"override\">\n  <value>KEY!</value>",
       alone},
      {"variables of one paragraph", "function",
       "url = \"https://a.azurewebsites.net/api/F\"\nh = {\"x-functions-key\": \"KEY!\"}\n", a},
      {"address in another paragraph", "function",
       "url = \"https://b.azurewebsites.net/api/F\"\n\nh = {\"x-functions-key\": \"KEY!\"}\n",
       alone},
      {"two keys in a paragraph", "function",
       "k1 = {\"x-functions-key\": \"{key:function}\"}\nurl1 = "
       "\"https://b.azurewebsites.net/api/F\"\n"
       "k2 = {\"x-functions-key\": \"KEY!\"}\n",
       alone},
      {"two addresses in a paragraph", "function",
       "url1 = \"https://b.azurewebsites.net/\"\nurl2 = \"https://c.azurewebsites.net/\"\n"
       "h = {\"x-functions-key\": \"KEY!\"}\n",
       alone},
      {"log lines of two apps", "function",
       "08:00 calling https://b.azurewebsites.net/api/G\n08:01 x-functions-key: KEY!\n"
       "08:02 calling https://c.azurewebsites.net/api/H\n",
       alone},
      {"curl lines of two apps", "function",
       "curl -H 'x-functions-key: {key:function}' https://b.azurewebsites.net/api/G\n"
       "curl -H 'x-functions-key: KEY!' https://a.azurewebsites.net/api/F\n"
       "curl -H 'x-functions-key: {key:function}' https://c.azurewebsites.net/api/H\n",
       a},
      {"curl with a variable below another app's", "function",
       "curl -H 'x-functions-key: {key:function}' https://b.azurewebsites.net/api/G\n"
       "curl -H 'x-functions-key: KEY!' $URL\n",
       alone},
      {"two paths of one app", "function",
       "curl -H 'x-functions-key: KEY!' https://a.azurewebsites.net/api/F "
       "https://a.azurewebsites.net/api/G",
       only_host},
  });
}

TEST(Context, ReadsSecretsFiles) {
  const auto facts = [](std::string name, Scope scope, std::string function = {},
                        std::string store = {}) {
    return Facts{.function = std::move(function),
                 .key_name = std::move(name),
                 .carrier = "secrets-file",
                 .store = std::move(store),
                 .scope = scope};
  };
  check({
      {"master", "master",
       R"({"masterKey":{"name":"master","value":"KEY!","encrypted":false},"functionKeys":[]})",
       facts("master", Scope::app), "host.json"},
      {"host key, minified", "function",
       R"({"masterKey":{"name":"master","value":"{key:master}","encrypted":false},"functionKeys":[{"name":"default","value":"{key:function}"},{"name":"partner","value":"KEY!","encrypted":false},{"name":"other","value":"{key:function}"}],"systemKeys":[]})",
       facts("partner", Scope::host, "", "azure-webjobs-secrets"),
       "azure-webjobs-secrets/contoso-orders/host.json"},
      {"host key, pretty, name after", "function",
       "{\n  \"functionKeys\": [\n    {\n      \"value\": \"KEY!\",\n      \"name\": \"partner\"\n "
       "   "
       "}\n  ]\n}",
       facts("partner", Scope::host), "host.json"},
      {"system key", "system",
       R"({"systemKeys":[{"name":"eventgrid_extension","value":"KEY!","encrypted":false}]})",
       facts("eventgrid_extension", Scope::extension), "host.json"},
      {"json in json", "function",
       R"("{\"functionKeys\":[{\"name\":\"a\",\"value\":\"{key:function}\"},{\"name\":\"b\",\"value\":\"KEY!\"}]}")",
       facts("b", Scope::host), "dump.ndjson"},
      {"function key", "function", R"({"keys":[{"name":"default","value":"KEY!"}]})",
       facts("default", Scope::function, "Refund"), "data/Functions/secrets/Refund.json"},
      {"snapshot", "function", R"({"keys":[{"name":"default","value":"KEY!"}]})",
       facts("default", Scope::function, "Refund"),
       "s.zip!/x/Refund.snapshot.2025-11-02T08.00.00.json"},
      {"function key, file unknown", "function", R"({"keys":[{"name":"default","value":"KEY!"}]})",
       facts("default", Scope::function), "-"},
      {"a key named code", "function", R"({"keys":[{"name":"code","value":"KEY!"}]})",
       facts("code", Scope::function, "Refund"), "Refund.json"},
      {"master by kind in a function's file", "master",
       R"({"keys":[{"name":"default","value":"KEY!"}]})", facts("default", Scope::app, "Refund"),
       "Refund.json"},
  });
}

TEST(Context, ReadsAzCommands) {
  const Facts partner = {.app = "orders",
                         .key_name = "partner",
                         .carrier = "cli",
                         .resource_group = "rg-1",
                         .scope = Scope::host};
  Facts slot = partner, function = partner, listed = partner, master = partner, queried = partner;
  slot.slot = "qa";
  function.function = "Refund";
  function.scope = Scope::function;
  listed.function = "Refund";
  listed.key_name = "default";
  listed.scope = Scope::function;
  queried.key_name = "default";
  master.key_name = "";
  master.scope = Scope::app;
  const Facts unnamed = {.key_name = "default", .carrier = "cli", .scope = Scope::host};
  check({
      {"keys set", "function",
       "az functionapp keys set -g rg-1 -n orders --key-type functionKeys --key-name partner "
       "--key-value KEY!",
       partner},
      {"keys set, slot after the key", "function",
       "az functionapp keys set --resource-group=rg-1 --name 'orders' --key-type functionKeys "
       "--key-name partner --key-value \"KEY!\" --slot qa && az functionapp keys list -n x",
       slot},
      {"keys set, continued", "function",
       "az functionapp keys set \\\n  -g rg-1 \\\n  -n orders --key-type functionKeys \\\n"
       "  --key-value=KEY! \\\n  --key-name partner\n",
       partner},
      {"function keys set", "function",
       "$ az functionapp function keys set -g rg-1 -n orders --function-name Refund --key-name "
       "partner --key-value KEY!",
       function},
      {"two commands on a line", "function",
       "az functionapp keys set -g rg-2 -n bills --key-name b --key-value {key:function} && az "
       "functionapp keys set -g rg-1 -n orders --key-type functionKeys --key-name partner "
       "--key-value KEY!",
       partner},
      {"output of function keys list", "function",
       "$ az functionapp function keys list -g rg-1 -n orders --function-name Refund\n{\n  "
       "\"default\": \"KEY!\"\n}\n",
       listed},
      {"output of keys list", "function",
       "$ az functionapp keys list -g rg-1 -n orders\n{\n  \"functionKeys\": {\n    \"default\": "
       "\"{key:function}\",\n    \"partner\": \"KEY!\"\n  },\n  \"masterKey\": "
       "\"{key:master}\"\n}\n",
       partner},
      {"master key in keys list", "master",
       "$ az functionapp keys list -g rg-1 -n "
       "orders\n{\"functionKeys\":{\"default\":\"{key:function}\"},"
       "\"masterKey\":\"KEY!\"}",
       master},
      {"output in a log with time stamps and colours", "function",
       "2025-11-02T08:51:03.2200309Z \x1b[36;1maz functionapp keys list -g rg-1 -n orders\x1b[0m\n"
       "2025-11-02T08:51:06.2933412Z {\n2025-11-02T08:51:06.2937135Z   \"functionKeys\": {\n"
       "2025-11-02T08:51:06.2940775Z     \"partner\": \"KEY!\"\n",
       partner},
      {"bare output", "function",
       "az functionapp keys list -g rg-1 -n orders --query functionKeys.default -o tsv\nKEY!\n",
       queried},
      {"output without command", "function", R"({"functionKeys":{"default":"KEY!"}})", unnamed},
      {"another output between", "function",
       "az functionapp keys list -g rg-1 -n orders\n{\"functionKeys\":{}}\n"
       "{\"functionKeys\":{\"default\":\"KEY!\"}}",
       unnamed},
      {"container app", "function",
       "az containerapp function keys set -g rg-1 -n orders --key-type hostKey --key-name partner "
       "--key-value KEY!",
       partner},
      {"settings belong to another app",
       "function",
       "az functionapp config appsettings set -g rg-1 -n web --settings ORDERS_KEY=KEY!",
       {.carrier = "setting", .store = "ORDERS_KEY"}},
      {"output of another command",
       "function",
       "az webapp show -g rg-2 -n web\n{\"ORDERS_KEY\": \"KEY!\"}",
       {.carrier = "setting", .store = "ORDERS_KEY"}},
      {"system keys",
       "system",
       R"({"systemKeys":{"eventgrid_extension":"KEY!"}})",
       {.key_name = "eventgrid_extension", .carrier = "cli", .scope = Scope::extension}},
  });
}

TEST(Context, ReadsArmCalls) {
  const Facts function = {.app = "orders",
                          .slot = "qa",
                          .function = "Refund",
                          .key_name = "partner",
                          .carrier = "arm",
                          .resource_group = "rg-1",
                          .scope = Scope::function};
  Facts host = function;
  host.slot = host.function = "";
  host.scope = Scope::host;
  check({
      {"put with body", "function",
       "PUT https://management.azure.com/subscriptions/s/resourceGroups/rg-1/providers/"
       "Microsoft.Web/sites/orders/slots/qa/functions/Refund/keys/partner?api-version=2023-01-01\n"
       "Authorization: Bearer x\n\n{\"properties\": {\"name\": \"partner\", \"value\": \"KEY!\"}}",
       function},
      {"host key", "function",
       "PUT /subscriptions/s/resourceGroups/rg-1/providers/Microsoft.Web/sites/orders/host/default/"
       "functionKeys/partner?api-version=2023-01-01\n{\"properties\":{\"value\":\"KEY!\"}}",
       host},
      {"az rest", "function",
       "az rest --method put --url "
       "https://management.azure.com/subscriptions/s/resourceGroups/rg-1/"
       "providers/Microsoft.Web/sites/orders/host/default/functionKeys/partner?api-version=1 "
       "--body '{\"properties\":{\"value\":\"KEY!\"}}'",
       host},
      {"listkeys", "function",
       "POST "
       "/subscriptions/s/resourceGroups/rg-1/providers/Microsoft.Web/sites/orders/host/default/"
       "listkeys\n{\"masterKey\":\"{key:master}\",\"functionKeys\":{\"partner\":\"KEY!\"}}",
       host},
      {"id in the object", "function",
       R"([{"id":"/subscriptions/s/resourceGroups/rg-2/providers/Microsoft.Web/sites/bills/functions/Pay/keys/a","properties":{"name":"a","value":"{key:function}"}},{"id":"/subscriptions/s/resourceGroups/rg-1/providers/Microsoft.Web/sites/orders/slots/qa/functions/Refund/keys/partner","properties":{"name":"partner","value":"KEY!"}}])",
       function},
      {"settings of the caller",
       "function",
       R"({"id":"/subscriptions/s/resourceGroups/rg-2/providers/Microsoft.Web/sites/web/config/appsettings","properties":{"ORDERS_KEY":"KEY!"}})",
       {.carrier = "setting", .store = "ORDERS_KEY"}},
      {"another body between",
       "function",
       "POST /subscriptions/s/resourceGroups/rg-1/providers/Microsoft.Web/sites/bills/host/default/"
       "listkeys\n{\"functionKeys\":{}}\n{\"functionKeys\":{\"partner\":\"KEY!\"}}",
       {.key_name = "partner", .carrier = "cli", .scope = Scope::host}},
  });
}

TEST(Context, ReadsNamesOfSecretStores) {
  const auto facts = [](std::string carrier, std::string store, Scope scope,
                        std::string key_name = {}, std::string function = {}) {
    return Facts{.function = std::move(function),
                 .key_name = std::move(key_name),
                 .carrier = std::move(carrier),
                 .store = std::move(store),
                 .scope = scope};
  };
  const Facts host = facts("key-vault", "host--functionKey--default", Scope::host, "default");
  Facts app_secret = facts("container-app", "host-function-default", Scope::host, "default");
  Facts owned = app_secret;
  owned.app = "orders";
  owned.resource_group = "rg-1";
  check({
      {"vault, equals", "function", "host--functionKey--default=KEY!", host},
      {"vault, command", "function",
       "az keyvault secret set --vault-name kv1 --name host--functionKey--default --value KEY!",
       host},
      {"vault, output", "function",
       R"([{"name":"function--Pay--b","value":"{key:function}"},{"id":"https://kv1.vault.azure.net/secrets/host--functionKey--default/9f","name":"host--functionKey--default","value":"KEY!"}])",
       host},
      {"vault, id only", "function",
       R"({"value":"KEY!","id":"https://kv1.vault.azure.net/secrets/host--functionKey--default/9f"})",
       host},
      {"vault, terraform", "function",
       "resource \"x\" \"y\" {\n  name  = \"host--functionKey--default\"\n  value = \"KEY!\"\n}",
       host},
      {"vault, table", "function", "| host--functionKey--default | KEY! |", host},
      {"vault, master", "master", "host--masterKey--master: KEY!",
       facts("key-vault", "host--masterKey--master", Scope::app, "master")},
      {"vault, system, escaped name", "system", "host--systemKey--eventgrid-095extension: KEY!",
       facts("key-vault", "host--systemKey--eventgrid-095extension", Scope::extension,
             "eventgrid_extension")},
      {"vault, function, escaped name", "function", "function--My-045Func--a-046b: KEY!",
       facts("key-vault", "function--My-045Func--a-046b", Scope::function, "a.b", "My-Func")},
      {"vault, name that no key may have", "function", "function--F--a-037b: KEY!",
       facts("key-vault", "function--F--a-037b", Scope::function, "", "F")},
      {"kubernetes", "function", "stringData:\n  host.master: x\n  host.function.default: KEY!\n",
       facts("kubernetes", "host.function.default", Scope::host, "default")},
      {"kubernetes, json", "function",
       R"({"data":{"host.master":"{key:master}","functions.Refund.partner":"KEY!"}})",
       facts("kubernetes", "functions.Refund.partner", Scope::function, "partner", "Refund")},
      {"kubernetes, literal", "system",
       "kubectl create secret generic k --from-literal=host.systemKey.blobs_extension=KEY!",
       facts("kubernetes", "host.systemKey.blobs_extension", Scope::extension, "blobs_extension")},
      {"mounted", "function", "KEY!\n",
       facts("mounted-secret", "functions.Refund.default", Scope::function, "default", "Refund"),
       "/run/secrets/functions-keys/functions.Refund.default"},
      {"mounted master", "master", "KEY!", facts("mounted-secret", "host.master", Scope::app),
       "x/host.master"},
      {"container app", "function", "host-function-default=KEY!", app_secret},
      {"container app, command", "function",
       "az containerapp secret set -g rg-1 -n orders --secrets \"host-function-default=KEY!\"",
       owned},
      {"container app, list", "function",
       "secrets:\n  - name: host-master\n    value: {key:master}\n"
       "  - name: host-function-default\n    value: KEY!\n  - name: host-systemkey-x\n",
       app_secret},
      {"container app, value first", "function",
       "- value: {key:master}\n  name: host-master\n- value: KEY!\n  name: host-function-default\n",
       app_secret},
      {"container app, function", "function", "functions-my-func-default=KEY!",
       facts("container-app", "functions-my-func-default", Scope::function, "default", "my-func")},
      {"container app, dashes that cannot be told", "function", "functions-my-func-key=KEY!",
       facts("container-app", "functions-my-func-key", Scope::function)},
  });
}

TEST(Context, ReadsSettings) {
  const Facts setting = {.carrier = "setting", .store = "ORDERS_KEY"};
  check({
      {"local.settings.json", "function",
       R"({"IsEncrypted":false,"Values":{"ORDERS_URL":"https://b.azurewebsites.net/api/F","ORDERS_KEY":"KEY!"}})",
       setting},
      {".env", "function", "A=b\nexport ORDERS_KEY='KEY!'\n", setting},
      {"yaml", "function", "variables:\n  ORDERS_KEY: KEY!\n", setting},
      {"app settings", "function",
       R"([{"name":"A","value":"b"},{"name":"ORDERS_KEY","slotSetting":false,"value":"KEY!"}])",
       setting},
      {"web.config", "function",
       "<add key=\"A\" value=\"b\"/><add key=\"ORDERS_KEY\" value=\"KEY!\"/>", setting},
      {"pipeline command", "function",
       "##vso[task.setvariable variable=ORDERS_KEY;issecret=true]KEY!", setting},
      {"section",
       "function",
       R"("Orders:Key": "KEY!")",
       {.carrier = "setting", .store = "Orders:Key"}},
      {"name with a blank", "function", R"("My key": "KEY!")", {}},
      {"nothing", "function", "so I used KEY! and it worked", {}},
      {"nothing at all", "function", "KEY!", {}},
      {"master, nothing", "master", "KEY!", {.scope = Scope::app}},
      {"system, nothing", "system", "KEY!", {.scope = Scope::extension}},
  });
}

TEST(Context, LeavesOutWhatIsNoNameOrHoldsAKey) {
  check({
      {"key as function",
       "function",
       "https://a.azurewebsites.net/api/{key:function}?code=KEY!",
       {.host = "a.azurewebsites.net", .app = "a", .carrier = "query", .functions_host = true}},
      {"key as host",
       "function",
       "https://{bare:function}.azurewebsites.net/api/F?code=KEY!",
       {.function = "F", .carrier = "query"}},
      {"key as setting", "function", "{bare:function}: KEY!", {}},
      {"escape codes",
       "function",
       "https://a.azurewebsites.net/api/F\x1b]0;t\x07?code=KEY!",
       {.carrier = "query"}},
      {"not ASCII",
       "function",
       "https://a.azurewebsites.net/api/Gr\xc3\xb6\xc3\x9f"
       "e?code=KEY!",
       {.host = "a.azurewebsites.net", .app = "a", .carrier = "query", .functions_host = true}},
  });
  SeededRandom random(3);
  const std::string same = fill_placeholders("{plain:56}", random);
  const std::string text =
      "https://a.azurewebsites.net/api/" + same.substr(0, 54) + "?code=" + same;
  const KeyContext context =
      read_context(text, text.size() - same.size(), text.size(), "unknown", "x");
  EXPECT_EQ(context.function, "");
  EXPECT_EQ(context.carrier, "query");

  const std::string longest(128, 'f');
  for (const size_t extra : {0, 1}) {
    const std::string url = "https://a.azurewebsites.net/api/" + longest + std::string(extra, 'f');
    const Placed placed = place(url + "?code=KEY!", "function");
    EXPECT_EQ(read_context(placed.text, placed.begin, placed.end, "function", "").function,
              extra == 0 ? longest : "");
  }
}

TEST(Context, ReadsTextInTwoByteCharacters) {
  const Placed placed =
      place("\nGET https://a.azurewebsites.net/api/F?clientId=x&code=KEY!\n", "function");
  std::string wide;
  for (const char c : placed.text) wide += c, wide += '\0';
  const KeyContext context =
      read_context(wide, placed.begin * 2, placed.end * 2 - 1, "function", "");
  EXPECT_EQ(context.host, "a.azurewebsites.net");
  EXPECT_EQ(context.function, "F");
  EXPECT_EQ(context.key_name, "x");
}

TEST(Context, TakesNoHalfANameFromTheEdgeOfTheWindow) {
  // The host's name begins before the window: all that is seen of it could be another app's.
  const std::string head = "contoso-orders.azurewebsites.net ";
  for (size_t cut = 0; cut <= head.size(); ++cut) {
    const std::string gap(kContextBefore - (head.size() - cut) - 24, 'x');
    const Placed placed = place(head + gap + " GET /api/F?code=KEY! end", "function");
    const KeyContext context = read_context(placed.text, placed.begin, placed.end, "function", "");
    EXPECT_TRUE(context.host.empty() || context.host == "contoso-orders.azurewebsites.net")
        << context.host;
  }
}

// Random text of pieces that mean something to the reader, so that it gets deep.
std::string random_text(SeededRandom& random, size_t size) {
  static constexpr std::string_view kPieces[] = {"https://",
                                                 "a.azurewebsites.net",
                                                 "b-staging.azurewebsites.net",
                                                 "/api/F",
                                                 "?code=",
                                                 "&",
                                                 "&amp;",
                                                 "%253A%252F",
                                                 "\\u0026",
                                                 "\\\"",
                                                 "\\",
                                                 "\"",
                                                 "'",
                                                 "{",
                                                 "}",
                                                 "[",
                                                 "]",
                                                 "(",
                                                 ")",
                                                 "\n",
                                                 "\r\n",
                                                 "\n\n",
                                                 " ",
                                                 "=",
                                                 "=\n",
                                                 ":",
                                                 ",",
                                                 "\"name\":\"default\"",
                                                 "\"value\":\"",
                                                 "\"functionKeys\":[",
                                                 "\"keys\":[{",
                                                 "x-functions-key: ",
                                                 "\"x-functions-key\", \"",
                                                 "Host: c.contoso.com",
                                                 "GET /api/G HTTP/1.1",
                                                 "az functionapp keys set ",
                                                 "-g rg ",
                                                 "-n app ",
                                                 "--slot qa ",
                                                 "--key-value ",
                                                 "host--functionKey--default",
                                                 "function--F--",
                                                 "host.master: ",
                                                 "functions-a-b-c=",
                                                 "/providers/Microsoft.Web/sites/",
                                                 "/slots/s/",
                                                 "- name: x\n",
                                                 "<",
                                                 ">",
                                                 "|",
                                                 "##vso[",
                                                 "variable=",
                                                 "]",
                                                 "\"url\":{",
                                                 "url=",
                                                 "&#",
                                                 "&#x",
                                                 "%",
                                                 "%25",
                                                 ";",
                                                 "://"};
  std::string out;
  while (out.size() < size) {
    if (random.below(12) == 0) {
      out += static_cast<char>(random.next());
    } else {
      out += kPieces[random.below(std::size(kPieces))];
    }
  }
  return out;
}

TEST(Context, DependsOnNothingOutsideOfTheWindow) {
  SeededRandom random(11);
  static constexpr std::string_view kKinds[] = {"master", "system", "function", "unknown"};
  size_t with_host = 0, with_carrier = 0;
  for (int round = 0; round < 3000; ++round) {
    const std::string before = random_text(random, random.below(2 * kContextBefore));
    const std::string after = random_text(random, random.below(3 * kContextAfter));
    const std::string key = fill_placeholders("{key:function}", random);
    const std::string text = before + key + after;
    const std::string_view kind = kKinds[random.below(4)];
    const KeyContext whole =
        read_context(text, before.size(), before.size() + key.size(), kind, "Refund.json");
    const size_t from = before.size() - std::min(before.size(), kContextBefore);
    const std::string cut = text.substr(from, before.size() - from + key.size() + kContextAfter);
    const KeyContext part = read_context(cut, before.size() - from,
                                         before.size() - from + key.size(), kind, "Refund.json");
    ASSERT_EQ(describe(whole), describe(part)) << "round " << round;
    with_host += whole.host.empty() ? 0 : 1;
    with_carrier += whole.carrier.empty() ? 0 : 1;
  }
  // The generator reaches what it is there for.
  EXPECT_GT(with_host, 100u);
  EXPECT_GT(with_carrier, 500u);
}

TEST(Context, SurvivesRandomBytesAndAnyPlace) {
  SeededRandom random(13);
  for (int round = 0; round < 2000; ++round) {
    const std::string text = random.bytes(random.below(6000));
    const size_t begin = random.below(text.size() + 1);
    const size_t end = begin + random.below(text.size() - begin + 1);
    const KeyContext context = read_context(text, begin, end, "unknown", text.substr(0, 20));
    for (const std::string* value : {&context.host, &context.app, &context.slot, &context.function,
                                     &context.key_name, &context.store, &context.resource_group}) {
      EXPECT_LE(value->size(), 128u);
      for (const char c : *value) EXPECT_TRUE(c > ' ' && c < 0x7f);
    }
  }
  EXPECT_EQ(read_context("abc", 2, 1, "function", ""), KeyContext());
  EXPECT_EQ(read_context("abc", 2, 9, "function", ""), KeyContext());
}

}  // namespace
}  // namespace assay

// What the surroundings of a key of any other service than Functions say of it.
#include "scanner/context_connection.h"

#include <map>

#include "tests/scanner/context_cases.h"

namespace assay {
namespace {

using namespace context_cases;

// A connection string: its parts, of which one is the key's, and what it says.
struct Form {
  std::string_view name;
  std::string_view family;
  std::vector<std::string> parts;
  Facts facts;
};

std::vector<Form> forms() {
  const std::string bus = "contoso.servicebus.windows.net";
  return {
      {"storage",
       "azure-storage",
       {"DefaultEndpointsProtocol=https", "AccountName=contoso", "AccountKey=KEY!",
        "EndpointSuffix=core.windows.net"},
       {.app = "contoso"}},
      {"storage with endpoints",
       "azure-storage",
       {"BlobEndpoint=https://contoso.blob.core.windows.net/", "AccountName=contoso",
        "AccountKey=KEY!"},
       {.host = "contoso.blob.core.windows.net", .app = "contoso"}},
      {"service bus",
       "azure-service-bus",
       {"Endpoint=sb://" + bus + "/", "SharedAccessKeyName=send-only", "SharedAccessKey=KEY!",
        "EntityPath=orders"},
       {.host = bus, .app = "contoso", .key_name = "send-only"}},
      {"event hub",
       "azure-event-hub",
       {"Endpoint=sb://" + bus, "SharedAccessKeyName=Root.Manage_1", "SharedAccessKey=KEY!"},
       {.host = bus, .app = "contoso", .key_name = "Root.Manage_1"}},
      {"relay",
       "azure-relay",
       {"Endpoint=sb://" + bus + "/", "SharedAccessKeyName=listen", "SharedAccessKey=KEY!",
        "EntityPath=hyco"},
       {.host = bus, .app = "contoso", .key_name = "listen"}},
      {"iot hub",
       "azure-iot",
       {"HostName=contoso.azure-devices.net", "SharedAccessKeyName=iothubowner",
        "SharedAccessKey=KEY!"},
       {.host = "contoso.azure-devices.net", .app = "contoso", .key_name = "iothubowner"}},
      {"iot device",
       "azure-iot",
       {"HostName=contoso.azure-devices.net", "DeviceId=pump-7", "SharedAccessKey=KEY!"},
       {.host = "contoso.azure-devices.net", .app = "contoso", .key_name = "pump-7"}},
      {"device provisioning",
       "azure-iot",
       {"HostName=contoso.azure-devices-provisioning.net",
        "SharedAccessKeyName=provisioningserviceowner", "SharedAccessKey=KEY!"},
       {.host = "contoso.azure-devices-provisioning.net",
        .app = "contoso",
        .key_name = "provisioningserviceowner"}},
      {"cosmos",
       "azure-cosmos-db",
       {"AccountEndpoint=https://contoso.documents.azure.com:443/", "AccountKey=KEY!"},
       {.host = "contoso.documents.azure.com", .app = "contoso"}},
      {"app configuration",
       "azure-app-configuration",
       {"Endpoint=https://contoso.azconfig.io", "Id=0-l4-s0:abc+d/1", "Secret=KEY!"},
       {.host = "contoso.azconfig.io", .app = "contoso", .key_name = "0-l4-s0:abc+d/1"}},
      {"communication",
       "azure-communication-services",
       {"endpoint=https://contoso.communication.azure.com/", "accesskey=KEY!"},
       {.host = "contoso.communication.azure.com", .app = "contoso"}},
      {"another domain",
       "azure-service-bus",
       {"Endpoint=sb://broker.contoso.com/", "SharedAccessKeyName=all", "SharedAccessKey=KEY!"},
       {.host = "broker.contoso.com", .key_name = "all"}},
  };
}

// How a string stands in a text: STRING is it; escapes are those of its `=`, `;` and `/`.
struct Quoting {
  std::string_view name;
  std::string_view text;
  std::string_view store;
  std::map<char, std::string> escapes = {};
};

std::vector<Quoting> quotings() {
  return {
      {"alone", "STRING", ""},
      {"in a sentence", "use \"STRING\" for now", ""},
      {"json", R"({"ConnectionStrings": {"Orders": "STRING", "Other": "x"}})",
       "ConnectionStrings:Orders"},
      {"json, other member", R"({"AzureWebJobsStorage":"STRING","FUNCTIONS_WORKER":"node"})",
       "AzureWebJobsStorage"},
      {"json pair", R"([{"name":"A","value":"b"},{"name":"ORDERS","value":"STRING"}])", "ORDERS"},
      {"json escapes", R"({"Orders":"STRING"})", "Orders", {{'=', "\\u003d"}, {'/', "\\/"}}},
      {"json in json", R"("{\"Orders\":\"STRING\"}")", "Orders", {{';', "\\u003B"}}},
      {"yaml", "data:\n  ORDERS: STRING\n  other: x\n", "ORDERS"},
      {"yaml quoted", "orders: \"STRING\"\n", "orders"},
      {"yaml pair", "- name: OTHER\n  value: x\n- name: ORDERS\n  value: STRING\n", "ORDERS"},
      {"yaml item", "strings:\n  - STRING\n", ""},
      {"xml attribute", R"(<add name="Orders" connectionString="STRING" providerName="x"/>)",
       "Orders"},
      {"xml key", R"(<add key="Orders" value="STRING" />)", "Orders"},
      {"xml element", "<Orders>STRING</Orders>", "Orders"},
      {"xml entities",
       "<add key='Orders' value='STRING'/>",
       "Orders",
       {{'=', "&#61;"}, {';', "&#x3b;"}}},
      {"env", "A=1\nORDERS=STRING\nB=2\n", "ORDERS"},
      {"env quoted", "export ORDERS='STRING'\n", "ORDERS"},
      {"env with marks", "ConnectionStrings__Orders=STRING", "ConnectionStrings__Orders"},
      {"windows", "set ORDERS=STRING\r\n", "ORDERS"},
      {"powershell", "$env:ORDERS = \"STRING\"", "ORDERS"},
      {"code", "string orders = \"STRING\";", "orders"},
      {"code, raw", "const orders = `STRING`", "orders"},
      {"call", "new Client(\"STRING\", \"queue\")", ""},
      {"command", "az x --connection-string \"STRING\" -o table", ""},
      {"command, bare", "az x --connection-string STRING -o table", ""},
      {"ini", "[orders]\nconn = STRING\n", "conn"},
      {"toml", "conn = 'STRING'\n", "conn"},
      {"properties", "app.conn:STRING\n", "app.conn"},
      {"csv", "1,STRING,x", ""},
      {"log", "2025-11-02T08:00:00Z conn [STRING] opened", ""},
      {"percent", "conn=STRING&x=1", "conn", {{'=', "%3D"}, {';', "%3B"}, {'/', "%2F"}}},
  };
}

std::string join(const std::vector<std::string>& parts, size_t turn, bool backward) {
  std::string out;
  for (size_t i = 0; i < parts.size(); ++i) {
    const size_t at = backward ? parts.size() - 1 - i : i;
    out += (out.empty() ? "" : ";") + parts[(at + turn) % parts.size()];
  }
  return out;
}

std::string placed(const Quoting& quoting, std::string string) {
  std::string escaped;
  for (const char c : string) {
    const auto escape = quoting.escapes.find(c);
    escaped += escape == quoting.escapes.end() ? std::string(1, c) : escape->second;
  }
  std::string text(quoting.text);
  return text.replace(text.find("STRING"), 6, escaped);
}

TEST(Connection, TellsTheResourceInAnyOrderAndQuoting) {
  size_t rows = 0;
  for (const Form& form : forms()) {
    for (const Quoting& quoting : quotings()) {
      for (size_t turn = 0; turn < form.parts.size(); ++turn) {
        for (const bool backward : {false, true}) {
          const std::string string = join(form.parts, turn, backward);
          Facts facts = form.facts;
          facts.carrier = "connection-string";
          facts.store = quoting.store;
          EXPECT_EQ(describe(context_of(placed(quoting, string), form.family)), describe(facts))
              << form.name << ", " << quoting.name << ": " << string;
          ++rows;
        }
      }
    }
  }
  EXPECT_GT(rows, 2000u);
}

TEST(Connection, MayBeginAndEndWithASeparatorAndGoOverLines) {
  const Facts contoso = {.app = "contoso", .carrier = "connection-string"};
  Facts named = contoso;
  named.store = "conn";
  check({
      {"final separator", "azure-storage", "AccountName=contoso;AccountKey=KEY!;", contoso},
      {"empty parts", "azure-storage", ";;AccountName=contoso;;AccountKey=KEY!;;", contoso},
      {"case", "azure-storage", "accountname=contoso;ACCOUNTKEY=KEY!", contoso},
      {"key without padding", "azure-storage", "AccountKey=KEY!;AccountName=contoso", contoso},
      {"blanks", "azure-storage", "AccountName=contoso; AccountKey=KEY!", contoso},
      {"pieces in code", "azure-storage",
       "conn = \"DefaultEndpointsProtocol=https;AccountName=contoso;\" +\n    \"AccountKey=KEY!;\"",
       named},
      {"pieces in code, key first", "azure-storage",
       "conn = (\"AccountKey=KEY!;\"\n        \"AccountName=contoso;\")", named},
      {"lines", "azure-storage",
       "conn: >\n  DefaultEndpointsProtocol=https;\n  AccountName=contoso;\n  AccountKey=KEY!;\n",
       contoso},
      {"two lines, the second's", "azure-storage",
       "AccountKey=x;AccountName=other;\nAccountKey=KEY!;AccountName=contoso;\n", contoso},
      {"two lines, the first's", "azure-storage",
       "AccountName=contoso;AccountKey=KEY!;\nAccountName=other;AccountKey=x;\n", contoso},
      {"array", "azure-storage",
       R"(["AccountName=other;AccountKey=x;", "AccountName=contoso;AccountKey=KEY!;"])", contoso},
      {"the nearest string", "azure-storage",
       "AccountName=other;AccountKey=x AccountName=contoso;AccountKey=KEY! "
       "AccountName=third;AccountKey=y",
       contoso},
      {"the account stands elsewhere",
       "azure-storage",
       "AZURE_STORAGE_ACCOUNT=contoso\nCONN=DefaultEndpointsProtocol=https;AccountKey=KEY!\n",
       {.app = "contoso", .carrier = "connection-string", .store = "CONN"}},
  });
}

TEST(Connection, ReadsRedis) {
  const Facts contoso = {
      .host = "contoso.redis.cache.windows.net", .app = "contoso", .carrier = "connection-string"};
  Facts named = contoso;
  named.store = "Redis";
  Facts url = contoso;
  url.carrier = "url";
  Facts command = contoso;
  command.carrier = "cli";
  const std::string_view family = "azure-cache-for-redis";
  check({
      {"usual", family, "contoso.redis.cache.windows.net:6380,password=KEY!,ssl=True,x=1", contoso},
      {"password first", family, "password=KEY!,contoso.redis.cache.windows.net:6380", contoso},
      {"json", family,
       R"({"Redis": "contoso.redis.cache.windows.net:6380,password=KEY!,ssl=True"})", named},
      {"env", family, "Redis=contoso.redis.cache.windows.net:6380,password=KEY!\n", named},
      {"no port", family, "contoso.redis.cache.windows.net,ssl=true,password=KEY!", contoso},
      {"url", family, "rediss://:KEY!@contoso.redis.cache.windows.net:6380/0", url},
      {"url with a user", family, "rediss://default:KEY!@contoso.redis.cache.windows.net:6380",
       url},
      {"command", family, "redis-cli -h contoso.redis.cache.windows.net -p 6380 -a KEY! --tls",
       command},
  });
}

TEST(Connection, TakesNoHostileNames) {
  const std::string_view hostile[] = {"$(touch x)", "`id`", "a'b",     "a\"b",        "a\nb",
                                      "a\\nb",      "a b",  "${NAME}", "<name>",      "a|b",
                                      "a;b",        "a&b",  "\x1b[2J", "caf\xc3\xa9", "{{name}}",
                                      "%NAME%",     "a\x7f"};
  const std::string_view texts[] = {
      "DefaultEndpointsProtocol=https;AccountName=@;AccountKey=KEY!",
      "AccountKey=KEY!;AccountName=@;EndpointSuffix=core.windows.net",
      "Endpoint=sb://@.servicebus.windows.net/;SharedAccessKeyName=@;SharedAccessKey=KEY!",
      "HostName=@.azure-devices.net;DeviceId=@;SharedAccessKey=KEY!",
      "Endpoint=https://@.azconfig.io;Id=@;Secret=KEY!",
      "https://@:KEY!@@.servicebus.windows.net/@",
      "https://x:KEY!@dev.azure.com/@/_git",
      "AZURE_STORAGE_ACCOUNT=@\nAZURE_STORAGE_KEY=KEY!",
      "{\"accountName\":\"@\",\"key\":\"KEY!\"}",
      "az storage x --account-name @ --account-key KEY!",
      "curl -H 'api-key: KEY!' https://@.search.windows.net/@"};
  for (const std::string_view family : {"azure-storage", "azure-service-bus", "azure-iot",
                                        "azure-search", "azure-devops-pat", "any-azure"}) {
    for (const std::string_view name : hostile) {
      for (const std::string_view form : texts) {
        std::string text;
        for (const char c : form) text += c == '@' ? std::string(name) : std::string(1, c);
        const KeyContext context = context_of(text, family);
        for (const std::string* value :
             {&context.host, &context.app, &context.key_name, &context.store, &context.slot,
              &context.function, &context.resource_group}) {
          EXPECT_EQ(value->find_first_of("$()`'\"\n\\ {}<>|;&\x1b%\x7f\xc3"), std::string::npos)
              << text;
        }
      }
    }
  }
}

TEST(Connection, KeepsKeysOutOfNames) {
  SeededRandom random(3);
  const KeyFamily& search = *find_family("azure-search");
  std::string other;  // one that could be a name
  while (other.empty() || other.find_first_of("+/") != other.npos) {
    other = mint(search, search.seeds[0], random.bytes(64));
  }
  const std::string key = key_of("azure-search");
  for (const std::string& name : {other, key}) {
    const std::string bare = name.substr(0, search.digits());
    const KeyContext context =
        context_of("AccountName=" + bare + ";SharedAccessKeyName=" + bare + ";AccountKey=KEY!",
                   "azure-search");
    EXPECT_EQ(context.app + context.key_name + context.host + context.store, "");
  }
}

// Random text of pieces that mean something to the reader.
std::string random_text(SeededRandom& random, size_t size) {
  static constexpr std::string_view kPieces[] = {"AccountName=",
                                                 "contoso",
                                                 ";",
                                                 "Endpoint=sb://",
                                                 ".servicebus.windows.net",
                                                 "SharedAccessKey=",
                                                 "\n",
                                                 "\"",
                                                 "DeviceId=",
                                                 "HostName=",
                                                 ".search.windows.net",
                                                 "https://",
                                                 "/",
                                                 "@",
                                                 ":",
                                                 "password=",
                                                 ",",
                                                 "%3B",
                                                 "\\u003b",
                                                 "&amp;",
                                                 "account: ",
                                                 "- name: ",
                                                 "value: ",
                                                 "{",
                                                 "}",
                                                 "[",
                                                 "]",
                                                 "(",
                                                 ")",
                                                 "\"auths\":{",
                                                 "api-key: ",
                                                 "\n\n",
                                                 "'",
                                                 " ",
                                                 "=",
                                                 "--account-name ",
                                                 "-p ",
                                                 "a.azurecr.io",
                                                 "_authToken=",
                                                 "//npm.contoso.com/:",
                                                 "AZURE_CLIENT_ID=",
                                                 "<add key=",
                                                 "ORDERS_KEY",
                                                 "dev.azure.com/o",
                                                 "\\\"",
                                                 "az servicebus x ",
                                                 ";\n",
                                                 "/providers/Microsoft.Storage/storageAccounts/",
                                                 "/resourceGroups/rg",
                                                 ";\" +\n \"",
                                                 "\x01",
                                                 "endpoint=",
                                                 "AccountKey=",
                                                 "accountname:",
                                                 "0a1b2c3d-0000-4000-8000-0123456789ab"};
  std::string out;
  while (out.size() < size) {
    if (random.below(20) == 0) {
      out += static_cast<char>(random.next());
    } else {
      out += kPieces[random.below(std::size(kPieces))];
    }
  }
  return out;
}

TEST(Connection, DependsOnNothingOutsideOfTheWindow) {
  SeededRandom random(19);
  static constexpr std::string_view kFamilies[] = {"azure-storage",         "azure-service-bus",
                                                   "azure-search",          "entra-client-secret",
                                                   "azure-cache-for-redis", "any-azure"};
  size_t with_app = 0, with_carrier = 0;
  for (int round = 0; round < 3000; ++round) {
    const std::string_view family = kFamilies[random.below(std::size(kFamilies))];
    const std::string before = random_text(random, random.below(2 * kContextBefore));
    const std::string after = random_text(random, random.below(3 * kContextAfter));
    const std::string key = key_of("azure-storage");
    const std::string text = before + key + after;
    const KeyContext whole =
        read_context(text, before.size(), before.size() + key.size(), family, "unknown", "x");
    const size_t from = before.size() - std::min(before.size(), kContextBefore);
    const std::string cut = text.substr(from, before.size() - from + key.size() + kContextAfter);
    const KeyContext part = read_context(cut, before.size() - from,
                                         before.size() - from + key.size(), family, "unknown", "x");
    ASSERT_EQ(describe(whole), describe(part)) << "round " << round;
    with_app += whole.app.empty() ? 0 : 1;
    with_carrier += whole.carrier.empty() ? 0 : 1;
    for (const std::string* value : {&whole.host, &whole.app, &whole.key_name, &whole.store}) {
      ASSERT_LE(value->size(), 256u);
      for (const char c : *value) ASSERT_TRUE(c > ' ' && c < 0x7f);
    }
  }
  // The generator reaches what it is there for.
  EXPECT_GT(with_app, 100u);
  EXPECT_GT(with_carrier, 500u);
}

TEST(Connection, FunctionsKeysKeepTheirOwnReading) {
  SeededRandom random(5);
  const std::string before = "https://contoso-orders.azurewebsites.net/api/Refund?code=";
  const std::string key = fill_placeholders("{key:function}", random);
  const std::string text = before + key + "&clientId=default";
  const size_t end = before.size() + key.size();
  EXPECT_EQ(read_context(text, before.size(), end, "azure-functions", "function", ""),
            read_context(text, before.size(), end, "function", ""));
  EXPECT_EQ(read_context("abc", 2, 1, "azure-storage", "account", ""), KeyContext());
  EXPECT_EQ(read_context("abc", 2, 9, "azure-storage", "account", ""), KeyContext());
}

}  // namespace
}  // namespace assay

// Lines are templates with placeholders. A table gives each template a weight, and each placeholder
// is filled from the seed:
//
//   {ip} - - [{clf}] "GET /api/{fn}/{num} HTTP/1.1" 200 {num}
//   10.4.91.7 - - [02/Nov/2025:08:14:22 +0000] "GET /api/Refund/48213 HTTP/1.1" 200 5123
//
// No line holds a Functions key's signature by chance, so that `rg -c AzFu` counts planted keys.
#include "benchmarks/text.h"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <iterator>

namespace assay {

namespace {

struct Template {
  unsigned weight;
  std::string_view text;
};

// Weights add up to 100.
constexpr Template kLog[] = {
    {20, R"({ip} - - [{clf}] "GET /api/{fn}/{num}?page={n2}&size=50 HTTP/1.1" 200 {num} )"
         R"("https://portal.contoso.example/{word}" "{agent}" rt=0.{n3})"},
    {8, R"({ip} - {word} [{clf}] "POST /api/{fn} HTTP/1.1" 201 {num} "-" "{agent}" rt=0.{n3})"},
    {4, R"({ip} - - [{clf}] "POST /api/{fn}?code=*** HTTP/1.1" 202 {num} "-" "{agent}" )"
        R"(host={app}.azurewebsites.net)"},
    {3,
     "{iso} [Information] Request starting HTTP/1.1 GET "
     "https://{app}.azurewebsites.net/api/{fn}?code=REDACTED&clientId=default - - -"},
    {1, "{iso} [Debug] {app}: > x-functions-key: *** > accept: application/json"},
    {10,
     "{iso} [Information] Executing 'Functions.{fn}' (Reason='This function was "
     "programmatically called via the host APIs.', Id={guid})"},
    {10, "{iso} [Information] Executed 'Functions.{fn}' (Succeeded, Id={guid}, Duration={n3}ms)"},
    {14, R"(time={iso} level=info msg="request done" method=GET path=/api/{fn}/{num} )"
         R"(status_code=200 duration_ms={n3} trace_id={hex32} span={hex16})"},
    {4, R"(time={iso} level=warn msg="slow dependency" target={app}.table.core.windows.net )"
        R"(status_code=503 retry={n2} trace_id={hex32})"},
    {10,
     R"({"@t":"{iso}","@mt":"Order {OrderId} moved to {State}","OrderId":{num},"State":"{word}",)"
     R"("RequestPath":"/api/{fn}","SourceContext":"Contoso.{word}.{fn}","etag":"{b64}"})"},
    {5,
     "   at Contoso.{word}.{fn}.RunAsync(HttpRequest req, ILogger log) in "
     "/home/site/src/{word}/{fn}.cs:line {n3}"},
    {5,
     "{iso} INFO  [{word}-{n2}] o.e.{word}.{fn} - fetched {num} rows in {n3} ms "
     "(pool active={n2} idle={n2})"},
    {3, "{iso} DEBUG [{word}-{n2}] cache hit key=order:{num}:{word} ttl={n3}"},
    {3, "Nov 02 08:14:{n2} node-{n2} kubelet[{num}]: I1102 pod {app}-{hex16} probe succeeded"},
};

constexpr Template kRecords[] = {
    {70, R"({"time":"{iso}","level":"Information","operationId":"{hex32}",)"
         R"("category":"Function.{fn}.User","status_code":200,"durationMs":{n3},)"
         R"("customDimensions":{"invocationId":"{guid}","host":"{app}",)"
         R"("text":"order {num} is {word}"}},)"},
    {8,
     R"({"time":"{iso}","level":"Information","operationId":"{hex32}",)"
     R"("url":"https://{app}.azurewebsites.net/api/{fn}?code=***&id={num}","status_code":202},)"},
    {22, R"({"time":"{iso}","level":"Warning","operationId":"{hex32}","message":"retry {n2} of )"
         R"({fn}: \"{word}\" took {n3} ms","etag":"{b64}","agent":"{agent}"},)"},
};

constexpr std::string_view kCsharp[] = {
    "namespace Contoso.{word}.{fn};",
    "public sealed class {fn}Handler(ILogger<{fn}Handler> log, I{word}Store store)",
    "    private readonly Dictionary<string, int> {word}{n2} = new();",
    "    public async Task<IActionResult> {fn}Async(HttpRequest req, CancellationToken stop)",
    "        var {word} = await store.GetAsync(\"{word}-{num}\", stop).ConfigureAwait(false);",
    "        if ({word}.Count > {n3}) throw new InvalidOperationException(\"{word} {fn}\");",
    "        log.LogInformation(\"{fn} took {Elapsed} ms\", watch.ElapsedMilliseconds);",
    "        return new OkObjectResult(new { id = {num}, state = \"{word}\" });",
    "    /// <summary>Moves the {word} to {word}; see ticket PAY-{num}.</summary>",
    "    }",
    "",
};
constexpr std::string_view kPython[] = {
    "import {word}",
    "def {word}_{word}(order_id: int, *, limit: int = {n3}) -> dict:",
    "    \"\"\"Return the {word} of order {num}.\"\"\"",
    "    for row in session.execute(select({fn}).where({fn}.{word} == {num})):",
    "        logger.info(\"%s: %d rows\", \"{word}\", len(row))",
    "        if response.status_code == 200 and row.{word} > {n2}:",
    "            yield {\"id\": {num}, \"{word}\": \"{word}\", \"etag\": \"{b64}\"}",
    "    return {}",
    "",
};
constexpr std::string_view kTypescript[] = {
    "import { {fn} } from \"../{word}/{word}\";",
    "export interface {fn}Props { {word}: string; {word}{n2}?: number }",
    "export const {word}{num} = async (ctx: Context, code: string): Promise<void> => {",
    "  const url = `https://${host}/api/{fn}?code=${encodeURIComponent(code)}`;",
    "  const {word} = await fetch(url, { headers: { \"x-request-id\": \"{guid}\" } });",
    "  if (!{word}.ok) throw new Error(`{fn} failed: ${{word}.status}`);",
    "};",
    "",
};
constexpr std::string_view kYaml[] = {
    "  - name: {word}-{word}",
    "    image: registry.contoso.example/{word}/{fn}@sha256:{hex32}{hex32}",
    "    env:",
    "      - { name: {word}_LIMIT, value: \"{num}\" }",
    "      - { name: FUNCTIONS_WORKER_RUNTIME, value: dotnet-isolated }",
    "    resources: { limits: { cpu: \"{n2}\", memory: {n3}Mi } }",
    "  # {word}: raised after incident {num}",
};
constexpr std::string_view kLock[] = {
    "    \"node_modules/{word}-{word}\": {",
    "      \"version\": \"{n2}.{n2}.{n2}\",",
    "      \"integrity\": \"sha512-{b64}{b64}{b64}\",",
    "      \"dependencies\": { \"{word}\": \"^{n2}.{n2}.0\" }",
    "    },",
};
constexpr Language kLanguages[] = {
    {"cs", kCsharp}, {"py", kPython}, {"ts", kTypescript}, {"yml", kYaml}, {"json", kLock},
};

constexpr std::string_view kWords[] = {
    "orders",  "refund",  "basket", "invoice", "ledger", "parcel", "stock",  "ticket",
    "voucher", "webhook", "worker", "queue",   "lease",  "shard",  "replay", "digest",
};
constexpr std::string_view kFunctions[] = {
    "Refund",      "PlaceOrder",   "ListOrders", "SyncStock",
    "SendInvoice", "CancelParcel", "HealthPing", "ImportLedger",
};
constexpr std::string_view kAgents[] = {
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/129.0.0.0 Safari/537.36",
    "python-requests/2.32.3",
    "curl/8.9.1",
};

template <size_t n>
std::string_view pick(const std::string_view (&list)[n], SeededRandom& random) {
  return list[random.below(n)];
}

std::string hex_digits(size_t count, SeededRandom& random) {
  std::string out;
  while (out.size() < count) out += fmt::format("{:016x}", random.next());
  out.resize(count);
  return out;
}

// Appends what `name` stands for; false if it is no placeholder (templates hold braces of C# too).
bool fill(std::string_view name, SeededRandom& random, std::string& out) {
  const auto to = std::back_inserter(out);
  const auto below = [&](uint64_t bound) { return random.below(bound); };
  if (name == "word") {
    out += pick(kWords, random);
  } else if (name == "fn") {
    out += pick(kFunctions, random);
  } else if (name == "agent") {
    out += pick(kAgents, random);
  } else if (name == "app") {
    fmt::format_to(to, "contoso-{}", pick(kWords, random));
  } else if (name == "ip") {
    fmt::format_to(to, "10.{}.{}.{}", below(32), below(256), below(256));
  } else if (name == "clf") {
    fmt::format_to(to, "02/Nov/2025:{:02}:{:02}:{:02} +0000", below(24), below(60), below(60));
  } else if (name == "iso") {
    fmt::format_to(to, "2025-11-02T{:02}:{:02}:{:02}.{:03}Z", below(24), below(60), below(60),
                   below(1000));
  } else if (name == "guid") {
    const std::string hex = hex_digits(32, random);
    fmt::format_to(to, "{}-{}-{}-{}-{}", std::string_view(hex).substr(0, 8),
                   std::string_view(hex).substr(8, 4), std::string_view(hex).substr(12, 4),
                   std::string_view(hex).substr(16, 4), std::string_view(hex).substr(20));
  } else if (name == "hex32" || name == "hex16") {
    out += hex_digits(name == "hex32" ? 32 : 16, random);
  } else if (name == "b64") {
    out += digits(22, random);
  } else if (name == "num") {
    fmt::format_to(to, "{}", 1000 + random.below(99000));
  } else if (name == "n2" || name == "n3") {
    fmt::format_to(to, "{}", random.below(name == "n2" ? 60 : 900) + 10);
  } else {
    return false;
  }
  return true;
}

// Appends one filled template, unless chance wrote a signature into it.
void append_line(std::string_view text, std::string_view end, SeededRandom& random,
                 std::string& out) {
  const size_t start = out.size();
  while (!text.empty()) {
    const size_t open = text.find('{');
    out += text.substr(0, open);
    if (open == std::string_view::npos) break;
    const size_t close = text.find('}', open);
    if (close != std::string_view::npos &&
        fill(text.substr(open + 1, close - open - 1), random, out)) {
      text.remove_prefix(close + 1);
    } else {
      out += '{';
      text.remove_prefix(open + 1);
    }
  }
  out += end;
  if (out.find("AzFu", start) != std::string::npos) out.resize(start);
}

std::string weighted_text(std::span<const Template> table, std::string_view end, size_t bytes,
                          SeededRandom& random) {
  std::string out;
  out.reserve(bytes + 1024);
  while (out.size() < bytes) {
    uint64_t left = random.below(100);
    const Template* chosen = table.data();
    while (left >= chosen->weight) left -= chosen++->weight;
    append_line(chosen->text, end, random, out);
  }
  return out;
}

}  // namespace

std::string log_text(size_t bytes, SeededRandom& random) {
  return weighted_text(kLog, "\n", bytes, random);
}

std::string json_records(size_t bytes, SeededRandom& random) {
  return weighted_text(kRecords, "", bytes, random);
}

std::span<const Language> languages() { return kLanguages; }

std::string source_text(const Language& language, size_t bytes, SeededRandom& random) {
  std::string out;
  out.reserve(bytes + 1024);
  while (out.size() < bytes) {
    append_line(language.lines[random.below(language.lines.size())], "\n", random, out);
  }
  return out;
}

std::string digits(size_t count, SeededRandom& random) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  out.reserve(count + 10);
  while (out.size() < count) {
    uint64_t bits = random.next();
    for (int i = 0; i < 10; ++i, bits >>= 6) out += kDigits[bits & 63];
  }
  out.resize(count);
  return out;
}

}  // namespace assay

// The surroundings of a place that the input chooses, whole and cut to what is looked at.
#include "scanner/context.h"
#include "tests/fuzz/fuzz.h"

namespace assay::fuzz {
namespace {

void check_name(const std::string& name) {
  check(name.size() <= 256, "names are short");
  check(!holds_control(name), "names hold no control characters");
  check(is_utf8(name), "names are valid UTF-8");
  check(!holds_proven_key(name), "names hold no key");
}

void check_names(const KeyContext& context) {
  for (const std::string* name :
       {&context.host, &context.app, &context.slot, &context.function, &context.key_name,
        &context.carrier, &context.store, &context.resource_group}) {
    check_name(*name);
  }
}

}  // namespace
}  // namespace assay::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace assay::fuzz;
  using assay::kContextAfter;
  using assay::kContextBefore;
  constexpr std::string_view kKinds[] = {"master", "system", "function", "unknown"};
  constexpr std::string_view kPaths[] = {"a.log", "secrets/host.json",
                                         "azure-webjobs-secrets/a/F.json",
                                         "run/secrets/functions-keys/host.master"};
  constexpr std::string_view kFamilies[] = {"azure-functions",
                                            "azure-storage",
                                            "azure-service-bus",
                                            "azure-iot",
                                            "azure-cosmos-db",
                                            "azure-cache-for-redis",
                                            "azure-search",
                                            "azure-app-configuration",
                                            "azure-container-registry",
                                            "azure-ai-services",
                                            "entra-client-secret",
                                            "azure-devops-pat",
                                            "github-app-server-token",
                                            "npm-access-token",
                                            "any-azure"};
  Input input(data, size);
  const unsigned pick = input.byte();
  const std::string_view kind = kKinds[pick % std::size(kKinds)];
  const std::string_view family = kFamilies[pick / 4 % std::size(kFamilies)];
  const std::string_view path = kPaths[input.byte() % std::size(kPaths)];
  const size_t times = 1 + input.byte() % 8;  // so that short inputs fill the window
  const size_t place = input.below(65536);
  const size_t length = input.byte() % 64;
  const std::string once = make_text(input);
  std::string text;
  for (size_t i = 0; i < times; ++i) text += once;
  const size_t begin = place % (text.size() + 1);
  const size_t end = std::min(text.size(), begin + length);

  const assay::KeyContext whole = assay::read_context(text, begin, end, family, kind, path);
  check_names(whole);
  const size_t from = begin - std::min(begin, kContextBefore);
  const size_t to = std::min(text.size(), end + kContextAfter);
  const auto cut = std::string_view(text).substr(from, to - from);
  // What stands right beside the window tells whether a name in it is cut off: one byte of it.
  const size_t left = from > 0 ? 1 : 0;
  const size_t right = to < text.size() ? 1 : 0;
  const auto window = std::string_view(text).substr(from - left, cut.size() + left + right);
  const size_t length_before = begin - from + left;
  check(assay::read_context(window, length_before, length_before + (end - begin), family, kind,
                            path) == whole,
        "the context does not depend on what is further away than the window");
  return 0;
}

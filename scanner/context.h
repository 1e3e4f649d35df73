// What the text around a key says about it: whose it is and what it opens.
#pragma once

#include <string_view>

#include "scanner/finding.h"

namespace assay {

// How far around a key the context looks. The same whether the text is whole or cut in windows, so
// that a finding does not depend on where a window ended.
inline constexpr size_t kContextBefore = 4096;
inline constexpr size_t kContextAfter = 1024;

// Reads the surroundings of the key at [begin, end) of `text`. `kind` is the key's: master (scope
// app), system (scope extension), function (scope from the text) or unknown. Looks at most
// kContextBefore bytes before and kContextAfter after. Time is linear in those. Every byte may be
// hostile. `path` is the blob's path (a secrets file or a mounted secret is told by its name).
// Facts: docs/functions-keys.md. Any thread.
KeyContext read_context(std::string_view text, size_t begin, size_t end, std::string_view kind,
                        std::string_view path);

// The same for a key of any family, by the name that rules have for it (family_name() of the key's
// seed, or the rule's own: any-azure, custom). Of services other than Functions: host, and as app
// what the key opens (account, namespace, hub, registry, service, organisation, application id), as
// key_name its policy, device or id, as carrier connection-string, url, query, header,
// docker-config, npmrc, cli, key-vault, environment or setting, and as store the setting's name.
KeyContext read_context(std::string_view text, size_t begin, size_t end, std::string_view family,
                        std::string_view kind, std::string_view path);

}  // namespace assay

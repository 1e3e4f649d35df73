// Reads the names of stored keys.
//
//   host--masterKey--master                host.master             host-master
//   host--functionKey--NAME                host.function.NAME      host-function-NAME
//   host--systemKey--eventgrid-095extension  host.systemKey.EXT    host-systemkey-EXT
//   function--FUNCTION--NAME               functions.FUNCTION.NAME functions-FUNCTION-NAME
//
// In Key Vault, a character other than a letter or digit is `-` and three decimal digits. In a
// Container Apps name the dashes of the parts and those between them look alike.
#include "scanner/context_names.h"

#include "scanner/context_text.h"

namespace assay {

namespace {

// Takes `prefix` off `name` if it begins so.
bool take(std::string_view& name, std::string_view prefix) {
  if (name.size() <= prefix.size() || !equal_any_case(name.substr(0, prefix.size()), prefix)) {
    return false;
  }
  name.remove_prefix(prefix.size());
  return true;
}

std::string unescaped(std::string_view name) {
  std::string out;
  for (size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '-' && i + 3 < name.size() && is_digit(name[i + 1]) && is_digit(name[i + 2]) &&
        is_digit(name[i + 3])) {
      const int code = (name[i + 1] - '0') * 100 + (name[i + 2] - '0') * 10 + (name[i + 3] - '0');
      // What is no ASCII becomes a byte that no name may hold, so that the fact is left out.
      out += static_cast<char>(code < 128 ? code : 0);
      i += 3;
    } else {
      out += name[i];
    }
  }
  return out;
}

SecretName vault_name(std::string_view name) {
  if (take(name, "host--masterKey--")) return {"key-vault", Scope::app, "", unescaped(name)};
  if (take(name, "host--functionKey--")) return {"key-vault", Scope::host, "", unescaped(name)};
  if (take(name, "host--systemKey--")) return {"key-vault", Scope::extension, "", unescaped(name)};
  if (!take(name, "function--")) return {};
  const size_t split = name.find("--");
  if (split == std::string_view::npos || split == 0 || split + 2 == name.size()) return {};
  return {"key-vault", Scope::function, unescaped(name.substr(0, split)),
          unescaped(name.substr(split + 2))};
}

SecretName dotted_name(std::string_view name) {
  if (equal_any_case(name, "host.master")) return {"kubernetes", Scope::app, "", ""};
  if (take(name, "host.function.")) return {"kubernetes", Scope::host, "", std::string(name)};
  if (take(name, "host.systemKey.")) return {"kubernetes", Scope::extension, "", std::string(name)};
  if (!take(name, "functions.")) return {};
  const size_t split = name.find('.');
  if (split == std::string_view::npos || split == 0 || split + 1 == name.size()) return {};
  return {"kubernetes", Scope::function, std::string(name.substr(0, split)),
          std::string(name.substr(split + 1))};
}

SecretName dashed_name(std::string_view name) {
  if (equal_any_case(name, "host-master")) return {"container-app", Scope::app, "", ""};
  if (take(name, "host-function-")) return {"container-app", Scope::host, "", std::string(name)};
  if (take(name, "host-systemkey-")) {
    return {"container-app", Scope::extension, "", std::string(name)};
  }
  if (!take(name, "functions-")) return {};
  size_t split = name.find('-');
  if (split == std::string_view::npos || split == 0 || split + 1 == name.size()) return {};
  constexpr std::string_view kDefault = "-default";
  if (name.ends_with(kDefault)) {
    split = name.size() - kDefault.size();
  } else if (name.find('-', split + 1) != std::string_view::npos) {
    // Which dash parts the function from the key cannot be told.
    return {"container-app", Scope::function, "", ""};
  }
  return {"container-app", Scope::function, std::string(name.substr(0, split)),
          std::string(name.substr(split + 1))};
}

}  // namespace

SecretName read_secret_name(std::string_view name) {
  constexpr size_t kLongest = 128;
  if (name.size() > kLongest) return {};
  SecretName found = vault_name(name);
  if (found.carrier.empty()) found = dotted_name(name);
  if (found.carrier.empty()) found = dashed_name(name);
  return found;
}

std::string_view find_vault_name(std::string_view text) {
  std::string_view found;
  for (size_t i = text.find("--"); i != std::string_view::npos; i = text.find("--", i)) {
    size_t begin = i;
    while (begin > 0 && is_name_char(text[begin - 1])) --begin;
    while (i < text.size() && is_name_char(text[i])) ++i;
    const std::string_view token = text.substr(begin, i - begin);
    const char first = lower(token[0]);
    if (first != 'h' && first != 'f') continue;
    if (vault_name(token).carrier.empty() || equal_any_case(token, found)) continue;
    if (!found.empty()) return {};
    found = token;
  }
  return found;
}

}  // namespace assay

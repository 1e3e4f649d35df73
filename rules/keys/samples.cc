// Texts of a key's form that were published to show that form. Their fingerprints stand here, so
// that no key does.
#include <algorithm>
#include <array>
#include <bitset>

#include "rules/keys/schemes.h"

namespace assay {

namespace {

// Sorted. Sources: tests and comments of microsoft/security-utilities; the documentation of
// GitHub's OAuth (four tokens with one body) and of Azure Databricks. Few of them have a checksum
// that holds.
constexpr std::string_view kPublished[] = {
    "73UIu7xCGv6ofelm1yqH",  // azure-relay
    "7aH00tlYEZcu0yhnxhm6",  // azure-event-hub
    "8R2xnVddM8ZRIHrJxRU/",  // entra-client-secret, the older form
    "AzHIx4jkxmbyZml2M57A",  // azure-storage
    "BMf4VzNoKuVE4RJhYeyF",  // github-oauth-token
    "EV2Vb0vN1Rb5EyvgoA/F",  // github-user-to-server-token
    "G47Z8IeLmqos+/TXkWoH",  // nuget-api-key
    "IPbIpsz22W/ERjUFrKVz",  // azure-common-annotated
    "PXCdA3fVOZxEhmvSbPZU",  // entra-client-secret
    "R6+pDaPrTyjBTsNUJ6dj",  // azure-functions; its checksum holds
    "RY3nYt6DD3bVJCCo0Gl+",  // azure-container-registry
    "UbKyddIkfSTbFaFEsHgB",  // databricks-token
    "Uq5lPf4NnvTmBC/4gJCb",  // databricks-token
    "Vmm6dfmdqWR5Nyvd39Tc",  // azure-event-grid
    "WNRIG2TMMQjdUEGSNRIQ",  // entra-client-secret, the older form
    "YhYYInrlHxuuoKjJgjL/",  // azure-batch
    "aL4C/u4qSVE6uQCXPICc",  // azure-container-registry
    "aSSaDx1Aejz6ffkke//s",  // entra-client-secret; its checksum holds
    "bUOMn/+Dx0jUK71D+nHu",  // npm-access-token
    "cgAuNarRt3XE67OyFKtT",  // azure-cosmos-db
    "ck+qtk4X7pNj47v3hymS",  // azure-api-management
    "iQzWDPcdxIBqwya67MmR",  // github-personal-access-token
    "jvq2yL4yh3KIgU4/9IWx",  // github-app-server-token
    "kuzEJRf141hymT5EYBdG",  // azure-ml-classic
    "l1YEgcONrdy5lIMMIZvV",  // azure-search
    "lUN/2bq6ZcMHjMAOxLPo",  // entra-client-secret, the older form
    "oCE/hp1BfeSLXPJgMqTz",  // azure-iot
    "ujJlDjBUPI6u49AyMCXk",  // azure-service-bus
    "vcocI2kI5E2ycoG55kza",  // entra-client-secret
    "vsP9cS9tmczXrFsd/ifi",  // azure-common-annotated
    "yo0vInFfUMvnPzM8lp0x",  // databricks-token
};
static_assert(std::is_sorted(std::begin(kPublished), std::end(kPublished)));

struct Range {
  size_t begin, end;
};

// Where random characters stand, without those that the checksum reaches into.
std::array<Range, 2> random_part(const KeyFamily& family) {
  const size_t at = family.signature_at, end = family.signature_end(), all = family.digits();
  switch (family.scheme) {
    case KeyScheme::identifiable:
    case KeyScheme::redis:
    case KeyScheme::common_annotated:
      return {{{0, at}, {0, 0}}};
    case KeyScheme::entra:
      return {{{0, at}, {end, all - 3}}};
    case KeyScheme::crc32_base62:
      return {{{end, all - 6}, {0, 0}}};
    case KeyScheme::devops_pat:  // between the bytes 8 and 22, and behind that
      return {{{15, 35}, {37, all - 1}}};
    case KeyScheme::none:
      break;
  }
  switch (characters_of(family)) {
    case KeyCharacters::base64:
      return {{{0, at}, {0, 0}}};
    case KeyCharacters::hexadecimal:  // without the number behind it
      return {{{end, end + 32}, {0, 0}}};
    default:
      return {{{0, at}, {end, all}}};
  }
}

}  // namespace

bool is_published_sample(std::string_view fingerprint) {
  return std::binary_search(std::begin(kPublished), std::end(kPublished), fingerprint);
}

bool looks_like_sample(const KeyFamily& family, std::string_view digits) {
  if (digits.size() != family.digits()) return false;
  std::bitset<256> seen;
  for (const auto& [begin, end] : random_part(family)) {
    for (size_t i = begin; i < end; ++i) seen.set(static_cast<unsigned char>(digits[i]));
  }
  return seen.count() <= 2;
}

}  // namespace assay

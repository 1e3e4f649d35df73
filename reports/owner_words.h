// Whose a key is, in the words that the formats for people share. Printable.
#pragma once

#include <string>

#include "response/owner.h"

namespace assay {

// What the sources of a report say; nothing where it has none.
OwnerAnswer owner_of(const OwnerSources* sources, const Finding& finding);

// "payments-team (the inventory has this key); payments@contoso.example; https://…".
std::string owner_words(const Owner& owner);

// "Dana (author of the commit that introduced it; may know whose key it is)". Addresses are left
// out, as in reports/history.h.
std::string brought_by_words(const BroughtBy& by);

inline constexpr char kCanary[] = "minted to be found: nobody should have used it";

}  // namespace assay

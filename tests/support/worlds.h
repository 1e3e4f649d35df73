// Small random worlds: texts of the pieces that a scanner can get wrong beside each other.
#pragma once

#include <string>
#include <string_view>

#include "rules/keys/mint.h"

namespace assay {

// About `pieces` pieces: keys whole, broken and bare, half signatures, keywords, escapes, hosts,
// newlines, random bytes and runs of key digits, in any order.
inline std::string random_world(SeededRandom& random, size_t pieces) {
  static constexpr std::string_view kPieces[] = {
      "{key:master}",
      "{key:function}",
      "{bare:system}",
      "{broken:master}",
      "{lost:system}",
      "{masked:function}",
      "{plain:56}",
      "{plain:43}=",
      "{hex:64}",
      "AzFu",
      "Az",
      "Fu",
      "AzF",
      "\n",
      "\r\n",
      " ",
      "=",
      "==",
      "%3D%3D",
      "%253D",
      "\\u003d\\u003d",
      "&#61;",
      "=3D=3D",
      "?code=",
      "&amp;code=",
      "&Code=",
      "%3Fcode%3D",
      "x-functions-key: ",
      "\"X-Functions-Key\":\"",
      "host.master: ",
      "host--masterKey--master=",
      "https://contoso-orders.azurewebsites.net/api/Refund",
      "\\n",
      "\x1b[31m",
      "\xEF\xBB\xBF",
      "\xF0\x9F\x94\x91",
      "\"",
      "'",
      "/",
      "-",
      "_",
      "A",
      "&clientId=default",
      "{\"masterKey\":{\"name\":\"master\",\"value\":\""};
  std::string out;
  for (size_t i = 0; i < pieces; ++i) {
    const size_t which = random.below(std::size(kPieces) + 2);
    if (which < std::size(kPieces)) {
      out += fill_placeholders(kPieces[which], random);
    } else if (which == std::size(kPieces)) {
      out += random.bytes(random.below(12));
    } else {
      out += fill_placeholders("{plain:54}", random).substr(0, random.below(54));
    }
  }
  return out;
}

}  // namespace assay

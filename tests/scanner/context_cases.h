// What the tests of contexts of keys of other services than Functions share.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "rules/keys/mint.h"
#include "scanner/context.h"

namespace assay::context_cases {

// Facts that a row expects; what is not named must be empty.
struct Facts {
  std::string host = {}, app = {}, key_name = {}, carrier = {}, store = {}, resource_group = {};
};

// `text` holds the key as KEY!.
struct Case {
  std::string_view name;
  std::string_view family;
  std::string text;
  Facts facts;
  std::string_view path = "notes.txt";
};

// A key of the family, by the name that rules have for it; of another a text as long.
inline std::string key_of(std::string_view name) {
  SeededRandom random(7);
  for (const KeyFamily& family : key_families()) {
    for (const KeySeed& seed : family.seeds) {
      if (family_name(family, seed) == name) return mint(family, seed, random.bytes(64));
    }
  }
  return fill_placeholders("{plain:40}", random);
}

inline KeyContext context_of(std::string_view text, std::string_view family,
                             std::string_view path = "") {
  const std::string key = key_of(family);
  const size_t at = text.find("KEY!");
  EXPECT_NE(at, std::string_view::npos) << text;
  const std::string whole =
      std::string(text.substr(0, at)) + key + std::string(text.substr(at + 4));
  return read_context(whole, at, at + key.size(), family, "unknown", path);
}

inline std::string describe(const KeyContext& c) {
  return "host=" + c.host + " app=" + c.app + " key_name=" + c.key_name + " carrier=" + c.carrier +
         " store=" + c.store + " group=" + c.resource_group + " slot=" + c.slot +
         " function=" + c.function + (c.functions_host ? " functions" : "");
}
inline std::string describe(const Facts& facts) {
  KeyContext c;
  c.host = facts.host;
  c.app = facts.app;
  c.key_name = facts.key_name;
  c.carrier = facts.carrier;
  c.store = facts.store;
  c.resource_group = facts.resource_group;
  return describe(c);
}

inline void check(const std::vector<Case>& cases) {
  for (const Case& row : cases) {
    EXPECT_EQ(describe(context_of(row.text, row.family, row.path)), describe(row.facts))
        << row.name;
  }
}

}  // namespace assay::context_cases

// What a key is called where it stands: the name beside it, and the names of the groups around it.
#pragma once

#include <string_view>

#include "scanner/context_text.h"

namespace assay {

// `"NAME": "KEY"`, `NAME=KEY`, `NAME: KEY`, `["NAME"] = "KEY"`, `("NAME", "KEY")`, `--NAME KEY`,
// `<NAME>KEY`. An option keeps its dashes.
struct Label {
  std::string_view name;  // empty: none
  char sign = 0;          // : = , or > as it stands there; a blank for an option
};
Label read_label(std::string_view before);

// The name of the group that encloses the key, `level` 0 being the innermost; may be empty.
std::string_view group_name(const Surroundings& surroundings, size_t level);

// The name in the same object as a key that stands as its value: `{"name":"NAME","value":"KEY"}`,
// `<add key="NAME" value="KEY"/>`, `- name: NAME` above `value: KEY`. Empty if there is none.
std::string_view sibling_name(const Surroundings& surroundings);

// As that, for `<setting name="NAME"><value>` at the end of `before`.
std::string_view sibling_name_of_tag(std::string_view before);

// One group around the key without the groups in it: what stands in it before and after.
struct Group {
  std::string_view before;
  std::string_view after;
};
// Takes the innermost level off the two sides of a record.
Group take_group(std::string_view& before, std::string_view& after);

}  // namespace assay

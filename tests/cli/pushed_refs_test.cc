// What git says of a push is understood to the last byte, or refused.
#include "cli/pushed_refs.h"

#include <gtest/gtest.h>

#include <string>

#include "cli/hook_files.h"
#include "rules/rule_set.h"

namespace assay {
namespace {

using namespace std::string_literals;

const std::string kOld(40, '0');
const std::string kNew(40, 'a');

std::string told(const std::vector<PushedRef>& refs) {
  std::string out;
  for (const PushedRef& ref : refs) {
    out += (ref.old_id == kOld ? "old " : "? ") + (ref.new_id == kNew ? "new "s : "? "s);
    out += ref.name + ";";
  }
  return out;
}

TEST(PushedRefs, LinesOfBothHooks) {
  const struct {
    PushLines lines;
    std::string text;
    std::string_view refs;
  } rows[] = {
      {PushLines::pre_receive, "", ""},
      {PushLines::pre_receive, kOld + " " + kNew + " refs/heads/main\n",
       "old new refs/heads/main;"},
      {PushLines::pre_receive, kOld + " " + kNew + " a\n" + kOld + " " + kNew + " \xff;::x",
       "old new a;old new \xff;::x;"},
      {PushLines::pre_push, "refs/heads/x " + kNew + " refs/heads/main " + kOld + "\n",
       "old new refs/heads/main;"},
      {PushLines::pre_push, "HEAD@{1 day ago} " + kNew + " refs/heads/main " + kOld,
       "old new refs/heads/main;"},
      {PushLines::pre_push, "(delete) " + kNew + " a " + kOld + "\n", "old new a;"},
  };
  for (const auto& row : rows) {
    const auto refs = parse_pushed_refs(row.text, row.lines);
    EXPECT_EQ(told(refs), row.refs);
    for (const PushedRef& ref : refs) EXPECT_EQ(ref.outgoing, row.lines == PushLines::pre_push);
  }
}

TEST(PushedRefs, AnythingElseIsRefusedWithItsLine) {
  const std::string good = kOld + " " + kNew + " refs/heads/main\n";
  const std::string rows[] = {
      "\n",
      " ",
      "x",
      kOld + " " + kNew,
      kOld + " " + kNew + " ",
      kOld + "  " + kNew + " a",
      " " + kOld + " " + kNew + " a",
      kOld + " " + kNew + " a b",
      kOld + " " + kNew + " a\r",
      kOld + " " + kNew + " a\tb",
      kOld + " " + kNew + " a\0b"s,
      kOld.substr(1) + " " + kNew + " a",
      kOld + "0 " + kNew + " a",
      kOld + " " + std::string(40, 'g') + " a",
      std::string(64, '0') + " " + std::string(64, 'a') + " a",
  };
  for (const std::string& row : rows) {
    try {
      parse_pushed_refs(good + row + "\n" + good, PushLines::pre_receive);
      ADD_FAILURE() << row;
    } catch (const Error& error) {
      EXPECT_EQ(std::string_view(error.what()).find("Line 2 of standard input"), 0u) << row;
    }
  }
  for (const std::string& row :
       {kNew + " a " + kOld, " " + kNew + " a " + kOld, "x " + kNew + " a b"s,
        "x " + kNew + "  " + kOld, "x y a " + kOld}) {
    EXPECT_THROW(parse_pushed_refs(row, PushLines::pre_push), Error) << row;
  }
}

TEST(HookText, NoPathOfTheProgramGetsOutOfItsQuotes) {
  for (const std::string_view name : kHookNames) {
    const std::string text = hook_text(name, "/a'$(touch x)\"`\\ b");
    EXPECT_NE(text.find("program='/a'\\''$(touch x)\"`\\ b' ;;"), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace assay

#include "cli/config_flags.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "rules/keys/mint.h"
#include "tests/scanner/sources/temp_folder.h"

namespace assay {
namespace {

using Texts = std::vector<std::string>;

class ConfigFlagsTest : public testing::Test {
 protected:
  ConfigFlagsTest() : here_(folder_.path()) {
    folder_.make_folder(".git");  // nothing above counts
    unsetenv("ASSAY_GITLEAKS_RULES");
  }

  std::string error_of(const ConfigFlags& flags, const Texts& inputs = {"."}) {
    try {
      find_config(flags, inputs, "");
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  }

  TempFolder folder_;

 private:
  WorkingFolder here_;
};

Texts ids_of(const ConfigChoice& choice) {
  Texts out;
  for (const Rule& rule : choice.config.rules) out.push_back(rule.id);
  return out;
}

std::string own_rule(std::string_view id) {
  return "[[rule]]\nid = '" + std::string(id) + "'\nregex = 'x'\n";
}

std::string leaks_rule(std::string_view id) {
  return "[[rules]]\nid = '" + std::string(id) + "'\nregex = 'x'\n";
}

TEST_F(ConfigFlagsTest, MergesWhatStandsNearest) {
  folder_.write(".assay.toml", "owners = 'who/owners.toml'\n" + own_rule("own"));
  folder_.write("src/.gitleaks.toml", leaks_rule("leak"));
  const ConfigChoice choice = find_config({}, {"src"}, "");
  EXPECT_EQ(choice.config.file, ".assay.toml, src/.gitleaks.toml");
  EXPECT_EQ(ids_of(choice), (Texts{"own", "leak"}));
  EXPECT_EQ(choice.config.owners, "who/owners.toml");
  ASSERT_EQ(choice.files.size(), 2u);
  EXPECT_EQ(choice.files[0].shown, ".assay.toml");
  EXPECT_FALSE(choice.files[0].gitleaks);
  EXPECT_TRUE(choice.files[1].gitleaks);
  std::vector<std::string> warnings;
  EXPECT_EQ(config_files_for("src", "", warnings).size(), 2u);
}

TEST_F(ConfigFlagsTest, ReportsNameNoFolderAboveThisOne) {
  folder_.write(".assay.toml", "baseline = 'b'\n" + own_rule("own"));
  folder_.make_folder("src");
  const WorkingFolder deeper(folder_ / "src");
  const ConfigChoice choice = find_config({}, {"."}, "");
  EXPECT_EQ(choice.config.file, ".assay.toml");
  EXPECT_EQ(choice.config.baseline, "../b");
  EXPECT_EQ(choice.config.rules.at(0).regex->file, "../.assay.toml");
  ConfigFlags flags;
  flags.config = {folder_ / ".assay.toml"};
  EXPECT_EQ(find_config(flags, {"."}, "").config.file, ".assay.toml");
}

TEST_F(ConfigFlagsTest, NoConfigIsNone) {
  EXPECT_TRUE(find_config({}, {"."}, "").config.file.empty());
  folder_.write(".assay.toml", own_rule("own"));
  ConfigFlags flags;
  flags.no_config = true;
  EXPECT_TRUE(find_config(flags, {"."}, "").files.empty());
  EXPECT_TRUE(find_config({}, {}, "").files.empty());
}

TEST_F(ConfigFlagsTest, SeveralInputsHaveOneConfig) {
  folder_.write("a/.assay.toml", "");
  folder_.make_folder("a/deep");
  folder_.make_folder("b");
  EXPECT_EQ(find_config({}, {"a", "a/deep", "nosuch"}, "").config.file, "a/.assay.toml");
  EXPECT_EQ(error_of({}, {"a", "b"}),
            "The config of a is a/.assay.toml, that of b is none, and a run has one. Name it with "
            "--config, or scan them apart.");
  ConfigFlags flags;
  flags.config = {"a/.assay.toml"};
  EXPECT_EQ(error_of(flags, {"a", "b"}), "no error");
}

TEST_F(ConfigFlagsTest, NamedConfigsAreToldApartByNameAndText) {
  folder_.write("mine.toml", own_rule("own"));
  folder_.write("theirs.toml", leaks_rule("leak"));
  folder_.write("my-gitleaks.toml", "title = 'x'\n");
  ConfigFlags flags;
  flags.config = {"theirs.toml", "mine.toml"};
  const ConfigChoice choice = find_config(flags, {"."}, "");
  EXPECT_EQ(choice.config.file, "mine.toml, theirs.toml");
  EXPECT_EQ(ids_of(choice), (Texts{"own", "leak"}));
  const struct {
    Texts config;
    std::string message;
  } cases[] = {
      {{"mine.toml"}, "no error"},
      {{"my-gitleaks.toml"}, "no error"},
      {{"theirs.toml", "my-gitleaks.toml"},
       "theirs.toml and my-gitleaks.toml are both configs of gitleaks. Name one of each kind at "
       "most."},
      {{"mine.toml", "mine.toml"},
       "mine.toml and mine.toml are both configs of assay. Name one of each kind at most."},
      {{"nosuch.toml"},
       "nosuch.toml could not be read: No such file or directory. Name a file that is there and "
       "may be read."},
  };
  for (const auto& row : cases) {
    flags.config = row.config;
    EXPECT_EQ(error_of(flags), row.message);
  }
}

TEST_F(ConfigFlagsTest, UseDefaultIsTheFlagsFileOrTheVariables) {
  folder_.write("rules.toml", leaks_rule("default-rule"));
  folder_.write("other.toml", leaks_rule("other-rule"));
  folder_.write("a/.gitleaks.toml", "[extend]\nuseDefault = true\n");
  folder_.make_folder("b");
  EXPECT_TRUE(error_of({}, {"a"}).starts_with("a/.gitleaks.toml:1: [extend] useDefault means"));
  setenv("ASSAY_GITLEAKS_RULES", "rules.toml", 1);
  EXPECT_EQ(ids_of(find_config({}, {"a"}, "")), Texts{"default-rule"});
  EXPECT_EQ(ids_of(find_config({}, {"b"}, "")), Texts{});
  ConfigFlags flags;
  flags.gitleaks_rules = "other.toml";
  EXPECT_EQ(ids_of(find_config(flags, {"a"}, "")), Texts{"other-rule"});
  // Without a config of gitleaks, the file that the flag names is one.
  EXPECT_EQ(ids_of(find_config(flags, {"b"}, "")), Texts{"other-rule"});
  flags.gitleaks_rules = "nosuch.toml";
  EXPECT_TRUE(error_of(flags, {"a"}).starts_with("nosuch.toml could not be read:"));
  unsetenv("ASSAY_GITLEAKS_RULES");
}

TEST_F(ConfigFlagsTest, WhatAConfigNamesStaysInItsRepository) {
  const TempFolder outside;
  outside.write("base.toml", leaks_rule("outside"));
  folder_.write("base.toml", leaks_rule("base"));
  folder_.link(outside / "base.toml", "link.toml");
  folder_.make_folder("a");
  const struct {
    std::string path, message;
  } cases[] = {
      {"../base.toml", "no error"},
      {"base.toml", "no error"},  // from the root, as gitleaks has it that is started there
      {"./../link.toml",
       "a/.gitleaks.toml names ./../link.toml, which leads out of its repository "
       "or folder. Name a file in it."},
      {outside / "base.toml", "a/.gitleaks.toml names " + (outside / "base.toml") +
                                  ", which leads out of its repository or folder. Name a file in "
                                  "it."},
      {"nosuch.toml",
       "nosuch.toml, which a/.gitleaks.toml extends, could not be read: No such file or "
       "directory. Name a file that is there and may be read."},
  };
  for (const auto& row : cases) {
    folder_.write("a/.gitleaks.toml", "[extend]\npath = '" + row.path + "'\n");
    EXPECT_EQ(error_of({}, {"a"}), row.message);
  }
  folder_.write("a/.gitleaks.toml", "");
  folder_.write("a/.assay.toml", "owners = 'owners.toml'\n");
  folder_.link(outside / "base.toml", "a/owners.toml");
  EXPECT_EQ(error_of({}, {"a"}),
            "a/.assay.toml names owners.toml, which leads out of its repository or folder. Name a "
            "file in it.");
}

// It may come with what is scanned.
TEST_F(ConfigFlagsTest, AConfigThatLetsEverythingThroughIsTold) {
  folder_.write(".assay.toml", "fail_on = 'never'\n");
  EXPECT_EQ(find_config({}, {"."}, "").config.warnings,
            Texts{".assay.toml has fail_on = \"never\", so no finding changes the exit code."});
  folder_.write(".assay.toml", "fail_on = 'verified'\n");
  EXPECT_EQ(find_config({}, {"."}, "").config.warnings, Texts{});
}

TEST_F(ConfigFlagsTest, ErrorsHaveTheLine) {
  const struct {
    const char* file;
    std::string text, message;
  } cases[] = {
      {".assay.toml", "\nexclude = ['a', '[']\n",
       ".assay.toml:2: exclude \"[\" could never match: a '[' is not closed"},
      {".assay.toml", "disabel = []", ".assay.toml:1: \"disabel\" is not a key of this file. Did "},
      {".assay.toml", std::string(kMaxConfigBytes + 1, '\n'),
       ".assay.toml could not be read: it is longer than 1048576 bytes. Make it shorter."},
      {".gitleaks.toml", "rules = 1", ".gitleaks.toml:1: rules must be tables [[rules]]."},
  };
  for (const auto& row : cases) {
    folder_.write(row.file, row.text);
    EXPECT_TRUE(error_of({}).starts_with(row.message)) << error_of({});
    ASSERT_EQ(unlink(row.file), 0);
  }
}

// A config names the keys that it allows, perhaps.
TEST_F(ConfigFlagsTest, NoKeyOfAConfigIsShown) {
  SeededRandom random(1);
  const std::string key = fill_placeholders("{key:master}", random);
  folder_.write(".assay.toml", "[[rule]]\nid = 'own'\nregex = 'x'\ndescription = '" + key +
                                   "'\ntags = ['" + key + "']\nremedy = '" + key +
                                   "'\n[[allow]]\nstopwords = ['" + key + "']\nreason = '" + key +
                                   "'\n");
  folder_.write(".gitleaks.toml", "'" + key + "' = 1\n");
  const Config config = find_config({}, {"."}, "").config;
  const Rule& rule = config.rules.at(0);
  for (const std::string& text :
       {rule.title, rule.description, rule.rotation_summary, rule.rotation.at(0).steps.at(0),
        rule.regex->tags.at(0), config.allows.at(0).reason, config.warnings.at(0)}) {
    EXPECT_EQ(text.find(key.substr(0, 40)), std::string::npos);
    EXPECT_NE(text.find("…(56)"), std::string::npos) << text;
  }
  EXPECT_EQ(config.allows[0].stopwords, Texts{key});  // what is compared stays
  folder_.write(".assay.toml", own_rule(key.substr(0, 54)));
  unlink(".gitleaks.toml");
  EXPECT_EQ(error_of({}), ".assay.toml:2: The id of this rule holds a key. Choose another.");
}

}  // namespace
}  // namespace assay

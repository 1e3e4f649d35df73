// Configs that are refused, and the whole message, but for `.assay.toml:`.
#pragma once

#include <string>
#include <vector>

namespace assay {

struct ConfigError {
  std::string toml;
  std::string message;
};

inline std::vector<ConfigError> config_errors() {
  const std::string rule = "[[rule]]\nid = 'a'\nregex = 'b'\n";
  return {
      {"x",
       "1: This is not TOML: Error while parsing key-value pair: encountered end-of-file. Mend the "
       "syntax."},
      {"\ndisabel = ['a']",
       "2: \"disabel\" is not a key of this file. Did you mean disable? It may hold enable, "
       "disable, severity, rule, allow, exclude, limits, owners, inventory, baseline, "
       "foreign_markers, fail_on."},
      {"zzzzzz = 1",
       "1: \"zzzzzz\" is not a key of this file. It may hold enable, disable, severity, rule, "
       "allow, exclude, limits, owners, inventory, baseline, foreign_markers, fail_on."},
      {"enable = []", "1: enable must be an array of 1 to 1000 strings."},
      {"enable = 'a'", "1: enable must be an array of 1 to 1000 strings."},
      {"enable = [1]", "1: each of enable must be a string."},
      {"enable = ['']", "1: each of enable must hold 1 to 256 bytes."},
      {"disable = ['a b']",
       "1: disable \"a b\" is no rule id: it holds a blank or a control character. Leave it out."},
      {"exclude = [\n'a',\n2]", "3: each of exclude must be a string."},
      {"owners = 3", "1: owners must be a string."},
      {"owners = ''", "1: owners must hold 1 to 1024 bytes."},
      {"owners = '/etc/owners.toml'",
       "1: owners \"/etc/owners.toml\" leads out of the folder of this file. Name a file in it or "
       "below."},
      {"inventory = 'a/../../b'",
       "1: inventory \"a/../../b\" leads out of the folder of this file. Name a file in it or "
       "below."},
      {"baseline = '..'",
       "1: baseline \"..\" leads out of the folder of this file. Name a file in it or below."},
      {"owners = \"a\\nb\"", "1: owners \"a?b\" holds a control character. Write it as one line."},
      {"foreign_markers = 'no'", "1: foreign_markers must be true or false."},
      {"fail_on = 'verfied'",
       "1: fail_on \"verfied\" is not known. Did you mean verified? Use one of verified, "
       "signature, context, never."},
      {"fail_on = 1", "1: fail_on must be a string."},
      {"severity = 'note'", "1: severity must be 1 to 1000 tables [[severity]]."},
      {"[severity]\nrule = 'a'", "1: severity must be 1 to 1000 tables [[severity]]."},
      {"[[severity]]\nlevel = 'note'", "1: rule is missing. Add it."},
      {"[[severity]]\nrule = 'a'",
       "2: This [[severity]] says nothing. Add level or security_severity."},
      {"[[severity]]\nrule = 'a'\nlevel = 'hight'",
       "3: level \"hight\" is not known. Use one of note, warning, error."},
      {"[[severity]]\nrule = 'a'\nsecurity_severity = '11'",
       "3: security_severity \"11\" is no severity. Write a string from \"0.0\" to \"10.0\" with "
       "one decimal."},
      {"[[severity]]\nrule = 'a'\nseverity = '1'",
       "3: \"severity\" is not a key of [[severity]]. It may hold rule, level, security_severity."},
      {"rule = []", "1: rule must be 1 to 10000 tables [[rule]]."},
      {"[rule]\nid = 'a'", "1: rule must be 1 to 10000 tables [[rule]]."},
      {"[[rule]]\nregex = 'a'", "1: id is missing. Add it."},
      {"[[rule]]\nid = 'a b'\nregex = 'a'",
       "2: id \"a b\" is no rule id. Begin with a letter or digit, and write letters, digits, "
       "dashes, like contoso-token."},
      {"[[rule]]\nid = '-a'\nregex = 'a'",
       "2: id \"-a\" is no rule id. Begin with a letter or digit, and write letters, digits, "
       "dashes, like contoso-token."},
      {"[[rule]]\nid = 'AZF1009'\nregex = 'a'",
       "2: id \"AZF1009\" is one of assay's own. Choose another, like contoso-token."},
      {"[[rule]]\nid = 'TOK3031-2'\nregex = 'a'",
       "2: id \"TOK3031-2\" is one of assay's own. Choose another, like contoso-token."},
      {"[[rule]]\nid = 'a'",
       "2: The rule has neither regex nor path, so it finds nothing. Add one."},
      {"[[rule]]\nid = 'a'\nregex = ''", "3: regex must hold 1 to 4096 bytes."},
      {"[[rule]]\nid = 'a'\nregx = ''",
       "3: \"regx\" is not a key of [[rule]]. Did you mean regex? It may hold id, description, "
       "regex, keywords, path, secret_group, entropy, tags, level, help_uri, remedy, "
       "security_severity."},
      {rule + rule, "5: id \"a\" stands in line 2 already. Choose another."},
      {rule + "description = \"a\\u0001\"",
       "4: description \"a?\" holds a control character. Write it as one line."},
      {rule + "keywords = []", "4: keywords must be an array of 1 to 1000 strings."},
      {rule + "keywords = 'a'", "4: keywords must be an array of 1 to 1000 strings."},
      {rule + "keywords = ['a', '']", "4: each of keywords must hold 1 to 256 bytes."},
      {rule + "secret_group = -1", "4: secret_group must be a whole number from 0 to 99."},
      {rule + "secret_group = 1.5", "4: secret_group must be a whole number from 0 to 99."},
      {rule + "secret_group = 100", "4: secret_group must be a whole number from 0 to 99."},
      {rule + "entropy = 9", "4: entropy must be a number from 0 to 8, in bits a character."},
      {rule + "entropy = nan", "4: entropy must be a number from 0 to 8, in bits a character."},
      {rule + "entropy = '3'", "4: entropy must be a number from 0 to 8, in bits a character."},
      {rule + "tags = [true]", "4: each of tags must be a string."},
      {rule + "level = 'high'", "4: level \"high\" is not known. Use one of note, warning, error."},
      {rule + "security_severity = 7.0", "4: security_severity must be a string."},
      {rule + "security_severity = 'high'",
       "4: security_severity \"high\" is no severity. Write a string from \"0.0\" to \"10.0\" with "
       "one decimal."},
      {rule + "help_uri = 'http://example.com'",
       "4: help_uri \"http://example.com\" is no web address. Write an absolute one that begins "
       "with https://."},
      {"[[allow]]",
       "1: This [[allow]] names no paths, regexes, stopwords or fingerprints. Add one; to turn a "
       "rule off, use disable."},
      {"[[allow]]\nrules = ['AZF1001']\nreason = 'a'",
       "1: This [[allow]] names no paths, regexes, stopwords or fingerprints. Add one; to turn a "
       "rule off, use disable."},
      {"[[allow]]\npath = ['a']",
       "2: \"path\" is not a key of [[allow]]. Did you mean paths? It may hold rules, paths, "
       "regexes, stopwords, fingerprints, reason."},
      {"[[allow]]\npaths = []", "2: paths must be an array of 1 to 1000 strings."},
      {"[[allow]]\nfingerprints = ['kXWoi7chsijJZARFXuOr']",
       "1: reason is missing. Say why these keys are no danger."},
      {"[[allow]]\nfingerprints = ['a']\nreason = 'b'",
       "2: fingerprints \"a\" is no fingerprint. Copy one from a report: 20 characters, or hmac: "
       "and 20."},
      {"[[allow]]\npaths = ['a']\nreason = ''", "3: reason must hold 1 to 1024 bytes."},
      {"[[allow]]\npaths = ['a']\nreason = \"a\\nb\"",
       "3: reason \"a?b\" holds a control character. Write it as one line."},
      {"allow = ['a']", "1: allow must be 1 to 10000 tables [[allow]]."},
      {"limits = 3", "1: limits must be a table [limits]."},
      {"[limits]\ndepth = 0", "2: depth must be a whole number from 1 to 16."},
      {"[limits]\ndepth = '3'", "2: depth must be a whole number from 1 to 16."},
      {"[limits]\nsecnds = 3",
       "2: \"secnds\" is not a key of [limits]. Did you mean seconds? It may hold depth, ratio, "
       "decoded_bytes, members, seconds."},
      {"[limits]\nseconds = 86401", "2: seconds must be a whole number from 1 to 86400."},
      {"[limits]\nratio = 3.5", "2: ratio must be a whole number from 1 to 10000."},
  };
}

}  // namespace assay

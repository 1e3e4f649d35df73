# rules check: holds 0, an example that fails 1, a broken file 2 with file and line.
source "$(dirname "$0")/common.inc"
rule() { cat <<T # rule EXAMPLE COUNTER_EXAMPLE
[[rule]]
id = "AZF1001"
name = "MasterKey"
title = "master key"
family = "azure-functions"
kind = "master"
confidence = "verified"
level = "error"
security_severity = "9.8"
rank = 98
precision = "very-high"
description = "Finds master keys."
impact = "Opens everything."
help_uri = "https://example.com/keys"
examples = ["$1"]
counter_examples = ["$2"]
[rule.rotation]
summary = "Renew it."
unknown = ["one"]
T
}
rule '{key:master}' '{key:system}' >good.toml
rule '{key:system}' '{key:master}' >fails.toml
{ rule '{key:master}' '{key:system}'; echo 'colour = "red'; } >broken.toml
expect 0 "$ASSAY" rules check good.toml && says "$tmp/out" 'good.toml: 1 rules hold.'
expect 1 "$ASSAY" rules check fails.toml && says "$tmp/out" 'Rule AZF1001 misses example 1'
expect 2 "$ASSAY" rules check broken.toml && one_sentence 'broken.toml:20'

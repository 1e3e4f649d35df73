# A config that is wrong, or may not be used, ends the run with one sentence and without a report.
source "$(dirname "$0")/common.inc"
mkdir -p a b c/.git
touch b/.assay.toml
while IFS='|' read -r text wanted; do
  printf '%b' "$text" >a/.assay.toml
  expect 2 "$ASSAY" scan a
  one_sentence "$wanted"
  [[ ! -s $tmp/out ]] || fail "a report: $text"
done <<'ROWS'
disabel = []|a/.assay.toml:1: "disabel" is not a key of this file. Did you mean disable?
\ndisable = ["AZF9999"]|a/.assay.toml:2: disable "AZF9999" names no rule.
disable = ["*"]|a/.assay.toml turns off every rule
exclude = ["["]|a/.assay.toml:1: exclude "[" could never match
owners = "../owners.toml"|a/.assay.toml:1: owners "../owners.toml" leads out of the folder
[[rule]]\nid = "x"\nregex = "("|a/.assay.toml:2: 
= 1|a/.assay.toml:1: This is not TOML
ROWS
rm a/.assay.toml
expect 2 "$ASSAY" scan a b
one_sentence 'The config of a is none, that of b is b/.assay.toml, and a run has one.'
expect 2 "$ASSAY" scan a --config none.toml
one_sentence 'none.toml could not be read: No such file or directory.'
expect 2 "$ASSAY" scan a --config b/.assay.toml --no-config
ln -s /etc/passwd c/.assay.toml
expect 2 "$ASSAY" scan c
one_sentence 'c/.assay.toml is a link that leads out of the repository.'

# What GitHub would refuse is left out of a log, told in it and on stderr, and makes exit code 2.
source "$(dirname "$0")/common.inc"
mkdir -p shop/.git && cd shop
seq 25001 | sed 's/^/tok_/' >a.txt
printf '[[rule]]\nid = "tok"\nregex = "tok_[0-9]+"\nkeywords = ["tok_"]\n' >../c.toml
results() { cat -- "$@" | grep -c '^{"ruleId":"tok"'; }
for flags in '--fail-on never' '-o ../log.sarif'; do
  # shellcheck disable=SC2086
  expect 2 "$ASSAY" scan . --config ../c.toml -f sarif --sarif-profile github $flags
  says "$tmp/err" 'assay: the report leaves out 1 findings, since it may hold only so many.'
  if [[ $flags == -o* ]]; then cat ../log.0??.sarif >"$tmp/out"; fi
  [[ $(results "$tmp/out") == 25000 ]] || fail "results: $(results "$tmp/out")"
  says "$tmp/out" '"descriptor":{"id":"ASY9011"'
  says "$tmp/out" '"exitCode":2,'
  lacks "$tmp/out" '"exitCode":1,'
done
sed -i 1d a.txt && expect 1 "$ASSAY" scan . --config ../c.toml -f sarif --sarif-profile github
lacks "$tmp/out" '"descriptor":{"id":"ASY9011"'

# doctor names what is in place and what is not: ok, warnings with 0, what is wrong with 2.
source "$(dirname "$0")/common.inc"
source "$(dirname "$0")/hook.inc"
mkdir "$tmp/bin"
ln -s "$ASSAY" "$tmp/bin/assay"
PATH=$tmp/bin:$PATH
new_repository repo
cd repo
git commit -q --allow-empty -m one

# doctor_says CODE STATUS SUBJECT TEXT [ARGS…]
doctor_says() {
  expect "$1" "$ASSAY" doctor "${@:5}"
  grep -qE "^$2 +$3 .*$4" "$tmp/out" || fail "does not say $2 $3 $4: $(<"$tmp/out")"
}
for subject in program libraries processor cache config repository; do doctor_says 0 ok $subject ''; done
doctor_says 0 warning hooks 'none is installed here'
doctor_says 0 ok 'self test' 'a key was made, hidden in 4 ways, found in each and proven'
says "$tmp/out" 'Nothing is wrong; 1 warning.'
expect 0 "$ASSAY" hook install
doctor_says 0 ok hooks "pre-commit is in place and runs $tmp/bin/assay"
says "$tmp/out" 'All is well.'
expect 0 "$ASSAY" doctor --json
python3 -c 'import json, sys; told = json.load(sys.stdin)
assert told["ok"] and all(row["status"] == "ok" for row in told["checks"]), told
assert {"program", "cache", "hooks"} <= {row["name"] for row in told["checks"]}' <"$tmp/out"
expect 2 "$ASSAY" doctor gone
one_sentence 'gone could not be read'
cd ..
doctor_says 0 ok repository 'none here' .

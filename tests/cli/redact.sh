# assay redact: every key gives way to RULE:FINGERPRINT, all else stays; what the exit code says.
source "$(dirname "$0")/common.inc"
fill app.log <<<'a {key:function:one}
b {key:function:one} c'
fill data.bin <<<'k={key:master}'
printf 'x\0\377\r\n' >>data.bin
expect 1 "$ASSAY" redact app.log
grep -qx 'a AZF1002:[A-Za-z0-9+/]\{20\}' "$tmp/out" || fail 'no token'
[[ $(<"$tmp/err") == 'assay: 2 keys replaced, 1 distinct.' ]] || fail "$(<"$tmp/err")"
cp "$tmp/out" once.log
expect 0 "$ASSAY" redact -q - <once.log
quiet
cmp once.log "$tmp/out" || fail 'a second redaction changed it'
expect 0 "$ASSAY" redact -q --exit-zero - <app.log
cmp once.log "$tmp/out" || fail 'standard input and a file differ'
expect 1 "$ASSAY" redact -q data.bin
printf 'x\0\377\r\n' | cmp - <(tail -c 5 "$tmp/out") || fail 'bytes were changed'
expect 0 "$ASSAY" scan once.log
echo 'GET /health' >clean.log
expect 0 "$ASSAY" redact clean.log
[[ $(<"$tmp/err") == 'assay: no key was found.' ]] || fail 'clean'
cmp clean.log "$tmp/out" || fail 'clean text was changed'
for wrong in missing.log .; do
  expect 2 "$ASSAY" redact "$wrong"
  one_sentence 'is not redacted'
done
expect 2 "$ASSAY" redact app.log clean.log
one_sentence 'See assay --help'

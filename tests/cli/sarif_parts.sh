# A log of too many results becomes parts beside its file, and never both stand; a pipe gets it whole.
source "$(dirname "$0")/common.inc"
mkdir src real
for file in a b c; do seq 3000 | sed "s/^/tok_$file/" >src/$file.txt; done
printf '[[rule]]\nid = "tok"\nregex = "tok_[a-c][0-9]+"\nkeywords = ["tok_"]\n' >c.toml
scan() { expect "$1" "$ASSAY" scan src --config c.toml -f sarif "${@:2}"; } # scan CODE FLAGS…
results() { cat -- "$@" | grep -c '^{"ruleId":"tok"'; }
scan 1 # also where standard output is a file
[[ $(results "$tmp/out") == 9000 && -z $(find . -name '*.sarif') ]] || fail 'split on standard output'
says "$tmp/err" 'write it to a file with --output, and it is split'
cp "$tmp/out" out.sarif && cp out.sarif out.030.sarif # of an earlier run
echo mine >out.020.sarif
scan 1 -o out.sarif
[[ ! -e out.sarif && $(results out.0??.sarif) == 9000 ]] || fail 'not all results, or the whole one'
[[ $(echo out.*) == "$(echo out.0{01..16}.sarif) out.020.sarif" ]] || fail "parts: $(echo out.*)"
grep -ohE '"id":"assay/files/p[0-9]+-of-16/"' out.0{01..16}.sarif | sort -u | wc -l | grep -qx 16 ||
  fail 'the parts have no category of their own'
ln -s real/log.sarif link.sarif && touch real/log.sarif
scan 1 -o link.sarif
[[ -L link.sarif && $(echo real/*) == "$(echo real/log.0{01..16}.sarif)" ]] || fail 'a link'
mv real/log.001.sarif real/log.sarif && rm real/log.0* && mkdir real/log.009.sarif
scan 2 -o real/log.sarif && one_sentence 'log.009.sarif'
[[ $(echo real/*) == 'real/log.009.sarif real/log.sarif' ]] || fail 'a part cannot be, and others are'
rmdir real/log.009.sarif && scan 1 -o real/log.sarif
head -n 9 src/a.txt >few && rm src/*.txt && mv few src/a.txt
scan 1 -o real/log.sarif
[[ $(echo real/*) == real/log.sarif ]] || fail "parts of an earlier run stay: $(echo real/*)"

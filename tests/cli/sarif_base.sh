# An earlier log in parts is what a scan is compared with; one that is broken ends the run.
source "$(dirname "$0")/common.inc"
mkdir src parts
for file in a b c; do seq 2000 | sed "s/^/tok_$file/" >src/$file.txt; done
printf '[[rule]]\nid = "tok"\nregex = "tok_[a-c][0-9]+"\nkeywords = ["tok_"]\n' >c.toml
scan() { expect "$1" "$ASSAY" scan src --config c.toml -f sarif "${@:2}"; } # scan CODE FLAGS…
in_state() { [[ $(cat parts/*.sarif | grep -c "\"baselineState\":\"$1\"") == "$2" ]] || fail "$1, not $2"; }
scan 1 -o parts/out.sarif
cp -r parts base
scan 0 --base-sarif base -o parts/out.sarif
in_state unchanged 6000
echo tok_a99999 >src/d.txt && rm src/c.txt
scan 1 --base-sarif base -o parts/out.sarif
in_state new 1 && in_state unchanged 4000 && in_state absent 2000
scan 0 --base-sarif parts # what is new there is known now
for text in '' '{}' '[]' '{"version":"2.0.0","runs":[]}' "$(head -c 300000 base/out.009.sarif)"; do
  printf %s "$text" >base/out.009.sarif
  scan 2 --base-sarif base && one_sentence 'base/out.009.sarif: it is no '
  [[ ! -s $tmp/out ]] || fail 'a report, though the base is broken'
done
rm base/* && scan 2 --base-sarif base && one_sentence 'base: the folder has no file *.sarif.'

# File names cannot break a terminal, a line of JSON or a report.
source "$(dirname "$0")/common.inc"
fill key.txt <<<'x-functions-key: {key:function}'
mkdir tree
key=$(cut -c18- key.txt)
for name in $'line\nbreak' $'esc\e[31mred\e]0;title\a' $'bad\xff\xc3(utf8' '[md](x) `code` **b** <b>|' \
  "code=$key" $'a\r::stop-commands::x' '##vso[task.complete]' $'\xe2\x80\xae' ' %0A,:;=&' '"q\\'; do
  cp key.txt "tree/$name"
  ln -s nowhere "$name"
done
for format in $formats; do
  expect 2 "$ASSAY" scan tree ./*[!t] -f "$format"
  python3 - "$format" "${key:0:20}" "$tmp/out" "$tmp/err" <<'P' || fail "$format: broken by a name"
import json, re, sys
form, key, *paths = sys.argv[1:]
texts = [open(path, "rb").read().decode("utf-8") for path in paths]  # must be valid
for text in texts:
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202e]", text.replace("\t", "")), "control"
    assert key not in text, "key"
    assert "##vso[" not in text or form == "sarif", "command"
    assert not re.search("^::stop", text, re.M), "command"
if form == "jsonl":
    lines = [json.loads(line) for line in texts[0].splitlines()]
    assert sum("rule_id" in line for line in lines) == 10, len(lines)
if form == "sarif":
    assert len(json.loads(texts[0])["runs"][0]["results"]) == 10
P
done

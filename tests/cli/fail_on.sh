# --fail-on and fail_on of a config, each against one finding of each confidence.
here=$(cd "$(dirname "$0")" && pwd)
source "$here/common.inc"
source "$here/hook.inc"
fill verified.txt <<<'code={key:function}'
fill signature.txt <<<'code={broken:function}'
fill context.txt <<<'x-functions-key: {plain:56}'
echo 'token = "cts_0123456789abcdef"' >own.txt # a rule of one's own has confidence context
printf '[[rule]]\nid = "cts"\nregex = "cts_[0-9a-f]{16}"\nkeywords = ["cts_"]\n' >rule.toml
for name in verified signature context own; do
  new_repository $name && cp $name.txt $name/ && git -C $name add . && git -C $name commit -qm one
done
while read -r word codes; do
  for name in verified signature context own; do
    code=${codes%% *} codes=${codes#* }
    for command in "scan $name.txt" "git $name"; do
      # shellcheck disable=SC2086
      expect "$code" "$ASSAY" $command --config rule.toml --fail-on $word -f jsonl
      says "$tmp/out" "\"confidence\":\"${name/own/context}\""
    done
    { echo "fail_on = \"$word\"" && cat rule.toml; } >c.toml
    expect "$code" "$ASSAY" scan $name.txt --config c.toml -f sarif
    says "$tmp/out" "\"exitCode\":$code,"
    [[ $word != never ]] || says "$tmp/err" 'c.toml has fail_on = "never", so no finding changes'
    expect 1 "$ASSAY" scan $name.txt --config c.toml --fail-on context # the flag counts
    expect 2 "$ASSAY" scan $name.txt gone.txt --config c.toml --fail-on $word
  done
done <<<$'verified 1 0 0 0\nsignature 1 1 0 0\ncontext 1 1 1 1\nnever 0 0 0 0'
expect 2 "$ASSAY" scan own.txt --fail-on Verified && one_sentence 'Use one of verified, signature'

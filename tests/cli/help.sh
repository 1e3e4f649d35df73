# --help fits a screen, every command has examples, and --version is one line.
source "$(dirname "$0")/common.inc"
expect 0 "$ASSAY" --version
quiet
grep -qxE 'assay [0-9]+\.[0-9]+\.[0-9]+' "$tmp/out" || fail 'not a version'
[[ $(wc -l <"$tmp/out") == 1 ]] || fail 'not one line'
expect 0 "$ASSAY" --help
(($(wc -l <"$tmp/out") <= 30)) || fail 'more than 30 lines'
for command in '' scan rules 'rules list' 'rules show' 'rules check' git hook 'hook install' \
  'hook uninstall' 'hook pre-push' 'hook pre-receive' inspect mint redact inventory \
  'inventory init' 'inventory import' 'inventory merge' 'inventory list' 'inventory check' \
  'inventory remove' rotate report diff baseline doctor completion; do
  for flag in --help -h; do
    # shellcheck disable=SC2086
    expect 0 "$ASSAY" $command $flag
    quiet
    says "$tmp/out" Examples
    (($(wc -L <"$tmp/out") <= 100)) || fail "more than 100 columns: $command"
  done
done
if [[ -e /dev/full ]]; then
  code=0
  "$ASSAY" --help >/dev/full 2>"$tmp/err" || code=$?
  [[ $code == 2 ]] || fail "help on a full disk: $code"
fi

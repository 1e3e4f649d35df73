# doctor says of each hook whether it will run, and runs nothing of the repository.
source "$(dirname "$0")/common.inc"
source "$(dirname "$0")/hook.inc"
new_repository repo
cd repo
hook=.git/hooks/pre-commit

# doctor_says CODE STATUS TEXT
doctor_says() {
  expect "$1" "$ASSAY" doctor
  grep -A1 -E "^$2 +hooks " "$tmp/out" | grep -qF -- "$3" || fail "no $2 $3: $(<"$tmp/out")"
  [[ ! -e $tmp/ran ]] || fail 'it ran something'
}
doctor_says 0 warning 'none is installed here'
expect 0 "$ASSAY" hook install --pre-commit --pre-push
doctor_says 0 ok 'pre-push is in place'
chmod -x $hook
doctor_says 2 wrong 'is not executable'
chmod +x $hook && echo '# more' >>$hook
doctor_says 0 warning 'was written by another version'
sed -i "s|program='.*'|program='/nowhere/assay'|" $hook
doctor_says 2 wrong 'finds no program'
printf '#!/bin/sh\ntouch "%s/ran"\n' "$tmp" >"$tmp/other" && chmod +x "$tmp/other"
sed -i "s|/nowhere/assay|$tmp/other|" $hook
doctor_says 0 warning 'which is not this program'
printf '#!/bin/sh\ntouch "%s/ran"\n' "$tmp" >$hook
doctor_says 0 warning 'is another one, without assay'
expect 0 "$ASSAY" hook uninstall --pre-push && rm $hook
printf 'repos:\n- hooks: [{id: assay}]\n' >.pre-commit-config.yaml
doctor_says 2 wrong 'Run `pre-commit install`.'

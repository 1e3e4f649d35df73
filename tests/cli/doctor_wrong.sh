# doctor finds what is broken: cache, config, baseline, ignore file, clones, a program that is not this.
source "$(dirname "$0")/common.inc"
source "$(dirname "$0")/hook.inc"
new_repository repo
cd repo
git commit -q --allow-empty -m one && git commit -q --allow-empty -m two

# doctor_says CODE STATUS SUBJECT TEXT [COMMAND…]
doctor_says() {
  if (($# == 4)); then set -- "$@" "$ASSAY" doctor; fi
  expect "$1" "${@:5}"
  grep -A1 -E "^$2 +$3 " "$tmp/out" | grep -qF -- "$4" || fail "no $2 $3 $4: $(<"$tmp/out")"
}
doctor_says 0 warning program 'it is not on PATH'
doctor_says 0 warning cache 'neither XDG_CACHE_HOME nor HOME' env -u HOME -u XDG_CACHE_HOME "$ASSAY" doctor
chmod 777 "$XDG_CACHE_HOME/assay"
doctor_says 0 warning cache 'others can write to' && chmod 700 "$XDG_CACHE_HOME/assay"
printf '[bad\n*.log\n' >.assayignore
doctor_says 0 warning ignored 'line 1 of .assayignore matches nothing'
doctor_says 0 ok ignored '.assayignore has 2 patterns'
echo 'no_such_setting = 1' >.assay.toml
doctor_says 2 wrong config no_such_setting
says "$tmp/out" '1 wrong, '
echo 'baseline = "gone"' >.assay.toml && doctor_says 2 wrong baseline gone
echo >.assay.toml && touch .assay-baseline
doctor_says 0 warning baseline 'nothing names it'
git clone -q --depth=1 "file://$PWD" ../shallow
doctor_says 0 warning repository 'git fetch --unshallow' "$ASSAY" doctor ../shallow
git clone -q --filter=blob:none "file://$PWD" ../partial 2>"$tmp/err"
doctor_says 0 warning repository 'the clone is partial' "$ASSAY" doctor ../partial

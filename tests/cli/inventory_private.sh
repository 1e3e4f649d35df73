# The file is its owner's, holds no key, and none is taken into it or said of it.
source "$(dirname "$0")/common.inc"
fill keys.json <<'T'
{"functionKeys":{"default":"{key:function:A}","mine":"{plain:56}"},"masterKey":"{key:master:M}"}
T
fill sealed.json <<'T'
{"masterKey":{"name":"master","value":"CfDJ8","encrypted":true},"functionKeys":[{"name":"default","value":"{key:function:A}"}]}
T
value() { grep -o "\"$1\":\"[^\"]*" keys.json | cut -d '"' -f 4; }
run() { # run CODE ARGUMENT…: and keeps what it says
  expect "$1" "$ASSAY" inventory "${@:2}" && cat "$tmp/out" "$tmp/err" >>said
}
run 0 init && [[ $(stat -c %a .assay-inventory) == 600 ]] || fail 'not private'
run 0 import --app contoso-orders keys.json
chmod 644 .assay-inventory && run 0 list && one_sentence 'chmod 600'
run 0 import --app contoso-orders --owner payments keys.json
[[ $(stat -c %a .assay-inventory) == 600 ]] || fail 'not private again'
run 2 import --app contoso-orders sealed.json && one_sentence 'whose value is encrypted, was left out'
cp .assay-inventory good
for name in default mine; do
  run 2 import --app contoso-orders --contact "ask $(value $name)" keys.json
  sed "s|\"payments\"|\"$(value $name)\"|" good >bad && chmod 600 bad
  run 2 list --inventory bad && one_sentence 'bad:2:'
  run 2 merge bad
  cmp good .assay-inventory || fail 'changed by what was refused'
done
run 2 list --inventory "$(value default)"
for name in default mine; do
  ! grep -qF "$(value $name | cut -c 12-19)" said .assay-inventory || fail 'a value was kept or said'
done

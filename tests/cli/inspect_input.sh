# Hostile lines, an inventory, and a prompt that does not show what is typed.
source "$(dirname "$0")/common.inc"
fill key.txt <<<'{key:function}'
{ head -c 70000 /dev/zero | tr '\0' a; echo; cat key.txt; } >long.txt
expect 2 "$ASSAY" inspect --file long.txt
one_sentence 'line 1 of long.txt was not inspected: it is longer than 64 KiB'
says "$tmp/out" 'line 2: Azure Functions function key'
printf '\0\1\2\0 \xff\xfe\n' >binary.txt
expect 1 "$ASSAY" inspect --file binary.txt
says "$tmp/out" 'it is binary'
iconv -f ASCII -t UTF-16LE key.txt >wide.txt
expect 0 "$ASSAY" inspect -f json --file wide.txt
says "$tmp/out" '"kind":"function"'
printf '%s\r\n\r\n' "$(cat key.txt)" >dos.txt
expect 0 "$ASSAY" inspect --file dos.txt
head -c 30000 /dev/urandom | base64 -w0 >noise.txt
expect 1 timeout 60 "$ASSAY" inspect --file noise.txt
# Which entry of an inventory it is.
reveals "$ASSAY" mint --kind host --inventory keys.inv --canary --app orders --owner payments >canary.txt
expect 0 "$ASSAY" inspect --file canary.txt --inventory keys.inv
says "$tmp/out" 'a canary: minted to be found, nobody uses it, app orders, owner payments'
expect 0 "$ASSAY" inspect --file key.txt --inventory keys.inv
says "$tmp/out" 'not in keys.inv'
python3 "$(dirname "$0")/inspect_prompt.py" "$ASSAY" key.txt

# What stands in a container beside its members: found in files and streams, by itself and once.
source "$(dirname "$0")/common.inc"
fill key.txt <<'T'
GET https://contoso.azurewebsites.net/api/Refund?code={key:function}
T
python3 - <<'P'
import base64, gzip, zipfile
text = open("key.txt").read()
with zipfile.ZipFile("comment.zip", "w", zipfile.ZIP_DEFLATED) as made:
    made.writestr("a.txt", "nothing")
    made.comment = text.encode()
with zipfile.ZipFile("inner.zip", "w", zipfile.ZIP_DEFLATED) as made:
    made.writestr("a.txt", text)
open("setup.sh", "wb").write(b"#!/bin/sh\nexit\n" + open("inner.zip", "rb").read())
open("mail.eml", "w").write("From: a@x\nTo: b@x\nSubject: s\n\n" + text)
open("log.gz", "wb").write(gzip.compress(text.encode()))
# Over what is held of a member, so that it goes through as a stream.
filler = b"0123456789abcde\n" * (34 << 16)
open("large.gz", "wb").write(gzip.compress(b"From: a@x\nTo: b@x\n\n" + filler + text.encode(), 1))
key = text.strip().split("code=")[1]
name = base64.urlsafe_b64encode(b"xx" + key.encode() + b"zz").decode().rstrip("=")
with zipfile.ZipFile("name.zip", "w") as made:
    made.writestr(name + ".txt", text)
open("hidden", "w").write(name)
P
one() { [[ $(grep -c '"fingerprint"' "$tmp/out") == 1 ]] || fail "$1: not one finding"; }
for file in comment.zip setup.sh mail.eml log.gz; do
  expect 1 "$ASSAY" scan "$file" -f jsonl && one "$file"
done
for file in comment.zip mail.eml log.gz; do
  expect 1 "$ASSAY" scan - -f jsonl < <(sleep 0.3; head -c 1 $file; sleep 0.1; tail -c +2 $file)
  one "$file, slowly"
done
expect 1 "$ASSAY" scan large.gz -f jsonl && one large.gz
says "$tmp/out" '"encoding":["gzip"]'
# The name stands in the archive's own bytes as well, and is no name that a report may show.
expect 1 "$ASSAY" scan name.zip -f jsonl && says "$tmp/out" '"path":"name.zip!/'
lacks "$tmp/out" "$(head -c 40 hidden)"
# Text, whatever its name says; a pack is told.
echo 'isto é um texto de ajuda' >help.pt.br && expect 0 "$ASSAY" scan help.pt.br
printf '# v2 git bundle\n' >x.bundle && expect 2 "$ASSAY" scan x.bundle
says "$tmp/err" 'run assay git on the clone'

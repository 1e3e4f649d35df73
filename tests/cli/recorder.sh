# What is recorded for the search for keys is, byte for byte, all that assay wrote.
source "$(dirname "$0")/common.inc"
[[ -n $RECORD ]] || exit 0 # by hand, without the recorder
fill key.txt <<<'code={key:function}'
recorded() { # recorded FILE NAME…: the newest record of that name holds what FILE holds
  # shellcheck disable=SC2012
  cat "$(ls -td "$RECORD"/$2 | head -n 1)" | cmp - "$1" || fail "$2 is not $1"
}
for format in $formats; do
  expect 2 "$ASSAY" scan key.txt missing -f "$format" --stats
  recorded "$tmp/out" '*-fd1.file.0'
  recorded "$tmp/err" '*-fd2.file.0'
  expect 1 "$ASSAY" scan key.txt -f "$format" -o report
  recorded report '*-fd[3-9]*.file.0'
done
for arguments in '--version' '--help' 'scan --help' 'rules list' 'rules show AZF1001'; do
  # shellcheck disable=SC2086
  expect 0 "$ASSAY" $arguments
  recorded "$tmp/out" '*-fd1.file.0'
done
python3 - "$XDG_CACHE_HOME"/assay/* <<'P' || fail 'the cache was not recorded'
import os, pathlib, sys
records = [path.read_bytes() for path in pathlib.Path(os.environ["RECORD"]).glob("*.file.0")]
for path in sys.argv[1:]:
    assert any(pathlib.Path(path).read_bytes() in record for record in records), path
P
# A limit on the size of files parts the record and loses nothing of it.
for i in {1..300}; do echo "code={key:function:$i}"; done | fill many.txt
expect 1 "$ASSAY" scan many.txt -f jsonl
mv "$tmp/out" whole
rm -f "$RECORD"/*-fd1.pipe.* # of an earlier run
(trap '' XFSZ; ulimit -f 8; exec "$ASSAY" scan many.txt --no-cache -f jsonl) |
  cat >"$tmp/out" || true
# shellcheck disable=SC2046
(cd "$RECORD" && cat $(ls -v ./*-fd1.pipe.*)) | cmp - whole || fail 'lost by a limit'

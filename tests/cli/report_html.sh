# The HTML form in a real browser, with names that want to be markup: what it paints and holds.
here=$(cd "$(dirname "$0")" && pwd)
source "$here/common.inc"
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) ||
  fail "there is no Chromium. Install the package chromium."
python3 "$here/report_html.py" findings >hostile.jsonl
expect 0 "$ASSAY" report hostile.jsonl --format html --title '</title><script>alert(1)</script>' -o page.html
quiet
# open NAME FRAGMENT FLAG…: the picture, the pages and the tree of what the browser made of it.
open() {
  local name=$1 fragment=$2 code=0
  shift 2
  HOME=$tmp/$name timeout 60 "$browser" --headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage \
    --no-first-run --hide-scrollbars --user-data-dir="$tmp/$name" --window-size=1000,1800 "$@" \
    --screenshot="$PWD/$name.png" --print-to-pdf="$PWD/$name.pdf" --no-pdf-header-footer --dump-dom \
    "file://$PWD/page.html$fragment" >"$name.dom" 2>"$name.log" || code=$?
  [[ $code == 0 && -s $name.png && -s $name.pdf ]] || fail "the browser failed: $(tail -n 3 "$name.log")"
}
open light '' &
first=$!
open dark '#filter=NEEDLE&sort=1&order=down' --blink-settings=preferredColorScheme=0
wait "$first"
python3 "$here/report_html.py" check light.png dark.png light.dom dark.dom

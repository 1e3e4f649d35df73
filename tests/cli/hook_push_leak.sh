# A push with a key in any of its commits is stopped, on either side; what is there already is not.
source "$(dirname "$0")/common.inc"
source "$(dirname "$0")/hook.inc"
leak() { # FOLDER: a commit with a key, and one that takes it away
  fill "$1/leak.env" <<<'KEY={key:master}'
  git -C "$1" add leak.env
  git -C "$1" commit -q -m leak
  git -C "$1" rm -q leak.env
  git -C "$1" commit -q -m gone
}
for name in pre-receive pre-push; do
  rm -rf "$tmp/work/repo" "$tmp/work/server.git"
  cd "$tmp/work"
  new_repository repo
  new_repository server.git --bare
  leak repo # before there is a hook: later pushes are not stopped by it
  git -C repo remote add origin ../server.git
  git -C repo push -q origin main
  [[ $name == pre-push ]] && place=repo || place=server.git
  expect 0 "$ASSAY" hook install "--$name" "$place"
  git -C repo commit -q --allow-empty -m clean
  expect 0 git -C repo push origin main
  grep -qE 'Clean: [0-9]+ objects?, [0-9.]+ [a-zA-Z]+ scanned' "$tmp/err" "$tmp/out" ||
    fail "$name does not say what it scanned"
  expect 0 git -C repo push -q origin main:refs/heads/same

  git -C repo checkout -q -b other
  leak repo
  for target in other main; do
    expect 1 git -C repo push -q origin "other:refs/heads/$target"
    grep -qF leak.env:1:5 "$tmp/err" "$tmp/out" || fail "$name does not name the place"
    grep -qF 'and push again' "$tmp/err" "$tmp/out" || fail "$name does not say what to do"
    [[ $name == pre-push ]] || says "$tmp/err" 'not taken yet'
  done
  expect 1 git -C repo push -q origin main:refs/heads/fine other:refs/heads/other
  expect 0 git -C repo push origin :refs/heads/same
  grep -qF 'Nothing was scanned: the push brings no new commit.' "$tmp/err" "$tmp/out" ||
    fail "$name does not say why nothing was scanned"
  [[ $(git -C server.git for-each-ref --format='%(refname:short)') == main ]] || fail "$name: refs"
done

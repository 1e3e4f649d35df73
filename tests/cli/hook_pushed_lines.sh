# What is not a push's lines is refused, never let through; without a line, that is said.
source "$(dirname "$0")/common.inc"
source "$(dirname "$0")/hook.inc"
new_repository repo
cd repo
for name in pre-receive pre-push; do
  expect 0 "$ASSAY" hook "$name" </dev/null
  one_sentence 'no ref is pushed'
  for line in x '  ' '1 2 refs/heads/main' 'a b c d'; do
    expect 2 "$ASSAY" hook "$name" <<<"$line"
    one_sentence 'Line 1 of standard input'
  done
done
expect 2 "$ASSAY" hook pre-push <<<"a 1 b $(printf 'x%.0s' {1..40})"
one_sentence 'Line 1'

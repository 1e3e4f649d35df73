# Whatever assay calls to write with, the recorder stands before it.
source "$(dirname "$0")/common.inc"
[[ -n $RECORD ]] || exit 0 # by hand, without the recorder
names='write|send|splice|copy_file|tee$|put|print|syslog|mmap|io_uring|io_submit|mq_|msgsnd'
names+='|perror|psignal'
missing=$(comm -13 <(nm -D --defined-only "$RECORDER" | awk '{print $3}' | sort) \
  <(nm -D --undefined-only "$ASSAY" | sed 's/.* [Uw] //; s/@.*//' | grep -E "$names" |
    grep -vE '^_Z|^_*v?sn?w?printf(_chk)?$|^isprint$' | sort))
[[ -z $missing ]] || fail "the recorder does not see: $missing"

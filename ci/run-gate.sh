#!/usr/bin/env bash
# The gate of a pipeline: what action.yml, ci/azure-pipelines.yml and ci/gitlab.yml run.
#
#   ci/run-gate.sh find    where the program is, or what a cache of it is called
#   ci/run-gate.sh run     scans; writes a SARIF log, a summary and outputs; exits as assay does
#
# All it is told comes in variables, so that no text of a branch, a title or a path is ever a part of
# a script. docs/ci.md says what each is:
#   GATE_PLATFORM  github, azure, gitlab; else a plain shell
#   GATE_SCAN      files (default), history, range
#   GATE_PATHS     files and folders, one a line; of history and range the repository
#   GATE_RANGE     A..B; empty: what the pull request or push adds, as the platform tells
#   GATE_ARGS      more flags of assay, one a line
#   GATE_CONFIG GATE_BASELINE GATE_BASE_SARIF GATE_FAIL_ON    as the flags
#   GATE_PROFILE   of SARIF: full, github, ado; empty: the platform's
#   GATE_FOLDER    for the reports; empty: one of the platform's
#   GATE_BUILD     auto (default), always, never: whether the program is made from these sources
#   GATE_VERSION   the version that the program must be; empty: any
#   GATE_UPLOAD    true: the caller wants to upload the log; GATE_ANNOTATE: false: no annotations
set -Eeuo pipefail

root=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/.." && pwd -P)
made=$root/build/gate # the program alone, so that a cache holds nothing else
platform=${GATE_PLATFORM-}
if [[ $platform == azure ]]; then # a parameter that is empty comes as one blank
  for name in PATHS RANGE ARGS CONFIG BASELINE BASE_SARIF FAIL_ON PROFILE FOLDER VERSION; do
    variable=GATE_$name
    [[ ${!variable-} != ' ' ]] || printf -v "$variable" ''
  done
fi

die() {
  printf 'assay gate: %s\n' "$*" >&2
  exit 2
}
trap 'die "line $LINENO of ci/run-gate.sh failed"' ERR

# one_of NAME VALUE WORDS…
one_of() {
  local name=$1 value=$2
  shift 2
  [[ " $* " == *" $value "* && $value != *' '* ]] || die "$name is none of: $*. Correct it."
}

# Each line of the text as a word of `words`; empty lines are none. A carriage return is an editor's.
split_lines() {
  local line
  words=()
  while IFS= read -r line || [[ -n $line ]]; do
    line=${line%$'\r'}
    [[ -z $line ]] || words+=("$line")
  done <<<"$1"
}

# What the log of the platform takes for a command: none may come from a name that assay shows.
commands_off() {
  [[ $platform == github ]] || return 0
  stopped=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  printf '::stop-commands::%s\n' "$stopped"
}
commands_on() {
  [[ $platform != github ]] || printf '::%s::\n' "$stopped"
}
harmless() {
  if [[ $platform == azure ]]; then sed 's/##\(vso\)\{0,1\}\[/## \1[/g'; else cat; fi
}

# output NAME VALUE: what later steps may ask for.
output() {
  [[ $2 != *$'\n'* ]] || die "$1 would be several lines"
  case $platform in
    github) printf '%s=%s\n' "$1" "$2" >>"${GITHUB_OUTPUT:-/dev/null}" ;;
    azure) printf '##vso[task.setvariable variable=%s;isOutput=true]%s\n' "$1" "$2" ;;
  esac
}

# ---- the program

version_of() { "$1" --version 2>/dev/null || true; }
fits() {
  local version
  version=$(version_of "$1")
  [[ $version == 'assay '* ]] && [[ -z ${GATE_VERSION-} || $version == "assay $GATE_VERSION" ]]
}

# A hash of all that the program is made of, and of the system that it is made for.
source_key() {
  {
    uname -sm
    grep -E '^(ID|VERSION_ID)=' /etc/os-release 2>/dev/null || true
    cd -- "$root"
    find CMakeLists.txt CMakePresets.json dev cmake cli git reports response rules scanner \
      -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
  } | sha256sum | cut -c1-32
}

# Prints the path of a program that is there already, or fails.
program_there() {
  local program
  if [[ ${GATE_BUILD:-auto} != always ]]; then
    program=$(type -P assay || true)
    if [[ -n $program ]] && fits "$program"; then
      printf '%s\n' "$program"
      return 0
    fi
  fi
  [[ ${GATE_BUILD:-auto} != never && -f $made/key && $(<"$made/key") == "$(source_key)" ]] &&
    fits "$made/assay" && printf '%s\n' "$made/assay"
}

find_program() {
  one_of GATE_BUILD "${GATE_BUILD:-auto}" auto always never
  local program
  if program=$(program_there); then
    printf '%s\n' "$program"
    return 0
  fi
  [[ ${GATE_BUILD:-auto} != never ]] ||
    die "no program assay${GATE_VERSION:+ $GATE_VERSION} is on PATH. Install it, or let it be built."
  "$root/dev" --version >/dev/null || die "assay could not be built. Its output is above."
  mkdir -p -- "$made"
  cp -- "$root/build/release/assay" "$made/assay.new"
  mv -- "$made/assay.new" "$made/assay"
  source_key >"$made/key"
  fits "$made/assay" || die "these sources make $(version_of "$made/assay"), not ${GATE_VERSION-}."
  printf '%s\n' "$made/assay"
}

# ---- what to scan

is_no_commit() { [[ -z $1 || $1 =~ ^0+$ ]]; }

# The range of the pull request or push. Revisions are words for assay, never for the shell.
range() {
  local from=''
  if [[ -n ${GATE_RANGE-} ]]; then
    printf '%s\n' "$GATE_RANGE"
    return 0
  fi
  case $platform in
    github)
      from=${GATE_PR_BASE:-${GATE_BEFORE-}}
      if is_no_commit "$from" && [[ -n ${GATE_DEFAULT_BRANCH-} ]]; then
        from=origin/$GATE_DEFAULT_BRANCH
      fi
      ;;
    azure)
      [[ -z ${SYSTEM_PULLREQUEST_TARGETBRANCH-} ]] ||
        from=origin/${SYSTEM_PULLREQUEST_TARGETBRANCH#refs/heads/}
      ;;
    gitlab)
      from=${CI_MERGE_REQUEST_DIFF_BASE_SHA:-${CI_COMMIT_BEFORE_SHA-}}
      if is_no_commit "$from" && [[ -n ${CI_DEFAULT_BRANCH-} ]]; then
        from=origin/$CI_DEFAULT_BRANCH
      fi
      ;;
  esac
  is_no_commit "$from" && die "it is not known what the range begins with. Name it: A..B."
  printf '%s\n' "$from..HEAD"
}

# Fills `command` with the words of assay, but for the report's.
make_command() {
  local words between flag variable
  case ${GATE_SCAN:-files} in
    files) command=(scan) ;;
    history) command=(git) ;;
    range)
      between=$(range) || exit 2
      command=(git "--range=$between")
      ;;
  esac
  for flag in config baseline base-sarif fail-on; do
    variable=GATE_${flag^^}
    variable=${variable//-/_}
    [[ -z ${!variable-} ]] || command+=("--$flag=${!variable}")
  done
  split_lines "${GATE_ARGS-}"
  command+=("${words[@]}")
  split_lines "${GATE_PATHS-}"
  command+=(-- "${words[@]}")
}

# ---- what came out

# Of the log, or of its parts where it was too large for one file: what counts, what of it is
# proven, what was suppressed. A result is a line; quotes in its texts are escaped. A profile that
# leaves suppressed results out says how many there were.
count_results() {
  awk '/^\{"ruleId":/ {
      if (/"suppressions":\[\{/ || /"baselineState":"absent"/) next
      found++
      if (/"confidence":"verified"/) verified++
      next
    }
    match($0, /"suppressed":[0-9]+/) { suppressed = substr($0, RSTART + 13, RLENGTH - 13) }
    END { print found + 0, verified + 0, suppressed + 0 }' "$@"
}

# The summary as a person reads it in a log: signs that stand there as numbers, as themselves.
readable() {
  awk '{
    gsub(/<\/?code>/, "`")
    out = ""
    while (match($0, /&#[0-9]+;/)) {
      number = substr($0, RSTART + 2, RLENGTH - 3) + 0
      sign = number > 31 && number < 127 ? sprintf("%c", number) : "?"
      out = out substr($0, 1, RSTART - 1) sign
      $0 = substr($0, RSTART + RLENGTH)
    }
    print out $0
  }'
}

# Whether the token of this run may write, as an upload must: that of a fork may not.
may_upload() {
  [[ ${GATE_UPLOAD-} == true ]] || return 1
  local why=''
  if [[ -n ${GATE_PR_REPOSITORY-} && $GATE_PR_REPOSITORY != "${GITHUB_REPOSITORY-}" ]]; then
    why='this pull request comes from a fork'
  elif [[ ${GITHUB_ACTOR-} == 'dependabot[bot]' ]]; then
    why='dependabot has a token that only reads'
  fi
  [[ -n $why ]] || return 0
  printf '::notice title=assay::The SARIF log is not uploaded, since %s. %s\n' "$why" \
    'What was found stands in the summary of this job.'
  return 1
}

# A line of its own at each place in the change. A second scan, so only where there is something.
annotate() {
  [[ $platform == github && ${GATE_ANNOTATE-} != false ]] || return 0
  "$1" "${command[@]:0:1}" --format github --quiet --exit-zero "${command[@]:1}" 2>/dev/null || true
}

default_folder() {
  case $platform in
    github) printf '%s\n' "${RUNNER_TEMP:-/tmp}/assay" ;;
    azure) printf '%s\n' "${BUILD_ARTIFACTSTAGINGDIRECTORY:-/tmp}/assay" ;;
    *) printf '%s\n' assay-report ;;
  esac
}

publish_summary() {
  [[ -s $1 ]] || return 0
  case $platform in
    github) cat -- "$1" >>"${GITHUB_STEP_SUMMARY:-/dev/null}" ;;
    azure) printf '##vso[task.uploadsummary]%s\n' "$1" ;;
  esac
}

run() {
  one_of GATE_SCAN "${GATE_SCAN:-files}" files history range
  local profile=full command program folder code=0 logs found verified suppressed
  case $platform in github) profile=github ;; azure) profile=ado ;; esac
  profile=${GATE_PROFILE:-$profile}
  program=$(find_program) || exit 2
  folder=${GATE_FOLDER:-$(default_folder)}
  mkdir -p -- "$folder/sarif"
  folder=$(cd -- "$folder" && pwd -P)
  rm -f -- "$folder"/sarif/assay*.sarif "$folder/summary.md"
  make_command

  commands_off
  "$program" "${command[@]:0:1}" --format sarif --sarif-profile "$profile" --quiet \
    --output "$folder/sarif/assay.sarif" --summary "$folder/summary.md" "${command[@]:1}" \
    </dev/null 2>&1 | harmless || code=${PIPESTATUS[0]}
  [[ ! -s $folder/summary.md ]] || readable <"$folder/summary.md" | harmless
  commands_on
  ((code <= 2)) || code=2

  shopt -s nullglob
  logs=("$folder"/sarif/assay*.sarif)
  read -r found verified suppressed < <(count_results "${logs[@]}" </dev/null)
  output findings "$found"
  output verified "$verified"
  output suppressed "$suppressed"
  output complete "$([[ $code == 2 ]] && echo false || echo true)"
  output exit-code "$code"
  if ((${#logs[@]} == 1)); then output sarif "${logs[0]}"; else output sarif "$folder/sarif"; fi
  if ((${#logs[@]} > 0)) && may_upload; then output upload true; else output upload false; fi
  publish_summary "$folder/summary.md"
  ((found == 0)) || annotate "$program"
  trap - ERR
  exit "$code"
}

case ${1-} in
  find)
    if program=$(program_there); then
      output program "$program"
    elif [[ ${GATE_BUILD:-auto} != never ]]; then
      output folder "$made"
      output key "assay-$(source_key)"
    fi
    ;;
  run) run ;;
  *) die "usage: ci/run-gate.sh find|run" ;;
esac

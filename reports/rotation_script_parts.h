// The parts of a rotation script that are the same for every key.
#pragma once

#include <string_view>

namespace assay {

// What stands above the keys. It defines the stages; each key defines the commands they call.
inline constexpr std::string_view kScriptStart = R"SH(set -euo pipefail
set +x
umask 077

step='start' subject='all keys' told=no why=''

say() { printf '%s\n' "$*"; }
now() { date -u +%Y-%m-%dT%H:%M:%SZ; }

# stop SENTENCE [CODE]
stop() {
  told=yes
  printf '\nStopped in the step "%s" of %s: %s\n' "$step" "$subject" "$1" >&2
  exit "${2:-1}"
}

leave() {
  local code=$?
  if [[ $code != 0 && $told == no ]]; then
    printf '\nStopped in the step "%s" of %s. Look at the message above, and run this script again.\n' \
      "$step" "$subject" >&2
  fi
}
trap leave EXIT

begin() {
  step=$1
  printf '\n== %s\n' "$step"
}

# has NAME: whether there is a key of that name. Only names are asked for.
has() {
  local names
  names=$(list_names </dev/null) ||
    stop 'the names of the keys could not be listed, so nothing more was changed. Sign in, check the names, and run this script again.'
  grep -Fxq -e "$1" <<<"${names//$'\r'/}"
}

# holds COMMAND: whether what it prints holds the exposed key. Its output goes into assay and
# nowhere else, and of that report only the fingerprint is looked at.
holds() {
  local report
  report=$("$1" </dev/null | assay scan - --format jsonl --exit-zero --quiet) ||
    stop 'the values could not be compared with the exposed key, so nothing more was changed. Check that you may list keys, and run this script again.'
  [[ $report == *'"complete":true'* ]] ||
    stop 'the values could not be compared whole with the exposed key. Run this script again.'
  [[ $report == *"\"fingerprint\":\"$fingerprint\""* ]]
}

# Whether the key of that name is still the exposed one; else `why` says what became of it.
still_exposed() {
  if [[ $named == yes ]] && ! has "$exposed"; then
    why="There is no key named $exposed: it is gone already."
    return 1
  fi
  if [[ -n $fingerprint ]] && ! holds show_exposed; then
    why="The key $exposed has another value than the exposed one: it was renewed already."
    return 1
  fi
}

# ask QUESTION: goes on only if the key's name is typed. ASSAY_YES=1 answers for a key that its
# fingerprint proves.
ask() {
  local answer=''
  if [[ ${ASSAY_YES-} == 1 && -n $fingerprint ]]; then return 0; fi
  printf '\n%s\n' "$1" >&2
  if [[ -z $fingerprint ]]; then
    printf 'Nothing proves that this name holds the exposed value: compare it in the portal first.\n' >&2
  fi
  printf 'Type %s to go on, anything else to stop: ' "$exposed" >&2
  if [[ ! -t 0 ]] && { : </dev/tty; } 2>/dev/null; then
    IFS= read -r answer </dev/tty || true
  else
    IFS= read -r answer || true
  fi
  [[ $answer == "$exposed" ]] ||
    stop 'it was not confirmed, so the exposed key is still valid. Run this script again when it may go on.' 3
}

confirm_place() {
  begin 'Confirm the place'
  confirm </dev/null ||
    stop 'the app could not be found, and nothing was changed. Sign in (az login), check the subscription and the names, and run this script again.'
}

apply_change() {
  if [[ $restarts == no ]]; then return 0; fi
  say "$(now) make the app read its keys again"
  restart </dev/null >/dev/null ||
    stop "the app was not restarted, so it may still take the old keys. Restart it by hand: $restart_by_hand"
}

create_replacement() {
  begin "Create the replacement $replacement"
  if has "$replacement"; then
    say 'It is there already.'
    if [[ -n $fingerprint ]] && holds show_replacement; then
      stop "the key $replacement holds the exposed value itself. Delete it by hand, and run this script again."
    fi
  else
    make_replacement </dev/null >/dev/null ||
      stop "$replacement could not be made; the callers' key was not touched. Run this script again: it looks first whether it is there."
    has "$replacement" ||
      stop "$replacement is not there, though it was made; the callers' key was not touched. Run this script again."
    say "$(now) made $replacement"
  fi
  use_replacement
}

# Whether Container Apps mounts the secret $1 as $2 (or at all); everywhere else there is no volume.
mounted() {
  local mounts
  mounts=$(list_mounts </dev/null) ||
    stop 'the volumes of the app could not be listed. Run this script again.'
  grep -Eq -e "^$1[[:space:]]${2-}" <<<"$mounts"
}

use_replacement() {
  if [[ $volume == no ]]; then
    apply_change
  elif ! mounted "$replacement" "$replacement_path\$"; then
    stop "the volume at /run/secrets/functions-keys does not list $replacement. Add secretRef $replacement, path $replacement_path (az containerapp show -o yaml, then az containerapp update --yaml), and run this script again." 3
  fi
}

move_callers() {
  begin 'Give each caller the new key'
  say "Callers: $callers"
  say 'Through their secret stores, never as an argument of a command.'
}

watch_calls() {
  begin 'Watch until no call uses the exposed key'
  if [[ $watched == no ]]; then
    say 'Application Insights is not named: look in the logs for calls of the exposed key.'
    return 0
  fi
  watch </dev/null ||
    stop 'the log could not be read, and nothing was deleted. Check APPLICATION_INSIGHTS, or set it to none, and run this script again.'
}

delete_exposed() {
  begin "Delete the exposed key $exposed"
  if [[ $volume == yes ]] && mounted "$exposed"; then
    stop "the volume lists $exposed still, so that it cannot be removed. Take it out when all callers have moved, and run this script again." 3
  fi
  ask "Have all callers moved to $replacement, and is the log silent? The key $exposed will be deleted."
  has "$replacement" ||
    stop "$replacement is not there any more, so nothing was deleted: the callers would have no key. Run this script again."
  if ! still_exposed; then
    say "$why"
    return 0
  fi
  remove_exposed </dev/null >/dev/null ||
    stop "$exposed could not be deleted, or the answer was lost. Callers that moved are not affected. Run this script again: it looks first whether it is gone."
  if has "$exposed"; then
    stop "$exposed is there still, though it was deleted. Run this script again."
  fi
  say "$(now) deleted $exposed"
  apply_change
}

rotate_beside() {
  begin 'Look at the exposed key'
  if still_exposed; then
    create_replacement
    move_callers
    watch_calls
    delete_exposed
  else
    say "$why"
  fi
}

renew_in_place() {
  begin "Renew $exposed"
  if ! still_exposed; then
    say "$why"
    return 0
  fi
  ask "The key $exposed will be renewed: whoever holds the old one is refused from then on. Callers: $callers"
  renew_exposed </dev/null >/dev/null ||
    stop "$exposed could not be renewed, or the answer was lost. Run this script again: it looks first whether the value is still the exposed one."
  if [[ -n $fingerprint ]] && holds show_exposed; then
    stop "$exposed still has the exposed value, though it was renewed. Run this script again."
  fi
  say "$(now) renewed $exposed"
  apply_change
}

update_subscription() {
  begin 'Update the Event Grid subscription'
  if ! holds show_subscription; then
    say 'It does not hold the exposed key.'
    return 0
  fi
  set_subscription </dev/null >/dev/null ||
    stop 'the subscription was not updated, and its deliveries are refused. Run this script again now.'
  if holds show_subscription; then
    stop 'the subscription still holds the exposed key. Run this script again now.'
  fi
  say "$(now) updated the subscription"
}

check_gone() {
  begin 'Check that the exposed key is gone'
  if [[ -z $fingerprint ]]; then
    say 'It has no fingerprint, so this cannot be checked: look in the portal.'
    return 0
  fi
  if ! holds show_all; then
    say 'No key of the app has the exposed value.'
    return 0
  fi
  if [[ $restarts == yes ]]; then
    apply_change
    if ! holds show_all; then
      say 'No key of the app has the exposed value.'
      return 0
    fi
  fi
  stop 'a key of the app still has the exposed value, under another name or of another kind. Look at the names, and make the plan again with --set key_name=… or --set kind=….'
}

change_record() {
  begin 'Change record'
  say "$record"
  say "time: $(now)"
  say 'Remove the key where it was found, copies and history included.'
}
)SH";

}  // namespace assay

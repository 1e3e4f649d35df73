// The commands that look at, make, renew and delete a key, by kind and store.
#pragma once

#include <string>
#include <vector>

#include "response/rotation.h"

namespace assay {

// Each is one line for a POSIX shell. None shows a key but the show_… ones, whose output is only
// ever piped into `assay scan`. Blanks stand in capitals.
struct KeyCommands {
  std::string exposed;      // the key's name in its store
  std::string replacement;  // of two keys side by side; empty where there can be but one
  std::string confirm;      // names the app, or fails
  std::string list_names;   // the names of the keys, one a line
  std::string show_exposed, show_replacement;
  std::string show_all;  // every key that opens the app, as its host tells them; may be empty
  std::string make, renew, remove;
  std::string apply;   // makes the app read its keys again; empty: it does by itself
  std::string mounts;  // Container Apps: which secrets are mounted under which names
  std::string exposed_path, replacement_path;  // Container Apps: those names
};

// Whether an Event Grid subscription holds the key in its address.
bool updates_event_grid(const RotationCase& about);

KeyCommands key_commands(const RotationCase& about);

// What these commands need, in the order of the facts.
std::vector<Fact> needed_facts(const RotationCase& about);

}  // namespace assay

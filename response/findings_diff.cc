// Of one key and path, places are paired: first those of the same line and column, then what is
// left, in order. What has no partner then is new or gone.
//
//   old  .env:3 .env:9      new  .env:4 .env:9 .env:12
//   :9 is :9;  :3 moved to :4;  :12 is new
#include "response/findings_diff.h"

#include <fmt/format.h>

#include <array>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

namespace assay {

namespace {

using Places = std::vector<const ToldFinding*>;

std::string_view path_of(const ToldFinding& told) {
  return told.finding.provenance ? std::string_view(told.finding.provenance->path)
                                 : std::string_view();
}

std::string identity(const ToldFinding& told) {
  if (!told.finding.fingerprint.empty()) return "f" + told.finding.fingerprint;
  return fmt::format("p{}:{}{}:{}{}", told.rule_id.size(), told.rule_id,
                     told.finding.redacted.size(), told.finding.redacted, path_of(told));
}

// All of one key, by path; [0] of the old report, [1] of the new one.
struct Sides {
  std::map<std::string_view, std::array<Places, 2>> paths;
  std::set<std::string_view> accepted;  // paths where either report suppresses it

  // What names the key in a report is where it stands whole, not a damaged copy of it.
  const ToldFinding* named(size_t side) const {
    const ToldFinding* named = nullptr;
    for (const auto& [path, places] : paths) {
      for (const ToldFinding* told : places[side]) {
        const bool surer = named == nullptr || told->finding.confidence < named->finding.confidence;
        if (surer) named = told;
      }
    }
    return named;
  }
};

void pair_places(const Places& before, const Places& after, KeyChange& key) {
  std::map<std::pair<uint64_t, uint64_t>, size_t> there;  // how many old ones stand at a place
  const auto at = [](const ToldFinding* told) {
    return std::pair(told->finding.location.line, told->finding.location.column);
  };
  for (const ToldFinding* told : before) ++there[at(told)];
  Places unpaired;
  for (const ToldFinding* told : after) {
    const auto same = there.find(at(told));
    if (same != there.end() && same->second > 0) {
      --same->second;
      key.still_there.push_back(told);
    } else {
      unpaired.push_back(told);
    }
  }
  size_t moved = 0;
  for (const ToldFinding* told : before) {
    auto& left = there[at(told)];
    if (left == 0) continue;
    --left;
    if (moved < unpaired.size()) {
      key.still_there.push_back(unpaired[moved++]);
    } else {
      key.gone.push_back(told);
    }
  }
  for (; moved < unpaired.size(); ++moved) key.appeared.push_back(unpaired[moved]);
}

}  // namespace

std::string_view to_string(Change change) {
  switch (change) {
    case Change::appeared:
      return "new";
    case Change::gone:
      return "gone";
    case Change::still_there:
      break;
  }
  return "still_there";
}

FindingsDiff compare_findings(const FindingsFile& before, const FindingsFile& after) {
  FindingsDiff diff;
  std::unordered_map<std::string, size_t> known;
  std::vector<Sides> sides;
  const auto gather = [&](const FindingsFile& file, size_t side) {
    for (const ToldFinding& told : file.findings) {
      const auto [at, is_new] = known.try_emplace(identity(told), sides.size());
      if (is_new) sides.emplace_back();
      Sides& key = sides[at->second];
      if (told.finding.suppression) {
        key.accepted.insert(path_of(told));
        ++diff.suppressed[side];
      } else {
        key.paths[path_of(told)][side].push_back(&told);
      }
    }
  };
  gather(before, 0);
  gather(after, 1);

  std::vector<std::array<const ToldFinding*, 2>> named;
  named.reserve(sides.size());
  for (Sides& side : sides) {
    for (const std::string_view path : side.accepted) side.paths.erase(path);
    named.push_back({side.named(0), side.named(1)});
  }
  for (const Change change : {Change::appeared, Change::gone, Change::still_there}) {
    for (size_t i = 0; i < sides.size(); ++i) {
      const Sides& side = sides[i];
      const auto& [old_one, new_one] = named[i];
      if (old_one == nullptr && new_one == nullptr) continue;  // all of it is accepted
      const Change is = old_one == nullptr   ? Change::appeared
                        : new_one == nullptr ? Change::gone
                                             : Change::still_there;
      if (is != change) continue;
      KeyChange key{is, new_one != nullptr ? new_one : old_one, {}, {}, {}};
      for (const auto& [path, places] : side.paths) pair_places(places[0], places[1], key);
      ++diff.keys_by_change[static_cast<size_t>(is)];
      diff.places_by_change[0] += key.appeared.size();
      diff.places_by_change[1] += key.gone.size();
      diff.places_by_change[2] += key.still_there.size();
      diff.keys.push_back(std::move(key));
    }
  }
  return diff;
}

}  // namespace assay

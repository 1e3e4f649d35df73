#include "scanner/records/discord_name.h"

#include <optional>

#include "scanner/records/export_text.h"

namespace assay {

DiscordName read_discord_name(std::string_view path) {
  std::string_view name = file_stem(path);
  if (const size_t part = name.rfind(" [part "); part != std::string_view::npos) {
    name = name.substr(0, part);
  }
  const size_t open = name.rfind(" [");
  if (open == std::string_view::npos || !name.ends_with(']')) return {};
  DiscordName read;
  const std::string_view id = name.substr(open + 2, name.size() - open - 3);
  if (!decimal(id)) return {};
  read.channel_id = id;
  name = name.substr(0, open);
  const size_t dash = name.rfind(" - ");
  read.channel = dash == std::string_view::npos ? name : name.substr(dash + 3);
  return read;
}

}  // namespace assay

// The file names that DiscordChatExporter gives: `Guild - Category - channel [ID] [part 2].html`.
#pragma once

#include <string>
#include <string_view>

namespace assay {

struct DiscordName {
  std::string channel, channel_id;  // empty if the name is not of that form
};
DiscordName read_discord_name(std::string_view path);

}  // namespace assay

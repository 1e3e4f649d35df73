// Zendesk: pages of the incremental API, comments, audits, and the account's export with one ticket
// a line.
//
//   {"url":"https://contoso.zendesk.com/api/v2/tickets/4711.json","id":4711,"requester_id":9000001,
//    "subject":"403","comments":[{"id":88,"author_id":9000002,"body":"…","created_at":"…Z"}]}
//   {"tickets":[…],"users":[…],"end_of_stream":true}
//   {"ticket_events":[{"ticket_id":4711,"updater_id":…,"child_events":[{"event_type":"Comment",…}]}]}
//   {"audits":[{"ticket_id":4711,"author_id":…,"events":[{"id":…,"type":"Comment","body":"…"}]}]}
#include <fmt/format.h>

#include <optional>
#include <utility>

#include "scanner/records/json_export.h"
#include "scanner/records/json_formats.h"
#include "scanner/records/time_text.h"

namespace assay {
namespace {

constexpr std::string_view kTicket[] = {"url",
                                        "id",
                                        "requester_id",
                                        "submitter_id",
                                        "created_at",
                                        "requester/id",
                                        "submitter/id",
                                        "requester/name",
                                        "submitter/name",
                                        "requester/email",
                                        "submitter/email"};
constexpr std::string_view kEvent[] = {"id",        "ticket_id",  "author_id",   "updater_id",
                                       "timestamp", "created_at", "author/name", "author/email"};
constexpr std::string_view kUser[] = {"id", "name", "email"};
constexpr std::string_view kPage[] = {"users", "next_page", "previous_page", "after_url"};

bool is_api(std::string_view url) {
  return url.find(".zendesk.com/api/") != std::string_view::npos;
}

bool is_ticket(const JsonShape& shape, const std::string& base) {
  if (!shape.has(base + "id")) return false;
  const std::string_view url = shape.text(base + "url");
  if (is_api(url) && url.find("/tickets/") != std::string_view::npos) return true;
  return shape.has(base + "requester_id") && shape.has(base + "subject") &&
         (shape.has(base + "submitter_id") || shape.has(base + "raw_subject") ||
          shape.array_at(base + "comments"));
}

bool recognises(const Export& in) {
  const JsonShape shape(in);
  for (const char* base : {"", "0/", "tickets/0/", "ticket/"}) {
    if (is_ticket(shape, base)) return true;
  }
  return (shape.has("ticket_events/0/ticket_id") &&
          shape.array_at("ticket_events/0/child_events")) ||
         (shape.has("audits/0/ticket_id") && shape.array_at("audits/0/events")) ||
         (shape.has_all({"comments/0/author_id", "comments/0/html_body"})) ||
         (shape.has_all({"comments/0/author_id", "comments/0/audit_id"}));
}

// contoso of https://contoso.zendesk.com/…
std::string_view subdomain(std::string_view url) {
  std::string_view host = url_host(url);
  if (!host.ends_with(".zendesk.com")) return "";
  host.remove_suffix(std::string_view(".zendesk.com").size());
  return host;
}

// 4711 of …/tickets/4711/comments.json
std::string_view ticket_in(std::string_view url) {
  constexpr std::string_view kBefore = "/tickets/";
  const size_t at = url.find(kBefore);
  if (at == std::string_view::npos) return "";
  const std::string_view rest = url.substr(at + kBefore.size());
  return rest.substr(0, rest.find_first_not_of("0123456789"));
}

class Zendesk {
 public:
  Record record_at(JsonExport& file, JsonPath path) {
    if (path.empty()) return {};
    if (std::exchange(root_, path[0].begin) != path[0].begin) users_.reset();
    if (const Record event = part_at(file, path, "ticket_events/*", "child_events/*");
        !event.system.empty()) {
      return event;
    }
    if (const Record event = part_at(file, path, "audits/*", "events/*"); !event.system.empty()) {
      return event;
    }
    size_t level = kNoLevel;
    for (const char* way : {"tickets/*", "*", "ticket"}) {
      if (level == kNoLevel) level = level_at(path, way);
    }
    if (level == kNoLevel) level = 0;
    if (!path[level].object) return {};
    const JsonFields& ticket = file.fields(level, kTicket);
    const size_t comment = level_at(path, "comments/*", level);
    if (!ticket.has("id")) {
      return comment != kNoLevel && level == 0 ? lone_comment(file, comment) : Record();
    }
    Record record = record_of("zendesk");
    record.container = first_of({subdomain(ticket["url"]), page_subdomain(file)});
    record.id = ticket["id"];
    record.link = link(record.container, record.id);
    if (comment != kNoLevel && path[comment].object) {
      add_comment(file, file.fields(comment, kEvent), &ticket, record);
      return record;
    }
    record.time = utc_time(ticket["created_at"]);
    for (const std::string who : {"requester", "submitter"}) {
      if (!record.author.empty()) break;
      record.author = first_of({ticket[who + "/name"], user(file, ticket[who + "_id"]),
                                ticket[who + "/email"], ticket[who + "_id"]});
    }
    return record;
  }

 private:
  static std::string link(std::string_view subdomain, std::string_view id) {
    if (subdomain.empty() || !all_digits(id)) return "";
    return fmt::format("https://{}.zendesk.com/agent/tickets/{}", subdomain, id);
  }

  static std::string page_subdomain(JsonExport& file) {
    const JsonFields& page = file.fields(0, kPage);
    return first_of({subdomain(page["next_page"]), subdomain(page["previous_page"]),
                     subdomain(page["after_url"])});
  }

  void add_comment(JsonExport& file, const JsonFields& comment, const JsonFields* ticket,
                   Record& record) {
    const std::string_view author = comment["author_id"];
    std::string_view known;
    for (const std::string who : {"requester", "submitter"}) {
      if (ticket != nullptr && known.empty() && !author.empty() &&
          ((*ticket)[who + "/id"] == author || (*ticket)[who + "_id"] == author)) {
        known = (*ticket)[who + "/name"];
      }
    }
    if (comment.has("id")) record.id += fmt::format("#{}", comment["id"]);
    record.author = first_of(
        {comment["author/name"], user(file, author), known, comment["author/email"], author});
    record.time = utc_time(comment["created_at"]);
  }

  // A page of comments: of the ticket only what the addresses of the pages around it say.
  Record lone_comment(JsonExport& file, size_t level) {
    const JsonFields& page = file.fields(0, kPage);
    Record record = record_of("zendesk");
    record.container = page_subdomain(file);
    record.id = first_of({ticket_in(page["next_page"]), ticket_in(page["previous_page"]),
                          ticket_in(page["after_url"])});
    record.link = link(record.container, record.id);
    add_comment(file, file.fields(level, kEvent), nullptr, record);
    return record;
  }

  // An event of a ticket, and the part of it that holds the text.
  Record part_at(JsonExport& file, JsonPath path, const char* way, const char* part) {
    const size_t level = level_at(path, way);
    if (level == kNoLevel || !path[level].object) return {};
    const JsonFields& event = file.fields(level, kEvent);
    Record record = record_of("zendesk");
    record.container = page_subdomain(file);
    record.id = event["ticket_id"];
    record.link = link(record.container, record.id);
    const size_t inner = level_at(path, part, level);
    const JsonFields& child = file.fields(inner, kEvent);
    const bool whole = inner == kNoLevel || child.closed;
    const std::string id = first_of({child["id"], whole ? event["id"] : ""});
    if (!id.empty()) record.id += fmt::format("#{}", id);
    const std::string author =
        first_of({child["author_id"], event["author_id"], event["updater_id"]});
    record.author = first_of({user(file, author), author});
    record.time = utc_time(event["created_at"]);
    if (record.time.empty()) record.time = epoch_time(event["timestamp"], EpochUnit::seconds);
    return record;
  }

  // Of the page's own list.
  std::string_view user(JsonExport& file, std::string_view id) {
    if (!users_) {
      users_.emplace();
      const JsonField& list = file.fields(0, kPage).field("users");
      if (list.kind == '[') {
        const bool whole = read_elements(file.bytes(), list.begin, kUser, [&](const auto& user) {
          return users_->add(user["id"], first_of({user["name"], user["email"]}));
        });
        if (!whole) file.note_problem("not all of its users could be read");
      }
    }
    return (*users_)[id];
  }

  uint64_t root_ = ~uint64_t{0};
  std::optional<JsonNames> users_;  // of the page that begins there
};

FoundRecords find(const Export& in, std::span<const uint64_t> offsets) {
  Zendesk zendesk;
  return each_record(
      in, offsets, [&](JsonExport& file, JsonPath path) { return zendesk.record_at(file, path); });
}

}  // namespace

RecordFormat zendesk_format() { return {"zendesk", recognises, find}; }

}  // namespace assay

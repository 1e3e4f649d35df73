#include "git/commit_facts.h"

#include <fmt/format.h>

#include "git/tree.h"
#include "scanner/verify.h"

namespace assay {

namespace {

// A line as long as this says nothing more to a person.
constexpr size_t kMostText = 200;

std::string cut(std::string_view text) {
  std::string safe = redact_names(text);
  if (safe.size() <= kMostText) return safe;
  size_t end = kMostText;
  while (end > 0 && (static_cast<unsigned char>(safe[end]) & 0xC0) == 0x80) --end;
  return safe.substr(0, end) + "…";
}

std::string subject_of(std::string_view message) {
  message.remove_prefix(std::min(message.find_first_not_of('\n'), message.size()));
  return cut(message.substr(0, message.find('\n')));
}

// A tag's lines of facts end at the first empty one. Empty if it has no tagger.
std::string_view tagger_line(std::string_view text) {
  constexpr std::string_view kTagger = "\ntagger ";
  const std::string_view facts = text.substr(0, text.find("\n\n"));
  const size_t at = facts.find(kTagger);
  if (at == std::string_view::npos) return {};
  const std::string_view line = facts.substr(at + kTagger.size());
  return line.substr(0, line.find('\n'));
}

}  // namespace

CommitFacts::CommitFacts(const Repository& repository, const ObjectStore& store,
                         const Commits& commits)
    : reader_(store), commits_(commits) {
  std::string reason;  // names that no map changes are as true as others
  if (const auto head = repository.head()) mailmap_ = Mailmap::of_commit(reader_, *head, reason);
}

std::string CommitFacts::person(const Signature& signature) const {
  const Mailmap::Person who = mailmap_.resolve(signature.name, signature.email);
  return cut(who.email.empty() ? who.name : fmt::format("{} <{}>", who.name, who.email));
}

void CommitFacts::tell(uint32_t rank, GitFacts& facts) {
  const auto [at, is_new] = told_.try_emplace(rank);
  Told& told = at->second;
  std::string reason;
  const auto object = is_new ? reader_.read(commits_.oid(rank), ObjectType::commit, reason)
                             : std::optional<Object>();
  if (const auto commit = object ? parse_commit(object->view()) : std::nullopt) {
    told.author = person(commit->author);
    told.committer = person(commit->committer);
    told.time = utc_time(commit->author.time);
    told.subject = subject_of(commit->message);
  }
  facts.author = told.author;
  facts.committer = told.committer;
  facts.time = told.time;
  facts.subject = told.subject;
}

void CommitFacts::tell_introduced(const Sighting& sighting, GitFacts& facts) {
  if (!sighting.introduced_known) return;
  facts.introduced_by = commits_.oid(sighting.introduced).hex();
  tell(sighting.introduced, facts);
}

void CommitFacts::tell_tag(const Oid& tag, GitFacts& facts) {
  std::string reason;
  const auto object = reader_.read(tag, ObjectType::tag, reason);
  if (!object) return;
  const std::string_view text = object->view();
  // A tagger is written as the author of a commit is.
  const std::string like = fmt::format("tree {}\nauthor {}\n\n", Oid().hex(), tagger_line(text));
  const auto read = parse_commit(like);
  if (read && !tagger_line(text).empty()) {
    facts.author = person(read->author);
    facts.time = utc_time(read->author.time);
  }
  const size_t message = text.find("\n\n");
  if (message != std::string_view::npos) facts.subject = subject_of(text.substr(message));
}

}  // namespace assay

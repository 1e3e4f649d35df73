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

std::string person(const Mailmap& mailmap, const Signature& signature) {
  const Mailmap::Person who = mailmap.resolve(signature.name, signature.email);
  return cut(who.email.empty() ? who.name : fmt::format("{} <{}>", who.name, who.email));
}

}  // namespace

CommitFacts::CommitFacts(const Repository& repository, const ObjectStore& store,
                         const Commits& commits)
    : reader_(store), commits_(commits) {
  std::string reason;  // names that no map changes are as true as others
  if (const auto head = repository.head()) mailmap_ = Mailmap::of_commit(reader_, *head, reason);
}

void CommitFacts::tell(uint32_t rank, GitFacts& facts) {
  const auto [at, is_new] = told_.try_emplace(rank);
  Told& told = at->second;
  std::string reason;
  const auto object = is_new ? reader_.read(commits_.oid(rank), ObjectType::commit, reason)
                             : std::optional<Object>();
  if (const auto commit = object ? parse_commit(object->view()) : std::nullopt) {
    told.author = person(mailmap_, commit->author);
    told.committer = person(mailmap_, commit->committer);
    told.time = utc_time(commit->author.time);
    std::string_view subject = commit->message;
    subject = subject.substr(std::min(subject.find_first_not_of('\n'), subject.size()));
    told.subject = cut(subject.substr(0, subject.find('\n')));
  }
  facts.author = told.author;
  facts.committer = told.committer;
  facts.time = told.time;
  facts.subject = told.subject;
}

}  // namespace assay

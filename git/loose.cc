// Not through libgit2, which opens whatever stands there (and waits for ever on a FIFO) and
// inflates whatever size is declared.
#include "git/loose.h"

#include <dirent.h>
#include <fmt/format.h>
#include <openssl/sha.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>

#include "scanner/sources/file_reader.h"

namespace assay {

namespace {

struct CloseFolder {
  void operator()(DIR* folder) const { closedir(folder); }
};
using Folder = std::unique_ptr<DIR, CloseFolder>;

// The header is at most "commit " and 20 digits.
constexpr size_t kMostHeader = 32;

ObjectType type_named(std::string_view name) {
  for (const auto type :
       {ObjectType::commit, ObjectType::tree, ObjectType::blob, ObjectType::tag}) {
    if (name == to_string(type)) return type;
  }
  return ObjectType::none;
}

}  // namespace

std::string loose_path(const std::string& folder, const Oid& oid) {
  const std::string hex = oid.hex();
  return folder + "/" + hex.substr(0, 2) + "/" + hex.substr(2);
}

bool has_loose(const std::string& folder, const Oid& oid) {
  struct stat found {};
  return stat(loose_path(folder, oid).c_str(), &found) == 0;
}

std::vector<Oid> list_loose(const std::string& folder, const ObjectStore::Problems& problems) {
  std::vector<Oid> oids;
  for (unsigned first = 0; first < 256; ++first) {
    const std::string name = fmt::format("{:02x}", first);
    const std::string path = folder + "/" + name;
    const Folder opened(opendir(path.c_str()));
    if (opened == nullptr) {
      if (errno != ENOENT && errno != ENOTDIR) problems(cannot_open(errno, path));
      continue;
    }
    while (const dirent* entry = readdir(opened.get())) {
      if (const auto oid = Oid::from_hex(name + entry->d_name)) oids.push_back(*oid);
    }
  }
  std::sort(oids.begin(), oids.end());
  return oids;
}

std::unique_ptr<LooseObject> LooseObject::open(const std::string& folder, const Oid& oid,
                                               std::string& reason) {
  auto object = std::make_unique<LooseObject>();
  object->oid_ = oid;
  object->file_ = MappedFile::open(loose_path(folder, oid), reason);
  if (object->file_ == nullptr) return nullptr;
  char front[kMostHeader];
  const int got = Inflater::inflate_front(object->file_->bytes(), front);
  const std::string_view text(front, got < 0 ? 0 : static_cast<size_t>(got));
  const size_t space = text.find(' ');
  const size_t end = text.find('\0');
  reason = "its header is damaged";
  if (space == std::string_view::npos || end == std::string_view::npos || space > end) {
    return nullptr;
  }
  object->type_ = type_named(text.substr(0, space));
  const auto [last, error] =
      std::from_chars(text.data() + space + 1, text.data() + end, object->size_);
  if (object->type_ == ObjectType::none || error != std::errc() || last != text.data() + end) {
    return nullptr;
  }
  if (!Inflater::can_hold(object->file_->bytes().size(), object->size_)) {
    reason = "its size is more than its file can hold";
    return nullptr;
  }
  object->header_ = end + 1;
  reason.clear();
  return object;
}

std::optional<Bytes> LooseObject::read(Inflater& inflater, std::string& reason) const {
  Bytes whole = Bytes::of_size(header_ + size_);
  if (!inflater.inflate(file_->bytes(), whole.data.get(), whole.size)) {
    reason = "its compressed bytes are damaged";
    return std::nullopt;
  }
  Oid oid;
  SHA1(reinterpret_cast<const unsigned char*>(whole.data.get()), whole.size, oid.bytes.data());
  if (oid != oid_) {
    reason = "its text does not fit its id";
    return std::nullopt;
  }
  std::memmove(whole.data.get(), whole.data.get() + header_, size_);
  whole.size = size_;
  return whole;
}

std::unique_ptr<Reader> LooseObject::stream(std::unique_ptr<LooseObject> object,
                                            Diagnostic damaged) {
  const std::string_view bytes = object->file_->bytes();
  const size_t header = object->header_;
  const uint64_t size = object->size_;
  return stream_inflated(bytes, header, size, std::move(damaged), std::move(object->file_));
}

}  // namespace assay

// Not through libgit2, which opens whatever stands there (and waits for ever on a FIFO) and
// inflates whatever size is declared.
#include "git/loose.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>

#include "rules/keys/c3id.h"
#include "scanner/sources/file_reader.h"

namespace assay {

namespace {

struct CloseFolder {
  void operator()(DIR* folder) const { closedir(folder); }
};
using Folder = std::unique_ptr<DIR, CloseFolder>;

// The header is at most "commit " and 20 digits.
constexpr size_t kMostHeader = 32;
// Files up to here are read at one go: most are of some hundred bytes, and mapping one costs more.
constexpr size_t kMostSmall = size_t{16} << 10;

ObjectType type_named(std::string_view name) {
  for (const auto type :
       {ObjectType::commit, ObjectType::tree, ObjectType::blob, ObjectType::tag}) {
    if (name == to_string(type)) return type;
  }
  return ObjectType::none;
}

struct Header {
  ObjectType type = ObjectType::none;
  uint64_t size = 0;  // of the text
  size_t length = 0;  // of the header
};

// Of an inflated object.
std::optional<Header> read_header(std::string_view text) {
  text = text.substr(0, kMostHeader);
  const size_t space = text.find(' ');
  const size_t end = text.find('\0');
  if (space == std::string_view::npos || end == std::string_view::npos || space > end) {
    return std::nullopt;
  }
  Header header{type_named(text.substr(0, space)), 0, end + 1};
  const auto [last, error] =
      std::from_chars(text.data() + space + 1, text.data() + end, header.size);
  if (header.type == ObjectType::none || error != std::errc() || last != text.data() + end) {
    return std::nullopt;
  }
  return header;
}

bool is_named(std::string_view whole, const Oid& oid) {
  const auto digest = sha1(whole);
  return Oid::from_bytes(digest.data()) == oid;
}

// A whole object in a small file. `absent` says whether there is none.
std::optional<Object> read_small(const std::string& folder, const Oid& oid, Inflater& inflater,
                                 bool& absent) {
  const Descriptor file = open_path(loose_path(folder, oid), O_RDONLY | O_NONBLOCK);
  absent = !file && (errno == ENOENT || errno == ENOTDIR);
  struct stat found {};
  if (!file || fstat(file.get(), &found) != 0 || !S_ISREG(found.st_mode)) return std::nullopt;
  char bytes[kMostSmall];
  const auto size = static_cast<size_t>(found.st_size);
  if (size > sizeof bytes || ::read(file.get(), bytes, size) != found.st_size) return std::nullopt;
  const auto whole = inflater.inflate_short({bytes, size});
  const auto header = whole ? read_header(*whole) : std::nullopt;
  if (!header || header->size != whole->size() - header->length || !is_named(*whole, oid)) {
    return std::nullopt;
  }
  Bytes text = Bytes::of_size(header->size);
  std::memcpy(text.data.get(), whole->data() + header->length, text.size);
  return Object{header->type, std::make_shared<const Bytes>(std::move(text))};
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

std::optional<Object> read_loose(const std::string& folder, const Oid& oid, Inflater& inflater,
                                 std::string& reason) {
  bool absent = false;
  if (auto object = read_small(folder, oid, inflater, absent)) return object;
  if (absent) return std::nullopt;
  // It is large, or what is wrong with it is told.
  const auto loose = LooseObject::open(folder, oid, reason);
  if (loose == nullptr) return std::nullopt;
  if (loose->size() > ObjectStore::kMostObject) {
    reason = fmt::format("it is larger than {} bytes", ObjectStore::kMostObject);
    return std::nullopt;
  }
  auto text = loose->read(inflater, reason);
  if (!text) return std::nullopt;
  return Object{loose->type(), std::make_shared<const Bytes>(std::move(*text))};
}

std::unique_ptr<LooseObject> LooseObject::open(const std::string& folder, const Oid& oid,
                                               std::string& reason) {
  auto object = std::make_unique<LooseObject>();
  object->oid_ = oid;
  object->file_ = MappedFile::open(loose_path(folder, oid), reason);
  if (object->file_ == nullptr) return nullptr;
  char front[kMostHeader];
  const int got = Inflater::inflate_front(object->file_->bytes(), front);
  const auto header = read_header({front, got < 0 ? 0 : static_cast<size_t>(got)});
  if (!header) {
    reason = "its header is damaged";
    return nullptr;
  }
  object->type_ = header->type;
  object->size_ = header->size;
  if (!Inflater::can_hold(object->file_->bytes().size(), object->size_)) {
    reason = "its size is more than its file can hold";
    return nullptr;
  }
  object->header_ = header->length;
  reason.clear();
  return object;
}

std::optional<Bytes> LooseObject::read(Inflater& inflater, std::string& reason) const {
  Bytes whole = Bytes::of_size(header_ + size_);
  if (!inflater.inflate(file_->bytes(), whole.data.get(), whole.size)) {
    reason = "its compressed bytes are damaged";
    return std::nullopt;
  }
  if (!is_named(whole.view(), oid_)) {
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

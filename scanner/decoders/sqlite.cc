// SQLite databases: values that spill over pages, put together again. What lies within a page is
// found in the database's raw bytes, so only cells with overflow pages are members:
//
//   page 7, a leaf:  … | payload 9000, first 1000 bytes, go on at page 12 | …
//   page 12:           go on at page 4 | 4092 bytes        →  page-7-cell-3: 1000 + 4092 + 3908
//   page 4:            0               | 3908 bytes …
//
// All pages that look like b-tree pages are taken, not those that the schema leads to: pages that
// were given up still hold their rows. In those a chain may lead into pages that were used again,
// which is no damage and not told. The format: sqlite.org/fileformat2.html.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "scanner/decoders/container_formats.h"
#include "scanner/decoders/random_access.h"

namespace assay {
namespace {

constexpr std::string_view kSignature("SQLite format 3\0", 16);
constexpr size_t kFileHeader = 100;
// Overflow pages may stand anywhere: a longer piece would mostly be read for nothing.
constexpr size_t kReadAtOnce = size_t{32} << 10;
constexpr uint64_t kMostPayload = (uint64_t{1} << 31) - 1;  // SQLite's own limit
// So many damaged pages are told one by one, then their number.
constexpr uint64_t kMostTold = 20;
// A table of a bit a page says which pages are free. Files of more pages are taken as in use.
constexpr uint64_t kMostFreePages = uint64_t{64} << 20;

uint32_t number16(std::string_view bytes, size_t at) {
  return static_cast<uint32_t>(static_cast<unsigned char>(bytes[at])) << 8 |
         static_cast<unsigned char>(bytes[at + 1]);
}
uint32_t number32(std::string_view bytes, size_t at) {
  return number16(bytes, at) << 16 | number16(bytes, at + 2);
}

// Moves `at` past a number of up to nine bytes. False if it reaches out of `bytes`.
bool read_varint(std::string_view bytes, size_t& at, uint64_t& value) {
  value = 0;
  for (int i = 0; i < 9 && at < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[at++]);
    if (i == 8) {
      value = value << 8 | byte;
      return true;
    }
    value = value << 7 | (byte & 0x7F);
    if (byte < 0x80) return true;
  }
  return false;
}

// The pages of a database: page 1 comes first.
class Pages {
 public:
  Pages(Reader& outer, uint32_t page, uint32_t usable)
      : bytes_(outer), page_(page), usable_(usable) {}

  std::optional<Diagnostic> load() { return bytes_.load(); }
  uint64_t count() const { return (bytes_.size() + page_ - 1) / page_; }
  uint32_t usable() const { return usable_; }

  // Without its reserved end; shorter if the file ends in it. Valid until the next call.
  std::string_view get(uint64_t number) {
    return bytes_.view((number - 1) * page_, usable_, std::max<size_t>(kReadAtOnce, page_));
  }

 private:
  RandomAccess bytes_;
  uint32_t page_;
  uint32_t usable_;
};

// A cell with overflow pages.
struct Spill {
  std::string_view local;  // of its page
  uint64_t payload = 0;
  uint32_t next = 0;      // page of the part behind `local`
  bool leftover = false;  // of a free page
};

// What may be read of overflow pages: each belongs to one cell, so all cells in use have at most as
// many as there are pages; those of free pages may share them once more.
struct PagesLeft {
  uint64_t used = 0;
  uint64_t leftover = 0;
};

class SpillReader final : public Reader {
 public:
  SpillReader(Pages& pages, PagesLeft& left, ContainerBudget& budget)
      : pages_(pages), left_(left), budget_(budget) {}

  void start(const Spill& spill, std::string name) {
    spill_ = spill;
    name_ = std::move(name);
    piece_ = spill.local;
    to_come_ = spill.payload - spill.local.size();
    failure_.reset();
  }

  Result read(std::span<char> out, int) override {
    if (failure_) return {Status::failed};
    if (piece_.empty() && !next_piece()) return {ended() ? Status::end : Status::failed};
    const size_t count = std::min(out.size(), piece_.size());
    if (auto limit = budget_.take_bytes(count)) {
      limit->path = name_;
      failure_ = std::move(limit);
      return {Status::failed};
    }
    std::copy_n(piece_.data(), count, out.data());
    piece_.remove_prefix(count);
    return {Status::data, count};
  }

  std::optional<Diagnostic> failure() override { return failure_; }

 private:
  bool ended() const { return !failure_; }

  // Sets piece_ to what the next page holds. False at the end, or with failure_ set.
  bool next_piece() {
    if (to_come_ == 0) return false;
    uint64_t& left = spill_.leftover ? left_.leftover : left_.used;
    if (spill_.next == 0 || spill_.next > pages_.count()) {
      return fail("its overflow pages end before its value does");
    }
    if (left == 0) return fail("its overflow pages are linked in a circle");
    --left;
    const std::string_view page = pages_.get(spill_.next);
    if (page.size() <= 4) return fail("the file ends before its value does");
    spill_.next = number32(page, 0);
    piece_ = page.substr(4, static_cast<size_t>(std::min<uint64_t>(to_come_, page.size() - 4)));
    to_come_ -= piece_.size();
    return true;
  }

  // Leftovers of a free page have no right to be whole.
  bool fail(std::string_view reason) {
    to_come_ = 0;
    if (spill_.leftover) return false;
    failure_ = Diagnostic{Diagnostic::Kind::unreadable, name_, std::string(reason),
                          "Check the database with PRAGMA integrity_check."};
    return false;
  }

  Pages& pages_;
  PagesLeft& left_;
  ContainerBudget& budget_;
  Spill spill_;
  std::string name_;
  std::string_view piece_;  // of the page last got
  uint64_t to_come_ = 0;    // behind piece_
  std::optional<Diagnostic> failure_;
};

class SqliteContainer final : public Container {
 public:
  SqliteContainer(Reader& outer, uint32_t page, uint32_t usable, ContainerBudget& budget)
      : pages_(outer, page, usable), budget_(budget), reader_(pages_, left_, budget) {}

  std::string_view format() const override { return "sqlite"; }

  std::optional<Member> next() override {
    if (number_ == 0) begin();
    while (!budget_.spent()) {
      Spill spill;
      while (cell_ < cells_) {
        if (!read_cell(cell_++, spill)) continue;
        std::string name = fmt::format("page-{}-cell-{}", number_, cell_ - 1);
        if (auto limit = budget_.take_member()) {
          limit->path = std::move(name);
          told_.push_back(std::move(*limit));
          return std::nullopt;
        }
        reader_.start(spill, name);
        return Member{std::move(name), &reader_};
      }
      if (!next_page()) return std::nullopt;
    }
    return std::nullopt;
  }

  std::vector<Diagnostic> take_diagnostics() override { return std::exchange(told_, {}); }

 private:
  void begin() {
    if (auto cut = pages_.load()) told_.push_back(std::move(*cut));
    left_ = {pages_.count(), pages_.count()};
    read_free_pages();
  }

  // The list of free pages: trunks, each of which names the next trunk and some leaves.
  void read_free_pages() {
    const std::string_view first = pages_.get(1);
    if (first.size() < kFileHeader || pages_.count() > kMostFreePages) return;
    uint64_t trunk = number32(first, 32);
    for (uint64_t i = 0; i < pages_.count() && trunk != 0 && trunk <= pages_.count(); ++i) {
      const std::string_view page = pages_.get(trunk);
      if (page.size() < 8 || is_free(trunk)) return;
      set_free(trunk);
      trunk = number32(page, 0);
      const size_t leaves = std::min<size_t>(number32(page, 4), page.size() / 4 - 2);
      for (size_t leaf = 0; leaf < leaves; ++leaf) set_free(number32(page, 8 + 4 * leaf));
    }
  }
  bool is_free(uint64_t number) const { return number < free_.size() && free_[number]; }
  void set_free(uint64_t number) {
    if (number > pages_.count()) return;
    if (number >= free_.size()) free_.resize(number + 1);
    free_[number] = true;
  }

  bool next_page() {
    tell_damage();
    cell_ = cells_ = 0;
    if (number_ >= pages_.count()) {
      if (damaged_pages_ > kMostTold) {
        told_.push_back(
            {Diagnostic::Kind::unreadable, "",
             fmt::format("{} more of its pages are damaged", damaged_pages_ - kMostTold),
             "Check the database with PRAGMA integrity_check."});
        damaged_pages_ = 0;
      }
      return false;
    }
    ++number_;
    // A copy: the reader of a member gets pages of its own.
    page_ = pages_.get(number_);
    header_ = number_ == 1 ? kFileHeader : 0;
    if (page_.size() < header_ + 12) return true;
    type_ = page_[header_];
    if (type_ != 0x0D && type_ != 0x0A && type_ != 0x02) return true;
    header_size_ = type_ == 0x02 ? 12 : 8;
    cells_ = number16(page_, header_ + 3);
    const size_t room = (page_.size() - header_ - header_size_) / 2;
    if (cells_ > room) {
      cells_ = room;
      damaged_ = true;
    }
    return true;
  }

  // True if cell `index` of the page has overflow pages.
  bool read_cell(size_t index, Spill& spill) {
    const uint32_t usable = pages_.usable();
    size_t at = number16(page_, header_ + header_size_ + 2 * index);
    uint64_t payload = 0, row = 0;
    if (at < header_ + header_size_ || at >= page_.size()) return damage();
    if (type_ == 0x02) at += 4;  // the child page
    if (!read_varint(page_, at, payload)) return damage();
    if (type_ == 0x0D && !read_varint(page_, at, row)) return damage();
    const uint32_t most = type_ == 0x0D ? usable - 35 : (usable - 12) * 64 / 255 - 23;
    if (payload <= most) return false;
    const uint32_t least = (usable - 12) * 32 / 255 - 23;
    const uint64_t fitting = least + (payload - least) % (usable - 4);
    const auto local = static_cast<size_t>(fitting <= most ? fitting : least);
    if (payload > kMostPayload || at + local + 4 > page_.size()) return damage();
    const bool leftover = is_free(number_);
    if (leftover && left_.leftover == 0) return false;
    spill = {std::string_view(page_).substr(at, local), payload, number32(page_, at + local),
             leftover};
    return true;
  }

  bool damage() {
    damaged_ = true;
    return false;
  }
  void tell_damage() {
    const bool told = std::exchange(damaged_, false) && !is_free(number_);
    if (!told || ++damaged_pages_ > kMostTold) return;
    told_.push_back({Diagnostic::Kind::unreadable, fmt::format("page-{}", number_),
                     "its cells are damaged, and values that go on behind it may be missing",
                     "Check the database with PRAGMA integrity_check."});
  }

  Pages pages_;
  PagesLeft left_;
  ContainerBudget& budget_;
  SpillReader reader_;
  std::vector<bool> free_;
  std::vector<Diagnostic> told_;
  // The page that is looked at.
  uint64_t number_ = 0;
  std::string page_;
  char type_ = 0;
  size_t header_ = 0, header_size_ = 0;
  size_t cell_ = 0, cells_ = 0;
  bool damaged_ = false;
  uint64_t damaged_pages_ = 0;
};

class DamagedSqlite final : public Container {
 public:
  std::string_view format() const override { return "sqlite"; }
  std::optional<Member> next() override { return std::nullopt; }
  std::vector<Diagnostic> take_diagnostics() override { return std::exchange(told_, {}); }

 private:
  std::vector<Diagnostic> told_ = {{Diagnostic::Kind::unreadable, "",
                                    "its first page does not say how long its pages are",
                                    "Values that spill over pages were not put together."}};
};

bool recognises(std::string_view head, std::string_view) { return head.starts_with(kSignature); }

std::unique_ptr<Container> open(Reader& outer, std::string_view head, std::string_view,
                                ContainerBudget& budget) {
  if (head.size() < kFileHeader) return std::make_unique<DamagedSqlite>();
  const uint32_t said = number16(head, 16);
  const uint32_t page = said == 1 ? 65536 : said;
  const auto reserved = static_cast<unsigned char>(head[20]);
  if (page < 512 || (page & (page - 1)) != 0 || page - reserved < 480) {
    return std::make_unique<DamagedSqlite>();
  }
  return std::make_unique<SqliteContainer>(outer, page, page - reserved, budget);
}

}  // namespace

const ContainerFormat kSqlite = {recognises, open};

}  // namespace assay

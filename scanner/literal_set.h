// Many literals in one pass. The only user of Hyperscan.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

struct Literal {
  std::string text;  // not empty
  bool caseless = false;
  // So many of its last characters are compared where the engine has found the others: it looks at
  // the last three, and those of `dapi` end half the paths of a web server. Fewer than all.
  uint8_t compared = 0;
};

// Immutable, shared by all threads.
class LiteralSet {
 public:
  struct Place {
    size_t end = 0;        // one past the last byte
    uint32_t literal = 0;  // by its place in the list
    friend auto operator<=>(const Place&, const Place&) = default;
  };

  // Compiles, or reads the compiled form from `cache_folder` (empty: no cache) if a file of ours is
  // there that nobody else can write, is of these literals, this Hyperscan and this processor, and
  // is whole. Throws Error if the processor cannot run Hyperscan, or the literals cannot be
  // compiled. `name` stands in the Error: "the rules' signatures".
  LiteralSet(std::span<const Literal> literals, const std::string& cache_folder,
             std::string_view name);
  ~LiteralSet();
  LiteralSet(const LiteralSet&) = delete;
  LiteralSet& operator=(const LiteralSet&) = delete;

  // Each thread has its own; it serves all sets that it was made for.
  class Scratch {
   public:
    explicit Scratch(std::span<const LiteralSet* const> sets);  // null entries are left out
    ~Scratch();
    Scratch(Scratch&&) noexcept;

   private:
    friend class LiteralSet;
    struct Memory;
    std::unique_ptr<Memory> memory_;
  };

  // Appends the places whose end lies in (from, to], in ascending order of the end; at one end in
  // any order of literals. A literal may begin before `from`.
  void find(std::string_view text, size_t from, size_t to, Scratch& scratch,
            std::vector<Place>& places) const;

  bool from_cache() const { return from_cache_; }
  size_t longest() const { return longest_; }

 private:
  struct Database;
  std::unique_ptr<Database> database_;
  std::vector<Literal> literals_;
  size_t longest_ = 0;
  bool from_cache_ = false;
};

// What the engine is, and what it makes of this processor. Hyperscan picks its code by the
// processor when literals are compiled. For assay doctor.
struct EngineFacts {
  std::string library;                // "Hyperscan 5.4.0"
  bool usable = false;                // the processor has what the library needs
  std::string code;                   // which of its code it runs here: "AVX2"
  std::vector<std::string> features;  // of the processor, of those that matter: "SSSE3", "AVX2"
};

EngineFacts engine_facts();

// LiteralSet::find by comparing, without Hyperscan: for the reference of tests, and where that
// fails.
void find_plain(std::span<const Literal> literals, std::string_view text, size_t from, size_t to,
                std::vector<LiteralSet::Place>& places);

}  // namespace assay

// Containers: what holds other blobs, or one blob compressed.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/source.h"

namespace assay {

// Bounds on one outermost container with all that is nested in it. Past one of them nothing more is
// decoded, and a diagnostic names the member, the limit and the flag that moves it.
struct ContainerLimits {
  unsigned depth = 8;                  // containers within containers
  uint64_t ratio = 500;                // decoded bytes to bytes of the outermost container
  uint64_t bytes = uint64_t{4} << 40;  // decoded, all members at all depths
  uint64_t members = 1'000'000;        // at all depths
  unsigned seconds = 3600;             // of decoding
};

// What is left of the limits: shared by an outermost container and all that is nested in it. One
// thread.
class ContainerBudget {
 public:
  // `outermost_bytes`: how long the outermost container is. Of a stream, whose length is not known,
  // 0: whoever reads it says with add_outermost how much came.
  ContainerBudget(const ContainerLimits& limits, uint64_t outermost_bytes);
  void add_outermost(uint64_t bytes) { outermost_bytes_ += bytes; }

  // Each says which limit was passed, as half a sentence ("it inflates to more than 500 times its
  // size") with a remedy that names the flag, or nothing. The path is left empty. Once a limit was
  // passed they go on saying so. The ratio counts from kFreeBytes on.
  std::optional<Diagnostic> take_bytes(uint64_t decoded);
  std::optional<Diagnostic> take_member();
  static constexpr uint64_t kFreeBytes = uint64_t{256} << 20;
  const ContainerLimits& limits() const { return limits_; }
  // A limit on the whole was passed: nothing more is to be decoded.
  bool spent() const { return spent_; }

 private:
  ContainerLimits limits_;
  uint64_t outermost_bytes_;
  uint64_t bytes_ = 0;
  uint64_t members_ = 0;
  uint64_t began_ns_ = 0;
  bool spent_ = false;
  Diagnostic passed_;  // if spent_

  std::optional<Diagnostic> pass(std::string reason, std::string_view flag);
};

// A member. `bytes` gives its content in order (no size(), no read_at); its failure() says what
// kept it from being read whole (encrypted, bad checksum, unknown method, cut short, a limit), and
// what came before that is good. Valid until the next call of next().
struct Member {
  std::string name;  // as the container has it, `/` between the parts; empty for a compressed blob,
                     // which is its container's content and has no name of its own
  Reader* bytes = nullptr;
};

// An opened container. One thread. Holds nothing of a member beside a buffer; nothing is written to
// disk or executed.
class Container {
 public:
  virtual ~Container() = default;
  // What it is: "zip", "tar", "gzip", "7z" …: an entry of Finding::encoding.
  virtual std::string_view format() const = 0;
  // The next member; what was not read of the one before is skipped. Folders, links and other
  // members without content are left out. Empty: no more, or what follows cannot be read.
  virtual std::optional<Member> next() = 0;
  // What could not be looked at, beside failure() of the members' readers: what was told is
  // forgotten. Its `path` is the member's name, or empty if it is about the container.
  virtual std::vector<Diagnostic> take_diagnostics() = 0;
};

// How much of a blob's beginning says what it is.
inline constexpr size_t kContainerHead = 4096;

// Opens `outer` if it is a container. `head`: its first bytes, up to kContainerHead, which were
// read by read_at where it has one, and else are the next that outer.read gives (the caller puts
// them back). `name`: its own name, for formats without a signature (.br, .lzma). Null: it is none,
// and nothing was read. A blob with the signature of a container that cannot be opened gives a
// Container whose next() is empty and that has a diagnostic. `outer` and `budget` outlive it.
// Uses outer.read_at where outer.size() is known, also for what stands at the end of a file (zip's
// directory, 7z); else reads on in order, and what needs the end is a diagnostic.
std::unique_ptr<Container> open_container(Reader& outer, std::string_view head,
                                          std::string_view name, ContainerBudget& budget);

}  // namespace assay

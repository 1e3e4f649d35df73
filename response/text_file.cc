// Opens without waiting (a FIFO would), asks what it is, and reads what is there up to the limit:
// nothing is allocated by the size that the file system tells.
#include "response/text_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "rules/rule_set.h"
#include "scanner/sources/file_reader.h"
#include "scanner/verify.h"

namespace assay {

namespace {

constexpr size_t kPiece = size_t{64} << 10;

[[noreturn]] void fail(const std::string& name, std::string_view reason, std::string_view remedy) {
  throw Error(fmt::format("{} could not be read: {}. {}", redact_names(name), reason, remedy));
}

}  // namespace

std::string read_text_file(const std::string& path, const std::string& name, size_t most) {
  const Descriptor file = open_path(path, O_RDONLY | O_NOCTTY | O_NONBLOCK);
  if (!file) fail(name, std::strerror(errno), "Name a file that is there and may be read.");
  struct stat status;
  if (fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    fail(name, "it is no regular file", "Name a file.");
  }
  std::string text;
  for (;;) {
    const size_t size = text.size();
    text.resize(size + kPiece);
    const ssize_t got = read(file.get(), text.data() + size, kPiece);
    text.resize(size + static_cast<size_t>(std::max<ssize_t>(got, 0)));
    if (got < 0 && errno != EINTR) fail(name, std::strerror(errno), "Look at the disk.");
    if (text.size() > most) {
      fail(name, fmt::format("it is longer than {} bytes", most), "Make it shorter.");
    }
    if (got == 0) return text;
  }
}

std::string_view take_line(std::string_view& text) {
  const size_t end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end == text.npos ? text.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

bool is_conflict_marker(std::string_view line) {
  return line.starts_with("<<<<<<<") || line.starts_with("=======") ||
         line.starts_with(">>>>>>>") || line.starts_with("|||||||");
}

}  // namespace assay

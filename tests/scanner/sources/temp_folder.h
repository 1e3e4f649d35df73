// A folder for one test, removed with all that is in it.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <string_view>

namespace assay {

class TempFolder {
 public:
  TempFolder() {
    // In memory where that can be: a disk takes a minute for ten thousand nested folders.
    const char* asked = getenv("TMPDIR");
    for (const std::string base : {asked != nullptr ? asked : "/dev/shm", "/tmp"}) {
      path_ = base + "/assay-XXXXXX";
      if (mkdtemp(path_.data()) != nullptr) return;
    }
    abort();
  }
  ~TempFolder() {
    // `rm` copes with trees deeper than PATH_MAX, which std::filesystem does not.
    const std::string command = "rm -rf '" + path_ + "'";
    EXPECT_EQ(std::system(command.c_str()), 0);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  const std::string& path() const { return path_; }
  std::string operator/(std::string_view name) const { return path_ + "/" + std::string(name); }

  // Writes a file; the folders above it are made.
  void write(const std::string& name, std::string_view text) const {
    make_folders_above(name);
    const int fd = open((*this / name).c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    ASSERT_GE(fd, 0) << name;
    EXPECT_EQ(::write(fd, text.data(), text.size()), static_cast<ssize_t>(text.size()));
    close(fd);
  }
  void make_folder(const std::string& name) const { make_folders_above(name + "/"); }
  void link(const std::string& target, const std::string& name) const {
    make_folders_above(name);
    ASSERT_EQ(symlink(target.c_str(), (*this / name).c_str()), 0) << name;
  }

 private:
  void make_folders_above(const std::string& name) const {
    for (size_t at = 0; (at = name.find('/', at)) != std::string::npos; ++at) {
      mkdir((*this / name.substr(0, at)).c_str(), 0755);
    }
  }

  std::string path_;
};

// The working folder for as long as this lives.
class WorkingFolder {
 public:
  explicit WorkingFolder(const std::string& path) : before_(open(".", O_RDONLY | O_DIRECTORY)) {
    if (chdir(path.c_str()) != 0) abort();
  }
  ~WorkingFolder() {
    EXPECT_EQ(fchdir(before_), 0);
    close(before_);
  }
  WorkingFolder(const WorkingFolder&) = delete;
  WorkingFolder& operator=(const WorkingFolder&) = delete;

 private:
  int before_;
};

}  // namespace assay

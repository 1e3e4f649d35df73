// A scratch repository for tests, made by the real git with fixed names and dates.
//
//   GitRepo repo;
//   repo.write("src/app.txt", "text");
//   const std::string first = repo.commit("one");  // its id
//   repo.run("branch -q side");
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>

namespace assay {

// A new folder below the system's one for temporary files, removed at the end with all in it.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "assay-git-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no scratch folder: " + name);
    path_ = std::filesystem::canonical(name).string();
  }
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

class GitRepo {
 public:
  // `git init -q` with these options in SCRATCH/repo.
  explicit GitRepo(const std::string& options = "") {
    std::filesystem::create_directory(folder());
    run("init -q " + options);
  }

  std::string folder() const { return scratch_.path() + "/repo"; }
  std::string path(const std::string& name) const { return folder() + "/" + name; }
  // The folder that holds repo/, for clones and worktrees beside it. No repository itself.
  const std::string& outside() const { return scratch_.path(); }

  // The date of the next commits, seconds since 1970; `commit` adds a minute.
  long long time = 1762070400;  // 2025-11-02T08:00:00Z

  // `git ARGS` through the shell, in repo/ or the `below` it; what it printed, without the last
  // newline. Throws if it fails, with what it said. So `run("merge side || true")` may conflict.
  std::string run(const std::string& args, const std::string& below = "") const {
    return shell(
        "git -c protocol.file.allow=always -c init.defaultBranch=main "
        "-c commit.gpgSign=false -c core.fsmonitor=false -c gc.auto=0 " +
            args,
        below);
  }

  // A command of the shell in the same environment.
  std::string shell(const std::string& command, const std::string& below = "") const {
    const char* path = std::getenv("PATH");
    const std::string date = std::to_string(time) + " +0000";
    const auto quoted = [](const std::string& text) { return "'" + text + "'"; };
    std::string script = command;
    for (size_t at = 0; (at = script.find('\'', at)) != std::string::npos; at += 4) {
      script.replace(at, 1, "'\\''");
    }
    const std::string line =
        "exec env -i PATH=" + quoted(path != nullptr ? path : "/usr/bin:/bin") +
        " HOME=" + quoted(outside()) +
        " LC_ALL=C GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null GIT_TERMINAL_PROMPT=0"
        " GIT_AUTHOR_NAME=Dana GIT_AUTHOR_EMAIL=dana@example.org"
        " GIT_COMMITTER_NAME=Kim GIT_COMMITTER_EMAIL=kim@example.org"
        " GIT_AUTHOR_DATE=" +
        quoted(date) + " GIT_COMMITTER_DATE=" + quoted(date) + " sh -c " +
        quoted("exec 2>&1; cd \"$1\" && { " + script + "\n}") + " sh " +
        quoted(below.empty() || below.front() != '/' ? path_of(below) : below);
    FILE* pipe = popen(line.c_str(), "re");
    if (pipe == nullptr) throw std::runtime_error("no shell for git");
    std::string out;
    char buffer[4096];
    for (size_t got; (got = fread(buffer, 1, sizeof buffer, pipe)) > 0;) out.append(buffer, got);
    const int status = pclose(pipe);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
      throw std::runtime_error("git failed: " + command.substr(0, 300) + "\n" + out);
    }
    if (!out.empty() && out.back() == '\n') out.pop_back();
    return out;
  }

  // Writes a file of the work tree with its folders.
  void write(const std::string& name, std::string_view bytes) const {
    std::filesystem::create_directories(std::filesystem::path(path(name)).parent_path());
    std::ofstream out(path(name), std::ios::binary | std::ios::trunc);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!out.flush()) throw std::runtime_error("cannot write " + path(name));
  }
  void remove(const std::string& name) const { std::filesystem::remove_all(path(name)); }
  static std::string read(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }

  // Stages everything and commits it; the commit's id.
  std::string commit(const std::string& message, const std::string& options = "") {
    run("add -A");
    run("commit -q --allow-empty --allow-empty-message " + options + " -m \"" + message + "\"");
    time += 60;
    return run("rev-parse HEAD");
  }

 private:
  std::string path_of(const std::string& below) const {
    return below.empty() ? folder() : folder() + "/" + below;
  }
  ScratchFolder scratch_;
};

}  // namespace assay

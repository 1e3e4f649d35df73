#include "scanner/sources/files.h"

#include <gtest/gtest.h>
#include <sys/fsuid.h>
#include <sys/resource.h>

#include <functional>

#include "rules/rule_set.h"
#include "scanner/sources/ignore.h"
#include "tests/scanner/sources/temp_folder.h"

namespace assay {
namespace {

using Kind = Diagnostic::Kind;
using Lines = std::vector<std::string>;

// What a source says, in its order: reported paths, and diagnostics as "! path: reason".
struct Listing {
  Lines lines;
  std::vector<Blob> blobs;
  std::vector<Diagnostic> diagnostics;
  uint64_t ignored = 0;
};

using OnBlob = std::function<bool(const Blob&)>;

Listing list(Source& source, const OnBlob& on_blob = nullptr) {
  Listing listing;
  source.enumerate({.blob =
                        [&](Blob&& blob) {
                          listing.lines.push_back(blob.provenance->path);
                          listing.blobs.push_back(std::move(blob));
                          return on_blob == nullptr || on_blob(listing.blobs.back());
                        },
                    .diagnostic =
                        [&](Diagnostic&& found) {
                          listing.lines.push_back("! " + found.path + ": " + found.reason);
                          listing.diagnostics.push_back(std::move(found));
                        },
                    .ignored = [&](uint64_t count) { listing.ignored += count; }});
  return listing;
}

Listing list(std::vector<std::string> paths, FileOptions options = {}) {
  return list(*open_files(std::move(paths), std::move(options)));
}

std::string name_of(const TempFolder& folder) {
  return folder.path().substr(folder.path().rfind('/') + 1);
}

// Reads to the end; "<kind> reason" in place of the text if the reader fails.
std::string read_all(Reader& reader) {
  std::string text;
  char buffer[1 << 16];
  for (;;) {
    const Reader::Result result = reader.read(buffer, -1);
    if (result.status != Reader::Status::data) break;
    text.append(buffer, result.bytes);
  }
  const auto failure = reader.failure();
  return failure ? "! " + failure->reason : text;
}

std::string read_blob(const Source& source, const Blob& blob) {
  Diagnostic diagnostic;
  const auto reader = source.open(blob, diagnostic);
  return reader ? read_all(*reader) : "! " + diagnostic.reason;
}

TEST(Files, NamesFilesDepthFirstInByteOrderHiddenOnesToo) {
  const TempFolder folder;
  for (const char* name : {"b/z", "b/a/x", "a.txt", "B", ".hidden", "a", "b.c", "\xC3\xA9", "\xFF",
                           "line\nbreak", "~", "c/.d/e"}) {
    folder.write(name, name);
  }
  folder.make_folder("empty");
  const WorkingFolder inside(folder.path());
  const Lines wanted = {".hidden", "B",      "a",           "a.txt", "b/a/x",    "b/z",
                        "b.c",     "c/.d/e", "line\nbreak", "~",     "\xC3\xA9", "\xFF"};
  EXPECT_EQ(list({"."}).lines, wanted);

  const auto source = open_files({"."}, {});
  EXPECT_FALSE(source->live());
  const Listing listing = list(*source);
  EXPECT_EQ(listing.lines, wanted) << "another order in a second run";
  for (const Blob& blob : listing.blobs) {
    EXPECT_EQ(read_blob(*source, blob), blob.provenance->path);
    EXPECT_EQ(blob.provenance->kind, Provenance::Kind::file);
  }
}

TEST(Files, ReportedPathsDoNotTellWhereTheFolderStands) {
  const TempFolder folder;
  folder.write("w/a/b/f", "");
  folder.write("w/g", "");
  folder.write("o/h", "");
  const WorkingFolder inside(folder / "w");
  const struct {
    std::string given;
    Lines wanted;
  } rows[] = {
      {".", {"a/b/f", "g"}},
      {"./", {"a/b/f", "g"}},
      {"a", {"a/b/f"}},
      {"./a//b/./", {"a/b/f"}},
      {"a/b/f", {"a/b/f"}},
      {"./g", {"g"}},
      {"..", {"o/h", "w/a/b/f", "w/g"}},
      {"../o", {"o/h"}},
      {"../o/h", {"h"}},
      {"a/..", {"a/b/f", "g"}},
      {"a/../../o/", {"o/h"}},
      {"../w/a/b", {"b/f"}},
      {folder / "w/a", {"a/b/f"}},
      {folder / "w/a/", {"a/b/f"}},
      {folder / "w/g", {"g"}},
      {"nothing", {"! nothing: no such file or folder"}},
      {"/nothing/here", {"! here: no such file or folder"}},
      {"g/", {"! g: a part of the path is not a folder"}},
      {"", {"! : one of the given paths is empty"}},
  };
  for (const auto& row : rows) EXPECT_EQ(list({row.given}).lines, row.wanted) << row.given;
}

TEST(Files, GitFoldersAreLeftOutAndCounted) {
  const TempFolder folder;
  folder.write(".git/config", "");
  folder.write("a/.git/config", "");
  folder.write("b/.git", "gitdir: elsewhere");
  folder.write("b/.gitignore", "");
  const WorkingFolder inside(folder.path());
  const Listing listing = list({"."}, {.use_ignore_files = false, .exclude = {}});
  EXPECT_EQ(listing.lines, (Lines{"b/.git", "b/.gitignore"}));
  EXPECT_EQ(listing.ignored, 2U);
}

TEST(Files, IgnoreFilesHoldForTheirFolderAndBelow) {
  const TempFolder folder;
  folder.write("top/.assayignore", "*.log\n/only-top\nout/\n!kept.log\n");
  for (const char* name :
       {"top/a.log", "top/b", "top/only-top", "top/out/kept.log", "top/kept.log", "top/s/only-top",
        "top/s/a.log", "top/s/out", "top/t/a.log", "top/t/b"}) {
    folder.write(name, "");
  }
  folder.write("top/t/.assayignore", "!a.log\nb\n");
  const WorkingFolder inside(folder.path());
  const Lines wanted = {"top/.assayignore", "top/b",     "top/kept.log",
                        "top/s/only-top",   "top/s/out", "top/t/.assayignore",
                        "top/t/a.log"};
  const Listing listing = list({"top"});
  EXPECT_EQ(listing.lines, wanted);
  EXPECT_EQ(listing.ignored, 5U);
  EXPECT_EQ(list({"top/s"}).lines, (Lines{"top/s/a.log", "top/s/only-top", "top/s/out"}))
      << "the ignore files above a given folder do not count";
  EXPECT_EQ(list({"top/a.log"}).lines, (Lines{"top/a.log"})) << "given files are in scope";
  EXPECT_EQ(list({"top"}, {.use_ignore_files = false, .exclude = {}}).lines.size(), 12U);
}

TEST(Files, ExcludedPatternsWinOverIgnoreFiles) {
  const TempFolder folder;
  folder.write("r/.assayignore", "a\n!b\n");
  for (const char* name : {"r/a", "r/b", "r/s/a", "r/s/b", "q/b", "q/c"}) folder.write(name, "");
  const WorkingFolder inside(folder.path());
  const FileOptions options{.exclude = {"b", "!/a", ".assayignore"}};
  const Listing listing = list({"r", "q"}, options);
  EXPECT_EQ(listing.lines, (Lines{"r/a", "q/c"}));
  EXPECT_EQ(listing.ignored, 5U);
}

TEST(Files, MalformedExcludePatternIsAnErrorThatDoesNotQuoteIt) {
  try {
    open_files({"."}, {.exclude = {"fine", "bad[pattern"}});
    FAIL() << "no error";
  } catch (const Error& error) {
    const std::string text = error.what();
    EXPECT_NE(text.find("Pattern 2"), std::string::npos) << text;
    EXPECT_EQ(text.find("bad["), std::string::npos) << text;
  }
}

TEST(Files, OddIgnoreFilesAreSaidAndNotUsed) {
  const TempFolder folder;
  folder.write("big/.assayignore", "f\n" + std::string(IgnoreRules::kMaxLines, '\n') + "g\n");
  folder.write("patterns", "f\n");
  folder.link("../patterns", "link/.assayignore");
  folder.write("folder/.assayignore/f", "");
  for (const char* name : {"big/f", "big/g", "link/f", "fifo/f", "folder/f", "socket/f"}) {
    folder.write(name, "");
  }
  ASSERT_EQ(mkfifo((folder / "fifo/.assayignore").c_str(), 0600), 0);
  ASSERT_EQ(mknod((folder / "socket/.assayignore").c_str(), S_IFSOCK | 0600, 0), 0);
  const WorkingFolder inside(folder.path());
  const struct {
    const char* given;
    Lines wanted;
  } rows[] = {
      {"big",
       {"! big/.assayignore: only the patterns in its first 1 MiB and 10,000 lines are used",
        "big/.assayignore", "big/g"}},
      {"link",
       {"! link/.assayignore: it is a symbolic link, so its patterns are not used", "link/f"}},
      {"fifo", {"! fifo/.assayignore: it is a FIFO", "fifo/f"}},
      {"socket", {"! socket/.assayignore: it is a socket", "socket/f"}},
      {"folder", {"folder/.assayignore/f", "folder/f"}},
  };
  for (const auto& row : rows) EXPECT_EQ(list({row.given}).lines, row.wanted) << row.given;
  EXPECT_EQ(list({"link"}, {.follow_symlinks = true, .exclude = {}}).lines,
            (Lines{"link/.assayignore"}));
}

TEST(Files, PatternsOfAllFoldersOnTheWayAreBounded) {
  // 1 MiB that takes 16 MiB when it is read, in nine folders one in the other.
  std::string pattern;
  while (pattern.size() < (1 << 20) - 4) pattern += "*/";
  const TempFolder folder;
  folder.write("1/.assayignore", pattern + "x\n");
  std::string name = "1";
  for (int i = 2; i <= 9; ++i) {
    const std::string inner = name + "/" + std::to_string(i);
    folder.make_folder(inner);
    ASSERT_EQ(link((folder / "1/.assayignore").c_str(), (folder / inner + "/.assayignore").c_str()),
              0);
    name = inner;
  }
  const Listing listing = list({folder / "1"});
  EXPECT_EQ(listing.blobs.size(), 9U);
  ASSERT_GE(listing.diagnostics.size(), 5U);
  for (const Diagnostic& found : listing.diagnostics) EXPECT_EQ(found.kind, Kind::limit);
}

TEST(Files, SymbolicLinksAreLeftAloneUnlessGivenOrFollowed) {
  const TempFolder folder;
  folder.write("a/f", "text");
  folder.link("../a", "b/folder");
  folder.link("../a/f", "b/file");
  folder.link("nowhere", "b/dangling");
  folder.link("b", "given");
  const WorkingFolder inside(folder.path());
  const Listing listing = list({"b"});
  EXPECT_EQ(listing.lines, Lines{});
  EXPECT_EQ(listing.ignored, 3U);
  EXPECT_EQ(list({"b/folder"}).lines, (Lines{"b/folder/f"}));
  EXPECT_EQ(list({"b/file"}).lines, (Lines{"b/file"}));
  EXPECT_EQ(list({"given/folder/f"}).lines, (Lines{"given/folder/f"}));

  const auto source = open_files({"b"}, {.follow_symlinks = true, .exclude = {}});
  const Listing followed = list(*source);
  // Through `file` it is named first, so `folder/f` would be the second time.
  EXPECT_EQ(followed.lines, (Lines{"! b/dangling: no such file or folder", "b/file"}));
  EXPECT_EQ(followed.ignored, 0U);
  EXPECT_EQ(read_blob(*source, followed.blobs[0]), "text");
}

TEST(Files, LoopsOfFollowedLinksEnd) {
  const TempFolder folder;
  folder.write("r/a/f", "");
  folder.write("r/b/g", "");
  folder.link("../..", "r/a/up");
  folder.link("../b", "r/a/to-b");
  folder.link("../a", "r/b/to-a");
  folder.link("self", "r/self");
  const WorkingFolder inside(folder.path());
  EXPECT_EQ(list({"r"}, {.follow_symlinks = true, .exclude = {}}).lines,
            (Lines{"r/a/f", "r/a/to-b/g", "! r/self: its symbolic links lead in a circle"}));
}

TEST(Files, WalkFindsItsWayBackOutOfADeepFollowedLink) {
  const TempFolder folder;
  std::string deep = "other/";
  for (int i = 0; i < 40; ++i) deep += "d/";
  folder.write(deep + "f", "");
  folder.write("r/z/g", "");
  folder.write("r/m", "");
  folder.link("../other", "r/l");
  const WorkingFolder inside(folder.path());
  EXPECT_EQ(list({"r"}, {.follow_symlinks = true, .exclude = {}}).lines,
            (Lines{"r/l/" + deep.substr(6) + "f", "r/m", "r/z/g"}));
}

TEST(Files, FileReachedTwiceIsNamedOnce) {
  const TempFolder folder;
  folder.write("a/b/f", "");
  folder.write("a/g", "");
  folder.write("a/.assayignore", "x\n");
  folder.write("a/x", "");
  ASSERT_EQ(link((folder / "a/g").c_str(), (folder / "a/hard").c_str()), 0);
  folder.link("a", "to-a");
  folder.link("a/g", "to-g");
  const WorkingFolder inside(folder.path());
  const Lines all = {"a/.assayignore", "a/b/f", "a/g", "a/hard"};
  const struct {
    std::vector<std::string> given;
    Lines wanted;
  } rows[] = {
      {{"a"}, all},
      {{"a", "a"}, all},
      {{"a", "./a/"}, all},
      {{"a", "to-a"}, all},
      {{"a", "a/b"}, all},
      {{"a", "a/g"}, all},
      {{"a", "to-g"}, all},
      {{"a", "a/x"}, {"a/.assayignore", "a/b/f", "a/g", "a/hard", "a/x"}},
      {{"a/g", "a"}, {"a/g", "a/.assayignore", "a/b/f", "a/hard"}},
      {{"a/b", "a"}, {"a/b/f", "a/.assayignore", "a/g", "a/hard"}},
      {{"a/g", "a/g", "to-g", "a/../a/g"}, {"a/g"}},
      {{"a/g", "a/hard"}, {"a/g", "a/hard"}},
  };
  for (const auto& row : rows) EXPECT_EQ(list(row.given).lines, row.wanted) << row.given.back();
}

TEST(Files, WhatIsNoFileIsSaid) {
  const TempFolder folder;
  ASSERT_EQ(mkfifo((folder / "fifo").c_str(), 0600), 0);
  ASSERT_EQ(mknod((folder / "socket").c_str(), S_IFSOCK | 0600, 0), 0);
  folder.write("z", "");
  const WorkingFolder inside(folder.path());
  const Listing listing = list({"."});
  EXPECT_EQ(listing.lines, (Lines{"! fifo: it is a FIFO", "! socket: it is a socket", "z"}));
  EXPECT_EQ(listing.diagnostics[0].kind, Kind::skipped);
  EXPECT_EQ(listing.diagnostics[0].remedy, "Name it on the command line to read it.");
  EXPECT_EQ(list({"."}, {.exclude = {"fifo", "socket"}}).lines, (Lines{"z"}));
  EXPECT_EQ(list({"socket"}).lines, (Lines{"! socket: it is a socket"}));
  EXPECT_EQ(list({"/dev/null"}).lines, (Lines{"! null: it is a character device"}));
  EXPECT_EQ(list({".", "fifo"}).lines, (Lines{"! socket: it is a socket", "z", "fifo"}));
}

TEST(Files, GivenFifoIsAStreamThatWaitsForItsWriter) {
  const TempFolder folder;
  const std::string path = folder / "fifo";
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  const auto source = open_files({path}, {});
  EXPECT_TRUE(source->live());
  const Listing listing = list(*source);
  ASSERT_EQ(listing.lines, (Lines{"fifo"}));
  EXPECT_EQ(listing.blobs[0].provenance->kind, Provenance::Kind::stream);

  Diagnostic diagnostic;
  const auto reader = source->open(listing.blobs[0], diagnostic);
  ASSERT_NE(reader, nullptr);
  EXPECT_FALSE(reader->size());
  char buffer[16];
  EXPECT_EQ(reader->read(buffer, 0).status, Reader::Status::idle);
  const int writer = open(path.c_str(), O_WRONLY);
  ASSERT_EQ(write(writer, "text", 4), 4);
  close(writer);
  EXPECT_EQ(read_all(*reader), "text");
}

TEST(Files, PipeGivenByItsDescriptorEndsThoughItsWriterIsGone) {
  for (const std::string_view text : {"", "text"}) {
    int fds[2];
    ASSERT_EQ(pipe(fds), 0);
    ASSERT_EQ(write(fds[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
    close(fds[1]);
    const auto source = open_files({"/dev/fd/" + std::to_string(fds[0])}, {});
    const Listing listing = list(*source);
    ASSERT_EQ(listing.blobs.size(), 1U);
    EXPECT_EQ(read_blob(*source, listing.blobs[0]), text);
    close(fds[0]);
  }
}

TEST(Files, MadeUpFileSystemsAreNotEnteredButTheirFilesMayBeGiven) {
  EXPECT_EQ(list({"/proc/sys/kernel"}).lines,
            (Lines{"! kernel: it is a file system that the kernel makes up"}));
  const Listing met = list({"/"}, {.exclude = {"/*", "!/proc"}});
  EXPECT_EQ(met.lines, (Lines{"! proc: it is a file system that the kernel makes up"}));
  EXPECT_EQ(met.diagnostics[0].kind, Kind::skipped);

  const auto source = open_files({"/proc/self/status"}, {});
  const Listing listing = list(*source);
  ASSERT_EQ(listing.lines, (Lines{"status"}));
  Diagnostic diagnostic;
  const auto reader = source->open(listing.blobs[0], diagnostic);
  EXPECT_FALSE(reader->size());
  EXPECT_TRUE(read_all(*reader).starts_with("Name:"));
}

TEST(Files, WhatMayNotBeReadIsSaid) {
  const TempFolder folder;
  folder.write("file", "");
  folder.write("shut/f", "");
  folder.write("z", "");
  folder.write(".assayignore", "z");
  ASSERT_EQ(chmod(folder.path().c_str(), 0755), 0);
  ASSERT_EQ(chmod((folder / ".assayignore").c_str(), 0), 0);
  ASSERT_EQ(chmod((folder / "file").c_str(), 0), 0);
  ASSERT_EQ(chmod((folder / "shut").c_str(), 0), 0);
  const WorkingFolder inside(folder.path());
  const auto before = static_cast<uid_t>(setfsuid(65534));  // for root, whom modes do not stop
  const auto source = open_files({"."}, {});
  const Listing listing = list(*source);
  EXPECT_EQ(listing.lines, (Lines{"! .assayignore: its patterns are not used: Permission denied",
                                  ".assayignore", "file", "! shut: permission denied", "z"}));
  for (const Diagnostic& found : listing.diagnostics) {
    EXPECT_EQ(found.kind, Kind::unreadable);
    EXPECT_NE(found.remedy, "");
  }
  ASSERT_EQ(listing.blobs.size(), 3U);
  EXPECT_EQ(read_blob(*source, listing.blobs[0]), "! permission denied");
  EXPECT_EQ(read_blob(*source, listing.blobs[2]), "");
  setfsuid(before);
  chmod((folder / "shut").c_str(), 0755);
}

TEST(Files, WhatVanishesDuringTheWalkIsSaid) {
  const TempFolder folder;
  folder.write("a", "");
  folder.make_folder("b");
  folder.make_folder("c");
  folder.write("d", "");
  const WorkingFolder inside(folder.path());
  const auto source = open_files({"."}, {});
  const Listing listing = list(*source, [&](const Blob& blob) {
    if (blob.id == "./a") {
      rmdir("b");
      rmdir("c");
      EXPECT_EQ(symlink("/", "c"), 0);
    }
    return true;
  });
  const std::string gone = "it was there when its folder was listed, and now is not";
  EXPECT_EQ(listing.lines, (Lines{"a", "! b: " + gone, "! c: " + gone, "d"}));
  EXPECT_EQ(listing.diagnostics[0].kind, Kind::changed);
}

TEST(Files, WhatIsSwappedBeforeItIsOpenedIsNotRead) {
  const TempFolder folder;
  for (const char* name : {"1", "2", "3", "4", "5"}) folder.write(name, "text");
  const WorkingFolder inside(folder.path());
  const auto source = open_files({"."}, {});
  const Listing listing = list(*source);
  for (const char* name : {"1", "2", "3", "4"}) unlink(name);
  ASSERT_EQ(symlink("5", "2"), 0);
  ASSERT_EQ(mkfifo("3", 0600), 0);
  ASSERT_EQ(mkdir("4", 0700), 0);
  const std::string gone = "! it was gone when it was to be read";
  const std::string other = "! something else stood in its place when it was to be read";
  const Lines wanted = {gone, gone, other, other, "text"};
  for (size_t i = 0; i < wanted.size(); ++i) {
    EXPECT_EQ(read_blob(*source, listing.blobs[i]), wanted[i]) << i;
  }
  Diagnostic diagnostic;
  EXPECT_EQ(source->open(listing.blobs[0], diagnostic), nullptr);
  EXPECT_EQ(diagnostic.kind, Kind::changed);
  EXPECT_EQ(diagnostic.path, "1");
}

TEST(Files, FileIsReadInSequenceAndAtAnyOffset) {
  const TempFolder folder;
  std::string text;
  for (int i = 0; i < 30'000; ++i) text += std::to_string(i) + "\n";
  folder.write("f", text);
  const auto source = open_files({folder / "f"}, {});
  const Blob blob = list(*source).blobs.at(0);
  EXPECT_EQ(read_blob(*source, blob), text);

  Diagnostic diagnostic;
  const auto reader = source->open(blob, diagnostic);
  ASSERT_EQ(reader->size(), text.size());
  char buffer[1000];
  for (const uint64_t offset : {size_t{0}, size_t{777}, text.size() - 10, text.size() + 10}) {
    const std::string wanted = offset < text.size() ? text.substr(offset, sizeof buffer) : "";
    const auto got = reader->read_at(offset, buffer);
    ASSERT_TRUE(got) << offset;
    EXPECT_EQ(std::string(buffer, *got), wanted) << offset;
  }
  EXPECT_FALSE(reader->failure());
}

TEST(Files, EmptyFileHasNoSizeAndEndsAtOnce) {
  const TempFolder folder;
  folder.write("f", "");
  const auto source = open_files({folder / "f"}, {});
  Diagnostic diagnostic;
  const auto reader = source->open(list(*source).blobs.at(0), diagnostic);
  EXPECT_FALSE(reader->size());
  EXPECT_EQ(read_all(*reader), "");
}

TEST(Files, ChangeOfLengthDuringReadingIsSaid) {
  const std::string shorter = "! it got shorter while it was read";
  const std::string grew = "! it grew while it was read; the new part was not scanned";
  const std::string endless = "! it kept growing while it was read; the end was not scanned";
  const std::string unknown = "! its length is not known, and only its first 16 MiB were scanned";
  constexpr off_t kMiB = 1 << 20;
  const struct {
    const char* what;
    off_t before, after;
    bool at_offsets;
    std::string wanted;
  } rows[] = {
      {"same", 10, 10, false, std::string(10, '\0')},
      {"shorter", 10, 4, false, shorter},
      {"longer", 10, 14, false, std::string(14, '\0')},
      {"longer without end", 10, 10 + 64 * kMiB + 1, false, endless},
      {"from nothing", 0, 14, false, std::string(14, '\0')},
      {"from nothing to the limit", 0, 16 * kMiB, false, std::string(16 * kMiB, '\0')},
      {"from nothing over the limit", 0, 16 * kMiB + 1, false, unknown},
      {"same, at offsets", 10, 10, true, ""},
      {"shorter, at offsets", 10, 4, true, shorter},
      {"longer, at offsets", 10, 14, true, grew},
  };
  for (const auto& row : rows) {
    const TempFolder folder;
    folder.write("f", "");
    const std::string path = folder / "f";
    ASSERT_EQ(truncate(path.c_str(), row.before), 0);
    const auto source = open_files({path}, {});
    Diagnostic diagnostic;
    const auto reader = source->open(list(*source).blobs.at(0), diagnostic);
    ASSERT_EQ(truncate(path.c_str(), row.after), 0);
    if (!row.at_offsets) {
      EXPECT_TRUE(read_all(*reader) == row.wanted) << row.what;
      continue;
    }
    char buffer[10];
    EXPECT_EQ(reader->read_at(0, buffer), std::min<size_t>(10, row.after)) << row.what;
    const auto failure = reader->failure();
    EXPECT_EQ(failure ? "! " + failure->reason : "", row.wanted) << row.what;
    if (failure) {
      EXPECT_EQ(failure->kind, Kind::changed) << row.what;
    }
  }
}

TEST(Files, SinkStopsTheWalk) {
  const TempFolder folder;
  for (const char* name : {"a", "b/c", "d"}) folder.write(name, "");
  const auto source = open_files({folder.path(), folder / "d"}, {});
  const Listing listing = list(*source, [](const Blob& blob) { return !blob.id.ends_with("c"); });
  EXPECT_EQ(listing.lines, (Lines{name_of(folder) + "/a", name_of(folder) + "/b/c"}));
}

// A chain of folders "d", each level with a side folder "e" that comes after it, so that every
// folder on the way is needed again on the way out.
void make_deep_tree(const TempFolder& folder, size_t levels, size_t side_every) {
  int at = open(folder.path().c_str(), O_RDONLY | O_DIRECTORY);
  for (size_t i = 0; i < levels; ++i) {
    if (i % side_every == 0) {
      ASSERT_EQ(mkdirat(at, "e", 0755), 0);
      const int side = openat(at, "e", O_RDONLY | O_DIRECTORY);
      close(openat(side, "f", O_WRONLY | O_CREAT, 0644));
      close(side);
    }
    ASSERT_EQ(mkdirat(at, "d", 0755), 0);
    const int next = openat(at, "d", O_RDONLY | O_DIRECTORY);
    close(at);
    at = next;
  }
  const int file = openat(at, "last", O_WRONLY | O_CREAT, 0644);
  EXPECT_EQ(write(file, "deep", 4), 4);
  close(file);
  close(at);
}

TEST(Files, DeepTreesAreWalkedAndReadWithFewDescriptors) {
  constexpr size_t kLevels = 20'000;
  constexpr size_t kEvery = 50;
  const TempFolder folder;
  make_deep_tree(folder, kLevels, kEvery);
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit few{.rlim_cur = 64, .rlim_max = before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &few), 0);

  const auto source = open_files({folder.path()}, {});
  const Listing listing = list(*source);
  EXPECT_TRUE(listing.diagnostics.empty()) << listing.diagnostics[0].reason;
  ASSERT_EQ(listing.blobs.size(), kLevels / kEvery + 1);
  EXPECT_EQ(listing.lines[0].size(), name_of(folder).size() + 1 + 2 * kLevels + 4);
  EXPECT_EQ(read_blob(*source, listing.blobs[0]), "deep");

  const auto given = open_files({listing.blobs[0].id}, {});
  const Listing deep = list(*given);
  EXPECT_EQ(deep.lines, (Lines{"last"}));
  EXPECT_EQ(read_blob(*given, deep.blobs.at(0)), "deep");
  setrlimit(RLIMIT_NOFILE, &before);
}

TEST(Files, WalkLeavesNoDescriptorOpen) {
  const TempFolder folder;
  make_deep_tree(folder, 40, 1);
  const int before = dup(0);
  close(before);
  list({folder.path()});
  list(*open_files({folder.path()}, {}), [](const Blob&) { return false; });
  const int after = dup(0);
  close(after);
  EXPECT_EQ(after, before);
}

TEST(Files, FoldersMovedDuringTheWalkLoseNothingSilently) {
  const struct {
    const char* what;
    bool outer_too;
    size_t lost;
  } rows[] = {{"what was left stands where it was", false, 0},
              {"nor can that be found by its path", true, 20}};
  for (const auto& row : rows) {
    const TempFolder folder;
    make_deep_tree(folder, 40, 1);
    const WorkingFolder inside(folder.path());
    // The walk comes back through `..` from the innermost folder; half way up that is cut off.
    std::string outer = ".";
    for (int i = 0; i < 20; ++i) outer += "/d";
    const auto source = open_files({"."}, {});
    const Listing listing = list(*source, [&](const Blob& blob) {
      if (blob.id.ends_with("last")) {
        EXPECT_EQ(mkdir("moved", 0755), 0);
        EXPECT_EQ(rename((outer + "/d").c_str(), "moved/d"), 0);
        if (row.outer_too) {
          EXPECT_EQ(rename("d", "elsewhere"), 0);
        }
      }
      return true;
    });
    // Each folder has one side folder: that is reached, or it is said that the folder was lost.
    EXPECT_EQ(listing.diagnostics.size(), row.lost) << row.what;
    EXPECT_EQ(listing.blobs.size() + listing.diagnostics.size(), 41U) << row.what;
    for (const Diagnostic& found : listing.diagnostics) {
      EXPECT_EQ(found.kind, Kind::changed) << row.what;
      EXPECT_EQ(found.reason, "it was moved while it was walked") << row.what;
    }
  }
}

}  // namespace
}  // namespace assay

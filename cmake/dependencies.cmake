# What the libraries stand on, all from the distribution's packages. docs/design.md says why each.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
pkg_check_modules(HS REQUIRED IMPORTED_TARGET libhs)
pkg_check_modules(RE2 REQUIRED IMPORTED_TARGET re2)
pkg_check_modules(CRYPTO REQUIRED IMPORTED_TARGET libcrypto)
pkg_check_modules(ZLIB REQUIRED IMPORTED_TARGET zlib)
pkg_check_modules(LIBDEFLATE REQUIRED IMPORTED_TARGET libdeflate)
pkg_check_modules(EXPAT REQUIRED IMPORTED_TARGET expat)
pkg_check_modules(ISAL REQUIRED IMPORTED_TARGET libisal)
if(ASSAY_TESTS)
  pkg_check_modules(LIBGIT2 REQUIRED IMPORTED_TARGET libgit2)
  # To write archives: the archive's writer would need libxml2, the shared library brings its own.
  pkg_check_modules(LIBARCHIVE REQUIRED IMPORTED_TARGET libarchive)
endif()

# A library's archive is taken where there is one: to load the shared one costs each start of the
# program 0.1 to 0.5 ms, and `assay git --staged` takes only a few. Not of a library that needs
# others of its own (RE2 since 2023 needs Abseil): they would have to be archives as well.
# ASSAY_STATIC_CXX says whether no shared library is left that needs the standard library's own:
# then the program can hold that too, for 0.7 ms more.
set(ASSAY_STATIC_CXX ON)
function(assay_prefer_archive prefix library)
  find_library(ASSAY_${prefix}_ARCHIVE lib${library}.a HINTS ${${prefix}_LIBRARY_DIRS})
  set(needs ${${prefix}_STATIC_LIBRARIES})
  list(REMOVE_ITEM needs ${library} stdc++ m gcc_s gcc c dl pthread)
  if(ASSAY_${prefix}_ARCHIVE AND NOT needs)
    set_target_properties(PkgConfig::${prefix} PROPERTIES INTERFACE_LINK_LIBRARIES
      "${ASSAY_${prefix}_ARCHIVE};Threads::Threads;${CMAKE_DL_LIBS}")
  elseif(prefix MATCHES "HS|RE2")  # the ones in C++
    set(ASSAY_STATIC_CXX OFF PARENT_SCOPE)
  endif()
endfunction()
assay_prefer_archive(HS hs)
assay_prefer_archive(RE2 re2)
assay_prefer_archive(CRYPTO crypto)
assay_prefer_archive(ZLIB z)
assay_prefer_archive(LIBDEFLATE deflate)
assay_prefer_archive(EXPAT expat)

# What containers are read with, in the order in which a linker needs them: libarchive stands on the
# others. Its shared library loads ICU through libxml2, which would take longer than many a run; of
# the archive only what is used is linked, and that needs neither.
add_library(assay_codecs INTERFACE)
foreach(library archive nettle lzma zstd bz2 lz4 brotlidec brotlicommon)
  find_library(ASSAY_${library} NAMES lib${library}.a ${library} REQUIRED)
  target_link_libraries(assay_codecs INTERFACE ${ASSAY_${library}})
endforeach()
target_link_libraries(assay_codecs INTERFACE PkgConfig::ISAL PkgConfig::CRYPTO PkgConfig::ZLIB)

# toml++ is all in its headers, and is included once. The target of its package asks for the shared
# library instead.
add_library(assay_toml INTERFACE)
target_compile_definitions(assay_toml INTERFACE TOML_HEADER_ONLY=1)

# fmt has no archive in Debian: what is not in its headers is built here, for the version that it
# was written for.
if(fmt_VERSION VERSION_GREATER_EQUAL 9 AND fmt_VERSION VERSION_LESS 10)
  add_library(assay_fmt STATIC cmake/fmt.cc)
  target_include_directories(assay_fmt SYSTEM PUBLIC
    $<TARGET_PROPERTY:fmt::fmt,INTERFACE_INCLUDE_DIRECTORIES>)
else()
  add_library(assay_fmt ALIAS fmt::fmt)
  set(ASSAY_STATIC_CXX OFF)
endif()

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
if(ASSAY_TESTS)
  pkg_check_modules(LIBGIT2 REQUIRED IMPORTED_TARGET libgit2)
endif()

# A library's archive is taken where there is one: to load the shared one costs each start of the
# program 0.1 to 0.5 ms, and `assay git --staged` takes only a few. Not of a library that needs
# others of its own (RE2 since 2023 needs Abseil): they would have to be archives as well.
function(assay_prefer_archive prefix library)
  find_library(ASSAY_${prefix}_ARCHIVE lib${library}.a HINTS ${${prefix}_LIBRARY_DIRS})
  set(needs ${${prefix}_STATIC_LIBRARIES})
  list(REMOVE_ITEM needs ${library} stdc++ m gcc_s gcc c dl pthread)
  if(ASSAY_${prefix}_ARCHIVE AND NOT needs)
    set_target_properties(PkgConfig::${prefix} PROPERTIES INTERFACE_LINK_LIBRARIES
      "${ASSAY_${prefix}_ARCHIVE};Threads::Threads;${CMAKE_DL_LIBS}")
  endif()
endfunction()
assay_prefer_archive(HS hs)
assay_prefer_archive(RE2 re2)
assay_prefer_archive(CRYPTO crypto)
assay_prefer_archive(ZLIB z)
assay_prefer_archive(LIBDEFLATE deflate)

# toml++ is all in its headers, and is included once. Its package's own target asks for the shared
# library.
add_library(assay_toml INTERFACE)
target_compile_definitions(assay_toml INTERFACE TOML_HEADER_ONLY=1)

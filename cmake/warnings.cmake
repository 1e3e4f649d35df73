# Warnings, for our own targets only.
add_library(assay_warnings INTERFACE)
target_compile_options(assay_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wnon-virtual-dtor
  -Woverloaded-virtual -Wimplicit-fallthrough)

# gcc 12 sees overlaps and overruns inside std::string where there are none (its bug 105651): always
# where it inlines `"text" + string`, and in long test bodies also as array bounds.
target_compile_options(assay_warnings INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
add_library(assay_test_warnings INTERFACE)
target_link_libraries(assay_test_warnings INTERFACE assay_warnings)
target_compile_options(assay_test_warnings INTERFACE
  $<$<CXX_COMPILER_ID:GNU>:-Wno-array-bounds -Wno-stringop-overflow>)

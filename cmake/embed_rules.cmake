# The rules in the program: rules/builtin/*.toml become constants in a generated .cc that defines
# builtin_rules() (rules/builtin.h). compile_rules makes it, and fails the build with file and line
# at what is wrong in a rule.
#
# assay_rules_library(LINK target…) makes assay_rules. All of rules/ but builtin.cc is a library of
# objects first, since compile_rules needs it before the constants exist.
function(assay_rules_library)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "" "LINK")
  file(GLOB sources CONFIGURE_DEPENDS rules/*.cc rules/keys/*.cc)
  list(FILTER sources EXCLUDE REGEX "/(builtin|compile_rules)\\.cc$")
  add_library(assay_rules_objects OBJECT ${sources})
  target_include_directories(assay_rules_objects PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(assay_rules_objects PUBLIC ${arg_LINK} PRIVATE assay_warnings)

  add_executable(compile_rules rules/compile_rules.cc)
  target_link_libraries(compile_rules PRIVATE assay_rules_objects assay_warnings)

  # By their paths from the root, as messages name them.
  file(GLOB files CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR} rules/builtin/*.toml)
  set(output ${PROJECT_BINARY_DIR}/generated/builtin_rules.cc)
  file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/generated)
  add_custom_command(
    OUTPUT ${output}
    COMMAND compile_rules ${output} ${files}
    DEPENDS compile_rules ${files}
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
    COMMENT "Compiling rules/builtin"
    VERBATIM)

  add_library(assay_rules STATIC $<TARGET_OBJECTS:assay_rules_objects> rules/builtin.cc ${output})
  target_include_directories(assay_rules PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(assay_rules PUBLIC ${arg_LINK} PRIVATE assay_warnings)
endfunction()

# Fails unless SOURCE compiles, and does not with ASSAY_WRONG defined, because of that line: a
# missing header would fail both.
set(command ${COMPILER} -std=c++20 -fsyntax-only)
foreach(folder IN LISTS INCLUDES)
  list(APPEND command -I ${folder})
endforeach()

execute_process(COMMAND ${command} ${SOURCE} RESULT_VARIABLE code ERROR_VARIABLE errors)
if(NOT code EQUAL 0)
  message(FATAL_ERROR "${SOURCE} does not compile even without its wrong line:\n${errors}")
endif()
execute_process(COMMAND ${command} -DASSAY_WRONG ${SOURCE} RESULT_VARIABLE code ERROR_VARIABLE errors)
if(code EQUAL 0)
  message(FATAL_ERROR "${SOURCE} compiles with its wrong line.")
endif()

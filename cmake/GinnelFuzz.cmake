# ginnel_fuzz(<name> <source> CORPUS <folder of tests/corpus> USES clicks ...)
#
# A fuzz target: a source that defines support::fault_of (tests/support/fuzz_target.h). With
# GINNEL_FUZZ=ON (the preset `fuzz`, which wants clang and instruments all libraries of ours) a
# libFuzzer program, which tools/fuzz.sh runs; otherwise a unit test that asks it of the corpus.
function(ginnel_fuzz name source)
  cmake_parse_arguments(arg "" "CORPUS" "USES" ${ARGN})
  list(TRANSFORM arg_USES PREPEND ginnel::)
  set(support "${PROJECT_SOURCE_DIR}/tests/support")
  set(corpus "${PROJECT_SOURCE_DIR}/tests/corpus/${arg_CORPUS}")
  if(GINNEL_FUZZ)
    add_executable(${name} ${source} "${support}/fuzz_main.cc")
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    set_property(GLOBAL APPEND_STRING PROPERTY GINNEL_FUZZ_TARGETS "${name} ${corpus}\n")
  elseif(BUILD_TESTING AND NOT GINNEL_SANITIZE STREQUAL "thread")
    add_executable(${name} ${source} "${support}/corpus_main.cc")
    add_dependencies(test_programs ${name})
    add_test(NAME corpus.${arg_CORPUS} COMMAND ${name} "${corpus}")
    set_tests_properties(corpus.${arg_CORPUS} PROPERTIES LABELS unit)
  else()
    return()
  endif()
  target_link_libraries(${name} PRIVATE ${arg_USES} ginnel::support)
  target_precompile_headers(${name} REUSE_FROM ginnel_base)
endfunction()

# Writes the list of targets that tools/fuzz.sh reads.
function(ginnel_list_fuzz_targets)
  get_property(targets GLOBAL PROPERTY GINNEL_FUZZ_TARGETS)
  file(WRITE "${CMAKE_BINARY_DIR}/fuzz_targets.txt" "${targets}")
endfunction()

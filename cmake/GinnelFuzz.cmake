# ginnel_fuzz(<name> <source> USES clicks ...)
#
# A libFuzzer program that begins with the files in tests/corpus; made with GINNEL_FUZZ=ON only, which
# wants clang and instruments all libraries of ours (the preset `fuzz`).
function(ginnel_fuzz name source)
  cmake_parse_arguments(arg "" "" "USES" ${ARGN})
  if(NOT GINNEL_FUZZ)
    return()
  endif()
  list(TRANSFORM arg_USES PREPEND ginnel::)
  add_executable(${name} ${source})
  target_link_libraries(${name} PRIVATE ${arg_USES})
  target_precompile_headers(${name} REUSE_FROM ginnel_base)
  target_link_options(${name} PRIVATE -fsanitize=fuzzer)
endfunction()

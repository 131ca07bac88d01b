# ginnel_module(<folder> SOURCES a.cc b.cc USES base domain LINKS Boost::json TESTS a_test.cc
#               [TEST_USES support] [THREADS] [ONE_THREAD Pattern.*] [BESIDE_POSTGRES])
#
# One folder of src/ is one static library, ginnel::<folder>; its tests are one program,
# <folder>_test. Every library but base reuses base's precompiled header: Asio's coroutine headers
# cost 2-5 s in each source otherwise; every test reuses that of base_test, which has GoogleTest as
# well, another 0.35 s (measured 2026-11-25, 2 cores, g++ 12.2). Not in the preset `dev`, whose sources
# include what they need (CONTRIBUTING.md, Presets).
#
# What a source of coroutines costs more is each function template around Asio that it instantiates
# for a type of its own: those stand in a .cc, for one type (run_blocking_task, pending_call).
#
# THREADS: what the tests look at runs in several threads. Only those tests are built and run under
# ThreadSanitizer, which finds nothing in the others. ONE_THREAD: of those, the tests that take long
# there and use one thread; they are left out under it. BESIDE_POSTGRES: the tests want a server
# (tools/postgres.sh).
function(ginnel_module folder)
  cmake_parse_arguments(arg "THREADS;BESIDE_POSTGRES" "" "SOURCES;USES;LINKS;TESTS;TEST_USES;ONE_THREAD" ${ARGN})
  list(TRANSFORM arg_USES PREPEND ginnel::)
  list(TRANSFORM arg_TEST_USES PREPEND ginnel::)
  string(REPLACE "/" "_" name "${folder}")
  add_library(ginnel_${name} STATIC ${arg_SOURCES})
  add_library(ginnel::${name} ALIAS ginnel_${name})
  target_include_directories(ginnel_${name} PUBLIC "${PROJECT_SOURCE_DIR}/src")
  target_link_libraries(ginnel_${name} PUBLIC ginnel_flags ${arg_USES} ${arg_LINKS})
  if(NOT name STREQUAL "base")
    target_precompile_headers(ginnel_${name} REUSE_FROM ginnel_base)
  endif()
  if(GINNEL_SANITIZE STREQUAL "thread" AND NOT arg_THREADS)
    return()
  endif()
  if(arg_TESTS AND BUILD_TESTING)
    add_executable(${name}_test ${arg_TESTS})
    target_link_libraries(${name}_test PRIVATE ginnel::${name} ginnel::support ${arg_TEST_USES}
                                               GTest::gtest_main)
    set_target_properties(${name}_test PROPERTIES GINNEL_IS_TEST ON)
    add_dependencies(test_programs ${name}_test)
    if(name STREQUAL "base")
      target_precompile_headers(base_test PRIVATE precompiled.h <gtest/gtest.h>)
    else()
      target_precompile_headers(${name}_test REUSE_FROM base_test)
    endif()
    if(GINNEL_SANITIZE OR GINNEL_COVERAGE OR arg_BESIDE_POSTGRES)
      # One process a program: most of an instrumented run was the start of 1,500 (104 s became 40),
      # and a server is started once.
      set(filter)
      if(GINNEL_SANITIZE STREQUAL "thread" AND arg_ONE_THREAD)
        list(JOIN arg_ONE_THREAD ":" patterns)
        set(filter "--gtest_filter=-${patterns}")
      endif()
      set(beside)
      if(arg_BESIDE_POSTGRES)
        set(beside "${PROJECT_SOURCE_DIR}/tools/postgres.sh" with)
      endif()
      add_test(NAME ${name}_test COMMAND ${beside} $<TARGET_FILE:${name}_test> --gtest_brief=1 ${filter})
      set_tests_properties(${name}_test PROPERTIES LABELS unit TIMEOUT 600 SKIP_RETURN_CODE 77)
    else()
      gtest_discover_tests(${name}_test PROPERTIES LABELS unit)
    endif()
  endif()
endfunction()

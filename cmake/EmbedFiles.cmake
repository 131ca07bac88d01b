# ginnel_embed(<target> <name> <file>... [IF_THERE <file>...])
#
# Generates <name>.h in the target's binary folder with the constant
# `ginnel::embedded::<name>`, an array of base::EmbeddedFile: one entry a file in the order given, its
# name, its bytes and their hash. So <name> is a constant's: kSqliteMigrations gives
# kSqliteMigrations.h. The header is made again whenever a file changes.
#
# IF_THERE: files of a step of the build, which leaves them out where it cannot make them.
function(ginnel_embed target name)
  cmake_parse_arguments(arg "" "" "IF_THERE" ${ARGN})
  set(output "${CMAKE_CURRENT_BINARY_DIR}/${name}.h")
  set(inputs)
  foreach(file IN LISTS arg_UNPARSED_ARGUMENTS)
    cmake_path(ABSOLUTE_PATH file BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}")
    list(APPEND inputs "${file}")
  endforeach()
  add_custom_command(
    OUTPUT "${output}"
    COMMAND "${PROJECT_SOURCE_DIR}/tools/embed_files.py" "${output}" ${name} ${inputs}
            --if-there ${arg_IF_THERE}
    DEPENDS ${inputs} ${arg_IF_THERE} "${PROJECT_SOURCE_DIR}/tools/embed_files.py"
    VERBATIM)
  # Made on its own too: only asked for by ${target}, it would wait for every library that one uses.
  add_custom_target(${target}_${name} DEPENDS "${output}")
  target_sources(${target} PRIVATE "${output}")
  target_include_directories(${target} PRIVATE "${CMAKE_CURRENT_BINARY_DIR}")
endfunction()

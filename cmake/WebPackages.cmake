# GINNEL_SWAGGER_UI: the files of swagger-ui-dist that the page /docs needs, as web/package-lock.json
# says; made by a step of the build in the folder of the including CMakeLists.txt. Where npm's registry
# cannot be reached the step says so and makes none of them: whoever embeds them does without, and
# since ninja misses them, each build tries again.
set(GINNEL_SWAGGER_UI "${CMAKE_CURRENT_BINARY_DIR}/swagger-ui.css"
                      "${CMAKE_CURRENT_BINARY_DIR}/swagger-ui-bundle.js")
add_custom_command(
  OUTPUT ${GINNEL_SWAGGER_UI}
  COMMAND "${PROJECT_SOURCE_DIR}/tools/take_swagger_ui.sh" "${CMAKE_CURRENT_BINARY_DIR}"
  DEPENDS "${PROJECT_SOURCE_DIR}/tools/take_swagger_ui.sh"
          "${PROJECT_SOURCE_DIR}/tools/fetch_web_packages.py"
          "${PROJECT_SOURCE_DIR}/web/package.json" "${PROJECT_SOURCE_DIR}/web/package-lock.json"
  COMMENT "Taking Swagger UI"
  VERBATIM)

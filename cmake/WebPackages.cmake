# GINNEL_SWAGGER_UI: the files of swagger-ui-dist that the page /docs needs, fetched as
# web/package-lock.json says; empty, and said aloud, where npm's registry cannot be reached.
set(GINNEL_SWAGGER_UI "")
set(folder "${PROJECT_SOURCE_DIR}/build/web")
execute_process(
  COMMAND "${PROJECT_SOURCE_DIR}/tools/fetch_web_packages.py" "${folder}"
  RESULT_VARIABLE failed ERROR_VARIABLE reason ERROR_STRIP_TRAILING_WHITESPACE)
if(failed)
  message(WARNING "/docs will be a plain page without Swagger UI: ${reason}")
else()
  file(GLOB folder "${folder}/swagger-ui-dist-*")
  set(GINNEL_SWAGGER_UI "${folder}/swagger-ui.css" "${folder}/swagger-ui-bundle.js")
endif()

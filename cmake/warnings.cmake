# One set of warnings, for our targets only; what we depend on is SYSTEM.
add_library(pawl_options INTERFACE)
target_compile_options(pawl_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 warns falsely when a variant that holds strings is moved at -O2.
  target_compile_options(pawl_options INTERFACE -Wno-maybe-uninitialized -Wno-restrict)
endif()
if(PAWL_SANITIZE)
  target_compile_options(pawl_options INTERFACE -fsanitize=${PAWL_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(pawl_options INTERFACE -fsanitize=${PAWL_SANITIZE})
endif()

find_program(PAWL_CCACHE ccache)
if(PAWL_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${PAWL_CCACHE})
endif()

# pawl_library(name [WITHOUT folder]): all .cpp files of this folder and its sub-folders, as the static library `name`.
function(pawl_library name)
  cmake_parse_arguments(arg "" "WITHOUT" "" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  if(arg_WITHOUT)
    list(FILTER sources EXCLUDE REGEX "/${arg_WITHOUT}/")
  endif()
  add_library(${name} STATIC ${sources})
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE pawl_options)
endfunction()

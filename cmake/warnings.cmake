# One set of warnings, for our targets only; what we depend on is SYSTEM.
add_library(pawl_options INTERFACE)
target_compile_options(pawl_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 warns falsely about strings that are moved or joined, within its own headers.
  target_compile_options(pawl_options INTERFACE -Wno-maybe-uninitialized -Wno-restrict -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread)
  target_compile_options(pawl_options INTERFACE -fpch-preprocess)  # so that ccache can tell what a precompiled header holds
endif()
if(PAWL_SANITIZE)
  target_compile_options(pawl_options INTERFACE -fsanitize=${PAWL_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(pawl_options INTERFACE -fsanitize=${PAWL_SANITIZE})
endif()
if(PAWL_FUZZ)
  target_compile_options(pawl_options INTERFACE -fsanitize=fuzzer-no-link -Wno-error)
endif()

find_program(PAWL_CCACHE ccache)
if(PAWL_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # ccache must be told that precompiled headers are fine with it.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${PAWL_CCACHE})
endif()

set(pawl_precompiled ${PROJECT_SOURCE_DIR}/cmake/precompiled.hpp)

# pawl_library(name [ONLY regex] [WITHOUT regex]): the .cpp files of this folder and its sub-folders, as the static
# library `name`: pawl::… for programs that link it.
function(pawl_library name)
  cmake_parse_arguments(arg "" "ONLY;WITHOUT" "" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  if(arg_ONLY)
    list(FILTER sources INCLUDE REGEX "${arg_ONLY}")
  endif()
  if(arg_WITHOUT)
    list(FILTER sources EXCLUDE REGEX "${arg_WITHOUT}")
  endif()
  add_library(${name} STATIC ${sources})
  string(REPLACE "pawl_" "" part ${name})
  add_library(pawl::${part} ALIAS ${name})
  set_target_properties(${name} PROPERTIES EXPORT_NAME ${part})
  target_include_directories(${name} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}> $<INSTALL_INTERFACE:include/pawl>)
  target_compile_features(${name} PUBLIC cxx_std_20)
  target_link_libraries(${name} PRIVATE $<BUILD_INTERFACE:pawl_options>)
  target_precompile_headers(${name} PRIVATE ${pawl_precompiled})
endfunction()

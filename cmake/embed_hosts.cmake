# The programs that run Python and Node handlers as texts in a .cpp: std::string_view python_host(), node_host().
#   cmake -DPYTHON=<file.py> -DNODE=<file.js> -DHEADER=<declares them> -DNAMESPACE=<of both> -DSOURCE=<out.cpp> -P embed_hosts.cmake
cmake_minimum_required(VERSION 3.25)

function(literal result file)
  file(READ ${file} hex HEX)
  string(REGEX REPLACE "(..)" "\\\\x\\1" text "${hex}")
  set(${result} "\"${text}\"" PARENT_SCOPE)
endfunction()

literal(python ${PYTHON})
literal(node ${NODE})
file(WRITE ${SOURCE} "// Made by cmake/embed_hosts.cmake.
#include \"${HEADER}\"

#pragma GCC diagnostic ignored \"-Woverlength-strings\"

std::string_view ${NAMESPACE}::python_host() {
    return ${python};
}
std::string_view ${NAMESPACE}::node_host() {
    return ${node};
}
")

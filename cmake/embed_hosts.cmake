# The programs in examples/runtime as texts in a .cpp.
#   cmake -DPYTHON=<python_host.py> -DNODE=<node_host.js> -DSOURCE=<out.cpp> -P embed_hosts.cmake
cmake_minimum_required(VERSION 3.25)

function(literal result file)
  file(READ ${file} hex HEX)
  string(REGEX REPLACE "(..)" "\\\\x\\1" text "${hex}")
  set(${result} "\"${text}\"" PARENT_SCOPE)
endfunction()

literal(python ${PYTHON})
literal(node ${NODE})
file(WRITE ${SOURCE} "// Made by cmake/embed_hosts.cmake.
#include \"cli/templates/hosts.hpp\"

#pragma GCC diagnostic ignored \"-Woverlength-strings\"

std::string_view pawl::templates::python_host() {
    return ${python};
}
std::string_view pawl::templates::node_host() {
    return ${node};
}
")

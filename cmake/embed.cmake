# Turns files into a .cpp that holds their bytes. Needs CMake alone: no xxd, no objcopy.
#   cmake -DROOT=<folder> -DFILES=<a;b> -DSOURCE=<out.cpp> -DHEADER=<header that declares it> -DFUNCTION=<ns::name> -P embed.cmake
# defines std::span<const pawl::web::EmbeddedFile> FUNCTION(), one entry a file: its path in ROOT, its SHA-256, its bytes.
cmake_minimum_required(VERSION 3.25)

set(entries "")
foreach(file IN LISTS FILES)
  file(READ ${ROOT}/${file} hex HEX)
  file(SHA256 ${ROOT}/${file} hash)
  string(LENGTH "${hex}" digits)
  math(EXPR bytes "${digits} / 2")
  string(REGEX REPLACE "(..)" "\\\\x\\1" text "${hex}")  # every byte is an escape, so none runs into the next
  string(APPEND entries "    {\"${file}\", \"${hash}\", std::string_view{\"${text}\", ${bytes}}},\n")
endforeach()

file(WRITE ${SOURCE}.new "// Made by cmake/embed.cmake.
#include \"${HEADER}\"

#include <array>

#pragma GCC diagnostic ignored \"-Woverlength-strings\"

std::span<const pawl::web::EmbeddedFile> ${FUNCTION}() {
    static const auto files = std::to_array<pawl::web::EmbeddedFile>({
${entries}    });
    return files;
}
")
file(RENAME ${SOURCE}.new ${SOURCE})  # always newer than its inputs, or it would be made again each time

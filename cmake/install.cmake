# cmake --install: the binary; and the engine for other programs, find_package(pawl) and pawl::orchestrator. cpack: a .deb
# of the binary.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

if(PAWL_SERVER)
  install(TARGETS pawl RUNTIME COMPONENT program)
  install(FILES cmake/pawl.service DESTINATION lib/systemd/system COMPONENT program)
endif()

set(package ${CMAKE_INSTALL_LIBDIR}/cmake/pawl)
install(TARGETS pawl_json pawl_jsonata pawl_states pawl_persistence pawl_orchestrator EXPORT pawl ARCHIVE COMPONENT engine)
install(DIRECTORY states persistence orchestrator DESTINATION include/pawl COMPONENT engine FILES_MATCHING PATTERN "*.hpp")
install(EXPORT pawl NAMESPACE pawl:: FILE targets.cmake DESTINATION ${package} COMPONENT engine)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/pawl-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/pawl-config-version.cmake cmake/pawl-config.cmake cmake/dependencies.cmake
        DESTINATION ${package} COMPONENT engine)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "The Pawl authors <root@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "AWS Step Functions-compatible workflows, durable, on your own machine")
set(CPACK_COMPONENTS_ALL program)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME pawl)
set(CPACK_DEBIAN_PROGRAM_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "python3, nodejs, bubblewrap")  # to run functions, and to keep them apart
set(CPACK_STRIP_FILES ON)
include(CPack)

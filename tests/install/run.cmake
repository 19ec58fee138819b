# Installs what BINARY_DIR holds, builds a program against that and runs it. Takes SOURCE_DIR, BINARY_DIR and GENERATOR.
set(folder ${BINARY_DIR}/tests/installed)
file(REMOVE_RECURSE ${folder})
set(quiet COMMAND_ERROR_IS_FATAL ANY OUTPUT_QUIET)
execute_process(COMMAND ${CMAKE_COMMAND} --install ${BINARY_DIR} --prefix ${folder}/prefix ${quiet})
execute_process(COMMAND ${CMAKE_COMMAND} -G ${GENERATOR} -S ${SOURCE_DIR}/tests/install -B ${folder}/build -DCMAKE_PREFIX_PATH=${folder}/prefix
                        -DMAIN=${SOURCE_DIR}/examples/embedding/main.cpp ${quiet})
execute_process(COMMAND ${CMAKE_COMMAND} --build ${folder}/build ${quiet})
execute_process(COMMAND ${folder}/build/uses_pawl COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${folder}/prefix/bin/pawl --version COMMAND_ERROR_IS_FATAL ANY)
file(REMOVE_RECURSE ${folder})

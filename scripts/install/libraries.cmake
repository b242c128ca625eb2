# What the program needs beyond glibc, from this system into lib/dewar beside it: its libraries, theirs, and the MariaDB client's plugins,
# one for each way of signing in. With the licence of each, for who hands them on has to. `manage` is the program that was built.
set(prefix $ENV{DESTDIR}${CMAKE_INSTALL_PREFIX})
set(libraries ${CMAKE_INSTALL_PREFIX}/lib/dewar)   # file(INSTALL) knows of DESTDIR by itself

execute_process(COMMAND pkg-config --variable=libdir libmariadb
                OUTPUT_VARIABLE system_libraries OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
file(GLOB plugins ${system_libraries}/libmariadb3/plugin/*.so)
if(NOT plugins)
  message(FATAL_ERROR "there are no plugins of the MariaDB client in ${system_libraries}/libmariadb3/plugin")
endif()
file(GET_RUNTIME_DEPENDENCIES EXECUTABLES ${manage} MODULES ${plugins} RESOLVED_DEPENDENCIES_VAR found
  PRE_EXCLUDE_REGEXES "^ld-linux" "^lib(c|m|dl|rt|pthread|resolv)\\.so")

file(INSTALL ${found} DESTINATION ${libraries} FOLLOW_SYMLINK_CHAIN)
file(INSTALL ${plugins} DESTINATION ${libraries}/mariadb)

foreach(file IN LISTS found plugins)
  file(REAL_PATH ${file} file)
  # dpkg knows a file by the path it was packaged with, which may be without the /usr that it is found by.
  string(REGEX REPLACE "^/usr/lib/" "/lib/" other_name ${file})
  execute_process(COMMAND dpkg-query --search ${file} ${other_name} OUTPUT_VARIABLE owner ERROR_QUIET)
  string(REGEX MATCH "^[^:]+" package "${owner}")
  if(NOT package OR NOT EXISTS /usr/share/doc/${package}/copyright)
    message(FATAL_ERROR "the licence of ${file} is not known to dpkg")
  endif()
  configure_file(/usr/share/doc/${package}/copyright ${prefix}/share/doc/dewar/licences/${package} COPYONLY)
endforeach()

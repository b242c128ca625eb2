# The unit, made by the program as it was installed, for that names its place.
set(root $ENV{DESTDIR})
set(folder ${CMAKE_INSTALL_PREFIX}/lib/systemd/system)
# Debian 12 still wants units at this place, which is the same one everywhere.
if(CMAKE_INSTALL_PREFIX STREQUAL "/usr")
  set(folder /lib/systemd/system)
endif()
execute_process(
  COMMAND env -i ${root}${CMAKE_INSTALL_PREFIX}/bin/manage
          install-service --print --root ${root}/ --folder ${root}/var/lib/dewar --config unix
  OUTPUT_VARIABLE unit COMMAND_ERROR_IS_FATAL ANY)
message(STATUS "Installing: ${root}${folder}/dewar.service")
file(WRITE ${root}${folder}/dewar.service "${unit}")

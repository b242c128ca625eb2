# What `cmake --install` puts where, and what the two packages of scripts/package are: a .tar.gz that brings the libraries along which
# it needs and runs wherever it is unpacked, and a .deb. Components: `program` and `documents` are in both, `service` is a unit for the
# place that it is installed to, `portable` is the program that looks for libraries beside itself, `debian` what only a .deb has.
include(GNUInstallDirs)
set(scripts ${PROJECT_SOURCE_DIR}/scripts/install)

install(TARGETS manage_command RUNTIME COMPONENT program)

# The man page and the completions are what the program says of itself.
install(CODE "set(source ${PROJECT_SOURCE_DIR})\nset(manage $<TARGET_FILE:manage_command>)" COMPONENT documents)
install(SCRIPT ${scripts}/documents.cmake COMPONENT documents)
install(FILES README.md CHANGELOG.md LICENSE COMPONENT documents DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES docs/COMMANDS.md docs/DEPLOY.md docs/METRICS.md docs/SCALING.md COMPONENT documents DESTINATION ${CMAKE_INSTALL_DOCDIR}/docs)
install(FILES scripts/debian/dewar.env COMPONENT documents DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)

install(SCRIPT ${scripts}/service.cmake COMPONENT service)

# The same objects, linked once more. Not a RUNPATH: that is not asked for the libraries of libraries.
add_executable(manage_portable EXCLUDE_FROM_ALL manage/main.cpp)
target_link_libraries(manage_portable PRIVATE manage)
target_link_options(manage_portable PRIVATE LINKER:--disable-new-dtags)
set_target_properties(manage_portable PROPERTIES
  OUTPUT_NAME manage RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/portable INSTALL_RPATH "$ORIGIN/../lib/dewar")
install(TARGETS manage_portable RUNTIME COMPONENT portable EXCLUDE_FROM_ALL)
install(CODE "set(manage $<TARGET_FILE:manage_portable>)" COMPONENT portable EXCLUDE_FROM_ALL)
install(SCRIPT ${scripts}/libraries.cmake COMPONENT portable EXCLUDE_FROM_ALL)

set(CPACK_PACKAGE_CONTACT "Dewar contributors <maintainers@dewar.example>")
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
install(CODE "set(source ${PROJECT_SOURCE_DIR})
set(contact \"${CPACK_PACKAGE_CONTACT}\")
set(version ${PROJECT_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE})" COMPONENT debian EXCLUDE_FROM_ALL)
install(SCRIPT ${scripts}/debian.cmake COMPONENT debian EXCLUDE_FROM_ALL)

set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "blog with a REST API, in one program")
set(CPACK_PACKAGE_DESCRIPTION "Dewar serves a blog and its versioned REST API over HTTP or HTTPS, keeps
it in SQLite or MySQL, and sends its mail. One program, manage, is the server
and everything to run it with: databases, migrations, accounts, backups,
checks.")
set(CPACK_PACKAGE_FILE_NAME ${PROJECT_NAME}-${PROJECT_VERSION}-linux-${CMAKE_SYSTEM_PROCESSOR})
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_SOURCE_DIR}/build/packages)
set(CPACK_GENERATOR TGZ DEB)
set(CPACK_DEWAR_BUILD ${PROJECT_BINARY_DIR})
set(CPACK_PROJECT_CONFIG_FILE ${scripts}/generators.cmake)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION web)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "adduser, ca-certificates")
# Not recommended: the log is the journal's unless told otherwise, and logrotate recommends a mail server.
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "default-mysql-server, logrotate, nginx, sqlite3")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${PROJECT_SOURCE_DIR}/scripts/debian/conffiles ${PROJECT_SOURCE_DIR}/scripts/debian/postinst
    ${PROJECT_SOURCE_DIR}/scripts/debian/prerm ${PROJECT_SOURCE_DIR}/scripts/debian/postrm)
include(CPack)

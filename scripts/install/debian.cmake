# What a .deb has beside the program: its settings, the rules for logrotate, and the papers that Debian's policy asks for. To come after
# the other components, whose files it finishes. file(INSTALL) knows of DESTDIR by itself.
set(root $ENV{DESTDIR})
set(papers ${root}/usr/share/doc/dewar)
set(debian ${source}/scripts/debian)

file(INSTALL ${debian}/dewar.env DESTINATION /etc/dewar PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ)
execute_process(
  COMMAND env -i ${root}/usr/bin/manage
          install-service --print --logrotate --root ${root}/ --folder ${root}/var/lib/dewar --config unix
  OUTPUT_VARIABLE rules COMMAND_ERROR_IS_FATAL ANY)
file(WRITE ${root}/etc/logrotate.d/dewar "${rules}")
file(INSTALL ${debian}/lintian-overrides DESTINATION /usr/share/lintian/overrides RENAME dewar)

file(RENAME ${papers}/LICENSE ${papers}/copyright)
file(RENAME ${papers}/CHANGELOG.md ${papers}/changelog)
string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)   # SOURCE_DATE_EPOCH, if that is set
file(WRITE ${papers}/changelog.Debian
  "dewar (${version}) unstable; urgency=medium\n\n  * See changelog.gz.\n\n -- ${contact}  ${date}\n")
execute_process(COMMAND gzip -9n ${papers}/changelog ${papers}/changelog.Debian ${root}/usr/share/man/man1/manage.1
                COMMAND_ERROR_IS_FATAL ANY)

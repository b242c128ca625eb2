# The man page, the completions and the licences: what the program says of itself. `manage` is the program that was built.
set(prefix $ENV{DESTDIR}${CMAKE_INSTALL_PREFIX})
# Shells look into other folders for what a distribution installed than for what its administrator did.
set(zsh site-functions)
if(CMAKE_INSTALL_PREFIX STREQUAL "/usr")
  set(zsh vendor-completions)
endif()

# write(FILE ARGUMENTS...): what `manage ARGUMENTS` prints.
function(write file)
  execute_process(COMMAND ${manage} ${ARGN} OUTPUT_VARIABLE text COMMAND_ERROR_IS_FATAL ANY)
  message(STATUS "Installing: ${prefix}/share/${file}")
  file(WRITE ${prefix}/share/${file} "${text}")
endfunction()

write(man/man1/manage.1 man)
write(bash-completion/completions/manage completion bash)
write(zsh/${zsh}/_manage completion zsh)
write(fish/vendor_completions.d/manage.fish completion fish)
write(doc/dewar/licences.txt freeze-deps --licenses)

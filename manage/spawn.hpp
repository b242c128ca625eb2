// Programs that this one starts and does not wait for.
#pragma once

#include <sys/types.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace manage {

struct Launch {
    std::vector<std::string> arguments;                   // the program's path first
    std::map<std::string, std::string> environment = {};  // added to that of this program
    int port = -1;                                        // to be handed over (sd_listen_fds(3)); -1: none
    int output = -1;                                      // to be its standard output and error; -1: those of this program
    enum class Group { own_group, own_session, same } group = Group::own_group;
};

// Starts it as a child of this process, which has to wait for its end, with nothing to read, no descriptor but the three and the port,
// and all signals as they are by default. In a group of its own the terminal's Ctrl-C does not reach it, in a session of its own the
// terminal's end neither. A program that cannot be run ends at once with 127. Throws unavailable if there can be no more processes.
pid_t spawn(const Launch& launch);

// An argument vector or environment as execve(2) and posix_spawn(3) take it: a pointer to each text, and a null. They point into
// `texts`, which is to stay as it is for as long as they are used.
std::vector<char*> pointers(std::vector<std::string>& texts);

// How a child ended, by what waitpid(2) tells: "ended with exit code 3", "was ended by signal 11 (Segmentation fault)".
std::string text_of_end(int status);

// The command line of a process, from /proc; empty when it is gone.
std::vector<std::string> command_line_of(pid_t pid);

// The path by which this program was started, absolute, with its links as they are: what lies there may be replaced meanwhile. Looked up
// anew at each call: to be called once, at the start.
std::string program_path();

}  // namespace manage

#include "tests/support/script.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace tests {
namespace {

[[noreturn]] void fail(const std::string& what) { throw std::system_error(errno, std::generic_category(), what); }

}  // namespace

// Both ends of the pipes close when a program starts, so that the script sees the end of its input when this program is gone.
Script::Script(const std::string& name, std::vector<std::string> arguments) : name_(name) {
    int in[2];
    int out[2];
    if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0) fail("pipe");
    arguments.insert(arguments.begin(), name_);
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], 0);
    posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    const std::string file = SOURCE_FOLDER "/" + name;
    const int error = ::posix_spawn(&process_, file.c_str(), &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    ::close(in[0]);
    ::close(out[1]);
    input_ = in[1];
    output_ = ::fdopen(out[0], "r");
    if (error != 0) throw std::system_error(error, std::generic_category(), name_);

    const std::string line = read_line();
    const std::size_t space = line.find(' ');
    url_ = line.substr(0, space);
    folder_ = line.substr(space + 1);
}

Script::~Script() {
    ::close(input_);
    ::waitpid(process_, nullptr, 0);
    std::fclose(output_);
}

std::string Script::read_line() {
    std::string line;
    int c = 0;
    while ((c = std::fgetc(output_)) != EOF && c != '\n') line += static_cast<char>(c);
    if (c == EOF) throw std::runtime_error(name_ + " gave up: see what it wrote above; " + line);
    return line;
}

void Script::command(const std::string& words) {
    const std::string line = words + "\n";
    if (::write(input_, line.data(), line.size()) != static_cast<ssize_t>(line.size())) fail(name_);
    read_line();
}

}  // namespace tests

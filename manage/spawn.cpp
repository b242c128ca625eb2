#include "manage/spawn.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "app/base/error.hpp"
#include "app/base/file.hpp"
#include "app/base/text.hpp"
#include "manage/service_manager.hpp"

namespace manage {

namespace fs = std::filesystem;

namespace {

constexpr int cannot_run = 127;

std::vector<std::string> environment_of(const Launch& launch) {
    std::map<std::string, std::string> variables;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text = *entry;
        const std::size_t end = text.find('=');
        if (end != text.npos) variables[std::string(text.substr(0, end))] = text.substr(end + 1);
    }
    for (const auto& [name, value] : launch.environment) variables[name] = value;
    if (launch.port >= 0) variables["LISTEN_FDS"] = "1";
    std::vector<std::string> all;
    all.reserve(variables.size());
    for (const auto& [name, value] : variables) all.emplace_back(name).append("=").append(value);
    return all;
}

// In the child, where only what is safe in a signal handler may be called: no memory is to be had.
[[noreturn]] void become(const Launch& launch, char** argv, char** envp, char* own_pid) {
    if (own_pid != nullptr) *std::to_chars(own_pid, own_pid + 12, ::getpid()).ptr = '\0';
    if (launch.group == Launch::Group::own_group) ::setpgid(0, 0);
    if (launch.group == Launch::Group::own_session) ::setsid();
    for (int signal = 1; signal < SIGRTMIN; ++signal) ::signal(signal, SIG_DFL);  // SIGKILL's fails, which is as well
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    if (launch.output >= 0) {
        ::dup2(launch.output, STDOUT_FILENO);
        ::dup2(launch.output, STDERR_FILENO);
    }
    if (launch.port >= 0) {
        ::dup2(launch.port, first_handed_over);
        ::fcntl(first_handed_over, F_SETFD, 0);  // when it had that number before
    }
    const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    ::dup2(nothing, STDIN_FILENO);
    ::execve(argv[0], argv, envp);
    ::_exit(cannot_run);
}

}  // namespace

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> all;
    all.reserve(texts.size() + 1);
    for (std::string& text : texts) all.push_back(text.data());
    all.push_back(nullptr);
    return all;
}

pid_t spawn(const Launch& launch) {
    std::vector<std::string> arguments = launch.arguments, environment = environment_of(launch);
    std::vector<char*> argv = pointers(arguments), envp = pointers(environment);
    char listen_pid[32] = "LISTEN_PID=";
    if (launch.port >= 0) envp.insert(envp.end() - 1, listen_pid);
    const pid_t pid = ::fork();
    if (pid == 0) become(launch, argv.data(), envp.data(), launch.port >= 0 ? listen_pid + std::strlen(listen_pid) : nullptr);
    if (pid > 0) return pid;
    throw app::base::Error(app::base::Code::unavailable,
                           "cannot start " + launch.arguments.front() + ": " + app::base::system_message(errno));
}

std::string text_of_end(int status) {
    if (WIFSIGNALED(status)) {
        const int signal = WTERMSIG(status);
        return "was ended by signal " + std::to_string(signal) + " (" + ::strsignal(signal) + ")";
    }
    const int code = WEXITSTATUS(status);
    return code == cannot_run ? "could not be run" : "ended with exit code " + std::to_string(code);
}

std::vector<std::string> command_line_of(pid_t pid) {
    std::string text = app::base::find_file("/proc/" + std::to_string(pid) + "/cmdline").value_or("");
    if (text.empty()) return {};
    if (text.back() == '\0') text.pop_back();
    std::vector<std::string> arguments;
    for (const std::string_view argument : app::base::split(text, '\0')) arguments.emplace_back(argument);
    return arguments;
}

std::string program_path() {
    std::error_code error;
    const fs::path running = fs::read_symlink("/proc/self/exe", error);
    const std::vector<std::string> arguments = command_line_of(::getpid());
    if (arguments.empty()) return running.string();
    std::vector<fs::path> candidates;
    if (arguments.front().find('/') != std::string::npos) {
        candidates.push_back(fs::absolute(arguments.front(), error));
    } else if (const char* path = std::getenv("PATH")) {
        for (const std::string_view folder : app::base::split(path, ':'))
            candidates.push_back(fs::path(folder) / arguments.front());
    }
    for (const fs::path& candidate : candidates) {
        if (fs::equivalent(candidate, "/proc/self/exe", error)) return fs::absolute(candidate, error).lexically_normal().string();
    }
    return running.string();
}

}  // namespace manage

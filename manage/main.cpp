// `manage`: finds the command, runs it, and is the one place where its errors end: one line on standard error that says what to do.
// Exit codes: 0 done, 1 failed, 2 not understood.
#include <unistd.h>

#include <csignal>
#include <exception>
#include <string>

#include "app/api/build_id.hpp"
#include "app/base/crash.hpp"
#include "app/base/error.hpp"
#include "manage/command_line.hpp"
#include "manage/commands.hpp"
#include "manage/terminal.hpp"

namespace {

void tell(std::string text) {
    text = manage::coloured(STDERR_FILENO, "manage:", manage::Colour::red) + " " + text + "\n";
    // If this fails there is nobody left to tell; the exit code says it too.
    [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, text.data(), text.size());
}

int run(int argc, char** argv) {
    const std::vector<manage::Command> commands = manage::commands();
    const manage::Parsed parsed = manage::parse(commands, argc, argv);
    if (parsed.command == nullptr) {
        manage::write_all(parsed.exit_code == 0 ? STDOUT_FILENO : STDERR_FILENO, parsed.text);
        return parsed.exit_code;
    }
    manage::Invocation invocation(*parsed.command, parsed.values, parsed.passed_on);
    return parsed.command->run(invocation);
}

}  // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);  // a broken pipe is an error like others, told by write
    try {
        app::base::report_crashes("Dewar " DEWAR_VERSION " (" + std::string(manage::compiler_text()) + "), build " +
                                  std::string(app::api::build_id()));
        return run(argc, argv);
    } catch (const manage::UsageError& error) {
        tell(error.what());
        return 2;
    } catch (const app::base::Error& error) {
        const bool needs_detail = error.code() == app::base::Code::internal && !error.detail().empty();
        tell(error.message() + (needs_detail ? "\n  " + error.detail() : ""));
    } catch (const std::exception& error) {
        tell(std::string("internal error: ") + error.what());
    }
    return 1;
}

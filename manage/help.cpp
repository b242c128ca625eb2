// `manage help` and `manage man`: what the commands say of themselves, as help, as docs/COMMANDS.md and as a manual page.
#include "manage/command_line.hpp"
#include "manage/commands.hpp"
#include "manage/manual.hpp"
#include "manage/moment.hpp"

namespace manage {

namespace {

int show_help(Invocation& invocation) {
    const std::vector<Command> table = commands();
    const std::vector<std::string> words = invocation.all("COMMAND");
    if (invocation.has("--markdown")) {
        if (!words.empty()) throw UsageError("help: --markdown is a page with all commands");
        invocation.print(markdown(table));
        return 0;
    }
    std::vector<const char*> arguments{"manage"};
    for (const std::string& word : words) arguments.push_back(word.c_str());
    arguments.push_back("--help");
    invocation.print(parse(table, static_cast<int>(arguments.size()), arguments.data()).text);
    return 0;
}

int show_man_page(Invocation& invocation) {
    invocation.print(man_page(commands(), creation_time()));
    return 0;
}

}  // namespace

Command help() {
    using enum Option::Kind;
    return {.name = "help",
            .help = "Show the help of a command, or of all as Markdown",
            .example = "  manage help user add\n"
                       "  manage help --markdown > docs/COMMANDS.md",
            .options = {{.name = "COMMAND", .kind = positional, .help = "the command; all of them by default", .repeated = true},
                        {.name = "--markdown", .kind = flag, .help = "a page with every command and its options"}},
            .run = show_help};
}

Command man() {
    return {
        .name = "man", .help = "Print the manual page, manage(1)", .example = "  manage man | man -l -", .run = show_man_page};
}

}  // namespace manage

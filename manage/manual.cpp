#include "manage/manual.hpp"

#include <algorithm>

#include "app/base/text.hpp"
#include "manage/command_line.hpp"

namespace manage {

namespace {

constexpr std::string_view exit_codes = "0: done; 1: failed, with one line that says why; 2: the command line cannot be meant.";

bool is_group(const Command& command) { return command.run == nullptr; }

// "--host HOST", "EMAIL", "[COMMAND...]".
std::string written(const Option& option) {
    std::string text = option.name + (option.kind == Option::Kind::value ? " " + option.value_name : "");
    if (option.repeated) text += "...";
    return text;
}

// "manage user add EMAIL [OPTIONS]".
std::string synopsis(const Command& command) {
    std::string text = "manage " + command.name;
    if (is_group(command)) return text + " COMMAND";
    bool has_options = false;
    for (const Option& option : command.options) {
        if (option.kind != Option::Kind::positional) {
            has_options = has_options || !option.required;
            if (option.required) text += " " + written(option);
        } else {
            text += option.required ? " " + written(option) : " [" + written(option) + "]";
        }
    }
    if (has_options) text += " [OPTIONS]";
    return text + (command.passes_on.empty() ? "" : " [-- ARGUMENTS]");
}

std::string passes_on(const Command& command) {
    return command.passes_on.empty() ? "" : "What follows `--` is passed on to " + command.passes_on + ".";
}

// For Markdown, outside of code and in a table too.
std::string in_table(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        if (std::string_view("|<*_\\").find(c) != std::string_view::npos) escaped += '\\';
        escaped += c;
    }
    return escaped;
}

std::string sentence(const std::string& text) { return text.ends_with('.') || text.empty() ? text : text + "."; }

std::string anchor(const std::string& name) {
    std::string anchor = "manage-" + name;
    std::ranges::replace(anchor, ' ', '-');
    return anchor;
}

std::string markdown_of(const Command& command) {
    std::string text =
        "## manage " + command.name + "\n\n" + sentence(in_table(command.help)) + "\n\n```sh\n" + synopsis(command) + "\n```\n";
    if (!command.options.empty()) {
        text += "\n| option | meaning |\n|---|---|\n";
        for (const Option& option : command.options) {
            text +=
                "| `" + written(option) + "`" + (option.required ? ", required" : "") + " | " + in_table(option.help) + " |\n";
        }
    }
    if (!command.passes_on.empty()) text += "\n" + passes_on(command) + "\n";
    if (command.example.empty()) return text + "\n";
    text += "\nExample:\n\n```sh\n";
    for (const std::string_view line : app::base::split(command.example, '\n'))
        text.append(line.starts_with("  ") ? line.substr(2) : line).append("\n");
    return text + "```\n\n";
}

// Text for troff: nothing in it is a request or an escape, and each - is the one that people type.
std::string troff(std::string_view text) {
    std::string escaped;
    for (const std::string_view line : app::base::split(text, '\n')) {
        if (line.data() != text.data()) escaped += '\n';
        if (line.starts_with('.') || line.starts_with('\'')) escaped += "\\&";
        for (const char c : line) {
            if (c == '\\')
                escaped += "\\e";
            else if (c == '-')
                escaped += "\\-";
            else if (c == '`')
                escaped += "\\(ga";
            else if (c == '\'')
                escaped += "\\(aq";
            else
                escaped += c;
        }
    }
    return escaped;
}

std::string man_option(const Option& option) {
    const bool is_positional = option.kind == Option::Kind::positional;
    std::string text = ".TP\n";
    if (is_positional)
        text += "\\fI" + troff(written(option)) + "\\fR\n";
    else
        text += "\\fB" + troff(option.name) + "\\fR" +
                (option.value_name.empty() ? "" : " \\fI" + troff(option.value_name) + "\\fR") + "\n";
    return text + troff(option.help) + (option.required ? "; required" : "") + "\n";
}

std::string man_of(const Command& command) {
    std::string text = ".SS \"" + troff(synopsis(command)) + "\"\n" + sentence(troff(command.help)) + "\n";
    for (const Option& option : command.options) text += man_option(option);
    if (!command.passes_on.empty()) text += ".PP\n" + troff(passes_on(command)) + "\n";
    if (command.example.empty()) return text;
    return text + ".PP\nExample:\n.PP\n.nf\n" + troff(command.example) + "\n.fi\n";
}

}  // namespace

std::string markdown(std::span<const Command> commands) {
    std::string text =
        "# The commands of manage\n\n<!-- Written by `manage help --markdown > docs/COMMANDS.md`: do not edit. -->\n\n";
    for (const Command& command : commands) {
        text += "- [`" + command.name + "`](#" + anchor(command.name) + "): " + in_table(command.help) + "\n";
    }
    text += "\nEvery command takes `" + written(config_option()) + "` (" + config_option().help +
            ") and `--help`.\nExit codes: " + std::string(exit_codes) + "\n\n";
    for (const Command& command : commands) text += markdown_of(command);
    text.pop_back();
    return text;
}

std::string man_page(std::span<const Command> commands, app::base::Timestamp date) {
    std::string text =
        ".TH MANAGE 1 \"" + app::base::rfc3339(date).substr(0, 10) +
        "\" \"Dewar " DEWAR_VERSION "\" \"Dewar\"\n"
        ".SH NAME\nmanage \\- run and look after Dewar, a web application and its REST API\n"
        ".SH SYNOPSIS\n.B manage\n\\fICOMMAND\\fR [\\fIARGUMENTS\\fR] [\\fIOPTIONS\\fR]\n"
        ".SH DESCRIPTION\nOne program serves the application, prepares and moves its database, and tells of itself.\n"
        "A config, chosen by name, says how; variables of the environment and of a file\n.I .env\nlie over it.\n"
        ".SH OPTIONS\nThese are for every command.\n";
    text += man_option(config_option());
    text += ".TP\n\\fB\\-\\-help\\fR\nshow the help of a command\n.TP\n\\fB\\-\\-version\\fR\nshow the version\n.SH COMMANDS\n";
    for (const Command& command : commands) text += man_of(command);
    text += ".SH EXIT STATUS\n" + troff(exit_codes) + "\n";
    text += ".SH ENVIRONMENT\n.TP\n.B APP_CONFIG\nthe name of the config\n.TP\n.B APP_CONFIG_DIR\n"
            "a folder with configs that come before those in the program\n.PP\n.B manage config \\-\\-json\n"
            "names the variable of each setting.\n";
    text += ".SH FILES\n.TP\n.I .env\nvariables, in the folder in which the program is called\n";
    return text;
}

}  // namespace manage

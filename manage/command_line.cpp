#include "manage/command_line.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "app/base/nearest.hpp"
#include "app/base/text.hpp"
#include "manage/commands.hpp"

namespace manage {

namespace {

constexpr std::string_view help_flags = "-h,--help";
constexpr std::size_t help_column = 30;

// A CLI11 app for every command and group, with what it was made of.
struct Node {
    CLI::App* app;
    const Command* command;  // nullptr: `manage` itself
    std::vector<const Option*> options;
};

std::vector<std::string> names_of(const CLI::App& app) {
    std::vector<std::string> names;
    for (const CLI::App* child : app.get_subcommands({})) names.push_back(child->get_name());
    return names;
}

// "; did you mean serve?", or what there is, or nothing.
std::string hint(std::string_view word, const std::vector<std::string>& known, std::string_view what_there_is) {
    const std::string_view near = app::base::nearest(word, std::vector<std::string_view>(known.begin(), known.end()));
    if (!near.empty()) return "; did you mean " + std::string(near) + "?";
    return known.empty() ? "" : "; " + std::string(what_there_is) + ": " + app::base::join(known);
}

void add_option(CLI::App& app, const Option& option, Invocation::Values& values) {
    if (option.kind == Option::Kind::flag) {
        app.add_flag_callback(option.name, [&] { values[option.name] = {""}; }, option.help);
        return;
    }
    const bool is_value = option.kind == Option::Kind::value;
    if (option.repeated) {
        const auto store_all = [&](const std::vector<std::string>& all) { values[option.name] = all; };
        app.add_option_function<std::vector<std::string>>(option.name, store_all, option.help)->option_text("... ");
        return;
    }
    const auto store = [&](const std::string& value) { values[option.name] = {value}; };
    app.add_option_function<std::string>(option.name, store, option.help)
        ->required(option.required)
        ->take_last()
        ->option_text(is_value ? option.value_name + (option.required ? ", required" : "") : " ");
}

Node add_node(CLI::App& app, const Command* command, Invocation::Values& values) {
    Node node{&app, command, {}};
    app.allow_extras();  // refused by refuse_unknown, in better words
    app.require_subcommand(0, 1);
    app.set_help_flag(std::string(help_flags), "show this help");
    if (command != nullptr) {
        for (const Option& option : command->options) node.options.push_back(&option);
    }
    const bool is_group = command == nullptr || command->run == nullptr;
    const std::string name = command == nullptr ? "" : command->name + " ";
    const std::string passes_on =
        is_group || command->passes_on.empty() ? "" : "What follows -- is passed on to " + command->passes_on + ".\n\n";
    app.footer(is_group ? "`manage " + name + "COMMAND --help` explains a command."
                        : passes_on + "Example:\n" + command->example);
    node.options.push_back(&config_option());
    for (const Option* option : node.options) add_option(app, *option, values);
    return node;
}

// The parser of the whole table; its nodes in order, `manage` itself first.
class Parser {
   public:
    Parser(std::span<const Command> commands, Invocation::Values& values)
        : root_("Dewar: a web application and its REST API, run and looked after by this one command.", "manage") {
        root_.get_formatter()->column_width(help_column);
        root_.get_formatter()->label("SUBCOMMAND", "COMMAND");
        root_.get_formatter()->label("Subcommands", "Commands");
        root_.get_formatter()->label("Positionals", "Arguments");
        nodes_.push_back(add_node(root_, nullptr, values));
        root_.set_version_flag("--version", version_text(), "show the version");
        for (const Command& command : commands) {
            const std::size_t blank = command.name.find(' ');
            CLI::App& parent = blank == std::string::npos ? root_ : *root_.get_subcommand(command.name.substr(0, blank));
            CLI::App& app = *parent.add_subcommand(command.name.substr(blank == std::string::npos ? 0 : blank + 1), command.help);
            app.group("Commands");
            nodes_.push_back(add_node(app, &command, values));
        }
    }

    CLI::App& root() { return root_; }

    // Those that the command line went through, from `manage` down.
    std::vector<const Node*> path() const {
        std::vector<const Node*> path;
        for (const CLI::App* app = &root_; app != nullptr;) {
            path.push_back(&*std::ranges::find(nodes_, app, &Node::app));
            const auto chosen = app->get_subcommands();
            app = chosen.empty() ? nullptr : chosen.front();
        }
        return path;
    }

   private:
    CLI::App root_;
    std::vector<Node> nodes_;
};

std::string title(const Node& node) { return node.command == nullptr ? "manage" : "manage " + node.command->name; }

[[noreturn]] void refuse(const Node& node, const std::string& what) {
    throw UsageError((node.command == nullptr ? "" : node.command->name + ": ") + what);
}

// The first thing on the command line that nobody took.
void refuse_unknown(const Node& node) {
    const std::vector<std::string> unknown = node.app->remaining();
    if (unknown.empty()) return;
    const std::string& word = unknown.front();
    if (word.starts_with('-')) {
        std::vector<std::string> known{"--help"};
        for (const Option* option : node.options) {
            if (option->kind != Option::Kind::positional) known.push_back(option->name);
        }
        const std::string name = word.substr(0, word.find('='));
        refuse(node, "there is no option " + name + hint(name, known, "there are"));
    }
    const std::vector<std::string> known = names_of(*node.app);
    if (known.empty()) refuse(node, "what is \"" + word + "\"? `" + title(node) + " --help` shows what it takes");
    refuse(node, "there is no command " + word + hint(word, known, "there are"));
}

void check_values(const Node& node, const Invocation::Values& values) {
    for (const Option* option : node.options) {
        const auto found = values.find(option->name);
        if (found == values.end() || option->kind == Option::Kind::flag) continue;
        for (const std::string& value : found->second) {
            if (value.empty() || value.starts_with("--")) refuse(node, option->name + " needs a value");
            if (option->choices.empty() || std::ranges::find(option->choices, value) != option->choices.end()) continue;
            refuse(node, option->name + " cannot be " + value + hint(value, option->choices, "it is one of"));
        }
    }
}

// CLI11 puts the option's name in front: "--port: 1 required TEXT missing".
std::string reworded(const CLI::ParseError& error) {
    std::string text = error.what();
    if (error.get_name() != "ArgumentMismatch") return text;
    return text.substr(0, text.find(':')) + (text.find(" missing") != std::string::npos ? " needs a value" : " takes no value");
}

}  // namespace

Parsed parse(std::span<const Command> commands, int argc, const char* const* argv) {
    Parsed parsed;
    const char* const* const end = std::find(argv, argv + argc, std::string_view("--"));
    const bool passes_on = end != argv + argc;
    if (passes_on) parsed.passed_on.assign(end + 1, argv + argc);
    Parser parser(commands, parsed.values);
    std::string wrong;
    bool asks_for_help = false;
    try {
        parser.root().parse(static_cast<int>(end - argv), argv);
    } catch (const CLI::CallForHelp&) {
        asks_for_help = true;
    } catch (const CLI::CallForVersion&) {
        parsed.text = version_text();
        return parsed;
    } catch (const CLI::ParseError& error) {
        wrong = reworded(error);
    }
    const std::vector<const Node*> path = parser.path();
    const Node& last = *path.back();
    for (const Node* node : path) check_values(*node, parsed.values);
    for (const Node* node : path) refuse_unknown(*node);
    const bool is_group = last.command == nullptr || last.command->run == nullptr;
    if (passes_on && (last.command == nullptr || last.command->passes_on.empty())) refuse(last, "nothing may follow --");
    if (!asks_for_help && !wrong.empty()) refuse(last, wrong + "; `" + title(last) + " --help` shows all that it takes");
    if (asks_for_help || is_group) {
        parsed.text = parser.root().help();
        parsed.exit_code = asks_for_help ? 0 : 2;
        return parsed;
    }
    parsed.command = last.command;
    return parsed;
}

const Option& config_option() {
    static const Option option{
        .name = "--config", .value_name = "NAME", .help = "the config to use; else APP_CONFIG, else development"};
    return option;
}

}  // namespace manage

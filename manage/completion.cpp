// `manage completion SHELL`: a script that completes commands, options and choices. The scripts hold the table of commands as data;
// in each of them `at` is where the cursor is: " user add" after `manage user add`, '' after `manage`.
#include "app/base/text.hpp"
#include "config/files.hpp"
#include "manage/command_line.hpp"
#include "manage/commands.hpp"

namespace manage {

namespace {

struct Word {
    std::string text;
    std::string help;
    bool takes_value = false;
    std::vector<std::string> choices = {};  // of its value
};

// What may stand after `at`.
struct Place {
    std::string at;
    std::vector<Word> words;
};

void add_option(Place& place, const Option& option) {
    if (option.kind == Option::Kind::positional) {
        for (const std::string& choice : option.choices) place.words.push_back({choice, option.help});
    } else {
        place.words.push_back({option.name, option.help, option.kind == Option::Kind::value, option.choices});
    }
}

std::vector<Place> list_places() {
    Option config = config_option();
    config.choices = config::Files("").names();
    std::vector<Place> places{{"", {{"--version", "show the version"}}}};
    const std::vector<Command> table = commands();
    for (const Command& command : table) {
        Place place{" " + command.name, {}};
        for (const Option& option : command.options) add_option(place, option);
        places.push_back(std::move(place));
    }
    for (Place& place : places) {
        for (const Command& command : table) {
            const std::size_t blank = command.name.rfind(' ');
            const std::string parent = blank == std::string::npos ? "" : " " + command.name.substr(0, blank);
            if (parent == place.at) place.words.push_back({command.name.substr(blank + 1), command.help});  // npos + 1 == 0
        }
        add_option(place, config);
        place.words.push_back({"--help", "show the help"});
    }
    return places;
}

std::string quoted(const std::string& text) {
    std::string quoted = "'";
    for (const char letter : text) quoted += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
    return quoted + "'";
}

// The places of all commands, as patterns of a `case`.
std::string command_patterns(const std::vector<Place>& places, std::string_view separator) {
    std::string text;
    for (const Place& place : places) {
        if (!place.at.empty()) text.append(text.empty() ? "" : separator).append(quoted(place.at));
    }
    return text;
}

// The branches of the `case` that completes an option's value, for bash and zsh.
std::string value_branches(const std::vector<Place>& places, const std::string& before, const std::string& after) {
    std::string text;
    for (const Place& place : places) {
        for (const Word& word : place.words) {
            if (!word.takes_value) continue;
            const std::string at = quoted(place.at + " " + word.text);
            text.append("        ").append(at).append(") ").append(before).append(app::base::join(word.choices, " "));
            text.append(after).append(" return ;;\n");
        }
    }
    return text;
}

std::string bash(const std::vector<Place>& places) {
    std::string script = R"sh(# bash completion of manage: eval "$(manage completion bash)"
_manage() {
    local word=${COMP_WORDS[COMP_CWORD]} at='' i
    COMPREPLY=()
    for ((i = 1; i < COMP_CWORD; ++i)); do
        case "$at ${COMP_WORDS[i]}" in
            )sh" + command_patterns(places, " | ") +
                         R"sh() at+=" ${COMP_WORDS[i]}" ;;
        esac
    done
    case "$at ${COMP_WORDS[COMP_CWORD - 1]}" in
)sh" + value_branches(places, "mapfile -t COMPREPLY < <(compgen -W '", "' -- \"$word\");") +
                         R"sh(    esac
    case $at in
)sh";
    for (const Place& place : places) {
        std::vector<std::string> words;
        words.reserve(place.words.size());
        for (const Word& word : place.words) words.push_back(word.text);
        script += "        " + quoted(place.at) + ") mapfile -t COMPREPLY < <(compgen -W '" + app::base::join(words, " ") +
                  "' -- \"$word\") ;;\n";
    }
    return script + "    esac\n}\ncomplete -F _manage manage\n";
}

std::string zsh(const std::vector<Place>& places) {
    std::string script = R"sh(#compdef manage
# zsh completion of manage: eval "$(manage completion zsh)", or this as the file _manage in a folder of $fpath
_manage() {
    local at='' i
    local -a choices
    for ((i = 2; i < CURRENT; ++i)); do
        case "$at ${words[i]}" in
            )sh" + command_patterns(places, " | ") +
                         R"sh() at+=" ${words[i]}" ;;
        esac
    done
    case "$at ${words[CURRENT - 1]}" in
)sh" + value_branches(places, "compadd -- ", ";") +
                         R"sh(    esac
    case $at in
)sh";
    for (const Place& place : places) {
        script += "        " + quoted(place.at) + ") choices=(";
        for (const Word& word : place.words) script += " " + quoted(word.text + ":" + word.help);
        script += " ) ;;\n";
    }
    return script + R"sh(    esac
    _describe manage choices
}
if [[ ${funcstack[1]-} == _manage ]]; then _manage "$@"; else compdef _manage manage; fi
)sh";
}

std::string fish(const std::vector<Place>& places) {
    std::string script = R"sh(# fish completion of manage: manage completion fish | source
function __manage_at
    set -l at ''
    for word in (commandline -opc)[2..-1]
        switch "$at $word"
            case )sh" + command_patterns(places, " ") +
                         R"sh(
                set at "$at $word"
        end
    end
    test "$at" = "$argv[1]"
end
complete -c manage -f
)sh";
    for (const Place& place : places) {
        for (const Word& word : place.words) {
            script += "complete -c manage -n \"__manage_at '" + place.at + "'\" ";
            script += word.text.starts_with("--")  ? "-l " + word.text.substr(2)
                      : word.text.starts_with('-') ? "-s " + word.text.substr(1)
                                                   : "-a " + word.text;
            if (word.takes_value) script += " -x -a " + quoted(app::base::join(word.choices, " "));
            script += " -d " + quoted(word.help) + "\n";
        }
    }
    return script;
}

int run_completion(Invocation& invocation) {
    const std::vector<Place> places = list_places();
    const std::string shell = invocation.get("SHELL");
    invocation.print(shell == "bash" ? bash(places) : shell == "zsh" ? zsh(places) : fish(places));
    return 0;
}

}  // namespace

Command completion() {
    return {.name = "completion",
            .help = "Print the script with which a shell completes `manage`",
            .example = "  eval \"$(manage completion bash)\"",
            .options = {{.name = "SHELL",
                         .kind = Option::Kind::positional,
                         .help = "bash, zsh or fish",
                         .required = true,
                         .choices = {"bash", "zsh", "fish"}}},
            .run = run_completion};
}

}  // namespace manage

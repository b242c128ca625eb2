// The table of all commands: what `manage` can do, in the order in which help shows it. Each comes from the file of its name.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "manage/command.hpp"

namespace manage {

// A group stands before its commands.
std::vector<Command> commands();

Command runserver();
Command status();
Command restart();
Command stop();
Command deploy();
Command check();
Command install_service();
Command dump();
Command load();
Command seed();
Command backup();
Command restore();
Command top();
Command logs();
Command dbshell();
Command open_shell();  // manage/shell
std::vector<Command> maintenance();
std::vector<Command> migrate();
std::vector<Command> user();
Command routes();
Command test();
std::vector<Command> make_new();  // `new` is a word of C++
Command openapi();
Command show_config();
Command freeze_deps();
Command secret_key();
Command send_test_mail();
std::vector<Command> mail();
Command completion();
Command help();
Command man();
Command about();
Command version();

// What `manage --version` says, with its line end.
std::string version_text();

// What it was compiled by: "g++ 12.2.0".
std::string_view compiler_text();

}  // namespace manage

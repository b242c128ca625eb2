#include "manage/commands.hpp"

namespace manage {

std::vector<Command> commands() {
    std::vector<Command> table{runserver(), deploy(), check()};
    for (Command& command : migrate()) table.push_back(std::move(command));
    for (Command& command : user()) table.push_back(std::move(command));
    for (Command& command : mail()) table.push_back(std::move(command));
    for (Command& command :
         std::vector{seed(), dump(), load(), backup(), restore(), dbshell(), routes(), openapi(), test(), show_config(),
                     freeze_deps(), secret_key(), send_test_mail(), completion(), help(), man(), about(), version()}) {
        table.push_back(std::move(command));
    }
    return table;
}

}  // namespace manage

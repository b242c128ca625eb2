#include "manage/commands.hpp"

namespace manage {

namespace {

// A line each: `manage new command` adds one.
struct Table {
    std::vector<Command> commands;

    void add(Command command) { commands.push_back(std::move(command)); }
    void add(std::vector<Command> group) {
        for (Command& command : group) commands.push_back(std::move(command));
    }
};

}  // namespace

std::vector<Command> commands() {
    Table table;
    table.add(runserver());
    table.add(status());
    table.add(restart());
    table.add(stop());
    table.add(deploy());
    table.add(check());
    table.add(install_service());
    table.add(migrate());
    table.add(maintenance());
    table.add(user());
    table.add(mail());
    table.add(seed());
    table.add(dump());
    table.add(load());
    table.add(backup());
    table.add(restore());
    table.add(top());
    table.add(logs());
    table.add(dbshell());
    table.add(open_shell());
    table.add(routes());
    table.add(openapi());
    table.add(test());
    table.add(make_new());
    table.add(show_config());
    table.add(freeze_deps());
    table.add(secret_key());
    table.add(send_test_mail());
    table.add(completion());
    table.add(help());
    table.add(man());
    table.add(about());
    table.add(version());
    return std::move(table.commands);
}

}  // namespace manage

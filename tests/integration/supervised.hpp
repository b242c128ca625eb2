// A server under a supervisor, as tests see it: its state, and the end of all its processes.
#pragma once

#include <doctest/doctest.h>

#include "app/web/json.hpp"
#include "tests/integration/manage.hpp"
#include "tests/integration/support/running.hpp"

namespace tests {

// A deployed installation whose `manage` is a link that can be made to lead elsewhere. No process that runs in its folder outlives it.
class SupervisedInstallation : public Installation {
   public:
    SupervisedInstallation() {
        REQUIRE(manage({"deploy"}).exit_code == 0);
        std::filesystem::create_symlink(MANAGE_BINARY, program());
        environment["APP_SERVER__RESTART_DELAY_MS"] = "10";
    }
    ~SupervisedInstallation() {
        for (int quiet = 0; quiet < 3;) {
            quiet = kill_all() ? 0 : quiet + 1;  // one that is killed may just have started another
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
    }

    std::filesystem::path program() const { return path() / "manage"; }

    Start supervised(std::vector<std::string> arguments = {}) const {
        arguments.insert(arguments.begin(), {"runserver", "--supervise", "--port", "0"});
        Start start = this->start(std::move(arguments));
        start.arguments.front() = program().string();
        return start;
    }

    // From now on the program is this script.
    void replace_program(const std::string& script) const {
        write_text(path() / "new", "#!/bin/sh\n" + script + "\n");
        std::filesystem::permissions(path() / "new", std::filesystem::perms::owner_all);
        std::filesystem::rename(path() / "new", program());
    }
    void restore_program() const {
        std::filesystem::create_symlink(MANAGE_BINARY, path() / "new");
        std::filesystem::rename(path() / "new", program());
    }

    app::web::Value state() const {
        const std::string text = read_text(path() / "instance/runserver.json");
        return text.empty() ? app::web::Value() : app::web::parse_json(text);
    }
    std::string text(std::string_view name) const {
        const app::web::Value all = state();
        const std::string* value = all.find_string(name);
        return value ? *value : "";
    }
    int number(std::string_view name) const {
        const app::web::Value all = state();
        const std::int64_t* value = all.find_integer(name);
        return value ? static_cast<int>(*value) : 0;
    }
    int port() const {
        const std::string url = text("url");
        return std::stoi(url.substr(url.rfind(':') + 1));
    }
    bool is_running() const { return text("state") == "running"; }
    bool serves() const { return Client(port()).get("/healthz").status == 200; }

   private:
    bool kill_all() const {
        bool found = false;
        for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
            std::error_code error;
            const std::string name = entry.path().filename();
            if (name.find_first_not_of("0123456789") != std::string::npos) continue;
            if (std::filesystem::read_symlink(entry.path() / "cwd", error) != path()) continue;
            kill(std::stoi(name), SIGKILL);
            found = true;
        }
        return found;
    }
};

// Whether it becomes true within a minute.
inline bool in_a_while(const std::function<bool()>& is_so) {
    for (int i = 0; i < 6; ++i) {
        if (soon(is_so)) return true;
    }
    return false;
}

}  // namespace tests

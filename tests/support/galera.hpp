// A Galera cluster of a test's own, made by `scripts/galera serve`: three nodes, up within about 10 s, gone with the object.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/support/script.hpp"

namespace tests {

class Galera {
   public:
    static constexpr int nodes = 3;  // counted from 1

    Galera();

    // Of all nodes, in their order; as root, who has every right and no password.
    std::string url(std::string_view database) const { return script_.url() + "/" + std::string(database); }
    // Of one node.
    std::string url(std::string_view database, int node) const;

    void stop(int node) { script_.command("stop " + std::to_string(node)); }
    void kill(int node) { script_.command("kill " + std::to_string(node)); }    // as kill -9
    void start(int node) { script_.command("start " + std::to_string(node)); }  // and waits until it is in step

   private:
    Script script_{"scripts/galera", {"serve"}};
    std::vector<std::string> hosts_;  // "127.0.0.1:PORT"
};

}  // namespace tests

// What a request would meet, without serving it: for `manage routes --test`. It asks the same questions as dispatch, in the same order.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/web/request.hpp"
#include "app/web/site.hpp"

namespace app::web {

struct Argument {
    std::string name;
    Converter converter;
    std::string value;  // converted: decoded, or the number
};

struct Explanation {
    // What dispatch answers by itself: 204 to OPTIONS, 308, 400, 404, 405. Nothing: the rule's handler answers.
    std::optional<int> status;
    const Rule* rule = nullptr;
    std::vector<Argument> arguments = {};
    const RegisteredBlueprint* blueprint = nullptr;  // the rule's; without a rule the one that the path lies under, or null
    Methods allowed = {};                            // as Allow tells them: with 405, and to OPTIONS
    std::string location = {};                       // with 308
    std::string reason = {};                         // with 400
    std::vector<std::string> before = {};            // the hooks' names, in the order in which they run
    std::vector<std::string> after = {};
    std::vector<std::string> teardown = {};
};

// Of a request with a method and a target. Hooks that would answer themselves, and a handler's own conditions, are not asked. What is
// returned lives as long as the site.
Explanation explain(const Site& site, const Request& request);

}  // namespace app::web

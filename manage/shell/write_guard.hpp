// Who stands before the database and lets writes pass, asks first, or refuses them: for --read-only, and for production.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "app/base/error.hpp"
#include "app/db/database.hpp"

namespace manage::shell {

class WriteGuard {
   public:
    enum class Rule { allow, ask, refuse };

    // `reason` is what a refused write is told. `ask` is asked before the first write, and again until it says yes; it may throw.
    WriteGuard(Rule rule, std::string reason, std::function<bool()> ask = {})
        : rule_(rule), reason_(std::move(reason)), ask_(std::move(ask)) {}

    // Throws forbidden with the reason.
    void check();

    // What check has thrown since the last time: a request in process answers it with a status, which its caller may overlook.
    std::optional<app::base::Error> take_refusal() { return std::exchange(refusal_, std::nullopt); }

   private:
    [[noreturn]] void refuse();

    Rule rule_;
    std::string reason_;
    std::function<bool()> ask_;
    std::optional<app::base::Error> refusal_;
};

// `database`, whose writes ask the guard first. The guard outlives it; both are for one thread at a time.
std::unique_ptr<app::db::Database> guard_writes(std::unique_ptr<app::db::Database> database, WriteGuard& guard);

}  // namespace manage::shell

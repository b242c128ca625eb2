// What a supervisor has when it begins, and what it hands over to the program that it executes in its own place.
#pragma once

#include <optional>

#include "app/base/clock.hpp"
#include "app/http/listener.hpp"
#include "app/web/value.hpp"
#include "manage/run_files.hpp"
#include "manage/service_manager.hpp"

namespace manage {

struct Estate {
    app::http::Port port;
    PidFile pid_file;
    NotifySocket socket;
    app::base::Timestamp since;
    app::web::Value supervision = {};  // of the supervisor before; null: there was none

    // What this process had before it executed this program (DEWAR_ESTATE, which is taken out of the environment); nothing if it was
    // started as others are. Throws invalid for nonsense.
    static std::optional<Estate> of_environment();

    // Right before this process executes another program: lets the descriptors through and says in the environment what they are.
    void bequeath(app::web::Value saved_supervision) const;
    // When that failed.
    void take_back() const;
};

}  // namespace manage

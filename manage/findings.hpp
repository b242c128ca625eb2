// What `manage check` finds: one thing each that is wrong, or may be, with what mends it. Every function looks at one side of a
// config and changes nothing; none of them throws what it was asked to find.
#pragma once

#include <string>
#include <vector>

#include "config/config.hpp"

namespace manage {

enum class Level { info, warning, error };

struct Finding {
    Level level = Level::info;
    std::string subject;  // a setting's name, a file, "database"
    std::string reason;
    std::string remedy;  // what to type or to set
};
using Findings = std::vector<Finding>;

// Whether others than this machine reach the server, by its host.
bool is_public(const config::Server& server);

// The keys, debugging, and the way from the network to the server. `exposed`: strangers are expected there.
Findings check_settings(const config::Config& config, bool exposed);

// The certificate: that runserver would take it, and for how long clients will.
Findings check_tls(const config::Server& server);

// How mail leaves, if it is to.
Findings check_mail(const config::Config& config, bool exposed);

// That the database is there and can be reached, its schema, and its own settings.
Findings check_database(const config::Config& config);

// Who else may read what is private, whether the log can be written, and how much room there is on the disks.
Findings check_files(const config::Config& config);

// The limit of open files, and the clock.
Findings check_system(const config::Config& config);

}  // namespace manage

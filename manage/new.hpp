// What `manage new` plans: the files that docs/ARCHITECTURE.md names under "Common changes" for each thing, with a test.
// Every function throws invalid for a name that is none or is taken, and when a file that is to be changed is not as it was.
#pragma once

#include <string>
#include <vector>

#include "app/base/function_ref.hpp"
#include "manage/command.hpp"
#include "manage/growth.hpp"

namespace manage {

// `prefix` is where app/app.cpp registers it: "/shop".
void plan_blueprint(Growth& growth, const std::string& name, const std::string& prefix);

// `rule` is the route's own, as pattern.hpp has it: "/cart/<int:id>"; `method` GET, POST, PUT, PATCH or DELETE.
void plan_route(Growth& growth, const std::string& blueprint, const std::string& name, const std::string& rule,
                const std::string& method);

// `fields` are NAME:TYPE with text, integer, boolean or time.
void plan_model(Growth& growth, const std::string& name, const std::vector<std::string>& fields);

// The next migration, app/db/migrations/NNNN_name.sql; returns its path.
std::string plan_migration(Growth& growth, const std::string& name);
// The same with what the template of that name makes of `values`, and of `version` and `compatible`, its number and that before.
std::string plan_migration(Growth& growth, const std::string& name, std::string_view template_name,
                           app::web::Value::Object values);

void plan_command(Growth& growth, const std::string& name);

// Plans, writes and tells what was written, or with --dry-run what would be: what each command of `new` does, and `migrate new`.
// `next` is what to do then.
int grow(const Invocation& invocation, app::base::FunctionRef<void(Growth&)> plan, std::string_view next);

// The command `new migration`, which is there as `migrate new` as well.
Command new_migration(std::string name);

}  // namespace manage

#include "app/db/lending.hpp"

#include "app/base/error.hpp"
#include "app/base/turn.hpp"

namespace app::db {
namespace {

thread_local const Lending* innermost = nullptr;

}  // namespace

Lending::Lending(const Database& database, Kind kind) : database_(&database), kind_(kind), outer_(innermost) {
    if (kind == Kind::write && base::Turn::current()) {
        throw base::Error(base::Code::internal, "a database write was started on an event loop's thread, which must not wait");
    }
    for (const Lending* lending = outer_; lending; lending = lending->outer_) {
        if (lending->database_ != database_) continue;
        if (kind == Kind::write) {
            throw base::Error(base::Code::internal, "a database write was started inside a read or a write: use the connection "
                                                    "that fn was given, or do one after the other");
        }
        if (lending->kind_ == Kind::write) {
            throw base::Error(base::Code::internal, "a database read was started inside a write, whose changes it would not "
                                                    "see: use the connection that fn was given");
        }
    }
    innermost = this;
}

Lending::~Lending() { innermost = outer_; }

}  // namespace app::db

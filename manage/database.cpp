#include "manage/database.hpp"

#include "app/app.hpp"
#include "manage/signals.hpp"

namespace manage {

std::unique_ptr<app::db::Database> open_database(const config::Config& config, bool create) {
    const HeldSignals signals(ending_signals);
    app::db::Options options = app::database_options(config);
    options.create = create;
    return app::db::open(options);
}

}  // namespace manage

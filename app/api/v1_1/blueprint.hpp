// API v1.1 as a blueprint, to be registered under /api/v1.1: v1.0 with what differs.
#pragma once

#include "app/web/blueprint.hpp"

namespace app::api::v1_1 {

web::Blueprint make();

// What nobody signs in for: to be registered there too, behind the other. Its requests count for their address as all do.
web::Blueprint make_accounts();

}  // namespace app::api::v1_1

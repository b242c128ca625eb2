// API v1.1 as a blueprint, to be registered under /api/v1.1: v1.0 with what differs.
#pragma once

#include "app/web/blueprint.hpp"

namespace app::api::v1_1 {

web::Blueprint make();

}  // namespace app::api::v1_1

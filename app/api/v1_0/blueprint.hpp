// API v1.0 as a blueprint, to be registered under /api/v1.0.
#pragma once

#include "app/web/blueprint.hpp"

namespace app::api::v1_0 {

web::Blueprint make();

}  // namespace app::api::v1_0

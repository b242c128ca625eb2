// What API v1.0 says about itself as a whole; what it says about each operation stands beside its route, in blueprint.cpp.
#pragma once

#include "app/openapi/operation.hpp"

namespace app::api::v1_0 {

// A newer version changes a copy of it.
openapi::Api description();

}  // namespace app::api::v1_0

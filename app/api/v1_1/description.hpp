// What API v1.1 says about itself as a whole: v1.0's description with what differs.
#pragma once

#include "app/openapi/operation.hpp"

namespace app::api::v1_1 {

openapi::Api description();

}  // namespace app::api::v1_1

// The OpenAPI document of API v1.0 as it was when v1.0 was frozen (openapi.json in this folder): what `manage openapi --diff` holds the
// present one against.
#pragma once

#include <string_view>

namespace app::api::v1_0 {

std::string_view snapshot();

}  // namespace app::api::v1_0

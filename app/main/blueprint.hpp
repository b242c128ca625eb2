// The blog's pages for people, and the error pages of the whole application.
#pragma once

#include "app/web/blueprint.hpp"

namespace app::main {

web::Blueprint make();

}  // namespace app::main

// The pages on which people do what mails about their accounts ask them to: forms without scripts, to be registered under /auth. None of
// these pages is kept by a cache, nor tells another site where somebody came from, since addresses of pages hold tokens here.
#pragma once

#include "app/web/blueprint.hpp"

namespace app::auth {

web::Blueprint make();

}  // namespace app::auth

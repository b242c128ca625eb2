#include "manage/accounts.hpp"

#include "app/app.hpp"

namespace manage {

std::string hash_password(const config::Config& config, std::string_view password) {
    return app::base::Passwords(app::password_cost(config)).hash(password);
}

}  // namespace manage

#include "manage/accounts.hpp"

#include "app/base/secret.hpp"

namespace manage {

std::string hash_password(const config::Config& config, std::string_view password) {
    const app::base::PasswordCost cost{.memory_kib = static_cast<std::uint32_t>(config.password.memory_kib),
                                       .iterations = static_cast<std::uint32_t>(config.password.iterations),
                                       .parallelism = static_cast<std::uint32_t>(config.password.parallelism)};
    return app::base::Passwords(cost).hash(password);
}

}  // namespace manage

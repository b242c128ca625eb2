// `manage secret-key`: a key for SECRET_KEY, and nothing else on standard output, so that it can go straight into a file.
#include "app/base/secret.hpp"
#include "manage/commands.hpp"

namespace manage {

namespace {

constexpr std::size_t key_bytes = 48;

int run_secret_key(Invocation& invocation) {
    invocation.print(app::base::random_token(key_bytes) + "\n");
    return 0;
}

}  // namespace

Command secret_key() {
    return {.name = "secret-key",
            .help = "Print a new, strong key for SECRET_KEY",
            .example = "  echo \"SECRET_KEY=$(manage secret-key)\" >> .env",
            .run = run_secret_key};
}

}  // namespace manage

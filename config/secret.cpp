#include "config/secret.hpp"

#include <algorithm>
#include <array>
#include <bitset>

#include "app/base/text.hpp"
#include "config/config.hpp"
#include "config/refuse.hpp"

namespace config {

namespace {

constexpr std::size_t bytes_min = 32;
constexpr std::size_t distinct_min = 12;

// From tutorials and templates: the first that anybody tries.
constexpr std::array<std::string_view, 12> known_defaults{development_key,
                                                          "hard to guess string",
                                                          "changeme",
                                                          "change me",
                                                          "change-me",
                                                          "secret",
                                                          "secret key",
                                                          "secret-key",
                                                          "secret_key",
                                                          "dev",
                                                          "you-will-never-guess",
                                                          "a really really really really long secret key"};

std::size_t distinct_characters(std::string_view text) {
    std::bitset<256> seen;
    for (const char letter : text) seen.set(static_cast<unsigned char>(letter));
    return seen.count();
}

[[noreturn]] void refuse_key(const Config& config, const std::string& what) {
    refuse("config " + config.name, what + "; make a key with `manage secret-key` and set it in the environment");
}

}  // namespace

std::optional<std::string> weakness(std::string_view key) {
    const auto is_key = [key](std::string_view known) { return app::base::equal_ignoring_case(app::base::trim(key), known); };
    if (std::ranges::any_of(known_defaults, is_key)) return "is a default that everybody knows";
    if (key.size() < bytes_min) return "is shorter than " + std::to_string(bytes_min) + " bytes";
    if (distinct_characters(key) < distinct_min)
        return "has fewer than " + std::to_string(distinct_min) + " different characters";
    return std::nullopt;
}

void require_secret(const Config& config) {
    if (config.secret.key.empty()) refuse_key(config, "SECRET_KEY is not set");
    if (config.debug || config.testing) return;
    if (const auto why = weakness(config.secret.key)) refuse_key(config, "SECRET_KEY is weak: it " + *why);
    for (std::size_t i = 0; i < config.secret.old_keys.size(); ++i) {
        if (const auto why = weakness(config.secret.old_keys[i])) {
            refuse_key(config, "SECRET_KEY_OLD is weak: key " + std::to_string(i + 1) + " of it " + *why);
        }
    }
}

}  // namespace config

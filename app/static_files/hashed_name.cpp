#include "app/static_files/hashed_name.hpp"

namespace app::static_files {
namespace {

constexpr std::size_t hash_digits = 8;

// Where the last part of the name has its ending: at its last dot, or nowhere, at the end.
std::size_t ending_of(std::string_view name) noexcept {
    const auto dot = name.find_last_of("./");
    return dot != std::string_view::npos && name[dot] == '.' ? dot : name.size();
}

// What stands where a hash would: ".3f2a9c1b" of "style.3f2a9c1b.css".
std::string_view hash_in(std::string_view name) noexcept {
    const std::string_view stem = name.substr(0, ending_of(name));
    return stem.size() > hash_digits ? stem.substr(stem.size() - hash_digits - 1) : std::string_view{};
}

}  // namespace

std::string hashed_name(std::string_view name, std::string_view sha256_hex) {
    std::string hashed{name};
    return hashed.insert(ending_of(name), "." + std::string(sha256_hex.substr(0, hash_digits)));
}

bool looks_hashed(std::string_view name) noexcept {
    const std::string_view hash = hash_in(name);
    return hash.starts_with('.') && hash.find_first_not_of("0123456789abcdef", 1) == std::string_view::npos;
}

bool carries_hash(std::string_view name, std::string_view sha256_hex) noexcept {
    return looks_hashed(name) && hash_in(name).substr(1) == sha256_hex.substr(0, hash_digits);
}

}  // namespace app::static_files

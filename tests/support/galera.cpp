#include "tests/support/galera.hpp"

#include "app/base/text.hpp"

namespace tests {
namespace {

constexpr std::string_view account = "mysql://root@";

}  // namespace

Galera::Galera() {
    for (const std::string_view host : app::base::split(std::string_view{script_.url()}.substr(account.size()), ',')) {
        hosts_.emplace_back(host);
    }
}

std::string Galera::url(std::string_view database, int node) const {
    return std::string(account) + hosts_.at(static_cast<std::size_t>(node - 1)) + "/" + std::string(database);
}

}  // namespace tests

// Everything that `manage new` writes, in a copy of the sources: it builds, and its tests and those that watch over the rest pass. This
// builds most of the tree, from ccache if that knows it.
// labels: full
#include <doctest/doctest.h>

#include "tests/integration/manage.hpp"

namespace {

using namespace tests;
namespace fs = std::filesystem;

// All but what is built, and what is hidden.
void copy_sources(const fs::path& to) {
    for (const auto& entry : fs::directory_iterator(".")) {
        const std::string name = entry.path().filename();
        if (name == "build" || name == "instance" || (name.starts_with('.') && name != ".clang-format")) continue;
        fs::copy(entry.path(), to / name, fs::copy_options::recursive);
    }
}

}  // namespace

TEST_CASE("what each `new` writes builds and passes") {
    Installation here;
    const fs::path root = here.path();
    copy_sources(root);
    here.environment["CCACHE_BASEDIR"] = root;
    here.environment["CCACHE_NOHASHDIR"] = "1";
    const std::vector<std::string> additions[] = {
        {"new", "blueprint", "shop", "--prefix", "/shop"},
        {"new", "route", "shop/get_cart", "--path", "/cart/<int:id>"},
        {"new", "route", "shop/put_item", "--path", "/cart/<name>/<path:rest>", "--method", "PUT"},
        {"new", "route", "main/about_us", "--path", "/about-us"},
        {"new", "model", "product", "name:text", "price:integer", "is_sold:boolean", "sold_at:time"},
        {"new", "command", "greet"},
    };
    for (const auto& arguments : additions) {
        const Finished result = here.manage(arguments);
        REQUIRE_MESSAGE(result.exit_code == 0, result.err);
    }
    Start start = here.start({"test", "integration/shop", "integration/main", "integration/manage_greet", "unit/models",
                              "unit/archive", "architecture", "--backend", "sqlite"});
    start.patience = std::chrono::minutes(30);
    const Finished result = run(start);
    CHECK_MESSAGE(result.exit_code == 0, result.out << result.err);
    CHECK(contains(result.out, "passed  integration/shop: 3 cases, "));
    CHECK(contains(result.out, "passed  integration/manage_greet: 1 case, "));
}

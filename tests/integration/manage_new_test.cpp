// `manage new`, on copies of the files that it reads and changes. Whether what it writes is built and passes is in manage_new_builds_test.
#include <doctest/doctest.h>

#include "app/web/json.hpp"
#include "tests/integration/manage.hpp"

namespace {

using namespace tests;
namespace fs = std::filesystem;

// The part of the sources that `manage new` looks at.
class Sources {
   public:
    Sources() {
        for (const char* path :
             {"CMakeLists.txt", ".clang-format", "app/app.cpp", "app/main", "app/docs", "app/archive/tables.cpp", "app/models",
              "app/db/migrations", "manage/commands.hpp", "manage/commands.cpp", "tests/architecture_test.cpp",
              "tests/unit/models/query_plan_test.cpp", "docs/ARCHITECTURE.md"}) {
            fs::create_directories((root() / path).parent_path());
            fs::copy(path, root() / path, fs::copy_options::recursive);
        }
        fs::create_directories(root() / "tests/integration");
    }

    fs::path root() const { return here_.path(); }
    std::string read(const std::string& path) const { return read_text(root() / path); }
    Finished grow(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), "new");
        return here_.manage(std::move(arguments));
    }
    // Every file's path and text.
    std::map<std::string, std::string> all() const {
        std::map<std::string, std::string> files;
        for (const auto& entry : fs::recursive_directory_iterator(root())) {
            files[entry.path()] = entry.is_regular_file() ? read_text(entry.path()) : "";
        }
        return files;
    }

   private:
    Installation here_;
};

// What the command refuses with, having written nothing.
std::string refusal(const Sources& sources, const std::vector<std::string>& arguments) {
    const auto before = sources.all();
    const Finished result = sources.grow(arguments);
    CHECK(result.exit_code != 0);
    CHECK(result.out == "");
    CHECK_MESSAGE(is_one_line(result.err), result.err);
    CHECK(sources.all() == before);
    return result.err;
}

}  // namespace

TEST_CASE("new blueprint writes its files and their test, and registers it") {
    const Sources sources;
    const Finished result = sources.grow({"blueprint", "shop", "--prefix", "/the-shop"});
    CHECK_MESSAGE(result.exit_code == 0, result.err);
    for (const char* line : {"Wrote app/shop/routes.hpp\n", "Wrote app/shop/handlers.hpp\n", "Wrote app/shop/blueprint.hpp\n",
                             "Wrote app/shop/blueprint.cpp\n", "Wrote app/shop/index.cpp\n", "Changed app/app.cpp\n",
                             "Changed CMakeLists.txt\n", "Changed tests/architecture_test.cpp\n",
                             "Changed docs/ARCHITECTURE.md\n", "Wrote tests/integration/shop_test.cpp\n", "\nNext: "}) {
        CHECK_MESSAGE(contains(result.out, line), line);
    }
    CHECK(contains(sources.read("app/app.cpp"), "\n#include \"app/shop/blueprint.hpp\"\n"));
    CHECK(contains(sources.read("app/app.cpp"), "\n    site->register_blueprint(shop::make(), \"/the-shop\");\n"));
    CHECK(contains(sources.read("CMakeLists.txt"), "\nadd_room(app/shop      LINKS app_context)\n"));
    CHECK(contains(sources.read("tests/architecture_test.cpp"), "\n    {\"app/shop\", below_blueprints, is_blueprint},\n"));
    CHECK(sources.read("app/shop/routes.hpp").starts_with("// "));
    CHECK(contains(sources.read("tests/integration/shop_test.cpp"), "request(\"GET\", \"/the-shop/\")"));
}

TEST_CASE("new route adds a route, its handler and a test to a blueprint of any age") {
    const Sources sources;
    REQUIRE(sources.grow({"blueprint", "shop"}).exit_code == 0);
    const Finished result = sources.grow({"route", "shop/get_cart", "--path", "/cart/<int:id>/<path:rest>", "--method", "PUT"});
    CHECK_MESSAGE(result.exit_code == 0, result.err);
    CHECK(contains(sources.read("app/shop/routes.hpp"),
                   "> index;\ninline constexpr route<PUT, \"get_cart\", \"/cart/<int:id>/<path:rest>\"> get_cart;\n\n}"));
    CHECK(contains(sources.read("app/shop/handlers.hpp"),
                   "web::Response get_cart(Context& ctx, std::int64_t id, std::string_view rest);\n"));
    CHECK(contains(sources.read("app/shop/handlers.hpp"), "#include <cstdint>\n#include <string_view>\n"));
    CHECK(contains(sources.read("app/shop/get_cart.cpp"), "get_cart(Context&, std::int64_t, std::string_view) {"));
    CHECK(contains(sources.read("app/shop/blueprint.cpp"), "    shop.on<routes::get_cart>(get_cart);\n    return shop;\n"));
    CHECK(contains(sources.read("tests/integration/shop_test.cpp"), "request(\"PUT\", \"/shop/cart/7/one/two\")"));
    CHECK(sources.grow({"route", "main/about_us", "--path", "/about"}).exit_code == 0);
    CHECK(contains(sources.read("app/main/blueprint.cpp"), "    main.on<routes::about_us>(about_us);\n"));
}

TEST_CASE("new model writes the model, its table, a migration, and what tests ask for") {
    const Sources sources;
    const Finished result = sources.grow({"model", "category", "name:text", "price:integer", "is_old:boolean", "sold_at:time"});
    CHECK_MESSAGE(result.exit_code == 0, result.err);
    CHECK(contains(sources.read("app/models/category.hpp"), "\n    std::int64_t price = 0;\n"));
    CHECK(contains(sources.read("app/models/category.cpp"),
                   "\"SELECT id, name, price, is_old, sold_at FROM categories WHERE id = ?\""));
    CHECK(contains(sources.read("app/archive/tables.cpp"), "\n    {\"categories\", 1, categories},\n};\n"));
    CHECK(contains(sources.read("tests/unit/models/query_plan_test.cpp"), "\n    find_category(c, 2);\n}\n"));
    CHECK(contains(result.out, "_create_categories.sql\n"));
    CHECK(contains(sources.read("tests/unit/models/category_test.cpp"), "CHECK(found.price == 7);"));
}

TEST_CASE("new command writes the command, its line in the table and a test") {
    const Sources sources;
    const Finished result = sources.grow({"command", "say_hello"});
    CHECK_MESSAGE(result.exit_code == 0, result.err);
    CHECK(contains(sources.read("manage/commands.cpp"), "\n    table.add(say_hello());\n"));
    CHECK(contains(sources.read("manage/commands.hpp"), "\nCommand say_hello();\n"));
    CHECK(contains(sources.read("manage/say_hello.cpp"), ".name = \"say-hello\""));
    CHECK(contains(sources.read("tests/integration/manage_say_hello_test.cpp"), "here.manage({\"say-hello\"})"));
}

TEST_CASE("new migration is migrate new") {
    const Sources sources;
    CHECK(sources.grow({"migration", "add_post_title"}).exit_code == 0);
    CHECK(contains(refusal(sources, {"migration", "add_post_title"}), "the name is taken by "));
}

TEST_CASE("what is written is as clang-format leaves it") {
    const Sources sources;
    REQUIRE(sources.grow({"blueprint", "shop"}).exit_code == 0);
    REQUIRE(sources.grow({"route", "shop/get_cart", "--path", "/cart/<int:id>"}).exit_code == 0);
    REQUIRE(sources.grow({"model", "product", "name:text", "price:integer"}).exit_code == 0);
    REQUIRE(sources.grow({"command", "greet"}).exit_code == 0);
    const std::string program = "/usr/bin/clang-format-19";
    if (!fs::exists(program)) {  // of [full] in scripts/packages.txt
        MESSAGE("not tried: there is no clang-format-19");
        return;
    }
    std::vector<std::string> arguments{program, "--dry-run", "--Werror"};
    for (const auto& [path, text] : sources.all()) {
        if (path.ends_with(".cpp") || path.ends_with(".hpp")) arguments.push_back(path);
    }
    const Finished result = run({.arguments = arguments});
    CHECK_MESSAGE(result.exit_code == 0, result.err);
}

TEST_CASE("--dry-run lists the files and writes none") {
    const Sources sources;
    const auto before = sources.all();
    const Finished result = sources.grow({"command", "greet", "--dry-run"});
    CHECK(result.exit_code == 0);
    CHECK(result.out == "Would write manage/greet.cpp\nWould change manage/commands.hpp\nWould change manage/commands.cpp\n"
                        "Would write tests/integration/manage_greet_test.cpp\n");
    CHECK(sources.all() == before);
}

TEST_CASE("--json names each file, and whether it is new") {
    const Sources sources;
    const auto told = app::web::parse_json(sources.grow({"command", "greet", "--json", "--dry-run"}).out);
    CHECK(*told.find("dry_run") == app::web::Value{true});
    CHECK(told.find("files")->list()->size() == 4);
    CHECK(*told.find("files")->list()->front().find("path") == app::web::Value{"manage/greet.cpp"});
    CHECK(*told.find("files")->list()->front().find("is_new") == app::web::Value{true});
}

TEST_CASE("names that are none or are taken, and paths that would not compile, are refused, and nothing is written") {
    const Sources sources;
    for (const char* kind : {"blueprint", "model", "command"}) {
        for (const char* name : {"Shop", "9lives", "../x", "class", "a b", "a__b"}) {
            CAPTURE(name);
            std::vector<std::string> arguments{kind, name};
            if (std::string(kind) == "model") arguments.emplace_back("price:integer");
            refusal(sources, arguments);
        }
    }
    CHECK(contains(refusal(sources, {"blueprint", "docs"}), "the name is taken: there is app/docs already"));
    CHECK(contains(refusal(sources, {"blueprint", "shop", "--prefix", "shop/"}), "a prefix is a path"));
    CHECK(contains(refusal(sources, {"command", "deploy"}), "there is a command deploy already"));
    CHECK(contains(refusal(sources, {"model", "user", "name:text"}), "app/models has User already"));
    CHECK(contains(refusal(sources, {"model", "page", "name:text"}), "app/models has Page already"));
    CHECK(contains(refusal(sources, {"model", "thing", "price:money"}), "not price:money"));
    CHECK(contains(refusal(sources, {"model", "thing", "name:text", "name:text"}), "there are two fields name"));
    CHECK(contains(refusal(sources, {"model", "thing", "order:text"}), "a word of SQL"));
    CHECK(contains(refusal(sources, {"route", "index", "--path", "/x"}), "say BLUEPRINT/NAME"));
    CHECK(contains(refusal(sources, {"route", "gone/index", "--path", "/x"}), "there is no blueprint gone"));
    CHECK(contains(refusal(sources, {"route", "main/index", "--path", "/x"}), "the name is taken"));
    CHECK(contains(refusal(sources, {"route", "main/home", "--path", "/"}), "the path is taken"));
    CHECK(contains(refusal(sources, {"route", "api/v1_1/x", "--path", "/x"}), "openapi::Operation"));
    for (const char* rule :
         {"x", "/a//b", "/<x", "/a<b>", "/<path:x>/y", "/<float:x>", "/<x>/<x>", "/../x", "/a b", "/<9x>", "/x?y"}) {
        CAPTURE(rule);
        refusal(sources, {"route", "main/x", "--path", rule});
    }
}

TEST_CASE("a file that somebody wrote anew is told, and nothing is written") {
    const Sources sources;
    write_text(sources.root() / "CMakeLists.txt", "project(dewar VERSION 9)\n");
    CHECK(contains(refusal(sources, {"blueprint", "shop"}),
                   "CMakeLists.txt was changed: this looks for a line that begins with add_room(app/docs "));
    fs::remove(sources.root() / "manage/commands.cpp");
    CHECK(contains(refusal(sources, {"command", "greet"}), "manage/commands.cpp"));
}

TEST_CASE("elsewhere than in a checkout it says so") {
    const Installation elsewhere;
    const Finished result = elsewhere.manage({"new", "command", "greet"});
    CHECK(result.exit_code == 1);
    CHECK(contains(result.err, "this is no checkout of Dewar's sources"));
}

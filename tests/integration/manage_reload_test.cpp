// `manage runserver --reload`: a change in a checkout is built and swapped in. The checkout is a small one, whose build takes a moment.
#include <algorithm>

#include "tests/integration/supervised.hpp"

namespace {

using namespace tests;

// It builds a copy of the real `manage`, or fails with what a compiler would say.
const char* const build_script = R"(#!/bin/sh
echo build >> builds
if grep -qs mistake app/*.cpp; then
  echo 'app/x.cpp:1:1: error: a mistake'
  exit 1
fi
cat app/*.cpp | cmp -s - build/dev/sources && exit 0
cat app/*.cpp > build/dev/sources
cp build/dev/manage build/dev/manage.new && mv build/dev/manage.new build/dev/manage
)";

class Checkout : public SupervisedInstallation {
   public:
    Checkout() {
        std::filesystem::create_directories(path() / "build/dev");
        std::filesystem::create_directories(path() / "app/main");
        std::filesystem::create_directories(path() / "config");
        write_text(path() / "app/x.cpp", "first");
        write_text(path() / "build.sh", build_script);
        write_text(path() / "CMakeLists.txt",
                   "cmake_minimum_required(VERSION 3.25)\nproject(dewar LANGUAGES NONE)\n"
                   "add_custom_target(manage_command COMMAND sh build.sh WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})\n");
        REQUIRE(run({.arguments = {"/usr/bin/cmake", "-G", "Ninja", "-S", ".", "-B", "build/dev"}, .folder = path()}).exit_code ==
                0);
        std::filesystem::copy_file(MANAGE_BINARY, path() / "build/dev/manage");
    }

    Start reloading() const {
        Start start = this->start({"runserver", "--reload", "--port", "0"});
        start.arguments.front() = (path() / "build/dev/manage").string();
        return start;
    }
    int builds() const {
        const std::string text = read_text(path() / "builds");
        return static_cast<int>(std::ranges::count(text, '\n'));
    }
};

}  // namespace

TEST_CASE("a change is built once and swapped in, whatever way an editor saves it; a failed build keeps the server") {
    const Checkout here;
    Process server(here.reloading());
    server.wait_for("Press Ctrl-C");
    const auto swapped = [&](int swaps) {
        return in_a_while([&] { return here.is_running() && here.number("swaps") == swaps; });
    };

    for (int i = 0; i < 20; ++i) write_text(here.path() / "app/x.cpp", "second " + std::to_string(i));
    write_text(here.path() / "app/.x.cpp.swp", "what an editor keeps for itself");
    CHECK(swapped(1));
    CHECK(here.builds() == 1);

    server.wait_for("the supervisor is new as well");
    write_text(here.path() / "app/x.cpp", "mistake");
    CHECK(contains(server.wait_for("the build failed: the server goes on as it was"), "\napp/x.cpp:1:1: error: a mistake\n"));
    CHECK(here.number("swaps") == 1);
    CHECK(here.serves());

    write_text(here.path() / "x.new", "third");
    std::filesystem::rename(here.path() / "x.new", here.path() / "app/x.cpp");
    CHECK(swapped(2));
    CHECK(here.builds() == 3);
    CHECK(here.manage({"stop"}).exit_code == 0);
}

TEST_CASE("a new folder is watched too, and a build that changes nothing swaps nothing") {
    const Checkout here;
    Process server(here.reloading());
    server.wait_for("Press Ctrl-C");
    std::filesystem::create_directory(here.path() / "app/main/new");
    server.wait_for("the server was built anew");  // the first build finds no sources of one before
    CHECK(in_a_while([&] { return here.is_running() && here.number("swaps") == 1; }));
    server.wait_for("the supervisor is new as well");
    write_text(here.path() / "app/main/new/y.txt", "y");
    server.wait_for("the build changed nothing in the server");
    CHECK(here.number("swaps") == 1);
    CHECK(here.manage({"stop"}).exit_code == 0);
}

TEST_CASE("--reload is refused outside of a checkout, and in other configs than development") {
    const SupervisedInstallation here;
    Start start = here.start({"runserver", "--reload", "--port", "0"});
    std::filesystem::copy_file(MANAGE_BINARY, here.path() / "copy");
    start.arguments.front() = (here.path() / "copy").string();
    const Finished outside = run(start);
    CHECK(outside.exit_code == 1);
    CHECK_MESSAGE(is_one_line(outside.err), outside.err);
    CHECK(contains(outside.err, "--reload needs the checkout that this binary was built in"));
    const Finished elsewhere = here.manage({"runserver", "--reload", "--config", "testing"});
    CHECK(elsewhere.exit_code == 2);
    CHECK(contains(elsewhere.err, "--reload is for the config development, not testing"));
}

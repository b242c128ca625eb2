#include "manage/lock_check.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "manage/bom.hpp"

namespace {

using manage::Component;
using manage::Composition;
using manage::LockCheck;
using manage::LockSection;
using manage::Requirement;

const std::string sum_a(64, 'a'), sum_b(64, 'b');
const Requirement openssl{"openssl", "3.0.22", "libssl-dev", "3.0.22-1", "amd64", sum_a};
const Requirement mariadb{"mariadb", "10.11.19", "libmariadb-dev", "1:10.11.19-0", "amd64", sum_a};
const Requirement cmake{"cmake", "3.25.1", "cmake", "3.25.1-1", "amd64", sum_a};

const LockSection lock{"debian-12", {cmake, mariadb, openssl}};

Requirement changed(Requirement requirement, std::string Requirement::* part, const std::string& value) {
    requirement.*part = value;
    return requirement;
}

LockCheck check(const std::vector<Requirement>& locked, bool strict = false) {
    return manage::check_lock({"debian-12", locked}, manage::compose(lock, {}), strict);
}

// "locked|found" of each difference.
std::vector<std::string> differences(const LockCheck& check) {
    std::vector<std::string> all;
    for (const manage::Difference& one : check.differences) all.push_back(one.locked + "|" + one.found);
    return all;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("composing sorts by name and keeps the tools apart") {
    const Composition all = manage::compose({"debian-12", {openssl, cmake, mariadb}}, {});
    REQUIRE(all.components.size() == 2);
    CHECK(all.components[0].built == mariadb);
    CHECK(all.components[1].built == openssl);
    CHECK(all.components[1].licence == "Apache-2.0");
    REQUIRE(all.tools.size() == 1);
    CHECK(all.tools[0].built == cmake);
}

TEST_CASE("a library that runs in another version than its header's, or its package's, is told") {
    const Composition all =
        manage::compose(lock, {{"mariadb", "3.3.20", "3.3.20"}, {"openssl", "", "3.0.23"}, {"unpacked", "1.1", "1.1"}});
    REQUIRE(all.components.size() == 3);
    CHECK_FALSE(all.components[0].runs_otherwise());
    CHECK(all.components[1].runs_otherwise());
    CHECK(all.components[2].built == Requirement{"unpacked", "1.1"});  // of which no package tells
    const LockCheck check = manage::check_lock(lock, all, false);
    CHECK(differences(check) == Texts{"openssl==3.0.22|openssl==3.0.22  # running: 3.0.23", "|unpacked==1.1"});
}

TEST_CASE("the same versions are no difference") {
    const LockCheck same = check(lock.requirements);
    CHECK(same.compared == 2);
    CHECK(differences(same).empty());
    CHECK(same.drift.empty());
    CHECK(differences(check(lock.requirements, true)).empty());
}

TEST_CASE("another version, a missing and an added component are differences") {
    CHECK(differences(check({cmake, mariadb, changed(openssl, &Requirement::version, "3.0.21")})) ==
          Texts{"openssl==3.0.21|openssl==3.0.22"});
    CHECK(differences(check({cmake, openssl})) == Texts{"|mariadb==10.11.19"});
    CHECK(differences(check({cmake, {"left-pad", "1.0", "libleft-pad-dev", "1.0-1"}, mariadb, openssl})) ==
          Texts{"left-pad==1.0|"});
    CHECK(differences(check({{"left-pad", "1.0"}, cmake, mariadb, openssl})) == Texts{"left-pad==1.0|"});
}

TEST_CASE("what the tests take is not compared, and other tools are only told") {
    const LockCheck found =
        check({changed(cmake, &Requirement::version, "3.31.0"), {"doctest", "9", "doctest-dev", "9-1"}, mariadb, openssl});
    CHECK(differences(found).empty());
    CHECK(found.tools == Texts{"cmake 3.31.0 -> 3.25.1"});
}

TEST_CASE("another revision of a package is drift, and strictly a difference") {
    const std::vector<Requirement> locked{cmake, mariadb, changed(openssl, &Requirement::package_version, "3.0.22-0")};
    CHECK(differences(check(locked)).empty());
    CHECK(check(locked).drift == Texts{"libssl-dev 3.0.22-0 -> 3.0.22-1"});
    CHECK(differences(check(locked, true)) == Texts{"openssl==3.0.22  # libssl-dev 3.0.22-0 amd64 sha256:" + sum_a +
                                                    "|openssl==3.0.22  # libssl-dev 3.0.22-1 amd64 sha256:" + sum_a});
}

TEST_CASE("another hash is strictly a difference; one that cannot be compared is told") {
    const auto with = [](std::string Requirement::* part, const std::string& value) {
        return std::vector<Requirement>{cmake, mariadb, changed(openssl, part, value)};
    };
    CHECK(differences(check(with(&Requirement::sha256, sum_b))).empty());
    CHECK(differences(check(with(&Requirement::sha256, sum_b), true)).size() == 1);
    CHECK(check(with(&Requirement::sha256, ""), true).unproven == Texts{"libssl-dev"});
    CHECK(check(with(&Requirement::architecture, "arm64"), true).unproven == Texts{"libssl-dev"});
    CHECK(differences(check(with(&Requirement::architecture, "arm64"), true)).empty());
}

TEST_CASE("everything that this binary is made of or by has a line in manage/licences.cpp, and no line is of anything else") {
    const Composition all = manage::composition();
    std::vector<Component> made = all.components;
    made.insert(made.end(), all.tools.begin(), all.tools.end());
    for (const Component& component : made) {
        CHECK_MESSAGE(!component.licence.empty(), "manage/licences.cpp has no line for " << component.built.name);
    }
    for (const manage::Licence& licence : manage::licences()) {
        const bool used = std::ranges::any_of(made, [&](const Component& one) { return one.built.name == licence.name; });
        CHECK_MESSAGE(used, "manage/licences.cpp has a line for " << licence.name << ", which nothing here is made of");
    }
    CHECK(std::ranges::is_sorted(manage::licences(), {}, &manage::Licence::name));
}

TEST_CASE("package URLs encode what has a meaning in them, and leave colons") {
    CHECK(manage::package_url({"gcc", "12.2.0", "g++", "4:12.2.0-3+b1~x", "amd64"}, "debian-12") ==
          "pkg:deb/debian/g%2B%2B@4:12.2.0-3%2Bb1~x?arch=amd64&distro=debian-12");
    CHECK(manage::package_url({"openssl", "3.0"}, "linux-unknown") == "pkg:generic/openssl@3.0");
}

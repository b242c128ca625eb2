// What this binary is made of: the compiler, the headers and the libraries, with the versions that it was built with, those of the
// libraries that are loaded now, and their licences. From the packages that were installed when it was built, the rooms' libraries()
// and one table.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/base/library.hpp"
#include "manage/lock_file.hpp"

namespace manage {

struct Component {
    enum class Kind { compiler, headers, library, tool };  // a tool leaves nothing in the binary

    Requirement built;  // the version is the package's
    Kind kind = Kind::library;
    std::string_view licence = {};     // an SPDX expression; empty: not known
    std::string_view homepage = {};    // upstream's
    std::string header_version = {};   // as the header counts, which may be otherwise: "3.3.20" of mariadb 10.11.19; or empty
    std::string running_version = {};  // in the same way; empty: it does not tell

    // Whether another version is loaded than it was built with.
    bool runs_otherwise() const;
};

std::string_view name_of(Component::Kind kind);

struct Composition {
    std::string distribution;           // "debian-12"
    std::vector<Component> components;  // by name
    std::vector<Component> tools;       // what it was built by; by name
};

Composition composition();

// Of the packages that were installed and of what the libraries say; for tests, which bring their own.
Composition compose(const LockSection& installed, const std::vector<app::base::Library>& libraries);

// Whether scripts/packages.txt has the package, in whatever section: those of the tests are no part of the binary.
bool is_known_package(std::string_view package);

// What is known of a component beside its version: the rows of licences.cpp.
struct Licence {
    std::string_view name;
    Component::Kind kind;
    std::string_view expression;
    std::string_view homepage;
};
std::span<const Licence> licences();

}  // namespace manage

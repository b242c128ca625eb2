// `manage freeze-deps`: what this binary is made of, as `pip freeze` tells it, as a lock or as a bill of materials; and whether that is
// what requirements.lock says. Needs neither database nor secret nor config.
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "app/base/error.hpp"
#include "app/base/text.hpp"
#include "app/web/json.hpp"
#include "config/files.hpp"
#include "manage/bom.hpp"
#include "manage/commands.hpp"
#include "manage/lock_check.hpp"
#include "manage/moment.hpp"
#include "manage/table.hpp"
#include "manage/terminal.hpp"

namespace manage {

namespace {

using app::base::Code;
using app::base::Error;
using app::web::Value;

constexpr const char* usual_lock = "requirements.lock";

std::string plain(const Composition& composition) {
    std::string text;
    for (const Component& component : composition.components) {
        text += short_line(component.built);
        if (component.runs_otherwise()) text += "  # running: " + component.running_version;
        text += "\n";
    }
    return text;
}

std::string as_lock(const Composition& composition) {
    std::string text = "[" + composition.distribution + "]\n";
    for (const Component& component : composition.components) text += long_line(component.built) + "\n";
    return text;
}

Value text_or_null(std::string_view text) { return text.empty() ? Value() : Value(text); }

std::string as_json(const Composition& composition) {
    Value::List components;
    for (const Component& component : composition.components) {
        const Requirement& built = component.built;
        components.emplace_back(Value::Object{{"architecture", text_or_null(built.architecture)},
                                              {"header_version", text_or_null(component.header_version)},
                                              {"homepage", text_or_null(component.homepage)},
                                              {"kind", name_of(component.kind)},
                                              {"licence", text_or_null(component.licence)},
                                              {"name", built.name},
                                              {"package", text_or_null(built.package)},
                                              {"package_version", text_or_null(built.package_version)},
                                              {"running_version", text_or_null(component.running_version)},
                                              {"runs_as_built", !component.runs_otherwise()},
                                              {"sha256", text_or_null(built.sha256)},
                                              {"version", built.version}});
    }
    const Value::Object all{
        {"components", std::move(components)}, {"distribution", composition.distribution}, {"version", DEWAR_VERSION}};
    return app::web::to_json(all, 2) + "\n";
}

// Where Debian keeps a licence's text. g++ is a package that only depends on that of its version.
std::string copyright_file(const Component& component) {
    std::string package = component.built.package;
    if (package.empty()) return {};
    if (package == "g++") package = "gcc-" + component.built.version.substr(0, component.built.version.find('.')) + "-base";
    return "/usr/share/doc/" + package + "/copyright";
}

std::string as_licences(const Composition& composition) {
    std::vector<std::vector<std::string>> rows{{"COMPONENT", "LICENCE", "FROM", "COPYRIGHT FILE"}};
    for (const Component& component : composition.components) {
        rows.push_back(
            {component.built.name, std::string(component.licence), std::string(component.homepage), copyright_file(component)});
    }
    return aligned(rows);
}

std::string in_format(const std::string& format) {
    const Composition all = composition();
    if (format == "lock") return as_lock(all);
    if (format == "json") return as_json(all);
    if (format == "cyclonedx") return cyclonedx(all, creation_time());
    if (format == "spdx") return spdx(all, creation_time());
    return plain(all);
}

// The section of the lock for the distribution that this was built on.
LockSection read_section(const std::string& path, const std::string& distribution) {
    if (!std::filesystem::exists(path)) {
        throw Error(Code::invalid, "there is no " + path + ": name the lock file, as in manage freeze-deps --check FILE");
    }
    std::vector<std::string> known;
    for (LockSection& section : parse_lock(config::read_file(path, "the lock file", "freeze-deps"), path)) {
        if (section.distribution == distribution) return std::move(section);
        known.push_back(section.distribution);
    }
    throw Error(Code::invalid, path + " has no section [" + distribution + "], on which this was built, but " +
                                   app::base::join(known) + "; scripts/lock writes it");
}

std::string as_diff(const LockCheck& check, const std::string& heading) {
    std::string text = "--- " + heading + "\n+++ this binary\n";
    for (const Difference& difference : check.differences) {
        if (!difference.locked.empty()) text += coloured(STDOUT_FILENO, "-" + difference.locked, Colour::red) + "\n";
        if (!difference.found.empty()) text += coloured(STDOUT_FILENO, "+" + difference.found, Colour::green) + "\n";
    }
    return text;
}

std::string as_json(const LockCheck& check, const std::string& path, const std::string& distribution) {
    const auto list = [](const std::vector<std::string>& texts) { return Value::List(texts.begin(), texts.end()); };
    Value::List differences;
    for (const Difference& one : check.differences) {
        differences.emplace_back(
            Value::Object{{"found", text_or_null(one.found)}, {"locked", text_or_null(one.locked)}, {"name", one.name}});
    }
    const Value::Object all{{"compared", static_cast<std::int64_t>(check.compared)},
                            {"differences", std::move(differences)},
                            {"distribution", distribution},
                            {"drift", list(check.drift)},
                            {"file", path},
                            {"matches", check.differences.empty()},
                            {"tools", list(check.tools)},
                            {"unproven", list(check.unproven)}};
    return app::web::to_json(all, 2) + "\n";
}

int check_against(Invocation& invocation) {
    const std::string path = invocation.find("FILE").value_or(usual_lock);
    const Composition found = composition();
    const LockSection locked = read_section(path, found.distribution);
    const LockCheck check = check_lock(locked, found, invocation.has("--strict"));
    const std::string heading = path + " [" + locked.distribution + "]";
    const bool matches = check.differences.empty();
    if (invocation.find("--format") == "json") {
        invocation.print(as_json(check, path, locked.distribution));
    } else {
        invocation.print(matches ? heading + ": all " + std::to_string(check.compared) + " components match\n"
                                 : as_diff(check, heading));
    }
    if (!check.drift.empty()) warn("the archive has moved on since " + path + " was written: " + app::base::join(check.drift));
    if (!check.tools.empty()) warn("built by other tools than those of " + path + ": " + app::base::join(check.tools));
    if (!check.unproven.empty()) warn("no hash to compare of " + app::base::join(check.unproven));
    return matches ? 0 : 1;
}

int run_freeze_deps(Invocation& invocation) {
    const std::string format = invocation.find("--format").value_or("");
    if (invocation.has("--check")) {
        if (invocation.has("--output") || invocation.has("--licenses")) {
            throw UsageError("freeze-deps: --check goes with neither --output nor --licenses");
        }
        if (!format.empty() && format != "json") throw UsageError("freeze-deps: --check tells its result as text or as json");
        return check_against(invocation);
    }
    if (invocation.has("--strict")) throw UsageError("freeze-deps: --strict goes with --check");
    if (invocation.has("FILE")) throw UsageError("freeze-deps: a FILE is read with --check, and written with --output");
    if (invocation.has("--licenses") && !format.empty()) {
        throw UsageError("freeze-deps: --licenses is a table; --format json, cyclonedx and spdx tell the licences too");
    }
    invocation.print_or_save(invocation.has("--licenses") ? as_licences(composition()) : in_format(format));
    return 0;
}

}  // namespace

Command freeze_deps() {
    using enum Option::Kind;
    return {.name = "freeze-deps",
            .help = "Show what this binary is made of, or check it against requirements.lock",
            .example = "  manage freeze-deps                          # name==version, one a line\n"
                       "  manage freeze-deps --check                  # exit 1 and a diff when requirements.lock says otherwise\n"
                       "  manage freeze-deps --format spdx --output dewar.spdx.json",
            .options = {{.name = "--format",
                         .value_name = "FORMAT",
                         .help = "lock, json, cyclonedx (1.5) or spdx (2.3); by default name==version",
                         .choices = {"lock", "json", "cyclonedx", "spdx"}},
                        {.name = "--licenses", .kind = flag, .help = "a table of the components' licences, as SPDX expressions"},
                        {.name = "--output", .value_name = "FILE", .help = "write it there, whole or not at all"},
                        {.name = "--check", .kind = flag, .help = "compare upstream's versions with those of the lock FILE"},
                        {.name = "--strict", .kind = flag, .help = "with --check: the packages' versions and hashes as well"},
                        {.name = "FILE", .kind = positional, .help = "a lock file, with --check; else requirements.lock"}},
            .run = run_freeze_deps};
}

}  // namespace manage

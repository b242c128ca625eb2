#include "manage/lock_check.hpp"

#include <algorithm>

namespace manage {

namespace {

// Whether both hashes are of the same file: packages of one version differ between architectures.
bool is_comparable(const Requirement& locked, const Requirement& found) {
    return !locked.sha256.empty() && !found.sha256.empty() && locked.architecture == found.architecture;
}

bool is_same_package(const Requirement& locked, const Requirement& found) {
    return locked.package == found.package && locked.package_version == found.package_version &&
           (!is_comparable(locked, found) || locked.sha256 == found.sha256);
}

std::string change(const std::string& name, const std::string& before, const std::string& after) {
    return name + " " + before + " -> " + after;
}

std::string line(const Requirement& requirement, bool strict) {
    return strict ? long_line(requirement) : short_line(requirement);
}

std::string line(const Component& component, bool strict) {
    const std::string text = line(component.built, strict);
    return component.runs_otherwise() ? text + "  # running: " + component.running_version : text;
}

void compare(const Requirement& locked, const Component& component, bool strict, LockCheck& check) {
    const Requirement& found = component.built;
    const bool is_same = locked.version == found.version && !component.runs_otherwise();
    if (!is_same || (strict && !is_same_package(locked, found))) {
        check.differences.push_back({found.name, line(locked, strict), line(component, strict)});
    } else if (strict && !is_comparable(locked, found)) {
        check.unproven.push_back(found.package.empty() ? found.name : found.package);
    } else if (locked.package_version != found.package_version && !locked.package_version.empty()) {
        check.drift.push_back(change(found.package, locked.package_version, found.package_version));
    }
}

const Requirement* find(const std::vector<Requirement>& all, const std::string& name) {
    const auto found = std::ranges::find(all, name, &Requirement::name);
    return found == all.end() ? nullptr : &*found;
}

bool has(const std::vector<Component>& all, const std::string& name) {
    return std::ranges::any_of(all, [&](const Component& one) { return one.built.name == name; });
}

}  // namespace

LockCheck check_lock(const LockSection& locked, const Composition& found, bool strict) {
    LockCheck check{.compared = found.components.size(), .differences = {}, .drift = {}, .tools = {}, .unproven = {}};
    for (const Component& component : found.components) {
        if (const Requirement* requirement = find(locked.requirements, component.built.name)) {
            compare(*requirement, component, strict, check);
        } else {
            check.differences.push_back({component.built.name, {}, line(component, strict)});
        }
    }
    for (const Component& tool : found.tools) {
        const Requirement* requirement = find(locked.requirements, tool.built.name);
        if (requirement == nullptr || requirement->version == tool.built.version) continue;
        check.tools.push_back(change(tool.built.name, requirement->version, tool.built.version));
    }
    for (const Requirement& requirement : locked.requirements) {
        const bool is_known = has(found.components, requirement.name) || has(found.tools, requirement.name) ||
                              is_known_package(requirement.package);
        if (!is_known) check.differences.push_back({requirement.name, line(requirement, strict), {}});
    }
    std::ranges::stable_sort(check.differences, {}, &Difference::name);
    return check;
}

}  // namespace manage

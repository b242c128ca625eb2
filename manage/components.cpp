#include "manage/components.hpp"

#include <algorithm>

#include "app/base/embedded.hpp"
#include "app/base/libraries.hpp"
#include "app/base/text.hpp"
#include "app/db/libraries.hpp"
#include "app/mail/libraries.hpp"
#include "app/markup/libraries.hpp"
#include "app/web/libraries.hpp"

namespace manage::embedded {
std::span<const app::base::EmbeddedFile> files();  // made by add_components() in CMakeLists.txt
}

namespace manage {

namespace {

std::string_view embedded_file(std::string_view name) {
    return std::ranges::find(embedded::files(), name, &app::base::EmbeddedFile::name)->content;
}

std::vector<app::base::Library> all_libraries() {
    std::vector<app::base::Library> all = app::base::libraries();
    for (const auto& some : {app::db::libraries(), app::mail::libraries(), app::markup::libraries(), app::web::libraries()}) {
        all.insert(all.end(), some.begin(), some.end());
    }
    return all;
}

void add_licence(Component& component) {
    const auto found = std::ranges::find(licences(), component.built.name, &Licence::name);
    if (found == licences().end()) return;
    component.kind = found->kind;
    component.licence = found->expression;
    component.homepage = found->homepage;
}

}  // namespace

bool Component::runs_otherwise() const {
    return !running_version.empty() && running_version != (header_version.empty() ? built.version : header_version);
}

std::string_view name_of(Component::Kind kind) {
    switch (kind) {
        case Component::Kind::compiler: return "compiler";
        case Component::Kind::headers: return "headers";
        case Component::Kind::library: return "library";
        case Component::Kind::tool: return "tool";
    }
    return {};
}

Composition compose(const LockSection& installed, const std::vector<app::base::Library>& libraries) {
    Composition composition{.distribution = installed.distribution, .components = {}, .tools = {}};
    std::vector<Component> all;
    all.reserve(installed.requirements.size());
    for (const Requirement& requirement : installed.requirements) all.push_back({.built = requirement});
    for (const app::base::Library& library : libraries) {
        auto found = std::ranges::find(all, library.name, [](const Component& one) { return one.built.name; });
        if (found == all.end()) {  // no package tells: not Debian
            const std::string& version = library.built.empty() ? library.running : library.built;
            found = all.insert(all.end(), {.built = {.name = library.name, .version = version}});
        }
        found->header_version = library.built;
        found->running_version = library.running;
    }
    std::ranges::sort(all, {}, [](const Component& one) { return one.built.name; });
    for (Component& component : all) {
        add_licence(component);
        (component.kind == Component::Kind::tool ? composition.tools : composition.components).push_back(std::move(component));
    }
    return composition;
}

Composition composition() {
    return compose(parse_lock(embedded_file("components.lock"), "components.lock").front(), all_libraries());
}

bool is_known_package(std::string_view package) {
    if (package.empty()) return false;
    for (const std::string_view line : app::base::split(embedded_file("packages.txt"), '\n')) {
        if (line.starts_with('#')) continue;
        for (const std::string_view name : app::base::split(line, '|')) {
            if (app::base::trim(name) == package) return true;
        }
    }
    return false;
}

}  // namespace manage

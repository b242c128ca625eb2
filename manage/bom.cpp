#include "manage/bom.hpp"

#include <algorithm>

#include "app/api/build_id.hpp"
#include "app/base/secret.hpp"
#include "app/base/text.hpp"
#include "app/web/json.hpp"

namespace manage {

namespace {

using app::web::Value;

constexpr int bom_indent = 2;
constexpr const char* product_version = DEWAR_VERSION;
constexpr const char* product_licence = "MIT";
constexpr const char* generator = "manage freeze-deps";

// The formats want whole seconds.
std::string seconds(app::base::Timestamp time) { return app::base::rfc3339(time).substr(0, 19) + "Z"; }

// A UUID (RFC 9562, version 8) of all that the document says: two are the same only if they say the same.
std::string unique_id(const Composition& composition, app::base::Timestamp created) {
    std::string all = product_version + std::string(app::api::build_id()) + seconds(created) + composition.distribution;
    for (const Component& component : composition.components)
        all += long_line(component.built) + component.running_version + "\n";
    std::string digits = app::base::sha256_hex(all).substr(0, 32);
    digits[12] = '8';
    digits[16] = 'a';
    for (const std::size_t place : {8u, 13u, 18u, 23u}) digits.insert(place, "-");
    return digits;
}

std::string document(Value::Object members) { return app::web::to_json(std::move(members), bom_indent) + "\n"; }

Value cyclonedx_licences(std::string_view expression) { return Value::List{Value::Object{{"expression", expression}}}; }

Value property(const char* name, std::string_view value) { return Value::Object{{"name", name}, {"value", value}}; }

Value cyclonedx_component(const Component& component, const std::string& distribution) {
    const std::string url = package_url(component.built, distribution);
    Value::List properties{property("dewar:kind", name_of(component.kind))};
    if (!component.built.package_version.empty()) {
        properties.push_back(property("dewar:package", component.built.package + " " + component.built.package_version));
    }
    if (!component.running_version.empty()) properties.push_back(property("dewar:running", component.running_version));
    Value::Object members{{"bom-ref", url},
                          {"name", component.built.name},
                          {"properties", std::move(properties)},
                          {"purl", url},
                          {"scope", "required"},
                          {"type", component.kind == Component::Kind::compiler ? "application" : "library"},
                          {"version", component.built.version}};
    if (!component.built.sha256.empty()) {
        members["hashes"] = Value::List{Value::Object{{"alg", "SHA-256"}, {"content", component.built.sha256}}};
    }
    if (!component.licence.empty()) members["licenses"] = cyclonedx_licences(component.licence);
    if (!component.homepage.empty()) {
        members["externalReferences"] = Value::List{Value::Object{{"type", "website"}, {"url", component.homepage}}};
    }
    return members;
}

// Letters, digits, '.' and '-' are all that may stand there.
std::string spdx_id(std::string name) {
    std::ranges::replace_if(name, [](char c) { return std::string_view("+_~:").find(c) != std::string_view::npos; }, '-');
    return "SPDXRef-Package-" + name;
}

Value::Object spdx_package(const std::string& name, const std::string& its_version, std::string_view licence) {
    const std::string expression(licence.empty() ? "NOASSERTION" : licence);
    return {{"SPDXID", spdx_id(name)},
            {"copyrightText", "NOASSERTION"},
            {"downloadLocation", "NOASSERTION"},
            {"filesAnalyzed", false},
            {"licenseConcluded", expression},
            {"licenseDeclared", expression},
            {"name", name},
            {"versionInfo", its_version}};
}

Value spdx_component(const Component& component, const std::string& distribution) {
    Value::Object members = spdx_package(component.built.name, component.built.version, component.licence);
    members["externalRefs"] = Value::List{Value::Object{{"referenceCategory", "PACKAGE-MANAGER"},
                                                        {"referenceLocator", package_url(component.built, distribution)},
                                                        {"referenceType", "purl"}}};
    members["primaryPackagePurpose"] = component.kind == Component::Kind::compiler ? "APPLICATION" : "LIBRARY";
    if (!component.homepage.empty()) members["homepage"] = component.homepage;
    if (!component.built.sha256.empty()) {
        members["checksums"] = Value::List{Value::Object{{"algorithm", "SHA256"}, {"checksumValue", component.built.sha256}}};
    }
    if (component.runs_otherwise()) members["comment"] = "running: " + component.running_version;
    return members;
}

Value relationship(const std::string& from, const char* type, const std::string& to) {
    return Value::Object{{"relatedSpdxElement", to}, {"relationshipType", type}, {"spdxElementId", from}};
}

}  // namespace

std::string cyclonedx(const Composition& composition, app::base::Timestamp created) {
    const std::string product = std::string("pkg:generic/dewar@") + product_version;
    Value::List components, needed, dependencies;
    for (const Component& component : composition.components) {
        components.push_back(cyclonedx_component(component, composition.distribution));
        const std::string url = package_url(component.built, composition.distribution);
        needed.emplace_back(url);
        dependencies.emplace_back(Value::Object{{"ref", url}});
    }
    dependencies.emplace_back(Value::Object{{"dependsOn", std::move(needed)}, {"ref", product}});
    Value::Object tools{
        {"components", Value::List{Value::Object{{"name", generator}, {"type", "application"}, {"version", product_version}}}}};
    Value::Object itself{{"bom-ref", product},    {"licenses", cyclonedx_licences(product_licence)},
                         {"name", "dewar"},       {"purl", product},
                         {"type", "application"}, {"version", product_version}};
    return document(
        {{"$schema", "http://cyclonedx.org/schema/bom-1.5.schema.json"},
         {"bomFormat", "CycloneDX"},
         {"components", std::move(components)},
         {"dependencies", std::move(dependencies)},
         {"metadata",
          Value::Object{{"component", std::move(itself)}, {"timestamp", seconds(created)}, {"tools", std::move(tools)}}},
         {"serialNumber", "urn:uuid:" + unique_id(composition, created)},
         {"specVersion", "1.5"},
         {"version", 1}});
}

std::string spdx(const Composition& composition, app::base::Timestamp created) {
    const std::string root = "SPDXRef-DOCUMENT", product = spdx_id("dewar"), title = std::string("dewar-") + product_version;
    Value::Object itself = spdx_package("dewar", product_version, product_licence);
    itself["primaryPackagePurpose"] = "APPLICATION";
    Value::List packages{std::move(itself)}, relationships{relationship(root, "DESCRIBES", product)};
    for (const Component& component : composition.components) {
        packages.push_back(spdx_component(component, composition.distribution));
        const std::string id = spdx_id(component.built.name);
        const bool is_compiler = component.kind == Component::Kind::compiler;
        relationships.push_back(is_compiler ? relationship(id, "BUILD_TOOL_OF", product)
                                            : relationship(product, "DEPENDS_ON", id));
    }
    return document(
        {{"SPDXID", root},
         {"creationInfo", Value::Object{{"created", seconds(created)},
                                        {"creators", Value::List{std::string("Tool: ") + generator + "-" + product_version}}}},
         {"dataLicense", "CC0-1.0"},
         {"documentNamespace", "https://spdx.org/spdxdocs/" + title + "-" + unique_id(composition, created)},
         {"name", title},
         {"packages", std::move(packages)},
         {"relationships", std::move(relationships)},
         {"spdxVersion", "SPDX-2.3"}});
}

std::string package_url(const Requirement& requirement, const std::string& distribution) {
    // A colon stays as it is everywhere.
    const auto encoded = [](const std::string& text) {
        std::string all;
        for (const std::string_view part : app::base::split(text, ':'))
            all += (all.empty() ? "" : ":") + app::base::percent_encode(part);
        return all;
    };
    if (requirement.package.empty()) return "pkg:generic/" + encoded(requirement.name) + "@" + encoded(requirement.version);
    return "pkg:deb/" + distribution.substr(0, distribution.rfind('-')) + "/" + encoded(requirement.package) + "@" +
           encoded(requirement.package_version) + "?arch=" + requirement.architecture + "&distro=" + encoded(distribution);
}

}  // namespace manage

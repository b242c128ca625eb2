#include "config/toml.hpp"

#include <toml++/toml.h>

#include <algorithm>

#include "config/refuse.hpp"

namespace config {

namespace {

std::string_view name_of(toml::node_type type) {
    switch (type) {
        case toml::node_type::table: return "a table";
        case toml::node_type::array: return "an array";
        case toml::node_type::floating_point: return "a number with a fraction";
        default: return "a date or a time";
    }
}

// What a node that is no table with members holds.
std::variant<Value, OtherType> value_of(const toml::node& node) {
    if (const auto* truth = node.as_boolean()) return Value(truth->get());
    if (const auto* number = node.as_integer()) return Value(number->get());
    if (const auto* text = node.as_string()) return Value(text->get());
    return OtherType{name_of(node.type())};
}

void flatten(const toml::table& table, const std::string& prefix, std::vector<TomlEntry>& entries) {
    for (const auto& [key, node] : table) {
        const std::string name = prefix + std::string(key.str());
        const toml::table* inner = node.as_table();
        if (inner != nullptr && !inner->empty()) {
            flatten(*inner, name + ".", entries);
        } else {
            entries.push_back({name, value_of(node), static_cast<int>(key.source().begin.line)});
        }
    }
}

}  // namespace

std::vector<TomlEntry> parse_toml(std::string_view text, std::string_view path) {
    try {
        std::vector<TomlEntry> entries;
        flatten(toml::parse(text), "", entries);
        std::ranges::stable_sort(entries, {}, &TomlEntry::line);
        return entries;
    } catch (const toml::parse_error& error) {
        // toml++ quotes what it stumbled over, which may be part of a secret: only the place is passed on.
        const toml::source_position place = error.source().begin;
        refuse(std::string(path) + ":" + std::to_string(place.line),
               "this is not TOML (column " + std::to_string(place.column) +
                   "): a line is key = value, texts stand in double quotes, and no key comes twice");
    }
}

}  // namespace config

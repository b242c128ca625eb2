// A tree of values: what a JSON document was parsed into, and what a template is filled from. Answers are not built of these:
// they are written straight into their text, see json.hpp.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace app::web {

class Value {
   public:
    using List = std::vector<Value>;
    using Object = std::map<std::string, Value, std::less<>>;

    Value() = default;
    Value(std::nullptr_t) {}
    Value(bool value) : data_(value) {}
    Value(std::int64_t value) : data_(value) {}
    Value(int value) : data_(std::int64_t{value}) {}
    Value(double value) : data_(value) {}
    Value(std::string value) : data_(std::move(value)) {}
    Value(std::string_view value) : data_(std::string(value)) {}
    Value(const char* value) : data_(std::string(value)) {}
    Value(List value) : data_(std::move(value)) {}
    Value(Object value) : data_(std::move(value)) {}

    bool is_null() const { return std::holds_alternative<std::nullptr_t>(data_); }

    // Pointers to what is inside, or null when it is of another kind.
    const bool* boolean() const { return std::get_if<bool>(&data_); }
    const std::int64_t* integer() const { return std::get_if<std::int64_t>(&data_); }
    const double* real() const { return std::get_if<double>(&data_); }
    const std::string* string() const { return std::get_if<std::string>(&data_); }
    const List* list() const { return std::get_if<List>(&data_); }
    const Object* object() const { return std::get_if<Object>(&data_); }
    List* list() { return std::get_if<List>(&data_); }
    Object* object() { return std::get_if<Object>(&data_); }

    // The member of that name; null when this is no object or has none.
    const Value* find(std::string_view name) const {
        const Object* members = object();
        if (!members) return nullptr;
        const auto found = members->find(name);
        return found == members->end() ? nullptr : &found->second;
    }

    // What that member is; null when there is none or it is of another kind.
    const bool* find_boolean(std::string_view name) const { return find_as<bool>(name); }
    const std::int64_t* find_integer(std::string_view name) const { return find_as<std::int64_t>(name); }
    const std::string* find_string(std::string_view name) const { return find_as<std::string>(name); }
    const List* find_list(std::string_view name) const { return find_as<List>(name); }

    bool operator==(const Value&) const = default;

   private:
    template <class Kind>
    const Kind* find_as(std::string_view name) const {
        const Value* member = find(name);
        return member ? std::get_if<Kind>(&member->data_) : nullptr;
    }

    std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, List, Object> data_;
};

}  // namespace app::web

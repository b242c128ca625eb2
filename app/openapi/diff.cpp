#include "app/openapi/diff.hpp"

#include <algorithm>
#include <set>

#include "app/openapi/schema_diff.hpp"
#include "app/web/json.hpp"

namespace app::openapi {
namespace {

using web::Value;

const Value::Object none;

const Value::Object& members(const Value* value) {
    const auto* object = value ? value->object() : nullptr;
    return object ? *object : none;
}

bool is_true(const Value& object, std::string_view name) {
    const bool* flag = object.find_boolean(name);
    return flag && *flag;
}

std::string upper_case(std::string method) {
    for (char& c : method) c = static_cast<char>(c - 'a' + 'A');
    return method;
}

// Finds what would break.
class Comparison {
   public:
    Comparison(const Value& before, const Value& after) : before_(before), after_(after), schemas_(before, after, changes_) {}

    std::vector<Change> run() && {
        const auto& paths = members(after_.find("paths"));
        for (const auto& [path, operations] : members(before_.find("paths"))) {
            const auto found = paths.find(path);
            if (found == paths.end()) {
                report(path, "the path is gone");
                continue;
            }
            for (const auto& [method, operation] : members(&operations)) {
                const std::string where = upper_case(method) + " " + path;
                if (const Value* now = found->second.find(method)) {
                    compare_operations(where, operation, *now);
                } else {
                    report(where, "the method is gone");
                }
            }
        }
        return std::move(changes_);
    }

   private:
    void report(const std::string& where, std::string what) { changes_.push_back({where, std::move(what)}); }

    void compare_operations(const std::string& where, const Value& before, const Value& after) {
        compare_parameters(where, before, after);
        compare_requests(where, before.find("requestBody"), after.find("requestBody"));
        compare_responses(where, before, after);
        compare_security(where, before, after);
    }

    // Parameters are told apart by place and name.
    static const Value* find_parameter(const Value& operation, const Value& like) {
        const Value::List* all = operation.find_list("parameters");
        if (!all) return nullptr;
        const auto found = std::ranges::find_if(*all, [&](const Value& parameter) {
            return *parameter.find("name") == *like.find("name") && *parameter.find("in") == *like.find("in");
        });
        return found == all->end() ? nullptr : &*found;
    }

    void compare_parameters(const std::string& where, const Value& before, const Value& after) {
        const auto name_of = [](const Value& parameter) {
            return "the " + *parameter.find_string("in") + " parameter " + *parameter.find_string("name");
        };
        const auto each = [](const Value& operation, auto act) {
            if (const Value::List* all = operation.find_list("parameters")) std::ranges::for_each(*all, act);
        };
        each(before, [&](const Value& parameter) {
            const Value* now = find_parameter(after, parameter);
            if (!now) return report(where, name_of(parameter) + " is gone");
            schemas_.compare(where + ", " + name_of(parameter), *parameter.find("schema"), *now->find("schema"),
                             Direction::request);
        });
        each(after, [&](const Value& parameter) {
            const Value* was = find_parameter(before, parameter);
            if (is_true(parameter, "required") && !(was && is_true(*was, "required"))) {
                report(where, name_of(parameter) + " is required now");
            }
        });
    }

    void compare_requests(const std::string& where, const Value* before, const Value* after) {
        if (before && !after) return report(where, "the request body is gone");
        if (!after) return;
        if (is_true(*after, "required") && !(before && is_true(*before, "required")))
            report(where, "a request body is required now");
        if (before) compare_contents(where + ", request", *before, *after, Direction::request);
    }

    void compare_contents(const std::string& where, const Value& before, const Value& after, Direction direction) {
        const auto& now = members(after.find("content"));
        for (const auto& [media_type, content] : members(before.find("content"))) {
            if (const auto found = now.find(media_type); found != now.end()) {
                schemas_.compare(where, *content.find("schema"), *found->second.find("schema"), direction);
            } else {
                report(where, "the media type " + media_type + " is gone");
            }
        }
    }

    void compare_responses(const std::string& where, const Value& before, const Value& after) {
        const auto& now = members(after.find("responses"));
        for (const auto& [status, response] : members(before.find("responses"))) {
            const auto found = now.find(status);
            if (found == now.end()) {
                if (status.starts_with('2')) report(where, "the success status " + status + " is gone");
                continue;
            }
            const Value* target = find_target(before_, response);
            const Value* target_now = find_target(after_, found->second);
            std::string place = where;
            place.append(", answer ").append(status);
            if (target && target_now) {  // shared by operations: told of once
                place = "every answer " + status;
                if (!told_.insert(place).second) continue;
            }
            compare_response(place, target ? *target : response, target_now ? *target_now : found->second);
        }
    }

    void compare_response(const std::string& place, const Value& before, const Value& after) {
        compare_contents(place, before, after, Direction::response);
        for (const auto& [name, header] : members(before.find("headers"))) {
            const Value* headers = after.find("headers");
            if (!headers || !headers->find(name)) report(place, "the header " + name + " is gone");
        }
    }

    static std::set<std::string> schemes(const Value& operation) {
        std::set<std::string> names;
        if (const Value::List* all = operation.find_list("security")) {
            for (const Value& one : *all) {
                for (const auto& [name, scopes] : members(&one)) names.insert(name);
            }
        }
        return names;
    }

    void compare_security(const std::string& where, const Value& before, const Value& after) {
        const auto were = schemes(before), are = schemes(after);
        if (were.empty() && !are.empty()) report(where, "credentials are needed now");
        for (const std::string& scheme : were) {
            if (!are.empty() && !are.contains(scheme)) report(where, "credentials by " + scheme + " are no longer taken");
        }
        const Value* was = before.find("x-permission");
        const Value* is = after.find("x-permission");
        if (is && (!was || *was != *is)) report(where, "the permission " + *is->string() + " is needed now");
    }

    const Value& before_;
    const Value& after_;
    std::vector<Change> changes_;
    SchemaComparison schemas_;
    std::set<std::string> told_;
};

std::string escaped(std::string_view name) {  // RFC 6901
    std::string text;
    for (const char c : name) {
        if (c == '~')
            text += "~0";
        else if (c == '/')
            text += "~1";
        else
            text += c;
    }
    return text;
}

void find_differences(const std::string& pointer, const Value& before, const Value& after, std::vector<Change>& found) {
    if (before == after) return;
    if (before.object() && after.object()) {
        for (const auto& [name, value] : *before.object()) {
            const std::string place = pointer + "/" + escaped(name);
            if (const Value* now = after.find(name)) {
                find_differences(place, value, *now, found);
            } else {
                found.push_back({place, "is gone"});
            }
        }
        for (const auto& [name, value] : *after.object()) {
            if (!before.find(name)) found.push_back({pointer + "/" + escaped(name), "is new"});
        }
    } else if (before.list() && after.list() && before.list()->size() == after.list()->size()) {
        for (std::size_t i = 0; i < before.list()->size(); ++i) {
            find_differences(pointer + "/" + std::to_string(i), (*before.list())[i], (*after.list())[i], found);
        }
    } else {
        found.push_back({pointer, "was " + web::to_json(before) + " and is " + web::to_json(after)});
    }
}

}  // namespace

std::vector<Change> breaking_changes(const Value& before, const Value& after) { return Comparison(before, after).run(); }

std::vector<Change> differences(const Value& before, const Value& after) {
    Value::Object was = members(&before), is = members(&after);
    was.erase("servers");
    is.erase("servers");
    std::vector<Change> found;
    find_differences("", was, is, found);
    return found;
}

}  // namespace app::openapi

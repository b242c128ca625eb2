#include "app/openapi/document.hpp"

#include <algorithm>

#include "app/base/error.hpp"
#include "app/base/text.hpp"
#include "app/web/status.hpp"

namespace app::openapi {
namespace {

using web::Value;
using Object = Value::Object;
using List = Value::List;

[[noreturn]] void refuse(const std::string& message) { throw base::Error(base::Code::internal, message); }

std::string phrase(int status) { return std::string(web::reason_phrase(status)); }

// "/posts/<int:id>" as "/posts/{id}".
std::string path_template(const web::Pattern& pattern) {
    std::string path;
    for (const web::Segment& segment : pattern) {
        path += '/';
        path += segment.is_variable() ? "{" + std::string(segment.text) + "}" : std::string(segment.text);
    }
    return pattern.trailing_slash ? path + "/" : path;
}

// "NotFound"
std::string component_name(int status) {
    std::string name = phrase(status);
    std::erase_if(name, [](char c) { return c == ' ' || c == '-'; });
    return name;
}

Object header(const Header& header) {
    Object object{{"description", header.description}, {"schema", header.schema.keywords()}};
    if (header.required) object["required"] = true;
    return object;
}

Object content(const std::vector<std::string>& media_types, const Schema& schema) {
    Object object;
    for (const std::string& type : media_types) object[type] = Object{{"schema", schema.keywords()}};
    return object;
}

Header etag() { return {"ETag", "Names this state of the representation (RFC 9110, section 8.8.3)", string(), true}; }
Header if_none_match() {
    return {"If-None-Match", "Entity tags that the client has: if one fits, the answer is 304 without a body"};
}
Header if_match() {
    return {"If-Match", "Entity tags of the state that is meant: if none fits, nothing is changed and the answer is 412"};
}

bool answers_304(const web::Rule& rule, const Operation& operation) {
    return operation.has_etag && rule.methods.contains(web::GET);
}

// Makes one document. The components are filled while the paths are written.
class Writer {
   public:
    Writer(const web::Site& site, const web::RegisteredBlueprint& blueprint)
        : site_(site), prefix_(blueprint.url_prefix), api_(api_of(blueprint)) {
        merge(schemas_, api_.error.components());
    }

    Value write() {
        Object paths = write_paths();
        Object components{{"responses", std::move(responses_)},
                          {"schemas", Object(schemas_.begin(), schemas_.end())},
                          {"securitySchemes", security_schemes()}};
        return Object{{"openapi", "3.1.0"},
                      {"info", Object{{"title", api_.title}, {"version", api_.version}, {"description", api_.description}}},
                      {"servers", List{Object{{"url", site_.public_url() + prefix_}}}},
                      {"tags", tags()},
                      {"paths", std::move(paths)},
                      {"components", std::move(components)}};
    }

   private:
    Object write_paths() {
        Object paths;
        for (const web::Rule& rule : site_.rules()) {
            const std::string text = rule.text();
            if (!text.starts_with(prefix_ + "/")) continue;
            const auto* operation = std::any_cast<Operation>(&rule.description);
            if (!operation)
                refuse(rule.endpoint + " (" + text + ") is not described: give `on` or `replace` its openapi::Operation");
            const std::string method = method_of(rule);
            Object& path = *paths.try_emplace(path_below_prefix(rule), Object{}).first->second.object();
            try {
                path[method] = write_operation(rule, *operation);
            } catch (const base::Error& error) {
                refuse(rule.endpoint + ": " + error.message());
            }
        }
        return paths;
    }

    std::string path_below_prefix(const web::Rule& rule) const {
        return rule.blueprint->url_prefix.substr(prefix_.size()) + path_template(*rule.route->pattern);
    }

    static std::string method_of(const web::Rule& rule) {
        const std::string method = web::to_string(rule.route->methods);
        if (method.find(',') != std::string::npos) refuse(rule.endpoint + " has several methods; an API's route has one");
        return base::to_lower_ascii(method);
    }

    Object write_operation(const web::Rule& rule, const Operation& operation) {
        if (!api_.tags.contains(operation.tag)) refuse("the tag \"" + operation.tag + "\" is not one of its API's");
        Object object{{"operationId", rule.route->endpoint},
                      {"summary", operation.summary},
                      {"tags", List{operation.tag}},
                      {"security", security(operation)},
                      {"responses", write_responses(rule, operation)}};
        if (!operation.description.empty()) object["description"] = operation.description;
        if (!operation.permission.empty()) object["x-permission"] = operation.permission;
        if (operation.deprecated) object["deprecated"] = true;
        if (List parameters = write_parameters(rule, operation); !parameters.empty())
            object["parameters"] = std::move(parameters);
        if (operation.request) object["requestBody"] = write_request(*operation.request);
        return object;
    }

    const Parameter& parameter(const Operation& operation, std::string_view name) const {
        for (const Parameters* known : {&operation.parameters, &api_.parameters}) {
            if (const auto found = known->find(name); found != known->end()) return found->second;
        }
        refuse("nothing is said about the parameter " + std::string(name));
    }

    List write_parameters(const web::Rule& rule, const Operation& operation) {
        List list;
        const auto add = [&](std::string_view name, std::string_view in, const std::string& description, const Schema& schema,
                             bool required) {
            merge(schemas_, schema.components());
            Object object{{"name", name}, {"in", in}, {"description", description}, {"schema", schema.keywords()}};
            if (required) object["required"] = true;
            list.emplace_back(std::move(object));
        };
        for (const web::Segment& segment : *rule.route->pattern) {
            if (!segment.is_variable()) continue;
            const Parameter& known = parameter(operation, segment.text);
            add(segment.text, "path", known.description, known.schema, true);
        }
        for (const std::string_view name : rule.route->query_names) {
            const Parameter& known = parameter(operation, name);
            add(name, "query", known.description, known.schema, false);
        }
        std::vector<Header> headers = operation.request_headers;
        if (answers_304(rule, operation)) headers.push_back(if_none_match());
        if (operation.obeys_if_match) headers.push_back(if_match());
        for (const Header& header : headers) add(header.name, "header", header.description, header.schema, header.required);
        return list;
    }

    Object write_request(const Request& request) {
        merge(schemas_, request.schema.components());
        const auto& media_types = request.media_types.empty() ? api_.request_media_types : request.media_types;
        Object object{{"required", true}, {"content", content(media_types, request.schema)}};
        if (!request.description.empty()) object["description"] = request.description;
        return object;
    }

    Object write_responses(const web::Rule& rule, const Operation& operation) {
        Object responses;
        responses[std::to_string(operation.success.status)] = write_success(operation);
        if (answers_304(rule, operation)) {
            responses["304"] = Object{{"description", phrase(304)}, {"headers", Object{{"ETag", header(etag())}}}};
        }
        for (const Failure& failure : common_failures(rule, operation)) {
            responses[std::to_string(failure.status)] = shared(component_name(failure.status), error_response(failure));
        }
        for (const Failure& failure : operation.errors) {  // what says nothing of its own is shared too
            responses[std::to_string(failure.status)] = failure.description.empty()
                                                            ? shared(component_name(failure.status), error_response(failure))
                                                            : error_response(failure);
        }
        responses["default"] = shared("OtherError", error_response({0, "Any other error"}));
        return responses;
    }

    Object write_success(const Operation& operation) {
        const Success& success = operation.success;
        Object object{{"description", success.description.empty() ? phrase(success.status) : success.description}};
        if (success.schema) {
            merge(schemas_, success.schema->components());
            const auto& media_types = success.media_types.empty() ? api_.response_media_types : success.media_types;
            object["content"] = content(media_types, *success.schema);
        }
        Object headers;
        for (const Header& one : success.headers) headers[one.name] = header(one);
        if (operation.has_etag) headers["ETag"] = header(etag());
        if (!headers.empty()) object["headers"] = std::move(headers);
        return object;
    }

    Failures common_failures(const web::Rule& rule, const Operation& operation) const {
        Failures all;
        const auto append = [&](const Failures& more) { all.insert(all.end(), more.begin(), more.end()); };
        if (operation.credentials != Credentials::none) append(api_.common_errors.account);
        if (rule.route->pattern->variable_count > 0) append(api_.common_errors.variables);
        if (operation.request) append(api_.common_errors.request_body);
        if (operation.obeys_if_match) all.emplace_back(412);
        return all;
    }

    Object error_response(const Failure& failure) const {
        Object response{{"description", failure.description.empty() ? phrase(failure.status) : failure.description},
                        {"content", content(api_.error_media_types, api_.error)}};
        if (const auto headers = api_.error_headers.find(failure.status); headers != api_.error_headers.end()) {
            Object object;
            for (const Header& one : headers->second) object[one.name] = header(one);
            response["headers"] = std::move(object);
        }
        return response;
    }

    // A reference to the component of that name; the response itself where another one has the name.
    Object shared(const std::string& name, Object response) {
        if (responses_.try_emplace(name, response).first->second != Value{response}) return response;
        return Object{{"$ref", "#/components/responses/" + name}};
    }

    List security(const Operation& operation) const {
        List list;
        if (operation.credentials == Credentials::none) return list;
        for (const SecurityScheme& scheme : api_.security) {
            if (operation.credentials == Credentials::account || scheme.takes_password) {
                list.emplace_back(Object{{scheme.name, List{}}});
            }
        }
        return list;
    }

    Object security_schemes() const {
        Object object;
        for (const SecurityScheme& scheme : api_.security) {
            object[scheme.name] = Object{{"type", "http"}, {"scheme", scheme.scheme}, {"description", scheme.description}};
        }
        return object;
    }

    List tags() const {
        List list;
        for (const auto& [name, description] : api_.tags) {
            list.emplace_back(Object{{"name", name}, {"description", description}});
        }
        return list;
    }

    const web::Site& site_;
    const std::string& prefix_;
    const Api& api_;
    Schema::Components schemas_;
    Object responses_;
};

}  // namespace

std::vector<const web::RegisteredBlueprint*> find_apis(const web::Site& site) {
    std::vector<const web::RegisteredBlueprint*> apis;
    for (const web::RegisteredBlueprint& blueprint : site.blueprints()) {
        if (std::any_cast<Api>(&blueprint.description)) apis.push_back(&blueprint);
    }
    return apis;
}

const Api& api_of(const web::RegisteredBlueprint& blueprint) {
    const auto* api = std::any_cast<Api>(&blueprint.description);
    if (!api) refuse("the blueprint " + blueprint.name + " is not described as an API");
    return *api;
}

Value document(const web::Site& site, const web::RegisteredBlueprint& blueprint) { return Writer(site, blueprint).write(); }

}  // namespace app::openapi

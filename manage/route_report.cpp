#include "manage/route_report.hpp"

#include <algorithm>

#include "app/base/text.hpp"
#include "app/web/json.hpp"
#include "manage/command.hpp"
#include "manage/table.hpp"

namespace manage {

namespace {

using app::web::Argument;
using app::web::Converter;
using app::web::Explanation;
using app::web::Value;

std::string upper(std::string_view text) {
    std::string upper(text);
    std::ranges::transform(upper, upper.begin(),
                           [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return upper;
}

std::string_view name_of(Converter converter) {
    switch (converter) {
        case Converter::literal: return "literal";
        case Converter::string: return "string";
        case Converter::integer: return "int";
        case Converter::path: return "path";
    }
    return {};
}

std::string join_or_none(const std::vector<std::string>& words) { return words.empty() ? "none" : app::base::join(words); }

std::string arguments(const Explanation& explanation) {
    std::vector<std::string> words;
    words.reserve(explanation.arguments.size());
    for (const Argument& argument : explanation.arguments) {
        words.push_back(argument.name + " = " + argument.value + " (" + std::string(name_of(argument.converter)) + ")");
    }
    return join_or_none(words);
}

std::string answer(const Explanation& explanation) {
    switch (explanation.status.value_or(0)) {
        case 0: return "what the endpoint says";
        case 204: return "204, with Allow: " + app::web::to_string(explanation.allowed);
        case 308: return "308 to " + explanation.location;
        case 400: return "400: " + explanation.reason;
        case 405: return "405 method not allowed; Allow: " + app::web::to_string(explanation.allowed);
        default: return "404 not found: no rule has this path";
    }
}

Value text_or_null(const std::string& text) { return text.empty() ? Value() : Value(text); }

Value list(const std::vector<std::string>& texts) { return Value::List(texts.begin(), texts.end()); }

Value allowed(const Explanation& explanation) {
    if (explanation.allowed.empty()) return {};
    Value::List methods;
    const std::string text = app::web::to_string(explanation.allowed);
    for (const std::string_view method : app::base::split(text, ',')) methods.emplace_back(app::base::trim(method));
    return methods;
}

}  // namespace

MeantRequest::MeantRequest(std::string_view with_method, std::string_view url) : method(upper(with_method)) {
    const std::string_view given = url;
    if (const auto scheme = url.find("://");
        scheme != std::string_view::npos && url.substr(0, scheme).find('/') == std::string_view::npos) {
        const auto path = url.find_first_of("/?#", scheme + 3);
        url = path == std::string_view::npos ? std::string_view("/") : url.substr(path);
        if (!url.starts_with('/')) target = "/";  // http://host?query
    } else if (!url.starts_with('/')) {
        throw UsageError("routes: a URL begins with / or http://, not as " + std::string(given));
    }
    target += url.substr(0, url.find('#'));  // a client keeps the fragment
}

std::string as_text(const MeantRequest& request, const Explanation& explanation) {
    std::vector<std::vector<std::string>> rows{{"request", request.method + " " + request.target}};
    if (explanation.rule != nullptr) {
        rows.push_back({"rule", explanation.rule->text() + " (" + app::web::to_string(explanation.rule->methods) + ")"});
    }
    rows.push_back({"blueprint", explanation.blueprint == nullptr ? "none" : explanation.blueprint->name});
    if (explanation.rule != nullptr) {
        rows.push_back({"endpoint", explanation.rule->endpoint});
        rows.push_back({"arguments", arguments(explanation)});
    }
    rows.push_back({"answer", answer(explanation)});
    rows.push_back({"before_request", join_or_none(explanation.before)});
    rows.push_back({"after_request", join_or_none(explanation.after)});
    rows.push_back({"teardown_request", join_or_none(explanation.teardown)});
    return aligned(rows);
}

std::string as_json(const MeantRequest& request, const Explanation& explanation) {
    Value::List arguments;
    for (const Argument& argument : explanation.arguments) {
        const Value value =
            argument.converter == Converter::integer ? Value(*app::base::parse_integer(argument.value)) : Value(argument.value);
        arguments.emplace_back(
            Value::Object{{"converter", name_of(argument.converter)}, {"name", argument.name}, {"value", value}});
    }
    const Value::Object all{{"after_request", list(explanation.after)},
                            {"allow", allowed(explanation)},
                            {"arguments", std::move(arguments)},
                            {"before_request", list(explanation.before)},
                            {"blueprint", explanation.blueprint == nullptr ? Value() : Value(explanation.blueprint->name)},
                            {"endpoint", explanation.rule == nullptr ? Value() : Value(explanation.rule->endpoint)},
                            {"location", text_or_null(explanation.location)},
                            {"method", request.method},
                            {"reason", text_or_null(explanation.reason)},
                            {"rule", explanation.rule == nullptr ? Value() : Value(explanation.rule->text())},
                            {"status", explanation.status ? Value(*explanation.status) : Value()},
                            {"target", request.target},
                            {"teardown_request", list(explanation.teardown)}};
    return app::web::to_json(all) + "\n";
}

}  // namespace manage

#include "app/web/explain.hpp"

#include <ranges>

#include "app/web/target.hpp"

namespace app::web {

namespace {

std::vector<Argument> arguments_of(const Match& match) {
    std::vector<Argument> arguments;
    const Pattern& pattern = *match.rule->route->pattern;
    for (std::size_t i = 0; i < pattern.variable_count; ++i) {
        const Segment& variable = pattern.variable(i);
        const Capture& capture = match.captures[i];
        const bool is_number = variable.converter == Converter::integer;
        arguments.push_back(
            {std::string(variable.text), variable.converter, is_number ? std::to_string(capture.integer) : capture.text});
    }
    return arguments;
}

template <class Hook>
void append_reversed(std::vector<std::string>& names, const std::vector<Named<Hook>>& hooks) {
    for (const auto& hook : hooks | std::views::reverse) names.push_back(hook.name);
}

// Without a rule they are the application's alone.
void add_hooks(Explanation& explanation, const Site& site, bool before) {
    const auto innermost_first = site.levels(explanation.rule ? explanation.rule->blueprint : nullptr);
    for (const Hooks* hooks : innermost_first | std::views::reverse) {
        if (!before) break;
        for (const auto& hook : hooks->before) explanation.before.push_back(hook.name);
    }
    for (const Hooks* hooks : innermost_first) {
        append_reversed(explanation.after, hooks->after);
        append_reversed(explanation.teardown, hooks->teardown);
    }
}

}  // namespace

Explanation explain(const Site& site, const Request& request) {
    Explanation explanation;
    try {
        check_target(request);
    } catch (const base::Error& error) {
        explanation.status = 400;
        explanation.reason = error.message();
        explanation.blueprint = site.owner_of(request.path());
        add_hooks(explanation, site, false);
        return explanation;
    }
    const Match match = find_match(site.router(), request);
    explanation.blueprint = match.rule ? match.rule->blueprint : site.owner_of(request.path());
    switch (match.kind) {
        case Match::Kind::found:
            explanation.rule = match.rule;
            explanation.arguments = arguments_of(match);
            break;
        case Match::Kind::redirect:
            explanation.status = 308;
            explanation.location = with_slash(request);
            break;
        case Match::Kind::method_not_allowed:
            explanation.status = request.method == "OPTIONS" ? 204 : 405;
            explanation.allowed = match.allowed | OPTIONS;
            break;
        case Match::Kind::not_found: explanation.status = 404; break;
    }
    add_hooks(explanation, site, explanation.status != 204);
    return explanation;
}

}  // namespace app::web

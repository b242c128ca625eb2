#include "app/web/blueprint.hpp"

#include <algorithm>

namespace app::web {

void Hooks::append(const Hooks& other) {
    before.insert(before.end(), other.before.begin(), other.before.end());
    after.insert(after.end(), other.after.begin(), other.after.end());
    teardown.insert(teardown.end(), other.teardown.begin(), other.teardown.end());
    for (const auto& [status, handler] : other.by_status) by_status[status] = handler;
    if (other.any_error) any_error = other.any_error;
}

Blueprint::Blueprint(std::string name, std::string url_prefix) : name_(std::move(name)), url_prefix_(std::move(url_prefix)) {}

Blueprint& Blueprint::describe(std::any description) {
    description_ = std::move(description);
    return *this;
}

Blueprint& Blueprint::extend(const Blueprint& base) {
    if (base.description_.has_value()) description_ = base.description_;
    rules_.insert(rules_.end(), base.rules_.begin(), base.rules_.end());
    children_.insert(children_.end(), base.children_.begin(), base.children_.end());
    hooks_.append(base.hooks_);
    app_hooks_.append(base.app_hooks_);
    return *this;
}

Blueprint& Blueprint::register_blueprint(Blueprint child, std::string url_prefix) {
    children_.emplace_back(std::move(child), std::move(url_prefix));
    return *this;
}

Blueprint& Blueprint::before_request(BeforeRequest hook, std::string_view name) {
    hooks_.before.push_back({named(name), std::move(hook)});
    return *this;
}
Blueprint& Blueprint::after_request(AfterRequest hook, std::string_view name) {
    hooks_.after.push_back({named(name), std::move(hook)});
    return *this;
}
Blueprint& Blueprint::teardown_request(TeardownRequest hook, std::string_view name) {
    hooks_.teardown.push_back({named(name), std::move(hook)});
    return *this;
}
Blueprint& Blueprint::errorhandler(int status, ErrorHandler handler) {
    hooks_.by_status[status] = std::move(handler);
    return *this;
}
Blueprint& Blueprint::errorhandler(ErrorHandler handler) {
    hooks_.any_error = std::move(handler);
    return *this;
}
Blueprint& Blueprint::before_app_request(BeforeRequest hook, std::string_view name) {
    app_hooks_.before.push_back({named(name), std::move(hook)});
    return *this;
}
Blueprint& Blueprint::after_app_request(AfterRequest hook, std::string_view name) {
    app_hooks_.after.push_back({named(name), std::move(hook)});
    return *this;
}
Blueprint& Blueprint::teardown_app_request(TeardownRequest hook, std::string_view name) {
    app_hooks_.teardown.push_back({named(name), std::move(hook)});
    return *this;
}
Blueprint& Blueprint::app_errorhandler(int status, ErrorHandler handler) {
    app_hooks_.by_status[status] = std::move(handler);
    return *this;
}
Blueprint& Blueprint::app_errorhandler(ErrorHandler handler) {
    app_hooks_.any_error = std::move(handler);
    return *this;
}

Blueprint& Blueprint::add_rule(Bound bound) {
    rules_.push_back(std::move(bound));
    return *this;
}

Blueprint& Blueprint::replace_rule(const RouteInfo& old_route, Bound bound) {
    const auto place = std::ranges::find(rules_, &old_route, &Bound::route);
    if (place == rules_.end()) {
        throw base::Error(base::Code::internal, "blueprint " + name_ + " replaces " + std::string(old_route.endpoint) +
                                                    ", which it does not have; extend it first");
    }
    bound.replaced = std::move(place->replaced);
    bound.replaced.push_back(&old_route);
    *place = std::move(bound);
    return *this;
}

}  // namespace app::web

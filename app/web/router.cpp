#include "app/web/router.hpp"

#include "app/base/text.hpp"

namespace app::web {

struct Router::Leaf {
    std::vector<std::pair<Methods, const Rule*>> rules;

    Methods methods() const {
        Methods all;
        for (const auto& [methods, rule] : rules) all = all | methods;
        return all;
    }
};

struct Router::Node {
    std::vector<std::pair<std::string, std::unique_ptr<Node>>> literals;
    std::unique_ptr<Node> integer, string;
    Leaf plain, slash, path;  // rules that end here: without a slash, with one, with a path variable

    Node& child(const Segment& segment) {
        if (segment.converter == Converter::literal) return literal(segment.text);
        auto& variable = segment.converter == Converter::integer ? integer : string;
        if (!variable) variable = std::make_unique<Node>();
        return *variable;
    }
    Node& literal(std::string_view text) {
        for (auto& [name, node] : literals) {
            if (name == text) return *node;
        }
        return *literals.emplace_back(std::string(text), std::make_unique<Node>()).second;
    }
};

Router::Router() : root_(std::make_unique<Node>()) {}
Router::~Router() = default;
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;

const Rule* Router::add(std::string_view prefix, const Pattern& pattern, Methods methods, const Rule& rule) {
    Node* node = root_.get();
    if (!prefix.empty()) {
        for (const std::string_view text : base::split(prefix.substr(1), '/')) node = &node->literal(text);
    }
    Leaf* leaf = nullptr;
    for (const Segment& segment : pattern) {
        if (segment.converter == Converter::path) {
            leaf = &node->path;
        } else {
            node = &node->child(segment);
        }
    }
    if (!leaf) leaf = pattern.trailing_slash ? &node->slash : &node->plain;
    for (const auto& [taken, other] : leaf->rules) {
        if ((taken.bits & methods.bits) != 0) return other;
    }
    leaf->rules.emplace_back(methods, &rule);
    return nullptr;
}

// A walk down the tree; each branch that fails leaves behind what it learned about other methods and slashes.
struct Router::Search {
    Methods method;
    Match match{};
    bool slash_missing = false;

    // `rest` is "" or begins with '/'; `depth` counts the captured variables.
    bool visit(const Node& node, std::string_view rest, std::size_t depth) {
        if (rest.empty()) {
            slash_missing = slash_missing || !node.slash.rules.empty();
            return take(node.plain);
        }
        if (rest.size() == 1) return take(node.slash) || take_path(node, rest, depth);
        const auto end = rest.find('/', 1);
        const std::string_view raw = rest.substr(1, end == std::string_view::npos ? end : end - 1);
        const std::string_view after = end == std::string_view::npos ? std::string_view{} : rest.substr(end);
        if (raw.find('%') == std::string_view::npos)
            return visit_children(node, raw, after, depth) || take_path(node, rest, depth);
        const auto decoded = base::percent_decode(raw);
        return (decoded && visit_children(node, *decoded, after, depth)) || take_path(node, rest, depth);
    }

    bool visit_children(const Node& node, std::string_view segment, std::string_view after, std::size_t depth) {
        if (segment.empty()) return false;
        for (const auto& [text, child] : node.literals) {
            if (text == segment && visit(*child, after, depth)) return true;
        }
        if (node.integer && segment.front() != '-') {
            if (const auto number = base::parse_integer(segment)) {
                match.captures[depth].integer = *number;
                if (visit(*node.integer, after, depth + 1)) return true;
            }
        }
        if (node.string) {
            match.captures[depth].text = segment;
            if (visit(*node.string, after, depth + 1)) return true;
        }
        return false;
    }

    bool take_path(const Node& node, std::string_view rest, std::size_t depth) {
        if (node.path.rules.empty() || rest.size() < 2) return false;
        auto decoded = base::percent_decode(rest.substr(1));
        if (!decoded) return false;
        match.captures[depth].text = std::move(*decoded);
        return take(node.path);
    }

    bool take(const Leaf& leaf) {
        match.allowed = match.allowed | leaf.methods();
        for (const auto& [methods, rule] : leaf.rules) {
            if (!methods.contains(method)) continue;
            match.rule = rule;
            match.allowed = leaf.methods();
            return true;
        }
        return false;
    }
};

Match Router::match(std::string_view path, Methods method) const {
    Search search{method};
    if (search.visit(*root_, path, 0)) {
        search.match.kind = Match::Kind::found;
    } else if (!search.match.allowed.empty()) {
        search.match.kind = Match::Kind::method_not_allowed;
    } else if (search.slash_missing && !path.starts_with("//") && !path.starts_with("/\\")) {
        search.match.kind = Match::Kind::redirect;  // "//host" as a Location leads to another server; browsers read '\' as '/'
    }
    return std::move(search.match);
}

}  // namespace app::web

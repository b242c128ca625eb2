// Finds the rule for a path. Rules stand in a tree by segment; a literal is preferred to an int, an int to a string, a string to
// a path, whatever the order of registration. Built once, then read by all threads.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/web/handler.hpp"
#include "app/web/method.hpp"
#include "app/web/pattern.hpp"

namespace app::web {

struct Rule;

struct Match {
    enum class Kind { found, redirect, method_not_allowed, not_found };
    Kind kind = Kind::not_found;
    const Rule* rule = nullptr;  // when found
    Captures captures;           // when found
    Methods allowed;             // all methods of this path, when found or method_not_allowed
};

class Router {
   public:
    Router();
    ~Router();
    Router(Router&&) noexcept;
    Router& operator=(Router&&) noexcept;

    // Adds a rule whose URLs are `prefix` (literal segments, "" or "/a/b") followed by `pattern`; both outlive the router.
    // Returns the rule that already answers one of `methods` on the same URLs, or null when all went well.
    const Rule* add(std::string_view prefix, const Pattern& pattern, Methods methods, const Rule& rule);

    // `path` is raw: as sent, with valid percent-escapes (see dispatch). Each segment is decoded after it was cut out, so
    // "/a%2Fb" is one segment; nothing is normalised. Kind redirect: only "path/" is a rule.
    Match match(std::string_view path, Methods method) const;

   private:
    struct Leaf;
    struct Node;
    struct Search;
    std::unique_ptr<Node> root_;
};

}  // namespace app::web

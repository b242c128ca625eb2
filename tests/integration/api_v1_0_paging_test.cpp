// The lists of API v1.0 in pages.
// backends: sqlite mysql
#include "tests/integration/support/live_app.hpp"

using tests::LiveApp;

namespace {

// The four lists of posts and the two of comments, with `rows` in each, two a page.
struct Blog {
    LiveApp live{[](config::Config& config) {
        config.blog.posts_per_page = 2;
        config.blog.comments_per_page = 2;
    }};
    tests::Account ann = live.add_user("ann");
    tests::Client client = live.client(ann);

    explicit Blog(int rows) {
        for (int i = 0; i < rows; ++i) live.add_post(ann);
        const auto post =
            rows ? live.database().read([](app::db::Connection& c) { return app::models::get_post(c, 1); }) : app::models::Post{};
        for (int i = 0; i < rows; ++i) live.add_comment(post, ann);
    }
};

constexpr const char* lists[] = {"/api/v1.0/posts/", "/api/v1.0/users/1/posts/", "/api/v1.0/users/1/timeline/",
                                 "/api/v1.0/comments/", "/api/v1.0/posts/1/comments/"};

struct Seen {
    std::size_t items;
    std::string prev, next;  // "null", or the link without the list's path
    std::int64_t count;

    bool operator==(const Seen&) const = default;
};

std::string link(const app::web::Value& document, std::string_view name, std::string_view list) {
    const auto* value = document.find(name);
    REQUIRE(value);
    if (value->is_null()) return "null";
    REQUIRE(value->string()->starts_with(list));
    return value->string()->substr(list.size());
}

Seen see(const Blog& blog, const std::string& list, const std::string& query) {
    const auto answer = blog.client.get(list + query);
    INFO(list, query);
    REQUIRE(answer.status == 200);
    const auto document = answer.json();
    CHECK(document.object()->size() == 4);
    const auto* items = document.find("posts") ? document.find("posts") : document.find("comments");
    return {items->list()->size(), link(document, "prev", list), link(document, "next", list),
            *document.find("count")->integer()};
}

void check(const Seen& seen, const Seen& expected) {
    CHECK(seen.items == expected.items);
    CHECK(seen.prev == expected.prev);
    CHECK(seen.next == expected.next);
    CHECK(seen.count == expected.count);
}

}  // namespace

TEST_CASE("pages link to their neighbours on the list's own path") {
    const Blog blog{5};
    for (const std::string list : lists) {
        INFO(list);
        check(see(blog, list, "?page=1"), {2, "null", "?page=2", 5});
        check(see(blog, list, "?page=2"), {2, "?page=1", "?page=3", 5});
        check(see(blog, list, "?page=3"), {1, "?page=2", "null", 5});
    }
}

TEST_CASE("a page that is missing, empty or no number is page 1") {
    const Blog blog{3};
    for (const std::string list : lists) {
        for (const std::string query :
             {"", "?", "?page", "?page=", "?page=abc", "?page=1e3", "?page=2.0", "?page=+2", "?page=%202", "?page=0x2",
              "?page=2abc", "?page=%D9%A2", "?Page=2", "?pages=2", "?xpage=2", "?page[]=2"}) {
            INFO(list, query);
            check(see(blog, list, query), {2, "null", "?page=2", 3});
        }
    }
}

TEST_CASE("a page below 1 shows page 1, and next is 2") {
    const Blog blog{3};
    for (const std::string list : lists) {
        for (const std::string query : {"?page=0", "?page=-0", "?page=-1", "?page=-5", "?page=-9223372036854775808",
                                        "?page=-9223372036854775809", "?page=-99999999999999999999999"}) {
            INFO(list, query);
            check(see(blog, list, query), {2, "null", "?page=2", 3});
        }
    }
}

TEST_CASE("past the end is an empty page with the true count, and prev is the page before") {
    const Blog blog{4};
    for (const std::string list : lists) {
        INFO(list);
        check(see(blog, list, "?page=2"), {2, "?page=1", "null", 4});
        check(see(blog, list, "?page=3"), {0, "?page=2", "null", 4});
        check(see(blog, list, "?page=1000"), {0, "?page=999", "null", 4});
        check(see(blog, list, "?page=9223372036854775807"), {0, "?page=9223372036854775806", "null", 4});
        check(see(blog, list, "?page=4611686018427387905"),
              {0, "?page=4611686018427387904", "null", 4});  // the offset leaves 64 bits
    }
}

TEST_CASE("a page beyond 64 bits is past the end") {
    const Blog blog{4};
    for (const std::string list : lists) {
        for (const std::string query : {"?page=9223372036854775808", "?page=18446744073709551615", "?page=18446744073709551616",
                                        "?page=18446744073709551617", "?page=99999999999999999999999999999999999999"}) {
            INFO(list, query);
            const Seen seen = see(blog, list, query);
            CHECK(seen.items == 0);
            CHECK(seen.next == "null");
            CHECK(seen.prev.starts_with("?page="));
            CHECK(seen.count == 4);
        }
    }
}

TEST_CASE("of two pages the first counts, and other names do no harm") {
    const Blog blog{5};
    check(see(blog, lists[0], "?page=2&page=3"), {2, "?page=1", "?page=3", 5});
    check(see(blog, lists[0], "?x=1&page=2&per_page=100"), {2, "?page=1", "?page=3", 5});
    check(see(blog, lists[0], "?page=002"), {2, "?page=1", "?page=3", 5});
    check(see(blog, lists[0], "?p%61ge=%32"), {2, "?page=1", "?page=3", 5});
}

TEST_CASE("page 1 of an empty list has no neighbours, page 2 has page 1") {
    const Blog blog{0};
    for (const std::string list :
         {"/api/v1.0/posts/", "/api/v1.0/users/1/posts/", "/api/v1.0/users/1/timeline/", "/api/v1.0/comments/"}) {
        check(see(blog, list, ""), {0, "null", "null", 0});
        check(see(blog, list, "?page=2"), {0, "?page=1", "null", 0});
    }
}

TEST_CASE("walking along next shows every post once, in order, and prev leads back") {
    const Blog blog{5};
    std::string url = "/api/v1.0/posts/", seen, last;
    while (url != "null") {
        last = url;
        const auto document = blog.client.get(url).json();
        for (const auto& post : *document.find("posts")->list()) seen += post.find("url")->string()->back();
        url = link(document, "next", "");
    }
    CHECK(seen == "12345");
    while (url != "/api/v1.0/posts/?page=1") url = link(blog.client.get(url == "null" ? last : url).json(), "prev", "");
}

TEST_CASE("without other settings there are 20 posts and 30 comments a page") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    const auto post = live.add_post(ann);
    for (int i = 0; i < 20; ++i) live.add_post(ann);
    for (int i = 0; i < 31; ++i) live.add_comment(post, ann);
    const auto posts = live.client(ann).get("/api/v1.0/posts/").json(),
               comments = live.client(ann).get("/api/v1.0/comments/").json();
    CHECK(posts.find("posts")->list()->size() == 20);
    CHECK(*posts.find("next")->string() == "/api/v1.0/posts/?page=2");
    CHECK(comments.find("comments")->list()->size() == 30);
    CHECK(*comments.find("next")->string() == "/api/v1.0/comments/?page=2");
}

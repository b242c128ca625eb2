#include "app/web/template.hpp"

#include <doctest/doctest.h>

#include <thread>

#include "test_context.hpp"

using namespace app;
using namespace app::web;

namespace {

constexpr base::EmbeddedFile files[] = {
    {"hello.html", "<p>{{name}}|{{{name}}}</p>"},
    {"page.html", "{{> head}}<h1>{{title}}</h1>"},
    {"head.html", "<title>{{title}}</title>"},
    {"posts.html", "{{#posts}}<li>{{id}} {{author.name}} {{site}}</li>{{/posts}}{{^posts}}none{{/posts}}"},
    {"values.html", "{{text}}|{{integer}}|{{null}}|{{absent}}|{{#yes}}yes{{/yes}}{{#no}}no{{/no}}{{^null}}empty{{/null}}"},
};

std::string render(std::string_view name, const Value::Object& data) { return Templates{files}.render(name, data); }

}  // namespace

TEST_CASE("two braces escape for HTML, three do not") {
    CHECK(render("hello.html", {{"name", "<a href='x'>\"&"}}) == "<p>&lt;a href=&#39;x&#39;&gt;&quot;&amp;|<a href='x'>\"&</p>");
}

TEST_CASE("text that looks like a template is not one") {
    CHECK(render("hello.html", {{"name", "{{name}}{{> head}}"}}) == "<p>{{name}}{{&gt; head}}|{{name}}{{> head}}</p>");
}

TEST_CASE("a partial is filled with the same data and escapes too") {
    CHECK(render("page.html", {{"title", "a < b"}}) == "<title>a &lt; b</title><h1>a &lt; b</h1>");
}

TEST_CASE("a partial that is not there is an internal error that names it") {
    constexpr base::EmbeddedFile lone[] = {{"page.html", "{{> head}}"}};
    CHECK(message_of([&] { Templates{lone}.render("page.html", {}); }) == "there is no template head.html to include");
}

TEST_CASE("a template of plain text escapes nothing, and includes what has its ending") {
    constexpr base::EmbeddedFile named[] = {{"mail/hello.txt", "{{name}} & {{{name}}}\n{{> mail/foot}}"},
                                            {"mail/foot.txt", "-- {{name}}\n"},
                                            {"mail/foot.html", "<hr>"},
                                            {"mail/hello.html", "{{name}} {{> mail/foot}}"}};
    CHECK(Templates{named}.render("mail/hello.txt", {{"name", "<a&b>"}}) == "<a&b> & <a&b>\n-- <a&b>\n");
    CHECK(Templates{named}.render("mail/hello.html", {{"name", "<a&b>"}}) == "&lt;a&amp;b&gt; <hr>");
}

TEST_CASE("data may have the name of a template") {
    constexpr base::EmbeddedFile named[] = {{"user.html", "<b>{{user}}</b>"}, {"page.html", "{{user}}: {{> user}}"}};
    CHECK(Templates{named}.render("page.html", {{"user", "ada"}}) == "ada: <b>ada</b>");
}

TEST_CASE("text of the data is never used as a partial") {
    constexpr base::EmbeddedFile named[] = {{"page.html", "[{{> body}}]"}, {"body.html", "own"}};
    CHECK(Templates{named}.render("page.html", {{"body", "{{secret}}"}, {"secret", "x"}}) == "[own]");
}

TEST_CASE("a list repeats its section and sees the names outside") {
    const Value::List posts{Value::Object{{"id", 1}, {"author", Value::Object{{"name", "ada"}}}},
                            Value::Object{{"id", 2}, {"author", Value::Object{{"name", "<b>"}}}}};
    CHECK(render("posts.html", {{"posts", posts}, {"site", "blog"}}) == "<li>1 ada blog</li><li>2 &lt;b&gt; blog</li>");
}

TEST_CASE("an empty or absent list shows the section for nothing") {
    CHECK(render("posts.html", {{"posts", Value::List{}}}) == "none");
    CHECK(render("posts.html", {}) == "none");
}

TEST_CASE("null and absent names are left empty, numbers and flags are not") {
    CHECK(render("values.html", {{"text", "t"}, {"integer", -7}, {"null", nullptr}, {"yes", true}, {"no", false}}) ==
          "t|-7|||yesempty");
}

TEST_CASE("a template that is not there is an internal error that names it") {
    CHECK(message_of([] { render("nowhere.html", {}); }) == "there is no template nowhere.html");
}

TEST_CASE("a malformed template is refused when it is loaded, by name") {
    constexpr base::EmbeddedFile broken[] = {{"broken.html", "{{#posts}}"}};
    const std::string message = message_of([&] { Templates{broken}; });
    CHECK(message.starts_with("template broken.html: "));
}

TEST_CASE("several threads fill one template at once") {
    const Templates templates{files};
    std::vector<int> wrong(4);
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread) {
        threads.emplace_back([&templates, &wrong, thread] {
            for (int i = 0; i < 50; ++i) {
                const std::string title = std::to_string(thread * 1000 + i);
                const std::string page = templates.render("page.html", {{"title", title}});
                wrong[static_cast<std::size_t>(thread)] += page != "<title>" + title + "</title><h1>" + title + "</h1>";
            }
        });
    }
    threads.clear();
    CHECK(wrong == std::vector<int>(4));
}

TEST_CASE("every page knows the globals, partials too, but what its own data calls so") {
    constexpr base::EmbeddedFile named[] = {{"page.html", "{{site}} {{title}} {{links.style}} {{> foot}}"},
                                            {"foot.html", "{{site}}"}};
    const Templates templates{named, {{"site", "Dewar"}, {"title", "none"}, {"links", Value::Object{{"style", "/s.css"}}}}};
    CHECK(templates.render("page.html", {{"title", "own"}}) == "Dewar own /s.css Dewar");
    CHECK(templates.render("page.html", {}) == "Dewar none /s.css Dewar");
}

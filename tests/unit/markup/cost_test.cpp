// What would hold a thread if the cost were not linear. The bound is wide: a debug build with sanitizers has to keep it too.
#include <doctest/doctest.h>

#include <ctime>
#include <string>

#include "app/markup/markup.hpp"

namespace {

std::string repeat(std::string_view text, std::size_t bytes) {
    std::string repeated;
    while (repeated.size() < bytes) repeated += text;
    return repeated;
}

std::string numbered(std::string_view before, std::string_view after, int count) {
    std::string text;
    for (int number = 0; number < count; ++number) text.append(before).append(std::to_string(number)).append(after);
    return text;
}

constexpr std::size_t megabyte = 1000000;
constexpr double seconds_max = 5;  // a release build needs less than one

}  // namespace

TEST_CASE("hostile input of a megabyte renders at linear cost and without a stack overflow") {
    const struct {
        std::string name;
        std::string input;
    } inputs[] = {
        {"backticks", std::string(3000, '`')},
        {"runs of backticks", numbered("a``", "`", 100000)},
        {"unclosed emphasis", repeat("*a **b", megabyte)},
        {"crossing emphasis", repeat("*a_b**c__", megabyte)},
        {"brackets", repeat("[", megabyte)},
        {"image brackets", repeat("![", megabyte)},
        {"unclosed links", repeat("[a](", megabyte)},
        {"unclosed destinations", repeat("[a](<b", megabyte)},
        {"less-than signs", repeat("<", megabyte)},
        {"declarations", repeat("a<!A ", megabyte)},
        {"comments", repeat("a<!--", megabyte)},
        {"CDATA", repeat("a<![CDATA[", megabyte)},
        {"processing instructions", repeat("a<?", megabyte)},
        {"few processing instructions", repeat("a<?", 450) + std::string(megabyte, 'x')},
        {"quotations", repeat(">", 50000)},
        {"a megabyte of quotations", repeat(">", megabyte)},
        {"emphasis in deep quotations", repeat(">", 500) + repeat(" *a*", megabyte)},
        {"emphasis in quotations nearly too deep", repeat(">", 190) + repeat(" *a*", megabyte)},
        {"emphasis in a deep list", repeat("- ", 500) + repeat(" *a*", megabyte)},
        {"crossing emphasis of many kinds", repeat("*a_ b_c* **d__", megabyte)},
        {"nested lists", repeat("- ", megabyte)},
        {"unclosed tags", repeat("<b>", 150000)},
        {"a megabyte of unclosed tags", repeat("<b>", megabyte)},
        {"unclosed blocks nearly too many", repeat("<div>", 6000 * 5)},
        {"reopened formatting", numbered("<b a=", ">", 150) + repeat("\n\na", 15000)},
        {"misnested formatting", numbered("<b a=", "><div>", 2500) + repeat("</b>", 2500 * 4)},
        {"attributes", "x<b " + numbered("a", " ", 16000) + ">"},
        {"unfolding references", "[a]: /" + std::string(300000, 'u') + "\n\n" + repeat("[a] ", 700000)},
        {"unfolding titles", "[a]: /u '" + std::string(300000, 'u') + "'\n\n" + repeat("[a] ", 700000)},
        {"things like definitions", repeat("]:", megabyte / 2) + std::string(megabyte / 2, ' ')},
        {"URLs", repeat("http://", megabyte)},
        {"closing brackets after a URL", "http://a" + repeat(")", megabyte)},
        {"entities", repeat("&amp;", megabyte)},
    };
    for (const auto& [name, input] : inputs) {
        CAPTURE(name);
        const std::clock_t begin = std::clock();  // processor time: other tests may be running beside this one
        app::markup::render_post(input);
        CHECK(static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC < seconds_max);
    }
}

TEST_CASE("input that would cost too much is shown as its own source") {
    CHECK(app::markup::render_comment(repeat("a<?", 300000)).starts_with("a&lt;?a&lt;?"));
    CHECK(app::markup::render_post(repeat(">", 50000)).starts_with("<p>&gt;&gt;"));
}

TEST_CASE("a long honest text is rendered, not shown as source") {
    const std::string paragraph = "Some *emphasis*, a [link][1], snake_case names, `code` and <b>raw</b> <a "
                                  "href=\"/x\">HTML</a>; a[1]: b < c.\n\n- item\n\n";
    const std::string html = app::markup::render_post(repeat(paragraph, 100000) + "[1]: http://example.org 'a title'\n");
    CHECK(html.starts_with(
        "<p>Some <em>emphasis</em>, a <a href=\"http://example.org\" title=\"a title\" rel=\"nofollow\">link</a>"));
    CHECK(html.find("<b>raw</b>") != std::string::npos);
}

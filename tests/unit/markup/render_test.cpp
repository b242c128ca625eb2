// What honest users write and what stands in body_html, pair by pair.
#include <doctest/doctest.h>

#include <string>

#include "app/markup/markup.hpp"
#include "tests/unit/markup/pair.hpp"

namespace {

using app::markup::render_comment;
using app::markup::render_post;
using tests::Pair;

const Pair post_pairs[] = {
    {"a paragraph", "hello", "<p>hello</p>"},
    {"nothing", "", ""},
    {"two paragraphs", "a\n\nb", "<p>a</p>\n<p>b</p>"},
    {"emphasis", "*a* **b** `c`", "<p><em>a</em> <strong>b</strong> <code>c</code></p>"},
    {"headings", "# a\n## b\n### c", "<h1>a</h1>\n<h2>b</h2>\n<h3>c</h3>"},
    {"a heading that is not kept", "#### d", "d"},
    {"lists", "- a\n- b\n\n1. c", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n<ol>\n<li>c</li>\n</ol>"},
    {"a quotation", "> a", "<blockquote>\n<p>a</p>\n</blockquote>"},
    {"a code block", "```cpp\na < b && c\n```", "<pre><code>a &lt; b &amp;&amp; c\n</code></pre>"},
    {"an inline link", "[a](http://x.y \"t\")", "<p><a href=\"http://x.y\" title=\"t\" rel=\"nofollow\">a</a></p>"},
    {"a relative link", "[a](/b?c=d#e)", "<p><a href=\"/b?c=d#e\" rel=\"nofollow\">a</a></p>"},
    {"a link to another host by //", "[a](//b.c)", "<p><a href=\"//b.c\" rel=\"nofollow\">a</a></p>"},
    {"a mail address", "[a](mailto:b@c.d)", "<p><a href=\"mailto:b@c.d\">a</a></p>"},
    {"an autolink", "<https://x.y>", "<p><a href=\"https://x.y\" rel=\"nofollow\">https://x.y</a></p>"},
    {"a reference", "[a]\n\n[a]: /u", "<p><a href=\"/u\" rel=\"nofollow\">a</a></p>"},
    {"an image", "![a](b.png)c", "<p>c</p>"},
    {"a hard break", "a  \nb", "<p>a\nb</p>"},
    {"a table stays text", "|a|\n|-|", "<p>|a|\n|-|</p>"},
    {"Chinese", "你好，**世界**", "<p>你好，<strong>世界</strong></p>"},
    {"emoji", "a 👩‍👩‍👧 b", "<p>a 👩‍👩‍👧 b</p>"},
    {"quotes", "it's \"so\"", "<p>it's \"so\"</p>"},
    {"ampersands", "AT&T &amp; &copy;", "<p>AT&amp;T &amp; ©</p>"},
    {"NUL", std::string{"a\0b", 3}, "<p>a\uFFFDb</p>"},
    {"what is not UTF-8", "a\xFF", "<p>a\uFFFD</p>"},
    {"a bare URL", "see http://a.b/c?d=e&f.",
     "<p>see <a href=\"http://a.b/c?d=e&amp;f\" rel=\"nofollow\">http://a.b/c?d=e&amp;f</a>.</p>"},
    {"a bare www", "www.a.org", "<p><a href=\"http://www.a.org\" rel=\"nofollow\">www.a.org</a></p>"},
    {"a bare URL in brackets", "(https://a.b/c_(d))",
     "<p>(<a href=\"https://a.b/c_(d)\" rel=\"nofollow\">https://a.b/c_(d)</a>)</p>"},
    {"a bare URL amid Chinese", "看http://a.b/中，好",
     "<p>看<a href=\"http://a.b/中\" rel=\"nofollow\">http://a.b/中</a>，好</p>"},
    {"a URL in a link's text", "[http://a.b](/c)", "<p><a href=\"/c\" rel=\"nofollow\">http://a.b</a></p>"},
    {"a URL in code", "`http://a.b`", "<p><code>http://a.b</code></p>"},
    {"a URL in a code block", "    http://a.b", "<pre><code>http://a.b\n</code></pre>"},
    {"no URL", "xhttp://a.b http:// www. a@www.b.c", "<p>xhttp://a.b http:// www. a@www.b.c</p>"},
    {"allowed raw HTML", "<abbr title=\"x\" class=\"y\">a</abbr>", "<p><abbr title=\"x\">a</abbr></p>"},
    {"upper case", "<B>a</B>", "<p><b>a</b></p>"},
    {"a misnested pair", "<b><i>x</b>y</i>", "<p><b><i>x</i></b><i>y</i></p>"},
    {"an unclosed tag", "<b>a", "<p><b>a</b></p>"},
    {"a title underlined", "Title\n=====\n\nText", "<h1>Title</h1>\n<p>Text</p>"},
    {"a soft break", "a\nb", "<p>a\nb</p>"},
    {"a backslash at the end of a line", "a\\\nb", "<p>a\nb</p>"},
    {"escaped marks", "\\*a\\* \\# \\[b\\]", "<p>*a* # [b]</p>"},
    {"emphasis inside a word", "un*frigging*believable snake_case_name", "<p>un<em>frigging</em>believable snake_case_name</p>"},
    {"strong emphasis in emphasis", "***a*** **b *c* d**", "<p><em><strong>a</strong></em> <strong>b <em>c</em> d</strong></p>"},
    {"code with backticks", "`` a ` b ``", "<p><code>a ` b</code></p>"},
    {"code with markup in it", "`<b>&amp;</b>`", "<p><code>&lt;b&gt;&amp;amp;&lt;/b&gt;</code></p>"},
    {"a fence of tildes", "~~~\n<b>\n~~~", "<pre><code>&lt;b&gt;\n</code></pre>"},
    {"an indented code block", "    a\n      b", "<pre><code>a\n  b\n</code></pre>"},
    {"a list in a list", "- a\n  - b\n- c", "<ul>\n<li>a\n<ul>\n<li>b</li>\n</ul>\n</li>\n<li>c</li>\n</ul>"},
    {"a loose list", "- a\n\n- b", "<ul>\n<li>\n<p>a</p>\n</li>\n<li>\n<p>b</p>\n</li>\n</ul>"},
    {"a list that starts at 3", "3. a\n4. b", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>"},
    {"a list item with two paragraphs", "- a\n\n  b", "<ul>\n<li>\n<p>a</p>\n<p>b</p>\n</li>\n</ul>"},
    {"a task list stays text", "- [ ] a\n- [x] b", "<ul>\n<li>[ ] a</li>\n<li>[x] b</li>\n</ul>"},
    {"a quotation of two paragraphs", "> a\n>\n> b", "<blockquote>\n<p>a</p>\n<p>b</p>\n</blockquote>"},
    {"a quotation in a list", "- > a", "<ul>\n<li>\n<blockquote>\n<p>a</p>\n</blockquote>\n</li>\n</ul>"},
    {"a lazy continuation", "> a\nb", "<blockquote>\n<p>a\nb</p>\n</blockquote>"},
    {"a thematic break", "a\n\n---\n\nb", "<p>a</p>\n\n<p>b</p>"},
    {"a link with a title in brackets", "[a](/b (c))", "<p><a href=\"/b\" title=\"c\" rel=\"nofollow\">a</a></p>"},
    {"a link in angle brackets", "[a](<b c>)", "<p><a href=\"b%20c\" rel=\"nofollow\">a</a></p>"},
    {"an empty link", "[](/a)", "<p><a href=\"/a\" rel=\"nofollow\"></a></p>"},
    {"a link without a destination", "[a]()", "<p><a href=\"\" rel=\"nofollow\">a</a></p>"},
    {"a fragment", "[a](#b)", "<p><a href=\"#b\" rel=\"nofollow\">a</a></p>"},
    {"a link of a query", "[a](?b=c&d=e)", "<p><a href=\"?b=c&amp;d=e\" rel=\"nofollow\">a</a></p>"},
    {"a link with an umlaut", "[ä](http://ä.example/ö?ü)",
     "<p><a href=\"http://%C3%A4.example/%C3%B6?%C3%BC\" rel=\"nofollow\">ä</a></p>"},
    {"emphasis in a link", "[*a* `b`](/c)", "<p><a href=\"/c\" rel=\"nofollow\"><em>a</em> <code>b</code></a></p>"},
    {"a reference with a title", "[a][b]\n\n[b]: <http://c.d> 'e'",
     "<p><a href=\"http://c.d\" title=\"e\" rel=\"nofollow\">a</a></p>"},
    {"a reference nobody defined", "[a][b]", "<p>[a][b]</p>"},
    {"an image with a link", "[![a](b.png)](/c)", "<p><a href=\"/c\" rel=\"nofollow\"></a></p>"},
    {"strikethrough stays text", "~~a~~", "<p>~~a~~</p>"},
    {"a footnote stays text", "a[^1]\n\n[^1]: b", "<p>a<a href=\"b\" rel=\"nofollow\">^1</a></p>"},
    {"an e-mail autolink", "<a.b@c.de>", "<p><a href=\"mailto:a.b@c.de\">a.b@c.de</a></p>"},
    {"a bare e-mail address", "a.b@c.de", "<p>a.b@c.de</p>"},
    {"an https URL with a port and a fragment", "https://a.b:8080/c#d",
     "<p><a href=\"https://a.b:8080/c#d\" rel=\"nofollow\">https://a.b:8080/c#d</a></p>"},
    {"two URLs", "http://a.b http://c.d",
     "<p><a href=\"http://a.b\" rel=\"nofollow\">http://a.b</a> <a href=\"http://c.d\" rel=\"nofollow\">http://c.d</a></p>"},
    {"a URL in quotes", "\"http://a.b\"", "<p>\"<a href=\"http://a.b\" rel=\"nofollow\">http://a.b</a>\"</p>"},
    {"a URL in angle brackets of HTML", "&lt;http://a.b&gt;",
     "<p>&lt;<a href=\"http://a.b\" rel=\"nofollow\">http://a.b</a>&gt;</p>"},
    {"a URL at the end of a sentence", "See https://a.b/c! Or https://d.e?",
     "<p>See <a href=\"https://a.b/c\" rel=\"nofollow\">https://a.b/c</a>! Or <a href=\"https://d.e\" "
     "rel=\"nofollow\">https://d.e</a>?</p>"},
    {"a URL in emphasis", "*http://a.b*", "<p><em><a href=\"http://a.b\" rel=\"nofollow\">http://a.b</a></em></p>"},
    {"a URL in a heading", "# http://a.b", "<h1><a href=\"http://a.b\" rel=\"nofollow\">http://a.b</a></h1>"},
    {"a URL in a list", "- http://a.b", "<ul>\n<li><a href=\"http://a.b\" rel=\"nofollow\">http://a.b</a></li>\n</ul>"},
    {"an ftp URL stays text", "ftp://a.b", "<p>ftp://a.b</p>"},
    {"an entity by number", "&#228; &#x1F375; &#0;", "<p>ä 🍵 �</p>"},
    {"an entity nobody knows", "&nosuch;", "<p>&amp;nosuch;</p>"},
    {"a no-break space", "a&nbsp;b", "<p>a\u00a0b</p>"},
    {"right to left", "שלום **עולם**", "<p>שלום <strong>עולם</strong></p>"},
    {"a right-to-left override", "a\u202eb", "<p>a\u202eb</p>"},
    {"combining marks", "e\u0301 *n\u0303*", "<p>e\u0301 <em>n\u0303</em></p>"},
    {"a zero-width joiner", "a\u200db", "<p>a\u200db</p>"},
    {"a byte order mark", "\ufeffa", "<p>a</p>"},
    {"CRLF", "a\r\nb\r\n\r\nc", "<p>a\nb</p>\n<p>c</p>"},
    {"a tab", "a\tb", "<p>a\tb</p>"},
    {"blanks only", "   \n  ", ""},
    {"trailing blanks", "a   ", "<p>a</p>"},
    {"a lone backtick", "a ` b", "<p>a ` b</p>"},
    {"a lone bracket", "a [ b ] ( c )", "<p>a [ b ] ( c )</p>"},
    {"a number sign without a blank", "#a", "<p>#a</p>"},
    {"a plus list", "+ a", "<ul>\n<li>a</li>\n</ul>"},
    {"preformatted HTML", "<pre>a\n  b</pre>", "<pre>a\n  b</pre>"},
    {"an acronym", "<acronym title=\"a &quot;b&quot;\">c</acronym>", "<p><acronym title=\"a &quot;b&quot;\">c</acronym></p>"},
    {"line breaks of HTML", "a<br>b<br/>c", "<p>abc</p>"},
    {"emphasis of HTML", "<em>a</em><strong>b</strong><i>c</i><b>d</b>", "<p><em>a</em><strong>b</strong><i>c</i><b>d</b></p>"},
    {"headings of HTML", "<h1>a</h1><h3>b</h3><h4>c</h4>", "<h1>a</h1><h3>b</h3>c"},
    {"a list of HTML", "<ul><li>a<li>b</ul>", "<ul><li>a</li><li>b</li></ul>"},
    {"Markdown inside inline HTML", "<b>*a*</b>", "<p><b><em>a</em></b></p>"},
    {"a block of HTML", "<blockquote>\n\n*a*\n\n</blockquote>", "<blockquote>\n<p><em>a</em></p>\n</blockquote>"},
};

const Pair comment_pairs[] = {
    {"a line", "hello", "hello"},
    {"emphasis", "*a* **b** `c` <i>d</i>", "<em>a</em> <strong>b</strong> <code>c</code> <i>d</i>"},
    {"two paragraphs", "a\n\nb", "a\nb"},
    {"blocks", "# a\n> b\n- c", "a\n\nb\n\n\nc"},
    {"a bare URL", "http://a.b", "<a href=\"http://a.b\" rel=\"nofollow\">http://a.b</a>"},
    {"a script", "<script>x</script>", "x"},
    {"a code block", "    a<b", "<code>a&lt;b\n</code>"},
};

}  // namespace

TEST_CASE("a post renders as expected") {
    for (const Pair& pair : post_pairs) {
        CAPTURE(pair.name);
        CHECK(render_post(pair.input) == pair.expected);
        CHECK(tests::find_harm(pair.expected, app::markup::Kind::post) == "");
    }
}

TEST_CASE("a comment renders as expected") {
    for (const Pair& pair : comment_pairs) {
        CAPTURE(pair.name);
        CHECK(render_comment(pair.input) == pair.expected);
        CHECK(tests::find_harm(pair.expected, app::markup::Kind::comment) == "");
    }
}

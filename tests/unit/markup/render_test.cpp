// What users write and what stands in body_html, pair by pair.
#include <doctest/doctest.h>

#include <string>

#include "app/base/text.hpp"
#include "app/markup/markup.hpp"

namespace {

struct Pair {
    std::string name;
    std::string input;
    std::string expected;
};

using app::markup::render_comment;
using app::markup::render_post;

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
    {"a script", "<script>alert('<b>1</b>')</script>", "alert('&lt;b&gt;1&lt;/b&gt;')"},
    {"an unclosed script", "<script>alert(1)", "alert(1)"},
    {"a script inside a line", "a<script>b</script>c", "<p>abc</p>"},
    {"a nested script", "<scr<script>ipt>alert(1)</script>", "<p>&lt;script&amp;gt;alert(1)</p>"},
    {"an event handler", "<b onclick=\"x()\">a</b>", "<p><b>a</b></p>"},
    {"an image with onerror", "<img src=x onerror=alert(1)>", ""},
    {"a javascript: link", "[a](javascript:alert(1))", "<p><a>a</a></p>"},
    {"a javascript: link in mixed case", "<a href=\" JaVaScRiPt:x\">a</a>", "<p><a>a</a></p>"},
    {"a javascript: link with a tab", "<a href=\"java\tscript:x\">a</a>", "<p><a>a</a></p>"},
    {"a javascript: link with entities", "<a href=\"&#106;avascript&colon;x\">a</a>", "<p><a>a</a></p>"},
    {"a javascript: link with controls", "<a href=\"&#1;java&#10;script:x\">a</a>", "<p><a>a</a></p>"},
    {"a data: link", "[a](data:text/html,x)", "<p><a>a</a></p>"},
    {"a vbscript: link", "<a href=vbscript:x>a</a>", "<p><a>a</a></p>"},
    {"a colon in a path is no scheme", "[a](/b:c)", "<p><a href=\"/b:c\" rel=\"nofollow\">a</a></p>"},
    {"an attribute that breaks out", "[a](/b\"onclick=x)", "<p><a href=\"/b%22onclick=x\" rel=\"nofollow\">a</a></p>"},
    {"a title that breaks out", "<a title='\"><script>x</script>'>a</a>",
     "<p><a title=\"&quot;&gt;&lt;script&gt;x&lt;/script&gt;\">a</a></p>"},
    {"a forged rel", "<a href=\"/x\" rel=\"me\" target=\"_blank\">a</a>", "<p><a href=\"/x\" rel=\"nofollow\">a</a></p>"},
    {"a link in a link", "<a href=\"/a\">x<a href=\"/b\">y</a></a>",
     "<p><a href=\"/a\" rel=\"nofollow\">x</a><a href=\"/b\" rel=\"nofollow\">y</a></p>"},
    {"a link in a table in a link", "x<a href=\"/a\"><table><td><a href=\"/b\">y</a></td></table></a>",
     "<p>x<a href=\"/a\" rel=\"nofollow\"></a></p><a href=\"/b\" rel=\"nofollow\">y</a><p></p>"},
    {"a link in an object in a link", "<a href=\"/a\">x<object><a href=\"/b\">y</a></object></a>",
     "<p><a href=\"/a\" rel=\"nofollow\">xy</a></p>"},
    {"an svg", "<svg><script>x</script><a xlink:href=\"javascript:y\">z</a></svg>", "<p>xz</p>"},
    {"a math mutation", "x<math><mi><mglyph><style><img title=\"</style><img src onerror=x>\">", "<p>x</p>"},
    {"a style", "<style>p{}</style>", "p{}"},
    {"a mutation by noscript", "x<noscript><p title=\"</noscript><img src onerror=x>\">", "<p>x</p><p></p>"},
    {"a textarea", "x<textarea><b>y</b></textarea>", "<p>x&lt;b&gt;y&lt;/b&gt;</p>"},
    {"an iframe", "<iframe src=\"//x\"></iframe>a", "a"},
    {"a comment", "a<!-- <b>b</b> -->c", "<p>ac</p>"},
    {"a comment that pretends to end", "<!--><b>a-->", "<b>a--&gt;</b>"},
    {"CDATA", "a<![CDATA[<b>b]]>c", "<p>ab]]&gt;c</p>"},
    {"a doctype", "<!DOCTYPE html>\na", "<p>a</p>"},
    {"a processing instruction", "a<?php b ?>c", "<p>ac</p>"},
    {"a plaintext", "x<plaintext>y</p>", "<p>x</p>y&lt;/p&gt;&lt;/p&gt;"},
    {"a base and a meta", "<base href=\"//x\"><meta http-equiv=refresh content=\"0\">a", "a"},
    {"a form", "<form action=\"//x\"><input name=a><button>b</button></form>", "b"},
    {"an unfinished tag", "a <b", "<p>a &lt;b</p>"},
    {"an escaped tag", "&lt;script&gt;x", "<p>&lt;script&gt;x</p>"},
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
    }
}

TEST_CASE("a comment renders as expected") {
    for (const Pair& pair : comment_pairs) {
        CAPTURE(pair.name);
        CHECK(render_comment(pair.input) == pair.expected);
    }
}

TEST_CASE("no rendering holds what a browser would run") {
    for (const Pair& pair : post_pairs) {
        CAPTURE(pair.name);
        const std::string html = app::base::to_lower_ascii(render_post(pair.input));
        for (const char* active :
             {"<script", "<img", "<svg", "<math", "<style", "<iframe", "<form", "<base", "=\"java", "=\"data"}) {
            CHECK(html.find(active) == std::string::npos);
        }
    }
}

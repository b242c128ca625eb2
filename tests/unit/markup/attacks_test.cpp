// What attackers write and what stands in body_html, pair by pair: scripts, handlers, schemes, and texts that a second parser might
// read otherwise than the first.
#include <doctest/doctest.h>

#include <string>

#include "app/markup/markup.hpp"
#include "tests/unit/markup/pair.hpp"

namespace {

const tests::Pair attacks[] = {
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
    {"a script by an upper-case tag", "<SCRIPT>alert(1)</SCRIPT>", "alert(1)"},
    {"a script with a source", "<script src=//x.y></script>", ""},
    {"a script with a broken tag", "<script/x>alert(1)</script>", "<p>&lt;script/x&gt;alert(1)</p>"},
    {"a script that ends with a blank", "<script>alert(1)</script >", "alert(1)"},
    {"a script in a heading", "# <script>x</script>", "<h1>x</h1>"},
    {"a script in a link's text", "[<script>x</script>](/a)", "<p><a href=\"/a\" rel=\"nofollow\">x</a></p>"},
    {"a script in a reference", "[a]\n\n[a]: </b\"><script>x</script>>", "<p>[a]</p>\n<p>[a]: &lt;/b\"&gt;x&gt;</p>"},
    {"a script in a title", "[a](/b \"\\\"><script>x</script>\")",
     "<p><a href=\"/b\" title=\"&quot;&gt;&lt;script&gt;x&lt;/script&gt;\" rel=\"nofollow\">a</a></p>"},
    {"a script in an image's text", "![<script>x</script>](a.png)", "<p></p>"},
    {"a script in a fence's language", "```\"><script>x</script>\na\n```", "<pre><code>a\n</code></pre>"},
    {"an unquoted event handler", "<b onmouseover=alert(1)>a</b>", "<p><b>a</b></p>"},
    {"an event handler behind a slash", "<b/onclick=alert(1)>a</b>", "<p>&lt;b/onclick=alert(1)&gt;a</p>"},
    {"an event handler behind a NUL", std::string{"<b \0onclick=alert(1)>a</b>", 26}, "<p>&lt;b �onclick=alert(1)&gt;a</p>"},
    {"an event handler behind a form feed", "<b\fonclick=alert(1)>a</b>", "<p><b>a</b></p>"},
    {"an event handler in an allowed link", "<a href=\"/b\" onclick=\"x\">a</a>", "<p><a href=\"/b\" rel=\"nofollow\">a</a></p>"},
    {"a style attribute", "<b style=\"background:url(javascript:x)\">a</b>", "<p><b>a</b></p>"},
    {"a class and an id", "<p class=\"a\" id=\"b\">c</p>", "<p>c</p>"},
    {"a data attribute", "<b data-x=\"y\">a</b>", "<p><b>a</b></p>"},
    {"an attribute twice", "<a href=\"/a\" href=\"javascript:x\">b</a>", "<p><a href=\"/a\" rel=\"nofollow\">b</a></p>"},
    {"an attribute in backquotes", "<a href=`javascript:x`>b</a>", "<p>&lt;a href=<code>javascript:x</code>&gt;b</p>"},
    {"an attribute without an end", "<a href=\"/b>c</a>", "<p>&lt;a href=\"/b&gt;c</p>"},
    {"an attribute with a newline", "<a href=\"/b\nc\">d</a>", "<p><a href=\"/bc\" rel=\"nofollow\">d</a></p>"},
    {"a javascript: link in a reference", "[a]\n\n[a]: javascript:x", "<p><a>a</a></p>"},
    {"a javascript: autolink", "<javascript:alert(1)>", "<p><a>javascript:alert(1)</a></p>"},
    {"a javascript: link with escaped letters", "[a](java&#115;cript:x)", "<p><a>a</a></p>"},
    {"a javascript: link with a percent sign", "[a](javascript%3Ax)", "<p><a href=\"javascript%3Ax\" rel=\"nofollow\">a</a></p>"},
    {"a javascript: link with a NUL", std::string{"<a href=\"java\0script:x\">a</a>", 29}, "<p><a>a</a></p>"},
    {"a javascript: link with a newline", "<a href=\"java\nscript:x\">a</a>", "<p><a>a</a></p>"},
    {"a javascript: link with a backslash", "[a](java\\script:x)", "<p><a>a</a></p>"},
    {"a javascript: link with a long entity", "<a href=\"&#0000106avascript:x\">a</a>", "<p><a>a</a></p>"},
    {"a javascript: link with a hexadecimal entity", "<a href=\"&#x6A;avascript:x\">a</a>", "<p><a>a</a></p>"},
    {"a javascript: link with an entity for the tab", "<a href=\"java&Tab;script:x\">a</a>", "<p><a>a</a></p>"},
    {"a javascript: link with an entity for the newline", "<a href=\"java&NewLine;script:x\">a</a>", "<p><a>a</a></p>"},
    {"a javascript: link behind a no-break space", "<a href=\"&nbsp;javascript:x\">a</a>", "<p><a>a</a></p>"},
    {"a javascript: link behind a comment", "[a](javascript://x.y/%0Aalert(1))", "<p><a>a</a></p>"},
    {"a javascript: link in full-width letters", "[a](ｊavascript:x)", "<p><a>a</a></p>"},
    {"a javascript: link with the Kelvin sign", "[a](mo\u212aha:x)", "<p><a>a</a></p>"},
    {"a data: link in base64", "<a href=\"data:text/html;base64,PHNjcmlwdD4=\">a</a>", "<p><a>a</a></p>"},
    {"a data: link in upper case", "[a](DATA:text/html,x)", "<p><a>a</a></p>"},
    {"a file: link", "[a](file:///etc/passwd)", "<p><a>a</a></p>"},
    {"a blob: link", "[a](blob:http://a.b/c)", "<p><a>a</a></p>"},
    {"a tel: link", "[a](tel:+123)", "<p><a>a</a></p>"},
    {"a view-source: link", "[a](view-source:x)", "<p><a>a</a></p>"},
    {"a feed: link", "[a](feed:javascript:x)", "<p><a>a</a></p>"},
    {"a jar: link", "[a](jar:javascript:x!)", "<p><a>a</a></p>"},
    {"a mailto: link with a body", "[a](mailto:b@c.d?body=<script>)", "<p><a href=\"mailto:b@c.d?body=%3Cscript%3E\">a</a></p>"},
    {"an http: link without slashes", "[a](http:javascript:x)", "<p><a href=\"http:javascript:x\" rel=\"nofollow\">a</a></p>"},
    {"a link with a backslash for a slash", "[a](\\\\\\\\b.c)", "<p><a href=\"%5C%5Cb.c\" rel=\"nofollow\">a</a></p>"},
    {"a link with credentials", "[a](http://b:c@d.e)", "<p><a href=\"http://b:c@d.e\" rel=\"nofollow\">a</a></p>"},
    {"a link to a slash and a tab", "<a href=\"/\t/b.c\">a</a>", "<p><a href=\"//b.c\" rel=\"nofollow\">a</a></p>"},
    {"a forged rel in upper case", "<A HREF=\"/x\" REL=\"opener\">a</A>", "<p><a href=\"/x\" rel=\"nofollow\">a</a></p>"},
    {"a target and a download", "<a href=\"/x\" target=\"_top\" download ping=\"//y\">a</a>",
     "<p><a href=\"/x\" rel=\"nofollow\">a</a></p>"},
    {"an object", "<object data=\"javascript:x\">a</object>", "<p>a</p>"},
    {"an embed", "<embed src=\"//x\">a", "<p>a</p>"},
    {"an applet", "<applet code=x>a</applet>", "<p>a</p>"},
    {"a frameset", "<frameset><frame src=\"//x\"></frameset>a", "a"},
    {"a link element", "<link rel=stylesheet href=//x>a", "a"},
    {"a meta refresh in text", "a <meta http-equiv=\"refresh\" content=\"0;url=//x\"> b", "<p>a  b</p>"},
    {"a base in text", "a <base target=x> b", "<p>a  b</p>"},
    {"a button", "<button formaction=\"javascript:x\">a</button>", "<p>a</p>"},
    {"an input that grabs the focus", "<input autofocus onfocus=x>", ""},
    {"a select", "a<select><option>b<script>c</script></select>", "<p>abc</p>"},
    {"a keygen", "<keygen autofocus onfocus=x>a", "<p>a</p>"},
    {"details that open", "<details open ontoggle=x><summary>a</summary>b</details>", "ab"},
    {"a dialog", "<dialog open>a</dialog>", "a"},
    {"a video", "<video src=x onerror=y>a</video>", "<p>a</p>"},
    {"an audio with a source", "<audio><source src=x onerror=y>a</audio>", "<p>a</p>"},
    {"a picture", "<picture><source srcset=x><img src=y></picture>a", "<p>a</p>"},
    {"a marquee", "<marquee onstart=x>a</marquee>", "<p>a</p>"},
    {"an svg with onload", "<svg/onload=alert(1)>", "<p>&lt;svg/onload=alert(1)&gt;</p>"},
    {"an svg with a style", "<svg><style><img src=x onerror=y></style></svg>a", "<p>a</p>"},
    {"an svg with a foreignObject", "<svg><foreignObject><p title=\"</svg><img src onerror=x>\">a</foreignObject></svg>",
     "<p>a</p>"},
    {"an svg that animates a link", "<svg><a><animate attributeName=href values=javascript:x /><text>a</text></a></svg>",
     "<p>a</p>"},
    {"an svg with use", "<svg><use href=\"data:image/svg+xml,x\"/></svg>a", "<p>a</p>"},
    {"a math link", "<math href=\"javascript:x\">a</math>", "<p>a</p>"},
    {"a math annotation", "<math><annotation-xml encoding=\"text/html\"><script>x</script></annotation-xml></math>a",
     "<p>xa</p>"},
    {"a mutation by form and math", "<form><math><mtext></form><form><mglyph><style></math><img src onerror=x>",
     "&lt;/math&gt;&lt;img src onerror=x&gt;"},
    {"a mutation by table and style",
     "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src onerror=x&gt;\">", "<p>&amp;lt;!--</p>"},
    {"a mutation by a title in svg", "<svg></p><style><a title=\"</style><img src onerror=x>\">",
     "<p></p>&lt;a title=\"\"&gt;<p></p>"},
    {"a mutation by a comment in a title", "<b title=\"<!--\">a</b>--><img src onerror=x>", "<p><b>a</b>--&gt;</p>"},
    {"a mutation by xmp", "<xmp><p title=\"</xmp><img src onerror=x>\">", "<p></p>&lt;p title=\"\"&gt;<p></p>"},
    {"a mutation by noembed", "<noembed><p title=\"</noembed><img src onerror=x>\">", "<p>&lt;p title=\"\"&gt;</p>"},
    {"a mutation by a listing", "<listing>&lt;img src onerror=x&gt;</listing>", "<p></p>&lt;img src onerror=x&gt;<p></p>"},
    {"a template", "<template><script>x</script></template>a", "<p>xa</p>"},
    {"a template shadow root", "<div><template shadowrootmode=open><script>x</script></template></div>a", "xa"},
    {"a slot", "<slot onslotchange=x>a</slot>", "<p>a</p>"},
    {"a portal", "<portal src=//x>a</portal>", "<p>a</p>"},
    {"a custom element", "<x-y onclick=z>a</x-y>", "<p>a</p>"},
    {"a head and a body", "<html><head><title>a</title></head><body onload=x>b</body></html>", "ab"},
    {"a frame of a title", "<title><script>x</script></title>a", "&lt;script&gt;x&lt;/script&gt;a"},
    {"a noframes", "<noframes><script>x</script></noframes>a", "&lt;script&gt;x&lt;/script&gt;a"},
    {"an image element", "<image src=x onerror=y>a", "<p>a</p>"},
    {"a background", "<table background=\"javascript:x\"><td>a</table>", "a"},
    {"a comment for Internet Explorer", "<!--[if IE]><script>x</script><![endif]-->a", "a"},
    {"a comment that ends with a bang", "<!-- --!><script>x</script> -->", "x --&gt;"},
    {"a comment that never ends", "<!-- <script>x</script>", ""},
    {"a bogus comment", "</ <script>x</script>>", "<p>&lt;/ x&gt;</p>"},
    {"an XML island", "<xml id=x><a><b>&lt;script>y&lt;/script></b></a></xml>",
     "<p><a><b>&lt;script&gt;y&lt;/script&gt;</b></a></p>"},
    {"a processing instruction of a stylesheet", "<?xml-stylesheet href=\"javascript:x\"?>a", "a"},
    {"an entity that would close a tag", "a &lt;/p&gt;&lt;script&gt;b", "<p>a &lt;/p&gt;&lt;script&gt;b</p>"},
    {"an entity without its semicolon", "&ltscript&gtx", "<p>&amp;ltscript&amp;gtx</p>"},
    {"an ampersand before an entity", "&amp;lt;script&amp;gt;", "<p>&amp;lt;script&amp;gt;</p>"},
    {"an entity in UTF-7", "+ADw-script+AD4-x", "<p>+ADw-script+AD4-x</p>"},
    {"a less-than sign of full width", "＜script＞x＜/script＞", "<p>＜script＞x＜/script＞</p>"},
    {"overlong UTF-8", "\xc0\xbcscript\xc0\xbe", "<p>�script�</p>"},
    {"a script broken by a NUL", std::string{"<scr\0ipt>x</scr\0ipt>", 20}, "<p>&lt;scr�ipt&gt;x&lt;/scr�ipt&gt;</p>"},
    {"an end tag that was never opened", "a</p></div></b></script>b", "<p>a</p>b<p></p>"},
    {"many end tags of a body", "a</body></html><script>b</script>", "<p>ab</p>"},
    {"a tag cut at the end", "a<script", "<p>a&lt;script</p>"},
    {"an attribute cut at the end", "a<a href=\"javascript:x", "<p>a&lt;a href=\"javascript:x</p>"},
    {"a bare javascript: stays text", "javascript:alert(1)", "<p>javascript:alert(1)</p>"},
    {"a bare URL with quotes", "http://a.b/\"onclick=\"x",
     "<p><a href=\"http://a.b/\" rel=\"nofollow\">http://a.b/</a>\"onclick=\"x</p>"},
    {"a bare URL with a tag", "http://a.b/<script>x</script>",
     "<p><a href=\"http://a.b/\" rel=\"nofollow\">http://a.b/</a>x</p>"},
    {"a bare URL with entities", "http://a.b/&quot;&gt;&lt;script&gt;",
     "<p><a href=\"http://a.b/\" rel=\"nofollow\">http://a.b/</a>\"&gt;&lt;script&gt;</p>"},
    {"a bare URL in an attribute", "<abbr title=\"http://a.b\">c</abbr>", "<p><abbr title=\"http://a.b\">c</abbr></p>"},
    {"a bare URL that a comment cuts", "http://a.b<!-- c -->/d",
     "<p><a href=\"http://a.b\" rel=\"nofollow\">http://a.b</a>/d</p>"},
    {"a bare URL split by emphasis", "http://a.*b*/c", "<p><a href=\"http://a\" rel=\"nofollow\">http://a</a>.<em>b</em>/c</p>"},
    {"a URL in the text of a stripped tag", "<script>http://a.b</script>",
     "<a href=\"http://a.b\" rel=\"nofollow\">http://a.b</a>"},
    {"a link whose text is another's address", "[http://good.example](http://evil.example)",
     "<p><a href=\"http://evil.example\" rel=\"nofollow\">http://good.example</a></p>"},
};

}  // namespace

TEST_CASE("an attack on a post renders as expected, and a browser finds nothing in it") {
    for (const tests::Pair& pair : attacks) {
        CAPTURE(pair.name);
        CHECK(app::markup::render_post(pair.input) == pair.expected);
        CHECK(tests::find_harm(pair.expected, app::markup::Kind::post) == "");
        CHECK(app::markup::sanitize(pair.expected, app::markup::Kind::post) == pair.expected);
    }
}

TEST_CASE("an attack on a comment leaves nothing that a browser would run") {
    for (const tests::Pair& pair : attacks) {
        CAPTURE(pair.name);
        const std::string html = app::markup::render_comment(pair.input);
        CHECK(tests::find_harm(html, app::markup::Kind::comment) == "");
        CHECK(app::markup::sanitize(html, app::markup::Kind::comment) == html);
    }
}

TEST_CASE("an isindex leaves nothing that a browser would run, whether the parser makes a form of it or is of this decade") {
    using app::markup::Kind;
    for (const Kind kind : {Kind::post, Kind::comment}) {
        const std::string input = "<isindex action=javascript:x prompt=y>a";
        const std::string html = kind == Kind::post ? app::markup::render_post(input) : app::markup::render_comment(input);
        if (kind == Kind::post) CHECK_MESSAGE((html == "<p></p>ya<p></p>" || html == "<p>a</p>"), html);
        CHECK_MESSAGE(html.find('a') != std::string::npos, html);
        CHECK_MESSAGE(tests::find_harm(html, kind) == "", html);
        CHECK(app::markup::sanitize(html, kind) == html);
    }
}

TEST_CASE("harm is found where there is some") {
    const auto harm = [](const char* html) { return tests::find_harm(html, app::markup::Kind::post); };
    CHECK(harm("<p>a <b>b</b></p>") == "");
    CHECK(harm("<script>x</script>") == "script");
    CHECK(harm("<b onclick=\"x\">a</b>") == "b[onclick]");
    CHECK(harm("<a href=\"java\tscript:x\" rel=\"nofollow\">a</a>") == "a[href=java\tscript:x]");
    CHECK(harm("<a href=\"/x\">a</a>") == "a[href=/x]");
    CHECK(harm("<svg></svg>") == "svg");
    CHECK(harm("a<!-- b -->") == "a comment or the like");
    CHECK(tests::find_harm("<p>a</p>", app::markup::Kind::comment) == "p");
}

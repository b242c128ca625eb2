#include "app/web/xml.hpp"

#include <doctest/doctest.h>

#include <pugixml.hpp>

#include "app/base/error.hpp"
#include "app/web/json.hpp"

using app::base::Code;
using app::base::Error;
using namespace app::web;

namespace {

constexpr const char* declaration = "<?xml version=\"1.0\"?>";

std::string xml_of(std::string_view json, std::string_view root = "post") { return to_xml(parse_json(json), root); }

// The text as the only member of a document, written and read by pugixml alone.
std::string carried(std::string_view text) {
    const std::string xml = to_xml(Value::Object{{"body", text}}, "post");
    pugi::xml_document document;
    REQUIRE(document.load_buffer(xml.data(), xml.size(), pugi::parse_default | pugi::parse_ws_pcdata));
    return document.child("post").child_value("body");
}

// What parse_xml_object refuses it with, or what it reads.
std::string problem_of(std::string_view text) {
    try {
        return parse_xml_object(text).object()->empty() ? "nothing" : "something";
    } catch (const Error& error) {
        CHECK(error.code() == Code::invalid);
        return error.message();
    }
}

Value member(std::string_view text, std::string_view name = "body") {
    const Value document = parse_xml_object(text);
    REQUIRE(document.find(name));
    return *document.find(name);
}

std::string repeated(std::string_view text, std::size_t times) {
    std::string out;
    out.reserve(text.size() * times);
    while (times-- > 0) out += text;
    return out;
}

}  // namespace

TEST_CASE("members are elements of their names, null is an empty one, and numbers and flags are as in JSON") {
    CHECK(xml_of(R"({"a":"x","b":null,"c":-7,"d":true,"e":false,"f":0.5,"g":"","h":9223372036854775807})") ==
          std::string(declaration) +
              "<post><a>x</a><b/><c>-7</c><d>true</d><e>false</e><f>0.5</f><g/><h>9223372036854775807</h></post>");
    CHECK(xml_of(R"({"author":{"id":1,"url":"/x"}})") ==
          std::string(declaration) + "<post><author><id>1</id><url>/x</url></author></post>");
    CHECK(xml_of("{}") == std::string(declaration) + "<post/>");
}

TEST_CASE("the items of a list are elements named by its singular") {
    const std::string start = declaration;
    CHECK(xml_of(R"({"posts":[{"id":1},{"id":2}],"count":2})", "posts") ==
          start + "<posts><count>2</count><posts><post><id>1</id></post><post><id>2</id></post></posts></posts>");
    CHECK(xml_of(R"({"items":["a","b"]})", "comments") ==
          start + "<comments><items><comment>a</comment><comment>b</comment></items></comments>");
    CHECK(xml_of(R"({"items":[]})", "comments") == start + "<comments><items/></comments>");
    CHECK(xml_of(R"({"data":[1,[2]]})") == start + "<post><data><item>1</item><item><item>2</item></item></data></post>");
    CHECK(xml_of(R"({"items":[1]})") == start + "<post><items><item>1</item></items></post>");
    CHECK(xml_of(R"(["a"])", "posts") == start + "<posts><post>a</post></posts>");
}

TEST_CASE("markup in a text is escaped, and every character that XML can carry arrives") {
    CHECK(xml_of(R"({"b":"<a href=\"x\">&amp; ]]> 'y'</a>"})") ==
          std::string(declaration) + "<post><b>&lt;a href=\"x\"&gt;&amp;amp; ]]&gt; 'y'&lt;/a&gt;</b></post>");
    for (const std::string text : {"<b>&lt;</b>", "]]>", "<!-- -->", "<![CDATA[x]]>", "&#13;", "a\r\nb\rc\n\td", "\r", " ", "\n",
                                   "  x  ", "\x7f", "\xc2\x85", "\xe2\x80\xa8", "gr\xc3\xbc\xc3\x9f", "\xf0\x9f\x98\x80",
                                   "\xef\xbf\xbd", "\xef\xb7\x90", "\xed\x9f\xbf", "\xee\x80\x80"}) {
        CAPTURE(text);
        CHECK(carried(text) == text);
        CHECK(*member(to_xml(Value::Object{{"body", text}}, "post")).string() == text);
    }
}

TEST_CASE("a carriage return is written as a reference, for else it would arrive as a line feed") {
    CHECK(xml_of(R"({"b":"x\r\ny"})") == std::string(declaration) + "<post><b>x&#13;\ny</b></post>");
}

TEST_CASE("characters that XML cannot carry become U+FFFD") {
    for (char c = 0; c < 0x20; ++c) {
        CAPTURE(static_cast<int>(c));
        const bool allowed = c == '\t' || c == '\n' || c == '\r';
        CHECK(carried(std::string{'a', c, 'b'}) == (allowed ? std::string{'a', c, 'b'}
                                                            : "a\xef\xbf\xbd"
                                                              "b"));
    }
    CHECK(carried("\xef\xbf\xbe\xef\xbf\xbf\xef\xbf\xbd") == "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
}

TEST_CASE("a member that cannot be an element is an error of the program") {
    for (const char* name : {"", "a b", "1a", "/posts/", "<", "-"}) {
        CAPTURE(name);
        CHECK_THROWS_AS(to_xml(Value::Object{{name, 1}}, "post"), const Error&);
    }
}

TEST_CASE("an object of strings is read, whatever its root is called") {
    CHECK(*member("<post><body>Hello</body></post>").string() == "Hello");
    CHECK(*member("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<x>\n  <body>Hello</body>\n</x>\n").string() == "Hello");
    CHECK(*member("\xef\xbb\xbf<x><body>Hello</body></x>").string() == "Hello");
    CHECK(*member("<x a='1'><body lang=\"en\">a<!-- b -->c<?d?><![CDATA[<e>&f;]]></body></x>").string() == "ac<e>&f;");
    CHECK(*member("<x><body> \n </body></x>").string() == " \n ");
    CHECK(*member("<x><body/></x>").string() == "");
    CHECK(*member("<x><body>&lt;&gt;&amp;&quot;&apos;&#65;&#x42;&#13;&#x1F600;</body></x>").string() ==
          "<>&\"'AB\r\xf0\x9f\x98\x80");
    CHECK(*member("<x><body>a\r\nb\rc</body></x>").string() == "a\nb\nc");  // XML 1.0 section 2.11
    CHECK(*member("<x> <author> <id>7</id> </author> </x>", "author").find("id")->string() == "7");
    CHECK(problem_of("<x/>") == "nothing");
    CHECK(problem_of("<x> </x>") == "nothing");
    CHECK(problem_of("<x><!-- y --></x>") == "nothing");
}

TEST_CASE("what is no document of that kind is refused, with the byte where it went wrong") {
    const struct {
        std::string text;
        const char* problem;
    } table[] = {
        {"", "malformed XML: there is no element"},
        {" ", "malformed XML: there is no element"},
        {"hello", "malformed XML: something stands beside the outermost element"},
        {"{\"body\":\"x\"}", "malformed XML: something stands beside the outermost element"},
        {"<a/><b/>", "malformed XML: something stands beside the outermost element"},
        {"<a/>x", "malformed XML: something stands beside the outermost element"},
        {"<a>x</a>", "text beside elements, or in the outermost one, at byte 4"},
        {"<a>x<b/></a>", "text beside elements, or in the outermost one, at byte 4"},
        {"<a><b>1</b><b>2</b></a>", "a second element \"b\" in one element at byte 13"},
        {"<a><b><c/><c/></b></a>", "a second element \"c\" in one element at byte 12"},
        {"<a><b></a>", "malformed XML at byte 9"},
        {"<a", "malformed XML at byte 2"},
        {"<a b></a>", "malformed XML at byte 6"},
        {"<1/>", "malformed XML at byte 2"},
        {"<a>\x01</a>", "a character that XML cannot carry at byte 4"},
        {std::string("<a>\0</a>", 8), "a character that XML cannot carry at byte 4"},
        {"<a>\xef\xbf\xbf</a>", "a character that XML cannot carry at byte 4"},
        {"<a><b>\xff</b></a>", "the XML is not UTF-8"},
        {"<a><b>\xed\xa0\x80</b></a>", "the XML is not UTF-8"},
        {"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a/>", "the XML declares an encoding that is not UTF-8"},
        {"<a><!-- ", "malformed XML: no --> for what begins at byte 4"},
        {"<a><b><![CDATA[x</b></a>", "malformed XML: no ]]> for what begins at byte 7"},
        {"<?x", "malformed XML: no ?> for what begins at byte 1"},
        {"<a><b>&nbsp;</b></a>", "an unknown XML entity at byte 7"},
        {"<a b=\"&c;\"/>", "an unknown XML entity at byte 7"},
        {"<a><b>a & b</b></a>", "an unknown XML entity at byte 9"},
        {"<a><b>&#0;</b></a>", "an unknown XML entity at byte 7"},
        {"<a><b>&#xD800;</b></a>", "an unknown XML entity at byte 7"},
        {"<a><b>&#xFFFF;</b></a>", "an unknown XML entity at byte 7"},
        {"<a><b>&#1114112;</b></a>", "an unknown XML entity at byte 7"},
        {"<a><b>&#99999999999;</b></a>", "an unknown XML entity at byte 7"},
        {"<a><b>&#-1;</b></a>", "an unknown XML entity at byte 7"},
        {"<a><b>&#;&#x;&;</b></a>", "an unknown XML entity at byte 7"},
        {"<!DOCTYPE a><a/>", "a DOCTYPE or another declaration, which is not read here, at byte 1"},
        {"<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a><b>&x;</b></a>",
         "a DOCTYPE or another declaration, which is not read here, at byte 1"},
        {"<a><!ENTITY x \"y\"></a>", "a DOCTYPE or another declaration, which is not read here, at byte 4"},
    };
    for (const auto& [text, problem] : table) {
        CAPTURE(text);
        CHECK(problem_of(text) == problem);
    }
}

TEST_CASE("64 levels are read, one more is not") {
    const auto nested = [](std::size_t levels) { return repeated("<a>", levels) + repeated("</a>", levels); };
    CHECK(problem_of(nested(64)) == "something");
    CHECK(problem_of(nested(65)) == "XML nested deeper than 64 elements at byte 194");
}

TEST_CASE("bombs of four megabytes are refused") {
    constexpr std::size_t bytes = 4 * 1024 * 1024;
    CHECK(problem_of(repeated("<a>", bytes / 3)) == "more than 10000 XML elements at byte 30001");
    CHECK(problem_of(repeated("<a>", bytes / 7) + repeated("</a>", bytes / 7)) == "more than 10000 XML elements at byte 30001");
    CHECK(problem_of("<a>" + repeated("<b/>", bytes / 4) + "</a>") == "more than 10000 XML elements at byte 40000");
    CHECK(problem_of("<a>" + repeated("&amp;", bytes / 5) + "</a>") ==
          "text beside elements, or in the outermost one, at byte 4");
    CHECK(problem_of(repeated("<!--", bytes / 4)) == "malformed XML: no --> for what begins at byte 1");
    CHECK(problem_of("<a " + repeated("b=\"\" ", bytes / 5)).starts_with("malformed XML at byte"));
    CHECK(member("<a><body>" + std::string(bytes, 'x') + "</body></a>").string()->size() == bytes);

    std::string laughs = "<!DOCTYPE a [<!ENTITY a0 \"ha\">";
    for (int i = 1; i < 10; ++i)
        laughs += "<!ENTITY a" + std::to_string(i) + " \"" + repeated("&a" + std::to_string(i - 1) + ";", 10) + "\">";
    CHECK(problem_of(laughs + "]><a><body>&a9;</body></a>") ==
          "a DOCTYPE or another declaration, which is not read here, at byte 1");
}

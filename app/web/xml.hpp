// XML (1.0, fifth edition) as another way to write a JSON document and to send one: to_xml writes a Value as elements,
// parse_xml_object reads elements into one. The one home of pugixml. What is dangerous about XML is refused: a DOCTYPE, and so any
// entity of one's own, internal or external.
#pragma once

#include <string>
#include <string_view>

#include "app/web/value.hpp"

namespace app::web {

// The document as the element `root`: an object's members are elements of their names; a list's items are elements named by the
// singular of the list's name ("posts" -> "post"; "items" -> the singular of the root; "item" where there is none); null is an
// empty element. Characters that XML cannot carry become U+FFFD, a carriage return is written as &#13;. Strings are UTF-8.
// Throws internal for a member whose name cannot be an element's.
std::string to_xml(const Value& document, std::string_view root);

// The members of the root element, whatever that is called: an element with elements in it is an object, any other a string: its
// text as it stands there. Attributes, comments and processing instructions are passed over. Throws invalid, with the byte where
// it went wrong, for what is malformed, not UTF-8 (or declared to be something else), nested deeper than 64 elements, has more than
// 10,000 of them, two of one name in one element, or text beside elements; for a DOCTYPE and for entities but the five of XML.
Value parse_xml_object(std::string_view text);

}  // namespace app::web

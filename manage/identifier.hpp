// Names that become names of C++ things and of tables.
#pragma once

#include <string>
#include <string_view>

namespace manage {

// Throws invalid unless the text is a C++ identifier in snake_case: a-z, 0-9 and single _, with a letter first and no _ at the end, at
// most 32 of them, no keyword and no name that something of ours has everywhere. `what` is for the error: "a blueprint's name".
void check_identifier(std::string_view what, std::string_view name);

// The same for what is a column too: no word that SQL keeps for itself.
void check_column(std::string_view what, std::string_view name);

// "blog_post" -> "BlogPost".
std::string pascal_case(std::string_view name);

// "blog_post" -> "blog-post".
std::string with_hyphens(std::string_view name);

// "post" -> "posts", "category" -> "categories", "box" -> "boxes".
std::string plural(std::string_view name);

}  // namespace manage

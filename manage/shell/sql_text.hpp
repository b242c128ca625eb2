// What can be said of a statement without understanding it.
#pragma once

#include <string_view>

namespace manage::shell {

// Without blanks around it and without the semicolon at its end. Throws invalid when it is empty, or when there is more than one
// statement: a database would run the first one only.
std::string_view single_statement(std::string_view sql);

// Whether it only asks, as far as one can see: SELECT, SHOW and their like, WITH before a SELECT, a PRAGMA that sets nothing. What is
// no query for sure is a write: read-only shells refuse it, and a reading connection would.
bool is_query(std::string_view statement);

}  // namespace manage::shell

// What the names of an account look like, and when two of them are the same: its e-mail address and its username. Pure rules;
// whether somebody has the name already is user.hpp's matter.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/base/error.hpp"

namespace app::models {

// The form in which addresses are stored and compared: without blanks around, ASCII letters in lower case.
std::string canonical_email(std::string_view email);

// Whether a canonical address has the shape of one: at most 254 bytes of UTF-8 without blanks and control characters, a local part
// of 1 to 64 bytes without the specials of RFC 5322, one '@', and a domain of labels of 1 to 63 bytes (letters, digits, '-'
// inside, and any other language's characters). Quoted local parts and address literals are not taken.
bool is_email(std::string_view canonical) noexcept;

// Whether it is an ASCII letter followed by up to 63 letters, digits, '_' and '.'.
bool is_username(std::string_view username) noexcept;

// What is wrong with the names of a new account, for people: a fault each for /email and /username that is not as above.
std::vector<base::FieldError> find_name_faults(std::string_view canonical_email, std::string_view username);

// Two usernames with the same key are the same name.
std::string username_key(std::string_view username);

}  // namespace app::models

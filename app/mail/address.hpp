// Who sends a mail and who gets it: an e-mail address with a name to show. Every address is checked where it comes in, so that no
// line end or angle in one can ever add a header or a recipient. Any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace app::mail {

struct Address {
    std::string name = {};  // UTF-8, may be empty: "戴瓦"
    std::string email;      // "ada@dewar.example"; the domain may be of any language
};

// "ada@dewar.example", "<ada@dewar.example>", "Ada <ada@dewar.example>" or "\"Ada, L.\" <ada@dewar.example>"; nothing for all else.
std::optional<Address> parse_address(std::string_view text);

// Throws invalid unless the address can be put on a wire: a local part of ASCII without blanks, quotes, angles and control characters
// (RFC 5321's dot-string; SMTPUTF8 is not spoken), one '@', a domain that DNS could know, at most 254 bytes, and a name that is UTF-8
// without control characters. The message names the address.
void require_valid(const Address& address);

// The address with its domain as DNS has it: "ada@xn--mnchen-3ya.example" (IDNA 2008, RFC 5891). Throws as require_valid does.
std::string to_wire(std::string_view email);

// A host's name as DNS has it; one in ASCII stays as it is. Throws invalid if it cannot be converted.
std::string host_to_wire(const std::string& host);

// What follows the '@' of to_wire.
std::string domain_of(std::string_view email);

}  // namespace app::mail

// One mail: who, to whom, what. It goes out as MIME (RFC 2045) with the text in both forms; smtp_mime.cpp writes the bodies, with
// libcurl, and header_lines() below what stands above them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/base/clock.hpp"
#include "app/mail/address.hpp"

namespace app::mail {

struct Message {
    Address from;
    std::vector<Address> to;  // at least one
    std::string subject;      // UTF-8, one line
    std::string text, html;   // UTF-8, lines ending with \n or \r\n; text is for those who read no HTML
    std::string message_id;   // of new_message_id; the same in each attempt, so that a mail that comes twice is seen as one
    base::Timestamp date;
};

// "Xb5...@dewar.example": random, on the sender's domain. Throws what to_wire throws.
std::string new_message_id(const Address& from);

// Throws invalid when an address is not valid, the subject has line ends or other control characters, nobody is to get it, or
// something is no UTF-8.
void require_valid(const Message& message);

// The lines From, To, Subject, Date, Message-ID and Auto-Submitted (RFC 3834), without their ends, each folded at 76 characters with
// \r\n and a blank (RFC 5322 section 2.2.3). What is not ASCII is in encoded words (RFC 2047), domains in punycode. Throws as
// require_valid does.
std::vector<std::string> header_lines(const Message& message);

}  // namespace app::mail

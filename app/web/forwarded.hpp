// Who a request is from when proxies stand in front of the server. A proxy tells whom it forwards for in X-Forwarded-For or in
// Forwarded (RFC 7239), but so can any client: these headers count only where the socket's other end is a proxy of the config.
// Every proxy appends what it saw, so the list is read from its right end, and only as far as trusted proxies wrote it.
//
// One of the two headers is the one that the proxies set, by config, and the other is never looked at: else a client could send
// the one that its proxy passes on unread. X-Forwarded-Proto goes with X-Forwarded-For, a proxy that sets one has to set both;
// with Forwarded it is `proto`.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/base/address.hpp"
#include "app/web/request.hpp"

namespace app::web {

enum class ForwardedHeader { x_forwarded_for, forwarded };

struct Client {
    std::string address;      // as to_string writes it
    std::string_view scheme;  // "http" or "https"

    bool operator==(const Client&) const = default;
};

// Made once; then any thread.
class Proxies {
   public:
    Proxies() = default;  // none is trusted

    // `networks` as base::parse_network reads them; throws invalid for another one.
    Proxies(std::span<const std::string> networks, ForwardedHeader header);

    bool empty() const noexcept { return networks_.empty(); }

    // The client that the trusted proxies tell of, or nothing when request.peer is no trusted proxy. It is the first address from
    // the right that is not trusted, else the leftmost one. An entry that holds no address ends the way (the one before it
    // counts): it is malformed, hidden, "unknown", or made by somebody whom nobody vouches for. The scheme is what the last proxy
    // says, if it says http or https, else the request's own.
    std::optional<Client> find_client(const Request& request) const;

   private:
    bool trusts(const base::Address& address) const noexcept;

    std::vector<base::Network> networks_;
    ForwardedHeader header_ = ForwardedHeader::x_forwarded_for;
};

// The node of an entry: "192.0.2.1", "192.0.2.1:4711", "2001:db8::1", "[2001:db8::1]" or "[2001:db8::1]:4711" (RFC 7239 section 6;
// the third is no node there, but X-Forwarded-For has it so). Nothing for "unknown", "_hidden" and what is malformed.
std::optional<base::Address> parse_node(std::string_view text) noexcept;

// One proxy's element of a Forwarded header, with the quotes and their escapes taken off. Nothing when malformed (RFC 7239 section
// 4): a parameter comes twice, a name is no token, a value neither a token nor quoted.
struct ForwardedElement {
    std::string node;   // of for=; empty: not told
    std::string proto;  // of proto=, as sent
};
std::optional<ForwardedElement> parse_forwarded_element(std::string_view text);

// Cuts the last element off a comma-separated list, without the blanks around it; commas between quotes do not part. It is cut from
// the right, so that nothing which a client wrote at the left, such as a quote that is never closed, changes what stands right of it.
std::string_view take_last_element(std::string_view& list) noexcept;

}  // namespace app::web

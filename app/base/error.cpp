#include "app/base/error.hpp"

#include <system_error>
#include <utility>

namespace app::base {

std::string system_message(int error) { return std::generic_category().message(error); }

const char* to_string(Code code) noexcept {
    switch (code) {
        case Code::invalid: return "invalid";
        case Code::unauthorized: return "unauthorized";
        case Code::forbidden: return "forbidden";
        case Code::not_found: return "not_found";
        case Code::method: return "method";
        case Code::not_acceptable: return "not_acceptable";
        case Code::conflict: return "conflict";
        case Code::precondition: return "precondition";
        case Code::too_large: return "too_large";
        case Code::unprocessable: return "unprocessable";
        case Code::unsupported: return "unsupported";
        case Code::too_many: return "too_many";
        case Code::unavailable: return "unavailable";
        case Code::internal: return "internal";
    }
    return "unknown";
}

Error::Error(Code code, std::string message, std::string detail, std::vector<FieldError> fields)
    : std::runtime_error(detail.empty() ? message : message + " (" + detail + ")"),
      code_(code),
      message_(std::move(message)),
      detail_(std::move(detail)),
      fields_(std::move(fields)) {}

}  // namespace app::base

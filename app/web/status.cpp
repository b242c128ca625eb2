#include "app/web/status.hpp"

namespace app::web {

int status_of(base::Code code) noexcept {
    switch (code) {
        case base::Code::invalid: return 400;
        case base::Code::unauthorized: return 401;
        case base::Code::forbidden: return 403;
        case base::Code::not_found: return 404;
        case base::Code::method: return 405;
        case base::Code::not_acceptable: return 406;
        case base::Code::conflict: return 409;
        case base::Code::precondition: return 412;
        case base::Code::too_large: return 413;
        case base::Code::unprocessable: return 422;
        case base::Code::unsupported: return 415;
        case base::Code::too_many: return 429;
        case base::Code::unavailable: return 503;
        case base::Code::internal: return 500;
    }
    return 500;
}

std::string_view reason_phrase(int status) noexcept {
    switch (status) {
        case 200: return "OK";
        case 201: return "Created";
        case 202: return "Accepted";
        case 204: return "No Content";
        case 206: return "Partial Content";
        case 301: return "Moved Permanently";
        case 302: return "Found";
        case 303: return "See Other";
        case 304: return "Not Modified";
        case 307: return "Temporary Redirect";
        case 308: return "Permanent Redirect";
        case 400: return "Bad Request";
        case 401: return "Unauthorized";
        case 403: return "Forbidden";
        case 404: return "Not Found";
        case 405: return "Method Not Allowed";
        case 406: return "Not Acceptable";
        case 408: return "Request Timeout";
        case 409: return "Conflict";
        case 410: return "Gone";
        case 411: return "Length Required";
        case 412: return "Precondition Failed";
        case 413: return "Content Too Large";
        case 414: return "URI Too Long";
        case 415: return "Unsupported Media Type";
        case 416: return "Range Not Satisfiable";
        case 417: return "Expectation Failed";
        case 422: return "Unprocessable Content";
        case 428: return "Precondition Required";
        case 429: return "Too Many Requests";
        case 431: return "Request Header Fields Too Large";
        case 500: return "Internal Server Error";
        case 501: return "Not Implemented";
        case 503: return "Service Unavailable";
        case 505: return "HTTP Version Not Supported";
        default: return "Unknown";
    }
}

}  // namespace app::web

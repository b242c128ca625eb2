#include "app/web/multipart.hpp"

#include <algorithm>

#include "app/base/error.hpp"
#include "app/base/text.hpp"
#include "app/web/negotiation.hpp"
#include "app/web/token.hpp"

namespace app::web {
namespace {

constexpr std::size_t part_head_bytes_max = 8192;

[[noreturn]] void refuse(const std::string& why) { throw base::Error(base::Code::invalid, "the multipart form " + why); }

bool has_control(std::string_view text) {
    return std::ranges::any_of(text, [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F; });
}

// Removes `text` from the beginning of `rest` when it is there.
bool take(std::string_view& rest, std::string_view text) {
    if (!rest.starts_with(text)) return false;
    rest.remove_prefix(text.size());
    return true;
}

void take_blanks(std::string_view& rest) {
    while (take(rest, " ") || take(rest, "\t")) {
    }
}

// A quoted string, or what stands before the next blank or semicolon. A backslash escapes a quote and itself only: old browsers
// sent whole Windows paths as names of files.
std::optional<std::string> take_value(std::string_view& rest) {
    std::string value;
    if (!take(rest, "\"")) {
        const auto end = std::min(rest.find_first_of(" \t;"), rest.size());
        value = rest.substr(0, end);
        rest.remove_prefix(end);
        if (!is_token(value)) return std::nullopt;
        return value;
    }
    while (!rest.empty()) {
        if (take(rest, "\"")) return value;
        if (rest.starts_with("\\\"") || rest.starts_with("\\\\")) rest.remove_prefix(1);
        value += rest.front();
        rest.remove_prefix(1);
    }
    return std::nullopt;
}

struct Parameter {
    std::string name;  // in lower case
    std::string value;
};

// `; name=value; name="value"` up to the end; nothing when it is not that or a name occurs twice.
std::optional<std::vector<Parameter>> parse_parameters(std::string_view rest) {
    std::vector<Parameter> parameters;
    for (take_blanks(rest); !rest.empty(); take_blanks(rest)) {
        if (!take(rest, ";")) return std::nullopt;
        take_blanks(rest);
        const auto equals = rest.find('=');
        if (equals == std::string_view::npos || !is_token(rest.substr(0, equals))) return std::nullopt;
        std::string name = base::to_lower_ascii(rest.substr(0, equals));
        rest.remove_prefix(equals + 1);
        std::optional<std::string> value = take_value(rest);
        if (!value || parameters.size() == 10 || std::ranges::find(parameters, name, &Parameter::name) != parameters.end())
            return std::nullopt;
        parameters.push_back({std::move(name), std::move(*value)});
    }
    return parameters;
}

void read_disposition(std::string_view value, Part& part) {
    const auto end = std::min(value.find(';'), value.size());
    const auto parameters = parse_parameters(value.substr(end));
    if (!base::equal_ignoring_case(base::trim(value.substr(0, end)), "form-data") || !parameters)
        refuse("has a part whose Content-Disposition is not form-data with a name");
    bool has_name = false;
    for (const Parameter& parameter : *parameters) {
        if (parameter.name != "name" && parameter.name != "filename") continue;  // RFC 7578 section 4.2 has no others
        if (!base::is_utf8(parameter.value) || has_control(parameter.value) || parameter.value.find('\t') != std::string::npos)
            refuse("has a name that is not UTF-8 or holds control characters");
        if (parameter.name == "name") {
            part.name = parameter.value;
            has_name = true;
        } else {
            part.filename = parameter.value;
        }
    }
    if (!has_name) refuse("has a part without a name");
}

// The header lines of a part, without the empty one.
void read_head(std::string_view head, Part& part) {
    bool has_disposition = false;
    bool has_type = false;
    while (!head.empty()) {
        const auto end = head.find("\r\n");
        const std::string_view line = head.substr(0, end);
        head.remove_prefix(end + 2);
        const auto colon = line.find(':');
        if (colon == std::string_view::npos || !is_token(line.substr(0, colon)) || has_control(line))
            refuse("has a part with a malformed header");
        const std::string name = base::to_lower_ascii(line.substr(0, colon));
        const std::string_view value = base::trim(line.substr(colon + 1));
        if (name == "content-disposition") {
            if (has_disposition) refuse("has a part with two Content-Dispositions");
            has_disposition = true;
            read_disposition(value, part);
        } else if (name == "content-type") {
            if (has_type) refuse("has a part with two Content-Types");
            has_type = true;
            part.content_type = value;
        } else if (name == "content-transfer-encoding") {
            const std::string coding = base::to_lower_ascii(value);
            if (coding != "7bit" && coding != "8bit" && coding != "binary") refuse("has a part with a transfer encoding");
        }
    }
    if (!has_disposition) refuse("has a part without Content-Disposition");
}

}  // namespace

std::optional<std::string> find_boundary(std::string_view content_type) {
    if (media_type(content_type) != "multipart/form-data") return std::nullopt;
    const auto parameters = parse_parameters(content_type.substr(std::min(content_type.find(';'), content_type.size())));
    if (!parameters) return std::nullopt;
    const auto found = std::ranges::find(*parameters, "boundary", &Parameter::name);
    if (found == parameters->end() || found->value.empty() || found->value.size() > 70 || found->value.back() == ' ')
        return std::nullopt;
    const auto is_allowed = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
               std::string_view{"'()+_,-./:=? "}.find(c) != std::string_view::npos;
    };
    if (!std::ranges::all_of(found->value, is_allowed)) return std::nullopt;
    return found->value;
}

std::vector<Part> parse_multipart(std::string_view body, std::string_view boundary, std::size_t parts_max) {
    const std::string delimiter = "\r\n--" + std::string{boundary};
    std::vector<Part> parts;
    // The first delimiter is without the line's end before it.
    if (!take(body, std::string_view{delimiter}.substr(2))) refuse("does not begin with its boundary");
    for (;;) {
        if (take(body, "--")) {
            if (!body.empty() && body != "\r\n") refuse("goes on after its end");
            return parts;
        }
        if (!take(body, "\r\n")) refuse("has a line that begins with its boundary and goes on");
        if (parts.size() == parts_max)
            throw base::Error(base::Code::too_large, "the multipart form has more than " + std::to_string(parts_max) + " parts");
        // With the line's end of the last header line, which belongs to the lines.
        const auto head_end = body.substr(0, part_head_bytes_max).find("\r\n\r\n");
        if (head_end == std::string_view::npos) refuse("has a part whose headers are too large or do not end");
        Part part;
        read_head(body.substr(0, head_end + 2), part);
        body.remove_prefix(head_end + 4);
        const auto content_end = body.find(delimiter);
        if (content_end == std::string_view::npos) refuse("ends before its last boundary");
        part.content = body.substr(0, content_end);
        body.remove_prefix(content_end + delimiter.size());
        parts.push_back(std::move(part));
    }
}

}  // namespace app::web

#include "app/maintenance/notice.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "app/base/address.hpp"
#include "app/base/error.hpp"
#include "app/base/new_file.hpp"
#include "app/web/json.hpp"

namespace app::maintenance {
namespace {

using base::Code;
using base::Error;

constexpr std::streamsize file_bytes_max = 65536;

std::string read(const std::string& path) {
    std::string text(static_cast<std::size_t>(file_bytes_max) + 1, '\0');
    std::ifstream file(path, std::ios::binary);
    if (!file) throw Error(Code::unavailable, "cannot read " + path + ": " + std::strerror(errno));
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (file.bad()) throw Error(Code::unavailable, "cannot read " + path);
    if (file.gcount() > file_bytes_max) throw Error(Code::invalid, "it is longer than a notice can be");
    text.resize(static_cast<std::size_t>(file.gcount()));
    return text;
}

void take(std::string& field, const std::string& name, const web::Value& value) {
    if (!value.string()) throw Error(Code::invalid, name + " is no text");
    field = *value.string();
}

Notice parse(const std::string& text) {
    const web::Value document = web::parse_json(text);
    if (!document.object()) throw Error(Code::invalid, "it is no JSON object");
    Notice notice;
    for (const auto& [name, value] : *document.object()) {
        if (name == "message") {
            take(notice.message, name, value);
        } else if (name == "since") {
            take(notice.since, name, value);
        } else if (name == "retry_after_s") {
            if (!value.integer()) throw Error(Code::invalid, name + " is no number of seconds");
            notice.retry_after = std::chrono::seconds(*value.integer());
        } else if (name == "allow") {
            if (!value.list()) throw Error(Code::invalid, name + " is no list of addresses");
            for (const web::Value& one : *value.list()) take(notice.allow.emplace_back(), name, one);
        } else {
            throw Error(Code::invalid, "it has a member " + name + ", which means nothing");
        }
    }
    if (const auto fault = find_fault(notice)) throw Error(Code::invalid, *fault);
    return notice;
}

bool is_control(char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }

}  // namespace

bool Notice::allows(std::string_view address) const noexcept {
    const auto client = base::parse_address(address);
    return client && std::ranges::any_of(allow, [&](const std::string& one) {
               const auto network = base::parse_network(one);
               return network && network->contains(*client);
           });
}

std::optional<std::string> find_fault(const Notice& notice) {
    if (notice.message.empty() || notice.message.size() > Notice::message_bytes_max ||
        std::ranges::any_of(notice.message, is_control)) {
        return "the message is one line of at most " + std::to_string(Notice::message_bytes_max) + " bytes";
    }
    if (notice.retry_after < std::chrono::seconds(1) || notice.retry_after > Notice::retry_after_max) {
        return "clients may be told to come back after 1 to " + std::to_string(Notice::retry_after_max.count()) + " seconds";
    }
    for (const std::string& one : notice.allow) {
        if (!base::parse_network(one)) return one + " is neither an address nor a network such as 192.0.2.0/24";
    }
    return std::nullopt;
}

std::optional<Notice> find_notice(const std::string& path) {
    struct stat found{};
    if (::stat(path.c_str(), &found) != 0) {
        if (errno == ENOENT) return std::nullopt;
        throw Error(Code::unavailable, "cannot read " + path + ": " + std::strerror(errno));
    }
    try {
        return parse(read(path));
    } catch (const Error& error) {
        if (error.code() != Code::invalid) throw;
        throw Error(Code::invalid, path + " is no notice of maintenance: " + error.message());
    }
}

void write_notice(const std::string& path, const Notice& notice) {
    std::string text;
    web::JsonWriter json(text);
    json.begin_object().key("allow").begin_array();
    for (const std::string& one : notice.allow) json.value(one);
    json.end_array()
        .field("message", notice.message)
        .field("retry_after_s", notice.retry_after.count())
        .field("since", notice.since)
        .end_object();

    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    std::error_code failure;
    if (!folder.empty()) std::filesystem::create_directories(folder, failure);
    if (failure) throw Error(Code::unavailable, "cannot make the folder " + folder.string() + ": " + failure.message());
    base::NewFile file(path, base::NewFile::Existing::replace);
    file.write(text + "\n");
    if (::chmod(file.temporary_path().c_str(), 0644) != 0) {  // the server may be another account's
        throw Error(Code::unavailable, "cannot let others read " + path + ": " + std::strerror(errno));
    }
    file.keep();
}

bool remove_notice(const std::string& path) {
    std::error_code failure;
    const bool was_there = std::filesystem::remove(path, failure);
    if (failure) throw Error(Code::unavailable, "cannot remove " + path + ": " + failure.message());
    return was_there;
}

}  // namespace app::maintenance

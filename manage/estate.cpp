#include "manage/estate.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <utility>

#include "app/web/json.hpp"

namespace manage {

using app::base::Descriptor;
using app::web::Value;

namespace {

constexpr const char* estate_variable = "DEWAR_ESTATE";

std::array<int, 3> descriptors(const Estate& estate) {
    return {estate.port.socket(), estate.pid_file.descriptor(), estate.socket.descriptor()};
}

}  // namespace

std::optional<Estate> Estate::of_environment() {
    const char* text = std::getenv(estate_variable);
    if (text == nullptr) return std::nullopt;
    const Value saved = app::web::parse_json(text);
    ::unsetenv(estate_variable);
    const auto number = [&saved](std::string_view name) -> std::int64_t {
        const std::int64_t* value = saved.find_integer(name);
        return value ? *value : -1;
    };
    if (number("process") != ::getpid()) return std::nullopt;  // of another process, which has lost it
    const auto descriptor = [&number](std::string_view name) { return Descriptor(static_cast<int>(number(name))); };
    const std::string* path = saved.find_string("pid_file");
    if (path == nullptr) return std::nullopt;
    Estate estate{app::http::Port(descriptor("port")), PidFile(*path, descriptor("lock")), NotifySocket(descriptor("socket")),
                  app::base::from_microseconds(number("since"))};
    estate.take_back();
    if (const Value* supervision = saved.find("supervision")) estate.supervision = *supervision;
    return estate;
}

void Estate::bequeath(Value saved_supervision) const {
    const Value all = Value::Object{{"process", static_cast<int>(::getpid())},
                                    {"port", port.socket()},
                                    {"pid_file", pid_file.path()},
                                    {"lock", pid_file.descriptor()},
                                    {"socket", socket.descriptor()},
                                    {"since", app::base::to_microseconds(since)},
                                    {"supervision", std::move(saved_supervision)}};
    for (const int descriptor : descriptors(*this)) ::fcntl(descriptor, F_SETFD, 0);
    ::setenv(estate_variable, app::web::to_json(all).c_str(), 1);
}

void Estate::take_back() const {
    for (const int descriptor : descriptors(*this)) ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    ::unsetenv(estate_variable);
}

}  // namespace manage

#include "tests/integration/support/browser.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <system_error>
#include <thread>

#include "app/base/text.hpp"
#include "app/web/json.hpp"

namespace tests {

using app::web::Value;
using Object = Value::Object;

namespace {

constexpr std::chrono::seconds patience{60};
constexpr int commands_descriptor = 3, events_descriptor = 4;  // where --remote-debugging-pipe has them

struct Pipe {
    int reads = -1;
    int writes = -1;

    // Both out of the way of the two numbers above.
    Pipe() {
        int ends[2];
        if (pipe2(ends, O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
        reads = fcntl(ends[0], F_DUPFD_CLOEXEC, 10);
        writes = fcntl(ends[1], F_DUPFD_CLOEXEC, 10);
        close(ends[0]);
        close(ends[1]);
    }
};

std::string text_at(const Value& value, std::initializer_list<std::string_view> names) {
    const Value* found = &value;
    for (const auto name : names) {
        found = found->find(name);
        if (!found) return {};
    }
    return found->string() ? *found->string() : std::string{};
}

struct Key {
    std::string_view name;
    std::int64_t code;
    std::string_view text;
};
constexpr Key keys[] = {{"Tab", 9, ""}, {"Enter", 13, "\r"}, {"Space", 32, " "}};

}  // namespace

Browser::Browser() {
    const std::string profile = "--user-data-dir=" + profile_.path().string();
    const char* const arguments[] = {"chromium",
                                     "--headless=new",
                                     "--no-sandbox",
                                     "--disable-gpu",
                                     "--no-first-run",
                                     "--disable-dev-shm-usage",
                                     "--hide-scrollbars",
                                     profile.c_str(),
                                     "--remote-debugging-pipe",
                                     "--disable-extensions",
                                     "about:blank",
                                     nullptr};
    std::signal(SIGPIPE, SIG_IGN);
    const Pipe commands, events;
    const int nowhere = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    pid_ = fork();
    if (pid_ == 0) {  // nothing here but what is safe after the fork of a program with threads
        setpgid(0, 0);
        for (const int descriptor : {0, 1, 2}) dup2(nowhere, descriptor);
        dup2(commands.reads, commands_descriptor);
        dup2(events.writes, events_descriptor);
        execvp(arguments[0], const_cast<char* const*>(arguments));
        _exit(127);
    }
    for (const int descriptor : {commands.reads, events.writes, nowhere}) close(descriptor);
    to_browser_ = commands.writes;
    from_browser_ = events.reads;
    if (pid_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
    const std::string target = text_at(call("Target.createTarget", {{"url", "about:blank"}}), {"targetId"});
    session_ = text_at(call("Target.attachToTarget", {{"targetId", target}, {"flatten", true}}), {"sessionId"});
    for (const char* domain : {"Page.enable", "Runtime.enable", "Log.enable"}) call(domain);
    show_on({});
}

Browser::~Browser() {
    close(to_browser_);
    close(from_browser_);
    if (pid_ <= 0) return;
    kill(-pid_, SIGKILL);  // with the processes that it started
    waitpid(pid_, nullptr, 0);
}

void Browser::show_on(const Screen& screen) {
    call("Emulation.setDeviceMetricsOverride",
         {{"width", screen.width}, {"height", screen.height}, {"deviceScaleFactor", 1}, {"mobile", false}});
    Value::List features{Object{{"name", "prefers-color-scheme"}, {"value", screen.is_dark ? "dark" : "light"}}};
    call("Emulation.setEmulatedMedia", {{"features", std::move(features)}});
}

void Browser::open(const std::string& url) {
    call("Page.navigate", {{"url", url}});
    wait_until("location.href === " + app::web::to_json(url) + " && document.readyState === 'complete'");
}

Value Browser::evaluate(std::string_view expression) {
    const Value answer = call("Runtime.evaluate", {{"expression", expression}, {"awaitPromise", true}, {"returnByValue", true}});
    if (const Value* thrown = answer.find("exceptionDetails")) throw std::runtime_error(app::web::to_json(*thrown));
    const Value* value = answer.find("result")->find("value");
    return value ? *value : Value{};
}

void Browser::wait_until(std::string_view expression) {
    const auto is_so = [&] {
        try {
            return evaluate(expression) == Value{true};
        } catch (const std::runtime_error& error) {  // another page may be on its way, which is what is waited for
            if (std::string_view(error.what()).find("Inspected target navigated") == std::string_view::npos) throw;
            return false;
        }
    };
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (!is_so()) {
        if (std::chrono::steady_clock::now() > deadline)
            throw std::runtime_error("waited in vain for " + std::string(expression));
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
}

void Browser::type(std::string_view text) { call("Input.insertText", {{"text", text}}); }

void Browser::press(std::string_view name) {
    for (const Key& key : keys) {
        if (key.name != name) continue;
        const Object common{{"key", key.text == " " ? " " : key.name}, {"code", key.name}, {"windowsVirtualKeyCode", key.code}};
        Object down = common, up = common;
        down["type"] = key.text.empty() ? "rawKeyDown" : "keyDown";
        if (!key.text.empty()) down["text"] = key.text;
        up["type"] = "keyUp";
        call("Input.dispatchKeyEvent", std::move(down));
        call("Input.dispatchKeyEvent", std::move(up));
        return;
    }
    throw std::runtime_error("no key is called " + std::string(name));
}

std::string Browser::screenshot() {
    const std::string data = text_at(call("Page.captureScreenshot", {{"captureBeyondViewport", true}}), {"data"});
    return app::base::base64_decode(data).value_or("");
}

Value Browser::call(std::string_view method, Object parameters) {
    const std::int64_t id = ++calls_;
    Object message{{"id", id}, {"method", method}, {"params", std::move(parameters)}};
    if (!session_.empty()) message["sessionId"] = session_;
    const std::string text = app::web::to_json(std::move(message)) + '\0';
    for (std::size_t sent = 0; sent < text.size();) {
        const ssize_t count = write(to_browser_, text.data() + sent, text.size() - sent);
        if (count < 0) throw std::runtime_error("chromium has ended; is it installed?");
        sent += static_cast<std::size_t>(count);
    }
    for (;;) {
        const Value answer = receive();
        const Value* answered = answer.find("id");
        if (!answered) {
            note(answer);
        } else if (*answered == Value{id}) {
            if (const Value* error = answer.find("error")) {
                throw std::runtime_error(std::string(method) + ": " + app::web::to_json(*error));
            }
            return *answer.find("result");
        }
    }
}

Value Browser::receive() {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    for (;;) {
        if (const auto end = received_.find('\0'); end != std::string::npos) {
            Value message = app::web::parse_json(std::string_view{received_}.substr(0, end), 512);
            received_.erase(0, end + 1);
            return message;
        }
        pollfd waiting{from_browser_, POLLIN, 0};
        if (std::chrono::steady_clock::now() > deadline) throw std::runtime_error("chromium is silent");
        if (poll(&waiting, 1, 1000) <= 0) continue;
        char buffer[65536];
        const ssize_t count = read(from_browser_, buffer, sizeof buffer);
        if (count <= 0) throw std::runtime_error("chromium has ended; is it installed?");
        received_.append(buffer, static_cast<std::size_t>(count));
    }
}

void Browser::note(const Value& event) {
    const std::string method = text_at(event, {"method"});
    const Value* parameters = event.find("params");
    if (method == "Runtime.exceptionThrown") complaints_.push_back(app::web::to_json(*parameters));
    if (method == "Log.entryAdded" && text_at(*parameters, {"entry", "level"}) == "error") {
        complaints_.push_back(text_at(*parameters, {"entry", "text"}) + " " + text_at(*parameters, {"entry", "url"}));
    }
    if (method == "Runtime.consoleAPICalled" && text_at(*parameters, {"type"}) == "error") {
        complaints_.push_back(app::web::to_json(*parameters));
    }
}

}  // namespace tests

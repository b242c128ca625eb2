// A real browser: headless Chromium with one page, led through its DevTools protocol over a pipe.
//
//     tests::Browser browser;
//     browser.open("http://127.0.0.1:5000/docs");
//     browser.wait_until("document.querySelector('details') !== null");
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "app/web/value.hpp"
#include "tests/support/folder.hpp"

namespace tests {

struct Screen {
    int width = 1100;
    int height = 900;
    bool is_dark = false;
};

// Its functions throw std::runtime_error when the browser is silent for a minute. For one thread.
class Browser {
   public:
    Browser();
    ~Browser();
    Browser(const Browser&) = delete;
    Browser& operator=(const Browser&) = delete;

    void show_on(const Screen& screen);
    void open(const std::string& url);

    // What a JavaScript expression is (a promise: what it comes to), as JSON has it. Throws what the script throws.
    app::web::Value evaluate(std::string_view expression);
    // Asks until the expression is true.
    void wait_until(std::string_view expression);

    // As somebody at the keyboard: a text into what has the focus, or a key ("Tab", "Enter", "Space").
    void type(std::string_view text);
    void press(std::string_view key);

    // The whole page, as a PNG.
    std::string screenshot();

    // What the browser complained of: exceptions, errors on the console, requests and scripts that a policy refused.
    const std::vector<std::string>& complaints() const { return complaints_; }

   private:
    app::web::Value call(std::string_view method, app::web::Value::Object parameters = {});
    app::web::Value receive();
    void note(const app::web::Value& event);

    TemporaryFolder profile_;
    pid_t pid_ = -1;
    int to_browser_ = -1;
    int from_browser_ = -1;
    std::string received_;
    std::string session_;
    std::int64_t calls_ = 0;
    std::vector<std::string> complaints_;
};

}  // namespace tests

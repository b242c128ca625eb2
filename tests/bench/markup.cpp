// What rendering costs as texts grow: nanoseconds per byte at 10 KB, 100 KB and 1 MB, for ordinary text and for what has made other
// renderers quadratic. Linear is a row that stays about level; a fall at the right means shown as source (affordable.hpp).
#include "app/markup/markup.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <string>
#include <string_view>

namespace {

// What this process computed: other work on the machine does not count.
struct Clock {
    static std::chrono::nanoseconds now() {
        timespec time{};
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
        return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
    }
};

std::string repeat(std::string_view text, std::size_t bytes) {
    std::string repeated;
    repeated.reserve(bytes + text.size());
    while (repeated.size() < bytes) repeated += text;
    return repeated;
}

// The fastest of several runs that take at least a fifth of a second together.
double nanoseconds_per_byte(const std::string& text) {
    auto fastest = std::chrono::nanoseconds::max();
    for (std::chrono::nanoseconds all{}; all < std::chrono::milliseconds(200);) {
        const auto start = Clock::now();
        app::markup::render_post(text);
        const auto took = Clock::now() - start;
        fastest = std::min(fastest, took);
        all += took;
    }
    return std::chrono::duration<double, std::nano>(fastest).count() / static_cast<double>(text.size());
}

}  // namespace

int main() {
    const struct {
        const char* name;
        std::string_view text;
    } kinds[] = {
        {"ordinary", "Some *text* with `code`, a [link](http://a.b/c) and\nhttps://d.e/f in it.\n\n"},
        {"letters", "abcdefghi "},
        {"backticks", "a`` b` "},
        {"brackets", "["},
        {"links cut off", "[a]("},
        {"emphasis", "*a **b "},
        {"crossing emphasis", "*a_b**c__ "},
        {"quotations", ">"},
        {"quotations in lines", "> > > a\n"},
        {"lists in lists", "- "},
        {"open tags", "<b>"},
        {"closed tags", "<b>a</b>"},
        {"URLs", "http://a.b/c "},
        {"entities", "&amp;"},
    };
    std::printf("%-22s %10s %10s %10s   ns/byte\n", "", "10 KB", "100 KB", "1 MB");
    for (const auto& [name, text] : kinds) {
        std::printf("%-22s", name);
        for (const std::size_t bytes : {10'000, 100'000, 1'000'000})
            std::printf(" %10.1f", nanoseconds_per_byte(repeat(text, bytes)));
        std::printf("\n");
    }
}

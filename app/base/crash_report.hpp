// The text of a crash report, written with what a signal handler may use (signal-safety(7)): no memory but the stack's, no lock.
#pragma once

#include <algorithm>
#include <array>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <string_view>

#include "app/base/crash.hpp"

namespace app::base {

// Text in a fixed place; what does not fit is cut off.
template <std::size_t capacity>
class CrashText {
   public:
    std::string_view view() const noexcept { return {characters_.data(), size_}; }
    const char* c_str() const noexcept { return characters_.data(); }  // there is always room for the end's zero

    CrashText& assign(std::string_view text) noexcept {
        clear();
        return append(text);
    }
    CrashText& append(std::string_view text) noexcept {
        const std::size_t count = std::min(text.size(), capacity - 1 - size_);
        std::copy_n(text.data(), count, characters_.data() + size_);
        size_ += count;
        characters_[size_] = '\0';
        return *this;
    }
    // As bytes of a request come: what would command a terminal is a "?".
    CrashText& append_harmless(std::string_view text) noexcept {
        for (const char c : text)
            append(static_cast<unsigned char>(c) < ' ' || c == '\x7f' ? std::string_view("?") : std::string_view(&c, 1));
        return *this;
    }
    CrashText& append_number(std::uint64_t number, unsigned base = 10, std::size_t digits = 1) noexcept {
        std::array<char, 20> reversed{};
        std::size_t count = 0;
        for (; number != 0 || count < digits; number /= base) reversed[count++] = "0123456789abcdef"[number % base];
        while (count > 0) append(std::string_view(&reversed[--count], 1));
        return *this;
    }

   private:
    void clear() noexcept { size_ = 0; }

    std::array<char, capacity> characters_{};
    std::size_t size_ = 0;
};

struct CrashFacts {
    std::string_view program;    // name, version, build
    std::string_view exception;  // that nobody caught, or ""
    int signal;
    const siginfo_t* info;
    std::uintptr_t stack;       // the stack's pointer at that moment
    const UnderWay* under_way;  // or null
    std::time_t time = std::time(nullptr);
};

// FOLDER/crash-TIME-PID.txt, or standard error where that cannot be made.
class CrashFile {
   public:
    CrashFile(std::string_view folder, const CrashFacts& facts) noexcept;
    ~CrashFile();
    CrashFile(const CrashFile&) = delete;
    CrashFile& operator=(const CrashFile&) = delete;

    int descriptor() const noexcept { return descriptor_; }
    std::string_view path() const noexcept { return path_.view(); }  // "" for standard error

   private:
    CrashText<1200> path_;
    int descriptor_;
};

void write_crash_text(int descriptor, std::string_view text) noexcept;

// "SIGSEGV ended process 4711 ...; the report is PATH"
CrashText<2048> crash_line(const CrashFacts& facts, std::string_view path) noexcept;

// That, on standard error.
void write_crash_line(const CrashFacts& facts, std::string_view path) noexcept;

// All but the stack.
void write_crash_facts(int descriptor, const CrashFacts& facts) noexcept;

}  // namespace app::base

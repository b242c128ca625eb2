// What a command that does several things tells about them: a line each, with how long it took.
#pragma once

#include <chrono>
#include <string>

#include "manage/command.hpp"

namespace manage {

// The time in a line is that since the line before. For one thread.
class Progress {
   public:
    // The invocation must outlive it.
    explicit Progress(const Invocation& invocation) : invocation_(invocation) {}

    void done(const std::string& what);
    void left_out(const std::string& what);
    void waiting(const std::string& what);
    void warn(const std::string& what);

   private:
    void tell(const std::string& verdict, const std::string& what);

    const Invocation& invocation_;
    std::chrono::steady_clock::time_point since_ = std::chrono::steady_clock::now();
};

}  // namespace manage

// A terminal that a command draws on anew again and again: the alternate screen, without a cursor, with keys as they are pressed. Whatever
// ends the command, the terminal is left as it was.
#pragma once

#include <termios.h>

#include <chrono>
#include <initializer_list>
#include <string>
#include <string_view>

#include "app/base/descriptor.hpp"
#include "manage/signals.hpp"

namespace manage {

class Screen {
   public:
    // Takes the terminal on standard input and output. Throws unavailable when there is none.
    Screen();

    // Gives it back; a signal that came ends the program then.
    ~Screen();
    Screen(const Screen&) = delete;
    Screen& operator=(const Screen&) = delete;

    // Draws these lines, cut at the terminal's edges. Throws unavailable when the terminal has gone.
    void show(std::string_view text) const;

    enum class Event { time_is_up, resized, quit };

    // Waits for time to pass, another size, or the end: q, a signal, or a terminal that has gone.
    Event wait(std::chrono::milliseconds time) const;

   private:
    HeldSignals signals_{SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH};  // goes last: who comes meanwhile does its work there
    app::base::Descriptor signal_descriptor_;
    termios before_{};
};

}  // namespace manage

// The lines that were typed, kept in a file from one session to the next.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace manage::shell {

// $XDG_STATE_HOME/dewar/shell_history, in ~/.local/state if that is not set; "" when there is no home either.
std::string history_file();

class History {
   public:
    static constexpr std::size_t lines_max = 1000;

    // Reads the file, of which the newest lines_max count; "": none is kept. What cannot be read is no error: a shell without its
    // history is one all the same.
    explicit History(std::string file);

    const std::vector<std::string>& lines() const noexcept { return lines_; }

    // Adds a line and appends it to the file (mode 0600, in a folder of mode 0700), at once, so that it is there whatever comes.
    // Returns false, and keeps nothing, for an empty line, one that begins with a blank, and the same again.
    bool add(std::string_view line);

   private:
    void append(std::string_view line) const;

    std::string file_;
    std::vector<std::string> lines_;
};

}  // namespace manage::shell

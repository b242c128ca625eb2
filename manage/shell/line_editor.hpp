// Lines from somebody at a terminal, with the keys of any shell: libedit's, which reads ~/.editrc.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "manage/shell/completion.hpp"
#include "manage/shell/history.hpp"

namespace manage::shell {

class LineEditor {
   public:
    using Complete = std::function<Completion(std::string_view line)>;
    enum class Outcome { line, interrupted, closed };

    // On standard input and output, which are a terminal. The lines of the history can be gone back to; `complete` is asked at Tab.
    LineEditor(const History& history, Complete complete);
    ~LineEditor();
    LineEditor(const LineEditor&) = delete;
    LineEditor& operator=(const LineEditor&) = delete;

    // Reads a line, without its end. interrupted: Ctrl-C; closed: Ctrl-D at the beginning, or the terminal is gone. Any other signal
    // that ends programs does so, with the terminal as it was. One thread.
    Outcome read(const std::string& prompt, std::string& line);

    // Makes it a line that can be gone back to.
    void remember(const std::string& line);

   private:
    class Implementation;
    std::unique_ptr<Implementation> implementation_;
};

}  // namespace manage::shell

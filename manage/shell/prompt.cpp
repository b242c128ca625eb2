#include "manage/shell/prompt.hpp"

#include <unistd.h>

#include <string>

#include "app/base/error.hpp"
#include "app/base/text.hpp"
#include "manage/shell/chunk.hpp"
#include "manage/shell/completion.hpp"
#include "manage/shell/history.hpp"
#include "manage/shell/interrupt.hpp"
#include "manage/shell/line_editor.hpp"
#include "manage/terminal.hpp"

namespace manage::shell {

namespace {

void run(lua_State* state, Session& session, const std::string& text) {
    try {
        const Interruptible interruptible(state);
        run_chunk(state, session, text, "=prompt");
    } catch (const app::base::Error& error) {
        std::string message = error.message();
        constexpr std::string_view only_line = "prompt:1: ";
        if (text.find('\n') == std::string::npos && message.starts_with(only_line)) message.erase(0, only_line.size());
        write_all(STDERR_FILENO, coloured(STDERR_FILENO, "error:", Colour::red) + " " + message + "\n");
    }
}

}  // namespace

int run_prompt(lua_State* state, Session& session) {
    History history(history_file());
    LineEditor editor(history, [state](std::string_view line) { return complete(state, line); });
    const std::string prompt = session.loaded.config.name + "> ";
    const std::string continued = std::string(prompt.size() - 3, ' ') + ">> ";
    std::string text;
    while (!session.exit_code) {
        std::string line;
        const LineEditor::Outcome outcome = editor.read(text.empty() ? prompt : continued, line);
        if (outcome == LineEditor::Outcome::closed) break;
        if (outcome == LineEditor::Outcome::interrupted) {
            text.clear();
            continue;
        }
        if (history.add(line)) editor.remember(line);
        text += (text.empty() ? "" : "\n") + line;
        if (app::base::trim(text).empty()) {
            text.clear();
        } else if (!is_incomplete(state, text)) {
            run(state, session, text);
            text.clear();
        }
    }
    return session.exit_code.value_or(0);
}

}  // namespace manage::shell

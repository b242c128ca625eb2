#include "manage/shell/line_editor.hpp"

#include <histedit.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <clocale>
#include <csignal>
#include <cstdio>
#include <cwchar>

#include "app/base/error.hpp"
#include "manage/signals.hpp"

namespace manage::shell {

namespace {

using app::base::Code;
using app::base::Error;

constexpr int columns_max = 4;  // of completions

struct EndEditor {
    void operator()(EditLine* editor) const noexcept { el_end(editor); }
};
struct EndHistory {
    void operator()(::History* history) const noexcept { history_end(history); }
};

std::string common_beginning(const std::vector<std::string>& words) {
    std::string common = words.front();
    for (const std::string& word : words) {
        const auto [end, ignored] = std::ranges::mismatch(common, word);
        common.erase(end, common.end());
    }
    return common;
}

std::string in_columns(const std::vector<std::string>& words) {
    std::size_t width = 0;
    for (const std::string& word : words) width = std::max(width, word.size() + 2);
    std::string text = "\n";
    for (std::size_t i = 0; i < words.size(); ++i) {
        text += words[i];
        const bool ends_line = i + 1 == words.size() || i % columns_max == columns_max - 1;
        text.append(ends_line ? 0 : width - words[i].size(), ' ').append(ends_line ? "\n" : "");
    }
    return text;
}

}  // namespace

class LineEditor::Implementation {
   public:
    Implementation(const History& history, Complete complete) : complete_(std::move(complete)) {
        std::setlocale(LC_CTYPE, "C.UTF-8");  // what is typed here is UTF-8; glibc has it without any locale installed
        history_.reset(history_init());
        editor_.reset(el_init("manage", stdin, stdout, stderr));
        if (!history_ || !editor_) throw Error(Code::unavailable, "the terminal cannot be used to edit lines");
        HistEvent event;
        ::history(history_.get(), &event, H_SETSIZE, static_cast<int>(History::lines_max));
        for (const std::string& line : history.lines()) remember(line);
        EditLine* editor = editor_.get();
        el_set(editor, EL_CLIENTDATA, this);
        el_set(editor, EL_EDITOR, "emacs");
        el_set(editor, EL_HIST, ::history, history_.get());
        el_set(editor, EL_PROMPT, +[](EditLine* asking) { return of(asking).prompt_.data(); });
        el_set(editor, EL_GETCFN, +[](EditLine* asking, wchar_t* key) { return of(asking).read_key(key); });
        el_wset(
            editor, EL_ADDFN, L"complete", L"complete the word",  // el_set would copy the names and lose the copies
            +[](EditLine* asking, wint_t) { return of(asking).on_tab(); });
        el_set(editor, EL_BIND, "\t", "complete", nullptr);
        el_set(editor, EL_BIND, "^R", "em-inc-search-prev", nullptr);
        el_source(editor, nullptr);  // that there is no ~/.editrc is no error
    }

    Outcome read(const std::string& prompt, std::string& line) {
        const HeldSignals signals{SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGWINCH};  // goes last: one that came does its work
        signals_ = signalfd(-1, &signals.signals(), SFD_CLOEXEC | SFD_NONBLOCK);
        if (signals_ < 0) throw Error(Code::unavailable, "cannot read from the terminal");
        prompt_ = prompt;
        interrupted_ = false;
        el_set(editor_.get(), EL_PREP_TERM, 1);  // before the prompt invites somebody to type
        int size = 0;
        const char* text = el_gets(editor_.get(), &size);
        close(signals_);
        if (interrupted_) {
            std::fputs("^C\n", stdout);
            std::fflush(stdout);
            return Outcome::interrupted;
        }
        if (text == nullptr || size <= 0) {
            std::fputs("\n", stdout);
            std::fflush(stdout);
            return Outcome::closed;
        }
        line.assign(text, static_cast<std::size_t>(size));
        if (line.ends_with('\n')) line.pop_back();
        return Outcome::line;
    }

    void remember(const std::string& line) {
        HistEvent event;
        ::history(history_.get(), &event, H_ENTER, line.c_str());
    }

   private:
    static Implementation& of(EditLine* editor) {
        void* self = nullptr;
        el_get(editor, EL_CLIENTDATA, &self);
        return *static_cast<Implementation*>(self);
    }

    // The next character; 0 at the end of the input, -1 when the line is over without one.
    int read_key(wchar_t* key) {
        std::mbstate_t state{};
        for (;;) {
            if (!wait_for_key()) return -1;
            char byte = 0;
            const ssize_t size = ::read(STDIN_FILENO, &byte, 1);
            if (size < 0 && errno == EINTR) continue;
            if (size <= 0) return 0;
            const std::size_t read = std::mbrtowc(key, &byte, 1, &state);
            if (read == 0 || read == 1) return 1;
            if (read == static_cast<std::size_t>(-1)) state = {};  // no UTF-8: the byte is dropped
        }
    }

    // False when a signal ends the line.
    bool wait_for_key() {
        for (;;) {
            pollfd sources[] = {{STDIN_FILENO, POLLIN, 0}, {signals_, POLLIN, 0}};
            if (poll(sources, 2, -1) < 0) {
                if (errno == EINTR) continue;
                return false;
            }
            if (sources[1].revents == 0) return true;
            if (!obey_signal()) return false;
        }
    }

    bool obey_signal() {
        sigset_t pending;
        sigpending(&pending);
        for (const int signal : {SIGTERM, SIGHUP, SIGQUIT}) {
            if (sigismember(&pending, signal) == 1) return false;  // left where it is: it does its work when it is held no more
        }
        signalfd_siginfo info{};
        if (::read(signals_, &info, sizeof info) != sizeof info) return true;
        switch (static_cast<int>(info.ssi_signo)) {
            case SIGINT: interrupted_ = true; return false;
            case SIGWINCH: el_resize(editor_.get()); return true;
            default: stop(); return true;
        }
    }

    // Ctrl-Z: whoever comes to the front has the terminal as it was.
    void stop() {
        el_set(editor_.get(), EL_PREP_TERM, 0);
        raise(SIGSTOP);
        el_set(editor_.get(), EL_PREP_TERM, 1);
        el_set(editor_.get(), EL_REFRESH);
    }

    unsigned char on_tab() {
        const LineInfo* info = el_line(editor_.get());
        const std::string_view line(info->buffer, static_cast<std::size_t>(info->cursor - info->buffer));
        Completion found;
        try {
            found = complete_(line);
        } catch (const Error&) {
            return CC_ERROR;  // a beep; this is called by C
        }
        if (found.words.empty()) return CC_ERROR;
        const std::string common = common_beginning(found.words);
        if (common.size() > found.word_bytes) {
            el_insertstr(editor_.get(), common.substr(found.word_bytes).c_str());
            return CC_REFRESH;
        }
        if (found.words.size() == 1) return CC_NORM;
        std::fputs(in_columns(found.words).c_str(), stdout);
        return CC_REDISPLAY;
    }

    Complete complete_;
    std::unique_ptr<::History, EndHistory> history_;
    std::unique_ptr<EditLine, EndEditor> editor_;
    std::string prompt_;
    int signals_ = -1;
    bool interrupted_ = false;
};

LineEditor::LineEditor(const History& history, Complete complete)
    : implementation_(std::make_unique<Implementation>(history, std::move(complete))) {}

LineEditor::~LineEditor() = default;

LineEditor::Outcome LineEditor::read(const std::string& prompt, std::string& line) { return implementation_->read(prompt, line); }

void LineEditor::remember(const std::string& line) { implementation_->remember(line); }

}  // namespace manage::shell

#include "manage/shell/interrupt.hpp"

#include <csignal>

namespace manage::shell {

namespace {

constexpr int instructions = 10'000;  // between two looks, some 50 us

// A signal handler is given nothing, so what it tells must be where everybody finds it.
volatile std::sig_atomic_t interrupted = 0;

void on_signal(int) {
    if (interrupted != 0) ::signal(SIGINT, SIG_DFL);
    interrupted = 1;
}

void look(lua_State* state, lua_Debug*) {
    if (interrupted == 0) return;
    lua_sethook(state, look, LUA_MASKCOUNT, 1);  // whatever catches the error is interrupted too
    luaL_error(state, "interrupted");
}

}  // namespace

Interruptible::Interruptible(lua_State* state) : state_(state) {
    interrupted = 0;
    lua_sethook(state, look, LUA_MASKCOUNT, instructions);
    struct sigaction action{};
    action.sa_handler = on_signal;  // without SA_RESTART: io.read() is interrupted as well
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, &before_);
}

Interruptible::~Interruptible() {
    sigaction(SIGINT, &before_, nullptr);
    lua_sethook(state_, nullptr, 0, 0);
}

}  // namespace manage::shell

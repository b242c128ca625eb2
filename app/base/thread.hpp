// How Dewar starts a thread of its own.
#pragma once

#include <csignal>
#include <thread>
#include <utility>

#include "app/base/crash.hpp"

namespace app::base {

// A thread that runs `function` and is never interrupted by a signal: those go to the threads that wait for them, which would
// otherwise have to see to it that every other thread holds them back. Crashes are no such signals: they are reported (crash.hpp).
template <class Function>
std::thread start_thread(Function function) {
    sigset_t all, before;
    sigfillset(&all);
    for (const int crash : crash_signals) sigdelset(&all, crash);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    try {
        std::thread thread([run = std::move(function)]() mutable {
            const CrashStack room;
            run();
        });
        pthread_sigmask(SIG_SETMASK, &before, nullptr);
        return thread;
    } catch (...) {
        pthread_sigmask(SIG_SETMASK, &before, nullptr);
        throw;
    }
}

}  // namespace app::base

// A semaphore that sleeps at once: the standard library's looks again a few times first, with a system call each, which is lost
// on a wait that lasts as long as a disk's.
#pragma once

#include <semaphore.h>

#include <cerrno>

namespace app::base {

// POSIX's (sem_post(3)). Any thread; the one that wait() lets go on may destroy it at once.
class Semaphore {
   public:
    Semaphore() noexcept { ::sem_init(&semaphore_, 0, 0); }  // cannot fail for 0, not shared between processes
    ~Semaphore() { ::sem_destroy(&semaphore_); }
    Semaphore(const Semaphore&) = delete;
    Semaphore& operator=(const Semaphore&) = delete;

    // Lets one that waits, or the next that will, go on.
    void post() noexcept { ::sem_post(&semaphore_); }

    void wait() noexcept {
        while (::sem_wait(&semaphore_) != 0 && errno == EINTR) {
        }
    }

   private:
    sem_t semaphore_;
};

}  // namespace app::base

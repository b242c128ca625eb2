// What proc(5) tells about a process, and whether it stays the same for long.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace soak {

struct Figures {
    double memory_mib = 0;  // its own: anonymous pages, not those of mapped files
    double descriptors = 0;
};

// Zeros for a process that is gone.
Figures figures_of(pid_t process);

std::vector<pid_t> children_of(pid_t process);
// Whether it has ended and nobody has asked how.
bool is_zombie(pid_t process);

// Figures of one process over a time, at equal intervals.
class Course {
   public:
    void note(const Figures& figures) { all_.push_back(figures); }

    // The means of the second and of the last quarter: the first one is left to caches that fill.
    Figures second_quarter() const { return mean(all_.size() / 4, all_.size() / 2); }
    Figures last_quarter() const { return mean(all_.size() * 3 / 4, all_.size()); }

    // What grew by more than it may, in words; "" if nothing did.
    std::string find_growth(const std::string& whose) const;

   private:
    Figures mean(std::size_t begin, std::size_t end) const;

    std::vector<Figures> all_;
};

}  // namespace soak
